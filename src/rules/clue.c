#include <string.h>

#include "base/table.h"
#include "rules/clue.h"

#define YES(s, m)                     \
	{                             \
		(s), CLUE_YES_NO, (m) \
	}
#define COUNT(s, m)                  \
	{                            \
		(s), CLUE_COUNT, (m) \
	}
#define MS(s, m)                  \
	{                         \
		(s), CLUE_MS, (m) \
	}

static const struct clue_name names[] = {
	[CLUE_ACK] = YES("ack", "the RST bears ACK"),
	[CLUE_SEQ_ZERO] = YES("seq-zero", "its SEG.SEQ is 0"),
	[CLUE_SEQ_NEXT] =
	    YES("seq-next", "its SEG.SEQ is the sender's SND.NXT"),
	[CLUE_ACK_NEXT] = YES("ack-next",
	    "its SEG.ACK is what follows all that the peer sent"),
	[CLUE_ANSWERS] =
	    YES("answers", "its numbers are those of a reply to the trigger"),
	[CLUE_REPLY] = YES("reply",
	    "and so is its form: without ACK if the trigger has ACK"),
	[CLUE_WINDOW] = COUNT("window", "its SEG.WND"),
	[CLUE_ID_ZERO] = YES("id-zero", "its IP identification is 0"),
	[CLUE_TIMESTAMP] = YES("timestamp", "it bears a timestamp"),
	[CLUE_TEXT] = COUNT("text", "octets of text in it"),
	[CLUE_DIAGNOSTIC] =
	    COUNT("diagnostic", "the reason code of a diagnostic payload"),
	[CLUE_MPTCP_REASON] = YES("mptcp-reason", "it bears an MPTCP option"),
	[CLUE_EXACT] = YES("exact", "the peer expects its very SEG.SEQ"),
	[CLUE_IN_WINDOW] = YES("in-window",
	    "its SEG.SEQ is in the peer's window, but not the one expected"),
	[CLUE_OUTSIDE] = YES("outside", "its SEG.SEQ is outside of the window"),
	[CLUE_TRIGGER] = YES("trigger",
	    "it follows a segment of the peer at once, or fits one"),
	[CLUE_TRIGGER_SYN] = YES("trigger-syn", "the trigger is a SYN"),
	[CLUE_TRIGGER_SYN_ACK] =
	    YES("trigger-syn-ack", "the trigger is a SYN,ACK"),
	[CLUE_TRIGGER_FIN] = YES("trigger-fin", "the trigger has FIN"),
	[CLUE_TRIGGER_DATA] =
	    COUNT("trigger-data", "octets of text in the trigger"),
	[CLUE_TRIGGER_PROBE] =
	    YES("trigger-probe", "the trigger is a keepalive probe"),
	[CLUE_TRIGGER_AGAIN] = YES("trigger-again",
	    "it is an empty ACK of what had been acknowledged before"),
	[CLUE_TRIGGER_TAKEN] = YES("trigger-taken",
	    "the sender acknowledges its text after the RST"),
	[CLUE_TRIGGER_OLD_TIMESTAMP] = YES("trigger-old-timestamp",
	    "the trigger's timestamp is older than one before it"),
	[CLUE_TRIGGER_NO_ACK] = YES("trigger-no-ack", "the trigger has no ACK"),
	[CLUE_TRIGGER_OTHER_ACK] = YES("trigger-other-ack",
	    "the trigger acknowledges what the sender never sent"),
	[CLUE_TRIGGER_OTHER_ECHO] = YES("trigger-other-echo",
	    "the trigger echoes a timestamp that the sender never sent"),
	[CLUE_DELAY] = MS("delay", "from the trigger to the RST"),
	[CLUE_FAST] = YES("fast", "sooner than the sender ever answered"),
	[CLUE_FRESH] =
	    YES("fresh", "nothing of the connection was seen before"),
	[CLUE_MIDDLE] = YES("middle", "no SYN of the connection was seen"),
	[CLUE_SENDER_SEEN] =
	    YES("sender-seen", "the sender has sent something before"),
	[CLUE_PEER_SEEN] = YES("peer-seen", "the peer has sent something"),
	[CLUE_SENDER_SYN] = YES("sender-syn", "the sender has sent a SYN"),
	[CLUE_PEER_SYN] = YES("peer-syn", "the peer has sent a SYN"),
	[CLUE_SENDER_OPENS] =
	    YES("sender-opens", "the sender opened the connection"),
	[CLUE_PEER_OPENS] = YES("peer-opens", "the peer opened the connection"),
	[CLUE_SYN_ONLY] = YES("syn-only",
	    "the sender has sent nothing but its SYN or SYN,ACK"),
	[CLUE_HANDSHAKE] = YES("handshake", "the whole handshake was seen"),
	[CLUE_SENDER_SYNS] =
	    COUNT("sender-syns", "how often the sender sent its SYN"),
	[CLUE_PEER_SYNS] =
	    COUNT("peer-syns", "how often the peer sent its SYN"),
	[CLUE_SENDER_DATA] = YES("sender-data", "the sender has sent text"),
	[CLUE_PEER_DATA] = YES("peer-data", "the peer has sent text"),
	[CLUE_SENDER_FIN] = YES("sender-fin", "the sender has sent FIN"),
	[CLUE_PEER_FIN] = YES("peer-fin", "the peer has sent FIN"),
	[CLUE_SENDER_FIN_ACKED] =
	    YES("sender-fin-acked", "the sender's FIN was acknowledged"),
	[CLUE_PEER_FIN_ACKED] =
	    YES("peer-fin-acked", "the peer's FIN was acknowledged"),
	[CLUE_UNACKED_DATA] = COUNT("unacked-data",
	    "octets of the peer that the sender had not acknowledged"),
	[CLUE_UNANSWERED_DATA] = YES("unanswered-data",
	    "the peer's last text is later than the sender's"),
	[CLUE_DATA_AFTER_FIN] =
	    YES("data-after-fin", "the peer sent text after the sender's FIN"),
	[CLUE_UNACKED_SENT] = COUNT("unacked-sent",
	    "octets of the sender that the peer had not acknowledged"),
	[CLUE_SENDER_RETRIES] = COUNT("sender-retries",
	    "retransmissions of the sender since the last progress"),
	[CLUE_PEER_RETRIES] = COUNT("peer-retries",
	    "retransmissions of the peer since the last progress"),
	[CLUE_SENDER_PROBES] = COUNT("sender-probes",
	    "probes of the sender that stayed unanswered"),
	[CLUE_PEER_PROBES] =
	    COUNT("peer-probes", "probes of the peer that stayed unanswered"),
	[CLUE_SENDER_PROBED] = COUNT("sender-probed",
	    "probes of the sender of late, whether or not answered"),
	[CLUE_SENDER_CLOSED_WINDOW] =
	    YES("sender-closed-window", "the sender's window was closed"),
	[CLUE_PEER_CLOSED_WINDOW] =
	    YES("peer-closed-window", "the peer's window was closed"),
	[CLUE_IDLE] = MS("idle", "the longest silence before it"),
	[CLUE_AGE] = MS("age", "since the connection's first segment"),
	[CLUE_QUIET] = MS("quiet", "since the sender sent anything"),
	[CLUE_COPY] = YES("copy", "it was seen before, but for its TTL"),
	[CLUE_REUSED] = YES("reused", "the tuple had an earlier connection"),
	[CLUE_OLD_OPEN] = YES("old-open", "which was not closed"),
	[CLUE_SINCE_OLD] = MS("since-old", "from that one to this one"),
	[CLUE_TIMESTAMPS] = YES("timestamps", "both ends send timestamps"),
	[CLUE_IN_SYN_SENT] =
	    YES("in-syn-sent", "the sender has sent a SYN and no ACK yet"),
	[CLUE_IN_SYN_RECEIVED] = YES("in-syn-received",
	    "the sender has sent a SYN,ACK that is not acknowledged"),
	[CLUE_MPTCP] = YES("mptcp", "a SYN bore Multipath TCP"),
	[CLUE_FASTOPEN] = YES("fast-open", "a SYN bore TCP Fast Open"),
	[CLUE_SYN_DATA] = YES("syn-data", "a SYN bore text"),
	[CLUE_TTL_OFF] =
	    COUNT("ttl-off", "by how much its TTL is not the sender's"),
	[CLUE_TTL_KNOWN] = YES("ttl-known", "the sender's TTL is known"),
	[CLUE_TOS_OFF] = YES("tos-off", "its TOS is not the sender's"),
	[CLUE_ID_OFF] = YES("id-off", "its IP ID is not of the sender's kind"),
	[CLUE_DF_OFF] = YES("df-off",
	    "its don't fragment bit is not that of the sender's segments"),
	[CLUE_SENDER_RESETS] =
	    COUNT("sender-resets", "RSTs of the sender before it"),
	[CLUE_PEER_RESETS] = COUNT("peer-resets", "RSTs of the peer before it"),
	[CLUE_RESETS_DIFFER] =
	    YES("resets-differ", "the sender's RSTs differ in SEG.SEQ"),
	[CLUE_SENDER_AFTER] =
	    COUNT("sender-after", "segments of the sender after it, save RSTs"),
	[CLUE_PEER_AFTER] =
	    COUNT("peer-after", "segments of the peer after it"),
	[CLUE_TALKS_ON] =
	    YES("talks-on", "the sender goes on with new numbers"),
	[CLUE_PEER_TALKS_ON] =
	    YES("peer-talks-on", "the peer goes on with new numbers"),
	[CLUE_RESETS_AFTER] =
	    COUNT("resets-after", "RSTs of the sender after it"),
	[CLUE_CHALLENGED] = YES("challenged", "the peer answers with an ACK"),
	[CLUE_REOPENED] = YES("reopened", "a new SYN of the same tuple comes"),
	[CLUE_SENDER_OPENED] = COUNT("sender-opened",
	    "connections that the sender opened in this capture"),
	[CLUE_SENDER_CHANGES] = COUNT("sender-changes",
	    "how often it turned to another port or host for that"),
	[CLUE_SENDER_QUICK_ENDS] = COUNT("sender-quick-ends",
	    "connections that it opened and reset without text"),
	[CLUE_PEER_OPENED] = COUNT("peer-opened",
	    "connections that the peer opened in this capture"),
	[CLUE_PEER_CHANGES] = COUNT("peer-changes",
	    "how often it turned to another port or host for that"),
	[CLUE_PEER_UNASKED] = COUNT("peer-unasked",
	    "SYN,ACKs of the peer to no SYN in this capture"),
};
_Static_assert(ARRAY_SIZE(names) == NCLUES, "a name for each clue");

const struct clue_name *
clue_name(enum clue clue)
{
	return &names[clue];
}

enum clue
clue_by_name(const char *name, size_t len)
{
	enum clue c;

	for (c = 0; c < NCLUES; c++)
		if (strlen(names[c].name) == len &&
		    memcmp(names[c].name, name, len) == 0)
			break;
	return c;
}
