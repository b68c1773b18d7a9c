#include <pcap.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/table.h"
#include "sniff/decode.h"
#include "sniff/filter.h"
#include "sniff/pcapng_block.h"
#include "sniff/source.h"

struct filter {
	char *text;
	struct program {
		uint32_t dlt;
		bool swapped; /* see open_as() */
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
find(struct filter *f, uint32_t dlt, bool swapped)
{
	const struct program *p;
	size_t i;

	for (i = 0; i < f->n; i++) {
		p = &f->all[(f->last + i) % f->n];
		if (p->dlt == dlt && p->swapped == swapped) {
			f->last = p - f->all;
			return 0;
		}
	}
	return -1;
}

/*
 * Who compiles for a file of this link type: libpcap looks at the file for the
 * byte order of the address family in LINK_NULL's header, and knows the
 * families of other systems only for files. So it gets one without frames.
 */
static pcap_t *
open_as(uint32_t dlt, bool swapped)
{
	uint32_t header[6] = { 0xa1b2c3d4, 0, 0, 0, FRAME_MAX, dlt };
	const uint16_t version[2] = { 2, 4 };
	char errbuf[PCAP_ERRBUF_SIZE];
	pcap_t *pcap;
	size_t i;
	FILE *f;

	if (dlt == LINK_RAW)
		header[5] = LINKTYPE_RAW;
	memcpy(&header[1], version, sizeof(version));
	for (i = 0; swapped && i < ARRAY_SIZE(header); i++)
		header[i] = __builtin_bswap32(header[i]);
	if (swapped) /* two halves */
		header[1] = header[1] << 16 | header[1] >> 16;
	f = fmemopen(header, sizeof(header), "r");
	if (f == NULL)
		return NULL;
	pcap = pcap_fopen_offline(f, errbuf);
	if (pcap == NULL)
		fclose(f);
	return pcap;
}

static int
compile(struct filter *f, uint32_t dlt, bool swapped, struct err *e)
{
	struct program *p;
	const char *name;
	pcap_t *pcap;
	int rc;

	if (find(f, dlt, swapped) == 0)
		return 0;
	pcap = open_as(dlt, swapped);
	if (pcap == NULL)
		return err_set(e, ERR_INTERNAL,
		    "capture filter: nothing to compile it with");
	f->all = mem_grow(f->all, f->n, sizeof(*f->all));
	p = &f->all[f->n];
	p->dlt = dlt;
	p->swapped = swapped;
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
filter_compile(struct filter *f, uint32_t dlt, struct err *e)
{
	return compile(f, dlt, false, e);
}

int
filter_wants(struct filter *f, const struct captured *frame, struct err *e)
{
	struct pcap_pkthdr h = { .caplen = frame->caplen, .len = frame->len };
	bool swapped = frame->dlt == LINK_NULL && frame->swapped;

	if (!decode_knows(frame->dlt))
		return 0;
	if (compile(f, frame->dlt, swapped, e) == -1)
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
