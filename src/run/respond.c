/*
 * DOC: a hand-made peer
 *
 *   host           addresses that no kernel has: ARP, ND and ping
 *   respond        the table of connections, by 4-tuple; time; the end
 *   respond_conn   what the peer's TCP does with what comes
 *   respond_send   what it sends
 *   respond_script or what a script says that it does
 *   respond_judge  and what the rules say of the other side's answers
 *
 * One thread reads, sends and judges; nothing in it waits but for the next
 * frame. A connection that is over keeps its place, for what it may still
 * send, until a new one needs it.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/privilege.h"
#include "report/report_respond.h"
#include "run/responder.h"
#include "run/suite.h"

#define STEP (10 * NSEC_PER_MSEC) /* between two looks at the clock */

/* ---- what is told ---- */

static void
show(const struct responder *r, unsigned number, const struct segment *seg,
    bool ours)
{
	const struct report_respond_segment s = { .conn = number,
		.seg = seg,
		.ours = ours,
		.seconds = (double)(seg->when - r->began_wall) / NSEC_PER_SEC };

	r->o->format->respond_segment(&r->o->report, &s);
}

int
responder_send(struct responder *r, unsigned number, const uint8_t mac[6],
    struct segment *seg, struct err *e)
{
	if (host_send(&r->host, mac, seg, e) == -1)
		return -1;
	show(r, number, seg, true);
	return 0;
}

/* ---- the table ---- */

static bool
is_over(const struct peer_conn *c)
{
	return c->phase == PEER_DONE && !c->asked.pending;
}

static struct peer_conn **
find(struct responder *r, const struct tuple *ours)
{
	size_t i;

	for (i = 0; i < r->nconns; i++)
		if (tuple_eq(&r->conns[i]->ours, ours))
			return &r->conns[i];
	return NULL;
}

/* A place for a new one: that of the one that has been over for longest. */
static struct peer_conn **
find_place(struct responder *r)
{
	struct peer_conn **oldest = NULL;
	size_t i;

	if (r->nconns < PEER_CONNS_MAX)
		return &r->conns[r->nconns++];
	for (i = 0; i < r->nconns; i++)
		if (is_over(r->conns[i]) &&
		    (oldest == NULL || r->conns[i]->ended < (*oldest)->ended))
			oldest = &r->conns[i];
	return oldest;
}

static bool
is_served(const struct respond_options *o, uint16_t port)
{
	size_t i;

	for (i = 0; i < o->nports; i++)
		if (o->ports[i] == port)
			return true;
	return o->nports == 0;
}

/* A SYN opens a connection; place: of an old one with the same name. */
static int
open_conn(struct responder *r, struct peer_conn **place, const struct sight *s,
    struct err *e)
{
	const struct respond_options *o = r->o;
	struct peer_conn *c;

	if (place == NULL)
		place = find_place(r);
	if (place == NULL) {
		r->tail->untaken++;
		show(r, 0, &s->seg, false);
		return 0;
	}
	if (*place != NULL)
		asked_end(r, *place);
	free(*place);
	c = *place = mem_calloc(1, sizeof(*c));
	c->number = ++r->tail->conns;
	c->ours = tuple_reverse(&s->seg.tuple);
	c->as = is_served(o, c->ours.src.port) ? o->as : AS_CLOSED;
	memcpy(c->mac, s->mac, sizeof(c->mac));
	show(r, c->number, &s->seg, false);
	return peer_open(r, c, &s->seg, e);
}

/* Of no connection that we know: from before we came, say. */
static int
stray_came(struct responder *r, const struct sight *s, struct err *e)
{
	struct segment rst = peer_refusal(&s->seg);
	bool mute =
	    r->o->as == AS_BLACKHOLE && is_served(r->o, s->seg.tuple.dst.port);

	show(r, 0, &s->seg, false);
	if (s->seg.ctl & CTL_RST || s->seg.faults != 0 || mute)
		return 0;
	return responder_send(r, 0, s->mac, &rst, e);
}

