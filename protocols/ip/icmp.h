/* ICMP of one node (RFC 792, 1122 3.2.2, 1812 4.3): answers echo requests, tells senders what
 * became of their datagrams, tells the protocols above what became of ours.  And pings. */
#ifndef WEFT_PROTOCOLS_IP_ICMP_H
#define WEFT_PROTOCOLS_IP_ICMP_H

#include "protocols/ip/stack.h"
#include "protocols/wire/icmp.h"

/* Tells the sender of `packet` what happened to it, if the rules allow it: never about an ICMP
 * error, a fragment other than the first, a datagram to more than one host or from none (RFC 1122
 * 3.2.2), and not too often.  The packet stays the caller's; its l3 says where its IP header is.
 * `info` is the header's second word (MTU, gateway, pointer << 24); `in` is the interface it came
 * by, NULL if it was made here. */
void icmp_error(struct ip_stack *ip, struct packet *packet, struct ip_iface *in, uint8_t type,
                uint8_t code, uint32_t info);

/* Someone who sends echo requests; embedded in its owner. */
struct ping {
    struct ping *next;
    uint16_t id; /* the echo identifier; set by ping_open */

    /* An answer: the packet's data from packet_data() on.  Takes it over. */
    void (*reply)(struct ping *ping, uint16_t seq, struct packet *packet, const struct ip_rx *rx);

    /* May be NULL.  An ICMP error about one of our requests; rx->reporter sent it. */
    void (*error)(struct ping *ping, uint16_t seq, uint8_t type, uint8_t code, uint32_t info,
                  const struct ip_rx *rx);
};

/* Gives the ping an identifier that no other of this node has. */
void ping_open(struct ip_stack *ip, struct ping *ping);
void ping_close(struct ip_stack *ip, struct ping *ping);

/* Sends an echo request whose data is packet_data() on.  Takes the packet over.  tx->proto is
 * ignored.  0, also if the host's own queue refused it, or the errno of ip_send. */
int ping_send(struct ip_stack *ip, struct ping *ping, uint16_t seq, struct packet *packet,
              const struct ip_tx *tx);

/* The errno that Linux's sockets report for an ICMP error; *fatal (NULL if not wanted) says whether
 * it ends a connection that is being set up (RFC 1122 4.2.3.9).  0 if none is reported. */
int icmp_errno(uint8_t type, uint8_t code, bool *fatal);

extern const struct drop_reason drop_icmp_checksum, drop_icmp_malformed, drop_icmp_ignored;

#endif
