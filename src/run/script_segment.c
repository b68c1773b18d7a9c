/* A packet of a script as a segment, in the script's numbers. */
#include <string.h>

#include "base/octets.h"
#include "base/table.h"
#include "run/expect.h"
#include "rules/term.h"
#include "tcp/option.h"

#define WINDOW 65535 /* of what is injected without one */

/* What a number counts. */
enum counts { COUNTS_OWN, COUNTS_OTHER, COUNTS_PLAIN };

/* Its value in the script's numbers; sent: by us. */
static int
resolve(uint32_t *v, const struct script_num *num, enum counts counts,
    const struct script_packet *p, const struct expect_context *c,
    struct err *e)
{
	const struct space *s = &c->map->ours;
	bool absolute = num->term != NULL;

	*v = num->any ? 0 : num->num;
	if (num->term != NULL && term_eval(v, num->term, c->situation, e) == -1)
		return -1;
	/* of "!" the numbers of the sender are those of the wire */
	if (counts == COUNTS_OWN && p->seq.how == SEQ_ABSOLUTE)
		absolute = true;
	if ((counts == COUNTS_OWN) == p->out)
		s = &c->map->theirs;
	if (absolute && counts != COUNTS_PLAIN)
		*v = mapping_script(s, p->ctl & CTL_SYN, *v);
	return 0;
}

/* How wide the numbers of an option are. */
static size_t
width(uint8_t kind)
{
	static const struct {
		uint8_t kind, width;
	} widths[] = {
		{ OPT_MSS, 2 },
		{ OPT_WSCALE, 1 },
		{ 172, 3 }, /* AccECN, RFC 9768 */
		{ 174, 3 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(widths); i++)
		if (widths[i].kind == kind)
			return widths[i].width;
	return 4;
}

static int
add_option(struct segment *s, const struct script_opt *o,
    const struct script_packet *p, const struct expect_context *c,
    struct err *e)
{
	enum counts counts = o->kind == OPT_SACK ? COUNTS_OTHER : COUNTS_PLAIN;
	uint8_t octets[2 + 2 * SEG_OPTIONS_MAX] = { o->kind }, be[4];
	size_t i, w = width(o->kind), len = 2;
	uint32_t v;

	if ((o->kind == OPT_EOL || o->kind == OPT_NOP) && o->octets == NULL)
		return opt_add_raw(s, octets, 1);
	if (o->exid != 0) {
		put16(octets + len, o->exid);
		len += 2;
	}
	for (i = 0; i < o->n; i++, len += w) {
		if (resolve(&v, &o->num[i], counts, p, c, e) == -1)
			return -1;
		put32(be, v);
		memcpy(octets + len, be + 4 - w, w);
	}
	if (o->len > SEG_OPTIONS_MAX)
		return err_set(e, ERR_USAGE, "an option is too long");
	if (o->len > 0)
		memcpy(octets + len, o->octets, o->len);
	len += o->len;
	octets[1] = len;
	if (opt_add_raw(s, octets, len) == -1)
		return err_set(e, ERR_USAGE,
		    "the options exceed the 40 octets of a header");
	return 0;
}

static void
set_ip(struct segment *s, const struct script_ip *ip)
{
	if (ip->tos != -1)
		s->tos = ip->tos;
	if (ip->ecn <= ECN_CE)
		s->tos = (s->tos & ~3) | ip->ecn;
	if (ip->ttl != -1)
		s->ttl = ip->ttl;
	if (ip->id != -1)
		s->ip_id = ip->id;
}

int
expect_segment(struct segment *s, const struct script_packet *p,
    const struct expect_context *c, struct err *e)
{
	const struct script_opt *o;
	uint32_t wnd = WINDOW, up = 0;

	memset(s, 0, sizeof(*s));
	s->ctl = p->ctl;
	set_ip(s, &p->ip);
	if (resolve(&s->seq, &p->seq.seq, COUNTS_OWN, p, c, e) == -1 ||
	    resolve(&s->text_len, &p->seq.len, COUNTS_PLAIN, p, c, e) == -1 ||
	    (p->has_ack &&
		resolve(&s->ack, &p->ack, COUNTS_OTHER, p, c, e) == -1) ||
	    (p->has_wnd &&
		resolve(&wnd, &p->wnd, COUNTS_PLAIN, p, c, e) == -1) ||
	    (p->has_up && resolve(&up, &p->up, COUNTS_PLAIN, p, c, e) == -1))
		return -1;
	s->wnd = wnd;
	s->up = up;
	STAILQ_FOREACH (o, &p->opts, next)
		if (add_option(s, o, p, c, e) == -1)
			return -1;
	return 0;
}
