#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/privilege.h"
#include "cmd/fields.h"
#include "cmd/value.h"
#include "path/name.h"
#include "run/data.h"
#include "run/finding.h"
#include "run/suite.h"

enum {
	OPT_SEQ = 600,
	OPT_ACK,
	OPT_SOURCE,
	OPT_INTERFACE,
	OPT_COUNT,
	OPT_INTERVAL,
	OPT_TIMEOUT,
	OPT_RETRIES,
	OPT_RATE,
	OPT_STATE
};

#define WHOLE_MOST 10 /* probes that are shown whole */

static const struct cmd_option options[] = {
	FIELDS_OPTIONS,
	{ "seq", OPT_SEQ, "N", "SEG.SEQ (any)" },
	{ "ack", OPT_ACK, "N", "SEG.ACK (any, with the ACK bit)" },
	{ "state", OPT_STATE, "STATE",
	    "the port's state, where that is known" },
	{ "source", OPT_SOURCE, "ADDR", "send from this address" },
	{ "interface", OPT_INTERFACE, "NAME", "send there" },
	{ "count", OPT_COUNT, "N", "probe every port N times (1)" },
	{ "interval", OPT_INTERVAL, "TIME", "from one time to the next (1s)" },
	{ "timeout", OPT_TIMEOUT, "TIME", "wait for an answer at most (1s)" },
	{ "retries", OPT_RETRIES, "N", "ask again where none comes (2)" },
	{ "rate", OPT_RATE, "N", "segments a second at most" },
	{ "output", 'o', "FORMAT", "report as text (default) or json" },
	{ "pcap", OPT_PCAP, "FILE", "keep every frame in a capture file" },
	{ "quiet", 'q', NULL, "leave out closed and silent ports" },
	{ "verbose", 'v', NULL, "show the exchange of every probe" },
	{ "ipv4", '4', NULL, "take the host's IPv4 address" },
	{ "ipv6", '6', NULL, "take the host's IPv6 address" },
	CMD_OPTION_DATA,
	CMD_OPTION_HELP,
	{ 0 },
};

struct settings {
	struct scan_options scan;
	struct wire_options wire;
	const struct report_format *format;
	struct report_options report;
	const char *data, *host;
	uint16_t *ports;
	size_t nports;
	uint8_t ip;
	uint32_t count;
	int64_t interval;
	struct finding_rules rules;
	bool ack_given;
};

static int
take_state(struct settings *set, const char *value, struct err *e)
{
	enum state st = state_by_name(value, strlen(value));

	if (st != ST_CLOSED && st != ST_LISTEN)
		return err_about(e, ERR_USAGE,
		    "--state takes CLOSED or LISTEN, not '", value, "'");
	set->rules.states = 1u << st;
	return 0;
}

static int
take_format(struct settings *set, const char *value, struct err *e)
{
	set->format = report_by_name(value);
	if (set->format != NULL && set->format->probe != NULL)
		return 0;
	return err_about(e, ERR_USAGE, "-o takes text or json, not '", value,
	    "'");
}

/* "any", or a number. */
static int
take_sequence(const char *what, const char *value, uint32_t *n, bool *any,
    struct err *e)
{
	*any = strcmp(value, "any") == 0;
	return *any ? 0 : value_number(n, what, value, 0, UINT32_MAX, e);
}

static int
take_number(struct settings *set, int c, const char *value, struct err *e)
{
	uint32_t n;

	switch (c) {
	case OPT_SEQ:
		return take_sequence("--seq", value, &set->scan.seg.seq,
		    &set->scan.any_seq, e);
	case OPT_ACK:
		set->ack_given = true;
		return take_sequence("--ack", value, &set->scan.seg.ack,
		    &set->scan.any_ack, e);
	case OPT_COUNT:
		return value_number(&set->count, "--count", value, 1, 1000000,
		    e);
	case OPT_RETRIES:
		if (value_number(&n, "--retries", value, 0, SCAN_TRIES_MAX - 1,
			e) == -1)
			return -1;
		set->scan.tries = n + 1;
		return 0;
	case OPT_RATE:
		return value_number(&set->scan.rate, "--rate", value, 1,
		    10000000, e);
	case OPT_INTERVAL:
		return value_time(&set->interval, "--interval", value, e);
	default:
		return value_time(&set->scan.timeout, "--timeout", value, e);
	}
}

