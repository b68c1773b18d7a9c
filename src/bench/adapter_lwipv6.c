#include <string.h>

#include "bench/adapter.h"
#include "bench/program.h"

/*
 * Its first TAP has this address, whatever one asks for; its receive window is
 * the same for all connections.
 */
static void
set_net(struct bench_net *net)
{
	static const uint8_t mac[6] = { 0x02, 0x02, 0x03, 0x04, 0x05, 0x06 };

	memcpy(net->stack_mac, mac, sizeof(mac));
	net->small_port = 0;
}

static int
find(struct err *e)
{
	return program_find("retort-lwipv6", "liblwipv6-dev", e);
}

static int
run(int fd, const struct bench_net *net)
{
	return program_run("retort-lwipv6", fd, net);
}

const struct adapter adapter_lwipv6 = {
	.name = "lwipv6",
	.package = "liblwipv6-dev",
	.net = set_net,
	.find = find,
	.run = run,
};
