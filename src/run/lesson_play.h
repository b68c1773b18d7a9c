#ifndef RETORT_LESSON_PLAY_H
#define RETORT_LESSON_PLAY_H

/* What the files lesson*.c share; see lesson.h for all others. */

#include "base/random.h"
#include "report/exchange_ladder.h"
#include "run/expect.h"
#include "run/lesson.h"
#include "run/marshal.h"
#include "run/pair.h"

/* How long something that is foreseen may take, on a busy machine. */
#define LESSON_PATIENCE (5 * NSEC_PER_SEC)

#define LESSON_CLIENT_PORT 40000 /* of bind(), and of what is forged */
#define LESSON_SERVER_PORT 8080

/* One side of a connection. All numbers are relative. */
struct lesson_end {
	struct endpoint at;
	/* its ISS on the wire, the newest last: ports may be used again */
	uint32_t iss[8];
	size_t niss;
	struct tcb tcb;
	/* what it met last: a segment or a call, and the TCB before that */
	enum event event;
	bool stimulated;
	bool asked; /* and nothing that it sent was looked at since */
	bool got;   /* a segment has come to it: stimulus */
	bool lived; /* it was synchronized: it does not return to LISTEN */
	struct segment stimulus;
	struct tcb before;
	struct exchange x; /* "ours" is the other's */
};

struct lesson_conn {
	struct lesson_end ends[NSIDES];
	bool used; /* a segment of it has been seen */
};

/* A segment that a side has sent. */
struct lesson_came {
	struct lesson_conn *conn;
	struct segment seg; /* relative */
	enum lesson_side side;
	uint64_t id;
	bool odd;   /* a bare ACK that is not at its sender's SND.NXT */
	bool again; /* a copy of one that came before */
	bool taken; /* a line of the lesson has named it */
	bool gone;  /* passed, or lost */
	bool held;
	size_t told; /* its event; from 1 */
};

/* A descriptor of a side, by the lesson's number. */
struct lesson_fd {
	int64_t fd;
	bool listens, linger0;
	struct lesson_conn *conn; /* or NULL: the current one */
};

/* A call that has not returned. */
struct lesson_call {
	const struct script_call *call;
	enum lesson_side side;
	struct call_outs outs;
	const char *text;
	uint32_t id;
	int64_t end; /* when it should, of clock_mono() */
	bool blocks;
};

struct lesson {
	struct lab *lab;
	const struct lesson_options *options;
	struct lesson_result *result;
	struct pair *pair;
	struct random random;
	int64_t began; /* of clock_wall() */

	enum { WIRE_PASSES, WIRE_HOLDS, WIRE_LOSES } wire[NSIDES];
	struct lesson_conn **conns;
	size_t nconns;
	struct lesson_conn *conn; /* that was spoken of last */
	struct lesson_came *came;
	size_t ncame;

	struct descriptors fds[NSIDES];
	struct call_ends call_ends[NSIDES];
	struct lesson_fd *sockets[NSIDES];
	size_t nsockets[NSIDES];
	struct lesson_call **calls;
	size_t ncalls;
	uint32_t id; /* of the last request */

	const struct lab_item *item;	  /* that is played */
	struct lesson_question *question; /* about the next line > */
	struct lesson_question *last;	  /* about the line > before */
	struct lesson_conn *rule_conn;	  /* of that line */
	enum lesson_side rule_side;
	unsigned steps;
	enum state states[NSIDES]; /* that were told last */
	struct err *e;
};

/* Whose line it is. */
static inline enum lesson_side
lesson_side(const struct lab_item *item)
{
	return item->side == LAB_SERVER ? SIDE_SERVER : SIDE_CLIENT;
}

/*
 * All functions below return 0, or -1: then either the lesson went otherwise
 * than foreseen, and that is told, or l->e says why it cannot go on.
 */

/* ---- lesson.c ---- */

/* Note what happens. The event is valid until the next one. */
struct lesson_event *lesson_note(struct lesson *, const struct lesson_event *);

