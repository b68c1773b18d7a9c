/* Reports: what has become of a connection, and the behaviours of a matrix. */
#include <check.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

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

/* ---- a case: its connection afterwards, the kernel's own reason ---- */

#define AFTER(...) (&(const struct aftermath){ __VA_ARGS__ })

/* The lines of the text, and what JSON's `after` holds then. */
static const struct {
	enum sample sample; /* of s/close: it was ESTABLISHED */
	const struct aftermath *after;
	const char *line; /* NULL: there is none */
	const char *json; /* the same */
} after_rows[] = {
	{ S_PASS_CALL, NULL, NULL, NULL },
	{ S_PASS_CALL, AFTER(.state = ST_ESTABLISHED),
	    "ESTABLISHED, as before\n", "{\"state\":\"ESTABLISHED\"}" },
	{ S_PASS_CALL, AFTER(.state = ST_CLOSED), "ESTABLISHED, then CLOSED\n",
	    "{\"state\":\"CLOSED\"}" },
	{ S_FAIL, AFTER(.state = ST_CLOSED), "CLOSED, as before\n",
	    "{\"state\":\"CLOSED\"}" },
	/* nobody sees and reads where there is no user */
	{ S_PASS_CALL,
	    AFTER(.state = ST_CLOSED, .sees = SEES_RESET, .unread = 5),
	    "ESTABLISHED, then CLOSED\n", "{\"state\":\"CLOSED\"}" },
	{ S_PASS_CALL,
	    AFTER(.state = ST_CLOSED, .has_user = true, .sees = SEES_NOTHING),
	    "ESTABLISHED, then CLOSED; the user sees nothing\n",
	    "{\"state\":\"CLOSED\",\"user\":\"nothing\",\"unread\":0}" },
	{ S_PASS_CALL,
	    AFTER(.state = ST_CLOSE_WAIT, .has_user = true,
		.sees = SEES_CLOSING, .unread = 1),
	    "ESTABLISHED, then CLOSE-WAIT; the user sees the end of file and "
	    "can read 1 octet\n",
	    "{\"state\":\"CLOSE-WAIT\",\"user\":\"closing\",\"unread\":1}" },
	{ S_PASS_CALL,
	    AFTER(.state = ST_CLOSED, .has_user = true, .sees = SEES_REFUSED),
	    "ESTABLISHED, then CLOSED; the user sees \"connection refused\" "
	    "(ECONNREFUSED)\n",
	    "{\"state\":\"CLOSED\",\"user\":\"refused\",\"unread\":0}" },
	{ S_PASS_CALL,
	    AFTER(.state = ST_CLOSED, .has_user = true, .sees = SEES_RESET,
		.unread = 1400),
	    "ESTABLISHED, then CLOSED; the user sees \"connection reset\" "
	    "(ECONNRESET) and can read 1400 octets\n",
	    "{\"state\":\"CLOSED\",\"user\":\"reset\",\"unread\":1400}" },
	{ S_PASS_CALL,
	    AFTER(.state = ST_CLOSED, .has_user = true, .sees = SEES_TIMEOUT),
	    "ESTABLISHED, then CLOSED; the user sees \"user timeout\" "
	    "(ETIMEDOUT)\n",
	    "{\"state\":\"CLOSED\",\"user\":\"timeout\",\"unread\":0}" },
	{ S_PASS_CALL,
	    AFTER(.state = ST_CLOSED, .has_user = true, .sees = SEES_PIPE),
	    "ESTABLISHED, then CLOSED; the user sees a broken pipe (EPIPE)\n",
	    "{\"state\":\"CLOSED\",\"user\":\"pipe\",\"unread\":0}" },
	{ S_PASS_CALL,
	    AFTER(.state = ST_CLOSED, .has_user = true, .sees = SEES_OTHER),
	    "ESTABLISHED, then CLOSED; the user sees another error\n",
	    "{\"state\":\"CLOSED\",\"user\":\"other\",\"unread\":0}" },
};

static json_t *
parse(const char *text)
{
	json_error_t e;
	json_t *obj = json_loads(text, JSON_REJECT_DUPLICATES, &e);

	ck_assert_msg(json_is_object(obj), "%s: %s", e.text, text);
	return obj;
}

