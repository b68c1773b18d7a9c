/*
 * DOC: User Mode Linux
 *
 * linux.uml is a whole kernel that runs as a process, and its only program is
 * our driver (stacks/uml_init.c). Its root file system is the host's, read
 * only; it writes to no file but that of its memory, which has no name. Its
 * network device is the TAP; the driver's messages go by its first serial
 * line, and this process passes them on. What it says on its console is kept
 * for the case that it ends too early: the last line, or that of its panic.
 */
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/adapter.h"
#include "bench/driver.h"
#include "bench/program.h"
#include "bench/stream.h"

#define INIT "retort-uml-init"

struct console {
	int fd;
	char line[200]; /* as far as it has come */
	char last[200];
	size_t len;
	bool panic;
};

/* ---- in the process that becomes the kernel ---- */

/*
 * Its memory is a file without a name, of which it executes parts: some
 * systems forbid that in the /dev/shm that they have, or leave no room there.
 */
static void
own_shm(void)
{
	if (unshare(CLONE_NEWNS) == 0 &&
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0)
		mount("shm", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV,
		    "mode=1777");
}

static _Noreturn void
boot(int line, int console, const struct bench_net *net)
{
	char init[4200], serial[32], eth[64];
	const uint8_t *m = net->stack_mac;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	own_shm();
	snprintf(init, sizeof(init), "init=\"%s\"", program_path(INIT));
	snprintf(serial, sizeof(serial), "ssl0=fd:%d", line);
	snprintf(eth, sizeof(eth),
	    "eth0=tuntap,%s,%02x:%02x:%02x:%02x:%02x:%02x", net->peer_if, m[0],
	    m[1], m[2], m[3], m[4], m[5]);
	dup2(console, STDOUT_FILENO);
	dup2(console, STDERR_FILENO);
	/* else it would put that file there */
	unsetenv("TMPDIR");
	unsetenv("TMP");
	unsetenv("TEMP");
	/*
	 * No folder for its control socket. Many connections may be in
	 * TIME-WAIT. What measures RAID takes longer than all the rest, and
	 * zswap shows a warning. A frame that comes when it is about to sleep
	 * waits for the next tick: so there always is one.
	 */
	execlp("linux.uml", "linux.uml", "mem=256M", "thash_entries=65536",
	    "root=/dev/root", "rootfstype=hostfs", "rootflags=/", "ro",
	    "con=null", "con0=null,fd:1", "uml_dir=/dev/null", "panic=-1",
	    "noreboot", "nohz=off",
	    "initcall_blacklist=raid6_select_algo,init_zswap", init, serial,
	    eth, (char *)NULL);
	dprintf(STDOUT_FILENO, "cannot run linux.uml: %s\n", strerror(errno));
	_exit(1);
}

/* ---- here ---- */

/* Keep the line, unless one before it says more. */
static void
end_line(struct console *c)
{
	c->line[c->len] = '\0';
	if (c->len > 0 && !c->panic)
		memcpy(c->last, c->line, c->len + 1);
	c->panic |= strstr(c->line, "panic") != NULL;
	c->len = 0;
}

static void
hear(struct console *c)
{
	char text[512];
	ssize_t i, n = read(c->fd, text, sizeof(text));

	for (i = 0; i < n; i++) {
		if (text[i] == '\n')
			end_line(c);
		else if (text[i] != '\r' && c->len < sizeof(c->line) - 1)
			c->line[c->len++] = text[i];
	}
	if (n <= 0)
		c->fd = -1; /* poll() then ignores it */
}

/* It has ended before its driver was ready. */
static void
say_why(int fd, struct console *c)
{
	struct drv_reply failed = { .error = EIO };

	while (c->fd != -1)
		hear(c);
	end_line(c);
	snprintf(failed.msg, sizeof(failed.msg), "linux.uml has ended: %s",
	    c->last);
	send(fd, &failed, sizeof(failed), MSG_NOSIGNAL);
}

/* Pass messages on until one of the two has no more. */
static void
relay(int fd, int line, const struct bench_net *net, struct console *console)
{
	struct pollfd p[3] = { { .fd = fd, .events = POLLIN },
		{ .fd = line, .events = POLLIN }, { .events = POLLIN } };
	struct drv_request request;
	struct drv_reply reply;
	unsigned replies = 0;

	do {
		p[2].fd = console->fd;
		if (poll(p, 3, -1) == -1)
			return;
		if (p[2].revents != 0)
			hear(console);
		if (p[1].revents != 0) {
			if (stream_receive(line, &reply, sizeof(reply)) !=
			    sizeof(reply))
				break;
			/* the first asks for the network, the next is ready */
			if (replies++ == 0)
				stream_send(line, net, sizeof(*net));
			else
				send(fd, &reply, sizeof(reply), MSG_NOSIGNAL);
		}
		if (p[0].revents != 0 &&
		    (recv(fd, &request, sizeof(request), 0) !=
			    sizeof(request) ||
			stream_send(line, &request, sizeof(request)) == -1))
			return;
	} while (true);
	if (replies < 2)
		say_why(fd, console);
}

static int
run(int fd, const struct bench_net *net)
{
	struct console console = { .last = "it said nothing" };
	int line[2], text[2];
	pid_t pid;

	signal(SIGPIPE, SIG_IGN);
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, line) == -1 || pipe(text) == -1)
		return 1;
	pid = fork();
	if (pid == 0) {
		close(fd);
		close(line[0]);
		close(text[0]);
		boot(line[1], text[1], net);
	}
	close(line[1]);
	close(text[1]);
	console.fd = text[0];
	if (pid != -1)
		relay(fd, line[0], net, &console);
	return 0;
}

/* Is there a program of that name where execlp() looks for it? */
static bool
is_on_path(const char *name)
{
	const char *dir = getenv("PATH");
	char path[4096];
	size_t n;

	for (; dir != NULL && *dir != '\0'; dir += n + (dir[n] == ':')) {
		n = strcspn(dir, ":");
		snprintf(path, sizeof(path), "%.*s/%s", (int)n, dir, name);
		if (access(path, X_OK) == 0)
			return true;
	}
	return false;
}

static int
find(struct err *e)
{
	if (!is_on_path("linux.uml"))
		return err_set(e, ERR_ENV,
		    "linux.uml is missing: apt-get install user-mode-linux");
	return program_find(INIT, adapter_uml.package, e);
}

const struct adapter adapter_uml = {
	.name = "uml",
	.package = "user-mode-linux",
	/*
	 * The TAP signals a frame before it shows it: on another processor the
	 * kernel looks too early, and finds the frame with the next one.
	 */
	.one_processor = true,
	.prompt = true,
	.find = find,
	.run = run,
};
