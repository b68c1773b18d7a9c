/*
 * What is concluded from what came from ports: hand-made scans, no wire. The
 * rules are the RFC's.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "scans.h"

static const struct row {
	const char *name;
	uint16_t ctl;
	unsigned states; /* 0: not known */
	struct port port;
	enum answer answer;
	enum verdict verdict;
	const char *rule;   /* NULL: none */
	const char *wrong;  /* the first field that is; NULL: none */
	const char *reason; /* part of it */
	int rtt;	    /* ms */
} rows[] = {
	{ "closed", CTL_SYN, 0, TRIES(1, AT(7, rst_ack)), ANSWER_CLOSED, V_PASS,
	    "closed/no-ack", NULL, "", 7 },
	{ "open", CTL_SYN, 0, TRIES(1, AT(7, syn_ack)), ANSWER_OPEN, V_PASS,
	    "listen/syn", NULL, "", 7 },
	{ "an ACK", CTL_ACK, 0, TRIES(1, AT(7, rst)), ANSWER_RESET, V_PASS,
	    "closed/ack", NULL, "", 7 },
	{ "FIN, closed", CTL_FIN, 0, TRIES(1, AT(7, rst_ack)), ANSWER_CLOSED,
	    V_PASS, "closed/no-ack", NULL, "", 7 },
	{ "FIN, silence", CTL_FIN, 0, { .ntries = 3 }, ANSWER_SILENT, V_PASS,
	    "listen/other", NULL, "", 0 },
	{ "RST, silence", CTL_RST, 0, { .ntries = 1 }, ANSWER_SILENT, V_PASS,
	    "closed/rst", NULL, "", 0 },
	{ "silence", CTL_SYN, 0, { .ntries = 3 }, ANSWER_SILENT, V_INCONCLUSIVE,
	    NULL, NULL, "nothing came", 0 },
	{ "refused", CTL_SYN, 0, { .ntries = 1, .refused = true },
	    ANSWER_REFUSED, V_INCONCLUSIVE, NULL, NULL, "did not arrive", 0 },
	{ "refused, where silence is due", CTL_RST, 0,
	    { .ntries = 1, .refused = true }, ANSWER_REFUSED, V_INCONCLUSIVE,
	    NULL, NULL, "did not arrive", 0 },
	{ "untried", CTL_SYN, 0, { .ntries = 0, .unfinished = true },
	    ANSWER_UNTRIED, V_INCONCLUSIVE, NULL, NULL, "", 0 },
	{ "in flight", CTL_SYN, 0, { .ntries = 1, .unfinished = true },
	    ANSWER_UNTRIED, V_INCONCLUSIVE, NULL, NULL, "", 0 },
	/* wrong */
	{ "ack", CTL_SYN, 0, TRIES(1, AT(7, "<SEQ=0><ACK=1000><CTL=RST,ACK>")),
	    ANSWER_WRONG, V_FAIL, "closed/no-ack", "ack", "", 7 },
	{ "seq", CTL_SYN, 0, TRIES(1, AT(7, "<SEQ=1><ACK=1001><CTL=RST,ACK>")),
	    ANSWER_WRONG, V_FAIL, "closed/no-ack", "seq", "", 7 },
	{ "ack of an open one", CTL_SYN, 0,
	    TRIES(1, AT(7, "<SEQ=9><ACK=1002><CTL=SYN,ACK>")), ANSWER_WRONG,
	    V_FAIL, "listen/syn", "ack", "", 7 },
	{ "answers a RST", CTL_RST, 0,
	    TRIES(1, AT(7, "<SEQ=0><ACK=1000><CTL=RST,ACK>")), ANSWER_WRONG,
	    V_FAIL, "closed/rst", "reply", "none is due", 7 },
	{ "checksum", CTL_SYN, 0,
	    TRIES(1, AT(7, rst_ack, .faults = FAULT_CHECKSUM)), ANSWER_WRONG,
	    V_FAIL, "closed/no-ack", "checksum", "checksum", 7 },
	{ "port", CTL_SYN, 0, TRIES(1, AT(7, rst_ack, .port = 99)),
	    ANSWER_WRONG, V_FAIL, "closed/no-ack", "source port", "port", 7 },
	{ "twice", CTL_SYN, 0, TRIES(1, AT(7, rst_ack), AT(8, rst_ack)),
	    ANSWER_WRONG, V_FAIL, "closed/no-ack", "count", "twice", 7 },
	{ "twice, but two boxes", CTL_SYN, 0,
	    TRIES(1, AT(7, rst_ack), AT(8, rst_ack, .ttl = 48)), ANSWER_UNCLEAR,
	    V_INCONCLUSIVE, "closed/no-ack", "count", "more than one box", 7 },
	{ "either would be believed", CTL_SYN, 0,
	    TRIES(1, AT(7, rst_ack), AT(8, syn_ack)), ANSWER_UNCLEAR,
	    V_INCONCLUSIVE, "listen/syn", "ctl", "contradict", 7 },
	{ "a blind forger beside it", CTL_SYN, 0,
	    TRIES(1, AT(6, "<SEQ=0><ACK=77777><CTL=RST,ACK>"), AT(7, rst_ack)),
	    ANSWER_CLOSED, V_PASS, "closed/no-ack", NULL, "set aside: 1", 7 },
	{ "the capture dropped", CTL_SYN, 0, { .ntries = 3, .unsure = true },
	    ANSWER_UNCLEAR, V_INCONCLUSIVE, NULL, "reply", "dropped", 0 },
	/* tries */
	{ "the second answered", CTL_SYN, 0, TRIES(2, AT(107, rst_ack2)),
	    ANSWER_CLOSED, V_PASS, "closed/no-ack", NULL, "", 7 },
	{ "the first answered late", CTL_SYN, 0, TRIES(2, AT(107, syn_ack)),
	    ANSWER_OPEN, V_PASS, "listen/syn", NULL, "", 107 },
	{ "late, and then the second", CTL_SYN, 0,
	    TRIES(2, AT(107, rst_ack), AT(109, rst_ack2)), ANSWER_CLOSED,
	    V_PASS, "closed/no-ack", NULL, "", 107 },
	{ "the first twice", CTL_SYN, 0,
	    TRIES(2, AT(107, syn_ack2), AT(108, syn_ack2)), ANSWER_OPEN, V_PASS,
	    "listen/syn", NULL, "", 7 },
	{ "its reset, and a third", CTL_SYN, 0,
	    TRIES(2, AT(107, rst_ack), AT(108, rst_ack2), AT(109, rst_ack2)),
	    ANSWER_CLOSED, V_PASS, "closed/no-ack", NULL, "", 107 },
	/* the state is known */
	{ "FIN to LISTEN", CTL_FIN, 1u << ST_LISTEN, TRIES(1, AT(7, rst_ack)),
	    ANSWER_WRONG, V_FAIL, "listen/other", "reply", "none is due", 7 },
	{ "SYN to CLOSED", CTL_SYN, 1u << ST_CLOSED, TRIES(1, AT(7, syn_ack)),
	    ANSWER_WRONG, V_FAIL, "closed/no-ack", "ctl", "", 7 },
	{ "FIN to CLOSED", CTL_FIN, 1u << ST_CLOSED, { .ntries = 3 },
	    ANSWER_SILENT, V_INCONCLUSIVE, NULL, NULL, "nothing came", 0 },
};

