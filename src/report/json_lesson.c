/* What happens in a lesson in JSON Lines: one object an event. */
#include "base/buf.h"
#include "base/table.h"
#include "report/json.h"
#include "report/lesson_text.h"
#include "tcp/notation.h"

static const char *const kinds[] = {
	[LESSON_STEP] = "step",
	[LESSON_NOTE] = "note",
	[LESSON_ASK] = "ask",
	[LESSON_CALL] = "call",
	[LESSON_BLOCKS] = "blocks",
	[LESSON_RETURNS] = "returns",
	[LESSON_SYSCTL] = "sysctl",
	[LESSON_SEGMENT] = "segment",
	[LESSON_ICMP] = "icmp",
	[LESSON_SILENCE] = "silence",
	[LESSON_HOLD] = "hold",
	[LESSON_LOSE] = "lose",
	[LESSON_PASS] = "pass",
	[LESSON_WAIT] = "wait",
	[LESSON_STATE] = "state",
	[LESSON_RULE] = "rule",
	[LESSON_WRONG] = "wrong",
};

static const char *const ways[] = {
	[WAY_PASSED] = "passed",
	[WAY_HELD] = "held",
	[WAY_LOST] = "lost",
	[WAY_RELEASED] = "released",
	[WAY_FORGED] = "forged",
};

static const char *const sides[NSIDES] = { "client", "server" };

static json_t *
new_object(const struct report_lesson *r, const char *event)
{
	return json_pack("{s:i, s:s, s:s}", "version", JSON_VERSION, "lesson",
	    r->name, "event", event);
}

static void
put(const struct report_lesson_options *o, json_t *obj)
{
	const struct report_options out = { .out = o->out };

	json_put_line(&out, obj);
	fflush(o->out);
}

/* Numbers are relative, as in the text. */
static void
add_segment(json_t *obj, const struct lesson_event *ev)
{
	const struct segment *s = &ev->seg;
	struct buf b = { 0 };

	notation_add_tcpdump(&b, s);
	json_object_set_new(obj, "segment", json_string(buf_str(&b)));
	buf_reset(&b);
	ctl_add_rfc(&b, s->ctl);
	json_object_set_new(obj, "ctl", json_string(buf_str(&b)));
	buf_free(&b);
	json_object_set_new(obj, "seq", json_integer(s->seq));
	if (s->ctl & CTL_ACK)
		json_object_set_new(obj, "ack", json_integer(s->ack));
	json_object_set_new(obj, "wnd", json_integer(s->wnd));
	json_object_set_new(obj, "len", json_integer(s->text_len));
}

static void
add_rule(json_t *obj, const struct lesson_event *ev)
{
	const struct judgement *j = &ev->j;

	json_object_set_new(obj, "verdict",
	    json_string(verdict_name(j->verdict)));
	if (j->rule == NULL)
		return;
	json_object_set_new(obj, "rule", json_string(j->rule->id));
	json_object_set_new(obj, "level", json_string(j->rule->level));
	json_object_set_new(obj, "cite", json_cites(&j->rule->cites));
	json_object_set_new(obj, "why", json_escaped(j->rule->why));
	json_object_set_new(obj, "expected", json_string(j->expected));
	if (j->deviation != NULL)
		json_object_set_new(obj, "deviation",
		    json_string(j->deviation->id));
}

static bool
has_side(const struct lesson_event *ev)
{
	return ev->kind != LESSON_STEP && ev->kind != LESSON_NOTE &&
	       ev->kind != LESSON_ASK && ev->kind != LESSON_WAIT &&
	       ev->kind != LESSON_WRONG;
}

void
json_lesson_event(const struct report_lesson_options *o,
    const struct report_lesson *r, const struct lesson_event *ev)
{
	json_t *obj = new_object(r, kinds[ev->kind]);
	struct buf text = { 0 };

	_Static_assert(ARRAY_SIZE(kinds) == LESSON_WRONG + 1,
	    "a word for each");
	json_object_set_new(obj, "time", json_real(ev->when / 1e9));
	if (has_side(ev))
		json_object_set_new(obj, "side", json_string(sides[ev->side]));
	if (ev->text != NULL) {
		lesson_add_values(&text, r, ev->text);
		json_object_set_new(obj, "text", json_string(buf_str(&text)));
		buf_free(&text);
	}
	if (ev->kind == LESSON_SEGMENT) {
		json_object_set_new(obj, "way", json_string(ways[ev->way]));
		add_segment(obj, ev);
	}
	if (ev->kind == LESSON_WAIT)
		json_object_set_new(obj, "seconds", json_real(ev->ns / 1e9));
	if (ev->kind == LESSON_RULE)
		add_rule(obj, ev);
	else if (ev->marked)
		json_object_set_new(obj, "under_test", json_true());
	if (ev->known)
		json_object_set_new(obj, "states",
		    json_pack("{s:s, s:s}", sides[SIDE_CLIENT],
			state_name(ev->states[SIDE_CLIENT]), sides[SIDE_SERVER],
			state_name(ev->states[SIDE_SERVER])));
	if (ev->expected != NULL && ev->kind != LESSON_RULE)
		json_object_set_new(obj, "expected",
		    json_escaped(ev->expected));
	if (ev->observed != NULL)
		json_object_set_new(obj, "observed",
		    json_escaped(ev->observed));
	put(o, obj);
}

void
json_lesson_tail(const struct report_lesson_options *o,
    const struct report_lesson *r, enum verdict v)
{
	json_t *obj = new_object(r, "end");

	json_object_set_new(obj, "verdict", json_string(verdict_name(v)));
	put(o, obj);
}
