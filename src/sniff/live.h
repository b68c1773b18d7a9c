#ifndef RETORT_LIVE_H
#define RETORT_LIVE_H

#include <stdbool.h>

#include "sniff/capture.h"

/* Capturing on a network interface. */
struct live;

/* How: for answers that someone waits for, or for all that passes. */
struct live_options {
	int snaplen;
	int ring; /* octets that the kernel may be ahead of us */
	bool immediate;
	bool promiscuous;
};

/* As sniff_open_live(). */
int live_open(struct live **lp, const char *ifname, const struct live_options *,
    const char *filter, struct err *e);

/* The interface's name, escaped, and its link type. */
const char *live_name(const struct live *);
int live_dlt(const struct live *);

/* As capture_next(). */
int live_next(struct live *, struct captured *f, int64_t deadline,
    struct err *e);

/* As sniff_drops(), sniff_inbound() and sniff_fd(). */
int live_drops(struct live *, unsigned *drops, struct err *e);
int live_inbound(struct live *, struct err *e);
int live_fd(const struct live *);

void live_close(struct live *);

/* capture_open_live(), but in one's own way. */
int capture_open_how(struct capture **cp, const char *ifname,
    const struct live_options *how, const char *filter, struct err *e);

/* See sniff_drops() and sniff_inbound(); for files they do nothing. */
int capture_drops(struct capture *c, unsigned *drops, struct err *e);
int capture_inbound(struct capture *c, struct err *e);
/* See sniff_fd(). */
int capture_fd(const struct capture *c);

#endif
