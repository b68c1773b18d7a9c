#include <ctype.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/privilege.h"
#include "cmd/fields.h"
#include "cmd/interrupt.h"
#include "cmd/stack.h"
#include "cmd/value.h"
#include "path/name.h"
#include "run/data.h"
#include "run/rounds.h"
#include "run/stateful.h"

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
	OPT_STATE,
	OPT_STACK
};

#define SHOW_LEAST 100 /* ports, for their progress to be shown */

static const struct cmd_option options[] = {
	FIELDS_OPTIONS,
	{ "seq", OPT_SEQ, "N", "SEG.SEQ (any)" },
	{ "ack", OPT_ACK, "N", "SEG.ACK (any, with the ACK bit)" },
	{ "state", OPT_STATE, "STATE",
	    "the port's state, where that is known, or one to go into" },
	{ "stack", OPT_STACK, "NAME[/VERSION]",
	    "whose deviations count then, or none" },
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
	struct rounds rounds;
	const char *data, *host;
	const char *seq, *ack; /* as they were given; NULL: not */
	char zone[IF_NAMESIZE];
	uint16_t *ports;
	uint8_t ip;
	enum state state; /* to go into first; NSTATES: none */
	struct stack stack;
};

/* The states that a peer alone can bring a port or a connection into. */
static int
take_state(struct settings *set, const char *value, struct err *e)
{
	char name[16] = "";
	enum state st;
	size_t i;

	for (i = 0; value[i] != '\0' && i + 1 < sizeof(name); i++)
		name[i] = toupper((unsigned char)value[i]);
	st = value[i] == '\0' ? state_by_name(name, i) : NSTATES;
	set->state = NSTATES;
	if (st == ST_CLOSED || st == ST_LISTEN)
		set->rounds.rules.states = 1u << st;
	else if (st == ST_SYN_RECEIVED || st == ST_ESTABLISHED ||
		 st == ST_CLOSE_WAIT || st == ST_LAST_ACK)
		set->state = st;
	else
		return err_about(e, ERR_USAGE,
		    "--state takes CLOSED, LISTEN, SYN-RECEIVED, ESTABLISHED, "
		    "CLOSE-WAIT or LAST-ACK, not '",
		    value, "'");
	return 0;
}

static int
take_format(struct settings *set, const char *value, struct err *e)
{
	set->rounds.format = report_by_name(value);
	if (set->rounds.format != NULL && set->rounds.format->probe != NULL)
		return 0;
	return err_about(e, ERR_USAGE, "-o takes text or json, not '", value,
	    "'");
}

/* A number; any is drawn. */
static int
set_sequence(const char *what, const char *value, uint32_t *n, bool *any,
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
	case OPT_COUNT:
		return value_number(&set->rounds.count, "--count", value, 1,
		    1000000, e);
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
		return value_time(&set->rounds.interval, "--interval", value,
		    e);
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
		set->rounds.report.verbosity = -1;
		return 0;
	case 'v':
		set->rounds.report.verbosity = 1;
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
	case OPT_STACK:
		return stack_take(&set->stack, value, e);
	case OPT_SEQ:
		set->seq = value;
		return 0;
	case OPT_ACK:
		set->ack = value;
		return 0;
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
	if (value_ports(&set->ports, &set->rounds.nports, argv[optind + 1],
		&e) == -1)
		return 1 + cmd_fail(&e);
	return 0;
}

static void
show_progress(unsigned done, unsigned of)
{
	if (!isatty(STDERR_FILENO) || of < SHOW_LEAST)
		return;
	if (done == of)
		fprintf(stderr, "\r\033[K");
	else
		fprintf(stderr, "\r%u of %u ports", done, of);
}

/* The numbers of one segment, which has no TCB to take them from. */
static int
take_sequences(struct settings *set, struct err *e)
{
	struct scan_options *scan = &set->scan;

	scan->any_ack = scan->seg.ctl & CTL_ACK;
	if (set->seq != NULL && set_sequence("--seq", set->seq, &scan->seg.seq,
				    &scan->any_seq, e) == -1)
		return -1;
	return set->ack == NULL ? 0
				: set_sequence("--ack", set->ack,
				      &scan->seg.ack, &scan->any_ack, e);
}

