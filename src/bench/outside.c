#include <sys/signalfd.h>
#include <sys/socket.h>

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "bench/outside.h"
#include "bench/sockets.h"
#include "path/netlink.h"

/* What nobody accepts waits there, for the program takes every SYN. */
#define BACKLOG	       4096
#define ACCEPT_WAIT_MS 1000

static const struct addr *
loopback(uint8_t ip)
{
	static const struct addr four = { .ip = 4, .octets = { 127, 0, 0, 1 } };
	static const struct addr six = { .ip = 6, .octets = { [15] = 1 } };

	return ip == 6 ? &six : &four;
}

static const struct addr *
stack(const struct bench_net *net, uint8_t ip)
{
	return ip == 6 ? &net->stack6 : &net->stack4;
}

/* ---- to set up ---- */

/* From its own address the driver connects, as one of the world would. */
static int
set_up_ip(struct outside *o, struct netlink *nl, uint8_t ip, struct err *e)
{
	const struct bench_net *net = o->net;
	const uint16_t ports[2] = { net->listen_port, net->small_port };
	int small, fd;

	if (netlink_add_addr(nl, "lo", stack(net, ip), ip == 6 ? 128 : 32, e) ==
	    -1)
		return -1;
	for (small = 0; small < 2; small++) {
		fd = target_listen(loopback(ip), ports[small], 0, BACKLOG,
		    small);
		if (fd == -1)
			return err_set(e, ERR_ENV, "cannot listen: %s",
			    strerror(errno));
		o->target.listeners[ip == 6][small] = fd;
	}
	return 0;
}

/*
 * What a user does not read is to fill the window of the stack under test, not
 * the memory of T's kernel. Where this fails, that window never closes.
 */
static void
keep_buffers_small(void)
{
	static const char sizes[] = "4096 16384 16384";
	int fd = open("/proc/sys/net/ipv4/tcp_wmem", O_WRONLY | O_CLOEXEC);

	if (fd == -1)
		return;
	if (write(fd, sizes, strlen(sizes)) == -1)
		errno = 0;
	close(fd);
}

int
outside_set_up(struct outside *o, const struct bench_net *net, struct err *e)
{
	struct netlink *nl = NULL;
	struct err e6;
	int rc = -1;

	memset(o, 0, sizeof(*o));
	o->net = net;
	keep_buffers_small();
	target_sysctl("ipv6/conf/lo/disable_ipv6", 0, NULL);
	if (netlink_open(&nl, e) == 0)
		rc = set_up_ip(o, nl, 4, e);
	if (rc == 0)
		o->target.has_ip6 = set_up_ip(o, nl, 6, &e6) == 0;
	netlink_close(nl);
	return rc;
}

/* ---- operations ---- */

static int
do_listen(const struct drv_request *request, struct drv_reply *reply)
{
	struct sockaddr_in6 sa;
	socklen_t len = sizeof(sa);

	/* the program knows no backlog, and TCP alone */
	if (request->fd != -1 || request->option != 0) {
		errno = EOPNOTSUPP;
		return -1;
	}
	reply->fd = target_listen(loopback(request->ip), 0, 0, BACKLOG, false);
	if (reply->fd == -1 ||
	    getsockname(reply->fd, (struct sockaddr *)&sa, &len) == -1)
		return -1;
	/* the port is at the same place in a sockaddr_in */
	reply->value = ntohs(sa.sin6_port);
	return 0;
}

/*
 * The peer's port is not seen here, but the order is: what the case has
 * brought about is the last, and earlier ones nobody took.
 */
static int
do_accept(const struct outside *o, const struct drv_request *request,
    struct drv_reply *reply)
{
	bool small = request->arg == o->net->small_port;
	struct pollfd p = { .events = POLLIN };
	int wait = ACCEPT_WAIT_MS, fd;

	p.fd = request->fd != -1 ? request->fd
				 : o->target.listeners[request->ip == 6][small];
	for (; poll(&p, 1, wait) == 1; wait = 0) {
		fd = accept4(p.fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd == -1)
			return -1;
		if (reply->fd != -1)
			sockets_abort(reply->fd);
		reply->fd = fd;
	}
	if (reply->fd != -1)
		return 0;
	errno = ETIMEDOUT;
	return -1;
}

static int
do_connect(const struct outside *o, const struct drv_request *request,
    struct drv_reply *reply)
{
	struct drv_request connect = *request;

	if (o->forward != NULL &&
	    o->forward(o->arg, request->ip, request->to.port) == -1)
		return -1;
	connect.to.addr = *loopback(request->ip);
	return sockets_connect(&connect, stack(o->net, request->ip), reply);
}

static void
serve(const struct outside *o, const struct drv_request *request,
    struct drv_reply *reply)
{
	int rc;

	memset(reply, 0, sizeof(*reply));
	reply->fd = -1;
	switch (request->op) {
	case DRV_LOOK:
		rc = 0;
		break;
	case DRV_LISTEN:
		rc = do_listen(request, reply);
		break;
	case DRV_ACCEPT:
		rc = do_accept(o, request, reply);
		break;
	case DRV_CONNECT:
		rc = do_connect(o, request, reply);
		break;
	default:
		rc = sockets_do(request);
	}
	if (rc == -1)
		reply->error = errno;
}

/* A descriptor that can be read once a child has ended. */
static int
watch_children(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

void
outside_serve(const struct outside *o, int fd, struct drv_reply *hello)
{
	struct pollfd p[2] = { { .fd = fd, .events = POLLIN },
		{ .fd = watch_children(), .events = POLLIN } };
	struct drv_request request;

	hello->has_ip6 = o->target.has_ip6;
	while (send(fd, hello, sizeof(*hello), MSG_NOSIGNAL) != -1 &&
	       poll(p, 2, -1) > 0 && p[1].revents == 0 &&
	       recv(fd, &request, sizeof(request), 0) == sizeof(request))
		serve(o, &request, hello);
}
