/* JSON Lines: one object a case. Keys are only ever added to version 1. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "report/json.h"
#include "report/probe.h"
#include "report/report_reset.h"
#include "tcp/notation.h"

json_t *
json_escaped(const char *text)
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

	buf_addf(&b, "%s%s%s", h->stack, h->version[0] != '\0' ? " " : "",
	    h->version);
	j = json_escaped(buf_str(&b));
	buf_free(&b);
	return j;
}

json_t *
json_cites(const struct cites *from)
{
	json_t *list = json_array();
	const struct cite *c;

	STAILQ_FOREACH (c, from, next)
		json_array_append_new(list, json_escaped(c->text));
	return list;
}

json_t *
json_fields(const struct field *from, size_t n)
{
	json_t *list = json_array();
	const struct field *f;

	for (f = from; f < from + n; f++)
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

void
json_add_case(json_t *obj, const struct report_case *c, bool brief)
{
	const struct judgement *j = c->j;

	if (j->rule != NULL) {
		json_object_set_new(obj, "rule", json_string(j->rule->id));
		json_object_set_new(obj, "level", json_string(j->rule->level));
		json_object_set_new(obj, "cite", json_cites(&j->rule->cites));
		if (!brief)
			json_object_set_new(obj, "why",
			    json_escaped(j->rule->why));
		json_object_set_new(obj, "expected", json_string(j->expected));
		json_object_set_new(obj, "observed",
		    j->observed ? in_rfc(&j->observed->seg)
				: json_string("none"));
		if (!brief)
			json_object_set_new(obj, "fields",
			    json_fields(j->fields, j->nfields));
	}
	if (c->kernel_reason != NULL)
		json_object_set_new(obj, "kernel_reason",
		    json_string(c->kernel_reason));
	if (j->reason[0] != '\0')
		json_object_set_new(obj, "reason", json_escaped(j->reason));
	if (j->deviation != NULL)
		json_object_set_new(obj, "deviation",
		    json_string(j->deviation->id));
	if (c->after != NULL)
		json_object_set_new(obj, "after", aftermath(c->after));
	if (!brief)
		json_object_set_new(obj, "exchange", exchange(c));
}

void
json_put_line(const struct report_options *o, json_t *obj)
{
	char *line = json_dumps(obj, JSON_COMPACT | JSON_REAL_PRECISION(6));

	if (line != NULL)
		fprintf(o->out, "%s\n", line);
	free(line);
	json_decref(obj);
}

static void
json_one(const struct report_options *o, size_t number,
    const struct report_case *c)
{
	json_t *obj = json_pack("{s:i, s:s, s:s, s:s, s:s}", "version",
	    JSON_VERSION, "id", c->id, "verdict", verdict_name(c->j->verdict),
	    "state", state_name(c->state), "event", event_name(c->event));

	(void)number;
	json_object_set_new(obj, "stack", stack(c->head));
	if (c->head->target != NULL)
		json_object_set_new(obj, "target",
		    json_string(c->head->target));
	json_object_set_new(obj, "what", json_escaped(c->what));
	json_add_case(obj, c, false);
	json_put_line(o, obj);
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
	    "observed", json_escaped(r->shape));

	if (r->rule != NULL) {
		json_object_set_new(obj, "rule", json_string(r->rule->id));
		json_object_set_new(obj, "level", json_string(r->rule->level));
		json_object_set_new(obj, "cite", json_cites(&r->rule->cites));
	}
	if (r->reply != NULL)
		json_object_set_new(obj, "allowed_by",
		    json_escaped(r->reply->by));
	if (r->deviation != NULL)
		json_object_set_new(obj, "deviation",
		    json_string(r->deviation->id));
	json_put_line(o, obj);
}

/* ---- probes ---- */

static json_t *
address(const struct addr *a)
{
	struct buf b = { 0 };
	json_t *j;

	addr_add(&b, a);
	j = json_string(buf_str(&b));
	buf_free(&b);
	return j;
}

/* Who says what of a probe that did not arrive. */
static json_t *
message(const struct icmp *m)
{
	struct buf b = { 0 };
	json_t *obj = json_pack("{s:i, s:i, s:i, s:o}", "type", m->type, "code",
	    m->code, "ttl", m->ttl, "from", address(&m->from));

	icmp_add_text(&b, m);
	json_object_set_new(obj, "says", json_string(buf_str(&b)));
	buf_free(&b);
	return obj;
}

static void
json_scan_head(const struct report_options *o, const struct report_scan_head *h)
{
	(void)o;
	(void)h;
}

static void
json_probe(const struct report_options *o, const struct report_probe *p)
{
	const struct segment *r = p->reply;
	json_t *obj = json_pack("{s:i, s:o, s:i, s:s, s:s, s:i}", "version",
	    JSON_VERSION, "host", address(p->host), "port", p->port, "answer",
	    answer_name(p->answer), "verdict", verdict_name(p->c.j->verdict),
	    "tries", (int)p->tries);

	if (r != NULL) {
		json_object_set_new(obj, "rtt_ms", json_real(p->rtt));
		json_object_set_new(obj, "ttl", json_integer(r->ttl));
		json_object_set_new(obj, "window", json_integer(r->wnd));
		if (r->tuple.src.addr.ip == 4)
			json_object_set_new(obj, "ip_id",
			    json_integer(r->ip_id));
	}
	if (p->icmp != NULL)
		json_object_set_new(obj, "icmp", message(p->icmp));
	if (p->hint != NULL)
		json_object_set_new(obj, "hint", json_string(p->hint));
	if (p->note != NULL)
		json_object_set_new(obj, "note", json_string(p->note));
	json_add_case(obj, &p->c, !p->whole);
	json_put_line(o, obj);
}

static void
json_scan_tail(const struct report_options *o, const struct report_scan_tail *t)
{
	(void)o;
	(void)t;
}

const struct report_format report_json = {
	.name = "json",
	.head = json_head,
	.one = json_one,
	.tail = json_tail,
	.behaviour = json_behaviour,
	.scan_head = json_scan_head,
	.probe = json_probe,
	.scan_tail = json_scan_tail,
	.script_head = json_script_head,
	.script = json_script,
	.script_tail = json_script_tail,
	.reset = json_reset,
	.reset_tail = json_reset_tail,
	.respond_head = json_respond_head,
	.respond_segment = json_respond_segment,
	.respond_verdict = json_respond_verdict,
	.respond_tail = json_respond_tail,
	.table_head = json_table_head,
	.table_stack = json_table_stack,
	.table_tail = json_table_tail,
};
