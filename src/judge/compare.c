#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/table.h"
#include "judge/compare.h"
#include "tcp/notation.h"
#include "tcp/seq.h"

static bool
ctl_ok(const struct expected *want, const struct segment *s)
{
	return ((s->ctl ^ want->form->ctl) & ~want->form->ctl_may) == 0;
}

static bool
seq_ok(const struct expected *want, const struct segment *s)
{
	return want->form->seq == NULL || s->seq == want->seq;
}

static bool
ack_ok(const struct expected *want, const struct segment *s)
{
	return want->form->ack == NULL || s->ack == want->ack;
}

bool
compare_meets(const struct expected *want, const struct segment *s)
{
	return !want->form->none && ctl_ok(want, s) && seq_ok(want, s) &&
	       ack_ok(want, s);
}

int
compare_score(const struct expected *want, const struct passage *p)
{
	if (want->form->none)
		return 0;
	return 8 * (p->rel == REL_REPLY) + 4 * ack_ok(want, &p->seg) +
	       2 * ctl_ok(want, &p->seg) + seq_ok(want, &p->seg) +
	       4 * (p->seg.faults == 0);
}

static struct field *
add_field(struct judgement *j, const char *name, bool ok)
{
	struct field *f = &j->fields[j->nfields];

	if (j->nfields == NFIELDS)
		return NULL;
	j->nfields++;
	f->name = name;
	f->ok = ok;
	return f;
}

static void
set(char *to, size_t size, struct buf *b)
{
	snprintf(to, size, "%s", buf_str(b));
	buf_reset(b);
}

/* The bits of a form: "SYN,ACK,ECE?". */
static void
add_ctl(struct buf *b, const struct form *form)
{
	unsigned bit;

	ctl_add_rfc(b, form->ctl);
	for (bit = 1; bit <= CTL_AE; bit <<= 1)
		if (form->ctl_may & bit) {
			buf_adds(b, ",");
			ctl_add_rfc(b, bit);
			buf_adds(b, "?");
		}
}

void
compare_expected(struct judgement *j, const struct expected *want)
{
	struct buf b = { 0 };

	if (want->form->none) {
		buf_adds(&b, "none");
	} else {
		if (want->form->seq != NULL)
			buf_addf(&b, "<SEQ=%u>", want->seq);
		else
			buf_adds(&b, "<SEQ=any>");
		if (want->form->ack != NULL)
			buf_addf(&b, "<ACK=%u>", want->ack);
		buf_adds(&b, "<CTL=");
		add_ctl(&b, want->form);
		buf_adds(&b, ">");
	}
	set(j->expected, sizeof(j->expected), &b);
	buf_free(&b);
}

static void
ctl_field(struct judgement *j, const struct expected *want,
    const struct segment *s)
{
	struct field *f = add_field(j, "ctl", ctl_ok(want, s));
	struct buf b = { 0 };

	if (f == NULL)
		return;
	add_ctl(&b, want->form);
	set(f->expected, sizeof(f->expected), &b);
	if (s->ctl == 0)
		buf_adds(&b, "none");
	ctl_add_rfc(&b, s->ctl);
	set(f->observed, sizeof(f->observed), &b);
	buf_free(&b);
}

/* A number, the term it stands for, and how far off what came is. */
static void
number_field(struct judgement *j, const char *name, const char *term,
    uint32_t expected, uint32_t observed)
{
	struct field *f = add_field(j, name, expected == observed);
	int32_t off = seq_diff(observed, expected);

	if (f == NULL)
		return;
	if (term[0] >= '0' && term[0] <= '9')
		snprintf(f->expected, sizeof(f->expected), "%u", expected);
	else
		snprintf(f->expected, sizeof(f->expected), "%u (%.40s)",
		    expected, term);
	if (off != 0 && off >= -65536 && off <= 65536)
		snprintf(f->observed, sizeof(f->observed), "%u (%d too %s)",
		    observed, off < 0 ? -off : off, off < 0 ? "low" : "high");
	else
		snprintf(f->observed, sizeof(f->observed), "%u", observed);
}

void
compare_fields(struct judgement *j, const struct expected *want,
    const struct segment *s)
{
	if (want->form->none)
		return;
	ctl_field(j, want, s);
	if (want->form->seq != NULL)
		number_field(j, "seq", want->form->seq_text, want->seq, s->seq);
	if (want->form->ack != NULL)
		number_field(j, "ack", want->form->ack_text, want->ack, s->ack);
}

