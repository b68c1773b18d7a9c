/* What a lesson's options choose. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "script/lab.h"

int
lab_error(const struct lab *lab, const struct script_pos *pos, struct err *e,
    const char *fmt, ...)
{
	struct buf b = { 0 };
	char msg[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(msg, sizeof(msg), fmt, ap);
	va_end(ap);
	buf_add_escaped(&b, msg, strlen(msg));
	err_set(e, ERR_USAGE, "%s:%d:%d: %s", lab->file, pos->line, pos->col,
	    buf_str(&b));
	buf_free(&b);
	return -1;
}

struct lab_option *
lab_option(const struct lab *lab, const char *name, size_t len)
{
	struct lab_option *o;

	STAILQ_FOREACH (o, &lab->options, next)
		if (strlen(o->name) == len && memcmp(o->name, name, len) == 0)
			break;
	return o;
}

bool
lab_allows(const struct lab_option *o, const char *value)
{
	unsigned long n;
	size_t i;

	for (i = 0; i < o->nvalues; i++)
		if (strcmp(o->values[i], value) == 0)
			return true;
	i = strspn(value, "0123456789");
	if (o->nvalues > 0 || i == 0 || i > 10 || value[i] != '\0' ||
	    (*value == '0' && i > 1))
		return false;
	n = strtoul(value, NULL, 10);
	return n >= o->min && n <= o->max;
}

static void
add_values(struct buf *b, const struct lab_option *o)
{
	size_t i;

	if (o->nvalues == 0)
		buf_addf(b, "%" PRIu32 " to %" PRIu32, o->min, o->max);
	for (i = 0; i < o->nvalues; i++)
		buf_addf(b, "%s%s", i > 0 ? ", " : "", o->values[i]);
}

/* The options that there are. */
static int
unknown(const struct lab *lab, const char *define, struct err *e)
{
	const struct lab_option *o;
	struct buf b = { 0 };

	buf_addf(&b, "': lesson %s has %s", lab->name,
	    STAILQ_EMPTY(&lab->options) ? "none" : "");
	STAILQ_FOREACH (o, &lab->options, next) {
		buf_addf(&b, "%s=", o->name);
		add_values(&b, o);
		if (STAILQ_NEXT(o, next) != NULL)
			buf_adds(&b, "; ");
	}
	err_about(e, ERR_USAGE, "there is no option '", define, buf_str(&b));
	buf_free(&b);
	return -1;
}

int
lab_define(struct lab *lab, const char *define, struct err *e)
{
	const char *eq = strchr(define, '=');
	struct lab_option *o;
	struct buf b = { 0 };

	if (eq == NULL)
		return err_about(e, ERR_USAGE,
		    "--define takes NAME=VALUE, not '", define, "'");
	o = lab_option(lab, define, eq - define);
	if (o == NULL)
		return unknown(lab, define, e);
	if (lab_allows(o, eq + 1)) {
		o->value = arena_strndup(&lab->arena, eq + 1, strlen(eq + 1));
		return 0;
	}
	buf_addf(&b, "': lesson %s takes ", lab->name);
	add_values(&b, o);
	err_about(e, ERR_USAGE, "the option cannot be '", define, buf_str(&b));
	buf_free(&b);
	return -1;
}

bool
lab_applies(const struct lab_item *item)
{
	const struct lab_cond *c;
	size_t i;

	for (c = item->cond; c != NULL; c = c->outer) {
		for (i = 0; i < c->nvalues; i++)
			if (strcmp(c->option->value, c->values[i]) == 0)
				break;
		if ((i < c->nvalues) == c->negated)
			return false;
	}
	return true;
}

int
lab_prepare(struct lab *lab, struct err *e)
{
	struct lab_item *item;

	STAILQ_FOREACH (item, &lab->items, next)
		if (lab_applies(item) && lab_prepare_item(lab, item, e) == -1)
			return -1;
	return 0;
}

void
lab_free(struct lab *lab)
{
	struct lab_item *item;

	STAILQ_FOREACH (item, &lab->items, next)
		script_free(&item->script);
	arena_free(&lab->arena);
}
