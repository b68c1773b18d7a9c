/* pcapng files, read and written. */
#include <sys/stat.h>

#include "base/table.h"
#include "capfiles.h"
#include "sniff/pcapng.h"
#include "zoo.h"

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
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
