#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/table.h"
#include "cmd/cmd.h"
#include "cmd/interrupt.h"
#include "cmd/profile.h"
#include "cmd/scripts.h"
#include "cmd/stack.h"
#include "cmd/value.h"
#include "run/data.h"
#include "run/respond.h"

#define TIMEOUT (60 * NSEC_PER_SEC)

enum { OPT_AS = 900, OPT_SCRIPT, OPT_COUNT, OPT_TIMEOUT, OPT_STACK };

static const struct cmd_option options[] = {
	{ "as", OPT_AS, "BEHAVIOUR",
	    "closed (default), echo, bad-ack ...: see the manual" },
	{ "script", OPT_SCRIPT, "FILE", "do what a script says" },
	{ "ports", 'p', "LIST", "behave so there; others are closed (all)" },
	{ "interface", 'i', "NAME", "the link that the addresses are of" },
	{ "count", OPT_COUNT, "N", "end when N connections have" },
	{ "timeout", OPT_TIMEOUT, "TIME", "end in any case after TIME (60s)" },
	{ "stack", OPT_STACK, "NAME[/VERSION]",
	    "whose deviations count, or none (this machine's)" },
	{ "profile", OPT_PROFILE, "NAME",
	    "what the other side claims: rfc9293 (default) or rfc793" },
	{ "output", 'o', "FORMAT", "report as text (default) or json" },
	{ "pcap", OPT_PCAP, "FILE", "keep every frame in a capture file" },
	{ "quiet", 'q', NULL, "a line only for what is wrong or unclear" },
	{ "verbose", 'v', NULL, "show times, and the rule of every answer" },
	CMD_OPTION_DATA,
	CMD_OPTION_HELP,
	{ 0 },
};

static const struct {
	const char *name;
	enum behaviour as;
	const char *takes; /* NULL: nothing */
} behaviours[] = {
	{ "closed", AS_CLOSED, NULL },
	{ "blackhole", AS_BLACKHOLE, NULL },
	{ "echo", AS_ECHO, NULL },
	{ "late-synack", AS_LATE_SYNACK, "TIME" },
	{ "bad-ack", AS_BAD_ACK, NULL },
	{ "reset-after", AS_RESET_AFTER, "OCTETS" },
	{ "close-unread", AS_CLOSE_UNREAD, NULL },
	{ "half-open", AS_HALF_OPEN, NULL },
};

struct settings {
	struct respond_options o;
	struct stack stack;
	const char *data;
	char *script; /* its file; NULL: none */
	uint16_t *ports;
};

static int
take_behaviour(struct respond_options *o, const char *value, struct err *e)
{
	const char *arg = strchr(value, '=');
	size_t n = arg != NULL ? (size_t)(arg - value) : strlen(value), i;

	for (i = 0; i < ARRAY_SIZE(behaviours); i++)
		if (strlen(behaviours[i].name) == n &&
		    memcmp(behaviours[i].name, value, n) == 0 &&
		    (behaviours[i].takes != NULL) == (arg != NULL))
			break;
	if (i == ARRAY_SIZE(behaviours))
		return err_about(e, ERR_USAGE,
		    "--as takes closed, blackhole, echo, late-synack=TIME, "
		    "bad-ack, reset-after=OCTETS, close-unread or half-open, "
		    "not '",
		    value, "'");
	o->as = behaviours[i].as;
	o->as_text = value;
	if (o->as == AS_LATE_SYNACK)
		return value_time(&o->delay, "--as late-synack", arg + 1, e);
	if (o->as == AS_RESET_AFTER)
		return value_number(&o->octets, "--as reset-after", arg + 1, 0,
		    UINT32_MAX, e);
	return 0;
}

static int
take_format(struct respond_options *o, const char *value, struct err *e)
{
	o->format = report_by_name(value);
	if (o->format != NULL && o->format->respond_verdict != NULL)
		return 0;
	return err_about(e, ERR_USAGE, "-o takes text or json, not '", value,
	    "'");
}

