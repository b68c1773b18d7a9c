#include <stdlib.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "sniff/decode.h"
#include "sniff/filter.h"
#include "sniff/live.h"
#include "sniff/merge.h"
#include "sniff/source.h"

/* A burst must not drown what is being explained. */
static const struct live_options live_options = {
	.snaplen = 2048,
	.ring = 16 << 20,
	.promiscuous = true,
};

/* So many frames that the filter passes over, and the caller is asked. */
enum { PASS_MAX = 65536 };

struct capture {
	struct live *live; /* or NULL, and there are files */
	struct merge merge;
	struct ifaces ifaces;
	struct filter *filter; /* NULL: none, or the kernel's */
	struct capture_count count;
};

static void
set_total(struct capture *c)
{
	size_t i;

	for (i = 0; i < c->merge.n; i++) {
		if (c->merge.all[i].in.size == 0) {
			c->count.total = 0;
			return;
		}
		c->count.total += c->merge.all[i].in.size;
	}
}

/* See whether the filter compiles for the link types that are known now. */
static int
try_filter(struct capture *c, const char *text, struct err *e)
{
	size_t i;

	if (text == NULL)
		return 0;
	c->filter = filter_new(text);
	/* its errors are to be told even if no interface is known yet */
	if (c->ifaces.n == 0)
		return filter_compile(c->filter, LINK_ETHERNET, e);
	for (i = 0; i < c->ifaces.n; i++)
		if (filter_compile(c->filter, c->ifaces.all[i].dlt, e) == -1)
			return -1;
	return 0;
}

int
capture_open(struct capture **cp, const char *const *paths, size_t n,
    const char *filter, struct err *e)
{
	struct capture *c = mem_calloc(1, sizeof(*c));

	*cp = NULL;
	if (merge_open(&c->merge, paths, n, &c->ifaces, e) == -1 ||
	    try_filter(c, filter, e) == -1) {
		capture_close(c);
		return -1;
	}
	set_total(c);
	*cp = c;
	return 0;
}

int
capture_open_how(struct capture **cp, const char *ifname,
    const struct live_options *how, const char *filter, struct err *e)
{
	struct capture *c = mem_calloc(1, sizeof(*c));

	*cp = NULL;
	if (live_open(&c->live, ifname, how, filter, e) == -1) {
		capture_close(c);
		return -1;
	}
	ifaces_add(&c->ifaces, live_name(c->live), live_dlt(c->live),
	    how->snaplen);
	*cp = c;
	return 0;
}

int
capture_open_live(struct capture **cp, const char *ifname, const char *filter,
    struct err *e)
{
	return capture_open_how(cp, ifname, &live_options, filter, e);
}

/* The next frame that the filter wants. */
static int
next_wanted(struct capture *c, struct captured *f, int64_t deadline,
    struct err *e)
{
	unsigned passed;
	int rc;

	for (passed = 0; passed < PASS_MAX; passed++) {
		rc = merge_next(&c->merge, f, deadline, e);
		if (rc != 1)
			return rc;
		rc = filter_wants(c->filter, f, e);
		if (rc != 0)
			return rc;
		c->count.filtered++;
	}
	return CAPTURE_WAIT;
}

int
capture_next(struct capture *c, struct captured *f, int64_t deadline,
    struct err *e)
{
	int rc;

	if (c->live != NULL)
		rc = live_next(c->live, f, deadline, e);
	else if (c->filter != NULL)
		rc = next_wanted(c, f, deadline, e);
	else
		rc = merge_next(&c->merge, f, deadline, e);
	c->count.frames += rc == 1;
	return rc;
}

size_t
capture_ifaces(const struct capture *c)
{
	return c->ifaces.n;
}

const struct iface *
capture_iface(const struct capture *c, size_t i)
{
	return &c->ifaces.all[i];
}

void
capture_counts(struct capture *c, struct capture_count *count)
{
	unsigned drops;
	struct err e;
	size_t i;

	*count = c->count;
	if (c->live != NULL && live_drops(c->live, &drops, &e) == 0)
		count->dropped = drops;
	for (i = 0; i < c->merge.n; i++) {
		count->octets += c->merge.all[i].in.read;
		count->dropped += c->merge.all[i].dropped;
		count->unknown += c->merge.all[i].unknown;
	}
}

bool
capture_reads(const struct capture *c, const struct stat *st)
{
	struct stat read;
	size_t i;

	for (i = 0; i < c->merge.n; i++)
		if (c->merge.all[i].in.is_file &&
		    fstat(c->merge.all[i].in.fd, &read) == 0 &&
		    read.st_dev == st->st_dev && read.st_ino == st->st_ino)
			return true;
	return false;
}

bool
capture_is_live(const struct capture *c)
{
	return c->live != NULL;
}

int
capture_drops(struct capture *c, unsigned *drops, struct err *e)
{
	*drops = 0;
	return c->live != NULL ? live_drops(c->live, drops, e) : 0;
}

int
capture_inbound(struct capture *c, struct err *e)
{
	return c->live != NULL ? live_inbound(c->live, e) : 0;
}

int
capture_fd(const struct capture *c)
{
	return c->live != NULL ? live_fd(c->live) : -1;
}

void
capture_close(struct capture *c)
{
	if (c == NULL)
		return;
	live_close(c->live);
	ifaces_cut(&c->ifaces, 0);
	free(c->ifaces.all);
	merge_close(&c->merge);
	filter_free(c->filter);
	free(c);
}
