#include <stdlib.h>

#include "base/mem.h"
#include "sniff/merge.h"

struct head {
	struct source *source;
	struct captured frame;
};

int
merge_open(struct merge *m, const char *const *paths, size_t n,
    struct ifaces *ifaces, struct err *e)
{
	m->all = mem_calloc(n, sizeof(*m->all));
	m->heads = mem_calloc(n, sizeof(*m->heads));
	m->heap = mem_calloc(n, sizeof(*m->heap));
	while (m->n < n)
		if (source_open(&m->all[m->n++], *paths++, ifaces, e) == -1)
			return -1;
	return 0;
}

/* Frames of the same time come in the order of the files. */
static bool
is_before(const struct head *a, const struct head *b)
{
	return a->frame.when < b->frame.when ||
	       (a->frame.when == b->frame.when && a < b);
}

static void
sift_up(struct merge *m, size_t at)
{
	struct head *h = m->heap[at];

	for (; at > 0 && is_before(h, m->heap[(at - 1) / 2]); at = (at - 1) / 2)
		m->heap[at] = m->heap[(at - 1) / 2];
	m->heap[at] = h;
}

static void
sift_down(struct merge *m)
{
	struct head *h = m->heap[0];
	size_t at = 0, next;

	while ((next = 2 * at + 1) < m->nheap) {
		if (next + 1 < m->nheap &&
		    is_before(m->heap[next + 1], m->heap[next]))
			next++;
		if (!is_before(m->heap[next], h))
			break;
		m->heap[at] = m->heap[next];
		at = next;
	}
	m->heap[at] = h;
}

/* Ask all files for their first frame. 0 when that is done. */
static int
ask_all(struct merge *m, int64_t deadline, struct err *e)
{
	struct head *h;
	int rc;

	while (m->nasked < m->n) {
		h = &m->heads[m->nasked];
		h->source = &m->all[m->nasked];
		rc = source_next(h->source, &h->frame, deadline, e);
		if (rc == CAPTURE_WAIT)
			return rc;
		m->nasked++;
		if (rc == 1) {
			m->heap[m->nheap++] = h;
			sift_up(m, m->nheap - 1);
		} else if (rc == -1) {
			return rc;
		}
	}
	return 0;
}

/* The first file's next frame, in the place of the one that was given. */
static int
replace(struct merge *m, int64_t deadline, struct err *e)
{
	struct head *h = m->heap[0];
	int rc = source_next(h->source, &h->frame, deadline, e);

	if (rc == CAPTURE_WAIT)
		return rc;
	m->given = false;
	if (rc != 1) {
		input_release(&h->source->in);
		m->heap[0] = m->heap[--m->nheap];
	}
	if (m->nheap > 0)
		sift_down(m);
	return rc == -1 ? -1 : 0;
}

int
merge_next_of_many(struct merge *m, struct captured *f, int64_t deadline,
    struct err *e)
{
	int rc = ask_all(m, deadline, e);

	if (rc == 0 && m->given)
		rc = replace(m, deadline, e);
	if (rc != 0 || m->nheap == 0)
		return rc;
	*f = m->heap[0]->frame;
	m->given = true;
	return 1;
}

void
merge_close(struct merge *m)
{
	while (m->n > 0)
		source_close(&m->all[--m->n]);
	free(m->all);
	free(m->heads);
	free(m->heap);
}
