/* Scripts that are refused: one line, with file, line and column. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/table.h"
#include "scripts.h"

#define OK	  "+0 > none\n"
#define IN(p)	  OK "+0 < " p "\n" /* p is at 2:6 */
#define OUT(p)	  OK "+0 > " p "\n"
#define CALL(c)	  OK "+0 " c " = 0\n"	     /* c is at 2:4 */
#define RESULT(r) OK "+0 close(3) = " r "\n" /* r is at 2:15 */
#define RANGE                                                                  \
	"only what the stack sends can have a range of times or *: write one " \
	"time"
#define SENT \
	"... is for packets that are expected: one that is sent needs numbers"
#define FLAGS                                                                  \
	" are no flags: they are of F S R P . U E W A and one digit up to 7, " \
	"or -"

#define ARGS(call) "f:2:4: the number of arguments of " call " is "

/* The message, or its beginning before ';'. NULL: there is none. */
static const struct {
	const char *text, *msg;
} rows[] = {
	/* a script */
	{ "", "f:1:1: this script has no events: nothing would be tested" },
	{ "--mss=1\n// x\n",
	    "f:3:1: this script has no events: nothing would be tested" },
	{ OK "--mss=1\n", "f:2:1: unexpected --mss=1" },
	{ OK "`a`\n+0 `b`\n`c`", "f:2:1: a command without a time stands "
				 "before all events or after them: give it a "
				 "time, such as +0" },
	{ "`a`\n+0 `b`\n`c`", NULL },
	{ OK "@", "f:2:1: a character that has no meaning here (octet 0x40)" },
	{ OK "\xff", "f:2:1: a character that has no meaning here "
		     "(octet 0xff)" },
	{ OK "/* x", "f:2:1: this comment does not end: write */" },
	{ OK "+0 `x\\`", "f:2:4: this shell line does not end: write `" },
	{ OK "+0 %{ x } %", "f:2:4: this code does not end: write }%" },
	{ CALL("close(\"x\\\")"), "f:2:10: this string does not end: "
				  "write \"" },
	{ OK "hello", "f:2:1: unexpected hello" },
	{ OK "+0", "f:2:3: the file ends too early" },
	{ OK "connection\n", "f:3:1: the file ends too early" },
	/* conditions */
	{ "#ifdef A\n" OK, "f:1:1: #ifdef A has no #endif" },
	{ OK "#endif\n", "f:2:1: there is no #ifdef before this #endif" },
	{ OK "#else\n", "f:2:1: there is no #ifdef before this #else" },
	{ "#ifdef A\n#else\n" OK "#else\n#endif", "f:4:1: a second #else" },
	{ "#ifdef\n#endif\n" OK, "f:1:1: #ifdef and #ifndef need a name" },
	/* times */
	{ "-1 > none", "f:1:1: a time cannot be negative" },
	{ "-.5 > none", "f:1:1: a time cannot be negative" },
	{ "1000000001 > none", "f:1:1: a time of more than 1000000000 "
			       "seconds" },
	{ "99999999999999999999.5 > none",
	    "f:1:1: a time of more than 1000000000 seconds" },
	{ "0.2~0.1 > none", "f:1:1: this range of time ends before it "
			    "begins" },
	{ "0~1 < . 1:1(0)", "f:1:1: " RANGE },
	{ "* close(3) = 0", "f:1:1: " RANGE },
	{ "* `ls`", "f:1:1: " RANGE },
	{ "0.2...0.1 close(3) = 0", "f:1:1: this call returns before it "
				    "begins" },
	{ "+0 ~ 1 > none", "f:1:6: unexpected 1" },
	/* numbers */
	{ IN(". 1:1001(999)"), "f:2:8: 1:1001(999) is impossible: the end is "
			       "1+999, 1000" },
	{ IN("S 0:1(0)"), "f:2:8: 0:1(0) is impossible: the end is 0+0, 0" },
	{ IN("F. 2:1(0)"), "f:2:9: 2:1(0) is impossible: the end is 2+0, 2" },
	{ IN("S 4294967295:4294967298(3)"), NULL },
	{ IN("S 4294967295:2(3)"), NULL },
	{ IN("S 4294967295:3(3)"), "f:2:8: 4294967295:3(3) is impossible: the "
				   "end is 4294967295+3, 2" },
	{ IN("S 4294967296:4294967296(0)"),
	    "f:2:8: a sequence number is a number from 0 to 4294967295, not "
	    "4294967296" },
	{ IN("S 0:4295032831(0)"), "f:2:10: the end is a number from 0 to "
				   "4294967295, not 4295032831" },
	{ IN(". -1:0(1)"), "f:2:8: a sequence number is a number from 0 to "
			   "4294967295, not -1" },
	{ IN(". 0:65536(65536)"), "f:2:16: a length is a number from 0 to "
				  "65535, not 65536" },
	{ IN(". a:0(0)"), "f:2:8: a sequence number is a number or a term "
			  "such as SEG.SEQ, not a" },
	{ IN(". 1:1(0) ack 4294967296"),
	    "f:2:19: ack is a number from 0 to 4294967295, not 4294967296" },
	{ IN(". 1:1(0) ack seq"), "f:2:19: ack is a number or a term such as "
				  "SEG.SEQ, not seq" },
	{ IN(". 1:1(0) win 65536"), "f:2:19: win is a number from 0 to 65535, "
				    "not 65536" },
	{ IN(". 1:1(0) urg 99999999999999999999999"),
	    "f:2:19: urg is a number from 0 to 65535, not "
	    "99999999999999999999999" },
	{ IN("1 > 65536 . 1:1(0)"), "f:2:10: a port is a number from 0 to "
				    "65535, not 65536" },
	{ IN(". 1:1(0)/udp(1 > 70000)"), "f:2:23: a port is a number from 0 "
					 "to 65535, not 70000" },
	{ IN(". ...(0)"), "f:2:4: " SENT },
	{ IN(". 1:1"), "f:3:1: the file ends too early; expected '('" },
	/* flags and IP */
	{ IN("SX 0:0(0)"), "f:2:6: SX" FLAGS },
	{ IN("s 0:0(0)"), "f:2:6: s" FLAGS },
	{ IN(".8 0:0(0)"), "f:2:6: .8" FLAGS },
	{ IN(".12 0:0(0)"), "f:2:6: .12" FLAGS },
	{ IN("E.5 0:0(0)"), "f:2:6: E.5: the digit stands for E, W and A, say "
			    "it one way" },
	{ IN("[ect01] . 1:1(0)"), "f:2:4: a packet that is sent has ect0 or "
				  "ect1, not ect01" },
	{ IN("[ect3] . 1:1(0)"), "f:2:7: ect3 is not said of IP: write noecn, "
				 "ect0, ect1, ect01 or ce" },
	{ IN("(df 1) . 1:1(0)"), "f:2:7: IP has no field df here: write tos, "
				 "ttl, id or flowlabel" },
	{ IN("(ttl 256) . 1:1(0)"), "f:2:11: ttl is a number from 0 to 255, "
				    "not 256" },
	{ IN("(flowlabel 0x100000) . 1:1(0)"),
	    "f:2:17: flowlabel is a number from 0 to 1048575, not 0x100000" },
	/* what is ours */
	{ IN("none"), "f:2:6: what the stack sends is expected by >, not by "
		      "<" },
	{ IN("rule"), "f:2:6: what the stack sends is expected by >, not by "
		      "<" },
	{ OUT("rule Closed"), "f:2:11: unexpected Closed" },
	/* ICMP */
	{ IN("icmp"), "f:3:1: the file ends too early; expected word" },
	{ IN("icmp unreachable [tcp(1)]"), "f:2:24: only udp and raw are "
					   "quoted so" },
	{ IN("icmp unreachable [1:2(0)]"), "f:2:24: 1:2(0) is impossible: the "
					   "end is 1+0, 1" },
	/* calls */
	{ CALL("fork()"), "f:2:4: unknown call fork: retort-script(5) has the "
			  "list" },
	{ CALL("close()"), ARGS("close") "1, not 0" },
	{ CALL("listen(3, 1, 2)"), ARGS("listen") "2, not 3" },
	{ CALL("fcntl(3)"), ARGS("fcntl") "2 or 3, not 1" },
	{ CALL("close(9223372036854775808)"), "f:2:10: this number needs more "
					      "than 64 bits" },
	{ CALL("close(\"\\q\")"), "f:2:10: an unknown escape: write \\x5cn, "
				  "\\x5c\\x5c, \\x5c\" or \\x5cx and two "
				  "digits" },
	{ CALL("close(3"), "f:2:12: unexpected =" },
	{ CALL("close(,)"), "f:2:10: unexpected ," },
	{ CALL("close(012ab)"), "f:2:10: unexpected 012ab" },
	{ RESULT(""), "f:3:1: the file ends too early" },
	{ RESULT("-1 broken"), "f:2:18: broken is no name of an error such as "
			       "EAGAIN" },
	{ RESULT("-1 EAGAIN ()"), "f:2:26: unexpected )" },
};

