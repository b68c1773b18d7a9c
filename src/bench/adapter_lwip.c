#include "bench/adapter.h"
#include "bench/program.h"

/* Its receive window is the same for all connections. */
static void
set_net(struct bench_net *net)
{
	net->small_port = 0;
}

static int
find(struct err *e)
{
	return program_find("retort-lwip", "liblwip-dev", e);
}

static int
run(int fd, const struct bench_net *net)
{
	return program_run("retort-lwip", fd, net);
}

const struct adapter adapter_lwip = {
	.name = "lwip",
	.package = "liblwip-dev",
	.prompt = true,
	.net = set_net,
	.find = find,
	.run = run,
};
