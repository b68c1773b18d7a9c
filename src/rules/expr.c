#include <string.h>

#include "base/octets.h"
#include "base/table.h"
#include "rules/expr.h"
#include "tcp/option.h"
#include "tcp/seq.h"

#define MPTCP_JOIN 1 /* its subtype */

static const char *const terms[] = {
	[TERM_SEG_SEQ] = "SEG.SEQ",
	[TERM_SEG_ACK] = "SEG.ACK",
	[TERM_SEG_LEN] = "SEG.LEN",
	[TERM_SEG_WND] = "SEG.WND",
	[TERM_SEG_UP] = "SEG.UP",
	[TERM_SEG_TSVAL] = "SEG.TSVAL",
	[TERM_SEG_TSECR] = "SEG.TSECR",
	[TERM_SND_UNA] = "SND.UNA",
	[TERM_SND_NXT] = "SND.NXT",
	[TERM_SND_WND] = "SND.WND",
	[TERM_MAX_SND_WND] = "MAX.SND.WND",
	[TERM_ISS] = "ISS",
	[TERM_RCV_NXT] = "RCV.NXT",
	[TERM_RCV_WND] = "RCV.WND",
	[TERM_IRS] = "IRS",
	[TERM_TS_RECENT] = "TS.RECENT",
	[TERM_SND_TSVAL] = "SND.TSVAL",
	[TERM_UNREAD] = "UNREAD",
};
_Static_assert(ARRAY_SIZE(terms) == NTERMS, "a name for each term");

static const char *const facts[] = {
	[FACT_ACCEPTABLE] = "acceptable",
	[FACT_BAD_CHECKSUM] = "bad-checksum",
	[FACT_BAD_OFFSET] = "bad-offset",
	[FACT_BAD_OPTION] = "bad-option",
	[FACT_TIMESTAMP] = "timestamp",
	[FACT_MPTCP_JOIN] = "mptcp-join",
	[FACT_GROUP_DESTINATION] = "group-destination",
	[FACT_BAD_SOURCE] = "bad-source",
	[FACT_PASSIVE] = "passive",
	[FACT_ORPHAN] = "orphan",
	[FACT_UNREAD] = "unread",
	[FACT_TIMESTAMPS] = "timestamps",
	[FACT_QUEUE_FULL] = "queue-full",
	[FACT_COOKIE] = "cookie",
	[FACT_GAP] = "sack-gap",
	[FACT_SHUT] = "shut-both",
	[FACT_MPTCP] = "mptcp",
	[FACT_LINGER2] = "linger2",
	[FACT_UNSENT] = "unsent",
	[FACT_RFC5961] = "rfc5961",
	[FACT_RFC793] = "rfc793",
};
_Static_assert(ARRAY_SIZE(facts) == NFACTS, "a name for each fact");

static size_t
by_name(const char *const *names, size_t n, const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strlen(names[i]) == len && memcmp(names[i], name, len) == 0)
			break;
	return i;
}

enum term
term_by_name(const char *name, size_t len)
{
	return by_name(terms, NTERMS, name, len);
}

enum fact
fact_by_name(const char *name, size_t len)
{
	return by_name(facts, NFACTS, name, len);
}

bool
expr_needs_segment(const struct expr *e)
{
	switch (e->op) {
	case OP_NUM:
		return false;
	case OP_TERM:
		return e->num <= TERM_SEG_TSECR;
	case OP_CTL:
		return true;
	case OP_FACT:
		return e->num <= FACT_BAD_SOURCE;
	default:
		return expr_needs_segment(e->l) ||
		       (e->r != NULL && expr_needs_segment(e->r));
	}
}

/* The TSval at 0 and the TSecr at 4. */
static uint32_t
timestamp(const struct segment *s, size_t at)
{
	struct option ts;

	return opt_find(s, OPT_TS, &ts) ? get32(ts.data + at) : 0;
}

