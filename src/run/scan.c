/*
 * DOC: how ports are scanned
 *
 * A number of ports, the window, is in flight at once; one that is done makes
 * room for the next and lets the window grow by one, up to a limit that neither
 * our ring nor the backlog of a receiver overruns. A port that does not answer
 * in time is asked again, with numbers of its own, so that an answer tells
 * which try it answers. The window shrinks when a try is known to be lost:
 * when a later one was answered. Silence alone is no loss, it may be a filter.
 *
 * How long to wait follows from the round trips seen (RFC 6298), and is never
 * longer than the user says. All tries wait equally long, so that the list of
 * what is in flight is in the order of the deadlines, too.
 *
 * An answer that bears the numbers of a try is the answer, and the port is
 * done. Others are kept as well, but do not end the waiting: anybody may send
 * them.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "run/scan.h"

#define WINDOW_FIRST 32
#define WINDOW_LEAST 16
#define WINDOW_MOST  512
#define BURST	     64	  /* segments sent between two looks at the ring */
#define FLOOD	     4096 /* of what comes, between two that are sent */
#define REPLIES_MAX  8	  /* that are kept of a port */
#define RTO_LEAST    (100 * NSEC_PER_MSEC)
#define SLICE	     (50 * NSEC_PER_MSEC) /* the user may want to stop */
#define LINGER_LEAST NSEC_PER_MSEC
#define LINGER_MOST  (200 * NSEC_PER_MSEC)

void
scan_init(struct scan *s, const struct scan_options *o, struct wire *wire,
    const uint16_t *ports, size_t n)
{
	size_t i;

	memset(s, 0, sizeof(*s));
	s->o = o;
	s->wire = wire;
	s->n = n;
	s->ports = mem_calloc(n, sizeof(*s->ports));
	s->window = WINDOW_FIRST;
	TAILQ_INIT(&s->flight);
	for (i = 0; i < n; i++) {
		s->ports[i].port = ports[i];
		s->at[ports[i]] = &s->ports[i];
	}
}

void
scan_again(struct scan *s)
{
	struct scan_port *p;
	uint16_t port;

	for (p = s->ports; p < s->ports + s->n; p++) {
		free(p->replies);
		free(p->icmp);
		port = p->port;
		memset(p, 0, sizeof(*p));
		p->port = port;
	}
	TAILQ_INIT(&s->flight);
	s->nflight = 0;
	s->started = s->done = 0;
}

void
scan_free(struct scan *s)
{
	scan_again(s);
	free(s->ports);
	s->ports = NULL;
	s->n = 0;
}

/* ---- what goes out ---- */

static void
finish(struct scan *s, struct scan_port *p)
{
	if (p->done)
		return;
	p->done = true;
	p->ended = clock_mono();
	s->done++;
	TAILQ_REMOVE(&s->flight, p, next);
	s->nflight--;
}

/*
 * Send a try. A device whose queue is full takes it a little later: 1 then,
 * 0 when it went out, -1 with *e.
 */
static int
send_try(struct scan *s, struct scan_port *p, struct err *e)
{
	struct scan_try *t = &p->tries[p->ntries];
	struct segment seg = s->o->seg;

	seg.tuple.dst.port = p->port;
	if (s->o->any_seq)
		seg.seq = random_u32(&s->random);
	if (s->o->any_ack)
		seg.ack = random_u32(&s->random) | 1;
	errno = 0;
	if (wire_send(s->wire, &seg, e) == -1) {
		if (errno != ENOBUFS && errno != EAGAIN)
			return -1;
		s->window = WINDOW_LEAST;
		s->next_send = clock_mono() + NSEC_PER_MSEC;
		return 1;
	}
	*t = (struct scan_try){ seg.seq, seg.ack, seg.when, clock_mono() };
	if (p->ntries++ == 0)
		s->nflight++;
	else
		TAILQ_REMOVE(&s->flight, p, next);
	TAILQ_INSERT_TAIL(&s->flight, p, next);
	if (s->o->rate > 0)
		s->next_send += NSEC_PER_SEC / s->o->rate;
	return 0;
}

