#include <string.h>

#include "base/table.h"
#include "bench/adapter.h"

/* Each is in the file of its name: adapter_NAME.c. */
static const struct adapter *const adapters[] = {
	NULL, /* the last */
};

const struct adapter *
adapter_at(unsigned i)
{
	return i < ARRAY_SIZE(adapters) ? adapters[i] : NULL;
}

const struct adapter *
adapter_find(const char *name)
{
	const struct adapter *a;
	unsigned i;

	for (i = 0; (a = adapter_at(i)) != NULL; i++)
		if (strcmp(a->name, name) == 0)
			break;
	return a;
}
