/* The RFC's nouns: sequence numbers, control bits, addresses, states. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "tcp/addr.h"
#include "tcp/ctl.h"
#include "tcp/segment.h"
#include "tcp/seq.h"
#include "tcp/state.h"

static const struct {
	uint32_t x, y;
	int32_t diff;
} seq_rows[] = {
	{ 0, 0, 0 },
	{ 7, 7, 0 },
	{ UINT32_MAX, UINT32_MAX, 0 },
	{ 1, 0, 1 },
	{ 0, 1, -1 },
	{ 1000, 400, 600 },
	{ 0, UINT32_MAX, 1 },
	{ UINT32_MAX, 0, -1 },
	{ 5, 0xfffffffb, 10 },
	{ 0xfffffffb, 5, -10 },
	/* the longest way that still is one: 2^31 - 1 */
	{ 0x7fffffff, 0, INT32_MAX },
	{ 0, 0x7fffffff, -INT32_MAX },
	{ 0x80000000, 1, INT32_MAX },
	{ 0x40000000, 0xc0000001, INT32_MAX },
	{ 0xc0000001, 0x40000000, -INT32_MAX },
	/* 2^31: each is below the other */
	{ 0x80000000, 0, INT32_MIN },
	{ 0, 0x80000000, INT32_MIN },
	{ 0x7fffffff, 0xffffffff, INT32_MIN },
	{ 0xffffffff, 0x7fffffff, INT32_MIN },
	/* one more, and it is the other way that is shorter */
	{ 0x80000001, 0, -INT32_MAX },
	{ 0, 0x80000001, INT32_MAX },
};

START_TEST(test_seq)
{
	uint32_t x = seq_rows[_i].x, y = seq_rows[_i].y;
	int32_t diff = seq_rows[_i].diff;

	ck_assert_int_eq(seq_diff(x, y), diff);
	ck_assert_int_eq(seq_lt(x, y), diff < 0);
	ck_assert_int_eq(seq_leq(x, y), diff <= 0);
	ck_assert_int_eq(seq_gt(x, y), diff > 0);
	ck_assert_int_eq(seq_geq(x, y), diff >= 0);
}
END_TEST

/* The nine, where RFC 9293 3.1 and RFC 3168 put them in the header. */
static const struct {
	unsigned ctl, bit;
	const char *name, *letter;
} bit_rows[] = {
	{ CTL_FIN, 0x001, "FIN", "F" },
	{ CTL_SYN, 0x002, "SYN", "S" },
	{ CTL_RST, 0x004, "RST", "R" },
	{ CTL_PSH, 0x008, "PSH", "P" },
	{ CTL_ACK, 0x010, "ACK", "." },
	{ CTL_URG, 0x020, "URG", "U" },
	{ CTL_ECE, 0x040, "ECE", "E" },
	{ CTL_CWR, 0x080, "CWR", "W" },
	{ CTL_AE, 0x100, "AE", "e" },
};
_Static_assert(ARRAY_SIZE(bit_rows) == NCTL, "a row for each bit");

START_TEST(test_ctl_bit)
{
	const char *name = bit_rows[_i].name;
	struct buf rfc = { 0 }, tcpdump = { 0 };

	ck_assert_uint_eq(bit_rows[_i].ctl, bit_rows[_i].bit);
	ck_assert_uint_eq(ctl_by_name(name, strlen(name)), bit_rows[_i].bit);
	ctl_add_rfc(&rfc, bit_rows[_i].bit);
	ck_assert_str_eq(buf_str(&rfc), name);
	ctl_add_tcpdump(&tcpdump, bit_rows[_i].bit);
	ck_assert_str_eq(buf_str(&tcpdump), bit_rows[_i].letter);
	buf_free(&rfc);
	buf_free(&tcpdump);
}
END_TEST

static const struct {
	const char *text;
	size_t len;
	uint16_t bit;
} ctl_name_rows[] = {
	{ "SYN,ACK", 3, CTL_SYN },
	{ "AE>", 2, CTL_AE },
	{ "ACK", 2, 0 },
	{ "SYN", 0, 0 },
	{ "SYN,ACK", 4, 0 },
	{ "SYN,ACK", 7, 0 },
	{ "syn", 3, 0 },
	{ " SYN", 4, 0 },
	{ "NS", 2, 0 },
	{ "XYZ", 3, 0 },
	{ "none", 4, 0 },
};

