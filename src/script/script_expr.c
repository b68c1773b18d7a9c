/* What the grammar's actions do with the arguments and results of calls. */
#include <ctype.h>
#include <string.h>

#include "base/buf.h"
#include "script/script_parser.h"

#define JOINED_MAX 4096

struct script_expr *
script_expr(struct script_parser *p, enum script_expr_kind kind,
    const struct script_location *at, struct script_word w)
{
	struct script_expr *x = arena_alloc(&p->script->arena, sizeof(*x));

	x->pos = at->pos;
	x->kind = kind;
	if (w.p != NULL) {
		x->text = script_copy(p, w);
		x->len = w.len;
	}
	STAILQ_INIT(&x->parts);
	return x;
}

struct script_expr *
script_integer(struct script_parser *p, const struct script_location *at,
    struct script_word w)
{
	struct script_expr *x = script_expr(p, EXPR_NUMBER, at, w);
	bool minus = *w.p == '-';
	uint64_t n, max;

	x->hex = w.len > 2 && tolower((unsigned char)w.p[1]) == 'x';
	max = x->hex ? UINT64_MAX : (uint64_t)INT64_MAX + minus;
	if (minus)
		w = (struct script_word){ w.p + 1, w.len - 1 };
	if (!script_digits(w, &n) || n > max) {
		script_error_at(p, at, "this number needs more than 64 bits");
		n = 0;
	}
	x->num = minus ? -n : n;
	return x;
}

/* The octet of an escape; *i is at what follows the backslash. */
static int
escape(struct script_word w, size_t *i)
{
	static const char from[] = "nrtabfv0\\\"'`",
			  to[] = "\n\r\t\a\b\f\v\0\\\"'`";
	char digits[4] = "0x";
	struct script_word hex = { digits, 2 };
	const char *at;
	uint64_t n;

	if (w.p[*i] == 'x') {
		while (hex.len < 4 && *i + 1 < w.len &&
		       isxdigit((unsigned char)w.p[*i + 1]))
			digits[hex.len++] = w.p[++*i];
		return hex.len > 2 && script_digits(hex, &n) ? (int)n : -1;
	}
	at = memchr(from, w.p[*i], sizeof(from) - 1);
	return at != NULL ? (unsigned char)to[at - from] : -1;
}

struct script_expr *
script_string(struct script_parser *p, const struct script_location *at,
    struct script_word w)
{
	struct buf b = { 0 };
	struct script_expr *x;
	size_t i;
	char c;
	int n;

	for (i = 0; i < w.len; i++) {
		n = (unsigned char)w.p[i];
		if (n == '\\') {
			i++;
			n = escape(w, &i);
		}
		if (n == -1)
			script_error_at(p, at,
			    "an unknown escape: write \\n, \\\\, \\\" or "
			    "\\x and two digits");
		c = n;
		buf_add(&b, &c, 1);
	}
	x = script_expr(p, EXPR_STRING, at,
	    (struct script_word){ buf_str(&b), b.len });
	buf_free(&b);
	return x;
}

/* As in C, strings that follow one another are one. */
void
script_join(struct script_parser *p, struct script_expr *x,
    const struct script_expr *more)
{
	struct script_location at = { .pos = more->pos };
	struct buf b = { 0 };

	if (x->len + more->len > JOINED_MAX) {
		script_error_at(p, &at, "strings of more than %d octets",
		    JOINED_MAX);
		return;
	}
	buf_add(&b, x->text, x->len);
	buf_add(&b, more->text, more->len);
	x->text = script_copy(p, (struct script_word){ b.p, b.len });
	x->len = b.len;
	buf_free(&b);
}

void
script_add_part(struct script_expr *x, struct script_expr *part)
{
	STAILQ_INSERT_TAIL(&x->parts, part, next);
	x->nparts++;
}

struct script_expr *
script_or(struct script_parser *p, struct script_expr *l, struct script_expr *r)
{
	struct script_location at = { .pos = l->pos };
	struct script_expr *x = l;

	if (l->kind != EXPR_OR) {
		x = script_expr(p, EXPR_OR, &at, (struct script_word){ 0 });
		script_add_part(x, l);
	}
	script_add_part(x, r);
	return x;
}

struct script_expr *
script_assign(struct script_parser *p, struct script_expr *l,
    struct script_expr *r)
{
	struct script_location at = { .pos = l->pos };
	struct script_expr *x =
	    script_expr(p, EXPR_ASSIGN, &at, (struct script_word){ 0 });

	script_add_part(x, l);
	script_add_part(x, r);
	return x;
}
