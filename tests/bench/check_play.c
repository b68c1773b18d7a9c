/* Scripts are played on a bench, and what they say is held against it. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/table.h"
#include "run/data.h"
#include "run/play.h"

#define LISTEN                                \
	"0 socket(..., SOCK_STREAM, 0) = 3\n" \
	"+0 bind(3, ..., ...) = 0\n"          \
	"+0 listen(3, 5) = 0\n"
#define SHAKE                                 \
	LISTEN                                \
	"+0 < S 0:0(0) win 9000 <mss 1000>\n" \
	"+0 > S. 0:0(0) ack 1 <...>\n"        \
	"+0 < . 1:1(0) ack 1 win 9000\n"      \
	"+0 accept(3, ..., ...) = 4\n"
#define CONNECT                                               \
	"0 socket(..., SOCK_STREAM | SOCK_NONBLOCK, 0) = 3\n" \
	"+0 connect(3, ..., ...) = -1 EINPROGRESS\n"          \
	"+0 > S 0:0(0) <...>\n"

/* Play it with our rules. */
static void
play(struct play_result *r, const char *text, int64_t tolerance)
{
	struct play_options o = { .tolerance = tolerance,
		.claims = CLAIM_RFC5961,
		.end_silence = true };
	static struct rulebook book;
	static struct script s;
	const char *src = getenv("srcdir");
	char dir[512];
	struct err e;

	snprintf(dir, sizeof(dir), "%s/data", src != NULL ? src : ".");

	rulebook_init(&book);
	ck_assert_msg(data_load(&book, dir, DATA_RULES, &e) == 0, "%s", e.msg);
	o.book = &book;
	ck_assert_msg(script_parse(&s, "f", text, strlen(text), NULL, &e) == 0,
	    "%s", e.msg);
	ck_assert_msg(play_script(r, &s, &o, &e) == 0, "%s", e.msg);
}

