#include <string.h>

#include "base/table.h"
#include "run/drive.h"
#include "run/model.h"

/* Far from each other, from 0 and from the end of the sequence space. */
#define ISS	  100000000u
#define IRS	  2000000000u
#define TSVAL	  1000000u
#define WND	  64240
#define WND_SMALL 1152

static bool
is_via(const struct testcase *t, const char *way)
{
	const char *via = testcase_via(t);

	return via != NULL && strcmp(via, way) == 0;
}

/* Which states lie behind our FIN, and behind the stack's. */
static const struct {
	bool peer_fin, fin, fin_acked;
} passed[NSTATES] = {
	[ST_FIN_WAIT_1] = { .fin = true },
	[ST_FIN_WAIT_2] = { .fin = true, .fin_acked = true },
	[ST_CLOSE_WAIT] = { .peer_fin = true },
	[ST_CLOSING] = { .peer_fin = true, .fin = true },
	[ST_LAST_ACK] = { .peer_fin = true, .fin = true },
	[ST_TIME_WAIT] = { .peer_fin = true, .fin = true, .fin_acked = true },
};

static void
set_numbers(const struct testcase *t, struct tcb *tcb)
{
	enum state st = tcb->state;

	tcb->iss = tcb->snd_una = ISS;
	tcb->snd_nxt = ISS + 1;
	if (st < ST_SYN_RECEIVED)
		return;
	tcb->irs = IRS;
	tcb->rcv_nxt = IRS + 1 + tcb->unread + passed[st].peer_fin;
	tcb->rcv_wnd = t->t->window == WINDOW_USUAL   ? WND
		       : t->t->window == WINDOW_SMALL ? WND_SMALL
						      : 0;
	tcb->snd_wnd = tcb->max_snd_wnd = WND;
	if (st < ST_ESTABLISHED)
		return;
	tcb->snd_una = ISS + 1;
	tcb->snd_nxt = ISS + 1 + t->t->in_flight + passed[st].fin;
	if (passed[st].fin_acked)
		tcb->snd_una = tcb->snd_nxt;
}

void
model_tcb(const struct testcase *t, struct tcb *tcb)
{
	memset(tcb, 0, sizeof(*tcb));
	tcb->state = testcase_state(t);
	tcb->unread = is_via(t, "fast-open") ? FAST_OPEN_TEXT : t->t->unread;
	if (tcb->state >= ST_SYN_SENT)
		set_numbers(t, tcb);
	tcb->passive =
	    tcb->state >= ST_SYN_RECEIVED && !is_via(t, "simultaneous");
	tcb->linger2 = is_via(t, "linger2");
	tcb->unsent = is_via(t, "unsent");
	tcb->orphan =
	    is_via(t, "close") || (tcb->linger2 && tcb->state == ST_FIN_WAIT_1);
	tcb->shut = is_via(t, "shut-both");
	tcb->mptcp = is_via(t, "mptcp");
	tcb->cookie = is_via(t, "cookie");
	tcb->gap = is_via(t, "sack-gap");
	tcb->queue_full = is_via(t, "queue-full");
	tcb->timestamps = t->t->timestamps;
	tcb->ts_recent = tcb->ts_val = TSVAL;
}

/* What the case brings about. */
struct model {
	struct tcb tcb;
	struct segment seg;
	struct situation situation;
};

/* False when the numbers ask for more than a segment holds. */
static bool
model_make(struct model *m, const struct testcase *t, unsigned claims)
{
	static const uint8_t text[CASE_TEXT_MAX];
	/* numbers that are any are 0: the rule does not depend on them */
	struct random random = { .left = ARRAY_SIZE(random.pool) };
	struct err e;

	model_tcb(t, &m->tcb);
	m->situation = (struct situation){ .tcb = &m->tcb, .claims = claims };
	if (t->t->event != EV_SEGMENT)
		return true;
	if (testcase_segment(t, &m->tcb, &random, text, &m->seg, &e) == -1)
		return false;
	testcase_addresses(t, &m->seg);
	m->situation.seg = &m->seg;
	return true;
}

const struct rule *
model_rule(const struct rulebook *book, const struct testcase *t,
    unsigned claims)
{
	struct model m;

	if (!model_make(&m, t, claims))
		return NULL;
	return rulebook_match(book, t->t->event, &m.situation);
}

enum state
model_next(const struct rule *rule, const struct testcase *t, unsigned claims)
{
	struct model m;

	if (!model_make(&m, t, claims))
		return testcase_state(t);
	return outcome_state(&rule->outcome, &m.situation);
}

bool
model_held(const struct testcase *t)
{
	struct tcb tcb;

	model_tcb(t, &tcb);
	return tcb.state > ST_LISTEN && !tcb.orphan &&
	       t->t->event != EV_CLOSE && t->t->event != EV_ABORT &&
	       (tcb.state != ST_SYN_RECEIVED || !tcb.passive ||
		   is_via(t, "fast-open"));
}
