/* pcapng files, read and written. */
#include <fcntl.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/table.h"
#include "capfiles.h"
#include "frames.h"
#include "noise.h"
#include "sniff/decode.h"
#include "sniff/pcapng.h"

static struct capfiles files;

static void
set_up(void)
{
	capfiles_make(&files);
}

static void
tear_down(void)
{
	capfiles_remove(&files);
}

/*
 * What libpcap refuses: two sections in different byte orders, in the first
 * two link types, snap lengths and resolutions; and blocks of all kinds.
 */
static void
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

/* Its comments must be these, the first of ours, and no others. */
static void
check_comments(const struct captured *f, const char *ours, const char *theirs)
{
	const char *expected[] = { ours ? ours : theirs, ours ? theirs : NULL };
	const char *text;
	uint32_t at = 0;
	size_t len, i;

	for (i = 0; i < 2 && expected[i] != NULL; i++) {
		ck_assert_int_eq(captured_comment(f, &at, &text, &len), 1);
		ck_assert_uint_eq(len, strlen(expected[i]));
		ck_assert_mem_eq(text, expected[i], len);
	}
	ck_assert_int_eq(captured_comment(f, &at, &text, &len), 0);
}

static void
check_zoo(struct capture *c, const char *ours)
{
	struct captured f;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(zoo); i++) {
		f = capfile_next(c);
		ck_assert_int_eq(f.when, zoo[i].when);
		ck_assert_uint_eq(f.caplen, zoo[i].caplen);
		ck_assert_uint_eq(f.len, zoo[i].len);
		ck_assert_uint_eq(f.dlt, zoo[i].dlt);
		ck_assert_uint_eq(f.iface, zoo[i].iface);
		ck_assert_uint_eq(f.number, i + 1);
		check_comments(&f, i % 2 ? NULL : ours, zoo[i].comment);
	}
	capfile_at_end(c);
}

START_TEST(test_zoo)
{
	struct capture_count n;
	const struct iface *i;
	struct capture *c;

	put_zoo(files.path[0]);
	c = capfile_open(files.path[0], NULL);
	check_zoo(c, NULL);
	capture_counts(c, &n);
	ck_assert_uint_eq(n.frames, 6);
	ck_assert_uint_eq(n.unknown, 1);
	ck_assert_uint_eq(n.dropped, 3);
	ck_assert_uint_eq(capture_ifaces(c), 4);
	i = capture_iface(c, 0);
	ck_assert_str_eq(i->name, "eth0");
	ck_assert_str_eq(i->description, "uplink\\x0a");
	ck_assert_uint_eq(i->snaplen, 96);
	i = capture_iface(c, 3);
	ck_assert_ptr_null(i->name);
	ck_assert_uint_eq(i->dlt, LINK_LINUX_SLL);
	capture_close(c);
}
END_TEST

/* The filter is compiled for each link type, and wants none of the unknown. */
START_TEST(test_filter)
{
	struct capture_count n;
	struct err e = { 0 };
	struct capture *c;
	struct captured f;

	put_zoo(files.path[0]);
	c = capfile_open(files.path[0], "tcp port 4242");
	ck_assert_uint_eq(capfile_next(c).number, 1);
	ck_assert_uint_eq(capfile_next(c).number, 2);
	capfile_at_end(c);
	capture_counts(c, &n);
	ck_assert_uint_eq(n.frames, 2);
	ck_assert_uint_eq(n.filtered, 4);
	capture_close(c);
	/* only an Ethernet frame has such an address */
	c = capfile_open(files.path[0], "ether src 02:00:00:00:00:01");
	ck_assert_uint_eq(capfile_next(c).number, 1);
	ck_assert_int_eq(capture_next(c, &f, 0, &e), -1);
	ck_assert_int_eq(e.kind, ERR_USAGE);
	ck_assert_msg(strstr(e.msg, "link type RAW: capture filter: ") != NULL,
	    "%s", e.msg);
	capture_close(c);
}
END_TEST

