/*
 * RSTs as a capture has them, held to the rules: which one allows their
 * numbers, what their receiver does with them, and what gives them away.
 */
#include "flowing.h"

#include "base/table.h"
#include "judge/numbers.h"
#include "util.h"

#define A CTL_ACK
#define R CTL_RST
#define F CTL_FIN
#define S CTL_SYN

/* The client is C, the server s; each row goes on after a handshake. */
struct row {
	const char *what;
	struct {
		char from; /* 0: no more */
		uint16_t ctl;
		uint32_t seq, ack, len;
	} segs[5];
	int verdict;
	const char *rule; /* NULL: none */
	enum reception reception;
	enum state state; /* of who sent the last segment, the RST */
};

static const struct row rows[] = {
	{ "abort", { { 's', R | A, 5001, 1001, 0 } }, NUMBERS_RIGHT,
	    "abort/synchronized", RECEPTION_ACCEPTED, ST_ESTABLISHED },
	{ "abort, of RFC 793", { { 's', R, 5001, 0, 0 } }, NUMBERS_RIGHT,
	    "closed/ack", RECEPTION_ACCEPTED, ST_ESTABLISHED },
	{ "unread text",
	    { { 'c', A, 1001, 5001, 9 }, { 's', A, 5001, 1010, 0 },
		{ 's', R | A, 5001, 1010, 0 } },
	    NUMBERS_RIGHT, "close/unread-data", RECEPTION_ACCEPTED,
	    ST_ESTABLISHED },
	{ "text after close",
	    { { 's', F | A, 5001, 1001, 0 }, { 'c', A, 1001, 5002, 0 },
		{ 'c', A, 1001, 5002, 9 }, { 's', R, 5002, 0, 0 } },
	    NUMBERS_RIGHT, "orphan/new-data", RECEPTION_ACCEPTED,
	    ST_FIN_WAIT_2 },
	{ "SYN to a closed port",
	    { { 'C', S, 1000, 0, 0 }, { 's', R | A, 0, 1001, 0 } },
	    NUMBERS_RIGHT, "closed/no-ack", RECEPTION_ACCEPTED, ST_CLOSED },
	{ "SYN, the answer one too low",
	    { { 'C', S, 1000, 0, 0 }, { 's', R | A, 0, 1000, 0 } },
	    NUMBERS_WRONG, "closed/no-ack", RECEPTION_IGNORED, ST_CLOSED },
	{ "SYN, an answer without ACK",
	    { { 'C', S, 1000, 0, 0 }, { 's', R, 1001, 0, 0 } }, NUMBERS_WRONG,
	    "closed/no-ack", RECEPTION_IGNORED, ST_CLOSED },
	{ "SYN,ACK of another connection",
	    { { 'C', S, 1000, 0, 0 }, { 's', S | A, 5000, 77, 0 },
		{ 'c', R, 77, 0, 0 } },
	    NUMBERS_RIGHT, "syn-sent/bad-ack", RECEPTION_ACCEPTED,
	    ST_SYN_SENT },
	{ "after both FINs, of who closed last",
	    { { 'c', F | A, 1001, 5001, 0 }, { 's', F | A, 5001, 1002, 0 },
		{ 'c', A, 1002, 5002, 0 }, { 's', R, 5002, 0, 0 } },
	    NUMBERS_RIGHT, "closed/ack", RECEPTION_ACCEPTED, ST_CLOSED },
	{ "after both FINs, of who closed first",
	    { { 'c', F | A, 1001, 5001, 0 }, { 's', F | A, 5001, 1002, 0 },
		{ 'c', A, 1002, 5002, 0 }, { 'c', R, 1002, 0, 0 } },
	    NUMBERS_RIGHT, "closed/ack", RECEPTION_IGNORED, ST_TIME_WAIT },
	{ "in the window", { { 's', R | A, 5301, 1001, 0 } }, NUMBERS_WRONG,
	    "abort/synchronized", RECEPTION_CHALLENGED, ST_ESTABLISHED },
	{ "at the edge of it", { { 's', R | A, 6000, 1001, 0 } }, NUMBERS_WRONG,
	    "abort/synchronized", RECEPTION_CHALLENGED, ST_ESTABLISHED },
	{ "just outside", { { 's', R | A, 6001, 1001, 0 } }, NUMBERS_WRONG,
	    "abort/synchronized", RECEPTION_IGNORED, ST_ESTABLISHED },
	{ "below", { { 's', R | A, 5000, 1001, 0 } }, NUMBERS_WRONG,
	    "abort/synchronized", RECEPTION_IGNORED, ST_ESTABLISHED },
	{ "another ACK", { { 's', R | A, 5001, 1002, 0 } }, NUMBERS_WRONG,
	    "abort/synchronized", RECEPTION_ACCEPTED, ST_ESTABLISHED },
	{ "nothing else was seen", { { 'S', R, 5001, 0, 0 } }, NUMBERS_UNKNOWN,
	    NULL, RECEPTION_UNKNOWN, ST_CLOSED },
	{ "only its answer was seen",
	    { { 'S', A, 5001, 1001, 9 }, { 'c', R, 1001, 0, 0 } },
	    NUMBERS_RIGHT, "closed/ack", RECEPTION_ACCEPTED, ST_CLOSED },
};

