/* ICMP messages that are built say what they were to say. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "craft/craft.h"
#include "sniff/decode.h"

static const struct {
	const char *stack, *peer, *router;
	uint8_t type, code;
	uint32_t mtu, text_len;
} rows[] = {
	{ "192.0.2.2", "192.0.2.1", "192.0.2.1", 3, 3, 0, 0 },
	{ "192.0.2.2", "192.0.2.1", "198.51.100.7", 3, 4, 1280, 1460 },
	{ "192.0.2.2", "192.0.2.1", "192.0.2.1", 11, 0, 0, 1 },
	{ "2001:db8::2", "2001:db8::1", "2001:db8::1", 1, 4, 0, 0 },
	{ "2001:db8::2", "2001:db8::1", "2001:db8::7", 2, 0, 70000, 1440 },
};

/* Of the stack's segment to the peer. */
static struct icmp
message(int i)
{
	struct icmp icmp = { .type = rows[i].type,
		.code = rows[i].code,
		.mtu = rows[i].mtu,
		.seq = 0x89abcdef,
		.probe = { .src.port = 5000, .dst.port = 40001 } };

	ck_assert_int_eq(addr_parse(&icmp.from, rows[i].router), 0);
	ck_assert_int_eq(addr_parse(&icmp.to, rows[i].stack), 0);
	icmp.probe.src.addr = icmp.to;
	ck_assert_int_eq(addr_parse(&icmp.probe.dst.addr, rows[i].peer), 0);
	return icmp;
}

static struct craft *
builder(void)
{
	static const uint8_t ours[6] = { 2, 0, 0, 0, 0, 1 };
	static const uint8_t theirs[6] = { 2, 0, 0, 0, 0, 2 };
	struct craft *c;
	struct err e;

	ck_assert_msg(craft_open(&c, NULL, ours, theirs, &e) == 0, "%s", e.msg);
	return c;
}

START_TEST(test_build)
{
	struct icmp icmp = message(_i);
	struct craft *c = builder();
	const uint8_t *frame, *quoted;
	struct sight v;
	struct err e;
	size_t len;

	ck_assert_msg(craft_build_icmp(c, &icmp, rows[_i].text_len, &frame,
			  &len, &e) == 0,
	    "%s", e.msg);
	/* this refuses wrong checksums */
	ck_assert_int_eq(decode_sight(&v, LINK_ETHERNET, frame, len, len),
	    DECODE_TCP);
	ck_assert_int_eq(v.kind, SIGHT_ICMP);
	ck_assert(addr_eq(&v.icmp.from, &icmp.from));
	ck_assert(addr_eq(&v.icmp.to, &icmp.to));
	ck_assert_uint_eq(v.icmp.type, icmp.type);
	ck_assert_uint_eq(v.icmp.code, icmp.code);
	ck_assert_uint_eq(v.icmp.mtu, icmp.mtu);
	ck_assert(tuple_eq(&v.icmp.probe, &icmp.probe));
	ck_assert_uint_eq(v.icmp.seq, icmp.seq);
	/* what the segment had, its own length with it */
	if (icmp.from.ip == 4) {
		quoted = frame + 14 + 20 + 8;
		ck_assert_uint_eq(quoted[2] << 8 | quoted[3],
		    40 + rows[_i].text_len);
	} else {
		quoted = frame + 14 + 40 + 8;
		ck_assert_uint_eq(quoted[4] << 8 | quoted[5],
		    20 + rows[_i].text_len);
	}
	craft_close(c);
}
END_TEST

START_TEST(test_refused)
{
	struct icmp icmp = message(0);
	struct craft *c = builder();
	const uint8_t *frame;
	struct err e;
	size_t len;

	ck_assert_int_eq(addr_parse(&icmp.probe.dst.addr, "2001:db8::1"), 0);
	ck_assert_int_eq(craft_build_icmp(c, &icmp, 0, &frame, &len, &e), -1);
	ck_assert_int_eq(e.kind, ERR_USAGE);
	ck_assert_str_eq(e.msg, "all addresses must be IPv4 or all IPv6");
	/* nothing is left to send */
	ck_assert_int_eq(craft_send(c, &e), -1);
	craft_close(c);
}
END_TEST

/* ---- pings ---- */

