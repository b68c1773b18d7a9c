#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "cmd/cmd.h"
#include "cmd/picture.h"
#include "cmd/players.h"
#include "cmd/profile.h"
#include "cmd/remote_target.h"
#include "cmd/terminal.h"
#include "cmd/value.h"
#include "run/data.h"

#define JOBS_MAX 256

enum { OPT_TOLERANCE = 800, OPT_NO_END_SILENCE, OPT_LIST };

static const struct cmd_option options[] = {
	{ "output", 'o', "FORMAT", "report as text (default), tap or json" },
	{ "jobs", 'j', "N", "play N scripts at once; auto: one a processor" },
	{ "define", 'D', "NAME=VALUE",
	    "what a word of the scripts stands for" },
	{ "quiet", 'q', NULL, "a line only for what does not pass" },
	{ "verbose", 'v', NULL, "show the exchange of every script" },
	{ "ladder", OPT_LADDER, NULL,
	    "draw the exchanges that are shown, and that of a single script" },
	CMD_OPTIONS_TERMINAL,
	{ "svg", OPT_PICTURE, "FILE",
	    "draw the exchange of a single script as a picture" },
	{ "list", OPT_LIST, NULL, "list the scripts, without playing them" },
	{ "tolerance", OPT_TOLERANCE, "TIME",
	    "how far a segment may be off its time (default: any)" },
	{ "no-end-silence", OPT_NO_END_SILENCE, NULL,
	    "what follows the last event is not looked at" },
	{ "profile", OPT_PROFILE, "NAME",
	    "what the stack claims: rfc9293 (default) or rfc793" },
	{ "no-rfc5961", OPT_NO_RFC5961, NULL,
	    "the stack does not claim the defence of RFC 5961" },
	{ "pcap", OPT_PCAP, "FILE",
	    "keep every frame of one script in a capture file" },
	{ "target", OPT_TARGET, "HOST:PORT",
	    "play at a remote port: scripts without calls" },
	{ "closed-port", OPT_CLOSED_PORT, "PORT",
	    "a port of the target's where nobody listens" },
	{ "source", OPT_SOURCE, "ADDR",
	    "play from this address, which nobody has" },
	{ "interface", OPT_INTERFACE, "IF", "play over this interface" },
	CMD_OPTION_DATA,
	CMD_OPTION_HELP,
	{ 0 },
};

struct settings {
	struct players players;
	struct target target;
	const char *data, *svg;
	bool list, no_rfc5961;
	struct ladder_style style;
	const char **defines; /* ends with NULL */
	size_t ndefines;
};

static int
add_define(struct settings *set, const char *value, struct err *e)
{
	if (strchr(value, '=') == NULL || value[0] == '=')
		return err_about(e, ERR_USAGE,
		    "--define takes NAME=VALUE, not '", value, "'");
	set->defines[set->ndefines++] = value;
	return 0;
}

