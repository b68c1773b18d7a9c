#ifndef RETORT_PLAYER_H
#define RETORT_PLAYER_H

/* What the files play*.c share; see play.h for all others. */

#include "base/random.h"
#include "bench/bench.h"
#include "craft/craft.h"
#include "run/expect.h"
#include "run/marshal.h"
#include "run/play.h"
#include "run/staging.h"
#include "sniff/dump.h"
#include "sniff/sniff.h"

/* How long after its time a thing may happen, unless times are judged. */
#define PLAY_PATIENCE (2 * NSEC_PER_SEC)

/* A connection of the script. */
struct player_conn {
	struct tuple ours; /* of the segments we send, on the wire */
	struct mapping map;
	struct tcb tcb; /* the stack's, in the numbers of the wire */
	bool wscale;	/* our SYN offered it */
	bool stamps;	/* our SYN had a timestamp */
	bool reset;	/* a RST has gone or come: the next SYN is a new one */
	bool asks;	/* a SYN has gone: the stack's may have a new ISS */
	bool given_up;	/* its place is taken: what it sends is past notice */
	/* what was injected last, and how the stack was just before */
	bool stimulated;
	struct segment stimulus;
	struct tcb before;
	struct exchange x;
};

/* Whose turn it is where a packet does not say its ports. */
struct player_group {
	const struct script_connection *name; /* NULL: the script's only one */
	struct player_conn *current;
	/* a socket was made, or connects, and no packet was of it yet */
	enum { FRESH_NOT, FRESH_SOCKET, FRESH_CONNECT } fresh;
};

/* A segment of the stack that no packet of the script was met by yet. */
struct player_came {
	struct segment seg;
	bool taken;
};

/* A call that has not returned. */
struct player_call {
	const struct script_event *event;
	struct player_group *group;
	struct call_outs outs;
	uint32_t id;
	int64_t end; /* when it should, of clock_mono() */
};

struct player {
	const struct script *script;
	const struct play_options *options;
	struct play_result *result;
	struct staging staging;
	struct bench *bench;
	/* the stack is not on a bench; then sniff is its wire's */
	struct session *remote;
	enum state remote_state; /* of the port that the script speaks to */
	bool state_unknown;	 /* just before what was injected last */
	struct craft *craft;
	struct sniff *sniff;
	struct dump *dump;
	struct random random;
	unsigned drops;
	uint8_t *zeros; /* the text of what is injected */

	int64_t began, began_wall; /* the clocks at the script's time 0 */
	int64_t deadline;	   /* of all of it */
	int64_t base; /* when the event before was, after the script's start */
	const struct script_event *event; /* that is played */
	char unmet[128]; /* what the script asks for and cannot have, or "" */
	struct player_conn *asked; /* was injected to, and nothing since */

	struct player_conn **conns;
	size_t nconns;
	struct player_group *groups;
	size_t ngroups;
	struct player_came *came;
	size_t ncame;
	struct player_call **calls;
	size_t ncalls;
	uint32_t id; /* of the last request */
	struct descriptors fds;
	struct call_ends ends;
};

/* ---- play.c ---- */

/* End with this verdict at the event that is played. Always -1. */
int player_stop(struct player *, enum verdict, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Nothing can be said: the link, the capture or the caller failed. -1. */
int player_broken(struct player *, const struct err *);

/* The packet of an event, as the script writes it. */
const char *player_source(const struct script_event *);

/* When it is due, of clock_mono(); range: the end of its time. */
int64_t player_due(const struct player *, const struct script_event *,
    bool range);

/* ---- play_wire.c: all return 0, or -1 with the verdict ---- */

int player_open(struct player *, struct err *e);

/* From us to the stack; the port is the fence's. */
struct tuple player_ends(const struct player *);

/* The frames that are kept are written. Then all else. */
void player_finish(struct player *);
void player_close(struct player *);

/* Send, and note it. */
int player_send(struct player *, struct segment *, enum relation);

/* The same of an ICMP message about a segment with so many octets of text. */
int player_send_icmp(struct player *, const struct icmp *, uint32_t text_len,
    struct err *e);

/* Read what comes until then; those of the fence are not kept. */
int player_listen(struct player *, int64_t deadline);

/* Read until something came. 1, 0 at the deadline, or -1. */
int player_next(struct player *, int64_t deadline);

/* All that the stack has to say now has come. */
int player_fence(struct player *);

/* 1: a fence was answered; 0: not before the deadline; -1 with *e. */
int player_ask_fence(struct player *, int64_t deadline, struct err *e);

/* ---- play_remote.c: the same of a stack that is not on a bench ---- */

int player_open_remote(struct player *, struct err *e);
void player_close_remote(struct player *);
int player_fence_remote(struct player *);

/* The state of a connection, as the wire shows it; false: it does not. */
bool player_guess(const struct player *, const struct player_conn *,
    enum state *);

/* ---- play_conn.c ---- */

struct player_group *player_group(struct player *,
    const struct script_connection *);
struct player_conn *player_conn_new(struct player *, const struct tuple *);

/* The connection that a segment of the stack's is of, or NULL. */
struct player_conn *player_conn_of(struct player *, const struct segment *);

/* The connection of a packet that is injected: a new one if need be. */
struct player_conn *player_conn_in(struct player *,
    const struct script_event *);

/*
 * The connection of a packet that is expected; NULL: one that the stack opens,
 * whose ports are not known yet.
 */
struct player_conn *player_conn_out(struct player *,
    const struct script_event *);

/* The TCB after a segment of ours, and after one of the stack's. */
void player_conn_sent(struct player_conn *, const struct segment *);
void player_conn_came(struct player_conn *, const struct segment *);

/* ---- play_packet.c ---- */

/* Send it, and wait for it; its time has come, but not yet its deadline. */
int player_inject(struct player *, const struct script_event *);
int player_expect(struct player *, const struct script_event *);

/* A segment of the stack's in the numbers of the script. */
struct segment player_script_segment(const struct player_conn *,
    const struct segment *);

/* The terms of a connection. */
struct situation player_situation(const struct player *,
    const struct player_conn *);

/* ---- play_icmp.c ---- */

int player_check_icmp(struct player *, const struct script_packet *);
int player_inject_icmp(struct player *, const struct script_event *);

/* ---- play_rule.c ---- */

/* Nothing came that the script does not have. */
int player_silence(struct player *, const struct script_event *);

/* What came is what the rulebook has. */
int player_rule(struct player *, const struct script_event *);

/*
 * Which of script and stack contradicts the RFC, where this was the answer to
 * what was injected just before? Packet NULL: silence was expected.
 */
void player_blame(struct player *, const struct player_conn *,
    const struct script_packet *);

/* ---- play_call.c ---- */

/* Can this call, this shell line be made here? */
int player_check_call(struct player *, const struct script_event *);
int player_check_shell(struct player *, const struct script_event *);

int player_call(struct player *, const struct script_event *);
int player_shell(struct player *, const struct script_event *);

/* Wait for calls that are to have returned by then, of clock_mono(). */
int player_await(struct player *, int64_t by);

/* The state of the connection, and whether a process has it, in the kernel. */
int player_look(struct player *, const struct player_conn *, enum state *,
    bool *held);

#endif