static uint32_t
eval_term(enum term term, const struct situation *s)
{
	switch (term) {
	case TERM_SEG_SEQ:
		return s->seg->seq;
	case TERM_SEG_ACK:
		return s->seg->ack;
	case TERM_SEG_LEN:
		return seg_len(s->seg);
	case TERM_SEG_WND:
		return s->seg->wnd;
	case TERM_SEG_UP:
		return s->seg->up;
	case TERM_SEG_TSVAL:
		return timestamp(s->seg, 0);
	case TERM_SEG_TSECR:
		return timestamp(s->seg, 4);
	case TERM_SND_UNA:
		return s->tcb->snd_una;
	case TERM_SND_NXT:
		return s->tcb->snd_nxt;
	case TERM_SND_WND:
		return s->tcb->snd_wnd;
	case TERM_MAX_SND_WND:
		return s->tcb->max_snd_wnd;
	case TERM_ISS:
		return s->tcb->iss;
	case TERM_RCV_NXT:
		return s->tcb->rcv_nxt;
	case TERM_RCV_WND:
		return s->tcb->rcv_wnd;
	case TERM_IRS:
		return s->tcb->irs;
	case TERM_TS_RECENT:
		return s->tcb->ts_recent;
	case TERM_SND_TSVAL:
		return s->tcb->ts_val;
	case TERM_UNREAD:
		return s->tcb->unread;
	case NTERMS:
		break;
	}
	return 0;
}

static bool
eval_fact(enum fact fact, const struct situation *s)
{
	struct option o;

	switch (fact) {
	case FACT_ACCEPTABLE:
		return tcb_acceptable(s->tcb, s->seg);
	case FACT_BAD_CHECKSUM:
		return s->seg->faults & (FAULT_CHECKSUM | FAULT_CHECKSUM_ZERO);
	case FACT_BAD_OFFSET:
		return s->seg->faults & FAULT_OFFSET;
	case FACT_BAD_OPTION:
		return s->seg->faults & FAULT_OPTION;
	case FACT_TIMESTAMP:
		return opt_find(s->seg, OPT_TS, &o);
	case FACT_MPTCP_JOIN:
		return opt_find(s->seg, OPT_MPTCP, &o) && o.len > 2 &&
		       o.data[0] >> 4 == MPTCP_JOIN;
	case FACT_GROUP_DESTINATION:
		return addr_is_group(&s->seg->tuple.dst.addr);
	case FACT_BAD_SOURCE:
		return addr_is_group(&s->seg->tuple.src.addr);
	case FACT_PASSIVE:
		return s->tcb->passive;
	case FACT_ORPHAN:
		return s->tcb->orphan;
	case FACT_UNREAD:
		return s->tcb->unread > 0;
	case FACT_TIMESTAMPS:
		return s->tcb->timestamps;
	case FACT_QUEUE_FULL:
		return s->tcb->queue_full;
	case FACT_COOKIE:
		return s->tcb->cookie;
	case FACT_GAP:
		return s->tcb->gap;
	case FACT_SHUT:
		return s->tcb->shut;
	case FACT_MPTCP:
		return s->tcb->mptcp;
	case FACT_LINGER2:
		return s->tcb->linger2;
	case FACT_UNSENT:
		return s->tcb->unsent;
	case FACT_RFC5961:
		return s->claims & CLAIM_RFC5961;
	case FACT_RFC793:
		return s->claims & CLAIM_RFC793;
	case NFACTS:
		break;
	}
	return false;
}

uint32_t
expr_eval(const struct expr *e, const struct situation *s)
{
	switch (e->op) {
	case OP_NUM:
		return e->num;
	case OP_TERM:
		return eval_term(e->num, s);
	case OP_CTL:
		return (s->seg->ctl & e->num) != 0;
	case OP_FACT:
		return eval_fact(e->num, s);
	case OP_ADD:
		return expr_eval(e->l, s) + expr_eval(e->r, s);
	case OP_SUB:
		return expr_eval(e->l, s) - expr_eval(e->r, s);
	case OP_LT:
		return seq_lt(expr_eval(e->l, s), expr_eval(e->r, s));
	case OP_LEQ:
		return seq_leq(expr_eval(e->l, s), expr_eval(e->r, s));
	case OP_GT:
		return seq_gt(expr_eval(e->l, s), expr_eval(e->r, s));
	case OP_GEQ:
		return seq_geq(expr_eval(e->l, s), expr_eval(e->r, s));
	case OP_EQ:
		return expr_eval(e->l, s) == expr_eval(e->r, s);
	case OP_NEQ:
		return expr_eval(e->l, s) != expr_eval(e->r, s);
	case OP_NOT:
		return !expr_eval(e->l, s);
	case OP_AND:
		return expr_eval(e->l, s) && expr_eval(e->r, s);
	case OP_OR:
		return expr_eval(e->l, s) || expr_eval(e->r, s);
	}
	return 0;
}
