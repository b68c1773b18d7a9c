/*
 * The shipped rulebook, on connections that their users gave up: RFC 9293
 * 3.6.1, and a RST that arrives in SYN-RECEIVED (3.10.7.4, second).
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/table.h"
#include "util.h"

/* The stack has sent up to 2001 and received up to 7000. */
#define UNA 2000
#define NXT 2001
#define RCV 7000

/* The same reset may have the form of ABORT, 3.10.5. */
#define ABORT "<SEQ=2001><CTL=RST>"
#define LOST  "<SEQ=2001><ACK=7000><CTL=RST,ACK>"

/* The user calls CLOSE. */
static const struct {
	enum state state;
	uint32_t unread;
	const char *reply; /* NULL: no reset, at least */
	const char *allowed;
} close_rows[] = {
	{ ST_ESTABLISHED, 1, LOST, ABORT },
	{ ST_ESTABLISHED, 65535, LOST, ABORT },
	{ ST_SYN_RECEIVED, 5, LOST, ABORT },
	{ ST_FIN_WAIT_1, 5, LOST, ABORT },
	{ ST_FIN_WAIT_2, 5, LOST, ABORT },
	{ ST_CLOSE_WAIT, 5, LOST, ABORT },
	{ ST_CLOSING, 5, LOST, ABORT },
	{ ST_LAST_ACK, 5, LOST, ABORT },
	{ ST_ESTABLISHED, 0, NULL, NULL },
	{ ST_SYN_RECEIVED, 0, NULL, NULL },
	{ ST_FIN_WAIT_1, 0, NULL, NULL },
	{ ST_FIN_WAIT_2, 0, NULL, NULL },
	{ ST_CLOSE_WAIT, 0, NULL, NULL },
	{ ST_CLOSING, 0, NULL, NULL },
	{ ST_LAST_ACK, 0, NULL, NULL },
	{ ST_CLOSED, 5, NULL, NULL },
	{ ST_LISTEN, 5, NULL, NULL },
	{ ST_SYN_SENT, 5, NULL, NULL },
	{ ST_TIME_WAIT, 5, NULL, NULL },
};

/* Data arrives after the user called CLOSE; SEG.ACK is 2001 if not said. */
#define RESET "<SEQ=2001><CTL=RST>"

static const struct {
	const char *what;
	enum state state;
	uint16_t ctl;
	uint32_t text;
	uint32_t seq;
	uint32_t ack;
	uint32_t wnd;	   /* that the stack has announced */
	bool attached;	   /* the user has called no CLOSE */
	const char *reply; /* NULL: no reset, at least */
} data_rows[] = {
	{ "data", ST_FIN_WAIT_2, CTL_PSH | CTL_ACK, 5, RCV, NXT, 60000, false,
	    RESET },
	{ "data, FIN not acknowledged", ST_FIN_WAIT_1, CTL_PSH | CTL_ACK, 5,
	    RCV, UNA, 60000, false, "<SEQ=2000><CTL=RST>" },
	{ "data and the FIN acknowledged", ST_FIN_WAIT_1, CTL_ACK, 5, RCV, NXT,
	    60000, false, RESET },
	{ "one octet", ST_FIN_WAIT_2, CTL_ACK, 1, RCV, NXT, 60000, false,
	    RESET },
	{ "all the window holds", ST_FIN_WAIT_2, CTL_ACK, 1400, RCV, NXT, 1400,
	    false, RESET },
	{ "data with FIN", ST_FIN_WAIT_2, CTL_ACK | CTL_FIN, 1, RCV, NXT, 60000,
	    false, RESET },
	{ "data with URG", ST_FIN_WAIT_2, CTL_ACK | CTL_URG, 5, RCV, NXT, 60000,
	    false, RESET },
	/* nothing is lost */
	{ "FIN alone", ST_FIN_WAIT_2, CTL_ACK | CTL_FIN, 0, RCV, NXT, 60000,
	    false, NULL },
	{ "ACK alone", ST_FIN_WAIT_2, CTL_ACK, 0, RCV, NXT, 60000, false,
	    NULL },
	{ "data to a user", ST_FIN_WAIT_2, CTL_ACK, 5, RCV, NXT, 60000, true,
	    NULL },
	{ "data to a user", ST_ESTABLISHED, CTL_ACK, 5, RCV, UNA, 60000, true,
	    NULL },
	{ "data that came before", ST_FIN_WAIT_2, CTL_ACK, 5, RCV - 5, NXT,
	    60000, false, NULL },
	{ "data far ahead", ST_FIN_WAIT_2, CTL_ACK, 5, RCV + 60000, NXT, 60000,
	    false, NULL },
	/* earlier checks have the word (3.10.7.4) */
	{ "first: no window", ST_FIN_WAIT_2, CTL_ACK, 5, RCV, NXT, 0, false,
	    NULL },
	{ "second: RST", ST_FIN_WAIT_2, CTL_ACK | CTL_RST, 5, RCV, NXT, 60000,
	    false, NULL },
	{ "fourth: SYN", ST_FIN_WAIT_2, CTL_ACK | CTL_SYN, 5, RCV, NXT, 60000,
	    false, NULL },
	{ "fifth: no ACK", ST_FIN_WAIT_2, CTL_PSH, 5, RCV, 0, 60000, false,
	    NULL },
	{ "fifth: ACK of what was not sent", ST_FIN_WAIT_2, CTL_ACK, 5, RCV,
	    NXT + 1, 60000, false, NULL },
	{ "fifth: the same, FIN-WAIT-1", ST_FIN_WAIT_1, CTL_ACK, 5, RCV,
	    NXT + 1, 60000, false, NULL },
};

