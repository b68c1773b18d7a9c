#ifndef RETORT_TEST_LINKS_H
#define RETORT_TEST_LINKS_H

/* Interfaces of the namespace that a test has made for itself. */

#include <check.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* Bring an interface up or down. */
static inline void
set_up_or_down(const char *ifname, bool up)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	struct ifreq r = { .ifr_flags = up ? IFF_UP : 0 };

	strncpy(r.ifr_name, ifname, IFNAMSIZ - 1);
	ck_assert_int_eq(ioctl(fd, SIOCSIFFLAGS, &r), 0);
	close(fd);
}

/*
 * Make (RTM_NEWLINK) or delete (RTM_DELLINK) a pair of veth interfaces, of
 * which one is "veth9". 0 or a negative errno.
 */
static inline int
change_veth(uint16_t type, uint16_t flags)
{
	struct {
		struct nlmsghdr h;
		struct ifinfomsg i;
		struct rtattr name;
		char ifname[8];
		struct rtattr info, kind;
		char veth[8];
	} m = {
		.h = { .nlmsg_len = sizeof(m),
		    .nlmsg_type = type,
		    .nlmsg_flags = flags | NLM_F_REQUEST | NLM_F_ACK },
		.name = { 4 + 6, IFLA_IFNAME },
		.ifname = "veth9",
		.info = { 4 + 12, IFLA_LINKINFO },
		.kind = { 4 + 4, IFLA_INFO_KIND },
		.veth = "veth",
	};
	struct {
		struct nlmsghdr h;
		struct nlmsgerr e;
		char rest[256];
	} ack;
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);

	ck_assert_int_eq(send(fd, &m, sizeof(m), 0), sizeof(m));
	ck_assert_int_gt(recv(fd, &ack, sizeof(ack), 0), sizeof(ack.h));
	close(fd);
	return ack.e.error;
}

#endif
