#include <sys/ioctl.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/table.h"
#include "path/netlink.h"
#include "bench/target.h"

#define BACKLOG 128

int
target_checksums_on(const char *ifname, struct err *e)
{
	struct ethtool_value v = { .cmd = ETHTOOL_STXCSUM, .data = 0 };
	struct ifreq ifr = { .ifr_data = (void *)&v };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), rc;

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", ifname);
	rc = ioctl(fd, SIOCETHTOOL, &ifr);
	if (rc == -1 && errno == EOPNOTSUPP) {
		/* where there is none, none can be turned off */
		v.cmd = ETHTOOL_GTXCSUM;
		rc = ioctl(fd, SIOCETHTOOL, &ifr);
		if (rc == 0 && v.data != 0) {
			errno = EOPNOTSUPP;
			rc = -1;
		}
	}
	if (rc == -1)
		err_set(e, ERR_ENV,
		    "cannot turn off checksum offload on %s: %s", ifname,
		    strerror(errno));
	close(fd);
	return rc;
}

int
target_sysctl(const char *name, uint32_t value, uint32_t *before)
{
	char path[96], text[16] = "";
	int fd, n, rc = -1;

	snprintf(path, sizeof(path), "/proc/sys/net/%s", name);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd == -1)
		return -1;
	if (before != NULL && read(fd, text, sizeof(text) - 1) > 0)
		*before = strtoul(text, NULL, 10);
	n = snprintf(text, sizeof(text), "%u", value);
	if (pwrite(fd, text, n, 0) == n)
		rc = 0;
	close(fd);
	return rc;
}

socklen_t
target_sockaddr(struct sockaddr_storage *ss, const struct addr *a,
    uint16_t port)
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

int
target_socket(uint8_t ip, int protocol, bool small)
{
	int fd = socket(ip == 6 ? AF_INET6 : AF_INET,
	    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
	int least = 1; /* the kernel makes it the least it can do with */

	if (fd != -1 && small)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &least, sizeof(least));
	return fd;
}

int
target_listen(const struct addr *a, uint16_t port, int protocol, int backlog,
    bool small)
{
	struct sockaddr_storage ss;
	socklen_t len = target_sockaddr(&ss, a, port);
	int fd = target_socket(a->ip, protocol, small);

	if (fd == -1 || bind(fd, (struct sockaddr *)&ss, len) == -1 ||
	    listen(fd, backlog) == -1)
		return -1;
	return fd;
}

static int
set_up_ip(struct target *t, struct netlink *nl, const struct bench_net *net,
    bool six, struct err *e)
{
	const struct addr *stack = six ? &net->stack6 : &net->stack4;
	const struct addr *peer = six ? &net->peer6 : &net->peer4;
	int small;

	if (netlink_add_addr(nl, net->stack_if, stack, six ? 64 : 24, e) ==
		-1 ||
	    netlink_add_neigh(nl, net->stack_if, peer, net->peer_mac, e) ==
		-1 ||
	    netlink_add_quickack_route(nl, net->stack_if, peer, e) == -1)
		return -1;
	for (small = 0; small < 2; small++) {
		t->listeners[six][small] = target_listen(stack,
		    small ? net->small_port : net->listen_port, 0, BACKLOG,
		    small);
		if (t->listeners[six][small] == -1)
			return err_set(e, ERR_ENV, "cannot listen: %s",
			    strerror(errno));
	}
	return 0;
}

int
target_set_up(struct target *t, const struct bench_net *net, struct err *e)
{
	struct netlink *nl = NULL;
	struct err e6;
	int rc = -1;

	memset(t->listeners, -1, sizeof(t->listeners));
	/*
	 * Or challenge ACKs come once in half a second (RFC 5961 7; section
	 * number unchecked). Where a sysctl is missing its default stands,
	 * and the cases say so.
	 */
	target_sysctl("ipv4/tcp_invalid_ratelimit", 0, NULL);
	target_sysctl("ipv4/tcp_challenge_ack_limit", 0x7fffffff, NULL);
	target_sysctl("ipv6/conf/all/disable_ipv6", 0, NULL);
	if (netlink_open(&nl, e) == 0 &&
	    target_checksums_on(net->stack_if, e) == 0 &&
	    netlink_up(nl, net->stack_if, e) == 0)
		rc = set_up_ip(t, nl, net, false, e);
	if (rc == 0)
		t->has_ip6 = set_up_ip(t, nl, net, true, &e6) == 0;
	netlink_close(nl);
	return rc;
}
