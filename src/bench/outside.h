#ifndef RETORT_OUTSIDE_H
#define RETORT_OUTSIDE_H

#include "bench/driver.h"
#include "bench/target.h"

/*
 * DOC: a stack that translates
 *
 *   namespace P                      namespace T
 *   TAP "peer" <---> the program <---> loopback <---> the driver
 *      TCP under test, 192.0.2.2       this machine's TCP, 127.0.0.1
 *
 * Such a program is no host but stands for one: a connection that we open on
 * the TAP it opens again on T's loopback, where the driver takes it, and what
 * becomes of the one it does to the other. So the driver's socket is at one
 * remove from the TCP under test: what its user calls has its effect, but it
 * cannot see that TCP's state, nor set its options.
 */
struct outside {
	const struct bench_net *net;
	struct target target;
	/*
	 * Let a connection to that port of T's loopback become one to this port
	 * of the peer. NULL: it does. 0, or -1 with errno.
	 */
	int (*forward)(void *arg, uint8_t ip, uint16_t port);
	void *arg;
};

/* Addresses and listeners in T, where the program is yet to start. */
int outside_set_up(struct outside *, const struct bench_net *, struct err *);

/*
 * Send *hello, then serve requests until the other end of fd is closed, or
 * until a child of this process, the program, has ended.
 */
void outside_serve(const struct outside *, int fd, struct drv_reply *hello);

#endif
