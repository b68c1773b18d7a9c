#include <string.h>

#include "base/clock.h"
#include "base/privilege.h"
#include "run/session.h"

#define WAIT	  NSEC_PER_SEC
#define PORTS_MAX 32768 /* of 64512; then they may be used again */

/* What comes for the peer; not what a kernel tells its neighbours (MLD). */
#define FILTER "tcp or (not ether multicast and (ip or ip6))"

static int
send_segment(struct session *s, struct segment *seg, struct err *e)
{
	const uint8_t *frame;
	size_t len;

	if (craft_build(s->craft, seg, &frame, &len, e) == -1)
		return -1;
	if (s->dump != NULL && s->started) {
		seg->when = clock_wall();
		dump_frame(s->dump, seg->when, frame, len);
	}
	return craft_send(s->craft, e);
}

int
session_send(struct session *s, struct segment *seg, enum relation rel,
    struct err *e)
{
	exchange_sent(&s->x, seg, rel);
	if (send_segment(s, seg, e) == -1) {
		s->x.broken = "a segment of ours could not be sent";
		return -1;
	}
	return 0;
}

int
session_expect(struct session *s, uint16_t ctl, struct segment *seg,
    struct err *e)
{
	int64_t deadline = clock_mono() + WAIT;
	const struct passage *p;
	int rc;

	while ((rc = sniff_next(s->sniff, seg, deadline, e)) == 1) {
		p = exchange_received(&s->x, seg);
		if (p != NULL && p->rel == REL_SETUP && seg->faults == 0 &&
		    (seg->ctl & ctl) == ctl)
			return 0;
	}
	if (rc == -1)
		return -1;
	return err_set(e, ERR_ENV, "the stack does not answer");
}

int
session_listen(struct session *s, int64_t deadline, struct err *e)
{
	struct segment seg;
	int rc;

	while ((rc = sniff_next(s->sniff, &seg, deadline, e)) == 1)
		exchange_received(&s->x, &seg);
	return rc;
}

/* Is this the answer to the fence? */
static bool
is_answer(const struct segment *fence, const struct segment *seg)
{
	struct tuple back = tuple_reverse(&fence->tuple);

	return tuple_eq(&seg->tuple, &back) && seg->faults == 0 &&
	       (seg->ctl & (CTL_RST | CTL_ACK)) == (CTL_RST | CTL_ACK) &&
	       seg->ack == fence->seq + 1;
}

/* 1: the fence was answered; 0: not before the deadline; -1 with *e. */
static int
fence(struct session *s, uint8_t ip, int64_t deadline, struct err *e)
{
	struct segment syn, seg;
	int rc;

	memset(&syn, 0, sizeof(syn));
	syn.tuple = session_tuple(s, ip, bench_net(s->bench)->fence_port);
	syn.seq = random_u32(&s->random);
	syn.ctl = CTL_SYN;
	syn.wnd = 64240;
	if (send_segment(s, &syn, e) == -1)
		return -1;
	while ((rc = sniff_next(s->sniff, &seg, deadline, e)) == 1) {
		if (is_answer(&syn, &seg))
			break;
		exchange_received(&s->x, &seg);
	}
	return rc;
}

/*
 * A veth pair that has just come up may lose what is sent at once: the kernel
 * attaches its queue a little later. So try fences until one is answered.
 */
static int
try_wire(struct session *s, uint8_t ip, struct err *e)
{
	int64_t now = clock_mono(), end = now + WAIT;
	int rc = 0;

	while (rc == 0 && now < end) {
		rc = fence(s, ip, now + 2 * NSEC_PER_MSEC, e);
		now = clock_mono();
	}
	if (rc == 0)
		err_set(e, ERR_ENV,
		    "the stack does not answer a SYN to a closed port by IPv%u",
		    ip);
	return rc == 1 ? 0 : -1;
}

void
session_fence(struct session *s, uint8_t ip)
{
	unsigned before = s->drops;
	struct err e;

	switch (fence(s, ip, clock_mono() + WAIT, &e)) {
	case -1:
		s->x.broken = "the link or the capture ended";
		s->dead = true;
		break;
	case 0:
		s->x.broken = "the fence was not answered within a second, "
			      "so silence is not proved";
		s->dead = try_wire(s, ip, &e) == -1;
		break;
	default:
		if (sniff_drops(s->sniff, &s->drops, &e) == -1 ||
		    s->drops != before)
			s->x.broken = "the capture dropped frames";
	}
}

/*
 * A port that this run has not used lately: what an earlier case has left
 * behind, a late segment or a socket, is then no part of this one.
 */
static uint16_t
fresh_port(struct session *s)
{
	uint16_t port;

	if (s->ports_used == PORTS_MAX) {
		memset(s->used, 0, sizeof(s->used));
		s->ports_used = 0;
	}
	do {
		port = random_port(&s->random);
	} while (s->used[port / 8] & 1 << port % 8);
	s->used[port / 8] |= 1 << port % 8;
	s->ports_used++;
	return port;
}

void
session_take_reason(struct session *s)
{
	struct tuple theirs = tuple_reverse(&s->x.ours);
	const char *reason = NULL;

	if (s->reasons != NULL)
		reason = reasons_take(s->reasons, &theirs);
	if (reason != NULL)
		s->reason = reason;
}

struct tuple
session_tuple(struct session *s, uint8_t ip, uint16_t port)
{
	return (struct tuple){
		.src = { *bench_peer(s->bench, ip), fresh_port(s) },
		.dst = { *bench_stack_addr(s->bench, ip), port },
	};
}

int
session_open(struct session *s, bench_stack *stack, const char *pcap,
    struct err *e)
{
	const struct bench_net *net;
	struct err ignored;
	size_t i;

	memset(s, 0, sizeof(*s));
	for (i = 0; i < sizeof(s->text); i++)
		s->text[i] = "retort\n"[i % 7];
	if ((pcap != NULL && dump_open(&s->dump, pcap, e) == -1) ||
	    bench_open(&s->bench, stack, e) == -1)
		goto fail;
	/* a bonus that few may have: without it nothing is said */
	reasons_open(&s->reasons, &ignored);
	net = bench_net(s->bench);
	if (sniff_open_live(&s->sniff, net->peer_if, FILTER, e) == -1 ||
	    sniff_inbound(s->sniff, e) == -1 ||
	    craft_open(&s->craft, net->peer_if, net->peer_mac, net->stack_mac,
		e) == -1 ||
	    privilege_drop(e) == -1 || try_wire(s, 4, e) == -1 ||
	    (bench_has_ip6(s->bench) && try_wire(s, 6, e) == -1))
		goto fail;
	sniff_keep(s->sniff, s->dump);
	s->started = true;
	return 0;
fail:
	session_close(s, &ignored);
	return -1;
}

int
session_close(struct session *s, struct err *e)
{
	int rc = dump_close(s->dump, e);

	craft_close(s->craft);
	sniff_close(s->sniff);
	bench_close(s->bench);
	/* the kernel takes its time for it: everything else is done */
	reasons_close(s->reasons);
	memset(s, 0, sizeof(*s));
	return rc;
}
