/* Connections of which one end knows no more, or too much. */
#include <sys/socket.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#include "scenes.h"

#define OWN_PORT(w) ((w)->port + 15)

static void
connect_from(struct world *w, uint16_t own)
{
	if (w->listener == -1)
		w->listener = listen_at(w, B, w->port, 8);
	w->a = socket_at(w, A, own);
	if (connect_at(w, w->a, B, w->port) == -1)
		err(1, "connect");
	w->b = accept(w->listener, NULL, NULL);
	settle(w);
}

static void
talk(struct world *w)
{
	say(w, w->a);
	hear(w->b);
	say(w, w->b);
	hear(w->a);
}

/* RFC 9293 figure 10, of a server: the client sends to one that rebooted. */
static void
server_rebooted(struct world *w)
{
	connect_both(w);
	talk(w);
	vanish(w->b);
	close(w->listener);
	sleep_shifted(w, 40);
	say(w, w->a);
}

/* ... where the service runs again. */
static void
service_restarted(struct world *w)
{
	connect_both(w);
	talk(w);
	vanish(w->b);
	sleep_shifted(w, 40);
	say(w, w->a);
}

static void
server_rebooted_in_the_middle(struct world *w)
{
	connect_both(w);
	talk(w);
	vanish(w->b);
	sleep_shifted(w, 40);
	forget(w);
	say(w, w->a);
}

/* Figure 11: B sends to an A that knows nothing. */
static void
client_rebooted(struct world *w)
{
	connect_both(w);
	talk(w);
	vanish(w->a);
	sleep_shifted(w, 40);
	say(w, w->b);
}

/* Figure 9: A opens what B still has open. */
static void
opened_again(struct world *w)
{
	connect_from(w, OWN_PORT(w));
	talk(w);
	vanish(w->a);
	sleep_shifted(w, 40);
	w->a = socket_at(w, A, OWN_PORT(w));
	fcntl(w->a, F_SETFL, O_NONBLOCK);
	if (connect_at(w, w->a, B, w->port) == -1 && errno != EINPROGRESS)
		err(1, "connect");
	usleep(1300000);
	settle(w);
}

/* A keepalive finds that the peer is no more. */
static void
probe_finds_reboot(struct world *w)
{
	connect_both(w);
	talk(w);
	vanish(w->a);
	set_option(w->b, SOL_SOCKET, SO_KEEPALIVE, 1);
	set_option(w->b, IPPROTO_TCP, TCP_KEEPIDLE, 1);
	usleep(1400000);
	settle(w);
}

/* A old SYN comes to TIME-WAIT, whose ACK means nothing to A. */
static void
time_wait(struct world *w)
{
	struct raw f;
	uint32_t seq;

	connect_from(w, OWN_PORT(w));
	talk(w);
	close(w->b);
	settle(w);
	close(w->a);
	settle(w);
	if (!find_last(w, A, A, SYN, &f))
		errx(1, "no SYN");
	seq = get32(f.tcp + 4);
	sleep_shifted(w, 5);
	craft(&f,
	    &(struct craft){
		.ctl = SYN, .id = 7, .seq = seq - 5000000, .wnd = 64240 });
	originate(w, A, &f);
}

/* The last FIN is sent again, when its sender has forgotten it. */
static void
after_fins(struct world *w)
{
	struct raw f;

	connect_both(w);
	talk(w);
	close(w->b);
	settle(w);
	close(w->a);
	settle(w);
	if (!find_last(w, B, A, FIN | ACK, &f))
		errx(1, "no FIN");
	inject(w, B, &f, 63);
}

/* The same, when the other end was the first to close. */
static void
after_fins_of_client(struct world *w)
{
	struct raw f;

	connect_both(w);
	talk(w);
	close(w->a);
	settle(w);
	close(w->b);
	settle(w);
	if (!find_last(w, A, B, FIN | ACK, &f))
		errx(1, "no FIN");
	inject(w, A, &f, 63);
}

/* B's RST is lost, and A goes on. */
static void
after_reset(struct world *w)
{
	connect_both(w);
	talk(w);
	world_nft(w, R, "forward", "tcp flags & rst == rst drop");
	set_linger(w->b);
	close(w->b);
	settle(w);
	world_nft_off(w, R);
	say(w, w->a);
}

