#ifndef RETORT_PROFILE_H
#define RETORT_PROFILE_H

#include "base/err.h"

/*
 * What a stack claims to be decides which rules bind it: rfc9293 or rfc793, as
 * enum claim. 0, or -1 with *e (ERR_USAGE).
 */
int profile_claims(unsigned *claims, const char *name, struct err *e);

/* What these claims are held to: "RFC 9293". */
const char *profile_text(unsigned claims);

#endif
