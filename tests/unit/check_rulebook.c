/*
 * The shipped rulebook against RFC 9293. For CLOSED and LISTEN the pages
 * 3.10.7.1 and 3.10.7.2 are written down here a second time, as code, and
 * both are asked about every segment there is.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/table.h"
#include "util.h"

/* What is sent in reply. */
struct answer {
	bool none;
	bool any_seq; /* the stack selects it: an ISS */
	uint32_t seq, ack;
	uint16_t ctl;
};

static struct rulebook book;

static void
setup(void)
{
	rulebook_init(&book);
	util_add_data(&book, "rules/rfc9293.rules");
	util_add_data(&book, "deviations/linux.deviations");
}

static void
teardown(void)
{
	rulebook_free(&book);
}

static void
add_answer(struct buf *b, const struct answer *a)
{
	if (a->none) {
		buf_adds(b, "none");
		return;
	}
	if (a->any_seq)
		buf_adds(b, "<SEQ=any>");
	else
		buf_addf(b, "<SEQ=%u>", a->seq);
	if (a->ctl & CTL_ACK)
		buf_addf(b, "<ACK=%u>", a->ack);
	buf_adds(b, "<CTL=");
	ctl_add_rfc(b, a->ctl);
	buf_adds(b, ">");
}

/* What a reply of the rulebook comes to. */
static struct answer
filled_in(const struct reply *reply, const struct situation *s)
{
	struct expected x = form_expect(&reply->form, s);

	return (struct answer){
		.none = x.form->none,
		.any_seq = !x.form->none && x.form->seq == NULL,
		.seq = x.seq,
		.ack = x.ack,
		.ctl = x.form->ctl,
	};
}

static void
assert_answer(const struct rule *r, const struct situation *s,
    const struct answer *want)
{
	struct answer got = filled_in(STAILQ_FIRST(&r->replies), s);
	struct buf bits = { 0 }, wanted = { 0 }, said = { 0 };

	if (s->seg != NULL)
		ctl_add_tcpdump(&bits, s->seg->ctl);
	add_answer(&wanted, want);
	add_answer(&said, &got);
	ck_assert_msg(strcmp(buf_str(&wanted), buf_str(&said)) == 0,
	    "%s to [%s], rule %s: %s, wanted %s", state_name(s->tcb->state),
	    buf_str(&bits), r->id, buf_str(&said), buf_str(&wanted));
	buf_free(&bits);
	buf_free(&wanted);
	buf_free(&said);
}

/* ---- 3.10.7.1 and 3.10.7.2 ---- */

/* "Note that SYN and FIN are also counted" (3.4). */
static uint32_t
length(const struct segment *seg)
{
	uint32_t len = seg->text_len;

	if (seg->ctl & CTL_SYN)
		len++;
	if (seg->ctl & CTL_FIN)
		len++;
	return len;
}

static struct answer
closed_state(const struct segment *seg)
{
	/* "An incoming segment containing a RST is discarded." */
	if (seg->ctl & CTL_RST)
		return (struct answer){ .none = true };
	/* "If the ACK bit is off, sequence number zero is used" */
	if (!(seg->ctl & CTL_ACK))
		return (struct answer){ .seq = 0,
			.ack = seg->seq + length(seg),
			.ctl = CTL_RST | CTL_ACK };
	/* "If the ACK bit is on" */
	return (struct answer){ .seq = seg->ack, .ctl = CTL_RST };
}

static struct answer
listen_state(const struct segment *seg)
{
	/* "First, check for a RST ... should be ignored." */
	if (seg->ctl & CTL_RST)
		return (struct answer){ .none = true };
	/* "Second, check for an ACK: any acknowledgment is bad" */
	if (seg->ctl & CTL_ACK)
		return (struct answer){ .seq = seg->ack, .ctl = CTL_RST };
	/* "Third, check for a SYN": <SEQ=ISS><ACK=RCV.NXT><CTL=SYN,ACK> */
	if (seg->ctl & CTL_SYN)
		return (struct answer){ .any_seq = true,
			.ack = seg->seq + 1,
			.ctl = CTL_SYN | CTL_ACK };
	/* "Fourth, other data or control: drop the segment and return." */
	return (struct answer){ .none = true };
}

static enum state
listen_next(const struct segment *seg)
{
	return (seg->ctl & (CTL_RST | CTL_ACK | CTL_SYN)) == CTL_SYN
		   ? ST_SYN_RECEIVED
		   : ST_LISTEN;
}

static const uint32_t seqs[] = { 0, 1000, 0xfffffffc, 0xffffffff };
static const uint32_t acks[] = { 0, 1, 0x80000000, 0xffffffff };
static const uint32_t texts[] = { 0, 5, 1400 };

