#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "tcp/notation.h"
#include "tcp/option.h"

void
notation_add_rfc(struct buf *b, const struct segment *s)
{
	buf_addf(b, "<SEQ=%u>", s->seq);
	if (s->ctl & CTL_ACK)
		buf_addf(b, "<ACK=%u>", s->ack);
	buf_adds(b, "<CTL=");
	ctl_add_rfc(b, s->ctl);
	buf_adds(b, ">");
}

/* A decimal number of 32 bits that ends at end. */
static int
parse_u32(const char *p, const char *end, uint32_t *v)
{
	unsigned long long n = 0;

	if (p == end)
		return -1;
	for (; p < end; p++) {
		if (!isdigit((unsigned char)*p))
			return -1;
		n = n * 10 + (*p - '0');
		if (n > UINT32_MAX)
			return -1;
	}
	*v = n;
	return 0;
}

static int
parse_ctl(const char *p, const char *end, uint16_t *ctl)
{
	const char *comma;
	uint16_t bit;

	*ctl = 0;
	for (; p < end; p = comma + 1) {
		comma = memchr(p, ',', end - p);
		if (comma == NULL)
			comma = end;
		bit = ctl_by_name(p, comma - p);
		if (bit == 0 || *ctl & bit || comma + 1 == end)
			return -1;
		*ctl |= bit;
	}
	return 0;
}

int
notation_parse_rfc(struct segment *s, const char *text)
{
	uint32_t seq = 0, ack = 0;
	unsigned seen = 0, part;
	uint16_t ctl = 0;
	const char *end;
	int rc;

	for (; *text != '\0'; text = end + 1) {
		end = strchr(text, '>');
		if (end == NULL)
			return -1;
		if (strncmp(text, "<SEQ=", 5) == 0) {
			part = 1;
			rc = parse_u32(text + 5, end, &seq);
		} else if (strncmp(text, "<ACK=", 5) == 0) {
			part = 2;
			rc = parse_u32(text + 5, end, &ack);
		} else if (strncmp(text, "<CTL=", 5) == 0) {
			part = 4;
			rc = parse_ctl(text + 5, end, &ctl);
		} else {
			return -1;
		}
		if (rc == -1 || seen & part)
			return -1;
		seen |= part;
	}
	if (!(seen & 4))
		return -1;
	s->seq = seq;
	s->ack = ack;
	s->ctl = ctl;
	return 0;
}

static const struct {
	uint8_t fault;
	const char *text;
} faults[] = {
	{ FAULT_CHECKSUM | FAULT_CHECKSUM_ZERO, "bad checksum" },
	{ FAULT_OFFSET, "bad data offset" },
	{ FAULT_OPTION, "bad option length" },
	{ FAULT_IP_CHECKSUM, "bad IP checksum" },
	{ FAULT_OFFLOAD, "checksum left to the device" },
	{ FAULT_CUT, "not all of it captured" },
};

void
notation_add_tcpdump(struct buf *b, const struct segment *s)
{
	size_t i;

	buf_adds(b, s->tuple.src.addr.ip == 6 ? "IP6 " : "IP ");
	endpoint_add(b, &s->tuple.src);
	buf_adds(b, " > ");
	endpoint_add(b, &s->tuple.dst);
	buf_adds(b, ": Flags [");
	ctl_add_tcpdump(b, s->ctl);
	buf_adds(b, "]");
	if (s->text_len > 0 || s->ctl & (CTL_SYN | CTL_FIN | CTL_RST)) {
		buf_adds(b, ", seq ");
		buf_addu(b, s->seq);
	}
	if (s->text_len > 0) {
		buf_adds(b, ":");
		buf_addu(b, s->seq + s->text_len);
	}
	if (s->ctl & CTL_ACK) {
		buf_adds(b, ", ack ");
		buf_addu(b, s->ack);
	}
	buf_adds(b, ", win ");
	buf_addu(b, s->wnd);
	if (s->ctl & CTL_URG)
		buf_addf(b, ", urg %u", s->up);
	if (s->options_len > 0) {
		buf_adds(b, ", options [");
		opt_add_text(b, s);
		buf_adds(b, "]");
	}
	buf_adds(b, ", length ");
	buf_addu(b, s->text_len);
	for (i = 0; i < ARRAY_SIZE(faults); i++)
		if (s->faults & faults[i].fault)
			buf_addf(b, " [%s]", faults[i].text);
}
