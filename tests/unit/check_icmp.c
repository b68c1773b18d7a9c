/* The words for ICMP messages. */
#include <check.h>
#include <stdlib.h>

#include "base/table.h"
#include "tcp/icmp.h"

static const struct row {
	uint8_t ip, type, code;
	uint32_t mtu;
	const char *words;
} rows[] = {
	{ 4, 3, 0, 0, "net unreachable" },
	{ 4, 3, 1, 0, "host unreachable" },
	{ 4, 3, 2, 0, "protocol unreachable" },
	{ 4, 3, 3, 0, "port unreachable" },
	{ 4, 3, 4, 1400, "fragmentation needed, MTU 1400" },
	{ 4, 3, 4, 0, "fragmentation needed" },
	{ 4, 3, 9, 0, "net administratively prohibited" },
	{ 4, 3, 10, 0, "host administratively prohibited" },
	{ 4, 3, 13, 0, "administratively prohibited" },
	{ 4, 3, 15, 0, "precedence cutoff" },
	{ 4, 3, 16, 0, "type 3, code 16" },
	{ 4, 3, 99, 0, "type 3, code 99" },
	{ 4, 11, 0, 0, "time exceeded in transit" },
	{ 4, 11, 1, 0, "time exceeded in reassembly" },
	{ 4, 12, 0, 0, "parameter problem" },
	{ 4, 12, 255, 0, "parameter problem" },
	{ 4, 1, 0, 0, "type 1, code 0" },
	{ 6, 1, 0, 0, "no route" },
	{ 6, 1, 1, 0, "administratively prohibited" },
	{ 6, 1, 3, 0, "address unreachable" },
	{ 6, 1, 4, 0, "port unreachable" },
	{ 6, 1, 5, 0, "source address failed a policy" },
	{ 6, 1, 6, 0, "reject route" },
	{ 6, 1, 200, 0, "type 1, code 200" },
	{ 6, 2, 0, 1280, "packet too big, MTU 1280" },
	{ 6, 2, 7, 4294967295, "packet too big, MTU 4294967295" },
	{ 6, 3, 0, 0, "time exceeded in transit" },
	{ 6, 3, 1, 0, "time exceeded in reassembly" },
	{ 6, 3, 2, 0, "type 3, code 2" },
	{ 6, 4, 1, 0, "unknown next header" },
	{ 6, 255, 255, 0, "type 255, code 255" },
};

START_TEST(test_words)
{
	const struct row *r = &rows[_i];
	struct icmp m = { .from.ip = r->ip,
		.type = r->type,
		.code = r->code,
		.mtu = r->mtu };
	struct buf b = { 0 };

	buf_adds(&b, ">");
	icmp_add_text(&b, &m);
	ck_assert_str_eq(buf_str(&b) + 1, r->words);
	buf_free(&b);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("icmp");
	TCase *tc = tcase_create("icmp");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_loop_test(tc, test_words, 0, ARRAY_SIZE(rows));
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
