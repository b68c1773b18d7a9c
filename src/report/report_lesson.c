/* A lesson as text: what stands before what happens, and after it. */
#include <string.h>

#include "base/tr.h"
#include "report/fold.h"
#include "report/lesson_text.h"
#include "report/lines.h"
#include "tcp/notation.h"

#define TAB   8
#define TAKES 2 /* columns a line takes less than the terminal has */

/* ---- what all have in common ---- */

const char *
lesson_side_name(enum lesson_side side)
{
	return side == SIDE_CLIENT ? tr("client") : tr("server");
}

/* The value of {NAME}, or NULL. */
static const char *
value_of(const struct report_lesson *r, const char *name, size_t len)
{
	const char *const *v;

	for (v = r->values; *v != NULL; v++)
		if (strncmp(*v, name, len) == 0 && (*v)[len] == '=')
			return *v + len + 1;
	return NULL;
}

void
lesson_add_values(struct buf *b, const struct report_lesson *r, const char *p)
{
	const char *value;
	size_t n;

	while (*p != '\0') {
		n = strcspn(p, "{");
		buf_add_escaped(b, p, n);
		p += n;
		if (*p != '{')
			break;
		n = strcspn(p, "}");
		value = value_of(r, p + 1, n - 1);
		buf_adds(b, value != NULL ? value : "{");
		p += value != NULL ? n + 1 : 1;
	}
}

void
lesson_add_folded(struct buf *b, const struct report_lesson_options *o,
    const char *first, const char *indent, const char *text)
{
	size_t used = strlen(indent), len, columns;
	size_t room =
	    o->style.columns > used + TAKES ? o->style.columns - used : TAKES;
	const char *before = first;

	for (; fold_next(&text, room, &len, &columns); text += len) {
		buf_adds(b, before);
		fold_add(b, text, len);
		while (b->len > 0 && b->p[b->len - 1] == ' ')
			b->len--;
		buf_adds(b, "\n");
		before = indent;
	}
}

void
lesson_add_heading(struct buf *b, const struct report_lesson_options *o,
    const char *text)
{
	struct buf line = { 0 };

	/* the text of "1. The server listens." stands in one column */
	lesson_add_folded(&line, o, "",
	    text[0] >= '1' && text[0] <= '9' ? "   " : "", text);
	if (line.len > 0)
		line.len--;
	buf_addf(b, "%s%.*s%s\n", o->style.colour ? "\033[1m" : "",
	    (int)line.len, buf_str(&line), o->style.colour ? "\033[0m" : "");
	buf_free(&line);
}

void
lesson_put(const struct report_lesson_options *o, struct buf *b)
{
	fwrite(buf_str(b), 1, b->len, o->out);
	fflush(o->out);
	buf_free(b);
}

void
report_lesson_text(const struct report_lesson_options *o,
    const struct report_lesson *r, const char *indent, const char *text)
{
	struct buf b = { 0 }, t = { 0 };

	lesson_add_text(&t, r, text);
	lesson_add_folded(&b, o, indent, indent, buf_str(&t));
	buf_free(&t);
	lesson_put(o, &b);
}

void
lesson_add_text(struct buf *b, const struct report_lesson *r, const char *text)
{
	lesson_add_values(b, r, tr(text));
}

static void
add_paragraphs(struct buf *b, const struct report_lesson_options *o,
    const struct report_lesson *r, const char *const *texts)
{
	struct buf t = { 0 };

	for (; *texts != NULL; texts++) {
		lesson_add_text(&t, r, *texts);
		lesson_add_folded(b, o, "  ", "  ", buf_str(&t));
		buf_reset(&t);
		if (texts[1] != NULL)
			buf_adds(b, "\n");
	}
	buf_free(&t);
}

/* ---- before ---- */

