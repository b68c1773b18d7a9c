#ifndef RETORT_KERNEL_VIEW_H
#define RETORT_KERNEL_VIEW_H

#include <stdbool.h>

#include "base/err.h"
#include "tcp/segment.h"

/*
 * What this machine's kernel says about the RSTs that it sends, beside a live
 * capture: its reason, its socket's state, and the process that wished it. It
 * speaks of all network namespaces, so its RSTs are matched by their ends and
 * by time.
 */
struct kernel_view;

/*
 * Before privileges are given up. ERR_ENV where the kernel does not tell, for
 * which one must be root in the first user namespace.
 */
int kernel_view_open(struct kernel_view **, struct err *e);

/* Take what the kernel has told so far: every second or so. */
void kernel_view_look(struct kernel_view *);

/* What it said; texts are valid until the next call of any of these. */
struct kernel_said {
	const char *reason, *state; /* NULL: nothing, no socket */
	const char *owner;	    /* escaped "123 (nginx)"; or NULL */
};

/*
 * What was said of the RST that was captured, s->when is its time. False when
 * nothing was: the kernel has not sent it.
 */
bool kernel_view_find(struct kernel_view *, const struct segment *s,
    struct kernel_said *);

void kernel_view_close(struct kernel_view *);

#endif
