#include <sys/prctl.h>

#include <cap-ng.h>
#include <errno.h>
#include <string.h>

#include "base/privilege.h"

/* Give up every capability that was not chosen. */
static int
apply(struct err *e)
{
	if (capng_apply(CAPNG_SELECT_CAPS) != 0)
		return err_set(e, ERR_INTERNAL,
		    "cannot give up the capabilities: %s", strerror(errno));
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
		return err_set(e, ERR_INTERNAL, "no_new_privs: %s",
		    strerror(errno));
	return 0;
}

int
privilege_drop(struct err *e)
{
	capng_clear(CAPNG_SELECT_BOTH);
	return apply(e);
}

int
privilege_keep_net_admin(struct err *e)
{
	capng_clear(CAPNG_SELECT_BOTH);
	capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED,
	    CAP_NET_ADMIN);
	return apply(e);
}

int
privilege_pass_on(struct err *e)
{
	int cap;

	capng_get_caps_process();
	for (cap = 0; cap <= CAP_LAST_CAP; cap++)
		if (capng_have_capability(CAPNG_PERMITTED, cap))
			capng_update(CAPNG_ADD,
			    CAPNG_INHERITABLE | CAPNG_AMBIENT, cap);
	if (capng_apply(CAPNG_SELECT_CAPS | CAPNG_SELECT_AMBIENT) != 0)
		return err_set(e, ERR_INTERNAL,
		    "cannot pass on the capabilities: %s", strerror(errno));
	return 0;
}
