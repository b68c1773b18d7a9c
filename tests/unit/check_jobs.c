/* Work in processes: in order, in time, and nothing lost. */
#include <sys/mman.h>

#include <check.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "run/jobs.h"

#define N     20
#define LARGE 300000

/* What each does, and what was told of it. */
struct log {
	struct buf told;
	size_t stop_at;
};

enum { HANGS = 3, DIES = 5, SILENT = 7, LARGE_ONE = 9, LATER = 11 };

static void
work(void *arg, size_t i, int fd)
{
	struct buf text = { 0 };
	size_t k;

	(void)arg;
	if (i == HANGS)
		sleep(600);
	if (i == DIES)
		raise(SIGKILL);
	/* the earlier, the later it is ready */
	usleep((N - i) * 3000);
	if (i == LARGE_ONE)
		for (k = 0; k < LARGE; k++)
			buf_adds(&text, "x");
	else if (i != SILENT)
		buf_addf(&text, "%zu", i);
	jobs_say(fd, &text);
	/* what is said is not waited for any more */
	if (i == LATER)
		sleep(600);
	buf_free(&text);
}

static int64_t
limit(void *arg, size_t i)
{
	(void)arg;
	return i == HANGS ? 200 * NSEC_PER_MSEC : 60 * NSEC_PER_SEC;
}

static int
done(void *arg, size_t i, const struct buf *text, const char *failure,
    struct err *e)
{
	struct log *log = arg;

	if (i == log->stop_at)
		return err_set(e, ERR_ENV, "enough");
	if (failure != NULL)
		buf_addf(&log->told, "%zu: %s;", i, failure);
	else if (i == LARGE_ONE)
		buf_addf(&log->told, "%zu;", text->len);
	else
		buf_addf(&log->told, "%s;", buf_str(text));
	return 0;
}

static struct jobs
the_jobs(struct log *log, unsigned at_once)
{
	return (struct jobs){ .n = N,
		.at_once = at_once,
		.arg = log,
		.work = work,
		.limit = limit,
		.done = done };
}

START_TEST(test_order)
{
	static const unsigned at_once[] = { 1, 2, 7, 100, 0 };
	struct log log = { .stop_at = N };
	struct jobs jobs = the_jobs(&log, at_once[_i]);
	struct err e = { 0 };

	ck_assert_msg(jobs_run(&jobs, &e) == 0, "%s", e.msg);
	ck_assert_str_eq(buf_str(&log.told),
	    "0;1;2;3: it took too long and was stopped;4;"
	    "5: its process ended early;6;;8;300000;10;11;12;13;14;15;16;17;"
	    "18;19;");
	buf_free(&log.told);
}
END_TEST

START_TEST(test_stop)
{
	struct log log = { .stop_at = 2 };
	struct jobs jobs = the_jobs(&log, 4);
	int64_t began = clock_mono();
	struct err e = { 0 };

	ck_assert_int_eq(jobs_run(&jobs, &e), -1);
	ck_assert_str_eq(e.msg, "enough");
	ck_assert_str_eq(buf_str(&log.told), "0;1;");
	/* the one that hangs was not waited for */
	ck_assert_int_lt(clock_mono() - began, 60 * NSEC_PER_SEC);
	buf_free(&log.told);
}
END_TEST

static bool
at_once(void)
{
	return true;
}

START_TEST(test_interrupted)
{
	struct log log = { .stop_at = N };
	struct jobs jobs = the_jobs(&log, 1);
	struct err e = { 0 };

	jobs.interrupted = at_once;
	ck_assert_int_eq(jobs_run(&jobs, &e), 0);
	ck_assert_uint_le(strlen(buf_str(&log.told)), 4);
	buf_free(&log.told);
}
END_TEST

/* How many were there, and at it, at once; for all processes. */
static struct counts {
	atomic_uint begun, at_it, most_begun, most_at_it;
} * counts;

static void
count(atomic_uint *now, atomic_uint *most)
{
	unsigned n = atomic_fetch_add(now, 1) + 1, m = atomic_load(most);

	while (n > m && !atomic_compare_exchange_weak(most, &m, n))
		;
}

/* Some have said all before it is their turn. */
static void
work_ahead(void *arg, size_t i, int fd)
{
	struct buf text = { 0 };

	(void)arg;
	buf_addf(&text, "%zu", i);
	count(&counts->begun, &counts->most_begun);
	usleep(3000);
	if (i % 5 != 4) {
		jobs_turn(fd);
		count(&counts->at_it, &counts->most_at_it);
		usleep(10000);
		atomic_fetch_sub(&counts->at_it, 1);
	}
	atomic_fetch_sub(&counts->begun, 1);
	jobs_say(fd, &text);
	buf_free(&text);
}

START_TEST(test_ahead)
{
	struct log log = { .stop_at = N };
	struct jobs jobs = the_jobs(&log, 2);
	struct buf want = { 0 };
	struct err e;
	size_t i;

	counts = mmap(NULL, sizeof(*counts), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(counts, MAP_FAILED);
	jobs.work = work_ahead;
	jobs.ahead = true;
	ck_assert_int_eq(jobs_run(&jobs, &e), 0);
	for (i = 0; i < N; i++)
		buf_addf(&want, i == LARGE_ONE ? "1;" : "%zu;", i);
	ck_assert_str_eq(buf_str(&log.told), buf_str(&want));
	ck_assert_uint_eq(counts->most_at_it, 2);
	ck_assert_uint_gt(counts->most_begun, 2);
	ck_assert_uint_le(counts->most_begun, 4);
	munmap(counts, sizeof(*counts));
	buf_free(&want);
	buf_free(&log.told);
}
END_TEST

START_TEST(test_none)
{
	struct log log = { .stop_at = N };
	struct jobs jobs = the_jobs(&log, 4);
	struct err e = { 0 };

	jobs.n = 0;
	ck_assert_int_eq(jobs_run(&jobs, &e), 0);
	ck_assert_str_eq(buf_str(&log.told), "");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("jobs");
	TCase *tc = tcase_create("jobs");
	SRunner *sr = srunner_create(suite);
	int failed;

	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, test_order, 0, 5);
	tcase_add_test(tc, test_stop);
	tcase_add_test(tc, test_interrupted);
	tcase_add_test(tc, test_ahead);
	tcase_add_test(tc, test_none);
	suite_add_tcase(suite, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed > 0;
}
