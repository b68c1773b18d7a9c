/* Scripts: packets, their IP header, flags, numbers, ICMP and UDP. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "scripts.h"
#include "tcp/ctl.h"

static const struct {
	const char *text;
	uint16_t ctl;
	int ace;
} flag_rows[] = {
	{ "S", CTL_SYN, -1 },
	{ "S.", CTL_SYN | CTL_ACK, -1 },
	{ ".", CTL_ACK, -1 },
	{ "-", 0, -1 },
	{ "FPU.", CTL_FIN | CTL_PSH | CTL_URG | CTL_ACK, -1 },
	{ "R", CTL_RST, -1 },
	{ "SEW", CTL_SYN | CTL_ECE | CTL_CWR, -1 },
	{ "SEWA", CTL_SYN | CTL_ECE | CTL_CWR | CTL_AE, -1 },
	{ ".0", CTL_ACK, 0 },
	{ ".5", CTL_ACK | CTL_AE | CTL_ECE, 5 },
	{ "P.2", CTL_PSH | CTL_ACK | CTL_CWR, 2 },
};

START_TEST(test_flags)
{
	const struct script_packet *packet;
	char text[64];
	struct script s;

	snprintf(text, sizeof(text), "0 < %s 0:0(0)", flag_rows[_i].text);
	scripts_read(&s, text);
	packet = scripts_packet(&s);
	ck_assert_uint_eq(packet->ctl, flag_rows[_i].ctl);
	ck_assert_int_eq(packet->ace, flag_rows[_i].ace);
	ck_assert_str_eq(packet->flags, flag_rows[_i].text);
	script_free(&s);
}
END_TEST

/* All that a segment may say, and what it has when it says nothing. */
START_TEST(test_segment)
{
	const struct script_packet *packet;
	struct script s;

	scripts_read(&s,
	    "0 < (ect0, ttl 7) 1234 > 80 U. 1:1001(1000) ack 0x10 win 65535 "
	    "urg 9 <nop> /udp(9811 > 9899)");
	packet = scripts_packet(&s);
	ck_assert(!packet->out && packet->ports && packet->udp.said);
	ck_assert_int_eq(packet->proto, PROTO_TCP);
	ck_assert_uint_eq(packet->sport, 1234);
	ck_assert_uint_eq(packet->dport, 80);
	ck_assert_int_eq(packet->seq.how, SEQ_RELATIVE);
	ck_assert_uint_eq(packet->seq.seq.num, 1);
	ck_assert_uint_eq(packet->seq.end.num, 1001);
	ck_assert_uint_eq(packet->seq.len.num, 1000);
	ck_assert_int_eq(packet->seq.len.pos.col, 39);
	ck_assert(packet->has_ack && packet->has_wnd && packet->has_up);
	ck_assert_uint_eq(packet->ack.num, 16);
	ck_assert_uint_eq(packet->wnd.num, 65535);
	ck_assert_uint_eq(packet->up.num, 9);
	ck_assert_uint_eq(packet->udp.sport, 9811);
	ck_assert_uint_eq(packet->udp.dport, 9899);
	script_free(&s);
	scripts_read(&s, "0 > R 0:0(0)");
	packet = scripts_packet(&s);
	ck_assert(packet->out && !packet->ports && !packet->udp.said);
	ck_assert(!packet->has_ack && !packet->has_wnd && !packet->has_up);
	ck_assert(!packet->any_options && STAILQ_EMPTY(&packet->opts));
	ck_assert_int_eq(packet->ip.ecn, ECN_UNSAID);
	ck_assert_int_eq(packet->ip.ttl, -1);
	ck_assert_int_eq(packet->ip.tos, -1);
	ck_assert_int_eq(packet->ip.flowlabel, -1);
	ck_assert_ptr_null(packet->foreign);
	script_free(&s);
}
END_TEST

static const struct {
	const char *text;
	enum script_seq how;
	uint32_t seq, end;
	const char *seq_term, *end_term, *ack_term;
} seq_rows[] = {
	{ "> . 1:1(0)", SEQ_RELATIVE, 1, 1, NULL, NULL, NULL },
	{ "> R. 7:7(0)!", SEQ_ABSOLUTE, 7, 7, NULL, NULL, NULL },
	{ "> S. ...(0)", SEQ_ANY, 0, 0, NULL, NULL, NULL },
	/* it wraps, and both ends mean the same */
	{ "< S 4294967295:4294967298(3)", SEQ_RELATIVE, UINT32_MAX, 2, NULL,
	    NULL, NULL },
	{ "< S 4294967295:2(3)", SEQ_RELATIVE, UINT32_MAX, 2, NULL, NULL,
	    NULL },
	{ "< . SND.NXT:SND.NXT+3(3) ack SEG.SEQ+SEG.LEN", SEQ_RELATIVE, 0, 0,
	    "SND.NXT", "SND.NXT+3", "SEG.SEQ+SEG.LEN" },
	{ "> S ISS:ISS(0) ack IRS", SEQ_RELATIVE, 0, 0, "ISS", "ISS", "IRS" },
	{ "> . 1:1(0) ack 1+SEG.LEN-2", SEQ_RELATIVE, 1, 1, NULL, NULL,
	    "1+SEG.LEN-2" },
};

