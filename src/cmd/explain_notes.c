/* Comments for the frames of a capture that is written again. */
#include <search.h>
#include <stdlib.h>

#include "base/mem.h"
#include "cmd/explain_sink.h"

struct note {
	uint64_t frame;
	struct buf text;
};

struct notes {
	void *root;
};

struct notes *
notes_new(void)
{
	return mem_calloc(1, sizeof(struct notes));
}

static int
by_frame(const void *a, const void *b)
{
	const struct note *x = a, *y = b;

	return (x->frame > y->frame) - (x->frame < y->frame);
}

void
notes_add(struct notes *n, uint64_t frame, const char *text)
{
	struct note *note = mem_calloc(1, sizeof(*note)), **at;

	note->frame = frame;
	at = tsearch(note, &n->root, by_frame);
	if (at == NULL || *at != note)
		free(note);
	if (at == NULL)
		return;
	/* a frame may have drawn several RSTs */
	if ((*at)->text.len > 0)
		buf_adds(&(*at)->text, "\n");
	buf_adds(&(*at)->text, text);
}

const char *
notes_find(const struct notes *n, uint64_t frame)
{
	const struct note key = { .frame = frame };
	struct note **at = tfind(&key, &n->root, by_frame);

	return at != NULL ? buf_str(&(*at)->text) : NULL;
}

static void
free_note(void *p)
{
	struct note *note = p;

	buf_free(&note->text);
	free(note);
}

void
notes_free(struct notes *n)
{
	if (n == NULL)
		return;
	tdestroy(n->root, free_note);
	free(n);
}