/* One option. 0, or -1 with *e. */
static int
take(struct settings *set, int c, const char *value, struct err *e)
{
	int rc = fields_take(&set->scan.seg, c, value, e);

	if (rc != 0)
		return rc == 1 ? 0 : -1;
	switch (c) {
	case 'o':
		return take_format(set, value, e);
	case 'q':
		set->report.verbosity = -1;
		return 0;
	case 'v':
		set->report.verbosity = 1;
		return 0;
	case '4':
	case '6':
		set->ip = c - '0';
		return 0;
	case OPT_PCAP:
		set->wire.pcap = value;
		return 0;
	case OPT_DATA:
		set->data = value;
		return 0;
	case OPT_INTERFACE:
		set->wire.ifname = value;
		return 0;
	case OPT_SOURCE:
		if (addr_parse(&set->wire.source, value) == 0)
			return 0;
		return err_about(e, ERR_USAGE,
		    "--source takes an IPv4 or IPv6 address, not '", value,
		    "'");
	case OPT_STATE:
		return take_state(set, value, e);
	default:
		return take_number(set, c, value, e);
	}
}

/* 0: go on; else the exit code, shifted by one. */
static int
parse(const struct cmd *cmd, struct settings *set, int argc, char **argv)
{
	const char *value;
	struct err e;
	int c;

	while ((c = cmd_next_option(cmd, argc, argv, &value)) > 0) {
		if (c == OPT_HELP)
			return 1;
		if (take(set, c, value, &e) == -1)
			return 1 + cmd_fail(&e);
	}
	if (c == -1)
		return 1 + ERR_USAGE;
	if (argc - optind != 2) {
		err_set(&e, ERR_USAGE,
		    "probe takes a host and ports, such as 192.0.2.2 22,80-90; "
		    "see retort probe --help");
		return 1 + cmd_fail(&e);
	}
	set->host = argv[optind];
	if (value_ports(&set->ports, &set->nports, argv[optind + 1], &e) == -1)
		return 1 + cmd_fail(&e);
	return 0;
}

/* ---- to be interrupted ---- */

static void
hold_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

/* Has one come? */
static bool
interrupted(void)
{
	const struct timespec now = { 0 };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	return sigtimedwait(&set, NULL, &now) != -1;
}

/* Wait until then; true: interrupted. */
static bool
wait_until(int64_t when)
{
	const struct timespec step = { .tv_nsec = 10 * NSEC_PER_MSEC };
	bool stop = false;

	while (clock_mono() < when && !(stop = interrupted()))
		nanosleep(&step, NULL);
	return stop;
}

static void
show_progress(unsigned done, unsigned of)
{
	if (isatty(STDERR_FILENO) && of > WHOLE_MOST)
		fprintf(stderr, "\r%u of %u ports", done, of);
}

/* ---- the report ---- */

static bool
is_dull(const struct finding *f)
{
	return f->hint[0] == '\0' &&
	       (f->answer == ANSWER_CLOSED || f->answer == ANSWER_RESET ||
		   f->answer == ANSWER_SILENT || f->answer == ANSWER_REFUSED ||
		   f->answer == ANSWER_UNTRIED);
}

static void
report_port(const struct settings *set, const struct scan *s,
    const struct scan_port *port, const struct finding *f)
{
	const struct report_probe p = {
		.c = { .state = f->tcb.state,
		    .event = EV_SEGMENT,
		    .j = &f->j,
		    .x = &f->x },
		.host = &set->wire.to,
		.port = port->port,
		.answer = f->answer,
		.reply = f->reply,
		.icmp = f->reply == NULL ? port->icmp : NULL,
		.rtt = (double)f->rtt / NSEC_PER_MSEC,
		.tries = port->ntries,
		.waited =
		    (double)(port->ended - port->tries[0].when) / NSEC_PER_MSEC,
		.hint = f->hint[0] != '\0' ? f->hint : NULL,
		.whole = set->report.verbosity > 0 ||
			 s->n * set->count <= WHOLE_MOST ||
			 f->answer == ANSWER_WRONG ||
			 f->answer == ANSWER_UNCLEAR,
	};

	set->format->probe(&set->report, &p);
}

