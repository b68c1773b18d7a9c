/*
 * The shipped data as a whole: no rule leaves open what becomes of the
 * connection, and whatever can arrive or be called finds a rule.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/table.h"
#include "run/model.h"
#include "tcp/option.h"
#include "util.h"

static struct rulebook book;

static void
setup(void)
{
	static const char *const files[] = { "rules/rfc9293.rules",
		"cases/article.cases", "cases/calls.cases",
		"cases/closed.cases", "cases/listen.cases",
		"cases/syn-received.cases", "cases/syn-sent.cases",
		"cases/synchronized.cases", "deviations/linux.deviations" };
	size_t i;

	rulebook_init(&book);
	for (i = 0; i < ARRAY_SIZE(files); i++)
		util_add_data(&book, files[i]);
}

static void
teardown(void)
{
	rulebook_free(&book);
}

/* Is there a move for this state, whatever the segment? */
static bool
moves_always(const struct outcome *o, enum state st)
{
	const struct move *m;

	STAILQ_FOREACH (m, &o->moves, next)
		if (m->from & 1u << st && m->when == NULL)
			return true;
	return false;
}

/* Every rule says what comes next, from each of its states. */
START_TEST(test_next)
{
	const struct reply *reply;
	const struct rule *r;

	STAILQ_FOREACH (r, &book.rules, next)
		STAILQ_FOREACH (reply, &r->replies, next)
			ck_assert_msg(!(r->states & 1u << _i) ||
					  moves_always(&reply->outcome, _i),
			    "%s, in %s%s%s", r->id, state_name(_i),
			    reply->by ? ", by " : "",
			    reply->by ? reply->by : "");
}
END_TEST

/* No move of a rule is from a state that the rule does not speak of. */
START_TEST(test_from)
{
	static const uint16_t any = (1u << NSTATES) - 1;
	const struct rule *r;
	const struct move *m;

	STAILQ_FOREACH (r, &book.rules, next)
		STAILQ_FOREACH (m, &r->outcome.moves, next)
			ck_assert_msg(m->from == any || !(m->from & ~r->states),
			    "%s: from 0x%x, in 0x%x", r->id, m->from,
			    r->states);
}
END_TEST

/*
 * Every rule for a segment says what the user sees. In LISTEN the connection
 * has none before it is accepted.
 */
START_TEST(test_user)
{
	const struct reply *reply;
	const struct rule *r;

	STAILQ_FOREACH (r, &book.rules, next)
		STAILQ_FOREACH (reply, &r->replies, next)
			ck_assert_msg(!(r->events & 1u << EV_SEGMENT) ||
					  r->states == 1u << ST_LISTEN ||
					  reply->outcome.sees != NSEES,
			    "%s", r->id);
}
END_TEST

/* Every deviation speaks of rules that there are, in a state of theirs. */
START_TEST(test_breaks)
{
	const struct deviation *d;
	const struct rule *r;
	const struct cite *c;
	uint16_t states;

	STAILQ_FOREACH (d, &book.deviations, next) {
		states = 0;
		STAILQ_FOREACH (c, &d->breaks, next) {
			r = rulebook_find(&book, c->text);
			ck_assert_msg(r != NULL, "%s: %s", d->id, c->text);
			ck_assert_msg(d->states == 0 || d->states & r->states,
			    "%s: not in a state of %s", d->id, r->id);
			states |= r->states;
		}
		ck_assert_msg(!(d->states & ~states), "%s: in 0x%x, 0x%x",
		    d->id, d->states, states);
	}
}
END_TEST

/* ---- no gap: whatever arrives after LISTEN finds a rule ---- */

#define RCV 7000u
#define UNA 2000u
#define NXT 2011u
#define WND 1000u /* that was offered, either way */
#define FAR (1u << 30)

static const uint32_t seqs[] = { RCV - 1, RCV, RCV + 1, RCV + WND - 1,
	RCV + WND, RCV + FAR, RCV - FAR };
static const uint32_t acks[] = { UNA - WND - 1, UNA - 1, UNA, NXT, NXT + 1,
	NXT + FAR, NXT - FAR };
