#include <string.h>

#include "base/table.h"
#include "tcp/ctl.h"

/* In the order in which the RFC writes them: <CTL=SYN,ACK>, <CTL=RST,ACK>. */
static const struct {
	uint16_t bit;
	const char *name;
} by_name[] = {
	{ CTL_SYN, "SYN" },
	{ CTL_FIN, "FIN" },
	{ CTL_RST, "RST" },
	{ CTL_PSH, "PSH" },
	{ CTL_ACK, "ACK" },
	{ CTL_URG, "URG" },
	{ CTL_ECE, "ECE" },
	{ CTL_CWR, "CWR" },
	{ CTL_AE, "AE" },
};
_Static_assert(ARRAY_SIZE(by_name) == NCTL, "a name for each bit");

/* In the order of the bits, as tcpdump prints them. */
static const char letters[] = "FSRP.UEWe";
_Static_assert(sizeof(letters) == NCTL + 1, "a letter for each bit");

uint16_t
ctl_by_name(const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(by_name); i++)
		if (strlen(by_name[i].name) == len &&
		    memcmp(by_name[i].name, name, len) == 0)
			return by_name[i].bit;
	return 0;
}

void
ctl_add_rfc(struct buf *b, uint16_t ctl)
{
	const char *sep = "";
	size_t i;

	for (i = 0; i < ARRAY_SIZE(by_name); i++)
		if (ctl & by_name[i].bit) {
			buf_addf(b, "%s%s", sep, by_name[i].name);
			sep = ",";
		}
}

void
ctl_add_tcpdump(struct buf *b, uint16_t ctl)
{
	size_t i;

	if ((ctl & CTL_ALL) == 0)
		buf_adds(b, "none");
	for (i = 0; i < NCTL; i++)
		if (ctl & 1 << i)
			buf_add(b, &letters[i], 1);
}
