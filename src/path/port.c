#include <sys/socket.h>

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#include "path/port.h"

static int
bind_there(int fd, const struct addr *a, uint16_t port)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
		.sin_port = htons(port) };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6,
		.sin6_port = htons(port) };

	memcpy(&in.sin_addr, a->octets, 4);
	memcpy(&in6.sin6_addr, a->octets, 16);
	return a->ip == 6 ? bind(fd, (struct sockaddr *)&in6, sizeof(in6))
			  : bind(fd, (struct sockaddr *)&in, sizeof(in));
}

int
port_reserve(const struct addr *a, uint16_t port, struct err *e)
{
	int fd = socket(a->ip == 6 ? AF_INET6 : AF_INET,
	    SOCK_STREAM | SOCK_CLOEXEC, 0);
	int why;

	if (fd != -1 && bind_there(fd, a, port) == 0)
		return fd;
	why = errno;
	if (fd != -1)
		close(fd);
	errno = why;
	return err_set(e, ERR_ENV, "cannot send from port %u: %s", port,
	    why == EADDRINUSE ? "a program of this machine uses it"
			      : strerror(why));
}
