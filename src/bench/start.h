#ifndef RETORT_START_H
#define RETORT_START_H

#include <sys/queue.h>
#include <sys/types.h>

#include "bench/bench.h"
#include "bench/driver.h"
#include "bench/stage.h"

/* What the ways to open a bench have in common; of no use elsewhere. */
struct bench {
	struct stage stage;
	struct bench_net net;
	pid_t driver;
	int fd; /* to the driver */
	bool has_ip6;
	bool looks;
	char stack[64];
	STAILQ_HEAD(, caller_kept) kept; /* see caller_ask() */
};

/* Nothing is started; the network is that of bench_open(). */
struct bench *start_bench(void);

/*
 * The socket to the child that is to be: b->fd here, *child there. 0, or -1
 * with *e.
 */
int start_socket(struct bench *, int *child, struct err *e);

/*
 * The next message from the child: 1; 0: none within so many ms; -1: it has
 * ended.
 */
int start_receive(struct bench *, struct drv_reply *, int ms);

#endif