void
compare_presence(struct judgement *j, const struct expected *want,
    const struct segment *observed)
{
	struct field *f = add_field(j, "reply", false);
	struct buf b = { 0 };

	if (f == NULL)
		return;
	snprintf(f->expected, sizeof(f->expected), "%s",
	    want->form->none ? "none" : j->expected);
	if (observed != NULL)
		notation_add_rfc(&b, observed);
	else
		buf_adds(&b, "none");
	set(f->observed, sizeof(f->observed), &b);
	buf_free(&b);
}

const char *
compare_faults(struct judgement *j, const struct segment *s)
{
	static const struct {
		uint8_t faults;
		const char *name, *reason;
	} broken[] = {
		{ FAULT_CHECKSUM | FAULT_OFFLOAD, "checksum",
		    "the reply's TCP checksum is wrong: its receiver must "
		    "drop it" },
		{ FAULT_IP_CHECKSUM, "IP checksum",
		    "the reply's IP header checksum is wrong: its receiver "
		    "must drop it" },
		{ FAULT_OFFSET, "data offset",
		    "the reply's data offset is impossible" },
		{ FAULT_OPTION, "options",
		    "an option of the reply has an illegal length" },
	};
	const char *reason = NULL;
	struct field *f;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(broken); i++) {
		if (!(s->faults & broken[i].faults))
			continue;
		if (reason == NULL)
			reason = broken[i].reason;
		f = add_field(j, broken[i].name, false);
		if (f == NULL)
			continue;
		snprintf(f->expected, sizeof(f->expected), "right");
		if (i == 0)
			snprintf(f->observed, sizeof(f->observed),
			    "0x%04x, wrong", s->cksum);
		else
			snprintf(f->observed, sizeof(f->observed), "wrong");
	}
	return reason;
}

void
compare_port(struct judgement *j, const struct exchange *x,
    const struct segment *s)
{
	struct field *f = add_field(j, "source port", false);

	if (f == NULL)
		return;
	snprintf(f->expected, sizeof(f->expected), "%u", x->ours.dst.port);
	snprintf(f->observed, sizeof(f->observed), "%u", s->tuple.src.port);
}

void
compare_count(struct judgement *j, unsigned expected, unsigned observed)
{
	struct field *f = add_field(j, "count", false);

	if (f == NULL)
		return;
	snprintf(f->expected, sizeof(f->expected), "%u", expected);
	snprintf(f->observed, sizeof(f->observed), "%u", observed);
}

static bool
sees_ok(const struct outcome *o, const struct aftermath *after)
{
	return o->sees == NSEES || !after->has_user || after->sees == o->sees;
}

static bool
data_ok(const struct outcome *o, const struct situation *s,
    const struct aftermath *after)
{
	return o->data == NULL || !after->has_user ||
	       after->unread == expr_eval(o->data, s);
}

bool
compare_outcome_meets(const struct outcome *o, const struct situation *s,
    const struct aftermath *after)
{
	return after == NULL || (after->state == outcome_state(o, s) &&
				    sees_ok(o, after) && data_ok(o, s, after));
}

static void
words_field(struct judgement *j, const char *name, const char *expected,
    const char *observed)
{
	struct field *f = add_field(j, name, false);

	if (f == NULL)
		return;
	snprintf(f->expected, sizeof(f->expected), "%s", expected);
	snprintf(f->observed, sizeof(f->observed), "%s", observed);
}

void
compare_outcome(struct judgement *j, const struct outcome *o,
    const struct situation *s, const struct aftermath *after)
{
	char expected[16], observed[16];

	if (after == NULL)
		return;
	if (after->state != outcome_state(o, s))
		words_field(j, "next state", state_name(outcome_state(o, s)),
		    state_name(after->state));
	if (!sees_ok(o, after))
		words_field(j, "the user sees", sees_name(o->sees),
		    sees_name(after->sees));
	if (data_ok(o, s, after))
		return;
	snprintf(expected, sizeof(expected), "%u", expr_eval(o->data, s));
	snprintf(observed, sizeof(observed), "%u", after->unread);
	words_field(j, "octets to read", expected, observed);
}

void
compare_required(struct judgement *j, const struct reply *required,
    const struct expected *want, const struct situation *s,
    const struct aftermath *after)
{
	const struct segment *o = j->observed ? &j->observed->seg : NULL;

	if (want->form->none ? o != NULL : o == NULL)
		compare_presence(j, want, o);
	else if (o != NULL)
		compare_fields(j, want, o);
	compare_outcome(j, &required->outcome, s, after);
}