static int
segment_came(struct responder *r, const struct sight *s, struct err *e)
{
	const struct segment *seg = &s->seg;
	struct tuple ours = tuple_reverse(&seg->tuple);
	struct peer_conn **c = find(r, &ours);
	bool syn = (seg->ctl & (CTL_SYN | CTL_ACK | CTL_RST)) == CTL_SYN &&
		   (seg->faults & ~FAULT_CUT) == 0;

	if (syn && (c == NULL || (*c)->tcb.iss != seg->seq))
		return open_conn(r, c, s, e);
	if (c == NULL)
		return stray_came(r, s, e);
	show(r, (*c)->number, seg, false);
	return peer_came(r, *c, seg, e);
}

/* ---- the run ---- */

static unsigned
count_over(const struct responder *r)
{
	unsigned n = 0;
	size_t i;

	for (i = 0; i < r->nconns; i++)
		n += is_over(r->conns[i]);
	/* those whose place was taken are over, too */
	return n + r->tail->conns - r->nconns;
}

static int
tick(struct responder *r, struct err *e)
{
	int64_t now = clock_mono();
	size_t i;

	for (i = 0; i < r->nconns; i++)
		if (peer_tick(r, r->conns[i], now, e) == -1)
			return -1;
	return 0;
}

/* Whether it is time to end, and why where that is before its time. */
static bool
is_done(struct responder *r)
{
	const struct respond_options *o = r->o;

	if (o->count > 0 && count_over(r) >= o->count)
		return true;
	if (o->interrupted != NULL && o->interrupted())
		r->tail->stopped = "interrupted";
	else if (clock_mono() >= r->began + o->timeout)
		r->tail->stopped = "the time is over";
	return r->tail->stopped != NULL;
}

static int
serve(struct responder *r, struct err *e)
{
	int64_t until, end = r->began + r->o->timeout;
	struct sight s;
	int rc = 0;

	while (rc != -1 && !is_done(r)) {
		until = clock_mono() + STEP;
		rc = host_next(&r->host, &s, until < end ? until : end, e);
		if (rc == 1)
			rc = segment_came(r, &s, e);
		if (rc != -1)
			rc = tick(r, e);
		fflush(r->o->report.out);
	}
	return rc == -1 ? -1 : 0;
}

/* What was lost on the way to us may have been what is missed. */
static void
check_drops(struct responder *r)
{
	unsigned drops;
	struct err ignored;

	if (sniff_drops(r->host.sniff, &drops, &ignored) == -1 || drops == 0)
		return;
	r->tail->n[V_INCONCLUSIVE]++;
	r->tail->stopped = "the capture dropped frames";
}

static int
exit_code(const struct responder *r)
{
	const struct report_respond_tail *t = r->tail;
	int code = suite_exit_code(t->n, SIZE_MAX);

	if (code == SUITE_OK && (t->conns == 0 || t->conns < r->o->count))
		return SUITE_INCONCLUSIVE;
	return code;
}

static int
respond(struct responder *r, struct err *e)
{
	const struct respond_options *o = r->o;
	const struct report_respond_head head = { .addrs = o->host.addrs,
		.naddrs = o->host.n,
		.ifname = r->host.link.ifname,
		.as = o->as_text,
		.against = o->against };
	size_t i;
	int rc;

	r->began = clock_mono();
	r->began_wall = clock_wall();
	o->format->respond_head(&o->report, &head);
	fflush(o->report.out);
	rc = serve(r, e);
	for (i = 0; i < r->nconns; i++)
		if (asked_replied(r->conns[i]) ||
		    r->conns[i]->asked.due == INT64_MAX)
			asked_end(r, r->conns[i]);
	check_drops(r);
	r->tail->seconds = (double)(clock_mono() - r->began) / NSEC_PER_SEC;
	o->format->respond_tail(&o->report, r->tail);
	fflush(o->report.out);
	return rc == -1 ? -1 : exit_code(r);
}

int
respond_run(const struct respond_options *o, struct err *e)
{
	struct report_respond_tail tail = { 0 };
	struct responder *r = mem_calloc(1, sizeof(*r));
	struct err ignored;
	size_t i;
	int rc = -1;

	r->o = o;
	r->tail = &tail;
	if (host_open(&r->host, &o->host, e) == 0) {
		if (privilege_drop(e) == 0)
			rc = respond(r, e);
		if (host_close(&r->host, rc == -1 ? &ignored : e) == -1)
			rc = -1;
	}
	for (i = 0; i < r->nconns; i++)
		free(r->conns[i]);
	free(r);
	return rc;
}
