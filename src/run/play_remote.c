/*
 * DOC: a script against a remote port
 *
 * Nobody makes calls there, and no kernel tells the state of a connection. It
 * follows from what a SYN to the port was answered before the script, and from
 * what the wire shows; where it does not, no rule is asked.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "run/player.h"

/* Is the port that the script speaks to closed, or does a server listen? */
static int
learn_port(struct player *p, uint16_t port, struct err *e)
{
	p->remote_state = ST_CLOSED;
	if (remote_check_port(p->remote, port, true, e) == 0)
		return 0;
	p->remote_state = ST_LISTEN;
	return remote_check_port(p->remote, port, false, e);
}

int
player_open_remote(struct player *p, struct err *e)
{
	struct remote_options o = *p->options->remote;
	uint16_t port = o.listen_port;

	/* it may well be a closed one */
	o.listen_port = 0;
	p->remote = mem_calloc(1, sizeof(*p->remote));
	if (session_open_remote(p->remote, &o, e) == -1) {
		free(p->remote);
		p->remote = NULL;
		return -1;
	}
	p->sniff = p->remote->wire.sniff;
	p->staging.ip = p->remote->wire.theirs.ip;
	p->staging.bind_port = port;
	return learn_port(p, port, e);
}

void
player_close_remote(struct player *p)
{
	struct err ignored;

	session_close(p->remote, &ignored);
	free(p->remote);
	p->remote = NULL;
	p->sniff = NULL;
}

int
player_fence_remote(struct player *p)
{
	struct session *s = p->remote;
	unsigned i;
	int rc = s->fence_port == 0;
	struct err e;

	for (i = 0; rc == 0 && i <= s->remote.retries; i++)
		rc = player_ask_fence(p, clock_mono() + NSEC_PER_SEC, &e);
	if (rc == -1)
		return player_broken(p, &e);
	if (rc == 0)
		return player_stop(p, V_INCONCLUSIVE,
		    "the closed port does not answer any more, so silence is "
		    "not proved");
	return player_listen(p, clock_mono() + remote_grace(s));
}

/* Has a FIN gone or come on this connection? Yes, too, when that is lost. */
static bool
was_closing(const struct player *p, const struct player_conn *c)
{
	const struct exchange *x = &p->result->x;
	const struct passage *s;
	struct tuple ours;

	for (s = x->passages; s < x->passages + x->n; s++) {
		ours = s->ours ? s->seg.tuple : tuple_reverse(&s->seg.tuple);
		if (s->seg.ctl & CTL_FIN && tuple_eq(&ours, &c->ours))
			return true;
	}
	return x->lost > 0;
}

bool
player_guess(const struct player *p, const struct player_conn *c,
    enum state *state)
{
	uint16_t port = c->ours.dst.port;

	*state = ST_CLOSED;
	if (!c->map.ours.known || !c->map.theirs.known || c->reset) {
		if (port == p->staging.bind_port)
			*state = p->remote_state;
		return port == p->staging.bind_port ||
		       port == p->remote->closed_port;
	}
	*state =
	    c->tcb.snd_una == c->tcb.iss ? ST_SYN_RECEIVED : ST_ESTABLISHED;
	return !was_closing(p, c);
}
