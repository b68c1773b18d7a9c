#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "cmd/cmd.h"
#include "cmd/interrupt.h"
#include "cmd/stack_table.h"
#include "report/report_table.h"
#include "run/jobs.h"

#define LIMIT	   (300 * NSEC_PER_SEC) /* for one stack */
#define GROUPS_MAX 64
#define NONE	   "-" /* no rule, and its group */

/* What the process of a stack says: this, and a line for each case. */
struct message {
	struct stack stack;
	int code;	  /* of a stack that cannot be started; 0: it can */
	char reason[512]; /* why not, or why it ended early; "" */
};

struct table {
	const struct suite *suite;
	const struct target *target;
	bool all;
	bool mapping;  /* the first stack only tells which rules there are */
	size_t *group; /* of each case, by what the first stack was held to */
	struct report_table_row rows[GROUPS_MAX];
	size_t nrows;
	struct report_table_tail tail;
	bool failed; /* one could not be started, or ended early */
};

/* ---- in the process of a stack ---- */

/* The i-th: this machine's kernel, and what comes behind it. */
static void
choose(const struct table *t, size_t i, struct target *target)
{
	*target = *t->target;
	if (i > 0 && !t->all)
		return;
	stack_init(&target->stack);
	target->named = false;
	target->host = NULL;
	target->adapter = i > 0 ? adapter_at(i - 1) : NULL;
}

static void
run_suite(struct suite *suite, struct target *target, struct message *msg)
{
	struct session session;
	struct err e = { 0 }, ignored;

	target_describe(target, suite);
	if (target_open(target, &session, suite, &msg->code, &e) == -1) {
		msg->code = msg->code != 0 ? msg->code : (int)e.kind;
		snprintf(msg->reason, sizeof(msg->reason), "%s", e.msg);
		return;
	}
	suite_run(suite, &session);
	if (session.dead)
		snprintf(msg->reason, sizeof(msg->reason), "%s", session.death);
	session_close(&session, &ignored);
}

static void
work(void *arg, size_t i, int fd)
{
	const struct table *t = arg;
	struct suite suite = *t->suite;
	struct message msg = { 0 };
	struct target target;
	struct buf text = { 0 };
	char *lines = NULL;
	size_t n = 0;

	choose(t, i, &target);
	suite.format = &report_brief;
	suite.options.out = open_memstream(&lines, &n);
	if (suite.options.out == NULL)
		_exit(1);
	run_suite(&suite, &target, &msg);
	fclose(suite.options.out);
	msg.stack = target.stack;
	buf_add(&text, &msg, sizeof(msg));
	buf_add(&text, lines, n);
	jobs_say(fd, &text);
}

static int64_t
limit(void *arg, size_t i)
{
	(void)arg;
	(void)i;
	return LIMIT;
}

/* ---- counting ---- */

/* The row of a rule's group. */
static size_t
find_row(struct table *t, const char *rule)
{
	size_t n = strcspn(rule, "/"), i;

	for (i = 0; i < t->nrows; i++)
		if (strlen(t->rows[i].rules) == n &&
		    memcmp(t->rows[i].rules, rule, n) == 0)
			return i;
	if (t->nrows == GROUPS_MAX || n >= sizeof(t->rows[i].rules))
		return 0;
	memcpy(t->rows[i].rules, rule, n);
	return t->nrows++;
}

/* In the order of the rulebook, which is that of the RFC. */
static void
make_rows(struct table *t)
{
	const struct rule *r;

	STAILQ_FOREACH (r, &t->suite->book->rules, next)
		find_row(t, r->id);
	find_row(t, NONE);
}

static enum verdict
verdict_by_name(const char *name)
{
	enum verdict v;

	for (v = 0; v < V_ERROR; v++)
		if (strcmp(verdict_name(v), name) == 0)
			break;
	return v;
}

/* Count the lines of a stack; the first stack says which rule a case is of. */
static void
count(struct table *t, const char *lines, bool first,
    struct report_table_stack *s)
{
	char verdict[16], rule[80];
	enum verdict v;
	size_t i, row;
	int n;

	for (i = 0; i < t->nrows; i++)
		memset(t->rows[i].n, 0, sizeof(t->rows[i].n));
	for (i = 0; i < t->suite->cases->n; i++, lines += n) {
		if (sscanf(lines, "%15s %79s%n", verdict, rule, &n) != 2)
			return;
		v = verdict_by_name(verdict);
		row = find_row(t, rule);
		if (first)
			t->group[i] = row;
		else if (strcmp(rule, NONE) == 0)
			row = t->group[i];
		t->rows[row].n[v]++;
		s->n[v]++;
	}
}