/* A script and what comes of it. NULL is not looked at. */
static const struct row {
	const char *script;
	enum verdict verdict;
	int line; /* 0: it goes through */
	const char *expected, *observed;
	const char *field; /* the first that is wrong */
	const char *rule;
	enum play_rfc rfc;
} rows[] = {
	/* a closed port answers: who expects nothing is wrong */
	{ "0 < S 0:0(0) win 1000", V_FAIL, 1, "none", "R. 0:0(0) ack 1 win 0",
	    "reply", "closed/no-ack", PLAY_RFC_CONTRADICTS },
	{ "0 < S 0:0(0) win 1000\n+0 > none", V_FAIL, 2, "none",
	    "R. 0:0(0) ack 1 win 0", "reply", "closed/no-ack",
	    PLAY_RFC_CONTRADICTS },
	{ "0 < S 0:0(0) win 1000\n+0 > R. 0:0(0) ack 1 win 0", V_PASS, 0, NULL,
	    NULL, NULL, NULL, PLAY_RFC_UNKNOWN },
	{ "0 < S 0:0(0) win 1000\n+0 > R. 0:0(0) ack 2", V_FAIL, 2,
	    "R. 0:0(0) ack 2", "R. 0:0(0) ack 1 win 0", "ack", "closed/no-ack",
	    PLAY_RFC_CONTRADICTS },
	{ "0 < R 0:0(0) win 0\n+0 > none", V_PASS, 0, NULL, NULL, NULL, NULL,
	    PLAY_RFC_UNKNOWN },
	{ "0 < R 0:0(0) win 0", V_PASS, 0, NULL, NULL, NULL, NULL,
	    PLAY_RFC_UNKNOWN },
	/* missing */
	{ "0 < R 0:0(0) win 0\n+0 > R. 0:0(0) ack 1", V_FAIL, 2,
	    "R. 0:0(0) ack 1", "none", NULL, "closed/rst",
	    PLAY_RFC_CONTRADICTS },
	/* numbers wrap, and are terms */
	{ "0 < S 4294967295:4294967298(3) win 1000\n+0 > R. 0:0(0) ack 4",
	    V_PASS, 0, NULL, NULL, NULL, NULL, PLAY_RFC_UNKNOWN },
	{ "0 < S 0:100(100) win 1000\n+0 > R. 0:0(0) ack SEG.SEQ+SEG.LEN",
	    V_PASS, 0, NULL, NULL, NULL, NULL, PLAY_RFC_UNKNOWN },
	{ "0 < S 0:100(100) win 1000\n+0 > R. 0:0(0) ack SEG.SEQ", V_FAIL, 2,
	    "R. 0:0(0) ack SEG.SEQ", "R. 0:0(0) ack 101 win 0", "ack",
	    "closed/no-ack", PLAY_RFC_CONTRADICTS },
	/* rules */
	{ "0 < S 0:0(0) win 1000\n+0 > rule", V_PASS, 0, NULL, NULL, NULL, NULL,
	    PLAY_RFC_UNKNOWN },
	{ "0 < S 0:0(0) win 1000\n+0 > rule closed/no-ack", V_PASS, 0, NULL,
	    NULL, NULL, NULL, PLAY_RFC_UNKNOWN },
	{ "0 < S 0:0(0) win 1000\n+0 > rule closed/rst", V_FAIL, 2, NULL,
	    "R. 0:0(0) ack 1 win 0", NULL, "closed/no-ack", PLAY_RFC_UNKNOWN },
	{ "0 < S 0:0(0) win 1000\n+0 > rule no/such", V_ERROR, 2, NULL, NULL,
	    NULL, NULL, PLAY_RFC_UNKNOWN },
	{ "0 > rule", V_ERROR, 1, NULL, NULL, NULL, NULL, PLAY_RFC_UNKNOWN },
	{ SHAKE "+0 < . 99:99(0) ack 77777 win 0\n+0 > rule", V_PASS, 0, NULL,
	    NULL, NULL, NULL, PLAY_RFC_UNKNOWN },
	{ SHAKE "+0 < R 2:2(0) win 0\n+0 > rule\n"
		"+0 < R 1:1(0) win 0\n+0 > rule\n"
		"+0 read(4, ..., 9) = -1 ECONNRESET",
	    V_PASS, 0, NULL, NULL, NULL, NULL, PLAY_RFC_UNKNOWN },
	/* text without ACK is dropped, and still to come */
	{ SHAKE "+0 < - 1:101(100) win 9000\n+0 > none\n"
		"+0 < . 1:101(100) ack 1 win 9000\n"
		"+0 > rule text/in-sequence",
	    V_PASS, 0, NULL, NULL, NULL, NULL, PLAY_RFC_UNKNOWN },
	/* text is no reply: no rule about replies is against it */
	{ SHAKE "+0 < . 1:1(0) ack 1 win 9000\n+0 > . 1:101(100) ack 1", V_FAIL,
	    9, NULL, "none", NULL, NULL, PLAY_RFC_UNKNOWN },
	/* a connection: data, and its end */
	{ SHAKE "+0 < P. 1:1001(1000) ack 1 win 9000\n"
		"+0 > . 1:1(0) ack 1001\n"
		"+0 read(4, ..., 1000) = 1000\n"
		"+0 write(4, ..., 500) = 500\n"
		"+0 > P. 1:501(500) ack 1001\n"
		"+.01 < . 1001:1001(0) ack 501 win 9000\n"
		"+0 close(4) = 0\n"
		"+0 > F. 501:501(0) ack 1001\n"
		"+.01 < F. 1001:1001(0) ack 502 win 9000\n"
		"+0 > . 502:502(0) ack 1002",
	    V_PASS, 0, NULL, NULL, NULL, NULL, PLAY_RFC_UNKNOWN },
	/* several segments may be one of the script's */
	{ SHAKE "+0 write(4, ..., 2500) = 2500\n"
		"+0 > P. 1:2501(2500) ack 1",
	    V_PASS, 0, NULL, NULL, NULL, NULL, PLAY_RFC_UNKNOWN },
	{ SHAKE "+0 setsockopt(4, SOL_TCP, TCP_NODELAY, [1], 4) = 0\n"
		"+0 write(4, ..., 1000) = 1000\n"
		"+0 write(4, ..., 500) = 500\n"
		"+0 > P. 1:1501(1500) ack 1\n"
		"+0 < R 1:1(0) win 0",
	    V_PASS, 0, NULL, NULL, NULL, NULL, PLAY_RFC_UNKNOWN },
	{ SHAKE "+0 setsockopt(4, SOL_TCP, TCP_NODELAY, [1], 4) = 0\n"
		"+0 write(4, ..., 1000) = 1000\n"
		"+0 write(4, ..., 500) = 500\n"
		"+0 > P. 1:1401(1400) ack 1",
	    V_FAIL, 11, "P. 1:1401(1400) ack 1", NULL, "len", NULL,
	    PLAY_RFC_UNKNOWN },
	/* close() with unread data resets */
	{ SHAKE "+0 < P. 1:11(10) ack 1 win 9000\n+0 > . 1:1(0) ack 11\n"
		"+0 close(4) = 0\n+0 > R. 1:1(0) ack 11",
	    V_PASS, 0, NULL, NULL, NULL, NULL, PLAY_RFC_UNKNOWN },
	{ SHAKE "+0 < P. 1:11(10) ack 1 win 9000\n+0 > . 1:1(0) ack 11\n"
		"+0 close(4) = 0\n+0 > F. 1:1(0) ack 11",
	    V_FAIL, 11, "F. 1:1(0) ack 11", NULL, "ctl", NULL,
	    PLAY_RFC_UNKNOWN },
	/* what the end itself has the stack send is no reply */
	{ SHAKE "+0 < . 1:1(0) ack 1 win 8000\n+0 close(4) = 0", V_PASS, 0,
	    NULL, NULL, NULL, NULL, PLAY_RFC_UNKNOWN },
	/* a call that does otherwise, and one that blocks */
	{ SHAKE "+0 close(4) = -1 EBADF", V_FAIL, 8, NULL, NULL, NULL, NULL,
	    PLAY_RFC_UNKNOWN },
	{ LISTEN "+0 accept(3, ..., ...) = 4", V_FAIL, 4, NULL, "it blocks",
	    NULL, NULL, PLAY_RFC_UNKNOWN },
	{ LISTEN "+0 accept(3, ..., ...) = 4\n+0 < S 0:0(0) win 9\n"
		 "+0 > R. 0:0(0) ack 1",
	    V_FAIL, 4, NULL, "it blocks", NULL, NULL, PLAY_RFC_UNKNOWN },
	{ LISTEN "+0...0.1 accept(3, ..., ...) = 4\n"
		 "+.05 < S 0:0(0) win 9000\n+0 > S. 0:0(0) ack 1 <...>\n"
		 "+.05 < . 1:1(0) ack 1 win 9000\n"
		 "+0 close(4) = 0\n+0 > F. 1:1(0) ack 1",
	    V_PASS, 0, NULL, NULL, NULL, NULL, PLAY_RFC_UNKNOWN },
	/* the stack connects; its port and its timestamps are its own */
	{ "0 socket(..., SOCK_STREAM | SOCK_NONBLOCK, 0) = 3\n"
	  "+0 connect(3, ..., ...) = -1 EINPROGRESS\n"
	  "+0 > S 0:0(0) <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale ...>\n"
	  "+.01 < S. 70:70(0) ack 1 win 9000 <sackOK,TS val 700 ecr 100>\n"
	  "+0 > . 1:1(0) ack 1 <nop,nop,TS val 110 ecr 700>\n"
	  "+0 < R 1:1(0) win 0 <TS val 701 ecr 110>\n"
	  "+0 write(3, ..., 1) = -1 ECONNRESET",
	    V_PASS, 0, NULL, NULL, NULL, NULL, PLAY_RFC_UNKNOWN },
	{ "0 socket(..., SOCK_STREAM | SOCK_NONBLOCK, 0) = 3\n"
	  "+0 connect(3, ..., ...) = -1 EINPROGRESS\n"
	  "+0 > S 0:0(0) <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale ...>\n"
	  "+.01 < S. 0:0(0) ack 1 win 9000 <TS val 700 ecr 100>\n"
	  "+0 > . 1:1(0) ack 1 <nop,nop,TS val 110 ecr 699>",
	    V_FAIL, 5, NULL, NULL, "options", NULL, PLAY_RFC_UNKNOWN },
	/* two at once, and their segments in either order */
	{ LISTEN "connection A\n+0 < S 0:0(0) win 9000\n"
		 "connection B\n+0 < S 100:100(0) win 9000\n"
		 "+0 > S. 0:0(0) ack 101 <...>\n"
		 "connection A\n+0 > S. 0:0(0) ack 1 <...>\n"
		 "+0 < R 1:1(0) win 0\n"
		 "connection B\n+0 < R 1:1(0) win 0\n+0 > none",
	    V_PASS, 0, NULL, NULL, NULL, NULL, PLAY_RFC_UNKNOWN },
	/* what a connection sends whose place is taken is past notice */
	{ SHAKE "+0 socket(..., SOCK_STREAM, 0) = 5\n+0 close(4) = 0\n"
		"+0 < S 0:0(0) win 9\n+0 > S. 0:0(0) ack 1 <...>\n"
		"+0 < R 1:1(0) win 0",
	    V_PASS, 0, NULL, NULL, NULL, NULL, PLAY_RFC_UNKNOWN },
	/* one after the other, at other ports */
	{ SHAKE "+0 < R 1:1(0) win 0\n+0 close(4) = 0\n+0 close(3) = 0\n" SHAKE
		"+0 < R 1:1(0) win 0",
	    V_PASS, 0, NULL, NULL, NULL, NULL, PLAY_RFC_UNKNOWN },
	{ "0 < 4000 > 5000 S 0:0(0) win 9\n+0 > 5000 > 4000 R. 0:0(0) ack 1\n"
	  "+0 < 4001 > 5000 S 0:0(0) win 9\n+0 > 5000 > 4000 R. 0:0(0) ack 1",
	    V_FAIL, 4, NULL, "none", NULL, NULL, PLAY_RFC_UNKNOWN },
	/* by IPv6, too */
	{ "--ip_version=ipv6\n0 < S 0:0(0) win 9\n+0 > R. 0:0(0) ack 1", V_PASS,
	    0, NULL, NULL, NULL, NULL, PLAY_RFC_UNKNOWN },
	/* ICMP, in the numbers of the stack */
	{ CONNECT "+0 < icmp unreachable port_unreachable [0:0(0)]\n"
		  "+0 write(3, ..., 1) = -1 ECONNREFUSED",
	    V_PASS, 0, NULL, NULL, NULL, NULL, PLAY_RFC_UNKNOWN },
	{ CONNECT "+0 < icmp unreachable port_unreachable [1000:1000(0)]\n"
		  "+0 write(3, ..., 1) = -1 EAGAIN",
	    V_PASS, 0, NULL, NULL, NULL, NULL, PLAY_RFC_UNKNOWN },
	{ "--ip_version=ipv6\n" CONNECT
	  "+0 < icmp unreachable port_unreachable [0:0(0)]\n"
	  "+0 write(3, ..., 1) = -1 ECONNREFUSED",
	    V_PASS, 0, NULL, NULL, NULL, NULL, PLAY_RFC_UNKNOWN },
	{ SHAKE "+0 write(4, ..., 1000) = 1000\n"
		"+0 > P. 1:1001(1000) ack 1\n"
		"+0 < icmp unreachable frag_needed mtu 640 [1:1001(1000)]\n"
		"+0 > P. 1:1001(1000) ack 1",
	    V_PASS, 0, NULL, NULL, NULL, NULL, PLAY_RFC_UNKNOWN },
	{ "0 < icmp echo_request", V_SKIP, 1, NULL, NULL, NULL, NULL,
	    PLAY_RFC_UNKNOWN },
	{ "0 < icmp unreachable nonsense", V_SKIP, 1, NULL, NULL, NULL, NULL,
	    PLAY_RFC_UNKNOWN },
	{ "0 > icmp unreachable", V_SKIP, 1, NULL, NULL, NULL, NULL,
	    PLAY_RFC_UNKNOWN },
	/* sysctls, and what cannot be had here */
	{ "`sysctl -q net.ipv4.tcp_timestamps=0`\n" LISTEN
	  "+0 < S 0:0(0) win 9 <mss 1000,TS val 1 ecr 0>\n"
	  "+0 > S. 0:0(0) ack 1 <mss 1460>",
	    V_PASS, 0, NULL, NULL, NULL, NULL, PLAY_RFC_UNKNOWN },
	{ "`sysctl -q net.ipv4.no_such_thing=0`\n0 > none", V_SKIP, 1, NULL,
	    NULL, NULL, NULL, PLAY_RFC_UNKNOWN },
	{ "`ip tcp_metrics flush all`\n0 > none", V_PASS, 0, NULL, NULL, NULL,
	    NULL, PLAY_RFC_UNKNOWN },
	{ "0 < R 0:0(0) win 0\n+0 `ip tcp_metrics flush all`", V_SKIP, 2, NULL,
	    NULL, NULL, NULL, PLAY_RFC_UNKNOWN },
	{ "0 `reboot`", V_SKIP, 1, NULL, NULL, NULL, NULL, PLAY_RFC_UNKNOWN },
	{ "0 < S 0:0(0) win 9 <md5 valid>", V_SKIP, 1, NULL, NULL, NULL, NULL,
	    PLAY_RFC_UNKNOWN },
	{ "0 < udp (10)", V_SKIP, 1, NULL, NULL, NULL, NULL, PLAY_RFC_UNKNOWN },
	{ "--mtu=x\n0 > none", V_ERROR, 0, NULL, NULL, NULL, NULL,
	    PLAY_RFC_UNKNOWN },
};