START_TEST(test_ctl_name)
{
	ck_assert_uint_eq(ctl_by_name(ctl_name_rows[_i].text,
			      ctl_name_rows[_i].len),
	    ctl_name_rows[_i].bit);
}
END_TEST

static const struct {
	uint16_t ctl;
	const char *rfc, *tcpdump;
} ctl_rows[] = {
	{ 0, "", "none" },
	{ CTL_SYN | CTL_ACK, "SYN,ACK", "S." },
	{ CTL_RST | CTL_ACK, "RST,ACK", "R." },
	{ CTL_FIN | CTL_ACK, "FIN,ACK", "F." },
	{ CTL_PSH | CTL_ACK, "PSH,ACK", "P." },
	{ CTL_ACK | CTL_URG, "ACK,URG", ".U" },
	{ CTL_SYN | CTL_FIN, "SYN,FIN", "FS" },
	{ CTL_SYN | CTL_ECE | CTL_CWR, "SYN,ECE,CWR", "SEW" },
	{ CTL_CLASSIC, "SYN,FIN,RST,PSH,ACK,URG", "FSRP.U" },
	{ CTL_ALL, "SYN,FIN,RST,PSH,ACK,URG,ECE,CWR,AE", "FSRP.UEWe" },
	/* bits that are none of the nine do not show */
	{ 0xfe00, "", "none" },
	{ 0xfe02, "SYN", "S" },
};

START_TEST(test_ctl)
{
	struct buf rfc = { 0 }, tcpdump = { 0 };

	buf_adds(&rfc, "<CTL=");
	ctl_add_rfc(&rfc, ctl_rows[_i].ctl);
	ck_assert_str_eq(buf_str(&rfc) + 5, ctl_rows[_i].rfc);
	ck_assert_uint_eq(rfc.len, strlen(rfc.p));
	buf_adds(&tcpdump, "[");
	ctl_add_tcpdump(&tcpdump, ctl_rows[_i].ctl);
	ck_assert_str_eq(buf_str(&tcpdump) + 1, ctl_rows[_i].tcpdump);
	ck_assert_uint_eq(tcpdump.len, strlen(tcpdump.p));
	buf_free(&rfc);
	buf_free(&tcpdump);
}
END_TEST

static const struct {
	const char *text;
	uint8_t ip, octets[16];
	const char *printed; /* NULL: as it was written */
} addr_rows[] = {
	{ "192.0.2.1", 4, { 192, 0, 2, 1 }, NULL },
	{ "0.0.0.0", 4, { 0 }, NULL },
	{ "255.255.255.255", 4, { 255, 255, 255, 255 }, NULL },
	{ "::", 6, { 0 }, NULL },
	{ "::1", 6, { [15] = 1 }, NULL },
	{ "2001:db8::1", 6, { 0x20, 1, 0x0d, 0xb8, [15] = 1 }, NULL },
	{ "2001:DB8:0:0:0:0:0:1", 6, { 0x20, 1, 0x0d, 0xb8, [15] = 1 },
	    "2001:db8::1" },
	{ "1:0:0:2:0:0:0:3", 6, { [1] = 1, [7] = 2, [15] = 3 }, "1:0:0:2::3" },
	{ "1:2:3:4:5:6:7:0", 6,
	    { 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 0 }, NULL },
	{ "::ffff:192.0.2.1", 6, { [10] = 255, 255, 192, 0, 2, 1 }, NULL },
	{ "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 6,
	    { 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
		255, 255, 255 },
	    NULL },
	{ "", 0, { 0 }, NULL },
	{ "192.0.2", 0, { 0 }, NULL },
	{ "192.0.2.", 0, { 0 }, NULL },
	{ "192.0.2.256", 0, { 0 }, NULL },
	{ "192.0.2.1.1", 0, { 0 }, NULL },
	{ "192.0.2.1 ", 0, { 0 }, NULL },
	{ "192.0.2.1:80", 0, { 0 }, NULL },
	{ "192.0.2.-1", 0, { 0 }, NULL },
	{ "0xc0.0.2.1", 0, { 0 }, NULL },
	{ "localhost", 0, { 0 }, NULL },
	{ "1:2:3:4:5:6:7", 0, { 0 }, NULL },
	{ "1:2:3:4:5:6:7:8:9", 0, { 0 }, NULL },
	{ "1::2::3", 0, { 0 }, NULL },
	{ "::12345", 0, { 0 }, NULL },
	{ "::1%lo", 0, { 0 }, NULL },
	{ "::1/64", 0, { 0 }, NULL },
	{ "[::1]", 0, { 0 }, NULL },
	{ ":::", 0, { 0 }, NULL },
};

