#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/cmd.h"
#include "cmd/remote_target.h"
#include "cmd/value.h"
#include "path/name.h"

#define RETRIES_MAX 10

static int
set_port(uint16_t *port, const char *option, const char *text, struct err *e)
{
	uint32_t n;

	if (value_number(&n, option, text, 1, 65535, e) == -1)
		return -1;
	*port = n;
	return 0;
}

/* HOST:PORT, where an IPv6 address stands in brackets. */
static int
set_host(struct target *t, const char *value, struct err *e)
{
	const char *host = value, *colon = strrchr(value, ':'), *end = colon;
	bool brackets = value[0] == '[';

	if (brackets && colon != NULL) {
		host++;
		end--;
	}
	if (colon == NULL || end <= host || (brackets && *end != ']'))
		return err_about(e, ERR_USAGE,
		    "--target takes HOST:PORT or [IPV6]:PORT, not '", value,
		    "'");
	if (!brackets && memchr(host, ':', end - host) != NULL)
		return err_about(e, ERR_USAGE,
		    "--target: an IPv6 address stands in brackets before its "
		    "port: [2001:db8::2]:80, not '",
		    value, "'");
	free(t->host);
	t->host = mem_strdup(host);
	t->host[end - host] = '\0';
	return set_port(&t->remote.listen_port, "the port of --target",
	    colon + 1, e);
}

int
target_option(struct target *t, int letter, const char *value, struct err *e)
{
	switch (letter) {
	case OPT_TARGET:
		return set_host(t, value, e);
	case OPT_CLOSED_PORT:
		t->only = "--closed-port";
		return set_port(&t->remote.closed_port, t->only, value, e);
	case OPT_SOURCE:
		t->only = "--source";
		if (addr_parse(&t->remote.wire.source, value) == 0)
			return 0;
		return err_about(e, ERR_USAGE,
		    "--source takes an IPv4 or IPv6 address, not '", value,
		    "'");
	case OPT_INTERFACE:
		t->only = "--interface";
		t->remote.wire.ifname = value;
		return 0;
	case OPT_RETRIES:
		t->only = "--retries";
		return value_number(&t->remote.retries, t->only, value, 0,
		    RETRIES_MAX, e);
	case OPT_STACK:
		t->only = "--stack";
		return stack_take(&t->stack, value, e);
	}
	return err_set(e, ERR_INTERNAL, "no option of a target");
}

int
target_resolve(struct target *t, uint8_t ip, struct err *e)
{
	struct remote_options *r = &t->remote;

	if (t->host == NULL && t->only != NULL)
		return err_set(e, ERR_USAGE, "%s goes with --target", t->only);
	if (t->host == NULL)
		return 0;
	if (r->closed_port == r->listen_port)
		return err_set(e, ERR_USAGE,
		    "port %u cannot be both the target's and its closed one",
		    r->closed_port);
	/* of a name with both kinds of addresses, that of the source */
	if (ip == 0)
		ip = r->wire.source.ip;
	if (name_resolve(&r->wire.to, t->zone, t->host, ip, e) == -1)
		return -1;
	if (r->wire.ifname == NULL && t->zone[0] != '\0')
		r->wire.ifname = t->zone;
	if (r->wire.to.ip == 6)
		buf_adds(&t->label, "[");
	addr_add(&t->label, &r->wire.to);
	buf_addf(&t->label, "%s:%u", r->wire.to.ip == 6 ? "]" : "",
	    r->listen_port);
	return 0;
}

void
target_describe(struct target *t, struct suite *suite)
{
	suite->stack = t->stack.name;
	suite->version = t->stack.version;
	if (t->host != NULL)
		suite->target = buf_str(&t->label);
}

void
target_free(struct target *t)
{
	free(t->host);
	buf_free(&t->label);
}
