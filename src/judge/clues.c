#include <stdlib.h>

#include "judge/views.h"
#include "tcp/option.h"
#include "tcp/seq.h"

#define NSEC_PER_MSEC 1000000
#define NSEC_PER_USEC 1000

static void
form_clues(int64_t *v, const struct reset *r)
{
	const struct segment *rst = &r->seg;
	uint32_t enterprise;
	struct option o;
	struct tcb t;

	v[CLUE_ACK] = !!(rst->ctl & CTL_ACK);
	v[CLUE_SEQ_ZERO] = rst->seq == 0;
	v[CLUE_SEQ_NEXT] = view_sender(r, &t) && rst->seq == t.snd_nxt;
	v[CLUE_ACK_NEXT] = v[CLUE_ACK] && rst->ack == t.rcv_nxt;
	v[CLUE_ANSWERS] = r->answers;
	v[CLUE_WINDOW] = rst->wnd;
	v[CLUE_ID_ZERO] = rst->ip_id == 0;
	v[CLUE_TIMESTAMP] = opt_find(rst, OPT_TS, &o);
	v[CLUE_MPTCP_REASON] = opt_find(rst, OPT_MPTCP, &o);
	v[CLUE_TEXT] = rst->text_len;
	if (rst->text != NULL && rst->text_kept == rst->text_len)
		v[CLUE_DIAGNOSTIC] =
		    diagnostic_reason(rst->text, rst->text_len, &enterprise);
}

static void
reception_clues(int64_t *v, const struct reset *r)
{
	enum reception reception = reset_reception(r);

	v[CLUE_EXACT] = reception == RECEPTION_ACCEPTED;
	v[CLUE_IN_WINDOW] = reception == RECEPTION_CHALLENGED;
	v[CLUE_OUTSIDE] = reception == RECEPTION_IGNORED;
}

/* Does the trigger acknowledge nothing that its sender had not before? */
static bool
trigger_again(const struct reset *r)
{
	const struct flow_seg *t = &r->told[r->trigger], *s;

	if (t->len > 0 || t->ctl & (CTL_SYN | CTL_FIN))
		return false;
	for (s = t; s-- > r->told;)
		if (!s->by_sender && s->ctl & CTL_ACK && !(s->ctl & CTL_RST))
			return s->ack == t->ack;
	return true;
}

/* Has it reached its host after all? */
static bool
trigger_taken(const struct reset *r)
{
	const struct flow_seg *t = &r->told[r->trigger], *s;

	for (s = r->told + r->at; s < r->told + r->ntold; s++)
		if (t->len > 0 && s->by_sender && s->ctl & CTL_ACK &&
		    !(s->ctl & CTL_RST) && seq_geq(s->ack, t->seq + t->len))
			return true;
	return false;
}

/* Is it an octet before the next, or none? Text of one octet is new once. */
static bool
trigger_probe(const struct reset *r)
{
	const struct flow_seg *t = &r->told[r->trigger], *s;

	if (t->len > 1 || t->ctl & (CTL_SYN | CTL_FIN) ||
	    !(r->peer.seen & SIDE_SEEN) || t->seq != r->peer.snd_nxt - 1)
		return false;
	if (t->len == 0)
		return true;
	for (s = t; s-- > r->told;)
		if (!s->by_sender && s->seq + s->len == t->seq + 1)
			return true;
	return false;
}

static void
trigger_clues(int64_t *v, const struct reset *r)
{
	const struct flow_side *s = &r->sender;
	const struct flow_seg *t;
	uint16_t ctl;
	int64_t ns;

	if (r->trigger == -1)
		return;
	t = &r->told[r->trigger];
	ctl = t->ctl;
	ns = r->told[r->at].when - t->when;
	v[CLUE_TRIGGER] = 1;
	v[CLUE_TRIGGER_SYN] = ctl & CTL_SYN && !(ctl & CTL_ACK);
	v[CLUE_TRIGGER_SYN_ACK] = ctl & CTL_SYN && ctl & CTL_ACK;
	v[CLUE_TRIGGER_FIN] = !!(ctl & CTL_FIN);
	v[CLUE_TRIGGER_DATA] = t->len;
	v[CLUE_TRIGGER_NO_ACK] = !(ctl & CTL_ACK);
	v[CLUE_TRIGGER_PROBE] = trigger_probe(r);
	v[CLUE_TRIGGER_TAKEN] = trigger_taken(r);
	v[CLUE_TRIGGER_AGAIN] = trigger_again(r);
	v[CLUE_TRIGGER_OLD_TIMESTAMP] = r->old_timestamp;
	v[CLUE_TRIGGER_OTHER_ACK] =
	    ctl & CTL_ACK && s->seen & SIDE_SYN &&
	    (seq_leq(t->ack, s->isn) || seq_gt(t->ack, s->snd_nxt));
	v[CLUE_REPLY] = r->answers && v[CLUE_ACK] == v[CLUE_TRIGGER_NO_ACK];
	v[CLUE_TRIGGER_OTHER_ECHO] = v[CLUE_TRIGGER_SYN_ACK] && r->other_echo;
	v[CLUE_DELAY] = ns / NSEC_PER_MSEC;
	v[CLUE_FAST] = r->sender_host.rtt_min > 0 && ns >= 0 &&
		       ns / NSEC_PER_USEC < r->sender_host.rtt_min / 2;
}

