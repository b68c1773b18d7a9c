/* The numbers of a script and those of the wire, and back. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/octets.h"
#include "base/table.h"
#include "run/mapping.h"
#include "rules/term.h"
#include "tcp/option.h"

/* A side whose SYN has this number in the script and on the wire. */
static const struct {
	uint32_t script_iss, live_iss;
	bool syn;
	uint32_t script, live;
} number_rows[] = {
	{ 0, 1000, true, 0, 1000 },
	{ 0, 1000, false, 1, 1001 },
	/* a SYN says where one counts from; all others count from there */
	{ 123, 123, true, 123, 123 },
	{ 123, 123, false, 1, 124 },
	{ 100, 5000, true, 100, 5000 },
	{ 100, 5000, true, 103, 5003 },
	{ 100, 5000, false, 0, 5000 },
	/* numbers wrap on either side */
	{ 0, 0xffffffff, false, 1, 0 },
	{ 0xffffffff, 0xffffffff, true, 0xffffffff, 0xffffffff },
	{ 0xffffffff, 0xffffffff, false, 4, 3 },
	{ 0, 5, false, 0xffffffff, 4 },
};

START_TEST(test_number)
{
	struct space s = { 0 };
	uint32_t script = number_rows[_i].script, live = number_rows[_i].live;
	bool syn = number_rows[_i].syn;

	/* a side that has sent no SYN has the numbers of the wire */
	ck_assert_uint_eq(mapping_live(&s, syn, script), script);
	ck_assert_uint_eq(mapping_script(&s, syn, live), live);
	mapping_learn(&s, number_rows[_i].script_iss, number_rows[_i].live_iss);
	ck_assert_uint_eq(mapping_live(&s, syn, script), live);
	ck_assert_uint_eq(mapping_script(&s, syn, live), script);
}
END_TEST

/* Both ends have sent their SYNs. */
static struct mapping
two_sides(void)
{
	struct mapping m = { 0 };

	mapping_learn(&m.ours, 0, 1000);
	mapping_learn(&m.theirs, 0, 70000);
	return m;
}

START_TEST(test_segment)
{
	static const uint32_t edges[][2] = { { 1001, 2001 }, { 3001, 4001 } };
	struct mapping m = two_sides();
	struct segment s = { .seq = 1, .ack = 501, .ctl = CTL_ACK }, t;
	struct option o;

	ck_assert_int_eq(opt_add_sack(&s, edges, 2), 0);
	t = s;
	mapping_to_live(&m, &t);
	ck_assert_uint_eq(t.seq, 1001);
	ck_assert_uint_eq(t.ack, 70501);
	ck_assert(opt_find(&t, OPT_SACK, &o));
	ck_assert_uint_eq(get32(o.data), 71001);
	ck_assert_uint_eq(get32(o.data + 12), 74001);
	/* as if the stack had sent it: the sides are the other way round */
	t = s;
	t.seq = 70001;
	t.ack = 1501;
	t.options_len = 0;
	mapping_to_script(&m, &t);
	ck_assert_uint_eq(t.seq, 1);
	ck_assert_uint_eq(t.ack, 501);
	/* without ACK the field is nobody's number */
	t.ctl = CTL_RST;
	t.ack = 7;
	mapping_to_script(&m, &t);
	ck_assert_uint_eq(t.ack, 7);
}
END_TEST

static void
check_ts(const struct segment *s, uint32_t val, uint32_t ecr)
{
	struct option o;

	ck_assert(opt_find(s, OPT_TS, &o));
	ck_assert_uint_eq(get32(o.data), val);
	ck_assert_uint_eq(get32(o.data + 4), ecr);
}