/* A RST in SYN-RECEIVED; it is never answered (test_never_answered). */
static const struct {
	uint16_t ctl;
	uint32_t seq;
	bool passive;
	bool to_listen; /* "return this connection to LISTEN state" */
} rst_rows[] = {
	{ CTL_RST, RCV, true, true },
	{ CTL_RST | CTL_ACK, RCV, true, true },
	{ CTL_RST | CTL_SYN | CTL_FIN, RCV, true, true },
	{ CTL_RST, RCV, false, false },
	{ CTL_RST, RCV - 1, true, false },
	{ CTL_RST, RCV + 60000, true, false },
	{ CTL_ACK, RCV, true, false },
};

static struct rulebook book;
static struct tcb tcb;

static void
setup(void)
{
	rulebook_init(&book);
	util_add_data(&book, "rules/rfc9293.rules");
	tcb = (struct tcb){
		.iss = 1000,
		.irs = 6000,
		.snd_una = UNA,
		.snd_nxt = NXT,
		.snd_wnd = 64240,
		.max_snd_wnd = 64240,
		.rcv_nxt = RCV,
		.rcv_wnd = 60000,
	};
}

static void
teardown(void)
{
	rulebook_free(&book);
}

/* A reply with its numbers, as the RFC writes it. */
static const char *
filled_in(struct buf *b, const struct reply *r, const struct situation *s)
{
	struct expected x = form_expect(&r->form, s);

	buf_reset(b);
	if (x.form->none)
		return "none";
	if (x.form->seq != NULL)
		buf_addf(b, "<SEQ=%u>", x.seq);
	if (x.form->ack != NULL)
		buf_addf(b, "<ACK=%u>", x.ack);
	buf_adds(b, "<CTL=");
	ctl_add_rfc(b, x.form->ctl);
	buf_adds(b, ">");
	return buf_str(b);
}

static void
assert_reply(const char *what, const struct rule *r, const struct situation *s,
    const char *want, const char *allowed)
{
	const struct reply *reply = r ? STAILQ_FIRST(&r->replies) : NULL;
	struct buf b = { 0 };
	const char *got;

	if (want == NULL) {
		ck_assert_msg(reply == NULL || !(reply->form.ctl & CTL_RST),
		    "%s: %s", what, r ? r->id : "");
		return;
	}
	ck_assert_msg(reply != NULL, "%s: no rule", what);
	got = filled_in(&b, reply, s);
	ck_assert_msg(strcmp(got, want) == 0, "%s: %s, wanted %s", what, got,
	    want);
	ck_assert_int_eq(outcome_state(&r->outcome, s), ST_CLOSED);
	ck_assert_str_eq(r->level, "SHLD-3");
	reply = STAILQ_NEXT(reply, next);
	ck_assert_str_eq(reply ? filled_in(&b, reply, s) : "",
	    allowed ? allowed : "");
	buf_free(&b);
}

START_TEST(test_close)
{
	const struct situation s = { .tcb = &tcb };

	tcb.state = close_rows[_i].state;
	tcb.unread = close_rows[_i].unread;
	assert_reply(state_name(tcb.state), rulebook_match(&book, EV_CLOSE, &s),
	    &s, close_rows[_i].reply, close_rows[_i].allowed);
}
END_TEST

START_TEST(test_data)
{
	const struct segment seg = {
		.ctl = data_rows[_i].ctl,
		.text_len = data_rows[_i].text,
		.seq = data_rows[_i].seq,
		.ack = data_rows[_i].ack,
	};
	const struct situation s = {
		.tcb = &tcb, .seg = &seg, .claims = CLAIM_RFC5961
	};

	tcb.state = data_rows[_i].state;
	tcb.rcv_wnd = data_rows[_i].wnd;
	tcb.orphan = !data_rows[_i].attached;
	if (tcb.state == ST_FIN_WAIT_2)
		tcb.snd_una = NXT;
	assert_reply(data_rows[_i].what, rulebook_match(&book, EV_SEGMENT, &s),
	    &s, data_rows[_i].reply, NULL);
}
END_TEST

START_TEST(test_rst)
{
	const struct segment seg = {
		.ctl = rst_rows[_i].ctl, .seq = rst_rows[_i].seq, .ack = NXT
	};
	const struct situation s = { .tcb = &tcb, .seg = &seg };
	const struct rule *r;

	tcb.state = ST_SYN_RECEIVED;
	tcb.passive = rst_rows[_i].passive;
	r = rulebook_match(&book, EV_SEGMENT, &s);
	ck_assert_int_eq(r != NULL &&
			     outcome_state(&r->outcome, &s) == ST_LISTEN,
	    rst_rows[_i].to_listen);
	if (rst_rows[_i].to_listen)
		ck_assert(STAILQ_FIRST(&r->replies)->form.none);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("rulebook_article");
	TCase *tc = tcase_create("given up");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, test_close, 0, ARRAY_SIZE(close_rows));
	tcase_add_loop_test(tc, test_data, 0, ARRAY_SIZE(data_rows));
	tcase_add_loop_test(tc, test_rst, 0, ARRAY_SIZE(rst_rows));
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
