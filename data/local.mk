rulesdir = $(pkgdatadir)/rules
dist_rules_DATA = data/rules/rfc9293.rules
casesdir = $(pkgdatadir)/cases
dist_cases_DATA = data/cases/article.cases data/cases/closed.cases \
	data/cases/listen.cases data/cases/nmap.cases \
	data/cases/calls.cases data/cases/reasons.cases \
	data/cases/syn-received.cases data/cases/syn-sent.cases \
	data/cases/synchronized.cases
deviationsdir = $(pkgdatadir)/deviations
dist_deviations_DATA = data/deviations/linux.deviations
matrixdir = $(pkgdatadir)/matrix
dist_matrix_DATA = data/matrix/matrix.cases
reasonsdir = $(pkgdatadir)/reasons
dist_reasons_DATA = data/reasons/linux.reasons
