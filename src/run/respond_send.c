/* What a hand-made peer sends. */
#include "base/clock.h"
#include "run/responder.h"
#include "tcp/option.h"

#define WND_MAX	 1460
#define HEADERS4 40 /* octets of IP and TCP */
#define HEADERS6 60

struct segment
peer_refusal(const struct segment *seg)
{
	struct segment rst = { .tuple = tuple_reverse(&seg->tuple) };

	rst.ctl = seg->ctl & CTL_ACK ? CTL_RST : CTL_RST | CTL_ACK;
	if (seg->ctl & CTL_ACK)
		rst.seq = seg->ack;
	else
		rst.ack = seg->seq + seg_len(seg);
	return rst;
}

unsigned
peer_headers(const struct peer_conn *c)
{
	return c->ours.src.addr.ip == 4 ? HEADERS4 : HEADERS6;
}

/* What we send at this point. */
struct segment
peer_make(const struct peer_conn *c, uint16_t ctl)
{
	uint32_t room = PEER_TEXT_MAX - c->len;

	return (struct segment){ .tuple = c->ours,
		.seq = c->snd_nxt,
		.ack = ctl & CTL_ACK ? c->rcv_nxt : 0,
		.ctl = ctl,
		.wnd = room < WND_MAX ? room : WND_MAX };
}

int
peer_send(struct responder *r, struct peer_conn *c, struct segment *seg,
    bool ask, struct err *e)
{
	const struct tcb before = c->tcb;
	const struct situation s = {
		.tcb = &before, .seg = seg, .claims = r->o->claims
	};
	const struct rule *rule =
	    rulebook_match(r->o->known.book, EV_SEGMENT, &s);

	if (responder_send(r, c->number, c->mac, seg, e) == -1)
		return -1;
	tcb_received(&c->tcb, seg);
	if (rule != NULL)
		c->tcb.state = outcome_state(&rule->outcome, &s);
	if (seg->ctl & CTL_RST)
		c->rst_at = seg->when;
	if (ask)
		asked_begin(r, c, seg, &before);
	return 0;
}

void
peer_end(struct peer_conn *c)
{
	c->phase = PEER_DONE;
	c->resend = c->later = 0;
	c->ended = clock_mono();
	if (c->asked.pending && c->asked.due == INT64_MAX)
		c->asked.due = c->ended + PEER_REGRET;
}

/* Send it, and again until it is acknowledged. */
static int
send_surely(struct responder *r, struct peer_conn *c, struct segment *seg,
    bool ask, struct err *e)
{
	c->snd_nxt = seg->seq + seg_len(seg);
	c->last = *seg;
	c->resend = clock_mono() + NSEC_PER_SEC;
	return peer_send(r, c, seg, ask, e);
}

int
peer_send_reset(struct responder *r, struct peer_conn *c, uint16_t ctl,
    struct err *e)
{
	struct segment rst = peer_make(c, ctl);
	int rc = peer_send(r, c, &rst, true, e);

	peer_end(c);
	return rc;
}

int
peer_send_syn_ack(struct responder *r, struct peer_conn *c, uint32_t ack,
    struct err *e)
{
	struct segment seg = peer_make(c, CTL_SYN | CTL_ACK);
	uint32_t mss = r->host.link.mtu - peer_headers(c);

	c->snd_una = seg.seq = random_u32(&r->random);
	seg.ack = ack;
	opt_add_mss(&seg, mss < WND_MAX ? mss : WND_MAX);
	return send_surely(r, c, &seg, true, e);
}

/* What waits to be sent, or the FIN behind it; probe: into a closed window. */
int
peer_send_text(struct responder *r, struct peer_conn *c, bool probe,
    struct err *e)
{
	struct segment seg = peer_make(c, CTL_ACK);
	uint32_t n = c->len < c->mss ? c->len : c->mss;

	if (c->snd_una != c->snd_nxt || (c->len == 0 && !c->fin_came) ||
	    c->fin_sent)
		return 0;
	if (n > c->snd_wnd)
		n = c->snd_wnd == 0 && probe ? 1 : c->snd_wnd;
	if (c->len > 0 && n == 0) {
		c->resend = clock_mono() + NSEC_PER_SEC;
		return 0;
	}
	c->fin_sent = c->len == 0;
	seg.ctl |= c->len == 0 ? CTL_FIN : CTL_PSH;
	seg.text = c->text;
	seg.text_len = seg.text_kept = n;
	return send_surely(r, c, &seg, !probe, e);
}
