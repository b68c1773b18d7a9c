/*
 * Write a pcapng file with a RST behind each link header that we decode, each
 * on an interface of its own; with -t, in each tunnel that we enter.
 */
#include <err.h>
#include <stdio.h>
#include <string.h>

#include "../unit/caps.h"
#include "../unit/linkrows.h"
#include "../unit/tunnels.h"
#include "base/table.h"
#include "tcp/ctl.h"

/* Turn the segment, which ends the frame, into a RST. */
static void
put_rst(struct cap *c, uint32_t iface, struct frame *f, bool ip6)
{
	size_t from_end = ip6 ? sizeof(frame6) - TCP6 : sizeof(frame4) - TCP4;

	f->p[f->len - from_end + 13] = CTL_RST;
	cap_packet(c, iface, 1000 + iface, f->p, f->len, NULL);
	free(f->p);
}

static void
put_links(struct cap *c)
{
	const struct link_row *r;
	struct frame f;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(link_rows); i++) {
		r = &link_rows[i];
		cap_iface(c, r->dlt == LINK_RAW ? 101 : r->dlt, 0, 9);
		f = link_frame(r);
		put_rst(c, i, &f, r->type == IP6);
	}
}

static void
put_tunnels(struct cap *c)
{
	struct frame f, inner;
	size_t i;

	cap_iface(c, LINK_ETHERNET, 0, 9);
	for (i = 0; i < ARRAY_SIZE(tunnels); i++) {
		inner = tunnels[i].ip6 ? copy(frame6, sizeof(frame6))
				       : copy(frame4, sizeof(frame4));
		f = tunnel_frame(&inner, &tunnels[i]);
		put_rst(c, 0, &f, tunnels[i].ip6);
		free(inner.p);
	}
}

int
main(int argc, char **argv)
{
	bool tunnel = argc == 2 && strcmp(argv[1], "-t") == 0;
	struct cap c = { 0 };

	if (argc != 1 + tunnel)
		errx(2, "usage: make-links [-t] >file");
	cap_section(&c);
	if (tunnel)
		put_tunnels(&c);
	else
		put_links(&c);
	if (fwrite(c.b.p, c.b.len, 1, stdout) != 1 || fflush(stdout) == EOF)
		err(1, "standard output");
	buf_free(&c.b);
	return 0;
}
