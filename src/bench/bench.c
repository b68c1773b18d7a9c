#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "bench/bench.h"
#include "bench/caller.h"
#include "bench/driver.h"
#include "bench/stage.h"
#include "path/netlink.h"

#define DRIVER_WAIT_MS 5000
#define MESSAGE_ROOM   (1 << 20)
#define PEER_MTU       65535 /* what a script injects may be large */

struct bench {
	struct stage stage;
	struct bench_net net;
	pid_t driver;
	int fd; /* to the driver */
	bool has_ip6;
};

static void
set_net(struct bench_net *net)
{
	static const uint8_t peer[6] = { 0x02, 0, 0, 0, 0, 0x01 };
	static const uint8_t stack[6] = { 0x02, 0, 0, 0, 0, 0x02 };

	net->peer_if = "peer";
	net->stack_if = "stack";
	memcpy(net->peer_mac, peer, 6);
	memcpy(net->stack_mac, stack, 6);
	addr_parse(&net->peer4, "192.0.2.1");
	addr_parse(&net->stack4, "192.0.2.2");
	addr_parse(&net->peer6, "2001:db8::1");
	addr_parse(&net->stack6, "2001:db8::2");
	net->listen_port = 5000;
	net->closed_port = 5001;
	net->small_port = 5002;
	net->fence_port = 1;
}

static int
write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), rc;

	if (fd == -1)
		return -1;
	rc = write(fd, text, strlen(text)) == (ssize_t)strlen(text) ? 0 : -1;
	close(fd);
	return rc;
}

/* Keep our own user and group in the new user namespace. */
static int
map_ids(uid_t uid, gid_t gid)
{
	char map[64];

	snprintf(map, sizeof(map), "%u %u 1", uid, uid);
	if (write_file("/proc/self/uid_map", map) == -1 ||
	    write_file("/proc/self/setgroups", "deny") == -1)
		return -1;
	snprintf(map, sizeof(map), "%u %u 1", gid, gid);
	return write_file("/proc/self/gid_map", map);
}

/* Say what a system forbids to users, and the way out. Always -1. */
static int
forbidden(struct err *e, const char *what)
{
	return err_set(e, ERR_ENV,
	    "cannot %s: %s; run as root, or allow private namespaces: sysctl "
	    "user.max_user_namespaces, user.max_net_namespaces, "
	    "kernel.unprivileged_userns_clone, "
	    "kernel.apparmor_restrict_unprivileged_userns",
	    what,
	    errno == ENOSPC ? "the limit on namespaces is reached"
			    : strerror(errno));
}

/* With the privilege, a network namespace; else inside a user namespace. */
static int
enter_private(struct err *e)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();

	if (unshare(CLONE_NEWNET) == 0)
		return 0;
	if (errno != EPERM)
		return forbidden(e, "make a network namespace");
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) == -1)
		return forbidden(e, "make a user namespace");
	if (map_ids(uid, gid) == -1)
		return forbidden(e, "map the user into its namespace");
	return 0;
}

unsigned
bench_processors(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) == -1 ? 1
							     : CPU_COUNT(&set);
}

/* Where that fails, the benches share a processor and are slower. */
void
bench_spread(unsigned nth)
{
	cpu_set_t all, one;
	int cpu;

	if (sched_getaffinity(0, sizeof(all), &all) == -1)
		return;
	for (cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &all) && nth-- == 0)
			break;
	CPU_ZERO(&one);
	CPU_SET(cpu < CPU_SETSIZE ? cpu : 0, &one);
	sched_setaffinity(0, sizeof(one), &one);
}

/* One processor for all that follows, so that the order is certain. */
static int
pin(struct err *e)
{
	cpu_set_t set;
	int cpu = sched_getcpu();

	CPU_ZERO(&set);
	CPU_SET(cpu < 0 ? 0 : cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set) == -1)
		return err_set(e, ERR_ENV, "cannot pin to a processor: %s",
		    strerror(errno));
	return 0;
}

static int
receive(struct bench *b, struct drv_reply *reply, struct err *e)
{
	struct pollfd p = { .fd = b->fd, .events = POLLIN };
	int n = poll(&p, 1, DRIVER_WAIT_MS);

	if (n == 0)
		return err_set(e, ERR_ENV,
		    "the stack's driver does not answer");
	if (n == -1 || recv(b->fd, reply, sizeof(*reply), 0) != sizeof(*reply))
		return err_set(e, ERR_ENV, "the stack's driver has ended");
	return 0;
}

int
bench_ask(struct bench *b, const struct drv_request *request,
    struct drv_reply *reply, struct err *e)
{
	if (send(b->fd, request, sizeof(*request), MSG_NOSIGNAL) !=
	    sizeof(*request))
		return err_set(e, ERR_ENV, "the stack's driver has ended");
	return receive(b, reply, e);
}

/*
 * Room for the largest messages to the caller and a few more, as far as the
 * system allows. A child that reads no more is not waited for.
 */