START_TEST(test_addr)
{
	struct endpoint e = { .port = 65535 };
	const char *printed = addr_rows[_i].printed;
	struct buf b = { 0 }, with_port = { 0 };
	int rc;

	memset(&e.addr, 0xa5, sizeof(e.addr));
	rc = addr_parse(&e.addr, addr_rows[_i].text);
	ck_assert_int_eq(rc, addr_rows[_i].ip ? 0 : -1);
	ck_assert_uint_eq(e.addr.ip, addr_rows[_i].ip);
	ck_assert_mem_eq(e.addr.octets, addr_rows[_i].octets, 16);
	if (rc == -1)
		return;
	ck_assert_uint_eq(addr_len(&e.addr), e.addr.ip == 4 ? 4 : 16);
	if (printed == NULL)
		printed = addr_rows[_i].text;
	addr_add(&b, &e.addr);
	ck_assert_str_eq(buf_str(&b), printed);
	endpoint_add(&with_port, &e);
	buf_adds(&b, ".65535");
	ck_assert_str_eq(buf_str(&with_port), buf_str(&b));
	buf_free(&b);
	buf_free(&with_port);
}
END_TEST

/* Addresses of no one host. */
static const struct {
	const char *text;
	bool group;
} group_rows[] = {
	{ "224.0.0.0", true },
	{ "239.255.255.255", true },
	{ "255.255.255.255", true },
	{ "223.255.255.255", false },
	{ "240.0.0.1", false },
	{ "255.255.255.254", false },
	{ "0.0.0.0", false },
	{ "192.0.2.1", false },
	{ "ff02::1", true },
	{ "ff00::", true },
	{ "fe80::1", false },
	{ "e000::1", false },
	{ "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", true },
	{ "::ffff:224.0.0.1", false },
};

START_TEST(test_addr_group)
{
	struct addr a;

	ck_assert_int_eq(addr_parse(&a, group_rows[_i].text), 0);
	ck_assert_msg(addr_is_group(&a) == group_rows[_i].group, "%s",
	    group_rows[_i].text);
}
END_TEST

/* Compared in each order, so that neither hides behind the other. */
static const struct {
	const char *x, *y;
	bool equal;
} addr_eq_rows[] = {
	{ "192.0.2.1", "192.0.2.1", true },
	{ "192.0.2.1", "192.0.2.2", false },
	{ "192.0.2.1", "193.0.2.1", false },
	{ "2001:db8::1", "2001:db8:0:0::1", true },
	{ "2001:db8::1", "2001:db8::2", false },
	{ "2001:db8::1", "2001:db9::1", false },
	/* the same octets */
	{ "0.0.0.0", "::", false },
	{ "192.0.2.1", "c000:201::", false },
	{ "192.0.2.1", "::ffff:192.0.2.1", false },
};

START_TEST(test_addr_eq)
{
	struct addr x, y;

	ck_assert_int_eq(addr_parse(&x, addr_eq_rows[_i].x), 0);
	ck_assert_int_eq(addr_parse(&y, addr_eq_rows[_i].y), 0);
	ck_assert_int_eq(addr_eq(&x, &y), addr_eq_rows[_i].equal);
	ck_assert_int_eq(addr_eq(&y, &x), addr_eq_rows[_i].equal);
}
END_TEST

