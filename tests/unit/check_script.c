/* Scripts: options, events and their times, and what stands around them. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "scripts.h"

#define MS 1000000LL /* ns */

#define PACKET " > . 1:1(0) ack 1"

static const struct {
	const char *text; /* an event */
	enum script_when when;
	int64_t from, to;
} time_rows[] = {
	{ "0" PACKET, WHEN_AT, 0, 0 },
	{ "7" PACKET, WHEN_AT, 7000 * MS, 7000 * MS },
	{ "0.1" PACKET, WHEN_AT, 100 * MS, 100 * MS },
	{ ".25" PACKET, WHEN_AT, 250 * MS, 250 * MS },
	{ "1.000000001" PACKET, WHEN_AT, 1000 * MS + 1, 1000 * MS + 1 },
	/* below a nanosecond nothing counts */
	{ "0.0000000019" PACKET, WHEN_AT, 1, 1 },
	{ "+0" PACKET, WHEN_AFTER, 0, 0 },
	{ "+.1" PACKET, WHEN_AFTER, 100 * MS, 100 * MS },
	{ "+ 0.010" PACKET, WHEN_AFTER, 10 * MS, 10 * MS },
	{ "0.1~0.2" PACKET, WHEN_AT_RANGE, 100 * MS, 200 * MS },
	{ "0.2 ~ 0.2" PACKET, WHEN_AT_RANGE, 200 * MS, 200 * MS },
	{ "+0~+.1" PACKET, WHEN_AFTER_RANGE, 0, 100 * MS },
	{ "*" PACKET, WHEN_ANY, 0, 0 },
	{ "* > none", WHEN_ANY, 0, 0 },
	{ "+0~+1 > rule", WHEN_AFTER_RANGE, 0, 1000 * MS },
	{ "1000000000" PACKET, WHEN_AT, 1000000000000 * MS,
	    1000000000000 * MS },
};

START_TEST(test_time)
{
	const struct script_event *ev;
	struct script s;

	scripts_read(&s, time_rows[_i].text);
	ev = scripts_event(&s, 0);
	ck_assert_int_eq(ev->time.when, time_rows[_i].when);
	ck_assert_int_eq(ev->time.from, time_rows[_i].from);
	ck_assert_int_eq(ev->time.to, time_rows[_i].to);
	ck_assert_str_eq(ev->source, time_rows[_i].text);
	script_free(&s);
}
END_TEST

START_TEST(test_options)
{
	static const struct {
		const char *name, *value;
		int line, col;
	} rows[] = {
		{ "ip_version", "ipv4", 1, 1 },
		{ "strict", NULL, 1, 19 },
		{ "local_ip", "fd3d:fa7b::1", 2, 2 },
		{ "cc", "reno cubic", 3, 1 },
		{ "mss", "1000", 4, 1 },
		{ "mss", "1460", 4, 12 },
	};
	const struct script_option *o;
	struct script s;
	size_t i = 0;

	scripts_read(&s, "--ip_version=ipv4 --strict\n"
			 " --local_ip=fd3d:fa7b::1// the peer\n"
			 "--cc = \"reno cubic\"\n"
			 "--mss=1000 --mss=1460\n"
			 "0" PACKET);
	STAILQ_FOREACH (o, &s.options, next) {
		ck_assert_str_eq(o->name, rows[i].name);
		ck_assert_pstr_eq(o->value, rows[i].value);
		ck_assert_int_eq(o->pos.line, rows[i].line);
		ck_assert_int_eq(o->pos.col, rows[i++].col);
	}
	ck_assert_uint_eq(i, ARRAY_SIZE(rows));
	ck_assert_str_eq(script_option(&s, "mss")->value, "1460");
	ck_assert_ptr_null(script_option(&s, "mtu"));
	script_free(&s);
}
END_TEST

/* Every kind of event, its text and where it stands. */
START_TEST(test_events)
{
	static const struct {
		enum script_kind kind;
		int line, col, what_line, what_col;
		const char *text;
	} rows[] = {
		{ SCRIPT_SHELL, 1, 1, 1, 1, "true\n" },
		{ SCRIPT_CALL, 2, 3, 2, 6, NULL },
		{ SCRIPT_PACKET, 4, 1, 4, 6, NULL },
		{ SCRIPT_SILENCE, 7, 15, 7, 20, NULL },
		{ SCRIPT_RULE, 8, 1, 8, 6, NULL },
		{ SCRIPT_RULE, 9, 1, 9, 7, "closed/no-ack" },
		{ SCRIPT_SHELL, 10, 1, 10, 4,
		    "ip route | grep \\` #no comment" },
		{ SCRIPT_CODE, 11, 1, 11, 4, " assert x == 2 # %\n}\n" },
		{ SCRIPT_SHELL, 14, 4, 14, 4, "false" },
	};
	const struct script_event *ev;
	struct script s;
	size_t i = 0;

	scripts_read(&s, "`true\n`"
			 " +0 socket(..., SOCK_STREAM, 0) = 3 // comment\n"
			 "# comment\n"
			 "+0.1 < . 1:1(0)\tack\n\n 1 /* a\n** comment **/"
			 "+0 > none\n"
			 "+0 > rule\n"
			 "+0 >  rule closed/no-ack\n"
			 "+0 `ip route | grep \\` #no comment`\n"
			 "+0 %{ assert x == 2 # %\n}\n}%\n"
			 "   `false`\n");
	STAILQ_FOREACH (ev, &s.events, next) {
		ck_assert_int_eq(ev->kind, rows[i].kind);
		ck_assert_pstr_eq(ev->text, rows[i].text);
		ck_assert_int_eq(ev->pos.line, rows[i].line);
		ck_assert_int_eq(ev->pos.col, rows[i].col);
		ck_assert_int_eq(ev->what_pos.line, rows[i].what_line);
		ck_assert_int_eq(ev->what_pos.col, rows[i].what_col);
		i++;
	}
	ck_assert_uint_eq(i, ARRAY_SIZE(rows));
	ck_assert_int_eq(scripts_event(&s, 0)->time.when, WHEN_NONE);
	ck_assert_int_eq(scripts_event(&s, 8)->time.when, WHEN_NONE);
	ck_assert_str_eq(scripts_event(&s, 2)->source, "+0.1 < . 1:1(0) ack 1");
	script_free(&s);
}
END_TEST

