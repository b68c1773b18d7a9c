/* Scripts in JSON Lines: one object a script. */
#include "base/buf.h"
#include "report/json.h"
#include "report/report_script.h"
#include "tcp/notation.h"

void
json_script_head(const struct report_options *o,
    const struct report_script_head *h)
{
	(void)o;
	(void)h;
}

/* Times are seconds after the first segment. */
static json_t *
exchange(const struct exchange *x)
{
	json_t *list = json_array();
	const struct passage *p;
	struct buf b = { 0 };

	for (p = x->passages; p < x->passages + x->n; p++) {
		buf_reset(&b);
		notation_add_tcpdump(&b, &p->seg);
		json_array_append_new(list,
		    json_pack("{s:s, s:s, s:f}", "segment", buf_str(&b), "from",
			p->ours ? "peer" : "stack", "time",
			(p->seg.when - x->passages[0].seg.when) / 1e9));
	}
	buf_free(&b);
	return list;
}

static void
add_rule(json_t *obj, const struct report_script *s)
{
	json_object_set_new(obj, "rule", json_string(s->rule->id));
	json_object_set_new(obj, "level", json_string(s->rule->level));
	json_object_set_new(obj, "cite", json_cites(&s->rule->cites));
	json_object_set_new(obj, "why", json_escaped(s->rule->why));
	json_object_set_new(obj, "required", json_string(s->required));
	if (s->blame != BLAME_NOBODY)
		json_object_set_new(obj, "wrong",
		    json_string(s->blame == BLAME_SCRIPT ? "script" : "stack"));
}

void
json_script(const struct report_options *o, size_t number,
    const struct report_script *s)
{
	json_t *obj = json_pack("{s:i, s:s, s:s, s:f}", "version", JSON_VERSION,
	    "script", s->name, "verdict", verdict_name(s->verdict), "seconds",
	    s->seconds);

	(void)number;
	if (s->line > 0)
		json_object_set_new(obj, "line", json_integer(s->line));
	if (s->line > 0 && s->event != NULL)
		json_object_set_new(obj, "event", json_escaped(s->event));
	if (s->expected[0] != '\0')
		json_object_set_new(obj, "expected", json_string(s->expected));
	if (s->observed[0] != '\0')
		json_object_set_new(obj, "observed", json_string(s->observed));
	if (s->nfields > 0)
		json_object_set_new(obj, "fields",
		    json_fields(s->fields, s->nfields));
	if (s->rule != NULL)
		add_rule(obj, s);
	if (s->reason[0] != '\0')
		json_object_set_new(obj, "reason", json_string(s->reason));
	if (s->off_line > 0) {
		json_object_set_new(obj, "off_ms", json_real(s->off / 1e6));
		json_object_set_new(obj, "off_line", json_integer(s->off_line));
	}
	json_object_set_new(obj, "exchange", exchange(s->x));
	json_put_line(o, obj);
}

void
json_script_tail(const struct report_options *o,
    const struct report_script_tail *t)
{
	(void)o;
	(void)t;
}
