/* RSTs of a capture in JSON Lines: an object each, and one for the summary. */
#include "report/json.h"
#include "report/report_reset.h"
#include "tcp/notation.h"

static json_t *
endpoint(const struct endpoint *e)
{
	struct buf b = { 0 };
	json_t *j;

	addr_add(&b, &e->addr);
	j = json_pack("{s:s, s:i}", "address", buf_str(&b), "port",
	    (int)e->port);
	buf_free(&b);
	return j;
}

/* Seconds since 1970, all digits of which count: as a text. */
static json_t *
seconds(int64_t when)
{
	struct buf b = { 0 };
	json_t *j;

	buf_addf(&b, "%lld.%09lld", (long long)(when / 1000000000),
	    (long long)(when % 1000000000));
	j = json_string(buf_str(&b));
	buf_free(&b);
	return j;
}

static json_t *
exchange(const struct reset *r)
{
	json_t *list = json_array();
	struct buf b = { 0 };
	struct segment s;
	size_t i;

	for (i = 0; i < r->ntold; i++) {
		reset_relative(r, i, &s);
		buf_reset(&b);
		notation_add_tcpdump(&b, &s);
		json_array_append_new(list,
		    json_pack("{s:o, s:s, s:s}", "time",
			seconds(r->told[i].when), "from",
			r->told[i].by_sender ? "sender" : "peer", "segment",
			buf_str(&b)));
	}
	buf_free(&b);
	return list;
}

static json_t *
sentences(const struct clauses *clauses, const struct clues *clues)
{
	json_t *list = json_array();
	const struct clause *c;
	struct buf b = { 0 };

	STAILQ_FOREACH (c, clauses, next) {
		if (!clause_holds(c, clues))
			continue;
		buf_reset(&b);
		clause_add_text(&b, c, clues);
		json_array_append_new(list, json_escaped(buf_str(&b)));
	}
	buf_free(&b);
	return list;
}

static void
add_cause(json_t *obj, const struct report_reset *x)
{
	const struct cause *c = x->cause;
	json_t *like = json_array();
	const struct clause *k;

	json_object_set_new(obj, "cause",
	    json_string(c != NULL ? c->id : "unknown"));
	json_object_set_new(obj, "confidence", json_string(sure_name(x->sure)));
	if (c != NULL)
		STAILQ_FOREACH (k, &c->like, next)
			if (clause_holds(k, x->clues))
				json_array_append_new(like,
				    json_string(k->text));
	json_object_set_new(obj, "or", like);
	if (c == NULL)
		return;
	json_object_set_new(obj, "title", json_escaped(c->title));
	json_object_set_new(obj, "evidence", sentences(&c->evidence, x->clues));
	json_object_set_new(obj, "check", sentences(&c->check, x->clues));
	json_object_set_new(obj, "cure", sentences(&c->cure, x->clues));
	json_object_set_new(obj, "why", json_escaped(c->why));
	json_object_set_new(obj, "cite", json_cites(&c->cites));
}

static json_t *
numbers(const struct numbers *n)
{
	static const char *const verdicts[] = {
		[NUMBERS_UNKNOWN] = "unknown",
		[NUMBERS_RIGHT] = "right",
		[NUMBERS_WRONG] = "wrong",
	};
	json_t *obj = json_pack("{s:s, s:s, s:s}", "verdict",
	    verdicts[n->verdict], "receiver", reception_name(n->reception),
	    "reception", n->reason);

	if (n->rule != NULL) {
		json_object_set_new(obj, "rule", json_string(n->rule->id));
		json_object_set_new(obj, "cite", json_cites(&n->rule->cites));
	}
	if (n->verdict == NUMBERS_WRONG) {
		json_object_set_new(obj, "expected",
		    json_string(n->j.expected));
		json_object_set_new(obj, "fields",
		    json_fields(n->j.fields, n->j.nfields));
	}
	return obj;
}

