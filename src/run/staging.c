#include <stdlib.h>
#include <string.h>

#include "run/staging.h"

#define PORT	      8080
#define HEADERS	      120  /* at most, of IP and TCP */
#define MTU	      1500 /* unless the script says otherwise */
#define LARGEST_MAX   65535

static int
wrong(const struct script_option *o, const char *what, struct err *e)
{
	err_about(e, ERR_USAGE, what, o->value != NULL ? o->value : "", "'");
	return err_prefix(e, "--%s", o->name);
}

static int
read_address(const struct script *s, const char *name, uint8_t ip,
    struct addr *addr, struct err *e)
{
	const struct script_option *o = script_option(s, name);

	if (o == NULL)
		return 0;
	if (o->value == NULL || addr_parse(addr, o->value) == -1 ||
	    addr->ip != ip)
		return wrong(o, "no address of that family: '", e);
	return 0;
}

static int
read_number(const struct script *s, const char *name, unsigned *n,
    unsigned max, struct err *e)
{
	const struct script_option *o = script_option(s, name);
	unsigned long v;
	char *end;

	if (o == NULL)
		return 0;
	v = o->value != NULL ? strtoul(o->value, &end, 10) : 0;
	if (v == 0 || v > max || *end != '\0')
		return wrong(o, "no such number is possible: '", e);
	*n = v;
	return 0;
}

static int
read_version(struct staging *g, const struct script *s, struct err *e)
{
	const struct script_option *o = script_option(s, "ip_version");

	g->ip = 4;
	if (o == NULL || (o->value != NULL && strcmp(o->value, "ipv4") == 0))
		return 0;
	if (o->value != NULL && strcmp(o->value, "ipv4-mapped-ipv6") == 0)
		g->mapped = true;
	else if (o->value != NULL && strcmp(o->value, "ipv6") == 0)
		g->ip = 6;
	else
		return wrong(o, "ipv4, ipv6 or ipv4-mapped-ipv6, not '", e);
	return 0;
}

static int
read_mask(struct staging *g, const struct script *s, struct err *e)
{
	struct addr mask = { 0 };
	unsigned i;

	if (read_address(s, "netmask_ip", 4, &mask, e) == -1)
		return -1;
	if (mask.ip == 0)
		return 0;
	for (i = 0; i < 32 && mask.octets[i / 8] & 0x80 >> i % 8; i++)
		;
	g->stage.prefix[0] = i;
	return 0;
}

/* What the script injects may be larger than what its stack may send. */
static void
find_largest(struct staging *g, const struct script *s)
{
	unsigned mtu = g->stage.mtu > 0 ? g->stage.mtu : MTU, n;
	const struct script_event *v;

	STAILQ_FOREACH (v, &s->events, next) {
		if (v->kind != SCRIPT_PACKET || v->packet->out)
			continue;
		n = v->packet->seq.len.num + HEADERS;
		if (n > LARGEST_MAX)
			n = LARGEST_MAX;
		if (n > mtu && n > g->stage.largest)
			g->stage.largest = n;
	}
}

int
staging_read(struct staging *g, const struct script *s, struct err *e)
{
	unsigned bind = PORT, connect = PORT, family;

	memset(g, 0, sizeof(*g));
	stage_init(&g->stage);
	g->stage.offload = true;
	if (read_version(g, s, e) == -1)
		return -1;
	family = g->ip == 6;
	if (read_address(s, "local_ip", g->ip, &g->stage.stack[family], e) ==
		-1 ||
	    read_address(s, "remote_ip", g->ip, &g->stage.peer[family], e) ==
		-1 ||
	    read_address(s, "gateway_ip", g->ip, &g->stage.gateway[family],
		e) == -1 ||
	    read_mask(g, s, e) == -1 ||
	    read_number(s, "mtu", &g->stage.mtu, UINT16_MAX, e) == -1 ||
	    read_number(s, "bind_port", &bind, UINT16_MAX, e) == -1 ||
	    read_number(s, "connect_port", &connect, UINT16_MAX, e) == -1)
		return -1;
	g->bind_port = bind;
	g->connect_port = connect;
	find_largest(g, s);
	return 0;
}
