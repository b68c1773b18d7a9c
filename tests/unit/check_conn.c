/* What has become of a connection: the words, and what a look means. */
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "run/conn.h"
#include "tcp/aftermath.h"

static const char *const sees_names[] = {
	[SEES_NOTHING] = "nothing",
	[SEES_CLOSING] = "closing",
	[SEES_REFUSED] = "refused",
	[SEES_RESET] = "reset",
	[SEES_TIMEOUT] = "timeout",
	[SEES_PIPE] = "pipe",
	[SEES_OTHER] = "other",
};
_Static_assert(ARRAY_SIZE(sees_names) == NSEES, "a name for each sight");

START_TEST(test_sees)
{
	const char *name = sees_names[_i];
	size_t len = strlen(name);

	ck_assert_str_eq(sees_name(_i), name);
	ck_assert_uint_eq(sees_by_name(name, len), _i);
	ck_assert_uint_eq(sees_by_name(name, len - 1), NSEES);
	ck_assert_uint_eq(sees_by_name("resets", 5), SEES_RESET);
	ck_assert_uint_eq(sees_by_name("", 0), NSEES);
	ck_assert_str_eq(sees_name(NSEES), "?");
}
END_TEST

/* The state that the kernel shows, and the one that is meant. */
static const struct {
	const char *name;
	enum state was, shown;
	bool passive, cookie;
	enum state is;
	enum event event;
} state_rows[] = {
	{ "it stays", ST_ESTABLISHED, ST_ESTABLISHED, true, false,
	    ST_ESTABLISHED, EV_SEGMENT },
	{ "it moves", ST_FIN_WAIT_1, ST_FIN_WAIT_2, true, false, ST_FIN_WAIT_2,
	    EV_SEGMENT },
	{ "nothing is there", ST_ESTABLISHED, ST_CLOSED, true, false, ST_CLOSED,
	    EV_SEGMENT },
	/* with no connection the kernel shows the port's listener */
	{ "gone, the listener shows", ST_ESTABLISHED, ST_LISTEN, true, false,
	    ST_CLOSED, EV_SEGMENT },
	{ "gone from LAST-ACK", ST_LAST_ACK, ST_LISTEN, true, false, ST_CLOSED,
	    EV_SEGMENT },
	{ "gone from TIME-WAIT", ST_TIME_WAIT, ST_LISTEN, true, false,
	    ST_CLOSED, EV_SEGMENT },
	{ "gone from SYN-SENT", ST_SYN_SENT, ST_LISTEN, false, false, ST_CLOSED,
	    EV_SEGMENT },
	{ "gone after crossed SYNs", ST_SYN_RECEIVED, ST_LISTEN, false, false,
	    ST_CLOSED, EV_SEGMENT },
	{ "a half-open one returns to it", ST_SYN_RECEIVED, ST_LISTEN, true,
	    false, ST_LISTEN, EV_SEGMENT },
	{ "the listener itself", ST_LISTEN, ST_LISTEN, false, false, ST_LISTEN,
	    EV_SEGMENT },
	{ "the listener has a child", ST_LISTEN, ST_SYN_RECEIVED, false, false,
	    ST_SYN_RECEIVED, EV_SEGMENT },
	/* the kernel keeps nothing of a cookie: it is out still */
	{ "a cookie", ST_SYN_RECEIVED, ST_LISTEN, true, true, ST_SYN_RECEIVED,
	    EV_SEGMENT },
	{ "a cookie came back", ST_SYN_RECEIVED, ST_ESTABLISHED, true, true,
	    ST_ESTABLISHED, EV_SEGMENT },
	/* a call leads nobody back to a listener */
	{ "a half-open one, by a call", ST_SYN_RECEIVED, ST_LISTEN, true, false,
	    ST_CLOSED, EV_CLOSE_LISTEN },
	{ "a half-open one, by a timeout", ST_SYN_RECEIVED, ST_LISTEN, true,
	    false, ST_CLOSED, EV_USER_TIMEOUT },
	{ "it stays half-open", ST_SYN_RECEIVED, ST_SYN_RECEIVED, true, false,
	    ST_SYN_RECEIVED, EV_CLOSE_LISTEN },
};

START_TEST(test_state)
{
	const struct template t = { .event = state_rows[_i].event };
	const struct testcase tc = { .t = &t };
	const struct conn c = {
		.t = &tc,
		.tcb = { .state = state_rows[_i].was,
		    .passive = state_rows[_i].passive,
		    .cookie = state_rows[_i].cookie },
	};
	const struct drv_reply look = { .state = state_rows[_i].shown };
	struct aftermath a = conn_aftermath(&c, &look);

	ck_assert_msg(a.state == state_rows[_i].is, "%s: %s, wanted %s",
	    state_rows[_i].name, state_name(a.state),
	    state_name(state_rows[_i].is));
	ck_assert(!a.has_user);
}
END_TEST

/* What the user sees: an error before the end of file, and that once. */
static const struct {
	int so_error;
	bool eof, eof_before;
	enum sees sees;
} user_rows[] = {
	{ 0, false, false, SEES_NOTHING },
	{ 0, true, false, SEES_CLOSING },
	{ 0, true, true, SEES_NOTHING },
	{ 0, false, true, SEES_NOTHING },
	{ ECONNREFUSED, true, false, SEES_REFUSED },
	{ ECONNRESET, true, false, SEES_RESET },
	{ ECONNRESET, true, true, SEES_RESET },
	{ ETIMEDOUT, false, false, SEES_TIMEOUT },
	{ EPIPE, true, true, SEES_PIPE },
	{ EHOSTUNREACH, true, false, SEES_OTHER },
};

START_TEST(test_user)
{
	const struct template t = { .event = EV_SEGMENT };
	const struct testcase tc = { .t = &t };
	const struct conn c = { .t = &tc,
		.tcb.state = ST_ESTABLISHED,
		.eof = user_rows[_i].eof_before };
	const struct drv_reply look = { .state = ST_CLOSED,
		.has_user = true,
		.so_error = user_rows[_i].so_error,
		.eof = user_rows[_i].eof,
		.unread = 7 };
	struct aftermath a = conn_aftermath(&c, &look);

	ck_assert_str_eq(sees_name(a.sees), sees_name(user_rows[_i].sees));
	ck_assert(a.has_user);
	ck_assert_uint_eq(a.unread, 7);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("conn");
	TCase *tc = tcase_create("aftermath");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_loop_test(tc, test_sees, 0, NSEES);
	tcase_add_loop_test(tc, test_state, 0, ARRAY_SIZE(state_rows));
	tcase_add_loop_test(tc, test_user, 0, ARRAY_SIZE(user_rows));
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
