/* The table of stacks in JSON Lines: an object a row. */
#include <ctype.h>

#include "report/json.h"
#include "report/report_table.h"

void
json_table_head(const struct report_options *o)
{
	(void)o;
}

static json_t *
row(const struct report_table_stack *s)
{
	return json_pack("{s:i, s:o, s:o}", "version", JSON_VERSION, "stack",
	    json_escaped(s->name), "stack_version", json_escaped(s->version));
}

static void
put_counts(const struct report_options *o, json_t *obj, const char *rules,
    const unsigned n[NVERDICTS])
{
	struct buf b = { 0 };
	const char *p;
	enum verdict v;

	json_object_set_new(obj, "rules", json_string(rules));
	for (v = 0; v < NVERDICTS; v++) {
		for (p = verdict_name(v); *p != '\0'; p++)
			buf_addf(&b, "%c", tolower((unsigned char)*p));
		json_object_set_new(obj, buf_str(&b), json_integer(n[v]));
		buf_reset(&b);
	}
	buf_free(&b);
	json_put_line(o, obj);
}

void
json_table_stack(const struct report_options *o,
    const struct report_table_stack *s)
{
	json_t *obj;
	size_t i;

	for (i = 0; i < s->nrows && s->ran; i++)
		put_counts(o, row(s), s->rows[i].rules, s->rows[i].n);
	if (s->ran)
		put_counts(o, row(s), "all", s->n);
	if (s->reason == NULL)
		return;
	obj = row(s);
	json_object_set_new(obj, "ran", json_boolean(s->ran));
	json_object_set_new(obj, "reason", json_string(s->reason));
	json_put_line(o, obj);
}

void
json_table_tail(const struct report_options *o,
    const struct report_table_tail *t)
{
	(void)o;
	(void)t;
}
