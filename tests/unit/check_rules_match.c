/* Which rule answers, what its form expects, whom a deviation binds. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/table.h"
#include "util.h"

#define REST "  reply none\n  level SPEC\n  cite \"c\"\n  why \"y\"\n"

/* The rule's own words before the rest of it. */
#define RULE(id, props) "rule " id "\n" props "\n" REST

#define ALL_STATES ((1u << NSTATES) - 1)

/* ---- the first rule that speaks of the situation ---- */

static const char order_text[] =
    RULE("two-states", "in LISTEN TIME-WAIT when SYN, ACK")
	RULE("one-state", "in LISTEN when SYN")
	    RULE("call", "in LISTEN ESTABLISHED on CLOSE")
		RULE("call-unread", "in CLOSE-WAIT on CLOSE when unread")
		    RULE("anywhere", "in any when RST")
			RULE("too-late", "in LISTEN when SYN, FIN")
			    RULE("the-rest", "in LISTEN");

static const struct {
	enum state state;
	enum event event;
	uint16_t ctl;
	uint32_t unread;
	const char *id; /* NULL: no rule */
} order_rows[] = {
	{ ST_LISTEN, EV_SEGMENT, CTL_SYN | CTL_ACK, 0, "two-states" },
	{ ST_TIME_WAIT, EV_SEGMENT, CTL_SYN | CTL_ACK, 0, "two-states" },
	{ ST_CLOSED, EV_SEGMENT, CTL_SYN | CTL_ACK, 0, NULL },
	{ ST_LISTEN, EV_SEGMENT, CTL_SYN, 0, "one-state" },
	{ ST_TIME_WAIT, EV_SEGMENT, CTL_SYN, 0, NULL },
	{ ST_LISTEN, EV_SEGMENT, CTL_SYN | CTL_FIN, 0, "one-state" },
	{ ST_LISTEN, EV_SEGMENT, CTL_SYN | CTL_RST, 0, "one-state" },
	{ ST_LISTEN, EV_SEGMENT, CTL_RST, 0, "anywhere" },
	{ ST_LISTEN, EV_SEGMENT, 0, 0, "the-rest" },
	{ ST_ESTABLISHED, EV_SEGMENT, 0, 0, NULL },
	{ ST_LISTEN, EV_CLOSE, 0, 0, "call" },
	{ ST_ESTABLISHED, EV_CLOSE, 0, 1, "call" },
	{ ST_CLOSE_WAIT, EV_CLOSE, 0, 1, "call-unread" },
	{ ST_CLOSE_WAIT, EV_CLOSE, 0, 0, NULL },
	{ ST_CLOSED, EV_CLOSE, 0, 1, NULL },
};

START_TEST(test_order)
{
	struct tcb t = { .state = order_rows[_i].state,
		.unread = order_rows[_i].unread };
	struct segment seg = { .ctl = order_rows[_i].ctl };
	struct situation s = { .tcb = &t };
	const struct rule *r;
	struct rulebook book;

	util_book(&book, order_text);
	if (order_rows[_i].event == EV_SEGMENT)
		s.seg = &seg;
	r = rulebook_match(&book, order_rows[_i].event, &s);
	if (order_rows[_i].id == NULL)
		ck_assert_msg(r == NULL, "%s", r ? r->id : "");
	else
		ck_assert_str_eq(r ? r->id : "none", order_rows[_i].id);
	rulebook_free(&book);
}
END_TEST

/* "in any" speaks of every state; the second file comes after the first. */
START_TEST(test_any)
{
	struct segment seg = { .ctl = CTL_RST };
	struct tcb t = { .state = _i };
	struct situation s = { .tcb = &t, .seg = &seg };
	static const char late[] = RULE("late", "in any");
	const struct rule *r;
	struct rulebook book;
	struct err e;

	util_book(&book, RULE("first", "in any when RST"));
	ck_assert_int_eq(rulebook_add(&book, "g", late, strlen(late), &e), 0);
	r = rulebook_match(&book, EV_SEGMENT, &s);
	ck_assert_str_eq(r ? r->id : "none", "first");
	seg.ctl = 0;
	r = rulebook_match(&book, EV_SEGMENT, &s);
	ck_assert_str_eq(r ? r->id : "none", "late");
	ck_assert_ptr_null(rulebook_match(&book, EV_CLOSE, &s));
	rulebook_free(&book);
}
END_TEST

