#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "cmd/cmd.h"
#include "cmd/interrupt.h"
#include "cmd/players.h"
#include "report/exchange_ladder.h"
#include "report/report_script.h"
#include "run/jobs.h"
#include "run/suite.h"

#define SLACK (30 * NSEC_PER_SEC) /* a process has beyond its script */

/* ---- one script, in a process of its own ---- */

struct playing {
	const struct players *with;
	const struct script_files *files;
	struct report_script_tail tail;
	size_t told;
};

/* What the process says: this, and the report. */
struct message {
	enum verdict verdict;
	struct err e; /* there is no bench: no script can be played */
};

static void
report(const struct playing *p, size_t i, const struct report_script *s,
    struct buf *text)
{
	struct report_options o = p->with->report;
	struct buf picture = { 0 };
	char *written = NULL;
	size_t len = 0;

	o.out = open_memstream(&written, &len);
	if (o.out == NULL)
		return;
	p->with->format->script(&o, i + 1, s);
	fclose(o.out);
	buf_add(text, written, len);
	free(written);
	if (o.svg == NULL)
		return;
	script_add_ladder(&picture, s, NULL);
	fwrite(buf_str(&picture), 1, picture.len, o.svg);
	fflush(o.svg); /* it ends with this process */
	buf_free(&picture);
}

/* It could not be played. */
static void
report_error(const struct playing *p, size_t i, enum verdict v, const char *why,
    struct buf *text)
{
	static const struct exchange none;
	const struct report_script s = { .name = p->files->v[i].name,
		.verdict = v,
		.expected = "",
		.observed = "",
		.required = "",
		.reason = why,
		.x = &none };

	report(p, i, &s, text);
}

static enum blame
blame(const struct play_result *r)
{
	if (r->verdict != V_FAIL || r->rule == NULL ||
	    r->rfc == PLAY_RFC_UNKNOWN)
		return BLAME_NOBODY;
	return r->rfc == PLAY_RFC_CONTRADICTS ? BLAME_SCRIPT : BLAME_STACK;
}

static void
report_result(const struct playing *p, size_t i, const struct play_result *r,
    struct buf *text)
{
	const struct report_script s = { .name = p->files->v[i].name,
		.verdict = r->verdict,
		.line = r->at != NULL ? r->at->pos.line : 0,
		.event = r->at != NULL ? r->at->source : NULL,
		.expected = r->expected,
		.observed = r->observed,
		.fields = r->fields,
		.nfields = r->nfields,
		.reason = r->reason,
		.rule = r->rule,
		.required = r->required,
		.blame = blame(r),
		.x = &r->x,
		.alone = p->files->n == 1,
		.came = r->came,
		.off = r->off,
		.off_line = r->off_at != NULL ? r->off_at->pos.line : 0,
		.seconds = r->seconds };

	report(p, i, &s, text);
}

/* One process: which script it plays, and to whom it tells. */
struct player_of {
	const struct playing *p;
	size_t i;
	int fd;
};

static void
say(const struct player_of *of, const struct message *msg,
    const struct buf *about)
{
	struct buf text = { 0 };

	buf_add(&text, msg, sizeof(*msg));
	buf_add(&text, buf_str(about), about->len);
	jobs_say(of->fd, &text);
	buf_free(&text);
}

/* The result is there: it is told before all is closed. */
static void
tell(void *arg, const struct play_result *r)
{
	struct message msg = { .verdict = r->verdict };
	const struct player_of *of = arg;
	FILE *svg = of->p->with->report.svg;
	struct buf about = { 0 };

	report_result(of->p, of->i, r, &about);
	if (svg != NULL && ferror(svg))
		err_set(&msg.e, ERR_ENV, "cannot write the file of --svg");
	say(of, &msg, &about);
	buf_free(&about);
}

static void
ready(void *arg)
{
	const struct player_of *of = arg;

	jobs_turn(of->fd);
}

