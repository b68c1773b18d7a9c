/* Which connection a packet of a script is of, and what is known of it. */
#include <string.h>

#include "base/mem.h"
#include "run/player.h"
#include "tcp/option.h"
#include "tcp/seq.h"

struct player_group *
player_group(struct player *p, const struct script_connection *name)
{
	size_t i;

	/* there is room for each name of the script: they do not move */
	for (i = 0; i < p->ngroups; i++)
		if (p->groups[i].name == name)
			return &p->groups[i];
	p->groups[i].name = name;
	p->ngroups++;
	return &p->groups[i];
}

struct player_conn *
player_conn_new(struct player *p, const struct tuple *ours)
{
	struct player_conn *c = mem_calloc(1, sizeof(*c));
	size_t i;

	c->ours = *ours;
	exchange_start(&c->x, ours);
	p->conns = mem_grow(p->conns, p->nconns, sizeof(*p->conns));
	p->conns[p->nconns++] = c;
	/* what came before it was known is of it, too */
	for (i = 0; i < p->ncame; i++)
		if (!p->came[i].taken &&
		    player_conn_of(p, &p->came[i].seg) == c)
			player_conn_came(c, &p->came[i].seg);
	return c;
}

struct player_conn *
player_conn_of(struct player *p, const struct segment *seg)
{
	struct tuple ours = tuple_reverse(&seg->tuple);
	size_t i;

	for (i = p->nconns; i-- > 0;)
		if (tuple_eq(&p->conns[i]->ours, &ours))
			return p->conns[i];
	return NULL;
}

/* The ports of our segments, on the wire; 0: one is to be drawn. */
static struct tuple
make_tuple(struct player *p, uint16_t from, uint16_t to)
{
	struct tuple t = player_ends(p);

	t.src.port = from;
	t.dst.port = to;
	/* one that no program of this machine has */
	if (p->remote != NULL && from == 0)
		return session_tuple(p->remote, p->staging.ip, to);
	while (t.src.port == 0 || t.src.port == p->staging.connect_port)
		t.src.port = random_port(&p->random);
	return t;
}

/* The connection with these ports, said in a packet. */
static struct player_conn *
by_ports(struct player *p, const struct script_packet *packet)
{
	struct tuple t = packet->out
			     ? make_tuple(p, packet->dport, packet->sport)
			     : make_tuple(p, packet->sport, packet->dport);
	struct segment of = { .tuple = tuple_reverse(&t) };
	struct player_conn *c = player_conn_of(p, &of);

	return c != NULL ? c : player_conn_new(p, &t);
}

/* This connection takes the place of the one before. */
static struct player_conn *
turn_to(struct player_group *g, struct player_conn *c)
{
	if (g->current != NULL && g->current != c)
		g->current->given_up = true;
	g->current = c;
	g->fresh = FRESH_NOT;
	return c;
}

struct player_conn *
player_conn_in(struct player *p, const struct script_event *ev)
{
	struct player_group *g = player_group(p, ev->connection);
	const struct script_packet *packet = ev->packet;
	struct tuple t;

	if (packet->ports && packet->sport != 0 && packet->dport != 0)
		return by_ports(p, packet);
	if (g->current != NULL &&
	    (g->fresh != FRESH_SOCKET ||
		(packet->ctl & (CTL_SYN | CTL_ACK)) != CTL_SYN))
		return g->current;
	t = make_tuple(p, packet->ports ? packet->sport : 0,
	    packet->ports && packet->dport != 0 ? packet->dport
						: p->staging.bind_port);
	return turn_to(g, player_conn_new(p, &t));
}

/* The first SYN of no connection that is known, or NULL. */
static const struct segment *
find_syn(struct player *p)
{
	size_t i;

	for (i = 0; i < p->ncame; i++)
		if (!p->came[i].taken &&
		    (p->came[i].seg.ctl & (CTL_SYN | CTL_ACK)) == CTL_SYN &&
		    player_conn_of(p, &p->came[i].seg) == NULL)
			return &p->came[i].seg;
	return NULL;
}

struct player_conn *
player_conn_out(struct player *p, const struct script_event *ev)
{
	struct player_group *g = player_group(p, ev->connection);
	const struct script_packet *packet = ev->packet;
	const struct segment *syn;
	struct tuple t;

	if (packet->ports && packet->sport != 0 && packet->dport != 0)
		return by_ports(p, packet);
	if (g->current != NULL &&
	    (g->fresh == FRESH_NOT ||
		(packet->ctl & (CTL_SYN | CTL_ACK)) != CTL_SYN))
		return g->current;
	syn = find_syn(p);
	if (syn == NULL)
		return NULL;
	t = tuple_reverse(&syn->tuple);
	return turn_to(g, player_conn_new(p, &t));
}

/* ---- the TCB ---- */

void
player_conn_sent(struct player_conn *c, const struct segment *seg)
{
	struct option o;

	if (seg->ctl & CTL_RST)
		c->reset = true;
	if ((seg->ctl & (CTL_RST | CTL_SYN)) == CTL_SYN) {
		c->wscale = opt_find(seg, OPT_WSCALE, &o);
		c->stamps = opt_find(seg, OPT_TS, &o);
	}
	tcb_received(&c->tcb, seg);
}

void
player_conn_came(struct player_conn *c, const struct segment *seg)
{
	struct option o;

	exchange_received(&c->x, seg);
	if (seg->ctl & CTL_RST) {
		c->reset = true;
		return;
	}
	if (seg->ctl & CTL_SYN) {
		c->tcb.rcv_shift = 0;
		if (c->wscale && opt_find(seg, OPT_WSCALE, &o))
			c->tcb.rcv_shift = o.data[0];
		c->tcb.timestamps = c->stamps && opt_find(seg, OPT_TS, &o);
	}
	tcb_sent(&c->tcb, seg);
	/* what it acknowledges it has taken */
	if (seg->ctl & CTL_ACK && seq_gt(seg->ack, c->tcb.rcv_nxt))
		c->tcb.rcv_nxt = seg->ack;
}
