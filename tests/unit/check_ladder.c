/* Ladders as text and as pictures, against how they are to look. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/columns.h"
#include "base/table.h"
#include "report/ladder.h"
#include "ladders.h"

static const struct {
	struct ladder_style style;
	const char *text;
} looks[] = {
	{ { .indent = "", .columns = 60, .utf8 = false },
	    "    client 192.0.2.1                 server 198.51.100.2\n"
	    "     CLOSED |                                 | LISTEN\n"
	    "   SYN-SENT +- connect(3, ..., ...) = 0       |\n"
	    "            |----- [S] seq 0, win 64240 ----->| SYN-RECEIVED\n"
	    "            |  [S.] seq 0, ack 1, win 65160   |\n"
	    "ESTABLISHED |<--------------------------------|\n"
	    "            |--- [.] ack 1 --x  lost          |\n"
	    "            | 服务器没有收到确认，重传定时器  |\n"
	    "            |  到期，它把 SYN-ACK 再发一次。  |\n"
	    "     CLOSED |<-- [R] seq 1 --o                |\n"
	    "            |        (forged & <sent>)        |\n"
	    "            |          held  x-- [.] ack 1 ---|\n"
	    "            |       [P.] seq 1:6, ack 1       |\n"
	    "            |          late  o--------------->|\n"
	    "            |      setsockopt(4, SOL_SOCKET, -+\n"
	    "            |      SO_LINGER, {1, 0}, 8) = 0  |\n"
	    "            |<========== [R] seq 1 ===========| CLOSED\n"
	    "            |   expected [R.] seq 1, ack 6    |\n"
	    "            |          (under test)           |\n"
	    "            |............ nothing ............|\n" },
	{ { .indent = "    ", .columns = 60, .utf8 = true },
	    "        client 192.0.2.1             server 198.51.100.2\n"
	    "         CLOSED │                             │ LISTEN\n"
	    "       SYN-SENT ├─ connect(3, ..., ...) = 0   │\n"
	    "                │─── [S] seq 0, win 64240 ───►│ SYN-RECEIVED\n"
	    "                │         [S.] seq 0,         │\n"
	    "                │      ack 1, win 65160       │\n"
	    "    ESTABLISHED │◄────────────────────────────│\n"
	    "                │   [.] ack 1                 │\n"
	    "                │──────────────×  lost        │\n"
	    "                │    服务器没有收到确认，     │\n"
	    "                │    重传定时器到期，它把     │\n"
	    "                │     SYN-ACK 再发一次。      │\n"
	    "                │   [R] seq 1                 │\n"
	    "         CLOSED │◄─────────────●              │\n"
	    "                │      (forged & <sent>)      │\n"
	    "                │                 [.] ack 1   │\n"
	    "                │        held  ×──────────────│\n"
	    "                │     [P.] seq 1:6, ack 1     │\n"
	    "                │        late  ●─────────────►│\n"
	    "                │  setsockopt(4, SOL_SOCKET, ─┤\n"
	    "                │  SO_LINGER, {1, 0}, 8) = 0  │\n"
	    "                │◄════════ [R] seq 1 ═════════│ CLOSED\n"
	    "                │ expected [R.] seq 1, ack 6  │\n"
	    "                │        (under test)         │\n"
	    "                │·········· nothing ··········│\n" },
	{ { .indent = "  ", .columns = 80, .utf8 = true },
	    "                client 192.0.2.1                         server "
	    "198.51.100.2\n"
	    "                 CLOSED │                                         "
	    "│ LISTEN\n"
	    "  0.000000     SYN-SENT ├─ connect(3, ..., ...) = 0               "
	    "│\n"
	    "  0.000031              │───────── [S] seq 0, win 64240 "
	    "─────────►│ SYN-RECEIVED\n"
	    "  0.000052  ESTABLISHED │◄──── [S.] seq 0, ack 1, win 65160 "
	    "──────│\n"
	    "  0.000091              │───── [.] ack 1 ────×  lost              "
	    "│\n"
	    "                        │     服务器没有收到确认，重传定时器      "
	    "│\n"
	    "                        │      到期，它把 SYN-ACK 再发一次。      "
	    "│\n"
	    "  1.000391       CLOSED │◄──── [R] seq 1 ────●  forged & <sent>   "
	    "│\n"
	    "                        │              held  ×──── [.] ack 1 "
	    "─────│\n"
	    "                        │                     [P.] seq 1:6, ack 1 "
	    "│\n"
	    "                        │              late  "
	    "●───────────────────►│\n"
	    "  1.200400              │   setsockopt(4, SOL_SOCKET, SO_LINGER, "
	    "─┤\n"
	    "                        │                         {1, 0}, 8) = 0  "
	    "│\n"
	    "  1.200402              │◄══════════════ [R] seq 1 "
	    "═══════════════│ CLOSED\n"
	    "                        │       expected [R.] seq 1, ack 6        "
	    "│\n"
	    "                        │              (under test)               "
	    "│\n"
	    "                        │················ nothing "
	    "················│\n" },
	{ { .indent = "    ", .columns = 120, .utf8 = true },
	    "                  client 192.0.2.1                                "
	    "     server 198.51.100.2\n"
	    "                   CLOSED │                                       "
	    "              │ LISTEN\n"
	    "    0.000000     SYN-SENT ├─ connect(3, ..., ...) = 0             "
	    "              │\n"
	    "    0.000031              │─────────────── [S] seq 0, win 64240 "
	    "───────────────►│ SYN-RECEIVED\n"
	    "    0.000052  ESTABLISHED │◄────────── [S.] seq 0, ack 1, win "
	    "65160 ────────────│\n"
	    "    0.000091              │──────── [.] ack 1 ───────×  lost      "
	    "              │\n"
	    "                          │           "
	    "服务器没有收到确认，重传定时器            │\n"
	    "                          │            到期，它把 SYN-ACK "
	    "再发一次。            │\n"
	    "    1.000391       CLOSED │◄─────── [R] seq 1 ───────●  forged & "
	    "<sent>         │\n"
	    "                          │                    held  ×─────── [.] "
	    "ack 1 ────────│\n"
	    "                          │                    late  ●── [P.] seq "
	    "1:6, ack 1 ──►│\n"
	    "    1.200400              │       setsockopt(4, SOL_SOCKET, "
	    "SO_LINGER, {1, 0}, ─┤\n"
	    "                          │                                       "
	    "      8) = 0  │\n"
	    "    1.200402              │◄════════════════════ [R] seq 1 "
	    "═════════════════════│ CLOSED  under test\n"
	    "                          │             expected [R.] seq 1, ack "
	    "6              │\n"
	    "                          │······················ nothing "
	    "······················│\n" },
};

START_TEST(test_look)
{
	struct buf b = { 0 };

	ladder_add_text(&b, &ladder, &looks[_i].style);
	ck_assert_str_eq(buf_str(&b), looks[_i].text);
	buf_free(&b);
}
END_TEST

/* Every line is as wide as allowed at most, and its bars stand in columns. */
START_TEST(test_widths)
{
	struct ladder_style style = {
		.indent = "  ", .columns = _i, .utf8 = _i % 2
	};
	size_t most = _i < 60 ? 60 : _i > 100 ? 100 : _i, first = 0, last = 0;
	const char *bar = style.utf8 ? "│" : "|", *line, *end, *p, *q;
	struct buf b = { 0 };

	ladder_add_text(&b, &ladder, &style);
	for (line = buf_str(&b); *line != '\0'; line = end + 1) {
		end = strchr(line, '\n');
		ck_assert_uint_le(columns_of(line, end - line), most);
		ck_assert_int_ne(end[-1], ' ');
		p = memmem(line, end - line, bar, strlen(bar));
		q = p != NULL ? memmem(p + 1, end - p - 1, bar, strlen(bar))
			      : NULL;
		if (q == NULL)
			continue;
		if (first == 0) {
			first = columns_of(line, p - line);
			last = columns_of(line, q - line);
		}
		ck_assert_uint_eq(columns_of(line, p - line), first);
		ck_assert_uint_eq(columns_of(line, q - line), last);
	}
	ck_assert_uint_gt(last, first + 27);
	buf_free(&b);
}
END_TEST

