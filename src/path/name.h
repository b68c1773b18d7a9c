#ifndef RETORT_NAME_H
#define RETORT_NAME_H

#include "base/err.h"
#include "tcp/addr.h"

/*
 * The address of a host: an address as text, or a name. ip 4 or 6 asks for
 * that family; with 0 the system's first choice is taken. Asking name servers
 * takes some seconds at most. 0, or -1 with *e: ERR_USAGE for a text that is
 * neither, or of the other family; ERR_ENV for a name that is not resolved.
 */
int name_resolve(struct addr *, const char *host, uint8_t ip, struct err *);

#endif
