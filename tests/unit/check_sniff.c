/* Capture files, read and written, whole and broken. */
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/table.h"
#include "frames.h"
#include "sniff/decode.h"
#include "sniff/dump.h"
#include "sniff/sniff.h"

static const uint8_t arp[] = "dstdstsrcsrc\x08\x06 who has?";

static char dir[] = "/tmp/check_sniff.XXXXXX";
static char first[sizeof(dir) + 16], second[sizeof(dir) + 16];

static void
set_up(void)
{
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(first, sizeof(first), "%s/first.pcap", dir);
	snprintf(second, sizeof(second), "%s/second.pcap", dir);
}

static void
tear_down(void)
{
	unlink(first);
	unlink(second);
	ck_assert_int_eq(rmdir(dir), 0);
	strcpy(dir + strlen(dir) - 6, "XXXXXX");
}

static void
write_file(const char *path, const void *octets, size_t n)
{
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(octets, 1, n, f), n);
	ck_assert_int_eq(fclose(f), 0);
}

static size_t
read_whole(const char *path, uint8_t *octets, size_t max)
{
	FILE *f = fopen(path, "r");
	size_t n;

	ck_assert_ptr_nonnull(f);
	n = fread(octets, 1, max, f);
	fclose(f);
	return n;
}

static struct sniff *
open_sniff(const char *path)
{
	struct err e = { 0 };
	struct sniff *s;

	ck_assert_msg(sniff_open_file(&s, path, &e) == 0, "%s", e.msg);
	return s;
}

static struct dump *
open_dump(const char *path)
{
	struct err e = { 0 };
	struct dump *d;

	ck_assert_msg(dump_open(&d, path, &e) == 0, "%s", e.msg);
	return d;
}

/* Two segments with a frame between them that is none. */
static void
write_three(const char *path)
{
	struct dump *d = open_dump(path);
	struct err e;

	dump_frame(d, 1700000000123456789, frame4, sizeof(frame4));
	dump_frame(d, 1700000001000000000, arp, sizeof(arp));
	dump_cut_frame(d, 1700000001999999999, frame6, 80, sizeof(frame6));
	ck_assert_int_eq(dump_close(d, &e), 0);
}

/* The octets of the segment that was read last are these. */
static void
check_frame(const struct sniff *s, const uint8_t *frame, size_t len)
{
	size_t n;
	const uint8_t *p = sniff_frame(s, &n);

	ck_assert_uint_eq(n, len);
	ck_assert((p == NULL) == (frame == NULL));
	ck_assert(len == 0 || memcmp(p, frame, len) == 0);
}

/* Read what write_three() wrote. */
static void
read_three(const char *path)
{
	struct sniff *s = open_sniff(path);
	struct segment seg;
	unsigned drops = 1;
	struct err e;

	ck_assert_int_eq(sniff_fd(s), -1);
	ck_assert_int_eq(sniff_next(s, &seg, 0, &e), 1);
	ck_assert_int_eq(seg.when, 1700000000123456789);
	ck_assert_uint_eq(seg.tuple.src.addr.ip, 4);
	ck_assert_uint_eq(seg.seq, 1001);
	ck_assert_uint_eq(seg.faults, 0);
	ck_assert_uint_eq(seg.text_kept, 13);
	ck_assert_mem_eq(seg.text, "hello, world\n", 13);
	check_frame(s, frame4, sizeof(frame4));
	ck_assert_int_eq(sniff_next(s, &seg, 0, &e), 1);
	ck_assert_int_eq(seg.when, 1700000001999999999);
	ck_assert_uint_eq(seg.tuple.src.addr.ip, 6);
	ck_assert_uint_eq(seg.faults, FAULT_CUT);
	check_frame(s, frame6, 80);
	ck_assert_int_eq(sniff_next(s, &seg, 0, &e), 0);
	check_frame(s, NULL, 0);
	ck_assert_int_eq(sniff_next(s, &seg, 0, &e), 0);
	ck_assert_int_eq(sniff_drops(s, &drops, &e), 0);
	ck_assert_uint_eq(drops, 0);
	sniff_close(s);
}

START_TEST(test_round_trip)
{
	write_three(first);
	read_three(first);
}
END_TEST

START_TEST(test_keep)
{
	uint8_t before[1024], after[1024];
	struct segment seg;
	struct sniff *s;
	struct dump *d;
	struct err e;
	size_t n;

	write_three(first);
	s = open_sniff(first);
	d = open_dump(second);
	sniff_keep(s, d);
	while (sniff_next(s, &seg, 0, &e) == 1)
		;
	sniff_close(s);
	ck_assert_int_eq(dump_close(d, &e), 0);
	n = read_whole(first, before, sizeof(before));
	ck_assert_uint_gt(n, 200);
	ck_assert_uint_eq(read_whole(second, after, sizeof(after)), n);
	ck_assert_mem_eq(before, after, n);
}
END_TEST

