/*
 * serve [PORT...]: the services of the test world's host B, over IPv4 and
 * IPv6. It says "ready" when all listen. Ports:
 *
 *	5000		accepts, and never reads
 *	5007		echoes, and closes after the peer's FIN
 *	5009		says hello, and closes
 *	each PORT	as 5000
 */
#include <sys/prctl.h>
#include <sys/socket.h>

#include <err.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#define PORTS_MAX  16
#define TALK_MAX_S 60 /* no connection is served for longer */

struct service {
	uint16_t port;
	void (*talk)(int);
};

static void
hold(int fd)
{
	(void)fd;
	pause();
}

static void
echo(int fd)
{
	char text[2048];
	ssize_t n;

	while ((n = recv(fd, text, sizeof(text), 0)) > 0)
		if (send(fd, text, n, MSG_NOSIGNAL) != n)
			return;
}

static void
banner(int fd)
{
	send(fd, "hello\n", 6, MSG_NOSIGNAL);
}

static int
listen_on(uint16_t port)
{
	struct sockaddr_in6 any = { .sin6_family = AF_INET6,
		.sin6_port = htons(port) };
	int fd = socket(AF_INET6, SOCK_STREAM, 0), off = 0;

	/* one socket for both families, whatever the sysctl says */
	if (setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off)) ==
		-1 ||
	    bind(fd, (struct sockaddr *)&any, sizeof(any)) == -1 ||
	    listen(fd, 128) == -1)
		err(1, "port %u", port);
	return fd;
}

static void
serve(int listener, void (*talk)(int))
{
	int fd = accept(listener, NULL, NULL);

	if (fork() == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		alarm(TALK_MAX_S);
		talk(fd);
		_exit(0);
	}
	close(fd);
}

int
main(int argc, char **argv)
{
	struct service s[PORTS_MAX] = { { 5000, hold }, { 5007, echo },
		{ 5009, banner } };
	struct pollfd p[PORTS_MAX];
	int n = 3, i;

	for (i = 1; i < argc && n < PORTS_MAX; i++) {
		s[n].port = atoi(argv[i]);
		s[n++].talk = hold;
	}
	for (i = 0; i < n; i++) {
		p[i].fd = listen_on(s[i].port);
		p[i].events = POLLIN;
	}
	signal(SIGCHLD, SIG_IGN);
	if (write(STDOUT_FILENO, "ready\n", 6) != 6)
		return 1;
	while (poll(p, n, -1) > 0)
		for (i = 0; i < n; i++)
			if (p[i].revents)
				serve(p[i].fd, s[i].talk);
	return 1;
}