/* Written again, with comments of ours, it is the same. */
START_TEST(test_write)
{
	struct capture *c;
	struct captured f;
	struct pcapng *w;
	struct err e;
	unsigned i;

	put_zoo(files.path[0]);
	c = capfile_open(files.path[0], NULL);
	ck_assert_int_eq(pcapng_create(&w, files.path[1], c, &e), 0);
	for (i = 0; i < ARRAY_SIZE(zoo); i++) {
		f = capfile_next(c);
		pcapng_add(w, &f,
		    i % 2 ? NULL : "two\nlines \x01\\ \xc3\xa9 \xff");
	}
	ck_assert_int_eq(pcapng_flush(w, &e), 0);
	ck_assert_int_eq(pcapng_finish(w, &e), 0);
	capture_close(c);
	c = capfile_open(files.path[1], NULL);
	check_zoo(c, "two\nlines \\x01\\ \xc3\xa9 \\xff");
	ck_assert_str_eq(capture_iface(c, 0)->name, "eth0");
	ck_assert_uint_eq(capture_iface(c, 0)->snaplen, 96);
	ck_assert_uint_eq(capture_iface(c, 3)->snaplen, 20);
	capture_close(c);
}
END_TEST

/* A comment longer than any option can be. */
START_TEST(test_long_comment)
{
	size_t n = 70000, len;
	char *text = malloc(n + 1);
	const char *got;
	struct capture *c;
	struct captured f;
	struct pcapng *w;
	uint32_t at = 0;
	struct err e;

	memset(text, 'x', n);
	text[n] = '\0';
	memcpy(text + 65534, "\xc3\xa9", 2); /* half of it would not do */
	put_zoo(files.path[0]);
	c = capfile_open(files.path[0], NULL);
	ck_assert_int_eq(pcapng_create(&w, files.path[1], c, &e), 0);
	f = capfile_next(c);
	pcapng_add(w, &f, text);
	ck_assert_int_eq(pcapng_finish(w, &e), 0);
	capture_close(c);
	c = capfile_open(files.path[1], NULL);
	f = capfile_next(c);
	ck_assert_int_eq(captured_comment(&f, &at, &got, &len), 1);
	ck_assert_uint_eq(len, 65534);
	ck_assert_mem_eq(got, text, len);
	ck_assert_int_eq(captured_comment(&f, &at, &got, &len), 1);
	capfile_at_end(c);
	capture_close(c);
	free(text);
}
END_TEST

START_TEST(test_write_refused)
{
	struct stat before, after;
	struct err e = { 0 };
	struct capture *c;
	struct captured f;
	struct pcapng *w;
	unsigned i;

	put_zoo(files.path[0]);
	ck_assert_int_eq(stat(files.path[0], &before), 0);
	c = capfile_open(files.path[0], NULL);
	ck_assert_int_eq(pcapng_create(&w, files.path[0], c, &e), -1);
	ck_assert_int_eq(e.kind, ERR_USAGE);
	ck_assert_ptr_null(w);
	ck_assert_int_eq(stat(files.path[0], &after), 0);
	ck_assert_int_eq(before.st_size, after.st_size);
	ck_assert_int_eq(pcapng_create(&w, files.dir, c, &e), -1);
	ck_assert_int_eq(e.kind, ERR_ENV);
	ck_assert_msg(strstr(e.msg, ": Is a directory") != NULL, "%s", e.msg);
	ck_assert_int_eq(pcapng_create(&w, "/dev/full", c, &e), 0);
	f = capfile_next(c);
	for (i = 0; i < 10000; i++)
		pcapng_add(w, &f, NULL);
	ck_assert_int_eq(pcapng_flush(w, &e), -1);
	ck_assert_int_eq(e.kind, ERR_ENV);
	ck_assert_str_eq(e.msg, "/dev/full: No space left on device");
	ck_assert_int_eq(pcapng_finish(w, &e), -1);
	/* and when all fits the buffer */
	ck_assert_int_eq(pcapng_create(&w, "/dev/full", c, &e), 0);
	ck_assert_int_eq(pcapng_finish(w, &e), -1);
	ck_assert_int_eq(pcapng_finish(NULL, &e), 0);
	capture_close(c);
}
END_TEST

