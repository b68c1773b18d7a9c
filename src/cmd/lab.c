#include <sys/prctl.h>
#include <sys/utsname.h>
#include <sys/wait.h>

#include <errno.h>
#include <getopt.h>
#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/tr.h"
#include "cmd/cmd.h"
#include "cmd/lab_show.h"
#include "cmd/picture.h"
#include "cmd/terminal.h"
#include "run/data.h"

enum { OPT_LIST = 800, OPT_STEP, OPT_QUIZ, OPT_SVG };

static const struct cmd_option options[] = {
	{ "define", 'D', "NAME=VALUE", "a variation of the lesson" },
	{ "output", 'o', "FORMAT", "text (default) or json" },
	{ "list", OPT_LIST, NULL, "list the lessons" },
	{ "step", OPT_STEP, NULL, "wait for Enter before each step" },
	{ "quiz", OPT_QUIZ, NULL, "ask first which reply will come" },
	{ "quiet", 'q', NULL, "only the ladder and the summary" },
	{ "svg", OPT_SVG, "FILE", "keep the ladder as a picture" },
	{ "pcap", OPT_PCAP, "FILE", "keep the segments in a capture file" },
	{ "ipv4", '4', NULL, "over IPv4 (default)" },
	{ "ipv6", '6', NULL, "over IPv6" },
	CMD_OPTIONS_TERMINAL,
	CMD_OPTION_DATA,
	CMD_OPTION_HELP,
	{ 0 },
};

struct settings {
	struct lab_show show;
	struct lesson_options play;
	const char *svg;
	bool list;
	char **defines;
	size_t ndefines;
};

struct labs {
	struct lab **v;
	size_t n;
};

/* ---- the lessons that there are ---- */

static int
add_file(struct labs *labs, const char *path, struct err *e)
{
	struct lab *lab;
	size_t len;
	char *text = file_read(path, &len, e);
	int rc;

	if (text == NULL)
		return -1;
	lab = mem_calloc(1, sizeof(*lab));
	rc = lab_parse(lab, path, text, len, e);
	free(text);
	if (rc == -1) {
		lab_free(lab);
		free(lab);
		return -1;
	}
	labs->v = mem_grow(labs->v, labs->n, sizeof(*labs->v));
	labs->v[labs->n++] = lab;
	return 0;
}

static void
labs_free(struct labs *labs)
{
	size_t i;

	for (i = 0; i < labs->n; i++) {
		lab_free(labs->v[i]);
		free(labs->v[i]);
	}
	free(labs->v);
}

static int
by_order(const void *x, const void *y)
{
	const struct lab *const *a = x, *const *b = y;

	if ((*a)->order != (*b)->order)
		return (*a)->order < (*b)->order ? -1 : 1;
	return strcmp((*a)->name, (*b)->name);
}

/* All of a data directory, in their order. The exit code of the worst, or 0. */
static int
find_all(struct labs *labs, const char *dir)
{
	struct buf pattern = { 0 };
	struct err e;
	int rc = 0;
	glob_t g;
	size_t i;

	buf_addf(&pattern, "%s/labs/*.lab", dir);
	if (glob(buf_str(&pattern), 0, NULL, &g) != 0)
		g.gl_pathc = 0;
	for (i = 0; i < g.gl_pathc; i++)
		if (add_file(labs, g.gl_pathv[i], &e) == -1)
			rc = cmd_fail(&e);
	if (g.gl_pathc > 0)
		globfree(&g);
	buf_free(&pattern);
	if (i == 0) {
		err_about(&e, ERR_ENV, "", dir,
		    ": no labs/*.lab files here; name the data directory with "
		    "--data");
		return cmd_fail(&e);
	}
	qsort(labs->v, labs->n, sizeof(*labs->v), by_order);
	return rc;
}

/* One by its name, or by the path of its file. */
static int
find_one(struct labs *labs, const char *dir, const char *name, struct err *e)
{
	struct buf path = { 0 };
	int rc;

	if (strchr(name, '/') != NULL)
		return add_file(labs, name, e);
	buf_addf(&path, "%s/labs/%s.lab", dir, name);
	if (access(buf_str(&path), F_OK) == -1)
		rc = err_about(e, ERR_USAGE, "there is no lesson '", name,
		    "'; retort lab lists them");
	else
		rc = add_file(labs, buf_str(&path), e);
	buf_free(&path);
	return rc;
}

static void
list(const struct labs *labs)
{
	size_t i, width = 0, len;

	for (i = 0; i < labs->n; i++) {
		len = strlen(labs->v[i]->name);
		width = len > width ? len : width;
	}
	for (i = 0; i < labs->n; i++)
		printf("%-*s  %s\n", (int)width, labs->v[i]->name,
		    tr(labs->v[i]->title));
}

/* ---- to play them ---- */

/* The process of a lesson: it ends with this one. */
static int
show(const struct settings *set, struct lab *lab)
{
	struct err e;
	int rc;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	rc = lab_show(&set->show, lab, &set->play);
	if (picture_close(set->show.svg, set->svg, &e) == -1)
		return cmd_fail(&e);
	if (fflush(stdout) != EOF && !ferror(stdout))
		return rc;
	err_set(&e, ERR_ENV, "cannot write to standard output: %s",
	    strerror(errno));
	return cmd_fail(&e);
}

