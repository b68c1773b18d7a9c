/* The exchange: which segment is a reply, and which is set aside. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "util.h"

#define STEPS 6 /* END included */

/* What is done to an exchange, one after the other. */
struct step {
	enum { END, SENT, CALLED, CAME, ANY_PORT, IGNORED } act;
	enum relation rel; /* CAME: what it becomes */
	const char *rfc;
	uint32_t text;
	uint16_t port; /* CAME: from this port, if not 0 */
	uint8_t faults;
	bool any; /* ANY_PORT: will any port do from here on? */
};

#define SETUP(seg)                                        \
	{                                                 \
		.act = SENT, .rel = REL_SETUP, .rfc = seg \
	}
#define STIMULUS(seg)                                        \
	{                                                    \
		.act = SENT, .rel = REL_STIMULUS, .rfc = seg \
	}
#define CLEANUP(seg)                                        \
	{                                                   \
		.act = SENT, .rel = REL_CLEANUP, .rfc = seg \
	}
#define CALL                  \
	{                     \
		.act = CALLED \
	}
#define ANY(yes)                            \
	{                                   \
		.act = ANY_PORT, .any = yes \
	}
#define COMES(seg, as)                                   \
	{                                                \
		.act = CAME, .rfc = seg, .rel = REL_##as \
	}
#define COMES_WITH(seg, as, with)                              \
	{                                                      \
		.act = CAME, .rfc = seg, .rel = REL_##as, with \
	}

#define SYN	"<SEQ=1000><CTL=SYN>"
#define SYN_ACK "<SEQ=5000><ACK=1001><CTL=SYN,ACK>"
#define ACK	"<SEQ=1001><ACK=5001><CTL=ACK>"
#define DATA	"<SEQ=5001><ACK=1001><CTL=PSH,ACK>"
#define BARE	"<SEQ=5001><ACK=1001><CTL=ACK>"
#define FIN	"<SEQ=5001><ACK=1001><CTL=FIN,ACK>"
#define FIN_ACK "<SEQ=5001><ACK=1002><CTL=FIN,ACK>"
#define OUR_FIN "<SEQ=1001><ACK=5001><CTL=FIN,ACK>"
#define RST	"<SEQ=0><ACK=1001><CTL=RST,ACK>"

