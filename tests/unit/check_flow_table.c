/* Many connections, few of which there is room for, and storms of RSTs. */
#include "flowing.h"

#define A CTL_ACK
#define R CTL_RST
#define S CTL_SYN

/* Each connection finds itself again, of whatever IP version. */
START_TEST(test_many)
{
	enum { N = 10000 };
	struct flow_counts c;
	struct stage s;
	uint32_t i;

	stage_open(&s, 0);
	for (i = 0; i < N; i++) {
		s.which = i / 2 * 31;
		s.ip = i & 1 ? 6 : 4;
		stage_send(&s, CLIENT, S, i * 7, 0, 0);
	}
	for (i = 0; i < N; i++) {
		s.which = i / 2 * 31;
		s.ip = i & 1 ? 6 : 4;
		stage_send(&s, SERVER, R | A, 0, i * 7 + 1, 0);
	}
	stage_end(&s);
	ck_assert_uint_eq(s.n, N);
	for (i = 0; i < N; i++) {
		ck_assert_uint_eq(s.got[i].number, i + 1);
		ck_assert_uint_eq(s.got[i].peer.isn, i * 7);
		ck_assert(s.got[i].answers && s.got[i].trigger == 0);
	}
	flows_count(s.flows, &c);
	ck_assert_uint_eq(c.flows, N);
	ck_assert_uint_eq(c.now, N);
	ck_assert_uint_eq(c.evicted, 0);
	ck_assert_uint_eq(c.segments, 2 * N);
	ck_assert_uint_eq(c.resets, N);
	stage_close(&s);
}
END_TEST

/* Those that were silent longest make room; the rest stays whole. */
START_TEST(test_evicted)
{
	enum { MAX = 100, N = 5000 };
	struct flow_counts c;
	struct stage s;
	uint32_t i, known = 0;

	stage_open(&s, MAX);
	for (i = 0; i < N; i++) {
		s.which = i;
		s.ip = i % 3 == 0 ? 6 : 4;
		s.ms = i;
		stage_send(&s, CLIENT, S, 1000, 0, 0);
		if (i % 100 == 0) /* it goes with its flow, and is decided */
			stage_send(&s, SERVER, R | A, 0, 1001, 0);
		s.which = N + 1;
		s.ip = 4;
		stage_send(&s, CLIENT, A, 1001 + i, 5001, 1);
	}
	flows_count(s.flows, &c);
	ck_assert_uint_eq(c.now, MAX);
	ck_assert_uint_eq(c.most, MAX);
	ck_assert_uint_eq(c.evicted, N + 1 - MAX);
	/* the one that never was silent is as it was */
	stage_send(&s, SERVER, R, 5001, 0, 0);
	for (i = N - MAX / 2; i < N; i++) {
		s.which = i;
		s.ip = i % 3 == 0 ? 6 : 4;
		stage_send(&s, SERVER, R | A, 0, 1001, 0);
	}
	stage_end(&s);
	ck_assert_uint_eq(s.n, N / 100 + 1 + MAX / 2);
	ck_assert_uint_eq(s.got[N / 100].peer.snd_nxt, 1001 + N);
	for (i = N / 100 + 1; i < s.n; i++)
		known += s.got[i].peer.seen & SIDE_SYN;
	/* nearly the oldest, not always the very one */
	ck_assert_uint_ge(known / SIDE_SYN, MAX / 2 - 10);
	stage_close(&s);
}
END_TEST

/* One flow of room, again and again. */
START_TEST(test_one)
{
	struct stage s;
	uint32_t i;

	stage_open(&s, 1);
	for (i = 0; i < 50; i++) {
		s.which = i % 5;
		s.ip = i & 1 ? 6 : 4;
		stage_send(&s, CLIENT, S, i, 0, 0);
		stage_send(&s, SERVER, R | A, 0, i + 1, 0);
	}
	stage_end(&s);
	ck_assert_uint_eq(s.n, 50);
	for (i = 0; i < 50; i++)
		ck_assert_uint_eq(s.got[i].peer.isn, i);
	stage_close(&s);
}
END_TEST