START_TEST(test_seq)
{
	const struct script_packet *packet;
	char text[80];
	struct script s;

	/* the time of a second event is no part of a sum */
	snprintf(text, sizeof(text), "0 %s\n+0 > none", seq_rows[_i].text);
	scripts_read(&s, text);
	packet = scripts_event(&s, 0)->packet;
	ck_assert_int_eq(packet->seq.how, seq_rows[_i].how);
	ck_assert_uint_eq(packet->seq.seq.num, seq_rows[_i].seq);
	ck_assert_uint_eq(packet->seq.end.num, seq_rows[_i].end);
	ck_assert_pstr_eq(packet->seq.seq.term, seq_rows[_i].seq_term);
	ck_assert_pstr_eq(packet->seq.end.term, seq_rows[_i].end_term);
	ck_assert_pstr_eq(packet->ack.term, seq_rows[_i].ack_term);
	ck_assert_int_eq(scripts_event(&s, 1)->pos.line, 2);
	script_free(&s);
}
END_TEST

static const struct {
	const char *text;
	struct script_ip ip;
} ip_rows[] = {
	{ "[noecn]", { ECN_NOT_ECT, -1, -1, -1, -1 } },
	{ "[ect0]", { ECN_ECT0, -1, -1, -1, -1 } },
	{ "(ect1)", { ECN_ECT1, -1, -1, -1, -1 } },
	{ "[ce]", { ECN_CE, -1, -1, -1, -1 } },
	{ "[ect01]", { ECN_ECT01, -1, -1, -1, -1 } },
	{ "(tos 0xe0)", { ECN_UNSAID, 0xe0, -1, -1, -1 } },
	{ "(class 0x10)", { ECN_UNSAID, 16, -1, -1, -1 } },
	{ "(ttl 255)", { ECN_UNSAID, -1, 255, -1, -1 } },
	{ "(hlim 0)", { ECN_UNSAID, -1, 0, -1, -1 } },
	{ "(id 65535)", { ECN_UNSAID, -1, -1, 65535, -1 } },
	{ "(flowlabel 0xfffff)", { ECN_UNSAID, -1, -1, -1, 0xfffff } },
	{ "[ce, flowlabel 1, ttl 2, id 3]", { ECN_CE, -1, 2, 3, 1 } },
};

START_TEST(test_ip)
{
	const struct script_ip *ip;
	char text[80];
	struct script s;

	snprintf(text, sizeof(text), "0 > %s . 1:1(0)", ip_rows[_i].text);
	scripts_read(&s, text);
	ip = &scripts_packet(&s)->ip;
	ck_assert_int_eq(ip->ecn, ip_rows[_i].ip.ecn);
	ck_assert_int_eq(ip->tos, ip_rows[_i].ip.tos);
	ck_assert_int_eq(ip->ttl, ip_rows[_i].ip.ttl);
	ck_assert_int_eq(ip->id, ip_rows[_i].ip.id);
	ck_assert_int_eq(ip->flowlabel, ip_rows[_i].ip.flowlabel);
	script_free(&s);
}
END_TEST

