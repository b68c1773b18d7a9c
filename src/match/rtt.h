#ifndef RETORT_RTT_H
#define RETORT_RTT_H

#include <stdint.h>

/* How long round trips take, estimated as RFC 6298 does. Zero: not known. */
struct rtt {
	int64_t srtt, rttvar; /* ns */
};

/* One was measured. */
void rtt_learn(struct rtt *, int64_t ns);

/* How long to wait for an answer, in ns: at least `least`, at most `most`. */
int64_t rtt_timeout(const struct rtt *, int64_t least, int64_t most);

#endif
