#ifndef RETORT_STAGE_H
#define RETORT_STAGE_H

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
};

/* What packetdrill has. */
void stage_init(struct stage *);

#endif
