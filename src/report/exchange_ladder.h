#ifndef RETORT_EXCHANGE_LADDER_H
#define RETORT_EXCHANGE_LADDER_H

#include "report/ladder.h"
#include "report/report.h"
#include "report/report_script.h"

/*
 * What a segment is called in a ladder, in tcpdump's words: its bits, what it
 * occupies, what it acknowledges: "[P.] 1:6, ack 1", "[R] seq 7".
 */
void ladder_add_label(struct buf *, const struct segment *);

/*
 * The exchange of a case or of a script: we are to the left, the stack is to
 * the right. Numbers count from the first that is known of each side.
 * style NULL: as a picture.
 */
void case_add_ladder(struct buf *, const struct report_case *,
    const struct ladder_style *);
void script_add_ladder(struct buf *, const struct report_script *,
    const struct ladder_style *);

#endif
