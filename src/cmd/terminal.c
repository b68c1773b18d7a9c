#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/terminal.h"
#include "cmd/value.h"

#define COLUMNS_USUAL 80
#define COLUMNS_LEAST 40
#define COLUMNS_MOST  1000

/* The first of them that is set and not empty names the locale. */
static bool
is_utf8(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	const char *locale;
	size_t i;

	for (i = 0; i < 3; i++) {
		locale = getenv(names[i]);
		if (locale != NULL && locale[0] != '\0')
			return strcasestr(locale, "utf-8") != NULL ||
			       strcasestr(locale, "utf8") != NULL;
	}
	return false;
}

static unsigned
columns(FILE *out)
{
	const char *text = getenv("COLUMNS");
	struct winsize size;
	struct err e;
	uint32_t n;

	if (text != NULL && value_number(&n, "COLUMNS", text, COLUMNS_LEAST,
				COLUMNS_MOST, &e) == 0)
		return n;
	if (ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	return COLUMNS_USUAL;
}

struct ladder_style
terminal_style(FILE *out)
{
	return (struct ladder_style){ .indent = "    ",
		.columns = columns(out),
		.utf8 = is_utf8(),
		.colour = isatty(fileno(out)) && !getenv("NO_COLOR") };
}

int
terminal_option(struct ladder_style *style, int letter, const char *value,
    struct err *e)
{
	uint32_t n;

	if (letter == OPT_ASCII) {
		style->utf8 = false;
		return 1;
	}
	if (letter != OPT_COLUMNS)
		return 0;
	if (value_number(&n, "--columns", value, COLUMNS_LEAST, COLUMNS_MOST,
		e) == -1)
		return -1;
	style->columns = n;
	return 1;
}
