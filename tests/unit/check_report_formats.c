/* The reports for programs: TAP and JSON Lines. */
#include <check.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/table.h"
#include "samples.h"

static struct samples samples;

static void
setup(void)
{
	samples_make(&samples);
}

static void
teardown(void)
{
	samples_free(&samples);
}

/* ---- TAP ---- */

/* The first line; whether a block follows. */
static const struct {
	enum sample sample;
	const char *line;
	const char *verdict; /* in the block; NULL: there is none */
} tap_rows[] = {
	{ S_PASS, "ok 7 - s/pass\n", NULL },
	{ S_PASS_NOISE, "ok 7 - s/noise\n", NULL },
	{ S_PASS_CALL, "ok 7 - s/close\n", NULL },
	{ S_ALLOWED, "ok 7 - s/allowed\n", "ALLOWED" },
	{ S_DEVIATION,
	    "not ok 7 - s/deviation # TODO known deviation linux/fin\n",
	    "DEVIATION" },
	{ S_SKIP,
	    "ok 7 - s/skip # SKIP no IPv6 a\\\\x1b[31m \\\\x07 \\\\xff "
	    "\\\\xe2\\\\x80\\\\xae \\\\x5c \xc3\xa9z\n",
	    NULL },
	{ S_INCONCLUSIVE, "not ok 7 - s/inconclusive\n", "INCONCLUSIVE" },
	{ S_NOT_SENT, "not ok 7 - s/not-sent\n", "INCONCLUSIVE" },
	{ S_NOT_CALLED, "not ok 7 - s/not-called\n", "INCONCLUSIVE" },
	{ S_FAIL, "not ok 7 - s/fail\n", "FAIL" },
	{ S_FAIL_PORT, "not ok 7 - s/port\n", "FAIL" },
	{ S_FAIL_TWICE, "not ok 7 - s/twice\n", "FAIL" },
	{ S_FAIL_CALL, "not ok 7 - s/call\n", "FAIL" },
	{ S_ERROR, "not ok 7 - s/error\n", "ERROR" },
};

/*
 * The block is YAML: a literal scalar is as deep as its first line, or as
 * its indicator says, and no line of it may be less deep.
 */
static void
check_block(const char *block, const char *verdict)
{
	const char *line, *detail;
	struct buf head = { 0 };
	unsigned deep = 0;

	buf_addf(&head, "  ---\n  verdict: %s\n  detail: |", verdict);
	ck_assert_msg(strncmp(block, head.p, head.len) == 0, "%s", block);
	line = block + head.len;
	if (*line >= '1' && *line <= '9')
		deep = 2 + *line++ - '0';
	ck_assert_msg(*line == '\n', "%s", block);
	detail = ++line;
	if (deep == 0)
		deep = strspn(detail, " ");
	ck_assert_uint_ge(deep, 3);
	for (; strncmp(line, "  ...\n", 6) != 0;
	     line += strcspn(line, "\n") + 1)
		ck_assert_msg(*line != '\0' && strspn(line, " ") >= deep,
		    "less deep than %u: %s\nin:\n%s", deep, line, block);
	ck_assert_msg(line > detail && line[6] == '\0', "%s", block);
	buf_free(&head);
}

START_TEST(test_tap)
{
	enum sample i = tap_rows[_i].sample;
	char *text = samples_one(&report_tap, 0, false, 7, &samples.c[i]);
	size_t n = strlen(tap_rows[_i].line);

	ck_assert_msg(strncmp(text, tap_rows[_i].line, n) == 0, "%s", text);
	if (tap_rows[_i].verdict != NULL)
		check_block(text + n, tap_rows[_i].verdict);
	else
		ck_assert_str_eq(text + n, "");
	free(text);
}
END_TEST