/* All the segments with the control bits _i. */
START_TEST(test_no_connection)
{
	struct tcb t = { .state = ST_CLOSED };
	struct segment seg = { .ctl = _i, .wnd = 64240 };
	struct situation s = { .tcb = &t, .seg = &seg };
	struct answer want;
	const struct rule *r;
	size_t i;

	for (i = 0; i < 4 * 4 * 3 * 2; i++) {
		seg.seq = seqs[i % 4];
		seg.ack = acks[i / 4 % 4];
		seg.text_len = texts[i / 16 % 3];
		t.state = i / 48 == 0 ? ST_CLOSED : ST_LISTEN;
		r = rulebook_match(&book, EV_SEGMENT, &s);
		ck_assert_ptr_nonnull(r);
		want = t.state == ST_CLOSED ? closed_state(&seg)
					    : listen_state(&seg);
		assert_answer(r, &s, &want);
		/* nothing else will do */
		ck_assert_uint_eq(STAILQ_FIRST(&r->replies)->form.ctl_may, 0);
		ck_assert_ptr_null(STAILQ_NEXT(STAILQ_FIRST(&r->replies),
		    next));
		ck_assert_int_eq(outcome_state(&r->outcome, &s),
		    t.state == ST_CLOSED ? ST_CLOSED : listen_next(&seg));
	}
}
END_TEST

/* ---- what is beside the six bits ---- */

#define SYN_ACK "<SEQ=any><ACK=1001><CTL=SYN,ACK>"
#define RST_ACK "<SEQ=0><ACK=1001><CTL=RST,ACK>"
#define RST	"<SEQ=5000><CTL=RST>"

/* Segments with SEG.SEQ=1000, SEG.ACK=5000 and no text. */
static const struct {
	enum state state;
	uint16_t ctl;
	uint8_t faults;
	const char *reply;
	uint16_t may;	     /* bits that may be set, too */
	const char *allowed; /* or this, by a clause */
} beside_rows[] = {
	/* RFC 3168 6.1.1: ECN-setup SYN, and other SYNs with the bits */
	{ ST_LISTEN, CTL_SYN | CTL_ECE | CTL_CWR, 0, SYN_ACK, CTL_ECE, NULL },
	{ ST_LISTEN, CTL_SYN | CTL_ECE, 0, SYN_ACK, 0, NULL },
	{ ST_LISTEN, CTL_SYN | CTL_CWR, 0, SYN_ACK, 0, NULL },
	{ ST_LISTEN, CTL_SYN | CTL_AE, 0, SYN_ACK, 0, NULL },
	{ ST_LISTEN, CTL_ACK | CTL_ECE | CTL_CWR, 0, RST, 0, NULL },
	{ ST_LISTEN, CTL_SYN | CTL_ACK | CTL_ECE, 0, RST, 0, NULL },
	{ ST_LISTEN, CTL_RST | CTL_SYN | CTL_ECE | CTL_CWR, 0, "none", 0,
	    NULL },
	{ ST_LISTEN, CTL_ECE | CTL_CWR | CTL_AE, 0, "none", 0, NULL },
	{ ST_CLOSED, CTL_SYN | CTL_ECE | CTL_CWR, 0, RST_ACK, 0, NULL },
	{ ST_CLOSED, CTL_SYN | CTL_AE, 0, RST_ACK, 0, NULL },
	{ ST_CLOSED, CTL_ACK | CTL_CWR, 0, RST, 0, NULL },
	{ ST_CLOSED, CTL_RST | CTL_AE, 0, "none", 0, NULL },
	{ ST_CLOSED, CTL_AE, 0, "<SEQ=0><ACK=1000><CTL=RST,ACK>", 0, NULL },
	/* 3.1: MUST-7 suggests a reset; it changes nothing in CLOSED */
	{ ST_LISTEN, CTL_SYN, FAULT_OPTION, SYN_ACK, 0, RST_ACK },
	{ ST_LISTEN, CTL_ACK, FAULT_OPTION, RST, 0, NULL },
	{ ST_LISTEN, CTL_RST, FAULT_OPTION, "none", 0, NULL },
	{ ST_LISTEN, CTL_FIN, FAULT_OPTION, "none", 0, NULL },
	{ ST_CLOSED, CTL_SYN, FAULT_OPTION, RST_ACK, 0, NULL },
	{ ST_CLOSED, CTL_ACK, FAULT_OPTION, RST, 0, NULL },
	{ ST_CLOSED, CTL_RST, FAULT_OPTION, "none", 0, NULL },
	/* dropped before any of this */
	{ ST_CLOSED, CTL_SYN, FAULT_OPTION | FAULT_CHECKSUM, "none", 0, NULL },
	{ ST_LISTEN, CTL_SYN, FAULT_OPTION | FAULT_OFFSET, "none", 0, NULL },
};

