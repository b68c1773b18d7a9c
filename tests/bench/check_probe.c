/*
 * retort probe against the liar: each wrong form must be named, through the
 * whole program, as its users see it. The program runs in the namespace of
 * the bench's peer; the liar is the only host there.
 */
#include <sys/prctl.h>

#include <cap-ng.h>
#include <check.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "liar.h"
#include "path/netlink.h"

static const struct row {
	enum lie lie;
	const char *preset;
	const char *answer, *verdict;
	const char *field;  /* the first that is wrong; NULL: none */
	const char *reason; /* part of it; "" of none */
} rows[] = {
	{ LIE_NONE, "syn", "closed", "PASS", NULL, "" },
	{ LIE_NONE, "ack", "reset", "PASS", NULL, "" },
	{ LIE_NONE, "xmas", "closed", "PASS", NULL, "" },
	{ LIE_NONE, "rst", "silent", "PASS", NULL, "" },
	{ LIE_ACK_NOT_PLUS_1, "syn", "wrong", "FAIL", "ack", "" },
	{ LIE_ACK_NOT_PLUS_1, "fin", "wrong", "FAIL", "ack", "" },
	{ LIE_ACK_RANDOM, "syn", "wrong", "FAIL", "ack", "" },
	{ LIE_RST_WITHOUT_ACK, "syn", "wrong", "FAIL", "ctl", "" },
	{ LIE_SEQ_NOT_ZERO, "syn", "wrong", "FAIL", "seq", "" },
	{ LIE_SEQ_PLUS_1, "ack", "wrong", "FAIL", "seq", "" },
	{ LIE_SEQ_PLUS_1, "syn-ack", "wrong", "FAIL", "seq", "" },
	{ LIE_ANSWERS_RST, "rst", "wrong", "FAIL", "reply", "none is due" },
	{ LIE_FIN_TOO, "syn", "wrong", "FAIL", "ctl", "" },
	{ LIE_ACK_BIT_OFF, "syn", "wrong", "FAIL", "ctl", "" },
	{ LIE_CHECKSUM, "syn", "wrong", "FAIL", "checksum", "checksum" },
	{ LIE_CHECKSUM, "fin", "wrong", "FAIL", "checksum", "checksum" },
	{ LIE_WRONG_PORT, "syn", "wrong", "FAIL", "source port", "port" },
	{ LIE_WRONG_PORT, "null", "wrong", "FAIL", "source port", "port" },
	{ LIE_FORGED_BLIND, "syn", "closed", "PASS", NULL, "set aside: 1" },
	{ LIE_FORGED_SIGHTED, "syn", "unclear", "INCONCLUSIVE", "seq",
	    "contradict" },
	{ LIE_TWICE, "syn", "wrong", "FAIL", "count", "twice" },
	{ LIE_TWICE, "ack", "wrong", "FAIL", "count", "twice" },
	{ LIE_NOTHING, "syn", "silent", "INCONCLUSIVE", NULL, "nothing came" },
	{ LIE_TEXT, "syn", "closed", "PASS", NULL, "" },
};

/*
 * In the user namespace of an ordinary user a program that is started has no
 * capability, unless it is handed on.
 */
static void
hand_on(void)
{
	capng_get_caps_process();
	capng_update(CAPNG_ADD, CAPNG_INHERITABLE, CAP_NET_RAW);
	ck_assert_int_eq(capng_apply(CAPNG_SELECT_CAPS), 0);
	ck_assert_int_eq(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE,
			     CAP_NET_RAW, 0, 0),
	    0);
}

/* A bench with the liar on it, or NULL where none is possible. */
static struct bench *
open_bench(enum lie lie)
{
	const struct bench_net *net;
	struct netlink *nl;
	struct bench *b;
	struct err e;

	liar_choose(lie);
	if (bench_open(&b, liar_run, &e) == -1) {
		fprintf(stderr, "%s\n", e.msg);
		return NULL;
	}
	/* it does not speak ARP */
	net = bench_net(b);
	ck_assert_int_eq(netlink_open(&nl, &e), 0);
	ck_assert_int_eq(netlink_add_neigh(nl, net->peer_if, &net->stack4,
			     net->stack_mac, &e),
	    0);
	netlink_close(nl);
	hand_on();
	return b;
}

/* Probe a port of the liar's; the object that was printed. */
static json_t *
probe(const char *preset)
{
	const char *dir = getenv("builddir"), *src = getenv("srcdir");
	char command[4096];
	json_error_t why;
	json_t *obj;
	FILE *out;

	snprintf(command, sizeof(command),
	    "%s/retort probe --data %s/data --interface peer --source "
	    "192.0.2.1 --timeout 50ms --preset %s -o json 192.0.2.2 5001",
	    dir ? dir : ".", src ? src : ".", preset);
	out = popen(command, "r");
	ck_assert_ptr_nonnull(out);
	obj = json_loadf(out, 0, &why);
	ck_assert_msg(obj != NULL, "%s", why.text);
	ck_assert_int_ne(pclose(out), -1);
	return obj;
}

static const char *
first_wrong(const json_t *obj)
{
	const json_t *field;
	size_t i;

	json_array_foreach(json_object_get(obj, "fields"), i, field) if (
	    !json_is_true(json_object_get(field,
		"ok"))) return json_string_value(json_object_get(field,
	    "name"));
	return "none";
}

static const char *
text(const json_t *obj, const char *key)
{
	const char *s = json_string_value(json_object_get(obj, key));

	return s != NULL ? s : "";
}

START_TEST(test_lie)
{
	const struct row *row = &rows[_i];
	struct bench *b = open_bench(row->lie);
	const char *field;
	json_t *obj;

	ck_assert_ptr_nonnull(b);
	obj = probe(row->preset);
	field = first_wrong(obj);
	ck_assert_msg(strcmp(text(obj, "answer"), row->answer) == 0 &&
			  strcmp(text(obj, "verdict"), row->verdict) == 0 &&
			  strcmp(field, row->field ? row->field : "none") ==
			      0 &&
			  strstr(text(obj, "reason"), row->reason) != NULL,
	    "lie %d to %s: %s, %s, field %s, \"%s\"", row->lie, row->preset,
	    text(obj, "answer"), text(obj, "verdict"), field,
	    text(obj, "reason"));
	/* who is wrong is told by which rule */
	ck_assert(strcmp(row->verdict, "FAIL") != 0 ||
		  (text(obj, "rule")[0] && text(obj, "expected")[0]));
	json_decref(obj);
	bench_close(b);
}
END_TEST

START_TEST(test_possible)
{
	struct bench *b = open_bench(LIE_NONE);

	if (b == NULL)
		exit(1);
	bench_close(b);
}
END_TEST

static int
run(const char *name, const TTest *test, int n)
{
	Suite *suite = suite_create(name);
	TCase *tc = tcase_create(name);
	SRunner *sr;
	int failed;

	tcase_set_timeout(tc, 30);
	tcase_add_loop_test(tc, test, 0, n);
	suite_add_tcase(suite, tc);
	sr = srunner_create(suite);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed;
}

int
main(void)
{
	if (run("a bench for the liar", test_possible, 1) != 0) {
		puts("SKIP: no private namespaces here (the line above "
		     "says why)");
		return 77;
	}
	return run("probing the liar", test_lie,
		   sizeof(rows) / sizeof(rows[0])) != 0;
}
