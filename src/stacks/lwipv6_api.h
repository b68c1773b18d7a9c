#ifndef RETORT_LWIPV6_API_H
#define RETORT_LWIPV6_API_H

#include <lwipv6.h>

/*
 * The callback interface of LWIPv6 1.5a. The library has it and installs no
 * header for it: these are its declarations. The
 * sockets of lwipv6.h would not do: connect() blocks until it is answered,
 * shutdown() sends no FIN, and there is no way to abort.
 */
struct pbuf;

/* The beginning of a connection's block, as that version lays it out. */
struct tcp_pcb {
	struct stack *stack;
	struct ip_addr local_ip, remote_ip;
	uint16_t so_options;
	uint8_t tos, ttl;
	void *slirp_fddata;
	struct tcp_pcb *next;
	int state;
	uint32_t slirp_state;
	uint8_t prio;
	void *callback_arg;
	uint16_t local_port, remote_port; /* host byte order */
	uint8_t flags;
};

/* There is an ACK to be sent, with the next one or by a timer. */
#define TCP_ACK_DELAY 0x01

typedef int8_t err_t; /* 0: done */

/* Run f in the thread of the stack, where alone the others may be called. */
err_t tcpip_callback(struct stack *, void (*f)(void *ctx), void *ctx, int sync);
#define TCPIP_SYNC 1

struct tcp_pcb *tcp_new(struct stack *);
err_t tcp_bind(struct tcp_pcb *, struct ip_addr *, uint16_t port);
struct tcp_pcb *tcp_listen(struct tcp_pcb *);
err_t tcp_connect(struct tcp_pcb *, struct ip_addr *, uint16_t port,
    err_t (*connected)(void *arg, struct tcp_pcb *, err_t));
err_t tcp_write(struct tcp_pcb *, const void *, uint16_t len, uint8_t copy);
err_t tcp_output(struct tcp_pcb *);
err_t tcp_close(struct tcp_pcb *);
void tcp_abort(struct tcp_pcb *);
void tcp_arg(struct tcp_pcb *, void *arg);
void tcp_accept(struct tcp_pcb *,
    err_t (*accept)(void *arg, struct tcp_pcb *, err_t));
void tcp_recv(struct tcp_pcb *,
    err_t (*recv)(void *arg, struct tcp_pcb *, struct pbuf *, err_t));
void tcp_err(struct tcp_pcb *, void (*err)(void *arg, err_t));
uint8_t pbuf_free(struct pbuf *);

/* Send the delayed ACKs; else that is done four times a second. */
void tcp_fasttmr(struct stack *);

#endif