/* What the block tells. */
static const struct {
	enum sample sample;
	const char *part;
} tap_detail_rows[] = {
	{ S_FAIL, "\n    expected   <SEQ=0><ACK=1001><CTL=RST,ACK>\n" },
	{ S_FAIL, "\n    observed   <SEQ=0><ACK=1000><CTL=RST,ACK>\n" },
	{ S_FAIL, "\n      wrong    ack: expected 1001 " },
	{ S_FAIL, "\n    rule       closed/no-ack (MUST-7) RFC 9293 " },
	{ S_FAIL, "\n    why        " SAMPLES_ESCAPED "\n" },
	{ S_DEVIATION, "\n    known as   linux/fin\n" },
	{ S_INCONCLUSIVE, "\n    verdict    the link is down\n" },
};

START_TEST(test_tap_detail)
{
	char *text = samples_one(&report_tap, 0, false, 1,
	    &samples.c[tap_detail_rows[_i].sample]);

	ck_assert_msg(strstr(text, tap_detail_rows[_i].part) != NULL,
	    "no \"%s\" in:\n%s", tap_detail_rows[_i].part, text);
	free(text);
}
END_TEST

/* "#" would begin a directive. */
START_TEST(test_tap_hash)
{
	struct report_case c = samples.c[S_PASS];
	char *text;

	c.id = "a # TODO \\";
	text = samples_one(&report_tap, 0, false, 1, &c);
	ck_assert_str_eq(text, "ok 1 - a \\# TODO \\\\x5c\n");
	free(text);
}
END_TEST

START_TEST(test_tap_frame)
{
	const struct report_head head = { .stack = "Linux",
		.version = "6.18",
		.against = "RFC 9293",
		.matrix = false,
		.ncases = 13 };
	const struct report_tail tail = { .n = { [V_PASS] = 12, [V_FAIL] = 1 },
		.seconds = 2 };
	char *text = samples_head(&report_tap, &head);

	/* prove(1) knows 13, and the plan stands before the first test */
	ck_assert_str_eq(text, "TAP version 13\n1..13\n");
	free(text);
	text = samples_tail(&report_tap, 0, &tail);
	ck_assert_str_eq(text, "# 13 cases: 12 pass, 1 fail, in 2.00 s\n");
	free(text);
}
END_TEST

/* ---- JSON Lines ---- */

static json_t *
object_of(enum sample i)
{
	char *text = samples_one(&report_json, 0, false, 1, &samples.c[i]);
	size_t n = strlen(text);
	json_error_t e;
	json_t *obj;

	/* one line */
	ck_assert_msg(n > 0 && strchr(text, '\n') == text + n - 1, "%s", text);
	obj = json_loads(text, JSON_REJECT_DUPLICATES, &e);
	ck_assert_msg(obj != NULL, "%s: %s", e.text, text);
	ck_assert(json_is_object(obj));
	free(text);
	return obj;
}

/* The values of keys; NULL: the key is not there. */
static const struct {
	enum sample sample;
	const char *key, *value;
} json_rows[] = {
	{ S_PASS, "id", "s/pass" },
	{ S_PASS, "verdict", "PASS" },
	{ S_PASS, "stack", "Linux 6.18.44" },
	{ S_PASS, "state", "CLOSED" },
	{ S_PASS, "event", "segment" },
	{ S_PASS, "what", SAMPLES_ESCAPED },
	{ S_PASS, "rule", "closed/no-ack" },
	{ S_PASS, "level", "MUST-7" },
	{ S_PASS, "why", SAMPLES_ESCAPED },
	{ S_PASS, "expected", "<SEQ=0><ACK=1001><CTL=RST,ACK>" },
	{ S_PASS, "observed", "<SEQ=0><ACK=1001><CTL=RST,ACK>" },
	{ S_PASS, "reason", NULL },
	{ S_PASS, "deviation", NULL },
	{ S_ALLOWED, "verdict", "ALLOWED" },
	{ S_ALLOWED, "reason",
	    "not what is required, but " SAMPLES_ESCAPED " allows it" },
	{ S_DEVIATION, "verdict", "DEVIATION" },
	{ S_DEVIATION, "deviation", "linux/fin" },
	{ S_DEVIATION, "observed", "none" },
	{ S_SKIP, "id", "s/skip" },
	{ S_SKIP, "verdict", "SKIP" },
	{ S_SKIP, "reason", "no IPv6 " SAMPLES_ESCAPED },
	{ S_SKIP, "rule", NULL },
	{ S_SKIP, "expected", NULL },
	{ S_INCONCLUSIVE, "verdict", "INCONCLUSIVE" },
	{ S_INCONCLUSIVE, "reason", "the link is down" },
	{ S_FAIL, "verdict", "FAIL" },
	{ S_FAIL, "expected", "<SEQ=0><ACK=1001><CTL=RST,ACK>" },
	{ S_FAIL, "observed", "<SEQ=0><ACK=1000><CTL=RST,ACK>" },
	{ S_FAIL_CALL, "event", "CLOSE" },
	{ S_FAIL_CALL, "observed", "none" },
	{ S_ERROR, "verdict", "ERROR" },
	{ S_ERROR, "state", "SYN-SENT" },
	{ S_ERROR, "rule", NULL },
};

