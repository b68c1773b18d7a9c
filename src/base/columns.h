#ifndef RETORT_COLUMNS_H
#define RETORT_COLUMNS_H

#include <stddef.h>

/*
 * How many columns of a terminal UTF-8 text takes, whatever the locale: two
 * for what East Asian scripts write wide, none for combining marks. Octets that
 * are no UTF-8 count as one each. What Unicode calls ambiguous, such as the
 * lines of boxes, is narrow.
 */
size_t columns_of(const char *s, size_t len);

/*
 * How many octets of s, at most len, fit into so many columns; *columns is
 * what they take.
 */
size_t columns_fit(const char *s, size_t len, size_t room, size_t *columns);

/*
 * How many octets of a text stand before the next place where a line may end:
 * after a blank, and on either side of a wide character, but not before a mark
 * that closes (such as a full stop) or after one that opens.
 */
size_t columns_word(const char *s, size_t len);

/*
 * How many octets of a text go into a line of so many columns: whole words by
 * columns_word(), but one at least, which may then be too wide. Blanks at its
 * end are not counted; those at the begin of the next are for the caller to
 * skip.
 */
size_t columns_line(const char *s, size_t len, size_t room);

#endif
