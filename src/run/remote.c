#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/privilege.h"
#include "path/port.h"
#include "run/remote.h"

#define WAIT	      NSEC_PER_SEC /* the longest, for one answer */
#define WAIT_LEAST    (250 * NSEC_PER_MSEC)
#define GRACE_LEAST   (5 * NSEC_PER_MSEC)
#define GRACE_DRIVEN  (2 * NSEC_PER_MSEC)  /* it is on this machine */
#define GRACE_MOST    (10 * NSEC_PER_MSEC) /* there */
#define GRACE_AGAIN   (30 * NSEC_PER_MSEC)
#define SILENCE_LEAST (50 * NSEC_PER_MSEC) /* without a fence */

static void
note_rtt(struct remote *r, int64_t rtt)
{
	if (rtt > r->rtt)
		r->rtt = rtt;
	else
		r->rtt -= (r->rtt - rtt) / 8;
}

static int64_t
at_least(int64_t least, int64_t ns)
{
	return ns > least ? ns : least;
}

/*
 * On this machine what takes longer is no distance but a busy processor: what
 * surprises is asked again, and nobody has to wait for that each time.
 */
int64_t
remote_grace(const struct session *s)
{
	int64_t ns = 4 * s->remote.rtt;

	if (s->fence_port == 0)
		return at_least(SILENCE_LEAST, 8 * s->remote.rtt);
	if (s->remote.surprised)
		return GRACE_AGAIN;
	if (s->driven)
		return ns < GRACE_MOST ? at_least(GRACE_DRIVEN, ns)
				       : GRACE_MOST;
	return at_least(GRACE_LEAST, ns);
}

unsigned
remote_tries(const struct session *s)
{
	return s->prompt ? 1 : s->remote.retries + 1;
}

/* How long the answer to a fence is waited for. */
static int64_t
patience(const struct session *s)
{
	int64_t ns = at_least(WAIT_LEAST, 8 * s->remote.rtt);

	return ns < WAIT ? ns : WAIT;
}

/* Does it begin the next connection, while this one is still asked? */
static bool
is_early(const struct session *s, const struct segment *seg)
{
	return s->client && !s->driven && !s->remote.awaited &&
	       (seg->ctl & (CTL_SYN | CTL_ACK | CTL_RST)) == CTL_SYN &&
	       seg->faults == 0 && seg->tuple.dst.port == s->listen_port &&
	       seg->tuple.src.port != s->x.ours.dst.port;
}

int
remote_next(struct session *s, struct segment *seg, int64_t deadline,
    struct err *e)
{
	struct buf from = { 0 }, text = { 0 };
	struct sight sight;
	uint16_t port;
	int rc;

	while ((rc = wire_next(&s->wire, &sight, deadline, e)) == 1) {
		if (sight.kind == SIGHT_SEGMENT) {
			*seg = sight.seg;
			if (is_early(s, seg)) {
				s->remote.early = true;
				s->remote.syn = *seg;
				continue;
			}
			return 1;
		}
		/* between us and such a stack nobody else can say anything */
		if (s->driven)
			continue;
		port = sight.icmp.probe.src.port;
		if (port == s->last_port || port == s->x.ours.src.port)
			break;
	}
	if (rc != 1)
		return rc;
	s->remote.refused = true;
	addr_add(&from, &sight.icmp.from);
	icmp_add_text(&text, &sight.icmp);
	err_set(e, ERR_ENV, "%s says: %s", buf_str(&from), buf_str(&text));
	buf_free(&from);
	buf_free(&text);
	return -1;
}

/* Has anything come for the stimulus? */
static bool
is_answered(const struct exchange *x)
{
	const struct passage *p;

	for (p = x->passages; p < x->passages + x->n; p++)
		if (p->rel == REL_REPLY && p->seg.faults == 0)
			return true;
	return false;
}

/* The evidence of this case is not enough. */
static void
broken(struct session *s, const char *why)
{
	snprintf(s->remote.what, sizeof(s->remote.what), "%.255s", why);
	s->x.broken = s->remote.what;
}

