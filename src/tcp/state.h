#ifndef RETORT_STATE_H
#define RETORT_STATE_H

#include <stddef.h>

/* The states of a connection (RFC 9293 3.3.2), in the RFC's order. */
enum state {
	ST_CLOSED,
	ST_LISTEN,
	ST_SYN_SENT,
	ST_SYN_RECEIVED,
	ST_ESTABLISHED,
	ST_FIN_WAIT_1,
	ST_FIN_WAIT_2,
	ST_CLOSE_WAIT,
	ST_CLOSING,
	ST_LAST_ACK,
	ST_TIME_WAIT,
	NSTATES
};

/* "SYN-RECEIVED": the RFC's spelling. */
const char *state_name(enum state);

/* The state of that name, or NSTATES. */
enum state state_by_name(const char *name, size_t len);

#endif
