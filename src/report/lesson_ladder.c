/* A lesson as a ladder. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "report/exchange_ladder.h"
#include "report/lesson_text.h"

static char *
take(struct buf *b)
{
	char *s = mem_strdup(buf_str(b));

	buf_free(b);
	return s;
}

/*
 * A call without "..." at its end, with what it returns where that is an error.
 */
static char *
call_label(const struct lesson_event *ev)
{
	static const char rest[] = ", ...";
	const char *result = strstr(ev->text, ") = ");
	size_t n =
	    result != NULL ? (size_t)(result - ev->text) : strlen(ev->text) - 1;
	struct buf b = { 0 };

	if (ev->kind == LESSON_RETURNS)
		buf_adds(&b, "... ");
	while (n > strlen(rest) &&
	       strncmp(ev->text + n - strlen(rest), rest, strlen(rest)) == 0)
		n -= strlen(rest);
	buf_add_escaped(&b, ev->text, n);
	buf_adds(&b, ")");
	if (result != NULL && strncmp(result, ") = -1", 6) == 0)
		buf_add_escaped(&b, result + 1, strlen(result + 1));
	return take(&b);
}

/* Calls that prepare a socket have no part in the exchange. */
static bool
is_told(const struct lesson_event *ev)
{
	static const char *const quiet[] = { "socket(", "bind(", "setsockopt(",
		"getsockopt(", "fcntl(", "accept(", "poll(", "ioctl(" };
	size_t i;

	if (strstr(ev->text, ") = -1") != NULL)
		return true;
	/* what a blocking call returned is its success */
	if (ev->kind == LESSON_RETURNS)
		return false;
	for (i = 0; i < sizeof(quiet) / sizeof(quiet[0]); i++)
		if (strncmp(ev->text, quiet[i], strlen(quiet[i])) == 0)
			return false;
	return true;
}

static void
set_ends(struct ladder_rung *rung, const struct lesson_event *ev)
{
	enum ladder_place from =
	    ev->side == SIDE_CLIENT ? LADDER_LEFT : LADDER_RIGHT;

	rung->from = from;
	rung->to = from == LADDER_LEFT ? LADDER_RIGHT : LADDER_LEFT;
	if (ev->kind != LESSON_SEGMENT)
		return;
	if (ev->way == WAY_HELD || ev->way == WAY_LOST)
		rung->to = LADDER_WIRE;
	if (ev->way == WAY_FORGED || ev->way == WAY_RELEASED)
		rung->from = LADDER_WIRE;
	rung->remark = ev->way == WAY_HELD	 ? tr("held")
		       : ev->way == WAY_LOST	 ? tr("lost")
		       : ev->way == WAY_RELEASED ? tr("late")
		       : ev->way == WAY_FORGED	 ? tr("forged")
						 : NULL;
}

/* Returns whether the event has a rung. */
static bool
set_rung(struct ladder_rung *rung, const struct lesson_event *ev)
{
	struct buf b = { 0 };

	*rung = (struct ladder_rung){ .kind = RUNG_SEGMENT,
		.marked = ev->marked,
		.expected = ev->expected };
	set_ends(rung, ev);
	switch (ev->kind) {
	case LESSON_SEGMENT:
		if (ev->odd)
			buf_addf(&b, "[.] seq %u, ack %u", ev->seg.seq,
			    ev->seg.ack);
		else
			ladder_add_label(&b, &ev->seg);
		rung->label = take(&b);
		break;
	case LESSON_ICMP:
		rung->from = LADDER_WIRE;
		rung->to = ev->side == SIDE_CLIENT ? LADDER_LEFT : LADDER_RIGHT;
		buf_adds(&b, ev->text);
		rung->label = take(&b);
		break;
	case LESSON_SILENCE:
		if (!ev->marked)
			return false;
		break;
	case LESSON_CALL:
	case LESSON_BLOCKS:
	case LESSON_RETURNS:
		if (!is_told(ev))
			return false;
		rung->kind = RUNG_CALL;
		rung->label = call_label(ev);
		break;
	case LESSON_WAIT:
		buf_addf(&b, tr("%g s go by"), (double)ev->ns / 1e9);
		rung->kind = RUNG_NOTE;
		rung->label = take(&b);
		break;
	default:
		return false;
	}
	return true;
}

/* The states after it, where they are others than before. */
static void
set_states(struct ladder_rung *rung, const struct lesson_event *ev,
    enum state last[NSIDES])
{
	if (!ev->known)
		return;
	if (ev->states[SIDE_CLIENT] != last[SIDE_CLIENT])
		rung->left_state = state_name(ev->states[SIDE_CLIENT]);
	if (ev->states[SIDE_SERVER] != last[SIDE_SERVER])
		rung->right_state = state_name(ev->states[SIDE_SERVER]);
	memcpy(last, ev->states, sizeof(ev->states));
}

static void
ladder_of(struct ladder *ladder, const struct lesson_event *events, size_t n)
{
	struct ladder_rung *rungs = mem_calloc(n, sizeof(*rungs));
	enum state last[NSIDES] = { ST_CLOSED, ST_CLOSED };
	size_t i;

	ladder->left = tr("client");
	ladder->right = tr("server");
	ladder->left_state = ladder->right_state = state_name(ST_CLOSED);
	ladder->rungs = rungs;
	for (i = 0; i < n; i++) {
		if (set_rung(&rungs[ladder->n], &events[i])) {
			set_states(&rungs[ladder->n], &events[i], last);
			ladder->n++;
		} else if (ladder->n > 0 && events[i].kind == LESSON_STATE) {
			set_states(&rungs[ladder->n - 1], &events[i], last);
		}
	}
}

static void
free_ladder(struct ladder *ladder)
{
	size_t i;

	for (i = 0; i < ladder->n; i++)
		free((void *)(uintptr_t)ladder->rungs[i].label);
	free((void *)(uintptr_t)ladder->rungs);
}

void
lesson_add_ladder(struct buf *b, const struct report_lesson_options *o,
    const struct report_lesson *r, const struct lesson_event *events, size_t n)
{
	struct ladder ladder = { 0 };

	(void)r;
	ladder_of(&ladder, events, n);
	ladder_add_text(b, &ladder, &o->style);
	free_ladder(&ladder);
}

void
report_lesson_svg(FILE *f, const struct report_lesson *r,
    const struct lesson_event *events, size_t n)
{
	struct buf title = { 0 }, b = { 0 };
	struct ladder ladder = { 0 };

	lesson_add_text(&title, r, r->title);
	ladder_of(&ladder, events, n);
	ladder.title = buf_str(&title);
	ladder_add_svg(&b, &ladder);
	fwrite(buf_str(&b), 1, b.len, f);
	free_ladder(&ladder);
	buf_free(&title);
	buf_free(&b);
}
