/* What explain reads and writes. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/explain_sink.h"
#include "sniff/pcapng.h"

/* What --write reads a second time must be a file. */
static int
keep_stdin(struct explain_settings *set, struct err *e)
{
	char text[65536];
	ssize_t n;

	set->kept = tmpfile();
	if (set->kept == NULL)
		return err_set(e, ERR_ENV, "a temporary file: %s",
		    strerror(errno));
	while ((n = read(STDIN_FILENO, text, sizeof(text))) > 0)
		if (fwrite(text, 1, n, set->kept) != (size_t)n)
			break;
	if (n != 0 || fflush(set->kept) != 0)
		return err_set(e, ERR_ENV,
		    "cannot keep standard input in a temporary file: %s",
		    strerror(errno));
	snprintf(set->kept_path, sizeof(set->kept_path), "/dev/fd/%d",
	    fileno(set->kept));
	return 0;
}

static int
open_files(struct explain_settings *set, struct err *e)
{
	size_t i;

	for (i = 0; set->write != NULL && i < set->npaths; i++) {
		if (strcmp(set->paths[i], "-") != 0)
			continue;
		if (keep_stdin(set, e) == -1)
			return -1;
		set->paths[i] = set->kept_path;
	}
	if (capture_open(&set->sink.capture, set->paths, set->npaths,
		set->filter, e) == -1)
		return -1;
	if (set->write == NULL)
		return 0;
	set->sink.notes = notes_new();
	if (capture_open(&set->again, set->paths, set->npaths, set->filter,
		e) == -1)
		return -1;
	return pcapng_create(&set->out, set->write, set->again, e);
}

int
explain_open(struct explain_settings *set, struct err *e)
{
	struct err none;

	if (set->interface != NULL) {
		/* the kernel's word is a bonus: most may not hear it */
		kernel_view_open(&set->sink.kernel, &none);
		return capture_open_live(&set->sink.capture, set->interface,
		    set->filter, e);
	}
	if (set->sink.format == &report_text && !set->sink.group &&
	    set->sink.report.verbosity >= 0) {
		set->sink.spool = tmpfile();
		if (set->sink.spool == NULL)
			return err_set(e, ERR_ENV,
			    "a temporary file: %s; name another directory in "
			    "TMPDIR",
			    strerror(errno));
	}
	return open_files(set, e);
}

int
explain_write(struct explain_settings *set, struct err *e)
{
	struct captured f;
	struct err damage;
	size_t broken = 0;
	int rc;

	while ((rc = capture_next(set->again, &f, 0, &damage)) != 0) {
		if (rc == 1)
			pcapng_add(set->out, &f,
			    notes_find(set->sink.notes, frame_id(&f)));
		else if (rc == -1 && ++broken > set->npaths)
			break;
	}
	rc = pcapng_finish(set->out, e);
	set->out = NULL;
	return rc;
}

void
explain_close(struct explain_settings *set)
{
	struct err ignored;

	explain_sink_free(&set->sink);
	kernel_view_close(set->sink.kernel);
	capture_close(set->sink.capture);
	pcapng_finish(set->out, &ignored);
	capture_close(set->again);
	if (set->kept != NULL)
		fclose(set->kept);
	if (set->sink.report.svg != NULL)
		fclose(set->sink.report.svg);
}
