#ifndef RETORT_DRIVER_H
#define RETORT_DRIVER_H

#include <sys/types.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/bench.h"

/*
 * The driver is the user of the stack under test: a process in the target
 * namespace that holds real sockets and moves them on command. It speaks
 * these messages over a SOCK_SEQPACKET socket, one reply to each request.
 */
enum drv_op {
	DRV_LOOK,    /* do nothing but look */
	DRV_LISTEN,  /* a new listener of `ip`, backlog `arg`, protocol `option`
			-> fd, value: its port; or a new backlog for the
			listener `fd` */
	DRV_ACCEPT,  /* take a connection from the listener `fd`, or from the
			standing one of `ip` (arg: its port) */
	DRV_CONNECT, /* connect() to `to`, wait `arg` ms for it; value 1: in
			a small receive buffer */
	DRV_SEND,    /* send() `arg` octets */
	DRV_SHUTDOWN,	/* shutdown(`arg`) */
	DRV_CLOSE,	/* close() */
	DRV_ABORT,	/* SO_LINGER 0 and close() */
	DRV_DISCONNECT, /* connect(AF_UNSPEC) */
	DRV_OPTION,	/* setsockopt(`level`, `option`, `arg`) */
	DRV_SYSCTL	/* write `arg` to net.ipv4.`name` -> value: before */
};

/* To look: what the kernel and the socket say of the connection. */
enum drv_look { DRV_LOOK_NOT, DRV_LOOK_BEFORE, DRV_LOOK_AFTER };

struct drv_request {
	enum drv_op op;
	enum drv_look look; /* before the operation, or after it */
	uint8_t ip;
	int fd; /* -1: none */
	struct endpoint local, to;
	int level, option;
	uint32_t arg, value;
	char name[48];
};

struct drv_reply {
	int error; /* an errno; 0: done */
	int fd;
	uint32_t value;
	/* when asked to look */
	enum state state; /* of the kernel's socket for local, to */
	bool has_user;	  /* fd was there */
	int so_error;	  /* the error that waited for the user */
	bool eof;
	uint32_t unread;
	/* in the first message, which means "ready" */
	bool has_ip6;
	bool looks;	/* it can tell state, so_error, eof and unread */
	char stack[64]; /* "lwip 2.1.3"; empty: this machine's kernel */
	char msg[256];	/* what went wrong */
};

/*
 * Set up the target end of the veth pair, then serve requests until the
 * other end of fd is closed. Runs in the target namespace; never returns to
 * other work. The value is the process's exit status.
 */
int driver_run(int fd, const struct bench_net *net);

/* How messages come and go, as by send(2) and recv(2), whole. */
struct drv_line {
	int fd;
	ssize_t (*send)(int fd, const void *msg, size_t len);
	ssize_t (*receive)(int fd, void *msg, size_t len);
};

/* The same by another line, in a kernel that is named so; "": this one. */
int driver_serve(const struct drv_line *, const struct bench_net *net,
    const char *stack);

#endif
