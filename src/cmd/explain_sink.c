#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/explain_sink.h"

#define SPOOL_FAILED                                                   \
	"cannot keep the report until its summary is known: %s; name " \
	"another directory in TMPDIR, or use --output json"
#define SCAN_LEAST 5 /* changes to another port or host */
#define GROUPS_MAX 1000

int32_t
explain_port(const struct explained *x)
{
	const struct reset *r = x->reset;
	uint16_t from = r->seg.tuple.src.port, to = r->seg.tuple.dst.port;

	if (x->clues.v[CLUE_SENDER_CHANGES] > SCAN_LEAST ||
	    x->clues.v[CLUE_PEER_CHANGES] > SCAN_LEAST)
		return -1;
	if (r->sender.seen & SIDE_ACTIVE)
		return to;
	if (r->peer.seen & SIDE_ACTIVE)
		return from;
	return from < to ? from : to;
}

static void
count_host(struct tally *t, const struct addr *host)
{
	struct tally_entry *e = tally_add(t, host, sizeof(*host));
	struct buf b = { 0 };

	if (e->name != NULL)
		return;
	addr_add(&b, host);
	e->name = mem_strdup(buf_str(&b));
	buf_free(&b);
}

static void
count(struct explain_sink *s, const struct explained *x)
{
	const struct tuple *t = &x->reset->seg.tuple;
	struct tally_entry *e;

	e = tally_add(&s->by_cause, &x->cause, sizeof(x->cause));
	if (e->name == NULL) {
		e->name =
		    mem_strdup(x->cause != NULL ? x->cause->id : "unknown");
		e->what = x->cause != NULL ? x->cause->title : "no cause fits";
	}
	count_host(&s->senders, &t->src.addr);
	count_host(&s->peers, &t->dst.addr);
	s->sure[x->sure]++;
	s->n++;
}

static void
ask_kernel(struct explain_sink *s, const struct explained *x,
    struct report_reset *r)
{
	struct kernel_said said;

	if (s->kernel == NULL)
		return;
	kernel_view_look(s->kernel);
	if (!kernel_view_find(s->kernel, &x->reset->seg, &said))
		return;
	r->kernel_reason = said.reason;
	r->kernel_state = said.state;
	r->owner = said.owner;
	r->agrees = explain_expects(s->causes, x, said.reason);
}

static void
note(struct explain_sink *s, const struct report_reset *r)
{
	const struct reset *reset = r->reset;
	struct buf b = { 0 };

	reset_add_comment(&b, r);
	notes_add(s->notes, reset->told[reset->at].frame, buf_str(&b));
	if (reset->trigger != -1) {
		buf_reset(&b);
		reset_add_trigger_comment(&b, r);
		notes_add(s->notes, reset->told[reset->trigger].frame,
		    buf_str(&b));
	}
	buf_free(&b);
}

/* What those of a group have in common. */
struct group {
	const struct cause *cause;
	struct addr from, to; /* none: other hosts */
	int32_t port;	      /* -1: many ports */
	uint32_t shape;	      /* one that is odd is a group of its own */
};

static char *
group_name(const struct group *g)
{
	struct buf b = { 0 };

	buf_addf(&b, "%s, ", g->cause != NULL ? g->cause->id : "unknown");
	if (g->from.ip != 0) {
		addr_add(&b, &g->from);
		buf_adds(&b, " to ");
		addr_add(&b, &g->to);
	} else {
		buf_adds(&b, "other hosts");
	}
	if (g->port != -1)
		buf_addf(&b, ", port %d", g->port);
	else
		buf_adds(&b, ", many ports");
	return b.p;
}

static struct tally_entry *
group_of(struct explain_sink *s, const struct explained *x)
{
	const struct tuple *t = &x->reset->seg.tuple;
	struct tally_entry *e;
	struct group g;

	/* its octets are compared, and those of padding, too */
	memset(&g, 0, sizeof(g));
	g.cause = x->cause;
	g.from = t->src.addr;
	g.to = t->dst.addr;
	g.port = explain_port(x);
	g.shape = explain_shape(&x->clues);
	/* nobody reads so many groups, and each takes memory */
	if (s->groups.n >= GROUPS_MAX &&
	    !tally_has(&s->groups, &g, sizeof(g))) {
		memset(&g.from, 0, sizeof(g.from));
		memset(&g.to, 0, sizeof(g.to));
		if (s->groups.n >= 2 * GROUPS_MAX)
			g.port = -1;
	}
	e = tally_add(&s->groups, &g, sizeof(g));
	if (e->name == NULL)
		e->name = group_name(&g);
	return e;
}

/* The first of a group, kept until all are counted. */
static int
put_first(struct explain_sink *s, const struct report_reset *r,
    struct tally_entry *group, struct err *e)
{
	struct report_options o = s->report;
	size_t len;

	o.out = open_memstream(&group->text, &len);
	if (o.out == NULL)
		return err_set(e, ERR_INTERNAL, "open_memstream: %s",
		    strerror(errno));
	s->format->reset(&o, r);
	fclose(o.out);
	return 0;
}

static void
draw(FILE *svg, const struct report_reset *r)
{
	struct buf b = { 0 };

	reset_add_ladder(&b, r, NULL);
	fwrite(buf_str(&b), 1, b.len, svg);
	buf_free(&b);
}

