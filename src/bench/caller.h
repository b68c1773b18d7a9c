#ifndef RETORT_CALLER_H
#define RETORT_CALLER_H

#include <stdbool.h>
#include <stdint.h>

#include "bench/bench.h"
#include "tcp/tcb.h"

/*
 * DOC: the user of the stack, as a script has it
 *
 * The caller is a process in the target namespace that makes any system call
 * it is asked for, each in a thread of its own, so that some may block while
 * others go on. It knows nothing of what they mean: arguments are numbers or
 * point into a block of octets that comes with the request and goes back with
 * the reply. Requests and replies are messages over a SOCK_SEQPACKET socket,
 * the replies in the order in which the calls return. A pointer or a size that
 * is out of bounds: no call, -1 and EFAULT. What a call may write to must lie
 * within len, for its size is among the arguments, where nobody looks. Calls
 * have CAP_NET_ADMIN and no other capability, and no SIGPIPE. The data of a
 * reply still has the pointers in it.
 */
enum caller_op {
	CALLER_CALL,   /* syscall(nr, args...) */
	CALLER_LOOK,   /* the state of the kernel's socket for local, to */
	CALLER_SYSCTL, /* write data to /proc/sys/`name`, or only read it when
			  len is 0; the value before comes back in data, without
			  its newline. Names not below net/: EACCES */
	CALLER_END     /* no reply: end, whatever still blocks */
};

#define CALLER_ARGS	 6
#define CALLER_RELOCS	 96
#define CALLER_DATA	 65536
#define CALLER_ZEROS_MAX (64U << 20) /* octets, each */

/* What an argument is. */
enum caller_arg {
	CALLER_NUM,  /* the number itself */
	CALLER_AT,   /* a pointer to this place in data */
	CALLER_ZEROS /* a pointer to so many zero octets that are not in data */
};

struct caller_request {
	uint32_t id; /* of the caller's choice; it comes back */
	enum caller_op op;
	long nr;
	uint8_t kind[CALLER_ARGS]; /* enum caller_arg */
	int64_t arg[CALLER_ARGS];
	/* a pointer to data + to, or to `zeros` octets, is written at data + at
	 */
	struct caller_reloc {
		uint32_t at, to, zeros;
	} relocs[CALLER_RELOCS];
	uint32_t nrelocs;
	struct endpoint local, to; /* CALLER_LOOK */
	char name[96];		   /* CALLER_SYSCTL */
	uint32_t len;		   /* octets of data that count */
	uint8_t data[CALLER_DATA];
};

struct caller_reply {
	uint32_t id;
	int64_t result;	      /* as syscall() returns it */
	int error;	      /* errno, when it is -1 */
	int64_t began, ended; /* clock_mono() before the call and after it */
	enum state state;     /* CALLER_LOOK */
	bool held;	      /* CALLER_LOOK: see diag_state() */
	uint32_t len;
	uint8_t data[CALLER_DATA]; /* as the call has left it */
};

/* The octets of a message up to the end of its data. */
size_t caller_request_size(const struct caller_request *);
size_t caller_reply_size(const struct caller_reply *);

/* For bench_open_stage(). */
int caller_run(int fd, const struct bench_net *net);

/* Send a request. 0, or -1 with *e when the caller has ended. */
int caller_send(struct bench *, const struct caller_request *, struct err *);

/*
 * The next reply, waited for until the deadline of clock_mono(): 1 with
 * *reply; 0: none came; -1 with *e when the caller has ended.
 */
int caller_next(struct bench *, struct caller_reply *, int64_t deadline,
    struct err *);

/*
 * Send a request and wait for its own reply: as caller_next(). Replies to
 * others that come meanwhile are kept, and caller_next() has them first, though
 * nothing can then be read from bench_fd().
 */
int caller_ask(struct bench *, const struct caller_request *,
    struct caller_reply *, int64_t deadline, struct err *);

/* Forget the replies that are kept: for bench_close(). */
void caller_forget(struct bench *);

#endif
