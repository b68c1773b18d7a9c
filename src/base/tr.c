#include <dirent.h>
#include <langinfo.h>
#include <libintl.h>
#include <locale.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/table.h"
#include "base/tr.h"

#define DOMAIN "retort"

/*
 * The C library translates where the locale is any but C. A locale that is not
 * installed it refuses, and then C.UTF-8, which always is, does instead, with
 * the language's name in LANGUAGE.
 */

/* What POSIX lets the user say of a category; "" where nothing is said. */
static const char *
wish(const char *category)
{
	const char *const names[] = { "LC_ALL", category, "LANG" };
	const char *value;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		value = getenv(names[i]);
		if (value != NULL && value[0] != '\0')
			return value;
	}
	return "";
}

bool
tr_utf8(void)
{
	locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
	const char *codeset = strchr(wish("LC_CTYPE"), '.');
	bool utf8;

	if (locale != (locale_t)0) {
		utf8 = strcmp(nl_langinfo_l(CODESET, locale), "UTF-8") == 0;
		freelocale(locale);
		return utf8;
	}
	return codeset != NULL && (strncasecmp(codeset, ".UTF-8", 6) == 0 ||
				      strncasecmp(codeset, ".utf8", 5) == 0);
}

/* A catalogue: 32-bit words in either byte order, and the texts. */
struct catalogue {
	const char *p;
	size_t len;
	bool swapped;
};

enum {
	MAGIC = 0,
	REVISION = 4,
	COUNT = 8,
	ORIGINALS = 12,
	TRANSLATIONS = 16,
	HASH_SIZE = 20,
	HEADER = 28
};

static uint32_t
word(const struct catalogue *c, size_t at)
{
	uint32_t n;

	memcpy(&n, c->p + at, sizeof(n));
	return c->swapped ? __builtin_bswap32(n) : n;
}

/* Whether a table of n texts is within the file, and each text with its NUL. */
static bool
table_is_sound(const struct catalogue *c, size_t at, size_t n)
{
	size_t i, len, text;

	if (at % 4 != 0 || at > c->len || n > (c->len - at) / 8)
		return false;
	for (i = 0; i < n; i++) {
		len = word(c, at + 8 * i);
		text = word(c, at + 8 * i + 4);
		if (len >= c->len || text >= c->len - len ||
		    c->p[text + len] != '\0')
			return false;
	}
	return true;
}

/*
 * The C library trusts a catalogue: it would read past the end of one that is
 * cut short, or search for ever in a hash table that is full.
 */
static bool
is_sound(struct catalogue *c)
{
	if (c->len < HEADER)
		return false;
	c->swapped = false;
	c->swapped = word(c, MAGIC) == 0xde120495;
	return word(c, MAGIC) == 0x950412de && word(c, REVISION) == 0 &&
	       word(c, HASH_SIZE) == 0 &&
	       table_is_sound(c, word(c, ORIGINALS), word(c, COUNT)) &&
	       table_is_sound(c, word(c, TRANSLATIONS), word(c, COUNT));
}

/* A language without a catalogue is no fault, and none is in use. */
static bool
all_are_sound(const char *dir)
{
	DIR *languages = opendir(dir);
	struct buf path = { 0 };
	struct catalogue c;
	struct dirent *d;
	bool sound = languages != NULL;
	struct err e;
	char *text;

	while (sound && (d = readdir(languages)) != NULL) {
		buf_reset(&path);
		buf_addf(&path, "%s/%s/LC_MESSAGES/" DOMAIN ".mo", dir,
		    d->d_name);
		if (access(buf_str(&path), F_OK) == -1)
			continue;
		text = file_read(buf_str(&path), &c.len, &e);
		c.p = text;
		sound = text != NULL && is_sound(&c);
		free(text);
	}
	if (languages != NULL)
		closedir(languages);
	buf_free(&path);
	return sound;
}

void
tr_open(const char *dir)
{
	if (!tr_utf8() || !all_are_sound(dir))
		return;
	if (setlocale(LC_CTYPE, "") == NULL)
		setlocale(LC_CTYPE, "C.UTF-8");
	if (setlocale(LC_MESSAGES, "") == NULL &&
	    setlocale(LC_MESSAGES, "C.UTF-8") != NULL) {
		const char *language = getenv("LANGUAGE");

		if (language == NULL || language[0] == '\0')
			setenv("LANGUAGE", wish("LC_MESSAGES"), 1);
	}
	bindtextdomain(DOMAIN, dir);
	bind_textdomain_codeset(DOMAIN, "UTF-8");
}

const char *
tr(const char *text)
{
	/* of "" the C library would show the catalogue's header */
	return text[0] == '\0' ? text : dgettext(DOMAIN, text);
}