START_TEST(test_error)
{
	scripts_check(rows[_i].text, rows[_i].msg);
}
END_TEST

/* Each line that makes no sense is told, and what follows is read. */
START_TEST(test_all)
{
	static const char text[] = "0 < . 1:3(1)\n"
				   "+0 fork() = 0\n"
				   "+0 < . 1:1(0) win 65536 <mss 65536>\n"
				   "+0 > none\n";
	static const int lines[] = { 1, 2, 3, 3 };
	const struct script_error *error;
	struct err e = { 0 };
	struct script s;
	size_t i = 0;

	ck_assert_int_eq(script_parse(&s, "f", text, strlen(text), NULL, &e),
	    -1);
	STAILQ_FOREACH (error, &s.errors, next)
		ck_assert_int_eq(error->pos.line, lines[i++]);
	ck_assert_uint_eq(i, ARRAY_SIZE(lines));
	ck_assert_uint_eq(s.nerrors, i);
	ck_assert_int_eq(scripts_event(&s, 3)->kind, SCRIPT_SILENCE);
	script_free(&s);
}
END_TEST

/* But no more of them than one reads. */
START_TEST(test_many)
{
	struct buf text = { 0 };
	struct err e = { 0 };
	struct script s;
	int i;

	for (i = 0; i < SCRIPT_ERRORS_MAX + 5; i++)
		buf_adds(&text, "+0 fork() = 0\n");
	ck_assert_int_eq(script_parse(&s, "f", text.p, text.len, NULL, &e), -1);
	ck_assert_uint_eq(s.nerrors, SCRIPT_ERRORS_MAX);
	script_free(&s);
	buf_free(&text);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("script_errors");
	TCase *tc = tcase_create("errors");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_loop_test(tc, test_error, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, test_all);
	tcase_add_test(tc, test_many);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