void
remote_fence(struct session *s, uint8_t ip)
{
	unsigned before = s->drops, i;
	int rc = s->fence_port == 0;
	int64_t began;
	struct err e;

	for (i = 0; rc == 0 && i <= s->remote.retries; i++) {
		began = clock_mono();
		rc = session_ask_fence(s, ip, began + patience(s), &e);
		if (rc == 1)
			note_rtt(&s->remote, clock_mono() - began);
	}
	if (rc == 1 && !s->prompt && s->x.stimulated && !is_answered(&s->x) &&
	    session_listen(s, clock_mono() + remote_grace(s), &e) == -1)
		rc = -1;
	if (rc == 0)
		broken(s, "the closed port does not answer any more, so "
			  "silence is not proved");
	else if (rc == -1)
		broken(s, e.msg);
	else if (sniff_drops(s->wire.sniff, &s->drops, &e) == -1 ||
		 s->drops != before)
		broken(s, "the capture dropped frames");
	if (rc == -1 && !s->remote.refused)
		session_lost(s, &e);
}

bool
remote_port_taken(const struct session *s, uint16_t port)
{
	struct err ignored;
	int fd = port_reserve(&s->wire.ours, port, &ignored);

	if (fd == -1)
		return errno == EADDRINUSE;
	close(fd);
	return false;
}

/* Ask a port with a SYN: 1 and its answer; 0: it is mute; -1 with *e. */
static int
ask(struct session *s, uint16_t port, struct segment *answer, struct err *e)
{
	struct segment syn = { .ctl = CTL_SYN, .wnd = 64240 };
	struct tuple back;
	int64_t began;
	unsigned i;
	int rc = 0;

	for (i = 0; i <= s->remote.retries && rc == 0; i++) {
		began = clock_mono();
		syn.tuple = session_tuple(s, s->wire.theirs.ip, port);
		syn.seq = random_u32(&s->random);
		back = tuple_reverse(&syn.tuple);
		if (wire_send(&s->wire, &syn, e) == -1)
			return -1;
		while ((rc = remote_next(s, answer, began + WAIT, e)) == 1)
			if (tuple_eq(&answer->tuple, &back) &&
			    answer->faults == 0 && answer->ctl & CTL_ACK &&
			    answer->ack == syn.seq + 1)
				break;
	}
	if (rc == 1)
		note_rtt(&s->remote, clock_mono() - began);
	return rc;
}

/* What a SYN has opened is closed by a RST. */
static int
take_down(struct session *s, const struct segment *answer, struct err *e)
{
	struct segment rst = { .tuple = tuple_reverse(&answer->tuple),
		.seq = answer->ack,
		.ctl = CTL_RST };

	return wire_send(&s->wire, &rst, e);
}

int
remote_check_port(struct session *s, uint16_t port, bool closed, struct err *e)
{
	struct buf name = { 0 };
	struct segment answer;
	int rc = ask(s, port, &answer, e);

	addr_add(&name, &s->wire.theirs);
	if (rc == 0)
		rc = err_set(e, ERR_ENV,
		    "port %u of %s does not answer a SYN: the host is down, or "
		    "a filter is on the way",
		    port, buf_str(&name));
	else if (rc == 1 && !(answer.ctl & CTL_RST))
		rc = take_down(s, &answer, e);
	if (rc >= 0 && closed && !(answer.ctl & CTL_RST))
		rc = err_set(e, ERR_ENV,
		    "port %u of %s is not closed: it answers a SYN with "
		    "SYN,ACK",
		    port, buf_str(&name));
	if (rc >= 0 && !closed && answer.ctl & CTL_RST)
		rc = err_set(e, ERR_ENV,
		    "port %u of %s is closed: name one where a server listens",
		    port, buf_str(&name));
	buf_free(&name);
	return rc == -1 ? -1 : 0;
}

int
session_open_remote(struct session *s, const struct remote_options *o,
    struct err *e)
{
	struct err ignored;

	session_init(s);
	s->remote.retries = o->retries;
	s->remote.wait = o->wait;
	s->client = o->client;
	s->listen_port = o->listen_port;
	s->closed_port = s->fence_port = o->closed_port;
	if (wire_open(&s->wire, &o->wire, e) == -1)
		return -1;
	if (wire_listen(&s->wire, e) == 0 && privilege_drop(e) == 0 &&
	    wire_resolve(&s->wire, e) == 0 &&
	    (s->closed_port == 0 ||
		remote_check_port(s, s->closed_port, true, e) == 0) &&
	    (s->listen_port == 0 || s->client ||
		remote_check_port(s, s->listen_port, false, e) == 0))
		return 0;
	session_close(s, &ignored);
	return -1;
}
