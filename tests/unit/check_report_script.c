/* What the reports say of scripts. */
#include <check.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/table.h"
#include "report/report_script.h"
#include "samples.h"

enum { PASS, LATE, SKIP, WRONG_STACK, WRONG_SCRIPT, NO_RULE, ERROR, NROWS };

static struct samples samples;
static struct report_script rows[NROWS];
static struct exchange none;

static const struct field fields[] = {
	{ "flags", "R.", "R.", true },
	{ "ack", "2", "1", false },
};

static void
setup(void)
{
	struct report_script plain = { .name = "a\\x1b/x.pkt",
		.expected = "",
		.observed = "",
		.required = "",
		.reason = "",
		.x = &samples.x[S_FAIL],
		.seconds = 0.25 };
	int i;

	samples_make(&samples);
	for (i = 0; i < NROWS; i++)
		rows[i] = plain;
	rows[LATE].off = -2500000;
	rows[LATE].off_line = 4;
	rows[SKIP].verdict = V_SKIP;
	rows[SKIP].line = 3;
	rows[SKIP].event = "`kldload #x`";
	rows[SKIP].reason = "it needs FreeBSD #1";
	for (i = WRONG_STACK; i <= NO_RULE; i++) {
		rows[i].verdict = V_FAIL;
		rows[i].line = 7;
		rows[i].event = "+0 > R. 0:0(0) ack 2 \x1b";
		rows[i].expected = "R. 0:0(0) ack 2";
		rows[i].observed = "R. 0:0(0) ack 1";
		rows[i].fields = fields;
		rows[i].nfields = ARRAY_SIZE(fields);
		rows[i].reason = "the numbers differ";
		rows[i].rule = samples.j[S_FAIL].rule;
		rows[i].required = "<SEQ=0><ACK=1001><CTL=RST,ACK>";
	}
	rows[WRONG_STACK].blame = BLAME_STACK;
	rows[WRONG_SCRIPT].blame = BLAME_SCRIPT;
	rows[NO_RULE].rule = NULL;
	rows[NO_RULE].required = "";
	rows[ERROR].verdict = V_ERROR;
	rows[ERROR].reason = "its process ended early";
	rows[ERROR].x = &none;
}

static void
teardown(void)
{
	samples_free(&samples);
}

static char *
written(const struct report_format *format, int verbosity, int row)
{
	struct report_options o = { .verbosity = verbosity };
	char *text = NULL;
	size_t len;

	o.out = open_memstream(&text, &len);
	ck_assert_ptr_nonnull(o.out);
	format->script(&o, 7, &rows[row]);
	fclose(o.out);
	ck_assert_msg(samples_printable(text), "%s", text);
	return text;
}

static const struct {
	int row, verbosity;
	const char *text; /* all of it when it ends in a newline */
} text_rows[] = {
	{ PASS, 0, "PASS         a\\x1b/x.pkt  0.25 s\n" },
	{ PASS, -1, "" },
	{ LATE, 0, "PASS         a\\x1b/x.pkt  0.25 s\n" },
	{ SKIP, 0, "SKIP         a\\x1b/x.pkt  line 3: it needs FreeBSD #1\n" },
	{ SKIP, -1,
	    "SKIP         a\\x1b/x.pkt  line 3: it needs FreeBSD #1\n" },
	{ ERROR, 0,
	    "ERROR        a\\x1b/x.pkt  0.25 s\n"
	    "    verdict    its process ended early\n" },
	{ NO_RULE, 0,
	    "FAIL         a\\x1b/x.pkt  0.25 s\n"
	    "    event      a\\x1b/x.pkt:7: +0 > R. 0:0(0) ack 2 \\x1b\n"
	    "    expected   R. 0:0(0) ack 2\n"
	    "    observed   R. 0:0(0) ack 1\n"
	    "      wrong    ack: expected 2, observed 1\n"
	    "    0.000000 < IP 192.0.2.1.1024 > 192.0.2.2.80: Flags [S], " },
};

