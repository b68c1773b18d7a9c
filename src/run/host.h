#ifndef RETORT_HOST_H
#define RETORT_HOST_H

#include "craft/craft.h"
#include "path/route.h"
#include "sniff/dump.h"
#include "sniff/sniff.h"

#define HOST_ADDRS_MAX 8

/* Which addresses are to be ours, and on which link. */
struct host_options {
	struct addr addrs[HOST_ADDRS_MAX];
	size_t n;
	const char *ifname; /* NULL: where the first of them is a neighbour */
	const char *pcap;   /* keep every frame there; NULL: none */
};

/*
 * A host that no kernel knows of: it has addresses on an Ethernet link, tells
 * whoever asks for them its link address, which is the interface's, and
 * answers pings. What comes to them by TCP is for the caller.
 */
struct host {
	const struct host_options *o;
	struct route link;
	struct craft *craft;
	struct sniff *sniff;
	struct dump *dump; /* NULL: no frames are kept */
};

/*
 * Open all that needs a privilege; nothing is sent yet. The options stay the
 * caller's. 0, or -1 with *e: ERR_USAGE for an address that this machine has
 * itself, or that is of no one host; ERR_ENV for a link that is down, missing
 * or not Ethernet.
 */
int host_open(struct host *, const struct host_options *, struct err *e);

/*
 * The next segment to one of the addresses, as sniff_see() has it; s->mac is
 * where the answer goes.
 */
int host_next(struct host *, struct sight *s, int64_t deadline, struct err *e);

/* Send a segment to that link address. seg->when is set. -1 with *e. */
int host_send(struct host *, const uint8_t mac[6], struct segment *seg,
    struct err *e);

/* -1 with *e when the capture that is kept could not be written whole. */
int host_close(struct host *, struct err *e);

#endif
