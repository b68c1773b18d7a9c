/*
 * cost COMMAND [ARG...]: run a command, its output thrown away, and print the
 * milliseconds from its start to its end, those of processor time that it and
 * its children took, its exit status, and the most KiB of memory that one of
 * them had.
 */
#include <sys/resource.h>
#include <sys/wait.h>

#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"

static double
ms(struct timeval t)
{
	return t.tv_sec * 1e3 + t.tv_usec / 1e3;
}

int
main(int argc, char **argv)
{
	int64_t began = clock_mono();
	struct rusage ru;
	pid_t pid = fork();
	int status, null;

	if (argc < 2 || pid == -1)
		errx(2, "usage: cost COMMAND [ARG...]");
	if (pid == 0) {
		null = open("/dev/null", O_RDWR);
		dup2(null, STDOUT_FILENO);
		execvp(argv[1], argv + 1);
		err(127, "%s", argv[1]);
	}
	if (waitpid(pid, &status, 0) == -1 ||
	    getrusage(RUSAGE_CHILDREN, &ru) == -1)
		err(1, "%s", argv[1]);
	printf("%.1f %.1f %d %ld\n",
	    (double)(clock_mono() - began) / NSEC_PER_MSEC,
	    ms(ru.ru_utime) + ms(ru.ru_stime),
	    WIFEXITED(status) ? WEXITSTATUS(status) : -1, ru.ru_maxrss);
	return 0;
}
