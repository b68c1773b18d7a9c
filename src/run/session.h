#ifndef RETORT_SESSION_H
#define RETORT_SESSION_H

#include "base/random.h"
#include "bench/adapter.h"
#include "bench/reason.h"
#include "match/exchange.h"
#include "rules/rulebook.h"
#include "run/ways.h"
#include "run/wire.h"

/* What a remote stack's user does when left alone, as far as it is known. */
enum habit { HABIT_UNKNOWN, HABIT_YES, HABIT_NO };

#define MET_MAX 64

/* What is known of a stack whose order is not certain; see remote.h. */
struct remote {
	unsigned retries;
	unsigned misses; /* cases in a row in which nothing answered */
	int64_t rtt;	 /* ns, the longest of those measured lately */
	enum habit closes, speaks, timestamps, sack;
	int64_t wait; /* ns, for it to connect */
	/* the ports of its that served the last cases, when it connects */
	uint16_t met[MET_MAX];
	unsigned nmet;
	bool awaited; /* such a connection, now */
	bool early;   /* one came before it was: */
	struct segment syn;
	bool surprised; /* it is tried again: see reach_surprises() */
	bool refused;	/* an ICMP message said so, of this case */
	char what[256]; /* text of what broke the evidence */
};

/*
 * Everything that is open while a suite runs: the bench, our side of the
 * wire, and the exchange of the case that runs now. What can be asked of a
 * stack, and what its answers are worth, depends on where it is:
 *
 *			driven	ordered	looks
 *	the kernel	yes	yes	yes
 *	an adapter's	yes	no	as it says
 *	a remote one	no	no	no
 */
struct session {
	struct bench *bench; /* NULL: the stack is remote */
	bool driven;	     /* its user does what it is told to */
	bool ordered; /* it answers in order: a fence alone proves silence */
	bool client;  /* it connects to us, and never listens: see client.h */
	bool prompt;  /* an adapter's stack of which that is true */
	bool looks;   /* its user sees what has become of a connection */
	struct wire wire;
	struct remote remote;
	struct ways ways; /* of a stack on an adapter */
	uint16_t listen_port, small_port;
	uint16_t closed_port, fence_port;     /* 0: none is known */
	uint16_t connect_first, connect_last; /* see struct bench_net */
	unsigned connects;
	struct reasons *reasons; /* NULL: the kernel tells us none */
	bool dead;	 /* the stack is gone: no case can run any more */
	char death[256]; /* and how that was noticed; "": it is known */
	unsigned drops;	 /* of the capture, so far */
	struct random random;
	uint8_t used[65536 / 8]; /* ports of ours, a bit each */
	unsigned ports_used;
	uint16_t last_port;   /* of those */
	bool confirmed[2][2]; /* [IPv6][listener]: the port's state */
	struct exchange x;
	const char *reason; /* the kernel's for its last RST, or NULL */
	uint8_t text[CASE_TEXT_MAX]; /* what crafted segments carry */
};

/* Nothing is open yet; there is text to send. */
void session_init(struct session *);

/*
 * Open it all, in the order of retort's safety rule: files, namespaces, wire;
 * then give up every privilege. pcap may be NULL. 0, or -1 with *e.
 */
int session_open(struct session *, bench_stack *stack, const char *pcap,
    struct err *e);

/* -1 with *e when the capture could not be written whole. */
int session_close(struct session *, struct err *e);

/* Has the stack an address of this family? */
bool session_has_ip(const struct session *, uint8_t ip);

/*
 * Send a segment and put it into the exchange. -1 with *e; the exchange then
 * says what is broken.
 */
int session_send(struct session *, struct segment *, enum relation,
    struct err *e);

/*
 * Read until a segment of the exchange came that has all these control bits,
 * is no retransmission and can be believed; at most a second. *e says that none
 * came.
 */
int session_expect(struct session *, uint16_t ctl, struct segment *,
    struct err *e);

/* Put what comes before the deadline into the exchange. -1 with *e. */
int session_listen(struct session *, int64_t deadline, struct err *e);

/* The next segment for us: as sniff_next(). */
int session_next(struct session *, struct segment *, int64_t deadline,
    struct err *e);

/*
 * Send a SYN to the port that is surely closed and read until its answer; what
 * comes before belongs to the exchange. 1: it was answered; 0: not before the
 * deadline; -1 with *e.
 */
int session_ask_fence(struct session *, uint8_t ip, int64_t deadline,
    struct err *e);

/*
 * Prove that the stack has nothing more to say: send a SYN to a port that is
 * surely closed and read until its answer. What comes before belongs to the
 * exchange. Before the stimulus this ends the setup, after it the case. When
 * no answer comes within a second, or the capture dropped frames meanwhile,
 * the exchange is marked as broken; when the stack stays mute, so is the
 * session.
 */
void session_fence(struct session *, uint8_t ip);

/*
 * Note the kernel's own reason for the last RST that it sent to us, where it
 * tells us: a bonus, no verdict depends on it. It tells us those of everybody,
 * and what is not taken for long is lost.
 */
void session_take_reason(struct session *);

/*
 * No case is to be the first that meets a wire that does not work yet, or not
 * at all: try fences until one is answered. -1 with *e when none is.
 */
int session_try(struct session *, uint8_t ip, struct err *e);

/* No case can run any more, as *e says. Always -1. */
int session_lost(struct session *, const struct err *e);

/* Those that the bench has. */
void session_set_ports(struct session *, const struct bench_net *);

/*
 * A fresh endpoint of the crafted peer, and the stack's on a port; on port 0,
 * which is not known yet, one that the stack can connect to.
 */
struct tuple session_tuple(struct session *, uint8_t ip, uint16_t port);

#endif