/* As it stands, tabs up to each eighth column. */
static void
add_code_line(struct buf *b, const char *line)
{
	size_t n, columns = 0;

	buf_adds(b, *line != '\0' ? "  " : "");
	for (; *line != '\0'; line += n) {
		n = strcspn(line, "\t");
		buf_add_escaped(b, line, n);
		columns += n;
		if (line[n] == '\t') {
			buf_fill(b, ' ', TAB - columns % TAB);
			columns += TAB - columns % TAB;
			n++;
		}
	}
	buf_adds(b, "\n");
}

static void
add_code(struct buf *b, const struct report_lesson_options *o,
    const struct report_lesson *r)
{
	static const char *const headings[] = {
		[SIDE_CLIENT] = TR_N("What the client's program says"),
		[SIDE_SERVER] = TR_N("What the server's program says"),
	};
	const char *const *line;
	int side;

	for (side = 0; side < NSIDES; side++) {
		if (r->code[side] == NULL)
			continue;
		buf_adds(b, "\n");
		lesson_add_heading(b, o, tr(headings[side]));
		for (line = r->code[side]; *line != NULL; line++)
			add_code_line(b, *line);
	}
}

void
report_lesson_foresee(const struct report_lesson_options *o,
    const struct report_lesson *r)
{
	struct buf b = { 0 };

	if (*r->foresee == NULL || o->quiet)
		return;
	buf_adds(&b, "\n");
	lesson_add_heading(&b, o, tr("What will happen"));
	add_paragraphs(&b, o, r, r->foresee);
	lesson_put(o, &b);
}

void
report_lesson_head(const struct report_lesson_options *o,
    const struct report_lesson *r)
{
	struct buf b = { 0 }, title = { 0 };

	if (o->quiet || o->json)
		return;
	lesson_add_text(&title, r, r->title);
	lesson_add_heading(&b, o, buf_str(&title));
	buf_free(&title);
	if (*r->about != NULL)
		buf_adds(&b, "\n");
	add_paragraphs(&b, o, r, r->about);
	lesson_put(o, &b);
	if (!o->quiz)
		report_lesson_foresee(o, r);
	add_code(&b, o, r);
	lesson_put(o, &b);
}

/* ---- after ---- */

static const char *
verdict_text(const struct judgement *j)
{
	switch (j->verdict) {
	case V_PASS:
		return tr("as required");
	case V_ALLOWED:
		return tr("otherwise than required, and allowed");
	case V_DEVIATION:
		return tr("otherwise than required, and known of Linux");
	default:
		return tr("not as required");
	}
}

static void
add_line(struct buf *b, const struct report_lesson_options *o,
    const char *label, const char *text)
{
	lines_add_folded_to(b, o->style.columns, "  ", label, text);
}

/* From the rulebook: its lines become one, which is translated. */
static void
add_why(struct buf *b, const struct report_lesson_options *o, const char *why)
{
	struct buf one = { 0 }, esc = { 0 };

	for (; *why != '\0'; why++)
		if (why[0] != ' ' || why[1] != ' ')
			buf_add(&one, why, 1);
	buf_adds(&esc, tr(buf_str(&one)));
	add_line(b, o, tr("why"), buf_str(&esc));
	buf_free(&one);
	buf_free(&esc);
}

static void
add_rule(struct buf *b, const struct report_lesson_options *o,
    const struct lesson_event *ev)
{
	const struct judgement *j = &ev->j;
	struct buf t = { 0 };

	buf_addf(&t, "%s (%s) ", j->rule->id, j->rule->level);
	lines_add_cites(&t, &j->rule->cites);
	add_line(b, o, tr("rule"), buf_str(&t));
	add_line(b, o, tr("expected"), j->expected);
	buf_reset(&t);
	if (ev->marked)
		notation_add_rfc(&t, &ev->seg);
	else
		buf_adds(&t, "none");
	add_line(b, o, tr("observed"), buf_str(&t));
	add_line(b, o, tr("verdict"), verdict_text(j));
	add_why(b, o, j->rule->why);
	if (j->deviation != NULL) {
		add_line(b, o, tr("known as"), j->deviation->id);
		add_why(b, o, j->deviation->why);
	}
	buf_free(&t);
}

