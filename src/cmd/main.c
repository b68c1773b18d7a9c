#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/table.h"
#include "cmd/cmd.h"

static const struct cmd *const cmds[] = {
	&cmd_check,
	&cmd_explain,
	&cmd_lab,
	&cmd_list,
	&cmd_probe,
	&cmd_respond,
	&cmd_rules,
	&cmd_run,
};

static void
print_help(void)
{
	size_t i;

	puts("usage: retort COMMAND [OPTION...] [ARGUMENT...]\n"
	     "       retort --help | --version\n"
	     "Say whether a TCP answers as RFC 9293 requires.\n");
	for (i = 0; i < ARRAY_SIZE(cmds); i++)
		printf("  %-10s %s\n", cmds[i]->name, cmds[i]->help);
	puts("\nretort COMMAND --help shows the options of a command;\n"
	     "man retort tells more.");
}

static int
unknown(const char *arg)
{
	struct buf b = { 0 };

	buf_add_escaped(&b, arg, strlen(arg));
	fprintf(stderr, "retort: there is no %s '%s'; see retort --help\n",
	    arg[0] == '-' ? "option" : "command", buf_str(&b));
	buf_free(&b);
	return ERR_USAGE;
}

static int
run(int argc, char **argv)
{
	size_t i;

	if (argc < 2) {
		fputs("retort: a command is missing; see retort --help\n",
		    stderr);
		return ERR_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		print_help();
		return 0;
	}
	if (strcmp(argv[1], "--version") == 0) {
		puts("retort " PACKAGE_VERSION);
		return 0;
	}
	for (i = 0; i < ARRAY_SIZE(cmds); i++)
		if (strcmp(argv[1], cmds[i]->name) == 0)
			return cmds[i]->run(cmds[i], argc - 1, argv + 1);
	return unknown(argv[1]);
}

/*
 * A standard descriptor that is closed would be given to the next file that
 * is opened, and the report written into it. Returns whether stdout is open.
 */
static int
open_standard(void)
{
	int fd, out = fcntl(STDOUT_FILENO, F_GETFD) != -1;

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) == -1 && open("/dev/null", O_RDWR) == -1)
			return 0;
	return out;
}

int
main(int argc, char **argv)
{
	int rc;

	if (!open_standard()) {
		fputs("retort: standard output is closed: there is nowhere "
		      "to report to\n",
		    stderr);
		return ERR_ENV;
	}
	signal(SIGPIPE, SIG_IGN);
	rc = run(argc, argv);
	errno = 0;
	if (fflush(stdout) == EOF || ferror(stdout)) {
		fprintf(stderr, "retort: cannot write to standard output%s%s\n",
		    errno ? ": " : "", errno ? strerror(errno) : "");
		return ERR_ENV;
	}
	return rc;
}
