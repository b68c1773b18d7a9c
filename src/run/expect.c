#include <stdio.h>
#include <string.h>

#include "base/octets.h"
#include "run/expect.h"
#include "tcp/option.h"
#include "tcp/seq.h"

/* ---- how a segment reads in a script ---- */

/* The number of AccECN, where a script writes one: not after SYN. */
static void
add_flags(struct buf *b, uint16_t ctl)
{
	static const struct {
		uint16_t ctl;
		char letter[2];
	} letters[] = {
		{ CTL_FIN, "F" },
		{ CTL_SYN, "S" },
		{ CTL_RST, "R" },
		{ CTL_PSH, "P" },
		{ CTL_URG, "U" },
		{ CTL_ECE, "E" },
		{ CTL_CWR, "W" },
		{ CTL_AE, "A" },
		{ CTL_ACK, "." },
	};
	size_t i;

	for (i = 0; i < sizeof(letters) / sizeof(letters[0]); i++)
		if (ctl & letters[i].ctl)
			buf_adds(b, letters[i].letter);
	if ((ctl & CTL_ALL) == 0)
		buf_adds(b, "-");
}

static void
add_hex(struct buf *b, const uint8_t *p, size_t n)
{
	if (n > 0)
		buf_adds(b, " ");
	while (n-- > 0)
		buf_addf(b, "%02x", *p++);
}

static void
add_option(struct buf *b, const struct option *o)
{
	const uint8_t *p = o->data;
	int i, len = o->len - 2;

	switch (o->kind) {
	case OPT_NOP:
		buf_adds(b, "nop");
		break;
	case OPT_MSS:
		buf_addf(b, "mss %u", get16(p));
		break;
	case OPT_WSCALE:
		buf_addf(b, "wscale %u", p[0]);
		break;
	case OPT_SACK_OK:
		buf_adds(b, "sackOK");
		break;
	case OPT_SACK:
		buf_adds(b, "sack");
		for (i = 0; i < len; i += 8)
			buf_addf(b, " %u:%u", get32(p + i), get32(p + i + 4));
		break;
	case OPT_TS:
		buf_addf(b, "TS val %u ecr %u", get32(p), get32(p + 4));
		break;
	case OPT_MD5:
	case OPT_FASTOPEN:
		buf_adds(b, o->kind == OPT_MD5 ? "md5" : "FO");
		add_hex(b, p, len);
		break;
	default:
		buf_addf(b, "kind %u", o->kind);
		add_hex(b, p, len);
	}
}

static void
add_options(struct buf *b, const struct segment *s)
{
	const char *sep = " <";
	struct option o;
	size_t at = 0;
	int rc;

	while ((rc = opt_next(s, &at, &o)) == 1) {
		buf_adds(b, sep);
		add_option(b, &o);
		sep = ",";
	}
	if (rc == -1) {
		buf_addf(b, "%sillegal", sep);
		add_hex(b, s->options + at, s->options_len - at);
		sep = ",";
	}
	if (*sep == ',')
		buf_adds(b, ">");
}

void
expect_learn_stamps(struct mapping *map, const struct script_packet *packet,
    const struct segment *live)
{
	const struct script_opt *o;
	struct option ts;

	STAILQ_FOREACH (o, &packet->opts, next)
		if (o->kind == OPT_TS && o->n == 2 && !o->num[0].any &&
		    opt_find(live, OPT_TS, &ts))
			mapping_learn_stamp(map, o->num[0].num, get32(ts.data));
}

void
script_notation_add(struct buf *b, const struct segment *s)
{
	add_flags(b, s->ctl);
	buf_addf(b, " %u:%u(%u)", s->seq, s->seq + s->text_len, s->text_len);
	if (s->ctl & CTL_ACK)
		buf_addf(b, " ack %u", s->ack);
	buf_addf(b, " win %u", s->wnd);
	if (s->ctl & CTL_URG)
		buf_addf(b, " urg %u", s->up);
	add_options(b, s);
}

/* ---- what is expected against what came ---- */

struct fields {
	struct field *v;
	size_t *n;
	bool ok; /* all so far */
};

static struct field *
add_field(struct fields *f, const char *name, bool ok)
{
	f->ok = f->ok && ok;
	if (*f->n == NFIELDS)
		return NULL;
	f->v[*f->n] = (struct field){ .name = name, .ok = ok };
	return &f->v[(*f->n)++];
}

static void
words(struct fields *f, const char *name, bool ok, const char *expected,
    const char *observed)
{
	struct field *field = add_field(f, name, ok);

	if (field == NULL)
		return;
	snprintf(field->expected, sizeof(field->expected), "%s", expected);
	snprintf(field->observed, sizeof(field->observed), "%s", observed);
}

