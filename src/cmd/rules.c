#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "cmd/cmd.h"
#include "report/lines.h"
#include "run/data.h"
#include "run/testcase.h"

static const struct cmd_option options[] = {
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
		printf("%-24s %-8s %s\n", r->id, r->level, buf_str(&b));
	}
	buf_free(&b);
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
		if (!id_matches(pattern, r->id))
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

static int
rules(const struct cmd *cmd, int argc, char **argv)
{
	const char *value, *data = NULL;
	struct rulebook book;
	struct err e;
	int c, i, rc = 0;
	char *dir;

	while ((c = cmd_next_option(cmd, argc, argv, &value)) > 0) {
		if (c == OPT_HELP)
			return 0;
		data = value;
	}
	if (c == -1)
		return ERR_USAGE;
	rulebook_init(&book);
	dir = data_dir(data);
	if (data_load(&book, dir, false, &e) == -1)
		rc = cmd_fail(&e);
	else if (optind == argc)
		print_index(&book);
	for (i = optind; i < argc && rc == 0; i++)
		if (print_rules(&book, argv[i]) == 0) {
			err_about(&e, ERR_USAGE,
			    "no rule has an id that matches '", argv[i],
			    "'; retort rules shows them");
			rc = cmd_fail(&e);
		}
	rulebook_free(&book);
	free(dir);
	return rc;
}

const struct cmd cmd_rules = {
	.name = "rules",
	.args = "[ID-PATTERN...]",
	.help = "Show the rulebook: an index, or the rules that match",
	.options = options,
	.run = rules,
};
