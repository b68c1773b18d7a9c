#ifndef RETORT_SHELL_H
#define RETORT_SHELL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/queue.h>

#include "base/arena.h"
#include "base/err.h"

/*
 * DOC: shell lines
 *
 * No shell is ever started for a script. What the lines in backquotes ask for
 * is read here, and what can be had in the private namespace becomes a list
 * of settings: sysctl, the packetdrill project's set_sysctls.py, and files of
 * such commands, "../common/defaults.sh". What would change nothing there is
 * read over: nstat without a question, a queue of no limit. So is ip
 * tcp_metrics flush as long as there is nothing to forget: only root of the
 * whole machine may do it. All else is refused, and the script is one that
 * cannot be run here.
 */
struct shell_setting {
	const char *name; /* below /proc/sys: "net/ipv4/tcp_ecn" */
	const char *value;
	bool optional; /* a shell would go on where it cannot be made */
	STAILQ_ENTRY(shell_setting) next;
};

struct shell {
	struct arena arena;
	STAILQ_HEAD(shell_settings, shell_setting) settings;
	size_t n;     /* of them */
	bool forgets; /* what the kernel remembers of peers is to go */
};

/*
 * Read the text of a shell line of a script. Files are looked for from dir on;
 * NULL: ".". 0; or -1 with *e (ERR_USAGE), the reason for a SKIP. In either
 * case free it with shell_free().
 */
int shell_read(struct shell *, const char *text, const char *dir,
    struct err *e);
void shell_free(struct shell *);

#endif
