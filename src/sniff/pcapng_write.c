#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "sniff/decode.h"
#include "sniff/pcapng.h"
#include "sniff/pcapng_block.h"
#include "sniff/source.h"

enum { WRITE_BUFFER = 1 << 17, OPTION_MAX = 65535, NSEC_RESOLUTION = 9 };

struct pcapng {
	FILE *f;
	char *name; /* escaped, for messages */
	const struct capture *c;
	uint32_t *ids; /* of interfaces in this file, by their index; from 1 */
	size_t nids, last;
	struct buf block;
	int error; /* errno of the first write that failed, or 0 */
};

static void
add16(struct buf *b, uint16_t v)
{
	buf_add(b, &v, sizeof(v));
}

static void
add32(struct buf *b, uint32_t v)
{
	buf_add(b, &v, sizeof(v));
}

/* Pad what is n octets long. */
static void
add_padding(struct buf *b, size_t n)
{
	buf_add(b, "\0\0\0", -n & 3);
}

static void
add_option(struct buf *b, uint16_t code, const void *value, size_t n)
{
	if (n > OPTION_MAX)
		n = OPTION_MAX;
	add16(b, code);
	add16(b, n);
	buf_add(b, value, n);
	add_padding(b, n);
}

static void
add_text_option(struct buf *b, uint16_t code, const char *text)
{
	if (text != NULL)
		add_option(b, code, text, strlen(text));
}

/* A block's type and room for its length; the body follows. */
static struct buf *
begin_block(struct pcapng *w, uint32_t type)
{
	buf_reset(&w->block);
	add32(&w->block, type);
	add32(&w->block, 0);
	return &w->block;
}

static void
end_block(struct pcapng *w)
{
	struct buf *b = &w->block;
	uint32_t total = b->len + sizeof(total);

	memcpy(b->p + 4, &total, sizeof(total));
	add32(b, total);
	if (w->error == 0 && fwrite(b->p, b->len, 1, w->f) != 1)
		w->error = errno;
}

static void
write_section(struct pcapng *w)
{
	static const uint64_t unknown_length = -1;
	struct buf *b = begin_block(w, BLOCK_SECTION);

	add32(b, BYTE_ORDER_MAGIC);
	add16(b, 1);
	add16(b, 0);
	buf_add(b, &unknown_length, sizeof(unknown_length));
	add_text_option(b, OPT_SECTION_PROGRAM, "retort");
	add32(b, OPT_END);
	end_block(w);
}

static void
write_interface(struct pcapng *w, const struct iface *i)
{
	static const uint8_t resolution = NSEC_RESOLUTION;
	struct buf *b = begin_block(w, BLOCK_INTERFACE);

	add16(b, i->dlt == LINK_RAW ? LINKTYPE_RAW : i->dlt);
	add16(b, 0);
	add32(b, i->snaplen);
	add_text_option(b, OPT_IF_NAME, i->name);
	add_text_option(b, OPT_IF_DESCRIPTION, i->description);
	add_option(b, OPT_IF_TSRESOL, &resolution, sizeof(resolution));
	add32(b, OPT_END);
	end_block(w);
}

/* Create the file, unless it is one that is being read. */
static int
create(struct pcapng *w, const char *path, struct err *e)
{
	bool is_stdout = strcmp(path, "-") == 0;
	int fd = is_stdout ? fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0)
			   : open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	struct stat st;

	if (fd == -1 || fstat(fd, &st) == -1) {
		err_set(e, ERR_ENV, "%s: %s", w->name, strerror(errno));
	} else if (capture_reads(w->c, &st)) {
		err_set(e, ERR_USAGE,
		    "%s: it is a file of the capture that is read", w->name);
	} else if (S_ISREG(st.st_mode) && !is_stdout &&
		   ftruncate(fd, 0) == -1) {
		err_set(e, ERR_ENV, "%s: %s", w->name, strerror(errno));
	} else {
		w->f = fdopen(fd, "w");
		setvbuf(w->f, NULL, _IOFBF, WRITE_BUFFER);
		return 0;
	}
	if (fd != -1)
		close(fd);
	return -1;
}

