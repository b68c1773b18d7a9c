/* Capture files of every kind, one and several, whole and not. */
#include <zlib.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/table.h"
#include "capfiles.h"
#include "frames.h"
#include "sniff/decode.h"

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

static const struct {
	uint32_t magic;
	bool big;
	int64_t when;
} formats[] = {
	{ 0xa1b2c3d4, false, 1700000001000123000 },
	{ 0xa1b2c3d4, true, 1700000001000123000 },
	{ 0xa1b23c4d, false, 1700000001000000123 },
	{ 0xa1b23c4d, true, 1700000001000000123 },
};

START_TEST(test_classic)
{
	struct cap c = { .big = formats[_i].big };
	struct capture *capture;
	struct capture_count n;
	const struct iface *i;
	struct captured f;

	cap_classic(&c, formats[_i].magic, 1);
	cap_record(&c, 1700000001, 123, frame4, sizeof(frame4));
	cap_record(&c, 1700000002, 0, frame6, sizeof(frame6));
	capfile_put(files.path[0], &c);
	capture = capfile_open(files.path[0], NULL);
	f = capfile_next(capture);
	ck_assert_int_eq(f.when, formats[_i].when);
	ck_assert_uint_eq(f.caplen, sizeof(frame4));
	ck_assert_uint_eq(f.len, sizeof(frame4));
	ck_assert_mem_eq(f.p, frame4, sizeof(frame4));
	ck_assert_uint_eq(f.dlt, LINK_ETHERNET);
	ck_assert_uint_eq(f.number, 1);
	ck_assert_uint_eq(f.note_len, 0);
	f = capfile_next(capture);
	ck_assert_mem_eq(f.p, frame6, sizeof(frame6));
	ck_assert_uint_eq(f.number, 2);
	capfile_at_end(capture);
	ck_assert_uint_eq(capture_ifaces(capture), 1);
	i = capture_iface(capture, f.iface);
	ck_assert_str_eq(i->file, files.path[0]);
	ck_assert_uint_eq(i->snaplen, 65535);
	ck_assert_ptr_null(i->name);
	capture_counts(capture, &n);
	ck_assert_uint_eq(n.frames, 2);
	ck_assert_uint_eq(n.total, n.octets);
	ck_assert_uint_eq(n.total, 24 + 32 + sizeof(frame4) + sizeof(frame6));
	ck_assert(!capture_is_live(capture));
	capture_close(capture);
}
END_TEST

/* A once patched Linux had more in each frame's header. */
START_TEST(test_patched)
{
	struct cap c = { 0 };
	struct capture *capture;

	cap_classic(&c, 0xa1b2cd34, 101);
	cap_add(&c, 5, 4);
	cap_add(&c, 0, 4);
	cap32(&c, sizeof(frame4) - IP);
	cap32(&c, 9999);
	cap_add(&c, -1, 8);
	buf_add(&c.b, frame4 + IP, sizeof(frame4) - IP);
	capfile_put(files.path[0], &c);
	capture = capfile_open(files.path[0], NULL);
	struct captured f = capfile_next(capture);
	ck_assert_int_eq(f.when, 5 * NSEC_PER_SEC);
	ck_assert_uint_eq(f.dlt, LINK_RAW);
	ck_assert_uint_eq(f.len, 9999);
	ck_assert_mem_eq(f.p, frame4 + IP, f.caplen);
	capfile_at_end(capture);
	capture_close(capture);
}
END_TEST

/* Many frames, so that the buffer is refilled in the middle of them. */
static void
put_many(const char *path, unsigned n)
{
	static uint8_t octets[70000];
	struct cap c = { 0 };
	unsigned i;

	cap_classic(&c, 0xa1b23c4d, 1);
	for (i = 0; i < n; i++) {
		memset(octets, i, sizeof(octets));
		cap_record(&c, i, i, octets, i * 7919 % sizeof(octets));
	}
	capfile_put(path, &c);
}

static void
read_many(struct capture *c, unsigned n)
{
	struct captured f;
	unsigned i;

	for (i = 0; i < n; i++) {
		f = capfile_next(c);
		ck_assert_int_eq(f.when, i * NSEC_PER_SEC + i);
		ck_assert_uint_eq(f.caplen, i * 7919 % 70000);
		if (f.caplen > 0) {
			ck_assert_uint_eq(f.p[0], i & 0xff);
			ck_assert_uint_eq(f.p[f.caplen - 1], i & 0xff);
		}
	}
}

START_TEST(test_many)
{
	struct capture *c;

	put_many(files.path[0], 300);
	c = capfile_open(files.path[0], NULL);
	read_many(c, 300);
	capfile_at_end(c);
	capture_close(c);
}
END_TEST

