#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/privilege.h"
#include "bench/diag.h"
#include "bench/driver.h"
#include "bench/netlink.h"

#define ACCEPT_WAIT_MS 1000

struct driver {
	const struct bench_net *net;
	int listener4, listener6;
	bool has_ip6;
	struct diag *diag;
};

/* ---- setting up the target namespace ---- */

/*
 * The kernel would leave the TCP checksum to a network card that is not
 * there, and our sniffer would call every segment's checksum wrong.
 */
static int
checksums_on(const char *ifname, struct err *e)
{
	struct ethtool_value off = { .cmd = ETHTOOL_STXCSUM, .data = 0 };
	struct ifreq ifr = { .ifr_data = (void *)&off };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), rc;

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", ifname);
	rc = ioctl(fd, SIOCETHTOOL, &ifr);
	if (rc == -1)
		err_set(e, ERR_ENV,
		    "cannot turn off checksum offload on %s: "
		    "%s",
		    ifname, strerror(errno));
	close(fd);
	return rc;
}

/* A sysctl of this namespace; one that is missing keeps its default. */
static void
set_sysctl(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd == -1)
		return;
	if (write(fd, value, strlen(value)) == -1) {
		/* the default then stands, and the cases say so */
	}
	close(fd);
}

static socklen_t
to_sockaddr(struct sockaddr_storage *ss, const struct addr *a, uint16_t port)
{
	struct sockaddr_in *in = (struct sockaddr_in *)ss;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)ss;

	memset(ss, 0, sizeof(*ss));
	if (a->ip == 6) {
		in6->sin6_family = AF_INET6;
		in6->sin6_port = htons(port);
		memcpy(&in6->sin6_addr, a->octets, 16);
		return sizeof(*in6);
	}
	in->sin_family = AF_INET;
	in->sin_port = htons(port);
	memcpy(&in->sin_addr, a->octets, 4);
	return sizeof(*in);
}

static int
listen_on(const struct addr *a, uint16_t port, struct err *e)
{
	struct sockaddr_storage ss;
	socklen_t len = to_sockaddr(&ss, a, port);
	int fd = socket(ss.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd == -1 || bind(fd, (struct sockaddr *)&ss, len) == -1 ||
	    listen(fd, 128) == -1)
		return err_set(e, ERR_ENV, "cannot listen on port %u: %s", port,
		    strerror(errno));
	return fd;
}

static int
set_up_ip(struct driver *d, struct netlink *nl, const struct addr *stack,
    const struct addr *peer, unsigned prefix, int *listener, struct err *e)
{
	if (netlink_add_addr(nl, d->net->stack_if, stack, prefix, e) == -1 ||
	    netlink_add_neigh(nl, d->net->stack_if, peer, d->net->peer_mac,
		e) == -1)
		return -1;
	*listener = listen_on(stack, d->net->listen_port, e);
	return *listener == -1 ? -1 : 0;
}

static int
set_up(struct driver *d, struct err *e)
{
	const struct bench_net *net = d->net;
	struct netlink *nl = NULL;
	struct err e6;
	int rc = -1;

	/*
	 * Or challenge ACKs come once in half a second (RFC 5961 7; section
	 * number unchecked).
	 */
	set_sysctl("/proc/sys/net/ipv4/tcp_invalid_ratelimit", "0");
	set_sysctl("/proc/sys/net/ipv6/conf/all/disable_ipv6", "0");
	if (netlink_open(&nl, e) == 0 && checksums_on(net->stack_if, e) == 0 &&
	    netlink_up(nl, net->stack_if, e) == 0 &&
	    set_up_ip(d, nl, &net->stack4, &net->peer4, 24, &d->listener4, e) ==
		0 &&
	    diag_open(&d->diag, e) == 0) {
		d->has_ip6 = set_up_ip(d, nl, &net->stack6, &net->peer6, 64,
				 &d->listener6, &e6) == 0;
		rc = privilege_drop(e);
	}
	netlink_close(nl);
	return rc;
}

/* ---- requests ---- */

static int
do_accept(int listener, struct drv_reply *reply)
{
	struct pollfd p = { .fd = listener, .events = POLLIN };

	if (poll(&p, 1, ACCEPT_WAIT_MS) != 1) {
		errno = ETIMEDOUT;
		return -1;
	}
	reply->fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	return reply->fd == -1 ? -1 : 0;
}

/* A real connect() that gives up: the socket is still there afterwards. */
static int
do_connect(const struct drv_request *request, struct drv_reply *reply)
{
	struct timeval tv = { .tv_sec = request->arg / 1000,
		.tv_usec = request->arg % 1000 * 1000 };
	struct sockaddr_storage ss;
	socklen_t len = to_sockaddr(&ss, &request->to.addr, request->to.port);

	reply->fd = socket(ss.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (reply->fd == -1)
		return -1;
	if (setsockopt(reply->fd, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv)) ==
	    -1)
		return -1;
	return connect(reply->fd, (struct sockaddr *)&ss, len);
}

static int
do_request(struct driver *d, const struct drv_request *request,
    struct drv_reply *reply)
{
	enum state st;
	int n, rc;

	switch (request->op) {
	case DRV_ACCEPT:
		return do_accept(request->ip == 6 ? d->listener6 : d->listener4,
		    reply);
	case DRV_CONNECT:
		return do_connect(request, reply);
	case DRV_CLOSE:
		return close(request->fd);
	case DRV_UNREAD:
		rc = ioctl(request->fd, FIONREAD, &n);
		reply->value = n;
		return rc;
	case DRV_STATE:
		rc = diag_state(d->diag, &request->local, &request->to, &st);
		reply->value = st;
		return rc;
	}
	errno = EINVAL;
	return -1;
}

int
driver_run(int fd, const struct bench_net *net)
{
	struct driver d = { .net = net, .listener4 = -1, .listener6 = -1 };
	struct drv_request request;
	struct drv_reply reply = { 0 };
	struct err e;

	if (set_up(&d, &e) == -1) {
		reply.error = EPERM;
		memcpy(reply.msg, e.msg, sizeof(reply.msg) - 1);
	}
	reply.has_ip6 = d.has_ip6;
	do {
		if (send(fd, &reply, sizeof(reply), MSG_NOSIGNAL) == -1)
			return 0;
		if (recv(fd, &request, sizeof(request), 0) != sizeof(request))
			return 0;
		memset(&reply, 0, sizeof(reply));
		reply.fd = -1;
		if (do_request(&d, &request, &reply) == -1)
			reply.error = errno;
	} while (true);
}
