/* Frames become segments: every field, every fault, every link type. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "frames.h"
#include "sniff/decode.h"
#include "tcp/option.h"

static enum decode
decode(struct segment *s, const struct frame *f)
{
	return decode_frame(s, LINK_ETHERNET, f->p, f->len, f->len);
}

/* The segment that frame4 holds, whatever is around it. */
static void
check_frame4(const struct segment *s)
{
	static const uint8_t src[16] = { 192, 0, 2, 1 };
	static const uint8_t dst[16] = { 192, 0, 2, 2 };

	ck_assert_uint_eq(s->tuple.src.addr.ip, 4);
	ck_assert_uint_eq(s->tuple.dst.addr.ip, 4);
	ck_assert_mem_eq(s->tuple.src.addr.octets, src, 16);
	ck_assert_mem_eq(s->tuple.dst.addr.octets, dst, 16);
	ck_assert_uint_eq(s->tuple.src.port, 40000);
	ck_assert_uint_eq(s->tuple.dst.port, 4242);
	ck_assert_uint_eq(s->seq, 1001);
	ck_assert_uint_eq(s->ack, 0);
	ck_assert_uint_eq(s->ctl, CTL_PSH | CTL_ACK);
	ck_assert_uint_eq(s->rsvd, 0);
	ck_assert_uint_eq(s->offset, 8);
	ck_assert_uint_eq(s->wnd, 502);
	ck_assert_uint_eq(s->up, 0);
	ck_assert_uint_eq(s->cksum, 0xe9ee);
	ck_assert_uint_eq(s->options_len, 12);
	ck_assert_mem_eq(s->options, frame4 + OPTIONS4, 12);
	ck_assert_uint_eq(s->faults, 0);
	ck_assert_uint_eq(s->text_len, 13);
	ck_assert_uint_eq(s->text_kept, 13);
	ck_assert_mem_eq(s->text, "hello, world\n", 13);
	ck_assert_uint_eq(s->ttl, 64);
	ck_assert_uint_eq(s->ip_id, 0x1234);
	ck_assert(s->df);
}

START_TEST(test_ip4)
{
	struct frame f = copy(frame4, sizeof(frame4));
	struct segment s;

	ck_assert_int_eq(decode(&s, &f), DECODE_TCP);
	check_frame4(&s);
	ck_assert_uint_eq(s.tos, 0);
	f.p[IP + 1] = 0xb9;
	f.p[IP + 6] = 0;
	put16(f.p + TCP4 + 18, 0xabcd);
	memcpy(f.p + TCP4 + 8, "\x89\xab\xcd\xef", 4);
	fix(&f, TCP4);
	ck_assert_int_eq(decode(&s, &f), DECODE_TCP);
	ck_assert_uint_eq(s.faults, 0);
	ck_assert_uint_eq(s.tos, 0xb9);
	ck_assert_uint_eq(s.up, 0xabcd);
	ck_assert_uint_eq(s.ack, 0x89abcdef);
	ck_assert(!s.df);
	free(f.p);
}
END_TEST

START_TEST(test_ip6)
{
	struct frame f = copy(frame6, sizeof(frame6));
	struct segment s;

	f.p[IP] = 0x6a;
	f.p[IP + 1] = 0x5c; /* traffic class a5, flow label c.... */
	ck_assert_int_eq(decode(&s, &f), DECODE_TCP);
	ck_assert_uint_eq(s.tuple.src.addr.ip, 6);
	ck_assert_uint_eq(s.tuple.dst.addr.ip, 6);
	ck_assert_mem_eq(s.tuple.src.addr.octets, frame6 + IP + 8, 16);
	ck_assert_mem_eq(s.tuple.dst.addr.octets, frame6 + IP + 24, 16);
	ck_assert_uint_eq(s.tos, 0xa5);
	ck_assert_uint_eq(s.ttl, 64);
	ck_assert_uint_eq(s.seq, 1000);
	ck_assert_uint_eq(s.ctl, CTL_SYN);
	ck_assert_uint_eq(s.options_len, 20);
	ck_assert_uint_eq(s.text_len, 0);
	ck_assert_ptr_null(s.text);
	ck_assert_uint_eq(s.faults, 0);
	free(f.p);
}
END_TEST

START_TEST(test_extensions)
{
	struct frame f = extended();
	struct segment s;

	ck_assert_int_eq(decode(&s, &f), DECODE_TCP);
	ck_assert_uint_eq(s.seq, 1000);
	ck_assert_uint_eq(s.options_len, 20);
	ck_assert_uint_eq(s.faults, 0);
	/* The sum holds the last address, which is not in the header yet. */
	f.p[IP + 39] = 9;
	ck_assert_int_eq(decode(&s, &f), DECODE_TCP);
	ck_assert_uint_eq(s.faults, FAULT_CHECKSUM);
	f.p[EXT_ROUTING_LEFT] = 1;
	ck_assert_int_eq(decode(&s, &f), DECODE_TCP);
	ck_assert_uint_eq(s.faults, 0);
	f.p[EXT_FRAG + 1] = 1; /* more fragments */
	ck_assert_int_eq(decode(&s, &f), DECODE_TCP);
	ck_assert_uint_eq(s.faults, FAULT_CUT);
	f.p[EXT_FRAG + 1] = 8; /* a later fragment */
	ck_assert_int_eq(decode(&s, &f), DECODE_OTHER);
	free(f.p);
}
END_TEST