/* Has the capture dropped frames since the port's first try? */
static int
ask_drops(struct scan *s, struct scan_port *p, struct err *e)
{
	unsigned drops;

	if (sniff_drops(s->wire->sniff, &drops, e) == -1)
		return -1;
	if (drops != s->drops)
		s->dropped = clock_mono();
	s->drops = drops;
	p->unsure = s->dropped >= p->tries[0].sent;
	return 0;
}

/*
 * The oldest one in flight has waited long enough: try again, unless
 * something came for it that is not what it should be, or leave it. 1 when
 * it cannot be sent just now.
 */
static int
expire(struct scan *s, struct scan_port *p, struct err *e)
{
	if (p->ntries < s->o->tries && p->nreplies == 0)
		return send_try(s, p, e);
	finish(s, p);
	if (s->window < WINDOW_MOST)
		s->window++;
	return p->nreplies == 0 ? ask_drops(s, p, e) : 0;
}

static int64_t
deadline(const struct scan *s, const struct scan_port *p)
{
	return p->tries[p->ntries - 1].sent +
	       rtt_timeout(&s->rtt, RTO_LEAST, s->o->timeout);
}

/* How long until something is to be sent or given up; 0: now. */
static int64_t
until_next(const struct scan *s)
{
	const struct scan_port *oldest = TAILQ_FIRST(&s->flight);
	int64_t wait = SLICE, w;

	if (oldest != NULL) {
		w = deadline(s, oldest) - clock_mono();
		wait = w < wait ? w : wait;
	}
	if (s->started < s->n && s->nflight < s->window) {
		w = s->next_send - clock_mono();
		wait = w < wait ? w : wait;
	}
	return wait > 0 ? wait : 0;
}

/* Send what is due: first again what was not answered, then what is new. */
static int
send_due(struct scan *s, struct err *e)
{
	struct scan_port *p;
	int64_t now = clock_mono();
	unsigned i;
	int rc = 0;

	/* a pause is no credit */
	if (s->next_send < now - 10 * NSEC_PER_MSEC)
		s->next_send = now;
	for (i = 0; i < BURST && rc == 0 && s->next_send <= now; i++) {
		p = TAILQ_FIRST(&s->flight);
		if (p != NULL && deadline(s, p) <= now)
			rc = expire(s, p, e);
		else if (s->started == s->n || s->nflight >= s->window)
			break;
		else if ((rc = send_try(s, &s->ports[s->started], e)) == 0)
			s->started++;
	}
	return rc == -1 ? -1 : 0;
}

/* ---- what comes in ---- */

int
scan_answers(const struct scan_options *o, const struct scan_port *p,
    const struct segment *reply)
{
	const struct scan_try *t;
	uint32_t len = seg_len(&o->seg);
	unsigned i;

	for (i = 0; i < p->ntries; i++) {
		t = &p->tries[i];
		if (reply->ctl & CTL_ACK
			? reply->ack == t->seq + len ||
			      (reply->ctl & o->seg.ctl & CTL_SYN &&
				  reply->ack == t->seq + 1)
			: o->seg.ctl & CTL_ACK && reply->seq == t->ack)
			return i;
	}
	return -1;
}

/* Whom does a reply concern? One from a wrong port, whose numbers it bears. */
static struct scan_port *
find_port(const struct scan *s, const struct segment *reply)
{
	struct scan_port *p = s->at[reply->tuple.src.port], *q;

	if (p != NULL && scan_answers(s->o, p, reply) != -1)
		return p;
	TAILQ_FOREACH (q, &s->flight, next)
		if (scan_answers(s->o, q, reply) != -1)
			return q;
	return p != NULL && p->ntries > 0 ? p : NULL;
}

static void
keep(struct scan_port *p, const struct segment *reply)
{
	if (p->nreplies == REPLIES_MAX)
		return;
	p->replies = mem_grow(p->replies, p->nreplies, sizeof(*p->replies));
	p->replies[p->nreplies] = *reply;
	p->replies[p->nreplies].text = NULL;
	p->replies[p->nreplies++].text_kept = 0;
}

/* It opened: a RST with the number that it waits for ends it. */
static int
take_down(struct scan *s, const struct segment *reply, struct err *e)
{
	struct segment rst = { .tuple = tuple_reverse(&reply->tuple),
		.seq = reply->ack,
		.ctl = CTL_RST };

	return wire_send(s->wire, &rst, e);
}