/* One 32-bit word of a small file is something else. */
START_TEST(test_damage)
{
	static const struct {
		size_t at; /* of what follows the section header */
		uint32_t word;
		const char *what;
	} rows[] = {
		{ 4, 0, "damaged: a block of 0 octets" },
		{ 4, 11, "damaged: a block of 11 octets" },
		{ 4, 30, "damaged: a block of 30 octets" },
		{ 4, 0xfffffffc, "damaged: a block of 4294967292 octets" },
		{ 24, 32, "damaged: the two lengths of a block differ" },
		{ 20, 0xff, "stamps of resolution 0xff are not supported" },
		{ 20, 20, "stamps of resolution 0x14 are not supported" },
		{ 28 + 8, 1, "damaged: a frame of interface 1, which" },
		{ 28 + 20, 81, "damaged: a frame of 81 octets in a block" },
		{ 28 + 20, 0xffffffff,
		    "damaged: a frame of 4294967295 octets" },
	};
	struct cap c = { 0 };
	struct capture *capture;
	size_t section;

	cap_section(&c);
	section = c.b.len;
	cap_iface(&c, 1, 0, 9);
	ck_assert_uint_eq(c.b.len, section + 28);
	cap_packet(&c, 0, 1, frame4, sizeof(frame4), NULL);
	memcpy(c.b.p + section + rows[_i].at, &rows[_i].word, 4);
	capfile_put(files.path[0], &c);
	capture = capfile_open(files.path[0], NULL);
	capfile_damaged(capture, rows[_i].what);
	capture_close(capture);
}
END_TEST

/* A file that has nothing but frames that we do not decode. */
START_TEST(test_unknown_link)
{
	struct capture *capture;
	struct cap c = { 0 };

	cap_section(&c);
	cap_iface(&c, 186, 0, -1);
	cap_packet(&c, 0, 1, "usb", 3, NULL);
	capfile_put(files.path[0], &c);
	capture = capfile_open(files.path[0], NULL);
	capfile_next(capture);
	capfile_damaged(capture,
	    "link type USB_FREEBSD (186) is not supported");
	capture_close(capture);
}
END_TEST

#define NMUTATIONS 5000

/* Noise in the file: any end of it will do, but no other harm. */
START_TEST(test_mutations)
{
	const char *path = files.path[0];
	unsigned ends[2] = { 0 }, refused = 0, i;
	struct capture *c;
	struct captured f;
	uint32_t x = 521288629, at;
	uint8_t octets[4096], sum;
	struct frame whole, m;
	const char *text;
	struct err e;
	size_t len;
	FILE *file;
	int rc;

	put_zoo(path);
	file = fopen(path, "r");
	whole = copy(octets, fread(octets, 1, sizeof(octets), file));
	memcpy(whole.p, octets, whole.len);
	fclose(file);
	for (i = 0; i < NMUTATIONS; i++) {
		m = copy(whole.p, whole.len);
		mutate(&m, &x);
		capfile_write(path, m.p, m.len);
		free(m.p);
		if (capture_open(&c, &path, 1, NULL, &e) == -1) {
			refused++;
			continue;
		}
		while ((rc = capture_next(c, &f, 0, &e)) == 1) {
			ck_assert_uint_le(f.caplen, f.len);
			for (sum = 0, len = 0; len < f.caplen; len++)
				sum += f.p[len];
			at = 0;
			while (captured_comment(&f, &at, &text, &len) == 1)
				sum += len > 0 ? text[len - 1] : 0;
			ck_assert_uint_lt(capture_iface(c, f.iface)->dlt + sum,
			    1 << 20);
		}
		ends[rc == 0]++;
		capture_close(c);
	}
	ck_assert_uint_gt(refused, NMUTATIONS / 50);
	ck_assert_uint_gt(ends[0], NMUTATIONS / 10);
	ck_assert_uint_gt(ends[1], NMUTATIONS / 10);
	free(whole.p);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("pcapng");
	TCase *tc = tcase_create("pcapng");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, test_zoo);
	tcase_add_test(tc, test_filter);
	tcase_add_test(tc, test_write);
	tcase_add_test(tc, test_long_comment);
	tcase_add_test(tc, test_write_refused);
	tcase_add_loop_test(tc, test_damage, 0, 10);
	tcase_add_test(tc, test_unknown_link);
	tcase_add_test(tc, test_mutations);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
