/* IPv6 on the wire: how packets and addresses are turned into those of the simulated host, which
 * has IPv4 alone, and back.
 *
 * weft's TCP runs over IPv4; the translation is of the plug-in.  It is done at the two doors, after
 * the idea of RFC 7915 (stateless translation of IP and ICMP):
 * - packets: what comes in as IPv6 goes into the host as IPv4, and what leaves for an alias leaves
 *   as IPv6 (translate.c, translate_icmp.c),
 * - system calls: addresses of a struct sockaddr_in6 become aliases and back (alias.c), options of
 *   SOL_IPV6 those of SOL_IP that mean the same (option6.c).
 *
 * Segments keep their sizes.  An IPv6 header is 20 bytes longer, so TCP is told of a path MTU that
 * is 20 bytes less than the wire's, and the segment size is the MTU less 60.  What TCP makes of
 * addresses for the wire (cookies) it asks the plug-in for, and ICMPv6 errors about segments are
 * told to TCP with their own meaning, which ICMPv4 could not express.
 *
 * Left out: extension headers and fragments (such packets are dropped both ways, so datagrams of
 * UDP must fit into the MTU), neighbour and router discovery, multicast, scopes of link-local
 * addresses, and flow labels that change when a connection looks for a better path. */
#ifndef WEFT_TOOLS_PACKETDRILL_TRANSLATE_H
#define WEFT_TOOLS_PACKETDRILL_TRANSLATE_H

#include "protocols/ip/ip.h"
#include "tools/packetdrill/drill.h"

enum { IPV6_LEN = 40, IPV6_GROWTH = IPV6_LEN - IPV4_LEN, IPV6_MIN_MTU = 1280 /* RFC 8200 5 */ };
enum { IP_PROTO_ICMPV6 = 58 };

/* The header (RFC 8200 3). */
struct ipv6_wire {
    be32 class_label; /* version 4 bits, traffic class 8, flow label 20 */
    be16 payload;     /* bytes behind this header */
    uint8_t next, hops;
    struct ip_addr src, dst;
};

_Static_assert(sizeof(struct ipv6_wire) == IPV6_LEN, "RFC 8200 3");

/* How much longer a packet becomes at most, with the one that it quotes. */
enum { DRILL_GROWTH = 2 * IPV6_GROWTH };

/* Each writes `in` to `out`, which has room for DRILL_GROWTH bytes more than `length`, and returns
 * the bytes; 0: there is no such packet in the other version. */
size_t drill_to_v4(struct drill *drill, const uint8_t *in, size_t length, uint8_t *out);
size_t drill_to_v6(struct drill *drill, const uint8_t *in, size_t length, uint8_t *out);

/* Whether an IPv4 packet is to leave as IPv6. */
bool drill_leaves_as_v6(const struct drill *drill, const uint8_t *in);

/* As they, of a packet of which the end may be missing: what an ICMP message quotes.  At least the
 * header is there. */
size_t drill_quote_to_v4(struct drill *drill, const uint8_t *in, size_t length, uint8_t *out);
size_t drill_quote_to_v6(struct drill *drill, const uint8_t *in, size_t length, uint8_t *out);

/* ICMP messages behind their translated headers: the bytes of the message, or 0. */
size_t drill_icmp_to_v4(struct drill *drill, const struct ipv6_wire *ip, const uint8_t *in,
                        size_t length, uint8_t *out);
size_t drill_icmp_to_v6(struct drill *drill, const struct ipv6_wire *ip, const uint8_t *in,
                        size_t length, uint8_t *out);

/* The sum of IPv6's pseudo-header (RFC 8200 8.1). */
uint64_t drill_pseudo_v6(const struct ipv6_wire *ip, uint8_t proto, size_t length);

/* An ICMPv6 error about a segment; `in` is the packet, `v4` what drill_to_v4 made of it.  False: it
 * is no such thing, and the host is to see it. */
bool drill_tell_tcp(struct drill *drill, const uint8_t *in, const uint8_t *v4, size_t length);

#endif
