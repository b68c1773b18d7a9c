#include <pcap.h>

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/table.h"
#include "sniff/source.h"

/* Formats that someone may give us instead, by their first octets. */
static const struct {
	const char octets[5];
	const char *advice;
} others[] = {
	{ "\x28\xb5\x2f\xfd", "packed by zstd: unpack it with zstd -d" },
	{ "\xfd"
	  "7zX",
	    "packed by xz: unpack it with xz -d" },
	{ "BZh", "packed by bzip2: unpack it with bzip2 -d" },
	{ "\x04\x22\x4d\x18", "packed by lz4: unpack it with lz4 -d" },
	{ "PK\x03\x04", "a zip archive: unpack it first" },
};

enum { FIRST_OCTETS = 4 };

/* After the end, and after damage. */
static int
next_none(struct source *s, struct captured *f, int64_t deadline, struct err *e)
{
	(void)s;
	(void)f;
	(void)deadline;
	(void)e;
	return 0;
}

static int
refuse(const struct source *s, struct err *e)
{
	const uint8_t *p = s->in.p + s->in.pos;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(others); i++)
		if (input_has(&s->in, FIRST_OCTETS) &&
		    memcmp(p, others[i].octets, strlen(others[i].octets)) == 0)
			return err_set(e, ERR_ENV, "%s: not a capture file: %s",
			    s->in.name, others[i].advice);
	return err_set(e, ERR_ENV,
	    "%s: not a capture file: neither pcap nor pcapng", s->in.name);
}

/* Find out who reads this file. */
static int
begin(struct source *s, struct err *e)
{
	int rc = input_need(&s->in, FIRST_OCTETS, INT64_MAX);

	s->next = NULL;
	if (rc == CAPTURE_WAIT)
		return err_set(e, ERR_ENV, "%s: interrupted", s->in.name);
	if (rc == 0 && s->in.broken != NULL)
		return source_end(s, false, e);
	if (rc == 0 && s->in.end == 0)
		return err_set(e, ERR_ENV, "%s: the file is empty", s->in.name);
	if (rc == 1 && pcap_begin(s, e) == -1)
		return -1;
	if (rc == 1 && s->next == NULL && pcapng_begin(s, e) == -1)
		return -1;
	return s->next != NULL ? 0 : refuse(s, e);
}

int
source_open(struct source *s, const char *path, struct ifaces *ifaces,
    struct err *e)
{
	*s = (struct source){ .ifaces = ifaces };
	if (input_open(&s->in, path, e) == -1)
		return -1;
	return begin(s, e);
}

void
source_close(struct source *s)
{
	free(s->section);
	input_close(&s->in);
}

struct iface *
ifaces_add(struct ifaces *all, const char *file, uint32_t dlt, uint32_t snaplen)
{
	struct iface *i;

	all->all = mem_grow(all->all, all->n, sizeof(*all->all));
	i = &all->all[all->n++];
	*i = (struct iface){ .file = file, .dlt = dlt, .snaplen = snaplen };
	return i;
}

void
ifaces_cut(struct ifaces *all, size_t n)
{
	while (all->n > n) {
		all->n--;
		free((char *)all->all[all->n].name);
		free((char *)all->all[all->n].description);
	}
}

int
source_end(struct source *s, bool whole, struct err *e)
{
	s->next = next_none;
	if (s->in.broken != NULL)
		return err_set(e, ERR_ENV, "%s: %s, after frame %" PRIu64,
		    s->in.name, s->in.broken, s->number);
	if (!whole && s->number == 0 && s->nsection == 0)
		return err_set(e, ERR_ENV,
		    "%s: truncated: it ends at octet %zu", s->in.name,
		    s->in.dropped + s->in.end);
	if (!whole)
		return source_damage(s, e, "truncated");
	if (s->number > 0 && s->unknown == s->number)
		return source_unknown(s, s->dlt, e);
	return 0;
}

int
source_damage(struct source *s, struct err *e, const char *fmt, ...)
{
	char what[128];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	s->next = next_none;
	return err_set(e, ERR_ENV,
	    "%s: %s after frame %" PRIu64 ", at octet %" PRIu64 "%s",
	    s->in.name, what, s->number, input_at(&s->in),
	    s->in.gzip != NULL ? ", unpacked" : "");
}

int
source_unknown(struct source *s, uint32_t dlt, struct err *e)
{
	const char *name = pcap_datalink_val_to_name(dlt);

	return err_set(e, ERR_ENV, "%s: link type %s (%u) is not supported",
	    s->in.name, name != NULL ? name : "unknown", dlt);
}