/* The first field that is wrong, or "". */
static const char *
wrong_field(const struct play_result *r)
{
	size_t i;

	for (i = 0; i < r->nfields; i++)
		if (!r->fields[i].ok)
			return r->fields[i].name;
	return "";
}

START_TEST(test_row)
{
	struct play_result *r = mem_calloc(1, sizeof(*r));
	const struct row *row = &rows[_i];

	play(r, row->script, -1);
	ck_assert_msg(r->verdict == row->verdict, "%s\n%s: %s, %s, %s",
	    row->script, verdict_name(r->verdict), r->reason, r->expected,
	    r->observed);
	ck_assert_int_eq(r->at != NULL ? r->at->pos.line : 0, row->line);
	if (row->expected != NULL)
		ck_assert_str_eq(r->expected, row->expected);
	if (row->observed != NULL)
		ck_assert_str_eq(r->observed, row->observed);
	if (row->field != NULL)
		ck_assert_str_eq(wrong_field(r), row->field);
	if (row->rule != NULL) {
		ck_assert_ptr_nonnull(r->rule);
		ck_assert_str_eq(r->rule->id, row->rule);
	}
	ck_assert_int_eq(r->rfc, row->rfc);
	if (row->verdict == V_PASS)
		ck_assert_str_eq(r->reason, "");
	else
		ck_assert_str_ne(r->reason, "");
	free(r);
}
END_TEST

