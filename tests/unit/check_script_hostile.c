/* Scripts of people who mean harm: each is refused or read, and no more. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/table.h"
#include "scripts.h"

#define MANY 200000
#define FORTY(s)                                                              \
	s s s s s s s s s s s s s s s s s s s s s s s s s s s s s s s s s s s \
	    s s s s s

/* A text that is written many times between two others. */
static const struct {
	const char *before, *text, *after;
	const char *msg; /* or its beginning; NULL: it is a script */
} rows[] = {
	{ "0 close(", "1", ") = 0", "f:1:9: this number needs more than" },
	{ "0 close(", "[", "", "f:1:501: this is nested too deeply" },
	{ "0 close(", "{a=[", "", "f:1:501: this is nested too deeply" },
	{ "0 close(", "a(", "", "f:1:" },
	{ "0 close(", "a=", "1) = 0", "f:1:501: this is nested too deeply" },
	{ "0 close(", "A|", "A) = 0", NULL },
	{ "0 close(", "1,", "1) = 0",
	    "f:1:3: the number of arguments of close is 1, not 200001" },
	{ "0 close(", "\"abcdefghij\" ", ") = 0",
	    "f:1:5326: strings of more than 4096 octets" },
	{ "0 > . 1:1(0) <", "nop,", "nop>",
	    "f:1:15: these options take 200001 octets" },
	{ "0 > . 1:1(0) <sack ", "1:2 ", ">", "f:1:15: sack is written so" },
	{ "0 > ", "gre ", "", "f:1:800005: the file ends too early" },
	{ "0 > ", "X", " 0:0(0)", "f:1:5: " FORTY("X") " are no flags" },
	{ "0 > ", "S", " 0:0(0)", NULL },
	{ "0 > . 1:1(0) ack ", "A+", "A", NULL },
	{ "0 > rule ", "a/", "a", NULL },
	{ "", "1.", "", "f:1:1: unexpected 1.1.1.1" },
	{ "", "a:", "", "f:1:1: unexpected a" },
	{ "", "-", "", "f:1:1: unexpected -" },
	{ "", "--define=A=1\n", "0 > none", "f:201:1: more than 200 options" },
	{ "0 > none\n", "#ifdef A\n", "",
	    "f:34:1: more than 32 #ifdef in one another" },
	{ "", "#", "\n0 > none", NULL },
	{ "/*", "*", "", "f:1:1: this comment does not end" },
	{ "0 %{", "}", "", "f:1:3: this code does not end" },
	{ "0 `", "\\`", "", "f:1:3: this shell line does not end" },
	{ "0 `", "x\n", "`", NULL },
};

START_TEST(test_many)
{
	const char *msg = rows[_i].msg;
	struct buf b = { 0 };
	struct err e = { 0 };
	struct script s;
	int i, rc;

	buf_adds(&b, rows[_i].before);
	for (i = 0; i < MANY; i++)
		buf_adds(&b, rows[_i].text);
	buf_adds(&b, rows[_i].after);
	rc = script_parse(&s, "f", b.p, b.len, NULL, &e);
	ck_assert_int_eq(rc, msg == NULL ? 0 : -1);
	if (msg != NULL)
		ck_assert_msg(strncmp(e.msg, msg, strlen(msg)) == 0,
		    "%s, wanted %s", e.msg, msg);
	script_free(&s);
	buf_free(&b);
}
END_TEST

/* What a file holds, and its name, cannot draw on the terminal. */
START_TEST(test_escapes)
{
	struct err e = { 0 };
	struct script s;

	ck_assert_int_eq(script_parse(&s, "a\x1b\n", "0 \x1b[2J", 6, NULL, &e),
	    -1);
	ck_assert_str_eq(e.msg,
	    "a\\x1b\\x0a:1:3: a character that has no meaning here "
	    "(octet 0x1b)");
	script_free(&s);
	ck_assert_int_eq(script_parse(&s, "f", "`\x1b\n` `x` --\n`", 14, NULL,
			     &e),
	    -1);
	ck_assert_ptr_null(strchr(e.msg, '\x1b'));
	script_free(&s);
	ck_assert_int_eq(script_parse(&s, "f", "0 >\n none\0 ", 11, NULL, &e),
	    -1);
	ck_assert_str_eq(e.msg, "f:2:6: octet 0x00: not a text file");
	script_free(&s);
}
END_TEST

