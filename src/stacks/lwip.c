#include <lwip/init.h>
#include <poll.h>
#include <stdlib.h>

#include "base/privilege.h"
#include "stacks/lwip_user.h"

/* Frames first: the bench asks when it has sent all that goes before. */
static void
serve(struct lwip_user *u)
{
	struct pollfd p[] = {
		{ .fd = u->tap->fd, .events = POLLIN },
		{ .fd = u->args->fd, .events = POLLIN },
	};
	serve_op *const *ops;
	size_t n;

	ops = lwip_user_ops(&n);
	for (;;) {
		poll(p, 2, lwip_tap_due());
		lwip_tap_work(u->tap);
		if (p[1].revents != 0 && serve_one(p[1].fd, ops, n, u) == -1)
			return;
	}
}

/* lwIP and its user: see stacks/serve.h. */
int
main(int argc, char **argv)
{
	static const char name[] = "lwip " LWIP_VERSION_STRING;
	struct serve_args args;
	struct lwip_user user;
	struct lwip_tap tap;
	struct err e;

	if (serve_args(&args, argc, argv, &e) == -1)
		return e.kind;
	if (privilege_drop(&e) == -1 || lwip_tap_open(&tap, &args, &e) == -1 ||
	    lwip_user_init(&user, &tap, &args, &e) == -1) {
		serve_hello(args.fd, name, false, &e);
		return e.kind;
	}
	if (serve_hello(args.fd, name, true, NULL) == 0)
		serve(&user);
	/* what the library holds, it holds for ever */
	_Exit(0);
}