START_TEST(test_tuple)
{
	const struct tuple t = {
		.src = { { 4, { 192, 0, 2, 1 } }, 1024 },
		.dst = { { 4, { 192, 0, 2, 2 } }, 80 },
	};
	struct tuple other[4] = { t, t, t, t }, back = tuple_reverse(&t);
	size_t i;

	other[0].src.addr.octets[3]++;
	other[1].src.port++;
	other[2].dst.addr.octets[3]++;
	other[3].dst.port++;
	ck_assert(tuple_eq(&t, &t));
	for (i = 0; i < ARRAY_SIZE(other); i++) {
		ck_assert(!tuple_eq(&t, &other[i]));
		ck_assert(!tuple_eq(&other[i], &t));
	}
	ck_assert(!endpoint_eq(&t.src, &other[0].src));
	ck_assert(!endpoint_eq(&t.src, &other[1].src));
	ck_assert(endpoint_eq(&t.src, &other[2].src));

	ck_assert(!tuple_eq(&t, &back));
	ck_assert(endpoint_eq(&back.src, &t.dst));
	ck_assert(endpoint_eq(&back.dst, &t.src));
	back = tuple_reverse(&back);
	ck_assert(tuple_eq(&t, &back));
}
END_TEST

/* The states, in the order of RFC 9293 3.3.2 with CLOSED put first. */
static const struct {
	enum state state;
	const char *name;
} state_rows[] = {
	{ ST_CLOSED, "CLOSED" },
	{ ST_LISTEN, "LISTEN" },
	{ ST_SYN_SENT, "SYN-SENT" },
	{ ST_SYN_RECEIVED, "SYN-RECEIVED" },
	{ ST_ESTABLISHED, "ESTABLISHED" },
	{ ST_FIN_WAIT_1, "FIN-WAIT-1" },
	{ ST_FIN_WAIT_2, "FIN-WAIT-2" },
	{ ST_CLOSE_WAIT, "CLOSE-WAIT" },
	{ ST_CLOSING, "CLOSING" },
	{ ST_LAST_ACK, "LAST-ACK" },
	{ ST_TIME_WAIT, "TIME-WAIT" },
};
_Static_assert(ARRAY_SIZE(state_rows) == NSTATES, "a row for each state");

START_TEST(test_state)
{
	const char *name = state_rows[_i].name;
	char more[32];

	ck_assert_uint_eq(state_rows[_i].state, _i);
	ck_assert_str_eq(state_name(_i), name);
	ck_assert_uint_eq(state_by_name(name, strlen(name)), _i);
	snprintf(more, sizeof(more), "%s,X", name);
	ck_assert_uint_eq(state_by_name(more, strlen(name)), _i);
	ck_assert_uint_eq(state_by_name(more, strlen(name) + 1), NSTATES);
	ck_assert_uint_eq(state_by_name(name, strlen(name) - 1), NSTATES);
}
END_TEST

static const char *const no_states[] = { "", "SYN", "SYN_SENT", "closed",
	" CLOSED", "FIN-WAIT", "FIN-WAIT-3", "?" };

START_TEST(test_no_state)
{
	const char *name = no_states[_i];

	ck_assert_uint_eq(state_by_name(name, strlen(name)), NSTATES);
	ck_assert_str_eq(state_name(NSTATES), "?");
	ck_assert_str_eq(state_name(NSTATES + _i), "?");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("tcp");
	TCase *tc = tcase_create("tcp");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_loop_test(tc, test_seq, 0, ARRAY_SIZE(seq_rows));
	tcase_add_loop_test(tc, test_ctl_bit, 0, ARRAY_SIZE(bit_rows));
	tcase_add_loop_test(tc, test_ctl_name, 0, ARRAY_SIZE(ctl_name_rows));
	tcase_add_loop_test(tc, test_ctl, 0, ARRAY_SIZE(ctl_rows));
	tcase_add_loop_test(tc, test_addr, 0, ARRAY_SIZE(addr_rows));
	tcase_add_loop_test(tc, test_addr_group, 0, ARRAY_SIZE(group_rows));
	tcase_add_loop_test(tc, test_addr_eq, 0, ARRAY_SIZE(addr_eq_rows));
	tcase_add_test(tc, test_tuple);
	tcase_add_loop_test(tc, test_state, 0, ARRAY_SIZE(state_rows));
	tcase_add_loop_test(tc, test_no_state, 0, ARRAY_SIZE(no_states));
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
