/* What an ICMP error does in a lesson: somebody on the wire says no. */
#include "base/buf.h"
#include "base/clock.h"
#include "run/lesson_play.h"
#include "tcp/icmp.h"

/* Who says so: a router between the two, of documentation's addresses too. */
#define BETWEEN4 "203.0.113.1"
#define BETWEEN6 "2001:db8:f::1"

static int
nonsense(struct lesson *l, const char *what)
{
	return err_set(l->e, ERR_USAGE, "%s:%d: %s", l->lab->file,
	    l->item->pos.line, what);
}

/* The message, which quotes a segment that the side has sent. */
static int
read_icmp(struct lesson *l, const struct script_icmp *said, enum lesson_side to,
    struct icmp *m)
{
	const struct lesson_conn *c = l->conn;
	struct segment quoted = { .seq = said->seq.seq.num };

	*m = (struct icmp){ .mtu = said->mtu > 0 ? said->mtu : 0,
		.to = c->ends[to].at.addr,
		.probe = { c->ends[to].at, c->ends[lesson_other(to)].at } };
	if (script_icmp_numbers(said, l->options->ip, &m->type, &m->code) == -1)
		return nonsense(l, "ICMP has no such type or code here");
	if (said->quoted && said->proto != PROTO_TCP)
		return nonsense(l, "ICMP can quote a segment of TCP only");
	lesson_live(c, to, &quoted);
	m->seq = quoted.seq;
	if (addr_parse(&m->from, l->options->ip == 4 ? BETWEEN4 : BETWEEN6) ==
	    -1)
		return nonsense(l, "there is nobody to say it");
	return 0;
}

int
lesson_icmp(struct lesson *l, const struct lab_item *item)
{
	const struct script_packet *p = item->event->packet;
	enum lesson_side to = lesson_side(item);
	struct lesson_event ev = { .kind = LESSON_ICMP, .side = to };
	struct buf text = { 0 };
	struct icmp m;

	if (p->proto != PROTO_ICMP || p->out)
		return nonsense(l, "a lesson's packets are TCP's, or < icmp");
	if (lesson_listen(l, 0) == -1 || read_icmp(l, &p->icmp, to, &m) == -1 ||
	    pair_forge_icmp(l->pair, (enum pair_side)to, &m,
		p->icmp.seq.len.num, l->e) == -1)
		return -1;
	ev.when = m.when - l->began;
	buf_adds(&text, "ICMP ");
	icmp_add_text(&text, &m);
	ev.text = lesson_text(l, "%s", buf_str(&text));
	buf_free(&text);
	if (lesson_fence(l, to) == -1 || lesson_states(l, l->conn, &ev) == -1)
		return -1;
	ev.seg.tuple.src.addr = m.from;
	ev.seg.tuple.dst.addr = m.to;
	lesson_note(l, &ev);
	return 0;
}
