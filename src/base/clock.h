#ifndef RETORT_CLOCK_H
#define RETORT_CLOCK_H

#include <stdint.h>

#define NSEC_PER_SEC  1000000000LL
#define NSEC_PER_MSEC 1000000LL

/* Nanoseconds of a clock that never goes back; only differences mean much. */
int64_t clock_mono(void);

/* Nanoseconds since 1970, as captures stamp their packets. */
int64_t clock_wall(void);

#endif