static size_t
slurp(const char *path, uint8_t **p)
{
	FILE *f = fopen(path, "r");
	size_t n;

	ck_assert_ptr_nonnull(f);
	*p = malloc(64 << 20);
	n = fread(*p, 1, 64 << 20, f);
	fclose(f);
	return n;
}

/* Pack octets [from, to) as a member of its own. */
static void
pack(const char *path, const char *mode, const uint8_t *p, size_t from,
    size_t to)
{
	gzFile g = gzopen(path, mode);

	ck_assert_ptr_nonnull(g);
	ck_assert_int_eq(gzwrite(g, p + from, to - from), to - from);
	ck_assert_int_eq(gzclose(g), Z_OK);
}

/* In two members, as if two files had been joined, and with garbage behind. */
START_TEST(test_gzip)
{
	struct capture *c;
	uint8_t *p;
	size_t n;
	FILE *f;

	put_many(files.path[0], 300);
	n = slurp(files.path[0], &p);
	pack(files.path[1], "w", p, 0, n / 3);
	pack(files.path[1], "a", p, n / 3, n);
	free(p);
	f = fopen(files.path[1], "a");
	ck_assert_int_ge(fputs("garbage", f), 0);
	ck_assert_int_eq(fclose(f), 0);
	c = capfile_open(files.path[1], NULL);
	read_many(c, 300);
	capfile_at_end(c);
	capture_close(c);
}
END_TEST

/* All that can be unpacked is delivered before the damage is told. */
START_TEST(test_gzip_damaged)
{
	struct capture *c;
	struct captured f;
	unsigned frames = 0;
	struct err e = { 0 };
	uint8_t *p, *z;
	size_t n;
	int rc;

	put_many(files.path[0], 300);
	n = slurp(files.path[0], &p);
	pack(files.path[1], "w", p, 0, n);
	free(p);
	n = slurp(files.path[1], &z);
	if (_i == 0)
		n -= 4;
	else
		z[n / 2] ^= 0xff;
	capfile_write(files.path[1], z, n);
	free(z);
	c = capfile_open(files.path[1], NULL);
	while ((rc = capture_next(c, &f, 0, &e)) == 1)
		frames++;
	ck_assert_int_eq(rc, -1);
	ck_assert_int_eq(e.kind, ERR_ENV);
	ck_assert_msg(strstr(e.msg, _i == 0 ? "truncated" : "damaged") != NULL,
	    "%s", e.msg);
	ck_assert(_i == 0 ? frames == 300 : frames > 10 && frames < 300);
	ck_assert_int_eq(capture_next(c, &f, 0, &e), 0);
	capture_close(c);
}
END_TEST

/* A file of seconds [from, to), each the number of a frame. */
static void
put_seconds(const char *path, uint32_t from, uint32_t to, uint32_t step)
{
	struct cap c = { 0 };

	cap_classic(&c, 0xa1b23c4d, 1);
	for (; from < to; from += step)
		cap_record(&c, from, 0, frame4, sizeof(frame4));
	capfile_put(path, &c);
}

/* Parts of one capture, the last given first; and some that overlap. */
START_TEST(test_merge)
{
	const char *paths[] = { files.path[3], files.path[0], files.path[2],
		files.path[1] };
	struct capture_count n;
	struct capture *c;
	struct captured f;
	struct err e;
	unsigned i;

	put_seconds(files.path[0], 0, 50, 1);
	put_seconds(files.path[1], 50, 100, 2);
	put_seconds(files.path[2], 51, 100, 2);
	put_seconds(files.path[3], 100, 150, 1);
	ck_assert_int_eq(capture_open(&c, paths, 4, NULL, &e), 0);
	for (i = 0; i < 150; i++) {
		f = capfile_next(c);
		ck_assert_int_eq(f.when, i * NSEC_PER_SEC);
		ck_assert_mem_eq(f.p, frame4, sizeof(frame4));
		ck_assert_str_eq(capture_iface(c, f.iface)->file,
		    files.path[i < 50	  ? 0
			       : i >= 100 ? 3
			       : i % 2	  ? 2
					  : 1]);
		ck_assert_uint_eq(f.number, i < 50     ? i + 1
					    : i >= 100 ? i - 99
						       : (i - 50) / 2 + 1);
	}
	capfile_at_end(c);
	capture_counts(c, &n);
	ck_assert_uint_eq(n.frames, 150);
	ck_assert_uint_eq(n.octets, n.total);
	capture_close(c);
}
END_TEST

