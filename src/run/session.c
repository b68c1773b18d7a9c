#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/privilege.h"
#include "run/remote.h"
#include "run/session.h"

#define WAIT	  NSEC_PER_SEC
#define WAIT_NEAR (300 * NSEC_PER_MSEC) /* it may never do what is wanted */
#define PORTS_MAX 32768 /* of 64512; then they may be used again */

/* What comes for the peer; not what a kernel tells its neighbours (MLD). */
#define FILTER "tcp or (not ether multicast and (ip or ip6))"

int
session_send(struct session *s, struct segment *seg, enum relation rel,
    struct err *e)
{
	int rc = wire_send(&s->wire, seg, e);

	/* it bears the time now */
	exchange_sent(&s->x, seg, rel);
	if (rc == -1)
		s->x.broken = "a segment of ours could not be sent";
	return rc;
}

int
session_next(struct session *s, struct segment *seg, int64_t deadline,
    struct err *e)
{
	return s->ordered ? sniff_next(s->wire.sniff, seg, deadline, e)
			  : remote_next(s, seg, deadline, e);
}

int
session_expect(struct session *s, uint16_t ctl, struct segment *seg,
    struct err *e)
{
	bool near = s->driven && !s->ordered;
	int64_t deadline = clock_mono() + (near ? WAIT_NEAR : WAIT);
	const struct passage *p;
	int rc;

	while ((rc = session_next(s, seg, deadline, e)) == 1) {
		p = exchange_received(&s->x, seg);
		if (p != NULL && p->rel == REL_SETUP && seg->faults == 0 &&
		    (seg->ctl & ctl) == ctl)
			return 0;
		/* a forged one would not be the last word on the bench */
		if (p != NULL && !s->ordered && seg->ctl & CTL_RST &&
		    seg->faults == 0)
			return err_set(e, ERR_ENV,
			    "the stack answers with a reset");
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

	while ((rc = session_next(s, &seg, deadline, e)) == 1)
		exchange_received(&s->x, &seg);
	return rc;
}

/*
 * Is this the answer to the fence? From the kernel it is what RFC 9293
 * requires. Of another stack that we have started any RST will do: between it
 * and us there is nobody else.
 */
static bool
is_answer(const struct session *s, const struct segment *fence,
    const struct segment *seg)
{
	struct tuple back = tuple_reverse(&fence->tuple);

	if (!tuple_eq(&seg->tuple, &back) || seg->faults != 0 ||
	    !(seg->ctl & CTL_RST))
		return false;
	return (s->driven && !s->ordered) ||
	       (seg->ctl & CTL_ACK && seg->ack == fence->seq + 1);
}

int
session_ask_fence(struct session *s, uint8_t ip, int64_t deadline,
    struct err *e)
{
	struct segment syn, seg;
	int rc;

