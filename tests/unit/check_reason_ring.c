/* The ring in which the kernel leaves its records, written by hand. */
#include <check.h>
#include <linux/perf_event.h>
#include <stdlib.h>

#include "resets.h"

#define RING_SIZE 4096
#define LEN	  104 /* of a sample: 8 + 4 + RAW_SIZE, padded to 8 */
#define ROOM	  ((RING_SIZE - 512) / LEN) /* samples that leave no doubt */

struct fixture {
	struct trace_format format;
	struct tuple tuple, other;
	_Alignas(8) uint8_t data[RING_SIZE];
	struct trace_ring ring;
};

/* The ring is empty and its head and tail are there. */
static void
set_up(struct fixture *f, uint64_t at)
{
	f->format = parse_format(FORMAT);
	f->tuple = make_tuple("192.0.2.2", 5000, "192.0.2.1", 1024);
	f->other = make_tuple("192.0.2.2", 5000, "192.0.2.1", 1025);
	memset(f->data, 0xff, sizeof(f->data));
	f->ring = (struct trace_ring){
		.data = f->data, .size = RING_SIZE, .head = at, .tail = at
	};
}

static void
put(struct fixture *f, const void *octets, size_t len)
{
	const uint8_t *p = octets;
	size_t i;

	for (i = 0; i < len; i++)
		f->data[f->ring.head++ % RING_SIZE] = p[i];
}

/* A record of this type: what it holds, and octets up to its size. */
static void
put_record(struct fixture *f, uint32_t type, uint16_t size, const void *octets,
    size_t len)
{
	struct perf_event_header h = { .type = type, .size = size };
	uint64_t end = f->ring.head + size;

	put(f, &h, sizeof(h));
	put(f, octets, len);
	f->ring.head = end;
}

/* A RST to the port 1024, which is that of the tuple, or to another. */
static void
put_reset(struct fixture *f, uint32_t type, uint16_t port, uint32_t reason)
{
	struct {
		uint32_t size;
		uint8_t raw[RAW_SIZE];
	} s = { .size = LEN - 12 };

	make_raw(s.raw, "192.0.2.2", 5000, "192.0.2.1", port, reason);
	put_record(f, type, LEN, &s, sizeof(s));
}

static void
put_sample(struct fixture *f, uint16_t port, uint32_t reason)
{
	put_reset(f, PERF_RECORD_SAMPLE, port, reason);
}

static void
put_lost(struct fixture *f)
{
	static const uint64_t id_and_count[2] = { 1, 1 };

	put_record(f, PERF_RECORD_LOST, 24, id_and_count, sizeof(id_and_count));
}

/* What is found, -1 for nothing; in any case the ring is then empty. */
static int
last(struct fixture *f, const struct tuple *t)
{
	uint32_t reason;
	bool found = trace_last(&f->ring, &f->format, t, &reason);

	ck_assert_uint_eq(f->ring.tail, f->ring.head);
	return found ? (int)reason : -1;
}

START_TEST(test_last)
{
	struct fixture f;

	set_up(&f, 0);
	ck_assert_int_eq(last(&f, &f.tuple), -1);
	put_sample(&f, 1024, 3);
	put_sample(&f, 1024, 4);
	put_sample(&f, 1025, 5);
	ck_assert_int_eq(last(&f, &f.tuple), 4);
	ck_assert_int_eq(last(&f, &f.tuple), -1);
	/* what is read for one tuple is gone for the others */
	ck_assert_int_eq(last(&f, &f.other), -1);
	put_sample(&f, 1025, 6);
	ck_assert_int_eq(last(&f, &f.tuple), -1);
	put_sample(&f, 1025, 0);
	ck_assert_int_eq(last(&f, &f.other), 0);
	trace_free(&f.format);
}
END_TEST

/* A sample that begins at any place before the end and goes round it. */
START_TEST(test_wrap)
{
	static const uint64_t rounds[] = { 1, 1ULL << 20, 1ULL << 52 };
	struct fixture f;
	size_t i;
	int left;

	for (left = 0; left <= 2 * LEN; left++) {
		for (i = 0; i < 3; i++) {
			set_up(&f, rounds[i] * RING_SIZE - left);
			put_sample(&f, 1024, 7);
			put_sample(&f, 1024, left);
			ck_assert_int_eq(last(&f, &f.tuple), left);
			trace_free(&f.format);
		}
	}
}
END_TEST

/* Nothing is certain about what came before a loss. */
START_TEST(test_lost)
{
	struct fixture f;

	set_up(&f, 0);
	put_sample(&f, 1024, 3);
	put_lost(&f);
	ck_assert_int_eq(last(&f, &f.tuple), -1);
	put_sample(&f, 1024, 3);
	put_lost(&f);
	put_sample(&f, 1024, 4);
	ck_assert_int_eq(last(&f, &f.tuple), 4);
	trace_free(&f.format);
}
END_TEST

