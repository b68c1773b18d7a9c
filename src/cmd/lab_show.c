#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/tr.h"
#include "cmd/cmd.h"
#include "cmd/lab_quiz.h"
#include "cmd/lab_show.h"

#define TEXTS 256 /* paragraphs of a kind, lines of code */

/* The lesson as it is reported. */
struct page {
	struct report_lesson r;
	const char *about[TEXTS], *foresee[TEXTS], *after[TEXTS];
	const char *code[NSIDES][TEXTS];
	const char *vary[TEXTS], *vary_commands[TEXTS];
	const char *commands[TEXTS], *command_texts[TEXTS];
	const char *values[TEXTS];
	struct arena arena;
};

/* ---- what the lesson says ---- */

static void
add(const char **list, const char *text)
{
	size_t n = 0;

	while (list[n] != NULL)
		n++;
	if (n < TEXTS - 1)
		list[n] = text;
}

static void
add_all(const char **list, const struct lab_item *item)
{
	const struct lab_text *t;

	STAILQ_FOREACH (t, &item->texts, next)
		add(list, t->text);
}

static void
add_vary(struct page *p, const struct lab *lab, const struct lab_item *item)
{
	struct buf b = { 0 };
	size_t i;

	buf_addf(&b, "retort lab %s", lab->name);
	for (i = 0; i < item->nwords; i++)
		buf_addf(&b, " -D %s", item->words[i]);
	add(p->vary, STAILQ_FIRST(&item->texts)->text);
	add(p->vary_commands, arena_strndup(&p->arena, b.p, b.len));
	buf_free(&b);
}

static void
add_item(struct page *p, const struct lab *lab, const struct lab_item *item)
{
	const struct lab_text *first = STAILQ_FIRST(&item->texts);

	switch (item->kind) {
	case LAB_ABOUT:
		add_all(p->about, item);
		break;
	case LAB_FORESEE:
		add_all(p->foresee, item);
		break;
	case LAB_AFTER:
		add_all(p->after, item);
		break;
	case LAB_CODE:
		add_all(p->code[item->side == LAB_SERVER], item);
		break;
	case LAB_VARY:
		add_vary(p, lab, item);
		break;
	case LAB_COMMAND:
		add(p->commands, first->text);
		add(p->command_texts, STAILQ_NEXT(first, next)->text);
		break;
	default:
		break;
	}
}

static void
make_page(struct page *p, const struct lab *lab, const char *data)
{
	const struct lab_option *o;
	const struct lab_item *item;
	struct buf b = { 0 };
	int side;

	STAILQ_FOREACH (o, &lab->options, next) {
		buf_addf(&b, "%s=%s", o->name, o->value);
		add(p->values, arena_strndup(&p->arena, b.p, b.len));
		buf_reset(&b);
	}
	buf_free(&b);
	STAILQ_FOREACH (item, &lab->items, next)
		if (lab_applies(item))
			add_item(p, lab, item);
	p->r = (struct report_lesson){ .name = lab->name,
		.title = lab->title,
		.about = p->about,
		.foresee = p->foresee,
		.after = p->after,
		.vary = p->vary,
		.vary_commands = p->vary_commands,
		.commands = p->commands,
		.command_texts = p->command_texts,
		.values = p->values,
		.data = data };
	for (side = 0; side < NSIDES; side++)
		if (p->code[side][0] != NULL)
			p->r.code[side] = p->code[side];
}

/* ---- the show ---- */

struct showing {
	const struct lab_show *show;
	const struct page *page;
};

static void
tell(void *arg, const struct lesson_event *ev)
{
	const struct showing *s = arg;

	report_lesson_event(&s->show->report, &s->page->r, ev);
}

/* What has been played is shown at the reader's pace. */
static void
show_slowly(const struct showing *s, const struct lesson_result *r)
{
	struct buf line = { 0 };
	bool waits = s->show->step;
	struct lab_quiz quiz = { &s->show->report, &s->page->r, 0, 0 };
	size_t i;

	for (i = 0; i < r->n; i++) {
		if (waits && r->events[i].kind == LESSON_STEP) {
			printf("\n%s ", tr("[Enter]"));
			waits = lab_read_line(&line);
		}
		tell((void *)(uintptr_t)s, &r->events[i]);
		if (s->show->quiz && r->events[i].kind == LESSON_ASK)
			lab_ask(&quiz, &r->events[i], r->events + r->n);
	}
	buf_free(&line);
	if (quiz.asked > 1)
		lab_score(&quiz);
}

static int
show(const struct showing *s, struct lab *lab, const struct lesson_options *o,
    struct lesson_result *r)
{
	const struct lab_show *how = s->show;
	struct lesson_options play = *o;
	struct err e;

	report_lesson_head(&how->report, &s->page->r);
	if (!how->step && !how->quiz) {
		play.tell = tell;
		play.arg = (void *)(uintptr_t)s;
	}
	if (lesson_play(r, lab, &play, &e) == -1)
		return cmd_fail(&e);
	if (play.tell == NULL)
		show_slowly(s, r);
	report_lesson_tail(&how->report, &s->page->r, r->events, r->n,
	    r->verdict);
	if (how->svg != NULL)
		report_lesson_svg(how->svg, &s->page->r, r->events, r->n);
	return r->verdict == V_PASS ? 0 : 1;
}

int
lab_show(const struct lab_show *how, struct lab *lab,
    const struct lesson_options *o)
{
	struct page *page = mem_calloc(1, sizeof(*page));
	const struct showing s = { how, page };
	struct lesson_result r = { 0 };
	int rc;

	make_page(page, lab, how->data);
	rc = show(&s, lab, o, &r);
	lesson_free(&r);
	arena_free(&page->arena);
	free(page);
	return rc;
}
