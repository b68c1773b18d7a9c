#include <sys/random.h>

#include <err.h>
#include <errno.h>

#include "base/err.h"
#include "base/random.h"

uint32_t
random_u32(struct random *r)
{
	if (r->left == 0) {
		/* 256 octets or fewer are never cut short by a signal */
		while (getrandom(r->pool, sizeof(r->pool), 0) == -1)
			if (errno != EINTR)
				err(ERR_INTERNAL, "getrandom");
		r->left = sizeof(r->pool) / sizeof(r->pool[0]);
	}
	return r->pool[--r->left];
}

uint16_t
random_port(struct random *r)
{
	return 1024 + random_u32(r) % (65536 - 1024);
}
