#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "cmd/cmd.h"

#define MAX_OPTIONS 64

static void
print_help(const struct cmd *cmd)
{
	const struct cmd_option *o;
	char left[64];

	printf("usage: retort %s %s\n%s.\n\n", cmd->name, cmd->args, cmd->help);
	for (o = cmd->options; o->name != NULL; o++) {
		snprintf(left, sizeof(left), "%c%c%s--%s%s%s",
		    o->letter < 256 ? '-' : ' ',
		    o->letter < 256 ? o->letter : ' ',
		    o->letter < 256 ? ", " : "  ", o->name, o->arg ? " " : "",
		    o->arg ? o->arg : "");
		printf("  %-24s %s\n", left, o->help);
	}
	printf("\nman retort-%s tells more.\n", cmd->name);
}

static int
complain(const struct cmd *cmd, const char *what, const char *arg)
{
	struct buf b = { 0 };

	buf_add_escaped(&b, arg, strlen(arg));
	fprintf(stderr, "retort %s: %s '%s'; see retort %s --help\n", cmd->name,
	    what, buf_str(&b), cmd->name);
	buf_free(&b);
	return -1;
}

int
cmd_next_option(const struct cmd *cmd, int argc, char **argv,
    const char **value)
{
	struct option longs[MAX_OPTIONS] = { 0 };
	char shorts[2 * MAX_OPTIONS + 2] = ":", bad[3] = "-";
	const struct cmd_option *o;
	size_t n = 0, k = 1;
	int c, at = optind;

	for (o = cmd->options; o->name != NULL && n + 1 < MAX_OPTIONS; o++) {
		longs[n++] = (struct option){ .name = o->name,
			.has_arg = o->arg ? required_argument : no_argument,
			.val = o->letter };
		if (o->letter < 256)
			shorts[k++] = o->letter;
		if (o->letter < 256 && o->arg)
			shorts[k++] = ':';
	}
	/* the next that is no operand is what it looks at */
	while (at < argc && (argv[at][0] != '-' || argv[at][1] == '\0'))
		at++;
	opterr = 0;
	c = getopt_long(argc, argv, shorts, longs, NULL);
	*value = optarg;
	bad[1] = optopt;
	if (c == -1)
		return 0;
	if (c == ':')
		return complain(cmd, "this option needs a value:", argv[at]);
	if (c == '?')
		return complain(cmd, "unknown option",
		    optopt > 0 && optopt < 256 && argv[at][1] != '-'
			? bad
			: argv[at]);
	if (c == OPT_HELP)
		print_help(cmd);
	return c;
}

int
cmd_fail(const struct err *e)
{
	fprintf(stderr, "retort: %s\n", e->msg);
	return e->kind;
}
