#ifndef RETORT_AFTERMATH_H
#define RETORT_AFTERMATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tcp/state.h"

/* What the user of a connection is told, in the words of RFC 9293 3.10. */
enum sees {
	SEES_NOTHING,
	SEES_CLOSING, /* "connection closing": end of file */
	SEES_REFUSED, /* "connection refused": ECONNREFUSED */
	SEES_RESET,   /* "connection reset": ECONNRESET */
	SEES_TIMEOUT, /* "connection aborted due to user timeout": ETIMEDOUT */
	SEES_PIPE,    /* EPIPE: no word of the RFC's */
	SEES_OTHER,   /* another errno */
	NSEES
};

/* "nothing", "closing", "refused", "reset", "timeout", "pipe", "other" */
const char *sees_name(enum sees);

/* The word of that name, or NSEES. */
enum sees sees_by_name(const char *name, size_t len);

/* What has become of the stack's connection, by its own word. */
struct aftermath {
	enum state state;
	bool has_user; /* somebody still holds the connection */
	enum sees sees;
	uint32_t unread; /* octets that the user can read */
};

#endif
