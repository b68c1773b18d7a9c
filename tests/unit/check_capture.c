/* Capture files of every kind, one and several. */
#include <fcntl.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/table.h"
#include "capfiles.h"
#include "capmany.h"
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

/* Who wrote the file decides what stands before IP in LINK_NULL. */
START_TEST(test_filter_null)
{
	struct cap c = { .big = _i };
	struct capture *capture;
	struct frame f;

	cap_classic(&c, 0xa1b2c3d4, LINK_NULL);
	f = copy((const uint8_t *)(_i ? "\0\0\0\2" : "\2\0\0\0"), 4);
	insert(&f, 4, frame4 + IP, sizeof(frame4) - IP);
	cap_record(&c, 1, 0, f.p, f.len);
	free(f.p);
	/* as macOS has it */
	f = copy((const uint8_t *)(_i ? "\0\0\0\36" : "\36\0\0\0"), 4);
	insert(&f, 4, frame6 + IP, sizeof(frame6) - IP);
	cap_record(&c, 2, 0, f.p, f.len);
	free(f.p);
	capfile_put(files.path[0], &c);
	capture = capfile_open(files.path[0], "ip and tcp port 4242");
	ck_assert_uint_eq(capfile_next(capture).number, 1);
	capfile_at_end(capture);
	capture_close(capture);
	capture = capfile_open(files.path[0], "ip6 and tcp port 4242");
	ck_assert_uint_eq(capfile_next(capture).number, 2);
	capfile_at_end(capture);
	capture_close(capture);
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
	tcase_add_test(tc, test_merge);
	tcase_add_test(tc, test_merge_damaged);
	tcase_add_test(tc, test_filter);
	tcase_add_loop_test(tc, test_filter_null, 0, 2);
	tcase_add_test(tc, test_pipe);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
