/* The adapters of retort_stacks: this stands for src/bench/adapters.c. */
#include "stacks.h"

const struct adapter *
adapter_at(unsigned i)
{
	return stacks_at(i);
}

const struct adapter *
adapter_find(const char *name)
{
	return stacks_find(name);
}