/* Groups that no case of this run is of are left out. */
static size_t
pick_rows(const struct table *t, struct report_table_row *rows)
{
	size_t i, n = 0;
	enum verdict v;

	for (i = 0; i < t->nrows; i++) {
		for (v = 0; v < NVERDICTS && t->rows[i].n[v] == 0; v++)
			;
		if (v < NVERDICTS)
			rows[n++] = t->rows[i];
	}
	return n;
}

/* As its target is called, and what it calls itself where that is another. */
static void
add_names(const struct target *target, const struct message *msg,
    struct buf *name, struct buf *version)
{
	const char *own = msg->stack.name;

	if (target->adapter == NULL)
		buf_adds(name, target->host ? buf_str(&target->label) : own);
	else
		buf_adds(name, target->adapter->name);
	if (!target->host && msg->code == 0 && strcmp(own, buf_str(name)) != 0)
		buf_addf(version, "%s ", own);
	if (!target->host && msg->code == 0)
		buf_adds(version, msg->stack.version);
}

static int
done(void *arg, size_t i, const struct buf *text, const char *failure,
    struct err *e)
{
	struct report_table_row rows[GROUPS_MAX];
	struct report_table_stack s = { .rows = rows };
	struct buf name = { 0 }, version = { 0 };
	struct message msg = { .code = ERR_INTERNAL };
	struct table *t = arg;
	struct target target;
	enum verdict v;

	(void)e;
	choose(t, i, &target);
	snprintf(msg.reason, sizeof(msg.reason), "%s", failure ? failure : "");
	if (failure == NULL)
		memcpy(&msg, text->p, sizeof(msg));
	s.ran = msg.code == 0;
	if (s.ran)
		count(t, text->p + sizeof(msg), i == 0, &s);
	if (i == 0 && t->mapping)
		return 0;
	add_names(&target, &msg, &name, &version);
	s.name = buf_str(&name);
	s.version = buf_str(&version);
	s.reason = msg.reason[0] != '\0' ? msg.reason : NULL;
	s.nrows = pick_rows(t, rows);
	t->failed |= s.reason != NULL && msg.code != SUITE_SKIPPED;
	t->tail.nstacks++;
	t->tail.nran += s.ran;
	for (v = 0; v < NVERDICTS; v++)
		t->tail.n[v] += s.n[v];
	t->suite->format->table_stack(&t->suite->options, &s);
	fflush(t->suite->options.out);
	buf_free(&name);
	buf_free(&version);
	return 0;
}

static size_t
count_stacks(const struct table *t)
{
	size_t n = 1;

	while (t->all && adapter_at(n - 1) != NULL)
		n++;
	return n + t->mapping;
}

static int
exit_code(const struct table *t, size_t n)
{
	int rc = suite_exit_code(t->tail.n, SIZE_MAX);

	if (t->tail.nran == 0)
		return t->failed ? (int)ERR_ENV : (int)SUITE_SKIPPED;
	/* interrupted, or one of them is not as it should be */
	if (rc == SUITE_OK && (t->failed || t->tail.nstacks < n))
		return SUITE_INCONCLUSIVE;
	return rc;
}

int
table_run(const struct suite *suite, const struct target *target, bool all)
{
	bool other = target->adapter != NULL || target->host != NULL;
	struct table t = { .suite = suite,
		.target = target,
		.all = all,
		.mapping = other && !all };
	struct jobs jobs = { .at_once = 1,
		.arg = &t,
		.work = work,
		.limit = limit,
		.done = done,
		.interrupted = interrupt_came };
	int64_t began = clock_mono();
	struct err e;
	int rc;

	interrupt_hold();
	jobs.n = count_stacks(&t);
	t.group = mem_calloc(suite->cases->n, sizeof(*t.group));
	make_rows(&t);
	suite->format->table_head(&suite->options);
	fflush(suite->options.out);
	if (jobs_run(&jobs, &e) == -1) {
		rc = cmd_fail(&e);
	} else {
		t.tail.seconds = (double)(clock_mono() - began) / NSEC_PER_SEC;
		suite->format->table_tail(&suite->options, &t.tail);
		rc = exit_code(&t, jobs.n - t.mapping);
	}
	free(t.group);
	return rc;
}
