/* What lessons are made of: words, texts, white space. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "script/lab_reader.h"

#define ITEMS_MAX 2000

int
lab_fail(struct reader *r, const char *what)
{
	return lab_error(r->lab, &r->pos, r->e, "%s", what);
}

void
lab_advance(struct reader *r, size_t n)
{
	for (; n > 0; n--, r->p++) {
		r->pos.col++;
		if (*r->p == '\n') {
			r->pos.line++;
			r->pos.col = 1;
		}
	}
}

void
lab_skip_blanks(struct reader *r)
{
	lab_advance(r, strspn(r->p, " \t\r"));
}

/* White space, lines and comments. */
void
lab_skip_space(struct reader *r)
{
	for (;;) {
		lab_advance(r, strspn(r->p, " \t\r\n"));
		if (*r->p != '#')
			break;
		lab_advance(r, strcspn(r->p, "\n"));
	}
}

/* What follows on this line must be nothing. */
int
lab_end_line(struct reader *r)
{
	lab_skip_blanks(r);
	if (*r->p == '\0' || *r->p == '\n' || *r->p == '#')
		return 0;
	return lab_error(r->lab, &r->pos, r->e, "unexpected %.*s",
	    (int)strcspn(r->p, "\r\n"), r->p);
}

/* A word on this line, or NULL with the error. */
const char *
lab_take_word(struct reader *r, const char *what)
{
	const char *word;
	size_t n;

	lab_skip_blanks(r);
	n = strcspn(r->p, " \t\r\n#\"");
	if (n == 0) {
		lab_error(r->lab, &r->pos, r->e, "%s is missing here", what);
		return NULL;
	}
	word = arena_strndup(&r->lab->arena, r->p, n);
	lab_advance(r, n);
	return word;
}

/* The words of a string, one blank apart, or NULL with the error. */
const char *
lab_take_string(struct reader *r)
{
	struct script_pos begin = r->pos;
	struct buf b = { 0 };
	const char *s;

	if (*r->p != '"') {
		lab_fail(r, "a text in \"quotation marks\" is missing here");
		return NULL;
	}
	lab_advance(r, 1);
	for (; *r->p != '"' && *r->p != '\0'; lab_advance(r, 1)) {
		if (*r->p == '\\' && r->p[1] != '\0')
			lab_advance(r, 1);
		else if (isspace((unsigned char)*r->p)) {
			if (b.len > 0 && b.p[b.len - 1] != ' ')
				buf_adds(&b, " ");
			continue;
		}
		buf_add(&b, r->p, 1);
	}
	if (b.len > 0 && b.p[b.len - 1] == ' ')
		b.len--;
	s = arena_strndup(&r->lab->arena, buf_str(&b), b.len);
	buf_free(&b);
	if (*r->p == '\0') {
		lab_error(r->lab, &begin, r->e,
		    "this text does not end: write \"");
		return NULL;
	}
	lab_advance(r, 1);
	return s;
}

uint32_t
lab_number(const char *s, bool *ok)
{
	uint64_t n =
	    strspn(s, "0123456789") <= 10 ? strtoull(s, NULL, 10) : UINT64_MAX;

	*ok =
	    *s != '\0' && s[strspn(s, "0123456789")] == '\0' && n <= UINT32_MAX;
	return n;
}

struct lab_item *
lab_add_item(struct reader *r, enum lab_kind kind)
{
	struct lab_item *item;

	if (r->nitems++ == ITEMS_MAX) {
		lab_fail(r, "a lesson has at most 2000 statements");
		return NULL;
	}
	item = arena_alloc(&r->lab->arena, sizeof(*item));
	item->pos = r->statement;
	item->kind = kind;
	item->cond = r->cond;
	STAILQ_INIT(&item->texts);
	STAILQ_INSERT_TAIL(&r->lab->items, item, next);
	r->item = item;
	return item;
}

void
lab_add_text(struct reader *r, struct lab_item *item, const char *s)
{
	struct lab_text *t = arena_alloc(&r->lab->arena, sizeof(*t));

	t->text = s;
	STAILQ_INSERT_TAIL(&item->texts, t, next);
}

/* {NAME} in a text is an option's value. */
int
lab_check_names(struct reader *r, const char *s)
{
	size_t n;

	while ((s = strchr(s, '{')) != NULL) {
		n = strcspn(++s, "}");
		if (lab_option(r->lab, s, n) == NULL)
			return lab_error(r->lab, &r->statement, r->e,
			    "{%.*s} is no option that was declared before",
			    n < 40 ? (int)n : 40, s);
	}
	return 0;
}
