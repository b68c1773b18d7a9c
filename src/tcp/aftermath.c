#include <string.h>

#include "base/table.h"
#include "tcp/aftermath.h"

static const char *const names[] = {
	[SEES_NOTHING] = "nothing",
	[SEES_CLOSING] = "closing",
	[SEES_REFUSED] = "refused",
	[SEES_RESET] = "reset",
	[SEES_TIMEOUT] = "timeout",
	[SEES_PIPE] = "pipe",
	[SEES_OTHER] = "other",
};
_Static_assert(ARRAY_SIZE(names) == NSEES, "a name for each sight");

const char *
sees_name(enum sees sees)
{
	return sees < NSEES ? names[sees] : "?";
}

enum sees
sees_by_name(const char *name, size_t len)
{
	enum sees sees;

	for (sees = 0; sees < NSEES; sees++)
		if (strlen(names[sees]) == len &&
		    memcmp(names[sees], name, len) == 0)
			break;
	return sees;
}
