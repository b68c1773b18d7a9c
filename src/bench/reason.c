#include <sys/mman.h>
#include <sys/syscall.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "bench/reason.h"
#include "bench/trace.h"

#define EVENT "events/tcp/tcp_send_reset"
/* powers of two: a ring that is read after each call, and now and then */
#define RING_PAGES     16
#define RING_PAGES_ALL 256
#define FORMAT_MAX     32768

struct ring {
	int fd; /* of the perf event */
	struct perf_event_mmap_page *page;
};

struct reasons {
	struct trace_format format;
	struct ring *rings;
	size_t nrings;
	bool timed;
	int64_t since; /* what makes its times those since 1970 */
	size_t page_size, pages;
	char unnamed[24]; /* "reason 99" */
};

/* ---- the tracing directory ---- */

/*
 * Open the event's directory on a mount that nobody else sees and that ends
 * when it is closed.
 */
static int
open_detached(void)
{
	int fs = syscall(SYS_fsopen, "tracefs", FSOPEN_CLOEXEC);
	int mount = -1, dir = -1, saved;

	if (fs != -1 &&
	    syscall(SYS_fsconfig, fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) == 0)
		mount = syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC,
		    MOUNT_ATTR_RDONLY);
	if (mount != -1)
		dir = openat(mount, EVENT, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	saved = errno;
	if (mount != -1)
		close(mount);
	if (fs != -1)
		close(fs);
	errno = saved;
	return dir;
}

/*
 * The mount that is there comes first: another of the same file system, of
 * which there is only one, would reset the options of the first. Not by way
 * of /sys/kernel/debug/tracing, where a look makes a mount that stays.
 */
static int
open_event(void)
{
	int dir = open("/sys/kernel/tracing/" EVENT,
	    O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return dir != -1 ? dir : open_detached();
}

/* Read a file of at most size - 1 octets; it is terminated. */
static int
read_text(int dir, const char *name, char *text, size_t size)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	ssize_t n;

	if (fd == -1)
		return -1;
	while ((n = read(fd, text + len, size - 1 - len)) > 0)
		len += n;
	text[len] = '\0';
	close(fd);
	return n == -1 ? -1 : 0;
}

/* Learn the number and the format of the tracepoint. */
static int
learn(struct reasons *r, unsigned long *id, struct err *e)
{
	char *text = mem_calloc(FORMAT_MAX, 1), number[24];
	int dir = open_event(), rc = -1;

	if (dir == -1 || read_text(dir, "id", number, sizeof(number)) == -1 ||
	    read_text(dir, "format", text, FORMAT_MAX) == -1) {
		err_set(e, ERR_ENV,
		    "cannot read the kernel's tracepoint tcp:tcp_send_reset: "
		    "%s",
		    strerror(errno));
	} else {
		*id = strtoul(number, NULL, 10);
		rc = trace_parse(&r->format, text, e);
	}
	if (dir != -1)
		close(dir);
	free(text);
	return rc;
}

/* ---- the ring ---- */

/* The one processor that we run on, or -1. */
static int
find_cpu(struct err *e)
{
	cpu_set_t set;
	int cpu;

	if (sched_getaffinity(0, sizeof(set), &set) == -1)
		return err_set(e, ERR_ENV, "sched_getaffinity: %s",
		    strerror(errno));
	for (cpu = 0; CPU_COUNT(&set) == 1 && cpu < CPU_SETSIZE; cpu++) {
		if (CPU_ISSET(cpu, &set))
			return cpu;
	}
	return err_set(e, ERR_INTERNAL,
	    "not pinned to one processor, of which the reasons of RSTs would "
	    "be read");
}

static int
open_ring(struct reasons *r, unsigned long id, int cpu, struct err *e)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_TRACEPOINT,
		.size = sizeof(attr),
		.config = id,
		.sample_period = 1,
		.sample_type =
		    PERF_SAMPLE_RAW | (r->timed ? PERF_SAMPLE_TIME : 0),
		.use_clockid = r->timed,
		.clockid = r->timed ? CLOCK_MONOTONIC : 0,
	};
	struct ring *ring;
	void *p;

	r->rings = mem_grow(r->rings, r->nrings, sizeof(*r->rings));
	ring = &r->rings[r->nrings++];
	ring->fd = syscall(SYS_perf_event_open, &attr, -1, cpu, -1,
	    PERF_FLAG_FD_CLOEXEC);
	if (ring->fd == -1)
		return err_set(e, ERR_ENV,
		    "cannot follow the kernel's tracepoint "
		    "tcp:tcp_send_reset: %s",
		    strerror(errno));
	p = mmap(NULL, (1 + r->pages) * r->page_size, PROT_READ | PROT_WRITE,
	    MAP_SHARED, ring->fd, 0);
	if (p == MAP_FAILED)
		return err_set(e, ERR_ENV,
		    "cannot map the ring of a tracepoint: %s", strerror(errno));
	ring->page = p;
	return 0;
}