static const struct {
	const char *name;
	struct step steps[STEPS];
} rows[] = {
	{ "a reply", { STIMULUS(SYN), COMES(RST, REPLY) } },
	{ "two replies",
	    { STIMULUS(SYN), COMES(BARE, REPLY), COMES(RST, REPLY) } },
	{ "before the stimulus, and after",
	    { SETUP(SYN), COMES(SYN_ACK, SETUP), STIMULUS(ACK),
		COMES(RST, REPLY) } },
	{ "the stimulus is a call", { SETUP(SYN), COMES(SYN_ACK, SETUP),
					SETUP(ACK), CALL, COMES(FIN, REPLY) } },
	{ "after the verdict",
	    { STIMULUS(SYN), CLEANUP(ACK), COMES(RST, REPLY) } },
	/* what was sent before is set aside */
	{ "SYN,ACK again", { SETUP(SYN), COMES(SYN_ACK, SETUP), STIMULUS(ACK),
			       COMES(SYN_ACK, AGAIN) } },
	{ "SYN,ACK again, and again",
	    { STIMULUS(SYN), COMES(SYN_ACK, REPLY), COMES(SYN_ACK, AGAIN),
		COMES(SYN_ACK, AGAIN) } },
	{ "again, before the stimulus",
	    { SETUP(SYN), COMES(SYN_ACK, SETUP), COMES(SYN_ACK, AGAIN) } },
	{ "SYN,ACK with another ISS",
	    { STIMULUS(SYN), COMES(SYN_ACK, REPLY),
		COMES("<SEQ=5001><ACK=1001><CTL=SYN,ACK>", REPLY) } },
	{ "data again, with a newer ACK and without PSH",
	    { STIMULUS(ACK), COMES_WITH(DATA, REPLY, .text = 5),
		COMES_WITH("<SEQ=5001><ACK=1009><CTL=ACK>", AGAIN,
		    .text = 5) } },
	{ "more data from there",
	    { STIMULUS(ACK), COMES_WITH(DATA, REPLY, .text = 5),
		COMES_WITH(DATA, REPLY, .text = 6) } },
	{ "the data after it",
	    { STIMULUS(ACK), COMES_WITH(DATA, REPLY, .text = 5),
		COMES_WITH("<SEQ=5006><ACK=1001><CTL=PSH,ACK>", REPLY,
		    .text = 5) } },
	{ "FIN again", { CALL, COMES(FIN, REPLY), COMES(FIN, AGAIN) } },
	/* it says something new when it acknowledges more */
	{ "FIN on the ACK of ours",
	    { SETUP(ACK), COMES(FIN, SETUP), STIMULUS(OUR_FIN),
		COMES(FIN_ACK, REPLY), COMES(FIN_ACK, AGAIN) } },
	{ "FIN on the ACK of ours, before the stimulus",
	    { SETUP(ACK), COMES(FIN, SETUP), SETUP(OUR_FIN),
		COMES(FIN_ACK, SETUP), COMES(FIN_ACK, AGAIN) } },
	{ "FIN with another's ACK, before the stimulus",
	    { SETUP(ACK), COMES(FIN, SETUP), COMES(FIN_ACK, AGAIN) } },
	{ "FIN where an octet was",
	    { CALL, COMES_WITH(DATA, REPLY, .text = 1), COMES(FIN, REPLY) } },
	{ "SYN, then SYN,ACK",
	    { SETUP(ACK), COMES("<SEQ=5000><CTL=SYN>", SETUP), STIMULUS(ACK),
		COMES(SYN_ACK, REPLY) } },
	{ "SYN,ACK, then SYN", { STIMULUS(SYN), COMES(SYN_ACK, REPLY),
				   COMES("<SEQ=5000><CTL=SYN>", REPLY) } },
	{ "SYN,ACK, and ECE beside it",
	    { STIMULUS(SYN), COMES(SYN_ACK, REPLY),
		COMES("<SEQ=5000><ACK=1001><CTL=SYN,ACK,ECE>", AGAIN) } },
	{ "what we sent is not what the stack sent",
	    { STIMULUS("<SEQ=5000><CTL=SYN>"), COMES(SYN_ACK, REPLY) } },
	/* what occupies no sequence number cannot be sent again */
	{ "a RST twice",
	    { STIMULUS(SYN), COMES(RST, REPLY), COMES(RST, REPLY) } },
	{ "a RST with text twice",
	    { STIMULUS(SYN), COMES_WITH(RST, REPLY, .text = 5),
		COMES_WITH(RST, REPLY, .text = 5) } },
	{ "a RST with SYN twice",
	    { STIMULUS(SYN), COMES("<SEQ=0><CTL=SYN,RST>", REPLY),
		COMES("<SEQ=0><CTL=SYN,RST>", REPLY) } },
	{ "a bare ACK twice",
	    { STIMULUS(DATA), COMES(BARE, REPLY), COMES(BARE, REPLY) } },
	/* ports */
	{ "from another port",
	    { STIMULUS(SYN), COMES_WITH(RST, WRONG_PORT, .port = 81) } },
	{ "from another port, before the stimulus",
	    { SETUP(SYN), { .act = IGNORED, .rfc = SYN_ACK, .port = 81 },
		STIMULUS(ACK), COMES_WITH(RST, WRONG_PORT, .port = 81) } },
	{ "from any port",
	    { ANY(true), SETUP(SYN), COMES_WITH(SYN_ACK, SETUP, .port = 40000),
		STIMULUS(ACK), COMES_WITH(RST, REPLY, .port = 40000) } },
	{ "from any port, and again",
	    { ANY(true), COMES_WITH(SYN_ACK, SETUP, .port = 40000), CALL,
		COMES_WITH(SYN_ACK, AGAIN, .port = 40000) } },
	{ "from one port again",
	    { ANY(true), COMES_WITH(SYN_ACK, SETUP, .port = 40000), ANY(false),
		CALL, COMES_WITH(RST, WRONG_PORT, .port = 40000) } },
	/* what the peer cannot have taken for the stack's was not sent yet */
	{ "from the right port after another",
	    { STIMULUS(SYN), COMES_WITH(SYN_ACK, WRONG_PORT, .port = 81),
		COMES(SYN_ACK, REPLY) } },
	{ "with the right checksum after a wrong one",
	    { STIMULUS(SYN),
		COMES_WITH(SYN_ACK, REPLY, .faults = FAULT_CHECKSUM),
		COMES(SYN_ACK, REPLY) } },
};

