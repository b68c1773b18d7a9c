#include <pcap.h>

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "sniff/decode.h"
#include "sniff/filter.h"
#include "sniff/source.h"

struct filter {
	char *text;
	struct program {
		uint32_t dlt;
		struct bpf_program code;
	} * all;
	size_t n;
	size_t last; /* used */
};

struct filter *
filter_new(const char *text)
{
	struct filter *f = mem_calloc(1, sizeof(*f));

	f->text = mem_strdup(text);
	return f;
}

/* Find the program for a link type. -1: there is none. */
static int
find(struct filter *f, uint32_t dlt)
{
	if (f->last < f->n && f->all[f->last].dlt == dlt)
		return 0;
	for (f->last = 0; f->last < f->n; f->last++)
		if (f->all[f->last].dlt == dlt)
			return 0;
	return -1;
}

int
filter_compile(struct filter *f, uint32_t dlt, struct err *e)
{
	struct program *p;
	const char *name;
	pcap_t *pcap;
	int rc;

	if (find(f, dlt) == 0)
		return 0;
	pcap = pcap_open_dead(dlt, FRAME_MAX);
	if (pcap == NULL)
		return err_set(e, ERR_ENV, "capture filter: no memory");
	f->all = mem_grow(f->all, f->n, sizeof(*f->all));
	p = &f->all[f->n];
	p->dlt = dlt;
	rc = pcap_compile(pcap, &p->code, f->text, 1, PCAP_NETMASK_UNKNOWN);
	if (rc == 0) {
		f->last = f->n++;
	} else {
		name = pcap_datalink_val_to_name(dlt);
		err_about(e, ERR_USAGE, "capture filter: ", pcap_geterr(pcap),
		    "");
		if (f->n > 0 && name != NULL)
			err_prefix(e, "link type %s", name);
	}
	pcap_close(pcap);
	return rc;
}

int
filter_wants(struct filter *f, const struct captured *frame, struct err *e)
{
	struct pcap_pkthdr h = { .caplen = frame->caplen, .len = frame->len };

	if (!decode_knows(frame->dlt))
		return 0;
	if (filter_compile(f, frame->dlt, e) == -1)
		return -1;
	return pcap_offline_filter(&f->all[f->last].code, &h, frame->p) != 0;
}

void
filter_free(struct filter *f)
{
	if (f == NULL)
		return;
	while (f->n > 0)
		pcap_freecode(&f->all[--f->n].code);
	free(f->all);
	free(f->text);
	free(f);
}