/* What follows the IP packet in the frame is no text. */
START_TEST(test_padding)
{
	struct frame f = copy(frame4, sizeof(frame4));
	struct segment s;

	insert(&f, f.len, "padding", 7);
	ck_assert_int_eq(decode(&s, &f), DECODE_TCP);
	check_frame4(&s);
	ck_assert_int_eq(decode_frame(&s, LINK_ETHERNET, f.p, f.len - 7, f.len),
	    DECODE_TCP);
	check_frame4(&s);
	free(f.p);
}
END_TEST

START_TEST(test_ip_options)
{
	struct frame f = copy(frame4, sizeof(frame4));
	struct segment s;

	insert(&f, TCP4, "\7\4\4\0\1\1\1\0", 8);
	f.p[IP] = 0x47;
	put16(f.p + IP + 2, 65 + 8);
	put16(f.p + IP + 10, 0);
	put16(f.p + IP + 10, ~sum(f.p + IP, 28, 0));
	ck_assert_int_eq(decode(&s, &f), DECODE_TCP);
	check_frame4(&s);
	free(f.p);
}
END_TEST

START_TEST(test_links)
{
	static const struct {
		int dlt;
		size_t len; /* of what stands before the IP header */
		const char *octets;
	} rows[] = {
		{ LINK_ETHERNET, 14, "dstdstsrcsrc\x08\0" },
		{ LINK_ETHERNET, 18, "dstdstsrcsrc\x81\0\0\7\x08\0" },
		{ LINK_ETHERNET, 22,
		    "dstdstsrcsrc\x88\xa8\0\7\x81\0\0\7\x08\0" },
		{ LINK_ETHERNET, 18, "dstdstsrcsrc\x91\0\0\7\x08\0" },
		{ LINK_RAW, 0, "" },
		{ LINK_IPV4, 0, "" },
		{ LINK_IPV6, 0, "" },
		{ LINK_NULL, 4, "\2\0\0\0" },
		{ LINK_NULL, 4, "\0\0\0\2" },
		{ LINK_LOOP, 4, "\0\0\0\2" },
		{ LINK_LINUX_SLL, 16, "\0\0\0\1\0\6sender\0\0\x08\0" },
		{ LINK_LINUX_SLL, 20,
		    "\0\0\0\1\0\6sender\0\0\x81\0\0\7\x08\0" },
		{ LINK_LINUX_SLL2, 20, "\x08\0\0\0\0\0\0\1\0\1\0\6sender\0\0" },
	};
	struct segment s;
	struct frame f;
	uint16_t type;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		f = copy(frame4 + IP, sizeof(frame4) - IP);
		insert(&f, 0, rows[i].octets, rows[i].len);
		ck_assert(decode_knows(rows[i].dlt));
		ck_assert_int_eq(decode_link(rows[i].dlt, f.p, f.len, &type),
		    rows[i].len);
		ck_assert_uint_eq(type, 0x0800);
		ck_assert_int_eq(decode_frame(&s, rows[i].dlt, f.p, f.len,
				     f.len),
		    DECODE_TCP);
		check_frame4(&s);
		free(f.p);
	}
	ck_assert(!decode_knows(105)); /* IEEE 802.11 */
	ck_assert_int_eq(decode_frame(&s, 105, frame4, sizeof(frame4),
			     sizeof(frame4)),
	    DECODE_OTHER);
}
END_TEST

START_TEST(test_bits)
{
	struct frame f = copy(frame4, sizeof(frame4));
	struct segment s;
	unsigned i;

	for (i = 0; i < 4096; i++) {
		put16(f.p + TCP4 + 12, 8 << 12 | i);
		fix(&f, TCP4);
		ck_assert_int_eq(decode(&s, &f), DECODE_TCP);
		ck_assert_uint_eq(s.ctl, i % 512);
		ck_assert_uint_eq(s.rsvd, i / 512);
		ck_assert_uint_eq(s.offset, 8);
		ck_assert_uint_eq(s.faults, 0);
	}
	free(f.p);
}
END_TEST

