#ifndef RETORT_FOLD_H
#define RETORT_FOLD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/*
 * The next line of a text that is folded into so many columns (two at least):
 * *text goes to its begin, and *len octets of it take *columns. Whole words,
 * but a word that is wider than the room is broken. false: nothing is left.
 * The caller adds *len to *text.
 */
bool fold_next(const char **text, size_t room, size_t *len, size_t *columns);

/* The least room in which the text takes no more lines than in this one. */
size_t fold_even(const char *text, size_t room);

/*
 * The label of a segment or a call, to be folded between its parts only: its
 * other blanks become FOLD_GLUE, which fold_add() writes as blanks.
 */
#define FOLD_GLUE '\001'
void fold_glue(struct buf *, const char *label);
void fold_add(struct buf *, const char *text, size_t len);

/*
 * Lines of a shell's command, escaped already, indented in so many columns: it
 * is folded between its arguments, so that it can be copied as it stands.
 */
void fold_command(struct buf *, size_t columns, const char *command);

#endif
