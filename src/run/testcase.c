#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "run/testcase.h"
#include "tcp/option.h"

/* The family when a template does not say: both. */
static const struct expr six = { .op = OP_NUM, .num = 6 };
static const struct value both[] = { { .expr = NULL },
	{ .expr = &six, .label = "ip6" } };

static const char *
make_id(struct testcases *cases, const struct testcase *c)
{
	struct buf b = { 0 };
	const char *id;
	enum axis a;

	buf_adds(&b, c->t->id);
	for (a = 0; a < NAXES; a++) {
		if (c->v[a] == NULL || c->v[a]->label == NULL)
			continue;
		/* the only state or bits of a template go without saying */
		if ((a == AXIS_PLACE || a == AXIS_CTL) &&
		    STAILQ_NEXT(STAILQ_FIRST(&c->t->axes[a]), next) == NULL)
			continue;
		buf_addf(&b, "/%s%s%s", c->v[a]->label, c->v[a]->via ? "-" : "",
		    c->v[a]->via ? c->v[a]->via : "");
	}
	id = arena_strndup(&cases->arena, b.p, b.len);
	buf_free(&b);
	return id;
}

/* Fill in the axes from a on, one case for each way to do it. */
static void
expand(struct testcases *cases, struct testcase *c, enum axis a)
{
	const struct value *v = STAILQ_FIRST(&c->t->axes[a]);

	if (v == NULL && a == AXIS_IP)
		v = &both[0];
	do {
		c->v[a] = v;
		if (a + 1 < NAXES) {
			expand(cases, c, a + 1);
		} else {
			c->id = make_id(cases, c);
			cases->v = mem_grow(cases->v, cases->n, sizeof(*c));
			cases->v[cases->n++] = *c;
		}
		if (v == &both[0])
			v = &both[1];
		else
			v = v ? STAILQ_NEXT(v, next) : NULL;
	} while (v != NULL);
}

static int
by_id(const void *x, const void *y)
{
	const struct testcase *const *cx = x, *const *cy = y;

	return strcmp((*cx)->id, (*cy)->id);
}

static int
check_unique(const struct testcases *cases, struct err *e)
{
	const struct testcase **sorted = mem_calloc(cases->n, sizeof(*sorted));
	size_t i;
	int rc = 0;

	for (i = 0; i < cases->n; i++)
		sorted[i] = &cases->v[i];
	qsort(sorted, cases->n, sizeof(*sorted), by_id);
	for (i = 1; i < cases->n && rc == 0; i++)
		if (strcmp(sorted[i - 1]->id, sorted[i]->id) == 0)
			rc = err_set(e, ERR_USAGE,
			    "%s:%d: two cases have the id %s; label the "
			    "values with \"as\"",
			    sorted[i]->t->file, sorted[i]->t->line,
			    sorted[i]->id);
	free(sorted);
	return rc;
}

int
testcases_expand(struct testcases *cases, const struct rulebook *book,
    struct err *e)
{
	const struct template *t;
	struct testcase c;

	memset(cases, 0, sizeof(*cases));
	STAILQ_FOREACH (t, &book->templates, next) {
		c = (struct testcase){ .t = t };
		expand(cases, &c, 0);
	}
	return check_unique(cases, e);
}

bool
id_matches(const char *pattern, const char *id)
{
	size_t n = strlen(pattern);

	if (strncmp(pattern, id, n) == 0 &&
	    (id[n] == '\0' || id[n] == '/' || (n > 0 && id[n - 1] == '/')))
		return true;
	return fnmatch(pattern, id, 0) == 0;
}

/* Does one of the patterns match? Those that do are marked as used. */
static bool
match_any(const char *id, char *const *patterns, size_t n, bool *used)
{
	bool any = n == 0;
	size_t i;

	for (i = 0; i < n; i++)
		if (id_matches(patterns[i], id))
			any = used[i] = true;
	return any;
}

int
testcases_select(struct testcases *cases, char *const *patterns, size_t n,
    uint8_t ip, bool slow, struct err *e)
{
	bool *used = mem_calloc(n, sizeof(*used));
	size_t i, kept = 0;
	int rc = 0;

	for (i = 0; i < cases->n; i++)
		if (match_any(cases->v[i].id, patterns, n, used) &&
		    (ip == 0 || testcase_ip(&cases->v[i]) == ip) &&
		    (slow || !cases->v[i].t->slow))
			cases->v[kept++] = cases->v[i];
	cases->n = kept;
	for (i = 0; i < n && rc == 0; i++)
		if (!used[i])
			rc = err_about(e, ERR_USAGE,
			    "no case has an id that matches '", patterns[i],
			    "'; retort list shows them");
	free(used);
	return rc;
}

