#ifndef RETORT_PRIVILEGE_H
#define RETORT_PRIVILEGE_H

#include "base/err.h"

/*
 * Give up every capability for good and set no_new_privs. Called once
 * everything is open (namespaces, capture, files), before the first octet
 * from outside is parsed. 0, or -1 with *e (ERR_INTERNAL).
 */
int privilege_drop(struct err *e);

/* The same, but for CAP_NET_ADMIN, which sysctls of a namespace need. */
int privilege_keep_net_admin(struct err *e);

/*
 * What this process may do, the programs that it becomes may do, too, though
 * they are nobody's but the user's own: inside a user namespace. 0, or -1 with
 * *e (ERR_INTERNAL).
 */
int privilege_pass_on(struct err *e);

#endif
