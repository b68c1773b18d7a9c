#ifndef RETORT_BENCH_H
#define RETORT_BENCH_H

#include <sys/utsname.h>

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "tcp/tcb.h"

/*
 * DOC: the bench
 *
 *   this process                    a child process, the driver
 *   network namespace P             network namespace T
 *   veth "peer", no address  <--->  veth "stack", 192.0.2.2, 2001:db8::2
 *   crafts and sniffs               the kernel under test, real sockets
 *
 * Both namespaces are private and anonymous: they end with the processes. An
 * ordinary user gets them inside a user namespace of its own. The crafted
 * peer's addresses (192.0.2.1, 2001:db8::1) are on no interface, so that no
 * kernel ever answers for it; T has a permanent neighbour entry for them.
 * Both processes are pinned to one processor: the kernel then handles the
 * segments of the pair in the order in which they were sent, and the answer
 * to a fence (a SYN to a port that is surely closed) proves that nothing
 * more comes for what was sent before it.
 */
struct stage;
struct bench_net {
	const char *peer_if, *stack_if;
	uint8_t peer_mac[6], stack_mac[6];
	struct addr peer4, peer6, stack4, stack6;
	uint16_t listen_port; /* the driver listens there */
	uint16_t small_port;  /* and there, with a small window; 0: nowhere */
	uint16_t closed_port; /* nobody does, here and on the fence's */
	uint16_t fence_port;
	const struct stage *stage; /* NULL: none, the network is as above */
	/*
	 * A descriptor of namespace P, that a child may inherit, for a stack
	 * that runs beside it; else -1. "/proc/self/fd/N" names it, too.
	 */
	int peer_ns;
};

/*
 * What runs in T and is held to the rules: driver_run for this machine's
 * kernel, or something that answers in the kernel's place. It says that it
 * is ready by one struct drv_reply on fd and ends when fd is closed.
 */
typedef int bench_stack(int fd, const struct bench_net *net);

struct bench;

/*
 * Make the namespaces, the veth pair and the driver. This process is in P
 * afterwards. ERR_ENV with the way out where that is forbidden.
 */
int bench_open(struct bench **, bench_stack *stack, struct err *);

/*
 * The same for a script, with what it says of the network: the caller as the
 * stack's user, other addresses, no settings of ours in the target namespace
 * save checksums in full, the way to the peer, and neighbours. See stage.h.
 * bench_ask() is of no use then; caller_send() and caller_next() are.
 */
int bench_open_stage(struct bench **, const struct stage *, struct err *);

/*
 * The socket to the driver, or to the caller: something can be read from it
 * when there is a reply, or when the process has ended. For poll(2).
 */
int bench_fd(const struct bench *);

const struct bench_net *bench_net(const struct bench *);
bool bench_has_ip6(const struct bench *);

/* Can the driver tell what has become of a connection? */
bool bench_looks(const struct bench *);

/* "lwip 2.1.3"; empty: this machine's kernel. */
const char *bench_stack_name(const struct bench *);

/*
 * For several benches at once, one a process: how many processors there are
 * for this process, and a move to the nth of them, where bench_open() stays.
 */
unsigned bench_processors(void);
void bench_spread(unsigned nth);

/* One request to the driver. -1 when it does not answer within a second. */
struct drv_request;
struct drv_reply;
int bench_ask(struct bench *, const struct drv_request *, struct drv_reply *,
    struct err *);

/* The addresses of a family: ours, and the stack's. */
const struct addr *bench_peer(const struct bench *, uint8_t ip);
const struct addr *bench_stack_addr(const struct bench *, uint8_t ip);

void bench_close(struct bench *);

#endif