/* "-" is standard input. */
START_TEST(test_stdin)
{
	write_three(first);
	ck_assert_ptr_nonnull(freopen(first, "r", stdin));
	read_three("-");
}
END_TEST

/* A classic header and one frame, 0 at the end of a text being no part. */
#define RECORD_LE "\x01\xf1\x53\x65\x7b\0\0\0\x41\0\0\0\x41\0\0\0"
#define RECORD_BE "\x65\x53\xf1\x01\0\0\0\x7b\0\0\0\x41\0\0\0\x41"
#define REST_LE	  "\2\0\4\0\0\0\0\0\0\0\0\0\0\0\4\0"
#define REST_BE	  "\0\2\0\4\0\0\0\0\0\0\0\0\0\4\0\0"
static const struct {
	const char header[40];
	int64_t when;
} formats[] = {
	{ "\xd4\xc3\xb2\xa1" REST_LE "\x65\0\0\0" RECORD_LE,
	    1700000001000123000 },
	{ "\x4d\x3c\xb2\xa1" REST_LE "\x65\0\0\0" RECORD_LE,
	    1700000001000000123 },
	{ "\xa1\xb2\xc3\xd4" REST_BE "\0\0\0\x65" RECORD_BE,
	    1700000001000123000 },
	{ "\xa1\xb2\x3c\x4d" REST_BE "\0\0\0\x65" RECORD_BE,
	    1700000001000000123 },
};

/* Write frame4 without its Ethernet header behind a header of formats[]. */
static size_t
write_format(const char *path, size_t i)
{
	struct frame f =
	    copy((const uint8_t *)formats[i].header, sizeof(formats->header));
	size_t n;

	insert(&f, f.len, frame4 + IP, sizeof(frame4) - IP);
	write_file(path, f.p, f.len);
	n = f.len;
	free(f.p);
	return n;
}

START_TEST(test_formats)
{
	struct segment seg;
	struct sniff *s;
	struct err e;

	write_format(first, _i);
	s = open_sniff(first);
	ck_assert_int_eq(sniff_next(s, &seg, 0, &e), 1);
	ck_assert_int_eq(seg.when, formats[_i].when);
	ck_assert_uint_eq(seg.seq, 1001);
	ck_assert_uint_eq(seg.text_kept, 13);
	ck_assert_int_eq(sniff_next(s, &seg, 0, &e), 0);
	sniff_close(s);
}
END_TEST

/* A section header, an interface with ns stamps, a frame of frame4's IP. */
START_TEST(test_pcapng)
{
	static const char header[] =
	    "\x0a\x0d\x0d\x0a\x1c\0\0\0\x4d\x3c\x2b\x1a\1\0\0\0"
	    "\xff\xff\xff\xff\xff\xff\xff\xff\x1c\0\0\0"
	    "\1\0\0\0\x20\0\0\0\x65\0\0\0\0\0\4\0"
	    "\x9\0\1\0\x9\0\0\0\0\0\0\0\x20\0\0\0"
	    "\6\0\0\0\x64\0\0\0\0\0\0\0"
	    "\1\0\0\0\2\0\0\0\x41\0\0\0\x41\0\0\0";
	struct frame f = copy((const uint8_t *)header, sizeof(header) - 1);
	struct segment seg;
	struct sniff *s;
	struct err e;

	insert(&f, f.len, frame4 + IP, sizeof(frame4) - IP);
	insert(&f, f.len, "\0\0\0\x64\0\0\0", 7);
	write_file(first, f.p, f.len);
	free(f.p);
	s = open_sniff(first);
	ck_assert_int_eq(sniff_next(s, &seg, 0, &e), 1);
	ck_assert_int_eq(seg.when, (1LL << 32) + 2);
	ck_assert_uint_eq(seg.seq, 1001);
	ck_assert_int_eq(sniff_next(s, &seg, 0, &e), 0);
	sniff_close(s);
}
END_TEST

