#include <string.h>

#include "base/table.h"
#include "cmd/profile.h"
#include "rules/rulebook.h"

int
profile_claims(unsigned *claims, const char *name, struct err *e)
{
	static const struct {
		const char *name;
		unsigned claims;
	} profiles[] = {
		{ "rfc9293", CLAIM_RFC5961 },
		{ "rfc793", CLAIM_RFC793 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(profiles); i++)
		if (strcmp(profiles[i].name, name) == 0) {
			*claims = profiles[i].claims;
			return 0;
		}
	return err_about(e, ERR_USAGE,
	    "--profile takes rfc9293 or rfc793, not '", name, "'");
}

const char *
profile_text(unsigned claims)
{
	if (claims & CLAIM_RFC793)
		return "RFC 793";
	return claims & CLAIM_RFC5961 ? "RFC 9293"
				      : "RFC 9293 without RFC 5961";
}
