#ifndef RETORT_SPELL_H
#define RETORT_SPELL_H

#include "base/err.h"
#include "tcp/segment.h"

/*
 * What people write for the fields of a segment. All return 0, or -1 with *e
 * (ERR_USAGE), which quotes the text.
 */

/*
 * Control bits: the RFC's names ("SYN,ACK", in either case), the letters of
 * tcpdump and others ("SA", "S.", "FPU"; W or C is CWR, E is ECE, e is AE),
 * or "none".
 */
int spell_ctl(uint16_t *ctl, const char *text, struct err *e);

/*
 * Append TCP options (RFC 9293 3.2): a list such as "mss=1460,nop,wscale=7,
 * sackok,ts=5:0,sack=1:9,fastopen=hex,md5=hex,eol,hex=0204". ts alone is
 * ts=1:0, fastopen alone asks for a cookie; hex takes any octets, right or
 * wrong.
 */
int spell_options(struct segment *, const char *text, struct err *e);

#endif
