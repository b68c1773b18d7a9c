#ifndef RETORT_SHELL_WORDS_H
#define RETORT_SHELL_WORDS_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

/* What stands behind a command. */
enum shell_then {
	SHELL_END,  /* nothing: it is the last */
	SHELL_NEXT, /* a new line, ";", "&&" */
	SHELL_ELSE  /* "||" */
};

#define SHELL_WORDS 32

/* One command: its words without quotes, its redirections left out. */
struct shell_command {
	const char *words[SHELL_WORDS];
	size_t n; /* 0: an empty one */
	enum shell_then then;
};

/*
 * The next command at *text, which moves behind it. $((1024*4)) is evaluated,
 * "#" begins a comment; only /dev/null and other descriptors are written to.
 * ${PPID} is kept as it is written. 0, or -1 with *e (ERR_USAGE) where there
 * is more to it: pipes, other variables, loops of nested commands.
 */
int shell_next(struct shell_command *, const char **text, struct arena *,
    struct err *e);

/*
 * An arithmetic expression of the shell: integers, + - * / %, brackets. *text
 * moves to the first character that is not of it. 0, or -1 with *e.
 */
int shell_evaluate(int64_t *, const char **text, struct err *e);

#endif
