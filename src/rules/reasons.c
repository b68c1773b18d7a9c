/*
 * What the grammar's actions do for the entries of reasons.
 */
#include <string.h>

#include "rules/parser.h"

void
parser_begin_reason(struct parser *p, struct word id)
{
	struct reason *r = arena_alloc(&p->book->arena, sizeof(*r));

	r->id = parser_string(p, id);
	STAILQ_INIT(&r->of);
	p->reason = r;
	p->stack = &r->stack;
	p->since = &r->since;
	p->until = &r->until;
}

/* What a reason is of must be there. */
static int
check_of(struct parser *p, const struct reason *r)
{
	const struct cite *c;

	STAILQ_FOREACH (c, &r->of, next)
		if (rulebook_find(p->book, c->text) == NULL &&
		    rulebook_find_deviation(p->book, c->text) == NULL)
			return parser_error(p, &p->id_at,
			    "reason %s is of %s, which is no rule and no "
			    "deviation",
			    r->id, c->text);
	return 0;
}

int
parser_end_reason(struct parser *p)
{
	struct reason *r = p->reason, *other;
	const char *missing = !r->stack	 ? "stack"
			      : !r->name ? "name"
			      : !r->why	 ? "why"
					 : NULL;

	p->reason = NULL;
	if (missing != NULL)
		return parser_error(p, &p->id_at, "reason %s has no \"%s\"",
		    r->id, missing);
	if (STAILQ_EMPTY(&r->of) == (r->unprovoked == NULL))
		return parser_error(p, &p->id_at,
		    "reason %s needs either \"of\" or \"unprovoked\"", r->id);
	STAILQ_FOREACH (other, &p->book->reasons, next)
		if (strcmp(other->id, r->id) == 0)
			return parser_error(p, &p->id_at,
			    "reason %s is there already", r->id);
	if (check_of(p, r) == -1)
		return -1;
	STAILQ_INSERT_TAIL(&p->book->reasons, r, next);
	return 0;
}
