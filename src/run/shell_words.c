/* Words of shell lines: quotes, arithmetic, comments, redirections. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "run/shell_words.h"

#define DEPTH_MAX 32

/* ---- arithmetic ---- */

struct sum {
	const char *p;
	int depth;
	struct err *e;
};

static int add(struct sum *, int64_t *);

static int
wrong(struct sum *s)
{
	return err_about(s->e, ERR_USAGE, "the sum goes wrong at '", s->p, "'");
}

static void
skip_blanks(struct sum *s)
{
	while (isspace((unsigned char)*s->p))
		s->p++;
}

/* A number, one in brackets, or one with a sign. */
static int
atom(struct sum *s, int64_t *v)
{
	char *end, sign;
	int rc;

	skip_blanks(s);
	if (*s->p == '(' || *s->p == '-' || *s->p == '+') {
		if (++s->depth > DEPTH_MAX)
			return wrong(s);
		sign = *s->p++;
		rc = sign == '(' ? add(s, v) : atom(s, v);
		s->depth--;
		if (rc == -1)
			return -1;
		if (sign == '-')
			return __builtin_sub_overflow(0, *v, v) ? wrong(s) : 0;
		skip_blanks(s);
		if (sign == '(' && *s->p++ != ')')
			return s->p--, wrong(s);
		return 0;
	}
	if (!isdigit((unsigned char)*s->p))
		return wrong(s);
	errno = 0;
	*v = strtoll(s->p, &end, 0);
	if (errno != 0 || isalnum((unsigned char)*end))
		return wrong(s);
	s->p = end;
	return 0;
}

static int
multiply(struct sum *s, int64_t *v)
{
	int64_t by;
	char op;

	if (atom(s, v) == -1)
		return -1;
	for (;;) {
		skip_blanks(s);
		op = *s->p;
		if (op != '*' && op != '/' && op != '%')
			return 0;
		s->p++;
		if (atom(s, &by) == -1)
			return -1;
		if (op == '*') {
			if (__builtin_mul_overflow(*v, by, v))
				return wrong(s);
		} else if (by == 0 || (by == -1 && *v == INT64_MIN)) {
			return wrong(s);
		} else {
			*v = op == '/' ? *v / by : *v % by;
		}
	}
}

static int
add(struct sum *s, int64_t *v)
{
	int64_t by;
	char op;

	if (multiply(s, v) == -1)
		return -1;
	for (;;) {
		skip_blanks(s);
		op = *s->p;
		if (op != '+' && op != '-')
			return 0;
		s->p++;
		if (multiply(s, &by) == -1)
			return -1;
		if (op == '+' ? __builtin_add_overflow(*v, by, v)
			      : __builtin_sub_overflow(*v, by, v))
			return wrong(s);
	}
}

int
shell_evaluate(int64_t *v, const char **text, struct err *e)
{
	struct sum s = { .p = *text, .e = e };

	if (add(&s, v) == -1)
		return -1;
	*text = s.p;
	return 0;
}

/* ---- words ---- */

/* "$": a sum, or the one variable that scripts name files with. */
static int
add_dollar(struct buf *b, const char **p, struct err *e)
{
	static const char *const kept[] = { "${PPID}", "$PPID" };
	int64_t v;
	size_t i;

	for (i = 0; i < sizeof(kept) / sizeof(*kept); i++)
		if (strncmp(*p, kept[i], strlen(kept[i])) == 0) {
			buf_adds(b, kept[i]);
			*p += strlen(kept[i]);
			return 0;
		}
	if (strncmp(*p, "$((", 3) != 0)
		return err_about(e, ERR_USAGE,
		    "variables and commands in commands are left to a shell: '",
		    *p, "'");
	*p += 3;
	if (shell_evaluate(&v, p, e) == -1)
		return -1;
	if (strncmp(*p, "))", 2) != 0)
		return err_about(e, ERR_USAGE, "the sum goes wrong at '", *p,
		    "'");
	*p += 2;
	buf_addf(b, "%" PRId64, v);
	return 0;
}

