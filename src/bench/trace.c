#include <sys/socket.h>

#include <ctype.h>
#include <linux/perf_event.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/octets.h"
#include "bench/trace.h"

#define TRACEPOINT "the kernel's tracepoint tcp:tcp_send_reset"

/* Less room than this in the ring: a record may have been lost for it. */
#define FULL 512

/* ---- the text of the file "format" ---- */

/* Does "type name" or "type name[n]" declare this name? */
static bool
declares(const char *decl, size_t len, const char *name)
{
	const char *bracket = memchr(decl, '[', len);
	size_t n = strlen(name);

	if (bracket != NULL)
		len = bracket - decl;
	return len > n && decl[len - n - 1] == ' ' &&
	       memcmp(decl + len - n, name, n) == 0;
}

/*
 * 1 with the offset of a field of that size, 0 when there is none of that
 * name, -1 when it is another than we know.
 *
 *	field:__u8 saddr[28];	offset:32;	size:28;	signed:0;
 */
static int
find_field(struct trace_format *f, const char *text, const char *name,
    unsigned expected, unsigned *offset)
{
	const char *p = text, *end;
	unsigned size;

	while ((p = strstr(p, "field:")) != NULL) {
		end = p + strcspn(p, ";\n");
		if (!declares(p, end - p, name)) {
			p = end;
			continue;
		}
		if (sscanf(end, "; offset:%5u; size:%5u;", offset, &size) !=
			2 ||
		    size != expected || *offset > TRACE_RAW_MAX - size)
			return -1;
		if (f->size < *offset + size)
			f->size = *offset + size;
		return 1;
	}
	return 0;
}

/* Pass white space and then this character; false when it is another. */
static bool
skip(const char **p, char c)
{
	while (isspace((unsigned char)**p))
		(*p)++;
	if (**p != c)
		return false;
	(*p)++;
	return true;
}

/* { 1, "NO_SOCKET" } */
static bool
parse_symbol(struct trace_format *f, const char **p)
{
	struct trace_symbol *s;
	unsigned long long number;
	const char *name;
	char *end;
	size_t len;

	if (!skip(p, '{'))
		return false;
	number = strtoull(*p, &end, 10);
	if (end == *p || number > UINT32_MAX)
		return false;
	*p = end;
	if (!skip(p, ',') || !skip(p, '"'))
		return false;
	name = *p;
	while (isalnum((unsigned char)**p) || **p == '_')
		(*p)++;
	len = *p - name;
	if (len == 0 || !skip(p, '"') || !skip(p, '}'))
		return false;
	f->reasons = mem_grow(f->reasons, f->nreasons, sizeof(*f->reasons));
	s = &f->reasons[f->nreasons++];
	s->number = number;
	s->name = mem_strndup(name, len);
	return true;
}

/* __print_symbolic(REC->reason, { 0, "NOT_SPECIFIED" }, ...) */
static bool
parse_symbols(struct trace_format *f, const char *text)
{
	static const char start[] = "__print_symbolic(REC->reason";
	const char *p = strstr(text, start);

	if (p == NULL)
		return false;
	p += sizeof(start) - 1;
	while (skip(&p, ',')) {
		if (!parse_symbol(f, &p))
			return false;
	}
	return f->nreasons > 0 && *p == ')';
}

int
trace_parse(struct trace_format *f, const char *text, struct err *e)
{
	int rc;

	memset(f, 0, sizeof(*f));
	rc = find_field(f, text, "reason", sizeof(uint32_t), &f->reason);
	if (rc == 0 && strstr(text, "print fmt:") != NULL)
		return err_set(e, ERR_ENV,
		    TRACEPOINT " gives no reason: Linux 6.10 is the first "
			       "whose does");
	if (rc != 1 ||
	    find_field(f, text, "saddr", sizeof(struct sockaddr_in6),
		&f->saddr) != 1 ||
	    find_field(f, text, "daddr", sizeof(struct sockaddr_in6),
		&f->daddr) != 1 ||
	    find_field(f, text, "state", sizeof(uint32_t), &f->state) == -1 ||
	    find_field(f, text, "common_pid", sizeof(uint32_t), &f->pid) ==
		-1 ||
	    !parse_symbols(f, text)) {
		trace_free(f);
		return err_set(e, ERR_ENV,
		    TRACEPOINT " has a format that is unknown here");
	}
	return 0;
}

void
trace_free(struct trace_format *f)
{
	size_t i;

	for (i = 0; i < f->nreasons; i++)
		free(f->reasons[i].name);
	free(f->reasons);
	memset(f, 0, sizeof(*f));
}

const char *
trace_name(const struct trace_format *f, uint32_t number)
{
	size_t i;

	for (i = 0; i < f->nreasons; i++) {
		if (f->reasons[i].number == number)
			return f->reasons[i].name;
	}
	return NULL;
}

/* ---- a record ---- */

/* A socket for both families has IPv4 addresses as ::ffff:192.0.2.1. */
static void
set_ip6(struct addr *a, const uint8_t *octets)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	if (memcmp(octets, mapped, sizeof(mapped)) == 0) {
		a->ip = 4;
		memcpy(a->octets, octets + sizeof(mapped), 4);
		return;
	}
	a->ip = 6;
	memcpy(a->octets, octets, 16);
}

