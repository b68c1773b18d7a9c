#ifndef RETORT_JSON_H
#define RETORT_JSON_H

#include <jansson.h>

#include "report/report.h"

/* What the objects of JSON Lines have in common. Keys are only ever added. */
#define JSON_VERSION 1

/* Text from a file may be no UTF-8, which jansson refuses: escape it. */
json_t *json_escaped(const char *text);
json_t *json_cites(const struct cites *);
json_t *json_fields(const struct field *, size_t n);

/*
 * What a case, the probe of a port and the answer to a hand-made peer have in
 * common, added to an object; in short: without the words for it, and without
 * the exchange.
 */
void json_add_case(json_t *obj, const struct report_case *, bool brief);

/* Write the object as a line, and free it. */
void json_put_line(const struct report_options *, json_t *obj);

/* The part of the table for scripts. */
void json_script_head(const struct report_options *,
    const struct report_script_head *);
void json_script(const struct report_options *, size_t number,
    const struct report_script *);
void json_script_tail(const struct report_options *,
    const struct report_script_tail *);

/* The part of the table for a hand-made peer. */
void json_respond_head(const struct report_options *,
    const struct report_respond_head *);
void json_respond_segment(const struct report_options *,
    const struct report_respond_segment *);
void json_respond_verdict(const struct report_options *,
    const struct report_respond_verdict *);
void json_respond_tail(const struct report_options *,
    const struct report_respond_tail *);

/* The part of the table for a table of stacks. */
void json_table_head(const struct report_options *);
void json_table_stack(const struct report_options *,
    const struct report_table_stack *);
void json_table_tail(const struct report_options *,
    const struct report_table_tail *);

#endif
