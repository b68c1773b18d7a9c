#ifndef RETORT_STAGE_H
#define RETORT_STAGE_H

#include <stdbool.h>

#include "base/err.h"
#include "tcp/addr.h"

/*
 * The network of a script, as packetdrill has it unless the script says
 * otherwise: the stack is 192.168.0.1/16, the peer 192.0.2.1 behind the gateway
 * 192.168.0.2; fd3d:fa7b:d17d::0/48, 2001:db8::1, fd3d:fa7b:d17d:8888::0. The
 * interface of the stack is called tun0, as scripts call it. The peer and the
 * gateway are both at our end of the wire, and on no kernel's interface.
 */
struct stage {
	struct addr stack[2], peer[2], gateway[2]; /* [1]: IPv6 */
	unsigned prefix[2];
	unsigned mtu; /* of tun0; 0: 1500 */
	/*
	 * Octets of the largest IP datagram that the script injects; 0: none
	 * over the MTU. The interface then takes so large ones, and the route
	 * to the peer has the MTU. Sending a larger one fails with ENOBUFS.
	 */
	unsigned largest;
	/*
	 * Leave segmentation and checksums to the card that is not there, as
	 * packetdrill does: the stack then sends segments of many times the
	 * MSS, and the checksums in what is sniffed are wrong.
	 */
	bool offload;
};

/* What packetdrill has. */
void stage_init(struct stage *);

/*
 * Make that network in this namespace, around the interface net->stack_if.
 * Without IPv6 it goes on and says so. 0, or -1 with *e (ERR_ENV).
 */
struct bench_net;
int stage_set_up(const struct bench_net *, bool *has_ip6, struct err *e);

#endif
