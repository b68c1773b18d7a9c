/*
 * Sockets. Frames go through a packet socket (libnet's link layer). What such
 * a socket puts on loopback has no route, and the kernel's IPv4 drops it as a
 * martian; and a TUN device has no frames. There packets go through a raw
 * socket, which routes them, and which is bound to the one interface.
 */
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <net/if.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "craft/context.h"
#include "craft/craft.h"

int
context_failed(const struct craft *c, enum err_kind kind, const char *words,
    struct err *e)
{
	struct buf b = { 0 };

	buf_add_escaped(&b, words, strcspn(words, "\n"));
	err_set(e, kind, "%s: libnet: %s", buf_str(&c->ifname), buf_str(&b));
	buf_free(&b);
	return -1;
}

void
context_clear(struct craft *c)
{
	if (c->frame != NULL)
		libnet_adv_free_packet(c->net, c->frame);
	c->frame = NULL;
	libnet_clear_packet(c->net);
}

int
context_join(struct craft *c, const uint8_t dst_mac[6], uint16_t type)
{
	if (libnet_build_ethernet(dst_mac, c->src_mac, type, NULL, 0, c->net,
		0) == -1)
		return -1;
	return libnet_pblock_coalesce(c->net, &c->frame, &c->len);
}

/*
 * libnet's socket also receives all that passes any interface, and nobody
 * reads it: let the kernel drop it at once. No child is to inherit it.
 */
static int
quiet_socket(int fd)
{
	struct sock_filter drop = BPF_STMT(BPF_RET | BPF_K, 0);
	struct sock_fprog all = { .len = 1, .filter = &drop };

	if (fcntl(fd, F_SETFD, FD_CLOEXEC) == -1)
		return -1;
	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &all, sizeof(all));
}

/*
 * A raw socket opens whatever its interface is: bind it, which libnet does not
 * do in all versions, and look whether it is up. Of loopback it is unbound: the
 * kernel takes there what is for itself, but would not look for its addresses
 * by other interfaces.
 */
static int
bind_raw(const struct craft *c, const char *ifname, struct err *e)
{
	int fd = libnet_getfd(c->net);
	struct ifreq ifr = { 0 };

	memcpy(ifr.ifr_name, ifname, strlen(ifname));
	if (ioctl(fd, SIOCGIFFLAGS, &ifr) == -1 ||
	    setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, ifname,
		ifr.ifr_flags & IFF_LOOPBACK ? 0 : strlen(ifname)) == -1)
		return err_set(e, ERR_ENV, "%s: cannot bind the socket: %s",
		    buf_str(&c->ifname), strerror(errno));
	if (!(ifr.ifr_flags & IFF_UP))
		return err_set(e, ERR_ENV, "%s: the interface is down",
		    buf_str(&c->ifname));
	return 0;
}

/* Whether libnet was refused for want of a capability; it says so in words. */
static bool
not_permitted(const char *why)
{
	return strstr(why, "CAP_NET_RAW") != NULL ||
	       strstr(why, strerror(EPERM)) != NULL;
}

/*
 * libnet takes a name that begins with a digit for an address, and may then
 * open another interface; it cuts long names. So look before, compare after.
 */
static int
open_net(struct craft *c, int type, const char *ifname, struct err *e)
{
	const char *name = buf_str(&c->ifname);
	char why[LIBNET_ERRBUF_SIZE] = "";

	if (ifname != NULL &&
	    (strlen(ifname) >= IFNAMSIZ || if_nametoindex(ifname) == 0))
		return err_set(e, ERR_ENV, "there is no interface %s", name);
	c->net = libnet_init(type, ifname, why);
	if (c->net == NULL && not_permitted(why))
		return err_set(e, ERR_ENV,
		    "%s needs CAP_NET_RAW: be root, or use setcap(8)", name);
	if (c->net == NULL)
		return context_failed(c, ERR_ENV, why, e);
	if (ifname == NULL)
		return 0;
	if (type == LIBNET_LINK_ADV &&
	    (strcmp(libnet_getdevice(c->net), ifname) != 0 ||
		c->net->link_offset != LIBNET_ETH_H))
		return err_set(e, ERR_ENV, "%s: libnet: not Ethernet", name);
	if (quiet_socket(libnet_getfd(c->net)) == -1)
		return err_set(e, ERR_ENV, "%s: cannot set up the socket: %s",
		    name, strerror(errno));
	c->to.sll_family = AF_PACKET;
	c->to.sll_ifindex = if_nametoindex(ifname);
	return type == LIBNET_LINK_ADV ? 0 : bind_raw(c, ifname, e);
}

