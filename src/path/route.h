#ifndef RETORT_ROUTE_H
#define RETORT_ROUTE_H

#include <net/if.h>

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "tcp/addr.h"

/* How packets get from here to an address, by what the kernel's tables say. */
struct route {
	char ifname[IF_NAMESIZE];
	bool ethernet; /* frames bear Ethernet headers, and are not looped */
	bool loopback;
	uint8_t mac[6]; /* the interface's own; zero where it has none */
	uint32_t mtu;	/* octets of an IP packet: the route's or the link's */
	struct addr source; /* what the kernel would send from; ip 0: none */
	struct addr hop;    /* the gateway, or the address itself */
};

/*
 * Find the way to an address. ifname, unless it is NULL, is the interface to
 * take; where no route leads over it, the address is taken for a neighbour
 * there. An IPv6 link-local address needs it (RFC 4007 section 6). But this
 * machine's own addresses are reached over loopback, whatever it says. An IPv4
 * address may have an IPv6 gateway (RFC 5549), and hop is of that family then.
 *
 * 0, or -1 with *e: ERR_USAGE for an address that is of no one host (group,
 * broadcast, unspecified) or lacks its interface; ERR_ENV when there is no
 * route, the route says unreachable, prohibited or blackhole, or the interface
 * is missing, down or without carrier.
 */
int route_find(struct route *, const struct addr *to, const char *ifname,
    struct err *);

/*
 * The way to the one who sits at the other end of an Ethernet-like device:
 * no table of the kernel's is asked, nor is there a source. The other end may
 * just have come, and the carrier follows: it is waited for, two seconds at
 * most. 0, or -1 with *e (ERR_ENV).
 */
int route_direct(struct route *, const struct addr *to, const char *ifname,
    struct err *);

/*
 * Does this machine take what is sent to the address for its own? All of
 * 127.0.0.0/8 is. 0, or -1 with *e (ERR_ENV) when the kernel cannot be asked.
 */
int route_is_own(const struct addr *, bool *own, struct err *);

/*
 * The link address of a neighbour on the interface, where the kernel knows
 * it already: 1 with mac filled, 0 when it does not (one older than Linux 5.0
 * never says), -1 with *e (ERR_ENV).
 */
int route_neighbour(const char *ifname, const struct addr *, uint8_t mac[6],
    struct err *);

#endif