/* Whatever the width: every word of every text is there. */
START_TEST(test_nothing_cut)
{
	static const char *const words[] = { "SYN-RECEIVED", "65160", "lost",
		"再发一次。", "forged", "SO_LINGER,", "{1,", "expected", "test",
		"nothing", "198.51.100.2", "ESTABLISHED" };
	struct ladder_style style = { .indent = "", .columns = 60, .utf8 = _i };
	struct buf b = { 0 };
	size_t i;

	ladder_add_text(&b, &ladder, &style);
	for (i = 0; i < ARRAY_SIZE(words); i++)
		ck_assert_msg(strstr(buf_str(&b), words[i]) != NULL,
		    "no %s in\n%s", words[i], buf_str(&b));
	buf_free(&b);
}
END_TEST

START_TEST(test_colour)
{
	struct ladder_style style = { .indent = "", .columns = 80 };
	struct buf plain = { 0 }, painted = { 0 }, bare = { 0 };
	const char *p;

	ladder_add_text(&plain, &ladder, &style);
	style.colour = true;
	ladder_add_text(&painted, &ladder, &style);
	for (p = buf_str(&painted); *p != '\0'; p++)
		if (*p == '\033')
			p += strcspn(p, "m");
		else
			buf_add(&bare, p, 1);
	ck_assert_str_eq(buf_str(&bare), buf_str(&plain));
	ck_assert_ptr_null(strchr(buf_str(&plain), '\033'));
	ck_assert_ptr_nonnull(strstr(buf_str(&painted),
	    "\033[32mexpected [R.] seq 1, ack 6"));
	ck_assert_ptr_nonnull(strstr(buf_str(&painted), "\033[1;31m[R] seq 1"));
	buf_free(&plain);
	buf_free(&painted);
	buf_free(&bare);
}
END_TEST

