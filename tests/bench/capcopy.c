/*
 * Read captures, and print of how many frames they consist, how many of these
 * are segments, and how many carry RST. With -t look into tunnels; with -w
 * write all frames to a pcapng file, each RST with a comment.
 *
 *	capcopy [-t] [-w OUT] [-f FILTER] FILE...
 */
#include <err.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "sniff/pcapng.h"
#include "sniff/tunnel.h"

struct run {
	struct capture *c;
	struct pcapng *w;
	bool tunnels;
	uint64_t tcp, rst;
};

static void
take(struct run *r, const struct captured *f)
{
	struct carried k = { f->dlt, f->p, f->caplen, f->len };
	struct buf comment = { 0 };
	struct quick q;
	bool rst;

	if ((r->tunnels ? tunnel_quick(&k, &q)
			: decode_quick(k.dlt, k.p, k.caplen, k.len, &q)) !=
	    DECODE_TCP)
		q.tcp = NULL;
	rst = q.tcp != NULL && q.ctl & CTL_RST;
	r->tcp += q.tcp != NULL;
	r->rst += rst;
	if (rst)
		buf_addf(&comment, "RST %u\nport %u", (unsigned)r->rst,
		    q.sport);
	if (r->w != NULL)
		pcapng_add(r->w, f, rst ? buf_str(&comment) : NULL);
	buf_free(&comment);
}

int
main(int argc, char **argv)
{
	const char *out = NULL, *filter = NULL;
	struct run r = { 0 };
	struct captured f;
	uint64_t frames = 0;
	struct err e;
	int o, rc;

	while ((o = getopt(argc, argv, "f:tw:")) != -1)
		switch (o) {
		case 'f':
			filter = optarg;
			break;
		case 't':
			r.tunnels = true;
			break;
		case 'w':
			out = optarg;
			break;
		default:
			return ERR_USAGE;
		}
	if (capture_open(&r.c, (const char *const *)argv + optind,
		argc - optind, filter, &e) == -1)
		errx(e.kind, "%s", e.msg);
	if (out != NULL && pcapng_create(&r.w, out, r.c, &e) == -1)
		errx(e.kind, "%s", e.msg);
	for (; (rc = capture_next(r.c, &f, 0, &e)) == 1; frames++)
		take(&r, &f);
	printf("%ju frames, %ju segments, %ju RST\n", (uintmax_t)frames,
	    (uintmax_t)r.tcp, (uintmax_t)r.rst);
	if (rc != -1)
		rc = pcapng_finish(r.w, &e);
	capture_close(r.c);
	if (rc == -1)
		errx(e.kind, "%s", e.msg);
	return 0;
}
