/*
 * What the grammar's actions do with options, events and the lines around
 * them, and how errors are told.
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/table.h"
#include "script/script_parser.h"

#define OPTIONS_MAX	200
#define CONDITIONS_MAX	32
#define CONNECTIONS_MAX 1000

int
script_error_at(struct script_parser *p, const struct script_location *at,
    const char *fmt, ...)
{
	struct script *s = p->script;
	struct script_error *error;
	struct buf b = { 0 };
	char msg[256];
	va_list ap;

	if (s->nerrors == SCRIPT_ERRORS_MAX)
		return -1;
	va_start(ap, fmt);
	vsnprintf(msg, sizeof(msg), fmt, ap);
	va_end(ap);
	buf_addf(&b, "%s:%d:%d: ", s->name, at->pos.line, at->pos.col);
	buf_add_escaped(&b, msg, strlen(msg));
	error = arena_alloc(&s->arena, sizeof(*error));
	error->pos = at->pos;
	error->msg = arena_strndup(&s->arena, buf_str(&b), b.len);
	STAILQ_INSERT_TAIL(&s->errors, error, next);
	if (s->nerrors++ == 0)
		err_set(p->err, ERR_USAGE, "%s", error->msg);
	buf_free(&b);
	return -1;
}

void
script_unexpected(struct script_parser *p, const struct script_location *at,
    bool eof, const char *const *want, int n)
{
	int len = at->end - at->begin < 40 ? at->end - at->begin : 40, i;
	struct buf b = { 0 };

	if (eof)
		buf_adds(&b, "the file ends too early");
	else
		buf_addf(&b, "unexpected %.*s", len, p->text + at->begin);
	for (i = 0; i < n; i++)
		buf_addf(&b, "%s%s", i == 0 ? "; expected " : " or ", want[i]);
	script_error_at(p, at, "%s", buf_str(&b));
	buf_free(&b);
}

void
script_init(struct script_parser *p, const char *name)
{
	struct script *s = p->script;
	struct buf escaped = { 0 };

	*s = (struct script){ .nerrors = 0 };
	STAILQ_INIT(&s->options);
	STAILQ_INIT(&s->events);
	STAILQ_INIT(&s->connections);
	STAILQ_INIT(&s->errors);
	p->err->kind = ERR_NONE;
	buf_add_escaped(&escaped, name, strlen(name));
	s->name = arena_strndup(&s->arena, buf_str(&escaped), escaped.len);
	buf_free(&escaped);
}

int
script_finish(struct script_parser *p)
{
	struct script_location at = { 0 };

	if (p->script->nerrors == 0 && p->cond != NULL) {
		at.pos = p->cond->pos;
		script_error_at(p, &at, "#ifdef %.40s has no #endif",
		    p->cond->name);
	}
	if (p->script->nerrors == 0 && STAILQ_EMPTY(&p->script->events))
		script_error_at(p, &p->at,
		    "this script has no events: nothing would be tested");
	return p->script->nerrors == 0 ? 0 : -1;
}

void
script_free(struct script *s)
{
	arena_free(&s->arena);
}

const char *
script_copy(struct script_parser *p, struct script_word w)
{
	return arena_strndup(&p->script->arena, w.p, w.len);
}

const char *
script_folded(struct script_parser *p, struct script_word w)
{
	char *s = arena_strndup(&p->script->arena, w.p, w.len), *to = s;
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

bool
script_word_is(struct script_word w, const char *s)
{
	return w.len == strlen(s) && memcmp(w.p, s, w.len) == 0;
}

void
script_add_option(struct script_parser *p, const struct script_location *at,
    struct script_word w)
{
	struct script_option *o, *other;
	const char *eq = memchr(w.p, '=', w.len);
	struct script_word v = { w.p + w.len, 0 };
	size_t n = 0;

	if (eq != NULL) {
		v = (struct script_word){ eq + 1, w.p + w.len - eq - 1 };
		w.len = eq - w.p;
	}
	while (w.len > 0 && isblank((unsigned char)w.p[w.len - 1]))
		w.len--;
	while (v.len > 0 && isblank((unsigned char)*v.p)) {
		v.p++;
		v.len--;
	}
	if (v.len >= 2 && *v.p == '"' && v.p[v.len - 1] == '"')
		v = (struct script_word){ v.p + 1, v.len - 2 };
	STAILQ_FOREACH (other, &p->script->options, next)
		n++;
	if (n == OPTIONS_MAX) {
		script_error_at(p, at, "more than %d options", OPTIONS_MAX);
		return;
	}
	o = arena_alloc(&p->script->arena, sizeof(*o));
	o->pos = at->pos;
	o->name = script_copy(p, w);
	o->value = eq != NULL ? script_copy(p, v) : NULL;
	STAILQ_INSERT_TAIL(&p->script->options, o, next);
}

const struct script_option *
script_option(const struct script *s, const char *name)
{
	const struct script_option *o, *last = NULL;

	STAILQ_FOREACH (o, &s->options, next)
		if (strcmp(o->name, name) == 0)
			last = o;
	return last;
}

/* The value of "NAME=VALUE" when w is that name, else NULL. */
static const char *
value_of(const char *define, struct script_word w)
{
	if (strncmp(define, w.p, w.len) != 0 || define[w.len] != '=')
		return NULL;
	return define + w.len + 1;
}

