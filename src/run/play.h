#ifndef RETORT_PLAY_H
#define RETORT_PLAY_H

#include "judge/judge.h"
#include "run/remote.h"
#include "script/script.h"

struct play_result;

/* How a script is played. */
struct play_options {
	const struct rulebook *book;
	unsigned claims;   /* enum claim */
	int64_t tolerance; /* ns a segment may be off its time; -1: any */
	bool end_silence;  /* a script that ends on what it injects ends with
			      "> none" */
	const char *pcap;  /* keep every frame there; NULL: none */
	/*
	 * The stack is not on a bench but there; NULL: on a bench. listen_port
	 * is the port that the script speaks to, whatever is there.
	 */
	const struct remote_options *remote;
	/* the script's directory, for files its shell lines name; NULL: "." */
	const char *dir;
	/* Called when all is prepared; it may wait. NULL: play at once. */
	void (*ready)(void *arg);
	/*
	 * Called with the result when it is certain, before all is closed: the
	 * kernel takes tens of milliseconds for that. NULL: nobody waits.
	 */
	void (*tell)(void *arg, const struct play_result *);
	void *arg;
};

/* How a script and the rule that applies agree. */
enum play_rfc {
	PLAY_RFC_UNKNOWN,     /* no rule was asked */
	PLAY_RFC_AGREES,      /* the script expects what the rule requires */
	PLAY_RFC_CONTRADICTS, /* it expects what the rule does not know */
};

/* What came of it. */
struct play_result {
	enum verdict verdict; /* PASS, FAIL, SKIP, INCONCLUSIVE, ERROR */
	/* where it ended early; NULL when it went through */
	const struct script_event *at;
	char expected[256], observed[256]; /* at that event; "" */
	int64_t came; /* when the segment observed came, as seg.when; or 0 */
	struct field fields[NFIELDS];
	size_t nfields;
	char reason[512];	 /* one sentence, escaped; "" on a plain PASS */
	const struct rule *rule; /* that applies there, or NULL */
	char required[128];	 /* what it requires, in the RFC's notation */
	enum play_rfc rfc;
	struct exchange x; /* the segments, in the order they were seen */
	int64_t off;	   /* ns: the farthest that a segment was off */
	const struct script_event *off_at; /* which; NULL: none had a time */
	double seconds;
};

/*
 * Play the script on a bench of its own, or at a remote stack: call this in a
 * process of its own, for it enters private namespaces and gives up every
 * privilege. 0, also when the verdict is bad; -1 with *e when there is no bench
 * (ERR_ENV).
 */
int play_script(struct play_result *, const struct script *,
    const struct play_options *, struct err *e);

#endif
