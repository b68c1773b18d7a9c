#include <linux/if_packet.h>

#include <pcap.h>

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/table.h"
#include "sniff/decode.h"
#include "sniff/dump.h"
#include "sniff/sniff.h"

/*
 * How it works: an interface is read without blocking. pcap_next_ex() finds a
 * frame in the ring that libpcap shares with the kernel, mostly without any
 * system call; only when the ring is empty and the deadline ahead do we poll.
 *
 * Immediate mode, or every reply would wait for a buffer to fill. A small
 * snaplen, or the ring would hold a few frames only. Never pcap_next_ex()'s
 * own waiting: it does not end when the interface goes down. Not promiscuous:
 * besides its effect on the device, it makes libpcap read files in /sys for
 * every pcap_stats().
 */
#define SNAPLEN	    2048
#define RING_SIZE   (4 << 20)
#define RING_FRAMES (RING_SIZE / SNAPLEN)

_Static_assert((int)LINK_NULL == DLT_NULL, "pcap's number");
_Static_assert((int)LINK_ETHERNET == DLT_EN10MB, "pcap's number");
_Static_assert((int)LINK_RAW == DLT_RAW, "pcap's number");
_Static_assert((int)LINK_LOOP == DLT_LOOP, "pcap's number");
_Static_assert((int)LINK_LINUX_SLL == DLT_LINUX_SLL, "pcap's number");
_Static_assert((int)LINK_IPV4 == DLT_IPV4, "pcap's number");
_Static_assert((int)LINK_IPV6 == DLT_IPV6, "pcap's number");
_Static_assert((int)LINK_LINUX_SLL2 == DLT_LINUX_SLL2, "pcap's number");

struct sniff {
	pcap_t *pcap;
	char *name;	   /* of interface or file, escaped, for messages */
	int fd;		   /* to poll; -1 for a file */
	int dlt;	   /* enum link */
	int64_t tick;	   /* ns in a unit of a frame's tv_usec */
	struct dump *keep; /* or NULL */
	struct buf frame;  /* one that gets an Ethernet header for keep */
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

static struct sniff *
sniff_new(const char *name)
{
	struct sniff *s = mem_calloc(1, sizeof(*s));
	struct buf escaped = { 0 };

	buf_add_escaped(&escaped, name, strlen(name));
	s->name = mem_strdup(buf_str(&escaped));
	buf_free(&escaped);
	s->fd = -1;
	return s;
}

/* "name: what: reason"; libpcap's reasons may quote what the user typed. */
static int
fail(const struct sniff *s, struct err *e, enum err_kind kind, const char *what,
    const char *reason)
{
	struct buf escaped = { 0 };

	buf_add_escaped(&escaped, reason, strlen(reason));
	err_set(e, kind, "%s: %s%s%s", s->name, what, *what ? ": " : "",
	    buf_str(&escaped));
	buf_free(&escaped);
	return -1;
}

/* What an open capture is read with. -1: frames that we cannot decode. */
static int
learn_link(struct sniff *s, struct err *e)
{
	const char *name;

	s->dlt = pcap_datalink(s->pcap);
	s->tick =
	    pcap_get_tstamp_precision(s->pcap) == PCAP_TSTAMP_PRECISION_NANO
		? 1
		: 1000;
	if (decode_knows(s->dlt))
		return 0;
	name = pcap_datalink_val_to_name(s->dlt);
	return err_set(e, ERR_ENV, "%s: link type %s (%d) is not supported",
	    s->name, name != NULL ? name : "unknown", s->dlt);
}

static int
activate(struct sniff *s, struct err *e)
{
	char errbuf[PCAP_ERRBUF_SIZE];
	int status;
	size_t i;

	pcap_set_snaplen(s->pcap, SNAPLEN);
	pcap_set_immediate_mode(s->pcap, 1);
	pcap_set_buffer_size(s->pcap, RING_SIZE);
	/* Not all devices can; learn_link() asks what came of it. */
	pcap_set_tstamp_precision(s->pcap, PCAP_TSTAMP_PRECISION_NANO);
	status = pcap_activate(s->pcap);
	for (i = 0; i < ARRAY_SIZE(open_errors); i++)
		if (open_errors[i].status == status)
			return fail(s, e, ERR_ENV, "", open_errors[i].reason);
	if (status == PCAP_ERROR)
		return fail(s, e, ERR_ENV, "", pcap_geterr(s->pcap));
	if (status < 0)
		return fail(s, e, ERR_ENV, "", pcap_statustostr(status));
	if (pcap_setnonblock(s->pcap, 1, errbuf) == -1)
		return fail(s, e, ERR_ENV, "", errbuf);
	s->fd = pcap_get_selectable_fd(s->pcap);
	if (s->fd == -1)
		return fail(s, e, ERR_ENV, "", "cannot be polled");
	return learn_link(s, e);
}

static int
set_filter(struct sniff *s, const char *filter, struct err *e)
{
	struct bpf_program program;
	int rc;

	if (filter == NULL)
		return 0;
	if (pcap_compile(s->pcap, &program, filter, 1, PCAP_NETMASK_UNKNOWN) ==
	    -1)
		return fail(s, e, ERR_USAGE, "capture filter",
		    pcap_geterr(s->pcap));
	rc = pcap_setfilter(s->pcap, &program);
	pcap_freecode(&program);
	if (rc == -1)
		return fail(s, e, ERR_ENV, "capture filter",
		    pcap_geterr(s->pcap));
	return 0;
}

int
sniff_open_live(struct sniff **sp, const char *ifname, const char *filter,
    struct err *e)
{
	struct sniff *s = sniff_new(ifname);
	char errbuf[PCAP_ERRBUF_SIZE];

