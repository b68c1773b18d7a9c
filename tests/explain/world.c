/* The namespaces of a scene, and what its taps see: see world.h. */
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>

#include <err.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/if_packet.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "world.h"

#define SETTLE_US 15000
#define RCVBUF	  (8 << 20)

void
world_enter(const struct world *w, enum place place)
{
	if (setns(w->ns[place], CLONE_NEWNET) == -1)
		err(1, "setns");
}

void
world_run(const struct world *w, enum place place, const char *fmt, ...)
{
	char command[2048];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(command, sizeof(command), fmt, ap);
	va_end(ap);
	world_enter(w, place);
	if (system(command) != 0)
		errx(1, "failed: %s", command);
}

void
world_nft(const struct world *w, enum place place, const char *hook,
    const char *rule)
{
	world_run(w, place,
	    "nft 'table inet scene {\nchain c {\n"
	    "type filter hook %s priority 0\n%s\n}\n}'",
	    hook, rule);
}

void
world_nft_off(const struct world *w, enum place place)
{
	world_run(w, place, "nft delete table inet scene");
}

/* ---- the taps ---- */

static void
no_offload(const char *iface)
{
	static const uint32_t commands[] = { ETHTOOL_STXCSUM, ETHTOOL_STSO,
		ETHTOOL_SGSO, ETHTOOL_SGRO };
	struct ethtool_value off = { .data = 0 };
	struct ifreq ifr = { .ifr_data = (void *)&off };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	size_t i;

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", iface);
	for (i = 0; i < 4; i++) {
		off.cmd = commands[i];
		if (ioctl(fd, SIOCETHTOOL, &ifr) == -1)
			err(1, "%s", iface);
	}
	close(fd);
}

static int
packet_socket(const struct world *w, enum place place, const char *iface,
    bool hears)
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET,
		.sll_protocol = hears ? htons(0x0003) : 0 };
	int fd, size = RCVBUF, on = 1;

	world_enter(w, place);
	fd = socket(AF_PACKET, SOCK_RAW, 0);
	at.sll_ifindex = if_nametoindex(iface);
	if (fd == -1 || bind(fd, (void *)&at, sizeof(at)) == -1)
		err(1, "packet socket at %s", iface);
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on));
	return fd;
}

static int64_t
stamp(struct msghdr *m)
{
	struct cmsghdr *c;
	struct timespec ts = { 0 };

	for (c = CMSG_FIRSTHDR(m); c != NULL; c = CMSG_NXTHDR(m, c))
		if (c->cmsg_level == SOL_SOCKET &&
		    c->cmsg_type == SO_TIMESTAMPNS)
			memcpy(&ts, CMSG_DATA(c), sizeof(ts));
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

static void
drain(const struct world *w, struct tap *tap)
{
	char control[128];
	struct seen s;
	struct iovec iov = { s.octets, sizeof(s.octets) };
	struct msghdr m;
	ssize_t n;

	for (;;) {
		m = (struct msghdr){ .msg_iov = &iov,
			.msg_iovlen = 1,
			.msg_control = control,
			.msg_controllen = sizeof(control) };
		n = recvmsg(tap->sock, &m, MSG_DONTWAIT | MSG_TRUNC);
		if (n < ETH)
			return;
		/* neighbours asking for one another are no part of it */
		if (s.octets[12] == 8 && s.octets[13] == 6)
			continue;
		s.len = n;
		s.caplen = s.len < sizeof(s.octets) ? s.len : sizeof(s.octets);
		s.time = stamp(&m) + w->shift;
		tap->v = realloc(tap->v, (tap->n + 1) * sizeof(*tap->v));
		if (tap->v == NULL)
			err(1, "realloc");
		tap->v[tap->n++] = s;
	}
}

void
settle(struct world *w)
{
	usleep(SETTLE_US);
	drain(w, &w->tap[0]);
	drain(w, &w->tap[1]);
}

void
forget(struct world *w)
{
	settle(w);
	w->tap[0].n = w->tap[1].n = 0;
}

void
sleep_shifted(struct world *w, double seconds)
{
	settle(w);
	w->shift += seconds * 1e9;
}

bool
find_last(struct world *w, enum place at, enum place from, uint8_t ctl,
    struct raw *f)
{
	const struct tap *tap = &w->tap[at == B];
	size_t i;

	settle(w);
	for (i = tap->n; i-- > 0;) {
		f->len = tap->v[i].len;
		memcpy(f->octets, tap->v[i].octets, tap->v[i].caplen);
		if (!raw_parse(f) || (ctl != 0 && f->tcp[13] != ctl))
			continue;
		/* the address's octet that is A's 1 or B's 2 */
		if (f->octets[ETH + (f->six ? 23 : 15)] == (from == A ? 1 : 2))
			return true;
	}
	return false;
}

/* Is it one that this capture is to have? */
static bool
shown(const struct world *w, const struct seen *s)
{
	bool six = s->octets[12] == 0x86, from_a;

	from_a = s->octets[ETH + (six ? 23 : 15)] == 1;
	return !(w->flags & (from_a ? FROM_B : FROM_A));
}

static void
write_tap(const struct world *w, const struct tap *tap, const char *path)
{
	const uint32_t head[6] = { 0xa1b23c4d, 2 | 4 << 16, 0, 0, 262144, 1 };
	FILE *f = fopen(path, "wb");
	const struct seen *s;
	uint32_t record[4];

	if (f == NULL)
		err(1, "%s", path);
	fwrite(head, sizeof(head), 1, f);
	for (s = tap->v; s < tap->v + tap->n; s++) {
		if (!shown(w, s))
			continue;
		record[0] = s->time / 1000000000;
		record[1] = s->time % 1000000000;
		record[2] = s->caplen;
		record[3] = s->len;
		fwrite(record, sizeof(record), 1, f);
		fwrite(s->octets, s->caplen, 1, f);
	}
	if (fclose(f) != 0)
		err(1, "%s", path);
}

void
world_write(const struct world *w, const char *dir, const char *name)
{
	char path[4096];
	int i;

	for (i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s/%s.%c.pcap", dir, name,
		    "ab"[i]);
		write_tap(w, &w->tap[i], path);
	}
}

