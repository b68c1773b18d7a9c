/*
 * What the grammar's actions do: build entries in the rulebook's arena, and
 * refuse the ones that say too little or contradict themselves.
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/table.h"
#include "rules/parser.h"

int
parser_error(struct parser *p, const struct location *at, const char *fmt, ...)
{
	char msg[256];
	struct buf b = { 0 };
	va_list ap;

	if (p->err->kind != ERR_NONE)
		return -1;
	va_start(ap, fmt);
	vsnprintf(msg, sizeof(msg), fmt, ap);
	va_end(ap);
	buf_add_escaped(&b, msg, strlen(msg));
	err_set(p->err, ERR_USAGE, "%s:%d:%d: %s", p->name, at->line, at->col,
	    buf_str(&b));
	buf_free(&b);
	return -1;
}

const struct expr *
parser_expr(struct parser *p, enum op op, uint32_t num, const struct expr *l,
    const struct expr *r)
{
	struct expr *e = arena_alloc(&p->book->arena, sizeof(*e));
	unsigned below = l ? l->depth : 0;

	if (r != NULL && r->depth > below)
		below = r->depth;
	*e = (struct expr){
		.op = op, .num = num, .depth = below + 1, .l = l, .r = r
	};
	if (e->depth > EXPR_DEPTH_MAX) {
		parser_error(p, &p->at, "this expression is too long");
		*e = (struct expr){ .op = OP_NUM };
	}
	return e;
}

/* A copy in which every run of white space is one space. */
const char *
parser_string(struct parser *p, struct word w)
{
	char *s = arena_strndup(&p->book->arena, w.p, w.len), *to = s;
	size_t i;

	for (i = 0; i < w.len; i++) {
		if (!isspace((unsigned char)w.p[i]))
			*to++ = w.p[i];
		else if (to > s && to[-1] != ' ')
			*to++ = ' ';
	}
	*to = '\0';
	return s;
}

/* The source there, on one line and without comments. */
const char *
parser_folded(struct parser *p, size_t begin, size_t end)
{
	struct buf b = { 0 };
	const char *s;

	for (; begin < end; begin++) {
		if (p->text[begin] == '#')
			begin += strcspn(p->text + begin, "\n");
		buf_add(&b, p->text + begin, 1);
	}
	s = parser_string(p, (struct word){ b.p, b.len });
	buf_free(&b);
	return s;
}

void
parser_begin_outcome(struct parser *p, struct outcome *o)
{
	*o = (struct outcome){ .sees = NSEES };
	STAILQ_INIT(&o->moves);
	p->outcome = o;
}

void
parser_add_move(struct parser *p, enum state to, uint16_t from,
    const struct expr *when)
{
	struct move *m = arena_alloc(&p->book->arena, sizeof(*m));

	*m = (struct move){ .to = to, .from = from, .when = when };
	STAILQ_INSERT_TAIL(&p->outcome->moves, m, next);
}

void
parser_begin_rule(struct parser *p, struct word id)
{
	struct rule *r = arena_alloc(&p->book->arena, sizeof(*r));

	r->id = parser_string(p, id);
	r->file = p->name;
	r->line = p->id_at.line;
	parser_begin_outcome(p, &r->outcome);
	STAILQ_INIT(&r->replies);
	STAILQ_INIT(&r->cites);
	p->cites = &r->cites;
	p->rule = r;
}

void
parser_begin_case(struct parser *p, struct word id)
{
	struct template *t = arena_alloc(&p->book->arena, sizeof(*t));
	enum axis a;

	t->id = parser_string(p, id);
	t->file = p->name;
	t->line = p->id_at.line;
	for (a = 0; a < NAXES; a++)
		STAILQ_INIT(&t->axes[a]);
	p->template = t;
}

void
parser_begin_deviation(struct parser *p, struct word id)
{
	struct deviation *d = arena_alloc(&p->book->arena, sizeof(*d));

	d->id = parser_string(p, id);
	parser_begin_outcome(p, &d->outcome);
	STAILQ_INIT(&d->breaks);
	STAILQ_INIT(&d->cites);
	p->cites = &d->cites;
	p->deviation = d;
	p->stack = &d->stack;
	p->since = &d->since;
	p->until = &d->until;
}

