/* Segments become frames: every field, every option, every length. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "crafted.h"

#define NRANDOM 5000

/* xorshift64: the same numbers in each run. */
static uint32_t
next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state >> 16;
}

static void
fill(uint64_t *rnd, void *to, size_t len)
{
	uint8_t *p = to;

	while (len-- > 0)
		*p++ = next(rnd);
}

/*
 * A segment of random fields: any value of each, and with some of the faults.
 * The text is in memory of its own size, so that reading past it is seen.
 */
static void
random_segment(uint64_t *rnd, struct segment *s, uint8_t **text)
{
	static const uint32_t scale[] = { 1, 4, 100, 1500, 9000 };
	uint8_t ip = next(rnd) % 2 ? 4 : 6;

	fill(rnd, s, sizeof(*s));
	s->tuple.src.addr.ip = s->tuple.dst.addr.ip = ip;
	if (ip == 4) {
		memset(s->tuple.src.addr.octets + 4, 0, 12);
		memset(s->tuple.dst.addr.octets + 4, 0, 12);
	}
	s->ctl &= 0x1ff;
	s->rsvd &= 7;
	s->offset = next(rnd) % 2 ? 0 : next(rnd) % 16;
	s->options_len %= 41;
	s->faults = next(rnd) % 2 ? 0 : next(rnd) & (ip == 4 ? 0x3f : 0x2f);
	s->ttl = next(rnd) % 8 ? next(rnd) : 0;
	s->df = next(rnd) % 2;
	s->text_len = next(rnd) % scale[next(rnd) % ARRAY_SIZE(scale)];
	s->text_kept = next(rnd) % 2 ? s->text_len : 0;
	*text = malloc(s->text_len + 1);
	fill(rnd, *text, s->text_len);
	s->text = *text + 1; /* an odd address */
	s->text_len -= s->text_len > 0;
	s->text_kept -= s->text_kept > 0;
}

/*
 * Every field of every segment arrives, whatever was built before it in the
 * same context.
 */
START_TEST(test_random_segments)
{
	struct craft *c = open_none();
	uint64_t rnd = 9293;
	struct segment s;
	uint8_t *text;
	size_t len;
	int i;

	for (i = 0; i < NRANDOM; i++) {
		random_segment(&rnd, &s, &text);
		build(c, &s, &len);
		free(text);
	}
	craft_close(c);
}
END_TEST

/*
 * IP 192.0.2.1.1024 > 192.0.2.2.80: Flags [S], seq 16909060, win 64240,
 *     options [mss 1460], length 0
 */
static const uint8_t golden_syn[] = { 0x02, 0x00, 0x00, 0x00, 0x00, 0x02, 0x02,
	0x00, 0x00, 0x00, 0x00, 0x01, 0x08, 0x00, 0x45, 0x00, 0x00, 0x2c, 0x12,
	0x34, 0x40, 0x00, 0x40, 0x06, 0xa4, 0x94, 0xc0, 0x00, 0x02, 0x01, 0xc0,
	0x00, 0x02, 0x02, 0x04, 0x00, 0x00, 0x50, 0x01, 0x02, 0x03, 0x04, 0x00,
	0x00, 0x00, 0x00, 0x60, 0x02, 0xfa, 0xf0, 0x10, 0xdc, 0x00, 0x00, 0x02,
	0x04, 0x05, 0xb4 };

/*
 * IP6 (class 0xab, hlim 255) 2001:db8::1.80 > 2001:db8::2.1024: Flags
 *     [FP.e], seq 4294967294:1, ack 16909061, win 1, length 3: all three
 *     reserved bits and an urgent pointer are set too
 */
static const uint8_t golden_fin[] = { 0x02, 0x00, 0x00, 0x00, 0x00, 0x02, 0x02,
	0x00, 0x00, 0x00, 0x00, 0x01, 0x86, 0xdd, 0x6a, 0xb0, 0x00, 0x00, 0x00,
	0x17, 0x06, 0xff, 0x20, 0x01, 0x0d, 0xb8, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x20, 0x01, 0x0d, 0xb8, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x00,
	0x50, 0x04, 0x00, 0xff, 0xff, 0xff, 0xfe, 0x01, 0x02, 0x03, 0x05, 0x5f,
	0x19, 0x00, 0x01, 0xf5, 0xe9, 0xab, 0xcd, 0x47, 0x45, 0x54 };

