#ifndef RETORT_PORT_H
#define RETORT_PORT_H

#include <stdint.h>

#include "base/err.h"
#include "tcp/addr.h"

/*
 * Take a TCP port of an address of this machine, so that no program here has
 * or gets it while we send from it. Returns the descriptor that holds it; -1
 * with *e (ERR_ENV) when it is in use, and errno set.
 */
int port_reserve(const struct addr *, uint16_t port, struct err *);

#endif
