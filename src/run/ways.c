#include <string.h>

#include "run/ways.h"

static bool
same_way(const struct way *one, const struct way *other)
{
	return one->state == other->state && one->window == other->window &&
	       one->unread == other->unread &&
	       one->in_flight == other->in_flight &&
	       one->timestamps == other->timestamps &&
	       (one->via == NULL || other->via == NULL
		       ? one->via == other->via
		       : strcmp(one->via, other->via) == 0);
}

struct way *
ways_find(struct ways *w, const struct testcase *t)
{
	const struct way want = { .state = testcase_state(t),
		.via = testcase_via(t),
		.window = t->t->window,
		.unread = t->t->unread > 0,
		.in_flight = t->t->in_flight > 0,
		.timestamps = t->t->timestamps };
	size_t i;

	for (i = 0; i < w->n; i++)
		if (same_way(&w->way[i], &want))
			return &w->way[i];
	if (i == WAYS_MAX)
		return NULL;
	w->way[w->n++] = want;
	return &w->way[i];
}

struct patience *
ways_wait(struct ways *w, const struct rule *rule, enum state state)
{
	size_t i;

	for (i = 0; i < w->nwaits; i++)
		if (w->wait[i].rule == rule && w->wait[i].state == state)
			return &w->wait[i];
	if (i == WAYS_MAX)
		return NULL;
	w->wait[w->nwaits++] =
	    (struct patience){ .rule = rule, .state = state };
	return &w->wait[i];
}
