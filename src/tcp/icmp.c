#include "base/table.h"
#include "tcp/icmp.h"

/* What types and codes mean. */
#define ANY 256 /* all codes of the type */
struct words {
	uint16_t type, code;
	const char *text;
};

/* RFC 792, RFC 1122 3.2.2.1, RFC 1812 5.2.7.1 */
static const struct words ip4[] = {
	{ 3, 0, "net unreachable" },
	{ 3, 1, "host unreachable" },
	{ 3, 2, "protocol unreachable" },
	{ 3, 3, "port unreachable" },
	{ 3, 4, "fragmentation needed" },
	{ 3, 5, "source route failed" },
	{ 3, 6, "net unknown" },
	{ 3, 7, "host unknown" },
	{ 3, 8, "source host isolated" },
	{ 3, 9, "net administratively prohibited" },
	{ 3, 10, "host administratively prohibited" },
	{ 3, 11, "net unreachable for this type of service" },
	{ 3, 12, "host unreachable for this type of service" },
	{ 3, 13, "administratively prohibited" },
	{ 3, 14, "host precedence violation" },
	{ 3, 15, "precedence cutoff" },
	{ 11, 0, "time exceeded in transit" },
	{ 11, 1, "time exceeded in reassembly" },
	{ 12, ANY, "parameter problem" },
};

/* RFC 4443 3; RFC 7112 5 */
static const struct words ip6[] = {
	{ 1, 0, "no route" },
	{ 1, 1, "administratively prohibited" },
	{ 1, 2, "beyond the scope of the source address" },
	{ 1, 3, "address unreachable" },
	{ 1, 4, "port unreachable" },
	{ 1, 5, "source address failed a policy" },
	{ 1, 6, "reject route" },
	{ 1, 7, "error in the source routing header" },
	{ 2, ANY, "packet too big" },
	{ 3, 0, "time exceeded in transit" },
	{ 3, 1, "time exceeded in reassembly" },
	{ 4, 0, "erroneous header field" },
	{ 4, 1, "unknown next header" },
	{ 4, 2, "unknown IPv6 option" },
	{ 4, 3, "incomplete header chain in the first fragment" },
};

static const char *
find(const struct words *w, size_t n, const struct icmp *m)
{
	for (; n > 0; n--, w++)
		if (w->type == m->type &&
		    (w->code == ANY || w->code == m->code))
			return w->text;
	return NULL;
}

void
icmp_add_text(struct buf *b, const struct icmp *m)
{
	const char *text = m->from.ip == 6 ? find(ip6, ARRAY_SIZE(ip6), m)
					   : find(ip4, ARRAY_SIZE(ip4), m);

	if (text != NULL)
		buf_adds(b, text);
	else
		buf_addf(b, "type %u, code %u", m->type, m->code);
	if (m->mtu > 0)
		buf_addf(b, ", MTU %u", m->mtu);
}
