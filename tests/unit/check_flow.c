/* Connections rebuilt from what was seen of them, and RSTs in them. */
#include "flowing.h"

#include "base/table.h"

#define A CTL_ACK
#define R CTL_RST
#define F CTL_FIN
#define S CTL_SYN

/* What both sides have sent and acknowledged when the RST comes. */
START_TEST(test_sides)
{
	struct stage s;
	struct reset *r;

	stage_open(&s, 0);
	s.ts = 70;
	stage_handshake(&s);
	s.ms = 10;
	stage_send(&s, CLIENT, A, 1001, 5001, 100);
	stage_send(&s, SERVER, A, 5001, 1101, 0);
	s.ms = 30;
	ck_assert_ptr_nonnull(stage_send(&s, SERVER, R | A, 5001, 1101, 0));
	ck_assert_uint_eq(s.n, 0);
	stage_end(&s);
	ck_assert_uint_eq(s.n, 1);
	r = &s.got[0];
	ck_assert_uint_eq(r->frame, 6);
	ck_assert_uint_eq(r->number, 1);
	ck_assert(!r->fresh && !r->middle && !r->reused);
	ck_assert_uint_eq(r->peer.isn, 1000);
	ck_assert_uint_eq(r->peer.snd_nxt, 1101);
	ck_assert_uint_eq(r->peer.rcv_nxt, 5001);
	ck_assert_uint_eq(r->sender.isn, 5000);
	ck_assert_uint_eq(r->sender.snd_nxt, 5001);
	ck_assert_uint_eq(r->sender.rcv_nxt, 1101);
	ck_assert_uint_eq(r->sender.tsval, 70);
	ck_assert_uint_eq(r->sender.ttl, 57);
	ck_assert_uint_eq(r->peer.ttl, 64);
	ck_assert(r->peer.seen & SIDE_DATA && !(r->sender.seen & SIDE_DATA));
	ck_assert(r->peer.seen & SIDE_ACTIVE);
	ck_assert(!(r->sender.seen & SIDE_ACTIVE));
	ck_assert(r->idle == 20 * MS && r->age == 30 * MS);
	/* the text was acknowledged: nothing has drawn the RST */
	ck_assert_int_eq(r->trigger, -1);
	ck_assert(!r->answers);
	ck_assert_uint_eq(r->ntold, 6);
	ck_assert_uint_eq(r->at, 5);
	ck_assert_uint_eq(r->untold, 0);
	ck_assert(r->told[0].ctl == S && !r->told[0].by_sender);
	ck_assert(r->told[3].len == 100 && r->told[3].frame == 4);
	ck_assert(r->told[5].ctl == (R | A) && r->told[5].by_sender);
	stage_close(&s);
}
END_TEST

/* Which segment a RST answers. */
START_TEST(test_trigger)
{
	static const struct {
		const char *what;
		uint16_t ctl; /* of the client's last segment */
		uint32_t seq, ack, len;
		uint16_t rst;
		uint32_t rst_seq, rst_ack;
		int trigger;
		bool answers;
	} rows[] = {
		{ "text", A, 1001, 5001, 9, R, 5001, 0, 3, true },
		{ "text, with ACK", A, 1001, 5001, 9, R | A, 5001, 1010, 3,
		    true },
		{ "FIN", F | A, 1001, 5001, 0, R, 5001, 0, 3, true },
		{ "no ACK", F, 1001, 0, 9, R | A, 0, 1011, 3, true },
		{ "a SYN", S, 77, 0, 0, R | A, 0, 78, 3, true },
		/* another number: it has come at once all the same */
		{ "too low", A, 1001, 5001, 9, R, 5000, 0, 3, false },
		{ "too high", A, 1001, 5001, 9, R | A, 5001, 1011, 3, false },
	};
	struct stage s;
	struct reset *r;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		stage_open(&s, 0);
		stage_handshake(&s);
		s.ms = 5;
		stage_send(&s, CLIENT, rows[i].ctl, rows[i].seq, rows[i].ack,
		    rows[i].len);
		s.ms = 6;
		stage_send(&s, SERVER, rows[i].rst, rows[i].rst_seq,
		    rows[i].rst_ack, 0);
		stage_end(&s);
		r = &s.got[0];
		ck_assert_msg(r->trigger == rows[i].trigger, "%s: %d",
		    rows[i].what, r->trigger);
		ck_assert_msg(r->answers == rows[i].answers, "%s",
		    rows[i].what);
		stage_close(&s);
	}
}
END_TEST

