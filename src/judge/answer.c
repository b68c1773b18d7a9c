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

static int
take_ctl(struct parser *p, const char *text)
{
	p->has_ctl = true;
	return spell_ctl(&p->a->ctl, text, p->e) == -1 ? refuse(p, text) : 0;
}

/* ---- <SEQ=0><ACK=1><CTL=RST,ACK> ---- */

static int
take_part(struct parser *p, char *part)
{
	struct answer *a = p->a;
	char *value = strchr(part, '=');

	if (value == NULL)
		return refuse(p, part);
	*value++ = '\0';
	if (strcasecmp(part, "SEQ") == 0)
		return take_number(p, value, &a->has_seq, &a->seq);
	if (strcasecmp(part, "ACK") == 0)
		return take_number(p, value, &a->has_ack, &a->ack);
	if (strcasecmp(part, "WND") == 0 || strcasecmp(part, "WIN") == 0)
		return take_number(p, value, &a->has_wnd, &a->wnd);
	if (strcasecmp(part, "CTL") == 0)
		return take_ctl(p, value);
	return refuse(p, part);
}

static int
parse_rfc(struct parser *p, char *text)
{
	char part[ANSWER_MAX + 1];
	size_t n;
	char *c;

	while (*text != '\0') {
		n = 0;
		if (*text++ != '<')
			return refuse(p, text - 1);
		for (c = text; *c != '>' && *c != '\0'; c++)
			if (!isspace((unsigned char)*c))
				part[n++] = *c;
		part[n] = '\0';
		if (*c == '\0' || take_part(p, part) == -1)
			return *c == '\0' ? refuse(p, text) : -1;
		text = c + 1;
		text += strspn(text, " \t,");
	}
	return 0;
}

/* ---- Flags [R.], seq 0, ack 1, win 0 ---- */

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

static int
take_named(struct parser *p, const char *name, char *value)
{
	struct answer *a = p->a;

	if (strcasecmp(name, "seq") == 0)
		return take_range(p, value);
	if (strcasecmp(name, "ack") == 0)
		return take_number(p, value, &a->has_ack, &a->ack);
	if (strcasecmp(name, "win") == 0)
		return take_number(p, value, &a->has_wnd, &a->wnd);
	if (strcasecmp(name, "length") == 0 || strcasecmp(name, "len") == 0)
		return take_number(p, value, &a->has_len, &a->len);
	return refuse(p, name);
}

/* The bits are the first word, with or without brackets. */
static int
take_bits(struct parser *p, char *word)
{
	size_t n = strlen(word);

	if (word[0] != '[')
		return take_ctl(p, word);
	if (n < 2 || word[n - 1] != ']')
		return refuse(p, word);
	word[n - 1] = '\0';
	return take_ctl(p, n > 2 ? word + 1 : "none");
}

static int
parse_tcpdump(struct parser *p, char *text)
{
	char *save = NULL, *word, *value;
	int rc = 0;

	for (word = strtok_r(text, " \t", &save); word != NULL && rc == 0;
	     word = strtok_r(NULL, " \t", &save)) {
		word[strcspn(word, ";")] = '\0';
		if (word[0] != '\0' && word[strlen(word) - 1] == ',')
			word[strlen(word) - 1] = '\0';
		if (strcasecmp(word, "flags") == 0 || *word == '\0')
			continue;
		if (!p->has_ctl) {
			rc = take_bits(p, word);
		} else if (strchr(word, ':') != NULL) {
			rc = take_range(p, word);
		} else {
			value = strtok_r(NULL, " \t", &save);
			if (value == NULL)
				return refuse(p, word);
			value[strcspn(value, ",;")] = '\0';
			rc = take_named(p, word, value);
		}
	}
	return rc;
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
	if ((own[0] == '<' ? parse_rfc : parse_tcpdump)(&p, own) == -1)
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
