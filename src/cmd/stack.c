#include <sys/utsname.h>

#include <stdio.h>
#include <string.h>

#include "cmd/stack.h"

void
stack_init(struct stack *s)
{
	struct utsname un;

	uname(&un);
	snprintf(s->name, sizeof(s->name), "%.79s", un.sysname);
	snprintf(s->version, sizeof(s->version), "%.79s", un.release);
}

int
stack_take(struct stack *s, const char *value, struct err *e)
{
	const char *slash = strchr(value, '/');
	size_t n = slash != NULL ? (size_t)(slash - value) : strlen(value);
	const char *version = slash != NULL ? slash + 1 : "";

	if (n == 0 || n >= sizeof(s->name) ||
	    strlen(version) >= sizeof(s->version) ||
	    strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			  "0123456789-_.+/") != strlen(value))
		return err_about(e, ERR_USAGE,
		    "--stack takes NAME, NAME/VERSION or none, not '", value,
		    "'");
	if (strcmp(value, "none") == 0)
		value = "no known stack", n = strlen(value);
	snprintf(s->name, sizeof(s->name), "%.*s", (int)n, value);
	snprintf(s->version, sizeof(s->version), "%s", version);
	return 0;
}