/* Two segments that are not acknowledged draw a RST each, in their order. */
START_TEST(test_two_triggers)
{
	struct stage s;

	stage_open(&s, 0);
	stage_handshake(&s);
	stage_send(&s, CLIENT, A, 1001, 5001, 9);
	stage_send(&s, CLIENT, F | A, 1010, 5001, 0);
	stage_send(&s, SERVER, R, 5001, 0, 0);
	stage_send(&s, SERVER, R, 5001, 0, 0);
	stage_end(&s);
	ck_assert_int_eq(s.got[0].trigger, 3);
	ck_assert_int_eq(s.got[1].trigger, 4);
	ck_assert_uint_eq(s.got[0].sender_resets, 0);
	ck_assert_uint_eq(s.got[0].resets_after, 1);
	ck_assert_uint_eq(s.got[1].sender_resets, 1);
	ck_assert(!s.got[0].after_differ && !s.got[1].resets_differ);
	stage_close(&s);
}
END_TEST

/* Sent again, and probed, until there is progress. */
START_TEST(test_retries)
{
	struct stage s;

	stage_open(&s, 0);
	stage_handshake(&s);
	stage_send(&s, CLIENT, A, 1001, 5001, 10);
	s.ms = 200;
	stage_send(&s, CLIENT, A, 1001, 5001, 10);
	s.ms = 600;
	stage_send(&s, CLIENT, A, 1001, 5001, 10);
	stage_send(&s, CLIENT, R | A, 1011, 5001, 0);
	ck_assert_uint_eq(s.n, 0);
	stage_send(&s, SERVER, A, 5001, 1011, 0);
	s.ms = 60000;
	stage_send(&s, SERVER, A, 5000, 1011, 0);
	stage_send(&s, SERVER, A, 5000, 1011, 1);
	stage_send(&s, SERVER, R | A, 5001, 1011, 0);
	stage_end(&s);
	ck_assert_uint_eq(s.got[0].sender.retries, 2);
	ck_assert_uint_eq(s.got[0].sender.probes, 0);
	ck_assert_int_eq(s.got[0].idle, 400 * MS);
	ck_assert_uint_eq(s.got[1].peer.retries, 0);
	ck_assert_uint_eq(s.got[1].sender.probes, 2);
	ck_assert_int_eq(s.got[1].idle, 59400 * MS);
	stage_close(&s);
}
END_TEST

/* A capture that begins in the middle, in either direction, or in both. */
START_TEST(test_middle)
{
	struct stage s;
	int ends;

	for (ends = 1; ends <= 3; ends++) {
		stage_open(&s, 0);
		if (ends & 1)
			stage_send(&s, CLIENT, A, 1001, 5001, 10);
		if (ends & 2)
			stage_send(&s, SERVER, A, 5001, 1011, 20);
		stage_send(&s, SERVER, R | A, 5021, 1011, 0);
		stage_end(&s);
		ck_assert(s.got[0].middle && !s.got[0].fresh);
		ck_assert_uint_eq(s.got[0].sender.snd_nxt, ends & 2 ? 5021 : 0);
		ck_assert_uint_eq(s.got[0].peer.snd_nxt, ends & 1 ? 1011 : 0);
		ck_assert_uint_eq(s.got[0].ntold, ends == 3 ? 3 : 2);
		stage_close(&s);
	}
	stage_open(&s, 0);
	stage_send(&s, SERVER, R, 5021, 0, 0);
	stage_end(&s);
	ck_assert(s.got[0].fresh && s.got[0].ntold == 1);
	stage_close(&s);
}
END_TEST