/* From a struct sockaddr_in or sockaddr_in6. */
static int
set_endpoint(struct endpoint *end, const uint8_t *p)
{
	sa_family_t family;

	memset(end, 0, sizeof(*end));
	memcpy(&family, p, sizeof(family));
	end->port = get16(p + offsetof(struct sockaddr_in, sin_port));
	switch (family) {
	case AF_INET:
		end->addr.ip = 4;
		memcpy(end->addr.octets,
		    p + offsetof(struct sockaddr_in, sin_addr), 4);
		return 0;
	case AF_INET6:
		set_ip6(&end->addr,
		    p + offsetof(struct sockaddr_in6, sin6_addr));
		return 0;
	}
	return -1;
}

int
trace_decode(const struct trace_format *f, const uint8_t *raw, size_t len,
    struct trace_reset *r)
{
	memset(r, 0, sizeof(*r));
	if (len < f->size || set_endpoint(&r->tuple.src, raw + f->saddr) == -1)
		return -1;
	memcpy(&r->reason, raw + f->reason, sizeof(r->reason));
	if (f->state != 0)
		memcpy(&r->state, raw + f->state, sizeof(r->state));
	if (f->pid != 0)
		memcpy(&r->pid, raw + f->pid, sizeof(r->pid));
	return set_endpoint(&r->tuple.dst, raw + f->daddr);
}

/* Is it no address, of a socket that takes segments for this one? */
static bool
is_any(const struct addr *a, const struct addr *of)
{
	static const uint8_t zero[16];

	return memcmp(a->octets, zero, sizeof(zero)) == 0 &&
	       (a->ip == 6 || of->ip == 4);
}

bool
trace_is_of(const struct trace_reset *r, const struct tuple *t)
{
	const struct endpoint *src = &r->tuple.src, *dst = &r->tuple.dst;

	if (tuple_eq(&r->tuple, t))
		return true;
	return dst->port == 0 && is_any(&dst->addr, &t->dst.addr) &&
	       src->port == t->src.port &&
	       (addr_eq(&src->addr, &t->src.addr) ||
		   is_any(&src->addr, &t->src.addr));
}

/* ---- the ring ---- */

/* Copy what may go round the end of the ring. */
static void
copy_out(const struct trace_ring *r, uint64_t from, void *to, size_t len)
{
	size_t at = from & (r->size - 1);
	size_t first = len < r->size - at ? len : r->size - at;

	memcpy(to, r->data + at, first);
	memcpy((uint8_t *)to + first, r->data, len - first);
}

/*
 * Decode the sample at tail, of total octets: its header, which was read, the
 * time if there is one, u32 length, and that many octets, of which we need
 * only the first.
 */
static int
decode_at_tail(const struct trace_ring *r, size_t total,
    const struct trace_format *f, struct trace_reset *reset)
{
	const size_t header = sizeof(struct perf_event_header);
	size_t before = header + (r->timed ? sizeof(int64_t) : 0);
	uint8_t raw[TRACE_RAW_MAX];
	int64_t time = 0;
	uint32_t len;

	if (total < before + sizeof(len))
		return -1;
	if (r->timed)
		copy_out(r, r->tail + header, &time, sizeof(time));
	copy_out(r, r->tail + before, &len, sizeof(len));
	before += sizeof(len);
	if (len > total - before)
		return -1;
	if (len > sizeof(raw))
		len = sizeof(raw);
	copy_out(r, r->tail + before, raw, len);
	if (trace_decode(f, raw, len, reset) == -1)
		return -1;
	reset->time = time;
	return 0;
}

enum step { STEP_END, STEP_OTHER, STEP_LOST, STEP_RESET };

/* Read a record. STEP_END also where it is none that a kernel writes. */
static enum step
step(struct trace_ring *r, const struct trace_format *f,
    struct trace_reset *reset)
{
	struct perf_event_header h;
	enum step what = STEP_OTHER;

	if (r->head - r->tail < sizeof(h))
		return STEP_END;
	copy_out(r, r->tail, &h, sizeof(h));
	if (h.size < sizeof(h) || h.size > r->head - r->tail)
		return STEP_END;
	if (h.type == PERF_RECORD_LOST)
		what = STEP_LOST;
	else if (h.type == PERF_RECORD_SAMPLE &&
		 decode_at_tail(r, h.size, f, reset) == 0)
		what = STEP_RESET;
	r->tail += h.size;
	return what;
}

bool
trace_last(struct trace_ring *r, const struct trace_format *f,
    const struct tuple *t, uint32_t *reason)
{
	bool full = r->size - (r->head - r->tail) < FULL, found = false;
	struct trace_reset reset;
	enum step what;

	while ((what = step(r, f, &reset)) != STEP_END) {
		if (what == STEP_LOST) {
			found = false;
		} else if (what == STEP_RESET && trace_is_of(&reset, t)) {
			*reason = reset.reason;
			found = true;
		}
	}
	if (r->tail != r->head) {
		/* no ring that a kernel writes: believe none of it */
		r->tail = r->head;
		found = false;
	}
	return found && !full;
}

bool
trace_next(struct trace_ring *r, const struct trace_format *f,
    struct trace_reset *reset)
{
	enum step what;

	while ((what = step(r, f, reset)) != STEP_END)
		if (what == STEP_RESET)
			return true;
	r->tail = r->head;
	return false;
}
