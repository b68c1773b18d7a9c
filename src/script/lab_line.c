/* The lines of a lesson in which words stand for the options' values. */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/table.h"
#include "script/lab.h"

#define SECONDS_MAX 600

/* A line in which values stand, and at which column of the file each octet. */
struct line {
	struct buf text;
	int *cols;
	size_t ncols;
};

static void
add(struct line *l, int col, const char *p, size_t n)
{
	buf_add(&l->text, p, n);
	while (n-- > 0) {
		l->cols = mem_grow(l->cols, l->ncols, sizeof(*l->cols));
		l->cols[l->ncols++] = col;
	}
}

static void
line_free(struct line *l)
{
	buf_free(&l->text);
	free(l->cols);
}

static bool
in_name(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* The octets from p on that go together: a name, a string, or one. */
static size_t
token(const char *p)
{
	size_t n = 1;

	if (in_name(*p)) {
		while (in_name(p[n]))
			n++;
	} else if (*p == '"') {
		while (p[n] != '\0' && p[n] != '"')
			n += p[n] == '\\' && p[n + 1] != '\0' ? 2 : 1;
		n += p[n] == '"';
	}
	return n;
}

/* Words that are names of options become their values. */
static void
substitute(const struct lab *lab, const struct lab_item *item, struct line *l)
{
	const struct lab_option *o;
	const char *p;
	size_t n;

	for (p = item->line; *p != '\0'; p += n) {
		n = token(p);
		/* ids have words in them: they are not touched */
		if (item->kind == LAB_RULE && in_name(*p))
			n = strcspn(p, " \t");
		o = in_name(*p) ? lab_option(lab, p, n) : NULL;
		add(l, item->line_pos.col + (p - item->line),
		    o != NULL ? o->value : p, o != NULL ? strlen(o->value) : n);
	}
}

/* How many octets of "1+5-2" there are; 0: it is no sum. */
static size_t
sum_of(const char *p, int64_t *sum)
{
	size_t n = strspn(p, "0123456789"), more;
	int terms = 1, sign;

	*sum = strtoll(p, NULL, 10);
	while (n > 0 && n < 12 && (p[n] == '+' || p[n] == '-') &&
	       (more = strspn(p + n + 1, "0123456789")) > 0 && more < 12) {
		sign = p[n] == '+' ? 1 : -1;
		*sum += sign * strtoll(p + n + 1, NULL, 10);
		n += 1 + more;
		terms++;
	}
	return terms > 1 && !in_name(p[n]) && p[n] != '.' ? n : 0;
}

/* Sums of numbers become one, modulo 2^32. */
static void
add_up(struct line *l)
{
	const char *p = buf_str(&l->text);
	struct line out = { 0 };
	char number[16], before = ' ';
	int64_t sum;
	size_t i, n;

	for (i = 0; i < l->text.len; i += n) {
		n = in_name(before) || strchr(".+-", before) != NULL
			? 0
			: sum_of(p + i, &sum);
		if (n > 0) {
			snprintf(number, sizeof(number), "%" PRIu32,
			    (uint32_t)sum);
			add(&out, l->cols[i], number, strlen(number));
		} else {
			n = token(p + i);
			add(&out, l->cols[i], p + i, n);
		}
		before = p[i + n - 1];
	}
	line_free(l);
	*l = out;
}

/* The position in the file of a place in the line. */
static struct script_pos
place(const struct lab_item *item, const struct line *l, size_t at)
{
	struct script_pos pos = item->line_pos;

	if (l->ncols > 0)
		pos.col =
		    at < l->ncols ? l->cols[at] : l->cols[l->ncols - 1] + 1;
	return pos;
}

/* ---- what happens: a line of a script ---- */

static int
read_event(struct lab *lab, struct lab_item *item, const struct line *l,
    struct err *e)
{
	static const char time[] = "+0 ";
	const struct script_error *error;
	struct script_pos pos;
	struct buf b = { 0 };
	struct err parsed;
	const char *msg;
	int rc;

	buf_addf(&b, "%s%s", time, buf_str(&l->text));
	script_free(&item->script);
	rc = script_parse(&item->script, "", b.p, b.len, NULL, &parsed);
	buf_free(&b);
	item->event = STAILQ_FIRST(&item->script.events);
	if (rc == 0 && STAILQ_NEXT(item->event, next) != NULL)
		return lab_error(lab, &item->line_pos, e,
		    "one call or one packet stands on a line");
	if (rc == 0 && item->event->kind != SCRIPT_PACKET &&
	    item->event->kind != SCRIPT_CALL &&
	    item->event->kind != SCRIPT_SILENCE)
		return lab_error(lab, &item->line_pos, e,
		    "here is a call, > PACKET, > none or < PACKET");
	if (rc == 0)
		return 0;
	error = STAILQ_FIRST(&item->script.errors);
	if (error == NULL) {
		*e = parsed;
		return -1;
	}
	pos = place(item, l,
	    error->pos.col > (int)strlen(time)
		? error->pos.col - 1 - strlen(time)
		: 0);
	/* behind ":line:column: "; it is escaped */
	msg = strchr(error->msg + 1, ' ');
	return err_set(e, ERR_USAGE, "%s:%d:%d%s%s", lab->file, pos.line,
	    pos.col, msg != NULL ? ":" : "", msg != NULL ? msg : "");
}

/* ---- words ---- */

static int
read_words(struct lab *lab, struct lab_item *item, const struct line *l,
    size_t least, size_t most, const char *what, struct err *e)
{
	const char *p = buf_str(&l->text);
	struct script_pos pos;
	size_t i = 0, n;

	item->nwords = 0;
	for (;;) {
		i += strspn(p + i, " \t");
		n = strcspn(p + i, " \t");
		if (n == 0 || item->nwords == most)
			break;
		item->words[item->nwords++] =
		    arena_strndup(&lab->arena, p + i, n);
		i += n;
	}
	if (n == 0 && item->nwords >= least)
		return 0;
	pos = place(item, l, i);
	return lab_error(lab, &pos, e, "here is %s", what);
}

static int
read_side(struct lab *lab, struct lab_item *item, const char *word,
    struct err *e)
{
	item->side = strcmp(word, "server") == 0 ? LAB_SERVER : LAB_CLIENT;
	if (item->side == LAB_SERVER || strcmp(word, "client") == 0)
		return 0;
	return lab_error(lab, &item->line_pos, e,
	    "a side is client or server, not %.40s", word);
}

static int
read_wire(struct lab *lab, struct lab_item *item, const struct line *l,
    struct err *e)
{
	static const struct {
		const char *word;
		enum lab_kind kind;
	} words[] = {
		{ "pass", LAB_PASS },
		{ "hold", LAB_HOLD },
		{ "lose", LAB_LOSE },
		{ "release", LAB_RELEASE },
		{ "wait", LAB_WAIT },
	};
	double seconds;
	char *end;
	size_t i;

	if (read_words(lab, item, l, 2, 2,
		"hold, lose, pass or release and a side, or wait SECONDS",
		e) == -1)
		return -1;
	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (strcmp(words[i].word, item->words[0]) == 0)
			break;
	if (i == ARRAY_SIZE(words))
		return lab_error(lab, &item->line_pos, e,
		    "the wire can hold, lose, pass, release and wait, not "
		    "%.40s",
		    item->words[0]);
	item->kind = words[i].kind;
	if (item->kind != LAB_WAIT)
		return read_side(lab, item, item->words[1], e);
	seconds = strtod(item->words[1], &end);
	if (!isdigit((unsigned char)*item->words[1]) || *end != '\0' ||
	    !(seconds <= SECONDS_MAX))
		return lab_error(lab, &item->line_pos, e,
		    "the wire waits for up to %d seconds, not %.40s",
		    SECONDS_MAX, item->words[1]);
	item->ns = seconds * 1e9;
	return 0;
}

static int
read_state(struct lab *lab, struct lab_item *item, const struct line *l,
    struct err *e)
{
	if (read_words(lab, item, l, 2, 2, "a side and a state", e) == -1 ||
	    read_side(lab, item, item->words[0], e) == -1)
		return -1;
	item->state = state_by_name(item->words[1], strlen(item->words[1]));
	if (item->state == NSTATES)
		return lab_error(lab, &item->line_pos, e,
		    "%.40s is no state of RFC 9293 3.3.2", item->words[1]);
	return 0;
}

static int
read_sysctl(struct lab *lab, struct lab_item *item, const struct line *l,
    struct err *e)
{
	if (read_words(lab, item, l, 3, LAB_WORDS,
		"a side, the name of a setting and its value", e) == -1 ||
	    read_side(lab, item, item->words[0], e) == -1)
		return -1;
	if (item->words[1][strspn(item->words[1],
		"abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0')
		return 0;
	return lab_error(lab, &item->line_pos, e,
	    "%.40s is no name of a setting in net.ipv4", item->words[1]);
}

int
lab_prepare_item(struct lab *lab, struct lab_item *item, struct err *e)
{
	struct line l = { 0 };
	int rc = 0;

	if (item->line == NULL)
		return 0;
	substitute(lab, item, &l);
	add_up(&l);
	switch (item->kind) {
	case LAB_EVENT:
		rc = read_event(lab, item, &l, e);
		break;
	case LAB_STATE:
		rc = read_state(lab, item, &l, e);
		break;
	case LAB_SYSCTL:
		rc = read_sysctl(lab, item, &l, e);
		break;
	case LAB_RULE:
		rc = read_words(lab, item, &l, 1, 1, "the id of a rule", e);
		break;
	case LAB_RETURNS:
		rc = read_words(lab, item, &l, 1, 1, "a side", e);
		if (rc == 0)
			rc = read_side(lab, item, item->words[0], e);
		break;
	default:
		rc = read_wire(lab, item, &l, e);
	}
	line_free(&l);
	return rc;
}