/* Two frames made by another program, octet by octet. */
START_TEST(test_golden_frames)
{
	struct craft *c = open_none();
	struct segment s = syn(4);
	const uint8_t *frame;
	size_t len;

	s.ip_id = 0x1234;
	s.df = true;
	opt_add_mss(&s, 1460);
	frame = build(c, &s, &len);
	ck_assert_uint_eq(len, sizeof(golden_syn));
	ck_assert_mem_eq(frame, golden_syn, len);

	s = syn(6);
	s.tuple.src.port = 80;
	s.tuple.dst.port = 1024;
	s.seq = 0xfffffffe;
	s.ack = 0x01020305;
	s.ctl = CTL_FIN | CTL_PSH | CTL_ACK | CTL_AE;
	s.rsvd = 7;
	s.wnd = 1;
	s.up = 0xabcd;
	s.tos = 0xab;
	s.ttl = 255;
	s.text = (const uint8_t *)"GET";
	s.text_len = 3;
	frame = build(c, &s, &len);
	ck_assert_uint_eq(len, sizeof(golden_fin));
	ck_assert_mem_eq(frame, golden_fin, len);
	craft_close(c);
}
END_TEST

/* Each control bit and each reserved bit alone lands where it belongs. */
START_TEST(test_one_bit_each)
{
	int ip = _i ? 6 : 4;
	struct craft *c = open_none();
	struct segment s = syn(ip);
	const uint8_t *tcp;
	size_t len;
	int bit;

	s.ctl = 0;
	for (bit = 0; bit < 12; bit++) {
		s.ctl = bit < 9 ? 1 << bit : 0;
		s.rsvd = bit < 9 ? 0 : 1 << (bit - 9);
		tcp = build(c, &s, &len) + ETH_LEN + (ip == 6 ? 40 : 20);
		ck_assert_uint_eq(tcp[12] << 8 | tcp[13], 0x5000 | 1 << bit);
	}
	craft_close(c);
}
END_TEST

/* The ends of the ranges: ports 0, sequence numbers about to wrap. */
START_TEST(test_extreme_numbers)
{
	static const uint32_t ends[] = { 0, 1, 0x7fffffff, 0x80000000,
		0xfffffffe, 0xffffffff };
	struct craft *c = open_none();
	struct segment s = syn(_i ? 6 : 4);
	size_t len, i;

	s.text = (const uint8_t *)"wrap";
	s.text_len = 4;
	for (i = 0; i < ARRAY_SIZE(ends); i++) {
		s.seq = ends[i];
		s.ack = ends[ARRAY_SIZE(ends) - 1 - i];
		s.tuple.src.port = s.tuple.dst.port = s.wnd = s.up = s.seq;
		s.ip_id = s.seq;
		build(c, &s, &len);
	}
	craft_close(c);
}
END_TEST

/* Options, and their octets up to the padding. */
static const uint32_t edges[4][2] = { { 1, 2 }, { 0xfffffffe, 3 },
	{ 0x01020304, 0x05060708 }, { 9, 10 } };
static const struct {
	uint8_t kind, n; /* n: pairs, or octets of the cookie */
	uint8_t len;
	uint8_t octets[SEG_OPTIONS_MAX];
} options[] = {
	{ OPT_MSS, 0, 4, { 2, 4, 0x05, 0xb4 } },
	{ OPT_WSCALE, 0, 3, { 3, 3, 14 } },
	{ OPT_SACK_OK, 0, 2, { 4, 2 } },
	{ OPT_SACK, 1, 10, { 5, 10, 0, 0, 0, 1, 0, 0, 0, 2 } },
	{ OPT_SACK, 4, 34,
	    { 5, 34, 0, 0, 0, 1, 0, 0, 0, 2, 0xff, 0xff, 0xff, 0xfe, 0, 0, 0, 3,
		1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 9, 0, 0, 0, 10 } },
	{ OPT_TS, 0, 10, { 8, 10, 0x11, 0x22, 0x33, 0x44, 0, 0, 0, 7 } },
	{ OPT_MD5, 0, 18,
	    { 19, 18, 'd', 'i', 'g', 'e', 's', 't', ' ', 'o', 'f', ' ', '1',
		'6', ' ', 'o', 'c', 't' } },
	{ OPT_FASTOPEN, 0, 2, { 34, 2 } },
	{ OPT_FASTOPEN, 8, 10,
	    { 34, 10, 'd', 'i', 'g', 'e', 's', 't', ' ', 'o' } },
	/* no length at all, a length of 0, one past the end (MUST-7) */
	{ OPT_EOL, 1, 1, { 2 } },
	{ OPT_EOL, 4, 4, { 2, 0, 5, 180 } },
	{ OPT_EOL, 4, 4, { 3, 40, 14, 1 } },
};

