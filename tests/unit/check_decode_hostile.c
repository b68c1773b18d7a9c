/*
 * Frames that are cut, that lie about their lengths, or that are noise. Each
 * lies in a buffer of exactly its size, so that a sanitizer sees any octet
 * that is read beyond it.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/table.h"
#include "frames.h"
#include "noise.h"
#include "sniff/decode.h"
#include "tcp/notation.h"

#define FAULTS_FOUND                                                        \
	(FAULT_CHECKSUM | FAULT_OFFSET | FAULT_OPTION | FAULT_IP_CHECKSUM | \
	    FAULT_CUT | FAULT_OFFLOAD)

/* What holds for every segment, however broken. */
static void
check_invariants(const struct segment *s, const uint8_t *p, size_t caplen,
    size_t len)
{
	struct buf b = { 0 };

	ck_assert(s->tuple.src.addr.ip == 4 || s->tuple.src.addr.ip == 6);
	ck_assert_uint_eq(s->tuple.src.addr.ip, s->tuple.dst.addr.ip);
	ck_assert_uint_eq(s->ctl & ~CTL_ALL, 0);
	ck_assert_uint_le(s->rsvd, 7);
	ck_assert_uint_le(s->options_len, SEG_OPTIONS_MAX);
	ck_assert_uint_eq(s->faults & ~FAULTS_FOUND, 0);
	ck_assert_uint_le(s->text_kept, s->text_len);
	ck_assert_uint_le(s->text_len, len);
	ck_assert_int_eq(s->text == NULL, s->text_kept == 0);
	if (s->text != NULL) {
		ck_assert(s->text >= p);
		ck_assert_uint_le(s->text - p + s->text_kept, caplen);
	}
	if (s->faults & FAULT_CUT)
		ck_assert_uint_eq(s->faults & FAULT_CHECKSUM, 0);
	else
		ck_assert_uint_eq(s->text_kept, s->text_len);
	if (s->faults & FAULT_OFFSET)
		ck_assert_uint_eq(s->options_len + s->text_len, 0);
	else
		ck_assert_uint_le(20 + s->options_len, s->offset * 4);
	notation_add_tcpdump(&b, s);
	buf_free(&b);
}

/* Octets that say what cannot be, or something else than TCP. */
START_TEST(test_lies)
{
	static const struct {
		bool ip6;
		uint8_t at, octets[2];
		enum decode expected;
	} rows[] = {
		{ false, IP - 2, { 0x08, 0x06 }, DECODE_OTHER }, /* ARP */
		{ false, IP - 2, { 0x00, 0x41 }, DECODE_OTHER }, /* 802.3 */
		{ false, IP - 2, { 0x81, 0x00 }, DECODE_OTHER }, /* a tag */
		{ false, IP, { 0x65, 0 }, DECODE_OTHER }, /* not version 4 */
		{ false, IP, { 0x44, 0 }, DECODE_SHORT }, /* header of 16 */
		{ false, IP, { 0x4c, 0 }, DECODE_SHORT }, /* leaves 17 */
		{ false, IP + 2, { 0, 1 }, DECODE_SHORT },
		{ false, IP + 2, { 0, 19 }, DECODE_SHORT },
		{ false, IP + 2, { 0, 39 }, DECODE_SHORT },
		{ false, IP + 2, { 0, 40 }, DECODE_TCP },
		{ false, IP + 2, { 0, 66 }, DECODE_SHORT }, /* frame: 65 */
		{ false, IP + 2, { 255, 255 }, DECODE_SHORT },
		{ false, IP + 6, { 0, 1 }, DECODE_FRAGMENT },
		{ false, IP + 6, { 0x3f, 0 }, DECODE_FRAGMENT },
		{ false, IP + 8, { 64, 17 }, DECODE_OTHER }, /* UDP */
		{ true, IP, { 0x45, 0 }, DECODE_OTHER },     /* not version 6 */
		{ true, IP + 4, { 0, 19 }, DECODE_SHORT },
		{ true, IP + 4, { 0, 20 }, DECODE_TCP },
		{ true, IP + 4, { 0, 41 }, DECODE_SHORT }, /* frame: 40 */
		{ true, IP + 6, { 17, 64 }, DECODE_OTHER },
		{ true, IP + 6, { 59, 64 }, DECODE_OTHER },
		{ true, IP + 6, { 0, 64 }, DECODE_SHORT }, /* 0x40 * 8 */
	};
	struct segment s;
	struct frame f;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		f = rows[i].ip6 ? copy(frame6, sizeof(frame6))
				: copy(frame4, sizeof(frame4));
		memcpy(f.p + rows[i].at, rows[i].octets, 2);
		if (rows[i].ip6 && rows[i].octets[0] == 0)
			f.p[TCP6 + 1] = 0x40;
		ck_assert_msg(decode_frame(&s, LINK_ETHERNET, f.p, f.len,
				  f.len) == rows[i].expected,
		    "row %zu", i);
		free(f.p);
	}
}
END_TEST

