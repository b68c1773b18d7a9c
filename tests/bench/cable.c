/*
 * cable TAP PID OTHER: a patch cable from a TAP device here to another one in
 * the network namespace of process PID. Both are made, and go with it. It
 * writes a line when it is there.
 */
#include <err.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <unistd.h>

#include "join.h"

int
main(int argc, char **argv)
{
	char path[64];
	int one, other, ns;

	if (argc != 4)
		errx(2, "usage: cable TAP PID OTHER");
	one = join_open_tap(argv[1]);
	if (one == -1)
		err(1, "%s", argv[1]);
	snprintf(path, sizeof(path), "/proc/%.20s/ns/net", argv[2]);
	ns = open(path, O_RDONLY | O_CLOEXEC);
	if (ns == -1 || setns(ns, 0) == -1)
		err(1, "%s", path);
	other = join_open_tap(argv[3]);
	if (other == -1)
		err(1, "%s", argv[3]);
	puts("ready");
	fflush(stdout);
	join_run(one, other, -1);
	return 1;
}
