#include <stdbool.h>
#include <stdint.h>

#include "base/columns.h"
#include "base/table.h"

struct range {
	uint32_t first, last;
};

/*
 * East_Asian_Width W and F of Unicode 14. Code points without a character stand
 * among them where that makes a range of several: nobody writes those.
 */
static const struct range wide[] = { { 0x1100, 0x115f }, { 0x231a, 0x231b },
	{ 0x2329, 0x232a }, { 0x23e9, 0x23ec }, { 0x23f0, 0x23f0 },
	{ 0x23f3, 0x23f3 }, { 0x25fd, 0x25fe }, { 0x2614, 0x2615 },
	{ 0x2648, 0x2653 }, { 0x267f, 0x267f }, { 0x2693, 0x2693 },
	{ 0x26a1, 0x26a1 }, { 0x26aa, 0x26ab }, { 0x26bd, 0x26be },
	{ 0x26c4, 0x26c5 }, { 0x26ce, 0x26ce }, { 0x26d4, 0x26d4 },
	{ 0x26ea, 0x26ea }, { 0x26f2, 0x26f3 }, { 0x26f5, 0x26f5 },
	{ 0x26fa, 0x26fa }, { 0x26fd, 0x26fd }, { 0x2705, 0x2705 },
	{ 0x270a, 0x270b }, { 0x2728, 0x2728 }, { 0x274c, 0x274c },
	{ 0x274e, 0x274e }, { 0x2753, 0x2755 }, { 0x2757, 0x2757 },
	{ 0x2795, 0x2797 }, { 0x27b0, 0x27b0 }, { 0x27bf, 0x27bf },
	{ 0x2b1b, 0x2b1c }, { 0x2b50, 0x2b50 }, { 0x2b55, 0x2b55 },
	{ 0x2e80, 0x303e }, { 0x3041, 0x3247 }, { 0x3250, 0x4dbf },
	{ 0x4e00, 0xa4cf }, { 0xa960, 0xa97f }, { 0xac00, 0xd7a3 },
	{ 0xf900, 0xfaff }, { 0xfe10, 0xfe19 }, { 0xfe30, 0xfe6f },
	{ 0xff01, 0xff60 }, { 0xffe0, 0xffe6 }, { 0x16fe0, 0x1b2ff },
	{ 0x1f004, 0x1f004 }, { 0x1f0cf, 0x1f0cf }, { 0x1f18e, 0x1f18e },
	{ 0x1f191, 0x1f19a }, { 0x1f200, 0x1f320 }, { 0x1f32d, 0x1f335 },
	{ 0x1f337, 0x1f37c }, { 0x1f37e, 0x1f393 }, { 0x1f3a0, 0x1f3ca },
	{ 0x1f3cf, 0x1f3d3 }, { 0x1f3e0, 0x1f3f0 }, { 0x1f3f4, 0x1f3f4 },
	{ 0x1f3f8, 0x1f43e }, { 0x1f440, 0x1f440 }, { 0x1f442, 0x1f4fc },
	{ 0x1f4ff, 0x1f53d }, { 0x1f54b, 0x1f54e }, { 0x1f550, 0x1f567 },
	{ 0x1f57a, 0x1f57a }, { 0x1f595, 0x1f596 }, { 0x1f5a4, 0x1f5a4 },
	{ 0x1f5fb, 0x1f64f }, { 0x1f680, 0x1f6c5 }, { 0x1f6cc, 0x1f6cc },
	{ 0x1f6d0, 0x1f6d2 }, { 0x1f6d5, 0x1f6df }, { 0x1f6eb, 0x1f6ef },
	{ 0x1f6f4, 0x1f6ff }, { 0x1f7e0, 0x1f7ff }, { 0x1f90c, 0x1f93a },
	{ 0x1f93c, 0x1f945 }, { 0x1f947, 0x1f9ff }, { 0x1fa70, 0x1faff },
	{ 0x20000, 0x3fffd } };

/* Marks that stand on the character before them, of the common scripts. */
static const struct range none[] = { { 0x0300, 0x036f }, { 0x0483, 0x0489 },
	{ 0x0591, 0x05bd }, { 0x0610, 0x061a }, { 0x064b, 0x065f },
	{ 0x0e34, 0x0e3a }, { 0x0e47, 0x0e4e }, { 0x1160, 0x11ff },
	{ 0x1ab0, 0x1aff }, { 0x1dc0, 0x1dff }, { 0x200b, 0x200f },
	{ 0x202a, 0x202e }, { 0x2060, 0x2064 }, { 0x20d0, 0x20f0 },
	{ 0x302a, 0x302d }, { 0x3099, 0x309a }, { 0xfe00, 0xfe0f },
	{ 0xfe20, 0xfe2f }, { 0xfeff, 0xfeff }, { 0xe0100, 0xe01ef } };

