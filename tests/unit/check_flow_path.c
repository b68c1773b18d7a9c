/* What a path makes of RSTs: other orders, large windows, two sights of one. */
#include "flowing.h"

#include "base/table.h"

#define A CTL_ACK
#define R CTL_RST
#define S CTL_SYN

/* What was sent before a RST, and comes after it, is no sign of life. */
START_TEST(test_reordered)
{
	struct stage s;

	stage_open(&s, 0);
	stage_handshake(&s);
	stage_send(&s, SERVER, A, 5001, 1001, 100);
	stage_send(&s, CLIENT, R, 1001, 0, 0);
	stage_send(&s, CLIENT, A, 1001, 5101, 0);
	stage_send(&s, CLIENT, R, 1001, 0, 0);
	stage_send(&s, SERVER, A, 5101, 1001, 100);
	stage_send(&s, CLIENT, A, 1001, 5201, 0);
	stage_send(&s, CLIENT, A, 1001, 5201, 50);
	stage_end(&s);
	ck_assert_uint_eq(s.n, 2);
	ck_assert_uint_eq(s.got[0].sender_after, 3);
	ck_assert_uint_eq(s.got[0].sender_new_after, 2);
	ck_assert_uint_eq(s.got[1].sender_new_after, 2);
	stage_close(&s);
}
END_TEST

/* Answers to ACKs differ as these do; of a large window they are far back. */
START_TEST(test_far)
{
	struct stage s;
	struct reset *r;
	uint32_t i;

	stage_open(&s, 0);
	stage_handshake(&s);
	for (i = 0; i < 40; i++)
		stage_send(&s, SERVER, A, 5001 + 10 * i, 1001, 10);
	for (i = 1; i <= 40; i++)
		stage_send(&s, CLIENT, A, 1001, 5001 + 10 * i, 0);
	stage_send(&s, SERVER, R | A, 5401, 1001, 0);
	stage_send(&s, SERVER, R, 5011, 0, 0);
	stage_send(&s, SERVER, R, 5021, 0, 0);
	stage_send(&s, SERVER, R, 5025, 0, 0);
	stage_end(&s);
	ck_assert_uint_eq(s.n, 4);
	r = &s.got[2];
	ck_assert(r->answers && r->trigger == 0 && r->told[0].ack == 5021);
	ck_assert(!s.got[1].resets_differ || s.got[1].after_differ);
	/* the last one is no answer */
	ck_assert(!s.got[3].answers && s.got[2].after_differ);
	stage_close(&s);
}
END_TEST

/* A RST that answers text, and one that answers nothing but an ACK. */
START_TEST(test_taken)
{
	static const struct {
		uint32_t len, ack; /* of the trigger, and after the RST */
		int64_t ms;
		unsigned new_after;
	} rows[] = {
		{ 9, 1010, 0, 1 },
		{ 9, 1001, 0, 0 },
		{ 9, 1001, 600, 1 },
		{ 0, 1001, 0, 0 },
		{ 0, 1001, 600, 1 },
	};
	struct stage s;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		stage_open(&s, 0);
		stage_handshake(&s);
		stage_send(&s, CLIENT, A, 1001, 5001, rows[i].len);
		stage_send(&s, SERVER, R, 5001, 0, 0);
		s.ms = rows[i].ms;
		stage_send(&s, SERVER, A, 5001, rows[i].ack, 20);
		stage_end(&s);
		ck_assert(!s.got[0].sender_ends);
		ck_assert_uint_eq(s.got[0].sender_text_after,
		    1 - rows[i].new_after);
		ck_assert_msg(s.got[0].sender_new_after == rows[i].new_after,
		    "row %zu: %u", i, s.got[0].sender_new_after);
		stage_close(&s);
	}
}
END_TEST

START_TEST(test_answers_differ)
{
	struct stage s;

	stage_open(&s, 0);
	stage_handshake(&s);
	stage_send(&s, SERVER, A, 5001, 1001, 20);
	stage_send(&s, CLIENT, A, 1001, 5011, 0);
	stage_send(&s, CLIENT, A, 1001, 5021, 0);
	stage_send(&s, SERVER, R | A, 5021, 1001, 0);
	stage_send(&s, SERVER, R, 5011, 0, 0);
	stage_send(&s, SERVER, R, 5021, 0, 0);
	/* and a connection later */
	s.ms = 100;
	stage_send(&s, CLIENT, S, 900000, 0, 0);
	stage_send(&s, SERVER, R | A, 0, 900001, 0);
	stage_end(&s);
	ck_assert_uint_eq(s.n, 4);
	ck_assert(!s.got[0].after_differ && !s.got[2].resets_differ);
	ck_assert(!s.got[3].resets_differ);
	stage_close(&s);
}
END_TEST

/* On all interfaces of a router every segment is seen twice. */
START_TEST(test_copies)
{
	static const struct {
		enum end from;
		uint16_t ctl;
		uint32_t seq, ack, len;
	} rows[] = {
		{ CLIENT, S, 1000, 0, 0 },
		{ SERVER, S | A, 5000, 1001, 0 },
		{ CLIENT, A, 1001, 5001, 9 },
		{ SERVER, R | A, 5001, 1010, 0 },
	};
	struct stage s;
	size_t i;

	stage_open(&s, 0);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		s.ttl[CLIENT] = s.ttl[SERVER] = 64;
		stage_send(&s, rows[i].from, rows[i].ctl, rows[i].seq,
		    rows[i].ack, rows[i].len);
		s.ttl[CLIENT] = s.ttl[SERVER] = 63;
		stage_send(&s, rows[i].from, rows[i].ctl, rows[i].seq,
		    rows[i].ack, rows[i].len);
	}
	stage_end(&s);
	ck_assert_uint_eq(s.n, 2);
	ck_assert(!s.got[0].copy && s.got[1].copy);
	ck_assert_uint_eq(s.got[0].at, 3);
	ck_assert_uint_eq(s.got[0].sender.syns, 1);
	ck_assert_uint_eq(s.got[0].peer.retries, 0);
	ck_assert(!(s.got[0].sender.seen & SIDE_TTL_VARIES));
	ck_assert_uint_eq(s.got[0].resets_after, 0);
	stage_close(&s);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("flow path");
	TCase *tc = tcase_create("flow path");
	SRunner *sr;
	int failed;

	tcase_add_test(tc, test_reordered);
	tcase_add_test(tc, test_far);
	tcase_add_test(tc, test_taken);
	tcase_add_test(tc, test_answers_differ);
	tcase_add_test(tc, test_copies);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