/* Frames without an Ethernet header get one, or nobody could read them. */
START_TEST(test_keep_raw)
{
	struct segment seg;
	struct sniff *s;
	struct dump *d;
	uint8_t octets[256];
	uint32_t len;
	struct err e;

	write_format(first, 1);
	s = open_sniff(first);
	d = open_dump(second);
	sniff_keep(s, d);
	ck_assert_int_eq(sniff_next(s, &seg, 0, &e), 1);
	ck_assert_int_eq(dump_close(d, &e), 0);
	sniff_close(s);
	ck_assert_uint_eq(read_whole(second, octets, sizeof(octets)),
	    24 + 16 + sizeof(frame4));
	memcpy(&len, octets + 36, sizeof(len));
	ck_assert_uint_eq(len, sizeof(frame4));
	ck_assert_mem_eq(octets + 40, "\0\0\0\0\0\0\0\0\0\0\0\0\x08\0", 14);
	s = open_sniff(second);
	ck_assert_int_eq(sniff_next(s, &seg, 0, &e), 1);
	ck_assert_int_eq(seg.when, formats[1].when);
	ck_assert_uint_eq(seg.seq, 1001);
	ck_assert_uint_eq(seg.text_kept, 13);
	sniff_close(s);
}
END_TEST

/* Cut a file at every octet: what is before the cut is delivered. */
START_TEST(test_cut_off)
{
	size_t ends[] = { 24, 24 + 16 + sizeof(frame4),
		24 + 32 + sizeof(frame4) + sizeof(frame6) };
	struct dump *d = open_dump(first);
	struct segment seg;
	uint8_t octets[512];
	struct sniff *s;
	struct err e;
	size_t n, i;

	dump_frame(d, 1, frame4, sizeof(frame4));
	dump_frame(d, 2, frame6, sizeof(frame6));
	ck_assert_int_eq(dump_close(d, &e), 0);
	n = read_whole(first, octets, sizeof(octets));
	ck_assert_uint_eq(n, ends[2]);
	for (; n > 0; n--) {
		write_file(first, octets, n);
		if (n < ends[0]) {
			ck_assert_int_eq(sniff_open_file(&s, first, &e), -1);
			ck_assert_ptr_null(s);
			continue;
		}
		s = open_sniff(first);
		for (i = 1; i < 3 && n >= ends[i]; i++) {
			ck_assert_int_eq(sniff_next(s, &seg, 0, &e), 1);
			ck_assert_int_eq(seg.when, i);
		}
		if (n == ends[i - 1]) {
			ck_assert_int_eq(sniff_next(s, &seg, 0, &e), 0);
		} else {
			ck_assert_int_eq(sniff_next(s, &seg, 0, &e), -1);
			ck_assert_int_eq(e.kind, ERR_ENV);
			ck_assert_ptr_nonnull(strstr(e.msg, first));
			ck_assert_ptr_nonnull(strstr(e.msg, "truncated"));
		}
		sniff_close(s);
	}
}
END_TEST

static void
check_refused(const char *path, const char *name, const char *reason)
{
	struct err e = { 0 };
	struct sniff *s;

	ck_assert_int_eq(sniff_open_file(&s, path, &e), -1);
	ck_assert_ptr_null(s);
	ck_assert_int_eq(e.kind, ERR_ENV);
	ck_assert_msg(strncmp(e.msg, name, strlen(name)) == 0 &&
			  strstr(e.msg, reason) != NULL,
	    "%s", e.msg);
}

START_TEST(test_refused)
{
	char message[sizeof(dir) + 32];
	uint8_t octets[512];
	size_t n;

	check_refused(first, first, "No such file");
	check_refused("no\nsuch\x1b"
		      "file",
	    "no\\x0asuch\\x1b"
	    "file: ",
	    "No");
	snprintf(message, sizeof(message), "%s: Is a directory", dir);
	check_refused(dir, message, "");
	write_file(first, "", 0);
	check_refused(first, first, "is empty");
	write_file(first, "To whom it may concern: a letter.\n", 34);
	check_refused(first, first, "not a capture file");
	n = write_format(second, 0);
	ck_assert_uint_eq(read_whole(second, octets, sizeof(octets)), n);
	octets[20] = 105;
	write_file(first, octets, n);
	check_refused(first, first, "IEEE802_11 (105) is not supported");
	octets[21] = 3; /* no such number */
	write_file(first, octets, n);
	check_refused(first, first, "unknown (873) is not supported");
	/* Who may read all files must become someone else to be refused. */
	ck_assert_int_eq(chmod(dir, 0755) | chmod(second, 0), 0);
	if (geteuid() == 0)
		ck_assert_int_eq(seteuid(65534), 0);
	check_refused(second, second, "Permission denied");
	if (getuid() == 0)
		ck_assert_int_eq(seteuid(0), 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("sniff");
	TCase *tc = tcase_create("files");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, test_round_trip);
	tcase_add_test(tc, test_keep);
	tcase_add_test(tc, test_keep_raw);
	tcase_add_test(tc, test_stdin);
	tcase_add_loop_test(tc, test_formats, 0, ARRAY_SIZE(formats));
	tcase_add_test(tc, test_pcapng);
	tcase_add_test(tc, test_cut_off);
	tcase_add_test(tc, test_refused);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
