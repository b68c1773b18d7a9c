#ifndef RETORT_ERR_H
#define RETORT_ERR_H

/*
 * Why a function failed. Library functions return 0 or -1 and fill a struct
 * err; only the commands print and exit. The kinds are the exit codes of the
 * program (retort(1), EXIT STATUS).
 */
enum err_kind {
	ERR_NONE = 0,
	ERR_USAGE = 2,	 /* bad option, id, rule, case or script */
	ERR_ENV = 3,	 /* the machine: permission, device, file */
	ERR_INTERNAL = 5 /* our own fault */
};

struct err {
	enum err_kind kind;
	char msg[512]; /* one line, already escaped, no newline */
};

/* Fill *e from a printf format. Always returns -1, for "return err_set(..)". */
int err_set(struct err *e, enum err_kind kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * The same about a text that a user or a file gave: it is escaped and stands
 * between the two others. Always returns -1.
 */
int err_about(struct err *e, enum err_kind kind, const char *before,
    const char *raw, const char *after);

/* Put "what: " before the message that is there. Always returns -1. */
int err_prefix(struct err *e, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
