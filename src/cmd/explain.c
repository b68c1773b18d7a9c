#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/privilege.h"
#include "cmd/cmd.h"
#include "cmd/explain_sink.h"
#include "cmd/interrupt.h"
#include "cmd/picture.h"
#include "cmd/terminal.h"
#include "cmd/value.h"
#include "run/data.h"

#define SHOW_LEAST (16 << 20) /* octets of a file for progress to be shown */

enum {
	OPT_GROUP = 900,
	OPT_WRITE,
	OPT_FILTER,
	OPT_MAX_FLOWS,
	OPT_TUNNELS,
	OPT_DURATION,
	OPT_COUNT,
	OPT_CAUSES
};

static const struct cmd_option options[] = {
	{ "output", 'o', "FORMAT", "report as text (default) or json" },
	{ "quiet", 'q', NULL, "the summary only; of json no exchange" },
	{ "verbose", 'v', NULL, "tell all in full, say why, and the cure" },
	{ "group", OPT_GROUP, NULL, "fold equal ones: the first, and a count" },
	{ "write", OPT_WRITE, "FILE",
	    "write the capture again, with comments, as pcapng" },
	{ "filter", OPT_FILTER, "EXPR",
	    "only frames that match, in the syntax of pcap-filter(7)" },
	{ "tunnels", OPT_TUNNELS, NULL,
	    "look into GRE, IPIP, VXLAN and Geneve" },
	{ "max-flows", OPT_MAX_FLOWS, "N",
	    "remember so many connections (default: 1000000)" },
	{ "interface", 'i', "IF", "capture there, until Ctrl-C" },
	{ "duration", OPT_DURATION, "TIME", "with -i: end after that time" },
	{ "count", OPT_COUNT, "N", "end after so many RSTs" },
	{ "causes", OPT_CAUSES, NULL,
	    "show the causes that are known, or those named" },
	{ "ladder", OPT_LADDER, NULL,
	    "draw each exchange, too, as it does without" },
	CMD_OPTIONS_TERMINAL,
	{ "svg", OPT_PICTURE, "FILE",
	    "draw the exchange of the first RST as a picture" },
	CMD_OPTION_DATA,
	CMD_OPTION_HELP,
	{ 0 },
};

static int
take(struct explain_settings *set, int c, const char *value, struct err *e)
{
	switch (c) {
	case 'o':
		set->sink.format = report_by_name(value);
		if (set->sink.format != NULL && set->sink.format->reset != NULL)
			return 0;
		return err_about(e, ERR_USAGE, "-o takes text or json, not '",
		    value, "'");
	case 'q':
		set->sink.report.verbosity = -1;
		return 0;
	case 'v':
		set->sink.report.verbosity = 1;
		return 0;
	case 'i':
		set->interface = value;
		return 0;
	case OPT_GROUP:
		set->sink.group = true;
		return 0;
	case OPT_WRITE:
		set->write = value;
		if (strcmp(value, "-") == 0)
			set->sink.report.out = stderr;
		return 0;
	case OPT_FILTER:
		set->filter = value;
		return 0;
	case OPT_CAUSES:
		set->causes = true;
		return 0;
	case OPT_TUNNELS:
		set->explain.tunnels = true;
		return 0;
	case OPT_MAX_FLOWS:
		return value_number(&set->explain.max_flows, "--max-flows",
		    value, 1, 100000000, e);
	case OPT_DURATION:
		return value_time(&set->duration, "--duration", value, e);
	case OPT_COUNT:
		return value_number(&set->count, "--count", value, 1,
		    UINT32_MAX, e);
	case OPT_DATA:
		set->data = value;
		return 0;
	case OPT_PICTURE:
		set->svg = value;
		return 0;
	case OPT_LADDER: /* it is there anyway */
		return 0;
	default:
		return terminal_option(&set->style, c, value, e) == -1 ? -1 : 0;
	}
}

static int
check(const struct explain_settings *set, struct err *e)
{
	if (set->causes)
		return 0;
	if (set->interface != NULL && set->npaths > 0)
		return err_set(e, ERR_USAGE,
		    "explain takes files, or an interface with -i, not both");
	if (set->interface == NULL && set->npaths == 0)
		return err_set(e, ERR_USAGE,
		    "explain takes a capture file, - for standard input, or an "
		    "interface with -i; see retort explain --help");
	if (set->interface == NULL && set->duration != DURATION_NO)
		return err_set(e, ERR_USAGE, "--duration goes with -i only");
	if (set->interface != NULL && set->write != NULL)
		return err_set(e, ERR_USAGE,
		    "--write needs a file to read again: capture with tcpdump "
		    "-w first, and explain what it wrote");
	return 0;
}

/* 0: go on; else the exit code, shifted by one. */
static int
parse(const struct cmd *cmd, struct explain_settings *set, int argc,
    char **argv)
{
	const char *value;
	struct err e;
	size_t i;
	int c;

	while ((c = cmd_next_option(cmd, argc, argv, &value)) > 0) {
		if (c == OPT_HELP)
			return 1;
		if (take(set, c, value, &e) == -1)
			return 1 + cmd_fail(&e);
	}
	if (c == -1)
		return 1 + ERR_USAGE;
	set->npaths = argc - optind;
	for (i = 0; i < set->npaths; i++)
		set->paths[i] = argv[optind + i];
	return check(set, &e) == -1 ? 1 + cmd_fail(&e) : 0;
}

