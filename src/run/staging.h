#ifndef RETORT_STAGING_H
#define RETORT_STAGING_H

#include "bench/stage.h"
#include "script/script.h"

/* What the options of a script say of the network that it is played in. */
struct staging {
	struct stage stage;
	uint8_t ip;  /* of the packets: 4 or 6 */
	bool mapped; /* its sockets are IPv6, its packets IPv4 */
	uint16_t bind_port, connect_port;
};

/*
 * Read them: --ip_version, --local_ip, --remote_ip, --gateway_ip, --netmask_ip,
 * --mtu, --bind_port and --connect_port, as packetdrill calls them; others are
 * not for us. 0, or -1 with *e (ERR_USAGE).
 */
int staging_read(struct staging *, const struct script *, struct err *e);

#endif
