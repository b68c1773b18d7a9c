#ifndef RETORT_CONN_H
#define RETORT_CONN_H

#include "bench/driver.h"
#include "run/session.h"
#include "run/testcase.h"

/* The connection of a case, as far as one exists. */
struct conn {
	const struct testcase *t;
	struct tuple ours; /* of the segments we send */
	struct tcb tcb;	   /* the stack's */
	int fd;		   /* the driver's socket; -1: none */
	int listener;	   /* the case's own; -1: none */
	uint16_t port;	   /* of the listener it goes to */
	uint16_t wnd;	   /* that we announce */
	bool eof;	   /* its user had met the end of file before */
	bool sack;	   /* our SYN permits it */
	bool hidden;	   /* the kernel keeps no state of it: SYN cookies */
	bool sysctl_set;
	uint32_t sysctl_before;
};

/* A request about the connection, for its user in the driver. */
struct drv_request conn_request(const struct conn *, enum drv_op);

/*
 * Ask the driver. -1 with *e when the call fails, or when the driver does not
 * answer: that is the end of the session.
 */
int conn_ask(struct session *, const struct drv_request *, struct drv_reply *,
    struct err *e);

/* The same, without interest in what it replies. */
int conn_do(struct session *, const struct conn *, enum drv_op, uint32_t arg,
    struct err *e);

/* Is the stack's receive window to be a small one? */
bool conn_is_small(const struct conn *);

/* Does the kernel, too, say that this is the state? 0, or -1 with *e. */
int conn_confirm(struct session *, struct conn *, struct err *);

/*
 * Send what the connection has come to: SEG.SEQ is RCV.NXT, SEG.ACK is ack
 * where ctl has ACK, and len octets of text. The TCB moves on.
 */
int conn_send(struct session *, struct conn *, uint16_t ctl, uint32_t ack,
    uint32_t len, struct err *e);

/* Read until the stack sent a segment with these bits; the TCB moves on. */
int conn_expect(struct session *, struct conn *, uint16_t ctl, struct err *e);

/* The TCB after a segment that the stack has sent. */
void conn_learn(struct conn *, const struct segment *);

/* What a look of the driver's means for this connection. */
struct aftermath conn_aftermath(const struct conn *, const struct drv_reply *);

#endif