/* What the segment is, once it is known between whom; can it be sent? */
static int
complete_segment(struct settings *set, struct wire *wire, struct err *e)
{
	struct scan_options *scan = &set->scan;
	struct segment *seg = &scan->seg;
	struct random random = { 0 };

	seg->tuple.src.addr = wire->ours;
	seg->tuple.dst.addr = wire->theirs;
	/* what never draws an answer need not be asked again */
	if (!finding_may_answer(&set->rounds.rules, seg))
		scan->tries = 1;
	return wire_check(wire, seg, e) == -1
		   ? -1
		   : wire_take_port(wire, &random, &seg->tuple.src.port, e);
}

/* One segment to each port, as they are. */
static int
probe_ports(struct settings *set, struct err *e)
{
	struct err ignored;
	struct wire wire;
	int rc = -1;

	if (wire_open(&wire, &set->wire, e) == -1)
		return -1;
	if (complete_segment(set, &wire, e) == 0) {
		rounds_begin(&set->rounds, &wire.theirs);
		if (wire_listen(&wire, e) == 0 && privilege_drop(e) == 0 &&
		    wire_resolve(&wire, e) == 0)
			rc = rounds_run(&set->rounds, &wire, e);
	}
	if (wire_close(&wire, rc == -1 ? &ignored : e) == -1)
		rc = -1;
	return rc;
}

/* The handshake first, and more. */
static int
probe_state(struct settings *set, struct rulebook *book, struct err *e)
{
	struct stateful f = { .rounds = &set->rounds,
		.suite = { .book = book,
		    .stack = set->stack.name,
		    .version = set->stack.version,
		    .claims = CLAIM_RFC5961 },
		.remote = {
		    .wire = set->wire, .retries = set->scan.tries - 1 } };

	if (set->scan.seg.tuple.src.port != 0 || set->scan.rate != 0)
		return err_set(e, ERR_USAGE,
		    "each connection has a port of its own: --sport and "
		    "--rate do not go with --state %s",
		    state_name(set->state));
	if (stateful_add_case(book, set->state, set->wire.to.ip, &set->scan.seg,
		set->seq, set->ack, e) == -1)
		return -1;
	return stateful_run(&f, &set->scan.seg, e);
}

static int
load_and_probe(struct settings *set)
{
	bool stateful = set->state != NSTATES;
	struct rulebook book;
	struct err e;
	char *dir;
	int rc = -1;

	rulebook_init(&book);
	dir = data_dir(set->data);
	set->rounds.scan = &set->scan;
	set->rounds.rules.book = &book;
	set->rounds.host = set->host;
	set->rounds.ports = set->ports;
	seg_find_faults(&set->scan.seg);
	if ((stateful || take_sequences(set, &e) == 0) &&
	    data_load(&book, dir, stateful ? DATA_KNOWN : DATA_RULES, &e) ==
		0 &&
	    name_resolve(&set->wire.to, set->zone, set->host, set->ip, &e) ==
		0) {
		if (set->wire.ifname == NULL && set->zone[0] != '\0')
			set->wire.ifname = set->zone;
		rc = stateful ? probe_state(set, &book, &e)
			      : probe_ports(set, &e);
	}
	if (rc == -1)
		rc = cmd_fail(&e);
	rulebook_free(&book);
	free(dir);
	return rc;
}

static int
probe(const struct cmd *cmd, int argc, char **argv)
{
	struct settings set = {
		.scan = { .seg = { .ctl = CTL_SYN, .wnd = 64240 },
		    .any_seq = true,
		    .tries = 3,
		    .timeout = NSEC_PER_SEC,
		    .interrupted = interrupt_came,
		    .progress = show_progress },
		.state = NSTATES,
		.rounds = { .count = 1,
		    .interval = NSEC_PER_SEC,
		    .against = "RFC 9293",
		    .format = &report_text,
		    .report = { .out = stdout,
			.colour =
			    isatty(STDOUT_FILENO) && !getenv("NO_COLOR") },
		    .rules = { .states = 1u << ST_CLOSED | 1u << ST_LISTEN,
			.claims = CLAIM_RFC5961 } },
	};
	int rc;

	stack_init(&set.stack);
	rc = parse(cmd, &set, argc, argv);
	if (rc != 0) {
		rc--;
	} else {
		interrupt_hold();
		rc = load_and_probe(&set);
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