/* Damage to one file does not take what the others have. */
START_TEST(test_merge_damaged)
{
	const char *paths[] = { files.path[0], files.path[1] };
	unsigned frames = 0, damages = 0;
	struct capture *c;
	struct captured f;
	struct err e;
	int rc;

	put_seconds(files.path[0], 0, 10, 1);
	put_seconds(files.path[1], 0, 10, 1);
	ck_assert_int_eq(truncate(files.path[0],
			     24 + 5 * (16 + sizeof(frame4)) + 20),
	    0);
	ck_assert_int_eq(capture_open(&c, paths, 2, NULL, &e), 0);
	while ((rc = capture_next(c, &f, 0, &e)) != 0) {
		frames += rc == 1;
		damages += rc == -1;
		if (rc == -1) {
			ck_assert_ptr_nonnull(strstr(e.msg, files.path[0]));
			ck_assert_ptr_nonnull(strstr(e.msg,
			    "truncated after frame 5, at octet 499"));
		}
	}
	ck_assert_uint_eq(frames, 15);
	ck_assert_uint_eq(damages, 1);
	capture_close(c);
}
END_TEST

START_TEST(test_filter)
{
	struct cap c = { 0 };
	struct capture_count n;
	struct capture *capture;
	const char *path = files.path[0];
	struct captured f;
	struct err e = { 0 };

	cap_classic(&c, 0xa1b23c4d, 1);
	cap_record(&c, 1, 0, frame4, sizeof(frame4));
	cap_record(&c, 2, 0, frame6, sizeof(frame6));
	cap_record(&c, 3, 0, frame4, sizeof(frame4));
	capfile_put(path, &c);
	capture = capfile_open(path, "ip6 and tcp port 4242");
	f = capfile_next(capture);
	ck_assert_int_eq(f.when, 2 * NSEC_PER_SEC);
	ck_assert_uint_eq(f.number, 2);
	capfile_at_end(capture);
	capture_counts(capture, &n);
	ck_assert_uint_eq(n.frames, 1);
	ck_assert_uint_eq(n.filtered, 2);
	capture_close(capture);
	ck_assert_int_eq(capture_open(&capture, &path, 1, "tcp and (\n", &e),
	    -1);
	ck_assert_ptr_null(capture);
	ck_assert_int_eq(e.kind, ERR_USAGE);
	ck_assert_ptr_nonnull(strstr(e.msg, "capture filter: "));
	ck_assert_ptr_null(strchr(e.msg, '\n'));
}
END_TEST

/* A pipe is read as it comes, and not waited for beyond the deadline. */
START_TEST(test_pipe)
{
	const char *path = files.path[0];
	struct cap c = { 0 };
	struct capture *capture;
	struct captured f;
	struct err e;
	int64_t start;
	int fd;

	ck_assert_int_eq(mkfifo(path, 0600), 0);
	/* for reading, too, or it would wait for the reader */
	fd = open(path, O_RDWR | O_CLOEXEC);
	ck_assert_int_ne(fd, -1);
	cap_classic(&c, 0xa1b23c4d, 1);
	cap_record(&c, 7, 0, frame4, sizeof(frame4));
	ck_assert_int_eq(write(fd, c.b.p, 30), 30);
	capture = capfile_open(path, NULL);
	ck_assert_int_eq(capture_next(capture, &f, 0, &e), CAPTURE_WAIT);
	ck_assert_int_eq(write(fd, c.b.p + 30, 50), 50);
	start = clock_mono();
	ck_assert_int_eq(capture_next(capture, &f, start + 20 * NSEC_PER_MSEC,
			     &e),
	    CAPTURE_WAIT);
	ck_assert_int_ge(clock_mono() - start, 20 * NSEC_PER_MSEC);
	ck_assert_int_eq(write(fd, c.b.p + 80, c.b.len - 80), c.b.len - 80);
	f = capfile_next(capture);
	ck_assert_int_eq(f.when, 7 * NSEC_PER_SEC);
	ck_assert_mem_eq(f.p, frame4, sizeof(frame4));
	close(fd);
	capfile_at_end(capture);
	capture_close(capture);
	buf_free(&c.b);
}
END_TEST

