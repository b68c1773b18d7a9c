#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/adapter.h"
#include "bench/command.h"
#include "bench/outside.h"

/*
 * DOC: slirp4netns
 *
 * It stands for a whole network. A connection to the second address of that
 * network, its gateway, it opens on T's loopback: that is the stack under
 * test. To the peer it forwards such ports as it is told on a Unix socket, by
 * IPv4 only; that socket is in a file system of the child's own, which ends
 * with it.
 */
#define API_DIR	 "/mnt"
#define API	 API_DIR "/slirp"
#define START_MS 8000
#define ASK_MS	 1000

struct slirp {
	struct outside outside;
	int forward; /* the number of the one that is there; 0: none */
};

static int
find(struct err *e)
{
	return command_find("slirp4netns", "slirp4netns", e);
}

/* Its IPv6 network is fixed. */
static void
set_net(struct bench_net *net)
{
	addr_parse(&net->stack6, "fd00::2");
	addr_parse(&net->peer6, "fd00::1");
	/* these are no ports that T's kernel takes on its own */
	net->connect_first = 10000;
	net->connect_last = 31999;
}

/* ---- its ports ---- */

static int
connect_api(void)
{
	static const struct sockaddr_un sa = { .sun_family = AF_UNIX,
		.sun_path = API };
	static const struct timeval wait = { .tv_sec = ASK_MS / 1000 };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd == -1)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait));
	if (connect(fd, (const struct sockaddr *)&sa, sizeof(sa)) == 0)
		return fd;
	close(fd);
	return -1;
}

/* One request, one reply. 0, or -1 with errno. */
static int
ask(const char *request, char *reply, size_t size)
{
	int fd = connect_api();
	ssize_t n = -1;

	if (fd == -1)
		return -1;
	if (send(fd, request, strlen(request), MSG_NOSIGNAL) != -1 &&
	    shutdown(fd, SHUT_WR) == 0)
		n = recv(fd, reply, size - 1, 0);
	close(fd);
	if (n <= 0)
		return -1;
	reply[n] = '\0';
	if (strstr(reply, "\"return\"") != NULL)
		return 0;
	errno = EADDRINUSE;
	return -1;
}

static void
remove_forward(struct slirp *s)
{
	char text[128];

	if (s->forward == 0)
		return;
	snprintf(text, sizeof(text),
	    "{\"execute\":\"remove_hostfwd\",\"arguments\":{\"id\":%d}}",
	    s->forward);
	ask(text, text, sizeof(text));
	s->forward = 0;
}

static int
forward(void *arg, uint8_t ip, uint16_t port)
{
	struct slirp *s = arg;
	char text[256];
	const char *id;

	if (ip == 6) {
		errno = EOPNOTSUPP;
		return -1;
	}
	remove_forward(s);
	snprintf(text, sizeof(text),
	    "{\"execute\":\"add_hostfwd\",\"arguments\":{\"proto\":\"tcp\","
	    "\"host_addr\":\"127.0.0.1\",\"host_port\":%u,"
	    "\"guest_addr\":\"192.0.2.1\",\"guest_port\":%u}}",
	    port, port);
	if (ask(text, text, sizeof(text)) == -1)
		return -1;
	id = strstr(text, "\"id\":");
	s->forward = id != NULL ? atoi(id + strlen("\"id\":")) : 0;
	return 0;
}

/* ---- to start it ---- */

/* A place for its socket that nobody else sees. */
static int
make_place(struct err *e)
{
	if (unshare(CLONE_NEWNS) == 0 &&
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	    mount("none", API_DIR, "tmpfs", 0, NULL) == 0)
		return 0;
	return err_set(e, ERR_ENV, "cannot mount a file system on %s: %s",
	    API_DIR, strerror(errno));
}

/* It writes to ready[1], the only end of it that it inherits. */
static int
start_on(const struct bench_net *net, const int ready[2], struct err *e)
{
	char netns[32], ready_fd[32], octet;
	const char *argv[] = { "slirp4netns", "--netns-type=path",
		"--enable-ipv6", "--cidr=192.0.2.0/24", "--api-socket=" API,
		ready_fd, netns, net->peer_if, NULL };
	struct pollfd p = { .fd = ready[0], .events = POLLIN };
	int rc;

	snprintf(netns, sizeof(netns), "/proc/self/fd/%d", net->peer_ns);
	snprintf(ready_fd, sizeof(ready_fd), "--ready-fd=%d", ready[1]);
	rc = command_start(argv, e);
	close(ready[1]);
	if (rc == -1)
		return -1;
	if (poll(&p, 1, START_MS) == 1 && read(ready[0], &octet, 1) == 1)
		return 0;
	return err_set(e, ERR_ENV, "slirp4netns does not start");
}

static int
start(const struct bench_net *net, struct err *e)
{
	int ready[2], rc;

	if (pipe(ready) == -1)
		return err_set(e, ERR_ENV, "pipe: %s", strerror(errno));
	fcntl(ready[0], F_SETFD, FD_CLOEXEC);
	rc = start_on(net, ready, e);
	close(ready[0]);
	return rc;
}

static int
run(int fd, const struct bench_net *net)
{
	static const char *const version[] = { "slirp4netns", "--version",
		NULL };
	struct drv_reply hello = { 0 };
	struct slirp s = { 0 };
	struct err e;

	command_name("slirp4netns", version, hello.stack, sizeof(hello.stack));
	if (outside_set_up(&s.outside, net, &e) == -1 || make_place(&e) == -1 ||
	    start(net, &e) == -1) {
		hello.error = EPERM;
		snprintf(hello.msg, sizeof(hello.msg), "%.255s", e.msg);
	}
	s.outside.forward = forward;
	s.outside.arg = &s;
	outside_serve(&s.outside, fd, &hello);
	return 0;
}

const struct adapter adapter_slirp = {
	.name = "slirp4netns",
	.package = "slirp4netns",
	.beside = true,
	.net = set_net,
	.find = find,
	.run = run,
};