/* Events belong to the connection that was named last. */
START_TEST(test_connections)
{
	static const char *const of[] = { NULL, "A", "ack", "A" };
	const struct script_connection *c;
	struct script s;
	size_t i;

	scripts_read(&s, "0 > none\n"
			 "connection A\n+0 > none\n"
			 "  connection ack\n+0 > none\n"
			 "connection A\n+0 > none\n");
	for (i = 0; i < ARRAY_SIZE(of); i++) {
		c = scripts_event(&s, i)->connection;
		ck_assert_pstr_eq(c != NULL ? c->name : NULL, of[i]);
	}
	ck_assert_ptr_eq(scripts_event(&s, 1)->connection,
	    scripts_event(&s, 3)->connection);
	c = STAILQ_FIRST(&s.connections);
	ck_assert_int_eq(c->pos.line, 2);
	ck_assert_int_eq(c->pos.col, 12);
	ck_assert_str_eq(STAILQ_NEXT(c, next)->name, "ack");
	ck_assert_ptr_null(STAILQ_NEXT(STAILQ_NEXT(c, next), next));
	script_free(&s);
}
END_TEST

/* Which of the events apply, one digit an event, where names are defined. */
START_TEST(test_conditions)
{
	static const struct {
		const char *names[3], *apply;
	} rows[] = {
		{ { NULL }, "1010001" },
		{ { "A" }, "1100101" },
		{ { "B" }, "1011001" },
		{ { "A", "B" }, "1100111" },
		{ { "C" }, "1010001" },
	};
	struct script s;
	size_t i;

	scripts_read(&s,
	    "0 > none\n"
	    "#ifdef A // a comment\n+0 > none\n"
	    "#else\n+0 > none\n"
	    "#\tan ifdef of no meaning\n"
	    "  #ifdef B\n+0 > none\n  #endif\n"
	    "#endif\n"
	    "#ifdef A\n+0 > none\n#ifdef B\n+0 > none\n#endif\n#endif\n"
	    "#ifndef NEVER\n+0 > none\n#endif\n");
	for (i = 0; rows[_i].apply[i] != '\0'; i++)
		ck_assert_msg(script_applies(scripts_event(&s, i),
				  rows[_i].names) == (rows[_i].apply[i] == '1'),
		    "event %zu", i);
	ck_assert_int_eq(scripts_event(&s, 1)->cond->pos.line, 2);
	script_free(&s);
}
END_TEST

/* What is defined takes the place of words, and of nothing else. */
START_TEST(test_defines)
{
	static const char *const defines[] = { "COOKIE=0102", "CODE=none_such",
		NULL };
	static const char text[] = "--define=NUM=7 --define=CC=\"reno\"\n"
				   "--define=RUN=`ls` --define=CODE=other\n"
				   "0 setsockopt(NUM, CODE, NUMB, CC, 4) = 0\n"
				   "+0 RUN\n"
				   "+0 < S 0:0(0) <FO COOKIE>\n";
	const struct script_expr *x;
	struct err e = { 0 };
	struct script s;

	ck_assert_int_eq(script_parse(&s, "f", text, strlen(text), defines, &e),
	    0);
	x = STAILQ_FIRST(&scripts_event(&s, 0)->call->args);
	ck_assert_int_eq(x->kind, EXPR_NUMBER);
	ck_assert_int_eq(x->num, 7);
	x = STAILQ_NEXT(x, next);
	ck_assert_int_eq(x->kind, EXPR_WORD);
	ck_assert_str_eq(x->text, "none_such");
	x = STAILQ_NEXT(x, next);
	ck_assert_str_eq(x->text, "NUMB");
	x = STAILQ_NEXT(x, next);
	ck_assert_int_eq(x->kind, EXPR_STRING);
	ck_assert_str_eq(x->text, "reno");
	ck_assert_str_eq(scripts_event(&s, 1)->text, "ls");
	ck_assert_uint_eq(STAILQ_FIRST(&scripts_event(&s, 2)->packet->opts)
			      ->len,
	    2);
	script_free(&s);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("script");
	TCase *tc = tcase_create("script");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_loop_test(tc, test_time, 0, ARRAY_SIZE(time_rows));
	tcase_add_test(tc, test_options);
	tcase_add_test(tc, test_events);
	tcase_add_test(tc, test_connections);
	tcase_add_loop_test(tc, test_conditions, 0, 5);
	tcase_add_test(tc, test_defines);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