const char *
script_defined(const struct script_parser *p, struct script_word w)
{
	const char *const *define;
	const struct script_option *o;
	const char *value = NULL;

	for (define = p->defines; define != NULL && *define != NULL; define++)
		if (value_of(*define, w) != NULL)
			return value_of(*define, w);
	STAILQ_FOREACH (o, &p->script->options, next)
		if (strcmp(o->name, "define") == 0 && o->value != NULL &&
		    value_of(o->value, w) != NULL)
			value = value_of(o->value, w);
	return value;
}

void
script_begin(struct script_parser *p, const struct script_location *at,
    struct script_time time)
{
	struct script_event *ev;

	ev = arena_alloc(&p->script->arena, sizeof(*ev));
	ev->pos = at->pos;
	ev->time = time;
	ev->connection = p->connection;
	ev->cond = p->cond;
	p->event = ev;
	if (time.to < time.from)
		script_error_at(p, at,
		    "this range of time ends before it begins");
}

void
script_shell(struct script_parser *p, const struct script_location *at,
    struct script_word w)
{
	p->event->what_pos = at->pos;
	p->event->kind = SCRIPT_SHELL;
	p->event->text = script_copy(p, w);
}

void
script_expect(struct script_parser *p, const struct script_location *at,
    bool out, enum script_kind kind, struct script_word id)
{
	if (!out)
		script_error_at(p, at,
		    "what the stack sends is expected by >, not by <");
	p->event->what_pos = at->pos;
	p->event->kind = kind;
	if (id.p != NULL)
		p->event->text = script_copy(p, id);
}

static void
check_time(struct script_parser *p, const struct script_location *at,
    const struct script_event *ev)
{
	const struct script_call *call = ev->call;
	bool out = ev->kind == SCRIPT_SILENCE || ev->kind == SCRIPT_RULE ||
		   (ev->kind == SCRIPT_PACKET && ev->packet->out);
	enum script_when when = ev->time.when;

	if (!out && when != WHEN_AT && when != WHEN_AFTER && when != WHEN_NONE)
		script_error_at(p, at,
		    "only what the stack sends can have a range of times or "
		    "*: write one time");
	if (call != NULL && call->end != -1 && call->end < ev->time.from)
		script_error_at(p, at, "this call returns before it begins");
}

