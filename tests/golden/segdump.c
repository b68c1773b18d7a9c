/*
 * Print each TCP segment of a capture the way tcpdump -nS does, without the
 * time. run.sh compares that with the expected text.
 */
#include <err.h>
#include <stdio.h>

#include "sniff/sniff.h"
#include "tcp/notation.h"

int
main(int argc, char **argv)
{
	struct buf line = { 0 };
	struct segment seg;
	struct sniff *s;
	struct err e;
	int rc;

	if (argc != 2)
		errx(ERR_USAGE, "usage: segdump capture");
	if (sniff_open_file(&s, argv[1], &e) == -1)
		errx(e.kind, "%s", e.msg);
	while ((rc = sniff_next(s, &seg, 0, &e)) == 1) {
		buf_reset(&line);
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
