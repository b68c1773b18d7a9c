/*
 * client ADDRESS PORT MS [TEXT]: a user who connects, waits for at most so many
 * milliseconds, sends the text and a FIN, and reads to the end. It says in one
 * line what it saw of the peer:
 *
 *	refused, timed-out	connect() did not succeed
 *	connected		no text was given
 *	echoed, closed, reset	after the text: what it read, and how that ended
 */
#include <sys/socket.h>

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TALK_MAX_MS 10000

static int
open_to(const char *host, int port, struct sockaddr_storage *to)
{
	struct sockaddr_in *to4 = (struct sockaddr_in *)to;
	struct sockaddr_in6 *to6 = (struct sockaddr_in6 *)to;
	bool is6 = strchr(host, ':') != NULL;
	int fd = socket(is6 ? AF_INET6 : AF_INET, SOCK_STREAM, 0);

	if (inet_pton(is6 ? AF_INET6 : AF_INET, host,
		is6 ? (void *)&to6->sin6_addr : (void *)&to4->sin_addr) != 1)
		errx(2, "%s is no address", host);
	to->ss_family = is6 ? AF_INET6 : AF_INET;
	if (is6)
		to6->sin6_port = htons(port);
	else
		to4->sin_port = htons(port);
	if (fd == -1 || fcntl(fd, F_SETFL, O_NONBLOCK) == -1)
		err(1, "socket");
	return fd;
}

/* Wait until the socket is ready for it, and say why it is not. */
static bool
await(int fd, short events, int ms)
{
	struct pollfd p = { .fd = fd, .events = events };

	return poll(&p, 1, ms) == 1;
}

static const char *
word(int error)
{
	return error == ECONNREFUSED   ? "refused"
	       : error == ETIMEDOUT    ? "timed-out"
	       : error == ECONNRESET   ? "reset"
	       : error == EHOSTUNREACH ? "unreachable"
	       : error == 0	       ? "connected"
				       : strerror(error);
}

static const char *
talk(int fd, const char *text)
{
	char back[65536];
	size_t n = 0;
	ssize_t got = send(fd, text, strlen(text), MSG_NOSIGNAL);

	if (got != (ssize_t)strlen(text))
		return word(errno);
	shutdown(fd, SHUT_WR);
	do {
		if (!await(fd, POLLIN, TALK_MAX_MS))
			return "mute";
		got = recv(fd, back + n, sizeof(back) - n, 0);
		n += got > 0 ? got : 0;
	} while (got > 0);
	if (got == -1)
		return word(errno);
	return n == strlen(text) && memcmp(back, text, n) == 0 ? "echoed"
							       : "closed";
}

int
main(int argc, char **argv)
{
	struct sockaddr_storage to = { 0 };
	socklen_t len = sizeof(int);
	int fd, error = 0;

	if (argc < 4)
		errx(2, "usage: client ADDRESS PORT MS [TEXT]");
	fd = open_to(argv[1], atoi(argv[2]), &to);
	if (connect(fd, (struct sockaddr *)&to,
		to.ss_family == AF_INET6 ? sizeof(struct sockaddr_in6)
					 : sizeof(struct sockaddr_in)) == -1)
		error = errno;
	if (error == EINPROGRESS) {
		error = ETIMEDOUT;
		if (await(fd, POLLOUT, atoi(argv[3])))
			getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len);
	}
	puts(error == 0 && argc > 4 ? talk(fd, argv[4]) : word(error));
	return 0;
}
