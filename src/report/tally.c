#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "report/tally.h"

static int
by_name(const void *a, const void *b)
{
	const struct tally_entry *x = a, *y = b;

	return strcmp(x->name, y->name);
}

struct tally_entry *
tally_add(struct tally *t, const char *name)
{
	struct tally_entry key = { .name = (char *)name }, *e, **at;

	at = tfind(&key, &t->root, by_name);
	if (at == NULL && t->n >= TALLY_MAX) {
		key.name = (char *)"others";
		at = tfind(&key, &t->root, by_name);
	}
	if (at != NULL) {
		(*at)->n++;
		return *at;
	}
	e = mem_calloc(1, sizeof(*e));
	e->name = mem_strdup(key.name);
	e->n = 1;
	/* without memory for the tree it is counted and not shown */
	t->n += tsearch(e, &t->root, by_name) != NULL;
	return e;
}

bool
tally_has(const struct tally *t, const char *name)
{
	struct tally_entry key = { .name = (char *)name };

	return tfind(&key, &t->root, by_name) != NULL;
}

struct list {
	const struct tally_entry **v;
	size_t n;
};

static void
take(const void *node, VISIT which, void *arg)
{
	struct list *list = arg;

	if (which == postorder || which == leaf)
		list->v[list->n++] = *(const struct tally_entry *const *)node;
}

static int
by_number(const void *a, const void *b)
{
	const struct tally_entry *x = *(const struct tally_entry *const *)a;
	const struct tally_entry *y = *(const struct tally_entry *const *)b;

	if (x->n != y->n)
		return x->n > y->n ? -1 : 1;
	return strcmp(x->name, y->name);
}

const struct tally_entry **
tally_sort(const struct tally *t)
{
	struct list list = { .v = mem_calloc(t->n + 1, sizeof(*list.v)) };

	twalk_r(t->root, take, &list);
	qsort(list.v, list.n, sizeof(*list.v), by_number);
	return list.v;
}

struct report_count *
tally_counts(const struct tally *t, size_t *n)
{
	const struct tally_entry **v = tally_sort(t);
	struct report_count *c = mem_calloc(t->n + 1, sizeof(*c));
	size_t i;

	for (i = 0; i < t->n; i++)
		c[i] = (struct report_count){
			.name = v[i]->name, .what = v[i]->what, .n = v[i]->n
		};
	*n = t->n;
	free(v);
	return c;
}

static void
free_entry(void *p)
{
	struct tally_entry *e = p;

	free(e->name);
	free(e->text);
	free(e);
}

void
tally_free(struct tally *t)
{
	tdestroy(t->root, free_entry);
	*t = (struct tally){ 0 };
}
