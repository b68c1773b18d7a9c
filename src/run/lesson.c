/*
 * DOC: how a lesson is played
 *
 * The statements happen one after the other, and the wire goes in lockstep
 * with them: what a side sends waits on the wire until a line names it. Then
 * it is passed on, and the other side is fenced, so that its answers wait in
 * their turn, and both kernels can be asked for states that are certain. Only
 * while time goes by is all passed on as it comes.
 *
 * All numbers are relative from where a segment is taken off the wire to where
 * one is put on it: the rules' arithmetic does not mind, and everything that
 * is told counts from each side's ISS.
 */
#include <sys/prctl.h>

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "run/lesson_play.h"

#define STATE_WAIT (10 * NSEC_PER_MSEC)

const char *
lesson_text(struct lesson *l, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return arena_strndup(&l->result->arena, text, strlen(text));
}

struct lesson_event *
lesson_note(struct lesson *l, const struct lesson_event *ev)
{
	struct lesson_result *r = l->result;
	struct lesson_event *own;

	r->events = mem_grow(r->events, r->n, sizeof(*r->events));
	own = &r->events[r->n++];
	*own = *ev;
	if (own->when == 0)
		own->when = clock_wall() - l->began;
	if (l->options->tell != NULL)
		l->options->tell(l->options->arg, own);
	return own;
}

int
lesson_wrong(struct lesson *l, const char *text, const char *expected,
    const char *observed)
{
	struct lesson_event ev = {
		.kind = LESSON_WRONG, .expected = expected, .observed = observed
	};

	ev.text = l->item == NULL ? text
				  : lesson_text(l, "%s:%d: %s", l->lab->file,
					l->item->pos.line, text);
	l->result->verdict = V_FAIL;
	lesson_note(l, &ev);
	return -1;
}

/* ---- the statements ---- */

static int
play_text(struct lesson *l, const struct lab_item *item)
{
	struct lesson_event ev = { .kind = item->kind == LAB_STEP ? LESSON_STEP
					   : item->kind == LAB_ASK
					       ? LESSON_ASK
					       : LESSON_NOTE,
		.text = STAILQ_FIRST(&item->texts)->text };

	if (item->kind == LAB_STEP && lesson_await(l, NSIDES) == -1)
		return -1;
	if (item->kind == LAB_STEP)
		ev.number = ++l->steps;
	lesson_note(l, &ev);
	if (item->kind == LAB_ASK)
		l->question =
		    arena_alloc(&l->result->arena, sizeof(*l->question));
	return 0;
}

static int
play_wire(struct lesson *l, const struct lab_item *item)
{
	struct lesson_event ev = { .side = lesson_side(item) };

	if (item->kind == LAB_WAIT)
		return lesson_wait(l, item->ns);
	if (item->kind == LAB_RELEASE)
		return lesson_release(l, lesson_side(item));
	if (item->kind == LAB_HOLD) {
		l->wire[lesson_side(item)] = WIRE_HOLDS;
		ev.kind = LESSON_HOLD;
	} else if (item->kind == LAB_LOSE) {
		l->wire[lesson_side(item)] = WIRE_LOSES;
		ev.kind = LESSON_LOSE;
	} else {
		l->wire[lesson_side(item)] = WIRE_PASSES;
		ev.kind = LESSON_PASS;
	}
	lesson_note(l, &ev);
	return 0;
}

/* The kernel has a moment to get there. */
static int
play_state(struct lesson *l, const struct lab_item *item)
{
	int64_t deadline = clock_mono() + NSEC_PER_SEC;
	struct lesson_event ev = { .kind = LESSON_STATE,
		.side = lesson_side(item) };
	enum state state;
	bool held;

	for (;;) {
		if (lesson_look(l, l->conn, lesson_side(item), &state, &held) ==
		    -1)
			return -1;
		state = item->state == ST_LISTEN
			    ? state
			    : lesson_shown(l->conn, lesson_side(item), state);
		if (state == item->state || clock_mono() > deadline)
			break;
		if (lesson_listen(l, clock_mono() + STATE_WAIT) == -1)
			return -1;
	}
	if (state != item->state)
		return lesson_wrong(l,
		    lesson_text(l, "the %s is in another state",
			lesson_side(item) == SIDE_SERVER ? "server" : "client"),
		    state_name(item->state), state_name(state));
	if (lesson_states(l, l->conn, &ev) == -1)
		return -1;
	lesson_note(l, &ev);
	return 0;
}

