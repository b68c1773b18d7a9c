/*
 * Write the seeds of the fuzzers, each to a folder of its own below the one
 * that is given: decode/, message/ and capture/.
 */
#include <zlib.h>

#include <err.h>
#include <stdio.h>
#include <sys/stat.h>

#include "../unit/caps.h"
#include "../unit/messages.h"
#include "base/table.h"

static const char *top;
static unsigned serial;

static void
make_folder(const char *name)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", top, name);
	if (mkdir(path, 0777) == -1)
		err(1, "%s", path);
}

static void
put(const char *folder, struct buf *b)
{
	char path[512];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s/%03u", top, folder, serial++);
	f = fopen(path, "w");
	if (f == NULL || fwrite(buf_str(b), b->len, 1, f) != 1 ||
	    fclose(f) == EOF)
		err(1, "%s", path);
	buf_free(b);
}

/* A frame of link type number link of fuzz_decode.c; a header, and the rest. */
static void
put_frame(uint8_t link, const void *header, size_t n, const uint8_t *rest,
    size_t nrest)
{
	uint8_t octets[] = { link, 0 };
	struct buf b = { 0 };

	buf_add(&b, octets, sizeof(octets));
	buf_add(&b, header, n);
	buf_add(&b, rest, nrest);
	put("decode", &b);
}

#define IP4 frame4 + IP, sizeof(frame4) - IP
#define IP6 frame6 + IP, sizeof(frame6) - IP

static void
make_frames(void)
{
	struct frame f = extended();

	put_frame(0, NULL, 0, frame4, sizeof(frame4));
	put_frame(0, NULL, 0, frame6, sizeof(frame6));
	put_frame(0, NULL, 0, f.p, f.len);
	put_frame(0, "ddddddssssss\x88\xa8\0\1\x81\0\0\2\x08\0", 22, IP4);
	put_frame(0, "ddddddssssss\x88\x64\x11\0\0\7\0\x43\0\x21", 22, IP4);
	put_frame(1, "\2\0\0\0", 4, IP4);
	put_frame(2, "\xff\3\0\x57", 4, IP6);
	put_frame(3, "", 0, IP6);
	put_frame(4, "\x0f\0\x08\0", 4, IP4);
	put_frame(5, "\x11\0\0\7\0\x43\0\x21", 8, IP4);
	put_frame(7, "\0\4\0\1\0\6ssssss\0\0\x08\0", 16, IP4);
	put_frame(10, "\x86\xdd\0\0\0\0\0\1\0\1\4\6ssssss\0\0", 20, IP6);
	free(f.p);
}

/* An IPv4 packet of protocol proto around octets and a packet or frame. */
static void
put_tunnel(uint8_t proto, const void *header, size_t n, const uint8_t *rest,
    size_t nrest)
{
	struct frame f = copy(frame4 + IP, 20);

	f.p[9] = proto;
	insert(&f, f.len, header, n);
	put16(f.p + 2, f.len + nrest);
	put_frame(3, f.p, f.len, rest, nrest);
	free(f.p);
}

static void
make_tunnels(void)
{
	put_tunnel(4, "", 0, IP4);
	put_tunnel(41, "", 0, IP6);
	put_tunnel(47, "\xb0\0\x08\0cccckkkkssss", 16, IP4);
	put_tunnel(47, "\x20\0\x65\x58kkkk", 8, frame4, sizeof(frame4));
	put_tunnel(47, "\x10\0\x88\xbessss\x10\0\0\0iiii", 16, frame4,
	    sizeof(frame4));
	put_tunnel(17, "\xc0\0\x12\xb5\0\0\0\0\x08\0\0\0\0\0\1\0", 16, frame6,
	    sizeof(frame6));
}

static void
put_message(bool ip6, const uint8_t *p, size_t n)
{
	struct buf b = { 0 };

	buf_add(&b, ip6 ? "\1" : "\0", 1);
	buf_add(&b, p, n);
	put("message", &b);
}

static void
make_messages(void)
{
	put_message(false, error4 + ICMP4, sizeof(error4) - ICMP4);
	put_message(true, error6 + ICMP6, sizeof(error6) - ICMP6);
	put_message(true, nd_ask + ICMP6, sizeof(nd_ask) - ICMP6);
	put_message(true, nd_tell + ICMP6, sizeof(nd_tell) - ICMP6);
}

/* gzip's form of what was put together. */
static struct buf
packed(const struct buf *b)
{
	uint8_t octets[4096];
	z_stream z = { .next_in = (uint8_t *)b->p,
		.avail_in = b->len,
		.next_out = octets,
		.avail_out = sizeof(octets) };
	struct buf out = { 0 };

	if (deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, 0) != Z_OK ||
	    deflate(&z, Z_FINISH) != Z_STREAM_END)
		errx(1, "zlib");
	buf_add(&out, octets, z.total_out);
	deflateEnd(&z);
	return out;
}

static void
make_classic(uint32_t magic, bool big)
{
	struct cap c = { .big = big };
	struct buf z;

	cap_classic(&c, magic, 1);
	cap_record(&c, 1700000001, 123, frame4, sizeof(frame4));
	cap_record(&c, 1700000002, 456, frame6, sizeof(frame6));
	z = packed(&c.b);
	put("capture", &z);
	put("capture", &c.b);
}

static void
make_pcapng(bool big)
{
	uint64_t dropped = 3;
	struct cap c = { .big = big };

	cap_section(&c);
	cap_begin(&c, 1);
	cap16(&c, 1);
	cap16(&c, 0);
	cap32(&c, 96);
	cap_option(&c, 2, "eth0", 4);
	cap_option(&c, 3, "uplink", 6);
	cap_option(&c, 9, "\x09", 1);
	cap_option(&c, 14, "\0\0\0\0\0\0\0\x64", 8);
	cap32(&c, 0);
	cap_end(&c);
	cap_iface(&c, 101, 65535, 0x8a);
	cap_packet(&c, 0, 1000000007, frame4, sizeof(frame4), "a note");
	cap_packet(&c, 1, 5000, IP4, NULL);
	cap_begin(&c, 5);
	cap32(&c, 0);
	cap_add(&c, 0, 8);
	cap_option(&c, 5, &dropped, 8);
	cap_end(&c);
	cap_begin(&c, 3);
	cap32(&c, 20);
	buf_add(&c.b, frame6, 20);
	cap_end(&c);
	cap_begin(&c, 2);
	cap32(&c, 0);
	cap_add(&c, 9, 8);
	cap32(&c, 2);
	cap32(&c, 999);
	cap_add(&c, 0x4142, 2);
	cap_end(&c);
	c.big = !big;
	cap_section(&c);
	cap_iface(&c, 113, 0, -1);
	cap_packet(&c, 0, 7, "\0\4\0\1\0\6ssssss\0\0\x08\0", 16, "comment");
	put("capture", &c.b);
}

int
main(int argc, char **argv)
{
	if (argc != 2)
		errx(2, "usage: make-corpus directory");
	top = argv[1];
	make_folder("decode");
	make_folder("message");
	make_folder("capture");
	make_frames();
	make_tunnels();
	make_messages();
	make_classic(0xa1b2c3d4, false);
	make_classic(0xa1b23c4d, true);
	make_classic(0xa1b2cd34, false);
	make_pcapng(false);
	make_pcapng(true);
	return 0;
}