START_TEST(test_stamps)
{
	struct mapping m = two_sides();
	struct segment s = { .ctl = CTL_ACK }, t;
	size_t i;

	ck_assert_int_eq(opt_add_ts(&s, 700, 100), 0);
	/* nothing is known yet: it is as the script says */
	t = s;
	mapping_to_live(&m, &t);
	check_ts(&t, 700, 100);
	mapping_learn_stamp(&m, 100, 9100);
	mapping_learn_stamp(&m, 200, 9250);
	t = s;
	mapping_to_live(&m, &t);
	check_ts(&t, 700, 9100);
	/* the script has named this one, and guesses that one */
	t.options_len = 0;
	ck_assert_int_eq(opt_add_ts(&t, 700, 200), 0);
	mapping_to_live(&m, &t);
	check_ts(&t, 700, 9250);
	t.options_len = 0;
	ck_assert_int_eq(opt_add_ts(&t, 700, 103), 0);
	mapping_to_live(&m, &t);
	check_ts(&t, 700, 9103);
	/* of the stack's the value is mapped, and what it echoes is ours */
	t.options_len = 0;
	ck_assert_int_eq(opt_add_ts(&t, 9110, 700), 0);
	mapping_to_script(&m, &t);
	check_ts(&t, 110, 700);
	/* of many the last ones are known */
	for (i = 0; i < 3 * MAPPING_STAMPS; i++)
		mapping_learn_stamp(&m, 1000 + i, 50000 + 2 * i);
	t.options_len = 0;
	i = 3 * MAPPING_STAMPS - 1;
	ck_assert_int_eq(opt_add_ts(&t, 700, 1000 + i), 0);
	mapping_to_live(&m, &t);
	check_ts(&t, 700, 50000 + 2 * i);
	/* without ACK there is nothing that is echoed */
	t = s;
	t.ctl = CTL_SYN;
	mapping_to_live(&m, &t);
	check_ts(&t, 700, 100);
}
END_TEST

static const struct {
	const char *text;
	bool segment; /* there is one */
	uint32_t value;
	const char *msg; /* NULL: it has a value */
} term_rows[] = {
	{ "SEG.SEQ+SEG.LEN", true, 108, NULL },
	{ "SEG.SEQ", true, 100, NULL },
	{ "RCV.NXT-1", false, 99, NULL },
	{ "SND.NXT+1+1", false, 502, NULL },
	{ "SEG.SEQ", false, 0,
	    "'SEG.SEQ' speaks of a segment, but none was injected before" },
	{ "SEG.SQE", true, 0,
	    "'SEG.SQE' is no term of the RFC such as SEG.SEQ+SEG.LEN" },
	/* no way out of where it stands */
	{ "0><CTL=SYN> level SPEC", true, 0,
	    "'0><CTL=SYN> level SPEC' is no term of the RFC such as "
	    "SEG.SEQ+SEG.LEN" },
	{ "any", true, 0,
	    "'any' is no term of the RFC such as SEG.SEQ+SEG.LEN" },
	{ "", true, 0, "'' is no term of the RFC such as SEG.SEQ+SEG.LEN" },
};

START_TEST(test_term)
{
	const struct tcb tcb = { .rcv_nxt = 100, .snd_nxt = 500 };
	const struct segment seg = {
		.seq = 100, .ctl = CTL_FIN, .text_len = 7
	};
	const struct situation s = { .tcb = &tcb,
		.seg = term_rows[_i].segment ? &seg : NULL };
	struct err e;
	uint32_t v;

	if (term_rows[_i].msg == NULL) {
		ck_assert_int_eq(term_eval(&v, term_rows[_i].text, &s, &e), 0);
		ck_assert_uint_eq(v, term_rows[_i].value);
	} else {
		ck_assert_int_eq(term_eval(&v, term_rows[_i].text, &s, &e), -1);
		ck_assert_str_eq(e.msg, term_rows[_i].msg);
		ck_assert_int_eq(e.kind, ERR_USAGE);
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("mapping");
	TCase *tc = tcase_create("mapping");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_loop_test(tc, test_number, 0, ARRAY_SIZE(number_rows));
	tcase_add_test(tc, test_segment);
	tcase_add_test(tc, test_stamps);
	tcase_add_loop_test(tc, test_term, 0, ARRAY_SIZE(term_rows));
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
