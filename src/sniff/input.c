#include <zlib.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "sniff/capture.h"
#include "sniff/input.h"

/*
 * How it works: input_need() moves what is left to the front of the buffer and
 * reads as much behind it as there is room for, so that few octets are ever
 * moved. Not mmap(): a file that someone shortens meanwhile would kill us.
 */
enum {
	FIRST_BUFFER = 1 << 12,
	INPUT_BUFFER = 1 << 17, /* large for read(), small for the cache */
	GZIP_BUFFER = 1 << 14,
	GZIP_WINDOW = 15 + 16 /* zlib is to read gzip's headers, too */
};

struct gzip {
	z_stream z;
	bool whole;   /* the file may end here: a member has ended */
	bool garbage; /* what is behind is no member, and of no interest */
	uint8_t octets[GZIP_BUFFER];
};

int
input_open(struct input *in, const char *path, struct err *e)
{
	bool is_stdin = strcmp(path, "-") == 0;
	struct buf name = { 0 };
	struct stat st;

	if (!is_stdin)
		buf_add_escaped(&name, path, strlen(path));
	*in = (struct input){ .name = mem_strdup(is_stdin ? "standard input"
							  : buf_str(&name)) };
	buf_free(&name);
	in->fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (in->fd == -1 || fstat(in->fd, &st) == -1)
		return err_set(e, ERR_ENV, "%s: %s", in->name, strerror(errno));
	if (S_ISDIR(st.st_mode))
		return err_set(e, ERR_ENV, "%s: %s", in->name,
		    strerror(EISDIR));
	in->is_file = S_ISREG(st.st_mode);
	if (in->is_file && st.st_size == 0)
		return err_set(e, ERR_ENV, "%s: the file is empty", in->name);
	in->size = in->is_file ? st.st_size : 0;
	return 0;
}

/* Results of reading: that many octets, or one of these. */
enum { READ_END = 0, READ_WAIT = -1 };

/* Whether a pipe has something by the deadline. */
static bool
may_read(const struct input *in, int64_t deadline)
{
	struct pollfd pfd = { .fd = in->fd, .events = POLLIN };
	int64_t left = deadline - clock_mono();
	struct timespec ts = { 0 };

	if (left > 0)
		ts = (struct timespec){ left / NSEC_PER_SEC,
			left % NSEC_PER_SEC };
	return ppoll(&pfd, 1, &ts, NULL) == 1;
}

static ssize_t
read_file(struct input *in, uint8_t *p, size_t n, int64_t deadline)
{
	ssize_t got;

	if (!in->is_file && !may_read(in, deadline))
		return READ_WAIT;
	got = read(in->fd, p, n);
	if (got == -1 && errno == EINTR)
		return READ_WAIT;
	if (got == -1) {
		in->broken = strerror(errno);
		return READ_END;
	}
	in->read += got;
	return got;
}

/* More of the file for zlib; what it left is moved to the front. */
static ssize_t
feed(struct input *in, int64_t deadline)
{
	struct gzip *g = in->gzip;
	size_t left = g->z.avail_in;
	ssize_t got;

	if (left > 0)
		memmove(g->octets, g->z.next_in, left);
	g->z.next_in = g->octets;
	got =
	    read_file(in, g->octets + left, sizeof(g->octets) - left, deadline);
	if (got > 0)
		g->z.avail_in = left + got;
	else if (got == READ_END && !g->whole && in->broken == NULL)
		in->broken = "truncated: gzip's data ends too early";
	return got;
}

/* What follows a member is another, or else garbage, as for gzip itself. */
static void
next_member(struct gzip *g)
{
	if (g->z.avail_in >= 1 && g->z.next_in[0] != 0x1f)
		g->garbage = true;
	g->whole = false;
	inflateReset(&g->z);
}

static ssize_t
unpack(struct input *in, uint8_t *p, size_t n, int64_t deadline)
{
	struct gzip *g = in->gzip;
	ssize_t got;
	int rc;

	for (;;) {
		if (g->z.avail_in == 0) {
			got = feed(in, deadline);
			if (got <= 0)
				return got;
		}
		if (g->whole)
			next_member(g);
		if (g->garbage)
			return READ_END;
		g->z.next_out = p;
		g->z.avail_out = n;
		rc = inflate(&g->z, Z_NO_FLUSH);
		g->whole = rc == Z_STREAM_END;
		if (rc != Z_OK && rc != Z_STREAM_END && rc != Z_BUF_ERROR)
			in->broken = rc == Z_MEM_ERROR
					 ? strerror(ENOMEM)
					 : "gzip's data is damaged";
		if (g->z.avail_out < n)
			return n - g->z.avail_out;
		if (in->broken != NULL)
			return READ_END;
	}
}

/* If gzip packed the file, its first octets go to zlib instead. */
static void
find_gzip(struct input *in)
{
	struct gzip *g;

	if (in->known || in->end < 2)
		return;
	in->known = true;
	if (in->p[0] != 0x1f || in->p[1] != 0x8b)
		return;
	g = in->gzip = mem_calloc(1, sizeof(*g));
	if (inflateInit2(&g->z, GZIP_WINDOW) != Z_OK)
		in->broken = strerror(ENOMEM);
	memcpy(g->octets, in->p, in->end);
	g->z.next_in = g->octets;
	g->z.avail_in = in->end;
	in->end = 0;
}

/* Room for n octets from pos on. */
static void
make_room(struct input *in, size_t n)
{
	size_t left = in->end - in->pos, enough;

	if (left > 0)
		memmove(in->p, in->p + in->pos, left);
	in->dropped += in->pos;
	in->pos = 0;
	in->end = left;
	/* of many files most are not read at first, but for one frame */
	enough = in->dropped + left == 0 ? FIRST_BUFFER : INPUT_BUFFER;
	if (in->cap >= n && in->cap >= enough)
		return;
	in->cap = n > enough ? n : enough;
	in->p = mem_realloc(in->p, 1, in->cap);
}

int
input_need(struct input *in, size_t n, int64_t deadline)
{
	ssize_t got;
	size_t room;

	if (!input_has(in, n))
		make_room(in, n);
	while (!input_has(in, n)) {
		if (in->broken != NULL)
			return 0;
		/* what zlib is to get must fit its buffer */
		room = in->cap - in->end;
		if (!in->known && room > GZIP_BUFFER - in->end)
			room = GZIP_BUFFER - in->end;
		got = in->gzip != NULL
			  ? unpack(in, in->p + in->end, room, deadline)
			  : read_file(in, in->p + in->end, room, deadline);
		if (got == READ_WAIT)
			return CAPTURE_WAIT;
		if (got == READ_END)
			return 0;
		in->end += got;
		find_gzip(in);
	}
	return 1;
}

uint64_t
input_at(const struct input *in)
{
	return in->dropped + in->pos;
}

void
input_release(struct input *in)
{
	if (in->gzip != NULL)
		inflateEnd(&in->gzip->z);
	free(in->gzip);
	free(in->p);
	in->gzip = NULL;
	in->p = NULL;
	in->pos = in->end = in->cap = 0;
}

void
input_close(struct input *in)
{
	input_release(in);
	if (in->fd > STDIN_FILENO)
		close(in->fd);
	free(in->name);
}
