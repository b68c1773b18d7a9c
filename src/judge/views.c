/*
 * The two ends of a connection as a capture shows them. Where the capture was
 * made is not known, so what one end has sent counts as arrived, unless it
 * was sent again since.
 */
#include "judge/views.h"
#include "tcp/seq.h"

static bool
has(const struct flow_side *s, uint16_t seen)
{
	return (s->seen & seen) == seen;
}

/* Has the other end acknowledged all that this one sent? */
static bool
all_acked(const struct flow_side *s, const struct flow_side *by)
{
	return has(by, SIDE_ACKED) && seq_geq(by->rcv_nxt, s->snd_nxt);
}

static enum state
synchronized(const struct flow_side *s, const struct flow_side *other)
{
	bool fin = has(s, SIDE_FIN), other_fin = has(other, SIDE_FIN);
	bool acked = fin && all_acked(s, other);
	bool acks = other_fin && all_acked(other, s);

	if (!fin)
		return acks ? ST_CLOSE_WAIT : ST_ESTABLISHED;
	if (!acks)
		return acked ? ST_FIN_WAIT_2 : ST_FIN_WAIT_1;
	/* who closed last passes through LAST-ACK to CLOSED */
	if (s->last_new > other->last_new)
		return acked ? ST_CLOSED : ST_LAST_ACK;
	return acked ? ST_TIME_WAIT : ST_CLOSING;
}

static enum state
state_of(const struct flow_side *s, const struct flow_side *other)
{
	if (!has(s, SIDE_SEEN)) {
		if (has(other, SIDE_ACTIVE) && !has(other, SIDE_ACKED))
			return ST_LISTEN;
		return has(other, SIDE_ACKED | SIDE_SEEN) ? ST_ESTABLISHED
							  : NSTATES;
	}
	if (has(s, SIDE_ACTIVE) && !has(s, SIDE_ACKED))
		return ST_SYN_SENT;
	/* text after its SYN,ACK shows that it was acknowledged, unseen */
	if (has(s, SIDE_SYN) && !has(s, SIDE_ACTIVE) && !has(s, SIDE_DATA) &&
	    !has(s, SIDE_FIN) &&
	    !(has(other, SIDE_ACKED) && seq_gt(other->rcv_nxt, s->isn)))
		return ST_SYN_RECEIVED;
	return synchronized(s, other);
}

enum state
reset_sender_state(const struct reset *r)
{
	enum state st = state_of(&r->sender, &r->peer);

	/* it has shown nothing but this RST: it knows of no connection */
	return has(&r->sender, SIDE_SEEN) ? st : ST_CLOSED;
}

enum state
reset_peer_state(const struct reset *r)
{
	return state_of(&r->peer, &r->sender);
}

/* Is the peer in another connection than s, or beyond what was seen of it? */
static bool
elsewhere(const struct flow_side *s, const struct flow_side *peer)
{
	int32_t ahead = seq_diff(s->snd_nxt, peer->rcv_nxt);

	if (!has(peer, SIDE_ACKED))
		return false;
	return ahead < 0 || ahead > 1 << 30 ||
	       (has(s, SIDE_ACTIVE) && !has(s, SIDE_ACKED) && ahead > 1);
}

/* Does it answer what the peer said to an earlier RST, a challenge ACK? */
static bool
was_challenged(const struct reset *r)
{
	return r->sender_resets > 0 && r->answers && r->trigger > 0 &&
	       r->told[r->trigger].len == 0 &&
	       r->told[r->trigger - 1].by_sender &&
	       r->told[r->trigger - 1].ctl & CTL_RST;
}

/*
 * Every segment bears the latest acknowledgment. One that was sent long after
 * the sender's text, and does not acknowledge it, says that it is lost.
 */
static bool
has_lost(const struct reset *r)
{
	uint32_t rtt = r->peer_host.rtt_min / 1000; /* ms */
	uint32_t long_after = r->peer_host.rtt_min != 0 ? 2 * rtt + 20 : 500;

	return has(&r->peer, SIDE_ACKED) &&
	       (was_challenged(r) ||
		   r->peer.last > r->sender.last_new + long_after);
}

static uint32_t
window(const struct flow_side *s)
{
	return (uint32_t)s->wnd << s->shift;
}

bool
view_sender(const struct reset *r, struct tcb *t)
{
	const struct flow_side *s = &r->sender, *peer = &r->peer;

	*t = (struct tcb){ .state = reset_sender_state(r),
		.iss = s->isn,
		.irs = peer->isn,
		.rcv_wnd = window(s),
		.snd_wnd = window(peer),
		.max_snd_wnd = window(peer),
		.passive = !has(s, SIDE_ACTIVE),
		.orphan = has(s, SIDE_FIN),
		.ts_recent = peer->tsval,
		.ts_val = s->tsval,
		.timestamps = has(s, SIDE_TS) && has(peer, SIDE_TS),
		.unread =
		    has(peer, SIDE_DATA) && peer->last_new >= s->last_new };
	t->rcv_nxt = has(peer, SIDE_SEEN) ? peer->snd_nxt : s->rcv_nxt;
	if (has(s, SIDE_SEEN))
		t->snd_nxt = s->snd_nxt;
	else if (has(peer, SIDE_ACKED))
		t->snd_nxt = peer->rcv_nxt;
	else
		return false;
	t->snd_una = has(peer, SIDE_ACKED) ? peer->rcv_nxt : t->snd_nxt;
	return true;
}

bool
view_peer(const struct reset *r, struct tcb *t)
{
	const struct flow_side *s = &r->sender, *peer = &r->peer;

	*t = (struct tcb){ .state = reset_peer_state(r),
		.iss = peer->isn,
		.irs = s->isn,
		.snd_nxt = peer->snd_nxt,
		.snd_una = has(s, SIDE_ACKED) ? s->rcv_nxt : peer->isn,
		.rcv_wnd = window(peer),
		.passive = !has(peer, SIDE_ACTIVE) };
	if (!has(peer, SIDE_SEEN))
		return false;
	/* without scaling known, a window seen in the middle is a lower bound
	 */
	if (has(peer, SIDE_ACKED))
		t->rcv_nxt = peer->rcv_nxt;
	if (has(s, SIDE_SEEN) && s->retries == 0 && !elsewhere(s, peer) &&
	    !has_lost(r))
		t->rcv_nxt = s->snd_nxt;
	return t->state == ST_SYN_SENT || has(peer, SIDE_ACKED) ||
	       has(s, SIDE_SEEN);
}

const struct segment *
view_trigger(const struct reset *r, struct segment *s)
{
	if (r->trigger == -1)
		return NULL;
	reset_told(r, r->trigger, s);
	return s;
}
