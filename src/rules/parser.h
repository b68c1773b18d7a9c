#ifndef RETORT_PARSER_H
#define RETORT_PARSER_H

#include <sys/queue.h>

#include "rules/rulebook.h"

/*
 * What scanner.l and grammar.y share while one file is read. Not for others:
 * they call rulebook_add().
 */

/* Where a token or a phrase stands: line and column from 1, and octets. */
struct location {
	int line, col;
	size_t begin, end;
};

struct parser {
	struct rulebook *book;
	struct err *err; /* the first error; later ones are dropped */
	const char *name;
	const char *text;
	struct location at; /* of the scanner */

	/* the entry that is being read */
	struct rule *rule;
	struct template *template;
	struct deviation *deviation;
	struct reason *reason;
	const char **stack, **since, **until; /* of either */
	struct cites *cites;		      /* of a rule or a deviation */
	struct outcome *outcome;	      /* that is read */
	struct outcome allowed;		      /* of an alternative */
	enum axis axis;
	struct value *value; /* the last one on it */
	struct location id_at;
};

/* A word of the source, not terminated. */
struct word {
	const char *p;
	size_t len;
};

/* Fill *p->err unless it has an error already. Always returns -1. */
int parser_error(struct parser *p, const struct location *at, const char *fmt,
    ...) __attribute__((format(printf, 3, 4)));

/*
 * What the grammar's actions do. Those that return int return -1 after
 * parser_error().
 */
const struct expr *parser_expr(struct parser *p, enum op op, uint32_t num,
    const struct expr *l, const struct expr *r);
const char *parser_string(struct parser *p, struct word w);
const char *parser_folded(struct parser *p, size_t begin, size_t end);
void parser_begin_rule(struct parser *p, struct word id);
void parser_begin_case(struct parser *p, struct word id);
void parser_begin_deviation(struct parser *p, struct word id);
void parser_begin_reason(struct parser *p, struct word id);
int parser_end_reason(struct parser *p);
int parser_end(struct parser *p, size_t end);
int parser_check_form(struct parser *p, const struct form *form,
    const struct location *at);
int parser_check_version(struct parser *p, const struct location *at,
    struct word w);
int parser_add_reply(struct parser *p, const struct form *form,
    const struct location *at, const char *by);
void parser_begin_outcome(struct parser *p, struct outcome *o);
void parser_add_move(struct parser *p, enum state to, uint16_t from,
    const struct expr *when);
void parser_add_cite(struct parser *p, struct cites *to, struct word w);
int parser_set_label(struct parser *p, const struct location *at,
    struct word w);
int parser_add_all_ctl(struct parser *p, const struct location *at);
int parser_add_value(struct parser *p, const struct expr *e,
    const struct location *at);
void parser_add_place(struct parser *p, enum state st);
int parser_set_octets(struct parser *p, const char *name, uint32_t *to,
    uint32_t n, const struct location *name_at, const struct location *at);
int parser_set_window(struct parser *p, struct word w,
    const struct location *at);
int parser_set_sysctl(struct parser *p, struct word w, uint32_t value,
    const struct location *at);
int parser_sees(struct parser *p, struct word w, enum sees *sees,
    const struct location *at);
int parser_add_ctl(struct parser *p, const struct location *at, uint16_t ctl);
int parser_add_fault(struct parser *p, const struct location *at,
    struct word w);
int parser_add_string(struct parser *p, const struct location *at,
    struct word w);
int parser_once(struct parser *p, const struct location *at, bool seen,
    const char *what);

/* Where a phrase stands: from its first word to its last. */
#define YYLLOC_DEFAULT(cur, rhs, n)                       \
	do {                                              \
		if (n) {                                  \
			(cur) = YYRHSLOC(rhs, 1);         \
			(cur).end = YYRHSLOC(rhs, n).end; \
		} else {                                  \
			(cur) = YYRHSLOC(rhs, 0);         \
			(cur).begin = (cur).end;          \
		}                                         \
	} while (0)

/*
 * In an action: an expression, a form; a property that may be said once only,
 * and one that is a string; and a function that may refuse.
 */
#define E(op, num, l, r) parser_expr(p, (op), (num), (l), (r))
#define FORM(s, a, c)                                                     \
	(struct form)                                                     \
	{                                                                 \
		.seq = (s).num, .seq_text = (s).text, .ack = (a).num,     \
		.ack_text = (a).text, .ctl = (c).must, .ctl_may = (c).may \
	}
#define ONCE(seen, what, at)                                     \
	do {                                                     \
		if (parser_once(p, &(at), (seen), (what)) == -1) \
			YYABORT;                                 \
	} while (0)
#define SET(flag, at, what)                 \
	do {                                \
		ONCE((flag), (what), (at)); \
		(flag) = true;              \
	} while (0)
#define SAY(to, what, at, word)                \
	do {                                   \
		ONCE((to), (what), (at));      \
		(to) = parser_string(p, word); \
	} while (0)
#define TRY(call)                 \
	do {                      \
		if ((call) == -1) \
			YYABORT;  \
	} while (0)

#endif