/*
 * Names that do not fit beside each other stand in two lines, and a label is
 * folded between its parts, or at least between words.
 */
START_TEST(test_long_names)
{
	struct ladder_style style = { .indent = "    ", .columns = 60 };
	struct buf b = { 0 };

	ladder_add_text(&b, &far, &style);
	ck_assert_str_eq(buf_str(&b),
	    "    2001:db8:85a3:8d3:1319:8a2e:370:7348.65535\n"
	    "                  2001:db8:85a3:8d3:1319:8a2e:370:7349.65534\n"
	    "    SYN-SENT |----- [S] seq 0, win 64240 ---->| SYN-RECEIVED\n"
	    "             | [S.] seq 0, ack 1, win 65160,  |\n"
	    "             |  options [mss 1440,sackOK,TS   |\n"
	    "             | val 4294967295 ecr 4294967295, |\n"
	    "             |    nop,wscale 7], length 0     |\n"
	    "             |<===============================|\n"
	    "             |    (一段很长的说明：这个报     |\n"
	    "             |     文段被测试，它的每一个     |\n"
	    "             |     字段都必须与规则所要求     |\n"
	    "             |    的一致，否则测试失败。)     |\n");
	buf_free(&b);
}
END_TEST

/* ---- pictures ---- */

static size_t
count(const char *text, const char *what)
{
	size_t n = 0;

	for (; (text = strstr(text, what)) != NULL; text++)
		n++;
	return n;
}

/* A number in an attribute, such as x="12". */
static int
attribute(const char *tag, const char *name)
{
	const char *p = strstr(tag, name);

	ck_assert_ptr_nonnull(p);
	return atoi(p + strlen(name));
}

/* By the estimate of a column, each text is inside. */
START_TEST(test_svg_inside)
{
	struct buf b = { 0 };
	const char *tag, *text;
	int width, height, x, left, w;

	ladder_add_svg(&b, &ladder);
	width = attribute(b.p, "width=\"");
	height = attribute(b.p, "height=\"");
	for (tag = b.p; (tag = strstr(tag, "<text ")) != NULL; tag++) {
		text = strchr(tag, '>') + 1;
		w = columns_of(text, strcspn(text, "<")) * 9;
		x = attribute(tag, "x=\"");
		left = strstr(tag, "\"start\"") == strstr(tag, "anchor=") + 7
			   ? x
		       : strstr(tag, "\"end\"") == strstr(tag, "anchor=") + 7
			   ? x - w
			   : x - w / 2;
		ck_assert_int_ge(left, 0);
		ck_assert_int_le(left + w, width);
		ck_assert_int_lt(attribute(tag, "y=\""), height - 10);
	}
	buf_free(&b);
}
END_TEST

START_TEST(test_svg)
{
	struct buf b = { 0 };

	ladder_add_svg(&b, &ladder);
	ck_assert_ptr_nonnull(strstr(b.p, "<title>Early close &lt;&amp;&gt;"));
	ck_assert_ptr_nonnull(strstr(b.p, ">forged &amp; &lt;sent&gt;<"));
	ck_assert_ptr_nonnull(strstr(b.p, ">expected [R.] seq 1, ack 6<"));
	ck_assert_ptr_nonnull(strstr(b.p, "prefers-color-scheme: dark"));
	ck_assert_uint_eq(count(b.p, "class=\"band\""), 1);
	ck_assert_uint_eq(count(b.p, "<line class=\"test\""), 2);
	ck_assert_uint_eq(count(b.p, "<line class=\"silence\""), 1);
	ck_assert_uint_eq(count(b.p, "<polygon"), 5);
	ck_assert_uint_eq(count(b.p, "<circle"), 2);
	ck_assert_uint_eq(count(b.p, ">SYN-SENT<"), 1);
	/* nothing from elsewhere */
	ck_assert_uint_eq(count(b.p, "http"), 1);
	ck_assert_uint_eq(count(b.p, "url("), 0);
	ck_assert_uint_eq(count(b.p, "<script"), 0);
	buf_free(&b);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("ladder");
	TCase *tc = tcase_create("ladder");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_loop_test(tc, test_look, 0, ARRAY_SIZE(looks));
	tcase_add_loop_test(tc, test_widths, 50, 130);
	tcase_add_loop_test(tc, test_nothing_cut, 0, 2);
	tcase_add_test(tc, test_colour);
	tcase_add_test(tc, test_long_names);
	tcase_add_test(tc, test_svg_inside);
	tcase_add_test(tc, test_svg);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
