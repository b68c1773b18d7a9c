#include <sys/socket.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stacks/serve.h"

/* In the order in which bench/program.c gives them. */
enum {
	ARG_FD = 1,
	ARG_TAP,
	ARG_MAC,
	ARG_IP4,
	ARG_IP6,
	ARG_PORT,
	ARG_SMALL_PORT,
	NARGS
};

static int
parse_mac(uint8_t mac[6], const char *text)
{
	return sscanf(text, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", &mac[0], &mac[1],
		   &mac[2], &mac[3], &mac[4], &mac[5]) == 6
		   ? 0
		   : -1;
}

int
serve_args(struct serve_args *a, int argc, char *const *argv, struct err *e)
{
	if (argc != NARGS || parse_mac(a->mac, argv[ARG_MAC]) == -1 ||
	    addr_parse(&a->ip[0], argv[ARG_IP4]) == -1 ||
	    addr_parse(&a->ip[1], argv[ARG_IP6]) == -1)
		return err_set(e, ERR_USAGE,
		    "this is a part of retort: see retort check --target");
	a->fd = atoi(argv[ARG_FD]);
	a->tap = argv[ARG_TAP];
	a->listen_port = atoi(argv[ARG_PORT]);
	return 0;
}

int
serve_hello(int fd, const char *stack, bool looks, const struct err *e)
{
	struct drv_reply hello = { .fd = -1, .has_ip6 = true, .looks = looks };

	snprintf(hello.stack, sizeof(hello.stack), "%s", stack);
	if (e != NULL) {
		hello.error = EPERM;
		snprintf(hello.msg, sizeof(hello.msg), "%.255s", e->msg);
	}
	return send(fd, &hello, sizeof(hello), MSG_NOSIGNAL) == sizeof(hello)
		   ? 0
		   : -1;
}

static int
call(serve_op *const *ops, size_t n, enum drv_op op, void *user,
    const struct drv_request *request, struct drv_reply *reply)
{
	if ((size_t)op >= n || ops[op] == NULL)
		return EOPNOTSUPP;
	return ops[op](user, request, reply);
}

int
serve_one(int fd, serve_op *const *ops, size_t n, void *user)
{
	struct drv_request request, after;
	struct drv_reply reply = { .fd = -1 };

	if (recv(fd, &request, sizeof(request), 0) != sizeof(request))
		return -1;
	after = request;
	if (request.look == DRV_LOOK_BEFORE)
		reply.error = call(ops, n, DRV_LOOK, user, &request, &reply);
	if (reply.error == 0)
		reply.error = call(ops, n, request.op, user, &request, &reply);
	if (reply.fd != -1)
		after.fd = reply.fd;
	if (request.op == DRV_CLOSE || request.op == DRV_ABORT)
		after.fd = -1;
	if (reply.error == 0 && request.look == DRV_LOOK_AFTER)
		reply.error = call(ops, n, DRV_LOOK, user, &after, &reply);
	return send(fd, &reply, sizeof(reply), MSG_NOSIGNAL) == sizeof(reply)
		   ? 0
		   : -1;
}