START_TEST(test_find)
{
	struct rulebook book;

	util_book(&book, order_text);
	ck_assert_str_eq(rulebook_find(&book, "anywhere")->id, "anywhere");
	ck_assert_ptr_null(rulebook_find(&book, "any"));
	ck_assert_ptr_null(rulebook_find(&book, ""));
	rulebook_free(&book);
}
END_TEST

/* The names in `in`, against the numbers of the states. */
static const struct {
	const char *in;
	uint16_t states;
} state_rows[] = {
	{ "CLOSED", 1 << ST_CLOSED },
	{ "LISTEN", 1 << ST_LISTEN },
	{ "SYN-SENT", 1 << ST_SYN_SENT },
	{ "SYN-RECEIVED", 1 << ST_SYN_RECEIVED },
	{ "ESTABLISHED", 1 << ST_ESTABLISHED },
	{ "FIN-WAIT-1", 1 << ST_FIN_WAIT_1 },
	{ "FIN-WAIT-2", 1 << ST_FIN_WAIT_2 },
	{ "CLOSE-WAIT", 1 << ST_CLOSE_WAIT },
	{ "CLOSING", 1 << ST_CLOSING },
	{ "LAST-ACK", 1 << ST_LAST_ACK },
	{ "TIME-WAIT", 1 << ST_TIME_WAIT },
	{ "CLOSED TIME-WAIT", 1 << ST_CLOSED | 1 << ST_TIME_WAIT },
	{ "any", ALL_STATES },
};

START_TEST(test_states)
{
	struct rulebook book;
	struct buf b = { 0 };

	buf_addf(&b, "rule a\n in %s\n%s", state_rows[_i].in, REST);
	util_book(&book, buf_str(&b));
	ck_assert_uint_eq(STAILQ_FIRST(&book.rules)->states,
	    state_rows[_i].states);
	rulebook_free(&book);
	buf_free(&b);
}
END_TEST

START_TEST(test_levels)
{
	static const char *const levels[] = { "SPEC", "MUST-1", "MUST-68",
		"SHLD-3", "MAY-18" };
	struct rulebook book;
	struct buf b = { 0 };

	buf_addf(&b, "rule a in any level %s reply none cite \"c\" why \"y\"",
	    levels[_i]);
	util_book(&book, buf_str(&b));
	ck_assert_str_eq(STAILQ_FIRST(&book.rules)->level, levels[_i]);
	rulebook_free(&book);
	buf_free(&b);
}
END_TEST

/* ---- what a rule holds ---- */

static const char whole[] =
    "rule\ta/b-2.c # why not\n"
    "  in LISTEN\n"
    "  reply <SEQ=any> <ACK=SEG.SEQ + 1><CTL=SYN,ACK,ECE?,CWR?>\n"
    "  allow <SEQ=0x10><CTL=RST> by \"RFC\n\t 1\"\n"
    "  allow none by \"RFC 2\"\n"
    "  next SYN-RECEIVED level MUST-7\n"
    "  cite \"RFC 9293 3.1\" \"b\"\n"
    "  cite \"c\"\n"
    "  why \"One\r\n\t  two.\"";

