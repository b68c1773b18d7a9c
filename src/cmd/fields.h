#ifndef RETORT_FIELDS_H
#define RETORT_FIELDS_H

#include "cmd/cmd.h"
#include "tcp/segment.h"

/* The options that say what a crafted segment is like. */
enum {
	OPT_PRESET = 512,
	OPT_WINDOW,
	OPT_URGENT,
	OPT_OPTION,
	OPT_PAYLOAD,
	OPT_PAYLOAD_FILE,
	OPT_TTL,
	OPT_ID,
	OPT_TOS,
	OPT_DF,
	OPT_SPORT,
	OPT_RESERVED,
	OPT_OFFSET,
	OPT_BAD_CHECKSUM,
	OPT_ZERO_CHECKSUM,
	OPT_BAD_IP_CHECKSUM
};

/* For the table of a command. */
#define FIELDS_OPTIONS                                                        \
	{ "flags", 'f', "BITS", "control bits: SYN,ACK or SA or none" },      \
	    { "preset", OPT_PRESET, "NAME",                                   \
		    "syn, ack, fin, null, xmas, maimon, window, syn-ack, "    \
		    "rst" },                                                  \
	    { "window", OPT_WINDOW, "N", "SEG.WND (64240)" },                 \
	    { "urgent", OPT_URGENT, "N", "SEG.UP, the urgent pointer" },      \
	    { "option", OPT_OPTION, "LIST",                                   \
		    "TCP options: mss=1460,sackok,ts,nop,wscale=7" },         \
	    { "payload", OPT_PAYLOAD, "TEXT", "text of the segment" },        \
	    { "payload-file", OPT_PAYLOAD_FILE, "FILE",                       \
		    "the same, a file's" },                                   \
	    { "sport", OPT_SPORT, "PORT", "source port" },                    \
	    { "ttl", OPT_TTL, "N", "TTL or hop limit (64)" },                 \
	    { "id", OPT_ID, "N", "identification, of IPv4" },                 \
	    { "tos", OPT_TOS, "N", "TOS or traffic class" },                  \
	    { "df", OPT_DF, NULL, "don't fragment, of IPv4" },                \
	    { "reserved", OPT_RESERVED, "N", "the three reserved bits" },     \
	    { "offset", OPT_OFFSET, "N", "a data offset that may be wrong" }, \
	    { "bad-checksum", OPT_BAD_CHECKSUM, NULL,                         \
		    "a wrong TCP checksum" },                                 \
	    { "zero-checksum", OPT_ZERO_CHECKSUM, NULL,                       \
		    "a TCP checksum of 0, which is wrong" },                  \
	{                                                                     \
		"bad-ip-checksum", OPT_BAD_IP_CHECKSUM, NULL,                 \
		    "a wrong IPv4 header checksum"                            \
	}

/*
 * Take what one of these options says: 1, or 0 when it is none of them, or
 * -1 with *e. A payload is copied: fields_free() frees it.
 */
int fields_take(struct segment *, int letter, const char *value, struct err *e);
void fields_free(struct segment *);

#endif