START_TEST(test_beside)
{
	struct tcb t = { .state = beside_rows[_i].state };
	struct segment seg = { .seq = 1000,
		.ack = 5000,
		.ctl = beside_rows[_i].ctl,
		.faults = beside_rows[_i].faults };
	struct situation s = { .tcb = &t, .seg = &seg };
	const struct rule *r = rulebook_match(&book, EV_SEGMENT, &s);
	const struct reply *reply;
	struct buf b = { 0 };
	struct answer a;

	ck_assert_ptr_nonnull(r);
	reply = STAILQ_FIRST(&r->replies);
	a = filled_in(reply, &s);
	add_answer(&b, &a);
	ck_assert_str_eq(buf_str(&b), beside_rows[_i].reply);
	ck_assert_uint_eq(reply->form.ctl_may, beside_rows[_i].may);
	reply = STAILQ_NEXT(reply, next);
	buf_reset(&b);
	if (reply != NULL) {
		a = filled_in(reply, &s);
		add_answer(&b, &a);
		ck_assert_ptr_nonnull(reply->by);
		ck_assert_ptr_null(STAILQ_NEXT(reply, next));
	}
	ck_assert_str_eq(buf_str(&b),
	    beside_rows[_i].allowed ? beside_rows[_i].allowed : "");
	buf_free(&b);
}
END_TEST

/* MUST-3, and 3.5.2: what is not known to be a segment is not answered. */
START_TEST(test_broken)
{
	static const uint8_t faults[] = { FAULT_CHECKSUM, FAULT_CHECKSUM_ZERO,
		FAULT_CHECKSUM | FAULT_OFFSET | FAULT_OPTION, FAULT_OFFSET };
	static const struct answer none = { .none = true };
	struct tcb t = { .rcv_wnd = 64240, .orphan = true };
	struct segment seg = { .text_len = 5 };
	struct situation s = { .tcb = &t, .seg = &seg };
	const struct rule *r;
	unsigned i;

	seg.faults = faults[_i];
	for (i = 0; i < NSTATES * (CTL_ALL + 1); i++) {
		t.state = i / (CTL_ALL + 1);
		seg.ctl = i % (CTL_ALL + 1);
		r = rulebook_match(&book, EV_SEGMENT, &s);
		ck_assert_ptr_nonnull(r);
		assert_answer(r, &s, &none);
		ck_assert_int_eq(outcome_state(&r->outcome, &s), t.state);
	}
}
END_TEST

/* 3.5.2: a reset is sent "in response to any segment except another reset". */
START_TEST(test_never_answered)
{
	struct tcb t = { .rcv_nxt = 1000,
		.rcv_wnd = 100,
		.snd_una = 5000,
		.snd_nxt = 5000 };
	struct segment seg = { 0 };
	struct situation s = { .tcb = &t, .seg = &seg };
	const struct rule *r;
	struct answer a;
	unsigned i;

	for (i = 0; i < 512 * 16; i++) {
		t.state = _i;
		t.passive = i & 0x200;
		t.orphan = i & 0x400;
		seg.ctl = i % 512 | CTL_RST;
		seg.seq = i & 0x800 ? 1000 : 1050;
		seg.ack = 5000;
		seg.text_len = i & 0x1000 ? 5 : 0;
		r = rulebook_match(&book, EV_SEGMENT, &s);
		if (r == NULL)
			continue;
		a = filled_in(STAILQ_FIRST(&r->replies), &s);
		ck_assert_msg(a.none || !(a.ctl & CTL_RST), "%s", r->id);
	}
}
END_TEST

/* Every deviation speaks of a rule that there is, and can be asked. */
START_TEST(test_deviations)
{
	const struct deviation *d;
	const struct cite *c;

	STAILQ_FOREACH (d, &book.deviations, next)
		STAILQ_FOREACH (c, &d->breaks, next)
			ck_assert_msg(rulebook_find(&book, c->text) != NULL,
			    "%s breaks %s", d->id, c->text);
	d = STAILQ_FIRST(&book.deviations);
	ck_assert_str_eq(d->id, "linux/listen-syn-fin");
	ck_assert(deviation_binds(d, "linux", "6.18.44"));
	ck_assert(d->does.none);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("rulebook");
	TCase *tc = tcase_create("rfc9293");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, test_no_connection, 0, CTL_CLASSIC + 1);
	tcase_add_loop_test(tc, test_beside, 0, ARRAY_SIZE(beside_rows));
	tcase_add_loop_test(tc, test_broken, 0, 4);
	tcase_add_loop_test(tc, test_never_answered, 0, NSTATES);
	tcase_add_test(tc, test_deviations);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
