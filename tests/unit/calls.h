#ifndef RETORT_TEST_CALLS_H
#define RETORT_TEST_CALLS_H

/* A call of a script on its own, and the request that becomes of it. */

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "run/marshal.h"

struct a_call {
	struct script script;
	const struct script_call *call;
	struct call_ends ends;
	struct call_outs outs;
	struct caller_request *req;
	struct caller_reply *reply;
};

/* "read(3, ..., 10) = 10", with 192.168.0.1 or 2001:db8::1 as the stack. */
static inline void
call_parse(struct a_call *c, const char *text, int ip)
{
	char line[1024];
	struct err e = { 0 };

	memset(c, 0, sizeof(*c));
	snprintf(line, sizeof(line), "0 %s\n", text);
	ck_assert_msg(script_parse(&c->script, "t", line, strlen(line), NULL,
			  &e) == 0,
	    "%s: %s", text, e.msg);
	c->call = STAILQ_FIRST(&c->script.events)->call;
	c->ends.bind_port = 8080;
	c->ends.connect_port = 8081;
	addr_parse(&c->ends.stack, ip == 6 ? "2001:db8::1" : "192.168.0.1");
	addr_parse(&c->ends.peer, ip == 6 ? "2001:db8::2" : "192.0.2.1");
	c->req = mem_calloc(1, sizeof(*c->req));
	c->reply = mem_calloc(1, sizeof(*c->reply));
	/* what was there before is not to matter */
	memset(c->req, 0xa5, sizeof(*c->req));
}

static inline void
call_marshal(struct a_call *c, const struct descriptors *fds)
{
	struct err e = { 0 };

	ck_assert_msg(marshal_call(c->req, &c->outs, c->call, fds, &c->ends,
			  &e) == 0,
	    "%s", e.msg);
}

/* The reply is the request's data as they are, with this result. */
static inline void
call_reply(struct a_call *c, int64_t result, int error)
{
	c->reply->result = result;
	c->reply->error = error;
	c->reply->len = c->req->len;
	memcpy(c->reply->data, c->req->data, c->req->len);
}

static inline void
call_free(struct a_call *c)
{
	free(c->req);
	free(c->reply);
	script_free(&c->script);
}

#endif