/* Segmentation offload leaves the lengths of the IP headers 0. */
START_TEST(test_length_0)
{
	struct frame f = copy(frame4, sizeof(frame4));
	struct segment s;

	f.p[IP + 3] = 0;
	fix(&f, TCP4);
	ck_assert_int_eq(decode_frame(&s, LINK_ETHERNET, f.p, f.len, f.len),
	    DECODE_TCP);
	ck_assert_uint_eq(s.faults, 0);
	ck_assert_uint_eq(s.text_len, 13);
	ck_assert_int_eq(decode_frame(&s, LINK_ETHERNET, f.p, f.len,
			     f.len + 100000),
	    DECODE_TCP);
	ck_assert_uint_eq(s.faults, FAULT_CUT);
	ck_assert_uint_eq(s.text_len, 100013);
	ck_assert_uint_eq(s.text_kept, 13);
	free(f.p);

	f = copy(frame6, sizeof(frame6));
	f.p[IP + 5] = 0;
	ck_assert_int_eq(decode_frame(&s, LINK_ETHERNET, f.p, f.len, f.len),
	    DECODE_TCP);
	ck_assert_uint_eq(s.faults, 0);
	ck_assert_uint_eq(s.options_len, 20);
	free(f.p);
}
END_TEST

START_TEST(test_first_fragment)
{
	struct frame f = copy(frame4, sizeof(frame4));
	struct segment s;

	f.p[IP + 6] = 0x20;
	f.p[TCP4 + 17]++; /* the sum of the whole is not known here */
	put16(f.p + IP + 10, 0);
	put16(f.p + IP + 10, ~sum(f.p + IP, TCP4 - IP, 0));
	ck_assert_int_eq(decode_frame(&s, LINK_ETHERNET, f.p, f.len, f.len),
	    DECODE_TCP);
	ck_assert_uint_eq(s.faults, FAULT_CUT);
	ck_assert_uint_eq(s.text_len, 13);
	ck_assert_uint_eq(s.options_len, 12);
	/* It ends within the options: they are no fault, but cut. */
	f.p[IP + 3] = 20 + 20 + 8;
	ck_assert_int_eq(decode_frame(&s, LINK_ETHERNET, f.p, f.len, f.len),
	    DECODE_TCP);
	ck_assert_uint_eq(s.faults, FAULT_CUT | FAULT_IP_CHECKSUM);
	ck_assert_uint_eq(s.options_len, 2);
	ck_assert_uint_eq(s.text_len, 0);
	free(f.p);
}
END_TEST

/* A wire length below the captured one is a file's lie. */
START_TEST(test_len_below_caplen)
{
	struct frame f = copy(frame4, sizeof(frame4));
	struct segment s;

	ck_assert_int_eq(decode_frame(&s, LINK_ETHERNET, f.p, f.len, 20),
	    DECODE_TCP);
	ck_assert_uint_eq(s.faults, 0);
	ck_assert_uint_eq(s.text_kept, 13);
	free(f.p);
}
END_TEST

/*
 * Every prefix of a frame, as the capture's cut and as all that was sent. tcp
 * is where the segment starts.
 */