/* Play a row; a capital letter begins without a handshake. */
static void
play(struct stage *s, const struct row *row)
{
	size_t i;

	stage_open(s, 0);
	if (row->segs[0].from >= 'a')
		stage_handshake(s);
	for (i = 0; i < 4 && row->segs[i].from != 0; i++) {
		s->ms += 2;
		stage_send(s, (row->segs[i].from | 32) == 'c' ? CLIENT : SERVER,
		    row->segs[i].ctl, row->segs[i].seq, row->segs[i].ack,
		    row->segs[i].len);
	}
	stage_end(s);
	ck_assert_uint_eq(s->n, 1);
}

START_TEST(test_rows)
{
	const struct row *row = &rows[_i];
	struct rulebook book;
	struct numbers n;
	struct clues c;
	struct stage s;

	rulebook_init(&book);
	util_add_data(&book, "rules/rfc9293.rules");
	play(&s, row);
	numbers_judge(&n, &book, &s.got[0]);
	ck_assert_msg((int)n.verdict == row->verdict, "%s: %d, by %s, not %s",
	    row->what, n.verdict, n.rule ? n.rule->id : "none", n.j.expected);
	ck_assert_str_eq(n.rule ? n.rule->id : "", row->rule ? row->rule : "");
	ck_assert_msg(n.reception == row->reception, "%s: %s: %s", row->what,
	    reception_name(n.reception), n.reason);
	ck_assert_msg(reset_sender_state(&s.got[0]) == row->state, "%s: %s",
	    row->what, state_name(reset_sender_state(&s.got[0])));
	clues_find(&c, &s.got[0]);
	ck_assert_int_eq(c.v[CLUE_EXACT], row->reception == RECEPTION_ACCEPTED);
	ck_assert_int_eq(c.v[CLUE_IN_WINDOW],
	    row->reception == RECEPTION_CHALLENGED);
	ck_assert_int_eq(c.v[CLUE_OUTSIDE],
	    row->reception == RECEPTION_IGNORED);
	/* without a rulebook the rest is the same */
	numbers_judge(&n, NULL, &s.got[0]);
	ck_assert(n.verdict == NUMBERS_UNKNOWN);
	ck_assert(n.reception == row->reception);
	stage_close(&s);
	rulebook_free(&book);
}
END_TEST

/* What is wrong is told field by field. */
START_TEST(test_wrong)
{
	struct rulebook book;
	struct numbers n;
	struct stage s;

	rulebook_init(&book);
	util_add_data(&book, "rules/rfc9293.rules");
	stage_open(&s, 0);
	stage_handshake(&s);
	stage_send(&s, SERVER, R | A, 5002, 1001, 0);
	stage_end(&s);
	numbers_judge(&n, &book, &s.got[0]);
	ck_assert_str_eq(n.j.expected, "<SEQ=5001><ACK=1001><CTL=RST,ACK>");
	ck_assert_uint_eq(n.j.nfields, 3);
	ck_assert(n.j.fields[0].ok && !n.j.fields[1].ok && n.j.fields[2].ok);
	ck_assert_str_eq(n.j.fields[1].name, "seq");
	ck_assert_str_eq(n.j.fields[1].expected, "5001 (SND.NXT)");
	ck_assert_str_eq(n.j.fields[1].observed, "5002 (1 too high)");
	ck_assert_str_eq(n.reason,
	    "its SEG.SEQ is in the window, but 1 above RCV.NXT");
	stage_close(&s);
	rulebook_free(&book);
}
END_TEST

