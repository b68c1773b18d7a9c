#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/table.h"
#include "judge/answer.h"
#include "rules/term.h"
#include "tcp/spell.h"

#define ANSWER_MAX 200

struct parser {
	struct answer *a;
	const struct situation *s;
	struct err *e;
	bool has_ctl;
};

static int
refuse(struct parser *p, const char *text)
{
	return err_about(p->e, ERR_USAGE, "'", text,
	    "' is no segment: write such as [P.] seq 1:6, ack 1 or "
	    "<SEQ=1><ACK=RCV.NXT><CTL=ACK>, or none");
}

/* A number, or a term that is worth one. */
static int
take_number(struct parser *p, const char *text, bool *has, uint32_t *number)
{
	const char *c;
	char upper[64];
	size_t i;

	for (c = text; *c != '\0' && !isspace((unsigned char)*c); c++)
		if (strchr("+-.", *c) == NULL && !isalnum((unsigned char)*c))
			return refuse(p, text);
	if (c == text || c - text >= (ptrdiff_t)sizeof(upper))
		return refuse(p, text);
	for (i = 0; text[i] != '\0'; i++)
		upper[i] = toupper((unsigned char)text[i]);
	upper[i] = '\0';
	*has = true;
	return term_eval(number, upper, p->s, p->e);
}

/*
 * Control bits: "R.", "RST,ACK", "rst+ack". More than one word of them is the
 * sum: "RST ACK".
 */
static int
take_ctl(struct parser *p, const char *text)
{
	char own[16];
	uint16_t ctl;
	size_t i;

	if (strlen(text) >= sizeof(own))
		return refuse(p, text);
	for (i = 0; text[i] != '\0'; i++)
		own[i] = strchr("+/|", text[i]) != NULL ? ',' : text[i];
	own[i] = '\0';
	/* "r." is meant as "R.", but "e" and "E" are two bits */
	if (spell_ctl(&ctl, own, p->e) == -1) {
		for (i = 0; i < 3 && own[i] != '\0'; i++)
			own[i] = toupper((unsigned char)own[i]);
		if (spell_ctl(&ctl, own, p->e) == -1)
			return refuse(p, text);
	}
	p->has_ctl = true;
	p->a->ctl |= ctl;
	return 0;
}

/* "1:6", "1:6(5)", or "1" */
static int
take_range(struct parser *p, char *word)
{
	struct answer *a = p->a;
	char *colon = strchr(word, ':'), *bracket;
	uint32_t end;
	bool has;

	if (colon == NULL)
		return take_number(p, word, &a->has_seq, &a->seq);
	*colon++ = '\0';
	bracket = strchr(colon, '(');
	if (bracket != NULL)
		*bracket = '\0';
	if (take_number(p, word, &a->has_seq, &a->seq) == -1 ||
	    take_number(p, colon, &has, &end) == -1)
		return -1;
	a->has_len = true;
	a->len = end - a->seq;
	return 0;
}

/* A number, a range or a term, and so no name. */
static bool
is_value(const char *word)
{
	static const char *const starts[] = { "SEG.", "SND.", "RCV.", "ISS",
		"IRS", "-" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(starts); i++)
		if (strncasecmp(word, starts[i], strlen(starts[i])) == 0)
			return true;
	return isdigit((unsigned char)word[0]);
}

/* 1: name takes the value; 0: it has none; -1 with the error. */
static int
take_named(struct parser *p, const char *name, char *value)
{
	static const char *const names[] = { "seq", "ack", "win", "wnd",
		"length", "len" };
	struct answer *a = p->a;
	size_t i = 0;
	int rc;

	while (i < ARRAY_SIZE(names) && strcasecmp(name, names[i]) != 0)
		i++;
	if (i == ARRAY_SIZE(names) || value == NULL || !is_value(value))
		return 0;
	if (i == 0)
		rc = take_range(p, value);
	else if (i == 1)
		rc = take_number(p, value, &a->has_ack, &a->ack);
	else if (i <= 3)
		rc = take_number(p, value, &a->has_wnd, &a->wnd);
	else
		rc = take_number(p, value, &a->has_len, &a->len);
	return rc == -1 ? -1 : 1;
}

/*
 * All notations are names, values and control bits; what stands between them
 * and around them says nothing more.
 */
static int
parse_words(struct parser *p, char *text)
{
	static const char between[] = " \t,;=[]<>";
	char *save = NULL, *word, *next;
	int rc;

	for (word = strtok_r(text, between, &save); word != NULL; word = next) {
		next = strtok_r(NULL, between, &save);
		if (strcasecmp(word, "flags") == 0 ||
		    strcasecmp(word, "ctl") == 0)
			continue;
		rc = take_named(p, word, next);
		if (rc == 1)
			next = strtok_r(NULL, between, &save);
		else if (rc == 0 && strchr(word, ':') != NULL)
			rc = take_range(p, word);
		else if (rc == 0)
			rc = take_ctl(p, word);
		if (rc == -1)
			return -1;
	}
	return 0;
}

/*
 * Cut away what a line of tcpdump has besides: time and addresses in front of
 * "Flags", and options. Blanks around + and - are no separators.
 */