static const char *
first_wrong(const struct judgement *j)
{
	size_t i;

	for (i = 0; i < j->nfields; i++)
		if (!j->fields[i].ok)
			return j->fields[i].name;
	return "none";
}

START_TEST(test_answer)
{
	const struct row *row = &rows[_i];
	struct finding f;

	make_scan(row->ctl, &row->port, 1);
	f = find(0, row->states);
	ck_assert_msg(f.answer == row->answer && f.j.verdict == row->verdict,
	    "%s: %s, %s: %s", row->name, answer_name(f.answer),
	    verdict_name(f.j.verdict), f.j.reason);
	ck_assert_msg(row->rule == NULL ||
			  (f.j.rule != NULL &&
			      strcmp(f.j.rule->id, row->rule) == 0),
	    "%s: rule %s", row->name, f.j.rule ? f.j.rule->id : "none");
	ck_assert_msg(strcmp(first_wrong(&f.j),
			  row->wrong ? row->wrong : "none") == 0,
	    "%s: field %s", row->name, first_wrong(&f.j));
	ck_assert_msg(strstr(f.j.reason, row->reason) != NULL, "%s: %s",
	    row->name, f.j.reason);
	ck_assert_msg(row->reason[0] != '\0' || row->wrong != NULL ||
			  f.j.reason[0] == '\0',
	    "%s: %s", row->name, f.j.reason);
	ck_assert_msg(f.rtt == row->rtt * MS, "%s: rtt %ld", row->name,
	    (long)f.rtt);
	ck_assert_int_eq(f.reply != NULL, row->rtt > 0);
	free_scan();
}
END_TEST

