#ifndef RETORT_SCRIPT_PARSER_H
#define RETORT_SCRIPT_PARSER_H

#include "script/script.h"

/*
 * What script_scanner.l, script_grammar.y and the functions that their actions
 * call share while one script is read. Not for others: they call
 * script_parse().
 */

/* Where a token or a phrase stands, and its octets. */
struct script_location {
	struct script_pos pos;
	size_t begin, end;
};

/* A word of the source, not terminated. */
struct script_word {
	const char *p;
	size_t len;
};

struct script_parser {
	struct script *script;
	struct err *err; /* the first error */
	const char *text;
	const char *const *defines; /* of the caller, or NULL */
	struct script_location at;  /* of the scanner */

	/* what is open */
	const struct script_cond *cond;
	const struct script_connection *connection;
	struct script_event *event; /* the one that is read, or NULL */
	struct script_event *last;  /* the one before */
	struct script_packet *packet;
	struct script_words {
		struct script_word word[16];
		struct script_location at[16];
		size_t n;
	} words; /* of an option or a field of IP; none has so many */
};

/* Before all, and after all: 0, or -1 when there was an error. */
void script_init(struct script_parser *, const char *name);
int script_finish(struct script_parser *);

/* Note an error at a place. Returns -1; what is read goes on. */
int script_error_at(struct script_parser *, const struct script_location *,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Terminated copies; the second has every run of white space as one space. */
const char *script_copy(struct script_parser *, struct script_word);
const char *script_folded(struct script_parser *, struct script_word);
bool script_word_is(struct script_word, const char *);

/* A time of "0.1" or "7" in ns. */
int64_t script_seconds(struct script_parser *, const struct script_location *,
    struct script_word);

/* Its digits; false when they are none or more than 64 bits. */
bool script_digits(struct script_word, uint64_t *);
/* A number of at most max; what is its name in messages. */
uint32_t script_uint(struct script_parser *, const struct script_location *,
    struct script_word, uint32_t max, const char *what);
/* The same, or a term of the RFC. */
struct script_num script_number(struct script_parser *,
    const struct script_location *, struct script_word, uint32_t max,
    const char *what);

/* Events: script_parse.c */
void script_add_option(struct script_parser *, const struct script_location *,
    struct script_word);
void script_begin(struct script_parser *, const struct script_location *,
    struct script_time);
void script_end(struct script_parser *, const struct script_location *);
void script_shell(struct script_parser *, const struct script_location *,
    struct script_word);
void script_condition(struct script_parser *, const struct script_location *,
    struct script_word);
void script_connect(struct script_parser *, const struct script_location *,
    struct script_word);
/* What a word stands for when --define says so, else NULL. */
const char *script_defined(const struct script_parser *, struct script_word);

/* Packets: script_packet.c, script_opts.c, script_range.c */
void script_begin_packet(struct script_parser *, const struct script_location *,
    bool out);
void script_end_packet(struct script_parser *, const struct script_location *);
void script_foreign(struct script_parser *, struct script_word);
void script_ports(struct script_parser *,
    const struct script_location *sport_at,
    const struct script_location *dport_at, struct script_word sport,
    struct script_word dport);
void script_flags(struct script_parser *, const struct script_location *,
    struct script_word);
void script_begin_words(struct script_parser *);
void script_add_word(struct script_parser *, const struct script_location *,
    struct script_word);
void script_end_ip(struct script_parser *, const struct script_location *);
void script_end_opt(struct script_parser *, const struct script_location *);
void script_end_opts(struct script_parser *, const struct script_location *);
struct script_range script_range(struct script_parser *,
    const struct script_location *seq_at, const struct script_location *end_at,
    const struct script_location *len_at, struct script_word seq,
    struct script_word end, struct script_word len);
struct script_udp script_udp(struct script_parser *,
    const struct script_location *sport_at,
    const struct script_location *dport_at, struct script_word sport,
    struct script_word dport);
void script_quote(struct script_parser *, enum script_proto,
    struct script_range, struct script_udp);
void script_expect(struct script_parser *, const struct script_location *,
    bool out, enum script_kind, struct script_word id);

/* Expressions and calls: script_expr.c, script_call.c */
struct script_expr *script_expr(struct script_parser *, enum script_expr_kind,
    const struct script_location *, struct script_word);
struct script_expr *script_integer(struct script_parser *,
    const struct script_location *, struct script_word);
struct script_expr *script_string(struct script_parser *,
    const struct script_location *, struct script_word);
void script_join(struct script_parser *, struct script_expr *,
    const struct script_expr *);
void script_add_part(struct script_expr *, struct script_expr *);
struct script_expr *script_or(struct script_parser *, struct script_expr *,
    struct script_expr *);
struct script_expr *script_assign(struct script_parser *, struct script_expr *,
    struct script_expr *);
/* args is any expression whose parts are the arguments. */
struct script_call *script_call(struct script_parser *,
    const struct script_location *, struct script_word name,
    const struct script_expr *args);
void script_errno(struct script_parser *, const struct script_location *,
    struct script_call *, struct script_word);
/* A syntax error: what stands there is not one of the n that are wanted. */
void script_unexpected(struct script_parser *, const struct script_location *,
    bool eof, const char *const *want, int n);

/* Arrays in arrays are cut off by this, long before memory ends. */
#define YYMAXDEPTH 500

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

/* In an action: the text of a phrase, a number, a length, an expression. */
#define TEXT(at) \
	((struct script_word){ p->text + (at).begin, (at).end - (at).begin })
#define NUM(at, word, what) script_number(p, &(at), (word), UINT32_MAX, (what))
#define LEN(at, word)	    script_number(p, &(at), (word), UINT16_MAX, "a length")
#define EXPR(kind, at)	    script_expr(p, (kind), &(at), TEXT(at))

#endif
