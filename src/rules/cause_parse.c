/*
 * The files of causes: see retort-causes(7).
 */
#include <ctype.h>
#include <string.h>

#include "base/mem.h"
#include "base/table.h"
#include "rules/cause_reader.h"

/* A copy in which every run of white space is one space. */
static const char *
copy_folded(struct reader *r)
{
	char *s = arena_strndup(&r->causes->arena, r->word, r->len), *to = s;
	size_t i;

	for (i = 0; i < r->len; i++) {
		if (!isspace((unsigned char)r->word[i]))
			*to++ = r->word[i];
		else if (to > s && to[-1] != ' ')
			*to++ = ' ';
	}
	*to = '\0';
	return s;
}

static int
read_string(struct reader *r, const char **to)
{
	if (r->token != T_STRING)
		return reader_unexpected(r, "a string");
	*to = copy_folded(r);
	return reader_advance(r);
}

/* What stands in braces must be a clue. */
static int
check_braces(struct reader *r, const char *text)
{
	const char *open, *close;

	for (; (open = strchr(text, '{')) != NULL; text = close) {
		close = strchr(open, '}');
		if (close == NULL)
			return reader_fail(r, "this brace does not end");
		if (clue_by_name(open + 1, close - open - 1) == NCLUES)
			return reader_fail(r, "unknown clue \"%.*s\"",
			    (int)(close - open - 1), open + 1);
	}
	return 0;
}

static int
read_if(struct reader *r, struct clause *c)
{
	if (!reader_is(r, "if"))
		return 0;
	if (reader_advance(r) == -1)
		return -1;
	c->when = reader_cond(r);
	return c->when == NULL ? -1 : 0;
}

static struct clause *
new_clause(struct reader *r, struct clauses *to)
{
	struct clause *c = arena_alloc(&r->causes->arena, sizeof(*c));

	STAILQ_INSERT_TAIL(to, c, next);
	return c;
}

static int
read_sentence(struct reader *r, struct clauses *to)
{
	struct clause *c = new_clause(r, to);

	if (read_string(r, &c->text) == -1 || check_braces(r, c->text) == -1)
		return -1;
	return read_if(r, c);
}

static int
read_sure(struct reader *r)
{
	struct clause *c = new_clause(r, &r->cause->sure);

	if (reader_is(r, "certain"))
		c->sure = SURE_CERTAIN;
	else if (reader_is(r, "likely"))
		c->sure = SURE_LIKELY;
	else
		return reader_unexpected(r, "certain or likely");
	return reader_advance(r) == -1 ? -1 : read_if(r, c);
}

static bool is_property(const struct reader *);

/* Ids up to the next property, all with the same condition. */
static int
read_like(struct reader *r)
{
	struct clause *first = NULL, *c = NULL;

	do {
		if (r->token != T_WORD)
			return reader_unexpected(r, "the id of a cause");
		c = new_clause(r, &r->cause->like);
		c->text = copy_folded(r);
		if (first == NULL)
			first = c;
		if (reader_advance(r) == -1)
			return -1;
	} while (r->token == T_WORD && !reader_is(r, "if") && !is_property(r));
	if (read_if(r, c) == -1)
		return -1;
	for (; first != c; first = STAILQ_NEXT(first, next))
		first->when = c->when;
	return 0;
}

static int
read_states(struct reader *r)
{
	enum state st;

	while (r->token == T_WORD &&
	       (st = state_by_name(r->word, r->len)) != NSTATES) {
		r->cause->states |= 1u << st;
		if (reader_advance(r) == -1)
			return -1;
	}
	return r->cause->states != 0 ? 0 : reader_unexpected(r, "a state");
}

static int
read_cites(struct reader *r)
{
	struct cite *c;

	do {
		c = arena_alloc(&r->causes->arena, sizeof(*c));
		STAILQ_INSERT_TAIL(&r->cause->cites, c, next);
		if (read_string(r, &c->text) == -1)
			return -1;
	} while (r->token == T_STRING);
	return 0;
}

static const char *const properties[] = { "title", "in", "when", "sure", "like",
	"evidence", "check", "cure", "reasons", "cite", "why" };

static bool
is_property(const struct reader *r)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(properties); i++)
		if (reader_is(r, properties[i]))
			return true;
	return reader_is(r, "cause");
}

