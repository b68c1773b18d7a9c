#include <sys/socket.h>

#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/table.h"
#include "bench/diag.h"

struct diag {
	struct mnl_socket *sock;
	unsigned seq;
};

/* Linux's numbers for the states, from 1 (include/net/tcp_states.h). */
static const enum state states[] = {
	NSTATES, ST_ESTABLISHED, ST_SYN_SENT, ST_SYN_RECEIVED, ST_FIN_WAIT_1,
	ST_FIN_WAIT_2, ST_TIME_WAIT, ST_CLOSED, ST_CLOSE_WAIT, ST_LAST_ACK,
	ST_LISTEN, ST_CLOSING,
	ST_SYN_RECEIVED, /* a request that is no socket yet */
};

int
diag_open(struct diag **out, struct err *e)
{
	struct diag *d = mem_calloc(1, sizeof(*d));

	d->sock = mnl_socket_open2(NETLINK_SOCK_DIAG, SOCK_CLOEXEC);
	if (d->sock == NULL || mnl_socket_bind(d->sock, 0, 0) == -1) {
		err_set(e, ERR_ENV, "sock_diag: %s", strerror(errno));
		diag_close(d);
		return -1;
	}
	*out = d;
	return 0;
}

void
diag_close(struct diag *d)
{
	if (d != NULL && d->sock != NULL)
		mnl_socket_close(d->sock);
	free(d);
}

enum state
diag_to_state(unsigned linux_state)
{
	return linux_state < ARRAY_SIZE(states) ? states[linux_state] : NSTATES;
}

struct answer {
	enum state state;
	bool held;
};

static int
on_answer(const struct nlmsghdr *h, void *arg)
{
	const struct inet_diag_msg *m = mnl_nlmsg_get_payload(h);
	struct answer *answer = arg;

	answer->state = diag_to_state(m->idiag_state);
	answer->held = m->idiag_inode != 0;
	return MNL_CB_STOP;
}

int
diag_state(struct diag *d, const struct endpoint *local,
    const struct endpoint *remote, enum state *st, bool *held)
{
	char buf[1024];
	struct nlmsghdr *h = mnl_nlmsg_put_header(buf);
	struct inet_diag_req_v2 *r = mnl_nlmsg_put_extra_header(h, sizeof(*r));
	struct answer answer = { .state = NSTATES };
	ssize_t n;

	h->nlmsg_type = SOCK_DIAG_BY_FAMILY;
	h->nlmsg_flags = NLM_F_REQUEST;
	h->nlmsg_seq = ++d->seq;
	r->sdiag_family = local->addr.ip == 6 ? AF_INET6 : AF_INET;
	r->sdiag_protocol = IPPROTO_TCP;
	r->idiag_states = ~0U;
	r->id.idiag_sport = htons(local->port);
	r->id.idiag_dport = htons(remote->port);
	memcpy(r->id.idiag_src, local->addr.octets, addr_len(&local->addr));
	memcpy(r->id.idiag_dst, remote->addr.octets, addr_len(&remote->addr));
	r->id.idiag_cookie[0] = r->id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
	if (mnl_socket_sendto(d->sock, h, h->nlmsg_len) == -1)
		return -1;
	n = mnl_socket_recvfrom(d->sock, buf, sizeof(buf));
	if (n == -1)
		return -1;
	if (mnl_cb_run(buf, n, d->seq, mnl_socket_get_portid(d->sock),
		on_answer, &answer) == -1) {
		if (errno != ENOENT)
			return -1;
		answer.state = ST_CLOSED;
	}
	*st = answer.state;
	if (held != NULL)
		*held = answer.held;
	return 0;
}
