/* A hand-made peer in JSON Lines: segments, verdicts, and a summary. */
#include <ctype.h>

#include "report/json.h"
#include "report/report_respond.h"
#include "tcp/notation.h"

void
json_respond_head(const struct report_options *o,
    const struct report_respond_head *h)
{
	(void)o;
	(void)h;
}

void
json_respond_segment(const struct report_options *o,
    const struct report_respond_segment *s)
{
	struct buf b = { 0 };

	notation_add_tcpdump(&b, s->seg);
	json_put_line(o,
	    json_pack("{s:i, s:i, s:s, s:s, s:f}", "version", JSON_VERSION,
		"connection", (int)s->conn, "segment", buf_str(&b), "from",
		s->ours ? "peer" : "stack", "time", s->seconds));
	buf_free(&b);
}

void
json_respond_verdict(const struct report_options *o,
    const struct report_respond_verdict *v)
{
	json_t *obj = json_pack("{s:i, s:i, s:s, s:s, s:s}", "version",
	    JSON_VERSION, "connection", (int)v->conn, "verdict",
	    verdict_name(v->c.j->verdict), "state", state_name(v->c.state),
	    "event", event_name(v->c.event));

	json_add_case(obj, &v->c, false);
	if (v->note != NULL)
		json_object_set_new(obj, "note", json_string(v->note));
	if (v->line > 0) {
		json_object_set_new(obj, "line", json_integer(v->line));
		json_object_set_new(obj, "script", json_escaped(v->event));
		if (v->c.j->rule == NULL && v->c.j->verdict != V_PASS) {
			json_object_set_new(obj, "expected",
			    json_string(v->expected));
			json_object_set_new(obj, "observed",
			    json_string(v->observed));
		}
	}
	json_put_line(o, obj);
}

void
json_respond_tail(const struct report_options *o,
    const struct report_respond_tail *t)
{
	json_t *counts = json_object();
	struct buf b = { 0 };
	const char *p;
	enum verdict v;

	for (v = 0; v < NVERDICTS; v++) {
		for (p = verdict_name(v); *p != '\0'; p++)
			buf_addf(&b, "%c", tolower((unsigned char)*p));
		json_object_set_new(counts, buf_str(&b), json_integer(t->n[v]));
		buf_reset(&b);
	}
	buf_free(&b);
	json_put_line(o,
	    json_pack("{s:i, s:{s:i, s:i, s:o, s:f}}", "version", JSON_VERSION,
		"summary", "connections", (int)t->conns, "untaken",
		(int)t->untaken, "answers", counts, "seconds", t->seconds));
}
