#include <sys/prctl.h>

#include <cap-ng.h>
#include <errno.h>
#include <string.h>

#include "base/privilege.h"

int
privilege_drop(struct err *e)
{
	capng_clear(CAPNG_SELECT_BOTH);
	if (capng_apply(CAPNG_SELECT_CAPS) != 0)
		return err_set(e, ERR_INTERNAL,
		    "cannot give up the capabilities: %s", strerror(errno));
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
		return err_set(e, ERR_INTERNAL, "no_new_privs: %s",
		    strerror(errno));
	return 0;
}