/* What was fetched of a flow is of another when its segment's turn comes. */
START_TEST(test_late)
{
	struct quick q = { .ctl = A };
	struct flow_counts c;
	struct flow_hint hint;
	struct stage_frame f;
	struct stage s;

	stage_open(&s, 1);
	stage_send(&s, CLIENT, S, 1, 0, 0);
	stage_fill(&s, CLIENT, &q, &f);
	flows_hint(s.flows, &q, &hint);
	ck_assert_uint_eq(hint.flow, 0);
	flows_fetch(s.flows, &hint);
	ck_assert_uint_eq(hint.flow, 1);
	s.which++;
	stage_send(&s, CLIENT, S, 7, 0, 0);
	flows_see(s.flows, &q, &hint, BEGAN, 9);
	stage_send(&s, SERVER, R | A, 0, 8, 0);
	flows_count(s.flows, &c);
	ck_assert_uint_eq(c.flows, 4);
	ck_assert_uint_eq(c.evicted, 3);
	stage_close(&s);
}
END_TEST

/* Far more RSTs of one connection, at once, than are kept waiting. */
START_TEST(test_storm)
{
	enum { N = 10000 };
	struct stage s;
	uint32_t i;

	stage_open(&s, 0);
	stage_handshake(&s);
	for (i = 0; i < N; i++)
		stage_send(&s, SERVER, R, 5001 + i, 0, 0);
	ck_assert_uint_gt(s.n, N / 2);
	stage_end(&s);
	ck_assert_uint_eq(s.n, N);
	for (i = 0; i < N; i++) {
		ck_assert_uint_eq(s.got[i].number, i + 1);
		ck_assert_uint_eq(s.got[i].seg.seq, 5001 + i);
	}
	ck_assert(s.got[0].after_differ && s.got[N - 1].resets_differ);
	ck_assert_uint_eq(s.got[N - 1].sender_resets, UINT8_MAX);
	stage_close(&s);
}
END_TEST

/* Stamps that go back, and a host that talks to itself. */
START_TEST(test_odd)
{
	struct quick q = { .ip = 4, .ctl = S, .sport = 9, .dport = 8 };
	uint8_t addrs[8] = { 127, 0, 0, 1, 127, 0, 0, 1 }, tcp[20] = { 0 };
	struct flow_hint there, back;
	struct stage s;

	stage_open(&s, 0);
	s.ms = 5000;
	stage_handshake(&s);
	s.ms = 0;
	stage_send(&s, CLIENT, A, 1001, 5001, 10);
	s.ms = -100000;
	stage_send(&s, SERVER, R | A, 5001, 1011, 0);
	stage_end(&s);
	ck_assert_uint_eq(s.got[0].ntold, 5);
	ck_assert_int_le(s.got[0].idle, 5000 * MS);
	q.addrs = addrs;
	q.tcp = tcp;
	flows_hint(s.flows, &q, &there);
	q.sport = 8;
	q.dport = 9;
	flows_hint(s.flows, &q, &back);
	ck_assert_uint_eq(there.hash, back.hash);
	ck_assert_int_ne(there.side, back.side);
	stage_close(&s);
}
END_TEST

/* A host's own TTL is what most of its connections show. */
START_TEST(test_hosts)
{
	const struct flow_host *server, *client;
	struct stage s;
	uint32_t i;

	stage_open(&s, 0);
	for (i = 0; i < 20; i++) {
		s.which = i;
		s.ms = i * 10;
		s.ttl[SERVER] = i < 3 ? 200 : 57;
		stage_send(&s, CLIENT, S, 1000, 0, 0);
		s.ms += 3;
		stage_send(&s, SERVER, S | A, 5000, 1001, 0);
		stage_send(&s, CLIENT, A, 1001, 5001, 0);
		stage_send(&s, CLIENT, R | A, 1001, 5001, 0);
	}
	stage_end(&s);
	client = &s.got[19].sender_host;
	server = &s.got[19].peer_host;
	ck_assert_uint_eq(server->ttl, 57);
	ck_assert_uint_eq(client->ttl, 64);
	ck_assert_uint_eq(client->opened, 20);
	ck_assert_uint_eq(client->changes, 0);
	ck_assert_uint_eq(client->resets, 20);
	ck_assert_uint_eq(client->quick_ends, 20);
	ck_assert_uint_eq(server->accepted, 20);
	ck_assert_uint_eq(server->unasked, 0);
	ck_assert_uint_eq(server->rtt_min, 3000);
	stage_close(&s);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("flow table");
	TCase *tc = tcase_create("flow table");
	SRunner *sr;
	int failed;

	tcase_add_test(tc, test_many);
	tcase_add_test(tc, test_evicted);
	tcase_add_test(tc, test_one);
	tcase_add_test(tc, test_late);
	tcase_add_test(tc, test_storm);
	tcase_add_test(tc, test_odd);
	tcase_add_test(tc, test_hosts);
	tcase_set_timeout(tc, 60);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
