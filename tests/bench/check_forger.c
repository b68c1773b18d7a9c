/*
 * The same suite against the same kernel, once alone and once with a forger
 * on the wire: not one verdict may differ. What it forges must have arrived.
 */
#include <sys/mman.h>
#include <sys/wait.h>

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/table.h"
#include "bench/driver.h"
#include "forger.h"
#include "run/data.h"
#include "run/suite.h"

#define FORGED_LEAST 2000 /* of each kind */

/* What must not differ. The pointers go into a book read before the fork. */
struct result {
	enum verdict verdict;
	const struct rule *rule;
	const struct deviation *deviation;
	char reason[256];
};

struct world {
	struct rulebook book;
	struct testcases cases;
	struct result *alone, *forged; /* shared with the children */
};

static void
set_up(struct world *w)
{
	const char *src = getenv("srcdir");
	char dir[4096];
	size_t size;
	struct err e;

	snprintf(dir, sizeof(dir), "%s/data", src ? src : ".");
	rulebook_init(&w->book);
	ck_assert_msg(data_load(&w->book, dir, DATA_SUITE, &e) == 0, "%s",
	    e.msg);
	ck_assert_int_eq(testcases_expand(&w->cases, &w->book, &e), 0);
	ck_assert_int_eq(testcases_select(&w->cases, NULL, 0, 0, false, &e), 0);
	size = 2 * w->cases.n * sizeof(*w->alone);
	w->alone = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(w->alone, MAP_FAILED);
	w->forged = w->alone + w->cases.n;
}

static void
tear_down(struct world *w)
{
	munmap(w->alone, 2 * w->cases.n * sizeof(*w->alone));
	testcases_free(&w->cases);
	rulebook_free(&w->book);
}

static int
run_cases(const struct world *w, bench_stack *stack, const char *pcap,
    struct result *r)
{
	struct suite suite = { .book = &w->book,
		.cases = &w->cases,
		.stack = "linux",
		.version = "6.18",
		.claims = CLAIM_RFC5961 };
	struct suite_result result;
	struct session session;
	const struct judgement *j = &result.j;
	struct err e;
	size_t i;

	if (session_open(&session, stack, pcap, &e) == -1) {
		fprintf(stderr, "%s\n", e.msg);
		return 77;
	}
	for (i = 0; i < w->cases.n; i++) {
		suite_run_case(&suite, &session, &w->cases.v[i], &result);
		r[i].verdict = j->verdict;
		r[i].rule = j->rule;
		r[i].deviation = j->deviation;
		snprintf(r[i].reason, sizeof(r[i].reason), "%s", j->reason);
	}
	return session_close(&session, &e) == -1;
}

/* In a child, which a bench changes for ever. */
static int
run_forked(const struct world *w, bench_stack *stack, const char *pcap,
    struct result *r)
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		_exit(run_cases(w, stack, pcap, r));
	if (pid == -1 || waitpid(pid, &status, 0) != pid)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -status;
}

static void
compare(const struct world *w)
{
	const struct result *a, *f;
	size_t i, differ = 0;

	for (i = 0; i < w->cases.n; i++) {
		a = &w->alone[i];
		f = &w->forged[i];
		if (a->verdict == f->verdict && a->rule == f->rule &&
		    a->deviation == f->deviation)
			continue;
		differ++;
		printf("%s: %s by %s (%s), with a forger %s by %s (%s): %s\n",
		    w->cases.v[i].id, verdict_name(a->verdict),
		    a->rule ? a->rule->id : "no rule",
		    a->deviation ? a->deviation->id : "as required",
		    verdict_name(f->verdict), f->rule ? f->rule->id : "no rule",
		    f->deviation ? f->deviation->id : "as required", f->reason);
	}
	fflush(stdout);
	ck_assert_msg(differ == 0, "%zu of %zu verdicts differ", differ,
	    w->cases.n);
}

/* The forgeries that came to the tester, by their mark in the capture. */
static void
count(const char *pcap)
{
	static const char *const names[] = {
		[FORGED_PORT] = "port",
		[FORGED_ACK] = "ack",
		[FORGED_SEQ] = "seq",
		[FORGED_CHECKSUM] = "checksum",
		[FORGED_AGAIN] = "again",
	};
	unsigned i, n[NFORGERIES] = { 0 };
	struct segment seg;
	struct sniff *s;
	struct err e;

	_Static_assert(ARRAY_SIZE(names) == NFORGERIES, "a name for each");
	ck_assert_msg(sniff_open_file(&s, pcap, &e) == 0, "%s", e.msg);
	while (sniff_next(s, &seg, 0, &e) == 1)
		if (seg.ttl >= FORGED_TTL && seg.ttl < FORGED_TTL + NFORGERIES)
			n[seg.ttl - FORGED_TTL]++;
	sniff_close(s);
	for (i = 0; i < NFORGERIES; i++) {
		printf("forged %s: %u\n", names[i], n[i]);
		ck_assert_uint_ge(n[i], FORGED_LEAST);
	}
}

START_TEST(test_forger)
{
	const char *dir = getenv("TMPDIR");
	char pcap[4096];
	struct world w;
	int fd;

	snprintf(pcap, sizeof(pcap), "%s/forger.XXXXXX", dir ? dir : "/tmp");
	fd = mkstemp(pcap);
	ck_assert_int_ne(fd, -1);
	close(fd);
	set_up(&w);
	ck_assert_int_eq(run_forked(&w, driver_run, NULL, w.alone), 0);
	ck_assert_int_eq(run_forked(&w, forger_run, pcap, w.forged), 0);
	count(pcap);
	unlink(pcap);
	compare(&w);
	tear_down(&w);
}
END_TEST

/* Is a bench possible here at all? */
static int
possible(void)
{
	static const struct world none;

	return run_forked(&none, driver_run, NULL, NULL) != 77;
}

int
main(void)
{
	Suite *suite = suite_create("forger");
	TCase *tc = tcase_create("forger");
	SRunner *sr;
	int failed;

	if (!possible()) {
		puts("SKIP: no private namespaces here (the line above "
		     "says why)");
		return 77;
	}
	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, test_forger);
	suite_add_tcase(suite, tc);
	sr = srunner_create(suite);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed != 0;
}
