/*
 * caller_loop HOW ADDRESS PORT: a client that connects again and again, for
 * client.sh. Of each connection it, by HOW,
 *
 *   hold    waits for the reset
 *   close   closes when its peer does
 *
 * two seconds at most. It writes a line when it begins.
 */
#include <sys/socket.h>

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define WAIT_MS 2000

static void
call(const struct sockaddr *to, socklen_t len, short until)
{
	static const struct timespec pause = { .tv_nsec = 10000000 };
	int fd = socket(to->sa_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	if (fd == -1)
		err(1, "socket");
	if (connect(fd, to, len) == -1 && errno != EINPROGRESS)
		nanosleep(&pause, NULL);
	else if (poll(&p, 1, WAIT_MS) == 1 &&
		 !(p.revents & (POLLERR | POLLHUP))) {
		p.events = until;
		poll(&p, 1, WAIT_MS);
	}
	close(fd);
}

int
main(int argc, char **argv)
{
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in in = { .sin_family = AF_INET };
	short until;

	if (argc != 4)
		errx(2, "usage: caller_loop HOW ADDRESS PORT");
	in.sin_port = in6.sin6_port = htons(atoi(argv[3]));
	/* errors are told in any case */
	until = strcmp(argv[1], "close") == 0 ? POLLRDHUP : 0;
	puts("calling");
	fflush(stdout);
	for (;;)
		if (inet_pton(AF_INET, argv[2], &in.sin_addr) == 1)
			call((struct sockaddr *)&in, sizeof(in), until);
		else if (inet_pton(AF_INET6, argv[2], &in6.sin6_addr) == 1)
			call((struct sockaddr *)&in6, sizeof(in6), until);
		else
			errx(1, "%s is no address", argv[2]);
}
