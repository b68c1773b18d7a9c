#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/privilege.h"
#include "bench/stage.h"
#include "run/pair_wire.h"

#define FILTER	"tcp"
#define OWN_IDS 0x80000000U /* of requests: others count from 1 */

/* ---- the network ---- */

static const struct network {
	const char *addr[2], *gateway[2]; /* [1]: IPv6 */
} networks[NPAIR_SIDES] = {
	[PAIR_CLIENT] = { { "192.0.2.1", "2001:db8:c::1" },
	    { "192.0.2.254", "2001:db8:c::fe" } },
	[PAIR_SERVER] = { { "198.51.100.2", "2001:db8:5::2" },
	    { "198.51.100.254", "2001:db8:5::fe" } },
};

static void
set_stage(struct stage *stage, enum pair_side who)
{
	int six;

	stage_init(stage);
	stage->prefix[0] = 24;
	stage->prefix[1] = 64;
	for (six = 0; six < 2; six++) {
		addr_parse(&stage->stack[six], networks[who].addr[six]);
		addr_parse(&stage->peer[six],
		    networks[pair_other(who)].addr[six]);
		addr_parse(&stage->gateway[six], networks[who].gateway[six]);
	}
}

/*
 * This process is in the side's namespace afterwards; our end of the one before
 * lives on by the sockets that are open there.
 */
static int
open_side(struct pair *p, enum pair_side who, struct err *e)
{
	struct side *side = &p->sides[who];
	const struct bench_net *net;
	struct stage stage;

	set_stage(&stage, who);
	if (bench_open_stage(&side->bench, &stage, e) == -1)
		return -1;
	if (p->ip == 6 && !bench_has_ip6(side->bench))
		return err_set(e, ERR_ENV, "this machine has no IPv6");
	side->addr = bench_stack_addr(side->bench, p->ip);
	net = bench_net(side->bench);
	if (sniff_open_live(&side->sniff, net->peer_if, FILTER, e) == -1 ||
	    sniff_inbound(side->sniff, e) == -1 ||
	    craft_open(&side->craft, net->peer_if, net->peer_mac,
		net->stack_mac, e) == -1)
		return -1;
	return sniff_drops(side->sniff, &side->drops, e);
}

/* ---- the kernels' word ---- */

int
pair_look(struct pair *p, enum pair_side side, const struct endpoint *local,
    const struct endpoint *remote, enum state *state, bool *held, struct err *e)
{
	struct caller_request *q = mem_calloc(1, sizeof(*q));
	struct caller_reply *r = mem_calloc(1, sizeof(*r));
	int rc;

	q->op = CALLER_LOOK;
	q->id = OWN_IDS + ++p->request;
	q->local = *local;
	q->to = *remote;
	rc = caller_ask(p->sides[side].bench, q, r,
	    clock_mono() + PAIR_PATIENCE, e);
	if (rc == 1 && r->result == 0) {
		*state = r->state;
		*held = r->held;
		rc = 0;
	} else if (rc != -1) {
		rc = err_set(e, ERR_ENV,
		    "cannot ask the %s's kernel for a connection's state: %s",
		    pair_side_name(side),
		    rc == 0 ? "no reply" : strerror(r->error));
	}
	free(q);
	free(r);
	return rc;
}

/* ---- beginning and end ---- */

static int
open_all(struct pair *p, const char *pcap, struct err *e)
{
	if (pcap != NULL && dump_open(&p->dump, pcap, e) == -1)
		return -1;
	if (open_side(p, PAIR_CLIENT, e) == -1 ||
	    open_side(p, PAIR_SERVER, e) == -1 || privilege_drop(e) == -1)
		return -1;
	if (pair_try_wire(p, PAIR_CLIENT, e) == -1)
		return -1;
	return pair_try_wire(p, PAIR_SERVER, e);
}

int
pair_open(struct pair **pp, uint8_t ip, const char *pcap, struct err *e)
{
	struct pair *p = mem_calloc(1, sizeof(*p));
	int i;

	p->ip = ip;
	TAILQ_INIT(&p->given);
	for (i = 0; i < NPAIR_SIDES; i++)
		TAILQ_INIT(&p->sides[i].came);
	*pp = p;
	if (open_all(p, pcap, e) == 0)
		return 0;
	pair_close(p);
	*pp = NULL;
	return -1;
}

int
pair_finish(struct pair *p, struct err *e)
{
	struct dump *d = p->dump;
	unsigned drops;
	int i, rc = 0;

	p->dump = NULL;
	if (dump_close(d, e) == -1)
		return -1;
	for (i = 0; rc == 0 && i < NPAIR_SIDES; i++) {
		rc = sniff_drops(p->sides[i].sniff, &drops, e);
		if (rc == 0 && drops != p->sides[i].drops)
			rc = err_set(e, ERR_ENV,
			    "%u segments of the %s were lost before they could "
			    "be read: try again on an idle machine",
			    drops - p->sides[i].drops, pair_side_name(i));
	}
	return rc;
}

void
pair_close(struct pair *p)
{
	struct err e;
	int i;

	if (p == NULL)
		return;
	dump_close(p->dump, &e);
	pair_forget_all(p);
	for (i = 0; i < NPAIR_SIDES; i++) {
		sniff_close(p->sides[i].sniff);
		craft_close(p->sides[i].craft);
		bench_close(p->sides[i].bench);
	}
	free(p);
}

const struct addr *
pair_addr(const struct pair *p, enum pair_side side)
{
	return p->sides[side].addr;
}

struct bench *
pair_bench(struct pair *p, enum pair_side side)
{
	return p->sides[side].bench;
}
