#ifndef RETORT_CMD_H
#define RETORT_CMD_H

#include "base/err.h"

/*
 * One option of a command. Parsing, --help and the checks of the man pages
 * come from the tables of these. A letter above 255 means: no short form.
 */
struct cmd_option {
	const char *name;
	int letter;
	const char *arg; /* what it takes, for --help; NULL: nothing */
	const char *help;
};

enum {
	OPT_HELP = 'h',
	OPT_DATA = 256,
	OPT_PCAP,
	OPT_STRICT,
	OPT_SLOW,
	OPT_MATRIX,
	OPT_TABLE,
	OPT_PROFILE,
	OPT_NO_RFC5961,
	OPT_COVERAGE,
	OPT_REASONS,
	OPT_LADDER,
	OPT_ASCII,
	OPT_COLUMNS,
	OPT_PICTURE
};

#define CMD_OPTION_DATA                                      \
	{                                                    \
		"data", OPT_DATA, "DIR",                     \
		    "read rules, cases and deviations there" \
	}
#define CMD_OPTIONS_IP                                    \
	{ "ipv4", '4', NULL, "only cases over IPv4" },    \
	{                                                 \
		"ipv6", '6', NULL, "only cases over IPv6" \
	}
/* For terminal_option(). */
#define CMD_OPTIONS_TERMINAL                                         \
	{ "ascii", OPT_ASCII, NULL, "draw without UTF-8" },          \
	{                                                            \
		"columns", OPT_COLUMNS, "N",                         \
		    "draw so wide (default: as the terminal, or 80)" \
	}
#define CMD_OPTION_HELP                             \
	{                                           \
		"help", OPT_HELP, NULL, "show this" \
	}

/* A command. The options end with an entry without a name. */
struct cmd {
	const char *name;
	const char *args; /* for the usage line */
	const char *help; /* one line */
	const struct cmd_option *options;
	int (*run)(const struct cmd *, int argc, char **argv);
};

extern const struct cmd cmd_check, cmd_explain, cmd_lab, cmd_list, cmd_probe,
    cmd_respond, cmd_rules, cmd_run;

/*
 * The next option: its letter, with *value its argument, or 0 at the end
 * (optind is then the first operand). A bad option is told and is -1, and
 * --help is answered and is OPT_HELP.
 */
int cmd_next_option(const struct cmd *, int argc, char **argv,
    const char **value);

/* Print "retort: message" on stderr and return the exit code for it. */
int cmd_fail(const struct err *);

#endif
