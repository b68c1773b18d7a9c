/* The rule language: timestamps, what is unread, who claims what. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/table.h"
#include "tcp/option.h"
#include "util.h"

/* A segment from 192.0.2.1 to 192.0.2.2, on a connection with nothing more. */
static struct tcb tcb;
static struct segment seg;
static struct situation s;

static void
setup(void)
{
	tcb = (struct tcb){ .state = ST_ESTABLISHED };
	seg = (struct segment){ .tuple = util_tuple(), .ctl = CTL_ACK };
	s = (struct situation){ .tcb = &tcb, .seg = &seg };
}

/* Does a rule with this condition, on this event, speak of the situation? */
static bool
holds(const char *when, enum event event)
{
	struct rulebook book;
	struct buf b = { 0 };
	bool yes;

	buf_addf(&b,
	    "rule a in any %s%s when %s reply none level SPEC cite \"c\" "
	    "why \"y\"",
	    event == EV_SEGMENT ? "" : "on ",
	    event == EV_SEGMENT ? "" : event_name(event), when);
	util_book(&book, buf_str(&b));
	yes = rulebook_match(&book, event, &s) != NULL;
	rulebook_free(&book);
	buf_free(&b);
	return yes;
}

static void
add_timestamp(uint32_t val)
{
	ck_assert_int_eq(opt_add_raw(&seg, "\x01\x01", 2), 0);
	ck_assert_int_eq(opt_add_ts(&seg, val, 77), 0);
}

/* ---- terms ---- */

START_TEST(test_tsval)
{
	ck_assert(holds("SEG.TSVAL = 0", EV_SEGMENT));
	add_timestamp(0xfffffffe);
	ck_assert(holds("SEG.TSVAL = 4294967294", EV_SEGMENT));
	ck_assert(!holds("SEG.TSVAL = 77", EV_SEGMENT));
	/* in sequence space, as RFC 7323 compares them */
	tcb.ts_recent = 1;
	ck_assert(holds("SEG.TSVAL < TS.RECENT", EV_SEGMENT));
	ck_assert(holds("SEG.TSVAL+3 = TS.RECENT", EV_SEGMENT));
}
END_TEST

START_TEST(test_tcb_terms)
{
	tcb.ts_recent = 11;
	tcb.ts_val = 12;
	tcb.unread = 13;
	ck_assert(holds("TS.RECENT = 11", EV_SEGMENT));
	ck_assert(holds("UNREAD = 13", EV_SEGMENT));
	/* they are there without a segment, too */
	s.seg = NULL;
	ck_assert(holds("TS.RECENT = 11, UNREAD+1 = 14", EV_CLOSE));
}
END_TEST

/* ---- facts: each is true of one thing and of no other ---- */

static void
timestamp(void)
{
	add_timestamp(0);
}

static void
group_destination(void)
{
	seg.tuple.dst.addr = (struct addr){ 4, { 224, 0, 0, 1 } };
}

static void
bad_source(void)
{
	seg.tuple.src.addr = (struct addr){ 6, { 0xff, 2, [15] = 1 } };
}

static void
passive(void)
{
	tcb.passive = true;
}

static void
orphan(void)
{
	tcb.orphan = true;
}

static void
unread(void)
{
	tcb.unread = 1;
}

static void
timestamps(void)
{
	tcb.timestamps = true;
}

static void
queue_full(void)
{
	tcb.queue_full = true;
}

static void
cookie(void)
{
	tcb.cookie = true;
}

static void
shut_both(void)
{
	tcb.shut = true;
}

static void
rfc5961(void)
{
	s.claims |= CLAIM_RFC5961;
}

static void
rfc793(void)
{
	s.claims |= CLAIM_RFC793;
}

static const struct {
	const char *fact;
	void (*make)(void);
	bool of_segment;
} rows[] = {
	{ "timestamp", timestamp, true },
	{ "group-destination", group_destination, true },
	{ "bad-source", bad_source, true },
	{ "passive", passive, false },
	{ "orphan", orphan, false },
	{ "unread", unread, false },
	{ "timestamps", timestamps, false },
	{ "queue-full", queue_full, false },
	{ "cookie", cookie, false },
	{ "shut-both", shut_both, false },
	{ "rfc5961", rfc5961, false },
	{ "rfc793", rfc793, false },
};