static void
take(struct exchange *x, const struct step *step, const char *name)
{
	const struct passage *p;
	struct segment s;

	if (step->act == ANY_PORT) {
		x->any_port = step->any;
		return;
	}
	if (step->act == CALLED) {
		exchange_stimulate(x);
		return;
	}
	s = step->act == SENT ? util_ours(step->rfc) : util_theirs(step->rfc);
	s.text_len = step->text;
	s.faults = step->faults;
	if (step->port != 0)
		s.tuple.src.port = step->port;
	if (step->act == IGNORED) {
		ck_assert_msg(exchange_received(x, &s) == NULL, "%s", name);
		return;
	}
	if (step->act == SENT) {
		exchange_sent(x, &s, step->rel);
		p = &x->passages[x->n - 1];
	} else {
		p = exchange_received(x, &s);
		ck_assert_msg(p != NULL, "%s: %s is not ours", name, step->rfc);
	}
	ck_assert_msg(p->rel == step->rel, "%s: %s is %d, wanted %d", name,
	    step->rfc, p->rel, step->rel);
	ck_assert_msg(p->ours == (step->act == SENT), "%s", name);
	ck_assert_uint_eq(p->seg.seq, s.seq);
	ck_assert_uint_eq(p->seg.ctl, s.ctl);
	ck_assert_uint_eq(p->seg.text_len, s.text_len);
	ck_assert_uint_eq(p->seg.faults, s.faults);
}

START_TEST(test_relation)
{
	struct segment stale = util_theirs(SYN_ACK);
	struct tuple ours = util_tuple();
	const struct step *step;
	struct exchange x;
	size_t i;

	/* what an earlier exchange has left there is not to be looked at */
	memset(&x, 0xff, sizeof(x));
	for (i = 0; i < EXCHANGE_MAX; i++)
		x.passages[i] = (struct passage){ stale, REL_REPLY, false };
	exchange_start(&x, &ours);
	ck_assert_uint_eq(x.n, 0);
	for (step = rows[_i].steps; step->act != END; step++)
		take(&x, step, rows[_i].name);
	ck_assert_uint_eq(x.lost, 0);
	ck_assert_ptr_null(x.broken);
}
END_TEST

/* Segments of somebody else: what differs from a reply's 4-tuple. */
static const struct {
	const char *name;
	struct tuple tuple;
	bool ours;
} foreign_rows[] = {
	{ "the stack's",
	    { { { 4, { 192, 0, 2, 2 } }, 80 },
		{ { 4, { 192, 0, 2, 1 } }, 1024 } },
	    true },
	{ "to our other port",
	    { { { 4, { 192, 0, 2, 2 } }, 80 },
		{ { 4, { 192, 0, 2, 1 } }, 1025 } },
	    false },
	{ "to another peer",
	    { { { 4, { 192, 0, 2, 2 } }, 80 },
		{ { 4, { 192, 0, 2, 3 } }, 1024 } },
	    false },
	{ "from another host",
	    { { { 4, { 192, 0, 2, 3 } }, 80 },
		{ { 4, { 192, 0, 2, 1 } }, 1024 } },
	    false },
	{ "from the same octets of IPv6",
	    { { { 6, { 192, 0, 2, 2 } }, 80 },
		{ { 4, { 192, 0, 2, 1 } }, 1024 } },
	    false },
	{ "to the same octets of IPv6",
	    { { { 4, { 192, 0, 2, 2 } }, 80 },
		{ { 6, { 192, 0, 2, 1 } }, 1024 } },
	    false },
	{ "our own",
	    { { { 4, { 192, 0, 2, 1 } }, 1024 },
		{ { 4, { 192, 0, 2, 2 } }, 80 } },
	    false },
	{ "our own, to ourselves",
	    { { { 4, { 192, 0, 2, 1 } }, 1024 },
		{ { 4, { 192, 0, 2, 1 } }, 1024 } },
	    false },
};