	*sp = NULL;
	s->pcap = pcap_create(ifname, errbuf);
	if (s->pcap == NULL) {
		fail(s, e, ERR_ENV, "", errbuf);
		sniff_close(s);
		return -1;
	}
	if (activate(s, e) == -1 || set_filter(s, filter, e) == -1) {
		sniff_close(s);
		return -1;
	}
	*sp = s;
	return 0;
}

/* Open a file that can be a capture; libpcap's own reasons are less clear. */
static FILE *
open_file(const struct sniff *s, const char *path, struct err *e)
{
	FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	struct stat st;

	if (f == NULL) {
		fail(s, e, ERR_ENV, "", strerror(errno));
		return NULL;
	}
	if (fstat(fileno(f), &st) == -1)
		fail(s, e, ERR_ENV, "", strerror(errno));
	else if (S_ISDIR(st.st_mode))
		fail(s, e, ERR_ENV, "", strerror(EISDIR));
	else if (S_ISREG(st.st_mode) && st.st_size == 0)
		fail(s, e, ERR_ENV, "", "the file is empty");
	else
		return f;
	if (f != stdin)
		fclose(f);
	return NULL;
}

int
sniff_open_file(struct sniff **sp, const char *path, struct err *e)
{
	bool is_stdin = strcmp(path, "-") == 0;
	struct sniff *s = sniff_new(is_stdin ? "standard input" : path);
	char errbuf[PCAP_ERRBUF_SIZE];
	FILE *f = open_file(s, path, e);

	*sp = NULL;
	if (f == NULL)
		goto fail;
	s->pcap = pcap_fopen_offline_with_tstamp_precision(f,
	    PCAP_TSTAMP_PRECISION_NANO, errbuf);
	if (s->pcap == NULL) {
		fail(s, e, ERR_ENV, "not a capture file", errbuf);
		if (!is_stdin)
			fclose(f);
		goto fail;
	}
	if (learn_link(s, e) == -1)
		goto fail;
	*sp = s;
	return 0;
fail:
	sniff_close(s);
	return -1;
}

/* Add a frame to s->keep, with an Ethernet header of ours if it has none. */
static void
keep_frame(struct sniff *s, int64_t when, const uint8_t *p, size_t caplen,
    size_t len)
{
	uint8_t header[14] = { 0 };
	uint16_t type;
	int n;

	if (s->dlt == LINK_ETHERNET) {
		dump_cut_frame(s->keep, when, p, caplen, len);
		return;
	}
	n = decode_link(s->dlt, p, caplen, &type);
	if (n == -1)
		return;
	header[12] = type >> 8;
	header[13] = type & 0xff;
	buf_reset(&s->frame);
	buf_add(&s->frame, header, sizeof(header));
	buf_add(&s->frame, p + n, caplen - n);
	dump_cut_frame(s->keep, when, (const uint8_t *)s->frame.p, s->frame.len,
	    sizeof(header) + len - n);
}

/* Sleep until there may be a frame. 1; 0 after the deadline; -1 error. */
static int
wait_for_frame(const struct sniff *s, int64_t deadline, struct err *e)
{
	struct pollfd pfd = { .fd = s->fd, .events = POLLIN };
	struct timespec ts;
	int64_t left;

	/* On Linux libpcap asks for polling only when the interface is down. */
	if (pcap_get_required_select_timeout(s->pcap) != NULL)
		return fail(s, e, ERR_ENV, "", "the interface is down");
	left = deadline - clock_mono();
	if (left <= 0)
		return 0;
	ts.tv_sec = left / NSEC_PER_SEC;
	ts.tv_nsec = left % NSEC_PER_SEC;
	if (ppoll(&pfd, 1, &ts, NULL) == -1 && errno != EINTR)
		return fail(s, e, ERR_ENV, "poll", strerror(errno));
	return 1;
}

/* A frame that was read, and how many were before it in this call. */
struct frame {
	int64_t when;
	const uint8_t *p;
	size_t caplen, len;
	unsigned passed;
};

static void
take_frame(struct sniff *s, struct frame *f, const struct pcap_pkthdr *h)
{
	/* Unsigned, as a file may claim any time at all. */
	f->when = (uint64_t)h->ts.tv_sec * NSEC_PER_SEC +
		  (uint64_t)h->ts.tv_usec * s->tick;
	f->caplen = h->caplen;
	f->len = h->len > h->caplen ? h->len : h->caplen;
	if (s->keep != NULL)
		keep_frame(s, f->when, f->p, f->caplen, f->len);
}

/* The next frame, whatever is in it. Returns as sniff_next() does. */
static int
next_frame(struct sniff *s, struct frame *f, int64_t deadline, struct err *e)
{
	struct pcap_pkthdr *h;
	int rc;

	/* A flood of frames that are passed over must not hold us for ever. */
	if (f->passed++ > RING_FRAMES && s->fd != -1 &&
	    clock_mono() >= deadline)
		return 0;
	for (;;) {
		rc = pcap_next_ex(s->pcap, &h, &f->p);
		if (rc == 1) {
			take_frame(s, f, h);
			return 1;
		}
		if (rc == PCAP_ERROR_BREAK) /* the end of a file */
			return 0;
		if (rc < 0)
			return fail(s, e, ERR_ENV, "", pcap_geterr(s->pcap));
		rc = wait_for_frame(s, deadline, e);
		if (rc != 1)
			return rc;
	}
}

int
sniff_next(struct sniff *s, struct segment *seg, int64_t deadline,
    struct err *e)
{
	struct frame f = { 0 };
	int rc;

