#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/table.h"
#include "cmd/fields.h"
#include "cmd/value.h"
#include "tcp/spell.h"

static const struct {
	const char *name;
	uint16_t ctl;
} presets[] = {
	{ "syn", CTL_SYN },
	{ "ack", CTL_ACK },
	{ "fin", CTL_FIN },
	{ "null", 0 },
	{ "xmas", CTL_FIN | CTL_PSH | CTL_URG },
	{ "maimon", CTL_FIN | CTL_ACK },
	{ "window", CTL_ACK },
	{ "syn-ack", CTL_SYN | CTL_ACK },
	{ "rst", CTL_RST },
};

static int
take_preset(struct segment *s, const char *name, struct err *e)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(presets); i++)
		if (strcmp(presets[i].name, name) == 0) {
			s->ctl = presets[i].ctl;
			return 0;
		}
	return err_about(e, ERR_USAGE,
	    "--preset takes syn, ack, fin, null, xmas, maimon, window, "
	    "syn-ack or rst, not '",
	    name, "'");
}

static int
take_payload(struct segment *s, char *text, size_t len, struct err *e)
{
	fields_free(s);
	s->text = (uint8_t *)text;
	s->text_len = s->text_kept = len;
	if (len <= 65535)
		return 0;
	return err_set(e, ERR_USAGE,
	    "a payload of %zu octets: one packet has room for 65535 with its "
	    "headers",
	    len);
}

static int
take_file(struct segment *s, const char *path, struct err *e)
{
	size_t len;
	char *text = file_read(path, &len, e);

	return text == NULL ? -1 : take_payload(s, text, len, e);
}

void
fields_free(struct segment *s)
{
	free((void *)s->text);
	s->text = NULL;
	s->text_len = s->text_kept = 0;
}

/* Those that take a number: its limits. */
static const struct number {
	int letter;
	const char *name;
	uint32_t least, most;
} numbers[] = {
	{ OPT_WINDOW, "--window", 0, 65535 },
	{ OPT_URGENT, "--urgent", 0, 65535 },
	{ OPT_SPORT, "--sport", 1, 65535 },
	{ OPT_TTL, "--ttl", 1, 255 },
	{ OPT_ID, "--id", 0, 65535 },
	{ OPT_TOS, "--tos", 0, 255 },
	{ OPT_RESERVED, "--reserved", 0, 7 },
	{ OPT_OFFSET, "--offset", 0, 15 },
};

static void
set_number(struct segment *s, int letter, uint32_t n)
{
	switch (letter) {
	case OPT_WINDOW:
		s->wnd = n;
		break;
	case OPT_URGENT:
		s->up = n;
		break;
	case OPT_SPORT:
		s->tuple.src.port = n;
		break;
	case OPT_TTL:
		s->ttl = n;
		break;
	case OPT_ID:
		s->ip_id = n;
		break;
	case OPT_TOS:
		s->tos = n;
		break;
	case OPT_RESERVED:
		s->rsvd = n;
		break;
	case OPT_OFFSET:
		s->offset = n;
		/* 0 means "computed", unless the fault says that it is meant */
		if (n == 0)
			s->faults |= FAULT_OFFSET;
		break;
	}
}

static int
take_number(struct segment *s, int letter, const char *value, struct err *e)
{
	const struct number *n;
	uint32_t v;

	for (n = numbers; n < numbers + ARRAY_SIZE(numbers); n++) {
		if (n->letter != letter)
			continue;
		if (value_number(&v, n->name, value, n->least, n->most, e) ==
		    -1)
			return -1;
		set_number(s, letter, v);
		return 1;
	}
	return 0;
}

int
fields_take(struct segment *s, int letter, const char *value, struct err *e)
{
	int rc = 0;

	switch (letter) {
	case 'f':
		rc = spell_ctl(&s->ctl, value, e);
		break;
	case OPT_PRESET:
		rc = take_preset(s, value, e);
		break;
	case OPT_OPTION:
		rc = spell_options(s, value, e);
		break;
	case OPT_PAYLOAD:
		rc = take_payload(s, mem_strdup(value), strlen(value), e);
		break;
	case OPT_PAYLOAD_FILE:
		rc = take_file(s, value, e);
		break;
	case OPT_DF:
		s->df = true;
		break;
	case OPT_BAD_CHECKSUM:
		s->faults |= FAULT_CHECKSUM;
		break;
	case OPT_ZERO_CHECKSUM:
		s->faults |= FAULT_CHECKSUM_ZERO;
		break;
	case OPT_BAD_IP_CHECKSUM:
		s->faults |= FAULT_IP_CHECKSUM;
		break;
	default:
		return take_number(s, letter, value, e);
	}
	return rc == -1 ? -1 : 1;
}