static bool
within(uint32_t c, const struct range *ranges, size_t n)
{
	size_t low = 0, middle;

	while (low < n) {
		middle = low + (n - low) / 2;
		if (c < ranges[middle].first)
			n = middle;
		else if (c > ranges[middle].last)
			low = middle + 1;
		else
			return true;
	}
	return false;
}

static size_t
width(uint32_t c)
{
	if (c < 0x300 || within(c, none, ARRAY_SIZE(none)))
		return c < 0x300;
	return within(c, wide, ARRAY_SIZE(wide)) ? 2 : 1;
}

/* The first character and how many octets it has; one that is none: 0, one. */
static size_t
next(const char *s, size_t len, uint32_t *c)
{
	const uint8_t *p = (const uint8_t *)s;
	size_t n = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2, i;

	*c = p[0];
	if (p[0] < 0x80)
		return 1;
	*c = 0;
	if (p[0] < 0xc2 || p[0] > 0xf4 || n > len)
		return 1;
	for (i = 1; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 1;
	*c = p[0] & (0x7f >> n);
	for (i = 1; i < n; i++)
		*c = *c << 6 | (p[i] & 0x3f);
	return n;
}

/* How many octets are ASCII, which most texts are: that is quick. */
static size_t
ascii(const char *s, size_t len)
{
	size_t n = 0;

	while (n < len && (uint8_t)s[n] < 0x80)
		n++;
	return n;
}

size_t
columns_fit(const char *s, size_t len, size_t room, size_t *columns)
{
	size_t at = ascii(s, len < room ? len : room), n, w;
	uint32_t c;

	*columns = at;
	for (; at < len; at += n) {
		n = next(s + at, len - at, &c);
		w = width(c);
		if (w > room - *columns)
			break;
		*columns += w;
	}
	return at;
}

size_t
columns_of(const char *s, size_t len)
{
	size_t columns;

	columns_fit(s, len, SIZE_MAX, &columns);
	return columns;
}

static bool
among(uint32_t c, const uint32_t *set, size_t n)
{
	while (n > 0)
		if (set[--n] == c)
			return true;
	return false;
}

/* Before these a line does not end ... */
static bool
closes(uint32_t c)
{
	static const uint32_t marks[] = { '!', '%', ')', ',', '.', ':', ';',
		'?', ']', '}', '"', '\'', '/', 0xb7, 0x2014, 0x2019, 0x201d,
		0x2026, 0x3001, 0x3002, 0x3009, 0x300b, 0x300d, 0x300f, 0x3011,
		0x3015, 0xff01, 0xff05, 0xff09, 0xff0c, 0xff0e, 0xff1a, 0xff1b,
		0xff1f, 0xff3d, 0xff5d };

	return among(c, marks, ARRAY_SIZE(marks));
}

/* ... and after these neither. */
static bool
opens(uint32_t c)
{
	static const uint32_t marks[] = { '(', '[', '{', '<', '/', 0x2018,
		0x201c, 0x3008, 0x300a, 0x300c, 0x300e, 0x3010, 0x3014, 0xff08,
		0xff3b, 0xff5b };

	return among(c, marks, ARRAY_SIZE(marks));
}

/* May a line end between the two? */
static bool
may_end(uint32_t before, uint32_t after)
{
	if (after == ' ' || before == ' ')
		return after != ' ';
	if (width(before) != 2 && width(after) != 2)
		return false;
	return width(after) > 0 && !closes(after) && !opens(before);
}

size_t
columns_word(const char *s, size_t len)
{
	uint32_t before, c;
	size_t at, n;

	if (len == 0)
		return 0;
	for (at = next(s, len, &before); at < len; at += n) {
		n = 1;
		c = (uint8_t)s[at];
		if (c < 0x80 && before < 0x80 && c != ' ' && before != ' ') {
			before = c;
			continue;
		}
		n = next(s + at, len - at, &c);
		if (may_end(before, c))
			break;
		/* a mark belongs to what it stands on */
		if (width(c) > 0)
			before = c;
	}
	return at;
}

static size_t
without_blanks(const char *s, size_t len)
{
	while (len > 0 && s[len - 1] == ' ')
		len--;
	return len;
}

size_t
columns_line(const char *s, size_t len, size_t room)
{
	size_t at = 0, columns = 0, end = 0, n, bare, wide_from;

	/* in ASCII, the last blank that has room after it is looked for */
	wide_from = ascii(s, len > room ? room + 1 : len);
	if (wide_from == len && without_blanks(s, len) <= room)
		return without_blanks(s, len);
	if (wide_from > room) {
		for (n = room; n > 0 && s[n] != ' '; n--)
			;
		n = without_blanks(s, n);
		if (n > 0)
			return n;
	}

	while (at < len) {
		n = columns_word(s + at, len - at);
		bare = without_blanks(s + at, n);
		if (end > 0 && columns + columns_of(s + at, bare) > room)
			break;
		columns += columns_of(s + at, n);
		end = at + bare;
		at += n;
	}
	return end;
}
