#ifndef RETORT_SCRIPT_H
#define RETORT_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/arena.h"
#include "base/err.h"

/*
 * A script in packetdrill's notation, as it was read: see retort-script(5).
 * Nothing is run or looked up here. Words such as SOCK_STREAM or EAGAIN, shell
 * lines and terms of the RFC are kept as text for those who know them.
 *
 * All of it lives in the script's arena. Strings are terminated and hold no
 * zero octet, save the data of a string expression.
 */

/* Line and column in the file, from 1; a column is an octet. */
struct script_pos {
	int line, col;
};

/* A number of a packet. */
struct script_num {
	struct script_pos pos;
	bool any;	  /* "...": whatever comes */
	const char *term; /* such as SEG.SEQ+SEG.LEN, or NULL */
	uint32_t num;	  /* when it is neither */
};

/* --name or --name=value; quotes around the value are gone. */
struct script_option {
	struct script_pos pos;
	const char *name, *value; /* value: NULL when there is none */
	STAILQ_ENTRY(script_option) next;
};

/* When an event happens, or is expected. Times are in ns. */
enum script_when {
	WHEN_AT,	  /* 0.1: after the start of the script */
	WHEN_AFTER,	  /* +0.1: after the event before */
	WHEN_AT_RANGE,	  /* 0.1~0.2; only packets out */
	WHEN_AFTER_RANGE, /* +0.1~+0.2; only packets out */
	WHEN_ANY,	  /* *; only packets out */
	WHEN_NONE	  /* a shell line before or after all events */
};

struct script_time {
	enum script_when when;
	int64_t from, to; /* to: of a range */
};

/* One option of a segment. */
struct script_opt {
	struct script_pos pos;
	uint8_t kind;  /* IANA's number: see enum option_kind in tcp/ */
	uint16_t exid; /* of kinds 253 and 254, RFC 6994 */
	/*
	 * Its numbers as they follow one another on the wire: mss, wscale, TS
	 * val and ecr, the edges of sack, the 24-bit counters of AccECN.
	 */
	struct script_num num[8];
	size_t n;
	const uint8_t *octets; /* a cookie, a digest, data of other kinds */
	size_t len;
	/* of md5: "valid", "invalid"; of FO: a name that is not defined */
	const char *word;
	STAILQ_ENTRY(script_opt) next;
};
STAILQ_HEAD(script_opts, script_opt);

/* What is said of the ECN bits. The first four are the bits themselves. */
enum script_ecn {
	ECN_NOT_ECT = 0,
	ECN_ECT1 = 1,
	ECN_ECT0 = 2,
	ECN_CE = 3,
	ECN_ECT01, /* either of ECT0 and ECT1; only packets out */
	ECN_UNSAID
};

/* The IP header, as far as it is said: -1 when it is not. */
struct script_ip {
	enum script_ecn ecn;
	int tos, ttl, id;
	int32_t flowlabel;
};

enum script_proto {
	PROTO_TCP,
	PROTO_UDP, /* len is its payload */
	PROTO_ICMP,
	PROTO_RAW /* only quoted */
};

/* How seq:end(len) counts. */
enum script_seq {
	SEQ_RELATIVE, /* from the sender's ISS */
	SEQ_ABSOLUTE, /* with "!": as on the wire */
	SEQ_ANY	      /* ...(len): not compared */
};

/* seq:end(len); end is seq + len modulo 2^32, SYN and FIN not counted. */
struct script_range {
	enum script_seq how;
	struct script_num seq, end, len;
};

/* /udp(sport > dport): the segment travels in UDP, as FreeBSD can. */
struct script_udp {
	bool said;
	uint16_t sport, dport;
};

struct script_icmp {
	const char *type, *code; /* names; code: NULL when it is not said */
	struct script_pos type_pos, code_pos;
	int32_t mtu, id; /* -1 when they are not said */
	/* the packet that is quoted */
	bool quoted;
	enum script_proto proto;
	struct script_range seq;
	struct script_udp udp;
};

struct script_packet {
	bool out; /* ">": the stack sends it */
	enum script_proto proto;
	const char *foreign; /* "GRE", "PSP": headers that we do not build */
	struct script_ip ip;
	bool ports; /* said: sport > dport */
	uint16_t sport, dport;
	const char *flags; /* as written */
	uint16_t ctl;	   /* enum ctl; AccECN's digit becomes AE, CWR, ECE */
	int ace;	   /* that digit, or -1 */
	struct script_range seq;
	bool has_ack, has_wnd, has_up;
	struct script_num ack, wnd, up;
	bool any_options; /* <...> */
	struct script_opts opts;
	struct script_udp udp;
	struct script_icmp icmp;
};

enum script_expr_kind {
	EXPR_ELLIPSIS, /* ...: whatever is right */
	EXPR_NUMBER,
	EXPR_WORD,   /* SOCK_STREAM */
	EXPR_STRING, /* "a"; its data are octets, escapes are resolved */
	EXPR_OR,     /* a | b | c: parts */
	EXPR_ARRAY,  /* [a, b]: parts */
	EXPR_STRUCT, /* {a, b}: parts */
	EXPR_APPLY,  /* htons(80): text is the name, parts are in brackets */
	EXPR_ASSIGN  /* fd = 4: two parts */
};

