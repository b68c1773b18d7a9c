/*
 * What explain makes of a capture file, from the flows to both kinds of report
 * and the comments. Octet 0 picks among its options, the rest is the file.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cmd/explain_sink.h"
#include "fuzz.h"
#include "report/report_reset.h"
#include "run/data.h"

enum { JSON = 1, GROUP = 2, VERBOSE = 4, TUNNELS = 8, FEW_FLOWS = 16 };

static struct rulebook book;
static struct causes causes;
static FILE *null;

static void
load(void)
{
	char *dir = data_dir(NULL);
	struct err e;

	rulebook_init(&book);
	causes_init(&causes);
	HOLDS(data_load(&book, dir, DATA_RULES, &e) == 0);
	HOLDS(data_load_causes(&causes, dir, &e) == 0);
	null = fopen("/dev/null", "w");
	HOLDS(null != NULL);
	free(dir);
}

static int
take(void *arg, const struct explained *x, struct err *e)
{
	struct buf b = { 0 };

	HOLDS(x->reset->seg.ctl & CTL_RST);
	HOLDS(x->cause != NULL || x->sure == SURE_UNKNOWN);
	explain_add_evidence(&b, x);
	explain_add_checks(&b, x);
	buf_free(&b);
	return explain_sink_take(arg, x, e);
}

static void
explain(struct capture *c, uint8_t how)
{
	struct explain_sink sink = { .format = how & JSON ? &report_json
							  : &report_text,
		.report = { .out = null, .verbosity = how & VERBOSE ? 1 : 0 },
		.capture = c,
		.causes = &causes,
		.book = &book,
		.group = how & GROUP,
		.notes = notes_new() };
	struct explain_options o = { .causes = &causes,
		.max_flows = how & FEW_FLOWS ? 2 : 100,
		.tunnels = how & TUNNELS,
		.sink = take,
		.arg = &sink };
	struct report_reset_tail tail = { .source = "f" };
	struct explain_counts n;
	struct err e;

	if (explain_run(c, &o, &n, &e) == -1)
		HOLDS(e.kind == ERR_ENV);
	tail.flows = n.flows;
	HOLDS(explain_sink_end(&sink, &tail, &e) == 0);
	explain_sink_free(&sink);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	char path[32];
	const char *paths = path;
	struct capture *c;
	struct err e;
	int fd;

	if (null == NULL)
		load();
	if (n < 1)
		return 0;
	fd = memfd_create("fuzz", MFD_CLOEXEC);
	HOLDS(fd != -1);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	HOLDS(write(fd, p + 1, n - 1) == (ssize_t)n - 1);
	if (capture_open(&c, &paths, 1, NULL, &e) == 0) {
		explain(c, p[0]);
		capture_close(c);
	}
	close(fd);
	return 0;
}