/* Judge what came in a round, and say it. */
static void
report_round(const struct settings *set, const struct scan *s,
    struct report_scan_tail *tail, unsigned verdicts[NVERDICTS])
{
	struct baseline b;
	struct finding f;
	bool dull;
	size_t i;

	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\r\033[K");
	baseline_learn(&b, s);
	for (i = 0; i < s->n; i++) {
		/* of what is not shown nobody needs the words */
		dull = set->report.verbosity < 0 &&
		       finding_glance(&f, &set->rules, s, &s->ports[i], &b) &&
		       is_dull(&f);
		if (!dull)
			finding_make(&f, &set->rules, s, &s->ports[i], &b);
		tail->n[f.answer]++;
		verdicts[f.j.verdict]++;
		if (set->report.verbosity >= 0 || !is_dull(&f))
			report_port(set, s, &s->ports[i], &f);
	}
	fflush(set->report.out);
}

/* All rounds over the ports, each with its report. */
static int
run_rounds(const struct settings *set, struct scan *s)
{
	struct report_scan_tail tail = { 0 };
	unsigned verdicts[NVERDICTS] = { 0 };
	int64_t began = clock_mono(), next = began;
	struct err e;
	uint32_t round;
	int rc = 0;

	for (round = 0; round < set->count && rc == 0 && !s->stopped; round++) {
		if (round > 0)
			scan_again(s);
		rc = scan_run(s, &e);
		report_round(set, s, &tail, verdicts);
		next += set->interval;
		if (rc == 0 && !s->stopped && round + 1 < set->count)
			s->stopped = wait_until(next);
	}
	tail.sent = s->sent;
	tail.lost = s->lost;
	tail.stopped = s->stopped;
	tail.seconds = (double)(clock_mono() - began) / NSEC_PER_SEC;
	set->format->scan_tail(&set->report, &tail);
	fflush(set->report.out);
	if (rc == -1)
		return cmd_fail(&e);
	return s->stopped && verdicts[V_FAIL] == 0
		   ? (int)SUITE_INCONCLUSIVE
		   : (int)suite_exit_code(verdicts, SIZE_MAX);
}

/* Everything is open, all privileges are gone. */
static int
probe_ports(struct settings *set, struct wire *wire)
{
	const struct report_scan_head head = { .host = set->host,
		.addr = &set->wire.to,
		.seg = &set->scan.seg,
		.nports = set->nports,
		.rounds = set->count,
		.against = "RFC 9293" };
	struct scan *s = mem_calloc(1, sizeof(*s));
	int rc;

	scan_init(s, &set->scan, wire, set->ports, set->nports);
	if (!finding_may_answer(&set->rules, &set->scan.seg))
		set->scan.tries = 1;
	set->format->scan_head(&set->report, &head);
	rc = run_rounds(set, s);
	scan_free(s);
	free(s);
	return rc;
}

static int
open_and_probe(struct settings *set)
{
	struct segment *seg = &set->scan.seg;
	struct random random = { 0 };
	struct wire wire;
	struct err e;
	int rc;

	if (name_resolve(&set->wire.to, set->host, set->ip, &e) == -1 ||
	    wire_open(&wire, &set->wire, &e) == -1)
		return cmd_fail(&e);
	seg->tuple.src.addr = wire.ours;
	seg->tuple.dst.addr = wire.theirs;
	if (!set->ack_given)
		set->scan.any_ack = seg->ctl & CTL_ACK;
	seg_find_faults(seg);
	if (wire_take_port(&wire, &random, &seg->tuple.src.port, &e) == -1 ||
	    privilege_drop(&e) == -1 || wire_resolve(&wire, &e) == -1)
		rc = cmd_fail(&e);
	else
		rc = probe_ports(set, &wire);
	if (wire_close(&wire, &e) == -1)
		rc = cmd_fail(&e);
	return rc;
}

static int
probe(const struct cmd *cmd, int argc, char **argv)
{
	struct rulebook book;
	struct settings set = {
		.scan = { .seg = { .ctl = CTL_SYN, .wnd = 64240 },
		    .any_seq = true,
		    .tries = 3,
		    .timeout = NSEC_PER_SEC,
		    .interrupted = interrupted,
		    .progress = show_progress },
		.format = &report_text,
		.report = { .out = stdout,
		    .colour = isatty(STDOUT_FILENO) && !getenv("NO_COLOR") },
		.count = 1,
		.interval = NSEC_PER_SEC,
		.rules = { .book = &book,
		    .states = 1u << ST_CLOSED | 1u << ST_LISTEN,
		    .claims = CLAIM_RFC5961 },
	};
	struct err e;
	char *dir;
	int rc;

	rc = parse(cmd, &set, argc, argv);
	if (rc != 0) {
		rc--;
	} else {
		hold_signals();
		rulebook_init(&book);
		dir = data_dir(set.data);
		rc = data_load(&book, dir, false, &e) == -1
			 ? cmd_fail(&e)
			 : open_and_probe(&set);
		rulebook_free(&book);
		free(dir);
	}
	free(set.ports);
	fields_free(&set.scan.seg);
	return rc;
}

const struct cmd cmd_probe = {
	.name = "probe",
	.args = "[-46qv] [-f BITS] [-o FORMAT] [OPTION...] HOST PORTS",
	.help = "Send a crafted segment to ports, and hold the answers to the "
		"rules",
	.options = options,
	.run = probe,
};
