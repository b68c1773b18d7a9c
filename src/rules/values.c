/*
 * What the grammar's actions do for the properties of a case: values on its
 * axes.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/table.h"
#include "rules/parser.h"

int
parser_set_octets(struct parser *p, const char *name, uint32_t *to, uint32_t n,
    const struct location *name_at, const struct location *at)
{
	if (parser_once(p, name_at, *to != 0, name) == -1)
		return -1;
	if (n > CASE_TEXT_MAX)
		return parser_error(p, at, "%s is a number up to %u", name,
		    CASE_TEXT_MAX);
	*to = n;
	return 0;
}

static bool
is_word(struct word w, const char *word)
{
	return strlen(word) == w.len && memcmp(word, w.p, w.len) == 0;
}

int
parser_set_window(struct parser *p, struct word w, const struct location *at)
{
	if (!is_word(w, "small") && !is_word(w, "closed"))
		return parser_error(p, at, "a window is small or closed");
	p->template->window =
	    is_word(w, "small") ? WINDOW_SMALL : WINDOW_CLOSED;
	return 0;
}

/* The name of a file in /proc/sys/net/ipv4: no way out of there. */
int
parser_set_sysctl(struct parser *p, struct word w, uint32_t value,
    const struct location *at)
{
	size_t i;

	for (i = 0; i < w.len; i++)
		if (!islower((unsigned char)w.p[i]) &&
		    !isdigit((unsigned char)w.p[i]) && w.p[i] != '_')
			break;
	if (w.len == 0 || w.len > SYSCTL_NAME_MAX || i < w.len)
		return parser_error(p, at,
		    "a sysctl is a name below net.ipv4, such as tcp_rfc1337");
	p->template->sysctl = parser_string(p, w);
	p->template->sysctl_value = value;
	return 0;
}

int
parser_sees(struct parser *p, struct word w, enum sees *sees,
    const struct location *at)
{
	*sees = sees_by_name(w.p, w.len);
	if (*sees >= SEES_OTHER)
		return parser_error(p, at,
		    "the user sees nothing, closing, refused, reset, timeout "
		    "or pipe, not %.*s",
		    (int)w.len, w.p);
	return 0;
}

static struct value *
new_value(struct parser *p)
{
	struct value *v = arena_alloc(&p->book->arena, sizeof(*v));

	STAILQ_INSERT_TAIL(&p->template->axes[p->axis], v, next);
	p->value = v;
	return v;
}

/* A state; the label tells it in lower case. */
void
parser_add_place(struct parser *p, enum state st)
{
	struct buf b = { 0 };
	struct value *v;
	const char *c;

	p->axis = AXIS_PLACE;
	v = new_value(p);
	v->num = st;
	for (c = state_name(st); *c != '\0'; c++)
		buf_addf(&b, "%c", tolower((unsigned char)*c));
	v->label = arena_strndup(&p->book->arena, b.p, b.len);
	buf_free(&b);
}

/* What a value adds to the ids of its cases. */
int
parser_set_label(struct parser *p, const struct location *at, struct word w)
{
	size_t i;

	for (i = 0; i < w.len; i++)
		if (!isalnum((unsigned char)w.p[i]) && w.p[i] != '-' &&
		    w.p[i] != '.')
			break;
	if (w.len == 0 || i < w.len)
		return parser_error(p, at,
		    "a label is letters, digits, '-' and '.'");
	p->value->label = parser_string(p, w);
	return 0;
}

/* Which axes take numbers, up to which, and which take "any" or TCB terms. */
static const struct {
	const char *name;
	uint32_t max;
	bool any, terms;
} numbers[NAXES] = {
	[AXIS_SEQ] = { "seq", UINT32_MAX, true, true },
	[AXIS_ACK] = { "ack", UINT32_MAX, true, true },
	[AXIS_TEXT] = { "text", CASE_TEXT_MAX, false, true },
	[AXIS_TSVAL] = { "tsval", UINT32_MAX, false, true },
	[AXIS_TSECR] = { "tsecr", UINT32_MAX, false, true },
	[AXIS_RSVD] = { "reserved", 7, false, false },
	[AXIS_OFFSET] = { "offset", 15, false, false },
	[AXIS_SPORT] = { "sport", 65535, true, false },
	[AXIS_DPORT] = { "dport", 65535, true, false },
	[AXIS_IP] = { "ip", 6, false, false },
};

