#ifndef RETORT_WIRE_H
#define RETORT_WIRE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/random.h"
#include "craft/craft.h"
#include "path/route.h"
#include "sniff/dump.h"
#include "sniff/sniff.h"

/*
 * Both ends of our side of the way to a host: what is sent there and what
 * comes back, on Ethernet, veth and TAP as frames, on loopback and on links
 * without Ethernet headers as IP packets.
 */
struct wire {
	struct route route;
	struct addr ours, theirs;
	struct addr ours6, theirs6; /* ip 0: one family only is spoken */
	uint8_t mac[2][6];	    /* then, of theirs and of theirs6 */
	bool own; /* this machine's kernel owns `ours`, and answers there too */
	bool raw; /* IP packets, no frames */
	struct craft *craft;
	struct sniff *sniff;
	struct dump *dump; /* NULL: no frames are kept */
	int port_fd;	   /* holds the port that we send from; -1: none */
};

/* Where to, and from where. */
struct wire_options {
	struct addr to;
	struct addr source;	  /* ip 0: as the kernel chooses */
	struct addr to6, source6; /* ip 0: that family only */
	const char *ifname;	  /* NULL: as the route says */
	bool direct;	  /* who has `to` is at the other end of ifname */
	const char *pcap; /* keep every frame there; NULL: none */
};

/*
 * Find the route and open what sends there; nothing is sent yet. 0, or -1
 * with *e (see route_find(), route_direct(), craft_open()). With a second
 * family, that of to6, both are spoken at the other end of a device (direct).
 */
int wire_open(struct wire *, const struct wire_options *, struct err *e);

/*
 * Open the capture, the last that needs a privilege: the kernel may take 20 ms
 * for it. 0, or -1 with *e (see sniff_open_live()).
 */
int wire_listen(struct wire *, struct err *e);

/*
 * A port to send from: *port, or, when that is 0, one that is drawn. Where
 * this machine owns the address, none of its programs has that port. -1 with
 * *e (ERR_ENV) when one has.
 */
int wire_take_port(struct wire *, struct random *, uint16_t *port,
    struct err *e);

/*
 * Learn the link address of the next hop: from the kernel, or by ARP or
 * neighbour discovery, three times within a second. -1 with *e (ERR_ENV) when
 * nobody answers.
 */
int wire_resolve(struct wire *, struct err *e);

/*
 * Can this segment be sent there at all? -1 with *e (ERR_USAGE) when there is
 * no such packet, or when it exceeds the MTU.
 */
int wire_check(struct wire *, const struct segment *, struct err *e);

/* Send a segment; its tuple is the caller's. seg->when is set. -1 with *e. */
int wire_send(struct wire *, struct segment *, struct err *e);

/*
 * The next segment for us or ICMP message about one of ours, as sniff_see()
 * has it. Who asks for the link address of `ours` is answered, where no
 * kernel does it.
 */
int wire_next(struct wire *, struct sight *, int64_t deadline, struct err *e);

/* -1 with *e when the capture that is kept could not be written whole. */
int wire_close(struct wire *, struct err *e);

#endif
