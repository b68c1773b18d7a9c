#ifndef RETORT_CTL_H
#define RETORT_CTL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/*
 * The control bits (RFC 9293 3.1), at their places in octets 12 and 13 of the
 * header. The ninth, once NS, is AE in newer text; it is the lowest of the
 * four bits that RFC 9293 still calls reserved.
 */
enum ctl {
	CTL_FIN = 0x001,
	CTL_SYN = 0x002,
	CTL_RST = 0x004,
	CTL_PSH = 0x008,
	CTL_ACK = 0x010,
	CTL_URG = 0x020,
	CTL_ECE = 0x040,
	CTL_CWR = 0x080,
	CTL_AE = 0x100
};
#define CTL_ALL	    0x1ff
#define CTL_CLASSIC 0x03f /* the six of RFC 793 */
#define NCTL	    9

/* The bit that a name ("SYN") stands for, or 0. */
uint16_t ctl_by_name(const char *name, size_t len);

/* The RFC's way: "SYN,ACK", in the order the RFC writes them; "" for none. */
void ctl_add_rfc(struct buf *, uint16_t ctl);

/* tcpdump's way, without the brackets: "S.", "R"; "none" for none. */
void ctl_add_tcpdump(struct buf *, uint16_t ctl);

#endif
