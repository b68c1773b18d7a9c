#include <sys/ioctl.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "join.h"

int
join_open_tap(const char *ifname)
{
	struct ifreq r = { .ifr_flags = IFF_TAP | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);

	snprintf(r.ifr_name, sizeof(r.ifr_name), "%s", ifname);
	if (fd != -1 && ioctl(fd, TUNSETIFF, &r) == 0)
		return fd;
	if (fd != -1)
		close(fd);
	return -1;
}

/* A frame that the other end cannot take is lost, as on any wire. */
static int
carry(int from, int to)
{
	uint8_t frame[65536];
	ssize_t n = read(from, frame, sizeof(frame));

	if (n <= 0)
		return -1;
	return write(to, frame, n) == -1 && errno == EBADFD ? -1 : 0;
}

void
join_run(int one, int other, int until)
{
	struct pollfd p[3] = { { .fd = one, .events = POLLIN },
		{ .fd = other, .events = POLLIN },
		{ .fd = until, .events = POLLIN } };
	int rc = 0;

	while (rc == 0 && poll(p, 3, -1) != -1 && p[2].revents == 0) {
		if (p[0].revents != 0)
			rc = carry(one, other);
		if (rc == 0 && p[1].revents != 0)
			rc = carry(other, one);
	}
}
