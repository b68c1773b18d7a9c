#ifndef RETORT_REMOTE_TARGET_H
#define RETORT_REMOTE_TARGET_H

#include "base/buf.h"
#include "bench/adapter.h"
#include "cmd/stack.h"
#include "run/remote.h"
#include "run/suite.h"

/* The options of check that are about a target. */
enum {
	OPT_TARGET = 700,
	OPT_CLOSED_PORT,
	OPT_SOURCE,
	OPT_INTERFACE,
	OPT_RETRIES,
	OPT_STACK,
	OPT_CLIENT,
	OPT_WAIT
};

/* What the options of check say of a remote stack. */
struct target {
	struct remote_options remote;
	const struct adapter *adapter; /* of the stack named; NULL: none */
	char *host; /* NULL: none, the stack is this machine's own */
	char zone[IF_NAMESIZE];	  /* of fe80::1%eth0 */
	char ifname[IF_NAMESIZE]; /* at whose other end the host is */
	const char *only; /* an option that goes with --target only, or NULL */
	bool all;	  /* every stack that can be started */
	bool named;	  /* --stack was given */
	struct stack stack; /* --stack, or this machine's own */
	struct buf label;   /* for reports: "192.0.2.2:5000" */
};

#define TARGET_RETRIES UINT32_MAX /* as many as suit the target */
#define TARGET_WAIT    10	  /* seconds */

/*
 * One of the options above. 0, or -1 with *e (ERR_USAGE).
 */
int target_option(struct target *, int letter, const char *value,
    struct err *e);

/*
 * All options are there: resolve the host; ip 4 or 6 asks for a family. 0, or
 * -1 with *e.
 */
int target_resolve(struct target *, uint8_t ip, struct err *e);

/* What the suite is to say of it. */
void target_describe(struct target *, struct suite *);

/*
 * Open the session for it: the bench with this machine's kernel, an adapter's
 * stack, or the way to a remote one; suite then names the stack. -1 with *e;
 * *code, when it is not 0, is the exit code for that.
 */
int target_open(struct target *, struct session *, struct suite *, int *code,
    struct err *e);

void target_free(struct target *);

#endif
