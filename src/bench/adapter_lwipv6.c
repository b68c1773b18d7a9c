#include "bench/adapter.h"
#include "bench/program.h"

/* TODO */
static void
set_net(struct bench_net *net)
{
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
