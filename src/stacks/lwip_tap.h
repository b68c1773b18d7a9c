#ifndef RETORT_LWIP_TAP_H
#define RETORT_LWIP_TAP_H

#include <lwip/netif.h>

#include "stacks/serve.h"

/*
 * lwIP, in this one thread: it works when it is handed a frame or a call, and
 * when its timers are asked for, so that its answers come in order.
 */
struct lwip_tap {
	int fd;
	unsigned sent; /* frames */
	struct netif netif;
};

void lwip_addr(ip_addr_t *, const struct addr *);

/* The TAP, the stack, and its addresses. 0, or -1 with *e. */
int lwip_tap_open(struct lwip_tap *, const struct serve_args *, struct err *e);

/* Hand over every frame that is there, and do what is due by the clock. */
void lwip_tap_work(struct lwip_tap *);

/* Milliseconds until the next timer is due; -1: none. For poll(2). */
int lwip_tap_due(void);

#endif