/* One character of a word, or what stands for some, in these quotes or 0. */
static int
add_one(struct buf *b, const char **p, char quote, struct err *e)
{
	if (**p == '$' && quote != '\'')
		return add_dollar(b, p, e);
	if (**p == '\\' && quote != '\'' && (*p)[1] != '\0') {
		/* a line that goes on */
		if (*++*p == '\n') {
			++*p;
			return 0;
		}
		if (quote == '"' && strchr("\"\\$`", **p) == NULL)
			buf_adds(b, "\\");
	}
	buf_add(b, (*p)++, 1);
	return 0;
}

static int
add_word(struct buf *b, const char **p, struct err *e)
{
	char quote = '\0';

	for (; **p != '\0';) {
		if (quote != '\0' && **p == quote) {
			quote = '\0';
			++*p;
		} else if (quote == '\0' && (**p == '"' || **p == '\'')) {
			quote = *(*p)++;
		} else if (quote == '\0' &&
			   strchr(" \t\r\n;&|<>()", **p) != NULL) {
			break;
		} else if (add_one(b, p, quote, e) == -1) {
			return -1;
		}
	}
	if (quote != '\0')
		return err_set(e, ERR_USAGE, "a quotation does not end");
	return 0;
}

/* Blanks, lines that go on, and a comment. */
static const char *
skip(const char *p)
{
	for (;;) {
		if (*p == ' ' || *p == '\t' || *p == '\r')
			p++;
		else if (p[0] == '\\' && p[1] == '\n')
			p += 2;
		else
			break;
	}
	return *p == '#' ? p + strcspn(p, "\n") : p;
}

/*
 * ">file", "2>file", "&>file", "2>&1": where output goes that nobody reads.
 * 1: it was one; 0: it is none.
 */
static int
redirection(const char **text, struct err *e)
{
	const char *p = *text;
	struct buf b = { 0 };
	int rc = 1;

	p += *p == '&' || isdigit((unsigned char)*p);
	if (*p != '>')
		return 0;
	p += p[1] == '>' ? 2 : 1;
	if (*p == '&' && isdigit((unsigned char)p[1])) {
		*text = p + 2;
		return 1;
	}
	p = skip(p);
	if (add_word(&b, &p, e) == -1)
		rc = -1;
	else if (strcmp(buf_str(&b), "/dev/null") != 0)
		rc = err_about(e, ERR_USAGE, "a script may not write to '",
		    buf_str(&b), "'");
	buf_free(&b);
	*text = p;
	return rc;
}

/* What ends a command: 1: it did; 0: it goes on. */
static int
ends(struct shell_command *c, const char **p, struct err *e)
{
	c->then = SHELL_NEXT;
	if (**p == '\0')
		c->then = SHELL_END;
	else if (**p == '\n' || **p == ';')
		++*p;
	else if (strncmp(*p, "&&", 2) == 0)
		*p += 2;
	else if (strncmp(*p, "||", 2) == 0)
		c->then = SHELL_ELSE, *p += 2;
	else if (strchr("&|<()", **p) != NULL)
		return err_about(e, ERR_USAGE,
		    "pipes, input and processes are left to a shell: '", *p,
		    "'");
	else
		return 0;
	return 1;
}

int
shell_next(struct shell_command *c, const char **text, struct arena *arena,
    struct err *e)
{
	struct buf b = { 0 };
	int rc;

	c->n = 0;
	for (;;) {
		*text = skip(*text);
		rc = redirection(text, e);
		if (rc == 0) {
			rc = ends(c, text, e);
			if (rc != 0)
				break;
			buf_reset(&b);
			rc = add_word(&b, text, e);
			if (rc == 0 && c->n == SHELL_WORDS)
				rc = err_set(e, ERR_USAGE,
				    "a command has more than %d words",
				    SHELL_WORDS);
			if (rc == 0)
				c->words[c->n++] =
				    arena_strndup(arena, buf_str(&b), b.len);
		}
		if (rc == -1)
			break;
	}
	buf_free(&b);
	return rc == -1 ? -1 : 0;
}