/* The value of a key as one string, or NULL. */
static char *
dumped(const char *text, const char *key)
{
	json_t *obj = parse(text), *value = json_object_get(obj, key);
	char *s = NULL;

	if (value != NULL)
		s = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
	json_decref(obj);
	return s;
}

/* `label` begins a line of the text that goes on as `rest`; NULL: none does. */
static void
check_line(const char *text, const char *label, const char *rest)
{
	const char *at = strstr(text, label);

	if (rest == NULL) {
		ck_assert_msg(at == NULL, "%s", text);
		return;
	}
	ck_assert_msg(at != NULL, "no%s in:\n%s", label, text);
	at += strlen(label);
	ck_assert_msg(strncmp(at, rest, strlen(rest)) == 0,
	    "not as \"%s\" in:\n%s", rest, text);
}

static void
check_value(const char *text, const char *key, const char *want)
{
	char *value = dumped(text, key);

	if (want == NULL)
		ck_assert_ptr_null(value);
	else
		ck_assert_str_eq(value ? value : "no such key", want);
	free(value);
}

START_TEST(test_after)
{
	struct report_case c = samples.c[after_rows[_i].sample];
	char *text;

	c.after = after_rows[_i].after;
	text = samples_one(&report_text, 1, false, 1, &c);
	check_line(text, "\n    state      ", after_rows[_i].line);
	free(text);
	text = samples_one(&report_json, 0, false, 1, &c);
	check_value(text, "after", after_rows[_i].json);
	free(text);
}
END_TEST

static const struct {
	const char *reason;
	const char *line, *json;
} kernel_rows[] = {
	{ NULL, NULL, NULL },
	{ "NO_SOCKET", "NO_SOCKET\n", "\"NO_SOCKET\"" },
	{ "TCP_RFC7323_PAWS", "TCP_RFC7323_PAWS\n", "\"TCP_RFC7323_PAWS\"" },
	/* people are told what that name means */
	{ "NOT_SPECIFIED", "not said\n", "\"NOT_SPECIFIED\"" },
};

START_TEST(test_kernel)
{
	struct report_case c = samples.c[S_FAIL];
	char *text;

	c.kernel_reason = kernel_rows[_i].reason;
	text = samples_one(&report_text, 0, false, 1, &c);
	check_line(text, "\n    kernel     ", kernel_rows[_i].line);
	free(text);
	text = samples_one(&report_json, 0, false, 1, &c);
	check_value(text, "kernel_reason", kernel_rows[_i].json);
	free(text);
}
END_TEST

/* ---- behaviours ---- */

enum { RULE = 1, KNOWN = 2, REPLY = 4 };

#define SHAPE "<SEQ=SND.NXT><CTL=RST>, then CLOSED"
#define DUE   "<SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK>, then CLOSED"
#define RULE_LINE                                                           \
	"    rule       closed/no-ack (MUST-7) RFC 9293 3.10.7.1, "         \
	"a\\x1b[31m \\x07 \\xff\n               \\xe2\\x80\\xae \\x5c \xc3" \
	"\xa9z\n"
#define SHAPES "    required   " DUE "\n    observed   " SHAPE "\n"