/* An argument or a result. Never deeper than a few hundred parts. */
struct script_expr {
	struct script_pos pos;
	enum script_expr_kind kind;
	int64_t num;	  /* 0x.. of 64 bits may be negative here */
	bool hex;	  /* it was written so */
	const char *text; /* of a word, a string, a name */
	size_t len;	  /* of a string */
	bool more;	  /* of a string: "a"..., only its beginning */
	STAILQ_HEAD(script_exprs, script_expr) parts;
	size_t nparts;
	STAILQ_ENTRY(script_expr) next;
};

enum script_call_id {
	CALL_SOCKET,
	CALL_BIND,
	CALL_LISTEN,
	CALL_ACCEPT,
	CALL_CONNECT,
	CALL_READ,
	CALL_READV,
	CALL_RECV,
	CALL_RECVFROM,
	CALL_RECVMSG,
	CALL_WRITE,
	CALL_WRITEV,
	CALL_SEND,
	CALL_SENDTO,
	CALL_SENDMSG,
	CALL_SHUTDOWN,
	CALL_CLOSE,
	CALL_GETSOCKOPT,
	CALL_SETSOCKOPT,
	CALL_FCNTL,
	CALL_IOCTL,
	CALL_POLL,
	CALL_EPOLL_CREATE,
	CALL_EPOLL_CTL,
	CALL_EPOLL_WAIT,
	CALL_OPEN,
	CALL_PIPE,
	CALL_SENDFILE,
	CALL_SPLICE,
	CALL_CAP_SET,
	CALL_PSP_RX_ASSOC,
	CALL_PSP_TX_ASSOC,
	NCALLS
};

/* The number of arguments is one that the call may have. */
struct script_call {
	enum script_call_id id;
	int64_t end; /* ns: ...0.2, when it returns; -1: it does not block */
	struct script_exprs args;
	size_t nargs;
	const struct script_expr *result;
	const char *error; /* "EAGAIN", or NULL */
	const char *note;  /* (what stands in brackets), or NULL */
};

/* #ifdef NAME or #ifndef NAME around an event. */
struct script_cond {
	struct script_pos pos;
	const char *name;
	bool negated;			 /* #ifndef, or after #else */
	bool in_else;			 /* this is the other branch */
	const struct script_cond *outer; /* must hold, too; or NULL */
};

/* connection NAME: the events from there on are of that connection. */
struct script_connection {
	struct script_pos pos;
	const char *name;
	STAILQ_ENTRY(script_connection) next;
};

enum script_kind {
	SCRIPT_PACKET,
	SCRIPT_SILENCE, /* > none */
	SCRIPT_RULE,	/* > rule, > rule ID */
	SCRIPT_CALL,
	SCRIPT_SHELL, /* `command` */
	SCRIPT_CODE   /* %{ python }% */
};

struct script_event {
	struct script_pos pos; /* of its time */
	struct script_pos what_pos;
	struct script_time time;
	enum script_kind kind;
	const struct script_connection *connection; /* or NULL: the only one */
	const struct script_cond *cond;		    /* or NULL: always */
	const char *source; /* the event as it is written, on one line */
	/* by kind: */
	const struct script_packet *packet;
	const struct script_call *call;
	const char *text; /* a shell line, code, the id of a rule or NULL */
	STAILQ_ENTRY(script_event) next;
};

struct script_error {
	struct script_pos pos;
	const char *msg; /* "file:line:column: what", escaped */
	STAILQ_ENTRY(script_error) next;
};

struct script {
	struct arena arena;
	const char *name; /* of the file, escaped */
	STAILQ_HEAD(script_options, script_option) options;
	STAILQ_HEAD(script_events, script_event) events;
	STAILQ_HEAD(script_connections, script_connection) connections;
	STAILQ_HEAD(script_errors, script_error) errors;
	size_t nerrors;
};

/* How many errors are told before one gives up. */
#define SCRIPT_ERRORS_MAX 20

/*
 * Read a script. 0, or -1 with *e filled (ERR_USAGE) by the first error, and
 * s->errors by all of them: what makes no sense (a number that is impossible,
 * an unknown call) is noted and read over, at what is no phrase of the
 * language reading stops. In either case free it with script_free(). The name
 * is for messages; the text is not needed afterwards.
 *
 * A word of the script that is NAME in one of the defines, "NAME=VALUE", or
 * in an option --define=NAME=VALUE before it, is read as the value. defines
 * ends with NULL, comes before the options, and may be NULL.
 */
int script_parse(struct script *s, const char *name, const char *text,
    size_t len, const char *const *defines, struct err *e);
void script_free(struct script *);

/* The last option of that name, or NULL. */
const struct script_option *script_option(const struct script *,
    const char *name);

/*
 * Does the event apply where these names are defined? The names end with NULL.
 * Scripts for several stacks have such events: STANDARD is what the RFC asks.
 */
bool script_applies(const struct script_event *, const char *const *names);

/* "socket", and back; NCALLS when there is no such call. */
const char *script_call_name(enum script_call_id);
enum script_call_id script_call_by_name(const char *name);

/*
 * The type and the code of an ICMP message, RFC 792 for ip 4, RFC 4443 for
 * ip 6. A code may also be written code_N. 0, or -1 when one of the names is
 * none of that protocol.
 */
int script_icmp_numbers(const struct script_icmp *, int ip, uint8_t *type,
    uint8_t *code);

#endif
