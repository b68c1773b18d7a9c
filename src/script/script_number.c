/* Numbers of scripts: times, ports, sequence numbers and what goes with them.
 */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "script/script_parser.h"

#define SECONDS_MAX 1000000000 /* ns of more do not fit into all sums */

/* How much of a word is shown. */
#define SHOWN(w) (w).len < 40 ? (int)(w).len : 40, (w).p

bool
script_digits(struct script_word w, uint64_t *n)
{
	bool hex =
	    w.len > 2 && w.p[0] == '0' && tolower((unsigned char)w.p[1]) == 'x';
	uint64_t base = hex ? 16 : 10, digit;
	size_t i;

	*n = 0;
	for (i = hex ? 2 : 0; i < w.len; i++) {
		if (!(hex ? isxdigit : isdigit)((unsigned char)w.p[i]))
			return false;
		digit = isdigit((unsigned char)w.p[i])
			    ? w.p[i] - '0'
			    : tolower((unsigned char)w.p[i]) - 'a' + 10;
		if (*n > (UINT64_MAX - digit) / base)
			return false;
		*n = *n * base + digit;
	}
	return w.len > 0;
}

uint32_t
script_uint(struct script_parser *p, const struct script_location *at,
    struct script_word w, uint32_t max, const char *what)
{
	uint64_t n;

	if (script_digits(w, &n) && n <= max)
		return n;
	script_error_at(p, at, "%s is a number from 0 to %" PRIu32 ", not %.*s",
	    what, max, SHOWN(w));
	return 0;
}

/* Upper case and digits, dots, + and -: a term of the RFC, or several. */
static bool
is_term(struct script_word w)
{
	size_t i;
	bool letter = false;

	for (i = 0; i < w.len; i++) {
		if (isupper((unsigned char)w.p[i]))
			letter = true;
		else if (!isdigit((unsigned char)w.p[i]) &&
			 strchr(".+-", w.p[i]) == NULL)
			return false;
	}
	return letter;
}

struct script_num
script_number(struct script_parser *p, const struct script_location *at,
    struct script_word w, uint32_t max, const char *what)
{
	struct script_num num = { .pos = at->pos };

	if (is_term(w))
		num.term = script_copy(p, w);
	else if (script_word_is(w, "..."))
		num.any = true;
	else if (isalpha((unsigned char)w.p[0]))
		script_error_at(p, at,
		    "%s is a number or a term such as SEG.SEQ, not %.*s", what,
		    SHOWN(w));
	else
		num.num = script_uint(p, at, w, max, what);
	return num;
}

int64_t
script_seconds(struct script_parser *p, const struct script_location *at,
    struct script_word w)
{
	const char *dot = memchr(w.p, '.', w.len);
	struct script_word whole = { w.p, dot ? dot - w.p : (ptrdiff_t)w.len };
	uint64_t n = 0, unit = 1000000000;
	int64_t ns;

	if (*w.p == '-') {
		script_error_at(p, at, "a time cannot be negative");
		return 0;
	}
	if (whole.len > 0 && (!script_digits(whole, &n) || n > SECONDS_MAX)) {
		script_error_at(p, at, "a time of more than %d seconds",
		    SECONDS_MAX);
		return 0;
	}
	ns = n * unit;
	for (; dot != NULL && ++dot < w.p + w.len && unit > 1;)
		ns += (*dot - '0') * (int64_t)(unit /= 10);
	return ns;
}

struct script_range
script_range(struct script_parser *p, const struct script_location *seq_at,
    const struct script_location *end_at, const struct script_location *len_at,
    struct script_word seq, struct script_word end, struct script_word len)
{
	struct script_range r = { .how = SEQ_RELATIVE };
	struct script_location at = *seq_at;
	size_t errors = p->script->nerrors;
	uint64_t n = 0, sum;

	r.seq = script_number(p, seq_at, seq, UINT32_MAX, "a sequence number");
	r.len = script_number(p, len_at, len, UINT16_MAX, "a length");
	/* an end beyond 2^32 is what some write where it wraps to 0 */
	if (script_digits(end, &n) && n <= (uint64_t)UINT32_MAX + UINT16_MAX)
		r.end = (struct script_num){ .pos = end_at->pos, .num = n };
	else
		r.end = script_number(p, end_at, end, UINT32_MAX, "the end");
	if (r.seq.term || r.end.term || r.len.term ||
	    p->script->nerrors != errors)
		return r;
	sum = (uint64_t)r.seq.num + r.len.num;
	at.end = len_at->end;
	if (n != sum && n != (uint32_t)sum)
		script_error_at(p, &at,
		    "%" PRIu32 ":%" PRIu64 "(%" PRIu32 ") is impossible: the "
		    "end is %" PRIu32 "+%" PRIu32 ", %" PRIu32,
		    r.seq.num, n, r.len.num, r.seq.num, r.len.num,
		    (uint32_t)sum);
	return r;
}
