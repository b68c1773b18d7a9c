/*
 * first RUNS WORD COMMAND [ARG...]: run a command several times, one after
 * the other, and print the median of the milliseconds from its start to its
 * first output, to that of WORD, and to its end.
 */
#include <sys/wait.h>

#include <err.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

#define RUNS_MAX 1000

static double
ms_since(int64_t began)
{
	return (double)(clock_mono() - began) / NSEC_PER_MSEC;
}

/* One run: when something came, when the word did, and when all was over. */
static void
run(char **argv, const char *word, double *some, double *seen, double *over)
{
	posix_spawn_file_actions_t fa;
	int64_t began = clock_mono();
	char out[65536];
	size_t have = 0;
	ssize_t n;
	int fds[2];
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) == -1)
		err(1, "pipe");
	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_adddup2(&fa, fds[1], STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&fa, fds[1], STDERR_FILENO);
	if (posix_spawnp(&pid, argv[0], &fa, NULL, argv, environ) != 0)
		err(1, "%s", argv[0]);
	posix_spawn_file_actions_destroy(&fa);
	close(fds[1]);
	*seen = -1;
	while (have < sizeof(out) - 1 &&
	       (n = read(fds[0], out + have, sizeof(out) - 1 - have)) > 0) {
		if (have == 0)
			*some = ms_since(began);
		have += n;
		out[have] = '\0';
		if (*seen < 0 && strstr(out, word) != NULL)
			*seen = ms_since(began);
	}
	close(fds[0]);
	waitpid(pid, NULL, 0);
	*over = ms_since(began);
	if (*seen < 0)
		errx(1, "%s: never said '%s': %.*s", argv[0], word, (int)have,
		    out);
}

static int
by_size(const void *x, const void *y)
{
	const double *dx = x, *dy = y;

	return (*dx > *dy) - (*dx < *dy);
}

int
main(int argc, char **argv)
{
	double some[RUNS_MAX], seen[RUNS_MAX], over[RUNS_MAX];
	int runs = argc > 3 ? atoi(argv[1]) : 0, i;

	if (runs < 1 || runs > RUNS_MAX)
		errx(2, "usage: first RUNS WORD COMMAND [ARG...]");
	for (i = 0; i < runs; i++)
		run(argv + 3, argv[2], &some[i], &seen[i], &over[i]);
	qsort(some, runs, sizeof(*some), by_size);
	qsort(seen, runs, sizeof(*seen), by_size);
	qsort(over, runs, sizeof(*over), by_size);
	printf("%-10s first answer %6.1f ms   whole process %6.1f ms   "
	       "first output %6.1f ms\n",
	    strrchr(argv[3], '/') ? strrchr(argv[3], '/') + 1 : argv[3],
	    seen[runs / 2], over[runs / 2], some[runs / 2]);
	return 0;
}