static bool
needs_segment(const struct form *f, const struct outcome *o)
{
	const struct move *m;

	STAILQ_FOREACH (m, &o->moves, next)
		if (m->when != NULL && expr_needs_segment(m->when))
			return true;
	return (f->seq != NULL && expr_needs_segment(f->seq)) ||
	       (f->ack != NULL && expr_needs_segment(f->ack)) ||
	       (o->data != NULL && expr_needs_segment(o->data));
}

/* Does a rule for a user call ask for a segment? None arrives then. */
static bool
asks_in_vain(const struct rule *r)
{
	const struct reply *reply;

	if (r->events == 1u << EV_SEGMENT)
		return false;
	STAILQ_FOREACH (reply, &r->replies, next)
		if (needs_segment(&reply->form, &reply->outcome))
			return true;
	return r->when != NULL && expr_needs_segment(r->when);
}

/* What an alternative does not say is as the rule has it. */
static void
end_outcomes(struct rule *r)
{
	struct reply *reply;
	struct outcome *o;

	STAILQ_FOREACH (reply, &r->replies, next) {
		o = &reply->outcome;
		if (STAILQ_EMPTY(&o->moves))
			o->moves = r->outcome.moves;
		if (o->sees == NSEES)
			o->sees = r->outcome.sees;
		if (o->data == NULL)
			o->data = r->outcome.data;
	}
}

static int
end_rule(struct parser *p, size_t end)
{
	const struct rule *other = rulebook_find(p->book, p->rule->id);
	struct rule *r = p->rule;
	const char *missing = r->states == 0		? "in"
			      : r->level == NULL	? "level"
			      : STAILQ_EMPTY(&r->cites) ? "cite"
			      : r->why == NULL		? "why"
							: NULL;

	p->rule = NULL;
	if (other != NULL)
		return parser_error(p, &p->id_at, "rule %s is already at %s:%d",
		    r->id, other->file, other->line);
	if (STAILQ_EMPTY(&r->replies))
		return parser_error(p, &p->id_at,
		    "rule %s has no reply (\"reply none\" is silence)", r->id);
	if (missing != NULL)
		return parser_error(p, &p->id_at, "rule %s has no \"%s\"",
		    r->id, missing);
	if (r->events == 0)
		r->events = 1u << EV_SEGMENT;
	end_outcomes(r);
	if (asks_in_vain(r))
		return parser_error(p, &p->id_at,
		    "rule %s asks for a segment, but on a user call or a "
		    "timeout none arrives",
		    r->id);
	r->text = arena_strndup(&p->book->arena, p->text + p->id_at.begin,
	    end - p->id_at.begin);
	STAILQ_INSERT_TAIL(&p->book->rules, r, next);
	return 0;
}

/* Do the addresses of a case belong to its one family? */
static bool
family_fits(const struct template *t)
{
	const struct value *ip = STAILQ_FIRST(&t->axes[AXIS_IP]), *v;
	enum axis a;

	for (a = AXIS_SOURCE; a <= AXIS_DESTINATION; a++)
		STAILQ_FOREACH (v, &t->axes[a], next)
			if (ip == NULL || STAILQ_NEXT(ip, next) != NULL ||
			    ip->expr->num != v->addr.ip)
				return false;
	return true;
}

static int
end_case(struct parser *p)
{
	struct template *t = p->template, *other;
	enum axis a;

	p->template = NULL;
	STAILQ_FOREACH (other, &p->book->templates, next)
		if (strcmp(other->id, t->id) == 0)
			return parser_error(p, &p->id_at,
			    "case %s is already at %s:%d", t->id, other->file,
			    other->line);
	if (STAILQ_EMPTY(&t->axes[AXIS_PLACE]) || t->what == NULL)
		return parser_error(p, &p->id_at, "case %s has no \"%s\"",
		    t->id, t->what == NULL ? "what" : "in");
	if (t->event == EV_SEGMENT && STAILQ_EMPTY(&t->axes[AXIS_CTL]))
		return parser_error(p, &p->id_at,
		    "case %s has neither \"ctl\" nor \"call\"", t->id);
	if (!family_fits(t))
		return parser_error(p, &p->id_at,
		    "case %s has an address, and so needs one \"ip\" of its "
		    "family",
		    t->id);
	for (a = AXIS_CTL; a < AXIS_IP; a++)
		if (t->event != EV_SEGMENT && !STAILQ_EMPTY(&t->axes[a]))
			return parser_error(p, &p->id_at,
			    "case %s has a \"call\", and so no segment to "
			    "describe",
			    t->id);
	STAILQ_INSERT_TAIL(&p->book->templates, t, next);
	return 0;
}