static void
number(struct fields *f, const char *name, uint32_t expected, uint32_t observed)
{
	char e[32], o[32];

	snprintf(e, sizeof(e), "%u", expected);
	snprintf(o, sizeof(o), "%u", observed);
	words(f, name, expected == observed, e, o);
}

/* The same of a sequence number: how far off it is. */
static void
seq_number(struct fields *f, const char *name, uint32_t expected,
    uint32_t observed)
{
	int32_t off = seq_diff(observed, expected);
	struct field *field;

	number(f, name, expected, observed);
	field = &f->v[*f->n - 1];
	if (off != 0)
		snprintf(field->observed, sizeof(field->observed), "%u (%+d)",
		    observed, off);
}

static void
ctl(struct fields *f, uint16_t expected, uint16_t observed)
{
	struct buf e = { 0 }, o = { 0 };

	ctl_add_rfc(&e, expected);
	ctl_add_rfc(&o, observed);
	words(f, "ctl", expected == observed, e.len ? buf_str(&e) : "none",
	    o.len ? buf_str(&o) : "none");
	buf_free(&e);
	buf_free(&o);
}

static void
ip(struct fields *f, const struct script_ip *want, const struct segment *s)
{
	static const char *const ecn[] = { "noecn", "ect1", "ect0", "ce",
		"ect01" };
	uint8_t came = s->tos & 3;

	if (want->ecn != ECN_UNSAID)
		words(f, "ecn",
		    want->ecn == ECN_ECT01
			? came == ECN_ECT0 || came == ECN_ECT1
			: came == want->ecn,
		    ecn[want->ecn], ecn[came]);
	if (want->tos != -1)
		number(f, "tos", want->tos, s->tos);
	if (want->ttl != -1)
		number(f, "ttl", want->ttl, s->ttl);
	if (want->id != -1)
		number(f, "id", want->id, s->ip_id);
}

/* Is this number of the option one that is compared? */
static bool
counts(const struct script_opt *o, size_t i)
{
	/* TSval is a clock, and by default times are not judged */
	return !o->num[i].any && !(o->kind == OPT_TS && i == 0);
}

/* Of two options of one kind and length, the first as the script has it. */
static bool
same_option(const struct script_opt *o, const struct option *want,
    const struct option *came)
{
	size_t i, w = o->n > 0 ? (want->len - 2) / o->n : 0;

	if (o->n == 0 || o->octets != NULL)
		return memcmp(want->data, came->data,
			   want->len > 2 ? want->len - 2 : 0) == 0;
	for (i = 0; i < o->n; i++)
		if (counts(o, i) &&
		    memcmp(want->data + i * w, came->data + i * w, w) != 0)
			return false;
	return true;
}

/* All of them, in their order; EOL and what is behind it do not count. */
static bool
same_options(const struct script_packet *p, const struct segment *want,
    const struct segment *came)
{
	const struct script_opt *s = STAILQ_FIRST(&p->opts);
	struct option w, c;
	size_t at = 0, from = 0;
	int rw, rc;

	for (;; s = STAILQ_NEXT(s, next)) {
		rw = opt_next(want, &at, &w);
		rc = opt_next(came, &from, &c);
		if (rw != 1 || rc != 1)
			return rw == rc;
		if (w.kind != c.kind || w.len != c.len ||
		    !same_option(s, &w, &c))
			return false;
	}
}

static void
options(struct fields *f, const struct script_packet *p,
    const struct segment *want, const struct segment *came)
{
	struct buf e = { 0 }, o = { 0 };

	add_options(&e, want);
	add_options(&o, came);
	words(f, "options", same_options(p, want, came),
	    e.len ? e.p + 1 : "none", o.len ? o.p + 1 : "none");
	buf_free(&e);
	buf_free(&o);
}

bool
expect_compare(const struct script_packet *p, const struct segment *want,
    const struct segment *came, struct field fields[NFIELDS], size_t *nfields)
{
	struct fields f = { fields, nfields, true };

	*nfields = 0;
	ctl(&f, want->ctl, came->ctl);
	if (p->seq.how != SEQ_ANY && !p->seq.seq.any)
		seq_number(&f, "seq", want->seq, came->seq);
	if (!p->seq.len.any)
		number(&f, "len", want->text_len, came->text_len);
	if (p->has_ack && !p->ack.any && came->ctl & CTL_ACK)
		seq_number(&f, "ack", want->ack, came->ack);
	if (p->has_wnd && !p->wnd.any)
		number(&f, "win", want->wnd, came->wnd);
	if (p->has_up && !p->up.any)
		number(&f, "urg", want->up, came->up);
	if (!p->any_options)
		options(&f, p, want, came);
	ip(&f, &p->ip, came);
	return f.ok;
}
