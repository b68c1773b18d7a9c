#include <ctype.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/table.h"
#include "cmd/cmd.h"
#include "report/lines.h"
#include "run/data.h"
#include "run/model.h"

static const struct cmd_option options[] = {
	{ "coverage", OPT_COVERAGE, NULL,
	    "how many cases each rule answers, by profile" },
	{ "reasons", OPT_REASONS, NULL,
	    "show what a stack itself calls the reason of a RST" },
	CMD_OPTION_DATA,
	CMD_OPTION_HELP,
	{ 0 },
};

/* A line a rule. */
static void
print_index(const struct rulebook *book)
{
	const struct rule *r;
	struct buf b = { 0 };

	STAILQ_FOREACH (r, &book->rules, next) {
		buf_reset(&b);
		lines_add_cites(&b, &r->cites);
		printf("%-36s %-8s %s\n", r->id, r->level, buf_str(&b));
	}
	buf_free(&b);
}

/* ---- coverage ---- */

/* What a stack may claim; see --profile and --no-rfc5961 of check. */
static const struct {
	const char *name;
	unsigned claims;
} profiles[] = {
	{ "rfc9293", CLAIM_RFC5961 },
	{ "no-rfc5961", 0 },
	{ "rfc793", CLAIM_RFC793 },
};

struct answers {
	unsigned n[ARRAY_SIZE(profiles)];
};

/* Which rule answers each case, for each profile: in the order of the rules */
static void
count_answers(const struct rulebook *book, const struct testcases *cases,
    struct answers *answers)
{
	const struct rule *r, *answering;
	size_t p, i, k;

	for (p = 0; p < ARRAY_SIZE(profiles); p++)
		for (i = 0; i < cases->n; i++) {
			answering =
			    model_rule(book, &cases->v[i], profiles[p].claims);
			k = 0;
			STAILQ_FOREACH (r, &book->rules, next) {
				if (r == answering)
					answers[k].n[p]++;
				k++;
			}
		}
}

/* Exit code 1 when a rule answers no case at all. */
static int
print_answers(const struct rulebook *book, const struct answers *a)
{
	const struct answers *at = a;
	const struct rule *r;
	unsigned never = 0;
	bool any;

	printf("%-36s %10s %10s %10s\n", "cases answered as", profiles[0].name,
	    profiles[1].name, profiles[2].name);
	STAILQ_FOREACH (r, &book->rules, next) {
		any = at->n[0] + at->n[1] + at->n[2] > 0;
		never += !any;
		printf("%-36s %10u %10u %10u%s\n", r->id, at->n[0], at->n[1],
		    at->n[2], any ? "" : "  never");
		at++;
	}
	printf("%zu rules, %u of them answer no case\n", (size_t)(at - a),
	    never);
	return never > 0;
}

static int
print_coverage(const struct rulebook *book)
{
	struct testcases cases;
	struct answers *answers;
	const struct rule *r;
	struct err e;
	size_t n = 0;
	int rc;

	if (testcases_expand(&cases, book, &e) == -1) {
		testcases_free(&cases);
		return cmd_fail(&e);
	}
	STAILQ_FOREACH (r, &book->rules, next)
		n++;
	answers = mem_calloc(n, sizeof(*answers));
	count_answers(book, &cases, answers);
	rc = print_answers(book, answers);
	free(answers);
	testcases_free(&cases);
	return rc;
}

/* ---- rules ---- */

/*
 * Does the pattern match the rule? Before a slash it may also be the name of
 * a state, in lower case, for every rule that speaks of that state.
 */
static bool
rule_matches(const char *pattern, const struct rule *r)
{
	size_t n = strcspn(pattern, "/"), i;
	char upper[16] = "";
	enum state st;

	if (id_matches(pattern, r->id))
		return true;
	for (i = 0; i < n && i < sizeof(upper) - 1; i++)
		upper[i] = toupper((unsigned char)pattern[i]);
	st = state_by_name(upper, n);
	if (st == NSTATES || !(r->states & 1u << st))
		return false;
	return pattern[n] == '\0' || pattern[n + 1] == '\0' ||
	       id_matches(pattern + n + 1, r->id);
}

