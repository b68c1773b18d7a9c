/*
 * The wire between two benches. What a side has sent lies in its ring until
 * somebody asks for a segment or waits for a fence; then all of it moves to the
 * side's queue, frame by frame. The older of both queues' first is the next.
 * Frames go on with other link addresses and otherwise as they came: TTL,
 * checksums and options are the kernel's own.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "run/pair_wire.h"

#define TRY_WAIT     (2 * NSEC_PER_MSEC)
#define TRY_WAIT_MAX (5 * NSEC_PER_SEC)
#define FRAMES_MAX   100000 /* more is a flood */

enum { MAC = 6 };

/* ---- what comes ---- */

/* Put it into the side's queue, ready to go on. */
static int
keep(struct pair *p, enum pair_side from, const struct segment *seg,
    struct err *e)
{
	const struct bench_net *net =
	    bench_net(p->sides[pair_other(from)].bench);
	const uint8_t *octets;
	struct frame *f;
	size_t len;

	if (p->nframes == FRAMES_MAX)
		return err_set(e, ERR_ENV,
		    "more than %d segments wait on the wire", FRAMES_MAX);
	octets = sniff_frame(p->sides[from].sniff, &len);
	f = mem_calloc(1, sizeof(*f) + len);
	f->s.seg = *seg;
	f->s.seg.text = NULL;
	f->s.seg.text_kept = 0;
	f->s.from = from;
	f->len = len;
	memcpy(f->octets, octets, len);
	memcpy(f->octets, net->stack_mac, MAC);
	memcpy(f->octets + MAC, net->peer_mac, MAC);
	TAILQ_INSERT_TAIL(&p->sides[from].came, f, next);
	p->nframes++;
	return 0;
}

/* One more of this side's: 1 when it was kept, 2 when it answers the fence. */
static int
read_one(struct pair *p, enum pair_side from, uint16_t fence_from,
    int64_t deadline, struct err *e)
{
	const struct side *side = &p->sides[from];
	uint16_t fence = bench_net(side->bench)->fence_port;
	struct segment seg;
	int rc;

	while ((rc = sniff_next(side->sniff, &seg, deadline, e)) == 1) {
		if (!addr_eq(&seg.tuple.src.addr, side->addr) ||
		    !addr_eq(&seg.tuple.dst.addr,
			p->sides[pair_other(from)].addr))
			continue;
		if (seg.tuple.src.port != fence)
			return keep(p, from, &seg, e) == -1 ? -1 : 1;
		if (seg.tuple.dst.port == fence_from)
			return 2;
	}
	return rc;
}

/* All of this side's that has come. */
static int
drain(struct pair *p, enum pair_side from, struct err *e)
{
	int rc;

	while ((rc = read_one(p, from, 0, 0, e)) > 0)
		;
	return rc;
}

/* Sleep until a side has sent something: 1; 0 at the deadline. */
static int
wait_for_any(struct pair *p, int64_t deadline, struct err *e)
{
	int64_t left = deadline - clock_mono();
	struct pollfd fds[NPAIR_SIDES];
	struct timespec ts;
	int i;

	if (left <= 0)
		return 0;
	for (i = 0; i < NPAIR_SIDES; i++)
		fds[i] = (struct pollfd){ .fd = sniff_fd(p->sides[i].sniff),
			.events = POLLIN };
	ts.tv_sec = left / NSEC_PER_SEC;
	ts.tv_nsec = left % NSEC_PER_SEC;
	if (ppoll(fds, NPAIR_SIDES, &ts, NULL) == -1 && errno != EINTR)
		return err_set(e, ERR_ENV, "poll: %s", strerror(errno));
	return 1;
}

int
pair_next(struct pair *p, struct pair_segment *s, int64_t deadline,
    struct err *e)
{
	struct side *client = &p->sides[PAIR_CLIENT];
	struct side *server = &p->sides[PAIR_SERVER];
	struct frame *f, *g;
	int rc;

	do {
		/* the client again: what it sent before the server's */
		if (drain(p, PAIR_CLIENT, e) == -1 ||
		    drain(p, PAIR_SERVER, e) == -1 ||
		    drain(p, PAIR_CLIENT, e) == -1)
			return -1;
		f = TAILQ_FIRST(&client->came);
		g = TAILQ_FIRST(&server->came);
		if (f != NULL || g != NULL)
			break;
		rc = wait_for_any(p, deadline, e);
		if (rc != 1)
			return rc;
	} while (true);
	if (f == NULL || (g != NULL && g->s.seg.when < f->s.seg.when))
		f = g;
	TAILQ_REMOVE(&p->sides[f->s.from].came, f, next);
	TAILQ_INSERT_TAIL(&p->given, f, next);
	f->s.id = ++p->id;
	*s = f->s;
	return 1;
}

/* ---- what goes on ---- */

static struct frame *
find(const struct pair *p, uint64_t id)
{
	struct frame *f;

	TAILQ_FOREACH (f, &p->given, next)
		if (f->s.id == id)
			return f;
	return NULL;
}