/* What is known of each side, once for each. */
static void
side_clues(int64_t *v, const struct flow_side *s, const struct flow_side *other,
    bool sender)
{
	/* the sender's clue and the peer's stand next to each other */
	int64_t *w = v + !sender;

	w[CLUE_SENDER_SEEN] = !!(s->seen & SIDE_SEEN);
	w[CLUE_SENDER_SYN] = !!(s->seen & SIDE_SYN);
	w[CLUE_SENDER_OPENS] = !!(s->seen & SIDE_ACTIVE);
	w[CLUE_SENDER_SYNS] = s->syns;
	w[CLUE_SENDER_DATA] = !!(s->seen & SIDE_DATA);
	w[CLUE_SENDER_FIN] = !!(s->seen & SIDE_FIN);
	w[CLUE_SENDER_FIN_ACKED] = s->seen & SIDE_FIN &&
				   other->seen & SIDE_ACKED &&
				   seq_geq(other->rcv_nxt, s->snd_nxt);
	w[CLUE_SENDER_RETRIES] = s->retries;
	w[CLUE_SENDER_PROBES] = s->probes;
	w[CLUE_SENDER_CLOSED_WINDOW] = s->seen & SIDE_ACKED && s->wnd == 0;
}

/* Has the sender sent nothing since its SYN, but RSTs? */
static bool
syn_only(const struct reset *r)
{
	const struct flow_seg *s;
	size_t i;

	for (i = r->at; i-- > 0;) {
		s = &r->told[i];
		if (s->by_sender && !(s->ctl & CTL_RST))
			return s->ctl & CTL_SYN;
	}
	return false;
}

/* Empty ACKs of the octet before the next: keepalive probes. */
static int64_t
probed(const struct reset *r)
{
	const struct flow_seg *s;
	int64_t n = 0;

	for (s = r->told; s < r->told + r->at; s++) {
		if (!s->by_sender || s->ctl & CTL_RST)
			continue;
		if (s->ctl == CTL_ACK && s->len <= 1 &&
		    s->seq == r->sender.snd_nxt - 1)
			n++;
		else if (s->seq + s->len == r->sender.snd_nxt && s->len > 0)
			n = 0; /* that octet was the next, until now */
	}
	return n;
}

/* Octets of s that the other end has not acknowledged. */
static int64_t
unacked(const struct flow_side *s, const struct flow_side *by)
{
	int32_t n = seq_diff(s->snd_nxt, by->rcv_nxt);

	if (!(s->seen & SIDE_DATA) || !(by->seen & SIDE_ACKED) || n < 0)
		return 0;
	return n;
}

static void
connection_clues(int64_t *v, const struct reset *r)
{
	const struct flow_side *s = &r->sender, *p = &r->peer;
	uint16_t either = s->seen | p->seen;
	size_t i;

	v[CLUE_FRESH] = r->fresh;
	v[CLUE_MIDDLE] = r->middle;
	side_clues(v, s, p, true);
	side_clues(v, p, s, false);
	v[CLUE_HANDSHAKE] =
	    s->seen & p->seen & SIDE_SYN && s->seen & p->seen & SIDE_ACKED &&
	    seq_gt(s->rcv_nxt, p->isn) && seq_gt(p->rcv_nxt, s->isn);
	v[CLUE_SYN_ONLY] = syn_only(r);
	v[CLUE_SENDER_PROBED] = probed(r);
	v[CLUE_UNACKED_DATA] = unacked(p, s);
	v[CLUE_UNACKED_SENT] = unacked(s, p);
	v[CLUE_UNANSWERED_DATA] =
	    p->seen & SIDE_DATA &&
	    (!(s->seen & SIDE_DATA) || p->last_new >= s->last_new);
	/* later than the FIN, and beyond what that acknowledged */
	for (i = 0; i < r->at; i++)
		if (s->seen & SIDE_FIN && !r->told[i].by_sender &&
		    r->told[i].len > 0 &&
		    seq_gt(r->told[i].seq + r->told[i].len, s->rcv_nxt))
			v[CLUE_DATA_AFTER_FIN] = 1;
	v[CLUE_IDLE] = r->idle / NSEC_PER_MSEC;
	v[CLUE_AGE] = r->age / NSEC_PER_MSEC;
	v[CLUE_QUIET] = r->quiet / NSEC_PER_MSEC;
	v[CLUE_COPY] = r->copy;
	v[CLUE_REUSED] = r->reused;
	v[CLUE_OLD_OPEN] = r->old_open;
	v[CLUE_SINCE_OLD] = r->since_old / NSEC_PER_MSEC;
	v[CLUE_TIMESTAMPS] = s->seen & p->seen & SIDE_TS ? 1 : 0;
	v[CLUE_IN_SYN_SENT] = reset_sender_state(r) == ST_SYN_SENT;
	v[CLUE_IN_SYN_RECEIVED] = reset_sender_state(r) == ST_SYN_RECEIVED;
	v[CLUE_MPTCP] = !!(either & SIDE_MPTCP);
	v[CLUE_FASTOPEN] = !!(either & SIDE_FASTOPEN);
	v[CLUE_SYN_DATA] = !!(either & SIDE_SYN_DATA);
}

