#ifndef RETORT_MARSHAL_H
#define RETORT_MARSHAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/caller.h"
#include "judge/judge.h"
#include "script/script.h"

/*
 * DOC: the system calls of a script
 *
 * A call of a script becomes a request to the caller (bench/caller.h):
 * marshal_call() turns words into numbers, the script's descriptors into live
 * ones, and strings and structures into octets. What the call will write and
 * the script says something about is noted in struct call_outs. When the reply
 * is there, marshal_check() compares it with what the script says, and
 * marshal_learn() notes which descriptors have come and gone.
 */

/*
 * The script's descriptors and the live ones. Zero-initialise it. A number
 * that is not in it is -1 to the kernel: EBADF.
 */
struct descriptors {
	struct descriptor {
		int64_t script;
		int live;
	} * d;
	size_t n;
};

/* The live descriptor, or -1. */
int descriptors_live(const struct descriptors *, int64_t script);
void descriptors_add(struct descriptors *, int64_t script, int live);
void descriptors_remove(struct descriptors *, int64_t script);
void descriptors_free(struct descriptors *);

/* What "..." stands for where a call takes an address, in host byte order. */
struct call_ends {
	struct addr stack, peer;
	bool mapped; /* IPv4 over IPv6 sockets: ::ffff:192.0.2.1 */
	/* live ports */
	uint16_t bind_port;    /* of "..." in bind() */
	uint16_t connect_port; /* of "..." in connect(), sendto(), sendmsg() */
	/* the ports that the script writes in addresses; others stay */
	const struct port_pair {
		uint16_t script, live;
	} * ports;
	size_t nports;
};

/* One thing that a call writes, and that the script says something about. */
struct call_out {
	const char *name; /* "revents", "option value", "data", ... */
	const struct script_expr *want;
	enum call_out_kind {
		OUT_NUMBER,  /* of width octets, in host byte order */
		OUT_PORT,    /* of 2 octets, in network byte order; live */
		OUT_FLAGS,   /* a number of bits with names */
		OUT_OCTETS,  /* a string as long as the result */
		OUT_TEXT,    /* a string; zero octets may follow */
		OUT_ADDRESS, /* the octets of an address; width: 4 or 16 */
		OUT_CONTROL  /* msg_control; at is where the msghdr stands */
	} kind;
	const char *prefix; /* OUT_FLAGS: "POLL" */
	uint32_t at, width; /* in data */
	int64_t least;	    /* it counts when the call returns this or more */
};

#define CALL_OUTS 64

struct call_outs {
	struct call_out out[CALL_OUTS];
	size_t n;
};

/*
 * Fill in op, nr, the arguments and the data of the request; id is left to the
 * caller of this function. The script must outlive *outs.
 *
 * 0, or -1 with *e: ERR_ENV when this system has no such call or constant
 * (which makes the script a SKIP), ERR_USAGE when the script makes no sense.
 * Open descriptors do not matter to that, so that all calls of a script can be
 * tried before the first is made.
 */
int marshal_call(struct caller_request *, struct call_outs *,
    const struct script_call *, const struct descriptors *,
    const struct call_ends *, struct err *e);

/*
 * Does the reply agree with what the script says: the result, the error, and
 * what the call has written? What does not gets a row in fields, of which
 * there are *n already. Times of day are not compared.
 */
bool marshal_check(const struct script_call *, const struct call_outs *,
    const struct call_ends *, const struct caller_reply *,
    struct field fields[NFIELDS], size_t *n);

/* Add the descriptors that the call has made, remove the one it has closed. */
void marshal_learn(struct descriptors *, const struct script_call *,
    const struct caller_reply *);

#endif
