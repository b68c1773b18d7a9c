/* How a lesson is read: statement by statement. */
#include <string.h>

#include "base/buf.h"
#include "base/table.h"
#include "script/lab_reader.h"

/* ---- the statements ---- */

static int
read_lesson(struct reader *r, enum lab_kind kind)
{
	(void)kind;
	r->lab->name = lab_take_word(r, "the name of the lesson");
	if (r->lab->name == NULL)
		return -1;
	if (r->lab->name[strspn(r->lab->name,
		"abcdefghijklmnopqrstuvwxyz0123456789-")] != '\0')
		return lab_error(r->lab, &r->statement, r->e,
		    "a name has small letters, digits and -, not %.40s",
		    r->lab->name);
	return lab_end_line(r);
}

static int
read_order(struct reader *r, enum lab_kind kind)
{
	const char *word = lab_take_word(r, "a number");
	bool ok;

	(void)kind;
	if (word == NULL)
		return -1;
	r->lab->order = lab_number(word, &ok);
	r->ordered = true;
	if (!ok)
		return lab_error(r->lab, &r->statement, r->e,
		    "the order is a number, not %.40s", word);
	return lab_end_line(r);
}

/* Of one line of text: title, step, note, ask. */
static int
read_text(struct reader *r, enum lab_kind kind)
{
	struct lab_item *item = lab_add_item(r, kind);
	const char *s;

	lab_skip_blanks(r);
	if (item == NULL || (s = lab_take_string(r)) == NULL ||
	    lab_check_names(r, s) == -1)
		return -1;
	lab_add_text(r, item, s);
	if (kind == LAB_TITLE)
		r->lab->title = s;
	r->stepped = r->stepped || kind == LAB_STEP;
	return lab_end_line(r);
}

/* Of paragraphs. */
static int
read_texts(struct reader *r, enum lab_kind kind)
{
	struct lab_item *item = lab_add_item(r, kind);
	const char *s;

	lab_skip_blanks(r);
	do {
		if (item == NULL || (s = lab_take_string(r)) == NULL ||
		    lab_check_names(r, s) == -1)
			return -1;
		lab_add_text(r, item, s);
		lab_skip_space(r);
	} while (*r->p == '"');
	return 0;
}

static int
read_command(struct reader *r, enum lab_kind kind)
{
	if (read_texts(r, kind) == -1)
		return -1;
	if (STAILQ_NEXT(STAILQ_FIRST(&r->item->texts), next) != NULL)
		return 0;
	return lab_error(r->lab, &r->statement, r->e,
	    "a command has a second text: what it shows");
}

static int
read_vary(struct reader *r, enum lab_kind kind)
{
	struct lab_item *item;
	const char *word, *eq;
	struct lab_option *o;

	if (read_texts(r, kind) == -1)
		return -1;
	item = r->item;
	do {
		word = lab_take_word(r, "NAME=VALUE");
		if (word == NULL)
			return -1;
		eq = strchr(word, '=');
		o = eq != NULL ? lab_option(r->lab, word, eq - word) : NULL;
		if (o == NULL || !lab_allows(o, eq + 1) ||
		    item->nwords == LAB_WORDS)
			return lab_error(r->lab, &r->statement, r->e,
			    "%.60s is no variation of this lesson", word);
		item->words[item->nwords++] = word;
		lab_skip_blanks(r);
	} while (*r->p != '\0' && !strchr("\n#", *r->p));
	return 0;
}

/* Lines as they stand, up to a line "end". Their common indent goes. */
static int
read_code(struct reader *r, enum lab_kind kind)
{
	const char *side = lab_take_word(r, "client or server"), *word;
	struct lab_item *item = lab_add_item(r, kind);
	size_t n, indent = 0;

	if (side == NULL || item == NULL || lab_end_line(r) == -1)
		return -1;
	item->side = strcmp(side, "server") == 0 ? LAB_SERVER : LAB_CLIENT;
	if (item->side == LAB_CLIENT && strcmp(side, "client") != 0)
		return lab_error(r->lab, &r->statement, r->e,
		    "a side is client or server, not %.40s", side);
	for (;;) {
		n = strcspn(r->p, "\n");
		lab_advance(r, n + (r->p[n] == '\n'));
		if (*r->p == '\0')
			return lab_error(r->lab, &r->statement, r->e,
			    "this code does not end: write a line end");
		word = r->p + strspn(r->p, " \t");
		n = strcspn(r->p, "\r\n");
		if (strncmp(word, "end", 3) == 0 &&
		    word + 3 + strspn(word + 3, " \t") == r->p + n) {
			lab_advance(r, n);
			return 0;
		}
		if (STAILQ_EMPTY(&item->texts))
			indent = word - r->p;
		if (indent > n || (size_t)(word - r->p) < indent)
			word =
			    r->p + (word - r->p < (ptrdiff_t)n ? word - r->p
							       : (ptrdiff_t)n);
		else
			word = r->p + indent;
		lab_add_text(r, item,
		    arena_strndup(&r->lab->arena, word, r->p + n - word));
	}
}