/* The kernels' namespaces end with the process that is in them. */
static int
play(const struct settings *set, struct lab *lab)
{
	struct err e;
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0)
		_exit(show(set, lab));
	while (pid != -1 && waitpid(pid, &status, 0) == -1)
		if (errno != EINTR)
			pid = -1;
	if (pid != -1 && WIFEXITED(status))
		return WEXITSTATUS(status);
	if (pid == -1)
		err_set(&e, ERR_ENV, "cannot start a process: %s",
		    strerror(errno));
	else
		err_set(&e, ERR_INTERNAL, "the lesson ended by signal %d",
		    WTERMSIG(status));
	return cmd_fail(&e);
}

static int
define(const struct settings *set, struct lab *lab)
{
	struct err e;
	size_t i;

	for (i = 0; i < set->ndefines; i++)
		if (lab_define(lab, set->defines[i], &e) == -1)
			return cmd_fail(&e);
	return lab_prepare(lab, &e) == -1 ? cmd_fail(&e) : 0;
}

static int
play_all(struct settings *set, struct labs *labs)
{
	int rc = 0, one;
	struct err e;
	size_t i;

	if (set->show.report.json && (set->show.step || set->show.quiz)) {
		err_set(&e, ERR_USAGE,
		    "-o json is for programs, --step and --quiz for people");
		return cmd_fail(&e);
	}
	if (labs->n > 1 && (set->svg != NULL || set->play.pcap != NULL)) {
		err_set(&e, ERR_USAGE,
		    "--svg and --pcap keep one lesson, and there are %zu",
		    labs->n);
		return cmd_fail(&e);
	}
	for (i = 0; i < labs->n; i++)
		if ((rc = define(set, labs->v[i])) != 0)
			return rc;
	if (picture_open(&set->show.svg, set->svg, &e) == -1)
		return cmd_fail(&e);
	for (i = 0; i < labs->n; i++) {
		if (i > 0 && !set->show.report.json)
			putchar('\n');
		one = play(set, labs->v[i]);
		rc = one > rc ? one : rc;
	}
	if (set->show.svg != NULL)
		fclose(set->show.svg);
	return rc;
}

/* ---- options ---- */

static int
take(struct settings *set, int c, const char *value, struct err *e)
{
	switch (c) {
	case 'D':
		set->defines[set->ndefines++] = (char *)(uintptr_t)value;
		break;
	case 'o':
		set->show.report.json = strcmp(value, "json") == 0;
		if (set->show.report.json || strcmp(value, "text") == 0)
			return 0;
		return err_about(e, ERR_USAGE, "-o takes text or json, not '",
		    value, "'");
	case OPT_LIST:
		set->list = true;
		break;
	case OPT_STEP:
		set->show.step = true;
		break;
	case OPT_QUIZ:
		set->show.quiz = set->show.report.quiz = true;
		break;
	case 'q':
		set->show.report.quiet = true;
		break;
	case OPT_SVG:
		set->svg = value;
		break;
	case OPT_PCAP:
		set->play.pcap = value;
		break;
	case '4':
	case '6':
		set->play.ip = c - '0';
		break;
	case OPT_DATA:
		set->show.data = value;
		break;
	default:
		return terminal_option(&set->show.report.style, c, value, e) ==
			       -1
			   ? -1
			   : 0;
	}
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
	return c == 0 ? 0 : 1 + ERR_USAGE;
}

static int
find_and_play(struct settings *set, const char *dir, int argc, char **argv)
{
	struct labs labs = { 0 };
	struct err e;
	int i, rc = 0;

	if (argc == 0 && !set->list &&
	    (set->ndefines > 0 || set->svg != NULL || set->play.pcap != NULL ||
		set->show.step || set->show.quiz)) {
		err_set(&e, ERR_USAGE, "which lesson? retort lab lists them");
		return cmd_fail(&e);
	}
	if (set->list || argc == 0) {
		rc = find_all(&labs, dir);
		list(&labs);
		labs_free(&labs);
		return rc;
	}
	for (i = 0; i < argc && rc == 0; i++)
		if (find_one(&labs, dir, argv[i], &e) == -1)
			rc = cmd_fail(&e);
	if (rc == 0)
		rc = play_all(set, &labs);
	labs_free(&labs);
	return rc;
}

static int
run(const struct cmd *cmd, int argc, char **argv)
{
	struct settings set = { .play = { .claims = CLAIM_RFC5961, .ip = 4 },
		.show.report = {
		    .out = stdout, .style = terminal_style(stdout) } };
	struct known_stack known;
	struct rulebook book;
	struct utsname un;
	struct buf locale = { 0 };
	struct err e;
	char *dir;
	int rc;

	set.defines = mem_calloc(argc + 1, sizeof(*set.defines));
	rc = parse(cmd, &set, argc, argv);
	if (rc != 0) {
		free(set.defines);
		return rc - 1;
	}
	set.show.report.style.indent = "  ";
	dir = data_dir(set.show.data);
	buf_addf(&locale, "%s/locale", dir);
	tr_open(buf_str(&locale));
	rulebook_init(&book);
	uname(&un);
	known = (struct known_stack){ &book, "linux", un.release };
	set.play.known = &known;
	if (data_load(&book, dir, DATA_KNOWN, &e) == -1)
		rc = cmd_fail(&e);
	else
		rc = find_and_play(&set, dir, argc - optind, argv + optind);
	rulebook_free(&book);
	buf_free(&locale);
	free(dir);
	free(set.defines);
	return rc;
}

const struct cmd cmd_lab = {
	.name = "lab",
	.args = "[-46q] [-o FORMAT] [-D NAME=VALUE] [OPTION...] [NAME...]",
	.help = "Teach, with two real kernels and the wire between them",
	.options = options,
	.run = run,
};