/* ---- making it ---- */

static void
set_up(struct world *w)
{
	static const char quiet[] =
	    "for f in /proc/sys/net/ipv6/conf/*/accept_dad "
	    "/proc/sys/net/ipv6/conf/*/router_solicitations; do "
	    "echo 0 >$f; done; ip link set lo up";
	int i;

	for (i = 0; i < NPLACES; i++)
		world_run(w, i, "%s", quiet);
	world_run(w, R,
	    "echo 1 >/proc/sys/net/ipv4/ip_forward; "
	    "echo 1 >/proc/sys/net/ipv6/conf/all/forwarding; "
	    "ip link add near type veth peer name to-a; "
	    "ip link add far type veth peer name to-b; "
	    "ip link set near netns /proc/%d/fd/%d; "
	    "ip link set far netns /proc/%d/fd/%d; "
	    "ip addr add 192.0.2.254/24 dev to-a; "
	    "ip addr add 198.51.100.254/24 dev to-b; "
	    "ip addr add 2001:db8:1::254/64 dev to-a nodad; "
	    "ip addr add 2001:db8:2::254/64 dev to-b nodad; "
	    "ip link set to-a up; ip link set to-b up",
	    getpid(), w->ns[A], getpid(), w->ns[B]);
	no_offload("to-a");
	no_offload("to-b");
	world_run(w, A,
	    "ip addr add 192.0.2.1/24 dev near; "
	    "ip addr add 2001:db8:1::1/64 dev near nodad; "
	    "ip link set near up; "
	    "ip route add default via 192.0.2.254; "
	    "ip route add default via 2001:db8:1::254");
	no_offload("near");
	world_run(w, B,
	    "ip addr add 198.51.100.2/24 dev far; "
	    "ip addr add 2001:db8:2::2/64 dev far nodad; "
	    "ip link set far up; "
	    "ip route add default via 198.51.100.254; "
	    "ip route add default via 2001:db8:2::254");
	no_offload("far");
}

static void
learn_mac(const struct world *w, enum place place, const char *iface,
    uint8_t *mac)
{
	struct ifreq ifr = { 0 };
	int fd;

	world_enter(w, place);
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", iface);
	if (ioctl(fd, SIOCGIFHWADDR, &ifr) == -1)
		err(1, "%s", iface);
	memcpy(mac, ifr.ifr_hwaddr.sa_data, 6);
	close(fd);
}

void
world_make(struct world *w, unsigned flags, uint16_t port)
{
	int i;

	*w = (struct world){
		.flags = flags, .port = port, .listener = -1, .a = -1, .b = -1
	};
	for (i = 0; i < NPLACES; i++) {
		if (unshare(CLONE_NEWNET) == -1)
			err(77, "SKIP: private namespaces are forbidden here");
		w->ns[i] = open("/proc/self/ns/net", O_RDONLY);
	}
	if (access("/proc/sys/net/ipv4/tcp_timestamps", W_OK) == -1)
		err(77, "SKIP: /proc/sys/net cannot be written");
	set_up(w);
	for (i = A; i <= B; i += B)
		world_run(w, i,
		    "cd /proc/sys/net/ipv4; echo %d >tcp_timestamps; "
		    "echo %d >tcp_window_scaling; "
		    "echo 0 >tcp_invalid_ratelimit",
		    !(flags & NO_TIMESTAMPS), !(flags & NO_SCALE));
	w->tap[0].sock = packet_socket(w, A, "near", true);
	w->tap[1].sock = packet_socket(w, B, "far", true);
	learn_mac(w, A, "near", w->mac[0]);
	learn_mac(w, R, "to-a", w->mac[0] + 6);
	learn_mac(w, B, "far", w->mac[1]);
	learn_mac(w, R, "to-b", w->mac[1] + 6);
	w->forger[0] = packet_socket(w, R, "to-a", false);
	w->own[0] = packet_socket(w, A, "near", false);
	w->own[1] = packet_socket(w, B, "far", false);
	w->forger[1] = packet_socket(w, R, "to-b", false);
}
