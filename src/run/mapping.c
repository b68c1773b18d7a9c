#include "run/mapping.h"

#include "base/octets.h"
#include "tcp/option.h"

uint32_t
mapping_live(const struct space *s, bool syn, uint32_t script)
{
	return s->known ? script + s->live - (syn ? s->script : 0) : script;
}

uint32_t
mapping_script(const struct space *s, bool syn, uint32_t live)
{
	return s->known ? live - s->live + (syn ? s->script : 0) : live;
}

void
mapping_learn(struct space *s, uint32_t script, uint32_t live)
{
	*s = (struct space){ true, script, live };
}

void
mapping_learn_stamp(struct mapping *m, uint32_t script, uint32_t live)
{
	struct mapping_stamp stamp = { script, live };

	if (m->nstamps == 0)
		m->first = stamp;
	m->stamps[m->nstamps++ % MAPPING_STAMPS] = stamp;
}

/* The TSval on the wire: the last that the script calls so, or a guess. */
static uint32_t
live_stamp(const struct mapping *m, uint32_t script)
{
	size_t i, n = m->nstamps;

	for (i = n; i-- > 0 && n - i <= MAPPING_STAMPS;)
		if (m->stamps[i % MAPPING_STAMPS].script == script)
			return m->stamps[i % MAPPING_STAMPS].live;
	return n > 0 ? script - m->first.script + m->first.live : script;
}

typedef uint32_t convert(const struct space *, bool syn, uint32_t);

/* What seq and ack and SACK count: the sender's and the other's numbers. */
static void
convert_numbers(struct segment *s, const struct space *sender,
    const struct space *other, convert *to)
{
	bool syn = s->ctl & CTL_SYN;
	struct option o;
	size_t at = 0;
	uint8_t *p;
	int i;

	s->seq = to(sender, syn, s->seq);
	if (s->ctl & CTL_ACK)
		s->ack = to(other, syn, s->ack);
	while (opt_next(s, &at, &o) == 1)
		for (i = 0; o.kind == OPT_SACK && i < o.len - 2; i += 4) {
			p = s->options + (o.data - s->options) + i;
			put32(p, to(other, syn, get32(p)));
		}
}

void
mapping_to_live(const struct mapping *m, struct segment *s)
{
	struct option ts;
	uint8_t *ecr;

	convert_numbers(s, &m->ours, &m->theirs, mapping_live);
	if (s->ctl & CTL_ACK && opt_find(s, OPT_TS, &ts)) {
		ecr = s->options + (ts.data - s->options) + 4;
		put32(ecr, live_stamp(m, get32(ecr)));
	}
}

void
mapping_to_script(const struct mapping *m, struct segment *s)
{
	struct option ts;
	uint8_t *val;

	convert_numbers(s, &m->theirs, &m->ours, mapping_script);
	if (m->nstamps > 0 && opt_find(s, OPT_TS, &ts)) {
		val = s->options + (ts.data - s->options);
		put32(val, get32(val) - m->first.live + m->first.script);
	}
}
