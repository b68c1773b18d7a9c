#ifndef RETORT_LAB_H
#define RETORT_LAB_H

#include "script/script.h"
#include "tcp/state.h"

/*
 * A lesson of `retort lab`, as it was read: see retort-lab(5). Nothing is run
 * here. What happens in it stands in a script's notation and is handed to that
 * parser (script.h), a line at a time.
 *
 * All of it lives in the lesson's arena. Texts are English: their words are
 * one blank apart, and {NAME} in them is an option's value.
 */
enum lab_side { LAB_CLIENT, LAB_SERVER };

/* What may be varied: by one of several values, or by a number. */
struct lab_option {
	struct script_pos pos;
	const char *name, *help;
	const char *value;   /* that is chosen */
	const char **values; /* allowed ones; NULL: from min to max */
	size_t nvalues;
	uint32_t min, max;
	STAILQ_ENTRY(lab_option) next;
};

/* if NAME=VALUE,... and else around a statement. */
struct lab_cond {
	struct script_pos pos;
	const struct lab_option *option;
	const char **values;
	size_t nvalues;
	bool negated;		      /* after else */
	const struct lab_cond *outer; /* must hold, too; or NULL */
};

struct lab_text {
	const char *text;
	STAILQ_ENTRY(lab_text) next;
};
STAILQ_HEAD(lab_texts, lab_text);

enum lab_kind {
	LAB_TITLE, /* texts */
	LAB_ABOUT,
	LAB_FORESEE,
	LAB_AFTER,
	LAB_STEP,
	LAB_NOTE,
	LAB_ASK,
	LAB_CODE,    /* side; texts are lines, as they stand */
	LAB_COMMAND, /* the first text is the command */
	LAB_VARY,    /* words: NAME=VALUE */
	LAB_EVENT,   /* side, event: a call, or a packet > or < */
	LAB_RETURNS, /* side */
	LAB_STATE,   /* side, state */
	LAB_SYSCTL,  /* side, words: the name after net.ipv4., the value */
	LAB_RULE,    /* words: its id */
	LAB_WAIT,    /* ns */
	LAB_PASS,    /* side, and the next three: what it sends */
	LAB_HOLD,
	LAB_LOSE,
	LAB_RELEASE
};

#define LAB_WORDS 8

/* A statement. */
struct lab_item {
	struct script_pos pos;
	enum lab_kind kind;
	const struct lab_cond *cond; /* or NULL: always */
	struct lab_texts texts;
	enum lab_side side;
	/* what follows the keyword, as it stands in the file, and where */
	const char *line;
	struct script_pos line_pos;
	/* the same, by the options' values: lab_prepare() */
	struct script script;
	const struct script_event *event;
	const char *words[LAB_WORDS];
	size_t nwords;
	enum state state;
	int64_t ns;
	STAILQ_ENTRY(lab_item) next;
};

struct lab {
	struct arena arena;
	const char *file;  /* escaped */
	const char *name;  /* of the lesson */
	const char *title; /* "" before it was read */
	uint32_t order;
	STAILQ_HEAD(lab_options, lab_option) options;
	STAILQ_HEAD(lab_items, lab_item) items;
};

/*
 * Read a lesson; every option has its default, and all is prepared. 0, or -1
 * with *e (ERR_USAGE): file:line:column. In either case free it with
 * lab_free(). file is for messages; the text is not needed afterwards.
 */
int lab_parse(struct lab *, const char *file, const char *text, size_t len,
    struct err *e);
void lab_free(struct lab *);

/*
 * "NAME=VALUE": a variation; lab_prepare() makes it hold. 0, or -1 with *e
 * (ERR_USAGE), which names the options or the values that there are.
 */
int lab_define(struct lab *, const char *define, struct err *e);

/* Read the lines of what applies again. 0, or -1 with *e (ERR_USAGE). */
int lab_prepare(struct lab *, struct err *e);

/* Does the statement apply with the values that are chosen? */
bool lab_applies(const struct lab_item *);

/* ---- what the files lab*.c share ---- */

/* "file:line:column: what"; what is escaped. Always -1. */
int lab_error(const struct lab *, const struct script_pos *, struct err *e,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

struct lab_option *lab_option(const struct lab *, const char *name, size_t len);

/* Is it a value that the option may have? */
bool lab_allows(const struct lab_option *, const char *value);

/* Read one statement's line with the options' values. 0, or -1 with *e. */
int lab_prepare_item(struct lab *, struct lab_item *, struct err *e);

#endif
