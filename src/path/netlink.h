#ifndef RETORT_NETLINK_H
#define RETORT_NETLINK_H

#include <sys/types.h>

#include <stdint.h>

#include "base/err.h"
#include "tcp/addr.h"

/*
 * The few things that are asked of rtnetlink, in the network namespace of
 * the calling process. All return 0, or -1 with *e (ERR_ENV) and errno set.
 */
struct netlink;

int netlink_open(struct netlink **, struct err *);
void netlink_close(struct netlink *);

/*
 * A question of the caller's own, which is filled by libmnl: begin it, and
 * run it. Each message of the answer goes to `each`, which returns 1
 * (MNL_CB_OK), until the kernel says that it was the last; it answers at once.
 * 0, or -1 with errno: the kernel's, or that of a failed system call.
 */
struct nlmsghdr;
struct nlmsghdr *netlink_begin(struct netlink *, uint16_t type, uint16_t flags);
int netlink_run(struct netlink *, struct nlmsghdr *,
    int (*each)(const struct nlmsghdr *, void *), void *arg);

/*
 * A veth pair: `name` here, `peer` in the network namespace of process pid.
 */
int netlink_add_veth(struct netlink *, const char *name, const uint8_t mac[6],
    const char *peer, const uint8_t peer_mac[6], pid_t pid, struct err *);

/* Up, without an IPv6 address of its own making. */
int netlink_up(struct netlink *, const char *ifname, struct err *);

/* Its link address. */
int netlink_set_mac(struct netlink *, const char *ifname, const uint8_t mac[6],
    struct err *);

/* The largest IP datagram that it sends, in octets. */
int netlink_set_mtu(struct netlink *, const char *ifname, unsigned mtu,
    struct err *);

/* Without duplicate address detection. */
int netlink_add_addr(struct netlink *, const char *ifname, const struct addr *,
    unsigned prefix, struct err *);

/* A permanent neighbour: no ARP, no ND. */
int netlink_add_neigh(struct netlink *, const char *ifname, const struct addr *,
    const uint8_t mac[6], struct err *);

/* To this host every ACK goes at once: none is delayed (RTAX_QUICKACK). */
int netlink_add_quickack_route(struct netlink *, const char *ifname,
    const struct addr *, struct err *);

/* To this host by that gateway, with an MTU of its own unless that is 0. */
int netlink_add_route(struct netlink *, const char *ifname, const struct addr *,
    const struct addr *via, unsigned mtu, struct err *);

#endif
