#ifndef RETORT_INPUT_H
#define RETORT_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * The octets of a file, unpacked if gzip packed them, in a buffer in which a
 * reader finds them without a copy: end - pos octets are at p + pos.
 */
struct input {
	char *name; /* escaped, for messages */
	int fd;
	bool is_file; /* which has an end that is known, and no waiting */
	uint8_t *p;
	size_t pos, end, cap;
	uint64_t dropped;    /* octets that were before p */
	uint64_t read, size; /* of the file itself; size: 0 when unknown */
	bool known;	     /* whether gzip packed it */
	struct gzip *gzip;   /* or NULL */
	const char *broken;  /* why it ends too early, or NULL */
};

/*
 * Open a file, "-" being standard input. Nothing is read yet. 0, or -1 with *e
 * filled (ERR_ENV): it cannot be read, is empty, or a directory. input_close()
 * is needed in any case.
 */
int input_open(struct input *in, const char *path, struct err *e);

/*
 * See to it that n octets are at in->p + in->pos. 1; 0 when fewer are left, and
 * in->broken tells when that is not the true end; CAPTURE_WAIT when there are
 * none of a pipe by the deadline, in ns of clock_mono(), or a signal came.
 */
int input_need(struct input *in, size_t n, int64_t deadline);

/* Whether n octets are there already. */
static inline bool
input_has(const struct input *in, size_t n)
{
	return in->end - in->pos >= n;
}

/* Where in the (unpacked) file in->pos is. */
uint64_t input_at(const struct input *in);

/* Give the memory back; there is nothing more to come. */
void input_release(struct input *in);

void input_close(struct input *in);

#endif