static int
add_option(struct segment *s, int i)
{
	static const uint8_t digest[17] = "digest of 16 oct";

	switch (options[i].kind) {
	case OPT_MSS:
		return opt_add_mss(s, 1460);
	case OPT_WSCALE:
		return opt_add_wscale(s, 14);
	case OPT_SACK_OK:
		return opt_add_sack_ok(s);
	case OPT_SACK:
		return opt_add_sack(s, edges, options[i].n);
	case OPT_TS:
		return opt_add_ts(s, 0x11223344, 7);
	case OPT_MD5:
		return opt_add_md5(s, digest);
	case OPT_FASTOPEN:
		return opt_add_fastopen(s, digest, options[i].n);
	default:
		return opt_add_raw(s, options[i].octets, options[i].len);
	}
}

START_TEST(test_each_option)
{
	struct craft *c = open_none();
	struct segment s = syn(4);
	const uint8_t *frame;
	size_t len;

	ck_assert_int_eq(add_option(&s, _i), 0);
	frame = build(c, &s, &len);
	ck_assert_mem_eq(frame + 54, options[_i].octets, options[_i].len);
	ck_assert_uint_eq(len, 54 + (options[_i].len + 3) / 4 * 4);
	craft_close(c);
}
END_TEST

/* Any length of options is padded with EOL, not with what is in memory. */
START_TEST(test_option_padding)
{
	struct craft *c = open_none();
	struct segment s = syn(_i ? 6 : 4);
	size_t len;

	s.text = (const uint8_t *)"text";
	s.text_len = 4;
	memset(s.options, 0xff, sizeof(s.options));
	for (s.options_len = 0; s.options_len <= 40; s.options_len++)
		build(c, &s, &len);
	craft_close(c);
}
END_TEST

/* Texts of all short lengths: the last octet of an odd one counts too. */
START_TEST(test_short_texts)
{
	struct craft *c = open_none();
	struct segment s = syn(_i ? 6 : 4);
	uint64_t rnd = 1071;
	uint8_t *text;
	size_t len;

	for (s.text_len = 0; s.text_len < 70; s.text_len++) {
		text = malloc(s.text_len + 1);
		fill(&rnd, text, s.text_len);
		s.text = s.text_len > 0 ? text : NULL;
		build(c, &s, &len);
		free(text);
	}
	craft_close(c);
}
END_TEST

/*
 * The biggest text is built and right, also where every octet of the packet
 * is 0xff and so the sum the largest; one octet more is refused and not cut.
 */
START_TEST(test_biggest_text)
{
	bool v6 = _i / 2 == 1;
	uint8_t options_len = _i % 2 ? 37 : 0;
	uint32_t max = (v6 ? MAX_TEXT_6 : MAX_TEXT_4) - (_i % 2 ? 40 : 0);
	struct craft *c = open_none();
	struct segment s = syn(v6 ? 6 : 4);
	const uint8_t *frame;
	uint8_t *text = malloc(max + 1);
	struct err e = { 0 };
	size_t len;

	memset(text, 0xff, max + 1);
	s.text = text;
	s.text_len = max;
	s.options_len = options_len;
	build(c, &s, &len);

	memset(s.tuple.src.addr.octets, 0xff, v6 ? 16 : 4);
	memset(s.tuple.dst.addr.octets, 0xff, v6 ? 16 : 4);
	memset(s.options, 0xff, sizeof(s.options));
	s.seq = s.ack = 0xffffffff;
	s.tuple.src.port = s.tuple.dst.port = s.wnd = s.up = 0xffff;
	s.rsvd = 7;
	s.ctl = CTL_ALL;
	build(c, &s, &len);
	ck_assert_uint_eq(len, ETH_LEN + 65535 + (v6 ? 40 : 0));

	s.text_len++;
	ck_assert_int_eq(craft_build(c, &s, &frame, &len, &e), -1);
	ck_assert_int_eq(e.kind, ERR_USAGE);
	s.text_len = UINT32_MAX;
	ck_assert_int_eq(craft_build(c, &s, &frame, &len, &e), -1);
	free(text);
	craft_close(c);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("craft");
	TCase *tc = tcase_create("craft");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, test_random_segments);
	tcase_add_test(tc, test_golden_frames);
	tcase_add_loop_test(tc, test_one_bit_each, 0, 2);
	tcase_add_loop_test(tc, test_extreme_numbers, 0, 2);
	tcase_add_loop_test(tc, test_each_option, 0, ARRAY_SIZE(options));
	tcase_add_loop_test(tc, test_option_padding, 0, 2);
	tcase_add_loop_test(tc, test_short_texts, 0, 2);
	tcase_add_loop_test(tc, test_biggest_text, 0, 4);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