/* Those that are not 0: what the causes were tried on. */
static json_t *
clues(const struct clues *c)
{
	json_t *obj = json_object();
	enum clue i;

	for (i = 0; i < NCLUES; i++)
		if (c->v[i] != 0)
			json_object_set_new(obj, clue_name(i)->name,
			    json_integer(c->v[i]));
	return obj;
}

static void
add_payload(json_t *obj, const struct segment *s)
{
	struct buf b = { 0 };
	uint32_t enterprise;
	unsigned code;

	if (s->text_len == 0 || s->text == NULL)
		return;
	buf_add_escaped(&b, s->text, s->text_kept);
	json_object_set_new(obj, "text", json_string(buf_str(&b)));
	code = s->text_kept < s->text_len
		   ? 0
		   : diagnostic_reason(s->text, s->text_len, &enterprise);
	if (code != 0)
		json_object_set_new(obj, "diagnostic", json_integer(code));
	buf_free(&b);
}

static void
add_kernel(json_t *obj, const struct report_reset *x)
{
	if (x->kernel_reason != NULL) {
		json_object_set_new(obj, "kernel_reason",
		    json_string(x->kernel_reason));
		json_object_set_new(obj, "kernel_agrees",
		    json_boolean(x->agrees));
	}
	if (x->kernel_state != NULL)
		json_object_set_new(obj, "kernel_state",
		    json_string(x->kernel_state));
	if (x->owner != NULL)
		json_object_set_new(obj, "process", json_string(x->owner));
}

void
json_reset(const struct report_options *o, const struct report_reset *x)
{
	const struct reset *r = x->reset;
	json_t *obj = json_pack("{s:i, s:I, s:I, s:o}", "version", JSON_VERSION,
	    "rst", (json_int_t)r->number, "frame", (json_int_t)x->frame, "time",
	    seconds(r->told[r->at].when));
	struct buf b = { 0 };

	if (x->file != NULL)
		json_object_set_new(obj, "file", json_string(x->file));
	json_object_set_new(obj, "sender", endpoint(&r->seg.tuple.src));
	json_object_set_new(obj, "peer", endpoint(&r->seg.tuple.dst));
	notation_add_rfc(&b, &r->seg);
	json_object_set_new(obj, "segment", json_string(buf_str(&b)));
	buf_free(&b);
	json_object_set_new(obj, "ttl", json_integer(r->seg.ttl));
	if (x->trigger_frame != 0)
		json_object_set_new(obj, "trigger",
		    json_integer(x->trigger_frame));
	if (x->state < NSTATES)
		json_object_set_new(obj, "state",
		    json_string(state_name(x->state)));
	add_cause(obj, x);
	json_object_set_new(obj, "numbers", numbers(x->numbers));
	add_payload(obj, &r->seg);
	add_kernel(obj, x);
	if (o->verbosity >= 0)
		json_object_set_new(obj, "exchange", exchange(r));
	if (o->verbosity > 0)
		json_object_set_new(obj, "clues", clues(x->clues));
	json_put_line(o, obj);
}

static json_t *
counts(const struct report_count *c, size_t n)
{
	json_t *obj = json_object();
	size_t i;

	for (i = 0; i < n; i++)
		json_object_set_new(obj, c[i].name, json_integer(c[i].n));
	return obj;
}

void
json_reset_tail(const struct report_options *o,
    const struct report_reset_tail *t)
{
	json_t *obj =
	    json_pack("{s:i, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:b, s:b}",
		"version", JSON_VERSION, "capture", t->source, "rsts",
		(json_int_t)t->flows.resets, "connections",
		(json_int_t)t->flows.flows, "frames", (json_int_t)t->frames,
		"unreadable", (json_int_t)t->unread, "dropped",
		(json_int_t)t->dropped, "forgotten",
		(json_int_t)t->flows.evicted, "stopped", (int)t->stopped,
		"damaged", (int)(t->damage != NULL));

	json_object_set_new(obj, "by_cause", counts(t->causes, t->ncauses));
	json_object_set_new(obj, "by_sender", counts(t->senders, t->nsenders));
	json_object_set_new(obj, "by_peer", counts(t->peers, t->npeers));
	json_put_line(o, obj);
}
