/*
 * The words of the files of causes, and conditions. They are written as in
 * rules, but over clues, so a small parser by recursive descent reads them.
 */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "rules/cause_reader.h"

typedef const struct cause_expr *expr;

int
reader_fail(struct reader *r, const char *fmt, ...)
{
	char msg[256];
	struct buf b = { 0 };
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(msg, sizeof(msg), fmt, ap);
	va_end(ap);
	buf_add_escaped(&b, msg, strlen(msg));
	err_set(r->err, ERR_USAGE, "%s:%d:%d: %s", r->name, r->line,
	    (int)(r->at - r->line_at) + 1, buf_str(&b));
	buf_free(&b);
	return -1;
}

static void
skip_space(struct reader *r)
{
	while (r->p < r->end) {
		if (*r->p == '#') {
			while (r->p < r->end && *r->p != '\n')
				r->p++;
		} else if (!isspace((unsigned char)*r->p)) {
			break;
		} else if (*r->p++ == '\n') {
			r->line++;
			r->line_at = r->p;
		}
	}
}

static bool
is_word_char(char c)
{
	return isalnum((unsigned char)c) || strchr("-/.", c) != NULL;
}

/* Step to the next token. The lines of a string are counted after it. */
int
reader_advance(struct reader *r)
{
	const char *q;

	skip_space(r);
	r->at = r->word = r->p;
	if (r->p == r->end) {
		r->token = T_END;
		r->len = 0;
	} else if (*r->p == '"') {
		q = memchr(r->p + 1, '"', r->end - r->p - 1);
		if (q == NULL)
			return reader_fail(r, "this string does not end");
		r->token = T_STRING;
		r->word = r->p + 1;
		r->len = q - r->word;
		for (; r->p <= q; r->p++)
			if (*r->p == '\n') {
				r->line++;
				r->line_at = r->at = r->p + 1;
			}
	} else if (is_word_char(*r->p) && *r->p != '\0') {
		while (r->p < r->end && *r->p != '\0' && is_word_char(*r->p))
			r->p++;
		r->token = T_WORD;
		r->len = r->p - r->word;
	} else {
		r->token = T_OTHER;
		r->p++;
		if (r->p < r->end && (*r->p == '=' || *r->p == '<') &&
		    strchr("=>!", *r->word) != NULL)
			r->p++;
		r->len = r->p - r->word;
	}
	return 0;
}

bool
reader_is(const struct reader *r, const char *what)
{
	return r->token != T_STRING && r->token != T_END &&
	       strlen(what) == r->len && memcmp(what, r->word, r->len) == 0;
}

int
reader_unexpected(struct reader *r, const char *wanted)
{
	if (r->token == T_END)
		return reader_fail(r, "the file ends too early; expected %s",
		    wanted);
	return reader_fail(r, "unexpected %.*s; expected %s",
	    r->len < 60 ? (int)r->len : 60, r->word, wanted);
}

static expr
new_expr(struct reader *r, enum cause_op op, expr left, expr right)
{
	struct cause_expr *e = arena_alloc(&r->causes->arena, sizeof(*e));

	*e = (struct cause_expr){ .op = op, .l = left, .r = right };
	return e;
}

/* "30", "30s", "2h": a count, or a time in ms. */
static int
read_number(struct reader *r, int64_t *num)
{
	static const struct {
		const char *unit;
		int64_t ms;
	} units[] = { { "", 1 }, { "ms", 1 }, { "s", 1000 }, { "min", 60000 },
		{ "h", 3600000 } };
	char text[32], *unit;
	size_t i;

	if (r->len >= sizeof(text))
		return reader_fail(r, "this number is too long");
	memcpy(text, r->word, r->len);
	text[r->len] = '\0';
	errno = 0;
	*num = strtoll(text, &unit, 10);
	for (i = 0; i < ARRAY_SIZE(units); i++)
		if (strcmp(units[i].unit, unit) == 0)
			break;
	if (i == ARRAY_SIZE(units))
		return reader_fail(r,
		    "a number has the unit ms, s, min, h or none");
	if (errno != 0 || *num > UINT32_MAX)
		return reader_fail(r, "this number is too great");
	*num *= units[i].ms;
	return 0;
}

static expr
read_operand(struct reader *r)
{
	struct cause_expr *e = arena_alloc(&r->causes->arena, sizeof(*e));

	if (r->token != T_WORD) {
		reader_unexpected(r, "a clue or a number");
		return NULL;
	}
	if (isdigit((unsigned char)*r->word)) {
		e->op = CAUSE_NUM;
		if (read_number(r, &e->num) == -1)
			return NULL;
	} else {
		e->op = CAUSE_CLUE;
		e->clue = clue_by_name(r->word, r->len);
		if (e->clue == NCLUES) {
			reader_fail(r, "unknown clue \"%.*s\"",
			    r->len < 60 ? (int)r->len : 60, r->word);
			return NULL;
		}
	}
	return reader_advance(r) == -1 ? NULL : e;
}

static expr
read_comparison(struct reader *r)
{
	static const struct {
		const char *text;
		enum cause_op op;
	} ops[] = { { "<", CAUSE_LT }, { "=<", CAUSE_LEQ }, { ">", CAUSE_GT },
		{ ">=", CAUSE_GEQ }, { "=", CAUSE_EQ }, { "!=", CAUSE_NEQ } };
	expr left = read_operand(r), right, all = NULL;
	size_t i;

	while (left != NULL) {
		for (i = 0; i < ARRAY_SIZE(ops); i++)
			if (reader_is(r, ops[i].text))
				break;
		if (i == ARRAY_SIZE(ops))
			return all != NULL ? all : left;
		if (reader_advance(r) == -1)
			return NULL;
		right = read_operand(r);
		if (right == NULL)
			return NULL;
		left = new_expr(r, ops[i].op, left, right);
		all = all ? new_expr(r, CAUSE_AND, all, left) : left;
		left = right;
	}
	return NULL;
}

static expr
read_not(struct reader *r)
{
	bool no = reader_is(r, "not");
	expr e = NULL;

	if (++r->depth > CAUSE_DEPTH_MAX) {
		reader_fail(r, "this condition is too deep");
		return NULL;
	}
	if (no) {
		if (reader_advance(r) == 0)
			e = read_not(r);
		e = e ? new_expr(r, CAUSE_NOT, e, NULL) : NULL;
	} else if (reader_is(r, "(")) {
		if (reader_advance(r) == 0)
			e = reader_cond(r);
		if (e != NULL && !reader_is(r, ")")) {
			reader_unexpected(r, "\")\"");
			return NULL;
		}
		if (e != NULL && reader_advance(r) == -1)
			return NULL;
	} else {
		e = read_comparison(r);
	}
	r->depth--;
	return e;
}

static expr
read_any_of(struct reader *r)
{
	expr e = read_not(r), other;

	while (e != NULL && reader_is(r, "or")) {
		if (reader_advance(r) == -1)
			return NULL;
		other = read_not(r);
		e = other ? new_expr(r, CAUSE_OR, e, other) : NULL;
	}
	return e;
}

/* As in rules: "," is and, and binds less than "or". */
const struct cause_expr *
reader_cond(struct reader *r)
{
	expr e = read_any_of(r), other;

	while (e != NULL && reader_is(r, ",")) {
		if (reader_advance(r) == -1)
			return NULL;
		other = read_any_of(r);
		e = other ? new_expr(r, CAUSE_AND, e, other) : NULL;
	}
	return e;
}
