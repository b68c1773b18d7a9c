#include <linux/if_packet.h>

#include <pcap.h>

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/table.h"
#include "sniff/decode.h"
#include "sniff/live.h"

/*
 * How it works: an interface is read without blocking. pcap_next_ex() finds a
 * frame in the ring that libpcap shares with the kernel, mostly without any
 * system call; only when the ring is empty and the deadline ahead do we poll.
 *
 * Immediate mode where someone waits for a reply, or every one would wait for
 * a buffer to fill; and a small snaplen, or the ring would hold a few frames
 * only. Never pcap_next_ex()'s own waiting: it does not end when the interface
 * goes down. Promiscuous only on request: besides its effect on the device, it
 * makes libpcap read files in /sys for every pcap_stats().
 */

_Static_assert((int)LINK_NULL == DLT_NULL, "pcap's number");
_Static_assert((int)LINK_ETHERNET == DLT_EN10MB, "pcap's number");
_Static_assert((int)LINK_PPP == DLT_PPP, "pcap's number");
_Static_assert((int)LINK_RAW == DLT_RAW, "pcap's number");
_Static_assert((int)LINK_PPP_SERIAL == DLT_PPP_SERIAL, "pcap's number");
_Static_assert((int)LINK_PPP_ETHER == DLT_PPP_ETHER, "pcap's number");
_Static_assert((int)LINK_CISCO_HDLC == DLT_C_HDLC, "pcap's number");
_Static_assert((int)LINK_LOOP == DLT_LOOP, "pcap's number");
_Static_assert((int)LINK_LINUX_SLL == DLT_LINUX_SLL, "pcap's number");
_Static_assert((int)LINK_IPV4 == DLT_IPV4, "pcap's number");
_Static_assert((int)LINK_IPV6 == DLT_IPV6, "pcap's number");
_Static_assert((int)LINK_LINUX_SLL2 == DLT_LINUX_SLL2, "pcap's number");

/* Without immediate mode the kernel hands frames over this often. */
enum { BLOCK_MSEC = 100 };

struct live {
	pcap_t *pcap;
	char *name; /* escaped, for messages */
	int fd;	    /* to poll */
	int dlt;
	int64_t tick; /* ns in a unit of a frame's tv_usec */
	uint64_t number;
};

static const struct {
	int status;
	const char *reason;
} open_errors[] = {
	{ PCAP_ERROR_PERM_DENIED,
	    "no permission to capture: run as root, or give the program the "
	    "capability CAP_NET_RAW" },
	{ PCAP_ERROR_NO_SUCH_DEVICE, "no such interface" },
	{ PCAP_ERROR_IFACE_NOT_UP, "the interface is down" },
};

static struct live *
live_new(const char *name)
{
	struct live *l = mem_calloc(1, sizeof(*l));
	struct buf escaped = { 0 };

	buf_add_escaped(&escaped, name, strlen(name));
	l->name = mem_strdup(buf_str(&escaped));
	buf_free(&escaped);
	l->fd = -1;
	return l;
}

/* "name: what: reason"; libpcap's reasons may quote what the user typed. */
static int
fail(const struct live *l, struct err *e, enum err_kind kind, const char *what,
    const char *reason)
{
	struct buf escaped = { 0 };

	buf_add_escaped(&escaped, reason, strlen(reason));
	err_set(e, kind, "%s: %s%s%s", l->name, what, *what ? ": " : "",
	    buf_str(&escaped));
	buf_free(&escaped);
	return -1;
}

/* What it is read with. -1: frames that we cannot decode. */
static int
learn_link(struct live *l, struct err *e)
{
	const char *name;

	l->dlt = pcap_datalink(l->pcap);
	l->tick =
	    pcap_get_tstamp_precision(l->pcap) == PCAP_TSTAMP_PRECISION_NANO
		? 1
		: 1000;
	if (decode_knows(l->dlt))
		return 0;
	name = pcap_datalink_val_to_name(l->dlt);
	return err_set(e, ERR_ENV, "%s: link type %s (%d) is not supported",
	    l->name, name != NULL ? name : "unknown", l->dlt);
}

static int
activate(struct live *l, const struct live_options *how, struct err *e)
{
	char errbuf[PCAP_ERRBUF_SIZE];
	int status;
	size_t i;

	pcap_set_snaplen(l->pcap, how->snaplen);
	pcap_set_immediate_mode(l->pcap, how->immediate);
	pcap_set_promisc(l->pcap, how->promiscuous);
	pcap_set_timeout(l->pcap, BLOCK_MSEC);
	pcap_set_buffer_size(l->pcap, how->ring);
	/* Not all devices can; learn_link() asks what came of it. */
	pcap_set_tstamp_precision(l->pcap, PCAP_TSTAMP_PRECISION_NANO);
	status = pcap_activate(l->pcap);
	for (i = 0; i < ARRAY_SIZE(open_errors); i++)
		if (open_errors[i].status == status)
			return fail(l, e, ERR_ENV, "", open_errors[i].reason);
	if (status == PCAP_ERROR)
		return fail(l, e, ERR_ENV, "", pcap_geterr(l->pcap));
	if (status < 0)
		return fail(l, e, ERR_ENV, "", pcap_statustostr(status));
	if (pcap_setnonblock(l->pcap, 1, errbuf) == -1)
		return fail(l, e, ERR_ENV, "", errbuf);
	l->fd = pcap_get_selectable_fd(l->pcap);
	if (l->fd == -1)
		return fail(l, e, ERR_ENV, "", "cannot be polled");
	return learn_link(l, e);
}

