#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "sniff/decode.h"
#include "sniff/dump.h"

/* The file format; libpcap could write it, but loses the errors of close. */
#define DUMP_MAGIC   0xa1b23c4d /* stamps in nanoseconds */
#define DUMP_SNAPLEN 262144	/* the most that libpcap reads */

struct dump_header {
	uint32_t magic;
	uint16_t major, minor;
	uint32_t zone, accuracy; /* always 0 */
	uint32_t snaplen;
	uint32_t dlt;
};
_Static_assert(sizeof(struct dump_header) == 24, "as in the file");

struct dump_record {
	uint32_t sec, nsec;
	uint32_t caplen, len;
};
_Static_assert(sizeof(struct dump_record) == 16, "as in the file");

struct dump {
	FILE *f;
	char *name; /* escaped, for messages */
	int error;  /* errno of the first write that failed, or 0 */
};

static void
dump_write(struct dump *d, const void *octets, size_t n)
{
	if (d->error == 0 && n > 0 && fwrite(octets, n, 1, d->f) != 1)
		d->error = errno;
}

int
dump_open(struct dump **dp, const char *path, struct err *e)
{
	const struct dump_header h = {
		.magic = DUMP_MAGIC,
		.major = 2,
		.minor = 4,
		.snaplen = DUMP_SNAPLEN,
		.dlt = LINK_ETHERNET,
	};
	struct buf name = { 0 };
	struct dump *d;

	buf_add_escaped(&name, path, strlen(path));
	d = mem_calloc(1, sizeof(*d));
	d->name = mem_strdup(buf_str(&name));
	buf_free(&name);
	d->f = fopen(path, "we");
	if (d->f == NULL) {
		err_set(e, ERR_ENV, "%s: %s", d->name, strerror(errno));
		free(d->name);
		free(d);
		*dp = NULL;
		return -1;
	}
	dump_write(d, &h, sizeof(h));
	*dp = d;
	return 0;
}

void
dump_frame(struct dump *d, int64_t when, const uint8_t *frame, size_t len)
{
	dump_cut_frame(d, when, frame, len, len);
}

void
dump_cut_frame(struct dump *d, int64_t when, const uint8_t *frame,
    size_t caplen, size_t len)
{
	struct dump_record r = {
		.sec = when / NSEC_PER_SEC,
		.nsec = when % NSEC_PER_SEC,
		.caplen = caplen < DUMP_SNAPLEN ? caplen : DUMP_SNAPLEN,
		.len = len,
	};

	dump_write(d, &r, sizeof(r));
	dump_write(d, frame, r.caplen);
}

int
dump_flush(struct dump *d, struct err *e)
{
	if (d->error == 0 && fflush(d->f) == EOF)
		d->error = errno;
	if (d->error == 0)
		return 0;
	return err_set(e, ERR_ENV, "%s: %s", d->name, strerror(d->error));
}

int
dump_close(struct dump *d, struct err *e)
{
	int rc;

	if (d == NULL)
		return 0;
	if (fclose(d->f) == EOF && d->error == 0)
		d->error = errno;
	rc = d->error == 0
		 ? 0
		 : err_set(e, ERR_ENV, "%s: %s", d->name, strerror(d->error));
	free(d->name);
	free(d);
	return rc;
}