/* The same tuple again: after both FINs, after a RST, and without an end. */
START_TEST(test_reuse)
{
	static const struct {
		bool fins, rst, old_open;
	} rows[] = { { true, false, false }, { false, true, false },
		{ false, false, true } };
	struct stage s;
	struct reset *r;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		stage_open(&s, 0);
		stage_handshake(&s);
		if (rows[i].fins) {
			stage_send(&s, CLIENT, F | A, 1001, 5001, 0);
			stage_send(&s, SERVER, F | A, 5001, 1002, 0);
		}
		if (rows[i].rst)
			stage_send(&s, CLIENT, R, 1001, 0, 0);
		s.ms = 1500;
		stage_send(&s, CLIENT, S, 9000, 0, 0);
		stage_send(&s, SERVER, A, 5001, 1001, 0);
		stage_send(&s, CLIENT, R, 1001, 0, 0);
		stage_end(&s);
		r = &s.got[s.n - 1];
		ck_assert_uint_eq(s.n, rows[i].rst ? 2 : 1);
		ck_assert(!rows[i].rst || s.got[0].reopened);
		ck_assert(r->reused && r->old_open == rows[i].old_open);
		ck_assert_int_eq(r->since_old, 1000 * MS);
		ck_assert_uint_eq(r->sender.isn, 9000);
		ck_assert_uint_eq(r->sender_resets, 0);
		ck_assert(r->answers);
		stage_close(&s);
	}
}
END_TEST

/* Who goes on after a RST, and how. */
START_TEST(test_after)
{
	struct stage s;
	struct reset *r;

	stage_open(&s, 0);
	stage_handshake(&s);
	stage_send(&s, SERVER, R | A, 5300, 1001, 0);
	stage_send(&s, CLIENT, A, 1001, 5001, 0); /* a challenge */
	stage_send(&s, SERVER, R, 5400, 0, 0);
	stage_send(&s, SERVER, R | A, 5300, 1001, 0);
	s.ms = 900;
	stage_send(&s, SERVER, A, 5001, 1001, 30);
	stage_send(&s, CLIENT, A, 1001, 5031, 0);
	s.ms = 3500; /* too late */
	stage_send(&s, SERVER, A, 5031, 1001, 30);
	ck_assert_uint_eq(s.n, 3);
	r = &s.got[0];
	ck_assert(r->challenged);
	ck_assert_uint_eq(r->sender_after, 1);
	ck_assert_uint_eq(r->sender_new_after, 1);
	ck_assert_uint_eq(r->peer_after, 2);
	ck_assert_uint_eq(r->peer_new_after, 1);
	ck_assert_uint_eq(r->resets_after, 2);
	ck_assert(r->after_differ && !r->resets_differ);
	ck_assert(s.got[2].resets_differ && !s.got[2].after_differ);
	ck_assert_uint_eq(r->ntold, 9);
	ck_assert(!r->told[4].by_sender && r->told[7].by_sender);
	stage_close(&s);
}
END_TEST

/* Sequence numbers that pass through 0. */
START_TEST(test_wrap)
{
	struct stage s;

	stage_open(&s, 0);
	stage_send(&s, CLIENT, S, 0xfffffff0, 0, 0);
	stage_send(&s, SERVER, S | A, 0xffffffff, 0xfffffff1, 0);
	stage_send(&s, CLIENT, A, 0xfffffff1, 0, 100);
	stage_send(&s, SERVER, A, 0, 85, 7);
	stage_send(&s, SERVER, R | A, 7, 85, 0);
	stage_end(&s);
	ck_assert_uint_eq(s.got[0].peer.snd_nxt, 85);
	ck_assert_uint_eq(s.got[0].sender.snd_nxt, 7);
	ck_assert_uint_eq(s.got[0].sender.rcv_nxt, 85);
	ck_assert_uint_eq(s.got[0].sender.retries, 0);
	stage_close(&s);
}
END_TEST

/* What a SYN,ACK echoes is what the SYN sent. */
START_TEST(test_echo)
{
	struct stage s;

	stage_open(&s, 0);
	s.ts = 5; /* and echoes 0 */
	stage_send(&s, CLIENT, S, 1000, 0, 0);
	stage_send(&s, SERVER, S | A, 5000, 1001, 0);
	stage_send(&s, CLIENT, R, 1001, 0, 0);
	stage_end(&s);
	ck_assert(s.got[0].other_echo);
	stage_close(&s);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("flow");
	TCase *tc = tcase_create("flow");
	SRunner *sr;
	int failed;

	tcase_add_test(tc, test_sides);
	tcase_add_test(tc, test_trigger);
	tcase_add_test(tc, test_two_triggers);
	tcase_add_test(tc, test_retries);
	tcase_add_test(tc, test_middle);
	tcase_add_test(tc, test_reuse);
	tcase_add_test(tc, test_after);
	tcase_add_test(tc, test_wrap);
	tcase_add_test(tc, test_echo);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
