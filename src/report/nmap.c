/*
 * What nmap(1) writes of an answer in the T lines of its fingerprints, so that
 * the two can be laid side by side: nmap/t4(R=Y%W=0%S=A%A=Z%F=R). S and A are
 * the answer's numbers against those of the probe. T, TG, O and Q are left
 * out: no rule speaks of them. The terms are those of nmap's book, "TCP/IP
 * Fingerprinting Methods".
 */
#include "base/buf.h"
#include "base/table.h"
#include "report/report.h"

/* Of the first segment that stands so to the stimulus; NULL: none does. */
static const struct segment *
find(const struct exchange *x, enum relation rel)
{
	const struct passage *p;

	for (p = x->passages; p < x->passages + x->n; p++)
		if (p->rel == rel)
			return &p->seg;
	return NULL;
}

/* A number of the answer: zero, the probe's, that plus 1, or another. */
static const char *
against(uint32_t n, uint32_t probe, const char *same, const char *plus)
{
	return n == 0 ? "Z" : n == probe ? same : n == probe + 1 ? plus : "O";
}

static void
add_bits(struct buf *b, uint16_t ctl)
{
	static const struct {
		uint16_t bit;
		const char *letter;
	} bits[] = {
		{ CTL_ECE, "E" },
		{ CTL_URG, "U" },
		{ CTL_ACK, "A" },
		{ CTL_PSH, "P" },
		{ CTL_RST, "R" },
		{ CTL_SYN, "S" },
		{ CTL_FIN, "F" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bits); i++)
		if (ctl & bits[i].bit)
			buf_adds(b, bits[i].letter);
}

static void
nmap_one(const struct report_options *o, size_t number,
    const struct report_case *c)
{
	const struct segment *probe = find(c->x, REL_STIMULUS);
	const struct segment *answer = c->j->observed != NULL
					   ? &c->j->observed->seg
					   : find(c->x, REL_REPLY);
	struct buf b = { 0 };

	(void)number;
	if (probe == NULL)
		return;
	if (answer == NULL) {
		buf_addf(&b, "%s(R=N)\n", c->id);
	} else {
		buf_addf(&b, "%s(R=Y%%W=%X%%S=%s%%A=%s%%F=", c->id, answer->wnd,
		    against(answer->seq, probe->ack, "A", "A+"),
		    against(answer->ack, probe->seq, "S", "S+"));
		add_bits(&b, answer->ctl);
		buf_adds(&b, ")\n");
	}
	fwrite(b.p, 1, b.len, o->out);
	buf_free(&b);
}

static void
nmap_head(const struct report_options *o, const struct report_head *h)
{
	(void)o;
	(void)h;
}

static void
nmap_tail(const struct report_options *o, const struct report_tail *t)
{
	(void)o;
	(void)t;
}

const struct report_format report_nmap = {
	.name = "nmap",
	.head = nmap_head,
	.one = nmap_one,
	.tail = nmap_tail,
};
