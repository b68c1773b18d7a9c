#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

static void
buf_reserve(struct buf *b, size_t more)
{
	size_t cap = b->cap ? b->cap : 128;

	while (cap - b->len <= more)
		cap *= 2;
	if (cap == b->cap)
		return;
	b->p = mem_realloc(b->p, cap, 1);
	b->cap = cap;
}

void
buf_add(struct buf *b, const void *data, size_t len)
{
	if (b->cap - b->len <= len)
		buf_reserve(b, len);
	if (len > 0)
		memcpy(b->p + b->len, data, len);
	b->len += len;
	b->p[b->len] = '\0';
}

void
buf_adds(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void
buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	/* most of what is added is short, and then there is room */
	buf_reserve(b, 64);
	va_start(ap, fmt);
	n = vsnprintf(b->p + b->len, b->cap - b->len, fmt, ap);
	va_end(ap);
	if ((size_t)n < b->cap - b->len) {
		b->len += n;
		return;
	}
	buf_reserve(b, n);
	va_start(ap, fmt);
	vsnprintf(b->p + b->len, n + 1, fmt, ap);
	va_end(ap);
	b->len += n;
}

void
buf_fill(struct buf *b, char c, size_t n)
{
	if (b->cap - b->len <= n)
		buf_reserve(b, n);
	memset(b->p + b->len, c, n);
	b->len += n;
	b->p[b->len] = '\0';
}

void
buf_addu(struct buf *b, uint32_t n)
{
	char digits[10], *p = digits + sizeof(digits);

	do
		*--p = '0' + n % 10;
	while ((n /= 10) > 0);
	buf_add(b, p, digits + sizeof(digits) - p);
}

/*
 * The length of the well formed UTF-8 sequence at p that shows as a
 * character, else 0: no controls (C0, C1), no surrogates, no overlong forms,
 * and nothing that is invisible or turns the direction of writing (U+061C,
 * U+200B to U+200F, U+2028 to U+202E, U+2060 to U+206F, U+FEFF).
 */
static size_t
utf8_len(const uint8_t *p, size_t left)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n, i;
	uint32_t c;

	if (p[0] < 0x80)
		return p[0] >= 0x20 && p[0] != 0x7f;
	n = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
	if (p[0] < 0xc2 || p[0] > 0xf4 || n > left)
		return 0;
	c = p[0] & (0x7f >> n);
	for (i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff) ||
	    c < 0xa0 || c == 0x61c || (c >= 0x200b && c <= 0x200f) ||
	    (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) ||
	    c == 0xfeff)
		return 0;
	return n;
}

static bool
is_plain(uint8_t c)
{
	return c >= 0x20 && c < 0x7f && c != '\\';
}

void
buf_add_escaped(struct buf *b, const void *data, size_t len)
{
	const uint8_t *p = data;
	size_t i, n;

	for (i = 0; i < len; i += n ? n : 1) {
		for (n = 0; i + n < len && is_plain(p[i + n]); n++)
			;
		if (n > 0) {
			buf_add(b, p + i, n);
			continue;
		}
		n = utf8_len(p + i, len - i);
		if (n == 0 || p[i] == '\\')
			buf_addf(b, "\\x%02x", p[i]);
		else
			buf_add(b, p + i, n);
	}
}

const char *
buf_str(const struct buf *b)
{
	return b->p != NULL ? b->p : "";
}

void
buf_reset(struct buf *b)
{
	b->len = 0;
	if (b->p != NULL)
		b->p[0] = '\0';
}

void
buf_free(struct buf *b)
{
	free(b->p);
	memset(b, 0, sizeof(*b));
}
