#ifndef RETORT_CRAFT_H
#define RETORT_CRAFT_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "tcp/icmp.h"
#include "tcp/segment.h"

/* A libnet context, the two link addresses, and the frame built last. */
struct craft;

/*
 * Open for sending Ethernet frames on the interface ifname, from src_mac to
 * dst_mac. With ifname NULL frames are only built: no socket is opened and no
 * privilege is needed.
 *
 * 0, or -1 with ERR_ENV when the interface is missing, down or not Ethernet,
 * or when CAP_NET_RAW is; *c is then NULL.
 */
int craft_open(struct craft **c, const char *ifname, const uint8_t src_mac[6],
    const uint8_t dst_mac[6], struct err *);

/*
 * The same for links without Ethernet headers, and for loopback, where the
 * kernel takes no IPv4 packet from a frame of ours: IP packets of the family
 * ip (4 or 6) by a raw socket bound to the interface ifname, which is not
 * NULL. What is built is a frame all the same, with zero link addresses; what
 * is sent is the packet in it, if the kernel has a route for it on that
 * interface.
 *
 * The kernel then makes the IPv4 header checksum, replaces an IPv4
 * identification of 0, and an IPv4 source of 0.0.0.0 by its own. craft_build()
 * refuses with ERR_USAGE what would leave otherwise than it was built: the
 * other family, and FAULT_IP_CHECKSUM.
 */
int craft_open_raw(struct craft **c, const char *ifname, uint8_t ip,
    struct err *);

/* From now on frames go to this link address. */
void craft_set_dst(struct craft *, const uint8_t dst_mac[6]);

/*
 * Make a frame that asks who has the address `whose`: an ARP request (RFC
 * 826) or a neighbour solicitation (RFC 4861 4.3), from the address `from` and
 * our link address. It goes to all, or to those that may have the address.
 * As craft_build() otherwise, but ERR_INTERNAL after craft_open_raw().
 */
int craft_build_ask(struct craft *, const struct addr *from,
    const struct addr *whose, const uint8_t **frame, size_t *len, struct err *);

/*
 * Let the interface take what asks for the link address of `ours`: for IPv6 it
 * goes to a multicast address of its own (RFC 4291 2.7.1), which a card drops
 * until somebody wants it. 0, or -1 with ERR_ENV.
 */
int craft_join(struct craft *, const struct addr *ours, struct err *);

/*
 * Make a frame that tells `to`, at the link address to_mac, that we have the
 * address `ours`: an ARP reply or a neighbour advertisement (RFC 4861 4.4),
 * solicited and overriding. As craft_build_ask() otherwise.
 */
int craft_build_tell(struct craft *, const struct addr *ours,
    const struct addr *to, const uint8_t to_mac[6], const uint8_t **frame,
    size_t *len, struct err *);

/*
 * Make an Ethernet frame of the segment (RFC 9293 3.1 over RFC 791 or RFC
 * 8200, by the family of its addresses). *len is in octets; *frame is valid
 * until the next craft_build() or craft_close().
 *
 * All fields go into the frame as they stand, but for these:
 *   text      text_len octets are read at text; text_kept may be 0
 *   options   padded with EOL to a multiple of 32 bits
 *   offset    0: the true one. Else, or with FAULT_OFFSET, this one: it
 *             neither moves the text nor adds options
 *   ttl       0: 64
 *   ip_id, df ignored with IPv6, which has no such fields
 *   cksum, when  ignored. The checksum is right for the octets sent, also
 *             where they are otherwise broken, except for:
 *
 * FAULT_CHECKSUM       the right TCP checksum plus one; never 0
 * FAULT_CHECKSUM_ZERO  0; or 1, for the one segment in 65535 whose right
 *                      checksum is 0: it must be wrong before all
 * FAULT_IP_CHECKSUM    the right header checksum plus one
 * FAULT_OPTION, FAULT_CUT  ignored: the options say it, captures have it
 *
 * 0, or -1 with ERR_USAGE when no such frame exists: the addresses are not of
 * one family, a field exceeds its bits, part of the text was not kept, the
 * packet would exceed 65535 octets (with IPv6: without its header), or
 * FAULT_IP_CHECKSUM is asked of IPv6. No frame is then left to send.
 */
int craft_build(struct craft *, const struct segment *, const uint8_t **frame,
    size_t *len, struct err *);

/*
 * Make a frame with an ICMP message (RFC 792, RFC 4443) from icmp->from to
 * icmp->to that quotes a segment of icmp->probe: its IP header and the fixed
 * octets of its own, of which only the ports and SEQ are told; text_len is the
 * length of its text. ttl and when are ignored. As craft_build() otherwise.
 */
int craft_build_icmp(struct craft *, const struct icmp *icmp, uint32_t text_len,
    const uint8_t **frame, size_t *len, struct err *);

/*
 * Make a frame with the reply to a ping: from, to, id, seq and text of the
 * reply (RFC 792, RFC 4443 4.2). The text has at most CRAFT_ECHO_MAX octets, or
 * ERR_USAGE. As craft_build() otherwise.
 */
#define CRAFT_ECHO_MAX 2048
int craft_build_echo(struct craft *, const struct echo *reply,
    const uint8_t **frame, size_t *len, struct err *);

/*
 * Send the frame that was built last. 0, or -1 with ERR_ENV when it was not
 * sent, or only in part; ERR_INTERNAL when there is no frame or no interface.
 */
int craft_send(struct craft *, struct err *);

/*
 * Send len octets as they stand, an Ethernet frame with its header; what
 * craft_build() has left is still there. Errors as of craft_send(), and
 * ERR_INTERNAL after craft_open_raw().
 */
int craft_send_frame(struct craft *, const uint8_t *frame, size_t len,
    struct err *);

void craft_close(struct craft *); /* NULL is fine */

#endif
