#include <string.h>

#include "base/octets.h"
#include "sniff/packet.h"
#include "tcp/option.h"

enum { TCP_HEADER = 20 };

uint16_t
packet_fold(uint64_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

uint64_t
packet_sum(const uint8_t *p, size_t n)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i + 1 < n; i += 2)
		sum += get16(p + i);
	if (i < n)
		sum += p[i] << 8;
	return sum;
}

uint64_t
packet_pseudo(const struct packet *k, const struct segment *s)
{
	return (uint64_t)k->proto + (k->len >> 16) + (k->len & 0xffff) +
	       packet_sum(s->tuple.src.addr.octets, 16) +
	       packet_sum(s->tuple.dst.addr.octets, 16);
}

/* 0, or the fault that the TCP checksum has (RFC 9293 3.1). */
static uint8_t
check_checksum(const struct packet *k, const struct segment *s)
{
	uint64_t pseudo = packet_pseudo(k, s);

	if (packet_fold(pseudo + packet_sum(k->p, k->len)) == 0xffff)
		return 0;
	return packet_fold(pseudo) == s->cksum ? FAULT_OFFLOAD : FAULT_CHECKSUM;
}

/* Copy the options, or as many as the capture has kept whole. */
static void
copy_options(struct segment *s, const uint8_t *p, size_t n, bool cut)
{
	struct option o;
	size_t at = 0;
	int rc;

	memcpy(s->options, p, n);
	s->options_len = n;
	while ((rc = opt_next(s, &at, &o)) == 1)
		;
	if (rc == -1 && cut)
		s->options_len = at;
	else if (rc == -1)
		s->faults |= FAULT_OPTION;
}

enum decode
packet_tcp(const struct packet *k, struct segment *s)
{
	const uint8_t *p = k->p;
	struct quick q;
	enum decode d = packet_quick(k, &q);

	if (d != DECODE_TCP)
		return d;
	s->tuple.src.port = q.sport;
	s->tuple.dst.port = q.dport;
	s->seq = q.seq;
	s->ack = q.ack;
	s->offset = p[12] >> 4;
	s->rsvd = p[12] >> 1 & 7;
	s->ctl = q.ctl;
	s->wnd = q.wnd;
	s->cksum = get16(p + 16);
	s->up = get16(p + 18);
	s->text = q.text;
	s->text_len = q.text_len;
	s->text_kept = q.text_kept;
	s->faults |= q.faults;
	if (!(q.faults & FAULT_CUT) && !k->routed)
		s->faults |= check_checksum(k, s);
	copy_options(s, p + TCP_HEADER, q.options_len,
	    TCP_HEADER + q.options_len < s->offset * 4);
	return DECODE_TCP;
}

static void
set_addrs(struct segment *s, unsigned ip, const uint8_t *src)
{
	size_t n;

	s->tuple.src.addr.ip = s->tuple.dst.addr.ip = ip;
	n = addr_len(&s->tuple.src.addr);
	memcpy(s->tuple.src.addr.octets, src, n);
	memcpy(s->tuple.dst.addr.octets, src + n, n);
}

void
packet_numbers(const struct packet *k, struct segment *s)
{
	const uint8_t *p = k->ip;

	if (p[0] >> 4 == 6) {
		set_addrs(s, 6, p + 8);
		s->tos = get16(p) >> 4;
		s->ttl = p[7];
		return;
	}
	set_addrs(s, 4, p + 12);
	s->tos = p[1];
	s->ip_id = get16(p + 4);
	s->df = p[6] & 0x40;
	s->ttl = p[8];
	if (packet_fold(packet_sum(p, (p[0] & 15) * 4)) != 0xffff)
		s->faults |= FAULT_IP_CHECKSUM;
}

enum decode
decode_frame(struct segment *s, int dlt, const uint8_t *p, size_t caplen,
    size_t len)
{
	struct packet k;
	enum decode d;
	uint16_t type;

	d = packet_open(&k, dlt, p, caplen, len, &type);
	if (d == DECODE_TCP)
		d = packet_ip(&k, type);
	if (d != DECODE_TCP)
		return d;
	memset(s, 0, sizeof(*s));
	packet_numbers(&k, s);
	return packet_tcp(&k, s);
}
