/* JSON Lines: one object a case. Keys are only ever added to version 1. */
#include <jansson.h>
#include <string.h>

#include "base/buf.h"
#include "report/lines.h"
#include "tcp/notation.h"

#define JSON_VERSION 1

/* Text from a file may be no UTF-8; jansson refuses that. */
static json_t *
escaped(const char *text)
{
	struct buf b = { 0 };
	json_t *j;

	buf_add_escaped(&b, text, strlen(text));
	j = json_string(buf_str(&b));
	buf_free(&b);
	return j;
}

static json_t *
in_rfc(const struct segment *s)
{
	struct buf b = { 0 };
	json_t *j;

	notation_add_rfc(&b, s);
	j = json_string(buf_str(&b));
	buf_free(&b);
	return j;
}

static void
add_call(json_t *list, enum event event)
{
	json_array_append_new(list,
	    json_pack("{s:s, s:s, s:b}", "call", event_name(event), "from",
		"user", "under_test", 1));
}

static json_t *
exchange(const struct report_case *c)
{
	const struct exchange *x = c->x;
	bool called = c->event == EV_SEGMENT || !x->stimulated;
	json_t *list = json_array();
	struct buf b = { 0 };
	size_t i;

	for (i = 0; i < x->n; i++) {
		if (x->passages[i].rel == REL_CLEANUP)
			continue;
		if (!called && x->passages[i].rel != REL_SETUP) {
			add_call(list, c->event);
			called = true;
		}
		notation_add_tcpdump(&b, &x->passages[i].seg);
		json_array_append_new(list,
		    json_pack("{s:s, s:s, s:b}", "segment", buf_str(&b), "from",
			x->passages[i].ours ? "peer" : "stack", "under_test",
			x->passages[i].rel == REL_STIMULUS));
		buf_reset(&b);
	}
	if (!called)
		add_call(list, c->event);
	buf_free(&b);
	return list;
}

static json_t *
stack(const struct report_head *h)
{
	struct buf b = { 0 };
	json_t *j;

	buf_addf(&b, "%s %s", h->stack, h->version);
	j = escaped(buf_str(&b));
	buf_free(&b);
	return j;
}

static json_t *
cites(const struct cites *from)
{
	json_t *list = json_array();
	const struct cite *c;

	STAILQ_FOREACH (c, from, next)
		json_array_append_new(list, escaped(c->text));
	return list;
}

static json_t *
fields(const struct judgement *j)
{
	json_t *list = json_array();
	const struct field *f;

	for (f = j->fields; f < j->fields + j->nfields; f++)
		json_array_append_new(list,
		    json_pack("{s:s, s:s, s:s, s:b}", "name", f->name,
			"expected", f->expected, "observed", f->observed, "ok",
			f->ok));
	return list;
}

/* "user" only where somebody holds the connection. */
static json_t *
aftermath(const struct aftermath *a)
{
	json_t *obj = json_pack("{s:s}", "state", state_name(a->state));

	if (a->has_user) {
		json_object_set_new(obj, "user",
		    json_string(sees_name(a->sees)));
		json_object_set_new(obj, "unread", json_integer(a->unread));
	}
	return obj;
}

static void
json_one(const struct report_options *o, size_t number,
    const struct report_case *c)
{
	const struct judgement *j = c->j;
	json_t *obj = json_pack("{s:i, s:s, s:s, s:s, s:s}", "version",
	    JSON_VERSION, "id", c->id, "verdict", verdict_name(j->verdict),
	    "state", state_name(c->state), "event", event_name(c->event));

	(void)number;
	json_object_set_new(obj, "stack", stack(c->head));
	json_object_set_new(obj, "what", escaped(c->what));
	if (j->rule != NULL) {
		json_object_set_new(obj, "rule", json_string(j->rule->id));
		json_object_set_new(obj, "level", json_string(j->rule->level));
		json_object_set_new(obj, "cite", cites(&j->rule->cites));
		json_object_set_new(obj, "why", escaped(j->rule->why));
		json_object_set_new(obj, "expected", json_string(j->expected));
		json_object_set_new(obj, "observed",
		    j->observed ? in_rfc(&j->observed->seg)
				: json_string("none"));
		json_object_set_new(obj, "fields", fields(j));
	}
	if (c->kernel_reason != NULL)
		json_object_set_new(obj, "kernel_reason",
		    json_string(c->kernel_reason));
	if (j->reason[0] != '\0')
		json_object_set_new(obj, "reason", escaped(j->reason));
	if (j->deviation != NULL)
		json_object_set_new(obj, "deviation",
		    json_string(j->deviation->id));
	if (c->after != NULL)
		json_object_set_new(obj, "after", aftermath(c->after));
	json_object_set_new(obj, "exchange", exchange(c));
	json_dumpf(obj, o->out, JSON_COMPACT);
	fputc('\n', o->out);
	json_decref(obj);
}

static void
json_head(const struct report_options *o, const struct report_head *h)
{
	(void)o;
	(void)h;
}

static void
json_tail(const struct report_options *o, const struct report_tail *t)
{
	(void)o;
	(void)t;
}

/* One object a behaviour; "cells" tells it from a case. */
static void
json_behaviour(const struct report_options *o, const struct report_behaviour *r)
{
	json_t *obj = json_pack("{s:i, s:s, s:i, s:s, s:s, s:o}", "version",
	    JSON_VERSION, "verdict", verdict_name(r->verdict), "cells",
	    (int)r->n, "example", r->example, "required", r->required,
	    "observed", escaped(r->shape));

	if (r->rule != NULL) {
		json_object_set_new(obj, "rule", json_string(r->rule->id));
		json_object_set_new(obj, "level", json_string(r->rule->level));
		json_object_set_new(obj, "cite", cites(&r->rule->cites));
	}
	if (r->reply != NULL)
		json_object_set_new(obj, "allowed_by", escaped(r->reply->by));
	if (r->deviation != NULL)
		json_object_set_new(obj, "deviation",
		    json_string(r->deviation->id));
	json_dumpf(obj, o->out, JSON_COMPACT);
	fputc('\n', o->out);
	json_decref(obj);
}

const struct report_format report_json = {
	.name = "json",
	.head = json_head,
	.one = json_one,
	.tail = json_tail,
	.behaviour = json_behaviour,
};
