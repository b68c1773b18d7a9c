#ifndef RETORT_DRIVER_H
#define RETORT_DRIVER_H

#include <stdbool.h>
#include <stdint.h>

#include "bench/bench.h"

/*
 * The driver is the user of the stack under test: a process in the target
 * namespace that holds real sockets and moves them on command. It speaks
 * these messages over a SOCK_SEQPACKET socket, one reply to each request.
 */
enum drv_op {
	DRV_ACCEPT,  /* take a connection from the listener of `ip` */
	DRV_CONNECT, /* connect() to `to`, give up after `arg` ms */
	DRV_CLOSE,   /* close() the socket `fd` */
	DRV_UNREAD,  /* octets in the receive buffer of `fd` -> value */
	DRV_STATE    /* of the kernel's socket for local, to -> value */
};

struct drv_request {
	enum drv_op op;
	uint8_t ip;
	int fd;
	struct endpoint local; /* DRV_STATE */
	struct endpoint to;
	uint32_t arg;
};

struct drv_reply {
	int error; /* an errno; 0: done */
	int fd;	   /* DRV_ACCEPT, DRV_CONNECT */
	uint32_t value;
	bool has_ip6;  /* in the first message, which means "ready" */
	char msg[256]; /* likewise: what went wrong */
};

/*
 * Set up the target end of the veth pair, then serve requests until the
 * other end of fd is closed. Runs in the target namespace; never returns to
 * other work. The value is the process's exit status.
 */
int driver_run(int fd, const struct bench_net *net);

#endif
