#ifndef RETORT_SCRIPTS_H
#define RETORT_SCRIPTS_H

#include "base/err.h"
#include "script/script.h"

/* One file that an operand names, and what it says. */
struct script_file {
	char *path;  /* as it is to be opened; "-": standard input */
	char *name;  /* the same, escaped */
	char *dir;   /* where it lies */
	char *about; /* its first comment, escaped; "" */
	struct script script;
	bool parsed;  /* there is a script to be freed */
	struct err e; /* kind ERR_NONE: it is right */
};

struct script_files {
	struct script_file *v;
	size_t n;
};

/*
 * The files that the operands name, in their order: a directory stands for
 * all *.pkt below it, sorted. 0, or -1 with *e when one names nothing. In
 * either case free them with scripts_free().
 */
int scripts_find(struct script_files *, char *const *operands, size_t n,
    struct err *e);
void scripts_free(struct script_files *);

/* Read and parse it; defines as for script_parse(). 0, or -1 with f->e. */
int scripts_read(struct script_file *f, const char *const *defines);

#endif
