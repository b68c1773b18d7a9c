#include <string.h>

#include "base/table.h"
#include "tcp/state.h"

static const char *const names[] = {
	[ST_CLOSED] = "CLOSED",
	[ST_LISTEN] = "LISTEN",
	[ST_SYN_SENT] = "SYN-SENT",
	[ST_SYN_RECEIVED] = "SYN-RECEIVED",
	[ST_ESTABLISHED] = "ESTABLISHED",
	[ST_FIN_WAIT_1] = "FIN-WAIT-1",
	[ST_FIN_WAIT_2] = "FIN-WAIT-2",
	[ST_CLOSE_WAIT] = "CLOSE-WAIT",
	[ST_CLOSING] = "CLOSING",
	[ST_LAST_ACK] = "LAST-ACK",
	[ST_TIME_WAIT] = "TIME-WAIT",
};
_Static_assert(ARRAY_SIZE(names) == NSTATES, "a name for each state");

const char *
state_name(enum state st)
{
	return st < NSTATES ? names[st] : "?";
}

enum state
state_by_name(const char *name, size_t len)
{
	enum state st;

	for (st = 0; st < NSTATES; st++)
		if (strlen(names[st]) == len &&
		    memcmp(names[st], name, len) == 0)
			break;
	return st;
}