static void
play(void *arg, size_t i, int fd)
{
	struct player_of of = { arg, i, fd };
	const struct script_file *f = &of.p->files->v[i];
	struct play_options o = of.p->with->play;
	struct play_result *r = mem_calloc(1, sizeof(*r));
	struct message msg = { .verdict = V_ERROR };
	struct buf about = { 0 };

	o.dir = f->dir;
	o.ready = ready;
	o.tell = tell;
	o.arg = &of;
	if (f->e.kind != ERR_NONE)
		report_error(of.p, i, V_ERROR, f->e.msg, &about);
	else if (play_script(r, &f->script, &o, &msg.e) == 0)
		_exit(0);
	say(&of, &msg, &about);
	buf_free(&about);
	free(r);
}

/* The script's own time, as far as it is said, and what else it may take. */
static int64_t
limit(void *arg, size_t i)
{
	const struct playing *p = arg;
	const struct script_event *ev;
	int64_t t = 0, to;

	if (!p->files->v[i].parsed)
		return SLACK;
	STAILQ_FOREACH (ev, &p->files->v[i].script.events, next) {
		to = ev->time.to > ev->time.from ? ev->time.to : ev->time.from;
		if (ev->time.when == WHEN_AT || ev->time.when == WHEN_AT_RANGE)
			t = to > t ? to : t;
		else if (ev->time.when != WHEN_NONE)
			t += to;
		if (ev->call != NULL && ev->call->end > 0)
			t += ev->call->end;
		t += NSEC_PER_SEC;
	}
	return 2 * t + SLACK;
}

/* ---- all of them ---- */

static int
done(void *arg, size_t i, const struct buf *text, const char *failure,
    struct err *e)
{
	struct playing *p = arg;
	struct message msg = { .verdict = V_ERROR };
	struct buf about = { 0 };

	if (failure != NULL) {
		report_error(p, i, V_ERROR, failure, &about);
	} else {
		memcpy(&msg, text->p, sizeof(msg));
		buf_add(&about, text->p + sizeof(msg), text->len - sizeof(msg));
	}
	if (msg.e.kind != ERR_NONE && p->told == 0) {
		buf_free(&about);
		*e = msg.e;
		return -1;
	}
	/* where others have had a bench, that one failed is no more than that
	 */
	if (msg.e.kind != ERR_NONE) {
		msg.verdict = V_INCONCLUSIVE;
		report_error(p, i, msg.verdict, msg.e.msg, &about);
	}
	if (p->told++ == 0)
		p->with->format->script_head(&p->with->report,
		    &(struct report_script_head){ p->files->n });
	p->tail.n[msg.verdict]++;
	fwrite(buf_str(&about), 1, about.len, p->with->report.out);
	fflush(p->with->report.out);
	buf_free(&about);
	return 0;
}

static bool
stop(void)
{
	return interrupt_came() || ferror(stdout);
}

int
players_run(const struct players *with, const struct script_files *files,
    int bad)
{
	struct playing p = { .with = with, .files = files };
	const struct jobs jobs = { .n = files->n,
		.at_once = with->at_once,
		.arg = &p,
		.work = play,
		.limit = limit,
		.done = done,
		.interrupted = stop,
		/* a remote port is not to see two of them */
		.ahead = with->play.remote == NULL };
	int64_t began = clock_mono();
	struct err e;
	int rc;

	interrupt_hold();
	if (jobs_run(&jobs, &e) == -1)
		return cmd_fail(&e);
	p.tail.untold = files->n - p.told;
	p.tail.seconds = (double)(clock_mono() - began) / NSEC_PER_SEC;
	with->format->script_tail(&with->report, &p.tail);
	if (bad != 0)
		return bad;
	rc = suite_exit_code(p.tail.n, files->n);
	return rc == SUITE_OK && p.tail.untold > 0 ? SUITE_INCONCLUSIVE : rc;
}
