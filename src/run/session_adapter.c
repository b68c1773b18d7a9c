#include "base/privilege.h"
#include "run/remote.h"
#include "run/session.h"

static int
open_wire(struct session *s, const char *pcap, struct err *e)
{
	const struct bench_net *net = bench_net(s->bench);
	struct wire_options o = { .to = net->stack4,
		.source = net->peer4,
		.ifname = net->peer_if,
		.direct = true,
		.pcap = pcap };

	if (bench_has_ip6(s->bench)) {
		o.to6 = net->stack6;
		o.source6 = net->peer6;
	}
	return wire_open(&s->wire, &o, e);
}

/* Where no port is surely closed, no fence can be tried. */
static int
try_wire(struct session *s, struct err *e)
{
	if (wire_resolve(&s->wire, e) == -1)
		return -1;
	if (s->fence_port == 0)
		return 0;
	return session_try(s, 4, e) == -1 ||
		       (bench_has_ip6(s->bench) && session_try(s, 6, e) == -1)
		   ? -1
		   : 0;
}

int
session_open_adapter(struct session *s, const struct adapter *a,
    const struct remote_options *o, struct err *e)
{
	struct err ignored;

	session_init(s);
	if (bench_open_adapter(&s->bench, a, e) == -1)
		return -1;
	s->driven = true;
	s->client = o->client;
	s->looks = bench_looks(s->bench);
	s->remote.retries = o->retries;
	session_set_ports(s, bench_net(s->bench));
	if (open_wire(s, o->wire.pcap, e) == 0 &&
	    wire_listen(&s->wire, e) == 0 && privilege_drop(e) == 0 &&
	    try_wire(s, e) == 0)
		return 0;
	err_prefix(e, "%s", a->name);
	session_close(s, &ignored);
	return -1;
}
