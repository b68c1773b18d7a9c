#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "bench/stream.h"

static ssize_t
write_all(int fd, const void *data, size_t len)
{
	const uint8_t *p = data;
	ssize_t n;

	for (; len > 0; p += n, len -= n) {
		n = write(fd, p, len);
		if (n == -1 && errno == EINTR)
			n = 0;
		else if (n == -1)
			return -1;
	}
	return 0;
}

/* 1: all of it; 0: the stream ended before. */
static int
read_all(int fd, void *data, size_t len)
{
	uint8_t *p = data;
	ssize_t n;

	for (; len > 0; p += n, len -= n) {
		n = read(fd, p, len);
		if (n == 0)
			return 0;
		if (n == -1 && errno == EINTR)
			n = 0;
		else if (n == -1)
			return -1;
	}
	return 1;
}

ssize_t
stream_send(int fd, const void *msg, size_t len)
{
	const uint8_t *octets = msg;
	size_t n = len;
	uint8_t head[2];

	while (n > 0 && octets[n - 1] == 0)
		n--;
	head[0] = n & 0xff;
	head[1] = n >> 8;
	if (write_all(fd, head, sizeof(head)) == -1 ||
	    write_all(fd, msg, n) == -1)
		return -1;
	return len;
}

ssize_t
stream_receive(int fd, void *msg, size_t len)
{
	uint8_t head[2];
	size_t n;
	int rc = read_all(fd, head, sizeof(head));

	if (rc != 1)
		return rc;
	n = head[0] | head[1] << 8;
	if (n > len) {
		errno = EMSGSIZE;
		return -1;
	}
	memset(msg, 0, len);
	rc = read_all(fd, msg, n);
	return rc == 1 ? (ssize_t)len : rc;
}