/* What was on the way when B reset. */
static void
crosses_reset(struct world *w)
{
	struct raw f;

	connect_both(w);
	talk(w);
	say(w, w->a);
	if (!find_last(w, B, A, 0, &f))
		errx(1, "no text");
	close(w->b);
	settle(w);
	put32(f.tcp + 4, get32(f.tcp + 4) + 5);
	inject(w, B, &f, 63);
}

/*
 * A gives up with text lost on the way: its RST is ahead of what B expects,
 * B asks by a challenge ACK, and the answer to that is exact.
 */
static void
challenge(struct world *w)
{
	connect_both(w);
	talk(w);
	world_nft(w, R, "forward", "tcp flags & rst == 0 iif to-a drop");
	say(w, w->a);
	set_linger(w->a);
	close(w->a);
	settle(w);
}

static void
map_to(struct world *w, unsigned port)
{
	world_run(w, R,
	    "nft 'table ip scene {\nchain c {\n"
	    "type nat hook postrouting priority 100\n"
	    "oif to-b meta l4proto tcp snat to 198.51.100.254:%u\n}\n}'",
	    port);
}

/* A NAT forgets, and maps what comes next to another port. */
static void
nat_lost(struct world *w)
{
	map_to(w, 6000);
	world_run(w, R,
	    "echo 1 >/proc/sys/net/netfilter/"
	    "nf_conntrack_tcp_timeout_established");
	connect_both(w);
	talk(w);
	world_run(w, R, "nft delete table ip scene");
	map_to(w, 7000);
	usleep(1800000);
	say(w, w->a);
}

/* B answers with another address than it was asked at. */
static void
wrong_address(struct world *w)
{
	struct sockaddr_in vip = { .sin_family = AF_INET,
		.sin_port = htons(w->port),
		.sin_addr.s_addr = htonl(0xc6336409) }; /* 198.51.100.9 */
	int fd;

	world_run(w, R,
	    "nft 'table ip scene {\nchain c {\n"
	    "type filter hook prerouting priority -300\n"
	    "ip daddr 198.51.100.9 ip daddr set 198.51.100.2 notrack\n"
	    "}\n}'");
	w->listener = listen_at(w, B, w->port, 8);
	world_enter(w, A);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	if (connect(fd, (void *)&vip, sizeof(vip)) == -1 &&
	    errno != EINPROGRESS)
		err(1, "connect");
	settle(w);
}

#define SAME(name, play, a, b)                                       \
	{ name, play, 0, a, b }, { name "-ip6", play, SIX, a, b },   \
	    { name "-plain", play, NO_TIMESTAMPS | NO_SCALE, a, b }, \
	{                                                            \
		name "-large", play, LARGE, a, b                     \
	}

const struct scene scenes_lost[] = {
	SAME("server-rebooted", server_rebooted, NULL,
	    "half-open after-reset|half-open"),
	SAME("service-restarted", service_restarted, NULL,
	    "half-open after-reset|half-open"),
	{ "server-rebooted-middle", server_rebooted_in_the_middle, 0, NULL,
	    "~half-open|unknown-connection" },
	{ "server-rebooted-one-way", server_rebooted, FROM_B, NULL,
	    "~half-open" },
	SAME("client-rebooted", client_rebooted, "half-open after-reset", NULL),
	SAME("opened-again", opened_again, "half-open-syn", NULL),
	SAME("probe-finds-reboot", probe_finds_reboot, "half-open", NULL),
	{ "time-wait", time_wait, NO_TIMESTAMPS, "time-wait", NULL },
	SAME("after-fins", after_fins, "after-close", NULL),
	SAME("after-fins-client", after_fins_of_client, NULL, "after-close"),
	SAME("after-reset", after_reset, NULL,
	    "abort|unread-data|half-open after-reset|half-open"),
	SAME("crosses-reset", crosses_reset, NULL, "unread-data after-reset"),
	SAME("challenge", challenge,
	    "abort|unread-data challenge-ack|after-reset", NULL),
	{ "nat-lost", nat_lost, 0, NULL,
	    "wrong-tuple|half-open|unknown-connection" },
	{ "wrong-address", wrong_address, 0,
	    "wrong-tuple|backscatter|connect-given-up|scanner", NULL },
	{ 0 },
};
