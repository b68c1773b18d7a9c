#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/privilege.h"
#include "bench/caller.h"
#include "bench/diag.h"
#include "bench/driver.h"
#include "bench/stage.h"

#define HIGH_FD	   900
#define STACK_SIZE (256 * 1024) /* of a thread; sanitizers need some */

/* One request, and what comes of it. */
struct job {
	int fd; /* of the socket for replies */
	struct caller_request request;
	struct caller_reply reply;
	struct zeros {
		void *p;
		size_t size;
	} zeros[CALLER_ARGS + CALLER_RELOCS];
	size_t nzeros;
};

size_t
caller_request_size(const struct caller_request *r)
{
	return offsetof(struct caller_request, data) + r->len;
}

size_t
caller_reply_size(const struct caller_reply *r)
{
	return offsetof(struct caller_reply, data) + r->len;
}

/* ---- a call ---- */

/* Memory that reads as zeros and costs nothing until it is written to. */
static void *
add_zeros(struct job *j, uint64_t size)
{
	struct zeros *z = &j->zeros[j->nzeros];

	if (size > CALLER_ZEROS_MAX) {
		errno = EFAULT;
		return NULL;
	}
	z->size = size == 0 ? 1 : size;
	z->p = mmap(NULL, z->size, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (z->p == MAP_FAILED)
		return NULL;
	j->nzeros++;
	return z->p;
}

/* The pointer to that place in data; NULL with EFAULT where that has none. */
static void *
place(struct job *j, uint64_t at)
{
	if (at <= j->request.len)
		return j->request.data + at;
	errno = EFAULT;
	return NULL;
}

/* Write the pointers that data has in it. */
static int
relocate(struct job *j)
{
	struct caller_request *r = &j->request;
	const struct caller_reloc *l;
	void *p;

	for (l = r->relocs; l < r->relocs + r->nrelocs; l++) {
		if ((uint64_t)l->at + sizeof(p) > r->len) {
			errno = EFAULT;
			return -1;
		}
		p = l->zeros > 0 ? add_zeros(j, l->zeros) : place(j, l->to);
		if (p == NULL)
			return -1;
		memcpy(r->data + l->at, &p, sizeof(p));
	}
	return 0;
}

static int
convert(struct job *j, long args[CALLER_ARGS])
{
	const struct caller_request *r = &j->request;
	void *p;
	int i;

	for (i = 0; i < CALLER_ARGS; i++) {
		args[i] = r->arg[i];
		if (r->kind[i] == CALLER_NUM)
			continue;
		p = r->kind[i] == CALLER_ZEROS ? add_zeros(j, r->arg[i])
					       : place(j, r->arg[i]);
		if (p == NULL)
			return -1;
		args[i] = (long)p;
	}
	return relocate(j);
}

/* One send() is one message, whatever other threads do meanwhile. */
static int
answer(struct job *j)
{
	j->reply.id = j->request.id;
	return send(j->fd, &j->reply, caller_reply_size(&j->reply),
		   MSG_NOSIGNAL) == -1
		   ? -1
		   : 0;
}

/* The thread of a call. */
static void *
call(void *arg)
{
	struct job *j = arg;
	struct caller_request *r = &j->request;
	struct caller_reply *reply = &j->reply;
	long a[CALLER_ARGS];
	size_t i;

	reply->result = convert(j, a);
	reply->began = clock_mono();
	if (reply->result == 0)
		reply->result =
		    syscall(r->nr, a[0], a[1], a[2], a[3], a[4], a[5]);
	reply->error = reply->result == -1 ? errno : 0;
	reply->ended = clock_mono();
	reply->len = r->len;
	memcpy(reply->data, r->data, r->len);
	answer(j);
	for (i = 0; i < j->nzeros; i++)
		munmap(j->zeros[i].p, j->zeros[i].size);
	free(j);
	return NULL;
}

/* The errno when there can be no thread; else it frees the job. */
static int
start_call(struct job *j)
{
	pthread_attr_t attr;
	pthread_t thread;
	int rc = pthread_attr_init(&attr);

	if (rc != 0)
		return rc;
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attr, STACK_SIZE);
	rc = pthread_create(&thread, &attr, call, j);
	pthread_attr_destroy(&attr);
	return rc;
}

/* ---- a look ---- */

