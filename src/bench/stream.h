#ifndef RETORT_STREAM_H
#define RETORT_STREAM_H

#include <sys/types.h>

#include <stddef.h>

/*
 * The driver's messages over a stream of octets, such as a serial line: each
 * is two octets of length, the lower first, and the message without the zeros
 * at its end, for a line may take its time for each octet.
 */

/* As send(2) on a SOCK_SEQPACKET socket: len, at most 65535, or -1 with errno.
 */
ssize_t stream_send(int fd, const void *msg, size_t len);

/*
 * As recv(2): fill msg, with zeros where they were left out. len; 0 at the
 * end of the stream; -1 with errno, EMSGSIZE for a message that is longer.
 */
ssize_t stream_receive(int fd, void *msg, size_t len);

#endif