/* The answer to the nth try of the port has come. */
static void
answered(struct scan *s, struct scan_port *p, int nth, int64_t when)
{
	if (p->done)
		return;
	/* whose numbers the user chose look all alike */
	if (s->o->any_seq || s->o->any_ack || p->ntries == 1)
		rtt_learn(&s->rtt, when - p->tries[nth].when);
	s->lost += nth;
	if (nth > 0)
		s->window =
		    s->window / 2 > WINDOW_LEAST ? s->window / 2 : WINDOW_LEAST;
	else if (s->window < WINDOW_MOST)
		s->window++;
	finish(s, p);
}

static int
take_segment(struct scan *s, const struct segment *seg, struct err *e)
{
	struct scan_port *p;
	int nth;

	if (seg->tuple.dst.port != s->o->seg.tuple.src.port ||
	    !addr_eq(&seg->tuple.src.addr, &s->wire->theirs))
		return 0;
	p = find_port(s, seg);
	if (p == NULL)
		return 0;
	keep(p, seg);
	nth = scan_answers(s->o, p, seg);
	if (nth == -1 || seg->faults != 0 || seg->tuple.src.port != p->port)
		return 0;
	answered(s, p, nth, seg->when);
	return (seg->ctl & (CTL_SYN | CTL_RST)) == CTL_SYN
		   ? take_down(s, seg, e)
		   : 0;
}

static void
take_icmp(struct scan *s, const struct icmp *m)
{
	struct scan_port *p = s->at[m->probe.dst.port];
	unsigned i;

	if (p == NULL || m->probe.src.port != s->o->seg.tuple.src.port ||
	    !addr_eq(&m->probe.dst.addr, &s->wire->theirs) || p->icmp != NULL)
		return;
	for (i = 0; i < p->ntries; i++)
		if (p->tries[i].seq == m->seq)
			break;
	if (i == p->ntries)
		return;
	p->icmp = mem_calloc(1, sizeof(*p->icmp));
	*p->icmp = *m;
	finish(s, p);
}

/*
 * Read what has come, but no flood for ever; wait at most that long for the
 * first of it.
 */
static int
listen_for(struct scan *s, int64_t wait, struct err *e)
{
	int64_t until = wait > 0 ? clock_mono() + wait : 0;
	struct sight sight;
	int rc = 0, n;

	for (n = 0; n < FLOOD; n++) {
		rc = wire_next(s->wire, &sight, until, e);
		if (rc != 1)
			break;
		if (sight.kind == SIGHT_SEGMENT)
			rc = take_segment(s, &sight.seg, e);
		else if (sight.kind == SIGHT_ICMP)
			take_icmp(s, &sight.icmp);
		if (rc == -1)
			break;
		until = 0;
	}
	return rc == -1 ? -1 : 0;
}

/* Look, not too often, whether the user wants to stop, and tell progress. */
static bool
look_up(struct scan *s)
{
	int64_t now = clock_mono();

	if (now < s->next_look)
		return false;
	s->next_look = now + SLICE;
	if (s->o->progress != NULL)
		s->o->progress(s->done, s->n);
	return s->o->interrupted != NULL && s->o->interrupted();
}

/* Who answered one way may yet answer another, and so may somebody else. */
static int
linger(struct scan *s, struct err *e)
{
	int64_t wait = 2 * s->rtt.srtt, end;

	if (s->rtt.srtt == 0)
		return 0;
	wait = wait < LINGER_LEAST ? LINGER_LEAST : wait;
	end = clock_mono() + (wait < LINGER_MOST ? wait : LINGER_MOST);
	while ((wait = end - clock_mono()) > 0)
		if (listen_for(s, wait, e) == -1)
			return -1;
	return 0;
}

int
scan_run(struct scan *s, struct err *e)
{
	while (s->done < s->n) {
		s->stopped = look_up(s);
		if (s->stopped)
			break;
		if (send_due(s, e) == -1 ||
		    listen_for(s, until_next(s), e) == -1)
			return -1;
	}
	if (s->o->progress != NULL)
		s->o->progress(s->n, s->n);
	return linger(s, e);
}
