#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "path/port.h"
#include "run/wire.h"

/*
 * What comes from the host, what others say of our probes, and what concerns
 * the link address of `ours`.
 */
#define FILTER	 "(tcp and (src host %s or src host %s)) or arp or icmp or icmp6"
#define ETHERNET 14 /* octets of its header */
#define ASKS	 3
#define TAKES	 100 /* ports that are tried */
#define ASK_WAIT (NSEC_PER_SEC / ASKS)

static int
send_frame(struct wire *w, const uint8_t *frame, size_t len, struct err *e)
{
	if (w->dump != NULL)
		dump_frame(w->dump, clock_wall(), frame, len);
	return craft_send(w->craft, e);
}

int
wire_check(struct wire *w, const struct segment *seg, struct err *e)
{
	const uint8_t *frame;
	size_t len;

	if (craft_build(w->craft, seg, &frame, &len, e) == -1)
		return -1;
	len -= ETHERNET;
	if (len <= w->route.mtu)
		return 0;
	return err_set(e, ERR_USAGE,
	    "a packet of %zu octets exceeds the MTU of %u on %s", len,
	    w->route.mtu, w->route.ifname);
}

int
wire_send(struct wire *w, struct segment *seg, struct err *e)
{
	const uint8_t *frame;
	size_t len;

	if (w->ours6.ip != 0)
		craft_set_dst(w->craft, w->mac[seg->tuple.dst.addr.ip == 6]);
	if (craft_build(w->craft, seg, &frame, &len, e) == -1)
		return -1;
	seg->when = clock_wall();
	if (w->dump != NULL)
		dump_frame(w->dump, seg->when, frame, len);
	return craft_send(w->craft, e);
}

static bool
is_our_addr(const struct wire *w, const struct addr *a)
{
	return addr_eq(a, &w->ours) ||
	       (w->ours6.ip != 0 && addr_eq(a, &w->ours6));
}

/* Somebody asks who has our address: no kernel but we can tell. */
static int
tell(struct wire *w, const struct neighbour *n, struct err *e)
{
	static const uint8_t none[6];
	const uint8_t *frame;
	size_t len;

	/* who does not say where it is only looks for doubles of its address */
	if (w->own || w->raw || !n->asks || !is_our_addr(w, &n->target) ||
	    memcmp(n->mac, none, sizeof(none)) == 0)
		return 0;
	if (craft_build_tell(w->craft, &n->target, &n->sender, n->mac, &frame,
		&len, e) == -1)
		return -1;
	return send_frame(w, frame, len, e);
}

/* Does it concern us? */
static bool
is_ours(const struct wire *w, const struct sight *s)
{
	switch (s->kind) {
	case SIGHT_SEGMENT:
		return is_our_addr(w, &s->seg.tuple.dst.addr);
	case SIGHT_ICMP:
		return is_our_addr(w, &s->icmp.to) &&
		       is_our_addr(w, &s->icmp.probe.src.addr);
	default:
		return false;
	}
}

int
wire_next(struct wire *w, struct sight *s, int64_t deadline, struct err *e)
{
	int rc;

	while ((rc = sniff_see(w->sniff, s, deadline, e)) == 1) {
		if (is_ours(w, s)) {
			/* between namespaces a kernel leaves the sum to a
			   device that is not there, and trusts it itself */
			if (s->kind == SIGHT_SEGMENT)
				s->seg.faults &= ~FAULT_OFFLOAD;
			return 1;
		}
		if (s->kind == SIGHT_NEIGHBOUR &&
		    tell(w, &s->neighbour, e) == -1)
			return -1;
	}
	return rc;
}

/*
 * Ask once who has `hop`, and wait for the answer: 1 with mac; 0: none came;
 * -1 with *e.
 */
static int
ask(struct wire *w, const struct addr *ours, const struct addr *hop,
    uint8_t mac[6], struct err *e)
{
	int64_t deadline = clock_mono() + ASK_WAIT;
	const uint8_t *frame;
	struct sight s;
	size_t len;
	int rc;

	if (craft_build_ask(w->craft, ours, hop, &frame, &len, e) == -1 ||
	    send_frame(w, frame, len, e) == -1)
		return -1;
	while ((rc = sniff_see(w->sniff, &s, deadline, e)) == 1) {
		if (s.kind != SIGHT_NEIGHBOUR)
			continue;
		if (!s.neighbour.asks && addr_eq(&s.neighbour.sender, hop))
			break;
		/* it may want to know where we are before it answers */
		if (tell(w, &s.neighbour, e) == -1)
			return -1;
	}
	if (rc == 1)
		memcpy(mac, s.neighbour.mac, 6);
	return rc;
}

