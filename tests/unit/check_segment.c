/* The segment: its length in sequence space, and its own faults. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "tcp/option.h"
#include "tcp/segment.h"

static const struct {
	uint16_t ctl;
	uint32_t text_len, len;
} len_rows[] = {
	{ 0, 0, 0 },
	{ CTL_ACK, 0, 0 },
	{ CTL_ALL & ~(CTL_SYN | CTL_FIN), 0, 0 },
	{ CTL_SYN, 0, 1 },
	{ CTL_FIN, 0, 1 },
	{ CTL_SYN | CTL_FIN, 0, 2 },
	{ CTL_PSH | CTL_ACK, 1460, 1460 },
	{ CTL_SYN | CTL_ACK, 10, 11 },
	{ CTL_FIN | CTL_ACK, 10, 11 },
	{ CTL_ALL, 10, 12 },
	{ CTL_RST, 5, 5 },
	{ CTL_ACK, 100000, 100000 },
};

START_TEST(test_seg_len)
{
	struct segment s = {
		.ctl = len_rows[_i].ctl,
		.text_len = len_rows[_i].text_len,
		.text_kept = 3, /* what was kept has no say in it */
	};

	ck_assert_uint_eq(seg_len(&s), len_rows[_i].len);
}
END_TEST

/* Of 20 octets of header, the options padded to words, and the text. */
static const struct {
	uint8_t offset;
	const char *options;
	uint8_t options_len;
	uint32_t text_len;
	uint8_t faults;
} fault_rows[] = {
	{ 0, "", 0, 0, 0 },
	{ 0, "", 0, 100, 0 },
	{ 1, "", 0, 100, FAULT_OFFSET },
	{ 4, "", 0, 100, FAULT_OFFSET },
	{ 5, "", 0, 0, 0 },
	{ 6, "", 0, 0, FAULT_OFFSET },
	{ 6, "", 0, 3, FAULT_OFFSET },
	{ 6, "", 0, 4, 0 },
	{ 15, "", 0, 40, 0 },
	{ 15, "", 0, 39, FAULT_OFFSET },
	{ 6, "\1", 1, 0, 0 },
	{ 7, "\1", 1, 0, FAULT_OFFSET },
	{ 6, "\4\2\1\1", 4, 0, 0 },
	{ 7, "\4\2\1\1", 4, 0, FAULT_OFFSET },
	{ 7, "\4\2\1\1\1", 5, 0, 0 },
	{ 5, "\4\2\1\1", 4, 0, 0 },
	{ 9, "\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1", 16, 0, 0 },
	{ 10, "\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1", 16, 0, FAULT_OFFSET },
	/* options, by their last octet; EOL hides what follows */
	{ 0, "\2\4\5\xb4", 4, 0, 0 },
	{ 0, "\2\3\5", 3, 0, FAULT_OPTION },
	{ 0, "\1\4\2\115\0", 5, 0, FAULT_OPTION },
	{ 0, "\1\0\2\0", 4, 0, 0 },
	{ 4, "\2\0\0\0", 4, 0, FAULT_OFFSET | FAULT_OPTION },
};

/* What else was known to be wrong stays known. */
START_TEST(test_find_faults)
{
	struct segment s = {
		.offset = fault_rows[_i].offset,
		.options_len = fault_rows[_i].options_len,
		.text_len = fault_rows[_i].text_len,
		.faults = FAULT_CHECKSUM | FAULT_CUT,
	};

	memcpy(s.options, fault_rows[_i].options, s.options_len);
	seg_find_faults(&s);
	ck_assert_uint_eq(s.faults,
	    FAULT_CHECKSUM | FAULT_CUT | fault_rows[_i].faults);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("segment");
	TCase *tc = tcase_create("segment");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_loop_test(tc, test_seg_len, 0, ARRAY_SIZE(len_rows));
	tcase_add_loop_test(tc, test_find_faults, 0, ARRAY_SIZE(fault_rows));
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
