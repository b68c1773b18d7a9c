#ifndef RETORT_MARSHAL_PARTS_H
#define RETORT_MARSHAL_PARTS_H

#include "run/marshal.h"

/*
 * What the files that marshal calls share; others include run/marshal.h. The
 * functions that may fail return 0, or -1 with *m->e filled.
 */
struct marshal {
	struct caller_request *req;
	struct call_outs *outs;
	const struct descriptors *fds;
	const struct call_ends *ends;
	struct err *e;
	unsigned arg;	  /* the argument that is filled in */
	uint32_t addrlen; /* of the address before */
};

/* A member of a structure of the script, and where it stands in C's. */
struct marshal_member {
	const char *name;
	uint8_t at, width;
	uint8_t dir;	    /* of enum marshal_dir */
	const char *prefix; /* of the names of its bits */
};

enum marshal_dir {
	MARSHAL_IN = 1,	 /* the kernel reads it */
	MARSHAL_OUT = 2, /* the kernel writes it */
	MARSHAL_FD = 4	 /* a descriptor of the script */
};

/* A number, a constant or constants with | between them. */
int marshal_number(const struct script_expr *, const struct call_ends *,
    int64_t *, struct err *e);
bool marshal_is(const struct script_expr *, const char *word);
/* The one part of [x], else NULL. */
const struct script_expr *marshal_only(const struct script_expr *);
/* name = value, name(x) = value: sets both. */
int marshal_assign(struct marshal *, const struct script_expr *,
    const struct script_expr **name, const struct script_expr **value);

/* Room for len zero octets in data, aligned for all types. */
int marshal_room(struct marshal *, uint64_t len, uint32_t *at);
/* The number in host byte order; width is 1, 2, 4 or 8. */
void marshal_put(struct marshal *, uint32_t at, int64_t value, unsigned width);
int marshal_reloc(struct marshal *, uint32_t at, uint32_t to, uint32_t zeros);
/* The argument is a number, points into data. */
void marshal_arg_number(struct marshal *, int64_t);
void marshal_arg_at(struct marshal *, uint32_t at);

/* Note something that the call writes; "..." is nothing to compare. */
int marshal_out(struct marshal *, struct call_out);
/*
 * The members of {name = value, ...} that stand at `at`, in one direction or
 * both; least is that of struct call_out.
 */
int marshal_struct(struct marshal *, const struct script_expr *,
    const struct marshal_member *, size_t n, uint32_t at, unsigned dir,
    int64_t least);

/* Addresses, marshal_addr.c. */
int marshal_address(struct marshal *, const struct script_expr *, bool bind,
    uint32_t *at, uint32_t *len);
int marshal_bind(struct marshal *, const struct script_expr *);
int marshal_connect(struct marshal *, const struct script_expr *);
int marshal_addrlen(struct marshal *, const struct script_expr *);
int marshal_from(struct marshal *, const struct script_expr *);
int marshal_fromlen(struct marshal *, const struct script_expr *);

/* Data and messages, marshal_data.c. */
int marshal_read(struct marshal *, const struct script_expr *);
int marshal_write(struct marshal *, const struct script_expr *);
int marshal_readv(struct marshal *, const struct script_expr *);
int marshal_writev(struct marshal *, const struct script_expr *);
int marshal_recvmsg(struct marshal *, const struct script_expr *);
int marshal_sendmsg(struct marshal *, const struct script_expr *);

/* Values that are pointed to, marshal_value.c. */
int marshal_setopt(struct marshal *, const struct script_expr *);
int marshal_getopt(struct marshal *, const struct script_expr *);
int marshal_optlen(struct marshal *, const struct script_expr *);
int marshal_ioctl(struct marshal *, const struct script_expr *);
int marshal_offset(struct marshal *, const struct script_expr *);
int marshal_poll(struct marshal *, const struct script_expr *);
int marshal_timeout(struct marshal *, const struct script_expr *);
int marshal_epoll(struct marshal *, const struct script_expr *);
int marshal_epolled(struct marshal *, const struct script_expr *);

/* Ancillary data, marshal_control.c: at is where the msghdr stands. */
int marshal_control_in(struct marshal *, const struct script_expr *,
    uint32_t at);
int marshal_control_out(struct marshal *, const struct script_expr *,
    uint32_t at);

/* Comparisons, marshal_check.c: add a row when it is not as it should be. */
struct marshal_checks {
	const struct call_ends *ends;
	struct field *fields;
	size_t *n;
	bool ok;
};
void marshal_differs(struct marshal_checks *, const char *name,
    const char *expected, const char *observed);
void marshal_check_number(struct marshal_checks *, const char *name,
    const struct script_expr *want, const uint8_t *, unsigned width,
    const char *prefix);
void marshal_check_control(struct marshal_checks *, const struct call_out *,
    const uint8_t *data);

#endif