/* The rest of the line, for lab_prepare(). */
static int
read_line(struct reader *r, enum lab_kind kind)
{
	struct lab_item *item = lab_add_item(r, kind);
	size_t n = 0;

	lab_skip_blanks(r);
	if (item == NULL)
		return -1;
	if (!r->stepped && kind != LAB_SYSCTL)
		return lab_error(r->lab, &r->statement, r->e,
		    "this stands in a step, and there is none yet");
	item->line_pos = r->pos;
	while (r->p[n] != '\0' && !strchr("\r\n#", r->p[n])) {
		if (r->p[n++] != '"')
			continue;
		while (r->p[n] != '\0' && !strchr("\"\r\n", r->p[n]))
			n += r->p[n] == '\\' && r->p[n + 1] != '\0' ? 2 : 1;
		n += r->p[n] == '"';
	}
	item->line = arena_strndup(&r->lab->arena, r->p, n);
	lab_advance(r, n);
	for (; n > 0 && strchr(" \t", item->line[n - 1]); n--)
		;
	item->line = arena_strndup(&r->lab->arena, item->line, n);
	if (n == 0)
		return lab_fail(r, "something is missing here");
	return lab_prepare_item(r->lab, item, r->e);
}

static int
read_event(struct reader *r, enum lab_kind kind)
{
	enum lab_side side =
	    strncmp(r->p - 6, "server", 6) == 0 ? LAB_SERVER : LAB_CLIENT;
	int rc = read_line(r, kind);

	if (rc == 0)
		r->item->side = side;
	return rc;
}

/* ---- all of it ---- */

static const struct {
	const char *keyword;
	int (*read)(struct reader *, enum lab_kind);
	enum lab_kind kind;
} statements[] = {
	{ "lesson", read_lesson, 0 },
	{ "order", read_order, 0 },
	{ "title", read_text, LAB_TITLE },
	{ "about", read_texts, LAB_ABOUT },
	{ "code", read_code, LAB_CODE },
	{ "option", lab_read_option, 0 },
	{ "foresee", read_texts, LAB_FORESEE },
	{ "step", read_text, LAB_STEP },
	{ "client", read_event, LAB_EVENT },
	{ "server", read_event, LAB_EVENT },
	{ "wire", read_line, LAB_WAIT },
	{ "returns", read_line, LAB_RETURNS },
	{ "state", read_line, LAB_STATE },
	{ "sysctl", read_line, LAB_SYSCTL },
	{ "rule", read_line, LAB_RULE },
	{ "ask", read_text, LAB_ASK },
	{ "note", read_text, LAB_NOTE },
	{ "if", lab_read_if, 0 },
	{ "else", lab_read_else, 0 },
	{ "end", lab_read_end, 0 },
	{ "after", read_texts, LAB_AFTER },
	{ "vary", read_vary, LAB_VARY },
	{ "command", read_command, LAB_COMMAND },
};

static int
read_statement(struct reader *r)
{
	const char *word;
	size_t i;

	r->statement = r->pos;
	word = lab_take_word(r, "a keyword");
	if (word == NULL)
		return -1;
	for (i = 0; i < ARRAY_SIZE(statements); i++)
		if (strcmp(statements[i].keyword, word) == 0)
			return statements[i].read(r, statements[i].kind);
	return lab_error(r->lab, &r->statement, r->e,
	    "no statement begins with %.40s", word);
}

static int
finish(struct reader *r)
{
	struct lab *lab = r->lab;

	if (r->cond != NULL)
		return lab_error(lab, &r->cond->pos, r->e,
		    "this if has no end");
	if (lab->name == NULL || !r->ordered || *lab->title == '\0' ||
	    !r->stepped)
		return lab_error(lab, &r->pos, r->e,
		    "a lesson has at least lesson, order, title and a step");
	return 0;
}

int
lab_parse(struct lab *lab, const char *file, const char *text, size_t len,
    struct err *e)
{
	struct reader r = { .lab = lab, .e = e, .pos = { 1, 1 } };
	struct buf escaped = { 0 };
	const char *nul = memchr(text, '\0', len);

	*lab = (struct lab){ .title = "" };
	STAILQ_INIT(&lab->options);
	STAILQ_INIT(&lab->items);
	buf_add_escaped(&escaped, file, strlen(file));
	lab->file = arena_strndup(&lab->arena, buf_str(&escaped), escaped.len);
	buf_free(&escaped);
	r.p =
	    arena_strndup(&lab->arena, text, nul ? nul - text : (ptrdiff_t)len);
	for (lab_skip_space(&r); *r.p != '\0'; lab_skip_space(&r))
		if (read_statement(&r) == -1)
			return -1;
	if (nul != NULL)
		return lab_fail(&r, "octet 0x00: not a text file");
	return finish(&r);
}
