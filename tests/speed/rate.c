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
		if (craft_build(s->craft, &syn, &frame, &len, &e) == -1 ||
		    craft_send(s->craft, &e) == -1 ||
		    sniff_next(s->sniff, &answer, clock_mono() + NSEC_PER_SEC,
			&e) != 1)
			errx(1, "floor: %s", e.msg);
	}
	return EACH / ((double)(clock_mono() - began) / NSEC_PER_SEC);
}

static double
case_rate(const struct suite *suite, struct session *s)
{
	int64_t began = clock_mono();
	const struct deviation *known;
	struct judgement j;
	size_t i;

	for (i = 0; i < EACH; i++) {
		suite_run_case(suite, s, &suite->cases->v[i % suite->cases->n],
		    &j, &known);
		if (j.verdict != V_PASS)
			errx(1, "%s: %s", verdict_name(j.verdict), j.reason);
	}
	return EACH / ((double)(clock_mono() - began) / NSEC_PER_SEC);
}

int
main(int argc, char **argv)
{
	char closed_syn[] = "closed/S", *patterns[] = { closed_syn };
	struct testcases cases;
	struct rulebook book;
	struct suite suite = {
		.book = &book, .cases = &cases, .stack = "any", .version = "0"
	};
	double floor, rate;
	struct session s;
	struct err e;
	int i;

	rulebook_init(&book);
	if (data_load(&book, argc > 1 ? argv[1] : "data", &e) == -1 ||
	    testcases_expand(&cases, &book, &e) == -1 ||
	    testcases_select(&cases, patterns, 1, 0, &e) == -1 ||
	    session_open(&s, driver_run, NULL, &e) == -1)
		errx(1, "%s", e.msg);
	for (i = 0; i < ROUNDS; i++) {
		floor = floor_rate(&s);
		rate = case_rate(&suite, &s);
		printf("CLOSED cases/s %7.0f   floor %7.0f   ratio %.2f\n",
		    rate, floor, rate / floor);
	}
	session_close(&s, &e);
	testcases_free(&cases);
	rulebook_free(&book);
	return 0;
}
