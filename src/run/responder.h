#ifndef RETORT_RESPONDER_H
#define RETORT_RESPONDER_H

/* What the files respond*.c share; see respond.h for all others. */

#include "base/random.h"
#include "run/expect.h"
#include "run/mapping.h"
#include "run/respond.h"

#define PEER_CONNS_MAX 1024
#define PEER_TEXT_MAX  16384 /* octets that wait to be sent */
#define PEER_QUEUE_MAX 16    /* segments that a script has not come to */

/*
 * How long what was sent before our RST arrived may still come; how long to
 * listen where silence is required, and behind a reset for a second one; and
 * behind a wrong answer for the right one, or where nothing is sent again.
 */
#define PEER_FLIGHT (50 * NSEC_PER_MSEC)
#define PEER_GRACE  (300 * NSEC_PER_MSEC)
#define PEER_SETTLE (20 * NSEC_PER_MSEC)
#define PEER_REGRET NSEC_PER_SEC

/* What we sent last that the rules have an answer to. */
struct asked {
	bool pending;
	enum event event; /* EV_ABORT: the other side's user, it seems */
	struct segment stimulus;
	struct tcb before; /* the other side's, just before */
	struct exchange x;
	int64_t due;	/* when it is judged, of clock_mono(), at the latest */
	bool answered;	/* a right answer came; see what else does until then */
	unsigned tries; /* how often it was sent */
};

/* Where a connection plays a script. */
struct peer_script {
	const struct script_event *next; /* NULL: it is over */
	struct mapping map;
	int64_t began, base; /* as in struct player */
	struct segment came[PEER_QUEUE_MAX];
	unsigned ncame;
	struct segment injected; /* the last one, for its terms */
	struct tcb before;
	bool any_injected;
};

struct peer_conn {
	unsigned number;
	enum behaviour as;
	struct tuple ours;  /* of the segments that we send */
	uint8_t mac[6];	    /* where they go */
	struct segment syn; /* that opened it */
	struct tcb tcb;	    /* the other side's */
	enum {
		PEER_OPENING, /* a SYN came */
		PEER_OPEN,    /* the handshake is done */
		PEER_FORGOT,  /* it was, and we know nothing of it any more */
		PEER_DONE     /* nothing more is sent of our own accord */
	} phase;
	int64_t ended; /* of clock_mono() */
	int64_t later; /* a SYN,ACK is due then; 0: none */

	/* ours */
	uint32_t snd_una, snd_nxt, rcv_nxt, snd_wnd;
	uint16_t mss; /* theirs */
	bool fin_came, fin_sent;
	bool ignored;	/* it was told that our RST was */
	uint32_t taken; /* octets of text that came */
	uint8_t text[PEER_TEXT_MAX];
	uint32_t len;	     /* of text, what is outstanding included */
	struct segment last; /* what is outstanding */
	int64_t resend;	     /* when it is sent again; 0: nothing is */
	int64_t rst_at;	     /* when we sent a RST, of clock_wall(); 0: not */

	struct asked asked;
	struct peer_script script;
};

struct responder {
	const struct respond_options *o;
	struct host host;
	struct random random;
	struct peer_conn *conns[PEER_CONNS_MAX];
	size_t nconns;
	int64_t began, began_wall;
	struct report_respond_tail *tail;
};

/* ---- respond.c ---- */

/* Send a segment of no connection; number 0 in the report. */
int responder_send(struct responder *, unsigned number, const uint8_t mac[6],
    struct segment *, struct err *e);

/* ---- respond_conn.c: all return 0, or -1 with *e ---- */

/* A SYN came that opens it. */
int peer_open(struct responder *, struct peer_conn *, const struct segment *syn,
    struct err *e);
/* Another segment of it came. */
int peer_came(struct responder *, struct peer_conn *, const struct segment *,
    struct err *e);
/* The other side's TCB after a segment of its, and the calls of its user. */
void peer_note_sent(struct responder *, struct peer_conn *,
    const struct segment *);
/* Time has passed. */
int peer_tick(struct responder *, struct peer_conn *, int64_t now,
    struct err *e);

/* ---- respond_send.c ---- */

/* What we send at this point, with these control bits. */
struct segment peer_make(const struct peer_conn *, uint16_t ctl);

/* The answer to a segment as CLOSED gives it (RFC 9293 3.10.7.1). */
struct segment peer_refusal(const struct segment *);

/* Octets of the headers of IP and TCP in what we send. */
unsigned peer_headers(const struct peer_conn *);

/* All that send return 0, or -1 with *e. */

/*
 * Send a segment of the connection's and move the TCB on. With ask its answer
 * is judged.
 */
int peer_send(struct responder *, struct peer_conn *, struct segment *,
    bool ask, struct err *e);

/* A SYN,ACK with a new ISS, and with this ACK. */
int peer_send_syn_ack(struct responder *, struct peer_conn *, uint32_t ack,
    struct err *e);

/*
 * What waits to be sent, or the FIN behind it, where nothing is outstanding;
 * probe: an octet even into a closed window.
 */
int peer_send_text(struct responder *, struct peer_conn *, bool probe,
    struct err *e);

/* A RST with ctl ends the connection. */
int peer_send_reset(struct responder *, struct peer_conn *, uint16_t ctl,
    struct err *e);

/* Nothing more is sent of our own accord. */
void peer_end(struct peer_conn *);

/* ---- respond_judge.c ---- */

/* The other side was in `before` and has been sent this. */
void asked_begin(struct responder *, struct peer_conn *, const struct segment *,
    const struct tcb *before);
/* A segment of its came: is it the answer? */
void asked_came(struct responder *, struct peer_conn *, const struct segment *);
/* No answer can come any more: say what is known. */
void asked_end(struct responder *, struct peer_conn *);
/* Has anything come that it may have meant as one? */
bool asked_replied(const struct peer_conn *);
/* Its user seems to have ended the connection by this RST. */
void asked_reset(struct peer_conn *, const struct segment *);
/* It goes on as if our RST had not come. */
void asked_ignored(struct responder *, struct peer_conn *,
    const struct segment *again);
/* The same words for a script. */
void asked_script(struct responder *, struct peer_conn *, struct judgement *,
    const char *expected, const char *observed);

/* ---- respond_script.c ---- */

int peer_script_came(struct responder *, struct peer_conn *,
    const struct segment *, struct err *e);
int peer_script_tick(struct responder *, struct peer_conn *, int64_t now,
    struct err *e);

#endif