/* Lines stand together, and what is told in full apart from them. */
static void
put_one(struct explain_sink *s, const struct report_reset *r, FILE *out)
{
	struct report_options o = s->report;

	o.out = out;
	if (s->in_lines && r->as == 0)
		fputs("\n", out);
	s->in_lines = r->as != 0;
	s->format->reset(&o, r);
}

/* All that is said about it, to where it belongs. */
static int
put(struct explain_sink *s, const struct explained *x,
    struct tally_entry *group, bool tell, uint64_t as, struct err *e)
{
	const struct reset *reset = x->reset;
	const struct flow_seg *told = &reset->told[reset->at];
	FILE *out = s->spool != NULL ? s->spool : s->report.out;
	struct numbers numbers;
	struct report_reset r = { .reset = reset,
		.clues = &x->clues,
		.cause = x->cause,
		.sure = x->sure,
		.state = x->state,
		.numbers = &numbers,
		.frame = frame_number(told->frame),
		.as = as };
	struct buf like = { 0 };
	int rc = 0;

	numbers_judge(&numbers, s->book, reset);
	explain_add_like(&like, x);
	r.like = buf_str(&like);
	if (capture_ifaces(s->capture) > 1)
		r.file =
		    capture_iface(s->capture, frame_iface(told->frame))->file;
	if (reset->trigger != -1)
		r.trigger_frame =
		    frame_number(reset->told[reset->trigger].frame);
	ask_kernel(s, x, &r);
	if (s->notes != NULL)
		note(s, &r);
	if (s->report.svg != NULL && s->n == 1)
		draw(s->report.svg, &r);
	if (tell && group != NULL)
		rc = put_first(s, &r, group, e);
	else if (tell)
		put_one(s, &r, out);
	if (capture_is_live(s->capture))
		fflush(out);
	buf_free(&like);
	if (rc == -1 || !ferror(out))
		return rc;
	/* of standard output main() tells it */
	if (out == stdout) {
		e->kind = ERR_NONE;
		return -1;
	}
	return err_set(e, ERR_ENV, SPOOL_FAILED, strerror(errno));
}

int
explain_sink_take(struct explain_sink *s, const struct explained *x,
    struct err *e)
{
	struct tally_entry *group = s->group ? group_of(s, x) : NULL;
	uint64_t as = 0;
	bool tell;

	count(s, x);
	tell = (group == NULL || group->n == 1) && explain_tells(s, x, &as);
	/* in a large capture most are alike, or only counted */
	if (!tell && s->notes == NULL && (s->report.svg == NULL || s->n > 1))
		return 0;
	return put(s, x, group, tell, as, e);
}

/* The first of each group, and how many are like it. */
static void
put_groups(struct explain_sink *s)
{
	const struct tally_entry **v = tally_sort(&s->groups);
	bool json = s->format == &report_json;
	size_t i, len;

	for (i = 0; i < s->groups.n; i++) {
		len = v[i]->text != NULL ? strlen(v[i]->text) : 0;
		if (json && len > 2)
			fprintf(s->report.out,
			    "%.*s, \"group\": \"%s\", "
			    "\"alike\": %llu}\n",
			    (int)len - 2, v[i]->text, v[i]->name,
			    (unsigned long long)v[i]->n);
		else if (!json)
			fprintf(s->report.out, "%llu of %s%s\n%s",
			    (unsigned long long)v[i]->n, v[i]->name,
			    len > 0 ? "; the first:" : "",
			    len > 0 ? v[i]->text : "");
	}
	free(v);
}

static int
put_spool(struct explain_sink *s, struct err *e)
{
	char text[65536];
	size_t n;

	if (s->spool == NULL)
		return 0;
	if (fflush(s->spool) != 0 || ferror(s->spool) ||
	    fseek(s->spool, 0, SEEK_SET) != 0)
		return err_set(e, ERR_ENV, SPOOL_FAILED, strerror(errno));
	while ((n = fread(text, 1, sizeof(text), s->spool)) > 0)
		fwrite(text, 1, n, s->report.out);
	return 0;
}

int
explain_sink_end(struct explain_sink *s, struct report_reset_tail *t,
    struct err *e)
{
	struct report_count *causes = tally_counts(&s->by_cause, &t->ncauses);
	struct report_count *senders = tally_counts(&s->senders, &t->nsenders);
	struct report_count *peers = tally_counts(&s->peers, &t->npeers);
	struct buf last = { 0 };
	int rc;

	t->causes = causes;
	t->senders = senders;
	t->peers = peers;
	memcpy(t->sure, s->sure, sizeof(t->sure));
	t->in_line = s->in_line;
	t->counted = s->counted;
	if (s->format == &report_json) {
		put_groups(s);
		s->format->reset_tail(&s->report, t);
		rc = 0;
	} else {
		s->format->reset_tail(&s->report, t);
		if (t->flows.resets > 0)
			fputs("\n", s->report.out);
		put_groups(s);
		rc = put_spool(s, e);
		explain_put_counted(s);
		reset_add_tally(&last, t);
		fputs(buf_str(&last), s->report.out);
	}
	buf_free(&last);
	free(causes);
	free(senders);
	free(peers);
	return rc;
}

void
explain_sink_free(struct explain_sink *s)
{
	tally_free(&s->by_cause);
	tally_free(&s->senders);
	tally_free(&s->peers);
	tally_free(&s->groups);
	tally_free(&s->kinds);
	tally_free(&s->places);
	notes_free(s->notes);
	if (s->spool != NULL)
		fclose(s->spool);
}
