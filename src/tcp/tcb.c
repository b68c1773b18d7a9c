#include <string.h>

#include "base/octets.h"
#include "tcp/option.h"
#include "tcp/seq.h"
#include "tcp/tcb.h"

static bool
in_window(const struct tcb *t, uint32_t seq)
{
	return seq - t->rcv_nxt < t->rcv_wnd;
}

bool
tcb_acceptable(const struct tcb *t, const struct segment *s)
{
	uint32_t len = seg_len(s);

	if (t->rcv_wnd == 0)
		return len == 0 && s->seq == t->rcv_nxt;
	return in_window(t, s->seq) ||
	       (len > 0 && in_window(t, s->seq + len - 1));
}

void
tcb_sent(struct tcb *t, const struct segment *s)
{
	uint32_t end = s->seq + seg_len(s);
	uint8_t shift = t->rcv_shift > 14 ? 14 : t->rcv_shift;
	struct option ts;

	/* a RST may borrow its numbers from the segment that it answers */
	if (s->ctl & CTL_RST)
		return;
	if (s->ctl & CTL_SYN && (s->seq != t->iss || t->snd_nxt == t->iss)) {
		t->iss = t->snd_una = s->seq;
		t->snd_nxt = end;
	} else if (seq_gt(end, t->snd_nxt)) {
		t->snd_nxt = end;
	}
	if (opt_find(s, OPT_TS, &ts))
		t->ts_val = get32(ts.data);
	/*
	 * The window of a SYN is never scaled, any other by 14 at most
	 * (RFC 7323 2.2, 2.3; section numbers unchecked).
	 */
	if (s->ctl & CTL_ACK)
		t->rcv_wnd = (uint32_t)s->wnd << (s->ctl & CTL_SYN ? 0 : shift);
}

void
tcb_received(struct tcb *t, const struct segment *s)
{
	uint32_t end = s->seq + seg_len(s);
	struct option ts;

	if (s->ctl & CTL_RST)
		return;
	if (s->ctl & CTL_SYN) {
		t->irs = s->seq;
		t->rcv_nxt = end;
		t->passive = !(s->ctl & CTL_ACK) && t->iss == t->snd_nxt;
	} else if (s->ctl & CTL_ACK && seq_leq(s->seq, t->rcv_nxt) &&
		   seq_gt(end, t->rcv_nxt)) {
		/* text without ACK is dropped: 3.10.7.4, fifth */
		t->rcv_nxt = end;
	}
	if (s->ctl & CTL_ACK && seq_gt(s->ack, t->snd_una) &&
	    seq_leq(s->ack, t->snd_nxt))
		t->snd_una = s->ack;
	if (s->ctl & CTL_ACK)
		t->snd_wnd = s->wnd;
	if (s->wnd > t->max_snd_wnd)
		t->max_snd_wnd = s->wnd;
	if (opt_find(s, OPT_TS, &ts))
		t->ts_recent = get32(ts.data);
}

void
tcb_look(struct tcb *t, enum state state, bool held)
{
	/* what nobody has accepted yet has sent no FIN */
	t->orphan =
	    !held && (state == ST_FIN_WAIT_1 || state == ST_FIN_WAIT_2 ||
			 state == ST_CLOSING || state == ST_LAST_ACK);
	/* there is no TCB yet, or none any more */
	if (state == ST_CLOSED || state == ST_LISTEN)
		memset(t, 0, sizeof(*t));
	t->state = state;
}