/* Cut at every octet, classic and pcapng: what is before it is delivered. */
START_TEST(test_cut_anywhere)
{
	const char *path = files.path[0];
	size_t ends[3], header, n, i;
	struct capture *capture;
	struct cap c = { 0 };
	struct captured f;
	struct err e;

	if (_i == 0) {
		cap_classic(&c, 0xa1b2c3d4, 1);
		header = c.b.len;
		cap_record(&c, 1, 0, frame4, sizeof(frame4));
		ends[0] = c.b.len;
		cap_record(&c, 2, 0, frame6, sizeof(frame6));
	} else {
		cap_section(&c);
		header = c.b.len;
		cap_iface(&c, 1, 0, 9);
		cap_packet(&c, 0, 1, frame4, sizeof(frame4), "first");
		ends[0] = c.b.len;
		cap_packet(&c, 0, 2, frame6, sizeof(frame6), NULL);
	}
	ends[1] = c.b.len;
	for (n = 1; n <= c.b.len; n++) {
		capfile_write(path, c.b.p, n);
		if (n < header) {
			ck_assert_int_eq(capture_open(&capture, &path, 1, NULL,
					     &e),
			    -1);
			ck_assert_int_eq(e.kind, ERR_ENV);
			ck_assert_msg(strstr(e.msg, n < 4 ? "not a capture file"
							  : "truncated"),
			    "%s", e.msg);
			continue;
		}
		capture = capfile_open(path, NULL);
		for (i = 0; i < 2 && n >= ends[i]; i++) {
			f = capfile_next(capture);
			ck_assert_uint_eq(f.number, i + 1);
		}
		if (n == header || n == ends[0] || n == ends[1] ||
		    (_i == 1 && n == header + 28))
			capfile_at_end(capture);
		else
			capfile_damaged(capture, "truncated");
		capture_close(capture);
	}
	buf_free(&c.b);
}
END_TEST

START_TEST(test_refused)
{
	static const struct {
		const char octets[28];
		const char *reason;
	} rows[] = {
		{ "To whom it may concern:", "neither pcap nor pcapng" },
		{ "\x28\xb5\x2f\xfd rest", "packed by zstd" },
		{ "\xfd"
		  "7zXZ rest",
		    "packed by xz" },
		{ "BZh9 rest", "packed by bzip2" },
		{ "PK\3\4 rest", "a zip archive" },
		{ "\xd4\xc3\xb2\xa1\3\0\4\0\0\0\0\0\0\0\0\0\0\0\4\0\1\0\0",
		    "version 3 of the pcap format" },
		{ "\xd4\xc3\xb2\xa1\2\0\4\0\0\0\0\0\0\0\0\0\0\0\4\0\x69\0\0",
		    "link type IEEE802_11 (105) is not supported" },
		{ "\x0a\x0d\x0d\x0a\x1c\0\0\0xxxx\1\0\0\0\0\0\0\0\0\0\0\0\0",
		    "a section of no byte order" },
		{ "\x1f\x8b rest", "gzip's data is damaged" },
	};
	const char *path = files.path[0];
	struct capture *c;
	struct err e = { 0 };

	capfile_write(path, rows[_i].octets, sizeof(rows->octets));
	ck_assert_int_eq(capture_open(&c, &path, 1, NULL, &e), -1);
	ck_assert_ptr_null(c);
	ck_assert_int_eq(e.kind, ERR_ENV);
	ck_assert_msg(strstr(e.msg, path) == e.msg, "%s", e.msg);
	ck_assert_msg(strstr(e.msg, rows[_i].reason) != NULL, "%s", e.msg);
}
END_TEST

/* A length that no frame has. */
START_TEST(test_hostile_length)
{
	static const uint32_t lengths[] = { 262145, 0x7fffffff, 0x80000000,
		0xfffffff0, 0xffffffff };
	struct cap c = { 0 };
	struct capture *capture;

	cap_classic(&c, 0xa1b2c3d4, 1);
	cap_record(&c, 1, 0, frame4, sizeof(frame4));
	cap_add(&c, 0, 8);
	cap32(&c, lengths[_i]);
	cap32(&c, 1);
	buf_add(&c.b, frame4, sizeof(frame4));
	capfile_put(files.path[0], &c);
	capture = capfile_open(files.path[0], NULL);
	capfile_next(capture);
	capfile_damaged(capture, "damaged: a frame of");
	capture_close(capture);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("capture");
	TCase *tc = tcase_create("capture");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_loop_test(tc, test_classic, 0, ARRAY_SIZE(formats));
	tcase_add_test(tc, test_patched);
	tcase_add_test(tc, test_many);
	tcase_add_test(tc, test_gzip);
	tcase_add_loop_test(tc, test_gzip_damaged, 0, 2);
	tcase_add_test(tc, test_merge);
	tcase_add_test(tc, test_merge_damaged);
	tcase_add_test(tc, test_filter);
	tcase_add_test(tc, test_pipe);
	tcase_add_loop_test(tc, test_cut_anywhere, 0, 2);
	tcase_add_loop_test(tc, test_refused, 0, 9);
	tcase_add_loop_test(tc, test_hostile_length, 0, 5);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
