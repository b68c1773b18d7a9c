#ifndef RETORT_TEST_ZOO_H
#define RETORT_TEST_ZOO_H

/* A pcapng file that has one of everything. */
#include "capfiles.h"
#include "frames.h"
#include "sniff/decode.h"

/*
 * What libpcap refuses: two sections in different byte orders, in the first
 * two link types, snap lengths and resolutions; and blocks of all kinds.
 */
static inline void
put_zoo(const char *path)
{
	struct cap c = { 0 };
	uint64_t dropped = 3;

	cap_section(&c);
	cap_begin(&c, 1);
	cap16(&c, 1);
	cap16(&c, 0);
	cap32(&c, 96);
	cap_option(&c, 2, "eth0", 4);
	cap_option(&c, 3, "uplink\n", 7);
	cap_option(&c, 9, "\x09", 1);
	cap32(&c, 0);
	cap_end(&c);
	cap_iface(&c, 101, 65535, -1);
	cap_iface(&c, 186, 0, 0x8a); /* USB, 1024ths of a second */
	cap_packet(&c, 0, 1000000007, frame4, sizeof(frame4), "a note");
	cap_packet(&c, 1, 2000003, frame4 + IP, sizeof(frame4) - IP, NULL);
	cap_begin(&c, 0xbad); /* of no known kind */
	cap_add(&c, 0, 8);
	cap_end(&c);
	cap_packet(&c, 2, 3 * 1024 + 512, "usb", 3, NULL);
	cap_begin(&c, 5);
	cap32(&c, 0);
	cap_add(&c, 0, 8);
	cap_option(&c, 5, &dropped, 8);
	cap_end(&c);
	c.big = true;
	cap_section(&c);
	cap_begin(&c, 1);
	cap16(&c, 113);
	cap16(&c, 0);
	cap32(&c, 20);
	cap_option(&c, 14, "\0\0\0\0\0\0\0\x64", 8); /* 100 s later */
	cap_end(&c);
	cap_packet(&c, 0, 4000000, frame6, sizeof(frame6), "the other order");
	cap_begin(&c, 3); /* simple: cut to the interface's length */
	cap32(&c, 30);
	buf_add(&c.b, frame6, 20);
	cap_end(&c);
	cap_begin(&c, 2); /* the old kind */
	cap16(&c, 0);
	cap16(&c, 0xffff);
	cap32(&c, 0);
	cap32(&c, 5000000);
	cap32(&c, 2);
	cap32(&c, 999);
	cap_add(&c, 0x4142, 2);
	cap_end(&c);
	capfile_put(path, &c);
}

static const struct {
	int64_t when;
	uint32_t caplen, len, dlt, iface;
	const char *comment;
} zoo[] = {
	{ 1000000007, 79, 79, LINK_ETHERNET, 0, "a note" },
	{ 2000003000, 65, 65, LINK_RAW, 1, NULL },
	{ 3500000000, 3, 3, 186, 2, NULL },
	{ 104000000000, 94, 94, LINK_LINUX_SLL, 3, "the other order" },
	{ 104000000000, 20, 30, LINK_LINUX_SLL, 3, NULL },
	{ 105000000000, 2, 999, LINK_LINUX_SLL, 3, NULL },
};

#endif
