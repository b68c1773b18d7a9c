/* What happens in a lesson, as it happens. */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "base/tr.h"
#include "report/fold.h"
#include "report/lesson_text.h"
#include "tcp/notation.h"

#define NSEC_PER_USEC 1000
#define USEC_PER_SEC  1000000
#define MARKED	      "\033[1m"
#define WRONG	      "\033[31m"
#define PLAIN	      "\033[0m"

/* "server   ": names of any language, in one column. */
static void
add_side(struct buf *b, enum lesson_side side)
{
	buf_addf(b, "  %s  ", lesson_side_name(side));
}

static void
add_states(struct buf *b, const struct lesson_event *ev, const char *indent)
{
	if (ev->known && ev->changed)
		buf_addf(b, "%s%s %s, %s %s\n", indent,
		    lesson_side_name(SIDE_CLIENT),
		    state_name(ev->states[SIDE_CLIENT]),
		    lesson_side_name(SIDE_SERVER),
		    state_name(ev->states[SIDE_SERVER]));
}

static const char *
way_text(enum lesson_way way)
{
	switch (way) {
	case WAY_HELD:
		return tr("the wire holds it");
	case WAY_LOST:
		return tr("the wire loses it");
	case WAY_RELEASED:
		return tr("the wire lets it go on");
	case WAY_FORGED:
		return tr("the wire forges it");
	default:
		return NULL;
	}
}

/* A word and its number stay on one line. */
static void
glue(struct buf *b)
{
	char *p;

	for (p = b->p; p < b->p + b->len; p++)
		if (*p == ' ' && isalpha((unsigned char)p[-1]))
			*p = FOLD_GLUE;
}

/* tcpdump leaves out the number of a bare ACK, also where it matters. */
static void
add_tcpdump(struct buf *b, const struct segment *s, bool odd)
{
	struct buf line = { 0 };
	const char *end;

	notation_add_tcpdump(&line, s);
	end = odd ? strstr(buf_str(&line), "], ") : NULL;
	if (end == NULL) {
		buf_adds(b, buf_str(&line));
	} else {
		buf_add(b, line.p, end + 3 - line.p);
		buf_addf(b, "seq %u, %s", s->seq, end + 3);
	}
	buf_free(&line);
}

static void
add_time(struct buf *b, const struct lesson_event *ev)
{
	int64_t usec = ev->when / NSEC_PER_USEC;

	buf_addf(b, "%" PRId64 ".%06" PRId64 " ", usec / USEC_PER_SEC,
	    usec % USEC_PER_SEC);
}

static void
add_segment(struct buf *b, const struct report_lesson_options *o,
    const struct lesson_event *ev)
{
	struct segment s = ev->seg;
	const char *way = way_text(ev->way);
	struct buf line = { 0 };

	if (way != NULL)
		lesson_add_folded(b, o, "  * ", "    ", way);
	s.options_len = 0;
	add_time(&line, ev);
	add_tcpdump(&line, &s, ev->odd);
	glue(&line);
	if (ev->marked && o->style.colour)
		buf_adds(b, MARKED);
	lesson_add_folded(b, o, ev->marked ? "> " : "  ", "      ",
	    buf_str(&line));
	if (ev->marked && o->style.colour)
		buf_adds(b, PLAIN);
	buf_free(&line);
	add_states(b, ev, "      ");
}

/* As tcpdump has it, in short. */
static void
add_icmp(struct buf *b, const struct report_lesson_options *o,
    const struct lesson_event *ev)
{
	struct buf line = { 0 };

	add_time(&line, ev);
	buf_adds(&line, ev->seg.tuple.src.addr.ip == 4 ? "IP " : "IP6 ");
	addr_add(&line, &ev->seg.tuple.src.addr);
	buf_adds(&line, " > ");
	addr_add(&line, &ev->seg.tuple.dst.addr);
	buf_addf(&line, ": %s", ev->text);
	lesson_add_folded(b, o, "  ", "      ", buf_str(&line));
	buf_free(&line);
	add_states(b, ev, "      ");
}

static void
add_call(struct buf *b, const struct report_lesson_options *o,
    const struct lesson_event *ev)
{
	struct buf line = { 0 }, first = { 0 };

	add_side(&first, ev->side);
	if (ev->kind == LESSON_RETURNS)
		buf_adds(&line, "... ");
	buf_add_escaped(&line, ev->text, strlen(ev->text));
	if (ev->kind == LESSON_BLOCKS)
		buf_adds(&line, " ...");
	lesson_add_folded(b, o, buf_str(&first), "          ", buf_str(&line));
	add_states(b, ev, "      ");
	buf_free(&line);
	buf_free(&first);
}

/* "the server is silent", with the side's name in it. */
static void
add_sentence(struct buf *b, const struct report_lesson_options *o,
    const char *mark, const char *of_client, const char *of_server,
    enum lesson_side side)
{
	lesson_add_folded(b, o, mark, "    ",
	    side == SIDE_CLIENT ? of_client : of_server);
}