int
pcapng_create(struct pcapng **wp, const char *path, const struct capture *c,
    struct err *e)
{
	bool is_stdout = strcmp(path, "-") == 0;
	struct pcapng *w = mem_calloc(1, sizeof(*w));
	struct buf name = { 0 };

	*wp = NULL;
	buf_add_escaped(&name, path, strlen(path));
	w->name = mem_strdup(is_stdout ? "standard output" : buf_str(&name));
	buf_free(&name);
	w->c = c;
	if (create(w, path, e) == -1) {
		free(w->name);
		free(w);
		return -1;
	}
	write_section(w);
	*wp = w;
	return 0;
}

/* The interface of this file that stands for one of the capture. */
static uint32_t
find_interface(struct pcapng *w, uint32_t iface)
{
	while (w->nids <= iface) {
		w->ids = mem_grow(w->ids, w->nids, sizeof(*w->ids));
		w->nids++;
	}
	if (w->ids[iface] == 0) {
		write_interface(w, capture_iface(w->c, iface));
		w->ids[iface] = ++w->last;
	}
	return w->ids[iface] - 1;
}

/* A comment of ours: its line ends and backslashes are as they are. */
static void
add_comment(struct buf *b, const char *text)
{
	struct buf escaped = { 0 };
	size_t n;

	for (; *text != '\0'; text += n) {
		n = strcspn(text, "\\\n");
		buf_add_escaped(&escaped, text, n);
		if (text[n] != '\0')
			buf_add(&escaped, &text[n++], 1);
	}
	n = escaped.len;
	/* what an option can hold, but no part of a character */
	if (n > OPTION_MAX)
		for (n = OPTION_MAX; (escaped.p[n] & 0xc0) == 0x80;)
			n--;
	add_option(b, OPT_COMMENT, buf_str(&escaped), n);
	buf_free(&escaped);
}

/*
 * The options that the frame had. Of those in the other byte order only some
 * are known to hold no number.
 */
static void
add_notes(struct buf *b, const struct captured *f)
{
	struct block_option o;
	uint32_t at = 0, flags;

	while (pcapng_option(f->swapped, f->notes, f->note_len, &at, &o))
		if (!f->swapped || o.code == OPT_COMMENT) {
			add_option(b, o.code, o.value, o.len);
		} else if (o.code == OPT_EPB_FLAGS && o.len == sizeof(flags)) {
			flags = file_get32(true, o.value);
			add_option(b, o.code, &flags, sizeof(flags));
		}
}

void
pcapng_add(struct pcapng *w, const struct captured *f, const char *comment)
{
	uint32_t id = find_interface(w, f->iface);
	struct buf *b = begin_block(w, BLOCK_PACKET);

	add32(b, id);
	add32(b, (uint64_t)f->when >> 32);
	add32(b, f->when);
	add32(b, f->caplen);
	add32(b, f->len);
	buf_add(b, f->p, f->caplen);
	add_padding(b, f->caplen);
	if (comment != NULL || f->note_len > 0) {
		if (comment != NULL)
			add_comment(b, comment);
		add_notes(b, f);
		add32(b, OPT_END);
	}
	end_block(w);
}

int
pcapng_flush(struct pcapng *w, struct err *e)
{
	if (w->error == 0 && fflush(w->f) == EOF)
		w->error = errno;
	if (w->error == 0)
		return 0;
	return err_set(e, ERR_ENV, "%s: %s", w->name, strerror(w->error));
}

int
pcapng_finish(struct pcapng *w, struct err *e)
{
	int rc;

	if (w == NULL)
		return 0;
	rc = pcapng_flush(w, e);
	if (fclose(w->f) == EOF && rc == 0)
		rc = err_set(e, ERR_ENV, "%s: %s", w->name, strerror(errno));
	buf_free(&w->block);
	free(w->name);
	free(w->ids);
	free(w);
	return rc;
}
