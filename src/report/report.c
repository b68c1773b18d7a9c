#include <string.h>

#include "base/table.h"
#include "report/report.h"

static const struct report_format *const formats[] = {
	&report_text,
	&report_tap,
	&report_json,
	&report_nmap,
};

const struct report_format *
report_by_name(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(formats); i++)
		if (strcmp(formats[i]->name, name) == 0)
			return formats[i];
	return NULL;
}
