/* Scripts: calls, their arguments and their results. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/table.h"
#include "scripts.h"

/* An expression with a bracket around each kind: easy to compare. */
static void
add_expr(struct buf *b, const struct script_expr *x)
{
	static const char *const names[] = { [EXPR_OR] = "or",
		[EXPR_ARRAY] = "array",
		[EXPR_STRUCT] = "struct",
		[EXPR_APPLY] = "apply",
		[EXPR_ASSIGN] = "assign" };
	const struct script_expr *part;
	size_t n = 0;

	switch (x->kind) {
	case EXPR_ELLIPSIS:
		buf_adds(b, "...");
		return;
	case EXPR_NUMBER:
		buf_addf(b, "%s%lld", x->hex ? "hex " : "", (long long)x->num);
		return;
	case EXPR_WORD:
		buf_addf(b, "%s", x->text);
		return;
	case EXPR_STRING:
		buf_add(b, "\"", 1);
		buf_add_escaped(b, x->text, x->len);
		buf_addf(b, "\"%s", x->more ? "..." : "");
		return;
	default:
		buf_adds(b, names[x->kind]);
		if (x->kind == EXPR_APPLY)
			buf_addf(b, " %s", x->text);
	}
	buf_adds(b, "(");
	STAILQ_FOREACH (part, &x->parts, next) {
		buf_adds(b, n++ == 0 ? "" : ",");
		add_expr(b, part);
	}
	buf_adds(b, ")");
	ck_assert_uint_eq(n, x->nparts);
}

static const struct {
	const char *text, *read;
} expr_rows[] = {
	{ "...", "..." },
	{ "0", "0" },
	{ "-1", "-1" },
	{ "9223372036854775807", "9223372036854775807" },
	{ "-9223372036854775808", "-9223372036854775808" },
	{ "0xffffffffffffffff", "hex -1" },
	{ "0x0A", "hex 10" },
	{ "SOCK_STREAM", "SOCK_STREAM" },
	{ "NULL", "NULL" },
	/* words of packets mean nothing here */
	{ "id|win|none", "or(id,win,none)" },
	{ "A|B | 7|D", "or(A,B,7,D)" },
	{ "\"\"", "\"\"" },
	{ "\"a b\"", "\"a b\"" },
	{ "\"a\" \"b\"\n\"c\"", "\"abc\"" },
	{ "\"a\"...", "\"a\"..." },
	{ "\"\\x00\\xfF\\n\\\\\\\"\\x7\"", "\"\\x00\\xff\\x0a\\x5c\"\\x07\"" },
	{ "[]", "array()" },
	{ "[1]", "array(1)" },
	{ "[SCHED | ACK, 2]", "array(or(SCHED,ACK),2)" },
	{ "{}", "struct()" },
	{ "{..., 10}", "struct(...,10)" },
	{ "{fd=4, events=POLLIN|POLLOUT}",
	    "struct(assign(fd,4),assign(events,or(POLLIN,POLLOUT)))" },
	{ "[{fd=4, events=A, revents=B}]",
	    "array(struct(assign(fd,4),assign(events,A),assign(revents,B)))" },
	{ "{onoff=1, linger=0}", "struct(assign(onoff,1),assign(linger,0))" },
	{ "{sa_family = AF_INET, sin_port = htons(8080), "
	  "sin_addr = inet_addr(\"192.0.2.1\")}",
	    "struct(assign(sa_family,AF_INET),"
	    "assign(sin_port,apply htons(8080)),"
	    "assign(sin_addr,apply inet_addr(\"192.0.2.1\")))" },
	{ "{msg_name(...)=..., msg_iov(2)=[{..., 1},{...,2}], msg_flags=0}",
	    "struct(assign(apply msg_name(...),...),"
	    "assign(apply msg_iov(2),array(struct(...,1),struct(...,2))),"
	    "assign(msg_flags,0))" },
	{ "sizeof(linger)", "apply sizeof(linger)" },
	{ "f()", "apply f()" },
};

