#include "match/rtt.h"

void
rtt_learn(struct rtt *r, int64_t ns)
{
	int64_t off = ns > r->srtt ? ns - r->srtt : r->srtt - ns;

	if (r->srtt == 0) {
		r->srtt = ns;
		r->rttvar = ns / 2;
	} else {
		r->rttvar += (off - r->rttvar) / 4;
		r->srtt += (ns - r->srtt) / 8;
	}
	/* clocks may disagree by a little: 0 would say that nothing is known */
	if (r->srtt <= 0)
		r->srtt = 1;
}

int64_t
rtt_timeout(const struct rtt *r, int64_t least, int64_t most)
{
	int64_t rto = r->srtt + 4 * r->rttvar;

	if (r->srtt == 0 || rto > most || least > most)
		return most;
	return rto < least ? least : rto;
}
