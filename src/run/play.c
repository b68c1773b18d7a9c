/*
 * DOC: how a script is played
 *
 * The events happen one after the other. What is injected, and calls, wait
 * for their time; packets that are expected are waited for in their order. A
 * segment that the stack sends is kept until the script comes to it: the
 * first of a connection that was not expected yet is the one that an
 * expectation is held to. Times are told, and judged only when a tolerance is
 * asked for: an event that is late puts off those that are relative to it.
 *
 * Silence is proved by a fence, as everywhere; see bench.h. A script whose
 * last packet is injected is silent behind it: what the calls after it have
 * the stack send is not looked at.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "run/player.h"

#define TIME_MAX (600 * NSEC_PER_SEC) /* of a script, whatever it says */
#define SLACK	 (60 * NSEC_PER_SEC)  /* beyond the times that it says */
#define ANY_WAIT (60 * NSEC_PER_SEC)  /* for a packet at any time */

/* What is defined for #ifdef: we hold the stack to the RFC. */
static const char *const defines[] = { "STANDARD", "linux", NULL };

int
player_stop(struct player *p, enum verdict v, const char *fmt, ...)
{
	struct play_result *r = p->result;
	va_list ap;

	r->verdict = v;
	r->at = p->event;
	va_start(ap, fmt);
	vsnprintf(r->reason, sizeof(r->reason), fmt, ap);
	va_end(ap);
	if (p->event != NULL && r->expected[0] == '\0' && v == V_FAIL)
		snprintf(r->expected, sizeof(r->expected), "%s",
		    player_source(p->event));
	return -1;
}

int
player_broken(struct player *p, const struct err *e)
{
	return player_stop(p,
	    e->kind == ERR_INTERNAL ? V_ERROR : V_INCONCLUSIVE, "%s", e->msg);
}

const char *
player_source(const struct script_event *ev)
{
	size_t n = strcspn(ev->source, "<>`");

	if (ev->kind == SCRIPT_CALL || ev->source[n] == '\0')
		return ev->source;
	n += strspn(ev->source + n, "<> ");
	return ev->source + n;
}

int64_t
player_due(const struct player *p, const struct script_event *ev, bool range)
{
	const struct script_time *t = &ev->time;

	switch (t->when) {
	case WHEN_AT:
		return p->began + t->from;
	case WHEN_AFTER:
		return p->began + p->base + t->from;
	case WHEN_AT_RANGE:
		return p->began + (range ? t->to : t->from);
	case WHEN_AFTER_RANGE:
		return p->began + p->base + (range ? t->to : t->from);
	case WHEN_ANY:
		return p->began + p->base + (range ? ANY_WAIT : 0);
	case WHEN_NONE:
		break;
	}
	return p->began + p->base;
}

/* ---- what cannot be played is known before anything is sent ---- */

static int
check_packet(struct player *p, const struct script_packet *packet)
{
	static const struct mapping none;
	static const struct segment any;
	static const struct tcb tcb;
	struct situation s = { .tcb = &tcb, .seg = &any };
	struct expect_context context = { &s, &none };
	const struct script_opt *o;
	struct segment seg;
	struct err e;

	if (packet->foreign != NULL)
		return player_stop(p, V_SKIP, "%s headers are not built here",
		    packet->foreign);
	if (packet->udp.said)
		return player_stop(p, V_SKIP, "TCP in UDP is not built here");
	if (packet->proto == PROTO_UDP)
		return player_stop(p, V_SKIP, "UDP is not played here");
	if (packet->proto == PROTO_ICMP)
		return player_check_icmp(p, packet);
	STAILQ_FOREACH (o, &packet->opts, next)
		if (o->word != NULL)
			return player_stop(p, V_SKIP,
			    "the option %s needs a key or a cookie that is "
			    "not known here",
			    o->word);
	if (expect_segment(&seg, packet, &context, &e) == -1)
		return player_stop(p, V_ERROR, "%s", e.msg);
	return 0;
}

static int
check_event(struct player *p, const struct script_event *ev)
{
	switch (ev->kind) {
	case SCRIPT_PACKET:
		return check_packet(p, ev->packet);
	case SCRIPT_CALL:
	case SCRIPT_SHELL:
		if (p->options->remote != NULL)
			return player_stop(p, V_SKIP,
			    "a remote stack takes no calls and no settings");
		return ev->kind == SCRIPT_CALL ? player_check_call(p, ev)
					       : player_check_shell(p, ev);
	case SCRIPT_CODE:
		return player_stop(p, V_SKIP,
		    "code in another language is not run here");
	case SCRIPT_RULE:
		if (p->options->book == NULL)
			return player_stop(p, V_SKIP, "there is no rulebook");
		if (ev->text != NULL &&
		    rulebook_find(p->options->book, ev->text) == NULL)
			return player_stop(p, V_ERROR, "no rule has the id %s",
			    ev->text);
		break;
	case SCRIPT_SILENCE:
		break;
	}
	return 0;
}

/* Call it for each event that applies, until it ends the script. */
static int
each_event(struct player *p,
    int (*f)(struct player *, const struct script_event *))
{
	const struct script_event *ev;

	STAILQ_FOREACH (ev, &p->script->events, next) {
		if (!script_applies(ev, defines))
			continue;
		p->event = ev;
		if (f(p, ev) == -1)
			return -1;
	}
	return 0;
}

/* ---- the time line ---- */

