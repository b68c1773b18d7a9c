/*
 * Write the captures that run.sh reads. The octets are made here by hand, so
 * that src/sniff is tested against something else than our own src/craft.
 * The same captures come out each time: the times count up from a fixed one.
 */
#include <err.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "captures.h"

/* A frame that grows. */
struct frame {
	uint8_t octets[256];
	size_t len;
};

static void
add(struct frame *f, const void *p, size_t n)
{
	if (n > sizeof(f->octets) - f->len)
		errx(1, "a frame is too long");
	if (n > 0)
		memcpy(f->octets + f->len, p, n);
	f->len += n;
}

static void
put16(uint8_t *p, uint16_t v)
{
	p[0] = v >> 8;
	p[1] = v & 0xff;
}

static void
put32(uint8_t *p, uint32_t v)
{
	put16(p, v >> 16);
	put16(p + 2, v & 0xffff);
}

static void
add16(struct frame *f, uint16_t v)
{
	uint8_t p[2];

	put16(p, v);
	add(f, p, 2);
}

static uint16_t
sum(const uint8_t *p, size_t n, uint32_t start)
{
	size_t i;

	for (i = 0; i < n; i++)
		start += i % 2 ? p[i] : p[i] << 8;
	while (start >> 16)
		start = (start & 0xffff) + (start >> 16);
	return start;
}

static void
add_link(struct frame *f, const struct row *r, uint16_t link)
{
	static const uint8_t macs[12] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1 };
	uint16_t type = r->damage == PROTO_ARP ? 0x0806
			: r->ip6	       ? 0x86dd
					       : 0x0800;
	uint16_t tag = r->tags > 1 ? 0x88a8 : r->tags ? 0x8100 : type;
	unsigned i;

	if (link == LINK_NULL)
		add(f, "\2\0\0\0", 4);
	if (link == LINK_ETHERNET)
		add(f, macs, 12);
	if (link == LINK_SLL)
		add(f, "\0\0\0\1\0\6\2\0\0\0\0\1\0\0", 14);
	if (link != LINK_NULL && link != LINK_RAW)
		add16(f, tag);
	if (link == LINK_SLL2)
		add(f, "\0\0\0\0\0\1\0\1\0\6\2\0\0\0\0\1\0\0", 18);
	for (i = 0; i < r->tags; i++) {
		add16(f, 100 + i);
		add16(f, i + 1 < r->tags ? 0x8100 : type);
	}
}

/* Addresses of TEST-NET-1 and the documentation prefix of IPv6. */
static void
add_ip(struct frame *f, const struct row *r, size_t payload)
{
	uint8_t p[40] = { 0x45, 0, 0, 0, 0x12, 0x34, 0x40, 0, 64, 6 };
	size_t header = r->ip_options != NULL ? 24 : 20;

	if (r->ip6) {
		put32(p, 0x60000000);
		put16(p + 4, payload + r->ext_len);
		p[6] = r->damage == PROTO_UDP ? 17 : r->ext ? r->ext_kind : 6;
		p[7] = 64;
		put32(p + 8, 0x20010db8);
		put32(p + 24, 0x20010db8);
		p[23] = r->reply ? 2 : 1;
		p[39] = r->reply ? 1 : 2;
		add(f, p, 40);
		add(f, r->ext, r->ext_len);
		return;
	}
	p[0] = 0x40 | header / 4;
	put16(p + 2, r->damage == TOTAL_LENGTH_0 ? 0 : header + payload);
	if (r->damage == FRAGMENT_FIRST)
		p[6] = 0x20;
	if (r->damage == FRAGMENT_LATER)
		p[7] = 1;
	if (r->damage == PROTO_UDP)
		p[9] = 17;
	put32(p + 12, r->reply ? 0xc0000202 : 0xc0000201);
	put32(p + 16, r->reply ? 0xc0000201 : 0xc0000202);
	if (header > 20)
		memcpy(p + 20, r->ip_options, 4);
	put16(p + 10, ~sum(p, header, 0) + (r->damage == BAD_IP_CHECKSUM));
	add(f, p, header);
}