START_TEST(test_text)
{
	char *text =
	    written(&report_text, text_rows[_i].verbosity, text_rows[_i].row);
	const char *want = text_rows[_i].text;
	size_t n = strlen(want);

	if (n == 0 || want[n - 1] == '\n')
		ck_assert_str_eq(text, want);
	else
		ck_assert_msg(strncmp(text, want, n) == 0, "%s", text);
	free(text);
}
END_TEST

static const struct {
	const struct report_format *format;
	int row, verbosity;
	const char *part;
	bool is;
} part_rows[] = {
	{ &report_text, PASS, 1, "    0.000000 < IP 192.0.2.1.1024 ", true },
	{ &report_text, PASS, 1, " > IP 192.0.2.2.80 > 192.0.2.1.1024", true },
	{ &report_text, LATE, 1,
	    "\n    time       a\\x1b/x.pkt:4: 2.500 ms early, ", true },
	{ &report_text, PASS, 1, "    time ", false },
	{ &report_text, WRONG_STACK, 0,
	    "\n    rule       closed/no-ack (MUST-7) RFC 9293 3.10.7.1, ",
	    true },
	{ &report_text, WRONG_STACK, 0,
	    "\n    required   <SEQ=0><ACK=1001><CTL=RST,ACK>\n", true },
	{ &report_text, WRONG_STACK, 0,
	    "\n    verdict    wrong stack: the script expects ", true },
	{ &report_text, WRONG_STACK, 0, "\n    reason     the numbers differ\n",
	    true },
	{ &report_text, WRONG_STACK, 0,
	    "\n    why        " SAMPLES_ESCAPED "\n", true },
	{ &report_text, WRONG_SCRIPT, 0,
	    "\n    verdict    wrong script: the script expects ", true },
	{ &report_text, NO_RULE, 0, "\n    verdict    the numbers differ\n",
	    true },
	{ &report_text, NO_RULE, 0, "    rule ", false },
	{ &report_text, NO_RULE, 0, "flags:", false },
	{ &report_tap, WRONG_STACK, 0,
	    "not ok 7 - a\\\\x1b/x.pkt\n  ---\n  verdict: FAIL\n"
	    "  detail: |\n    event      a\\x1b/x.pkt:7: ",
	    true },
	{ &report_tap, WRONG_SCRIPT, 0, "wrong script: ", true },
	{ &report_tap, PASS, 0, "ok 7 - a\\\\x1b/x.pkt\n", true },
	{ &report_tap, PASS, 0, "not ok", false },
	{ &report_tap, SKIP, 0,
	    "ok 7 - a\\\\x1b/x.pkt # SKIP it needs FreeBSD \\#1\n", true },
	{ &report_tap, ERROR, 0, "not ok 7 - ", true },
};

START_TEST(test_part)
{
	char *text = written(part_rows[_i].format, part_rows[_i].verbosity,
	    part_rows[_i].row);

	ck_assert_msg((strstr(text, part_rows[_i].part) != NULL) ==
			  part_rows[_i].is,
	    "\"%s\" in:\n%s", part_rows[_i].part, text);
	free(text);
}
END_TEST

/* ---- JSON ---- */

static json_t *
parsed(int row)
{
	char *text = written(&report_json, 0, row);
	json_error_t error;
	json_t *obj = json_loads(text, JSON_REJECT_DUPLICATES, &error);

	ck_assert_msg(obj != NULL, "%s in %s", error.text, text);
	ck_assert_ptr_eq(strchr(text, '\n'), text + strlen(text) - 1);
	free(text);
	return obj;
}

/* A member as text, or "" when it is not there. */
static const char *
member(const json_t *obj, const char *key)
{
	const char *s = json_string_value(json_object_get(obj, key));

	return s != NULL ? s : "";
}