START_TEST(test_json)
{
	json_t *obj = object_of(json_rows[_i].sample);
	const char *value =
	    json_string_value(json_object_get(obj, json_rows[_i].key));

	if (json_rows[_i].value == NULL)
		ck_assert_ptr_null(json_object_get(obj, json_rows[_i].key));
	else
		ck_assert_str_eq(value ? value : "no such key",
		    json_rows[_i].value);
	json_decref(obj);
}
END_TEST

/* Every case that was judged has these. */
START_TEST(test_json_keys)
{
	static const char *const keys[] = { "id", "verdict", "rule", "cite",
		"expected", "observed", "state", "event", "level", "why",
		"fields", "exchange", "what", "stack" };
	json_t *obj = object_of(_i), *version;
	size_t i;

	version = json_object_get(obj, "version");
	ck_assert_int_eq(json_integer_value(version), 1);
	ck_assert(json_is_array(json_object_get(obj, "exchange")));
	for (i = 0; samples.j[_i].rule != NULL && i < ARRAY_SIZE(keys); i++)
		ck_assert_msg(json_object_get(obj, keys[i]) != NULL,
		    "%s has no %s", samples.c[_i].id, keys[i]);
	json_decref(obj);
}
END_TEST

START_TEST(test_json_lists)
{
	json_t *obj = object_of(S_FAIL), *list, *item;
	const char *name, *expected, *observed, *segment, *from;
	int ok, under_test;

	list = json_object_get(obj, "cite");
	ck_assert_uint_eq(json_array_size(list), 2);
	ck_assert_str_eq(json_string_value(json_array_get(list, 0)),
	    "RFC 9293 3.10.7.1");
	ck_assert_str_eq(json_string_value(json_array_get(list, 1)),
	    SAMPLES_ESCAPED);

	list = json_object_get(obj, "fields");
	ck_assert_uint_eq(json_array_size(list), 3);
	item = json_array_get(list, 2);
	ck_assert_int_eq(json_unpack(item, "{s:s, s:s, s:s, s:b}", "name",
			     &name, "expected", &expected, "observed",
			     &observed, "ok", &ok),
	    0);
	ck_assert_str_eq(name, "ack");
	ck_assert_str_eq(expected, "1001 (SEG.SEQ+SEG.LEN)");
	ck_assert_str_eq(observed, "1000 (1 too low)");
	ck_assert(!ok);
	ck_assert(json_is_true(json_object_get(json_array_get(list, 0), "ok")));

	list = json_object_get(obj, "exchange");
	ck_assert_uint_eq(json_array_size(list), 2);
	item = json_array_get(list, 0);
	ck_assert_int_eq(json_unpack(item, "{s:s, s:s, s:b}", "segment",
			     &segment, "from", &from, "under_test",
			     &under_test),
	    0);
	ck_assert_str_eq(segment,
	    "IP 192.0.2.1.1024 > 192.0.2.2.80: Flags [S], seq 1000, win "
	    "64240, length 0");
	ck_assert_str_eq(from, "peer");
	ck_assert(under_test);
	item = json_array_get(list, 1);
	ck_assert_str_eq(json_string_value(json_object_get(item, "segment")),
	    "IP 192.0.2.2.80 > 192.0.2.1.1024: Flags [R.], seq 0, ack 1000, "
	    "win 64240, length 0");
	ck_assert_str_eq(json_string_value(json_object_get(item, "from")),
	    "stack");
	ck_assert(json_is_false(json_object_get(item, "under_test")));
	json_decref(obj);
}
END_TEST

