/* Those who ask the caller. */
#include <sys/socket.h>

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "bench/caller.h"
#include "bench/start.h"

/* A reply that came before the one that was waited for. */
struct caller_kept {
	STAILQ_ENTRY(caller_kept) next;
	struct caller_reply *reply; /* only the octets that it has */
};

static int
has_ended(struct err *e)
{
	return err_set(e, ERR_ENV,
	    "the process that makes the script's calls has ended");
}

int
caller_send(struct bench *b, const struct caller_request *r, struct err *e)
{
	ssize_t n = send(bench_fd(b), r, caller_request_size(r), MSG_NOSIGNAL);

	if (n == -1 && errno != EPIPE && errno != ECONNRESET)
		return err_set(e, ERR_ENV, "cannot ask for a call: %s",
		    strerror(errno));
	return n == -1 ? has_ended(e) : 0;
}

/* The next one off the socket; as caller_next(). */
static int
receive(struct bench *b, struct caller_reply *reply, int64_t deadline,
    struct err *e)
{
	struct pollfd p = { .fd = bench_fd(b), .events = POLLIN };
	struct timespec ts;
	int64_t left;
	ssize_t size;
	int n;

	do {
		left = deadline - clock_mono();
		if (left < 0)
			left = 0;
		ts.tv_sec = left / NSEC_PER_SEC;
		ts.tv_nsec = left % NSEC_PER_SEC;
		n = ppoll(&p, 1, &ts, NULL);
	} while (n == -1 && errno == EINTR);
	if (n == 0)
		return 0;
	size = recv(p.fd, reply, sizeof(*reply), MSG_DONTWAIT);
	if (size < (ssize_t)offsetof(struct caller_reply, data) ||
	    reply->len > CALLER_DATA ||
	    (size_t)size != caller_reply_size(reply))
		return has_ended(e);
	return 1;
}

int
caller_next(struct bench *b, struct caller_reply *reply, int64_t deadline,
    struct err *e)
{
	struct caller_kept *kept = STAILQ_FIRST(&b->kept);

	if (kept == NULL)
		return receive(b, reply, deadline, e);
	memcpy(reply, kept->reply, caller_reply_size(kept->reply));
	STAILQ_REMOVE_HEAD(&b->kept, next);
	free(kept->reply);
	free(kept);
	return 1;
}

static void
keep(struct bench *b, const struct caller_reply *reply)
{
	struct caller_kept *kept = mem_calloc(1, sizeof(*kept));
	size_t size = caller_reply_size(reply);

	kept->reply = mem_calloc(1, size);
	memcpy(kept->reply, reply, size);
	STAILQ_INSERT_TAIL(&b->kept, kept, next);
}

int
caller_ask(struct bench *b, const struct caller_request *r,
    struct caller_reply *reply, int64_t deadline, struct err *e)
{
	int rc;

	if (caller_send(b, r, e) == -1)
		return -1;
	while ((rc = receive(b, reply, deadline, e)) == 1 && reply->id != r->id)
		keep(b, reply);
	return rc;
}

void
caller_forget(struct bench *b)
{
	struct caller_kept *kept;

	while ((kept = STAILQ_FIRST(&b->kept)) != NULL) {
		STAILQ_REMOVE_HEAD(&b->kept, next);
		free(kept->reply);
		free(kept);
	}
}
