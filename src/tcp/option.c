#include <string.h>

#include "base/octets.h"
#include "base/table.h"
#include "tcp/option.h"

/* The legal lengths of the kinds we know: a fixed one, or a range and step. */
static const struct {
	uint8_t kind, min, max, step;
	const char *name;
} kinds[] = {
	{ OPT_MSS, 4, 4, 1, "mss" },
	{ OPT_WSCALE, 3, 3, 1, "wscale" },
	{ OPT_SACK_OK, 2, 2, 1, "sackOK" },
	{ OPT_SACK, 10, 34, 8, "sack" },
	{ OPT_TS, 10, 10, 1, "TS" },
	{ OPT_MD5, 18, 18, 1, "md5" },
	{ OPT_AO, 4, 40, 1, "tcp-ao" },
	{ OPT_MPTCP, 3, 40, 1, "mptcp" },
	{ OPT_FASTOPEN, 2, 18, 2, "tfo" },
};

int
opt_add_raw(struct segment *s, const void *octets, size_t len)
{
	if (len > sizeof(s->options) - s->options_len)
		return -1;
	if (len > 0)
		memcpy(s->options + s->options_len, octets, len);
	s->options_len += len;
	return 0;
}

int
opt_add_mss(struct segment *s, uint16_t mss)
{
	uint8_t o[4] = { OPT_MSS, 4, mss >> 8, mss & 0xff };

	return opt_add_raw(s, o, sizeof(o));
}

int
opt_add_wscale(struct segment *s, uint8_t shift)
{
	uint8_t o[3] = { OPT_WSCALE, 3, shift };

	return opt_add_raw(s, o, sizeof(o));
}

int
opt_add_sack_ok(struct segment *s)
{
	uint8_t o[2] = { OPT_SACK_OK, 2 };

	return opt_add_raw(s, o, sizeof(o));
}

int
opt_add_sack(struct segment *s, const uint32_t (*edges)[2], size_t n)
{
	uint8_t o[SEG_OPTIONS_MAX] = { OPT_SACK };
	size_t i;

	if (n == 0 || n > 4)
		return -1;
	o[1] = 2 + 8 * n;
	for (i = 0; i < n; i++) {
		put32(o + 2 + 8 * i, edges[i][0]);
		put32(o + 6 + 8 * i, edges[i][1]);
	}
	return opt_add_raw(s, o, o[1]);
}

int
opt_add_ts(struct segment *s, uint32_t val, uint32_t ecr)
{
	uint8_t o[10] = { OPT_TS, 10 };

	put32(o + 2, val);
	put32(o + 6, ecr);
	return opt_add_raw(s, o, sizeof(o));
}

int
opt_add_md5(struct segment *s, const uint8_t digest[16])
{
	uint8_t o[18] = { OPT_MD5, 18 };

	memcpy(o + 2, digest, 16);
	return opt_add_raw(s, o, sizeof(o));
}

int
opt_add_fastopen(struct segment *s, const void *cookie, size_t len)
{
	uint8_t o[18] = { OPT_FASTOPEN };

	if (len > 16 || len % 2 != 0 || len == 2)
		return -1;
	o[1] = 2 + len;
	if (len > 0)
		memcpy(o + 2, cookie, len);
	return opt_add_raw(s, o, o[1]);
}

static bool
len_is_legal(uint8_t kind, uint8_t len)
{
	size_t i;

	/* a fast open cookie has 4 to 16 octets, or there is none */
	if (kind == OPT_FASTOPEN && len == 4)
		return false;
	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (kinds[i].kind == kind)
			return len >= kinds[i].min && len <= kinds[i].max &&
			       (len - kinds[i].min) % kinds[i].step == 0;
	return true;
}

int
opt_next(const struct segment *s, size_t *at, struct option *o)
{
	const uint8_t *p = s->options + *at;
	size_t left = s->options_len - *at;

	if (left == 0 || p[0] == OPT_EOL)
		return 0;
	o->kind = p[0];
	o->len = 1;
	o->data = p + 1;
	if (p[0] != OPT_NOP) {
		if (left < 2 || p[1] < 2 || p[1] > left ||
		    !len_is_legal(p[0], p[1]))
			return -1;
		o->len = p[1];
		o->data = p + 2;
	}
	*at += o->len;
	return 1;
}

bool
opt_find(const struct segment *s, enum option_kind kind, struct option *o)
{
	size_t at = 0;

	while (opt_next(s, &at, o) == 1)
		if (o->kind == kind)
			return true;
	return false;
}

static void
add_hex(struct buf *b, const char *before, const uint8_t *p, int n)
{
	if (n > 0)
		buf_adds(b, before);
	while (n-- > 0)
		buf_addf(b, "%02x", *p++);
}

/* What tcpdump prints behind the name of the option. */
static void
add_value(struct buf *b, const struct option *o)
{
	int n, len = o->len - 2;

	switch (o->kind) {
	case OPT_MSS:
		buf_addf(b, " %u", o->data[0] << 8 | o->data[1]);
		break;
	case OPT_WSCALE:
		buf_addf(b, " %u", o->data[0]);
		break;
	case OPT_SACK:
		buf_addf(b, " %d ", len / 8);
		for (n = 0; n < len; n += 8)
			buf_addf(b, "{%u:%u}", get32(o->data + n),
			    get32(o->data + n + 4));
		break;
	case OPT_TS:
		buf_addf(b, " val %u ecr %u", get32(o->data),
		    get32(o->data + 4));
		break;
	case OPT_AO:
		buf_addf(b, " keyid %u rnextkeyid %u", o->data[0], o->data[1]);
		add_hex(b, " mac 0x", o->data + 2, len - 2);
		break;
	case OPT_FASTOPEN:
		buf_adds(b, len > 0 ? "  cookie " : "  cookiereq");
		add_hex(b, "", o->data, len);
		break;
	case OPT_MD5:
	case OPT_MPTCP:
		add_hex(b, " ", o->data, len);
		break;
	default:
		add_hex(b, " 0x", o->data, len);
	}
}

static void
add_one(struct buf *b, const struct option *o)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (kinds[i].kind == o->kind)
			break;
	if (i < ARRAY_SIZE(kinds))
		buf_adds(b, kinds[i].name);
	else
		buf_addf(b, "unknown-%u", o->kind);
	add_value(b, o);
}

void
opt_add_text(struct buf *b, const struct segment *s)
{
	const char *sep = "";
	struct option o;
	size_t at = 0;
	int rc;

	while ((rc = opt_next(s, &at, &o)) == 1) {
		buf_adds(b, sep);
		if (o.kind == OPT_NOP)
			buf_adds(b, "nop");
		else
			add_one(b, &o);
		sep = ",";
	}
	if (rc == -1)
		buf_addf(b, "%s[bad opt]", sep);
	else if (at < s->options_len)
		buf_addf(b, "%seol", sep);
}