/* Is DF otherwise than in each of the sender's segments that are told? */
static bool
df_off(const struct reset *r)
{
	const struct flow_seg *s;
	bool any = false;

	for (s = r->told; s < r->told + r->at; s++) {
		if (!s->by_sender || s->ctl & CTL_RST)
			continue;
		if (s->df == r->seg.df)
			return false;
		any = true;
	}
	return any && r->seg.tuple.src.addr.ip == 4;
}

static void
origin_clues(int64_t *v, const struct reset *r)
{
	const struct flow_side *s = &r->sender;
	uint8_t ttl = s->seen & SIDE_SEEN ? s->ttl : r->sender_host.ttl;
	bool known = s->seen & SIDE_SEEN || r->sender_host.segments > 0;

	v[CLUE_TTL_KNOWN] = known && !(s->seen & SIDE_TTL_VARIES);
	if (v[CLUE_TTL_KNOWN])
		v[CLUE_TTL_OFF] = abs(r->seg.ttl - ttl);
	v[CLUE_TOS_OFF] =
	    s->seen & SIDE_SEEN && (r->seg.tos & ~3) != (s->tos & ~3);
	/* a host that never sends 0 and does here, or the other way */
	v[CLUE_ID_OFF] =
	    r->seg.tuple.src.addr.ip == 4 &&
	    (r->seg.ip_id == 0
		    ? !(s->seen & SIDE_ID_ZERO) && s->seen & SIDE_SEEN
		    : !(s->seen & SIDE_ID_SET) && s->seen & SIDE_SEEN);
	v[CLUE_DF_OFF] = df_off(r);
	v[CLUE_SENDER_RESETS] = r->sender_resets;
	v[CLUE_PEER_RESETS] = r->peer_resets;
	v[CLUE_RESETS_DIFFER] = r->resets_differ || r->after_differ;
	v[CLUE_SENDER_AFTER] = r->sender_after;
	v[CLUE_PEER_AFTER] = r->peer_after;
	v[CLUE_TALKS_ON] =
	    r->sender_new_after > 0 ||
	    (r->sender_text_after > 0 && !r->sender_ends && r->trigger >= 0 &&
		!(s->seen & SIDE_FIN) && r->told[r->trigger].len == 0);
	v[CLUE_PEER_TALKS_ON] = r->peer_new_after > 0;
	v[CLUE_RESETS_AFTER] = r->resets_after;
	v[CLUE_CHALLENGED] = r->challenged;
	v[CLUE_REOPENED] = r->reopened;
}

static void
host_clues(int64_t *v, const struct reset *r)
{
	v[CLUE_SENDER_OPENED] = r->sender_host.opened;
	v[CLUE_SENDER_CHANGES] = r->sender_host.changes;
	v[CLUE_SENDER_QUICK_ENDS] = r->sender_host.quick_ends;
	v[CLUE_PEER_OPENED] = r->peer_host.opened;
	v[CLUE_PEER_CHANGES] = r->peer_host.changes;
	v[CLUE_PEER_UNASKED] = r->peer_host.unasked;
}

void
clues_find(struct clues *c, const struct reset *r)
{
	*c = (struct clues){ 0 };
	form_clues(c->v, r);
	reception_clues(c->v, r);
	trigger_clues(c->v, r);
	connection_clues(c->v, r);
	origin_clues(c->v, r);
	host_clues(c->v, r);
}
