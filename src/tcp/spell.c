#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "tcp/option.h"
#include "tcp/spell.h"

/* ---- control bits ---- */

static const struct {
	char letter;
	uint16_t ctl;
} letters[] = {
	{ 'F', CTL_FIN },
	{ 'S', CTL_SYN },
	{ 'R', CTL_RST },
	{ 'P', CTL_PSH },
	{ 'A', CTL_ACK },
	{ '.', CTL_ACK },
	{ 'U', CTL_URG },
	{ 'E', CTL_ECE },
	{ 'W', CTL_CWR },
	{ 'C', CTL_CWR },
	{ 'e', CTL_AE },
};

/* Names, with commas between them; 0 when one is none. */
static uint16_t
by_names(const char *text)
{
	char name[4];
	uint16_t ctl = 0, bit;
	size_t n, i;

	for (;; text += n + 1) {
		n = strcspn(text, ",");
		if (n >= sizeof(name))
			return 0;
		for (i = 0; i < n; i++)
			name[i] = text[i] >= 'a' && text[i] <= 'z'
				      ? text[i] - 'a' + 'A'
				      : text[i];
		bit = ctl_by_name(name, n);
		if (bit == 0)
			return 0;
		ctl |= bit;
		if (text[n] == '\0')
			return ctl;
	}
}

static uint16_t
by_letters(const char *text)
{
	uint16_t ctl = 0;
	size_t i;

	for (; *text != '\0'; text++) {
		for (i = 0; i < ARRAY_SIZE(letters); i++)
			if (letters[i].letter == *text)
				break;
		if (i == ARRAY_SIZE(letters))
			return 0;
		ctl |= letters[i].ctl;
	}
	return ctl;
}

int
spell_ctl(uint16_t *ctl, const char *text, struct err *e)
{
	*ctl = by_names(text);
	if (*ctl == 0)
		*ctl = by_letters(text);
	if (*ctl != 0 || strcmp(text, "none") == 0)
		return 0;
	return err_about(e, ERR_USAGE,
	    "control bits are written SYN,ACK or SA or S. or none, not '", text,
	    "'");
}

/* ---- options ---- */

/* A number up to max at *p, which is moved behind it. */
static int
number(const char **p, uint32_t max, uint32_t *value)
{
	unsigned long long n;
	char *end;

	if (**p < '0' || **p > '9')
		return -1;
	errno = 0;
	n = strtoull(*p, &end, 10);
	if (errno != 0 || n > max)
		return -1;
	*p = end;
	*value = n;
	return 0;
}

/* "A:B", two numbers; the second may be missing and is then 0. */
static int
pair(const char *p, uint32_t *first, uint32_t *second)
{
	*second = 0;
	if (number(&p, UINT32_MAX, first) == -1)
		return -1;
	if (*p == ':' && (p++, number(&p, UINT32_MAX, second) == -1))
		return -1;
	return *p == '\0' ? 0 : -1;
}

static int
nibble(char c)
{
	const char *digits = "0123456789abcdef", *at;

	if (c >= 'A' && c <= 'F')
		c += 'a' - 'A';
	at = c != '\0' ? strchr(digits, c) : NULL;
	return at != NULL ? at - digits : -1;
}

/* Octets in hexadecimal; how many, or -1. */
static int
octets(const char *p, uint8_t out[SEG_OPTIONS_MAX])
{
	int n;

	for (n = 0; p[0] != '\0'; p += 2, n++) {
		if (n == SEG_OPTIONS_MAX || nibble(p[0]) < 0 ||
		    nibble(p[1]) < 0)
			return -1;
		out[n] = nibble(p[0]) << 4 | nibble(p[1]);
	}
	return n;
}

static int
add_number(struct segment *s, uint8_t kind, const char *arg)
{
	uint32_t n;

	if (arg == NULL ||
	    number(&arg, kind == OPT_MSS ? 65535 : 255, &n) == -1 ||
	    *arg != '\0')
		return -1;
	return kind == OPT_MSS ? opt_add_mss(s, n) : opt_add_wscale(s, n);
}

static int
add_pair(struct segment *s, uint8_t kind, const char *arg)
{
	uint32_t edges[1][2] = { { 1, 0 } };

	if ((arg == NULL && kind == OPT_SACK) ||
	    (arg != NULL && pair(arg, &edges[0][0], &edges[0][1]) == -1))
		return -1;
	return kind == OPT_SACK ? opt_add_sack(s, edges, 1)
				: opt_add_ts(s, edges[0][0], edges[0][1]);
}

static int
add_single(struct segment *s, uint8_t kind, const char *arg)
{
	if (arg != NULL)
		return -1;
	return kind == OPT_SACK_OK ? opt_add_sack_ok(s)
				   : opt_add_raw(s, &kind, 1);
}

static int
add_octets(struct segment *s, uint8_t kind, const char *arg)
{
	uint8_t data[SEG_OPTIONS_MAX];
	int n = octets(arg != NULL ? arg : "", data);

	if (n == -1 || (kind == OPT_MD5 && n != 16) ||
	    (kind == OPT_EOL && n == 0))
		return -1;
	return kind == OPT_MD5	      ? opt_add_md5(s, data)
	       : kind == OPT_FASTOPEN ? opt_add_fastopen(s, data, n)
				      : opt_add_raw(s, data, n);
}

static const struct {
	const char *name;
	int (*add)(struct segment *, uint8_t kind, const char *arg);
	uint8_t kind;
} options[] = {
	{ "eol", add_single, OPT_EOL },
	{ "nop", add_single, OPT_NOP },
	{ "mss", add_number, OPT_MSS },
	{ "wscale", add_number, OPT_WSCALE },
	{ "sackok", add_single, OPT_SACK_OK },
	{ "sack", add_pair, OPT_SACK },
	{ "ts", add_pair, OPT_TS },
	{ "md5", add_octets, OPT_MD5 },
	{ "fastopen", add_octets, OPT_FASTOPEN },
	{ "hex", add_octets, OPT_EOL },
};

/* One option, "name" or "name=arg". */
static int
add_option(struct segment *s, char *text)
{
	char *arg = strchr(text, '=');
	size_t i;

	if (arg != NULL)
		*arg++ = '\0';
	for (i = 0; i < ARRAY_SIZE(options); i++)
		if (strcmp(options[i].name, text) == 0)
			return options[i].add(s, options[i].kind, arg);
	return -1;
}

int
spell_options(struct segment *s, const char *text, struct err *e)
{
	char one[2 * SEG_OPTIONS_MAX + 16];
	const char *p = text;
	size_t n;

	for (;; p += n + 1) {
		n = strcspn(p, ",");
		memcpy(one, p, n < sizeof(one) ? n : 0);
		one[n < sizeof(one) ? n : 0] = '\0';
		if (add_option(s, one) == -1)
			return err_about(e, ERR_USAGE,
			    "options are written mss=1460,nop,wscale=7,sackok,"
			    "ts=1:0,sack=1:9,fastopen,md5=HEX,hex=HEX, up to "
			    "40 octets, not '",
			    text, "'");
		if (p[n] == '\0')
			return 0;
	}
}
