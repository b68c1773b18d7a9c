/* The language of cases: places, and how the connection is prepared there. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/table.h"
#include "util.h"

#define IN(p)	 "case a\n  in " p "\n  what \"w\"\n  ctl SYN\n"
#define PROP(p)	 IN("CLOSED") "  " p "\n" /* p is at 5:3 */
#define CALL(p)	 "case a\n  in CLOSED\n  what \"w\"\n  call " p "\n"
#define FORTY	 "tcp_0123456789_tcp_0123456789_tcp_012345"
#define SYSCTL	 "a sysctl is a name below net.ipv4, such as tcp_rfc1337"
#define NO_SEG	 "a case's own segment has no SEG.* yet"
#define NO_GROUP "no multicast address, nor 255.255.255.255"
#define OTHER_FAMILY \
	"f:1:6: case a has an address, and so needs one \"ip\" of its family"
#define NO_WINDOW "a window is small or closed"

/* The message, or its beginning before ';'. NULL: there is none. */
static const struct {
	const char *text;
	const char *msg;
} parse_rows[] = {
	{ IN("CLOSED LISTEN"), NULL },
	{ IN("CLOSED via a LISTEN TIME-WAIT via b-2 TIME-WAIT"), NULL },
	/* a way may have the name of a fact, not that of a property */
	{ IN("SYN-RECEIVED via cookie SYN-RECEIVED via queue-full"), NULL },
	{ IN("SYN-RECEIVED via unread"), "f:2:23: unexpected unread" },
	{ IN(""), "f:3:3: unexpected what" },
	{ IN("any"), "f:2:6: unexpected any" },
	{ IN("via x"), "f:2:6: unexpected via" },
	{ IN("CLOSED via"), "f:3:3: unexpected what" },
	{ IN("CLOSED via LISTEN"), "f:2:17: unexpected LISTEN" },
	{ IN("CLOSED via \"x\""), "f:2:17: unexpected \"x\"" },
	{ IN("CLOSED via x y"), "f:2:19: unexpected y" },
	{ IN("CLOSED as \"x\""), "f:2:13: unexpected as" },
	{ PROP("in LISTEN"), "f:5:3: in is said a second time" },
	{ PROP("in-flight 1400"), NULL },
	{ PROP("in-flight 0"), NULL },
	{ PROP("in-flight 1401"), "f:5:13: in-flight is a number up to 1400" },
	{ PROP("in-flight ISS"), "f:5:13: unexpected ISS" },
	{ PROP("in-flight 1 in-flight 1"),
	    "f:5:15: in-flight is said a second time" },
	{ PROP("window small"), NULL },
	{ PROP("window closed"), NULL },
	{ PROP("window open"), "f:5:10: " NO_WINDOW },
	{ PROP("window smaller"), "f:5:10: " NO_WINDOW },
	{ PROP("window 5"), "f:5:10: unexpected 5" },
	{ PROP("window small window small"),
	    "f:5:16: window is said a second time" },
	{ PROP("timestamps"), NULL },
	{ PROP("timestamps timestamps"),
	    "f:5:14: timestamps is said a second time" },
	{ PROP("timestamps 1"), "f:5:14: unexpected 1" },
	{ PROP("slow"), NULL },
	{ PROP("slow slow"), "f:5:8: slow is said a second time" },
	{ PROP("sysctl \"tcp_rfc1337\" 1"), NULL },
	{ PROP("sysctl \"" FORTY "\" 0"), NULL },
	{ PROP("sysctl \"" FORTY "6\" 0"), "f:5:10: " SYSCTL },
	{ PROP("sysctl \"\" 0"), "f:5:10: " SYSCTL },
	/* no way out of /proc/sys/net/ipv4 */
	{ PROP("sysctl \"..\" 0"), "f:5:10: " SYSCTL },
	{ PROP("sysctl \"conf/all\" 0"), "f:5:10: " SYSCTL },
	{ PROP("sysctl \"conf.all\" 0"), "f:5:10: " SYSCTL },
	{ PROP("sysctl \"TCP\" 0"), "f:5:10: " SYSCTL },
	{ PROP("sysctl \"tcp\nx\" 0"), "f:5:10: " SYSCTL },
	{ PROP("sysctl tcp_sack 0"), "f:5:10: unexpected tcp" },
	{ PROP("sysctl \"tcp_sack\""), "f:6:1: the file ends too early" },
	{ PROP("sysctl \"tcp_sack\" ISS"), "f:5:21: unexpected ISS" },
	{ PROP("sysctl \"a\" 0 sysctl \"b\" 1"),
	    "f:5:16: sysctl is said a second time" },
	{ PROP("tsval 0 TS.RECENT+1 as \"x\" 4294967295"), NULL },
	{ PROP("tsval any"), "f:5:9: tsval cannot be any" },
	{ PROP("tsval SEG.TSVAL"), "f:5:9: " NO_SEG },
	{ PROP("tsval 4294967296"),
	    "f:5:9: 4294967296 is more than 32 bits hold" },
	{ PROP("tsval 1 tsval 1"),
	    "f:5:11: this property is said a second time" },
	{ PROP("text RCV.WND RCV.WND+1 as \"x\""), NULL },
	{ PROP("text SEG.LEN"), "f:5:8: " NO_SEG },
	{ PROP("text UNREAD+1401"), NULL },
	{ PROP("text 1401"), "f:5:8: text is a number up to 1400" },
	{ PROP("seq UNREAD+TS.RECENT"), NULL },
	{ PROP("ip 4 source \"224.0.0.0\" \"255.255.255.255\" as \"all\""),
	    NULL },
	{ PROP("ip 4 destination \"239.255.255.255\" as \"x\" source "
	       "\"224.0.0.1\""),
	    NULL },
	{ PROP("ip 6 destination \"ff02::1\" \"ff00::\" source \"ff0e::9\""),
	    NULL },
	/* of one host: no case may be sent to or from another than ours */
	{ PROP("ip 4 source \"192.0.2.9\""), "f:5:15: " NO_GROUP },
	{ PROP("ip 4 source \"223.255.255.255\""), "f:5:15: " NO_GROUP },
	{ PROP("ip 4 source \"240.0.0.0\""), "f:5:15: " NO_GROUP },
	{ PROP("ip 4 destination \"255.255.255.254\""), "f:5:20: " NO_GROUP },
	{ PROP("ip 4 destination \"0.0.0.0\""), "f:5:20: " NO_GROUP },
	{ PROP("ip 6 source \"::1\""), "f:5:15: " NO_GROUP },
	{ PROP("ip 6 source \"fe80::1\""), "f:5:15: " NO_GROUP },
	/* an IPv4 group in IPv6's clothes is none */
	{ PROP("ip 6 source \"::ffff:224.0.0.1\""), "f:5:15: " NO_GROUP },
	{ PROP("ip 4 source \"224.0.0.1\" \"192.0.2.9\""),
	    "f:5:27: " NO_GROUP },
	/* nor is what is no address at all */
	{ PROP("source \"224.0.0\""), "f:5:10: " NO_GROUP },
	{ PROP("destination \"\""), "f:5:15: " NO_GROUP },
	{ PROP("source \"ff02::1\" \"x\""), "f:5:20: " NO_GROUP },
	/* the family is said, and is the addresses' own */
	{ PROP("ip 4 source \"ff02::1\""), OTHER_FAMILY },
	{ PROP("ip 6 destination \"224.0.0.1\""), OTHER_FAMILY },
	{ PROP("ip 4 source \"224.0.0.1\" \"ff02::1\""), OTHER_FAMILY },
	{ PROP("ip 4 source \"224.0.0.1\" destination \"ff02::1\""),
	    OTHER_FAMILY },
	{ PROP("ip 4 6 source \"224.0.0.1\""), OTHER_FAMILY },
	{ PROP("source \"224.0.0.1\""), OTHER_FAMILY },
	{ PROP("destination \"ff02::1\""), OTHER_FAMILY },
	{ PROP("source 1"), "f:5:10: this property takes no numbers" },
	{ PROP("source any"), "f:5:10: this property takes no numbers" },
	{ PROP("source \"ff02::1\" source \"ff02::2\""),
	    "f:5:20: this property is said a second time" },
	{ PROP("sport \"::1\""), "f:5:9: a string has no meaning here" },
	{ CALL("CLOSE ip 6 source \"ff02::1\""),
	    "f:1:6: case a has a \"call\", and so no segment to describe" },
	/* calls and timers; what describes a segment has no place there */
	{ CALL("SHUTDOWN"), NULL },
	{ CALL("ABORT"), NULL },
	{ CALL("DISCONNECT"), NULL },
	{ CALL("CLOSE-LISTEN"), NULL },
	{ CALL("USER-TIMEOUT"), NULL },
	{ CALL("KEEP-ALIVE slow"), NULL },
	{ CALL("FIN-WAIT-2-TIMEOUT slow timestamps in-flight 5"), NULL },
	{ CALL("CLOSE SHUTDOWN"), "f:4:14: unexpected SHUTDOWN" },
	{ CALL("SEGMENT"), "f:4:8: unknown term \"SEGMENT\"" },
	{ CALL("CLOSE tsval 1"),
	    "f:1:6: case a has a \"call\", and so no segment to describe" },
};