/* TTL, IP ID, who goes on, and what is in the RST. */
START_TEST(test_clues)
{
	static const uint8_t why[] = { 0x33, 0xaa, 0, 14, 0, 0, 0, 0 };
	struct stage s;
	struct reset *r;
	struct clues c;

	stage_open(&s, 0);
	stage_handshake(&s);
	s.ms = 100;
	s.ttl[SERVER] = 60;
	s.id[SERVER] = 0;
	r = stage_send(&s, SERVER, R | A, 5001, 1001, sizeof(why));
	memcpy(r->text, why, sizeof(why));
	r->seg.text = r->text;
	r->seg.text_kept = sizeof(why);
	s.ttl[SERVER] = 57;
	s.ms = 150;
	stage_send(&s, SERVER, A, 5001, 1001, 10);
	stage_send(&s, CLIENT, A, 1001, 5011, 0);
	stage_end(&s);
	clues_find(&c, &s.got[0]);
	ck_assert_int_eq(c.v[CLUE_TTL_OFF], 3);
	ck_assert_int_eq(c.v[CLUE_TTL_KNOWN], 1);
	ck_assert_int_eq(c.v[CLUE_ID_ZERO], 1);
	ck_assert_int_eq(c.v[CLUE_ID_OFF], 1);
	ck_assert_int_eq(c.v[CLUE_TALKS_ON], 1);
	ck_assert_int_eq(c.v[CLUE_PEER_TALKS_ON], 1);
	ck_assert_int_eq(c.v[CLUE_SENDER_AFTER], 1);
	ck_assert_int_eq(c.v[CLUE_DIAGNOSTIC], 14);
	ck_assert_int_eq(c.v[CLUE_TEXT], 8);
	ck_assert_int_eq(c.v[CLUE_IDLE], 100);
	ck_assert_int_eq(c.v[CLUE_TRIGGER], 1);
	ck_assert_int_eq(c.v[CLUE_HANDSHAKE], 1);
	ck_assert_int_eq(c.v[CLUE_PEER_OPENS], 1);
	ck_assert_int_eq(c.v[CLUE_SENDER_OPENS], 0);
	ck_assert_int_eq(c.v[CLUE_PEER_SYNS], 1);
	stage_close(&s);
}
END_TEST

/* The diagnostic payload: eight octets, no more and no less. */
START_TEST(test_diagnostic)
{
	uint8_t p[9] = { 0x33, 0xaa, 0x04, 0xd2, 0, 0, 0x7e, 0xd9, 0 };
	uint32_t enterprise;

	ck_assert_uint_eq(diagnostic_reason(p, 8, &enterprise), 1234);
	ck_assert_uint_eq(enterprise, 32473);
	ck_assert_uint_eq(diagnostic_reason(p, 9, &enterprise), 0);
	ck_assert_uint_eq(diagnostic_reason(p, 7, &enterprise), 0);
	p[1] = 0xab;
	ck_assert_uint_eq(diagnostic_reason(p, 8, &enterprise), 0);
	ck_assert_str_eq(diagnostic_reason_text(1), "illegal option length");
	ck_assert_str_eq(diagnostic_reason_text(17), "middlebox interference");
	ck_assert_ptr_null(diagnostic_reason_text(0));
	ck_assert_ptr_null(diagnostic_reason_text(18));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("numbers");
	TCase *tc = tcase_create("numbers");
	SRunner *sr;
	int failed;

	tcase_add_loop_test(tc, test_rows, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, test_wrong);
	tcase_add_test(tc, test_clues);
	tcase_add_test(tc, test_diagnostic);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