/* A call stands in the exchange where it was made. */
static const struct {
	enum sample sample;
	const char *from; /* of each: our peer, the stack, or its user */
	size_t call;	  /* which of them is the call */
} call_rows[] = {
	{ S_PASS_CALL, "peer stack user stack stack", 2 },
	{ S_FAIL_CALL, "user", 0 },
	{ S_NOT_CALLED, "", 9 },
	{ S_PASS, "peer stack", 9 },
};

START_TEST(test_json_call)
{
	json_t *obj = object_of(call_rows[_i].sample), *list, *item;
	struct buf from = { 0 };
	size_t i;

	list = json_object_get(obj, "exchange");
	for (i = 0; i < json_array_size(list); i++) {
		item = json_array_get(list, i);
		buf_addf(&from, "%s%s", i ? " " : "",
		    json_string_value(json_object_get(item, "from")));
		if (i != call_rows[_i].call) {
			ck_assert_ptr_null(json_object_get(item, "call"));
			continue;
		}
		ck_assert_str_eq(json_string_value(json_object_get(item,
				     "call")),
		    "CLOSE");
		ck_assert(json_is_true(json_object_get(item, "under_test")));
	}
	ck_assert_str_eq(buf_str(&from), call_rows[_i].from);
	buf_free(&from);
	json_decref(obj);
}
END_TEST

/* What we send to tidy up is not part of the case. */
START_TEST(test_cleanup)
{
	static const struct report_format *const formats[] = { &report_text,
		&report_tap, &report_json };
	struct segment rst = util_ours("<SEQ=424242><CTL=RST>");
	size_t i;
	char *text;

	exchange_sent(&samples.x[S_FAIL], &rst, REL_CLEANUP);
	for (i = 0; i < ARRAY_SIZE(formats); i++) {
		text = samples_one(formats[i], 1, false, 1, &samples.c[S_FAIL]);
		ck_assert_msg(strstr(text, "424242") == NULL, "%s", text);
		free(text);
	}
}
END_TEST

/* There is no head and no tail: every line is a case. */
START_TEST(test_json_frame)
{
	const struct report_head head = { .stack = "Linux",
		.version = "6.18",
		.against = "RFC 9293",
		.matrix = false,
		.ncases = 13 };
	const struct report_tail tail = { .seconds = 2 };
	char *text = samples_head(&report_json, &head);

	ck_assert_str_eq(text, "");
	free(text);
	text = samples_tail(&report_json, 0, &tail);
	ck_assert_str_eq(text, "");
	free(text);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("report_formats");
	TCase *tc = tcase_create("tap and json");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, test_tap, 0, ARRAY_SIZE(tap_rows));
	tcase_add_loop_test(tc, test_tap_detail, 0,
	    ARRAY_SIZE(tap_detail_rows));
	tcase_add_test(tc, test_tap_hash);
	tcase_add_test(tc, test_tap_frame);
	tcase_add_loop_test(tc, test_json, 0, ARRAY_SIZE(json_rows));
	tcase_add_loop_test(tc, test_json_keys, 0, NSAMPLES);
	tcase_add_test(tc, test_json_lists);
	tcase_add_loop_test(tc, test_json_call, 0, ARRAY_SIZE(call_rows));
	tcase_add_test(tc, test_cleanup);
	tcase_add_test(tc, test_json_frame);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
