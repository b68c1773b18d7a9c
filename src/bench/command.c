#include <sys/syscall.h>
#include <sys/wait.h>

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/privilege.h"
#include "bench/command.h"

#define VERSION_WAIT_MS 1000

int
command_find(const char *name, const char *package, struct err *e)
{
	const char *path = getenv("PATH"), *dir, *end;
	char file[4096];

	for (dir = path != NULL ? path : ""; *dir != '\0'; dir = end) {
		end = strchrnul(dir, ':');
		snprintf(file, sizeof(file), "%.*s/%s", (int)(end - dir), dir,
		    name);
		if (access(file, X_OK) == 0)
			return 0;
		end += *end == ':';
	}
	return err_set(e, ERR_ENV, "%s is not installed: apt-get install %s",
	    name, package);
}

/* The child's process, or -1 with *e; its output goes to out unless -1. */
static pid_t
start(const char *const argv[], int out, struct err *e)
{
	struct err ignored;
	pid_t pid = fork();

	if (pid == 0) {
		if (out != -1)
			dup2(out, STDOUT_FILENO);
		/* pasta does not start where that is ignored */
		signal(SIGPIPE, SIG_DFL);
		if (privilege_pass_on(&ignored) == 0)
			execvp(argv[0], (char *const *)argv);
		_exit(127);
	}
	if (pid == -1)
		err_set(e, ERR_ENV, "cannot start %s: %s", argv[0],
		    strerror(errno));
	return pid;
}

int
command_start(const char *const argv[], struct err *e)
{
	return start(argv, -1, e) == -1 ? -1 : 0;
}

int
command_run(const char *const argv[], int ms, struct err *e)
{
	pid_t pid = start(argv, -1, e);
	struct pollfd p = { .events = POLLIN };
	int status = 0;

	if (pid == -1)
		return -1;
	p.fd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (p.fd != -1 && poll(&p, 1, ms) != 1)
		kill(pid, SIGKILL);
	if (p.fd != -1)
		close(p.fd);
	if (waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
	    WEXITSTATUS(status) == 0)
		return 0;
	return err_set(e, ERR_ENV, "%s does not start", argv[0]);
}

/* One read: all of so short a text comes at once. */
static ssize_t
read_some(int fd, char *text, size_t size)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, VERSION_WAIT_MS) == 1 ? read(fd, text, size) : -1;
}

void
command_name(const char *name, const char *const argv[], char *out, size_t size)
{
	struct err ignored;
	char text[256] = "";
	const char *version;
	int fds[2];
	pid_t pid;

	snprintf(out, size, "%s", name);
	if (pipe2(fds, O_CLOEXEC) == -1)
		return;
	pid = start(argv, fds[1], &ignored);
	close(fds[1]);
	if (pid != -1 && read_some(fds[0], text, sizeof(text) - 1) > 0) {
		text[strcspn(text, "\n")] = '\0';
		version = strrchr(text, ' ');
		if (version != NULL && isdigit((unsigned char)version[1]))
			snprintf(out, size, "%s%s", name, version);
	}
	close(fds[0]);
	if (pid != -1) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
}
