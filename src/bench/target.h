#ifndef RETORT_TARGET_H
#define RETORT_TARGET_H

#include <sys/socket.h>

#include "bench/bench.h"

/*
 * The target namespace as the driver finds it ready: addresses, neighbours,
 * sysctls, and the standing listeners.
 */
struct target {
	int listeners[2][2]; /* [IPv6][small window]; -1: none */
	bool has_ip6;
};

/* Runs in that namespace, with every privilege. 0, or -1 with *e. */
int target_set_up(struct target *, const struct bench_net *, struct err *e);

/*
 * The kernel would leave the TCP checksum to a network card that is not
 * there, and our sniffer would call every segment's checksum wrong. 0, or -1
 * with *e.
 */
int target_checksums_on(const char *ifname, struct err *e);

/*
 * A sysctl of this namespace: below /proc/sys/net, 0 or -1 with errno. The
 * value that it had is at *before, unless that is NULL.
 */
int target_sysctl(const char *name, uint32_t value, uint32_t *before);

/*
 * A socket of TCP (protocol 0) or of what looks like it, perhaps with the
 * smallest receive buffer. -1 with errno.
 */
int target_socket(uint8_t ip, int protocol, bool small);

socklen_t target_sockaddr(struct sockaddr_storage *, const struct addr *,
    uint16_t port);

/* Bind and listen there. The socket, or -1 with errno. */
int target_listen(const struct addr *, uint16_t port, int protocol, int backlog,
    bool small);

#endif
