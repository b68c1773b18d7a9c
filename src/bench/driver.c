#include <sys/ioctl.h>
#include <sys/socket.h>

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/privilege.h"
#include "base/table.h"
#include "bench/diag.h"
#include "bench/driver.h"
#include "bench/target.h"

#define ACCEPT_WAIT_MS 1000

struct driver {
	const struct bench_net *net;
	struct target target;
	struct diag *diag;
};

/* ---- to look ---- */

/* The state by the socket itself; CLOSED also when it is no more than that. */
static enum state
state_of(int fd)
{
	struct tcp_info info;
	socklen_t len = sizeof(info.tcpi_state);

	if (fd == -1 ||
	    getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) == -1)
		return ST_CLOSED;
	return diag_to_state(info.tcpi_state);
}

static int
look(const struct driver *d, const struct drv_request *request,
    struct drv_reply *reply)
{
	struct pollfd p = { .fd = request->fd, .events = POLLRDHUP };
	socklen_t len = sizeof(reply->so_error);
	int n = 0;

	reply->has_user = request->fd != -1;
	reply->state = state_of(request->fd);
	/* what its user holds no more may live on: TIME-WAIT, an orphan */
	if (reply->state == ST_CLOSED &&
	    diag_state(d->diag, &request->local, &request->to, &reply->state,
		NULL) == -1)
		return -1;
	if (request->fd == -1)
		return 0;
	getsockopt(request->fd, SOL_SOCKET, SO_ERROR, &reply->so_error, &len);
	reply->eof = poll(&p, 1, 0) == 1 && p.revents & POLLRDHUP;
	if (ioctl(request->fd, FIONREAD, &n) == 0)
		reply->unread = n;
	return 0;
}

/* ---- operations ---- */

static int
do_listen(const struct driver *d, const struct drv_request *request,
    struct drv_reply *reply)
{
	const struct bench_net *net = d->net;
	struct sockaddr_in6 sa;
	socklen_t len = sizeof(sa);

	if (request->fd != -1)
		return listen(request->fd, request->arg);
	reply->fd =
	    target_listen(request->ip == 6 ? &net->stack6 : &net->stack4, 0,
		request->option, request->arg, false);
	if (reply->fd == -1 ||
	    getsockname(reply->fd, (struct sockaddr *)&sa, &len) == -1)
		return -1;
	/* the port is at the same place in a sockaddr_in */
	reply->value = ntohs(sa.sin6_port);
	return 0;
}

static int
do_abort(int fd)
{
	static const struct linger abort = { .l_onoff = 1, .l_linger = 0 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &abort, sizeof(abort));
	return close(fd);
}

/* Is this the connection from that endpoint? */
static bool
is_from(int fd, const struct endpoint *to)
{
	struct sockaddr_storage want, have;
	socklen_t len = target_sockaddr(&want, &to->addr, to->port);
	const struct sockaddr_in6 *w = (void *)&want, *h = (void *)&have;

	return getpeername(fd, (struct sockaddr *)&have, &len) == 0 &&
	       w->sin6_port == h->sin6_port;
}

/* What nobody took before, and is dead by now, stands before it. */
static int
do_accept(const struct driver *d, const struct drv_request *request,
    struct drv_reply *reply)
{
	bool small = request->arg == d->net->small_port;
	struct pollfd p = { .events = POLLIN };
	int fd;

	p.fd = request->fd != -1 ? request->fd
				 : d->target.listeners[request->ip == 6][small];
	while (poll(&p, 1, ACCEPT_WAIT_MS) == 1) {
		fd = accept4(p.fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd == -1)
			return -1;
		if (is_from(fd, &request->to)) {
			reply->fd = fd;
			return 0;
		}
		do_abort(fd);
	}
	errno = ETIMEDOUT;
	return -1;
}

