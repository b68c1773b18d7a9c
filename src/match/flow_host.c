/*
 * What hosts are like over all their flows. The table is of a fixed size: a
 * host that is seen often pushes out one that is seen seldom.
 */
#include <string.h>

#include "match/flow_table.h"

uint64_t
host_key(const struct flows *f, const struct quick *q, bool source)
{
	uint64_t w[2] = { 0, 4 };

	if (q->ip == 6)
		memcpy(w, q->addrs + (source ? 0 : 16), 16);
	else
		memcpy(w, q->addrs + (source ? 0 : 4), 4);
	return flow_hash(f, w[0], w[1]) | 1;
}

static struct host_set *
set_of(const struct flows *f, uint64_t key)
{
	return &f->hosts[key >> 8 & (HOST_SETS - 1)];
}

void
host_fetch(const struct flows *f, uint64_t key)
{
	const char *set = (const char *)set_of(f, key);

	__builtin_prefetch(set, 1);
	__builtin_prefetch(set + 64, 1);
}

struct host *
host_find(struct flows *f, uint64_t key)
{
	struct host_set *set = set_of(f, key);
	size_t i, least = 0;

	for (i = 0; i < HOST_WAYS; i++)
		if (set->keys[i] == key)
			return &set->all[i];
	for (i = 0; i < HOST_WAYS && set->keys[least] != 0; i++)
		if (set->keys[i] == 0 ||
		    set->all[i].is.segments < set->all[least].is.segments)
			least = i;
	set->keys[least] = key;
	set->all[least] = (struct host){ 0 };
	return &set->all[least];
}

/* The sender of a segment on its way; looked for once. */
struct host *
host_of(struct flows *f, struct passing *p)
{
	if (p->host == NULL)
		p->host = host_find(f, host_key(f, p->q, true));
	return p->host;
}

/* The TTL of the majority: others are outvoted, one by one. */
void
host_learn_ttl(struct host *h, uint8_t ttl)
{
	struct flow_host *is = &h->is;

	if (is->segments == 0)
		is->ttl = ttl;
	if (is->ttl == ttl && is->segments < UINT32_MAX)
		is->segments++;
	else if (is->ttl != ttl)
		is->segments--;
}
