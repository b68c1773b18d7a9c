#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "cmd/cmd.h"
#include "cmd/picture.h"
#include "cmd/profile.h"
#include "cmd/remote_target.h"
#include "cmd/stack_table.h"
#include "cmd/terminal.h"
#include "run/client.h"
#include "run/data.h"
#include "run/matrix.h"

static const struct cmd_option options[] = {
	{ "output", 'o', "FORMAT",
	    "report as text (default), tap, json or nmap" },
	{ "pcap", OPT_PCAP, "FILE", "keep every frame in a capture file" },
	{ "quiet", 'q', NULL, "a line only for what fails or is not certain" },
	{ "verbose", 'v', NULL, "show the exchange of every case" },
	{ "ladder", OPT_LADDER, NULL,
	    "draw the exchanges that are shown, and that of a single case" },
	CMD_OPTIONS_TERMINAL,
	{ "svg", OPT_PICTURE, "FILE",
	    "draw the exchange of a single case as a picture" },
	{ "strict", OPT_STRICT, NULL,
	    "fail on what is only ALLOWED or a known DEVIATION" },
	{ "matrix", OPT_MATRIX, NULL,
	    "every state, control bit and edge of the window" },
	{ "table", OPT_TABLE, NULL,
	    "stacks and groups of rules, and how many cases had which "
	    "verdict" },
	{ "profile", OPT_PROFILE, "NAME",
	    "what the stack claims: rfc9293 (default) or rfc793" },
	{ "no-rfc5961", OPT_NO_RFC5961, NULL,
	    "the stack does not claim the defence of RFC 5961" },
	{ "slow", OPT_SLOW, NULL,
	    "also the cases that wait longer than a second" },
	{ "target", OPT_TARGET, "TARGET",
	    "ask another stack: NAME, HOST:PORT, tap:IF,HOST:PORT or "
	    "veth:IF,HOST:PORT; with --table also all" },
	{ "closed-port", OPT_CLOSED_PORT, "PORT",
	    "a port of the target's where nobody listens" },
	{ "source", OPT_SOURCE, "ADDR",
	    "ask from this address, which nobody has" },
	{ "interface", OPT_INTERFACE, "IF", "ask over this interface" },
	{ "retries", OPT_RETRIES, "N",
	    "repeat what the target does not answer" },
	{ "stack", OPT_STACK, "NAME[/VERSION]",
	    "whose deviations are known of the target; none" },
	{ "client", OPT_CLIENT, NULL,
	    "the stack connects: to PORT of --source, where it is remote" },
	{ "wait", OPT_WAIT, "SECONDS",
	    "how long it may take to connect (default: 10)" },
	CMD_OPTIONS_IP,
	CMD_OPTION_DATA,
	CMD_OPTION_HELP,
	{ 0 },
};

struct settings {
	const struct report_format *format;
	const char *data, *pcap, *svg;
	int verbosity;
	uint8_t ip; /* 4 or 6; 0: both */
	bool strict, slow, matrix, table, no_rfc5961, ladder;
	struct ladder_style style;
	FILE *picture;
	unsigned claims;
	struct target target;
};

/* What is not of this command alone. */
static int
take(struct settings *set, int c, const char *value, struct err *e)
{
	int rc = terminal_option(&set->style, c, value, e);

	if (c == OPT_LADDER)
		set->ladder = true;
	if (c == OPT_PICTURE)
		set->svg = value;
	if (c == OPT_LADDER || c == OPT_PICTURE || rc != 0)
		return rc == -1 ? -1 : 0;
	return target_option(&set->target, c, value, e);
}

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
			    "-o takes text, tap, json or nmap, not '", value,
			    "'");
			return 1 + cmd_fail(&e);
		case 'q':
		case 'v':
			set->verbosity = c == 'v' ? 1 : -1;
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
		case OPT_MATRIX:
			set->matrix = true;
			break;
		case OPT_TABLE:
			set->table = true;
			break;
		case OPT_NO_RFC5961:
			set->no_rfc5961 = true;
			break;
		case OPT_PROFILE:
			if (profile_claims(&set->claims, value, &e) == 0)
				break;
			return 1 + cmd_fail(&e);
		case OPT_DATA:
			set->data = value;
			break;
		case OPT_HELP:
			return 1;
		default:
			if (take(set, c, value, &e) == 0)
				break;
			return 1 + cmd_fail(&e);
		}
	}
	if (set->no_rfc5961)
		set->claims &= ~CLAIM_RFC5961;
	return c == 0 ? 0 : 1 + ERR_USAGE;
}