START_TEST(test_fact)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		if (i != (size_t)_i)
			rows[i].make();
	ck_assert(!holds(rows[_i].fact, EV_SEGMENT));
	setup();
	rows[_i].make();
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		ck_assert_msg(holds(rows[i].fact, EV_SEGMENT) ==
				  (i == (size_t)_i),
		    "%s made, %s asked", rows[_i].fact, rows[i].fact);
	if (rows[_i].of_segment)
		return;
	s.seg = NULL;
	ck_assert(holds(rows[_i].fact, EV_USER_TIMEOUT));
}
END_TEST

/* Which terms and facts look at the segment. */
static const struct {
	const char *when;
	bool segment;
} needs_rows[] = {
	{ "SEG.TSVAL = 0", true },
	{ "timestamp", true },
	{ "group-destination", true },
	{ "bad-source", true },
	{ "rfc5961 or SEG.UP = 1", true },
	{ "TS.RECENT = UNREAD", false },
	{ "timestamps, queue-full, cookie, shut-both", false },
	{ "passive, orphan, unread, rfc5961 or rfc793", false },
};

START_TEST(test_needs_segment)
{
	struct rulebook book;
	struct buf b = { 0 };

	buf_addf(&b,
	    "rule a in any when %s reply none level SPEC cite \"c\" why \"y\"",
	    needs_rows[_i].when);
	util_book(&book, buf_str(&b));
	ck_assert(expr_needs_segment(STAILQ_FIRST(&book.rules)->when) ==
		  needs_rows[_i].segment);
	rulebook_free(&book);
	buf_free(&b);
}
END_TEST

/* ---- events: a rule may speak of several ---- */

static const char several[] =
    "rule two in any on CLOSE USER-TIMEOUT reply none level SPEC\n"
    "  cite \"c\" why \"y\"\n"
    "rule rest in any on SHUTDOWN ABORT DISCONNECT CLOSE-LISTEN KEEP-ALIVE\n"
    "  FIN-WAIT-2-TIMEOUT CLOSE reply none level SPEC cite \"c\" why \"y\"\n"
    "rule segment in any reply none level SPEC cite \"c\" why \"y\"\n";

static const struct {
	const char *name;
	const char *id;
} event_rows[] = {
	[EV_SEGMENT] = { "segment", "segment" },
	[EV_CLOSE] = { "CLOSE", "two" },
	[EV_SHUTDOWN] = { "SHUTDOWN", "rest" },
	[EV_ABORT] = { "ABORT", "rest" },
	[EV_DISCONNECT] = { "DISCONNECT", "rest" },
	[EV_CLOSE_LISTEN] = { "CLOSE-LISTEN", "rest" },
	[EV_USER_TIMEOUT] = { "USER-TIMEOUT", "two" },
	[EV_KEEP_ALIVE] = { "KEEP-ALIVE", "rest" },
	[EV_FIN_WAIT_2_TIMEOUT] = { "FIN-WAIT-2-TIMEOUT", "rest" },
};

START_TEST(test_event)
{
	struct rulebook book;

	ck_assert_str_eq(event_name(_i), event_rows[_i].name);
	util_book(&book, several);
	ck_assert_str_eq(rulebook_match(&book, _i, &s)->id, event_rows[_i].id);
	rulebook_free(&book);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("rules_facts");
	TCase *tc = tcase_create("facts");
	SRunner *sr = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, test_tsval);
	tcase_add_test(tc, test_tcb_terms);
	tcase_add_loop_test(tc, test_fact, 0, ARRAY_SIZE(rows));
	tcase_add_loop_test(tc, test_needs_segment, 0, ARRAY_SIZE(needs_rows));
	tcase_add_loop_test(tc, test_event, 0, ARRAY_SIZE(event_rows));
	suite_add_tcase(suite, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
