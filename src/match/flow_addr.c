/*
 * Numbers for IPv6 addresses, so that a flow need not hold 32 octets of them.
 * A number is free again when no flow uses it.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "match/flow_table.h"

struct known {
	uint8_t octets[16];
	uint32_t chain;
	uint32_t users;
};

struct addrs {
	struct known *known; /* from 1 */
	uint32_t *heads;
	uint32_t mask, n, cap, free;
};

#define ADDRS_FIRST 1024

struct addrs *
addrs_new(const struct flows *f)
{
	struct addrs *a = mem_calloc(1, sizeof(*a));

	a->cap = ADDRS_FIRST;
	a->known = mem_calloc(a->cap, sizeof(*a->known));
	while (a->mask < f->config.max_flows)
		a->mask = a->mask * 2 + 1;
	a->heads = mem_table((size_t)a->mask + 1, sizeof(*a->heads));
	return a;
}

static uint32_t *
head_of(struct flows *f, const uint8_t octets[16])
{
	uint64_t w[2];

	memcpy(w, octets, sizeof(w));
	return &f->addrs->heads[flow_hash(f, w[0], w[1]) & f->addrs->mask];
}

bool
addrs_is(const struct flows *f, uint32_t number, const uint8_t octets[16])
{
	return memcmp(f->addrs->known[number].octets, octets, 16) == 0;
}

/* The number of an address that may be new. */
static uint32_t
number_of(struct flows *f, const uint8_t octets[16])
{
	struct addrs *a = f->addrs;
	uint32_t *head = head_of(f, octets), i;

	for (i = *head; i != 0; i = a->known[i].chain)
		if (memcmp(a->known[i].octets, octets, 16) == 0)
			return i;
	if (a->free != 0) {
		i = a->free;
		a->free = a->known[i].chain;
	} else {
		i = ++a->n;
		if (i == a->cap) {
			/* by halves: doubling could exceed the bound */
			a->cap += a->cap / 2;
			a->known =
			    mem_realloc(a->known, a->cap, sizeof(*a->known));
		}
	}
	a->known[i].users = 0;
	memcpy(a->known[i].octets, octets, 16);
	a->known[i].chain = *head;
	*head = i;
	return i;
}

uint32_t
addrs_take(struct flows *f, const uint8_t octets[16])
{
	uint32_t number = number_of(f, octets);

	f->addrs->known[number].users++;
	return number;
}

void
addrs_release(struct flows *f, uint32_t number)
{
	struct addrs *a = f->addrs;
	struct known *k = &a->known[number];
	uint32_t *at;

	if (--k->users > 0)
		return;
	for (at = head_of(f, k->octets); *at != number;
	     at = &a->known[*at].chain)
		;
	*at = k->chain;
	k->chain = a->free;
	a->free = number;
}

void
addrs_free(struct addrs *a)
{
	free(a->known);
	free(a->heads);
	free(a);
}
