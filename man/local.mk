dist_man_MANS = man/retort.1 man/retort-check.1 man/retort-list.1 \
	man/retort-explain.1 man/retort-causes.7 \
	man/retort-lab.1 man/retort-lab.5 man/retort-probe.1 man/retort-respond.1 \
	man/retort-rules.1 man/retort-run.1 \
	man/retort-rules.5 man/retort-script.5 man/retort-stacks.7 \
	man/retort-tour.7 \
	man/tcp-reset.7 man/tcp-states.7
# in Chinese; tests/man/languages.sh holds them to the English ones
zh_CNman1dir = $(mandir)/zh_CN/man1
dist_zh_CNman1_DATA = man/zh_CN/retort.1
zh_CNman7dir = $(mandir)/zh_CN/man7
dist_zh_CNman7_DATA = man/zh_CN/retort-tour.7 man/zh_CN/tcp-reset.7
