#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/table.h"
#include "bench/driver.h"
#include "cmd/cmd.h"
#include "cmd/remote_target.h"
#include "cmd/value.h"
#include "path/name.h"

#define RETRIES_MAX  10
#define RETRIES_FAR  2 /* of what may be lost on the way */
#define RETRIES_NEAR 1 /* of what may only be late */
#define WAIT_MAX     3600

static int
set_port(uint16_t *port, const char *option, const char *text, struct err *e)
{
	uint32_t n;

	if (value_number(&n, option, text, 1, 65535, e) == -1)
		return -1;
	*port = n;
	return 0;
}

/* The stacks that the tool can start, for a message. */
static int
no_such_target(const char *value, struct err *e)
{
	struct buf names = { 0 };
	const struct adapter *a;
	unsigned i;

	buf_adds(&names,
	    "--target takes HOST:PORT or [IPV6]:PORT, tap:IF,HOST:PORT, "
	    "veth:IF,HOST:PORT, or one of");
	for (i = 0; (a = adapter_at(i)) != NULL; i++)
		buf_addf(&names, " %s", a->name);
	buf_adds(&names, ", not '");
	err_about(e, ERR_USAGE, buf_str(&names), value, "'");
	buf_free(&names);
	return -1;
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
		return no_such_target(value, e);
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

/* The interface of tap:IF,HOST:PORT or veth:IF,HOST:PORT; 0: neither. */
static size_t
find_interface(const char *value, const char **ifname)
{
	static const char *const kinds[] = { "tap:", "veth:" };
	size_t i, n;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		n = strlen(kinds[i]);
		if (strncmp(value, kinds[i], n) != 0)
			continue;
		*ifname = value + n;
		n = strcspn(*ifname, ",");
		return (*ifname)[n] == ',' ? n : 0;
	}
	return 0;
}

static int
set_target(struct target *t, const char *value, struct err *e)
{
	const char *ifname = NULL;
	size_t n = find_interface(value, &ifname);

	t->all = strcmp(value, "all") == 0;
	if (t->all)
		return 0;
	t->adapter = adapter_find(value);
	if (t->adapter != NULL)
		return 0;
	if (n >= sizeof(t->ifname) || (ifname != NULL && *ifname == ','))
		return err_about(e, ERR_USAGE, "--target: '", value,
		    "' names no interface");
	if (n == 0)
		return set_host(t, value, e);
	memcpy(t->ifname, ifname, n);
	t->remote.wire.direct = true;
	t->remote.wire.ifname = t->ifname;
	return set_host(t, ifname + n + 1, e);
}

int
target_option(struct target *t, int letter, const char *value, struct err *e)
{
	uint32_t n;

	switch (letter) {
	case OPT_TARGET:
		return set_target(t, value, e);
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
	case OPT_CLIENT:
		t->remote.client = true;
		return 0;
	case OPT_WAIT:
		t->only = "--wait";
		if (value_number(&n, t->only, value, 1, WAIT_MAX, e) == -1)
			return -1;
		t->remote.wait = n * NSEC_PER_SEC;
		return 0;
	case OPT_STACK:
		t->only = "--stack";
		t->named = true;
		return stack_take(&t->stack, value, e);
	}
	return err_set(e, ERR_INTERNAL, "no option of a target");
}

/* What the tool starts has its own addresses and ports. */
static int
check_adapter(const struct target *t, struct err *e)
{
	const struct remote_options *r = &t->remote;

	if (r->closed_port == 0 && r->wire.source.ip == 0 &&
	    r->wire.ifname == NULL)
		return 0;
	return err_set(e, ERR_USAGE,
	    "--closed-port, --source and --interface do not go with "
	    "--target %s, which has its own",
	    t->adapter->name);
}

/* What sits at the other end of a device is asked from there, too. */
static int
check_direct(const struct target *t, struct err *e)
{
	const struct wire_options *w = &t->remote.wire;

	if (!w->direct)
		return 0;
	if (w->ifname != t->ifname)
		return err_set(e, ERR_USAGE,
		    "--interface does not go with --target tap: or veth:, "
		    "which names one");
	if (w->source.ip == 0)
		return err_set(e, ERR_USAGE,
		    "--target tap: and veth: take --source, an address of "
		    "that link that nobody has");
	return 0;
}

int
target_resolve(struct target *t, uint8_t ip, struct err *e)
{
	struct remote_options *r = &t->remote;

	if (r->retries == TARGET_RETRIES)
		r->retries = t->adapter != NULL ? RETRIES_NEAR : RETRIES_FAR;
	if (t->adapter != NULL)
		return check_adapter(t, e);
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
	if (check_direct(t, e) == -1)
		return -1;
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

/* "lwip 2.1.3": the name, and the version behind the first space. */
static void
split_name(struct stack *s, const char *name)
{
	size_t n = strcspn(name, " ");

	snprintf(s->name, sizeof(s->name), "%.*s", (int)n, name);
	snprintf(s->version, sizeof(s->version), "%s",
	    name + n + (name[n] == ' '));
}

int
target_open(struct target *t, struct session *s, struct suite *suite, int *code,
    struct err *e)
{
	const struct remote_options *o = &t->remote;
	struct remote_options near = t->remote;
	const char *name;

	*code = 0;
	if (t->host != NULL)
		return session_open_remote(s, o, e);
	if (t->adapter == NULL) {
		if (session_open(s, driver_run, o->wire.pcap, e) == -1)
			return -1;
		s->client = o->client;
		return 0;
	}
	if (t->adapter->find(e) == -1) {
		*code = SUITE_SKIPPED;
		return -1;
	}
	/* nothing is lost on the way: once more is enough */
	if (t->only == NULL)
		near.retries = 1;
	if (session_open_adapter(s, t->adapter, &near, e) == -1)
		return -1;
	name = bench_stack_name(s->bench);
	if (!t->named)
		split_name(&t->stack, name[0] ? name : t->adapter->name);
	suite->stack = t->stack.name;
	return 0;
}

void
target_free(struct target *t)
{
	free(t->host);
	buf_free(&t->label);
}