static const struct {
	enum verdict verdict;
	unsigned has; /* RULE, KNOWN, REPLY */
	unsigned n;
	bool colour;
	const char *text;
	const char *key, *value; /* what JSON has, as it is written */
	const char *absent;	 /* and what not */
} behaviour_rows[] = {
	{ V_FAIL, RULE, 1, false,
	    "FAIL         1 cell: closed/no-ack\n    example    m/S\n" RULE_LINE
		SHAPES "    why        " SAMPLES_ESCAPED "\n",
	    "rule", "\"closed/no-ack\"", "deviation" },
	{ V_FAIL, RULE, 2, true,
	    "\033[31mFAIL        \033[0m 2 cells: closed/no-ack\n"
	    "    example    m/S\n" RULE_LINE SHAPES
	    "    why        " SAMPLES_ESCAPED "\n",
	    "cells", "2", "allowed_by" },
	{ V_DEVIATION, RULE | KNOWN, 84, false,
	    "DEVIATION    84 cells: linux/fin\n    example    m/S\n" RULE_LINE
		SHAPES "    why        " SAMPLES_ESCAPED "\n",
	    "deviation", "\"linux/fin\"", "allowed_by" },
	{ V_ALLOWED, RULE | REPLY, 3, false,
	    "ALLOWED      3 cells: closed/no-ack\n    example    "
	    "m/S\n" RULE_LINE SHAPES "    allowed by " SAMPLES_ESCAPED "\n",
	    "allowed_by",
	    "\"a\\\\x1b[31m \\\\x07 \\\\xff \\\\xe2\\\\x80\\\\xae \\\\x5c "
	    "\xc3\xa9z\"",
	    "deviation" },
	/* what was not judged has only its reason */
	{ V_INCONCLUSIVE, 0, 1, false,
	    "INCONCLUSIVE 1 cell: no rule\n    example    m/S\n"
	    "    verdict    " SHAPE "\n",
	    "observed", "\"" SHAPE "\"", "rule" },
	{ V_ERROR, 0, 5, false,
	    "ERROR        5 cells: no rule\n    example    m/S\n"
	    "    verdict    " SHAPE "\n",
	    "verdict", "\"ERROR\"", "cite" },
	/* and the other keys */
	{ V_FAIL, RULE, 1, false, NULL, "required", "\"" DUE "\"", "id" },
	{ V_FAIL, RULE, 1, false, NULL, "example", "\"m/S\"", "exchange" },
	{ V_FAIL, RULE, 1, false, NULL, "version", "1", "state" },
	{ V_FAIL, RULE, 1, false, NULL, "level", "\"MUST-7\"", "what" },
	{ V_FAIL, RULE, 1, false, NULL, "cite",
	    "[\"RFC 9293 3.10.7.1\",\"a\\\\x1b[31m \\\\x07 \\\\xff "
	    "\\\\xe2\\\\x80\\\\xae \\\\x5c \xc3\xa9z\"]",
	    "reason" },
};

static char *
one_behaviour(const struct report_format *f, bool colour,
    const struct report_behaviour *b)
{
	struct report_options o = { .colour = colour };
	char *text;
	size_t n;

	o.out = open_memstream(&text, &n);
	ck_assert_ptr_nonnull(o.out);
	f->behaviour(&o, b);
	fclose(o.out);
	return text;
}

START_TEST(test_behaviour)
{
	static const struct reply reply = { .by = SAMPLES_RAW };
	unsigned has = behaviour_rows[_i].has;
	struct report_behaviour b = { .verdict = behaviour_rows[_i].verdict,
		.rule = has & RULE ? samples.j[S_FAIL].rule : NULL,
		.deviation =
		    has & KNOWN ? samples.j[S_DEVIATION].deviation : NULL,
		.reply = has & REPLY ? &reply : NULL,
		.required = DUE,
		.shape = SHAPE,
		.n = behaviour_rows[_i].n,
		.example = "m/S" };
	char *text = one_behaviour(&report_text, behaviour_rows[_i].colour, &b);

	if (behaviour_rows[_i].text != NULL)
		ck_assert_str_eq(text, behaviour_rows[_i].text);
	free(text);
	text = one_behaviour(&report_json, true, &b);
	/* one line */
	ck_assert_ptr_eq(strchr(text, '\n'), text + strlen(text) - 1);
	check_value(text, behaviour_rows[_i].key, behaviour_rows[_i].value);
	check_value(text, behaviour_rows[_i].absent, NULL);
	free(text);
}
END_TEST

/* TAP and nmap have no form for them. */
START_TEST(test_formats)
{
	ck_assert_ptr_nonnull(report_text.behaviour);
	ck_assert_ptr_nonnull(report_json.behaviour);
	ck_assert_ptr_null(report_tap.behaviour);
	ck_assert_ptr_null(report_nmap.behaviour);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("report_matrix");
	TCase *tc = tcase_create("after and behaviours");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, test_after, 0, ARRAY_SIZE(after_rows));
	tcase_add_loop_test(tc, test_kernel, 0, ARRAY_SIZE(kernel_rows));
	tcase_add_loop_test(tc, test_behaviour, 0, ARRAY_SIZE(behaviour_rows));
	tcase_add_test(tc, test_formats);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