START_TEST(test_holds)
{
	const struct reply *reply;
	const struct cite *cite;
	const struct rule *r;
	struct rulebook book;
	struct buf b = { 0 };

	buf_addf(&b, "# a file\n\n%s\n\n%s", whole, RULE("next", "in CLOSED"));
	util_book(&book, buf_str(&b));
	r = STAILQ_FIRST(&book.rules);
	ck_assert_str_eq(r->id, "a/b-2.c");
	ck_assert_str_eq(r->file, UTIL_NAME);
	ck_assert_int_eq(r->line, 3);
	ck_assert_str_eq(r->level, "MUST-7");
	ck_assert_str_eq(r->why, "One two.");
	ck_assert_str_eq(r->text, whole);
	ck_assert_uint_eq(r->events, 1u << EV_SEGMENT);
	ck_assert_int_eq(STAILQ_FIRST(&r->outcome.moves)->to, ST_SYN_RECEIVED);
	ck_assert_ptr_null(STAILQ_NEXT(STAILQ_FIRST(&r->outcome.moves), next));
	ck_assert_ptr_null(r->when);
	cite = STAILQ_FIRST(&r->cites);
	ck_assert_str_eq(cite->text, "RFC 9293 3.1");
	cite = STAILQ_NEXT(cite, next);
	ck_assert_str_eq(cite->text, "b");
	cite = STAILQ_NEXT(cite, next);
	ck_assert_str_eq(cite->text, "c");
	ck_assert_ptr_null(STAILQ_NEXT(cite, next));

	reply = STAILQ_FIRST(&r->replies);
	ck_assert_ptr_null(reply->by);
	ck_assert(!reply->form.none);
	ck_assert_ptr_null(reply->form.seq);
	ck_assert_str_eq(reply->form.ack_text, "SEG.SEQ + 1");
	ck_assert_uint_eq(reply->form.ctl, CTL_SYN | CTL_ACK);
	ck_assert_uint_eq(reply->form.ctl_may, CTL_ECE | CTL_CWR);
	ck_assert_str_eq(reply->form.text,
	    "<SEQ=any> <ACK=SEG.SEQ + 1><CTL=SYN,ACK,ECE?,CWR?>");
	reply = STAILQ_NEXT(reply, next);
	ck_assert_str_eq(reply->by, "RFC 1");
	ck_assert_str_eq(reply->form.seq_text, "0x10");
	ck_assert_ptr_null(reply->form.ack);
	reply = STAILQ_NEXT(reply, next);
	ck_assert_str_eq(reply->by, "RFC 2");
	ck_assert(reply->form.none);
	ck_assert_ptr_null(STAILQ_NEXT(reply, next));

	r = STAILQ_NEXT(r, next);
	ck_assert(STAILQ_EMPTY(&r->outcome.moves));
	ck_assert_int_eq(r->line, 15);
	rulebook_free(&book);
	buf_free(&b);
}
END_TEST

/* ---- forms with their numbers filled in ---- */

static const struct {
	const char *form;
	const char *expected;
} form_rows[] = {
	{ "none", "none" },
	{ "<SEQ=0><CTL=RST>", "seq 0" },
	{ "<SEQ=SEG.ACK><CTL=RST>", "seq 5000" },
	{ "<SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK>", "seq 0 ack 4" },
	{ "<SEQ=any><CTL=RST>", "seq any" },
	{ "<SEQ=any><ACK=SEG.SEQ+1><CTL=SYN,ACK>", "seq any ack 4294967295" },
	{ "<SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>", "seq 0 ack 8" },
	{ "<SEQ=SND.NXT-1><ACK=RCV.NXT+4294967295><CTL=ACK>",
	    "seq 4294967295 ack 7" },
};

START_TEST(test_form)
{
	static const struct tcb t = { .snd_nxt = 0, .rcv_nxt = 8 };
	static const struct segment seg = {
		.seq = 0xfffffffe, .ack = 5000, .ctl = CTL_SYN, .text_len = 5
	};
	const struct situation s = { .tcb = &t, .seg = &seg };
	const struct form *f;
	struct rulebook book;
	struct buf b = { 0 };
	struct expected x;

	buf_addf(&b, "rule a in any reply %s level SPEC cite \"c\" why \"y\"",
	    form_rows[_i].form);
	util_book(&book, buf_str(&b));
	f = &STAILQ_FIRST(&STAILQ_FIRST(&book.rules)->replies)->form;
	x = form_expect(f, &s);
	ck_assert_ptr_eq(x.form, f);
	buf_reset(&b);
	if (f->none)
		buf_adds(&b, "none");
	else if (f->seq == NULL)
		buf_adds(&b, "seq any");
	else
		buf_addf(&b, "seq %u", x.seq);
	if (f->ack != NULL)
		buf_addf(&b, " ack %u", x.ack);
	ck_assert_str_eq(buf_str(&b), form_rows[_i].expected);
	rulebook_free(&book);
	buf_free(&b);
}
END_TEST