/* Most cases were not tried: that is to be seen behind so many lines. */
static void
say_death(const struct target *t, const struct session *s)
{
	struct err e;

	err_set(&e, ERR_ENV, "%s is gone: %s",
	    t->adapter ? t->adapter->name
	    : t->host  ? "the target"
		       : "the stack",
	    s->death);
	cmd_fail(&e);
}

/* Everything is parsed: open the bench or the way to the target, run, close. */
static int
run_cases(struct suite *suite, struct settings *set)
{
	struct session session;
	struct err e;
	int rc, code;

	if (target_open(&set->target, &session, suite, &code, &e) == -1) {
		rc = cmd_fail(&e);
		return code != 0 ? code : rc;
	}
	rc = suite_run(suite, &session);
	if (session.dead)
		say_death(&set->target, &session);
	if (session_close(&session, &e) == -1)
		rc = cmd_fail(&e);
	return rc;
}

static void
show_progress(unsigned done, unsigned of)
{
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\r%u of %u cells", done, of);
}

static int
run_matrix(const struct suite *suite)
{
	const struct report_head head = { .stack = suite->stack,
		.version = suite->version,
		.against = suite->against,
		.matrix = true,
		.ncases = suite->cases->n };
	struct report_tail tail = { .matrix = true };
	struct matrix m;
	struct err e;
	size_t i;
	int rc = 0;

	suite->format->head(&suite->options, &head);
	if (matrix_run(suite, &m, show_progress, &e) == -1)
		rc = cmd_fail(&e);
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\r\033[K");
	if (rc == 0) {
		for (i = 0; i < m.nbehaviours; i++)
			suite->format->behaviour(&suite->options,
			    &m.behaviours[i]);
		memcpy(tail.n, m.n, sizeof(tail.n));
		tail.seconds = m.seconds;
		tail.nbehaviours = m.nbehaviours;
		suite->format->tail(&suite->options, &tail);
		rc = suite_exit_code(m.n, suite->cases->n);
	}
	matrix_free(&m);
	return rc;
}

static int
run(struct settings *set, const struct rulebook *book,
    const struct testcases *cases)
{
	struct suite suite = { .book = book,
		.cases = cases,
		.format = set->format,
		.claims = set->claims,
		.against = profile_text(set->claims),
		.strict = set->strict };

	target_describe(&set->target, &suite);
	suite.options = (struct report_options){ .out = stdout,
		.verbosity = set->verbosity,
		.colour = set->style.colour,
		.ladder = set->ladder ? &set->style : NULL,
		.svg = set->picture };
	if (set->table)
		return table_run(&suite, &set->target, set->target.all);
	return set->matrix ? run_matrix(&suite) : run_cases(&suite, set);
}

/* Every case that matches was put aside by another option. */
static int
nothing_left(void)
{
	fprintf(stderr,
	    "retort: no case is left to run: those that match are slow "
	    "(--slow), of the other family (-4, -6, --target) or "
	    "take a listener (--client)\n");
	return SUITE_SKIPPED;
}

static int
run_kept(struct settings *set, const struct rulebook *book,
    struct testcases *cases)
{
	struct err e;
	int rc;

	if (set->target.remote.client)
		testcases_keep(cases, client_case);
	if (cases->n == 0)
		return nothing_left();
	if (set->svg != NULL && cases->n > 1) {
		err_set(&e, ERR_USAGE,
		    "--svg draws one case, and there are %zu", cases->n);
		return cmd_fail(&e);
	}
	if (picture_open(&set->picture, set->svg, &e) == -1)
		return cmd_fail(&e);
	rc = run(set, book, cases);
	if (picture_close(set->picture, set->svg, &e) == -1)
		return cmd_fail(&e);
	return rc;
}

/* What cannot go together. */
static int
check_settings(const struct settings *set, struct err *e)
{
	if (set->matrix && set->format->behaviour == NULL)
		return err_set(e, ERR_USAGE,
		    "--matrix reports as text or json, not as %s",
		    set->format->name);
	if (set->matrix && set->pcap != NULL)
		return err_set(e, ERR_USAGE,
		    "--matrix keeps no frames: run the cells in question "
		    "without --pcap");
	if (set->matrix && set->target.remote.client)
		return err_set(e, ERR_USAGE,
		    "--matrix does not go with --client");
	if (set->table && (set->matrix || set->pcap != NULL ||
			      set->format->table_stack == NULL))
		return err_set(e, ERR_USAGE,
		    "--table goes with neither --matrix nor --pcap, and "
		    "reports as text or json");
	if (set->svg != NULL && (set->matrix || set->table))
		return err_set(e, ERR_USAGE,
		    "--svg draws one case: it goes with neither --matrix nor "
		    "--table");
	if (set->target.all && !set->table)
		return err_set(e, ERR_USAGE, "--target all goes with --table");
	if (set->matrix && (set->target.host || set->target.adapter))
		return err_set(e, ERR_USAGE,
		    "--matrix does not go with --target: it asks this "
		    "machine's TCP only");
	return 0;
}

/* Whom to ask: then only the cases of one family can be run. */
static int
find_target(struct settings *set, struct err *e)
{
	struct target *t = &set->target;

	if (target_resolve(t, set->ip, e) == -1)
		return -1;
	t->remote.wire.pcap = set->pcap;
	if (t->host != NULL)
		set->ip = t->remote.wire.to.ip;
	return 0;
}

static int
check(const struct cmd *cmd, int argc, char **argv)
{
	struct settings set = { .format = &report_text,
		.claims = CLAIM_RFC5961,
		.style = terminal_style(stdout),
		.target.remote = { .retries = TARGET_RETRIES,
		    .wait = TARGET_WAIT * NSEC_PER_SEC } };
	struct testcases cases = { 0 };
	struct rulebook book;
	struct err e;
	char *dir;
	int rc;

	stack_init(&set.target.stack);
	rc = parse(cmd, &set, argc, argv);
	if (rc != 0) {
		target_free(&set.target);
		return rc - 1;
	}
	rulebook_init(&book);
	dir = data_dir(set.data);
	if (check_settings(&set, &e) == -1 || find_target(&set, &e) == -1 ||
	    data_load(&book, dir,
		(set.matrix ? DATA_MATRIX : DATA_CASES) | DATA_KNOWN,
		&e) == -1 ||
	    testcases_expand(&cases, &book, &e) == -1 ||
	    testcases_select(&cases, argv + optind, argc - optind, set.ip,
		set.slow, &e) == -1)
		rc = cmd_fail(&e);
	else
		rc = run_kept(&set, &book, &cases);
	testcases_free(&cases);
	rulebook_free(&book);
	free(dir);
	target_free(&set.target);
	return rc;
}

const struct cmd cmd_check = {
	.name = "check",
	.args = "[-46qv] [-o FORMAT] [--matrix] [--slow] [--target TARGET] "
		"[ID-PATTERN...]",
	.help = "Hold this machine's TCP, or another's, to the rules of "
		"RFC 9293",
	.options = options,
	.run = check,
};
