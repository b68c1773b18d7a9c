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

	*e = (struct expr){ .op = op, .num = num, .l = l, .r = r };
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

/* The source as it stands there. */
const char *
parser_source(struct parser *p, size_t begin, size_t end)
{
	return arena_strndup(&p->book->arena, p->text + begin, end - begin);
}

void
parser_begin_rule(struct parser *p, struct word id)
{
	struct rule *r = arena_alloc(&p->book->arena, sizeof(*r));

	r->id = parser_string(p, id);
	r->file = p->name;
	r->line = p->id_at.line;
	r->next_state = NSTATES;
	STAILQ_INIT(&r->replies);
	STAILQ_INIT(&r->cites);
	p->said_next = false;
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
	t->state = NSTATES;
	for (a = 0; a < NAXES; a++)
		STAILQ_INIT(&t->axes[a]);
	p->template = t;
}

void
parser_begin_deviation(struct parser *p, struct word id)
{
	struct deviation *d = arena_alloc(&p->book->arena, sizeof(*d));

	d->id = parser_string(p, id);
	STAILQ_INIT(&d->cites);
	p->deviation = d;
}

static bool
form_needs_segment(const struct form *f)
{
	return (f->seq != NULL && expr_needs_segment(f->seq)) ||
	       (f->ack != NULL && expr_needs_segment(f->ack));
}

/* Does a rule for a user call ask for a segment? None arrives then. */
static bool
asks_in_vain(const struct rule *r)
{
	const struct reply *reply;

	if (r->event == EV_SEGMENT)
		return false;
	STAILQ_FOREACH(reply, &r->replies, next)
	if (form_needs_segment(&reply->form))
		return true;
	return r->when != NULL && expr_needs_segment(r->when);
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
		return parser_error(
		    p, &p->id_at, "rule %s has no \"%s\"", r->id, missing);
	if (asks_in_vain(r))
		return parser_error(p, &p->id_at,
		    "rule %s asks for a segment, but on %s none arrives", r->id,
		    event_name(r->event));
	r->text = parser_source(p, p->id_at.begin, end);
	STAILQ_INSERT_TAIL(&p->book->rules, r, next);
	return 0;
}

static int
end_case(struct parser *p)
{
	struct template *t = p->template, *other;
	enum axis a;

	p->template = NULL;
	STAILQ_FOREACH(other, &p->book->templates, next)
	if (strcmp(other->id, t->id) == 0)
		return parser_error(p, &p->id_at, "case %s is already at %s:%d",
		    t->id, other->file, other->line);
	if (t->state == NSTATES || t->what == NULL)
		return parser_error(p, &p->id_at, "case %s has no \"%s\"",
		    t->id, t->what == NULL ? "what" : "in");
	if (t->event == EV_SEGMENT && STAILQ_EMPTY(&t->axes[AXIS_CTL]))
		return parser_error(p, &p->id_at,
		    "case %s has neither \"ctl\" nor \"call\"", t->id);
	for (a = 0; a < AXIS_IP; a++)
		if (t->event != EV_SEGMENT && !STAILQ_EMPTY(&t->axes[a]))
			return parser_error(p, &p->id_at,
			    "case %s has a \"call\", and so no segment to "
			    "describe",
			    t->id);
	STAILQ_INSERT_TAIL(&p->book->templates, t, next);
	return 0;
}

static int
end_deviation(struct parser *p)
{
	struct deviation *d = p->deviation, *other;
	const struct rule *r;
	const char *missing = !d->stack	      ? "stack"
			      : !d->breaks    ? "breaks"
			      : !d->does.text ? "does"
			      : !d->why	      ? "why"
					      : NULL;

	p->deviation = NULL;
	if (missing != NULL)
		return parser_error(
		    p, &p->id_at, "deviation %s has no \"%s\"", d->id, missing);
	STAILQ_FOREACH(other, &p->book->deviations, next)
	if (strcmp(other->id, d->id) == 0)
		return parser_error(
		    p, &p->id_at, "deviation %s is there already", d->id);
	r = rulebook_find(p->book, d->breaks);
	if (r == NULL)
		return parser_error(p, &p->id_at,
		    "deviation %s breaks %s, which is no rule", d->id,
		    d->breaks);
	if (r->event != EV_SEGMENT &&
	    (form_needs_segment(&d->does) ||
		(d->when != NULL && expr_needs_segment(d->when))))
		return parser_error(p, &p->id_at,
		    "deviation %s asks for a segment, but on %s none arrives",
		    d->id, event_name(r->event));
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
	return end_deviation(p);
}

int
parser_once(
    struct parser *p, const struct location *at, bool seen, const char *what)
{
	if (seen)
		return parser_error(p, at, "%s is said a second time", what);
	return 0;
}

