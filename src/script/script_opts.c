/* What the grammar's actions do with the options of a TCP segment. */
#include <ctype.h>
#include <string.h>

#include "base/table.h"
#include "script/script_parser.h"
#include "tcp/option.h"

#define EXID_FASTOPEN  0xf989 /* RFC 7413, appendix A */
#define OPT_EXPERIMENT 254    /* RFC 6994 */
#define OPT_ACCECN0    172    /* RFC 9768: ECT(0)'s counter is the first */
#define OPT_ACCECN1    174    /* ECT(1)'s is */
#define ACCECN_MAX     0xffffff

#define WORD_MAX 40
#define SHOWN(w) (w).len < WORD_MAX ? (int)(w).len : WORD_MAX, (w).p

/* How an option is written. */
enum form {
	BARE,	/* nop */
	NUMBER, /* mss 1460 */
	EDGES,	/* sack 1:2 3:4 */
	TIMES,	/* TS val 1 ecr 2 */
	DIGEST, /* md5 valid, or 32 digits */
	OCTETS, /* FO, FO 0123abcd */
	COUNTS, /* ECN e0b 1 ceb 0 e1b 1 */
	EXID,	/* exp 0xf989 0123 */
	KIND	/* kind 77 0123 */
};

static const struct opt_name {
	const char *name;
	uint8_t kind;
	uint16_t exid;
	enum form form;
	uint32_t max;
	const char *so;
} names[] = {
	{ "eol", OPT_EOL, 0, BARE, 0, "eol" },
	{ "nop", OPT_NOP, 0, BARE, 0, "nop" },
	{ "mss", OPT_MSS, 0, NUMBER, UINT16_MAX, "mss 1460" },
	{ "wscale", OPT_WSCALE, 0, NUMBER, UINT8_MAX, "wscale 7" },
	{ "sackOK", OPT_SACK_OK, 0, BARE, 0, "sackOK" },
	{ "sack", OPT_SACK, 0, EDGES, UINT32_MAX, "sack 1:2 3:4, up to four" },
	{ "TS", OPT_TS, 0, TIMES, UINT32_MAX, "TS val 1 ecr 2" },
	{ "md5", OPT_MD5, 0, DIGEST, 0, "md5 valid, or 32 hexadecimal digits" },
	{ "FO", OPT_FASTOPEN, 0, OCTETS, 0,
	    "FO, or FO and two digits an octet" },
	{ "FOEXP", OPT_EXPERIMENT, EXID_FASTOPEN, OCTETS, 0,
	    "FOEXP, or FOEXP and two digits an octet" },
	{ "ECN", OPT_ACCECN0, 0, COUNTS, ACCECN_MAX,
	    "ECN e0b 1 ceb 2 e1b 3, or from e1b on" },
	{ "exp", OPT_EXPERIMENT, 0, EXID, 0,
	    "exp 0xf989 and two digits an octet" },
	{ "kind", 0, 0, KIND, 0, "kind 77 and two digits an octet" },
};

/* The i-th word after the name; empty when there is none. */
static struct script_word
arg(const struct script_parser *p, size_t i)
{
	return i < p->words.n ? p->words.word[i]
			      : (struct script_word){ "", 0 };
}

static void
add_num(struct script_parser *p, struct script_opt *o, size_t i, uint32_t max,
    const char *what)
{
	o->num[o->n++] =
	    script_number(p, &p->words.at[i], arg(p, i), max, what);
}

/* The octets that the words from the i-th on write in hexadecimal. */
static bool
set_octets(struct script_parser *p, struct script_opt *o, size_t i)
{
	struct script_word w = arg(p, i);
	uint8_t *to, digit;
	size_t n;

	if (w.len > 2 && w.p[0] == '0' && tolower(w.p[1]) == 'x') {
		w.p += 2;
		w.len -= 2;
	}
	if (p->words.n > i + 1 || w.len % 2 != 0 || w.len > 2 * SEG_OPTIONS_MAX)
		return false;
	o->octets = to = arena_alloc(&p->script->arena, w.len / 2 + 1);
	o->len = w.len / 2;
	for (n = 0; n < w.len; n++) {
		if (!isxdigit((unsigned char)w.p[n]))
			return false;
		digit = isdigit((unsigned char)w.p[n])
			    ? w.p[n] - '0'
			    : tolower((unsigned char)w.p[n]) - 'a' + 10;
		to[n / 2] = to[n / 2] << 4 | digit;
	}
	return true;
}

/* A cookie, or the name of one that someone else is to define. */
static bool
set_cookie(struct script_parser *p, struct script_opt *o)
{
	struct script_word w = arg(p, 1);
	size_t i;

	if (p->words.n == 1 || set_octets(p, o, 1))
		return true;
	for (i = 0; i < w.len; i++)
		if (!isupper((unsigned char)w.p[i]) && w.p[i] != '_')
			return false;
	o->word = script_copy(p, w);
	o->octets = NULL;
	o->len = 0;
	return p->words.n == 2;
}

