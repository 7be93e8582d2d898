/* What comes in: checked, given to the socket that it is for, or to all of a group, and read.
 *
 * A socket whose owner has no upcall `receive` keeps datagrams until they are read, with all their
 * headers, so that nothing about them need be stored beside them.  What they take of the receive
 * buffer is counted as Linux does, the memory of the buffers and not the bytes in them
 * (truesize.h), and what was read is given back in lumps: so it decides alike which datagram finds
 * no room. */
#include "protocols/ip/icmp.h"
#include "protocols/ip/stack.h"
#include "protocols/ip/state.h"
#include "protocols/ip/truesize.h"
#include "protocols/udp/internal.h"
#include "protocols/wire/checksum.h"
#include "protocols/wire/udphdr.h"

DROP_REASON(udp_no_port, "nobody listens on the UDP port");
DROP_REASON(udp_checksum, "the UDP checksum is wrong");
DROP_REASON(udp_malformed, "the UDP length cannot be");
DROP_REASON(udp_rcvbuf, "the receive buffer is full");

/* ---- Into the socket ------------------------------------------------------------------------ */

static uint32_t truesize(const struct packet *packet)
{
    return truesize_of(packet_len(packet) + UDPHDR_LEN);
}

/* What waits is counted as Linux counts it; only a lone datagram may exceed the buffer. */
static void enqueue(struct udp_socket *socket, struct packet *packet)
{
    struct udp_stack *udp = socket->stack;

    if (socket->queued && socket->queued + truesize(packet) > socket->rcvbuf) {
        udp->counters.RcvbufErrors++;
        udp->counters.InErrors++;
        packet_drop(packet, udp->ip->drops, &drop_udp_rcvbuf);
        return;
    }
    socket->queued += truesize(packet);
    socket->waiting++;
    packet_fifo_push(&socket->queue, packet);
    if (socket->ops->readable)
        socket->ops->readable(socket);
}

static void deliver(struct udp_socket *socket, struct packet *packet, const struct udphdr *h,
                    const struct ip_rx *rx)
{
    struct udp_rx from = { .src = rx->src,
                           .dst = rx->dst,
                           .src_port = h->src_port,
                           .dst_port = h->dst_port,
                           .tos = rx->tos,
                           .ttl = rx->ttl,
                           .iface = rx->iface };

    packet_pull(packet, UDPHDR_LEN);
    if (!socket->ops->receive) {
        enqueue(socket, packet);
        return;
    }
    socket->stack->counters.InDatagrams++;
    socket->ops->receive(socket, packet, &from);
}

static struct udp_path path_of(const struct udphdr *h, const struct ip_rx *rx)
{
    return (struct udp_path){ .local = &rx->dst,
                              .remote = &rx->src,
                              .local_port = h->dst_port,
                              .remote_port = h->src_port,
                              .iface = rx->iface };
}

static bool to_group(const struct udp_stack *udp, const struct ip_rx *rx)
{
    return !ip_is_local(udp->ip, ip_addr_v4(&rx->dst));
}

/* Datagrams to a group go to every socket that fits; returns how many. Sockets that an upcall
 * closes or opens meanwhile are not visited.  One that is bound to an address hears none but those
 * to that. */
static unsigned deliver_all(struct udp_stack *udp, struct packet *packet, const struct udphdr *h,
                            const struct ip_rx *rx)
{
    struct udp_path path = path_of(h, rx);
    struct udp_visit visit = { udp_table_chain(udp, h->dst_port), udp->visits };
    unsigned n = 0;

    udp->visits = &visit;
    for (struct udp_socket *s; (s = visit.next);) {
        visit.next = s->chain;
        if (udp_socket_score(s, &path)) {
            deliver(s, packet_clone(packet), h, rx);
            n++;
        }
    }
    udp->visits = visit.outer;
    return n;
}

/* RFC 1122 4.1.3.1. */
static void no_port(struct udp_stack *udp, struct packet *packet, const struct ip_rx *rx)
{
    udp->counters.NoPorts++;
    icmp_error(udp->ip, packet, rx->iface, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, 0);
    packet_drop(packet, udp->ip->drops, &drop_udp_no_port);
}

/* Why the datagram is none, or NULL; reads its header and cuts off what is behind its length. */
static const struct drop_reason *check(struct udp_stack *udp, struct packet *packet,
                                       const struct ip_rx *rx, struct udphdr *h)
{
    if (!packet_need(packet, UDPHDR_LEN))
        return &drop_udp_malformed;
    uint32_t length = udphdr_check(packet_data(packet), UDPHDR_LEN, packet_len(packet));
    if (!length)
        return &drop_udp_malformed;
    packet_trim(packet, length);
    udphdr_parse(packet_data(packet), h);
    if (packet->flags & PACKET_UNTRUSTED &&
        !packet_verify(packet, ip_addr_v4(&rx->src), ip_addr_v4(&rx->dst), IP_PROTO_UDP)) {
        udp->counters.InCsumErrors++;
        return &drop_udp_checksum;
    }
    return NULL;
}

