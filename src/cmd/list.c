#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "cmd/cmd.h"
#include "run/data.h"
#include "run/model.h"

static const struct cmd_option options[] = {
	{ "matrix", OPT_MATRIX, NULL, "the cells of the matrix instead" },
	{ "verbose", 'v', NULL, "also the rule, and what it requires" },
	CMD_OPTIONS_IP,
	CMD_OPTION_DATA,
	CMD_OPTION_HELP,
	{ 0 },
};

/* The rule, what it requires, and what else a clause allows, a line each. */
static void
add_rule(struct buf *b, const struct rule *r, const struct testcase *t)
{
	const struct reply *reply = STAILQ_FIRST(&r->replies);

	buf_addf(b, "\n    %s: %s, then %s", r->id, reply->form.text,
	    state_name(model_next(r, t, CLAIM_RFC5961)));
	if (model_held(t) && r->outcome.sees < NSEES)
		buf_addf(b, "; the user sees %s", sees_name(r->outcome.sees));
	while ((reply = STAILQ_NEXT(reply, next)) != NULL) {
		buf_addf(b, "\n    or %s by ", reply->form.text);
		buf_add_escaped(b, reply->by, strlen(reply->by));
	}
}

/* A line a case: id, state, and the rule that answers it. */
static void
print_cases(const struct rulebook *book, const struct testcases *cases,
    bool verbose)
{
	const struct testcase *t;
	const struct rule *r;
	struct buf b = { 0 };

	for (t = cases->v; t < cases->v + cases->n; t++) {
		buf_reset(&b);
		r = model_rule(book, t, CLAIM_RFC5961);
		buf_addf(&b, "%-42s %-12s %-8s ", t->id,
		    state_name(testcase_state(t)), r ? r->level : "-");
		if (r != NULL)
			buf_add_escaped(&b, STAILQ_FIRST(&r->cites)->text,
			    strlen(STAILQ_FIRST(&r->cites)->text));
		buf_adds(&b, ": ");
		buf_add_escaped(&b, t->t->what, strlen(t->t->what));
		if (verbose && r != NULL)
			add_rule(&b, r, t);
		puts(buf_str(&b));
	}
	buf_free(&b);
}

static int
list(const struct cmd *cmd, int argc, char **argv)
{
	const char *value, *data = NULL;
	uint8_t ip = 0;
	bool matrix = false, verbose = false;
	struct testcases cases = { 0 };
	struct rulebook book;
	struct err e;
	char *dir;
	int c, rc = 0;

	while ((c = cmd_next_option(cmd, argc, argv, &value)) > 0) {
		if (c == OPT_HELP)
			return 0;
		if (c == '4' || c == '6')
			ip = c - '0';
		else if (c == OPT_MATRIX)
			matrix = true;
		else if (c == 'v')
			verbose = true;
		else
			data = value;
	}
	if (c == -1)
		return ERR_USAGE;
	rulebook_init(&book);
	dir = data_dir(data);
	if (data_load(&book, dir,
		(matrix ? DATA_MATRIX : DATA_CASES) | DATA_KNOWN, &e) == -1 ||
	    testcases_expand(&cases, &book, &e) == -1 ||
	    testcases_select(&cases, argv + optind, argc - optind, ip, true,
		&e) == -1)
		rc = cmd_fail(&e);
	else
		print_cases(&book, &cases, verbose);
	testcases_free(&cases);
	rulebook_free(&book);
	free(dir);
	return rc;
}

const struct cmd cmd_list = {
	.name = "list",
	.args = "[-46v] [--matrix] [ID-PATTERN...]",
	.help = "List the cases, without running them",
	.options = options,
	.run = list,
};
