#ifndef RETORT_SERVE_H
#define RETORT_SERVE_H

#include "base/err.h"
#include "bench/driver.h"

/*
 * DOC: programs that are linked with a stack
 *
 * A stack that is a library runs in a program of its own, started by the
 * bench (bench/program.h): the tool itself is linked with none of them, and
 * outlives what they do to themselves. Such a program opens the TAP, is the
 * stack's user, and serves the messages of bench/driver.h.
 */

/* What such a program is told; addresses as the net of the bench has them. */
struct serve_args {
	int fd;		   /* to the bench */
	const char *tap;   /* its name */
	uint8_t mac[6];	   /* of the stack */
	struct addr ip[2]; /* of the stack; [1]: IPv6 */
	uint16_t listen_port;
};

/* 0, or -1 with *e when the program was started by other than the bench. */
int serve_args(struct serve_args *, int argc, char *const *argv, struct err *e);

/*
 * The first message: "ready", the stack's name and version, and whether it
 * can tell what became of a connection; or why it is not ready (e != NULL).
 * 0, or -1 when nobody listens any more.
 */
int serve_hello(int fd, const char *stack, bool looks, const struct err *e);

/* An operation of the user: 0, or an errno. */
typedef int serve_op(void *user, const struct drv_request *,
    struct drv_reply *);

/*
 * Take one request and answer it, by the operations in the places of enum
 * drv_op; NULL, or past the last of n: EOPNOTSUPP. 0, or -1 when nobody asks
 * any more.
 */
int serve_one(int fd, serve_op *const *ops, size_t n, void *user);

#endif
