/* Addresses of sockets: what a call is given, and what it writes. */
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "base/octets.h"
#include "run/marshal_parts.h"

/* IPv4 within IPv6, RFC 4291 2.5.5.2: 80 zero bits, 16 ones, the address */
#define MAPPED 12

static uint16_t
live_port(const struct call_ends *ends, uint16_t script)
{
	size_t i;

	for (i = 0; i < ends->nports; i++)
		if (ends->ports[i].script == script)
			return ends->ports[i].live;
	return script;
}

/* What "..." is. */
static void
own_address(struct marshal *m, bool bind, uint32_t at, uint32_t *len)
{
	const struct call_ends *ends = m->ends;
	const struct addr *addr = bind ? &ends->stack : &ends->peer;
	uint8_t *p = m->req->data + at;
	bool six = addr->ip == 6 || ends->mapped;

	marshal_put(m, at, six ? AF_INET6 : AF_INET, 2);
	put16(p + 2, bind ? ends->bind_port : ends->connect_port);
	*len = six ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
	if (!six) {
		memcpy(p + 4, addr->octets, 4);
	} else if (addr->ip == 6) {
		memcpy(p + 8, addr->octets, 16);
	} else {
		memset(p + 8 + MAPPED - 2, 0xff, 2);
		memcpy(p + 8 + MAPPED, addr->octets, 4);
	}
}

/* The last string in inet_addr("a"), inet_pton(AF_INET6, "a"). */
static int
parse_address(struct marshal *m, const struct script_expr *x, struct addr *addr)
{
	const struct script_expr *part, *text = NULL;

	if (x->kind == EXPR_STRING)
		text = x;
	STAILQ_FOREACH (part, &x->parts, next)
		if (part->kind == EXPR_STRING)
			text = part;
	if (text == NULL)
		return err_set(m->e, ERR_USAGE,
		    "an address is written inet_addr(\"192.0.2.1\") or "
		    "inet6_addr(\"2001:db8::1\")");
	if (addr_parse(addr, text->text) == -1)
		return err_about(m->e, ERR_USAGE, "no IP address: ", text->text,
		    "");
	return 0;
}

/* htons(80) or 80: the number in host byte order. */
static int
parse_port(struct marshal *m, const struct script_expr *x, int64_t *port)
{
	if (x->kind == EXPR_APPLY && x->nparts == 1 &&
	    strcmp(x->text, "htons") == 0)
		x = STAILQ_FIRST(&x->parts);
	if (marshal_number(x, m->ends, port, m->e) == -1)
		return -1;
	if (*port < 0 || *port > UINT16_MAX)
		return err_set(m->e, ERR_USAGE,
		    "a port is a number from 0 to 65535");
	return 0;
}

/* One member of an address that stands at `at`; out: the kernel writes it. */
static int
member(struct marshal *m, const struct script_expr *part, uint32_t at, bool out)
{
	const struct script_expr *name, *value;
	struct call_out o = { .at = at };
	struct addr addr;
	int64_t n;

	if (marshal_assign(m, part, &name, &value) == -1)
		return -1;
	o.name = name->text;
	o.want = value;
	if (out && value->kind == EXPR_ELLIPSIS)
		return 0;
	if (strstr(name->text, "family") != NULL) {
		o.width = 2;
		if (out)
			return marshal_out(m, o);
		if (marshal_number(value, m->ends, &n, m->e) == -1)
			return -1;
		marshal_put(m, at, n, 2);
	} else if (strstr(name->text, "_port") != NULL) {
		if (parse_port(m, value, &n) == -1)
			return -1;
		o.at += 2;
		o.kind = OUT_PORT;
		if (out)
			return marshal_out(m, o);
		put16(m->req->data + at + 2, live_port(m->ends, n));
	} else if (strstr(name->text, "_addr") != NULL) {
		if (parse_address(m, value, &addr) == -1)
			return -1;
		o.width = addr_len(&addr);
		o.at += addr.ip == 6 ? 8 : 4;
		o.kind = OUT_ADDRESS;
		if (out)
			return marshal_out(m, o);
		memcpy(m->req->data + o.at, addr.octets, o.width);
	} else {
		return err_about(m->e, ERR_USAGE,
		    "no member of an address is called ", name->text, "");
	}
	return 0;
}