void
script_end(struct script_parser *p, const struct script_location *at)
{
	struct script *s = p->script;
	struct script_event *last = p->last, *ev = p->event;
	struct script_location last_at = { 0 };

	if (ev->call != NULL)
		ev->kind = SCRIPT_CALL;
	check_time(p, at, ev);
	if (last != NULL && last->time.when == WHEN_NONE &&
	    last != STAILQ_FIRST(&s->events)) {
		last_at.pos = last->pos;
		script_error_at(p, &last_at,
		    "a command without a time stands before all events or "
		    "after them: give it a time, such as +0");
	}
	ev->source = script_folded(p,
	    (struct script_word){ p->text + at->begin, at->end - at->begin });
	STAILQ_INSERT_TAIL(&s->events, ev, next);
	p->last = ev;
	p->event = NULL;
}

void
script_connect(struct script_parser *p, const struct script_location *at,
    struct script_word name)
{
	struct script_connection *c;
	size_t n = 0;

	/* a name that came before goes on with that connection */
	STAILQ_FOREACH (c, &p->script->connections, next) {
		if (script_word_is(name, c->name))
			break;
		n++;
	}
	if (c == NULL && n == CONNECTIONS_MAX) {
		script_error_at(p, at, "more than %d connections",
		    CONNECTIONS_MAX);
	} else if (c == NULL) {
		c = arena_alloc(&p->script->arena, sizeof(*c));
		c->pos = at->pos;
		c->name = script_copy(p, name);
		STAILQ_INSERT_TAIL(&p->script->connections, c, next);
	}
	p->connection = c;
}

static void
begin_condition(struct script_parser *p, const struct script_location *at,
    struct script_word name, bool negated)
{
	const struct script_cond *outer;
	struct script_cond *c;
	int depth = 0;

	if (name.len == 0)
		script_error_at(p, at, "#ifdef and #ifndef need a name");
	for (outer = p->cond; outer != NULL; outer = outer->outer)
		depth++;
	if (depth == CONDITIONS_MAX) {
		script_error_at(p, at, "more than %d #ifdef in one another",
		    CONDITIONS_MAX);
		return;
	}
	c = arena_alloc(&p->script->arena, sizeof(*c));
	*c = (struct script_cond){ .pos = at->pos,
		.negated = negated,
		.name = script_copy(p, name),
		.outer = p->cond };
	p->cond = c;
}

/* w is the line without its "#". */
void
script_condition(struct script_parser *p, const struct script_location *at,
    struct script_word w)
{
	struct script_word key = { w.p, 0 }, name;
	const char *end = w.p + w.len;
	struct script_cond *c;

	while (key.p + key.len < end && isalpha((unsigned char)key.p[key.len]))
		key.len++;
	name = (struct script_word){ key.p + key.len, 0 };
	while (name.p < end && isblank((unsigned char)*name.p))
		name.p++;
	while (name.p + name.len < end &&
	       (isalnum((unsigned char)name.p[name.len]) ||
		   name.p[name.len] == '_'))
		name.len++;
	if (script_word_is(key, "ifdef") || script_word_is(key, "ifndef")) {
		begin_condition(p, at, name, script_word_is(key, "ifndef"));
		return;
	}
	if (p->cond == NULL) {
		script_error_at(p, at, "there is no #ifdef before this #%.*s",
		    (int)key.len, key.p);
	} else if (script_word_is(key, "endif")) {
		p->cond = p->cond->outer;
	} else if (p->cond->in_else) {
		script_error_at(p, at, "a second #else");
	} else {
		c = arena_alloc(&p->script->arena, sizeof(*c));
		*c = *p->cond;
		c->negated = !c->negated;
		c->in_else = true;
		p->cond = c;
	}
}

bool
script_applies(const struct script_event *ev, const char *const *names)
{
	const struct script_cond *c;
	const char *const *name;

	for (c = ev->cond; c != NULL; c = c->outer) {
		for (name = names; *name != NULL; name++)
			if (strcmp(*name, c->name) == 0)
				break;
		if ((*name != NULL) == c->negated)
			return false;
	}
	return true;
}