static void
add_rule(struct buf *b, const struct report_lesson_options *o,
    const struct lesson_event *ev)
{
	struct buf line = { 0 };

	if (ev->j.rule == NULL)
		return;
	buf_addf(&line, "%s: %s (%s)",
	    ev->j.verdict == V_PASS	   ? tr("as the rule requires")
	    : ev->j.verdict == V_ALLOWED   ? tr("as the rule allows")
	    : ev->j.verdict == V_DEVIATION ? tr("otherwise than the rule "
						"requires, as is known of "
						"Linux")
					   : tr("not as the rule requires"),
	    ev->j.rule->id, ev->j.rule->level);
	lesson_add_folded(b, o, "      ", "      ", buf_str(&line));
	buf_free(&line);
}

static void
add_wrong(struct buf *b, const struct report_lesson_options *o,
    const struct lesson_event *ev)
{
	struct buf line = { 0 };

	buf_addf(&line, "%s%s%s %s", o->style.colour ? WRONG : "",
	    tr("otherwise than foreseen:"), o->style.colour ? PLAIN : "",
	    ev->text);
	lesson_add_folded(b, o, "! ", "  ", buf_str(&line));
	buf_reset(&line);
	buf_addf(&line, "%s  %s", tr("expected"), ev->expected);
	lesson_add_folded(b, o, "    ", "      ", buf_str(&line));
	buf_reset(&line);
	buf_addf(&line, "%s  %s", tr("observed"), ev->observed);
	lesson_add_folded(b, o, "    ", "      ", buf_str(&line));
	buf_free(&line);
}

static void
add_text(struct buf *b, const struct report_lesson_options *o,
    const struct report_lesson *r, const struct lesson_event *ev)
{
	struct buf t = { 0 };

	if (ev->kind == LESSON_STEP) {
		buf_adds(b, "\n");
		buf_addf(&t, "%u. ", ev->number);
		lesson_add_text(&t, r, ev->text);
		lesson_add_heading(b, o, buf_str(&t));
	} else {
		lesson_add_text(&t, r, ev->text);
		lesson_add_folded(b, o, ev->kind == LESSON_ASK ? "? " : "  ",
		    "  ", buf_str(&t));
	}
	buf_free(&t);
}

static void
add_event(struct buf *b, const struct report_lesson_options *o,
    const struct report_lesson *r, const struct lesson_event *ev)
{
	struct buf t = { 0 };

	switch (ev->kind) {
	case LESSON_STEP:
	case LESSON_NOTE:
	case LESSON_ASK:
		add_text(b, o, r, ev);
		break;
	case LESSON_CALL:
	case LESSON_BLOCKS:
	case LESSON_RETURNS:
	case LESSON_SYSCTL:
		add_call(b, o, ev);
		break;
	case LESSON_SEGMENT:
		add_segment(b, o, ev);
		break;
	case LESSON_ICMP:
		add_icmp(b, o, ev);
		break;
	case LESSON_SILENCE:
		add_sentence(b, o, ev->marked ? "> " : "  ",
		    tr("(the client sends nothing)"),
		    tr("(the server sends nothing)"), ev->side);
		break;
	case LESSON_HOLD:
		add_sentence(b, o, "  * ",
		    tr("from now on the wire holds what the client sends"),
		    tr("from now on the wire holds what the server sends"),
		    ev->side);
		break;
	case LESSON_LOSE:
		add_sentence(b, o, "  * ",
		    tr("from now on the wire loses what the client sends"),
		    tr("from now on the wire loses what the server sends"),
		    ev->side);
		break;
	case LESSON_PASS:
		add_sentence(b, o, "  * ",
		    tr("the wire passes again what the client sends"),
		    tr("the wire passes again what the server sends"),
		    ev->side);
		break;
	case LESSON_WAIT:
		buf_addf(&t, tr("%g s go by"), (double)ev->ns / 1e9);
		lesson_add_folded(b, o, "  * ", "    ", buf_str(&t));
		break;
	case LESSON_STATE:
		add_states(b, ev, "      ");
		break;
	case LESSON_RULE:
		add_rule(b, o, ev);
		break;
	case LESSON_WRONG:
		add_wrong(b, o, ev);
		break;
	}
	buf_free(&t);
}

void
report_lesson_event(const struct report_lesson_options *o,
    const struct report_lesson *r, const struct lesson_event *ev)
{
	struct buf b = { 0 };

	if (o->json) {
		json_lesson_event(o, r, ev);
		return;
	}
	if (o->quiet && ev->kind != LESSON_WRONG &&
	    !(o->quiz && ev->kind == LESSON_ASK))
		return;
	add_event(&b, o, r, ev);
	lesson_put(o, &b);
}
