/* What the grammar's actions do with packets: all but TCP's options. */
#include <ctype.h>
#include <string.h>

#include "base/table.h"
#include "script/script_parser.h"
#include "tcp/ctl.h"

void
script_begin_packet(struct script_parser *p, const struct script_location *at,
    bool out)
{
	struct script_packet *packet;

	packet = arena_alloc(&p->script->arena, sizeof(*packet));
	*packet = (struct script_packet){
		.out = out,
		.ip = { ECN_UNSAID, -1, -1, -1, -1 },
		.flags = "",
		.ace = -1,
		.icmp = { .mtu = -1, .id = -1 },
	};
	STAILQ_INIT(&packet->opts);
	p->packet = packet;
	p->event->what_pos = at->pos;
	p->event->kind = SCRIPT_PACKET;
	p->event->packet = packet;
}

static bool
any_in_options(const struct script_packet *packet)
{
	const struct script_opt *o;
	size_t i;

	STAILQ_FOREACH (o, &packet->opts, next)
		for (i = 0; i < o->n; i++)
			if (o->num[i].any)
				return true;
	return packet->any_options;
}

/* What is sent must be said. */
void
script_end_packet(struct script_parser *p, const struct script_location *at)
{
	const struct script_packet *packet = p->packet;

	if (packet->out)
		return;
	if (packet->ip.ecn == ECN_ECT01)
		script_error_at(p, at,
		    "a packet that is sent has ect0 or ect1, not ect01");
	if (packet->seq.how == SEQ_ANY || any_in_options(packet))
		script_error_at(p, at,
		    "... is for packets that are expected: one that is sent "
		    "needs numbers");
}

