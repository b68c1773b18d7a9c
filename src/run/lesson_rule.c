/* What the rulebook says of what a lesson shows. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "run/lesson_play.h"

#define TIMERS                                         \
	(1u << EV_USER_TIMEOUT | 1u << EV_KEEP_ALIVE | \
	    1u << EV_FIN_WAIT_2_TIMEOUT)

/* A timer makes no sign: a lesson says by the rule that one has run out. */
static enum event
event_of(const struct rule *rule, const struct lesson_end *end)
{
	unsigned timers = rule != NULL ? rule->events & TIMERS : 0;
	enum event event;

	for (event = 0; event < NEVENTS; event++)
		if (timers & 1u << event)
			return event;
	return end->event;
}

/* The exchange changes: what the judge saw of it is kept. */
static void
keep(struct lesson_event *ev)
{
	if (ev->j.observed == NULL)
		return;
	ev->seg = ev->j.observed->seg;
	ev->marked = true;
	ev->j.observed = NULL;
}

static int
check(struct lesson *l, const struct lesson_event *ev, const char *id)
{
	const struct judgement *j = &ev->j;
	struct buf b = { 0 };
	const char *observed = "none";

	if (j->rule == NULL || strcmp(j->rule->id, id) != 0)
		return lesson_wrong(l, "another rule applies", id,
		    j->rule != NULL ? j->rule->id : "none");
	if (j->verdict == V_PASS || j->verdict == V_ALLOWED ||
	    j->verdict == V_DEVIATION)
		return 0;
	if (ev->marked) {
		ladder_add_label(&b, &ev->seg);
		observed = lesson_text(l, "%s", buf_str(&b));
		buf_free(&b);
	}
	return lesson_wrong(l,
	    lesson_text(l, "the rule requires another reply%s%s",
		j->reason[0] != '\0' ? ": " : "", j->reason),
	    lesson_text(l, "%s", j->expected), observed);
}

/*
 * The rulebook's word. No kernel tells whether a listener has room, or keeps
 * state: where the lesson's rule does not apply, or is broken, these are
 * tried.
 */
static void
ask(struct lesson *l, struct lesson_event *ev, const char *id, enum event event,
    const struct lesson_end *end)
{
	const struct known_stack *known = l->options->known;
	struct tcb tcb = end->stimulated ? end->before : end->tcb;
	const struct situation s = { .tcb = &tcb,
		.seg = event == EV_SEGMENT ? &end->stimulus : NULL,
		.claims = l->options->claims };
	struct judgement first;
	int i;

	for (i = 0; i < 3; i++) {
		tcb.queue_full = i == 1;
		tcb.cookie = i == 2;
		judge(&ev->j, known->book, event, &s, &end->x, NULL);
		judge_deviation(&ev->j, known, event, &s, &end->x, NULL);
		if (i == 0)
			first = ev->j;
		if (ev->j.rule != NULL && strcmp(ev->j.rule->id, id) == 0 &&
		    ev->j.verdict <= V_DEVIATION)
			return;
	}
	ev->j = first;
}

int
lesson_rule(struct lesson *l, const struct lab_item *item)
{
	const struct known_stack *known = l->options->known;
	const char *id = item->words[0];
	struct lesson_event ev = { .kind = LESSON_RULE, .side = l->rule_side };
	const struct lesson_end *end;
	const struct rule *rule = rulebook_find(known->book, id);

	if (l->rule_conn == NULL)
		return err_set(l->e, ERR_USAGE,
		    "%s:%d: a rule speaks of the line > before it, and there "
		    "is none",
		    l->lab->file, item->pos.line);
	if (rule == NULL)
		return err_set(l->e, ERR_USAGE, "%s:%d: no rule has the id %s",
		    l->lab->file, item->pos.line, id);
	end = &l->rule_conn->ends[l->rule_side];
	ask(l, &ev, id, event_of(rule, end), end);
	keep(&ev);
	if (l->last != NULL) {
		l->last->rule = ev.j.rule;
		if (ev.j.reply != NULL && ev.j.deviation == NULL)
			l->last->form = &ev.j.reply->form;
	}
	lesson_note(l, &ev);
	return check(l, &ev, id);
}
