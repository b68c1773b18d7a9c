/* Broken segments: what is broken on request, and what is refused. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "crafted.h"

/* Any data offset can be said; the text does not move. */
START_TEST(test_any_data_offset)
{
	struct craft *c = open_none();
	struct segment s = syn(_i ? 6 : 4);
	const uint8_t *tcp;
	size_t len;
	int i;

	s.text = (const uint8_t *)"text";
	s.text_len = 4;
	opt_add_mss(&s, 1460);
	for (i = 1; i < 16; i++) {
		s.offset = i;
		tcp = build(c, &s, &len) + ETH_LEN + (_i ? 40 : 20);
		ck_assert_uint_eq(tcp[12], i << 4);
		ck_assert_mem_eq(tcp + 24, "text", 4);
	}
	s.offset = 0;
	tcp = build(c, &s, &len) + ETH_LEN + (_i ? 40 : 20);
	ck_assert_uint_eq(tcp[12], 6 << 4);
	s.faults = FAULT_OFFSET;
	tcp = build(c, &s, &len) + ETH_LEN + (_i ? 40 : 20);
	ck_assert_uint_eq(tcp[12], 0);
	craft_close(c);
}
END_TEST

/* A fault changes its own field and no other octet, and only where asked. */
START_TEST(test_faults)
{
	static const struct {
		uint8_t fault;
		size_t at, len; /* the field, from the start of the frame */
	} rows[] = {
		{ FAULT_CHECKSUM, 50, 2 },
		{ FAULT_CHECKSUM_ZERO, 50, 2 },
		{ FAULT_CHECKSUM | FAULT_CHECKSUM_ZERO, 50, 2 },
		{ FAULT_IP_CHECKSUM, 24, 2 },
		{ FAULT_OPTION, 0, 0 },
		{ FAULT_CUT, 0, 0 },
	};
	struct craft *c = open_none();
	struct segment s = syn(4);
	uint8_t right[200];
	const uint8_t *frame;
	size_t len, i, at;

	s.text = (const uint8_t *)"text";
	s.text_len = 4;
	memcpy(right, build(c, &s, &len), 58);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		at = rows[i].at;
		s.faults = rows[i].fault;
		frame = build(c, &s, &len);
		ck_assert_uint_eq(len, 58);
		ck_assert_mem_eq(frame, right, at);
		if (rows[i].len > 0)
			ck_assert_mem_ne(frame + at, right + at, rows[i].len);
		at += rows[i].len;
		ck_assert_mem_eq(frame + at, right + at, len - at);
		if (s.faults & FAULT_CHECKSUM_ZERO)
			ck_assert_uint_eq(frame[50] | frame[51], 0);
	}
	craft_close(c);
}
END_TEST

/*
 * A checksum that is to be wrong is wrong for each of the 65535 right ones,
 * by the arithmetic of a receiver, for whom 0 and 0xffff are one number; the
 * field is 0 whenever that can be wrong. The urgent pointer makes the right
 * checksum take each value.
 */
START_TEST(test_wrong_for_every_checksum)
{
	static const uint8_t fault[] = { FAULT_CHECKSUM, FAULT_CHECKSUM_ZERO };
	struct craft *c = open_none();
	struct segment s = syn(_i / 2 ? 6 : 4);
	const uint8_t *frame;
	unsigned accepted = 0, zeros = 0, right_zeros = 0, field, up;
	struct err e = { 0 };
	struct seen v;
	size_t len;

	s.faults = fault[_i % 2];
	for (up = 0; up < 65535; up++) {
		s.up = up;
		if (craft_build(c, &s, &frame, &len, &e) == -1)
			ck_abort_msg("%s", e.msg);
		see(&v, frame, len);
		field = bits(v.tcp, 128, 16);
		accepted += field % 65535 == v.right;
		zeros += field == 0;
		right_zeros += v.right == 0;
	}
	ck_assert_uint_eq(accepted, 0);
	ck_assert_uint_eq(right_zeros, 1);
	ck_assert_uint_eq(zeros, _i % 2 ? 65534 : 0);
	craft_close(c);
}
END_TEST

/* The header checksum of IPv4 likewise, moved by the identification. */
START_TEST(test_wrong_for_every_ip_checksum)
{
	struct craft *c = open_none();
	struct segment s = syn(4);
	unsigned accepted = 0, id;
	const uint8_t *frame;
	struct err e = { 0 };
	size_t len;

	s.faults = FAULT_IP_CHECKSUM;
	for (id = 0; id < 65536; id++) {
		s.ip_id = id;
		if (craft_build(c, &s, &frame, &len, &e) == -1)
			ck_abort_msg("%s", e.msg);
		accepted += mod_add(0, frame + ETH_LEN, 20) == 0;
	}
	ck_assert_uint_eq(accepted, 0);
	craft_close(c);
}
END_TEST

/* Change a good segment so that no frame can be made of it. */
static void
spoil(struct segment *s, int how)
{
	switch (how) {
	case 0:
		s->tuple.src.addr.ip = s->tuple.dst.addr.ip = 0;
		break;
	case 1:
		s->tuple.src.addr.ip = 4;
		break;
	case 2:
		s->tuple.dst.addr.ip = 4;
		break;
	case 3:
		s->ctl = 0x200;
		break;
	case 4:
		s->rsvd = 8;
		break;
	case 5:
		s->offset = 16;
		break;
	case 6:
		s->options_len = 41;
		break;
	case 7:
		s->text = NULL;
		break;
	case 8:
		s->text_kept = s->text_len - 1;
		break;
	case 9:
		s->faults = FAULT_IP_CHECKSUM;
		break;
	}
}
#define NSPOILT 10

/* Refused with a reason; the context is as good as before. */
START_TEST(test_refused)
{
	struct craft *c = open_none();
	struct segment s = syn(6);
	const uint8_t *frame;
	struct err e = { 0 };
	size_t len;

	s.text = (const uint8_t *)"text";
	s.text_len = s.text_kept = 4;
	build(c, &s, &len);
	spoil(&s, _i);
	ck_assert_int_eq(craft_build(c, &s, &frame, &len, &e), -1);
	ck_assert_int_eq(e.kind, ERR_USAGE);
	ck_assert_uint_gt(strlen(e.msg), 10);
	s = syn(4);
	build(c, &s, &len);
	craft_close(c);
}
END_TEST

/* A context that only builds does not send, with a frame or without. */
START_TEST(test_build_only)
{
	struct craft *c = open_none();
	struct segment s = syn(4);
	struct err e = { 0 };
	size_t len;

	ck_assert_int_eq(craft_send(c, &e), -1);
	ck_assert_int_eq(e.kind, ERR_INTERNAL);
	build(c, &s, &len);
	e.kind = ERR_NONE;
	ck_assert_int_eq(craft_send(c, &e), -1);
	ck_assert_int_eq(e.kind, ERR_INTERNAL);
	craft_close(c);
	craft_close(NULL);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("craft_faults");
	TCase *tc = tcase_create("craft_faults");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_loop_test(tc, test_any_data_offset, 0, 2);
	tcase_add_test(tc, test_faults);
	tcase_add_loop_test(tc, test_wrong_for_every_checksum, 0, 4);
	tcase_add_test(tc, test_wrong_for_every_ip_checksum);
	tcase_add_loop_test(tc, test_refused, 0, NSPOILT);
	tcase_add_test(tc, test_build_only);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
