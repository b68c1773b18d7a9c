/*
 * Capture files. What can be read of one is written again, and must then be
 * read without any damage, and as the same.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "sniff/pcapng.h"

/* A sum over all of a frame and its comments: all of it is read. */
static uint64_t
digest(uint64_t sum, const struct captured *f)
{
	const char *text;
	uint32_t at = 0;
	size_t len, i;

	HOLDS(f->caplen <= f->len);
	sum = sum * 31 + f->when;
	sum = sum * 31 + f->len;
	sum = sum * 31 + f->dlt;
	for (i = 0; i < f->caplen; i++)
		sum = sum * 31 + f->p[i];
	while (captured_comment(f, &at, &text, &len) == 1)
		for (i = 0; i < len; i++)
			sum = sum * 31 + (uint8_t)text[i];
	return sum;
}

/* Read it all. -1: it cannot be opened. */
static int
read_all(const char *path, const char *copy, uint64_t *sum, bool *whole)
{
	struct pcapng *w = NULL;
	struct capture *c;
	struct captured f;
	struct err e;
	int rc;

	if (capture_open(&c, &path, 1, NULL, &e) == -1) {
		HOLDS(e.kind == ERR_ENV);
		return -1;
	}
	if (copy != NULL)
		HOLDS(pcapng_create(&w, copy, c, &e) == 0);
	while ((rc = capture_next(c, &f, 0, &e)) == 1) {
		*sum = digest(*sum, &f);
		HOLDS(f.iface < capture_ifaces(c));
		HOLDS(capture_iface(c, f.iface)->dlt == f.dlt);
		if (w != NULL)
			pcapng_add(w, &f, NULL);
	}
	*whole = rc == 0;
	HOLDS(rc == 0 || e.kind == ERR_ENV);
	HOLDS(pcapng_finish(w, &e) == 0);
	capture_close(c);
	return 0;
}

/* The path of a new file that nobody else sees. */
static int
new_file(char path[32])
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	HOLDS(fd != -1);
	snprintf(path, 32, "/proc/self/fd/%d", fd);
	return fd;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	uint64_t before = 0, after = 0;
	char path[32], copy[32];
	int in = new_file(path), out = new_file(copy);
	bool whole;

	HOLDS(write(in, p, n) == (ssize_t)n);
	if (read_all(path, copy, &before, &whole) == 0) {
		HOLDS(read_all(copy, NULL, &after, &whole) == 0);
		HOLDS(before == after);
	}
	close(in);
	close(out);
	return 0;
}
