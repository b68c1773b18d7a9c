#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/table.h"
#include "cmd/value.h"

/* Digits, and nothing but digits, at *p, which is moved behind them. */
static int
digits(const char **p, uint32_t most, uint32_t *value)
{
	uint64_t n = 0;
	const char *at = *p;

	for (; *at >= '0' && *at <= '9' && n <= most; at++)
		n = 10 * n + (*at - '0');
	if (at == *p || n > most)
		return -1;
	*p = at;
	*value = n;
	return 0;
}

int
value_number(uint32_t *value, const char *what, const char *text,
    uint32_t least, uint32_t most, struct err *e)
{
	const char *p = text;
	char before[96];

	if (digits(&p, most, value) == 0 && *p == '\0' && *value >= least)
		return 0;
	snprintf(before, sizeof(before),
	    "%s takes a number from %u to %u, not '", what, least, most);
	return err_about(e, ERR_USAGE, before, text, "'");
}

int
value_time(int64_t *ns, const char *what, const char *text, struct err *e)
{
	static const struct {
		const char *name;
		double ns;
	} units[] = {
		{ "", NSEC_PER_SEC },
		{ "s", NSEC_PER_SEC },
		{ "ms", NSEC_PER_MSEC },
		{ "us", 1000 },
	};
	char before[96], *end;
	double t = -1;
	size_t i;

	if (*text >= '0' && *text <= '9') {
		t = strtod(text, &end);
		for (i = 0; i < ARRAY_SIZE(units); i++)
			if (strcmp(units[i].name, end) == 0)
				break;
		t = i < ARRAY_SIZE(units) ? t * units[i].ns : -1;
	}
	if (t >= 0 && t <= 3600.0 * NSEC_PER_SEC) {
		*ns = t;
		return 0;
	}
	snprintf(before, sizeof(before),
	    "%s takes a time such as 1s, 200ms or 50us, up to an hour, not '",
	    what);
	return err_about(e, ERR_USAGE, before, text, "'");
}

/* "80", "80-90", "-90" or "80-" at *p: mark them. -1: it is none of these. */
static int
mark_range(bool marked[65536], const char **p)
{
	uint32_t first = 1, last, i;
	bool open = **p == '-';

	if (!open && digits(p, 65535, &first) == -1)
		return -1;
	last = first;
	if (**p == '-') {
		++*p;
		last = 65535;
		if ((**p != '\0' && **p != ',') || open)
			if (digits(p, 65535, &last) == -1)
				return -1;
	}
	if (first == 0 || first > last || (**p != '\0' && **p != ','))
		return -1;
	for (i = first; i <= last; i++)
		marked[i] = true;
	return 0;
}

int
value_ports(uint16_t **ports, size_t *n, const char *text, struct err *e)
{
	bool *marked = mem_calloc(65536, sizeof(*marked));
	const char *p = text;
	uint32_t i;
	int rc;

	*n = 0;
	while ((rc = mark_range(marked, &p)) == 0 && *p == ',')
		p++;
	*ports = mem_calloc(65536, sizeof(**ports));
	for (i = 1; i < 65536; i++)
		if (marked[i])
			(*ports)[(*n)++] = i;
	free(marked);
	if (rc == 0)
		return 0;
	free(*ports);
	*ports = NULL;
	return err_about(e, ERR_USAGE,
	    "ports are numbers from 1 to 65535 and ranges, such as "
	    "22,80-90,8000-, not '",
	    text, "'");
}
