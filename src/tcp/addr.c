#include <arpa/inet.h>

#include <string.h>

#include "tcp/addr.h"

unsigned
addr_len(const struct addr *a)
{
	return a->ip == 6 ? 16 : 4;
}

int
addr_parse(struct addr *a, const char *text)
{
	memset(a, 0, sizeof(*a));
	if (inet_pton(AF_INET, text, a->octets) == 1)
		a->ip = 4;
	else if (inet_pton(AF_INET6, text, a->octets) == 1)
		a->ip = 6;
	else
		return -1;
	return 0;
}

bool
addr_is_group(const struct addr *a)
{
	static const uint8_t all[4] = { 255, 255, 255, 255 };

	return a->ip == 6 ? a->octets[0] == 0xff
			  : (a->octets[0] & 0xf0) == 0xe0 ||
				memcmp(a->octets, all, 4) == 0;
}

bool
addr_eq(const struct addr *x, const struct addr *y)
{
	return x->ip == y->ip && memcmp(x->octets, y->octets, 16) == 0;
}

bool
endpoint_eq(const struct endpoint *x, const struct endpoint *y)
{
	return x->port == y->port && addr_eq(&x->addr, &y->addr);
}

bool
tuple_eq(const struct tuple *x, const struct tuple *y)
{
	return endpoint_eq(&x->src, &y->src) && endpoint_eq(&x->dst, &y->dst);
}

struct tuple
tuple_reverse(const struct tuple *t)
{
	return (struct tuple){ .src = t->dst, .dst = t->src };
}

void
addr_add(struct buf *b, const struct addr *a)
{
	char text[INET6_ADDRSTRLEN];
	unsigned i;

	for (i = 0; a->ip != 6 && i < 4; i++) {
		if (i > 0)
			buf_add(b, ".", 1);
		buf_addu(b, a->octets[i]);
	}
	if (a->ip != 6)
		return;
	inet_ntop(AF_INET6, a->octets, text, sizeof(text));
	buf_adds(b, text);
}

void
endpoint_add(struct buf *b, const struct endpoint *e)
{
	addr_add(b, &e->addr);
	buf_add(b, ".", 1);
	buf_addu(b, e->port);
}