static void
add_tcp(struct frame *f, const struct row *r, size_t payload, size_t text_len)
{
	size_t at = f->len, addrs = r->ip6 ? 32 : 8;
	uint8_t p[20] = { 0 };
	const uint8_t *src;
	uint32_t pseudo;

	/* The addresses stand before the options and extension headers. */
	src = f->octets + at - addrs -
	      (r->ip6		  ? r->ext_len
		  : r->ip_options ? 4
				  : 0);
	pseudo = sum(src, addrs, 6 + payload);
	put16(p, r->reply ? 4242 : 40000);
	put16(p + 2, r->reply ? 40000 : 4242);
	put32(p + 4, r->seq);
	put32(p + 8, r->ack);
	put16(p + 12, r->ctl);
	p[12] |= (r->offset ? r->offset : 5 + r->options_len / 4) << 4;
	put16(p + 14, r->wnd);
	put16(p + 18, r->up);
	add(f, p, 20);
	add(f, r->options, r->options_len);
	add(f, r->text, text_len);
	if (r->damage == PARTIAL_CHECKSUM)
		put16(f->octets + at + 16, pseudo);
	else
		put16(f->octets + at + 16,
		    ~sum(f->octets + at, f->len - at, pseudo) +
			(r->damage == BAD_CHECKSUM));
}

static void
write32(FILE *f, bool big_endian, uint32_t v)
{
	int i;

	for (i = 0; i < 4; i++)
		putc(v >> 8 * (big_endian ? 3 - i : i) & 0xff, f);
}

static void
write_frame(FILE *f, const struct capture *c, const struct row *r, size_t i)
{
	size_t text_len = r->text != NULL ? strlen(r->text) : 0;
	size_t payload = 20 + r->options_len + text_len, caplen;
	struct frame frame = { .len = 0 };

	add_link(&frame, r, c->link);
	add_ip(&frame, r, payload);
	add_tcp(&frame, r, payload, text_len);
	/* Ethernet pads to 60 octets, here with what is not zero. */
	while (c->link == LINK_ETHERNET && frame.len < 60 &&
	       r->damage != TOTAL_LENGTH_0)
		add(&frame, "\xaa", 1);
	caplen = frame.len;
	if (r->damage == CUT_TEXT)
		caplen = (r->ip6 ? 54 : 34) + 20;
	if (r->damage == CUT_OPTIONS)
		caplen = 34 + 20 + 8;
	write32(f, c->big_endian, 1700000000 + i);
	write32(f, c->big_endian, i);
	write32(f, c->big_endian, caplen);
	write32(f, c->big_endian, frame.len);
	fwrite(frame.octets, caplen, 1, f);
}

static void
write_capture(const char *directory, const struct capture *c)
{
	char path[4096];
	FILE *f;
	size_t i;

	snprintf(path, sizeof(path), "%s/%s", directory, c->name);
	f = fopen(path, "w");
	if (f == NULL)
		err(1, "%s", path);
	write32(f, c->big_endian, c->magic);
	write32(f, c->big_endian, c->big_endian ? 2 << 16 | 4 : 4 << 16 | 2);
	write32(f, c->big_endian, 0);
	write32(f, c->big_endian, 0);
	write32(f, c->big_endian, 65535);
	write32(f, c->big_endian, c->link);
	for (i = 0; i < c->nrows; i++)
		write_frame(f, c, &c->rows[i], i);
	if (fclose(f) == EOF)
		err(1, "%s", path);
}

int
main(int argc, char **argv)
{
	size_t i;

	if (argc != 2)
		errx(2, "usage: make-captures directory");
	for (i = 0; i < sizeof(captures) / sizeof(captures[0]); i++)
		write_capture(argv[1], &captures[i]);
	return 0;
}