static int
members(struct marshal *m, const struct script_expr *x, uint32_t at, bool out)
{
	const struct script_expr *part;

	if (x->kind != EXPR_STRUCT)
		return err_set(m->e, ERR_USAGE,
		    "an address is ..., NULL or {sa_family=AF_INET, "
		    "sin_port=htons(80), sin_addr=inet_addr(\"192.0.2.1\")}");
	STAILQ_FOREACH (part, &x->parts, next)
		if (member(m, part, at, out) == -1)
			return -1;
	return 0;
}

int
marshal_address(struct marshal *m, const struct script_expr *x, bool bind,
    uint32_t *at, uint32_t *len)
{
	int64_t family;
	uint16_t host;

	if (marshal_room(m, sizeof(struct sockaddr_storage), at) == -1)
		return -1;
	*len = sizeof(struct sockaddr_in);
	if (x->kind == EXPR_ELLIPSIS) {
		own_address(m, bind, *at, len);
		return 0;
	}
	/* connect(3, AF_UNSPEC, ...): only the family matters */
	if (x->kind == EXPR_WORD) {
		if (marshal_number(x, m->ends, &family, m->e) == -1)
			return -1;
		marshal_put(m, *at, family, 2);
		return 0;
	}
	if (members(m, x, *at, false) == -1)
		return -1;
	memcpy(&host, m->req->data + *at, sizeof(host));
	if (host == AF_INET6)
		*len = sizeof(struct sockaddr_in6);
	return 0;
}

static int
address_arg(struct marshal *m, const struct script_expr *x, bool bind)
{
	uint32_t at;

	m->addrlen = 0;
	if (marshal_is(x, "NULL")) {
		marshal_arg_number(m, 0);
		return 0;
	}
	if (marshal_address(m, x, bind, &at, &m->addrlen) == -1)
		return -1;
	marshal_arg_at(m, at);
	return 0;
}

int
marshal_bind(struct marshal *m, const struct script_expr *x)
{
	return address_arg(m, x, true);
}

int
marshal_connect(struct marshal *m, const struct script_expr *x)
{
	return address_arg(m, x, false);
}

int
marshal_addrlen(struct marshal *m, const struct script_expr *x)
{
	int64_t len = m->addrlen;

	if (x->kind != EXPR_ELLIPSIS &&
	    marshal_number(x, m->ends, &len, m->e) == -1)
		return -1;
	marshal_arg_number(m, len);
	return 0;
}

int
marshal_from(struct marshal *m, const struct script_expr *x)
{
	uint32_t at;

	if (marshal_is(x, "NULL")) {
		marshal_arg_number(m, 0);
		return 0;
	}
	if (marshal_room(m, sizeof(struct sockaddr_storage), &at) == -1)
		return -1;
	marshal_arg_at(m, at);
	return x->kind == EXPR_ELLIPSIS ? 0 : members(m, x, at, true);
}

int
marshal_fromlen(struct marshal *m, const struct script_expr *x)
{
	int64_t len = sizeof(struct sockaddr_storage);
	const struct script_expr *only = marshal_only(x);
	uint32_t at;

	if (marshal_is(x, "NULL")) {
		marshal_arg_number(m, 0);
		return 0;
	}
	if (x->kind != EXPR_ELLIPSIS &&
	    marshal_number(only ? only : x, m->ends, &len, m->e) == -1)
		return -1;
	if (marshal_room(m, sizeof(socklen_t), &at) == -1)
		return -1;
	marshal_put(m, at, len, sizeof(socklen_t));
	marshal_arg_at(m, at);
	return 0;
}