static int
play_event(struct lesson *l, const struct lab_item *item)
{
	const struct script_event *ev = item->event;

	if (ev->kind == SCRIPT_CALL)
		return lesson_call(l, item);
	if (ev->kind == SCRIPT_SILENCE)
		return lesson_silence(l, item);
	if (ev->packet->proto != PROTO_TCP)
		return lesson_icmp(l, item);
	return ev->packet->out ? lesson_expect(l, item) : lesson_forge(l, item);
}

static int
play_item(struct lesson *l, const struct lab_item *item)
{
	l->item = item;
	switch (item->kind) {
	case LAB_STEP:
	case LAB_NOTE:
	case LAB_ASK:
		return play_text(l, item);
	case LAB_EVENT:
		return play_event(l, item);
	case LAB_RETURNS:
		return lesson_await(l, lesson_side(item));
	case LAB_STATE:
		return play_state(l, item);
	case LAB_SYSCTL:
		return lesson_sysctl(l, item);
	case LAB_RULE:
		return lesson_rule(l, item);
	case LAB_WAIT:
	case LAB_PASS:
	case LAB_HOLD:
	case LAB_LOSE:
	case LAB_RELEASE:
		return play_wire(l, item);
	default: /* what stands before and after */
		return 0;
	}
}

static int
play_all(struct lesson *l)
{
	const struct lab_item *item;

	STAILQ_FOREACH (item, &l->lab->items, next)
		if (lab_applies(item) && play_item(l, item) == -1)
			return -1;
	l->item = NULL;
	if (lesson_await(l, NSIDES) == -1)
		return -1;
	return lesson_finish(l);
}

/* ---- beginning and end ---- */

static void
set_ends(struct lesson *l)
{
	const struct addr *client = pair_addr(l->pair, PAIR_CLIENT);
	const struct addr *server = pair_addr(l->pair, PAIR_SERVER);

	l->call_ends[SIDE_CLIENT] = (struct call_ends){ .stack = *client,
		.peer = *server,
		.bind_port = LESSON_CLIENT_PORT,
		.connect_port = LESSON_SERVER_PORT };
	/* where both connect they must meet */
	l->call_ends[SIDE_SERVER] = (struct call_ends){ .stack = *server,
		.peer = *client,
		.bind_port = LESSON_SERVER_PORT,
		.connect_port = LESSON_CLIENT_PORT };
	l->conn = lesson_conn(l, LESSON_CLIENT_PORT, LESSON_SERVER_PORT);
}

static void
close_all(struct lesson *l)
{
	size_t i;
	int side;

	pair_close(l->pair);
	for (i = 0; i < l->nconns; i++)
		free(l->conns[i]);
	for (i = 0; i < l->ncalls; i++)
		free(l->calls[i]);
	for (side = 0; side < NSIDES; side++) {
		descriptors_free(&l->fds[side]);
		free(l->sockets[side]);
	}
	free(l->conns);
	free(l->calls);
	free(l->came);
}

int
lesson_play(struct lesson_result *r, struct lab *lab,
    const struct lesson_options *o, struct err *e)
{
	struct lesson l = { .lab = lab, .options = o, .result = r, .e = e };
	struct err finish;

	*r = (struct lesson_result){ .verdict = V_PASS };
	e->kind = ERR_NONE;
	if (pair_open(&l.pair, o->ip, o->pcap, e) == -1)
		return -1;
	/* to end with the parent, which a new user namespace has undone */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	l.began = clock_wall();
	set_ends(&l);
	play_all(&l);
	if (pair_finish(l.pair, &finish) == -1 && e->kind == ERR_NONE)
		*e = finish;
	close_all(&l);
	return e->kind == ERR_NONE ? 0 : -1;
}

void
lesson_free(struct lesson_result *r)
{
	free(r->events);
	arena_free(&r->arena);
}