/* Every rule that a deviation breaks must be there. */
static int
check_breaks(struct parser *p, const struct deviation *d)
{
	const struct cite *c;
	const struct rule *r;

	STAILQ_FOREACH (c, &d->breaks, next) {
		r = rulebook_find(p->book, c->text);
		if (r == NULL)
			return parser_error(p, &p->id_at,
			    "deviation %s breaks %s, which is no rule", d->id,
			    c->text);
		if (r->events != 1u << EV_SEGMENT &&
		    (needs_segment(&d->does, &d->outcome) ||
			(d->when != NULL && expr_needs_segment(d->when))))
			return parser_error(p, &p->id_at,
			    "deviation %s asks for a segment, but on a user "
			    "call or a timeout none arrives",
			    d->id);
	}
	return 0;
}

static int
end_deviation(struct parser *p)
{
	struct deviation *d = p->deviation;
	const char *missing = !d->stack			 ? "stack"
			      : STAILQ_EMPTY(&d->breaks) ? "breaks"
			      : !d->does.text		 ? "does"
			      : !d->why			 ? "why"
							 : NULL;

	p->deviation = NULL;
	if (missing != NULL)
		return parser_error(p, &p->id_at, "deviation %s has no \"%s\"",
		    d->id, missing);
	if (rulebook_find_deviation(p->book, d->id) != NULL)
		return parser_error(p, &p->id_at,
		    "deviation %s is there already", d->id);
	if (check_breaks(p, d) == -1)
		return -1;
	STAILQ_INSERT_TAIL(&p->book->deviations, d, next);
	return 0;
}

int
parser_end(struct parser *p, size_t end)
{
	if (p->rule != NULL)
		return end_rule(p, end);
	if (p->template != NULL)
		return end_case(p);
	if (p->reason != NULL)
		return parser_end_reason(p);
	return end_deviation(p);
}

int
parser_once(struct parser *p, const struct location *at, bool seen,
    const char *what)
{
	if (seen)
		return parser_error(p, at, "%s is said a second time", what);
	return 0;
}

int
parser_check_form(struct parser *p, const struct form *form,
    const struct location *at)
{
	if (!form->none && !(form->ctl & CTL_ACK) != (form->ack == NULL))
		return parser_error(p, at,
		    "<ACK=..> and ACK in <CTL=..> go together");
	return 0;
}

int
parser_check_version(struct parser *p, const struct location *at, struct word w)
{
	if (w.len == 0 || !isdigit((unsigned char)w.p[0]))
		return parser_error(p, at,
		    "a version begins with a digit, such as 6.18");
	return 0;
}

int
parser_add_reply(struct parser *p, const struct form *form,
    const struct location *at, const char *by)
{
	struct reply *r = arena_alloc(&p->book->arena, sizeof(*r));

	if (parser_check_form(p, form, at) == -1)
		return -1;
	if (by != NULL && STAILQ_EMPTY(&p->rule->replies))
		return parser_error(p, at, "\"reply\" comes before \"allow\"");
	r->form = *form;
	r->by = by;
	r->outcome = p->allowed;
	p->outcome = &p->rule->outcome;
	STAILQ_INSERT_TAIL(&p->rule->replies, r, next);
	return 0;
}

void
parser_add_cite(struct parser *p, struct cites *to, struct word w)
{
	struct cite *c = arena_alloc(&p->book->arena, sizeof(*c));

	c->text = parser_string(p, w);
	STAILQ_INSERT_TAIL(to, c, next);
}