static bool
set_edges(struct script_parser *p, struct script_opt *o)
{
	size_t i;

	for (i = 1; i < p->words.n; i += 3) {
		if (p->words.n < i + 3 || o->n + 2 > ARRAY_SIZE(o->num) ||
		    !script_word_is(arg(p, i + 1), ":"))
			return false;
		add_num(p, o, i, UINT32_MAX, "an edge");
		add_num(p, o, i + 2, UINT32_MAX, "an edge");
	}
	return o->n > 0;
}

static bool
set_times(struct script_parser *p, struct script_opt *o)
{
	if (p->words.n != 5 || !script_word_is(arg(p, 1), "val") ||
	    !script_word_is(arg(p, 3), "ecr"))
		return false;
	add_num(p, o, 2, UINT32_MAX, "val");
	add_num(p, o, 4, UINT32_MAX, "ecr");
	return true;
}

static bool
set_digest(struct script_parser *p, struct script_opt *o)
{
	struct script_word w = arg(p, 1);

	if (script_word_is(w, "valid") || script_word_is(w, "invalid")) {
		o->word = script_copy(p, w);
		return p->words.n == 2;
	}
	return set_octets(p, o, 1) && o->len == 16;
}

/* The counters have names, but their order is that of the wire. */
static bool
set_counts(struct script_parser *p, struct script_opt *o)
{
	bool first1 = script_word_is(arg(p, 1), "e1b");
	const char *order[] = { first1 ? "e1b" : "e0b", "ceb",
		first1 ? "e0b" : "e1b" };
	size_t i;

	o->kind = first1 ? OPT_ACCECN1 : OPT_ACCECN0;
	for (i = 1; i < p->words.n; i += 2) {
		if (i > 5 || i + 1 == p->words.n ||
		    !script_word_is(arg(p, i), order[i / 2]))
			return false;
		add_num(p, o, i + 1, ACCECN_MAX, order[i / 2]);
	}
	return true;
}

static bool
set(struct script_parser *p, struct script_opt *o, const struct opt_name *name)
{
	size_t n = p->words.n;

	switch (name->form) {
	case BARE:
		return n == 1;
	case NUMBER:
		if (n == 2)
			add_num(p, o, 1, name->max, name->name);
		return n == 2;
	case EDGES:
		return set_edges(p, o);
	case TIMES:
		return set_times(p, o);
	case DIGEST:
		return set_digest(p, o);
	case OCTETS:
		return set_cookie(p, o);
	case COUNTS:
		return set_counts(p, o);
	case EXID:
		if (n > 1)
			o->exid = script_uint(p, &p->words.at[1], arg(p, 1),
			    UINT16_MAX, "an ExID");
		return n > 1 && set_octets(p, o, 2);
	case KIND:
		if (n > 1)
			o->kind = script_uint(p, &p->words.at[1], arg(p, 1),
			    UINT8_MAX, "a kind");
		return n > 1 && set_octets(p, o, 2);
	}
	return false;
}

void
script_end_opt(struct script_parser *p, const struct script_location *at)
{
	struct script_word w = arg(p, 0);
	const struct opt_name *name;
	struct script_opt *o;

	for (name = names; name < names + ARRAY_SIZE(names); name++)
		if (script_word_is(w, name->name))
			break;
	if (name == names + ARRAY_SIZE(names)) {
		script_error_at(p, at,
		    "unknown option %.*s: write kind N and its octets, as in "
		    "kind 77 0123",
		    SHOWN(w));
		return;
	}
	o = arena_alloc(&p->script->arena, sizeof(*o));
	o->pos = at->pos;
	o->kind = name->kind;
	o->exid = name->exid;
	STAILQ_INSERT_TAIL(&p->packet->opts, o, next);
	if (!set(p, o, name))
		script_error_at(p, at, "%s is written so: %s", name->name,
		    name->so);
}

/* The octets that an option takes on the wire. */
static size_t
wire_len(const struct script_opt *o)
{
	switch (o->kind) {
	case OPT_EOL:
	case OPT_NOP:
		return o->octets == NULL ? 1 : 2 + o->len;
	case OPT_MSS:
		return o->octets == NULL ? 4 : 2 + o->len;
	case OPT_WSCALE:
		return o->octets == NULL ? 3 : 2 + o->len;
	case OPT_MD5:
		return o->word != NULL ? 18 : 2 + o->len;
	case OPT_ACCECN0:
	case OPT_ACCECN1:
		return 2 + 3 * o->n + o->len;
	default:
		return 2 + 4 * o->n + (o->exid ? 2 : 0) + o->len;
	}
}

void
script_end_opts(struct script_parser *p, const struct script_location *at)
{
	const struct script_opt *o;
	size_t len = 0;

	STAILQ_FOREACH (o, &p->packet->opts, next)
		len += wire_len(o);
	if (len > SEG_OPTIONS_MAX)
		script_error_at(p, at,
		    "these options take %zu octets, and a header has room "
		    "for %d",
		    len, SEG_OPTIONS_MAX);
}