/* Has one before it told the same? */
static bool
is_told(const struct lesson_event *events, const struct lesson_event *ev)
{
	const struct lesson_event *o;

	for (o = events; o < ev; o++)
		if (o->kind == LESSON_RULE && o->j.rule == ev->j.rule &&
		    o->j.verdict == ev->j.verdict &&
		    o->j.deviation == ev->j.deviation)
			return true;
	return false;
}

/* Each rule once, though it may have been met often. */
static void
add_rules(struct buf *b, const struct report_lesson_options *o,
    const struct lesson_event *events, size_t n)
{
	const struct lesson_event *ev;
	bool first = true;
	size_t i;

	for (i = 0; i < n; i++) {
		ev = &events[i];
		if (ev->kind != LESSON_RULE || ev->j.rule == NULL ||
		    is_told(events, ev))
			continue;
		buf_adds(b, "\n");
		if (first)
			lesson_add_heading(b, o, tr("The rule"));
		first = false;
		add_rule(b, o, ev);
	}
}

static void
add_command(struct buf *b, const struct report_lesson_options *o,
    const struct report_lesson *r, const char *command)
{
	struct buf t = { 0 };

	buf_add_escaped(&t, command, strlen(command));
	if (r->data != NULL && strncmp(command, "retort lab ", 11) == 0) {
		buf_adds(&t, " --data ");
		buf_add_escaped(&t, r->data, strlen(r->data));
	}
	fold_command(b, o->style.columns, buf_str(&t));
	buf_free(&t);
}

/* Sentences, each with a command. */
static void
add_commands(struct buf *b, const struct report_lesson_options *o,
    const struct report_lesson *r, const char *heading,
    const char *const *texts, const char *const *commands)
{
	struct buf t = { 0 };

	if (*texts == NULL)
		return;
	buf_adds(b, "\n");
	lesson_add_heading(b, o, heading);
	for (; *texts != NULL; texts++, commands++) {
		lesson_add_text(&t, r, *texts);
		lesson_add_folded(b, o, "  ", "  ", buf_str(&t));
		buf_reset(&t);
		add_command(b, o, r, *commands);
	}
	buf_free(&t);
}

/* What the lesson teaches, where it went so. */
static void
add_lore(struct buf *b, const struct report_lesson_options *o,
    const struct report_lesson *r)
{
	if (*r->after != NULL) {
		buf_adds(b, "\n");
		lesson_add_heading(b, o, tr("What one learns"));
	}
	add_paragraphs(b, o, r, r->after);
	add_commands(b, o, r, tr("Change this and see"), r->vary,
	    r->vary_commands);
	add_commands(b, o, r, tr("In your own network"), r->command_texts,
	    r->commands);
}

static void
add_summary(struct buf *b, const struct report_lesson_options *o,
    const struct report_lesson *r, enum verdict v)
{
	const char *colour = v == V_PASS ? "\033[32m" : "\033[31m";

	buf_addf(b, "%s: %s%s%s\n", r->name, o->style.colour ? colour : "",
	    v == V_PASS ? tr("as foreseen")
			: tr("FAIL: otherwise than foreseen"),
	    o->style.colour ? "\033[0m" : "");
}

void
report_lesson_tail(const struct report_lesson_options *o,
    const struct report_lesson *r, const struct lesson_event *events, size_t n,
    enum verdict v)
{
	struct buf b = { 0 };

	if (o->json) {
		json_lesson_tail(o, r, v);
		return;
	}
	buf_adds(&b, o->quiet ? "" : "\n");
	lesson_add_ladder(&b, o, r, events, n);
	if (!o->quiet) {
		add_rules(&b, o, events, n);
		if (v == V_PASS)
			add_lore(&b, o, r);
		buf_adds(&b, "\n");
	}
	add_summary(&b, o, r, v);
	lesson_put(o, &b);
}
