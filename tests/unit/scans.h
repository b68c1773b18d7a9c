#ifndef RETORT_TEST_SCANS_H
#define RETORT_TEST_SCANS_H

/* Scans made by hand, without a wire; held to the rules of the RFC. */
#include <check.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/table.h"
#include "run/finding.h"
#include "util.h"

#define PORTS_MAX 5
#define SEQ(nth)  (1000u * ((nth) + 1)) /* of a try */
#define ACK(nth)  (5000u * ((nth) + 1))
#define MS	  NSEC_PER_MSEC
#define PAUSE	  (100 * MS) /* from one try to the next */
#define BEGAN	  (1000 * NSEC_PER_SEC)

/* What came, to which try; the numbers are right but for seq and ack. */
struct came {
	const char *rfc; /* NULL: the end */
	unsigned after;	 /* ms since the first try */
	uint8_t ttl;
	uint8_t faults;
	uint16_t port; /* not 0: from another one */
};

struct port {
	unsigned ntries;
	struct came came[3];
	bool refused, unsure, unfinished;
};

static struct rulebook book;
static struct scan *scan;
static struct scan_options options;

/* What came so many ms after the first try, and of how many tries. */
#define AT(ms, ...)                               \
	{                                         \
		.after = (ms), .rfc = __VA_ARGS__ \
	}
#define TRIES(n, ...)                                  \
	{                                              \
		.ntries = (n), .came = { __VA_ARGS__ } \
	}

/* A scan of n ports, 80 and those after it, and what came. */
static inline void
make_scan(uint16_t ctl, const struct port *ports, size_t n)
{
	uint16_t numbers[PORTS_MAX];
	struct segment r;
	struct scan_port *p;
	const struct came *c;
	size_t i, k;

	options = (struct scan_options){
		.any_seq = true, .any_ack = ctl & CTL_ACK, .tries = 3
	};
	options.seg.tuple = util_tuple();
	options.seg.ctl = ctl;
	for (i = 0; i < n; i++)
		numbers[i] = 80 + i;
	scan = mem_calloc(1, sizeof(*scan));
	scan_init(scan, &options, NULL, numbers, n);
	for (i = 0; i < n; i++) {
		p = &scan->ports[i];
		p->ntries = ports[i].ntries;
		p->done = !ports[i].unfinished;
		p->unsure = ports[i].unsure;
		for (k = 0; k < p->ntries; k++)
			p->tries[k] = (struct scan_try){ .seq = SEQ(k),
				.ack = ctl & CTL_ACK ? ACK(k) : 0,
				.when = BEGAN + k * PAUSE };
		if (ports[i].refused)
			p->icmp = mem_calloc(1, sizeof(*p->icmp));
		p->replies = mem_calloc(3, sizeof(*p->replies));
		for (c = ports[i].came; c < ports[i].came + 3; c++) {
			if (c->rfc == NULL)
				break;
			r = util_theirs(c->rfc);
			r.tuple.src.port = c->port ? c->port : p->port;
			r.when = BEGAN + c->after * MS;
			r.ttl = c->ttl ? c->ttl : 63;
			r.faults = c->faults;
			p->replies[p->nreplies++] = r;
		}
	}
}

static inline struct finding_rules
rules(unsigned states)
{
	return (struct finding_rules){
		.book = &book,
		.states = states ? states : 1u << ST_CLOSED | 1u << ST_LISTEN,
		.claims = CLAIM_RFC5961,
	};
}

/* What is found of the nth port. */
static inline struct finding
find(size_t nth, unsigned states)
{
	const struct finding_rules r = rules(states);
	struct baseline b;
	struct finding f, g;

	baseline_learn(&b, scan);
	finding_make(&f, &r, scan, &scan->ports[nth], &b);
	/* a glance never says otherwise */
	if (finding_glance(&g, &r, scan, &scan->ports[nth], &b)) {
		ck_assert_int_eq(g.answer, f.answer);
		ck_assert_int_eq(g.j.verdict, f.j.verdict);
		ck_assert_ptr_eq(g.j.rule, f.j.rule);
		ck_assert_ptr_eq(g.reply, f.reply);
		ck_assert_int_eq(g.rtt, f.rtt);
		ck_assert_str_eq(g.hint, f.hint);
	}
	return f;
}

/* Answers to the first try and to the second, that are right. */
static const char rst_ack[] = "<SEQ=0><ACK=1001><CTL=RST,ACK>";
static const char rst_ack2[] = "<SEQ=0><ACK=2001><CTL=RST,ACK>";
static const char syn_ack[] = "<SEQ=9><ACK=1001><CTL=SYN,ACK>";
static const char syn_ack2[] = "<SEQ=9><ACK=2001><CTL=SYN,ACK>";
static const char rst[] = "<SEQ=5000><CTL=RST>";

/* Before all: they are read once. */
static inline void
read_rules(void)
{
	rulebook_init(&book);
	util_add_data(&book, "rules/rfc9293.rules");
}

static inline void
free_scan(void)
{
	scan_free(scan);
	free(scan);
}

#endif