/* ---- deviations ---- */

static const struct {
	const char *since, *until; /* of the stack "linux" */
	const char *stack, *version;
	bool binds;
} binds_rows[] = {
	{ NULL, NULL, "linux", "6.18.44", true },
	{ NULL, NULL, "Linux", "", true },
	{ NULL, NULL, "freebsd", "6.18.44", false },
	{ NULL, NULL, "linu", "6.18.44", false },
	{ NULL, NULL, "linux2", "6.18.44", false },
	{ "6.2", "6.18", "linux", "6.18.44-x", true },
	{ "6.2", "6.18", "linux", "6.2.0", true },
	{ "6.2", "6.18", "linux", "6.2", true },
	{ "6.2", "6.18", "linux", "6.1.999", false },
	{ "6.2", "6.18", "linux", "6.19.0", false },
	{ "6.2", "6.18", "linux", "6.180.0", false },
	{ "6.2", "6.18", "linux", "7.3", false },
	{ "6.2", "6.18", "linux", "5.10", false },
	{ "6.2", "6.18", "openbsd", "6.18", false },
	{ "6.2", NULL, "linux", "10.0", true },
	{ "6.2", NULL, "linux", "6.10", true },
	{ "6.18.3", NULL, "linux", "6.18.3", true },
	{ "6.18.3", NULL, "linux", "6.18.2-x", false },
	{ "6.18.3", NULL, "linux", "6.18.10-x", true },
	{ "6.18.3", NULL, "linux", "6.18-rc4", false },
	{ "6.18.3", NULL, "linux", "6.18", false },
	{ "6.18.3", NULL, "linux", "7-rc1", true },
	{ "6.18.3", NULL, "linux", "7", true },
	{ NULL, "6.18", "linux", "6.18-rc1", true },
	{ NULL, "6.18", "linux", "6.18.44", true },
	{ NULL, "6.18.44", "linux", "6.18.44+deb13-amd64", true },
	{ NULL, "6.18.44", "linux", "6.18.45-rc1", false },
	{ NULL, "6", "linux", "6.99.99", true },
	{ NULL, "6", "linux", "7.0", false },
	/* what follows a hyphen or a plus is no part of the number */
	{ "6.18.1", NULL, "linux", "6.18-44-generic", false },
	{ NULL, "6.18.0", "linux", "6.18-300.fc43", true },
	{ NULL, "6.18.0", "linux", "6.18+5", true },
	{ "6.1.5", NULL, "linux", "6-1.9.9", false },
	{ NULL, "6.0.5", "linux", "6-arch1.9.9", true },
	{ "1", NULL, "linux", "unknown", false },
};

START_TEST(test_binds)
{
	const struct deviation d = { .stack = "linux",
		.since = binds_rows[_i].since,
		.until = binds_rows[_i].until };

	ck_assert_msg(deviation_binds(&d, binds_rows[_i].stack,
			  binds_rows[_i].version) == binds_rows[_i].binds,
	    "%s %s, since %s until %s", binds_rows[_i].stack,
	    binds_rows[_i].version, d.since ? d.since : "-",
	    d.until ? d.until : "-");
}
END_TEST

START_TEST(test_event_name)
{
	ck_assert_str_eq(event_name(EV_SEGMENT), "segment");
	ck_assert_str_eq(event_name(EV_CLOSE), "CLOSE");
	ck_assert_str_eq(event_name(NEVENTS), "?");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("rules_match");
	TCase *tc = tcase_create("match");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_loop_test(tc, test_order, 0, ARRAY_SIZE(order_rows));
	tcase_add_loop_test(tc, test_any, 0, NSTATES);
	tcase_add_test(tc, test_find);
	tcase_add_loop_test(tc, test_states, 0, ARRAY_SIZE(state_rows));
	tcase_add_loop_test(tc, test_levels, 0, 5);
	tcase_add_test(tc, test_holds);
	tcase_add_loop_test(tc, test_form, 0, ARRAY_SIZE(form_rows));
	tcase_add_loop_test(tc, test_binds, 0, ARRAY_SIZE(binds_rows));
	tcase_add_test(tc, test_event_name);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
