/* The names that scripts have for ICMP's types and codes. */
#include <string.h>

#include "base/table.h"
#include "script/script_parser.h"

struct icmp_name {
	int ip;
	uint8_t number;
	const char *name;
};

/* RFC 792, RFC 950 and RFC 4443. */
static const struct icmp_name types[] = {
	{ 4, 0, "echo_reply" },
	{ 4, 3, "unreachable" },
	{ 4, 4, "source_quench" },
	{ 4, 5, "redirect" },
	{ 4, 8, "echo_request" },
	{ 4, 11, "time_exceeded" },
	{ 4, 12, "parameter_problem" },
	{ 4, 13, "timestamp_request" },
	{ 4, 14, "timestamp_reply" },
	{ 4, 15, "information_request" },
	{ 4, 16, "information_reply" },
	{ 4, 17, "address_mask_request" },
	{ 4, 18, "address_mask_reply" },
	{ 6, 1, "unreachable" },
	{ 6, 2, "packet_too_big" },
	{ 6, 3, "time_exceeded" },
	{ 6, 4, "parameter_problem" },
	{ 6, 128, "echo_request" },
	{ 6, 129, "echo_reply" },
};

/* Codes by their type: also RFC 1122 and RFC 1812. */
static const struct icmp_code {
	uint8_t type;
	struct icmp_name name;
} codes[] = {
	{ 3, { 4, 0, "net_unreachable" } },
	{ 3, { 4, 1, "host_unreachable" } },
	{ 3, { 4, 2, "protocol_unreachable" } },
	{ 3, { 4, 3, "port_unreachable" } },
	{ 3, { 4, 4, "frag_needed" } },
	{ 3, { 4, 5, "source_route_failed" } },
	{ 3, { 4, 6, "net_unknown" } },
	{ 3, { 4, 7, "host_unknown" } },
	{ 3, { 4, 8, "source_host_isolated" } },
	{ 3, { 4, 9, "net_prohibited" } },
	{ 3, { 4, 10, "host_prohibited" } },
	{ 3, { 4, 11, "net_unreachable_for_tos" } },
	{ 3, { 4, 12, "host_unreachable_for_tos" } },
	{ 3, { 4, 13, "packet_filtered" } },
	{ 3, { 4, 14, "precedence_violation" } },
	{ 3, { 4, 15, "precedence_cutoff" } },
	{ 11, { 4, 0, "ttl_exceeded_in_transit" } },
	{ 11, { 4, 1, "frag_reass_exceeded" } },
	{ 1, { 6, 0, "net_unreachable" } },
	{ 1, { 6, 0, "no_route" } },
	{ 1, { 6, 1, "admin_prohibited" } },
	{ 1, { 6, 2, "not_neighbour" } },
	{ 1, { 6, 3, "address_unreachable" } },
	{ 1, { 6, 4, "port_unreachable" } },
	{ 3, { 6, 0, "exceeded_hop_limit" } },
	{ 3, { 6, 1, "exceeded_frag_time" } },
	{ 4, { 6, 0, "header_field" } },
	{ 4, { 6, 1, "unknown_next_header" } },
	{ 4, { 6, 2, "unknown_option" } },
};

static bool
is(const struct icmp_name *n, int ip, const char *name)
{
	return n->ip == ip && strcmp(n->name, name) == 0;
}

int
script_icmp_numbers(const struct script_icmp *icmp, int ip, uint8_t *type,
    uint8_t *code)
{
	const char *number = icmp->code;
	uint64_t n;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(types); i++)
		if (is(&types[i], ip, icmp->type))
			break;
	if (i == ARRAY_SIZE(types))
		return -1;
	*type = types[i].number;
	*code = 0;
	if (icmp->code == NULL)
		return 0;
	for (i = 0; i < ARRAY_SIZE(codes); i++)
		if (codes[i].type == *type &&
		    is(&codes[i].name, ip, icmp->code)) {
			*code = codes[i].name.number;
			return 0;
		}
	if (strncmp(number, "code_", 5) != 0)
		return -1;
	number += 5;
	if (!script_digits((struct script_word){ number, strlen(number) },
		&n) ||
	    n > UINT8_MAX)
		return -1;
	*code = n;
	return 0;
}