/* The descriptor is there no longer than that: low numbers are the script's. */
static int
do_look(struct job *j)
{
	const struct caller_request *r = &j->request;
	struct diag *diag = NULL;
	struct err e;
	int rc = -1, saved;

	if (diag_open(&diag, &e) == 0)
		rc = diag_state(diag, &r->local, &r->to, &j->reply.state,
		    &j->reply.held);
	saved = errno;
	diag_close(diag);
	errno = saved;
	return rc;
}

/* ---- a sysctl ---- */

/* Only those of the network are the namespace's own. */
static int
open_sysctl(const char *name, int flags)
{
	char path[128];

	if (strncmp(name, "net/", 4) != 0 || strstr(name, "..") != NULL) {
		errno = EACCES;
		return -1;
	}
	snprintf(path, sizeof(path), "/proc/sys/%s", name);
	return open(path, flags | O_CLOEXEC);
}

static int
do_sysctl(struct job *j)
{
	const struct caller_request *r = &j->request;
	struct caller_reply *reply = &j->reply;
	int fd = open_sysctl(r->name, r->len > 0 ? O_RDWR : O_RDONLY);
	ssize_t n, written = 0;
	int saved;

	if (fd == -1)
		return -1;
	n = read(fd, reply->data, sizeof(reply->data));
	if (n > 0 && reply->data[n - 1] == '\n')
		n--;
	reply->len = n > 0 ? n : 0;
	if (n != -1 && r->len > 0)
		written = pwrite(fd, r->data, r->len, 0);
	saved = errno;
	close(fd);
	errno = saved;
	return n == -1 || written == -1 ? -1 : 0;
}

/* ---- the process ---- */

/* Out of the way of a script that closes what it never opened. */
static int
move_up(int fd)
{
	int high = fcntl(fd, F_DUPFD_CLOEXEC, HIGH_FD);

	if (high == -1)
		return fd;
	close(fd);
	return high;
}

/* Is this a whole message, with names that end and numbers in range? */
static bool
is_sound(const struct caller_request *r, size_t size)
{
	return size >= offsetof(struct caller_request, data) &&
	       r->len <= CALLER_DATA && size == caller_request_size(r) &&
	       r->nrelocs <= CALLER_RELOCS &&
	       memchr(r->name, '\0', sizeof(r->name)) != NULL;
}

/* Serve it; *keep is cleared when a thread has the job now. */
static int
serve(struct job *j, size_t size, bool *keep)
{
	struct caller_request *r = &j->request;
	struct caller_reply *reply = &j->reply;

	errno = EINVAL;
	reply->result = -1;
	reply->began = clock_mono();
	if (!is_sound(r, size))
		;
	else if (r->op == CALLER_CALL) {
		errno = start_call(j);
		if (errno == 0) {
			*keep = false;
			return 0;
		}
	} else if (r->op == CALLER_LOOK)
		reply->result = do_look(j);
	else if (r->op == CALLER_SYSCTL)
		reply->result = do_sysctl(j);
	reply->error = reply->result == -1 ? errno : 0;
	reply->ended = clock_mono();
	return answer(j);
}

/* One message. -1: it was the last. */
static int
serve_next(int fd)
{
	struct job *j = mem_calloc(1, sizeof(*j));
	ssize_t n = recv(fd, &j->request, sizeof(j->request), 0);
	bool keep = true;
	int rc = -1;

	j->fd = fd;
	if (n > 0 && j->request.op != CALLER_END)
		rc = serve(j, n, &keep);
	if (keep)
		free(j);
	return rc;
}

int
caller_run(int fd, const struct bench_net *net)
{
	struct drv_reply ready = { 0 };
	struct err e;

	/* what a script writes to a closed connection is its own affair */
	signal(SIGPIPE, SIG_IGN);
	fd = move_up(fd);
	/* capabilities are each thread's own: before there are any */
	if (stage_set_up(net, &ready.has_ip6, &e) == -1 ||
	    privilege_keep_net_admin(&e) == -1) {
		ready.error = EPERM;
		memcpy(ready.msg, e.msg, sizeof(ready.msg) - 1);
	}
	if (send(fd, &ready, sizeof(ready), MSG_NOSIGNAL) == -1)
		return 0;
	while (serve_next(fd) == 0)
		;
	/* the caller of this ends the process, with all its threads */
	return 0;
}