static const struct {
	const char *from, *to;
	size_t len;
} pings[] = {
	{ "192.0.2.1", "192.0.2.2", 0 },
	{ "192.0.2.1", "192.0.2.2", 1 },
	{ "192.0.2.1", "192.0.2.2", 56 },
	{ "192.0.2.1", "192.0.2.2", CRAFT_ECHO_MAX },
	{ "2001:db8::1", "2001:db8::2", 0 },
	{ "2001:db8::1", "2001:db8::2", 55 },
	{ "2001:db8::1", "2001:db8::2", CRAFT_ECHO_MAX },
};

/* The whole sum, by RFC 1071, of octets that include their checksum. */
static uint16_t
sum(uint32_t sum, const uint8_t *p, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		sum += i % 2 ? p[i] : p[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/*
 * What was built is a reply of the right sum. With its type changed to that of
 * a question, and the sum made good for that, it is seen as one.
 */
START_TEST(test_echo)
{
	static const uint8_t text[CRAFT_ECHO_MAX] = { 1, 0xff, 3 };
	struct echo reply = {
		.id = 0xfffe, .seq = 0x1234, .text = text, .len = pings[_i].len
	};
	uint8_t question[CRAFT_ECHO_MAX + 64], *m = question;
	struct craft *c = builder();
	const uint8_t *frame;
	struct sight v;
	uint16_t right;
	bool is6;
	struct err e;
	size_t len;

	ck_assert_int_eq(addr_parse(&reply.from, pings[_i].from), 0);
	ck_assert_int_eq(addr_parse(&reply.to, pings[_i].to), 0);
	is6 = reply.from.ip == 6;
	ck_assert_msg(craft_build_echo(c, &reply, &frame, &len, &e) == 0, "%s",
	    e.msg);
	ck_assert_uint_eq(len, 14u + (is6 ? 40 : 20) + 8 + reply.len);
	memcpy(question, frame, len);
	m += 14 + (is6 ? 40 : 20);
	ck_assert_uint_eq(m[0], is6 ? 129 : 0);
	ck_assert_uint_eq(sum(is6 ? sum(8 + reply.len + 58, m - 32, 32) : 0, m,
			      8 + reply.len),
	    0xffff);
	ck_assert_int_eq(decode_sight(&v, LINK_ETHERNET, frame, len, len),
	    DECODE_OTHER);

	m[0] = is6 ? 128 : 8;
	ck_assert_int_eq(decode_sight(&v, LINK_ETHERNET, question, len, len),
	    DECODE_OTHER);
	m[2] = m[3] = 0;
	len = 8 + reply.len;
	right = ~sum(is6 ? sum(len + 58, m - 32, 32) : 0, m, len);
	m[2] = right >> 8;
	m[3] = right & 0xff;
	len += m - question;
	ck_assert_int_eq(decode_sight(&v, LINK_ETHERNET, question, len, len),
	    DECODE_TCP);
	ck_assert_int_eq(v.kind, SIGHT_ECHO);
	ck_assert_uint_eq(v.echo.id, 0xfffe);
	ck_assert_uint_eq(v.echo.seq, 0x1234);
	ck_assert_uint_eq(v.echo.len, reply.len);
	ck_assert_ptr_eq(v.echo.text, m + 8);
	ck_assert(addr_eq(&v.echo.from, &reply.from));
	ck_assert(addr_eq(&v.echo.to, &reply.to));
	ck_assert_mem_eq(v.mac, question + 6, 6);
	/* cut, it is none */
	ck_assert_int_eq(decode_sight(&v, LINK_ETHERNET, question, len - 1,
			     len),
	    DECODE_CUT);
	craft_close(c);
}
END_TEST

START_TEST(test_echo_refused)
{
	struct echo reply = { .text = (const uint8_t *)"", .len = 0 };
	struct craft *c = builder();
	const uint8_t *frame;
	struct err e;
	size_t len;

	ck_assert_int_eq(addr_parse(&reply.from, "192.0.2.1"), 0);
	ck_assert_int_eq(addr_parse(&reply.to, "2001:db8::1"), 0);
	ck_assert_int_eq(craft_build_echo(c, &reply, &frame, &len, &e), -1);
	ck_assert_int_eq(e.kind, ERR_USAGE);
	reply.to = reply.from;
	reply.len = CRAFT_ECHO_MAX + 1;
	ck_assert_int_eq(craft_build_echo(c, &reply, &frame, &len, &e), -1);
	ck_assert_int_eq(e.kind, ERR_USAGE);
	craft_close(c);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("craft icmp");
	TCase *tc = tcase_create("build");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_loop_test(tc, test_build, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, test_refused);
	tcase_add_loop_test(tc, test_echo, 0, ARRAY_SIZE(pings));
	tcase_add_test(tc, test_echo_refused);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