/* The link address of that neighbour, from the kernel or by asking. */
static int
resolve(struct wire *w, const struct addr *ours, const struct addr *hop,
    uint8_t mac[6], struct err *e)
{
	int i, rc = route_neighbour(w->route.ifname, hop, mac, e);
	struct buf name = { 0 };

	for (i = 0; i < ASKS && rc == 0; i++)
		rc = ask(w, ours, hop, mac, e);
	if (rc == 0) {
		addr_add(&name, hop);
		err_set(e, ERR_ENV,
		    "%s does not tell its link address on %s: it is down, or "
		    "not on this link",
		    buf_str(&name), w->route.ifname);
		buf_free(&name);
	}
	return rc == 1 ? 0 : -1;
}

int
wire_resolve(struct wire *w, struct err *e)
{
	if (w->raw)
		return 0;
	if (resolve(w, &w->ours, &w->route.hop, w->mac[0], e) == -1 ||
	    (w->ours6.ip != 0 &&
		resolve(w, &w->ours6, &w->theirs6, w->mac[1], e) == -1))
		return -1;
	craft_set_dst(w->craft, w->mac[0]);
	return 0;
}

/* From where: as the user says, or as the kernel would choose. */
static int
choose_source(struct wire *w, const struct addr *wish, struct err *e)
{
	w->ours = wish->ip != 0 ? *wish : w->route.source;
	if (wish->ip != 0 && wish->ip != w->theirs.ip)
		return err_set(e, ERR_USAGE,
		    "the source address is IPv%u, the target's IPv%u", wish->ip,
		    w->theirs.ip);
	if (wish->ip != 0 && addr_is_group(wish))
		return err_set(e, ERR_USAGE,
		    "the source address is that of a group: no one host "
		    "sends from it");
	if (w->ours.ip == 0)
		return err_set(e, ERR_ENV,
		    "this machine has no address to send from on %s; name one "
		    "with --source",
		    w->route.ifname);
	return route_is_own(&w->ours, &w->own, e);
}

static int
open_sender(struct wire *w, struct err *e)
{
	static const uint8_t unknown[6];
	const char *ifname = w->route.ifname;
	int rc;

	w->raw = !w->route.ethernet;
	if (w->raw)
		return craft_open_raw(&w->craft, ifname, w->theirs.ip, e);
	rc = craft_open(&w->craft, ifname, w->route.mac, unknown, e);
	if (rc == 0 && w->ours6.ip != 0)
		rc = craft_join(w->craft, &w->ours6, e);
	return rc == -1 || w->own ? rc : craft_join(w->craft, &w->ours, e);
}

int
wire_open(struct wire *w, const struct wire_options *o, struct err *e)
{
	struct err ignored;

	memset(w, 0, sizeof(*w));
	w->port_fd = -1;
	w->theirs = o->to;
	w->theirs6 = o->to6;
	w->ours6 = o->source6;
	if ((o->direct ? route_direct : route_find)(&w->route, &o->to,
		o->ifname, e) == 0 &&
	    choose_source(w, &o->source, e) == 0 &&
	    (o->pcap == NULL || dump_open(&w->dump, o->pcap, e) == 0) &&
	    open_sender(w, e) == 0)
		return 0;
	wire_close(w, &ignored);
	return -1;
}

int
wire_listen(struct wire *w, struct err *e)
{
	const struct addr *also = w->theirs6.ip ? &w->theirs6 : &w->theirs;
	struct buf host = { 0 }, other = { 0 };
	char filter[192];

	addr_add(&host, &w->theirs);
	addr_add(&other, also);
	snprintf(filter, sizeof(filter), FILTER, buf_str(&host),
	    buf_str(&other));
	buf_free(&host);
	buf_free(&other);
	if (sniff_open_live(&w->sniff, w->route.ifname, filter, e) == -1 ||
	    sniff_inbound(w->sniff, e) == -1)
		return -1;
	sniff_keep(w->sniff, w->dump);
	return 0;
}

int
wire_take_port(struct wire *w, struct random *random, uint16_t *port,
    struct err *e)
{
	bool any = *port == 0;
	int tries = 0;

	do {
		if (any)
			*port = random_port(random);
		if (!w->own)
			return 0;
		w->port_fd = port_reserve(&w->ours, *port, e);
	} while (any && w->port_fd == -1 && errno == EADDRINUSE &&
		 ++tries < TAKES);
	return w->port_fd == -1 && errno != EACCES ? -1 : 0;
}

int
wire_close(struct wire *w, struct err *e)
{
	int rc = dump_close(w->dump, e);

	craft_close(w->craft);
	sniff_close(w->sniff);
	if (w->port_fd > 0)
		close(w->port_fd);
	memset(w, 0, sizeof(*w));
	return rc;
}
