#ifndef RETORT_TEST_CALLS_H
#define RETORT_TEST_CALLS_H

#include <check.h>

#include "bench/caller.h"

#define CALLS_PORT 8080

/* The bench of one test, a process each; a request, and the last reply. */
struct calls {
	struct bench *bench;
	struct caller_request q;
	struct caller_reply r;
};

void calls_open(struct calls *);

/* Send the request by a new id. */
void calls_ask(struct calls *);

/* Wait for the reply, which must be the one to this request. */
void calls_next(struct calls *, uint32_t id);

/* The reply that comes next, to whatever request. */
void calls_any(struct calls *);

/* Ask, and wait for it: what the call returns. */
long calls_result(struct calls *);

/* A new request: a call with plain numbers; calls_at() makes some of them
 * places in data, where it puts these octets (NULL: zeros). */
void calls_set(struct calls *, long nr, long a, long b, long c, long d, long e);
void calls_at(struct calls *, int arg, const void *data, uint32_t len);
void calls_reloc(struct calls *, uint32_t where, uint32_t to, uint32_t zeros);

/* A call that takes a socket and CALLS_PORT of that address. */
void calls_set_address(struct calls *, long nr, long fd, const char *text);

/* Sockets of TCP over IPv4; the listener is at the stack's address. */
long calls_socket(struct calls *);
long calls_listen(struct calls *);

/* An accept() that blocks: the id of its request. */
uint32_t calls_block(struct calls *, long fd);

/* A connection within the stack: the end that connects, and the other. */
void calls_pair(struct calls *, long fds[2]);

/* Run each of these tests so many times: main()'s value, 77 without a bench. */
struct calls_test {
	const TTest *test;
	int times;
};
int calls_main(const char *name, const struct calls_test *tests, size_t n);

#endif
