/*
 * DOC: how much is told of a RST
 *
 * Nobody reads ten thousand accounts of the same thing. So of RSTs that are
 * alike the first WHOLE_MAX are told in full, then up to LINES_MAX in one line
 * each, and the rest is counted. Two are alike when they have the same cause,
 * as surely, their senders were in the same state, and the clues say the same
 * of their form and numbers: one that is odd is not hidden among others.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/table.h"
#include "cmd/explain_sink.h"

#define FEW	   30 /* of a capture, which are told in full at any rate */
#define WHOLE_MAX  3
#define LINES_MAX  300
#define PLACES_MAX 300

struct place {
	const struct cause *cause;
	struct addr sender;
	int32_t port;
};

struct kind {
	const struct cause *cause;
	uint32_t sure, state, shape, diagnostic;
};

uint32_t
explain_shape(const struct clues *clues)
{
	static const uint8_t parts[] = { CLUE_ACK, CLUE_SEQ_ZERO, CLUE_SEQ_NEXT,
		CLUE_ACK_NEXT, CLUE_ANSWERS, CLUE_REPLY, CLUE_TEXT, CLUE_EXACT,
		CLUE_IN_WINDOW, CLUE_OUTSIDE, CLUE_TTL_OFF };
	uint32_t shape = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(parts); i++)
		shape = shape << 1 | (clues->v[parts[i]] != 0);
	return shape;
}

static char *
kind_name(const struct explained *x)
{
	struct buf b = { 0 };

	buf_adds(&b, x->cause != NULL ? x->cause->id : "unknown");
	if (x->cause != NULL)
		buf_addf(&b, ", %s", sure_name(x->sure));
	return b.p;
}

static struct tally_entry *
kind_of(struct explain_sink *s, const struct explained *x)
{
	struct tally_entry *e;
	struct kind k;

	/* its octets are compared, and those of padding, too */
	memset(&k, 0, sizeof(k));
	k.cause = x->cause;
	k.sure = x->sure;
	k.state = x->state;
	k.shape = explain_shape(&x->clues);
	k.diagnostic = x->clues.v[CLUE_DIAGNOSTIC];
	e = tally_add(&s->kinds, &k, sizeof(k));
	if (e->name == NULL)
		e->name = kind_name(x);
	if (e->n == 1)
		e->first = x->reset->number;
	return e;
}

static void
count(struct explain_sink *s, struct tally_entry *e, int64_t when)
{
	s->counted++;
	if (e->counted++ == 0)
		e->from = when;
	e->to = when;
}

/* The first of its cause from that host, at that port? */
static bool
is_elsewhere(struct explain_sink *s, const struct explained *x)
{
	struct place p;

	if (s->places.n >= PLACES_MAX)
		return false;
	memset(&p, 0, sizeof(p));
	p.cause = x->cause;
	p.sender = x->reset->seg.tuple.src.addr;
	p.port = explain_port(x);
	return tally_add(&s->places, &p, sizeof(p))->n == 1;
}

bool
explain_tells(struct explain_sink *s, const struct explained *x, uint64_t *as)
{
	const struct reset *r = x->reset;
	uint64_t told = s->group ? s->groups.n : s->n;
	struct tally_entry *e;
	bool elsewhere;

	*as = 0;
	if (s->format != &report_text || s->report.verbosity > 0)
		return true;
	if (s->report.verbosity < 0)
		return false;
	e = kind_of(s, x);
	elsewhere = is_elsewhere(s, x);
	if (told <= FEW || e->n <= WHOLE_MAX)
		return true;
	*as = e->first;
	if (s->group)
		return e->n <= LINES_MAX;
	/* who looks on wants to see that something happens */
	if (e->n <= LINES_MAX || elsewhere || capture_is_live(s->capture)) {
		s->in_line++;
		return true;
	}
	count(s, e, r->told[r->at].when);
	return false;
}

void
explain_put_counted(struct explain_sink *s)
{
	const struct tally_entry **v = tally_sort(&s->kinds);
	struct buf b = { 0 };
	size_t i;

	if (s->in_lines)
		buf_adds(&b, "\n");
	for (i = 0; i < s->kinds.n; i++)
		if (v[i]->counted > 0)
			reset_add_counted(&b,
			    &(struct report_counted){ .n = v[i]->counted,
				.like = v[i]->first,
				.what = v[i]->name,
				.from = v[i]->from,
				.to = v[i]->to });
	fwrite(buf_str(&b), 1, b.len, s->report.out);
	buf_free(&b);
	free(v);
}