/* The rules themselves, as they stand in their files. */
static int
print_rules(const struct rulebook *book, const char *pattern)
{
	const char *line, *end;
	struct buf b = { 0 };
	const struct rule *r;
	int found = 0;

	STAILQ_FOREACH (r, &book->rules, next) {
		if (!rule_matches(pattern, r))
			continue;
		found++;
		for (line = r->text; *line != '\0'; line = end) {
			end = line + strcspn(line, "\n");
			while (*line == '\t')
				line++, buf_adds(&b, "        ");
			buf_add_escaped(&b, line, end - line);
			buf_adds(&b, "\n");
			end += *end == '\n';
		}
		buf_adds(&b, "\n");
	}
	fputs(buf_str(&b), stdout);
	buf_free(&b);
	return found;
}

/* Each reason of a stack: the rules it stands for, or why there are none. */
static int
print_reasons(const struct rulebook *book, const char *pattern)
{
	const struct reason *r;
	const struct cite *c;
	struct buf b = { 0 };
	int found = 0;

	STAILQ_FOREACH (r, &book->reasons, next) {
		if (!id_matches(pattern, r->name))
			continue;
		found++;
		buf_add_escaped(&b, r->name, strlen(r->name));
		buf_addf(&b, " (%s", r->stack);
		if (r->since != NULL)
			buf_addf(&b, " since %s", r->since);
		if (r->until != NULL)
			buf_addf(&b, " until %s", r->until);
		buf_adds(&b, ")\n");
		lines_add_text(&b, "    ", "why", r->why);
		if (r->unprovoked != NULL)
			lines_add_text(&b, "    ", "unprovoked", r->unprovoked);
		STAILQ_FOREACH (c, &r->of, next)
			lines_add_text(&b, "    ", "of", c->text);
	}
	fputs(buf_str(&b), stdout);
	buf_free(&b);
	return found;
}

/* The exit code: a pattern that nothing matches is an error. */
static int
print_matches(const struct rulebook *book, bool reasons, const char *pattern)
{
	struct err e;

	if ((reasons ? print_reasons : print_rules)(book, pattern) > 0)
		return 0;
	if (reasons)
		err_about(&e, ERR_USAGE, "no reason has a name that matches '",
		    pattern, "'; retort rules --reasons shows them");
	else
		err_about(&e, ERR_USAGE, "no rule has an id that matches '",
		    pattern, "'; retort rules shows them");
	return cmd_fail(&e);
}

static int
rules(const struct cmd *cmd, int argc, char **argv)
{
	const char *value, *data = NULL;
	struct rulebook book;
	struct err e;
	int c, i, what = 0, rc = 0;
	char *dir;

	while ((c = cmd_next_option(cmd, argc, argv, &value)) > 0) {
		if (c == OPT_HELP)
			return 0;
		if (c != OPT_DATA)
			what = c;
		else
			data = value;
	}
	if (c == -1)
		return ERR_USAGE;
	rulebook_init(&book);
	dir = data_dir(data);
	if (data_load(&book, dir, DATA_SUITE, &e) == -1)
		rc = cmd_fail(&e);
	else if (what == OPT_COVERAGE)
		rc = print_coverage(&book);
	else if (optind == argc && what == OPT_REASONS)
		print_reasons(&book, "*");
	else if (optind == argc)
		print_index(&book);
	for (i = optind; i < argc && rc == 0 && what != OPT_COVERAGE; i++)
		rc = print_matches(&book, what == OPT_REASONS, argv[i]);
	rulebook_free(&book);
	free(dir);
	return rc;
}

const struct cmd cmd_rules = {
	.name = "rules",
	.args = "[--coverage | --reasons] [ID-PATTERN...]",
	.help = "Show the rulebook: an index, or the rules that match",
	.options = options,
	.run = rules,
};