/* A time is told, and judged only when that is asked for. */
static const struct {
	const char *script;
	int64_t tolerance;
	enum verdict verdict;
} time_rows[] = {
	{ "0 < S 0:0(0) win 9\n+.3 > R. 0:0(0) ack 1\n"
	  "+0 < S 9:9(0) win 9\n+0 > R. 0:0(0) ack 1",
	    -1, V_PASS },
	{ "0 < S 0:0(0) win 9\n+.3 > R. 0:0(0) ack 1", NSEC_PER_SEC, V_PASS },
	{ "0 < S 0:0(0) win 9\n+.3 > R. 0:0(0) ack 1", NSEC_PER_MSEC, V_FAIL },
	{ "0 < S 0:0(0) win 9\n+0~+5 > R. 0:0(0) ack 1", NSEC_PER_MSEC,
	    V_PASS },
	{ "0 < S 0:0(0) win 9\n* > R. 0:0(0) ack 1", 0, V_PASS },
};

START_TEST(test_time)
{
	struct play_result *r = mem_calloc(1, sizeof(*r));

	play(r, time_rows[_i].script, time_rows[_i].tolerance);
	ck_assert_msg(r->verdict == time_rows[_i].verdict, "%s: %s",
	    verdict_name(r->verdict), r->reason);
	if (_i == 0) {
		/* it came early: what follows waits for the time all the same
		 */
		ck_assert_ptr_nonnull(r->off_at);
		ck_assert_int_eq(r->off_at->pos.line, 2);
		ck_assert_int_lt(r->off, -200 * NSEC_PER_MSEC);
		ck_assert(r->seconds >= 0.3);
	}
	free(r);
}
END_TEST

