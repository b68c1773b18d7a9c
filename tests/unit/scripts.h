#ifndef RETORT_TEST_SCRIPTS_H
#define RETORT_TEST_SCRIPTS_H

/* What the tests of scripts share. */
#include "script/script.h"

/* Read this text as file "f". The test fails when it does not parse. */
void scripts_read(struct script *, const char *text);

/* The i-th event, which must be there. */
const struct script_event *scripts_event(const struct script *, size_t i);

/* The packet, or the call, of a script of one event. */
const struct script_packet *scripts_packet(const struct script *);
const struct script_call *scripts_call(const struct script *);

/*
 * This text parses when msg is NULL; else its first error is msg, behind
 * which only what was expected may be told.
 */
void scripts_check(const char *text, const char *msg);

#endif
