#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "bench/reason.h"
#include "run/kernel_view.h"

#define KEPT	65536	     /* RSTs, of all namespaces; a power of two */
#define NEAR_NS 200000000LL  /* from the tracepoint to the capture */
#define LATE_NS 1000000000LL /* what one processor tells after another */

struct said {
	struct trace_reset reset;
	char reason[32];
	char comm[20];
	bool taken;
};

struct kernel_view {
	struct reasons *reasons;
	struct said said[KEPT]; /* a ring */
	size_t n;
	struct buf owner;
};

int
kernel_view_open(struct kernel_view **out, struct err *e)
{
	struct kernel_view *v = mem_calloc(1, sizeof(*v));

	if (reasons_open_all(&v->reasons, e) == -1) {
		free(v);
		return -1;
	}
	*out = v;
	return 0;
}

/* The name of a process that may be gone already. */
static void
read_comm(char *comm, size_t size, uint32_t pid)
{
	char path[32];
	ssize_t n = -1;
	int fd;

	snprintf(path, sizeof(path), "/proc/%u/comm", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd != -1) {
		n = read(fd, comm, size - 1);
		close(fd);
	}
	comm[n > 0 ? n : 0] = '\0';
	comm[strcspn(comm, "\n")] = '\0';
}

void
kernel_view_look(struct kernel_view *v)
{
	struct trace_reset reset;
	const char *name;
	struct said *s;

	while (reasons_next(v->reasons, &reset, &name)) {
		s = &v->said[v->n++ % KEPT];
		*s = (struct said){ .reset = reset };
		snprintf(s->reason, sizeof(s->reason), "%s", name);
		if (reset.pid != 0)
			read_comm(s->comm, sizeof(s->comm), reset.pid);
	}
}

/* Only of these is the process that ran the one that wished it. */
static bool
is_wish(const char *reason)
{
	static const char *const wishes[] = { "TCP_ABORT_ON_CLOSE",
		"TCP_ABORT_ON_LINGER", "TCP_STATE",
		"TCP_DISCONNECT_WITH_DATA" };
	size_t i;

	for (i = 0; i < sizeof(wishes) / sizeof(wishes[0]); i++)
		if (strcmp(reason, wishes[i]) == 0)
			return true;
	return false;
}

/* Linux's numbers, include/net/tcp_states.h. */
static const char *
state_of(uint32_t number)
{
	static const char *const names[] = { NULL, "ESTABLISHED", "SYN-SENT",
		"SYN-RECEIVED", "FIN-WAIT-1", "FIN-WAIT-2", "TIME-WAIT",
		"CLOSED", "CLOSE-WAIT", "LAST-ACK", "LISTEN", "CLOSING",
		"SYN-RECEIVED" };

	return number < sizeof(names) / sizeof(names[0]) ? names[number] : NULL;
}

bool
kernel_view_find(struct kernel_view *v, const struct segment *seg,
    struct kernel_said *out)
{
	size_t i, from = v->n > KEPT ? v->n - KEPT : 0;
	struct said *s, *best = NULL;
	int64_t off, least = NEAR_NS;

	for (i = v->n; i > from; i--) {
		s = &v->said[(i - 1) % KEPT];
		if (s->reset.time < seg->when - NEAR_NS - LATE_NS)
			break;
		off = llabs(s->reset.time - seg->when);
		if (s->taken || off >= least ||
		    !trace_is_of(&s->reset, &seg->tuple))
			continue;
		least = off;
		best = s;
	}
	if (best == NULL)
		return false;
	best->taken = true;
	*out = (struct kernel_said){ .reason = best->reason,
		.state = state_of(best->reset.state) };
	buf_reset(&v->owner);
	if (best->reset.pid == 0 || !is_wish(best->reason))
		return true;
	buf_addf(&v->owner, "%u", best->reset.pid);
	if (best->comm[0] != '\0') {
		buf_adds(&v->owner, " (");
		buf_add_escaped(&v->owner, best->comm, strlen(best->comm));
		buf_adds(&v->owner, ")");
	} else {
		buf_adds(&v->owner, ", which has ended");
	}
	out->owner = buf_str(&v->owner);
	return true;
}

void
kernel_view_close(struct kernel_view *v)
{
	if (v == NULL)
		return;
	reasons_close(v->reasons);
	buf_free(&v->owner);
	free(v);
}
