#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/adapter.h"
#include "bench/private.h"
#include "bench/start.h"
#include "path/netlink.h"

#define READY_WAIT_MS 10000

/* ---- the child ---- */

/* Nothing that a stack prints is the tool's to show. */
static void
silence(void)
{
	int fd = open("/dev/null", O_RDWR);

	if (fd == -1)
		return;
	dup2(fd, STDIN_FILENO);
	dup2(fd, STDOUT_FILENO);
	dup2(fd, STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

/* Its outside world; the descriptor of P stays. */
static int
step_beside(struct bench_net *net, struct err *e)
{
	struct netlink *nl = NULL;
	int rc = -1;

	net->peer_ns = open("/proc/self/ns/net", O_RDONLY);
	if (net->peer_ns == -1)
		return err_set(e, ERR_ENV, "cannot open /proc/self/ns/net: %s",
		    strerror(errno));
	if (unshare(CLONE_NEWNET) == -1)
		return private_forbidden(e, "make a second network namespace");
	if (netlink_open(&nl, e) == 0)
		rc = netlink_up(nl, "lo", e);
	netlink_close(nl);
	return rc;
}

/*
 * The first process of its namespace. All in there end with it, and it ends
 * with the tool, however that ends.
 */
static void
run_child(int fd, const struct adapter *a, struct bench_net *net)
{
	struct pollfd gone = { .fd = fd };
	struct drv_reply failed = { .error = EPERM };
	struct err e;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* the tool may have ended before that */
	if (poll(&gone, 1, 0) != 0)
		_exit(0);
	silence();
	if (!a->beside || step_beside(net, &e) == 0)
		_exit(a->run(fd, net));
	snprintf(failed.msg, sizeof(failed.msg), "%.255s", e.msg);
	send(fd, &failed, sizeof(failed), MSG_NOSIGNAL);
	_exit(0);
}

/* ---- here ---- */

/* A TAP that stays while nobody has it open. */
static int
make_tap(const char *ifname, struct err *e)
{
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC), rc = 0;
	struct ifreq r = { .ifr_flags = IFF_TAP | IFF_NO_PI };

	snprintf(r.ifr_name, sizeof(r.ifr_name), "%s", ifname);
	if (fd == -1)
		return err_set(e, ERR_ENV, "cannot open /dev/net/tun: %s",
		    strerror(errno));
	if (ioctl(fd, TUNSETIFF, &r) == -1 || ioctl(fd, TUNSETPERSIST, 1) == -1)
		rc = err_set(e, ERR_ENV, "cannot make a TAP device: %s",
		    strerror(errno));
	close(fd);
	return rc;
}

static int
wire(const struct bench_net *net, struct err *e)
{
	struct netlink *nl = NULL;
	int rc = -1;

	if (make_tap(net->peer_if, e) == 0 && netlink_open(&nl, e) == 0 &&
	    netlink_set_mac(nl, net->peer_if, net->peer_mac, e) == 0)
		rc = netlink_up(nl, net->peer_if, e);
	netlink_close(nl);
	return rc;
}

/* As fork(), with a namespace of processes of its own for the child. */
static pid_t
fork_private(void)
{
	return syscall(SYS_clone, SIGCHLD | CLONE_NEWPID, 0, 0, 0, 0);
}

static int
start_stack(struct bench *b, const struct adapter *a, struct err *e)
{
	int fd;

	if (start_socket(b, &fd, e) == -1)
		return -1;
	b->driver = fork_private();
	if (b->driver == 0) {
		close(b->fd);
		run_child(fd, a, &b->net);
	}
	close(fd);
	return b->driver != -1
		   ? 0
		   : private_forbidden(e, "make a process namespace");
}

static int
expect_ready(struct bench *b, const struct adapter *a, struct err *e)
{
	struct drv_reply hello;

	switch (start_receive(b, &hello, READY_WAIT_MS)) {
	case 0:
		return err_set(e, ERR_ENV, "%s is not ready within %d seconds",
		    a->name, READY_WAIT_MS / 1000);
	case -1:
		return err_set(e, ERR_ENV, "%s has ended before it was ready",
		    a->name);
	}
	hello.msg[sizeof(hello.msg) - 1] = '\0';
	hello.stack[sizeof(hello.stack) - 1] = '\0';
	if (hello.error != 0)
		return err_about(e, ERR_ENV, "", hello.msg, "");
	b->has_ip6 = hello.has_ip6;
	b->looks = hello.looks;
	memcpy(b->stack, hello.stack, sizeof(b->stack));
	return 0;
}

int
bench_open_adapter(struct bench **out, const struct adapter *a, struct err *e)
{
	struct bench *b = start_bench();

	if (a->net != NULL)
		a->net(&b->net);
	if (a->find(e) == 0 && private_enter(e) == 0 && wire(&b->net, e) == 0 &&
	    start_stack(b, a, e) == 0 && expect_ready(b, a, e) == 0) {
		*out = b;
		return 0;
	}
	bench_close(b);
	return -1;
}
