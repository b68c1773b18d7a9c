#include <sys/socket.h>

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/table.h"
#include "bench/driver.h"
#include "join.h"
#include "stacks.h"

#define MIDDLE 100 /* requests */

static int
is_here(struct err *e)
{
	(void)e;
	return 0;
}

static int
is_missing(struct err *e)
{
	return err_set(e, ERR_ENV, "missing takes the package libmissing-dev");
}

static _Noreturn void
rest(void)
{
	for (;;)
		pause();
}

/* ---- the kernel, as if it were another stack ---- */

/* Its interface is a TAP, and the frames are carried to and from P. */
static int
plug(const struct bench_net *net)
{
	int here = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	int one = join_open_tap(net->stack_if), other;

	if (here == -1 || one == -1 || setns(net->peer_ns, 0) == -1)
		return -1;
	other = join_open_tap(net->peer_if);
	if (other == -1 || setns(here, 0) == -1)
		return -1;
	if (fork() == 0) {
		join_run(one, other, -1);
		_exit(0);
	}
	return 0;
}

static int
run_kernel(int fd, const struct bench_net *net)
{
	return plug(net) == -1 ? 1 : driver_run(fd, net);
}

/*
 * The driver in a process of its own, and its messages go through this one:
 * blind, or for so many requests only.
 */
static int
relay(int fd, const struct bench_net *net, bool blind, int requests)
{
	struct drv_request request;
	struct drv_reply reply;
	int fds[2];

	if (plug(net) == -1 || socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds))
		return 1;
	if (fork() == 0) {
		close(fds[0]);
		_exit(driver_run(fds[1], net));
	}
	close(fds[1]);
	while (recv(fds[0], &reply, sizeof(reply), 0) == sizeof(reply)) {
		reply.looks = !blind;
		if (send(fd, &reply, sizeof(reply), MSG_NOSIGNAL) == -1 ||
		    requests-- == 0)
			break;
		while (recv(fd, &request, sizeof(request), 0) ==
			   sizeof(request) &&
		       blind && request.op == DRV_LOOK) {
			memset(&reply, 0, sizeof(reply));
			reply.error = EOPNOTSUPP;
			send(fd, &reply, sizeof(reply), MSG_NOSIGNAL);
		}
		if (blind)
			request.look = DRV_LOOK_NOT;
		send(fds[0], &request, sizeof(request), MSG_NOSIGNAL);
	}
	return 0;
}

static int
run_blind(int fd, const struct bench_net *net)
{
	return relay(fd, net, true, -1);
}

/* ---- what fails ---- */

static int
run_refuses(int fd, const struct bench_net *net)
{
	(void)fd, (void)net;
	return 1;
}

/* Processes of its own are to end as well. */
static int
run_never(int fd, const struct bench_net *net)
{
	(void)fd, (void)net;
	fork();
	rest();
}

static int
run_mute(int fd, const struct bench_net *net)
{
	struct drv_reply hello = { .looks = true, .stack = "mute 1" };

	if (join_open_tap(net->peer_if) == -1)
		return 1;
	send(fd, &hello, sizeof(hello), MSG_NOSIGNAL);
	fork();
	rest();
}

static int
run_dies(int fd, const struct bench_net *net)
{
	return relay(fd, net, false, MIDDLE);
}

static int
run_hangs(int fd, const struct bench_net *net)
{
	relay(fd, net, false, MIDDLE);
	rest();
}

static const struct adapter stacks[] = {
	{ "kernel", "none", true, NULL, is_here, run_kernel },
	{ "blind", "none", true, NULL, is_here, run_blind },
	{ "missing", "libmissing-dev", false, NULL, is_missing, run_refuses },
	{ "refuses", "none", false, NULL, is_here, run_refuses },
	{ "never", "none", false, NULL, is_here, run_never },
	{ "mute", "none", false, NULL, is_here, run_mute },
	{ "dies", "none", true, NULL, is_here, run_dies },
	{ "hangs", "none", true, NULL, is_here, run_hangs },
};

const struct adapter *
stacks_at(unsigned i)
{
	return i < ARRAY_SIZE(stacks) ? &stacks[i] : NULL;
}

const struct adapter *
stacks_find(const char *name)
{
	unsigned i;

	for (i = 0; i < ARRAY_SIZE(stacks); i++)
		if (strcmp(stacks[i].name, name) == 0)
			return &stacks[i];
	return NULL;
}