/* A real connect(): it may give up, and the socket is still there then. */
static int
do_connect(const struct drv_request *request, struct drv_reply *reply)
{
	struct sockaddr_storage ss;
	socklen_t len =
	    target_sockaddr(&ss, &request->to.addr, request->to.port);
	struct pollfd p = { .events = POLLOUT };

	reply->fd = p.fd =
	    target_socket(request->to.addr.ip, 0, request->value == 1);
	if (reply->fd == -1)
		return -1;
	if (connect(p.fd, (struct sockaddr *)&ss, len) == -1 &&
	    errno != EINPROGRESS)
		return -1;
	if (request->arg > 0)
		poll(&p, 1, request->arg);
	return 0;
}

static int
do_send(const struct drv_request *request)
{
	static const char text[4096];
	ssize_t n;

	if (request->arg > sizeof(text)) {
		errno = EINVAL;
		return -1;
	}
	n = send(request->fd, text, request->arg, MSG_NOSIGNAL);
	return n == (ssize_t)request->arg ? 0 : -1;
}

static int
do_disconnect(int fd)
{
	static const struct sockaddr nowhere = { .sa_family = AF_UNSPEC };

	return connect(fd, &nowhere, sizeof(nowhere));
}

static int
do_sysctl(const struct drv_request *request, struct drv_reply *reply)
{
	char name[64];

	snprintf(name, sizeof(name), "ipv4/%.47s", request->name);
	return target_sysctl(name, request->arg, &reply->value);
}

static int
do_request(struct driver *d, const struct drv_request *request,
    struct drv_reply *reply)
{
	int arg = (int)request->arg;

	switch (request->op) {
	case DRV_LOOK:
		return look(d, request, reply);
	case DRV_LISTEN:
		return do_listen(d, request, reply);
	case DRV_ACCEPT:
		return do_accept(d, request, reply);
	case DRV_CONNECT:
		return do_connect(request, reply);
	case DRV_SEND:
		return do_send(request);
	case DRV_SHUTDOWN:
		return shutdown(request->fd, arg);
	case DRV_CLOSE:
		return close(request->fd);
	case DRV_ABORT:
		return do_abort(request->fd);
	case DRV_DISCONNECT:
		return do_disconnect(request->fd);
	case DRV_OPTION:
		return setsockopt(request->fd, request->level, request->option,
		    &arg, sizeof(arg));
	case DRV_SYSCTL:
		return do_sysctl(request, reply);
	}
	errno = EINVAL;
	return -1;
}

/* The operation, with a look before or after it. */
static void
serve(struct driver *d, const struct drv_request *request,
    struct drv_reply *reply)
{
	struct drv_request after = *request;

	memset(reply, 0, sizeof(*reply));
	reply->fd = -1;
	if (request->look == DRV_LOOK_BEFORE && look(d, request, reply) == -1)
		reply->error = errno;
	if (do_request(d, request, reply) == -1) {
		reply->error = errno;
		return;
	}
	if (reply->fd != -1)
		after.fd = reply->fd;
	if (request->op == DRV_CLOSE || request->op == DRV_ABORT)
		after.fd = -1;
	if (request->look == DRV_LOOK_AFTER && look(d, &after, reply) == -1)
		reply->error = errno;
}

int
driver_run(int fd, const struct bench_net *net)
{
	struct driver d = { .net = net };
	struct drv_request request;
	struct drv_reply reply = { 0 };
	struct err e;

	/* it goes on to set sysctls of its own namespace */
	if (target_set_up(&d.target, net, &e) == -1 ||
	    diag_open(&d.diag, &e) == -1 ||
	    privilege_keep_net_admin(&e) == -1) {
		reply.error = EPERM;
		memcpy(reply.msg, e.msg, sizeof(reply.msg) - 1);
	}
	reply.has_ip6 = d.target.has_ip6;
	reply.looks = true;
	do {
		if (send(fd, &reply, sizeof(reply), MSG_NOSIGNAL) == -1)
			return 0;
		if (recv(fd, &request, sizeof(request), 0) != sizeof(request))
			return 0;
		serve(&d, &request, &reply);
	} while (true);
}
