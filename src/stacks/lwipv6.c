#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/privilege.h"
#include "stacks/lwipv6_user.h"

#define ACK_MS 1 /* the longest that an ACK is delayed */

static void
send_acks(void *stack)
{
	tcp_fasttmr(stack);
}

/* The time of any other delayed ACKs has come when nothing else is to do. */
static void
serve(struct lwipv6_user *u)
{
	struct pollfd p = { .fd = u->args->fd, .events = POLLIN };
	serve_op *const *ops;
	size_t n;

	ops = lwipv6_user_ops(&n);
	for (;;) {
		if (poll(&p, 1, ACK_MS) == 0)
			tcpip_callback(u->stack, send_acks, u->stack,
			    TCPIP_SYNC);
		else if (serve_one(p.fd, ops, n, u) == -1)
			return;
	}
}

/* Its addresses; the TAP is there, and nobody owns it. 0, or -1 with *e. */
static int
start(struct stack **stack, const struct serve_args *args, struct err *e)
{
	struct ip_addr ip4 = lwipv6_addr(&args->ip[0]);
	struct ip_addr ip6 = lwipv6_addr(&args->ip[1]);
	/* /24 and /64 */
	struct ip_addr mask4 = { { ~0U, ~0U, ~0U, htonl(0xffffff00) } };
	struct ip_addr mask6 = { { ~0U, ~0U } };
	struct netif *netif;
	char tap[16] = "";

	strncpy(tap, args->tap, sizeof(tap) - 1);
	*stack = lwip_add_stack(0);
	if (*stack == NULL)
		return err_set(e, ERR_ENV, "LWIPv6 does not start");
	/* no autoconfiguration: nobody would answer */
	netif = lwip_add_tapif(*stack, tap, 0);
	if (netif == NULL)
		return err_set(e, ERR_ENV,
		    "LWIPv6 cannot open /dev/net/tun, or attach to the TAP");
	if (lwip_add_addr(netif, &ip4, &mask4) < 0 ||
	    lwip_add_addr(netif, &ip6, &mask6) < 0 || lwip_ifup(netif) < 0)
		return err_set(e, ERR_ENV, "LWIPv6 takes no addresses");
	return 0;
}

/*
 * LWIPv6 and its user: see stacks/serve.h. The library is under the GPL 2, so
 * nothing but this program is ever linked with it.
 */
int
main(int argc, char **argv)
{
	static const char name[] = "lwipv6 1.5a";
	struct lwipv6_user *user = mem_calloc(1, sizeof(*user));
	struct serve_args args;
	struct stack *stack;
	struct err e;

	if (serve_args(&args, argc, argv, &e) == -1)
		return e.kind;
	if (privilege_drop(&e) == -1 || start(&stack, &args, &e) == -1 ||
	    lwipv6_user_init(user, stack, &args, &e) == -1) {
		serve_hello(args.fd, name, false, &e);
		return e.kind;
	}
	if (serve_hello(args.fd, name, false, NULL) == 0)
		serve(user);
	/* the threads of the stack go on for ever */
	_Exit(0);
}
