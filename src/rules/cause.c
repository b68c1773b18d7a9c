#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "rules/cause_expr.h"

static const char *const sures[] = {
	[SURE_UNKNOWN] = "unknown",
	[SURE_LIKELY] = "likely",
	[SURE_CERTAIN] = "certain",
};

const char *
sure_name(enum sure s)
{
	return sures[s];
}

void
causes_init(struct causes *c)
{
	memset(c, 0, sizeof(*c));
	STAILQ_INIT(&c->list);
}

void
causes_free(struct causes *c)
{
	arena_free(&c->arena);
	free(c->glances);
	causes_init(c);
}

/* cause_eval() without a call for what is plain, as most of it is. */
static inline int64_t
value(const struct cause_expr *e, const struct clues *c)
{
	return e->op == CAUSE_CLUE  ? c->v[e->clue]
	       : e->op == CAUSE_NUM ? e->num
				    : cause_eval(e, c);
}

int64_t
cause_eval(const struct cause_expr *e, const struct clues *c)
{
	switch (e->op) {
	case CAUSE_NUM:
		return e->num;
	case CAUSE_CLUE:
		return c->v[e->clue];
	case CAUSE_LT:
		return value(e->l, c) < value(e->r, c);
	case CAUSE_LEQ:
		return value(e->l, c) <= value(e->r, c);
	case CAUSE_GT:
		return value(e->l, c) > value(e->r, c);
	case CAUSE_GEQ:
		return value(e->l, c) >= value(e->r, c);
	case CAUSE_EQ:
		return value(e->l, c) == value(e->r, c);
	case CAUSE_NEQ:
		return value(e->l, c) != value(e->r, c);
	case CAUSE_NOT:
		return !value(e->l, c);
	case CAUSE_AND:
		return value(e->l, c) && value(e->r, c);
	case CAUSE_OR:
		return value(e->l, c) || value(e->r, c);
	}
	return 0;
}

const struct cause *
cause_find(const struct causes *c, const char *id)
{
	const struct cause *cause;

	STAILQ_FOREACH (cause, &c->list, next)
		if (strcmp(cause->id, id) == 0)
			break;
	return cause;
}

/* Can it be, as far as the plain clues of its condition tell? */
static bool
may_be(const struct cause_glance *g, const struct clue_bits *is, uint16_t state)
{
	uint64_t no = g->states != 0 && !(g->states & state);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(is->w); i++)
		no |=
		    (g->must.w[i] & ~is->w[i]) | (g->must_not.w[i] & is->w[i]);
	return no == 0;
}

/* From the end, so that no shift depends on i. */
static void
find_bits(struct clue_bits *is, const struct clues *clues)
{
	size_t i, end, w;

	for (w = 0; w < ARRAY_SIZE(is->w); w++) {
		end = w * 64 + 64 < NCLUES ? w * 64 + 64 : NCLUES;
		for (is->w[w] = 0, i = end; i-- > w * 64;)
			is->w[w] = is->w[w] << 1 | (clues->v[i] != 0);
	}
}

const struct cause *
cause_match(const struct causes *c, enum state state, const struct clues *clues)
{
	const struct cause_glance *g;
	struct clue_bits is;

	find_bits(&is, clues);
	for (g = c->glances; g < c->glances + c->n; g++)
		if (may_be(g, &is, 1u << state) &&
		    (g->cause->when == NULL ||
			cause_eval(g->cause->when, clues)))
			return g->cause;
	return NULL;
}

bool
clause_holds(const struct clause *c, const struct clues *clues)
{
	return c->when == NULL || cause_eval(c->when, clues);
}

enum sure
cause_sure(const struct cause *cause, const struct clues *clues)
{
	const struct clause *c;

	STAILQ_FOREACH (c, &cause->sure, next)
		if (clause_holds(c, clues))
			return c->sure;
	return SURE_LIKELY;
}

int
causes_check(const struct causes *causes, struct err *e)
{
	const struct cause *cause;
	const struct clause *c;

	STAILQ_FOREACH (cause, &causes->list, next)
		STAILQ_FOREACH (c, &cause->like, next)
			if (cause_find(causes, c->text) == NULL)
				return err_set(e, ERR_USAGE,
				    "%s:%d: cause %s is like %s, which is no "
				    "cause",
				    cause->file, cause->line, cause->id,
				    c->text);
	return 0;
}

/* The two greatest units: "2 h 5 min", "3.2 s", "0.08 ms" is "below 1 ms". */
static void
add_ms(struct buf *b, int64_t ms)
{
	if (ms < 1)
		buf_adds(b, "less than 1 ms");
	else if (ms < 1000)
		buf_addf(b, "%" PRId64 " ms", ms);
	else if (ms < 60000)
		buf_addf(b, "%" PRId64 ".%" PRId64 " s", ms / 1000,
		    ms / 100 % 10);
	else if (ms < 3600000)
		buf_addf(b, "%" PRId64 " min %" PRId64 " s", ms / 60000,
		    ms / 1000 % 60);
	else
		buf_addf(b, "%" PRId64 " h %" PRId64 " min", ms / 3600000,
		    ms / 60000 % 60);
}

/* The word that follows "1", without its s; returns what is behind it. */
static const char *
add_singular(struct buf *b, const char *p)
{
	size_t len = *p == ' ' ? 1 + strcspn(p + 1, " ,.;:") : 0;

	if (len < 2 || p[len - 1] != 's')
		return p;
	buf_add(b, p, len - 1);
	return p + len;
}

void
clause_add_text(struct buf *b, const struct clause *clause,
    const struct clues *clues)
{
	const char *p = clause->text, *open, *close;
	enum clue c;

	/* that braces are well formed was seen when the file was read */
	while ((open = strchr(p, '{')) != NULL) {
		close = strchr(open, '}');
		buf_add(b, p, open - p);
		c = clue_by_name(open + 1, close - open - 1);
		if (clue_name(c)->kind == CLUE_MS)
			add_ms(b, clues->v[c]);
		else
			buf_addf(b, "%" PRId64, clues->v[c]);
		p = close + 1;
		if (clue_name(c)->kind != CLUE_MS && clues->v[c] == 1)
			p = add_singular(b, p);
	}
	buf_adds(b, p);
}
