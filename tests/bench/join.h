#ifndef RETORT_JOIN_H
#define RETORT_JOIN_H

/*
 * A patch cable: carries frames between two Ethernet-like devices, each given
 * by an open TAP or packet socket. Returns when `until` can be read (-1:
 * never), or when one end is gone.
 */
void join_run(int one, int other, int until);

/* Open a TAP device of this network namespace; -1 with errno. */
int join_open_tap(const char *ifname);

#endif
