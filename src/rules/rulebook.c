#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/table.h"
#include "rules/rulebook.h"

static const char *const events[] = {
	[EV_SEGMENT] = "segment",
	[EV_CLOSE] = "CLOSE",
	[EV_SHUTDOWN] = "SHUTDOWN",
	[EV_ABORT] = "ABORT",
	[EV_DISCONNECT] = "DISCONNECT",
	[EV_CLOSE_LISTEN] = "CLOSE-LISTEN",
	[EV_USER_TIMEOUT] = "USER-TIMEOUT",
	[EV_KEEP_ALIVE] = "KEEP-ALIVE",
	[EV_FIN_WAIT_2_TIMEOUT] = "FIN-WAIT-2-TIMEOUT",
};
_Static_assert(ARRAY_SIZE(events) == NEVENTS, "a name for each event");

const char *
event_name(enum event ev)
{
	return ev < NEVENTS ? events[ev] : "?";
}

void
rulebook_init(struct rulebook *book)
{
	memset(book, 0, sizeof(*book));
	STAILQ_INIT(&book->rules);
	STAILQ_INIT(&book->templates);
	STAILQ_INIT(&book->deviations);
	STAILQ_INIT(&book->reasons);
}

void
rulebook_free(struct rulebook *book)
{
	arena_free(&book->arena);
	rulebook_init(book);
}

static bool
speaks_of(const struct rule *r, enum event event, const struct situation *s)
{
	return r->events & 1u << event && r->states & 1u << s->tcb->state &&
	       (r->when == NULL || expr_eval(r->when, s));
}

const struct rule *
rulebook_match(const struct rulebook *book, enum event event,
    const struct situation *s)
{
	const struct rule *r;

	STAILQ_FOREACH (r, &book->rules, next)
		if (speaks_of(r, event, s))
			break;
	return r;
}

const struct rule *
rulebook_match_after(const struct rule *r, enum event event,
    const struct situation *s)
{
	while ((r = STAILQ_NEXT(r, next)) != NULL && !speaks_of(r, event, s))
		;
	return r;
}

const struct rule *
rulebook_find(const struct rulebook *book, const char *id)
{
	const struct rule *r;

	STAILQ_FOREACH (r, &book->rules, next)
		if (strcmp(r->id, id) == 0)
			break;
	return r;
}

const struct deviation *
rulebook_find_deviation(const struct rulebook *book, const char *id)
{
	const struct deviation *d;

	STAILQ_FOREACH (d, &book->deviations, next)
		if (strcmp(d->id, id) == 0)
			break;
	return d;
}

struct expected
form_expect(const struct form *f, const struct situation *s)
{
	struct expected x = { .form = f };

	if (f->seq != NULL)
		x.seq = expr_eval(f->seq, s);
	if (f->ack != NULL)
		x.ack = expr_eval(f->ack, s);
	return x;
}

/* Compare "6.18.44-foo" as far as `to` goes: "6.18" equals it, "6.2" < it. */
static int
version_cmp(const char *version, const char *to)
{
	unsigned long v, t;
	char *vend, *tend;

	for (;;) {
		v = strtoul(version, &vend, 10);
		t = strtoul(to, &tend, 10);
		if (v != t)
			return v < t ? -1 : 1;
		if (*tend != '.')
			return 0;
		/* what is missing, or no number, counts as 0 */
		version = *vend == '.' ? vend + 1 : "";
		to = tend + 1;
	}
}

enum state
outcome_state(const struct outcome *o, const struct situation *s)
{
	const struct move *m;

	STAILQ_FOREACH (m, &o->moves, next)
		if (m->from & 1u << s->tcb->state &&
		    (m->when == NULL || expr_eval(m->when, s)))
			return m->to == NSTATES ? s->tcb->state : m->to;
	return s->tcb->state;
}

bool
deviation_breaks(const struct deviation *d, const struct rule *r)
{
	const struct cite *c;

	STAILQ_FOREACH (c, &d->breaks, next)
		if (strcmp(c->text, r->id) == 0)
			return true;
	return false;
}

bool
deviation_binds(const struct deviation *d, const char *stack,
    const char *version)
{
	return strcasecmp(d->stack, stack) == 0 &&
	       (d->since == NULL || version_cmp(version, d->since) >= 0) &&
	       (d->until == NULL || version_cmp(version, d->until) <= 0);
}
