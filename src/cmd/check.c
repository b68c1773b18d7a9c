#include <sys/utsname.h>

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/driver.h"
#include "cmd/cmd.h"
#include "run/data.h"
#include "run/suite.h"

static const struct cmd_option options[] = {
	{ "output", 'o', "FORMAT", "report as text (default), tap or json" },
	{ "pcap", OPT_PCAP, "FILE", "keep every frame in a capture file" },
	{ "quiet", 'q', NULL, "no line for a case that passes" },
	{ "verbose", 'v', NULL, "show the exchange of every case" },
	{ "strict", OPT_STRICT, NULL,
	    "fail on what is only ALLOWED or a known DEVIATION" },
	{ "slow", OPT_SLOW, NULL,
	    "also the cases that wait longer than a second" },
	CMD_OPTIONS_IP,
	CMD_OPTION_DATA,
	CMD_OPTION_HELP,
	{ 0 },
};

struct settings {
	const struct report_format *format;
	const char *data, *pcap;
	int verbosity;
	uint8_t ip; /* 4 or 6; 0: both */
	bool strict, slow;
};

/* 0: go on; else the exit code, shifted by one. */
static int
parse(const struct cmd *cmd, struct settings *set, int argc, char **argv)
{
	const char *value;
	struct err e;
	int c;

	while ((c = cmd_next_option(cmd, argc, argv, &value)) > 0) {
		switch (c) {
		case 'o':
			set->format = report_by_name(value);
			if (set->format != NULL)
				break;
			err_about(&e, ERR_USAGE,
			    "-o takes text, tap or json, not '", value, "'");
			return 1 + cmd_fail(&e);
		case 'q':
			set->verbosity = -1;
			break;
		case 'v':
			set->verbosity = 1;
			break;
		case '4':
		case '6':
			set->ip = c - '0';
			break;
		case OPT_PCAP:
			set->pcap = value;
			break;
		case OPT_STRICT:
			set->strict = true;
			break;
		case OPT_SLOW:
			set->slow = true;
			break;
		case OPT_DATA:
			set->data = value;
			break;
		case OPT_HELP:
			return 1;
		}
	}
	return c == 0 ? 0 : 1 + ERR_USAGE;
}

/* Everything is parsed: open the bench, run, close. */
static int
run_suite(const struct settings *set, const struct rulebook *book,
    const struct testcases *cases)
{
	struct suite suite = { .book = book,
		.cases = cases,
		.format = set->format,
		.claims = CLAIM_RFC5961,
		.strict = set->strict };
	struct session session;
	struct utsname un;
	struct err e;
	int rc;

	uname(&un);
	suite.stack = un.sysname;
	suite.version = un.release;
	suite.options = (struct report_options){ .out = stdout,
		.verbosity = set->verbosity,
		.colour = isatty(STDOUT_FILENO) && !getenv("NO_COLOR") };
	if (session_open(&session, driver_run, set->pcap, &e) == -1)
		return cmd_fail(&e);
	rc = suite_run(&suite, &session);
	if (session_close(&session, &e) == -1)
		rc = cmd_fail(&e);
	return rc;
}

static int
check(const struct cmd *cmd, int argc, char **argv)
{
	struct settings set = { .format = &report_text };
	struct testcases cases = { 0 };
	struct rulebook book;
	struct err e;
	char *dir;
	int rc;

	rc = parse(cmd, &set, argc, argv);
	if (rc != 0)
		return rc - 1;
	rulebook_init(&book);
	dir = data_dir(set.data);
	if (data_load(&book, dir, &e) == -1 ||
	    testcases_expand(&cases, &book, &e) == -1 ||
	    testcases_select(&cases, argv + optind, argc - optind, set.ip,
		set.slow, &e) == -1)
		rc = cmd_fail(&e);
	else
		rc = run_suite(&set, &book, &cases);
	testcases_free(&cases);
	rulebook_free(&book);
	free(dir);
	return rc;
}

const struct cmd cmd_check = {
	.name = "check",
	.args = "[-46qv] [-o FORMAT] [--pcap FILE] [--strict] [ID-PATTERN...]",
	.help = "Hold this machine's TCP to the rules of RFC 9293",
	.options = options,
	.run = check,
};