static void
dump(struct pair *p, int64_t when, const uint8_t *frame, size_t len)
{
	if (p->dump != NULL)
		dump_frame(p->dump, when, frame, len);
}

int
pair_pass(struct pair *p, uint64_t id, struct err *e)
{
	struct frame *f = find(p, id);
	struct side *to;

	if (f == NULL)
		return err_set(e, ERR_INTERNAL, "there is no frame %llu",
		    (unsigned long long)id);
	if (f->s.seg.faults & FAULT_CUT)
		return err_set(e, ERR_ENV,
		    "a segment is too long for the wire: only %zu octets of "
		    "it are here",
		    f->len);
	to = &p->sides[pair_other(f->s.from)];
	if (!f->dumped)
		dump(p, clock_wall(), f->octets, f->len);
	f->dumped = true;
	return craft_send_frame(to->craft, f->octets, f->len, e);
}

static void
forget(struct pair *p, struct frames *list, struct frame *f)
{
	TAILQ_REMOVE(list, f, next);
	p->nframes--;
	free(f);
}

void
pair_drop(struct pair *p, uint64_t id, bool lost)
{
	struct frame *f = find(p, id);

	if (f == NULL)
		return;
	if (lost && !f->dumped)
		dump(p, clock_wall(), f->octets, f->len);
	forget(p, &p->given, f);
}

/* Without the capture. */
static int
put(struct pair *p, enum pair_side to, struct segment *seg, bool shown,
    struct err *e)
{
	const uint8_t *frame;
	size_t len;

	if (craft_build(p->sides[to].craft, seg, &frame, &len, e) == -1)
		return -1;
	seg->when = clock_wall();
	if (shown)
		dump(p, seg->when, frame, len);
	return craft_send(p->sides[to].craft, e);
}

int
pair_forge(struct pair *p, enum pair_side to, struct segment *seg,
    struct err *e)
{
	if (seg->tuple.src.addr.ip == 0)
		seg->tuple.src.addr = *p->sides[pair_other(to)].addr;
	if (seg->tuple.dst.addr.ip == 0)
		seg->tuple.dst.addr = *p->sides[to].addr;
	return put(p, to, seg, true, e);
}

int
pair_forge_icmp(struct pair *p, enum pair_side to, struct icmp *m,
    uint32_t text_len, struct err *e)
{
	struct craft *craft = p->sides[to].craft;
	const uint8_t *frame;
	size_t len;

	if (craft_build_icmp(craft, m, text_len, &frame, &len, e) == -1)
		return -1;
	m->when = clock_wall();
	dump(p, m->when, frame, len);
	return craft_send(craft, e);
}

/* ---- fences ---- */

/* 1; 0 when no answer came before the deadline; -1 with *e. */
static int
ask_fence(struct pair *p, enum pair_side side, int64_t deadline, struct err *e)
{
	struct segment syn = { .ctl = CTL_SYN, .wnd = 64240 };
	int rc;

	syn.seq = random_u32(&p->random);
	syn.tuple.src.addr = *p->sides[pair_other(side)].addr;
	syn.tuple.src.port = random_port(&p->random);
	syn.tuple.dst.addr = *p->sides[side].addr;
	syn.tuple.dst.port = bench_net(p->sides[side].bench)->fence_port;
	if (put(p, side, &syn, false, e) == -1)
		return -1;
	while ((rc = read_one(p, side, syn.tuple.src.port, deadline, e)) == 1)
		;
	return rc == 2 ? 1 : rc;
}

static int
no_fence(const struct pair *p, enum pair_side side, struct err *e)
{
	return err_set(e, ERR_ENV,
	    "the %s's kernel does not answer a SYN to a closed port by IPv%u, "
	    "so its silence is not proved",
	    pair_side_name(side), p->ip);
}

int
pair_fence(struct pair *p, enum pair_side side, struct err *e)
{
	int rc = ask_fence(p, side, clock_mono() + PAIR_PATIENCE, e);

	return rc == 0 ? no_fence(p, side, e) : rc == 1 ? 0 : -1;
}

int
pair_try_wire(struct pair *p, enum pair_side side, struct err *e)
{
	int64_t wait;
	int rc = 0;

	for (wait = TRY_WAIT; rc == 0 && wait <= TRY_WAIT_MAX; wait *= 2)
		rc = ask_fence(p, side, clock_mono() + wait, e);
	return rc == 0 ? no_fence(p, side, e) : rc == 1 ? 0 : -1;
}

void
pair_forget_all(struct pair *p)
{
	struct frame *f;
	int i;

	while ((f = TAILQ_FIRST(&p->given)) != NULL)
		forget(p, &p->given, f);
	for (i = 0; i < NPAIR_SIDES; i++)
		while ((f = TAILQ_FIRST(&p->sides[i].came)) != NULL)
			forget(p, &p->sides[i].came, f);
}