/* One option. 0, or -1 with *e. */
static int
take(struct settings *set, int c, const char *value, struct err *e)
{
	struct respond_options *o = &set->o;

	switch (c) {
	case OPT_AS:
		return take_behaviour(o, value, e);
	case OPT_SCRIPT:
		/* getopt's arguments are the process's own */
		set->script = (char *)value;
		return 0;
	case 'p':
		free(set->ports);
		return value_ports(&set->ports, &o->nports, value, e);
	case 'i':
		o->host.ifname = value;
		return 0;
	case OPT_COUNT:
		return value_number(&o->count, "--count", value, 1, 1000000, e);
	case OPT_TIMEOUT:
		return value_time(&o->timeout, "--timeout", value, e);
	case OPT_STACK:
		return stack_take(&set->stack, value, e);
	case OPT_PROFILE:
		return profile_claims(&o->claims, value, e);
	case 'o':
		return take_format(o, value, e);
	case OPT_PCAP:
		o->host.pcap = value;
		return 0;
	case 'q':
		o->report.verbosity = -1;
		return 0;
	case 'v':
		o->report.verbosity = 1;
		return 0;
	default:
		set->data = value;
		return 0;
	}
}

static int
take_addresses(struct host_options *o, int argc, char **argv, struct err *e)
{
	int i;

	if (argc == 0 || argc > HOST_ADDRS_MAX)
		return err_set(e, ERR_USAGE,
		    "respond takes one to %d addresses that nobody has, such "
		    "as 192.0.2.77; see retort respond --help",
		    HOST_ADDRS_MAX);
	for (i = 0; i < argc; i++)
		if (addr_parse(&o->addrs[i], argv[i]) == -1)
			return err_about(e, ERR_USAGE,
			    "an address is IPv4 or IPv6, not '", argv[i], "'");
	o->n = argc;
	return 0;
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
	if (set->script != NULL && set->o.as_text != NULL) {
		err_set(&e, ERR_USAGE,
		    "--as does not go with --script, which is a behaviour");
		return 1 + cmd_fail(&e);
	}
	if (take_addresses(&set->o.host, argc - optind, argv + optind, &e) ==
	    -1)
		return 1 + cmd_fail(&e);
	return 0;
}

static int
read_script(struct settings *set, struct script_files *files, struct err *e)
{
	if (set->script == NULL)
		return 0;
	if (scripts_find(files, &set->script, 1, e) == -1)
		return -1;
	if (files->n != 1)
		return err_set(e, ERR_USAGE,
		    "--script takes one file, not a directory");
	if (scripts_read(&files->v[0], NULL) == -1) {
		*e = files->v[0].e;
		return -1;
	}
	set->o.as = AS_SCRIPT;
	set->o.as_text = set->script;
	set->o.script = &files->v[0].script;
	return respond_check_script(set->o.script, e);
}

static int
load_and_respond(struct settings *set)
{
	struct script_files files = { 0 };
	struct rulebook book;
	struct err e;
	char *dir;
	int rc = -1;

	rulebook_init(&book);
	dir = data_dir(set->data);
	set->o.ports = set->ports;
	set->o.against = profile_text(set->o.claims);
	if (set->o.as_text == NULL)
		set->o.as_text = "closed";
	set->o.known = (struct known_stack){
		.book = &book,
		.name = set->stack.name,
		.version = set->stack.version,
	};
	if (data_load(&book, dir, DATA_KNOWN, &e) == 0 &&
	    read_script(set, &files, &e) == 0)
		rc = respond_run(&set->o, &e);
	if (rc == -1)
		rc = cmd_fail(&e);
	scripts_free(&files);
	rulebook_free(&book);
	free(dir);
	return rc;
}

static int
respond(const struct cmd *cmd, int argc, char **argv)
{
	struct settings set = {
		.o = { .as = AS_CLOSED,
		    .timeout = TIMEOUT,
		    .claims = CLAIM_RFC5961,
		    .format = &report_text,
		    .interrupted = interrupt_came,
		    .report = { .out = stdout,
			.colour =
			    isatty(STDOUT_FILENO) && !getenv("NO_COLOR") } },
	};
	int rc;

	stack_init(&set.stack);
	rc = parse(cmd, &set, argc, argv);
	if (rc != 0) {
		rc--;
	} else {
		interrupt_hold();
		rc = load_and_respond(&set);
	}
	free(set.ports);
	return rc;
}

const struct cmd cmd_respond = {
	.name = "respond",
	.args = "[-qv] [--as BEHAVIOUR] [-p PORTS] [OPTION...] ADDRESS...",
	.help = "Be the peer of whoever connects, and judge its answers",
	.options = options,
	.run = respond,
};
