#ifndef RETORT_NAME_H
#define RETORT_NAME_H

#include <net/if.h>

#include "base/err.h"
#include "tcp/addr.h"

/*
 * The address of a host: an address as text, or a name. ip 4 or 6 asks for
 * that family; with 0 the system's first choice is taken. zone, unless it is
 * NULL, becomes the interface of "fe80::1%eth0" (RFC 4007 section 11), or "".
 * Each name server is asked once and for two seconds, or as the variable
 * RES_OPTIONS says. Not for a process of several threads: it may set that.
 *
 * 0, or -1 with *e: ERR_USAGE for a text that is neither, or is an address of
 * the other family; ERR_ENV for a name that is not resolved.
 */
int name_resolve(struct addr *, char zone[IF_NAMESIZE], const char *host,
    uint8_t ip, struct err *);

#endif