static const struct {
	int row;
	const char *key, *value;
} json_rows[] = {
	{ PASS, "script", "a\\x1b/x.pkt" },
	{ PASS, "verdict", "PASS" },
	{ PASS, "event", "" },
	{ PASS, "rule", "" },
	{ SKIP, "verdict", "SKIP" },
	{ SKIP, "reason", "it needs FreeBSD #1" },
	{ WRONG_STACK, "event", "+0 > R. 0:0(0) ack 2 \\x1b" },
	{ WRONG_STACK, "expected", "R. 0:0(0) ack 2" },
	{ WRONG_STACK, "observed", "R. 0:0(0) ack 1" },
	{ WRONG_STACK, "rule", "closed/no-ack" },
	{ WRONG_STACK, "level", "MUST-7" },
	{ WRONG_STACK, "required", "<SEQ=0><ACK=1001><CTL=RST,ACK>" },
	{ WRONG_STACK, "wrong", "stack" },
	{ WRONG_STACK, "why", SAMPLES_ESCAPED },
	{ WRONG_SCRIPT, "wrong", "script" },
	{ NO_RULE, "wrong", "" },
	{ ERROR, "reason", "its process ended early" },
};

START_TEST(test_json)
{
	json_t *obj = parsed(json_rows[_i].row);

	ck_assert_str_eq(member(obj, json_rows[_i].key), json_rows[_i].value);
	json_decref(obj);
}
END_TEST

START_TEST(test_json_rest)
{
	json_t *obj = parsed(WRONG_STACK), *list, *one;

	ck_assert_int_eq(json_integer_value(json_object_get(obj, "version")),
	    1);
	ck_assert_int_eq(json_integer_value(json_object_get(obj, "line")), 7);
	ck_assert(json_real_value(json_object_get(obj, "seconds")) == 0.25);
	list = json_object_get(obj, "fields");
	ck_assert_uint_eq(json_array_size(list), 2);
	one = json_array_get(list, 1);
	ck_assert_str_eq(member(one, "name"), "ack");
	ck_assert(json_is_false(json_object_get(one, "ok")));
	list = json_object_get(obj, "exchange");
	ck_assert_uint_eq(json_array_size(list), 2);
	ck_assert_str_eq(member(json_array_get(list, 0), "from"), "peer");
	ck_assert_str_eq(member(json_array_get(list, 1), "from"), "stack");
	json_decref(obj);

	obj = parsed(LATE);
	ck_assert(json_real_value(json_object_get(obj, "off_ms")) == -2.5);
	ck_assert_int_eq(json_integer_value(json_object_get(obj, "off_line")),
	    4);
	json_decref(obj);
	obj = parsed(PASS);
	ck_assert_ptr_null(json_object_get(obj, "line"));
	ck_assert_ptr_null(json_object_get(obj, "off_ms"));
	json_decref(obj);
}
END_TEST

/* ---- head and tail ---- */

START_TEST(test_ends)
{
	static const struct {
		const struct report_format *format;
		size_t untold;
		const char *text;
	} t[] = {
		{ &report_text, 0,
		    "68 scripts: 60 pass, 3 skip, 5 fail, in 1.20 s\n" },
		{ &report_text, 2,
		    "68 scripts: 60 pass, 3 skip, 5 fail, in 1.20 s; "
		    "interrupted, 2 not played\n" },
		{ &report_tap, 0,
		    "TAP version 13\n1..68\n"
		    "# 68 scripts: 60 pass, 3 skip, 5 fail, in 1.20 s\n" },
		{ &report_json, 0, "" },
	};
	const struct report_script_head head = { 68 };
	struct report_script_tail tail = {
		.n = { [V_PASS] = 60, [V_SKIP] = 3, [V_FAIL] = 5 },
		.seconds = 1.2,
		.untold = t[_i].untold
	};
	struct report_options o = { 0 };
	char *text = NULL;
	size_t len;

	o.out = open_memstream(&text, &len);
	t[_i].format->script_head(&o, &head);
	t[_i].format->script_tail(&o, &tail);
	fclose(o.out);
	ck_assert_str_eq(text, t[_i].text);
	free(text);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("report of scripts");
	TCase *tc = tcase_create("report of scripts");
	SRunner *sr = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, test_text, 0, ARRAY_SIZE(text_rows));
	tcase_add_loop_test(tc, test_part, 0, ARRAY_SIZE(part_rows));
	tcase_add_loop_test(tc, test_json, 0, ARRAY_SIZE(json_rows));
	tcase_add_test(tc, test_json_rest);
	tcase_add_loop_test(tc, test_ends, 0, 4);
	suite_add_tcase(suite, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed > 0;
}