START_TEST(test_parse)
{
	util_parse(parse_rows[_i].text, parse_rows[_i].msg);
}
END_TEST

/* Every event that there is can be a case's. */
START_TEST(test_call)
{
	struct rulebook book;
	struct buf b = { 0 };

	buf_addf(&b, "case a in CLOSED what \"w\" call %s", event_name(_i));
	util_book(&book, buf_str(&b));
	ck_assert_int_eq(STAILQ_FIRST(&book.templates)->event, _i);
	rulebook_free(&book);
	buf_free(&b);
}
END_TEST

START_TEST(test_holds)
{
	const struct template *t;
	const struct value *v;
	struct rulebook book;

	util_book(&book,
	    "case a in LISTEN SYN-RECEIVED via cookie FIN-WAIT-1 via close\n"
	    "  what \"w\" ctl SYN unread 1 in-flight 2 window closed slow\n"
	    "  timestamps sysctl \"tcp_rfc1337\" 7 tsval 3\n"
	    "case b in LISTEN what \"w\" ctl SYN\n"
	    "case c in LISTEN what \"w\" ctl SYN window small\n");
	t = STAILQ_FIRST(&book.templates);
	v = STAILQ_FIRST(&t->axes[AXIS_PLACE]);
	ck_assert_uint_eq(v->num, ST_LISTEN);
	ck_assert_str_eq(v->label, "listen");
	ck_assert_ptr_null(v->via);
	v = STAILQ_NEXT(v, next);
	ck_assert_uint_eq(v->num, ST_SYN_RECEIVED);
	ck_assert_str_eq(v->label, "syn-received");
	ck_assert_str_eq(v->via, "cookie");
	v = STAILQ_NEXT(v, next);
	ck_assert_uint_eq(v->num, ST_FIN_WAIT_1);
	ck_assert_str_eq(v->label, "fin-wait-1");
	ck_assert_str_eq(v->via, "close");
	ck_assert_ptr_null(STAILQ_NEXT(v, next));
	ck_assert_uint_eq(t->unread, 1);
	ck_assert_uint_eq(t->in_flight, 2);
	ck_assert_int_eq(t->window, WINDOW_CLOSED);
	ck_assert(t->slow && t->timestamps);
	ck_assert_str_eq(t->sysctl, "tcp_rfc1337");
	ck_assert_uint_eq(t->sysctl_value, 7);
	ck_assert_uint_eq(STAILQ_FIRST(&t->axes[AXIS_TSVAL])->expr->num, 3);
	/* and what is not said */
	t = STAILQ_NEXT(t, next);
	ck_assert_uint_eq(t->in_flight, 0);
	ck_assert_int_eq(t->window, WINDOW_USUAL);
	ck_assert(!t->slow && !t->timestamps);
	ck_assert_ptr_null(t->sysctl);
	ck_assert(STAILQ_EMPTY(&t->axes[AXIS_TSVAL]));
	ck_assert_int_eq(STAILQ_NEXT(t, next)->window, WINDOW_SMALL);
	rulebook_free(&book);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("rules_places");
	TCase *tc = tcase_create("places");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_loop_test(tc, test_parse, 0, ARRAY_SIZE(parse_rows));
	tcase_add_loop_test(tc, test_call, EV_CLOSE, NEVENTS);
	tcase_add_test(tc, test_holds);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
