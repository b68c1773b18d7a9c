#ifndef RETORT_CLUE_H
#define RETORT_CLUE_H

#include <stddef.h>
#include <stdint.h>

/*
 * What can be said about a RST in a capture, by the names that
 * data/causes/ uses. "Sender" and "peer" are the two ends by the RST's
 * addresses; whether the sender has sent it is the question. The table in
 * clue.c says each in words.
 */
enum clue {
	/* its form */
	CLUE_ACK,	   /* it bears ACK */
	CLUE_SEQ_ZERO,	   /* SEG.SEQ = 0 */
	CLUE_SEQ_NEXT,	   /* SEG.SEQ = SND.NXT of the sender */
	CLUE_ACK_NEXT,	   /* SEG.ACK = the end of all that the peer sent */
	CLUE_ANSWERS,	   /* its numbers are those of a reply to the trigger */
	CLUE_REPLY,	   /* and so is its form: no ACK where that has one */
	CLUE_WINDOW,	   /* SEG.WND */
	CLUE_ID_ZERO,	   /* its IP ID is 0 */
	CLUE_TIMESTAMP,	   /* it bears timestamps */
	CLUE_TEXT,	   /* octets of text in it */
	CLUE_DIAGNOSTIC,   /* reason code of the IETF diagnostic payload; 0 */
	CLUE_MPTCP_REASON, /* it bears an MPTCP option (MP_TCPRST, FASTCLOSE) */
	CLUE_EXACT,	   /* the peer expects this very SEQ */
	CLUE_IN_WINDOW,	   /* it is in the peer's window, but not exact */
	CLUE_OUTSIDE,	   /* neither; of all three none when not known */

	/* what it answers */
	CLUE_TRIGGER,	  /* a segment of the peer precedes it that it fits */
	CLUE_TRIGGER_SYN, /* that has SYN without ACK */
	CLUE_TRIGGER_SYN_ACK,
	CLUE_TRIGGER_FIN,
	CLUE_TRIGGER_DATA,  /* it has text */
	CLUE_TRIGGER_PROBE, /* a keepalive: before what is expected */
	CLUE_TRIGGER_AGAIN,
	CLUE_TRIGGER_TAKEN,
	CLUE_TRIGGER_OLD_TIMESTAMP,
	CLUE_TRIGGER_NO_ACK,
	CLUE_TRIGGER_OTHER_ACK,	 /* it acknowledges what was never sent */
	CLUE_TRIGGER_OTHER_ECHO, /* it echoes a timestamp that was never sent */
	CLUE_DELAY,		 /* ms from it to the RST */
	CLUE_FAST,		 /* sooner than the sender ever answered */

	/* the connection */
	CLUE_FRESH,	  /* nothing of it was seen before */
	CLUE_MIDDLE,	  /* its handshake was not seen */
	CLUE_SENDER_SEEN, /* the sender has sent something but resets */
	CLUE_PEER_SEEN,
	CLUE_SENDER_SYN, /* its SYN or SYN,ACK was seen */
	CLUE_PEER_SYN,
	CLUE_SENDER_OPENS, /* its SYN had no ACK */
	CLUE_PEER_OPENS,
	CLUE_HANDSHAKE, /* all of it was seen */
	CLUE_SYN_ONLY,	/* the sender has sent nothing but its SYN or SYN,ACK */
	CLUE_SENDER_SYNS, /* how often each sent its SYN */
	CLUE_PEER_SYNS,
	CLUE_SENDER_DATA,
	CLUE_PEER_DATA,
	CLUE_SENDER_FIN,
	CLUE_PEER_FIN,
	CLUE_SENDER_FIN_ACKED,
	CLUE_PEER_FIN_ACKED,
	CLUE_UNACKED_DATA,    /* octets of the peer's that the sender's last ACK
				 did not cover */
	CLUE_UNANSWERED_DATA, /* the peer's text is later than any of the
				 sender's */
	CLUE_DATA_AFTER_FIN,  /* text of the peer later than the sender's FIN */
	CLUE_UNACKED_SENT,    /* octets of the sender's that the peer did not
				 acknowledge */
	CLUE_SENDER_RETRIES,
	CLUE_PEER_RETRIES,
	CLUE_SENDER_PROBES, /* keepalives that stayed unanswered */
	CLUE_PEER_PROBES,
	CLUE_SENDER_PROBED, /* probes of the sender, answered or not, of late */
	CLUE_SENDER_CLOSED_WINDOW,
	CLUE_PEER_CLOSED_WINDOW,
	CLUE_IDLE,  /* ms, the longest silence before it since the last
		       progress */
	CLUE_AGE,   /* ms since the connection's first segment */
	CLUE_QUIET, /* ms since the sender sent anything */
	CLUE_COPY,
	CLUE_REUSED,	  /* the tuple had an earlier connection */
	CLUE_OLD_OPEN,	  /* that was not closed */
	CLUE_SINCE_OLD,	  /* ms since it */
	CLUE_TIMESTAMPS,  /* both ends send timestamps */
	CLUE_IN_SYN_SENT, /* the sender's state */
	CLUE_IN_SYN_RECEIVED,
	CLUE_MPTCP, /* a SYN bore MPTCP, Fast Open, text */
	CLUE_FASTOPEN,
	CLUE_SYN_DATA,

	/* who sent it */
	CLUE_TTL_OFF, /* by how much its TTL differs from the sender's */
	CLUE_TTL_KNOWN,
	CLUE_TOS_OFF,	    /* its TOS is not that of the sender's segments */
	CLUE_ID_OFF,	    /* its IP ID is not of the sender's kind */
	CLUE_DF_OFF,	    /* nor is its don't fragment bit */
	CLUE_SENDER_RESETS, /* before it, in this connection */
	CLUE_PEER_RESETS,
	CLUE_RESETS_DIFFER,
	CLUE_SENDER_AFTER, /* segments that are no RST */
	CLUE_PEER_AFTER,
	CLUE_TALKS_ON, /* the sender goes on with new numbers */
	CLUE_PEER_TALKS_ON,
	CLUE_RESETS_AFTER,
	CLUE_CHALLENGED, /* the peer answers with an ACK at once */
	CLUE_REOPENED,	 /* and a new SYN of the same tuple comes */

	/* the hosts, over all flows */
	CLUE_SENDER_OPENED,	/* connections */
	CLUE_SENDER_CHANGES,	/* to another port or host each time */
	CLUE_SENDER_QUICK_ENDS, /* opened and reset without text */
	CLUE_PEER_OPENED,
	CLUE_PEER_CHANGES,
	CLUE_PEER_UNASKED, /* SYN,ACKs to no SYN in this capture */
	NCLUES
};

/* How a clue's number reads. */
enum clue_kind { CLUE_YES_NO, CLUE_COUNT, CLUE_MS };

struct clues {
	int64_t v[NCLUES];
};

struct clue_name {
	const char *name; /* "peer-retries" */
	enum clue_kind kind;
	const char *means; /* one phrase */
};

const struct clue_name *clue_name(enum clue);

/* The clue of that name, or NCLUES. */
enum clue clue_by_name(const char *name, size_t len);

#endif