void
testcases_keep(struct testcases *c, bool (*wanted)(const struct testcase *))
{
	size_t i, n = 0;

	for (i = 0; i < c->n; i++)
		if (wanted(&c->v[i]))
			c->v[n++] = c->v[i];
	c->n = n;
}

void
testcases_free(struct testcases *cases)
{
	free(cases->v);
	arena_free(&cases->arena);
	memset(cases, 0, sizeof(*cases));
}

/* The number on an axis, or dflt when the case leaves it open. */
static uint32_t
number(const struct testcase *c, enum axis a, const struct tcb *tcb,
    uint32_t dflt)
{
	const struct situation s = { .tcb = tcb };

	if (c->v[a] == NULL || c->v[a]->expr == NULL)
		return dflt;
	return expr_eval(c->v[a]->expr, &s);
}

enum state
testcase_state(const struct testcase *c)
{
	return c->v[AXIS_PLACE]->num;
}

const char *
testcase_via(const struct testcase *c)
{
	return c->v[AXIS_PLACE]->via;
}

uint8_t
testcase_ip(const struct testcase *c)
{
	return number(c, AXIS_IP, NULL, 4);
}

void
testcase_addresses(const struct testcase *c, struct segment *s)
{
	if (c->v[AXIS_SOURCE] != NULL)
		s->tuple.src.addr = c->v[AXIS_SOURCE]->addr;
	if (c->v[AXIS_DESTINATION] != NULL)
		s->tuple.dst.addr = c->v[AXIS_DESTINATION]->addr;
}

uint16_t
testcase_port(const struct testcase *c, enum axis a, uint16_t dflt)
{
	return number(c, a, NULL, dflt);
}

/* Its options: those it names, or the timestamps that the two ends agreed on */
static void
set_options(const struct testcase *c, const struct tcb *tcb, struct segment *s)
{
	static const uint8_t pad[2] = { OPT_NOP, OPT_NOP };

	if (c->v[AXIS_OPTIONS] != NULL) {
		opt_add_raw(s, c->v[AXIS_OPTIONS]->octets,
		    c->v[AXIS_OPTIONS]->octets_len);
	} else if (tcb->timestamps || c->v[AXIS_TSVAL] != NULL ||
		   c->v[AXIS_TSECR] != NULL) {
		opt_add_raw(s, pad, sizeof(pad));
		opt_add_ts(s, number(c, AXIS_TSVAL, tcb, tcb->ts_recent),
		    number(c, AXIS_TSECR, tcb,
			s->ctl & CTL_ACK ? tcb->ts_val : 0));
	}
}

int
testcase_segment(const struct testcase *c, const struct tcb *tcb,
    struct random *random, const uint8_t text[CASE_TEXT_MAX], struct segment *s,
    struct err *e)
{
	memset(s, 0, sizeof(*s));
	if (c->form != NULL)
		*s = *c->form;
	s->seq = number(c, AXIS_SEQ, tcb, random_u32(random));
	/* "ack any" is any but 0, "ack 0" is the default */
	s->ack = number(c, AXIS_ACK, tcb,
	    c->v[AXIS_ACK] ? random_u32(random) | 1 : 0);
	if (c->form != NULL)
		return 0;
	s->ctl = c->v[AXIS_CTL]->num;
	s->wnd = 64240;
	s->text_len = s->text_kept = number(c, AXIS_TEXT, tcb, 0);
	if (s->text_len > CASE_TEXT_MAX)
		return err_set(e, ERR_USAGE,
		    "the case wants %u octets of text, more than one segment "
		    "has room for",
		    s->text_len);
	s->text = text;
	s->rsvd = number(c, AXIS_RSVD, tcb, 0);
	if (c->v[AXIS_FAULT] != NULL)
		s->faults = c->v[AXIS_FAULT]->num;
	s->offset = number(c, AXIS_OFFSET, tcb, 0);
	/* 0 means "computed", unless the fault says that it is meant */
	if (c->v[AXIS_OFFSET] != NULL && s->offset == 0)
		s->faults |= FAULT_OFFSET;
	set_options(c, tcb, s);
	seg_find_faults(s);
	return 0;
}
