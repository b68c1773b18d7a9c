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
#include "bench/private.h"
#include "bench/start.h"
#include "path/netlink.h"

#define DRIVER_WAIT_MS 5000
#define MESSAGE_ROOM   (1 << 20)
#define PEER_MTU       65535 /* what a script injects may be large */

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
	net->peer_ns = -1;
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

int
start_receive(struct bench *b, struct drv_reply *reply, int ms)
{
	struct pollfd p = { .fd = b->fd, .events = POLLIN };
	int n = poll(&p, 1, ms);

	if (n == 0)
		return 0;
	return n == 1 && recv(b->fd, reply, sizeof(*reply), 0) == sizeof(*reply)
		   ? 1
		   : -1;
}

static int
receive(struct bench *b, struct drv_reply *reply, struct err *e)
{
	switch (start_receive(b, reply, DRIVER_WAIT_MS)) {
	case 1:
		return 0;
	case 0:
		return err_set(e, ERR_ENV,
		    "the stack's driver does not answer");
	default:
		return err_set(e, ERR_ENV, "the stack's driver has ended");
	}
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

/* What this process has open, another bench perhaps, is no child's affair. */
static void
close_others(int fd)
{
	close_range(STDERR_FILENO + 1, fd - 1, 0);
	close_range(fd + 1, ~0U, 0);
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

int
start_socket(struct bench *b, int *child, struct err *e)
{
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) == -1)
		return err_set(e, ERR_ENV, "socketpair: %s", strerror(errno));
	make_room(fds[0]);
	make_room(fds[1]);
	b->fd = fds[0];
	*child = fds[1];
	return 0;
}

static int
start_driver(struct bench *b, bench_stack *stack, struct err *e)
{
	pid_t parent = getpid();
	int fd;

	if (start_socket(b, &fd, e) == -1)
		return -1;
	b->driver = fork();
	if (b->driver == 0) {
		close_others(fd);
		run_child(fd, stack, &b->net, parent);
	}
	close(fd);
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
	return rc == -1 && errno == EPERM
		   ? private_forbidden(e, "make a veth pair")
		   : rc;
}

struct bench *
start_bench(void)
{
	struct bench *b = mem_calloc(1, sizeof(*b));

	b->driver = b->fd = -1;
	b->looks = true;
	STAILQ_INIT(&b->kept);
	set_net(&b->net);
	return b;
}

static int
start(struct bench **out, struct bench *b, bench_stack *stack, struct err *e)
{
	if (private_pin(e) == -1 || private_enter(e) == -1 ||
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
	return start(out, start_bench(), stack, e);
}

int
bench_open_stage(struct bench **out, const struct stage *stage, struct err *e)
{
	struct bench *b = start_bench();

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
	caller_forget(b);
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

bool
bench_looks(const struct bench *b)
{
	return b->looks;
}

const char *
bench_stack_name(const struct bench *b)
{
	return b->stack;
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
