/* The bench of a script, and our end of its wire. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/privilege.h"
#include "run/player.h"

#define FENCE_WAIT   NSEC_PER_SEC
#define TRY_WAIT     (2 * NSEC_PER_MSEC)
#define TRY_WAIT_MAX (2 * NSEC_PER_SEC)
#define CAME_MAX     100000 /* more is a flood */
#define TEXT_MAX     65536
#define FILTER	     "tcp"

/* Put it into what the report shows. */
static void
note(struct player *p, const struct segment *seg, bool ours, enum relation rel)
{
	struct exchange *x = &p->result->x;
	struct passage *passage = &x->passages[x->n];

	if (x->n == EXCHANGE_MAX) {
		x->lost++;
		return;
	}
	x->n++;
	*passage = (struct passage){ .seg = *seg, .rel = rel, .ours = ours };
	passage->seg.text = NULL;
	passage->seg.text_kept = 0;
}

static int
put(struct player *p, struct segment *seg, struct err *e)
{
	const uint8_t *frame;
	size_t len;

	if (p->remote != NULL)
		return wire_send(&p->remote->wire, seg, e);
	if (craft_build(p->craft, seg, &frame, &len, e) == -1)
		return -1;
	seg->when = clock_wall();
	if (p->dump != NULL)
		dump_frame(p->dump, seg->when, frame, len);
	return craft_send(p->craft, e);
}

int
player_send(struct player *p, struct segment *seg, enum relation rel)
{
	struct err e;

	if (put(p, seg, &e) == -1)
		return e.kind == ERR_USAGE ? player_stop(p, V_SKIP, "%s", e.msg)
					   : player_broken(p, &e);
	note(p, seg, true, rel);
	return 0;
}

int
player_send_icmp(struct player *p, const struct icmp *icmp, uint32_t text_len,
    struct err *e)
{
	const uint8_t *frame;
	size_t len;

	if (craft_build_icmp(p->craft, icmp, text_len, &frame, &len, e) == -1)
		return -1;
	if (p->dump != NULL)
		dump_frame(p->dump, clock_wall(), frame, len);
	return craft_send(p->craft, e);
}

/* A segment has come. */
static void
keep(struct player *p, const struct segment *seg)
{
	struct player_conn *c = player_conn_of(p, seg);
	struct player_came *came;

	p->came = mem_grow(p->came, p->ncame, sizeof(*p->came));
	came = &p->came[p->ncame++];
	came->seg = *seg;
	came->seg.text = NULL;
	came->seg.text_kept = 0;
	note(p, &came->seg, false, REL_SETUP);
	if (c != NULL)
		player_conn_came(c, &came->seg);
}

struct tuple
player_ends(const struct player *p)
{
	struct tuple t = { 0 };

	if (p->remote != NULL) {
		t.src.addr = p->remote->wire.ours;
		t.dst.addr = p->remote->wire.theirs;
		t.dst.port = p->remote->fence_port;
	} else {
		t.src.addr = *bench_peer(p->bench, p->staging.ip);
		t.dst.addr = *bench_stack_addr(p->bench, p->staging.ip);
		t.dst.port = bench_net(p->bench)->fence_port;
	}
	return t;
}

static int
next(struct player *p, struct segment *seg, int64_t deadline, struct err *e)
{
	return p->remote != NULL ? remote_next(p->remote, seg, deadline, e)
				 : sniff_next(p->sniff, seg, deadline, e);
}

/* One more segment: 1 when it was kept, 2 when it answers the fence. */
static int
read_one(struct player *p, const struct tuple *fence, int64_t deadline,
    struct err *e)
{
	struct tuple ends = player_ends(p);
	struct segment seg;
	struct tuple back;
	int rc;

	while ((rc = next(p, &seg, deadline, e)) == 1) {
		back = tuple_reverse(&seg.tuple);
		if (fence != NULL && tuple_eq(&back, fence))
			return 2;
		if ((seg.tuple.src.port == ends.dst.port && p->bench != NULL) ||
		    !addr_eq(&seg.tuple.dst.addr, &ends.src.addr))
			continue;
		if (p->ncame == CAME_MAX)
			return err_set(e, ERR_ENV,
			    "the stack sent more than %d segments", CAME_MAX);
		/* between namespaces a kernel leaves the sum to a device that
		   is not there, and trusts it itself */
		seg.faults &= ~FAULT_OFFLOAD;
		keep(p, &seg);
		return 1;
	}
	return rc;
}

