#include "base/octets.h"
#include "base/table.h"
#include "judge/numbers.h"

#define MAGIC 0x33aa

/* "TCP Failure Causes" of the draft, from 1. */
static const char *const causes[] = {
	"illegal option length",
	"desynchronized state",
	"new data is received after CLOSE is called",
	"ABORT process",
	"unexpected ACK received by non-synchronized state connection",
	"unexpected SYN in the window",
	"unexpected security compartment",
	"malformed message",
	"not authorized",
	"resource exceeded",
	"network failure",
	"reset received from the peer",
	"destination unreachable",
	"connection timeout",
	"too much outstanding data",
	"unacceptable performance",
	"middlebox interference",
};

unsigned
diagnostic_reason(const uint8_t *text, size_t len, uint32_t *enterprise)
{
	/* magic number, reason code, private enterprise number: no more */
	if (len != 8 || get16(text) != MAGIC)
		return 0;
	*enterprise = get32(text + 4);
	return get16(text + 2);
}

const char *
diagnostic_reason_text(unsigned code)
{
	return code >= 1 && code <= ARRAY_SIZE(causes) ? causes[code - 1]
						       : NULL;
}