static const char sample[] =
    "--ip_version=ipv4 --define=A=7\n"
    "`sysctl x=1`\n"
    "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3 // comment\n"
    "+0 setsockopt(3, SOL_SOCKET, SO_LINGER, {onoff=1, linger=0}, 8) = 0\n"
    "+0...1 poll([{fd=A, events=POLLIN|POLLOUT, revents=0x1}], 1, -1) = 1\n"
    "+.1 < [ect0] 1 > 2 SE. 0:10(10) ack 1 win 5 urg 2 "
    "<mss 1460,TS val 1 ecr 0,sack 1:2 3:4,FO 0123abcd,eol>/udp(1 > 2)\n"
    "0.1~0.2 > (ttl 3) R. ...(0) ack SEG.SEQ+1 <...>\n"
    "connection B\n#ifdef X\n* > rule closed/ack\n#else\n+0 > none\n#endif\n"
    "+0 < icmp unreachable frag_needed mtu 9 [1:2(1)]\n"
    "+0 read(3, \"a\\x00\"..., 3) = -1 EAGAIN (Try again)\n"
    "+0 %{ assert x }%\n"
    "/* c */ `true`\n";

static const char *const tokens[] = { "[", "{", "(", "...", ":", "<", ">", "`",
	"\"", "/*", "%{", "}%", "\n#ifdef X\n", "\n#endif\n", "connection ",
	"SND.NXT+1", "99999999999", "-1", "0x", "--define=A=\"x\" ", "kind 7 ",
	"~", "*", "\\x", "|", "=", "!", "\xff", ".5", "" };

/* A short stretch of the text is cut, or a token is put there. */
static size_t
mutate(char *text, size_t len, unsigned *seed)
{
	const char *token = tokens[rand_r(seed) % ARRAY_SIZE(tokens)];
	size_t at = rand_r(seed) % len, n = strlen(token);

	if (n == 0) {
		n = 1 + rand_r(seed) % (len - at < 30 ? len - at : 30);
		memmove(text + at, text + at + n, len - at - n);
		return len - n;
	}
	memmove(text + at + n, text + at, len - at);
	memcpy(text + at, token, n);
	return len + n;
}

/* Half right is the most dangerous. A sanitizer sees what goes wrong. */
START_TEST(test_mutants)
{
	size_t parsed = 0, len, i, m;
	struct err e = { 0 };
	struct script s;
	unsigned seed = 1;
	char *text;

	scripts_check(sample, NULL);
	for (i = 0; i < 3000; i++) {
		/* exactly as long as the text, to see what reads beyond */
		text = mem_calloc(1, sizeof(sample) + 200);
		len = sizeof(sample) - 1;
		memcpy(text, sample, len);
		for (m = 0; m <= i % 5; m++)
			len = mutate(text, len, &seed);
		text = mem_realloc(text, len, 1);
		if (script_parse(&s, "f", text, len, NULL, &e) == 0)
			parsed++;
		else
			ck_assert_msg(strncmp(e.msg, "f:", 2) == 0 &&
					  strchr(e.msg, '\n') == NULL,
			    "%s", e.msg);
		ck_assert((s.nerrors == 0) == STAILQ_EMPTY(&s.errors));
		script_free(&s);
		free(text);
	}
	/* some are still scripts, most are not */
	ck_assert_uint_gt(parsed, 10);
	ck_assert_uint_lt(parsed, 1500);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("script_hostile");
	TCase *tc = tcase_create("hostile");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, test_many, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, test_escapes);
	tcase_add_test(tc, test_mutants);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