/* Those that are online; the numbers of the others are passed over. */
static int
open_rings(struct reasons *r, unsigned long id, struct err *e)
{
	long left = sysconf(_SC_NPROCESSORS_ONLN);
	int cpu;

	for (cpu = 0; left > 0 && cpu < CPU_SETSIZE; cpu++) {
		if (open_ring(r, id, cpu, e) == 0) {
			left--;
		} else if (errno == ENODEV) {
			r->nrings--;
		} else {
			return -1;
		}
	}
	return 0;
}

static int
open_reasons(struct reasons **out, bool all, struct err *e)
{
	struct reasons *r = mem_calloc(1, sizeof(*r));
	unsigned long id;
	int cpu = -1, rc;

	r->page_size = sysconf(_SC_PAGESIZE);
	r->timed = all;
	r->pages = all ? RING_PAGES_ALL : RING_PAGES;
	/* the kernel takes no other clock for a tracepoint */
	r->since = clock_wall() - clock_mono();
	rc = learn(r, &id, e);
	if (rc == 0 && all)
		rc = open_rings(r, id, e);
	else if (rc == 0 && (rc = cpu = find_cpu(e)) != -1)
		rc = open_ring(r, id, cpu, e);
	if (rc == -1) {
		reasons_close(r);
		return -1;
	}
	*out = r;
	return 0;
}

int
reasons_open(struct reasons **out, struct err *e)
{
	return open_reasons(out, false, e);
}

int
reasons_open_all(struct reasons **out, struct err *e)
{
	return open_reasons(out, true, e);
}

void
reasons_close(struct reasons *r)
{
	struct ring *ring;
	size_t i;

	if (r == NULL)
		return;
	for (i = 0; i < r->nrings; i++) {
		ring = &r->rings[i];
		if (ring->page != NULL)
			munmap(ring->page, (1 + r->pages) * r->page_size);
		if (ring->fd != -1)
			close(ring->fd);
	}
	free(r->rings);
	trace_free(&r->format);
	free(r);
}

/* What the kernel has written so far. */
static struct trace_ring
look(const struct reasons *r, const struct ring *ring)
{
	return (struct trace_ring){
		.data = (const uint8_t *)ring->page + r->page_size,
		.size = r->pages * r->page_size,
		.head =
		    __atomic_load_n(&ring->page->data_head, __ATOMIC_ACQUIRE),
		.tail = ring->page->data_tail,
		.timed = r->timed,
	};
}

static void
leave(const struct ring *ring, const struct trace_ring *seen)
{
	__atomic_store_n(&ring->page->data_tail, seen->tail, __ATOMIC_RELEASE);
}

static const char *
name_of(struct reasons *r, uint32_t reason)
{
	const char *name = trace_name(&r->format, reason);

	if (name != NULL)
		return name;
	snprintf(r->unnamed, sizeof(r->unnamed), "reason %u", reason);
	return r->unnamed;
}

const char *
reasons_take(struct reasons *r, const struct tuple *t)
{
	struct trace_ring ring = look(r, r->rings);
	uint32_t reason;
	bool found;

	if (ring.head == ring.tail)
		return NULL;
	found = trace_last(&ring, &r->format, t, &reason);
	leave(r->rings, &ring);
	return found ? name_of(r, reason) : NULL;
}

bool
reasons_next(struct reasons *r, struct trace_reset *reset, const char **name)
{
	struct ring *ring;
	struct trace_ring seen;
	bool found = false;

	for (ring = r->rings; !found && ring < r->rings + r->nrings; ring++) {
		seen = look(r, ring);
		found = trace_next(&seen, &r->format, reset);
		leave(ring, &seen);
	}
	if (!found)
		return false;
	reset->time += r->since;
	*name = name_of(r, reset->reason);
	return true;
}

const char *
reasons_name(const struct reasons *r, unsigned i)
{
	return i < r->format.nreasons ? r->format.reasons[i].name : NULL;
}