/* Nor in a full ring, of which the kernel says only later what it lost. */
START_TEST(test_full)
{
	struct fixture f;
	int i, n;

	for (n = ROOM - 1; n <= RING_SIZE / LEN; n++) {
		set_up(&f, 1000);
		for (i = 0; i < n; i++)
			put_sample(&f, 1024, 3);
		ck_assert_int_eq(last(&f, &f.tuple), n <= ROOM ? 3 : -1);
		put_lost(&f);
		put_sample(&f, 1024, 4);
		ck_assert_int_eq(last(&f, &f.tuple), 4);
		trace_free(&f.format);
	}
}
END_TEST

/* Records of other types, and samples with too little in them. */
START_TEST(test_others)
{
	const uint32_t huge = ~0U, few = 40;
	struct fixture f;

	set_up(&f, RING_SIZE - 300);
	put_sample(&f, 1024, 3);
	put_reset(&f, PERF_RECORD_THROTTLE, 1024, 5);
	put_record(&f, 9999, 8, NULL, 0);
	put_record(&f, PERF_RECORD_SAMPLE, 8, NULL, 0);
	put_record(&f, PERF_RECORD_SAMPLE, 48, &huge, sizeof(huge));
	put_record(&f, PERF_RECORD_SAMPLE, 56, &few, sizeof(few));
	ck_assert_int_eq(last(&f, &f.tuple), 3);
	/* longer than we need */
	put_record(&f, PERF_RECORD_SAMPLE, 2000, &few, sizeof(few));
	put_sample(&f, 1024, 4);
	ck_assert_int_eq(last(&f, &f.tuple), 4);
	trace_free(&f.format);
}
END_TEST

/* A sample that ends before what it claims to hold, though that is there. */
START_TEST(test_short)
{
	struct perf_event_header *h;
	struct fixture f;

	set_up(&f, 0);
	h = (struct perf_event_header *)f.data;
	put_sample(&f, 1024, 3);
	h->size = f.ring.head = _i * sizeof(*h);
	ck_assert_int_eq(last(&f, &f.tuple), -1);
	trace_free(&f.format);
}
END_TEST

/* A sample with more after what we know, up to 64 KiB. */
START_TEST(test_long)
{
	struct {
		uint32_t size;
		uint8_t raw[RAW_SIZE];
	} s = { .size = 3000 - 12 };
	struct fixture f;

	set_up(&f, RING_SIZE - 50);
	make_raw(s.raw, "192.0.2.2", 5000, "192.0.2.1", 1024, 6);
	put_record(&f, PERF_RECORD_SAMPLE, 3000, &s, sizeof(s));
	ck_assert_int_eq(last(&f, &f.tuple), 6);
	trace_free(&f.format);
}
END_TEST

/* One after the other, with their times where the ring has them. */
START_TEST(test_next)
{
	struct trace_reset reset;
	struct fixture f;
	struct {
		int64_t time;
		uint32_t size;
		uint8_t raw[RAW_SIZE];
	} __attribute__((packed)) s = { .time = 77, .size = LEN - 12 };

	set_up(&f, 0);
	put_lost(&f);
	put_sample(&f, 1024, 3);
	put_sample(&f, 1025, 4);
	ck_assert(trace_next(&f.ring, &f.format, &reset));
	ck_assert_uint_eq(reset.reason, 3);
	ck_assert(tuple_eq(&reset.tuple, &f.tuple));
	ck_assert_int_eq(reset.time, 0);
	ck_assert(trace_next(&f.ring, &f.format, &reset));
	ck_assert_uint_eq(reset.reason, 4);
	ck_assert(!trace_next(&f.ring, &f.format, &reset));

	f.ring.timed = true;
	make_raw(s.raw, "192.0.2.2", 5000, "192.0.2.1", 1024, 5);
	put_record(&f, PERF_RECORD_SAMPLE, LEN + 8, &s, sizeof(s));
	ck_assert(trace_next(&f.ring, &f.format, &reset));
	ck_assert_uint_eq(reset.reason, 5);
	ck_assert_int_eq(reset.time, 77);
	ck_assert(tuple_eq(&reset.tuple, &f.tuple));
	put(&f, "cut", 3);
	ck_assert(!trace_next(&f.ring, &f.format, &reset));
	ck_assert_uint_eq(f.ring.tail, f.ring.head);
	trace_free(&f.format);
}
END_TEST

/* No loop without end, no reading behind the head: nothing is believed. */
START_TEST(test_broken)
{
	static const uint16_t sizes[] = { 0, 7, LEN + 1, 65535 };
	struct fixture f;

	set_up(&f, 0);
	put_sample(&f, 1024, 3);
	put_sample(&f, 1024, 4);
	memcpy(f.data + LEN + 6, &sizes[_i], 2);
	ck_assert_int_eq(last(&f, &f.tuple), -1);
	put_sample(&f, 1024, 3);
	put(&f, "cut", 3);
	ck_assert_int_eq(last(&f, &f.tuple), -1);
	trace_free(&f.format);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("reason_ring");
	TCase *tc = tcase_create("ring");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_test(tc, test_last);
	tcase_add_test(tc, test_wrap);
	tcase_add_test(tc, test_lost);
	tcase_add_test(tc, test_full);
	tcase_add_test(tc, test_others);
	tcase_add_test(tc, test_next);
	tcase_add_loop_test(tc, test_short, 1, LEN / 8);
	tcase_add_test(tc, test_long);
	tcase_add_loop_test(tc, test_broken, 0, 4);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
