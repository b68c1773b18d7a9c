/* pcapng files that are damaged. */
#include "noise.h"
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
	Suite *s = suite_create("pcapng_broken");
	TCase *tc = tcase_create("pcapng_broken");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_loop_test(tc, test_damage, 0, 10);
	tcase_add_test(tc, test_unknown_link);
	tcase_add_test(tc, test_mutations);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
