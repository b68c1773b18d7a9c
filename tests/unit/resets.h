#ifndef RETORT_TEST_RESETS_H
#define RETORT_TEST_RESETS_H

/* Records of tcp:tcp_send_reset that no kernel has written. */

#include <arpa/inet.h>
#include <check.h>
#include <string.h>
#include <sys/socket.h>

#include "bench/trace.h"

#define COMMON                                                                 \
	"name: tcp_send_reset\n"                                               \
	"ID: 2280\n"                                                           \
	"format:\n"                                                            \
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n" \
	"\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n" \
	"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"           \
	"\tfield:const void * skbaddr;\toffset:8;\tsize:8;\tsigned:0;\n"       \
	"\tfield:const void * skaddr;\toffset:16;\tsize:8;\tsigned:0;\n"       \
	"\tfield:int state;\toffset:24;\tsize:4;\tsigned:1;\n"
#define REASON \
	"\tfield:enum sk_rst_reason reason;\toffset:28;\tsize:4;\tsigned:0;\n"
#define SADDR "\tfield:__u8 saddr[28];\toffset:32;\tsize:28;\tsigned:0;\n"
#define DADDR "\tfield:__u8 daddr[28];\toffset:60;\tsize:28;\tsigned:0;\n"
#define PRINT                                                            \
	"\nprint fmt: \"skbaddr=%p state=%s reason=%s\", REC->skbaddr, " \
	"REC->state ? __print_symbolic(REC->state, { TCP_LISTEN, "       \
	"\"TCP_LISTEN\" }) : \"UNKNOWN\", "
#define SYMBOLS                                                    \
	"__print_symbolic(REC->reason, { 0, \"NOT_SPECIFIED\" }, " \
	"{ 1, \"NO_SOCKET\" }, { 7, \"TCP_OLD_ACK\" })\n"

/* Linux 6.18's, with a shorter table. */
#define FORMAT	 COMMON REASON SADDR DADDR PRINT SYMBOLS
#define RAW_SIZE 88 /* of its records */

static inline struct trace_format
parse_format(const char *text)
{
	struct trace_format f;
	struct err e = { 0 };

	ck_assert_msg(trace_parse(&f, text, &e) == 0, "%s", e.msg);
	return f;
}

/* A struct sockaddr_in or sockaddr_in6, by the address. */
static inline void
put_sockaddr(uint8_t *p, const char *addr, uint16_t port)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
		.sin_port = htons(port) };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6,
		.sin6_port = htons(port),
		.sin6_flowinfo = ~0U,
		.sin6_scope_id = ~0U };

	if (inet_pton(AF_INET, addr, &in.sin_addr) == 1)
		memcpy(p, &in, sizeof(in));
	else if (inet_pton(AF_INET6, addr, &in6.sin6_addr) == 1)
		memcpy(p, &in6, sizeof(in6));
}

static inline void
make_raw(uint8_t raw[RAW_SIZE], const char *src, uint16_t sport,
    const char *dst, uint16_t dport, uint32_t reason)
{
	memset(raw, 0, RAW_SIZE);
	memcpy(raw + 28, &reason, sizeof(reason));
	put_sockaddr(raw + 32, src, sport);
	put_sockaddr(raw + 60, dst, dport);
}

static inline struct tuple
make_tuple(const char *src, uint16_t sport, const char *dst, uint16_t dport)
{
	struct tuple t = { .src.port = sport, .dst.port = dport };

	ck_assert_int_eq(addr_parse(&t.src.addr, src), 0);
	ck_assert_int_eq(addr_parse(&t.dst.addr, dst), 0);
	return t;
}

#endif
