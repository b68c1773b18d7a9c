/*
 * Print the names that the running kernel has for the reasons of a RST, one a
 * line. Exits 77 without the privilege, or where it has none.
 */
#include <sched.h>
#include <stdio.h>

#include "bench/reason.h"

#define EXIT_SKIP 77

int
main(void)
{
	struct reasons *reasons;
	cpu_set_t cpu;
	struct err e;
	unsigned i;

	CPU_ZERO(&cpu);
	CPU_SET(sched_getcpu(), &cpu);
	sched_setaffinity(0, sizeof(cpu), &cpu);
	if (reasons_open(&reasons, &e) == -1) {
		printf("%s\n", e.msg);
		return EXIT_SKIP;
	}
	for (i = 0; reasons_name(reasons, i) != NULL; i++)
		puts(reasons_name(reasons, i));
	reasons_close(reasons);
	return 0;
}