/* A text that lives as long as the result. */
const char *lesson_text(struct lesson *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Otherwise than foreseen. Always -1. */
int lesson_wrong(struct lesson *, const char *text, const char *expected,
    const char *observed);

/* ---- lesson_conn.c ---- */

/* The connection with these ports, which may be new. */
struct lesson_conn *lesson_conn(struct lesson *, uint16_t client,
    uint16_t server);

enum lesson_side lesson_other(enum lesson_side);

/* That of a segment on the wire. */
struct lesson_conn *lesson_conn_of(struct lesson *, const struct segment *,
    enum lesson_side from);

/* A segment of that side: from the wire's numbers, and to them. */
void lesson_relative(const struct lesson_conn *, enum lesson_side from,
    struct segment *);
void lesson_live(const struct lesson_conn *, enum lesson_side from,
    struct segment *);

/* A side's SYN says what its numbers count from. */
void lesson_learn(struct lesson_conn *, enum lesson_side, uint32_t iss);

/* Is it a bare ACK, and not at what its sender sends next? */
bool lesson_odd(const struct lesson_conn *, enum lesson_side,
    const struct segment *);

/*
 * The TCBs after a segment that a side has sent, and after one that it gets:
 * lesson_stimulate() comes before.
 */
void lesson_conn_sent(struct lesson_conn *, enum lesson_side,
    const struct segment *);
void lesson_conn_got(struct lesson_conn *, enum lesson_side,
    const struct segment *);

/* It is to meet something: the TCB as it is before that. */
int lesson_stimulate(struct lesson *, struct lesson_conn *, enum lesson_side,
    enum event, const struct segment *);

/* What the side's kernel says. */
int lesson_look(struct lesson *, struct lesson_conn *, enum lesson_side,
    enum state *, bool *held);

/*
 * A port where a connection was has a listener only, as before: for a reader
 * that connection is CLOSED.
 */
enum state lesson_shown(const struct lesson_conn *, enum lesson_side,
    enum state);

/* Both states after the event. */
int lesson_states(struct lesson *, struct lesson_conn *, struct lesson_event *);

/* ---- lesson_wire.c ---- */

/* Take what has come, and until the deadline what comes. 1: something did. */
int lesson_listen(struct lesson *, int64_t deadline);

/* All that the side has to say for now has come. */
int lesson_fence(struct lesson *, enum lesson_side);

/* Time goes by; everything is passed on meanwhile. */
int lesson_wait(struct lesson *, int64_t ns);

/* What was held of that side goes on. */
int lesson_release(struct lesson *, enum lesson_side);

/* One that waits, as the wire is now. */
int lesson_pass(struct lesson *, size_t i);

/* The segment under test is marked, and what is asked about it noted. */
void lesson_mark(struct lesson *, struct lesson_event *,
    const struct lesson_conn *, enum lesson_side);

/* The packet of a line in relative numbers. */
int lesson_read_packet(struct lesson *, const struct lesson_end *,
    const struct lab_item *, struct segment *);

/* The line < PACKET. */
int lesson_forge(struct lesson *, const struct lab_item *);

/* ---- lesson_expect.c ---- */

/* The lines > PACKET and > none. */
int lesson_expect(struct lesson *, const struct lab_item *);
int lesson_silence(struct lesson *, const struct lab_item *);

/* At the end: nothing that was not named has come. */
int lesson_finish(struct lesson *);

/* ---- lesson_icmp.c ---- */

/* The line < icmp: an error about a segment that the side has sent. */
int lesson_icmp(struct lesson *, const struct lab_item *);

/* ---- lesson_call.c ---- */

int lesson_call(struct lesson *, const struct lab_item *);

/* Wait for the calls of a side that have not returned; NSIDES: of both. */
int lesson_await(struct lesson *, enum lesson_side);
int lesson_sysctl(struct lesson *, const struct lab_item *);

/* ---- lesson_rule.c ---- */

int lesson_rule(struct lesson *, const struct lab_item *);

#endif
