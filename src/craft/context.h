#ifndef RETORT_CONTEXT_H
#define RETORT_CONTEXT_H

/* What the files of craft/ share; see craft.h for all others. */

#include <linux/if_packet.h>
#include <stdint.h>

#include <libnet.h>

#include "base/buf.h"
#include "base/err.h"

struct craft {
	libnet_t *net;
	struct buf ifname; /* escaped, for messages */
	uint8_t raw;	   /* 4 or 6: IP packets of that family; 0: frames */
	struct sockaddr_ll to; /* the interface, for frames */
	uint8_t src_mac[6], dst_mac[6];
	uint8_t *frame; /* the frame built last, or NULL */
	uint32_t len;
};

/* No frame is left to send, and libnet's list of blocks is empty. */
void context_clear(struct craft *);

/*
 * Add the Ethernet header for a packet of this type to libnet's blocks, and
 * join them all to the frame of *c. 0, or -1: see context_failed().
 */
int context_join(struct craft *, const uint8_t dst_mac[6], uint16_t type);

/* Fill *e in libnet's words; those of 1.1.6 may end with a newline. -1. */
int context_failed(const struct craft *, enum err_kind, const char *words,
    struct err *e);

#endif
