#include "bench/adapter.h"
#include "bench/program.h"

/* In Go, and so built only where configure finds both: see stacks/gvisor/. */
#define PROGRAM "retort-gvisor"

static int
find(struct err *e)
{
	return program_find(PROGRAM, adapter_gvisor.package, e);
}

static int
run(int fd, const struct bench_net *net)
{
	return program_run(PROGRAM, fd, net);
}

const struct adapter adapter_gvisor = {
	.name = "gvisor",
	.package = "golang-gvisor-gvisor-dev",
	.prompt = true,
	.find = find,
	.run = run,
};