START_TEST(test_options)
{
	static const struct {
		const char octets[13];
		uint8_t faults;
	} rows[] = {
		{ "\2\4\5\xb4\1\1\1\1\1\1\1\1", 0 },
		{ "\xfd\xc"
		  "experiment",
		    0 },
		{ "\1\1\1\1\1\1\1\1\1\1\1\1", 0 },
		{ "\0\2\0\2\0\2\0\2\0\2\0\2", 0 },
		{ "\2\3\5\xb4\1\1\1\1\1\1\1\1", FAULT_OPTION },
		{ "\xfd\0\1\1\1\1\1\1\1\1\1\1", FAULT_OPTION },
		{ "\xfd\1\1\1\1\1\1\1\1\1\1\1", FAULT_OPTION },
		{ "\xfd\xd"
		  "experiment",
		    FAULT_OPTION },
		{ "\1\1\1\1\1\1\1\1\1\1\1\xfd", FAULT_OPTION },
	};
	struct frame f = copy(frame4, sizeof(frame4));
	struct segment s;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		memcpy(f.p + OPTIONS4, rows[i].octets, 12);
		fix(&f, TCP4);
		ck_assert_int_eq(decode(&s, &f), DECODE_TCP);
		ck_assert_uint_eq(s.faults, rows[i].faults);
		ck_assert_uint_eq(s.options_len, 12);
		ck_assert_mem_eq(s.options, rows[i].octets, 12);
		ck_assert_uint_eq(s.text_kept, 13);
	}
	free(f.p);
}
END_TEST

START_TEST(test_offset)
{
	struct frame f = copy(frame4, sizeof(frame4));
	static const uint8_t bad[] = { 0, 1, 4, 12, 15 };
	struct segment s;
	size_t i;

	for (i = 0; i < sizeof(bad); i++) {
		f.p[TCP4 + 12] = bad[i] << 4;
		fix(&f, TCP4);
		ck_assert_int_eq(decode(&s, &f), DECODE_TCP);
		ck_assert_uint_eq(s.faults, FAULT_OFFSET);
		ck_assert_uint_eq(s.offset, bad[i]);
		ck_assert_uint_eq(s.seq, 1001);
		ck_assert_uint_eq(s.ctl, CTL_PSH | CTL_ACK);
		ck_assert_uint_eq(s.options_len, 0);
		ck_assert_uint_eq(s.text_len, 0);
		ck_assert_ptr_null(s.text);
	}
	f.p[TCP4 + 12] = 11 << 4; /* ends one octet before the end */
	memset(f.p + OPTIONS4, OPT_NOP, 24);
	fix(&f, TCP4);
	ck_assert_int_eq(decode(&s, &f), DECODE_TCP);
	ck_assert_uint_eq(s.faults, 0);
	ck_assert_uint_eq(s.options_len, 24);
	ck_assert_uint_eq(s.text_len, 1);
	f.p[TCP4 + 12] = 5 << 4;
	fix(&f, TCP4);
	ck_assert_int_eq(decode(&s, &f), DECODE_TCP);
	ck_assert_uint_eq(s.options_len, 0);
	ck_assert_uint_eq(s.text_len, 25);
	free(f.p);
}
END_TEST

static void
check_checksums(const uint8_t *octets, size_t len, size_t tcp)
{
	struct frame f = copy(octets, len);
	struct segment s;
	size_t i;

	/* Any octet of pseudo header or segment changes the sum. */
	for (i = f.p[IP] >> 4 == 4 ? IP + 12 : IP + 8; i < f.len; i++) {
		if (i == tcp + 12) /* the data offset: other faults too */
			continue;
		f.p[i] ^= 0x10;
		ck_assert_int_eq(decode(&s, &f), DECODE_TCP);
		ck_assert_uint_eq(s.faults & FAULT_CHECKSUM, FAULT_CHECKSUM);
		f.p[i] ^= 0x10;
	}
	/* Left to the device. */
	put16(f.p + tcp + 16, pseudo_sum(&f, tcp));
	ck_assert_int_eq(decode(&s, &f), DECODE_TCP);
	ck_assert_uint_eq(s.faults, FAULT_OFFLOAD);
	put16(f.p + tcp + 16, pseudo_sum(&f, tcp) + 1);
	ck_assert_int_eq(decode(&s, &f), DECODE_TCP);
	ck_assert_uint_eq(s.faults, FAULT_CHECKSUM);
	free(f.p);
}

START_TEST(test_checksums)
{
	struct frame f = copy(frame4, sizeof(frame4));
	struct segment s;

	check_checksums(frame4, sizeof(frame4), TCP4);
	check_checksums(frame6, sizeof(frame6), TCP6);
	f.p[IP + 11]++;
	ck_assert_int_eq(decode(&s, &f), DECODE_TCP);
	ck_assert_uint_eq(s.faults, FAULT_IP_CHECKSUM);
	free(f.p);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("decode");
	TCase *tc = tcase_create("decode");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_test(tc, test_ip4);
	tcase_add_test(tc, test_ip6);
	tcase_add_test(tc, test_extensions);
	tcase_add_test(tc, test_padding);
	tcase_add_test(tc, test_ip_options);
	tcase_add_test(tc, test_links);
	tcase_add_test(tc, test_bits);
	tcase_add_test(tc, test_options);
	tcase_add_test(tc, test_offset);
	tcase_add_test(tc, test_checksums);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