START_TEST(test_foreign)
{
	struct segment s = util_theirs(RST);
	struct tuple ours = util_tuple();
	struct exchange x;
	int any;

	s.tuple = foreign_rows[_i].tuple;
	for (any = 0; any < 2; any++) {
		exchange_start(&x, &ours);
		x.any_port = any;
		exchange_stimulate(&x);
		ck_assert_msg((exchange_received(&x, &s) != NULL) ==
				  foreign_rows[_i].ours,
		    "%s", foreign_rows[_i].name);
		ck_assert_uint_eq(x.n, foreign_rows[_i].ours);
		ck_assert_uint_eq(x.lost, 0);
	}
}
END_TEST

/* What is past the end is counted, and what is kept stays as it was. */
START_TEST(test_overflow)
{
	struct segment s = util_theirs(RST), ours = util_ours(SYN);
	struct tuple tuple = util_tuple();
	struct exchange x;
	size_t i;

	exchange_start(&x, &tuple);
	exchange_sent(&x, &ours, REL_STIMULUS);
	for (i = 1; i < EXCHANGE_MAX; i++) {
		s.seq = i;
		ck_assert_ptr_nonnull(exchange_received(&x, &s));
		ck_assert_uint_eq(x.lost, 0);
	}
	for (i = 1; i < 4; i++) {
		s.seq = 100;
		ck_assert_ptr_null(exchange_received(&x, &s));
		ck_assert_uint_eq(x.lost, i);
		ck_assert_uint_eq(x.n, EXCHANGE_MAX);
	}
	exchange_sent(&x, &ours, REL_CLEANUP);
	ck_assert_uint_eq(x.lost, 4);
	ck_assert_uint_eq(x.passages[0].seg.seq, 1000);
	ck_assert_uint_eq(x.passages[EXCHANGE_MAX - 1].seg.seq,
	    EXCHANGE_MAX - 1);
	/* the next exchange begins anew */
	x.broken = "x";
	exchange_start(&x, &tuple);
	ck_assert(x.n == 0 && x.lost == 0 && x.broken == NULL);
	ck_assert(!x.stimulated && !x.any_port);
	ck_assert(tuple_eq(&x.ours, &tuple));
}
END_TEST

/* The text is the capture's, and gone with the next frame. */
START_TEST(test_text)
{
	static const uint8_t text[] = "hello";
	struct segment s = util_theirs(DATA);
	struct tuple tuple = util_tuple();
	const struct passage *p;
	struct exchange x;

	s.text = text;
	s.text_len = s.text_kept = 5;
	exchange_start(&x, &tuple);
	p = exchange_received(&x, &s);
	ck_assert_ptr_null(p->seg.text);
	ck_assert_uint_eq(p->seg.text_kept, 0);
	ck_assert_uint_eq(p->seg.text_len, 5);
	exchange_sent(&x, &s, REL_STIMULUS);
	ck_assert_ptr_null(x.passages[1].seg.text);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("match");
	TCase *tc = tcase_create("exchange");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_loop_test(tc, test_relation, 0, ARRAY_SIZE(rows));
	tcase_add_loop_test(tc, test_foreign, 0, ARRAY_SIZE(foreign_rows));
	tcase_add_test(tc, test_overflow);
	tcase_add_test(tc, test_text);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