static int
read_property(struct reader *r)
{
	struct cause *c = r->cause;
	const char **text = reader_is(r, "title")     ? &c->title
			    : reader_is(r, "why")     ? &c->why
			    : reader_is(r, "reasons") ? &c->reasons
						      : NULL;
	struct clauses *sentences = reader_is(r, "evidence") ? &c->evidence
				    : reader_is(r, "check")  ? &c->check
				    : reader_is(r, "cure")   ? &c->cure
							     : NULL;
	bool in = reader_is(r, "in"), when = reader_is(r, "when");
	bool sure = reader_is(r, "sure"), like = reader_is(r, "like");

	if ((text != NULL && *text != NULL) || (in && c->states != 0) ||
	    (when && c->when != NULL))
		return reader_fail(r, "%.*s is said a second time", (int)r->len,
		    r->word);
	if (reader_advance(r) == -1)
		return -1;
	if (text != NULL)
		return read_string(r, text);
	if (sentences != NULL)
		return read_sentence(r, sentences);
	if (in)
		return read_states(r);
	if (sure)
		return read_sure(r);
	if (like)
		return read_like(r);
	if (!when)
		return read_cites(r);
	c->when = reader_cond(r);
	return c->when != NULL ? 0 : -1;
}

/* Does it hold only where the clue on its left is something, or only for 0? */
static bool
needs(const struct cause_expr *e, bool something)
{
	switch (e->op) {
	case CAUSE_GT:
		return something && e->r->op == CAUSE_NUM && e->r->num >= 0;
	case CAUSE_GEQ:
		return something && e->r->op == CAUSE_NUM && e->r->num > 0;
	case CAUSE_EQ:
		return e->r->op == CAUSE_NUM && (e->r->num != 0) == something;
	case CAUSE_NOT:
		return !something;
	default:
		return false;
	}
}

static void
set_bit(struct clue_bits *bits, enum clue c)
{
	bits->w[c / 64] |= UINT64_C(1) << c % 64;
}

/* Note what can be seen at a glance. */
static void
find_needs(struct cause_glance *g, const struct cause_expr *e)
{
	if (e->op == CAUSE_AND) {
		find_needs(g, e->l);
		find_needs(g, e->r);
	} else if (e->op == CAUSE_CLUE) {
		set_bit(&g->must, e->clue);
	} else if (e->l != NULL && e->l->op == CAUSE_CLUE) {
		if (needs(e, true))
			set_bit(&g->must, e->l->clue);
		if (needs(e, false))
			set_bit(&g->must_not, e->l->clue);
	}
}

static void
add_glance(struct causes *causes, const struct cause *c)
{
	struct cause_glance *g;

	causes->glances =
	    mem_grow(causes->glances, causes->n, sizeof(*causes->glances));
	g = &causes->glances[causes->n];
	g->cause = c;
	g->states = c->states;
	if (c->when != NULL)
		find_needs(g, c->when);
}

static int
read_cause(struct reader *r)
{
	struct cause *c = arena_alloc(&r->causes->arena, sizeof(*c));
	const char *missing;

	if (!reader_is(r, "cause"))
		return reader_unexpected(r, "\"cause\"");
	if (reader_advance(r) == -1)
		return -1;
	if (r->token != T_WORD)
		return reader_unexpected(r, "the id of a cause");
	c->id = copy_folded(r);
	c->file = r->name;
	c->line = r->line;
	if (cause_find(r->causes, c->id) != NULL)
		return reader_fail(r, "cause %s is there already", c->id);
	STAILQ_INIT(&c->sure);
	STAILQ_INIT(&c->like);
	STAILQ_INIT(&c->evidence);
	STAILQ_INIT(&c->check);
	STAILQ_INIT(&c->cure);
	STAILQ_INIT(&c->cites);
	r->cause = c;
	if (reader_advance(r) == -1)
		return -1;
	while (is_property(r) && !reader_is(r, "cause"))
		if (read_property(r) == -1)
			return -1;
	if (r->token != T_END && !reader_is(r, "cause"))
		return reader_unexpected(r, "a property of the cause");
	missing = c->title == NULL	       ? "title"
		  : STAILQ_EMPTY(&c->sure)     ? "sure"
		  : STAILQ_EMPTY(&c->evidence) ? "evidence"
		  : STAILQ_EMPTY(&c->check)    ? "check"
		  : c->why == NULL	       ? "why"
					       : NULL;
	if (missing != NULL)
		return reader_fail(r, "cause %s has no \"%s\"", c->id, missing);
	STAILQ_INSERT_TAIL(&r->causes->list, c, next);
	add_glance(r->causes, c);
	r->causes->n++;
	return 0;
}

int
causes_add(struct causes *causes, const char *name, const char *text,
    size_t len, struct err *e)
{
	struct reader r = { .causes = causes,
		.p = text,
		.end = text + len,
		.line_at = text,
		.line = 1,
		.err = e };
	struct buf escaped = { 0 };

	buf_add_escaped(&escaped, name, strlen(name));
	r.name = arena_strndup(&causes->arena, buf_str(&escaped), escaped.len);
	buf_free(&escaped);
	if (reader_advance(&r) == -1)
		return -1;
	while (r.token != T_END)
		if (read_cause(&r) == -1)
			return -1;
	return 0;
}
