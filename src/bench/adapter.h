#ifndef RETORT_ADAPTER_H
#define RETORT_ADAPTER_H

#include "bench/bench.h"

/*
 * DOC: other stacks on the bench
 *
 *   this process                      a child process, of which all ends
 *   network namespace P               namespace P too, or T of its own
 *   TAP "peer", no address     <--->  the stack, 192.0.2.2, 2001:db8::2
 *   crafts and sniffs                 the driver, its user
 *
 * A stack that is no kernel of ours sits at the other end of an Ethernet-like
 * device of namespace P. What drives its sockets speaks the messages of
 * bench/driver.h: it is linked with the stack, or runs on what the stack runs
 * on. An operation that it does not know is answered with EOPNOTSUPP, and the
 * case is then skipped. The child is the first of a process namespace of its
 * own: whatever it starts ends with it. Its standard streams are /dev/null.
 *
 * "peer" is a persistent TAP (IFF_TAP | IFF_NO_PI) that is there and up in P
 * before the child runs, for every stack: one that makes a TAP of its own with
 * that name attaches to it. A stack beside P runs in T, whose loopback is up,
 * and finds P by net->peer_ns.
 *
 * The order of answers is not certain here, nor does any kernel of ours know
 * the peer's link address: ARP and neighbour discovery are answered by us, and
 * a fence proves silence only together with a wait.
 */
struct adapter {
	const char *name;    /* of --target, and of data/deviations: "lwip" */
	const char *package; /* that brings it on Debian: "liblwip-dev" */
	/* it runs in a namespace T: the outside world that it speaks to */
	bool beside;
	/* NULL, or what is not as bench_open() has it: addresses, ports */
	void (*net)(struct bench_net *);
	/*
	 * Is all here that it takes? 0, or -1 with *e (ERR_ENV) that names the
	 * package.
	 */
	int (*find)(struct err *e);
	/*
	 * The child: start the stack at net->peer_if, be or start its driver
	 * on fd, whose first message says that it is ready (or why not), and
	 * names itself in `stack`: "lwip 2.1.3". Returns when fd is closed.
	 */
	bench_stack *run;
};

/* The one of this name, or NULL; the i-th, or NULL past the last. */
const struct adapter *adapter_find(const char *name);
const struct adapter *adapter_at(unsigned i);

/*
 * As bench_open(), with this stack in the kernel's place. ERR_ENV also when
 * it is not ready within ten seconds.
 */
int bench_open_adapter(struct bench **, const struct adapter *, struct err *e);

#endif
