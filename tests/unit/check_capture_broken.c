/* Files that are no captures, or are cut off, or damaged. */
#include "capmany.h"
#include "frames.h"

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
	Suite *s = suite_create("capture_broken");
	TCase *tc = tcase_create("capture_broken");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_loop_test(tc, test_gzip_damaged, 0, 2);
	tcase_add_loop_test(tc, test_cut_anywhere, 0, 2);
	tcase_add_loop_test(tc, test_refused, 0, 9);
	tcase_add_loop_test(tc, test_hostile_length, 0, 5);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
