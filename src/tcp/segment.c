#include "tcp/option.h"
#include "tcp/segment.h"

uint32_t
seg_len(const struct segment *s)
{
	return s->text_len + !!(s->ctl & CTL_SYN) + !!(s->ctl & CTL_FIN);
}

void
seg_find_faults(struct segment *s)
{
	uint32_t size = 20 + (s->options_len + 3U) / 4 * 4 + s->text_len;
	struct option o;
	size_t at = 0;
	int rc;

	if (s->offset != 0 && (s->offset < 5 || s->offset * 4U > size))
		s->faults |= FAULT_OFFSET;
	while ((rc = opt_next(s, &at, &o)) == 1)
		;
	if (rc == -1)
		s->faults |= FAULT_OPTION;
}
