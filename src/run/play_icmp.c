/* ICMP errors that a script injects. */
#include "base/clock.h"
#include "base/table.h"
#include "run/player.h"

/* The types that tell of an error, and so quote a segment. */
static bool
is_error(int ip, uint8_t type)
{
	static const struct {
		int ip;
		uint8_t type;
	} errors[] = { { 4, 3 }, { 4, 4 }, { 4, 11 }, { 4, 12 }, { 6, 1 },
		{ 6, 2 }, { 6, 3 }, { 6, 4 } };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(errors); i++)
		if (errors[i].ip == ip && errors[i].type == type)
			return true;
	return false;
}

int
player_check_icmp(struct player *p, const struct script_packet *packet)
{
	const struct script_icmp *icmp = &packet->icmp;
	uint8_t type, code;

	if (packet->out)
		return player_stop(p, V_SKIP, "ICMP is not expected here");
	if (p->options->remote != NULL)
		return player_stop(p, V_SKIP,
		    "ICMP is not injected on the way to a remote stack");
	if (script_icmp_numbers(icmp, p->staging.ip, &type, &code) == -1)
		return player_stop(p, V_SKIP,
		    "ICMP by IPv%u has no type or code of that name",
		    p->staging.ip);
	if (!is_error(p->staging.ip, type))
		return player_stop(p, V_SKIP,
		    "of ICMP only errors about segments are injected here");
	if (icmp->quoted && (icmp->proto != PROTO_TCP || icmp->udp.said))
		return player_stop(p, V_SKIP,
		    "ICMP that quotes no TCP is not built here");
	return 0;
}

int
player_inject_icmp(struct player *p, const struct script_event *ev)
{
	struct player_group *g = player_group(p, ev->connection);
	const struct script_icmp *said = &ev->packet->icmp;
	struct icmp icmp = { .mtu = said->mtu > 0 ? said->mtu : 0 };
	struct err e;

	if (player_listen(p, clock_mono()) == -1)
		return -1;
	p->asked = NULL;
	if (g->current == NULL)
		return player_stop(p, V_ERROR,
		    "ICMP quotes a segment of a connection, and there is none");
	script_icmp_numbers(said, p->staging.ip, &icmp.type, &icmp.code);
	icmp.probe = tuple_reverse(&g->current->ours);
	icmp.from = icmp.probe.dst.addr;
	icmp.to = icmp.probe.src.addr;
	icmp.seq = said->seq.seq.num;
	if (said->seq.how != SEQ_ABSOLUTE)
		icmp.seq =
		    mapping_live(&g->current->map.theirs, false, icmp.seq);
	if (player_send_icmp(p, &icmp, said->seq.len.num, &e) == -1)
		return player_broken(p, &e);
	return 0;
}
