/*
 * Print each TCP segment of a capture the way tcpdump -nS does, without the
 * time. run.sh compares that with the expected text. With -f print its fields,
 * for tests/bench/tshark.sh: both ends, sequence and acknowledgment number,
 * the bits with the reserved ones, window, length of the text, whether the
 * checksum is good, and the length of the header.
 */
#include <err.h>
#include <stdio.h>
#include <string.h>

#include "sniff/sniff.h"
#include "tcp/notation.h"

static void
add_fields(struct buf *b, const struct segment *seg)
{
	addr_add(b, &seg->tuple.src.addr);
	buf_addf(b, "\t%u\t", seg->tuple.src.port);
	addr_add(b, &seg->tuple.dst.addr);
	buf_addf(b, "\t%u\t%u\t%u\t0x%04x\t%u\t", seg->tuple.dst.port, seg->seq,
	    seg->ack, seg->rsvd << 9 | seg->ctl, seg->wnd);
	/* where text begins is not known if the data offset is wrong */
	if (!(seg->faults & FAULT_OFFSET))
		buf_addf(b, "%u", seg->text_len);
	buf_addf(b, "\t%d\t%d",
	    !(seg->faults & (FAULT_CHECKSUM | FAULT_OFFLOAD)), seg->offset * 4);
}

int
main(int argc, char **argv)
{
	struct buf line = { 0 };
	struct segment seg;
	struct sniff *s;
	struct err e;
	bool fields;
	int rc;

	fields = argc == 3 && strcmp(argv[1], "-f") == 0;
	if (argc != 2 + fields)
		errx(ERR_USAGE, "usage: segdump [-f] capture");
	if (sniff_open_file(&s, argv[1 + fields], &e) == -1)
		errx(e.kind, "%s", e.msg);
	while ((rc = sniff_next(s, &seg, 0, &e)) == 1) {
		buf_reset(&line);
		if (fields)
			add_fields(&line, &seg);
		else
			notation_add_tcpdump(&line, &seg);
		puts(buf_str(&line));
	}
	buf_free(&line);
	sniff_close(s);
	if (rc == -1) {
		fflush(stdout);
		errx(e.kind, "%s", e.msg);
	}
	return 0;
}