	memset(&syn, 0, sizeof(syn));
	syn.tuple = session_tuple(s, ip, s->fence_port);
	syn.seq = random_u32(&s->random);
	syn.ctl = CTL_SYN;
	syn.wnd = 64240;
	if (wire_send(&s->wire, &syn, e) == -1)
		return -1;
	while ((rc = session_next(s, &seg, deadline, e)) == 1) {
		if (is_answer(s, &syn, &seg))
			break;
		exchange_received(&s->x, &seg);
	}
	return rc;
}

int
session_try(struct session *s, uint8_t ip, struct err *e)
{
	int64_t step = s->ordered ? 2 * NSEC_PER_MSEC : 100 * NSEC_PER_MSEC;
	int64_t now = clock_mono(), end = now + (s->ordered ? 1 : 3) * WAIT;
	int rc = 0;

	while (rc == 0 && now < end) {
		rc = session_ask_fence(s, ip, now + step, e);
		now = clock_mono();
		/* where all is slow an answer takes longer than the first wait
		 */
		step *= 2;
	}
	if (rc == 0)
		err_set(e, ERR_ENV,
		    "the stack does not answer a SYN to a closed port by IPv%u",
		    ip);
	return rc == 1 ? 0 : -1;
}

int
session_lost(struct session *s, const struct err *e)
{
	if (!s->dead)
		snprintf(s->death, sizeof(s->death), "%.255s", e->msg);
	s->dead = true;
	return -1;
}

void
session_fence(struct session *s, uint8_t ip)
{
	unsigned before = s->drops;
	struct err e;

	if (!s->ordered) {
		remote_fence(s, ip);
		return;
	}
	switch (session_ask_fence(s, ip, clock_mono() + WAIT, &e)) {
	case -1:
		s->x.broken = "the link or the capture ended";
		session_lost(s, &e);
		break;
	case 0:
		s->x.broken = "the fence was not answered within a second, "
			      "so silence is not proved";
		if (session_try(s, ip, &e) == -1)
			session_lost(s, &e);
		break;
	default:
		if (sniff_drops(s->wire.sniff, &s->drops, &e) == -1 ||
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
	} while (s->used[port / 8] & 1 << port % 8 ||
		 (s->wire.own && remote_port_taken(s, port)));
	s->used[port / 8] |= 1 << port % 8;
	s->ports_used++;
	return s->last_port = port;
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

bool
session_has_ip(const struct session *s, uint8_t ip)
{
	if (s->bench == NULL)
		return ip == s->wire.theirs.ip;
	return ip == 4 || bench_has_ip6(s->bench);
}

/* Where a stack's connect() is to reach: few stacks are choosy. */
static uint16_t
connect_port(struct session *s)
{
	unsigned n = s->connect_last - s->connect_first + 1;

	if (s->connect_first == 0)
		return fresh_port(s);
	return s->last_port = s->connect_first + s->connects++ % n;
}

struct tuple
session_tuple(struct session *s, uint8_t ip, uint16_t port)
{
	struct tuple t = { .dst.port = port };

	t.src.port = port == 0 ? connect_port(s) : fresh_port(s);
	t.src.addr =
	    s->bench != NULL ? *bench_peer(s->bench, ip) : s->wire.ours;
	t.dst.addr =
	    s->bench != NULL ? *bench_stack_addr(s->bench, ip) : s->wire.theirs;
	return t;
}

void
session_init(struct session *s)
{
	size_t i;

	memset(s, 0, sizeof(*s));
	s->wire.port_fd = -1;
	for (i = 0; i < sizeof(s->text); i++)
		s->text[i] = "retort\n"[i % 7];
}

void
session_set_ports(struct session *s, const struct bench_net *net)
{
	s->listen_port = net->listen_port;
	s->small_port = net->small_port;
	s->closed_port = net->closed_port;
	s->fence_port = net->fence_port;
	s->connect_first = net->connect_first;
	s->connect_last = net->connect_last;
}

int
session_open(struct session *s, bench_stack *stack, const char *pcap,
    struct err *e)
{
	struct dump *dump = NULL;
	const struct bench_net *net;
	struct err ignored;

	session_init(s);
	if ((pcap != NULL && dump_open(&dump, pcap, e) == -1) ||
	    bench_open(&s->bench, stack, e) == -1)
		goto fail;
	/* a bonus that few may have: without it nothing is said */
	reasons_open(&s->reasons, &ignored);
	net = bench_net(s->bench);
	session_set_ports(s, net);
	s->driven = s->ordered = s->looks = true;
	if (sniff_open_live(&s->wire.sniff, net->peer_if, FILTER, e) == -1 ||
	    sniff_inbound(s->wire.sniff, e) == -1 ||
	    craft_open(&s->wire.craft, net->peer_if, net->peer_mac,
		net->stack_mac, e) == -1 ||
	    privilege_drop(e) == -1 || session_try(s, 4, e) == -1 ||
	    (bench_has_ip6(s->bench) && session_try(s, 6, e) == -1))
		goto fail;
	/* of what tried the wire nothing is kept */
	s->wire.dump = dump;
	sniff_keep(s->wire.sniff, dump);
	return 0;
fail:
	dump_close(dump, &ignored);
	session_close(s, &ignored);
	return -1;
}

int
session_close(struct session *s, struct err *e)
{
	int rc = wire_close(&s->wire, e);

	bench_close(s->bench);
	/* the kernel takes its time for it: everything else is done */
	reasons_close(s->reasons);
	memset(s, 0, sizeof(*s));
	return rc;
}