int
parser_check_form(
    struct parser *p, const struct form *form, const struct location *at)
{
	if (!form->none && !(form->ctl & CTL_ACK) != (form->ack == NULL))
		return parser_error(
		    p, at, "<ACK=..> and ACK in <CTL=..> go together");
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

/* ---- the properties of a case, and the values of its axes ---- */

int
parser_set_unread(struct parser *p, uint32_t n, const struct location *at)
{
	if (n > CASE_TEXT_MAX)
		return parser_error(
		    p, at, "unread is a number up to %u", CASE_TEXT_MAX);
	p->template->unread = n;
	return 0;
}

static struct value *
new_value(struct parser *p)
{
	struct value *v = arena_alloc(&p->book->arena, sizeof(*v));

	STAILQ_INSERT_TAIL(&p->template->axes[p->axis], v, next);
	p->value = v;
	return v;
}

/* What a value adds to the ids of its cases. */
int
parser_set_label(struct parser *p, const struct location *at, struct word w)
{
	size_t i;

	for (i = 0; i < w.len; i++)
		if (!isalnum((unsigned char)w.p[i]) && w.p[i] != '-' &&
		    w.p[i] != '.')
			break;
	if (w.len == 0 || i < w.len)
		return parser_error(
		    p, at, "a label is letters, digits, '-' and '.'");
	p->value->label = parser_string(p, w);
	return 0;
}

/* Which axes take numbers, up to which, and which take "any" or TCB terms. */
static const struct {
	const char *name;
	uint32_t max;
	bool any, terms;
} numbers[NAXES] = {
	[AXIS_SEQ] = { "seq", UINT32_MAX, true, true },
	[AXIS_ACK] = { "ack", UINT32_MAX, true, true },
	[AXIS_TEXT] = { "text", CASE_TEXT_MAX, false, false },
	[AXIS_RSVD] = { "reserved", 7, false, false },
	[AXIS_OFFSET] = { "offset", 15, false, false },
	[AXIS_SPORT] = { "sport", 65535, true, false },
	[AXIS_DPORT] = { "dport", 65535, true, false },
	[AXIS_IP] = { "ip", 6, false, false },
};

int
parser_add_value(
    struct parser *p, const struct expr *e, const struct location *at)
{
	const char *name = numbers[p->axis].name;
	struct value *v;

	if (name == NULL)
		return parser_error(p, at, "this property takes no numbers");
	if (e == NULL && !numbers[p->axis].any)
		return parser_error(p, at, "%s cannot be any", name);
	if (e != NULL && expr_needs_segment(e))
		return parser_error(
		    p, at, "a case's own segment has no SEG.* yet");
	if (e != NULL && !numbers[p->axis].terms &&
	    (e->op != OP_NUM || e->num > numbers[p->axis].max))
		return parser_error(p, at, "%s is a number up to %u", name,
		    numbers[p->axis].max);
	if (p->axis == AXIS_IP && e->num != 4 && e->num != 6)
		return parser_error(p, at, "ip is 4 or 6");
	v = new_value(p);
	v->expr = e;
	if (p->axis == AXIS_IP)
		v->label = e->num == 6 ? "ip6" : NULL;
	return 0;
}

int
parser_add_ctl(struct parser *p, const struct location *at, uint16_t ctl)
{
	struct buf b = { 0 };
	struct value *v;

	if (p->axis != AXIS_CTL)
		return parser_error(p, at, "control bits belong to \"ctl\"");
	v = new_value(p);
	v->num = ctl;
	ctl_add_tcpdump(&b, ctl);
	v->label = arena_strndup(&p->book->arena, b.p, b.len);
	buf_free(&b);
	return 0;
}

int
parser_add_all_ctl(struct parser *p, const struct location *at)
{
	uint16_t ctl;

	for (ctl = 0; ctl <= CTL_CLASSIC; ctl++)
		if (parser_add_ctl(p, at, ctl) == -1)
			return -1;
	return 0;
}

int
parser_add_fault(struct parser *p, const struct location *at, struct word w)
{
	static const struct {
		const char *name;
		uint8_t faults;
	} faults[] = {
		{ "none", 0 },
		{ "bad-checksum", FAULT_CHECKSUM },
		{ "zero-checksum", FAULT_CHECKSUM_ZERO },
	};
	struct value *v;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(faults); i++)
		if (strlen(faults[i].name) == w.len &&
		    memcmp(faults[i].name, w.p, w.len) == 0)
			break;
	if (p->axis != AXIS_FAULT || i == ARRAY_SIZE(faults))
		return parser_error(
		    p, at, "unknown word \"%.*s\"", (int)w.len, w.p);
	v = new_value(p);
	v->num = faults[i].faults;
	v->label = v->num ? faults[i].name : NULL;
	return 0;
}

/* Octets in hexadecimal, white space between them or not. */
int
parser_add_octets(struct parser *p, const struct location *at, struct word w)
{
	uint8_t octets[SEG_OPTIONS_MAX];
	struct value *v;
	size_t n = 0, i;
	unsigned o;

	if (p->axis != AXIS_OPTIONS)
		return parser_error(p, at, "a string has no meaning here");
	for (i = 0; i < w.len;) {
		if (isspace((unsigned char)w.p[i])) {
			i++;
			continue;
		}
		if (i + 1 >= w.len || !isxdigit((unsigned char)w.p[i]) ||
		    !isxdigit((unsigned char)w.p[i + 1]) ||
		    sscanf(w.p + i, "%2x", &o) != 1 || n == sizeof(octets))
			return parser_error(p, at,
			    "options are at most 40 octets in hexadecimal");
		octets[n++] = o;
		i += 2;
	}
	v = new_value(p);
	v->octets = arena_strndup(&p->book->arena, (char *)octets, n);
	v->octets_len = n;
	return 0;
}
