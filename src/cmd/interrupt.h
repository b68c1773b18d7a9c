#ifndef RETORT_INTERRUPT_H
#define RETORT_INTERRUPT_H

#include <stdbool.h>

/* From now on SIGINT and SIGTERM end nothing, but wait to be asked about. */
void interrupt_hold(void);

/* Has one of them come? */
bool interrupt_came(void);

#endif