static int
open_craft(struct craft **cp, struct craft *c, int type, const char *ifname,
    struct err *e)
{
	const char *name = ifname != NULL ? ifname : "build only";

	buf_add_escaped(&c->ifname, name, strlen(name));
	*cp = c;
	if (open_net(c, type, ifname, e) == 0)
		return 0;
	craft_close(c);
	*cp = NULL;
	return -1;
}

int
craft_open(struct craft **cp, const char *ifname, const uint8_t src_mac[6],
    const uint8_t dst_mac[6], struct err *e)
{
	struct craft *c = mem_calloc(1, sizeof(*c));

	memcpy(c->src_mac, src_mac, sizeof(c->src_mac));
	memcpy(c->dst_mac, dst_mac, sizeof(c->dst_mac));
	return open_craft(cp, c, ifname != NULL ? LIBNET_LINK_ADV : LIBNET_NONE,
	    ifname, e);
}

int
craft_open_raw(struct craft **cp, const char *ifname, uint8_t ip, struct err *e)
{
	struct craft *c = mem_calloc(1, sizeof(*c));

	c->raw = ip;
	return open_craft(cp, c, ip == 4 ? LIBNET_RAW4_ADV : LIBNET_RAW6_ADV,
	    ifname, e);
}

void
craft_set_dst(struct craft *c, const uint8_t dst_mac[6])
{
	memcpy(c->dst_mac, dst_mac, sizeof(c->dst_mac));
}

void
craft_close(struct craft *c)
{
	if (c == NULL)
		return;
	if (c->net != NULL)
		context_clear(c);
	libnet_destroy(c->net);
	buf_free(&c->ifname);
	free(c);
}

/*
 * Write the frame or the packet in it. Octets written, or -1 with errno. For
 * a frame libnet would ask each time for the number of the interface, at a
 * tenth of all that a scan costs; we have asked once.
 */
static int
write_net(struct craft *c, const uint8_t *p, uint32_t len)
{
	switch (c->raw) {
	case 4:
		return libnet_adv_write_raw_ipv4(c->net, p, len);
	case 6:
		return libnet_write_raw_ipv6(c->net, p, len);
	default:
		return sendto(libnet_getfd(c->net), p, len, 0,
		    (struct sockaddr *)&c->to, sizeof(c->to));
	}
}

/* n of len octets were written, or -1 with errno. */
static int
sent(const struct craft *c, int n, uint32_t len, struct err *e)
{
	if (n == -1)
		return err_set(e, ERR_ENV, "cannot send %u octets on %s: %s",
		    len, buf_str(&c->ifname), strerror(errno));
	if ((uint32_t)n != len)
		return err_set(e, ERR_ENV, "sent only %d of %u octets on %s", n,
		    len, buf_str(&c->ifname));
	return 0;
}

int
craft_send(struct craft *c, struct err *e)
{
	uint32_t skip = c->raw ? LIBNET_ETH_H : 0, len = c->len - skip;

	if (c->frame == NULL || libnet_getfd(c->net) == -1)
		return err_set(e, ERR_INTERNAL, "no frame, or no interface");
	return sent(c, write_net(c, c->frame + skip, len), len, e);
}

int
craft_send_frame(struct craft *c, const uint8_t *frame, size_t len,
    struct err *e)
{
	if (c->raw || libnet_getfd(c->net) == -1)
		return err_set(e, ERR_INTERNAL, "no interface for frames");
	return sent(c, write_net(c, frame, len), len, e);
}