static void
tidy(char *text)
{
	char *from = strstr(text, "Flags ["), *end, *to;

	if (from != NULL)
		memmove(text, from, strlen(from) + 1);
	from = strstr(text, "options [");
	if (from != NULL && (end = strchr(from, ']')) != NULL)
		memset(from, ' ', end - from + 1);
	for (from = to = text; *from != '\0'; from++) {
		if (*from == '+' || *from == '-') {
			while (to > text && to[-1] == ' ')
				to--;
			*to++ = *from;
			while (from[1] == ' ')
				from++;
		} else {
			*to++ = *from;
		}
	}
	*to = '\0';
}

static bool
is_none(const char *text)
{
	static const char *const words[] = { "none", "nothing", "silence",
		"no answer", "no reply" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (strcasecmp(text, words[i]) == 0)
			return true;
	return false;
}

int
answer_parse(struct answer *a, const char *text, const struct situation *s,
    struct err *e)
{
	struct parser p = { .a = a, .s = s, .e = e };
	char own[ANSWER_MAX + 1];
	size_t n;

	*a = (struct answer){ 0 };
	text += strspn(text, " \t\r");
	n = strlen(text);
	while (n > 0 && isspace((unsigned char)text[n - 1]))
		n--;
	if (n > ANSWER_MAX)
		return err_set(e, ERR_USAGE, "an answer is a line, not more");
	snprintf(own, sizeof(own), "%.*s", (int)n, text);
	a->none = is_none(own);
	if (a->none)
		return 0;
	tidy(own);
	if (parse_words(&p, own) == -1)
		return -1;
	return p.has_ctl ? 0 : refuse(&p, text);
}

/* ---- right or wrong ---- */

static struct field *
add_field(struct field fields[NFIELDS], size_t *n, const char *name, bool ok)
{
	fields[*n] = (struct field){ .name = name, .ok = ok };
	return &fields[(*n)++];
}

static void
add_number(struct field fields[NFIELDS], size_t *n, const char *name, bool has,
    uint32_t said, uint32_t is, const char *term)
{
	struct field *f = add_field(fields, n, name, has && said == is);

	/* a term that is no number says where the number comes from */
	if (term != NULL && !isdigit((unsigned char)term[0]))
		snprintf(f->expected, sizeof(f->expected), "%u (%.60s)", is,
		    term);
	else
		snprintf(f->expected, sizeof(f->expected), "%u", is);
	if (has)
		snprintf(f->observed, sizeof(f->observed), "%u", said);
}

/* A number was said that the segment has not. */
static void
add_absent(struct field fields[NFIELDS], size_t *n, const char *name,
    uint32_t said)
{
	struct field *f = add_field(fields, n, name, false);

	snprintf(f->expected, sizeof(f->expected), "none");
	snprintf(f->observed, sizeof(f->observed), "%u", said);
}

static void
add_ctl(struct field fields[NFIELDS], size_t *n, uint16_t said, uint16_t is)
{
	struct field *f = add_field(fields, n, "ctl",
	    ((said ^ is) & CTL_CLASSIC & ~CTL_PSH) == 0);
	struct buf b = { 0 };

	ctl_add_rfc(&b, is);
	snprintf(f->expected, sizeof(f->expected), "%s",
	    b.len > 0 ? b.p : "none");
	buf_reset(&b);
	ctl_add_rfc(&b, said);
	snprintf(f->observed, sizeof(f->observed), "%s",
	    b.len > 0 ? b.p : "none");
	buf_free(&b);
}

/* A segment where none came, or none where one did. */
static bool
mark_silence(const struct answer *a, const struct segment *came,
    struct field fields[NFIELDS], size_t *n)
{
	struct field *f =
	    add_field(fields, n, "reply", a->none == (came == NULL));

	snprintf(f->expected, sizeof(f->expected), "%s",
	    came == NULL ? "none" : "a segment");
	snprintf(f->observed, sizeof(f->observed), "%s",
	    a->none ? "none" : "a segment");
	return f->ok;
}

bool
answer_mark(const struct answer *a, const struct segment *came,
    const struct form *form, struct field fields[NFIELDS], size_t *n)
{
	size_t i;
	bool bare;

	*n = 0;
	if (a->none || came == NULL)
		return mark_silence(a, came, fields, n);
	add_ctl(fields, n, a->ctl, came->ctl);
	/* tcpdump does not show the number of a bare ACK */
	bare = came->text_len == 0 && came->ctl & CTL_ACK &&
	       !(came->ctl & (CTL_SYN | CTL_FIN | CTL_RST));
	if (a->has_seq || !bare)
		add_number(fields, n, "seq", a->has_seq, a->seq, came->seq,
		    form != NULL && form->seq != NULL ? form->seq_text : NULL);
	if (came->ctl & CTL_ACK)
		add_number(fields, n, "ack", a->has_ack, a->ack, came->ack,
		    form != NULL && form->ack != NULL ? form->ack_text : NULL);
	else if (a->has_ack)
		add_absent(fields, n, "ack", a->ack);
	if (a->has_len)
		add_number(fields, n, "length", true, a->len, came->text_len,
		    NULL);
	if (a->has_wnd)
		add_number(fields, n, "win", true, a->wnd, came->wnd, NULL);
	for (i = 0; i < *n; i++)
		if (!fields[i].ok)
			return false;
	return true;
}
