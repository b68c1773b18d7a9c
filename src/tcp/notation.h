#ifndef RETORT_NOTATION_H
#define RETORT_NOTATION_H

#include "base/buf.h"
#include "tcp/segment.h"

/*
 * The RFC's notation with numbers in it: <SEQ=0><ACK=1001><CTL=RST,ACK>.
 * The ACK part is printed when the ACK bit is set.
 */
void notation_add_rfc(struct buf *, const struct segment *);

/*
 * Parse it: seq, ack and ctl of *s are set, the rest of *s is untouched. The
 * parts may stand in any order, SEQ and ACK may be missing (0), CTL may not.
 * 0, or -1 when the text is not of that form or a number exceeds 32 bits.
 */
int notation_parse_rfc(struct segment *s, const char *text);

/*
 * The line tcpdump -n -S prints for it, without the time:
 * IP 192.0.2.1.1024 > 192.0.2.2.80: Flags [S], seq 7, win 64240, length 0
 * A fault of the segment is told in brackets at the end. Otherwise than
 * tcpdump, text is never decoded, AE is "e", and the options of MPTCP and of
 * kinds that we do not know are in hexadecimal.
 */
void notation_add_tcpdump(struct buf *, const struct segment *);

#endif
