#include <string.h>

#include "base/clock.h"
#include "run/host.h"

/* ---- the link ---- */

static int
refuse(const struct addr *a, const char *why, struct err *e)
{
	struct buf b = { 0 };

	addr_add(&b, a);
	err_set(e, ERR_USAGE, "%s %s", buf_str(&b), why);
	buf_free(&b);
	return -1;
}

/* Is it an address of this link that nobody has here? */
static int
check_addr(struct host *h, const struct addr *a, struct err *e)
{
	bool own;

	if (route_find(&h->link, a, h->o->ifname, e) == -1 ||
	    route_is_own(a, &own, e) == -1)
		return -1;
	if (own)
		return refuse(a,
		    "is this machine's own, and its kernel would answer, too: "
		    "name an address of the link that nobody has",
		    e);
	if (!h->link.ethernet)
		return refuse(a, "is not on an Ethernet link", e);
	if (!addr_eq(&h->link.hop, a))
		return refuse(a,
		    "is behind a gateway: nobody there would ask here for it; "
		    "name an address of a link, or the link with --interface",
		    e);
	return 0;
}

static int
open_link(struct host *h, struct err *e)
{
	char first[IF_NAMESIZE] = "";
	size_t i;

	for (i = 0; i < h->o->n; i++) {
		if (check_addr(h, &h->o->addrs[i], e) == -1)
			return -1;
		if (i > 0 && strcmp(first, h->link.ifname) != 0)
			return refuse(&h->o->addrs[i],
			    "is not on the link of the first address", e);
		memcpy(first, h->link.ifname, sizeof(first));
	}
	return 0;
}

static int
open_ends(struct host *h, struct err *e)
{
	static const uint8_t nobody[6];
	struct buf filter = { 0 };
	size_t i;
	int rc;

	buf_adds(&filter, "arp or icmp6 or ((tcp or icmp) and (");
	for (i = 0; i < h->o->n; i++) {
		buf_adds(&filter, i > 0 ? " or dst host " : "dst host ");
		addr_add(&filter, &h->o->addrs[i]);
	}
	buf_adds(&filter, "))");
	rc = sniff_open_live(&h->sniff, h->link.ifname, buf_str(&filter), e);
	buf_free(&filter);
	if (rc == -1 || sniff_inbound(h->sniff, e) == -1 ||
	    craft_open(&h->craft, h->link.ifname, h->link.mac, nobody, e) == -1)
		return -1;
	sniff_keep(h->sniff, h->dump);
	for (i = 0; i < h->o->n; i++)
		if (craft_join(h->craft, &h->o->addrs[i], e) == -1)
			return -1;
	return 0;
}

int
host_open(struct host *h, const struct host_options *o, struct err *e)
{
	struct err ignored;

	memset(h, 0, sizeof(*h));
	h->o = o;
	if (open_link(h, e) == 0 &&
	    (o->pcap == NULL || dump_open(&h->dump, o->pcap, e) == 0) &&
	    open_ends(h, e) == 0)
		return 0;
	host_close(h, &ignored);
	return -1;
}

int
host_close(struct host *h, struct err *e)
{
	int rc = dump_close(h->dump, e);

	craft_close(h->craft);
	sniff_close(h->sniff);
	memset(h, 0, sizeof(*h));
	return rc;
}

/* ---- what comes and goes ---- */

static bool
is_ours(const struct host *h, const struct addr *a)
{
	size_t i;

	for (i = 0; i < h->o->n; i++)
		if (addr_eq(&h->o->addrs[i], a))
			return true;
	return false;
}

static int
put(struct host *h, const uint8_t *frame, size_t len, int64_t when,
    struct err *e)
{
	if (h->dump != NULL)
		dump_frame(h->dump, when, frame, len);
	return craft_send(h->craft, e);
}

int
host_send(struct host *h, const uint8_t mac[6], struct segment *seg,
    struct err *e)
{
	const uint8_t *frame;
	size_t len;

	craft_set_dst(h->craft, mac);
	if (craft_build(h->craft, seg, &frame, &len, e) == -1)
		return -1;
	seg->when = clock_wall();
	return put(h, frame, len, seg->when, e);
}

/* Somebody asks who has an address of ours. */
static int
tell(struct host *h, const struct neighbour *n, struct err *e)
{
	static const uint8_t none[6];
	const uint8_t *frame;
	size_t len;

	/* who does not say where it is only looks for doubles of its address */
	if (!n->asks || !is_ours(h, &n->target) ||
	    memcmp(n->mac, none, sizeof(none)) == 0)
		return 0;
	if (craft_build_tell(h->craft, &n->target, &n->sender, n->mac, &frame,
		&len, e) == -1)
		return -1;
	return put(h, frame, len, clock_wall(), e);
}

static int
pong(struct host *h, const struct sight *s, struct err *e)
{
	struct echo reply = s->echo;
	const uint8_t *frame;
	size_t len;

	if (!is_ours(h, &reply.to) || addr_is_group(&reply.from) ||
	    reply.len > CRAFT_ECHO_MAX)
		return 0;
	reply.from = s->echo.to;
	reply.to = s->echo.from;
	craft_set_dst(h->craft, s->mac);
	if (craft_build_echo(h->craft, &reply, &frame, &len, e) == -1)
		return -1;
	return put(h, frame, len, clock_wall(), e);
}

int
host_next(struct host *h, struct sight *s, int64_t deadline, struct err *e)
{
	int rc;

	while ((rc = sniff_see(h->sniff, s, deadline, e)) == 1) {
		switch (s->kind) {
		case SIGHT_SEGMENT:
			if (!is_ours(h, &s->seg.tuple.dst.addr))
				break;
			/* between namespaces a kernel leaves the sum to a
			   device that is not there, and trusts it itself */
			s->seg.faults &= ~FAULT_OFFLOAD;
			return 1;
		case SIGHT_NEIGHBOUR:
			rc = tell(h, &s->neighbour, e);
			break;
		case SIGHT_ECHO:
			rc = pong(h, s, e);
			break;
		case SIGHT_ICMP:
			break;
		}
		if (rc == -1)
			return -1;
		/* a flood of them must not hold us for ever */
		if (clock_mono() >= deadline)
			return 0;
	}
	return rc;
}