/* The exchange is there for the report, in the numbers of the wire. */
START_TEST(test_exchange)
{
	struct play_result *r = mem_calloc(1, sizeof(*r));
	const struct passage *p = r->x.passages;

	play(r, "0 < S 5:5(0) win 9\n+0 > R. 0:0(0) ack 1", -1);
	ck_assert_uint_ge(r->x.n, 2);
	ck_assert(p[0].ours);
	ck_assert_uint_eq(p[0].seg.seq, 5);
	ck_assert(!p[1].ours);
	ck_assert_uint_eq(p[1].seg.ack, 6);
	ck_assert_int_ge(p[1].seg.when, p[0].seg.when);
	free(r);
}
END_TEST

/* Is a bench possible here at all? */
START_TEST(test_possible)
{
	struct play_result *r = mem_calloc(1, sizeof(*r));

	play(r, "0 > none", -1);
	free(r);
}
END_TEST

static int
run(TCase *tc)
{
	Suite *s = suite_create("play");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_set_timeout(tc, 30);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed;
}

int
main(void)
{
	TCase *possible = tcase_create("possible"), *tc = tcase_create("play");

	tcase_add_test(possible, test_possible);
	if (run(possible) != 0) {
		puts("SKIP: no private namespaces here (the line above says "
		     "why)");
		return 77;
	}
	tcase_add_loop_test(tc, test_row, 0, ARRAY_SIZE(rows));
	tcase_add_loop_test(tc, test_time, 0, ARRAY_SIZE(time_rows));
	tcase_add_test(tc, test_exchange);
	return run(tc) != 0;
}
