/* Who seems to have sent an answer: TTLs and times of several ports. */
#include <string.h>

#include "scans.h"

#define CLOSED(n)	TRIES(1, AT(7, rst_ack, .ttl = n))
#define OPEN(n)		TRIES(1, AT(7, syn_ack, .ttl = n))
#define CLOSED_AFTER(n) TRIES(1, AT(n, rst_ack))
#define OPEN_AFTER(n)	TRIES(1, AT(n, syn_ack))

/* Several ports: what is hinted of the first. */
static const struct {
	const char *name;
	struct port ports[PORTS_MAX];
	size_t n;
	uint8_t ttl;	  /* the baseline's */
	const char *hint; /* part of it; "": none */
} many[] = {
	{ "alone", { CLOSED(63) }, 1, 0, "" },
	{ "alike", { CLOSED(63), OPEN(63) }, 2, 63, "" },
	{ "not the open one's", { CLOSED(47), OPEN(63) }, 2, 63,
	    "its TTL is 47, that of the host's other answers is 63 "
	    "(port 81)" },
	{ "the open one itself", { OPEN(63), CLOSED(47), CLOSED(47) }, 3, 63,
	    "" },
	{ "two say nothing", { CLOSED(47), CLOSED(63) }, 2, 0, "" },
	{ "most of three", { CLOSED(47), CLOSED(63), CLOSED(63) }, 3, 63,
	    "TTL is 47" },
	{ "half of four is not most",
	    { CLOSED(47), CLOSED(47), CLOSED(63), CLOSED(63) }, 4, 0, "" },
	{ "an open one outweighs them",
	    { CLOSED(47), CLOSED(47), CLOSED(47), OPEN(63) }, 4, 63,
	    "(port 83)" },
	{ "an open one with two answers does not",
	    { CLOSED(47), TRIES(1, AT(7, syn_ack, .ttl = 63),
			      AT(8, rst_ack, .ttl = 47)) },
	    2, 0, "" },
	{ "a broken answer does not count",
	    { CLOSED(47), CLOSED(63),
		TRIES(1, AT(7, rst_ack, .ttl = 63, .faults = FAULT_CHECKSUM)) },
	    3, 0, "" },
	{ "two TTLs to one probe",
	    { TRIES(1, AT(7, rst_ack, .ttl = 47), AT(8, syn_ack, .ttl = 63)) },
	    1, 0, "TTL 47 and 63 came to one probe" },
	{ "sooner than all others", { CLOSED_AFTER(5), CLOSED_AFTER(21) }, 2, 0,
	    "after 5.00 ms, no other answer of the host in less than "
	    "21.00 ms" },
	{ "a quarter is not less", { CLOSED_AFTER(5), CLOSED_AFTER(20) }, 2, 0,
	    "" },
	{ "two milliseconds are not more", { CLOSED_AFTER(0), CLOSED_AFTER(2) },
	    2, 0, "" },
	{ "another one was as soon",
	    { CLOSED_AFTER(5), CLOSED_AFTER(50), CLOSED_AFTER(6) }, 3, 63, "" },
	{ "an open port is whose it is", { OPEN_AFTER(5), CLOSED_AFTER(50) }, 2,
	    63, "" },
};

START_TEST(test_hint)
{
	struct baseline b;
	struct finding f;

	make_scan(CTL_SYN, many[_i].ports, many[_i].n);
	baseline_learn(&b, scan);
	ck_assert_msg(b.ttl == many[_i].ttl, "%s: TTL %u", many[_i].name,
	    b.ttl);
	f = find(0, 0);
	ck_assert_msg(many[_i].hint[0] != '\0'
			  ? strstr(f.hint, many[_i].hint) != NULL
			  : f.hint[0] == '\0',
	    "%s: %s", many[_i].name, f.hint);
	free_scan();
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("finding_hint");
	TCase *tc = tcase_create("finding_hint");
	SRunner *sr;
	int failed;

	tcase_add_unchecked_fixture(tc, read_rules, NULL);
	tcase_add_loop_test(tc, test_hint, 0, ARRAY_SIZE(many));
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