static const uint32_t texts[] = { 0, 1, WND + 1 };

static const struct {
	bool passive, orphan;
	uint32_t rcv_wnd;
	unsigned claims;
} ways[] = {
	{ false, false, WND, CLAIM_RFC5961 },
	{ true, false, WND, CLAIM_RFC5961 },
	{ true, true, WND, CLAIM_RFC5961 },
	{ true, false, 0, CLAIM_RFC5961 },
	{ false, false, WND, 0 },
	{ true, true, WND, 0 },
	{ true, false, WND, CLAIM_RFC793 },
	{ false, true, 0, CLAIM_RFC793 },
};

enum { WAYS = ARRAY_SIZE(ways) };
#define STAMPS 4 /* not in use, missing, older, newer */

static void
arrive(const struct situation *s, struct segment *seg)
{
	const struct rule *r;
	struct buf bits = { 0 };

	for (seg->ctl = 0; seg->ctl <= CTL_CLASSIC; seg->ctl++) {
		r = rulebook_match(&book, EV_SEGMENT, s);
		if (r != NULL)
			continue;
		ctl_add_tcpdump(&bits, seg->ctl);
		ck_abort_msg("%s: no rule for [%s] <SEQ=%u><ACK=%u>, text %u, "
			     "claims %u",
		    state_name(s->tcb->state), buf_str(&bits), seg->seq,
		    seg->ack, seg->text_len, s->claims);
	}
}

/* In one state, by one way, with one use of timestamps. */
START_TEST(test_no_gap)
{
	enum state state = ST_SYN_SENT + _i / (WAYS * STAMPS);
	unsigned way = _i / STAMPS % WAYS, stamp = _i % STAMPS;
	struct tcb tcb = { state, UNA - 1, RCV - 1, UNA, NXT, WND, WND, RCV,
		ways[way].rcv_wnd, 0, 0, ways[way].passive, ways[way].orphan,
		.timestamps = stamp > 0, .ts_recent = 50 };
	struct segment seg = { .tuple = util_tuple() };
	struct situation s = { &tcb, &seg, ways[way].claims };
	size_t i;

	if (stamp > 1)
		opt_add_ts(&seg, stamp == 2 ? 49 : 51, 0);
	for (i = 0; i < 7 * 7 * 3; i++) {
		seg.seq = seqs[i % 7];
		seg.ack = acks[i / 7 % 7];
		seg.text_len = texts[i / 49];
		arrive(&s, &seg);
	}
}
END_TEST

static void
all_cases_match(const struct rulebook *from, unsigned claims, size_t least)
{
	struct testcases cases;
	struct err e = { 0 };
	size_t i;

	ck_assert_msg(testcases_expand(&cases, from, &e) == 0, "%s", e.msg);
	for (i = 0; i < cases.n; i++)
		if (model_rule(&book, &cases.v[i], claims) == NULL)
			ck_abort_msg("%s, claims %u", cases.v[i].id, claims);
	ck_assert_uint_ge(cases.n, least);
	testcases_free(&cases);
}

/* Every case finds one, whatever the stack claims; _i is the claim. */
START_TEST(test_cases)
{
	all_cases_match(&book, _i, 2000);
}
END_TEST

/* And all that the matrix holds. */
START_TEST(test_matrix)
{
	struct rulebook matrix;

	rulebook_init(&matrix);
	util_add_data(&matrix, "matrix/matrix.cases");
	all_cases_match(&matrix, _i, 64 * 6 * 6 * 3 * (NSTATES + 3) * 2);
	rulebook_free(&matrix);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("rulebook_whole");
	TCase *tc = tcase_create("whole");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, test_next, 0, NSTATES);
	tcase_add_test(tc, test_from);
	tcase_add_test(tc, test_user);
	tcase_add_test(tc, test_breaks);
	tcase_add_loop_test(tc, test_no_gap, 0,
	    (NSTATES - ST_SYN_SENT) * WAYS * STAMPS);
	tcase_add_loop_test(tc, test_cases, 0, 3);
	tcase_add_loop_test(tc, test_matrix, 0, 3);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