/* To several, or to nobody, who is not told (RFC 1122 4.1.3.1). */
static void input_group(struct udp_stack *udp, struct packet *packet, const struct udphdr *h,
                        const struct ip_rx *rx)
{
    if (deliver_all(udp, packet, h, rx) > 0) {
        packet_consumed(packet);
        return;
    }
    udp->counters.IgnoredMulti++;
    packet_drop(packet, udp->ip->drops, &drop_udp_no_port);
}

static void input_single(struct udp_stack *udp, struct packet *packet, const struct udphdr *h,
                         const struct ip_rx *rx)
{
    struct udp_path path = path_of(h, rx);
    struct udp_socket *socket = udp_lookup(udp, &path);

    if (socket)
        deliver(socket, packet, h, rx);
    else
        no_port(udp, packet, rx);
}

void udp_input(struct ip_l4 *l4, struct packet *packet, const struct ip_rx *rx)
{
    struct udp_stack *udp = container_of(l4, struct udp_stack, l4);
    struct udphdr h;
    const struct drop_reason *fault = check(udp, packet, rx, &h);

    if (fault) {
        udp->counters.InErrors++;
        packet_drop(packet, udp->ip->drops, fault);
    } else if (to_group(udp, rx)) {
        input_group(udp, packet, &h, rx);
    } else {
        input_single(udp, packet, &h, rx);
    }
}

/* ---- Reading -------------------------------------------------------------------------------- */

/* Who reads takes over all that waits, and reads that first. */
static void splice(struct udp_socket *socket)
{
    if (socket->spliced == 0)
        socket->spliced = socket->waiting;
}

/* Memory that was read is given back when there is a quarter of the buffer of it, or all that was
 * taken over is read (udp_rmem_release). */
static void give_back(struct udp_socket *socket, uint32_t bytes)
{
    socket->unreturned += bytes;
    if (socket->unreturned < socket->rcvbuf >> 2 && socket->spliced)
        return;
    socket->queued -= socket->unreturned;
    socket->unreturned = 0;
}

static struct ip_iface *iface_by_index(const struct ip_stack *ip, uint32_t ifindex)
{
    for (struct ip_iface *i = ip->ifaces; i && ifindex; i = i->next)
        if (i->ifindex == ifindex)
            return i;
    return NULL;
}

/* What waits still has all its headers in front of its data. */
const struct packet *udp_peek(struct udp_socket *socket, struct udp_rx *rx)
{
    const struct packet *packet = socket->queue.first;
    struct udphdr h;

    if (!packet)
        return NULL;
    splice(socket);
    const struct ipv4_wire *ip = (const struct ipv4_wire *)(const void *)(packet->buf + packet->l3);
    udphdr_parse(packet->buf + packet->l4, &h);
    *rx = (struct udp_rx){ .src = ip_addr_of_v4(get_be32(ip->src)),
                           .dst = ip_addr_of_v4(get_be32(ip->dst)),
                           .src_port = h.src_port,
                           .dst_port = h.dst_port,
                           .tos = ip->tos,
                           .ttl = ip->ttl,
                           .iface = iface_by_index(socket->stack->ip, packet->ifindex) };
    return packet;
}

struct packet *udp_recv(struct udp_socket *socket, struct udp_rx *rx)
{
    if (!udp_peek(socket, rx))
        return NULL;
    struct packet *packet = packet_fifo_pop(&socket->queue);
    socket->waiting--;
    socket->spliced--;
    give_back(socket, truesize(packet));
    socket->stack->counters.InDatagrams++; /* as Linux: when it is read */
    return packet;
}

uint64_t udp_packets_held(const struct udp_stack *udp)
{
    uint64_t n = 0;

    for (uint32_t i = 0; i < udp->n_buckets; i++)
        for (const struct udp_socket *s = udp->table[i]; s; s = s->chain)
            for (const struct packet *packet = s->queue.first; packet; packet = packet->next)
                n++;
    return n;
}

struct blob *udp_payload(const struct packet *packet, uint64_t *offset, uint32_t *length)
{
    *length = packet_len(packet);
    if (packet_header_len(packet) == 0) {
        *offset = packet->offset;
        return blob_ref(packet->blob);
    }
    struct blob *blob = blob_new(*length);
    packet_read(packet, 0, blob->bytes, *length);
    *offset = 0;
    return blob;
}
