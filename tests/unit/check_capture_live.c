/*
 * Capture all that passes an interface of a private network namespace: nothing
 * is sent but on its loopback. Exits 77 where the machine allows none.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/time.h>

#include "base/clock.h"
#include "capfiles.h"
#include "links.h"
#include "sniff/decode.h"

#define EXIT_SKIP   77
#define CLOSED_PORT 4242
#define LONG	    (20 * NSEC_PER_SEC) /* nothing takes so long */

/* Connect to a port of loopback where nobody listens. */
static void
connect_to_closed(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons(CLOSED_PORT),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	ck_assert_int_eq(connect(fd, (struct sockaddr *)&to, sizeof(to)), -1);
	ck_assert_int_eq(errno, ECONNREFUSED);
	close(fd);
}

static struct capture *
open_live(const char *filter)
{
	struct capture *c;
	struct err e = { 0 };

	set_up_or_down("lo", true);
	ck_assert_msg(capture_open_live(&c, "lo", filter, &e) == 0, "%s",
	    e.msg);
	return c;
}

static uint16_t
next_ctl(struct capture *c, uint64_t number)
{
	struct err e = { 0 };
	struct captured f;
	struct quick q;

	ck_assert_msg(capture_next(c, &f, clock_mono() + LONG, &e) == 1, "%s",
	    e.msg);
	ck_assert_uint_eq(f.number, number);
	ck_assert_uint_eq(f.note_len, 0);
	ck_assert_int_lt(llabs(clock_wall() - f.when), LONG);
	ck_assert_int_eq(decode_quick(f.dlt, f.p, f.caplen, f.len, &q),
	    DECODE_TCP);
	return q.ctl;
}

START_TEST(test_frames)
{
	int64_t start = clock_mono();
	struct capture_count n;
	struct capture *c;
	struct captured f;
	struct err e;

	c = open_live("tcp port 4242");
	ck_assert(capture_is_live(c));
	ck_assert_int_eq(capture_next(c, &f, start + 50 * NSEC_PER_MSEC, &e),
	    CAPTURE_WAIT);
	ck_assert_int_ge(clock_mono(), start + 50 * NSEC_PER_MSEC);
	connect_to_closed();
	ck_assert_uint_eq(next_ctl(c, 1), CTL_SYN);
	ck_assert_uint_eq(next_ctl(c, 2), CTL_RST | CTL_ACK);
	ck_assert_uint_eq(capture_ifaces(c), 1);
	ck_assert_str_eq(capture_iface(c, 0)->file, "lo");
	ck_assert_uint_eq(capture_iface(c, 0)->dlt, LINK_ETHERNET);
	capture_counts(c, &n);
	ck_assert_uint_eq(n.frames, 2);
	ck_assert_uint_eq(n.dropped, 0);
	ck_assert_uint_eq(n.total, 0);
	set_up_or_down("lo", false);
	ck_assert_int_eq(capture_next(c, &f, clock_mono() + LONG, &e), -1);
	ck_assert_int_eq(e.kind, ERR_ENV);
	ck_assert_str_eq(e.msg, "lo: the interface is down");
	capture_close(c);
}
END_TEST

static void
do_nothing(int sig)
{
	(void)sig;
}

/* Who waits for frames can be interrupted. */
START_TEST(test_signal)
{
	struct sigaction sa = { .sa_handler = do_nothing };
	struct itimerval soon = { .it_value = { .tv_usec = 30000 } };
	struct capture *c = open_live(NULL);
	int64_t start = clock_mono();
	struct captured f;
	struct err e;

	sigaction(SIGALRM, &sa, NULL);
	setitimer(ITIMER_REAL, &soon, NULL);
	ck_assert_int_eq(capture_next(c, &f, start + LONG, &e), CAPTURE_WAIT);
	ck_assert_int_lt(clock_mono() - start, LONG / 2);
	capture_close(c);
}
END_TEST

START_TEST(test_refused)
{
	struct capture *c;
	struct err e = { 0 };

	set_up_or_down("lo", true);
	ck_assert_int_eq(capture_open_live(&c, "lo", "tcp port", &e), -1);
	ck_assert_ptr_null(c);
	ck_assert_int_eq(e.kind, ERR_USAGE);
	ck_assert_ptr_nonnull(strstr(e.msg, "lo: capture filter: "));
	ck_assert_int_eq(capture_open_live(&c, "nosuch0", NULL, &e), -1);
	ck_assert_int_eq(e.kind, ERR_ENV);
	ck_assert_str_eq(e.msg, "nosuch0: no such interface");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("capture_live");
	TCase *tc = tcase_create("live");
	SRunner *sr = srunner_create(s);
	int failed;

	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) == -1) {
		printf("SKIP: no private network namespace: %s\n",
		    strerror(errno));
		srunner_free(sr);
		return EXIT_SKIP;
	}
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, test_frames);
	tcase_add_test(tc, test_signal);
	tcase_add_test(tc, test_refused);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