static void
make_room(int fd)
{
	static const struct timeval wait = { .tv_sec = DRIVER_WAIT_MS / 1000 };
	static const int room = MESSAGE_ROOM;

	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait));
}

/* The child: its own network namespace, then whatever answers in it. */
static void
run_child(int fd, bench_stack *stack, const struct bench_net *net, pid_t parent)
{
	struct drv_reply hello = { 0 };
	char go;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(0);
	if (unshare(CLONE_NEWNET) == -1) {
		hello.error = errno;
		snprintf(hello.msg, sizeof(hello.msg),
		    "cannot make a second network namespace: %s",
		    strerror(errno));
	}
	if (send(fd, &hello, sizeof(hello), MSG_NOSIGNAL) != sizeof(hello) ||
	    hello.error != 0 || recv(fd, &go, 1, 0) != 1)
		_exit(0);
	_exit(stack(fd, net));
}

static int
start_driver(struct bench *b, bench_stack *stack, struct err *e)
{
	pid_t parent = getpid();
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) == -1)
		return err_set(e, ERR_ENV, "socketpair: %s", strerror(errno));
	make_room(fds[0]);
	make_room(fds[1]);
	b->driver = fork();
	if (b->driver == 0) {
		close(fds[0]);
		run_child(fds[1], stack, &b->net, parent);
	}
	close(fds[1]);
	b->fd = fds[0];
	if (b->driver == -1)
		return err_set(e, ERR_ENV, "fork: %s", strerror(errno));
	return 0;
}

/* Wait for the child to say how its step went. */
static int
expect_ready(struct bench *b, struct err *e)
{
	struct drv_reply reply;

	if (receive(b, &reply, e) == -1)
		return -1;
	if (reply.error != 0)
		return err_set(e, ERR_ENV, "%s", reply.msg);
	b->has_ip6 = reply.has_ip6;
	return 0;
}

static int
wire(struct bench *b, struct err *e)
{
	struct netlink *nl = NULL;
	int rc = -1;

	if (netlink_open(&nl, e) == 0 &&
	    netlink_add_veth(nl, b->net.peer_if, b->net.peer_mac,
		b->net.stack_if, b->net.stack_mac, b->driver, e) == 0 &&
	    (b->net.stage == NULL ||
		netlink_set_mtu(nl, b->net.peer_if, PEER_MTU, e) == 0) &&
	    netlink_up(nl, b->net.peer_if, e) == 0)
		rc = 0;
	netlink_close(nl);
	/* some systems make a user namespace and then refuse its rights */
	return rc == -1 && errno == EPERM ? forbidden(e, "make a veth pair")
					  : rc;
}

static struct bench *
new_bench(void)
{
	struct bench *b = mem_calloc(1, sizeof(*b));

	b->driver = b->fd = -1;
	set_net(&b->net);
	return b;
}

static int
start(struct bench **out, struct bench *b, bench_stack *stack, struct err *e)
{
	if (pin(e) == -1 || enter_private(e) == -1 ||
	    start_driver(b, stack, e) == -1 || expect_ready(b, e) == -1 ||
	    wire(b, e) == -1)
		goto fail;
	if (send(b->fd, "", 1, MSG_NOSIGNAL) != 1 || expect_ready(b, e) == -1)
		goto fail;
	*out = b;
	return 0;
fail:
	bench_close(b);
	return -1;
}

int
bench_open(struct bench **out, bench_stack *stack, struct err *e)
{
	return start(out, new_bench(), stack, e);
}

int
bench_open_stage(struct bench **out, const struct stage *stage, struct err *e)
{
	struct bench *b = new_bench();

	b->stage = *stage;
	b->net.stage = &b->stage;
	b->net.stack_if = "tun0";
	b->net.peer4 = stage->peer[0];
	b->net.peer6 = stage->peer[1];
	b->net.stack4 = stage->stack[0];
	b->net.stack6 = stage->stack[1];
	return start(out, b, caller_run, e);
}

void
bench_close(struct bench *b)
{
	if (b == NULL)
		return;
	if (b->fd != -1)
		close(b->fd);
	if (b->driver > 0) {
		kill(b->driver, SIGKILL);
		while (waitpid(b->driver, NULL, 0) == -1 && errno == EINTR)
			;
	}
	free(b);
}

int
bench_fd(const struct bench *b)
{
	return b->fd;
}

const struct bench_net *
bench_net(const struct bench *b)
{
	return &b->net;
}

bool
bench_has_ip6(const struct bench *b)
{
	return b->has_ip6;
}

const struct addr *
bench_peer(const struct bench *b, uint8_t ip)
{
	return ip == 6 ? &b->net.peer6 : &b->net.peer4;
}

const struct addr *
bench_stack_addr(const struct bench *b, uint8_t ip)
{
	return ip == 6 ? &b->net.stack6 : &b->net.stack4;
}
