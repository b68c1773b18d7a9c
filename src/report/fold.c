#include <string.h>

#include "base/columns.h"
#include "report/fold.h"

#define BLANKS " \001" /* and FOLD_GLUE */

/* A word of so many octets is too wide: rather not within a word of it. */
static size_t
better_end(const char *text, size_t len)
{
	size_t n = len;

	while (n > 0 && text[n] != FOLD_GLUE && text[n - 1] != ',')
		n--;
	return n > 0 ? n : len;
}

bool
fold_next(const char **text, size_t room, size_t *len, size_t *columns)
{
	*text += strspn(*text, BLANKS);
	*len = columns_line(*text, strlen(*text), room);
	*columns = columns_of(*text, *len);
	if (*columns > room) {
		*len = columns_fit(*text, *len, room, columns);
		*len = better_end(*text, *len);
		*columns = columns_of(*text, *len);
	}
	return *len > 0;
}

static size_t
lines_of(const char *text, size_t room)
{
	size_t lines = 0, len, columns;

	for (; fold_next(&text, room, &len, &columns); text += len)
		lines++;
	return lines;
}

size_t
fold_even(const char *text, size_t room)
{
	size_t lines;

	if (columns_of(text, strlen(text)) <= room)
		return room;
	lines = lines_of(text, room);
	while (room > 2 && lines_of(text, room - 1) == lines)
		room--;
	return room;
}

void
fold_glue(struct buf *b, const char *label)
{
	char c, last = '\0';

	for (; (c = *label) != '\0'; label++) {
		if (c == ' ' && last != ',' && last != ';' && last != ']')
			c = FOLD_GLUE;
		buf_add(b, &c, 1);
		last = c;
	}
}

void
fold_add(struct buf *b, const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		buf_add(b, text[i] == FOLD_GLUE ? " " : text + i, 1);
}

/* Blanks in quotes are glued. */
static void
glue_quoted(struct buf *b, const char *command)
{
	char c, quote = '\0';

	for (; (c = *command) != '\0'; command++) {
		if (quote == '\0' && (c == '\'' || c == '"'))
			quote = c;
		else if (c == quote)
			quote = '\0';
		if (c == ' ' && quote != '\0')
			c = FOLD_GLUE;
		buf_add(b, &c, 1);
	}
}

void
fold_command(struct buf *b, size_t columns, const char *command)
{
	static const char first[] = "    ", next[] = "        ", more[] = " \\";
	struct buf glued = { 0 };
	size_t len, width, room = columns - strlen(first);
	const char *text, *indent = first;

	glue_quoted(&glued, command);
	text = buf_str(&glued);
	if (columns_of(text, strlen(text)) > room)
		room = columns - strlen(next) - strlen(more);
	for (; fold_next(&text, room, &len, &width); indent = next) {
		if (indent == next)
			buf_addf(b, "%s\n", more);
		buf_adds(b, indent);
		fold_add(b, text, len);
		while (b->len > 0 && b->p[b->len - 1] == ' ')
			b->len--;
		text += len;
	}
	buf_adds(b, "\n");
	buf_free(&glued);
}
