#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/tr.h"
#include "cmd/lab_quiz.h"
#include "judge/answer.h"
#include "report/exchange_ladder.h"

#define TRIES 3 /* for what cannot be read as an answer */

/* Nothing is read ahead: the next lesson's process reads on. */
bool
lab_read_line(struct buf *b)
{
	char c;

	fflush(stdout);
	buf_reset(b);
	while (read(STDIN_FILENO, &c, 1) == 1) {
		if (c == '\n')
			return true;
		buf_add(b, &c, 1);
	}
	return b->len > 0;
}

static void
say(const struct lab_quiz *quiz, const char *indent, const char *text)
{
	report_lesson_text(quiz->report, quiz->page, indent, text);
}

/* The question that this was asked for, or NULL when the lesson went wrong. */
static const struct lesson_question *
question_of(const struct lesson_event *ask, const struct lesson_event *end)
{
	const struct lesson_event *ev;

	for (ev = ask + 1; ev < end && ev->kind != LESSON_ASK; ev++)
		if (ev->marked && ev->question != NULL)
			return ev->question;
	return NULL;
}

/* 1: it is an answer; 0: the question is given up. */
static int
take_answer(const struct lab_quiz *quiz, const struct lesson_question *q,
    struct answer *a)
{
	const struct situation s = { .tcb = &q->tcb,
		.seg = q->has_stimulus ? &q->stimulus : NULL };
	struct buf line = { 0 };
	struct err e;
	bool more = true;
	int i, rc = 0;

	for (i = 0; i < TRIES && more && rc == 0; i++) {
		fputs(tr("answer"), stdout);
		fputs("> ", stdout);
		more = lab_read_line(&line);
		/* what a terminal has shown already */
		if (!isatty(STDIN_FILENO))
			putchar('\n');
		if (!more || line.p == NULL ||
		    strspn(line.p, " \t\r?") == line.len)
			break;
		if (answer_parse(a, line.p, &s, &e) == 0)
			rc = 1;
		else
			say(quiz, "  ", e.msg);
	}
	buf_free(&line);
	return rc;
}

static void
tell_field(const struct lab_quiz *quiz, const struct field *f)
{
	struct buf b = { 0 };

	if (f->ok)
		buf_addf(&b, tr("%s: right, %s"), f->name, f->expected);
	else if (f->observed[0] == '\0')
		buf_addf(&b, tr("%s: not said; it is %s"), f->name,
		    f->expected);
	else
		buf_addf(&b, tr("%s: you said %s; it is %s"), f->name,
		    f->observed, f->expected);
	say(quiz, "    ", buf_str(&b));
	buf_free(&b);
}

static void
tell_segment(const struct lab_quiz *quiz, const struct lesson_question *q)
{
	struct buf b = { 0 };

	if (!q->silence) {
		ladder_add_label(&b, &q->answer);
		buf_addf(&b, ", win %u", q->answer.wnd);
	}
	say(quiz, "    ", b.len > 0 ? b.p : tr("Nothing comes."));
	buf_free(&b);
}

/* Why it is so, by the rule. */
static void
tell_why(const struct lab_quiz *quiz, const struct lesson_question *q)
{
	struct buf b = { 0 }, one = { 0 };
	const char *c;

	if (q->rule == NULL)
		return;
	/* the file's lines become one, which is the catalogue's key */
	for (c = q->rule->why; *c != '\0'; c++)
		if (c[0] != ' ' || c[1] != ' ')
			buf_add(&one, c, 1);
	buf_addf(&b, "%s: %s", q->rule->id,
	    q->form != NULL ? q->form->text : "");
	say(quiz, "  ", buf_str(&b));
	say(quiz, "  ", buf_str(&one));
	buf_free(&b);
	buf_free(&one);
}

void
lab_ask(struct lab_quiz *quiz, const struct lesson_event *ask,
    const struct lesson_event *end)
{
	const struct lesson_question *q = question_of(ask, end);
	struct field fields[NFIELDS];
	struct answer a;
	size_t n = 0, i;
	bool right = false;

	if (q == NULL)
		return;
	if (quiz->asked++ == 0)
		say(quiz, "  ",
		    tr("Write the segment as tcpdump does, such as "
		       "\"[P.] seq 1:6, ack 1\", or as the RFC does, such as "
		       "\"<SEQ=1><ACK=RCV.NXT><CTL=ACK>\"; write \"none\" if "
		       "nothing comes. An empty line gives up."));
	if (take_answer(quiz, q, &a) == 0) {
		say(quiz, "  ", tr("This is what comes:"));
	} else {
		right = answer_mark(&a, q->silence ? NULL : &q->answer, q->form,
		    fields, &n);
		quiz->right += right;
		say(quiz, "  ",
		    right ? tr("Right.") : tr("Not quite, field by field:"));
	}
	for (i = 0; i < n && !right; i++)
		tell_field(quiz, &fields[i]);
	if (!right) {
		tell_segment(quiz, q);
		tell_why(quiz, q);
	}
	if (quiz->asked == 1)
		report_lesson_foresee(quiz->report, quiz->page);
	putchar('\n');
}

void
lab_score(const struct lab_quiz *quiz)
{
	printf(tr("%u of %u answers were right.\n"), quiz->right, quiz->asked);
}
