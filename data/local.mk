rulesdir = $(pkgdatadir)/rules
dist_rules_DATA = data/rules/rfc9293.rules
casesdir = $(pkgdatadir)/cases
dist_cases_DATA = data/cases/article.cases data/cases/closed.cases \
	data/cases/listen.cases data/cases/nmap.cases \
	data/cases/calls.cases data/cases/reasons.cases \
	data/cases/syn-received.cases data/cases/syn-sent.cases \
	data/cases/synchronized.cases
deviationsdir = $(pkgdatadir)/deviations
dist_deviations_DATA = data/deviations/gvisor.deviations \
	data/deviations/linux.deviations \
	data/deviations/lwip.deviations data/deviations/lwipv6.deviations \
	data/deviations/passt.deviations \
	data/deviations/slirp4netns.deviations
matrixdir = $(pkgdatadir)/matrix
dist_matrix_DATA = data/matrix/matrix.cases
reasonsdir = $(pkgdatadir)/reasons
dist_reasons_DATA = data/reasons/linux.reasons
scriptsdir = $(pkgdatadir)/scripts
dist_scripts_DATA = data/scripts/abort-listen.pkt \
	data/scripts/ack-too-old.pkt data/scripts/ack-unsent.pkt \
	data/scripts/active-close.pkt data/scripts/active-open.pkt \
	data/scripts/beyond-window.pkt \
	data/scripts/close-sends-data-first.pkt data/scripts/closed-ack.pkt \
	data/scripts/closed-data.pkt data/scripts/closed-fin.pkt \
	data/scripts/closed-null.pkt data/scripts/closed-port-ip6.pkt \
	data/scripts/closed-port.pkt data/scripts/closed-rst.pkt \
	data/scripts/closed-rule.pkt data/scripts/closed-syn-ack.pkt \
	data/scripts/closed-term.pkt data/scripts/closed-wrap-fin.pkt \
	data/scripts/closed-wrap.pkt \
	data/scripts/data-after-close.pkt data/scripts/duplicate-data.pkt \
	data/scripts/early-close.pkt data/scripts/fast-retransmit.pkt \
	data/scripts/fin-data.pkt data/scripts/fin-out-of-order.pkt \
	data/scripts/half-close.pkt data/scripts/half-open.pkt \
	data/scripts/icmp-refused.pkt data/scripts/icmp-soft-error.pkt \
	data/scripts/keep-alive.pkt data/scripts/linger-zero.pkt \
	data/scripts/listen-ack.pkt data/scripts/listen-fin.pkt \
	data/scripts/listen-null.pkt data/scripts/listen-rst.pkt \
	data/scripts/listen-syn-ack.pkt data/scripts/listen-syn-data.pkt \
	data/scripts/mss-default-ip6.pkt data/scripts/mss-default.pkt \
	data/scripts/mss-limit.pkt data/scripts/nagle.pkt \
	data/scripts/no-ack.pkt data/scripts/no-delay.pkt \
	data/scripts/options-not-offered.pkt \
	data/scripts/orphan-rule.pkt \
	data/scripts/out-of-order-sack.pkt data/scripts/out-of-order.pkt \
	data/scripts/overlapping-data.pkt data/scripts/passive-close.pkt \
	data/scripts/passive-open-early.pkt data/scripts/passive-open.pkt \
	data/scripts/paws.pkt data/scripts/poll-reset.pkt \
	data/scripts/read-data.pkt data/scripts/refused-blocking.pkt \
	data/scripts/refused.pkt data/scripts/reset-loses-queue.pkt \
	data/scripts/retransmit.pkt data/scripts/rst-challenge-rule.pkt \
	data/scripts/rst-exact.pkt data/scripts/rst-in-window.pkt \
	data/scripts/rst-outside.pkt data/scripts/sack-off.pkt \
	data/scripts/sack-permitted.pkt data/scripts/shutdown-both.pkt \
	data/scripts/shutdown-read.pkt data/scripts/simultaneous-close.pkt \
	data/scripts/simultaneous-open.pkt data/scripts/syn-in-window.pkt \
	data/scripts/syn-received-bad-ack.pkt \
	data/scripts/syn-received-rst.pkt data/scripts/syn-sent-bad-ack.pkt \
	data/scripts/syn-sent-rst-forged.pkt data/scripts/syn-sent-rst.pkt \
	data/scripts/syn-timed-out.pkt data/scripts/text-rule.pkt \
	data/scripts/time-wait-fin.pkt data/scripts/time-wait-rst.pkt \
	data/scripts/timestamps.pkt data/scripts/two-connections.pkt \
	data/scripts/unknown-option.pkt data/scripts/urgent-in.pkt \
	data/scripts/urgent-out.pkt data/scripts/window-edge.pkt \
	data/scripts/window-probe.pkt data/scripts/window-scale.pkt \
	data/scripts/wrapping-data.pkt data/scripts/write-after-reset.pkt \
	data/scripts/zero-window.pkt
causesdir = $(pkgdatadir)/causes
dist_causes_DATA = data/causes/resets.causes

# Catalogues of texts in other languages. As what flex and bison make, they are
# in a tarball and next to their sources: data/ is one directory, also in a
# build outside of the sources.
EXTRA_DIST += data/po/zh_CN.po
zh_CNdir = $(pkgdatadir)/locale/zh_CN/LC_MESSAGES
dist_zh_CN_DATA = data/locale/zh_CN/LC_MESSAGES/retort.mo
MAINTAINERCLEANFILES += data/locale/zh_CN/LC_MESSAGES/retort.mo
data/locale/zh_CN/LC_MESSAGES/retort.mo: data/po/zh_CN.po
	$(AM_V_GEN)$(MKDIR_P) $(@D) && \
		$(MSGFMT) -c --no-hash -o $@ $(srcdir)/data/po/zh_CN.po
labsdir = $(pkgdatadir)/labs
dist_labs_DATA =
dist_labs_DATA += data/labs/accept-queue.lab
dist_labs_DATA += data/labs/assassination.lab
dist_labs_DATA += data/labs/blind-data.lab
dist_labs_DATA += data/labs/blind-reset.lab
dist_labs_DATA += data/labs/blind-syn.lab
dist_labs_DATA += data/labs/closed-port.lab
dist_labs_DATA += data/labs/data-after-close.lab
dist_labs_DATA += data/labs/early-close.lab
dist_labs_DATA += data/labs/firewall.lab
dist_labs_DATA += data/labs/half-close.lab
dist_labs_DATA += data/labs/half-open.lab
dist_labs_DATA += data/labs/handshake.lab
dist_labs_DATA += data/labs/keepalive.lab
dist_labs_DATA += data/labs/linger.lab
dist_labs_DATA += data/labs/listener-gone.lab
dist_labs_DATA += data/labs/middlebox.lab
dist_labs_DATA += data/labs/old-duplicate.lab
dist_labs_DATA += data/labs/rst-unanswered.lab
dist_labs_DATA += data/labs/shutdown.lab
dist_labs_DATA += data/labs/simultaneous-close.lab
dist_labs_DATA += data/labs/simultaneous-open.lab
dist_labs_DATA += data/labs/syn-flood.lab
dist_labs_DATA += data/labs/syn-timed-out.lab
dist_labs_DATA += data/labs/time-wait.lab
dist_labs_DATA += data/labs/window-edges.lab
