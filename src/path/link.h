#ifndef RETORT_LINK_H
#define RETORT_LINK_H

#include "path/netlink.h"
#include "path/route.h"

/* Both: 0, or -1 with *e (ERR_ENV). */

int link_index(const char *ifname, unsigned *index, struct err *);

/*
 * Fill in what the interface says of itself; source and hop become zero. It
 * fails for one that is missing, down or without carrier.
 */
int link_look(struct netlink *, unsigned index, struct route *, struct err *);

#endif