int
player_next(struct player *p, int64_t deadline)
{
	struct err e;
	int rc = read_one(p, NULL, deadline, &e);

	return rc == -1 ? player_broken(p, &e) : rc;
}

int
player_listen(struct player *p, int64_t deadline)
{
	int rc;

	while ((rc = player_next(p, deadline)) == 1)
		;
	return rc;
}

int
player_ask_fence(struct player *p, int64_t deadline, struct err *e)
{
	struct segment syn = { .ctl = CTL_SYN, .wnd = 64240 };
	int rc;

	syn.seq = random_u32(&p->random);
	syn.tuple = player_ends(p);
	syn.tuple.src.port = random_port(&p->random);
	if (put(p, &syn, e) == -1)
		return -1;
	while ((rc = read_one(p, &syn.tuple, deadline, e)) == 1)
		;
	return rc == 2 ? 1 : rc;
}

int
player_fence(struct player *p)
{
	struct err e;

	if (p->remote != NULL)
		return player_fence_remote(p);
	switch (player_ask_fence(p, clock_mono() + FENCE_WAIT, &e)) {
	case -1:
		return player_broken(p, &e);
	case 0:
		return player_stop(p, V_INCONCLUSIVE,
		    "the fence was not answered within a second, so silence "
		    "is not proved");
	default:
		return 0;
	}
}

/* The first that meets a wire that does not work yet is not the script. */
static int
try_wire(struct player *p, struct err *e)
{
	int64_t wait;
	int rc = 0;

	/* where all is slow an answer takes longer than the first wait */
	for (wait = TRY_WAIT; rc == 0 && wait <= TRY_WAIT_MAX; wait *= 2)
		rc = player_ask_fence(p, clock_mono() + wait, e);
	if (rc == 0)
		err_set(e, ERR_ENV,
		    "the stack does not answer a SYN to a closed port by "
		    "IPv%u",
		    p->staging.ip);
	return rc == 1 ? 0 : -1;
}

int
player_open(struct player *p, struct err *e)
{
	const struct bench_net *net;

	p->zeros = mem_calloc(TEXT_MAX, 1);
	if (p->options->remote != NULL)
		return player_open_remote(p, e);
	if ((p->options->pcap != NULL &&
		dump_open(&p->dump, p->options->pcap, e) == -1) ||
	    bench_open_stage(&p->bench, &p->staging.stage, e) == -1)
		return -1;
	net = bench_net(p->bench);
	if (p->staging.ip == 6 && !bench_has_ip6(p->bench))
		return err_set(e, ERR_ENV, "this machine has no IPv6");
	if (sniff_open_live(&p->sniff, net->peer_if, FILTER, e) == -1 ||
	    sniff_inbound(p->sniff, e) == -1 ||
	    craft_open(&p->craft, net->peer_if, net->peer_mac, net->stack_mac,
		e) == -1 ||
	    privilege_drop(e) == -1 || try_wire(p, e) == -1)
		return -1;
	sniff_keep(p->sniff, p->dump);
	return sniff_drops(p->sniff, &p->drops, e);
}

void
player_finish(struct player *p)
{
	struct dump **dump =
	    p->remote != NULL ? &p->remote->wire.dump : &p->dump;
	struct err e;

	if (p->sniff != NULL)
		sniff_keep(p->sniff, NULL);
	if (dump_close(*dump, &e) == -1)
		player_broken(p, &e);
	*dump = NULL;
}

void
player_close(struct player *p)
{
	size_t i;

	if (p->remote != NULL)
		player_close_remote(p);
	sniff_close(p->sniff);
	craft_close(p->craft);
	bench_close(p->bench);
	for (i = 0; i < p->nconns; i++)
		free(p->conns[i]);
	for (i = 0; i < p->ncalls; i++)
		free(p->calls[i]);
	free(p->conns);
	free(p->groups);
	free(p->came);
	free(p->calls);
	free(p->zeros);
	descriptors_free(&p->fds);
}
