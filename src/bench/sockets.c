#include <sys/socket.h>

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "bench/sockets.h"
#include "bench/target.h"

int
sockets_abort(int fd)
{
	static const struct linger abort = { .l_onoff = 1, .l_linger = 0 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &abort, sizeof(abort));
	return close(fd);
}

/* A real connect(): it may give up, and the socket is still there then. */
int
sockets_connect(const struct drv_request *request, const struct addr *from,
    struct drv_reply *reply)
{
	struct sockaddr_storage ss;
	struct sockaddr *sa = (struct sockaddr *)&ss;
	struct pollfd p = { .events = POLLOUT };
	socklen_t len;

	reply->fd = p.fd =
	    target_socket(request->to.addr.ip, 0, request->value == 1);
	if (reply->fd == -1)
		return -1;
	if (from != NULL) {
		len = target_sockaddr(&ss, from, 0);
		if (bind(p.fd, sa, len) == -1)
			return -1;
	}
	len = target_sockaddr(&ss, &request->to.addr, request->to.port);
	if (connect(p.fd, sa, len) == -1 && errno != EINPROGRESS)
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

int
sockets_do(const struct drv_request *request)
{
	switch (request->op) {
	case DRV_SEND:
		return do_send(request);
	case DRV_SHUTDOWN:
		return shutdown(request->fd, (int)request->arg);
	case DRV_CLOSE:
		return close(request->fd);
	case DRV_ABORT:
		return sockets_abort(request->fd);
	case DRV_DISCONNECT:
		return do_disconnect(request->fd);
	default:
		errno = EOPNOTSUPP;
		return -1;
	}
}