/* Tries that look alike: each may have drawn an answer, no more. */
START_TEST(test_fixed_numbers)
{
	const struct port two = TRIES(2, AT(7, rst_ack), AT(107, rst_ack));
	const struct port three =
	    TRIES(2, AT(7, rst_ack), AT(107, rst_ack), AT(108, rst_ack));
	const struct port *ports[] = { &two, &three };
	struct finding f;

	make_scan(CTL_SYN, ports[_i], 1);
	options.any_seq = false;
	scan->ports[0].tries[1].seq = scan->ports[0].tries[0].seq;
	f = find(0, 0);
	ck_assert_int_eq(f.answer, _i == 0 ? ANSWER_CLOSED : ANSWER_WRONG);
	ck_assert_str_eq(first_wrong(&f.j), _i == 0 ? "none" : "count");
	free_scan();
}
END_TEST

/* A SYN that carries text: a listener may acknowledge the SYN alone. */
START_TEST(test_text)
{
	static const struct {
		const char *rfc;
		int nth;
	} answers[] = {
		{ "<SEQ=9><ACK=1001><CTL=SYN,ACK>", 0 },
		{ "<SEQ=9><ACK=1006><CTL=SYN,ACK>", 0 },
		{ "<SEQ=0><ACK=1006><CTL=RST,ACK>", 0 },
		{ "<SEQ=0><ACK=1001><CTL=RST,ACK>", -1 },
		{ "<SEQ=9><ACK=1000><CTL=SYN,ACK>", -1 },
	};
	const struct port port = TRIES(1, AT(7, answers[_i].rfc));

	make_scan(CTL_SYN, &port, 1);
	options.seg.text_len = 5;
	ck_assert_int_eq(scan_answers(&options, scan->ports,
			     scan->ports[0].replies),
	    answers[_i].nth);
	free_scan();
}
END_TEST

/* What draws no answer by any rule is sent but once. */
START_TEST(test_may_answer)
{
	static const struct {
		uint16_t ctl;
		uint8_t faults;
		unsigned states;
		bool may;
	} segs[] = {
		{ CTL_SYN, 0, 0, true },
		{ CTL_ACK, 0, 0, true },
		{ CTL_FIN, 0, 0, true },
		{ CTL_FIN, 0, 1u << ST_LISTEN, false },
		{ 0, 0, 1u << ST_LISTEN, false },
		{ CTL_SYN, 0, 1u << ST_LISTEN, true },
		{ CTL_RST, 0, 0, false },
		{ CTL_RST | CTL_ACK, 0, 0, false },
		{ CTL_SYN, FAULT_CHECKSUM, 0, false },
		{ CTL_SYN, FAULT_OFFSET, 0, false },
	};
	const struct finding_rules r = rules(segs[_i].states);
	struct segment seg = { .ctl = segs[_i].ctl, .faults = segs[_i].faults };

	seg.tuple = util_tuple();
	ck_assert_int_eq(finding_may_answer(&r, &seg), segs[_i].may);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("finding");
	TCase *tc = tcase_create("finding");
	SRunner *sr;
	int failed;

	tcase_add_unchecked_fixture(tc, read_rules, NULL);
	tcase_add_loop_test(tc, test_answer, 0, ARRAY_SIZE(rows));
	tcase_add_loop_test(tc, test_fixed_numbers, 0, 2);
	tcase_add_loop_test(tc, test_text, 0, 5);
	tcase_add_loop_test(tc, test_may_answer, 0, 10);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