static void
check_prefixes(int dlt, const struct frame *whole, size_t tcp)
{
	struct segment s;
	struct frame f;
	enum decode d;
	size_t n;

	for (n = 0; n <= whole->len; n++) {
		f = copy(whole->p, n);
		d = decode_frame(&s, dlt, f.p, n, whole->len);
		ck_assert_int_eq(d, n < tcp + 20 ? DECODE_CUT : DECODE_TCP);
		if (d == DECODE_TCP) {
			check_invariants(&s, f.p, n, whole->len);
			ck_assert_uint_eq(s.faults,
			    n < whole->len ? FAULT_CUT : 0);
			ck_assert_uint_eq(s.text_len,
			    whole->len - tcp - s.offset * 4);
		}
		ck_assert_int_eq(decode_frame(&s, dlt, f.p, n, n),
		    n < whole->len ? DECODE_SHORT : DECODE_TCP);
		free(f.p);
	}
}

START_TEST(test_prefixes)
{
	struct frame f = copy(frame4, sizeof(frame4));

	check_prefixes(LINK_ETHERNET, &f, TCP4);
	insert(&f, 12, "\x88\xa8\0\1\x81\0\0\2", 8);
	check_prefixes(LINK_ETHERNET, &f, TCP4 + 8);
	free(f.p);
	f = copy(frame6, sizeof(frame6));
	check_prefixes(LINK_ETHERNET, &f, TCP6);
	free(f.p);
	f = extended();
	check_prefixes(LINK_ETHERNET, &f, TCP6 + sizeof(extensions));
	free(f.p);
	f = copy(frame6 + IP, sizeof(frame6) - IP);
	check_prefixes(LINK_RAW, &f, TCP6 - IP);
	insert(&f, 0, "\36\0\0\0", 4);
	check_prefixes(LINK_NULL, &f, TCP6 - IP + 4);
	free(f.p);
}
END_TEST

#define NMUTATIONS 100000

START_TEST(test_mutations)
{
	static const int links[] = { LINK_ETHERNET, LINK_ETHERNET, LINK_RAW,
		LINK_NULL, LINK_LINUX_SLL, LINK_LINUX_SLL2, LINK_ETHERNET,
		105 };
	struct frame bases[] = { copy(frame4, sizeof(frame4)),
		copy(frame6, sizeof(frame6)), extended(),
		copy(frame4 + IP, sizeof(frame4) - IP) };
	unsigned seen[NDECODE] = { 0 }, faults[6] = { 0 }, i, j;
	uint32_t x = 2463534242;
	struct segment s;
	struct frame f;
	enum decode d;
	size_t len;

	for (i = 0; i < NMUTATIONS; i++) {
		j = next_random(&x) % ARRAY_SIZE(bases);
		f = copy(bases[j].p, bases[j].len);
		mutate(&f, &x);
		len = f.len + (next_random(&x) % 2 ? 0 : next_random(&x) % 99);
		d = decode_frame(&s, links[next_random(&x) % ARRAY_SIZE(links)],
		    f.p, f.len, len);
		seen[d]++;
		if (d == DECODE_TCP) {
			check_invariants(&s, f.p, f.len, len);
			for (j = 0; j < 6; j++)
				faults[j] += s.faults >> j & 1;
		}
		free(f.p);
	}
	/* The mutations reach every outcome, and often. */
	for (i = 0; i < NDECODE; i++)
		ck_assert_uint_gt(seen[i], NMUTATIONS / 200);
	for (i = 0; i < 6; i++)
		ck_assert(1 << i == FAULT_CHECKSUM_ZERO || faults[i] > 300);
	for (i = 0; i < ARRAY_SIZE(bases); i++)
		free(bases[i].p);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("decode_hostile");
	TCase *tc = tcase_create("decode_hostile");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, test_lies);
	tcase_add_test(tc, test_length_0);
	tcase_add_test(tc, test_first_fragment);
	tcase_add_test(tc, test_len_below_caplen);
	tcase_add_test(tc, test_prefixes);
	tcase_add_test(tc, test_mutations);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