int
parser_add_value(struct parser *p, const struct expr *e,
    const struct location *at)
{
	const char *name = numbers[p->axis].name;
	struct value *v;

	if (name == NULL)
		return parser_error(p, at, "this property takes no numbers");
	if (e == NULL && !numbers[p->axis].any)
		return parser_error(p, at, "%s cannot be any", name);
	if (e != NULL && expr_needs_segment(e))
		return parser_error(p, at,
		    "a case's own segment has no SEG.* yet");
	if (e != NULL && (e->op == OP_NUM ? e->num > numbers[p->axis].max
					  : !numbers[p->axis].terms))
		return parser_error(p, at, "%s is a number up to %u", name,
		    numbers[p->axis].max);
	if (p->axis == AXIS_IP && e->num != 4 && e->num != 6)
		return parser_error(p, at, "ip is 4 or 6");
	v = new_value(p);
	v->expr = e;
	if (p->axis == AXIS_IP)
		v->label = e->num == 6 ? "ip6" : NULL;
	return 0;
}

int
parser_add_ctl(struct parser *p, const struct location *at, uint16_t ctl)
{
	struct buf b = { 0 };
	struct value *v;

	if (p->axis != AXIS_CTL)
		return parser_error(p, at, "control bits belong to \"ctl\"");
	v = new_value(p);
	v->num = ctl;
	ctl_add_tcpdump(&b, ctl);
	v->label = arena_strndup(&p->book->arena, b.p, b.len);
	buf_free(&b);
	return 0;
}

int
parser_add_all_ctl(struct parser *p, const struct location *at)
{
	uint16_t ctl;

	for (ctl = 0; ctl <= CTL_CLASSIC; ctl++)
		if (parser_add_ctl(p, at, ctl) == -1)
			return -1;
	return 0;
}

int
parser_add_fault(struct parser *p, const struct location *at, struct word w)
{
	static const struct {
		const char *name;
		uint8_t faults;
	} faults[] = {
		{ "none", 0 },
		{ "bad-checksum", FAULT_CHECKSUM },
		{ "zero-checksum", FAULT_CHECKSUM_ZERO },
	};
	struct value *v;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(faults); i++)
		if (is_word(w, faults[i].name))
			break;
	if (p->axis != AXIS_FAULT || i == ARRAY_SIZE(faults))
		return parser_error(p, at, "unknown word \"%.*s\"", (int)w.len,
		    w.p);
	v = new_value(p);
	v->num = faults[i].faults;
	v->label = v->num ? faults[i].name : NULL;
	return 0;
}

/* Octets in hexadecimal, white space between them or not. */
static int
add_octets(struct parser *p, const struct location *at, struct word w)
{
	uint8_t octets[SEG_OPTIONS_MAX];
	struct value *v;
	size_t n = 0, i;
	unsigned o;

	for (i = 0; i < w.len;) {
		if (isspace((unsigned char)w.p[i])) {
			i++;
			continue;
		}
		if (i + 1 >= w.len || !isxdigit((unsigned char)w.p[i]) ||
		    !isxdigit((unsigned char)w.p[i + 1]) ||
		    sscanf(w.p + i, "%2x", &o) != 1 || n == sizeof(octets))
			return parser_error(p, at,
			    "options are at most 40 octets in hexadecimal");
		octets[n++] = o;
		i += 2;
	}
	v = new_value(p);
	v->octets = arena_strndup(&p->book->arena, (char *)octets, n);
	v->octets_len = n;
	return 0;
}

/* The label tells the address apart; its family is the case's. */
static int
add_addr(struct parser *p, const struct location *at, struct word w)
{
	const char *text = parser_string(p, w);
	struct value *v = new_value(p);

	if (addr_parse(&v->addr, text) == -1 || !addr_is_group(&v->addr))
		return parser_error(p, at,
		    "no multicast address, nor 255.255.255.255");
	v->label = text;
	return 0;
}

int
parser_add_string(struct parser *p, const struct location *at, struct word w)
{
	switch (p->axis) {
	case AXIS_OPTIONS:
		return add_octets(p, at, w);
	case AXIS_SOURCE:
	case AXIS_DESTINATION:
		return add_addr(p, at, w);
	default:
		return parser_error(p, at, "a string has no meaning here");
	}
}