static const struct {
	const char *text;
	const char *type, *code;
	int32_t mtu, id;
	int quoted; /* -1: nothing; else its length */
	enum script_proto proto;
	int ip, type_number, code_number; /* -1: no such name */
} icmp_rows[] = {
	{ "unreachable [1:11(10)]", "unreachable", NULL, -1, -1, 10, PROTO_TCP,
	    4, 3, 0 },
	{ "unreachable [1:11(10)]", "unreachable", NULL, -1, -1, 10, PROTO_TCP,
	    6, 1, 0 },
	{ "unreachable frag_needed mtu 800", "unreachable", "frag_needed", 800,
	    -1, -1, PROTO_TCP, 4, 3, 4 },
	{ "unreachable port_unreachable [udp(7)]", "unreachable",
	    "port_unreachable", -1, -1, 7, PROTO_UDP, 6, 1, 4 },
	{ "packet_too_big mtu 1280 [raw(8)]", "packet_too_big", NULL, 1280, -1,
	    8, PROTO_RAW, 6, 2, 0 },
	{ "packet_too_big mtu 1280", "packet_too_big", NULL, 1280, -1, -1,
	    PROTO_TCP, 4, -1, -1 },
	{ "parameter_problem code_2", "parameter_problem", "code_2", -1, -1, -1,
	    PROTO_TCP, 4, 12, 2 },
	{ "parameter_problem code_256", "parameter_problem", "code_256", -1, -1,
	    -1, PROTO_TCP, 4, -1, -1 },
	{ "unreachable frag_needed", "unreachable", "frag_needed", -1, -1, -1,
	    PROTO_TCP, 6, -1, -1 },
	{ "echo_request id 77", "echo_request", NULL, -1, 77, -1, PROTO_TCP, 4,
	    8, 0 },
};

START_TEST(test_icmp)
{
	uint8_t type = 255, code = 255;
	const struct script_packet *packet;
	const struct script_icmp *icmp;
	char text[80];
	struct script s;
	int rc;

	snprintf(text, sizeof(text), "0 < icmp %s", icmp_rows[_i].text);
	scripts_read(&s, text);
	packet = scripts_packet(&s);
	ck_assert_int_eq(packet->proto, PROTO_ICMP);
	icmp = &packet->icmp;
	ck_assert_str_eq(icmp->type, icmp_rows[_i].type);
	ck_assert_int_eq(icmp->type_pos.col, 10);
	ck_assert_pstr_eq(icmp->code, icmp_rows[_i].code);
	ck_assert_int_eq(icmp->mtu, icmp_rows[_i].mtu);
	ck_assert_int_eq(icmp->id, icmp_rows[_i].id);
	ck_assert_int_eq(icmp->quoted ? (int)icmp->seq.len.num : -1,
	    icmp_rows[_i].quoted);
	ck_assert_int_eq(icmp->proto, icmp_rows[_i].proto);
	rc = script_icmp_numbers(icmp, icmp_rows[_i].ip, &type, &code);
	ck_assert_int_eq(rc, icmp_rows[_i].type_number == -1 ? -1 : 0);
	if (rc == 0) {
		ck_assert_int_eq(type, icmp_rows[_i].type_number);
		ck_assert_int_eq(code, icmp_rows[_i].code_number);
	}
	script_free(&s);
}
END_TEST

/* What others speak is read, and said to be theirs. */
START_TEST(test_foreign)
{
	static const struct {
		const char *text, *foreign;
		enum script_proto proto;
	} rows[] = {
		{ "0 > udp 1 > 2 (100)", NULL, PROTO_UDP },
		{ "0 < udp (100)", NULL, PROTO_UDP },
		{ "0 > encap psp spi 0x7 . 1:1(0)", "PSP", PROTO_TCP },
		{ "0 < ipv4 (ttl 3) 192.0.2.1 > 192.0.2.2: . 1:1(0)",
		    "IP in IP", PROTO_TCP },
		{ "0 < ipv6 2001:db8::1 > 2001:DB8:0:0:0:0:0:2: S 0:0(0)",
		    "IP in IP", PROTO_TCP },
		{ "0 > gre flags [none], sum 0, off 0: . 1:1(0)", "GRE",
		    PROTO_TCP },
		{ "0 > mpls (label 0, tc 0, [S], ttl 0): udp (1)", "MPLS",
		    PROTO_UDP },
	};
	const struct script_packet *packet;
	struct script s;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		scripts_read(&s, rows[i].text);
		packet = scripts_packet(&s);
		ck_assert_pstr_eq(packet->foreign, rows[i].foreign);
		ck_assert_int_eq(packet->proto, rows[i].proto);
		if (rows[i].foreign == NULL)
			ck_assert_uint_eq(packet->seq.len.num, 100);
		script_free(&s);
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("script_packet");
	TCase *tc = tcase_create("packets");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_loop_test(tc, test_flags, 0, ARRAY_SIZE(flag_rows));
	tcase_add_test(tc, test_segment);
	tcase_add_loop_test(tc, test_seq, 0, ARRAY_SIZE(seq_rows));
	tcase_add_loop_test(tc, test_ip, 0, ARRAY_SIZE(ip_rows));
	tcase_add_loop_test(tc, test_icmp, 0, ARRAY_SIZE(icmp_rows));
	tcase_add_test(tc, test_foreign);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