START_TEST(test_expr)
{
	const struct script_call *call;
	struct buf text = { 0 }, read = { 0 };
	struct script s;

	buf_addf(&text, "0 close(%s) = 0", expr_rows[_i].text);
	scripts_read(&s, buf_str(&text));
	call = scripts_call(&s);
	ck_assert_uint_eq(call->nargs, 1);
	ck_assert_int_eq(STAILQ_FIRST(&call->args)->pos.col, 9);
	add_expr(&read, STAILQ_FIRST(&call->args));
	ck_assert_str_eq(buf_str(&read), expr_rows[_i].read);
	buf_free(&text);
	buf_free(&read);
	script_free(&s);
}
END_TEST

static const struct {
	const char *text; /* of what follows the equals sign */
	const char *result, *error, *note;
} result_rows[] = {
	{ "0", "0", NULL, NULL },
	{ "...", "...", NULL, NULL },
	{ "-1 EAGAIN (Resource temporarily unavailable)", "-1", "EAGAIN",
	    "Resource temporarily unavailable" },
	{ "-1 EPIPE(Broken  pipe)", "-1", "EPIPE", "Broken pipe" },
	{ "-1 EFAULT", "-1", "EFAULT", NULL },
	{ "-1 (Invalid Argument)", "-1", NULL, "Invalid Argument" },
	{ "0x8002 (flags O_RDWR|O_NONBLOCK)", "hex 32770", NULL,
	    "flags O_RDWR|O_NONBLOCK" },
	{ "O_RDWR (flags)", "O_RDWR", NULL, "flags" },
};

/* A result ends where the next event begins. */
START_TEST(test_result)
{
	static const char *const nexts[] = { "", "\n0.1 > none", "\n+0 > none",
		"\n* > none", "\nconnection A", "`ls`" };
	const struct script_call *call;
	struct buf text = { 0 }, read = { 0 };
	struct script s;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(nexts); i++) {
		buf_addf(&text, "0 read(3, ..., 10) = %s%s",
		    result_rows[_i].text, nexts[i]);
		scripts_read(&s, buf_str(&text));
		call = scripts_event(&s, 0)->call;
		add_expr(&read, call->result);
		ck_assert_str_eq(buf_str(&read), result_rows[_i].result);
		ck_assert_pstr_eq(call->error, result_rows[_i].error);
		ck_assert_pstr_eq(call->note, result_rows[_i].note);
		ck_assert_int_eq(call->id, CALL_READ);
		ck_assert_int_eq(call->end, -1);
		buf_reset(&text);
		buf_reset(&read);
		script_free(&s);
	}
	buf_free(&text);
	buf_free(&read);
}
END_TEST

/* A call that blocks: times before and after the dots. */
START_TEST(test_blocking)
{
	static const struct {
		const char *text;
		enum script_when when;
		int64_t from, end;
	} rows[] = {
		{ "0.1...0.2", WHEN_AT, 100000000, 200000000 },
		{ "1...2", WHEN_AT, 1000000000, 2000000000 },
		{ "0....5", WHEN_AT, 0, 500000000 },
		{ "+0.0...0.5", WHEN_AFTER, 0, 500000000 },
		{ "+.1 ... .1", WHEN_AFTER, 100000000, 100000000 },
	};
	const struct script_event *ev;
	char text[80];
	struct script s;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		snprintf(text, sizeof(text), "%s accept(3, ..., ...) = 4",
		    rows[i].text);
		scripts_read(&s, text);
		ev = scripts_event(&s, 0);
		ck_assert_int_eq(ev->time.when, rows[i].when);
		ck_assert_int_eq(ev->time.from, rows[i].from);
		ck_assert_int_eq(ev->call->end, rows[i].end);
		ck_assert_str_eq(ev->source, text);
		script_free(&s);
	}
}
END_TEST

/* Every call has a name, and is found by it. */
START_TEST(test_names)
{
	ck_assert_int_eq(script_call_by_name(script_call_name(_i)), _i);
}
END_TEST

START_TEST(test_no_name)
{
	ck_assert_int_eq(script_call_by_name("fork"), NCALLS);
	ck_assert_int_eq(script_call_by_name(""), NCALLS);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("script_call");
	TCase *tc = tcase_create("calls");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_loop_test(tc, test_expr, 0, ARRAY_SIZE(expr_rows));
	tcase_add_loop_test(tc, test_result, 0, ARRAY_SIZE(result_rows));
	tcase_add_test(tc, test_blocking);
	tcase_add_loop_test(tc, test_names, 0, NCALLS);
	tcase_add_test(tc, test_no_name);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