/* Headers that we read over: such a packet is for those who can skip it. */
void
script_foreign(struct script_parser *p, struct script_word w)
{
	static const struct {
		const char *word, *name;
	} names[] = {
		{ "ipv4", "IP in IP" },
		{ "ipv6", "IP in IP" },
		{ "gre", "GRE" },
		{ "GREv0", "GRE" },
		{ "mpls", "MPLS" },
		{ "psp", "PSP" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (script_word_is(w, names[i].word))
			p->packet->foreign = names[i].name;
	if (p->packet->foreign == NULL)
		p->packet->foreign = script_copy(p, w);
}

void
script_ports(struct script_parser *p, const struct script_location *sport_at,
    const struct script_location *dport_at, struct script_word sport,
    struct script_word dport)
{
	struct script_packet *packet = p->packet;

	packet->ports = true;
	packet->sport = script_uint(p, sport_at, sport, UINT16_MAX, "a port");
	packet->dport = script_uint(p, dport_at, dport, UINT16_MAX, "a port");
}

struct script_udp
script_udp(struct script_parser *p, const struct script_location *sport_at,
    const struct script_location *dport_at, struct script_word sport,
    struct script_word dport)
{
	return (struct script_udp){ .said = true,
		.sport = script_uint(p, sport_at, sport, UINT16_MAX, "a port"),
		.dport =
		    script_uint(p, dport_at, dport, UINT16_MAX, "a port") };
}

/* The bit of a letter of tcpdump's, or 0. */
static uint16_t
ctl_by_letter(char c)
{
	static const struct {
		char letter;
		uint16_t ctl;
	} letters[] = {
		{ 'F', CTL_FIN },
		{ 'S', CTL_SYN },
		{ 'R', CTL_RST },
		{ 'P', CTL_PSH },
		{ '.', CTL_ACK },
		{ 'U', CTL_URG },
		{ 'E', CTL_ECE },
		{ 'W', CTL_CWR },
		{ 'A', CTL_AE },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(letters); i++)
		if (letters[i].letter == c)
			return letters[i].ctl;
	return 0;
}

/* AccECN's counter: AE, CWR and ECE are the bits of one number. */
static uint16_t
ctl_by_ace(int ace)
{
	return (ace & 4 ? CTL_AE : 0) | (ace & 2 ? CTL_CWR : 0) |
	       (ace & 1 ? CTL_ECE : 0);
}

/* The flags are all that stands there, as in "S." or ".5"; "-" is none. */
void
script_flags(struct script_parser *p, const struct script_location *at,
    struct script_word w)
{
	struct script_packet *packet = p->packet;
	size_t i;

	packet->flags = script_folded(p, w);
	if (script_word_is(w, "-"))
		return;
	for (i = 0; i < w.len; i++) {
		if (ctl_by_letter(w.p[i]) != 0) {
			packet->ctl |= ctl_by_letter(w.p[i]);
		} else if (w.p[i] >= '0' && w.p[i] <= '7' &&
			   packet->ace == -1) {
			packet->ace = w.p[i] - '0';
		} else if (!isspace((unsigned char)w.p[i])) {
			script_error_at(p, at,
			    "%.40s are no flags: they are of F S R P . U E W "
			    "A and one digit up to 7, or -",
			    packet->flags);
			return;
		}
	}
	if (packet->ace == -1)
		return;
	if (packet->ctl & (CTL_ECE | CTL_CWR | CTL_AE))
		script_error_at(p, at,
		    "%.40s: the digit stands for E, W and A, say it one way",
		    packet->flags);
	packet->ctl |= ctl_by_ace(packet->ace);
}

void
script_begin_words(struct script_parser *p)
{
	p->words.n = 0;
}

void
script_add_word(struct script_parser *p, const struct script_location *at,
    struct script_word w)
{
	struct script_words *words = &p->words;

	if (words->n == ARRAY_SIZE(words->word))
		return;
	words->at[words->n] = *at;
	words->word[words->n++] = w;
}

static bool
set_ecn(struct script_ip *ip, struct script_word w)
{
	static const char *const names[] = {
		[ECN_NOT_ECT] = "noecn",
		[ECN_ECT0] = "ect0",
		[ECN_ECT1] = "ect1",
		[ECN_CE] = "ce",
		[ECN_ECT01] = "ect01",
	};
	enum script_ecn ecn;

	for (ecn = 0; ecn < ARRAY_SIZE(names); ecn++)
		if (script_word_is(w, names[ecn])) {
			ip->ecn = ecn;
			return true;
		}
	return false;
}

/* One field of the IP header: "ect0", "ttl 64". */
void
script_end_ip(struct script_parser *p, const struct script_location *at)
{
	struct script_ip *ip = &p->packet->ip;
	struct script_word name = p->words.word[0], v = p->words.word[1];
	const struct script_location *v_at = &p->words.at[1];

	if (p->words.n == 1) {
		if (!set_ecn(ip, name))
			script_error_at(p, at,
			    "%.*s is not said of IP: write noecn, ect0, ect1, "
			    "ect01 or ce",
			    name.len < 40 ? (int)name.len : 40, name.p);
	} else if (script_word_is(name, "tos") ||
		   script_word_is(name, "class")) {
		ip->tos = script_uint(p, v_at, v, UINT8_MAX, "tos");
	} else if (script_word_is(name, "ttl") ||
		   script_word_is(name, "hlim")) {
		ip->ttl = script_uint(p, v_at, v, UINT8_MAX, "ttl");
	} else if (script_word_is(name, "id")) {
		ip->id = script_uint(p, v_at, v, UINT16_MAX, "id");
	} else if (script_word_is(name, "flowlabel")) {
		ip->flowlabel = script_uint(p, v_at, v, 0xfffff, "flowlabel");
	} else {
		script_error_at(p, at,
		    "IP has no field %.*s here: write tos, ttl, id or "
		    "flowlabel",
		    name.len < 40 ? (int)name.len : 40, name.p);
	}
}

void
script_quote(struct script_parser *p, enum script_proto proto,
    struct script_range seq, struct script_udp udp)
{
	struct script_icmp *icmp = &p->packet->icmp;

	icmp->quoted = true;
	icmp->proto = proto;
	icmp->seq = seq;
	icmp->udp = udp;
}
