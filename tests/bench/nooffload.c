/*
 * nooffload IFACE...: let the kernel complete TCP checksums itself, so that a
 * capture on the other end of a veth pair holds what a wire would.
 */
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <err.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>

int
main(int argc, char **argv)
{
	struct ethtool_value off = { .cmd = ETHTOOL_STXCSUM, .data = 0 };
	struct ifreq ifr = { .ifr_data = (void *)&off };
	int fd = socket(AF_INET, SOCK_DGRAM, 0), i;

	for (i = 1; i < argc; i++) {
		snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", argv[i]);
		if (ioctl(fd, SIOCETHTOOL, &ifr) == -1)
			err(1, "%s", argv[i]);
	}
	return 0;
}
