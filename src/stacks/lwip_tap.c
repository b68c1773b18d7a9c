#include <sys/ioctl.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <lwip/etharp.h>
#include <lwip/ethip6.h>
#include <lwip/init.h>
#include <lwip/priv/tcp_priv.h>
#include <lwip/timeouts.h>
#include <netif/ethernet.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "stacks/lwip_tap.h"

#define MTU	   1500
#define FRAME_MAX  (14 + 65535)
#define IP4_PREFIX PP_HTONL(0xffffff00U)

void
lwip_addr(ip_addr_t *to, const struct addr *a)
{
	memset(to, 0, sizeof(*to));
	IP_SET_TYPE(to, a->ip == 6 ? IPADDR_TYPE_V6 : IPADDR_TYPE_V4);
	memcpy(&to->u_addr, a->octets, addr_len(a));
}

/* ---- the interface ---- */

static err_t
output(struct netif *netif, struct pbuf *p)
{
	struct lwip_tap *tap = netif->state;
	uint8_t frame[14 + MTU];
	uint16_t n = pbuf_copy_partial(p, frame, sizeof(frame), 0);

	tap->sent++;
	return write(tap->fd, frame, n) == n ? ERR_OK : ERR_IF;
}

static err_t
init_netif(struct netif *netif)
{
	netif->name[0] = 't';
	netif->name[1] = 'p';
	netif->mtu = MTU;
	netif->hwaddr_len = 6;
	netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP |
		       NETIF_FLAG_ETHERNET | NETIF_FLAG_MLD6;
	netif->output = etharp_output;
	netif->output_ip6 = ethip6_output;
	netif->linkoutput = output;
	return ERR_OK;
}

static void
start(struct lwip_tap *tap, const struct serve_args *args)
{
	struct netif *netif = &tap->netif;
	ip4_addr_t mask = { .addr = IP4_PREFIX }, none = { 0 };
	ip_addr_t ip4, ip6;

	lwip_addr(&ip4, &args->ip[0]);
	lwip_addr(&ip6, &args->ip[1]);
	lwip_init();
	memcpy(netif->hwaddr, args->mac, sizeof(netif->hwaddr));
	netif_add(netif, ip_2_ip4(&ip4), &mask, &none, tap, init_netif,
	    ethernet_input);
	netif_set_default(netif);
	/* of use at once: nobody else can have it here */
	netif_ip6_addr_set(netif, 0, ip_2_ip6(&ip6));
	netif_ip6_addr_set_state(netif, 0, IP6_ADDR_PREFERRED);
	netif_set_link_up(netif);
	netif_set_up(netif);
}

int
lwip_tap_open(struct lwip_tap *tap, const struct serve_args *args,
    struct err *e)
{
	struct ifreq r = { .ifr_flags = IFF_TAP | IFF_NO_PI };

	memset(tap, 0, sizeof(*tap));
	tap->fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
	if (tap->fd == -1)
		return err_set(e, ERR_ENV, "cannot open /dev/net/tun: %s",
		    strerror(errno));
	snprintf(r.ifr_name, sizeof(r.ifr_name), "%s", args->tap);
	if (ioctl(tap->fd, TUNSETIFF, &r) == -1) {
		close(tap->fd);
		return err_set(e, ERR_ENV, "cannot attach to the TAP: %s",
		    strerror(errno));
	}
	start(tap, args);
	return 0;
}

/* ---- its work ---- */

/*
 * A case takes as long as its answers do: where a frame drew none, the time of
 * the delayed ACKs has come.
 */
static void
input(struct lwip_tap *tap, const uint8_t *frame, uint16_t n)
{
	struct pbuf *p = pbuf_alloc(PBUF_RAW, n, PBUF_RAM);
	struct netif *netif = &tap->netif;
	unsigned before = tap->sent;

	if (p == NULL)
		return;
	if (pbuf_take(p, frame, n) != ERR_OK ||
	    netif->input(p, netif) != ERR_OK)
		pbuf_free(p);
	if (tap->sent == before)
		tcp_fasttmr();
}

void
lwip_tap_work(struct lwip_tap *tap)
{
	uint8_t frame[FRAME_MAX];
	ssize_t n;

	while ((n = read(tap->fd, frame, sizeof(frame))) > 0)
		if (n <= UINT16_MAX)
			input(tap, frame, n);
	sys_check_timeouts();
}

int
lwip_tap_due(void)
{
	uint32_t ms = sys_timeouts_sleeptime();

	return ms <= INT_MAX ? (int)ms : -1;
}
