#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/random.h"
#include "report/tally.h"

#define HEADS_FIRST 64 /* a power of two */
#define OTHERS	    "others"

static struct tally_entry **
head_of(const struct tally *t, const void *key, size_t len)
{
	return &t->heads[hash_octets(t->key, key, len) & (t->nheads - 1)];
}

static struct tally_entry *
find(const struct tally *t, const void *key, size_t len)
{
	struct tally_entry *e = t->last;

	/* many come several times in a row */
	if (e != NULL && e->len == len && memcmp(e->key, key, len) == 0)
		return e;
	e = NULL;
	if (t->n > 0)
		for (e = *head_of(t, key, len); e != NULL; e = e->next)
			if (e->len == len && memcmp(e->key, key, len) == 0)
				break;
	return e;
}

/* Twice as many heads as entries, or four times. */
static void
grow(struct tally *t)
{
	struct tally_entry **old = t->heads, *e, *next, **head;
	struct random random = { 0 };
	size_t n = t->nheads, i;

	for (i = 0; n == 0 && i < 2; i++)
		t->key[i] =
		    (uint64_t)random_u32(&random) << 32 | random_u32(&random);
	t->nheads = n > 0 ? n * 2 : HEADS_FIRST;
	t->heads = mem_calloc(t->nheads, sizeof(*t->heads));
	for (i = 0; i < n; i++)
		for (e = old[i]; e != NULL; e = next) {
			next = e->next;
			head = head_of(t, e->key, e->len);
			e->next = *head;
			*head = e;
		}
	free(old);
}

static struct tally_entry *
add_new(struct tally *t, const void *key, size_t len)
{
	struct tally_entry *e = mem_calloc(1, sizeof(*e) + len), **head;

	if (t->n++ * 2 == t->nheads)
		grow(t);
	memcpy(e->key, key, len);
	e->len = len;
	head = head_of(t, key, len);
	e->next = *head;
	*head = e;
	return e;
}

struct tally_entry *
tally_add(struct tally *t, const void *key, size_t len)
{
	struct tally_entry *e = find(t, key, len);

	if (e == NULL && t->n >= TALLY_MAX) {
		key = OTHERS;
		len = strlen(OTHERS);
		e = find(t, key, len);
		if (e == NULL) {
			e = add_new(t, key, len);
			e->name = mem_strdup(OTHERS);
		}
	}
	if (e == NULL)
		e = add_new(t, key, len);
	e->n++;
	t->last = e;
	return e;
}

bool
tally_has(const struct tally *t, const void *key, size_t len)
{
	return find(t, key, len) != NULL;
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
	const struct tally_entry **v = mem_calloc(t->n + 1, sizeof(*v)), *e;
	size_t i, n = 0;

	for (i = 0; i < t->nheads; i++)
		for (e = t->heads[i]; e != NULL; e = e->next)
			v[n++] = e;
	qsort(v, n, sizeof(*v), by_number);
	return v;
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

void
tally_free(struct tally *t)
{
	struct tally_entry *e, *next;
	size_t i;

	for (i = 0; i < t->nheads; i++)
		for (e = t->heads[i]; e != NULL; e = next) {
			next = e->next;
			free(e->name);
			free(e->text);
			free(e);
		}
	free(t->heads);
	*t = (struct tally){ 0 };
}