static int
set_filter(struct live *l, const char *filter, struct err *e)
{
	struct bpf_program program;
	int rc;

	if (filter == NULL)
		return 0;
	if (pcap_compile(l->pcap, &program, filter, 1, PCAP_NETMASK_UNKNOWN) ==
	    -1)
		return fail(l, e, ERR_USAGE, "capture filter",
		    pcap_geterr(l->pcap));
	rc = pcap_setfilter(l->pcap, &program);
	pcap_freecode(&program);
	if (rc == -1)
		return fail(l, e, ERR_ENV, "capture filter",
		    pcap_geterr(l->pcap));
	return 0;
}

int
live_open(struct live **lp, const char *ifname, const struct live_options *how,
    const char *filter, struct err *e)
{
	struct live *l = live_new(ifname);
	char errbuf[PCAP_ERRBUF_SIZE];
	int rc;

	*lp = NULL;
	l->pcap = pcap_create(ifname, errbuf);
	if (l->pcap == NULL)
		rc = fail(l, e, ERR_ENV, "", errbuf);
	else
		rc = activate(l, how, e);
	if (rc == 0)
		rc = set_filter(l, filter, e);
	if (rc == 0)
		*lp = l;
	else
		live_close(l);
	return rc;
}

const char *
live_name(const struct live *l)
{
	return l->name;
}

int
live_dlt(const struct live *l)
{
	return l->dlt;
}

/* Sleep until there may be a frame. 1; or as capture_next(). */
static int
wait_for_frame(const struct live *l, int64_t deadline, struct err *e)
{
	struct pollfd pfd = { .fd = l->fd, .events = POLLIN };
	struct timespec ts;
	int64_t left;

	/* On Linux libpcap asks for polling only when the interface is down. */
	if (pcap_get_required_select_timeout(l->pcap) != NULL)
		return fail(l, e, ERR_ENV, "", "the interface is down");
	left = deadline - clock_mono();
	if (left <= 0)
		return CAPTURE_WAIT;
	ts.tv_sec = left / NSEC_PER_SEC;
	ts.tv_nsec = left % NSEC_PER_SEC;
	if (ppoll(&pfd, 1, &ts, NULL) != -1)
		return 1;
	return errno == EINTR ? CAPTURE_WAIT
			      : fail(l, e, ERR_ENV, "poll", strerror(errno));
}

int
live_next(struct live *l, struct captured *f, int64_t deadline, struct err *e)
{
	struct pcap_pkthdr *h;
	int rc;

	while ((rc = pcap_next_ex(l->pcap, &h, &f->p)) != 1) {
		if (rc < 0)
			return fail(l, e, ERR_ENV, "", pcap_geterr(l->pcap));
		rc = wait_for_frame(l, deadline, e);
		if (rc != 1)
			return rc;
	}
	f->when = h->ts.tv_sec * NSEC_PER_SEC + h->ts.tv_usec * l->tick;
	f->caplen = h->caplen;
	f->len = h->len > h->caplen ? h->len : h->caplen;
	f->dlt = l->dlt;
	f->iface = 0;
	f->number = ++l->number;
	f->swapped = false;
	f->notes = NULL;
	f->note_len = 0;
	return 1;
}

int
live_drops(struct live *l, unsigned *drops, struct err *e)
{
	struct pcap_stat st;

	*drops = 0;
	if (pcap_stats(l->pcap, &st) == -1)
		return fail(l, e, ERR_ENV, "", pcap_geterr(l->pcap));
	*drops = st.ps_drop;
	return 0;
}

int
live_inbound(struct live *l, struct err *e)
{
	int on = 1;

	if (setsockopt(pcap_fileno(l->pcap), SOL_PACKET, PACKET_IGNORE_OUTGOING,
		&on, sizeof(on)) == 0)
		return 0;
	return fail(l, e, ERR_ENV, "PACKET_IGNORE_OUTGOING", strerror(errno));
}

int
live_fd(const struct live *l)
{
	return l->fd;
}

void
live_close(struct live *l)
{
	if (l == NULL)
		return;
	if (l->pcap != NULL)
		pcap_close(l->pcap);
	free(l->name);
	free(l);
}