	while ((rc = next_frame(s, &f, deadline, e)) == 1)
		if (decode_frame(seg, s->dlt, f.p, f.caplen, f.len) ==
		    DECODE_TCP) {
			seg->when = f.when;
			break;
		}
	return rc;
}

int
sniff_see(struct sniff *s, struct sight *v, int64_t deadline, struct err *e)
{
	struct frame f = { 0 };
	int rc;

	while ((rc = next_frame(s, &f, deadline, e)) == 1)
		if (decode_sight(v, s->dlt, f.p, f.caplen, f.len) == DECODE_TCP)
			break;
	if (rc == 1 && v->kind == SIGHT_SEGMENT)
		v->seg.when = f.when;
	else if (rc == 1 && v->kind == SIGHT_ICMP)
		v->icmp.when = f.when;
	return rc;
}

int
sniff_drops(struct sniff *s, unsigned *drops, struct err *e)
{
	struct pcap_stat st;

	*drops = 0;
	if (s->fd == -1)
		return 0;
	if (pcap_stats(s->pcap, &st) == -1)
		return fail(s, e, ERR_ENV, "", pcap_geterr(s->pcap));
	*drops = st.ps_drop;
	return 0;
}

int
sniff_inbound(struct sniff *s, struct err *e)
{
	int on = 1;

	if (setsockopt(pcap_fileno(s->pcap), SOL_PACKET, PACKET_IGNORE_OUTGOING,
		&on, sizeof(on)) == 0)
		return 0;
	return fail(s, e, ERR_ENV, "PACKET_IGNORE_OUTGOING", strerror(errno));
}

void
sniff_keep(struct sniff *s, struct dump *d)
{
	s->keep = d;
}

void
sniff_close(struct sniff *s)
{
	if (s == NULL)
		return;
	if (s->pcap != NULL)
		pcap_close(s->pcap);
	buf_free(&s->frame);
	free(s->name);
	free(s);
}