/* ---- reading ---- */

static void
show_progress(struct explain_settings *set, struct capture *c)
{
	struct capture_count n;
	int64_t now;

	if (!isatty(STDERR_FILENO) || capture_is_live(c))
		return;
	now = clock_mono();
	if (now - set->shown < NSEC_PER_SEC / 4)
		return;
	set->shown = now;
	capture_counts(c, &n);
	if (n.total > SHOW_LEAST)
		fprintf(stderr, "\r%.0f %%", 100.0 * n.octets / n.total);
	else if (n.total == 0)
		fprintf(stderr, "\r%llu frames", (unsigned long long)n.frames);
}

static void
clear_progress(const struct explain_settings *set)
{
	if (set->shown != 0)
		fprintf(stderr, "\r\033[K");
}

static bool
progress(void *arg, struct capture *c)
{
	struct explain_settings *set = arg;

	show_progress(set, c);
	if (set->sink.kernel != NULL)
		kernel_view_look(set->sink.kernel);
	if (clock_mono() >= set->until)
		return true;
	set->stopped = interrupt_came() || ferror(stdout);
	return set->stopped;
}

static int
sink(void *arg, const struct explained *x, struct err *e)
{
	struct explain_settings *set = arg;

	if (explain_sink_take(&set->sink, x, e) == -1)
		return -1;
	if (set->sink.n != set->count)
		return 0;
	/* enough: no error, but an end */
	e->kind = ERR_NONE;
	return -1;
}

static int
report(struct explain_settings *set, const struct explain_counts *n,
    const struct err *damage, struct err *e)
{
	struct report_reset_tail t = { .flows = n->flows,
		.unread = n->frames[DECODE_SHORT] + n->frames[DECODE_CUT],
		.stopped = set->stopped,
		.source =
		    set->interface != NULL ? set->interface : set->paths[0],
		.damage = damage->kind != ERR_NONE ? damage->msg : NULL };
	struct capture_count c;
	int i;

	for (i = 0; i < NDECODE; i++)
		t.frames += n->frames[i];
	capture_counts(set->sink.capture, &c);
	t.dropped = c.dropped;
	t.unread += c.unknown; /* of a link type that is not decoded */
	t.flows.resets = set->sink.n;
	return explain_sink_end(&set->sink, &t, e);
}

static int
run_all(struct explain_settings *set, struct err *e)
{
	struct err damage = { .kind = ERR_NONE };
	struct explain_counts n;
	int rc;

	interrupt_hold();
	set->until = set->duration == DURATION_NO
			 ? DURATION_NO
			 : clock_mono() + set->duration;
	rc = explain_run(set->sink.capture, &set->explain, &n, &damage);
	clear_progress(set);
	if (report(set, &n, &damage, e) == -1)
		return -1;
	if (set->out != NULL && explain_write(set, e) == -1)
		return -1;
	if (rc == -1 && damage.kind != ERR_NONE) {
		*e = damage;
		return -1;
	}
	return 0;
}

static int
work(struct explain_settings *set, struct err *e)
{
	FILE *svg;

	if (set->causes)
		return explain_list_causes(set->explain.causes, set->paths,
		    set->npaths, e);
	if (explain_open(set, e) == -1 ||
	    picture_open(&set->sink.report.svg, set->svg, e) == -1 ||
	    privilege_drop(e) == -1 || run_all(set, e) == -1)
		return -1;
	svg = set->sink.report.svg;
	set->sink.report.svg = NULL;
	return picture_close(svg, set->svg, e);
}

static int
load_and_run(struct explain_settings *set)
{
	struct rulebook book;
	struct causes causes;
	struct err e = { .kind = ERR_NONE };
	char *dir;
	int rc = 0;

	rulebook_init(&book);
	causes_init(&causes);
	dir = data_dir(set->data);
	set->explain.causes = &causes;
	set->sink.causes = &causes;
	set->sink.book = &book;
	if (data_load(&book, dir, DATA_RULES, &e) == -1 ||
	    data_load_causes(&causes, dir, &e) == -1 || work(set, &e) == -1)
		rc = cmd_fail(&e);
	explain_close(set);
	causes_free(&causes);
	rulebook_free(&book);
	free(dir);
	return rc;
}

static int
run(const struct cmd *cmd, int argc, char **argv)
{
	struct explain_settings set = {
		.sink = { .format = &report_text, .report = { .out = stdout } },
		.explain = { .progress = progress, .sink = sink },
		.duration = DURATION_NO,
		.style = terminal_style(stdout),
	};
	int rc;

	set.explain.arg = &set;
	set.sink.report.ladder = &set.style;
	set.paths = mem_calloc(argc + 1, sizeof(*set.paths));
	rc = parse(cmd, &set, argc, argv);
	rc = rc != 0 ? rc - 1 : load_and_run(&set);
	free(set.paths);
	return rc;
}

const struct cmd cmd_explain = {
	.name = "explain",
	.args = "[-qv] [-o FORMAT] [OPTION...] FILE... | -i IF",
	.help = "Say why each RST of a capture was sent",
	.options = options,
	.run = run,
};
