/* The options of a lesson, and what depends on them. */
#include <string.h>

#include "base/table.h"
#include "script/lab_reader.h"

#define CONDITIONS_MAX 32

/* ---- options ---- */

static int
read_list(struct reader *r, struct lab_option *o)
{
	const char *values[32];

	for (lab_skip_space(r); *r->p != '"'; lab_skip_space(r)) {
		if (o->nvalues == ARRAY_SIZE(values))
			return lab_fail(r, "an option has at most 32 values");
		values[o->nvalues] =
		    lab_take_word(r, "a text in quotation marks");
		if (values[o->nvalues] == NULL)
			return -1;
		o->nvalues++;
	}
	o->values = arena_alloc(&r->lab->arena, sizeof(values));
	memcpy(o->values, values, o->nvalues * sizeof(*values));
	return 0;
}

static int
read_range(struct reader *r, struct lab_option *o)
{
	const char *min = lab_take_word(r, "a number"), *to, *max;
	bool ok, ok_max;

	if (min == NULL || (to = lab_take_word(r, "to")) == NULL ||
	    (max = lab_take_word(r, "a number")) == NULL)
		return -1;
	o->min = lab_number(min, &ok);
	o->max = lab_number(max, &ok_max);
	if (strcmp(to, "to") != 0 || !ok || !ok_max || o->min > o->max)
		return lab_error(r->lab, &r->statement, r->e,
		    "a number is declared from MIN to MAX, not from %.20s "
		    "%.20s %.20s",
		    min, to, max);
	return 0;
}

static int
check_option_name(struct reader *r, const char *name)
{
	static const char *const taken[] = { "ack", "win", "urg", "none" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(taken); i++)
		if (strcmp(name, taken[i]) == 0)
			return lab_error(r->lab, &r->statement, r->e,
			    "%s is a word of packets and cannot be an option",
			    name);
	if (lab_option(r->lab, name, strlen(name)) != NULL)
		return lab_error(r->lab, &r->statement, r->e,
		    "the option %.40s is declared twice", name);
	if (name[strspn(name, "abcdefghijklmnopqrstuvwxyz_")] != '\0')
		return lab_error(r->lab, &r->statement, r->e,
		    "an option's name has small letters and _, not %.40s",
		    name);
	return 0;
}

int
lab_read_option(struct reader *r, enum lab_kind kind)
{
	struct lab_option *o = arena_alloc(&r->lab->arena, sizeof(*o));
	const char *of;

	(void)kind;
	o->pos = r->statement;
	o->name = lab_take_word(r, "the option's name");
	if (o->name == NULL || check_option_name(r, o->name) == -1 ||
	    (o->value = lab_take_word(r, "its value")) == NULL ||
	    (of = lab_take_word(r, "of or from")) == NULL)
		return -1;
	if (strcmp(of, "of") != 0 && strcmp(of, "from") != 0)
		return lab_error(r->lab, &r->statement, r->e,
		    "behind the value stands of or from, not %.40s", of);
	if ((strcmp(of, "of") == 0 ? read_list : read_range)(r, o) == -1)
		return -1;
	lab_skip_space(r);
	o->help = lab_take_string(r);
	if (o->help == NULL)
		return -1;
	if (!lab_allows(o, o->value))
		return lab_error(r->lab, &r->statement, r->e,
		    "%.40s is not among the values of this option", o->value);
	STAILQ_INSERT_TAIL(&r->lab->options, o, next);
	return lab_end_line(r);
}

/* ---- conditions ---- */

/* VALUE,VALUE behind NAME= */
static int
read_values(struct reader *r, struct lab_cond *c, const char *p)
{
	const char *value;
	size_t n = 1, i;

	for (i = 0; p[i] != '\0'; i++)
		n += p[i] == ',';
	c->values = arena_alloc(&r->lab->arena, n * sizeof(*c->values));
	for (; c->nvalues < n; p += i + 1) {
		i = strcspn(p, ",");
		value = arena_strndup(&r->lab->arena, p, i);
		if (!lab_allows(c->option, value))
			return lab_error(r->lab, &r->statement, r->e,
			    "%.40s is not among the values of %s", value,
			    c->option->name);
		c->values[c->nvalues++] = value;
	}
	return 0;
}

int
lab_read_if(struct reader *r, enum lab_kind kind)
{
	struct lab_cond *c = arena_alloc(&r->lab->arena, sizeof(*c));
	const char *word = lab_take_word(r, "NAME=VALUE"), *eq;

	(void)kind;
	if (word == NULL)
		return -1;
	eq = strchr(word, '=');
	c->option = eq != NULL ? lab_option(r->lab, word, eq - word) : NULL;
	c->pos = r->statement;
	c->outer = r->cond;
	if (c->option == NULL)
		return lab_error(r->lab, &r->statement, r->e,
		    "if takes OPTION=VALUE,... of an option that was declared "
		    "before, not %.40s",
		    word);
	if (r->depth++ == CONDITIONS_MAX)
		return lab_fail(r, "more than 32 if in one another");
	if (read_values(r, c, eq + 1) == -1)
		return -1;
	r->cond = c;
	return lab_end_line(r);
}

int
lab_read_else(struct reader *r, enum lab_kind kind)
{
	struct lab_cond *c;

	(void)kind;
	if (r->cond == NULL || r->cond->negated)
		return lab_error(r->lab, &r->statement, r->e,
		    "there is no if before this else");
	c = arena_alloc(&r->lab->arena, sizeof(*c));
	*c = *r->cond;
	c->negated = true;
	r->cond = c;
	return lab_end_line(r);
}

int
lab_read_end(struct reader *r, enum lab_kind kind)
{
	(void)kind;
	if (r->cond == NULL)
		return lab_error(r->lab, &r->statement, r->e,
		    "there is no if before this end");
	r->cond = r->cond->outer;
	r->depth--;
	return lab_end_line(r);
}