/* A packet that is injected, and none follows? */
static bool
is_last_packet(const struct script_event *ev)
{
	if (ev->kind != SCRIPT_PACKET || ev->packet->out)
		return false;
	while ((ev = STAILQ_NEXT(ev, next)) != NULL)
		if ((ev->kind == SCRIPT_PACKET || ev->kind == SCRIPT_SILENCE ||
			ev->kind == SCRIPT_RULE) &&
		    script_applies(ev, defines))
			return false;
	return true;
}

static int
play_packet(struct player *p, const struct script_event *ev)
{
	if (ev->packet->out)
		return player_expect(p, ev);
	if ((ev->packet->proto == PROTO_ICMP ? player_inject_icmp(p, ev)
					     : player_inject(p, ev)) == -1)
		return -1;
	if (p->options->end_silence && is_last_packet(ev))
		return player_silence(p, ev);
	return 0;
}

static int
play_now(struct player *p, const struct script_event *ev)
{
	switch (ev->kind) {
	case SCRIPT_PACKET:
		return play_packet(p, ev);
	case SCRIPT_SILENCE:
		return player_silence(p, ev);
	case SCRIPT_RULE:
		return player_rule(p, ev);
	case SCRIPT_CALL:
		return player_call(p, ev);
	case SCRIPT_SHELL:
		return player_shell(p, ev);
	case SCRIPT_CODE:
		break;
	}
	return 0;
}

static int
play_event(struct player *p, const struct script_event *ev)
{
	bool expected = ev->kind == SCRIPT_PACKET && ev->packet->out;
	int64_t due = player_due(p, ev, false), now;

	if (clock_mono() > p->deadline)
		return player_stop(p, V_INCONCLUSIVE,
		    "the script takes far longer than it says");
	if (!expected && player_listen(p, due) == -1)
		return -1;
	if (play_now(p, ev) == -1)
		return -1;
	if (expected)
		return 0;
	now = clock_mono();
	p->base = (due > now ? due : now) - p->began;
	return 0;
}

/* How long the script says that it takes, at most. */
static int64_t
said_time(const struct script *s)
{
	const struct script_event *ev;
	int64_t sum = 0, far = 0, t;

	STAILQ_FOREACH (ev, &s->events, next) {
		t = ev->time.to > ev->time.from ? ev->time.to : ev->time.from;
		if (ev->kind == SCRIPT_CALL && ev->call->end > t)
			t = ev->call->end;
		if (ev->time.when == WHEN_AFTER ||
		    ev->time.when == WHEN_AFTER_RANGE)
			sum += t;
		else if (t > far)
			far = t;
	}
	return far + sum;
}

/* The connections end by a RST of ours: the stack keeps nothing. */
static void
reset_all(struct player *p)
{
	struct play_result before = *p->result;
	struct segment rst;
	size_t i;

	for (i = 0; i < p->nconns; i++) {
		rst = (struct segment){ .tuple = p->conns[i]->ours,
			.seq = p->conns[i]->tcb.rcv_nxt,
			.ctl = CTL_RST };
		if (player_send(p, &rst, REL_CLEANUP) == -1)
			break;
	}
	before.x = p->result->x;
	*p->result = before;
}

/* The frames that were dropped may have been those that are missing. */
static void
check_drops(struct player *p)
{
	unsigned before = p->drops;
	struct err e;

	if (sniff_drops(p->sniff, &p->drops, &e) == -1)
		player_broken(p, &e);
	else if (p->drops != before)
		player_stop(p, V_INCONCLUSIVE, "the capture dropped frames");
}

static void
play_all(struct player *p)
{
	int64_t said = said_time(p->script);

	p->began = clock_mono();
	p->began_wall = clock_wall();
	p->deadline =
	    p->began + (said + SLACK < TIME_MAX ? said + SLACK : TIME_MAX);
	if (each_event(p, play_event) == 0 && player_await(p, INT64_MAX) == 0)
		p->event = NULL;
	p->result->seconds = (double)(clock_mono() - p->began) / NSEC_PER_SEC;
	/* it may go otherwise for that reason, and is held to nothing */
	if (p->result->verdict == V_FAIL && p->unmet[0] != '\0')
		player_stop(p, V_SKIP, "%s", p->unmet);
	reset_all(p);
	check_drops(p);
}

int
play_script(struct play_result *r, const struct script *s,
    const struct play_options *options, struct err *e)
{
	struct player p = { .script = s, .options = options, .result = r };
	const struct script_connection *name;
	size_t n = 1;
	int rc = 0;

	memset(r, 0, sizeof(*r));
	exchange_start(&r->x, &r->x.ours);
	STAILQ_FOREACH (name, &s->connections, next)
		n++;
	p.groups = mem_calloc(n, sizeof(*p.groups));
	if (staging_read(&p.staging, s, e) == -1) {
		player_stop(&p, V_ERROR, "%s", e->msg);
	} else {
		p.ends = (struct call_ends){
			.stack = p.staging.stage.stack[p.staging.ip == 6],
			.peer = p.staging.stage.peer[p.staging.ip == 6],
			.mapped = p.staging.mapped,
			.bind_port = p.staging.bind_port,
			.connect_port = p.staging.connect_port
		};
		if (each_event(&p, check_event) == 0) {
			p.event = NULL;
			rc = player_open(&p, e);
			if (rc == 0 && options->ready != NULL)
				options->ready(options->arg);
			if (rc == 0)
				play_all(&p);
		}
	}
	player_finish(&p);
	if (rc == 0 && options->tell != NULL)
		options->tell(options->arg, r);
	player_close(&p);
	return rc;
}