static int
take(struct settings *set, int c, const char *value, struct err *e)
{
	switch (c) {
	case 'o':
		set->players.format = report_by_name(value);
		if (set->players.format != NULL &&
		    set->players.format->script != NULL)
			return 0;
		return err_about(e, ERR_USAGE,
		    "-o takes text, tap or json, not '", value, "'");
	case 'j':
		set->players.at_once = 0;
		if (strcmp(value, "auto") == 0)
			return 0;
		return value_number(&set->players.at_once, "--jobs", value, 0,
		    JOBS_MAX, e);
	case 'D':
		return add_define(set, value, e);
	case 'q':
		set->players.report.verbosity = -1;
		return 0;
	case 'v':
		set->players.report.verbosity = 1;
		return 0;
	case OPT_LIST:
		set->list = true;
		return 0;
	case OPT_TOLERANCE:
		return value_time(&set->players.play.tolerance, "--tolerance",
		    value, e);
	case OPT_NO_END_SILENCE:
		set->players.play.end_silence = false;
		return 0;
	case OPT_PROFILE:
		return profile_claims(&set->players.play.claims, value, e);
	case OPT_NO_RFC5961:
		set->no_rfc5961 = true;
		return 0;
	case OPT_PCAP:
		set->players.play.pcap = value;
		return 0;
	case OPT_LADDER:
		set->players.report.ladder = &set->style;
		return 0;
	case OPT_ASCII:
	case OPT_COLUMNS:
		return terminal_option(&set->style, c, value, e) == -1 ? -1 : 0;
	case OPT_PICTURE:
		set->svg = value;
		return 0;
	case OPT_DATA:
		set->data = value;
		return 0;
	default:
		return target_option(&set->target, c, value, e);
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
	if (set->no_rfc5961)
		set->players.play.claims &= ~CLAIM_RFC5961;
	return c == 0 ? 0 : 1 + ERR_USAGE;
}

/* Every error of every file, a line each. The exit code for them, or 0. */
static int
read_all(const struct settings *set, struct script_files *files)
{
	const struct script_error *error;
	struct script_file *f;
	int bad = 0;

	for (f = files->v; f < files->v + files->n; f++) {
		if (scripts_read(f, set->defines) == 0)
			continue;
		bad = (int)f->e.kind > bad ? (int)f->e.kind : bad;
		if (!f->parsed || STAILQ_EMPTY(&f->script.errors)) {
			cmd_fail(&f->e);
			continue;
		}
		STAILQ_FOREACH (error, &f->script.errors, next)
			fprintf(stderr, "retort: %s\n", error->msg);
	}
	return bad;
}

static void
list(const struct script_files *files)
{
	const struct script_file *f;

	for (f = files->v; f < files->v + files->n; f++)
		printf("%s%s%s\n", f->name, f->about[0] != '\0' ? "  " : "",
		    f->about);
}

/* Without operands: the scripts that are installed. */
static int
find(struct script_files *files, const char *data, int argc, char **argv,
    struct err *e)
{
	struct buf dir = { 0 };
	char *own;
	int rc;

	if (argc > 0)
		return scripts_find(files, argv, argc, e);
	buf_addf(&dir, "%s/scripts", data);
	own = mem_strdup(buf_str(&dir));
	rc = access(own, R_OK) == 0
		 ? scripts_find(files, &own, 1, e)
		 : err_about(e, ERR_ENV, "", data,
		       ": no scripts/*.pkt files here; name the data "
		       "directory with --data");
	buf_free(&dir);
	free(own);
	return rc;
}

static int
play(struct settings *set, const struct script_files *files, int bad)
{
	struct err e;
	int rc;

	if (picture_open(&set->players.report.svg, set->svg, &e) == -1)
		return cmd_fail(&e);
	rc = players_run(&set->players, files, bad);
	if (picture_close(set->players.report.svg, set->svg, &e) == -1)
		return cmd_fail(&e);
	return rc;
}

static int
read_and_play(struct settings *set, struct script_files *files)
{
	struct err e;
	int bad;

	if (set->players.play.pcap != NULL && files->n > 1) {
		err_set(&e, ERR_USAGE,
		    "--pcap keeps the frames of one script, and there are %zu",
		    files->n);
		return cmd_fail(&e);
	}
	if (set->svg != NULL && files->n > 1) {
		err_set(&e, ERR_USAGE,
		    "--svg draws one script, and there are %zu", files->n);
		return cmd_fail(&e);
	}
	if (set->target.adapter != NULL)
		err_set(&e, ERR_USAGE,
		    "--target %s goes with retort check: scripts are played "
		    "at HOST:PORT",
		    set->target.adapter->name);
	if (set->target.adapter != NULL ||
	    target_resolve(&set->target, 0, &e) == -1)
		return cmd_fail(&e);
	if (set->target.host != NULL) {
		set->target.remote.wire.pcap = set->players.play.pcap;
		set->players.play.remote = &set->target.remote;
	}
	bad = read_all(set, files);
	if (!set->list)
		return play(set, files, bad);
	list(files);
	return bad;
}

static int
run(const struct cmd *cmd, int argc, char **argv)
{
	struct settings set = { .players = { .format = &report_text,
				    .at_once = 1,
				    .play = { .claims = CLAIM_RFC5961,
					.tolerance = -1,
					.end_silence = true },
				    .report = { .out = stdout } },
		.style = terminal_style(stdout) };
	struct script_files files = { 0 };
	struct rulebook book;
	struct err e;
	char *dir;
	int rc;

	set.players.report.colour = set.style.colour;
	set.target.remote.retries = TARGET_RETRIES;
	set.defines = mem_calloc(argc + 1, sizeof(*set.defines));
	rc = parse(cmd, &set, argc, argv);
	if (rc != 0) {
		target_free(&set.target);
		free(set.defines);
		return rc - 1;
	}
	rulebook_init(&book);
	set.players.play.book = &book;
	dir = data_dir(set.data);
	if (find(&files, dir, argc - optind, argv + optind, &e) == -1 ||
	    data_load(&book, dir, DATA_RULES, &e) == -1)
		rc = cmd_fail(&e);
	else
		rc = read_and_play(&set, &files);
	scripts_free(&files);
	rulebook_free(&book);
	free(dir);
	target_free(&set.target);
	free(set.defines);
	return rc;
}

const struct cmd cmd_run = {
	.name = "run",
	.args = "[-qv] [-j N] [-o FORMAT] [-D NAME=VALUE] [OPTION...] "
		"[SCRIPT...]",
	.help = "Play scripts in packetdrill's notation",
	.options = options,
	.run = run,
};
