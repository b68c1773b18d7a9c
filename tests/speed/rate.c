/*
 * Cases a second in one process, one after the other, from stimulus to
 * verdict, beside the floor of the same run: a segment out by libnet, its
 * answer in by libpcap, nothing judged.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/table.h"
#include "bench/driver.h"
#include "run/data.h"
#include "run/suite.h"

#define ROUNDS 5
#define EACH   20000

static double
floor_rate(struct session *s)
{
	int64_t began = clock_mono();
	struct segment syn, answer;
	const uint8_t *frame;
	struct err e;
	size_t len;
	int i;

	for (i = 0; i < EACH; i++) {
		memset(&syn, 0, sizeof(syn));
		syn.tuple =
		    session_tuple(s, 4, bench_net(s->bench)->closed_port);
		syn.seq = random_u32(&s->random);
		syn.ctl = CTL_SYN;
		if (craft_build(s->wire.craft, &syn, &frame, &len, &e) == -1 ||
		    craft_send(s->wire.craft, &e) == -1 ||
		    sniff_next(s->wire.sniff, &answer,
			clock_mono() + NSEC_PER_SEC, &e) != 1)
			errx(1, "floor: %s", e.msg);
	}
	return EACH / ((double)(clock_mono() - began) / NSEC_PER_SEC);
}

/* The cases that match one pattern, over and over. */
static double
case_rate(const char *dir, struct session *s, char *pattern)
{
	struct testcases cases;
	struct suite_result r;
	struct rulebook book;
	struct suite suite = { .book = &book,
		.cases = &cases,
		.stack = "any",
		.version = "0",
		.claims = CLAIM_RFC5961 };
	int64_t began;
	struct err e;
	size_t i;

	rulebook_init(&book);
	if (data_load(&book, dir, false, &e) == -1 ||
	    testcases_expand(&cases, &book, &e) == -1 ||
	    testcases_select(&cases, &pattern, 1, 0, false, &e) == -1)
		errx(1, "%s", e.msg);
	began = clock_mono();
	for (i = 0; i < EACH; i++) {
		suite_run_case(&suite, s, &cases.v[i % cases.n], &r);
		if (r.j.verdict != V_PASS)
			errx(1, "%s: %s", verdict_name(r.j.verdict),
			    r.j.reason);
	}
	testcases_free(&cases);
	rulebook_free(&book);
	return EACH / ((double)(clock_mono() - began) / NSEC_PER_SEC);
}

int
main(int argc, char **argv)
{
	static char closed[] = "closed/S",
		    established[] = "ack/duplicate/established",
		    time_wait[] = "ack/duplicate/time-wait";
	static char *const patterns[] = { closed, established, time_wait };
	const char *dir = argc > 1 ? argv[1] : "data";
	double floor, rate;
	struct session s;
	struct err e;
	size_t i;
	int round;

	if (session_open(&s, driver_run, NULL, &e) == -1)
		errx(1, "%s", e.msg);
	for (round = 0; round < ROUNDS; round++) {
		floor = floor_rate(&s);
		for (i = 0; i < ARRAY_SIZE(patterns); i++) {
			rate = case_rate(dir, &s, patterns[i]);
			printf("%-26s %7.0f cases/s   floor %7.0f   "
			       "ratio %.2f\n",
			    patterns[i], rate, floor, rate / floor);
		}
	}
	session_close(&s, &e);
	return 0;
}
