/*
 * The user of a stack, for target.sh: user HOW ADDRESS PORT. It accepts and, by
 * HOW,
 *
 *   hold    does nothing more
 *   close   closes when its peer does
 *   banner  speaks first
 *   abort   closes what has text that it does not read
 *
 * and forgets what was reset. It writes a line when it listens.
 */
#include <sys/epoll.h>
#include <sys/socket.h>

#include <arpa/inet.h>
#include <err.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int
listen_at(const char *text, const char *port)
{
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6,
		.sin6_port = htons(atoi(port)) };
	struct sockaddr_in in = { .sin_family = AF_INET,
		.sin_port = htons(atoi(port)) };
	int six = inet_pton(AF_INET6, text, &in6.sin6_addr) == 1, fd, rc;

	if (!six && inet_pton(AF_INET, text, &in.sin_addr) != 1)
		errx(1, "%s is no address", text);
	fd = socket(six ? AF_INET6 : AF_INET, SOCK_STREAM, 0);
	rc = six ? bind(fd, (struct sockaddr *)&in6, sizeof(in6))
		 : bind(fd, (struct sockaddr *)&in, sizeof(in));
	if (rc == -1 || listen(fd, 128) == -1)
		err(1, "listen");
	return fd;
}

static void
take(int poller, int listener, const char *how)
{
	struct epoll_event ev = { .events = 0 };
	int fd = accept(listener, NULL, NULL);

	if (fd == -1)
		return;
	if (strcmp(how, "banner") == 0 && write(fd, "hello\n", 6) != 6)
		warn("write");
	if (strcmp(how, "close") == 0)
		ev.events = EPOLLRDHUP;
	if (strcmp(how, "abort") == 0)
		ev.events = EPOLLIN;
	ev.data.fd = fd;
	if (epoll_ctl(poller, EPOLL_CTL_ADD, fd, &ev) == -1)
		err(1, "epoll_ctl");
}

/* Read what is there, so that close() sends no reset. */
static void
leave(int fd, const char *how)
{
	char text[4096];

	while (strcmp(how, "close") == 0 &&
	       recv(fd, text, sizeof(text), MSG_DONTWAIT) > 0)
		;
	close(fd);
}

int
main(int argc, char **argv)
{
	struct epoll_event ev = { .events = EPOLLIN };
	int listener, poller = epoll_create1(0);

	if (argc != 4)
		errx(2, "usage: user HOW ADDRESS PORT");
	listener = ev.data.fd = listen_at(argv[2], argv[3]);
	if (epoll_ctl(poller, EPOLL_CTL_ADD, listener, &ev) == -1)
		err(1, "epoll_ctl");
	puts("listening");
	fflush(stdout);
	while (epoll_wait(poller, &ev, 1, -1) == 1)
		if (ev.data.fd == listener)
			take(poller, listener, argv[1]);
		else
			leave(ev.data.fd, argv[1]);
	return 1;
}
