/* UDP of one node, as in Linux: sockets opened and closed, datagrams sent, and the errors that ICMP
 * reports about them (RFC 768, RFC 1122 4.1).
 *
 * A socket is in its stack's table while it has a port (table.c); what arrives is looked up there
 * (input.c).  Nothing here has a timer: the heartbeat is that of who sends, and of ip_input.  Linux
 * decides what the RFCs leave open: who may share a port, whom a datagram fits best, what a full
 * buffer is, what a sender is told of a full queue.
 *
 * Left out: UDP-Lite, encapsulations, segmentation offload (UDP_SEGMENT, UDP_GRO), corking,
 * SO_REUSEPORT's groups, early demultiplexing, and the memory that all sockets share (udp_mem). */
#include <errno.h>

#include "protocols/ip/icmp.h"
#include "protocols/ip/stack.h"
#include "protocols/ip/state.h"
#include "protocols/udp/internal.h"
#include "protocols/wire/udphdr.h"

DROP_REASON(udp_closed, "the socket was closed with datagrams unread");

enum { PORT_LOW = 32768, PORT_HIGH = 60999 }; /* net.ipv4.ip_local_port_range */

static bool udp_icmp(struct ip_l4 *l4, uint8_t type, uint8_t code, uint32_t info,
                     const uint8_t *quote, uint32_t quote_len, const struct ip_rx *rx);
static bool udp_sent(struct ip_l4 *l4, const uint8_t *quote, uint32_t quote_len,
                     const struct ip_rx *rx);

const char *const udp_counter_names[] = {
#define X(name) "Udp" #name,
    UDP_COUNTERS(X)
#undef X
        NULL
};

/* ---- Life ---------------------------------------------------------------------------------- */

void udp_stack_init(struct udp_stack *udp, struct ip_stack *ip, const char *name)
{
    *udp = (struct udp_stack){ .l4 = { .input = udp_input, .error = udp_icmp, .sent = udp_sent },
                               .ip = ip,
                               .port_low = PORT_LOW,
                               .port_high = PORT_HIGH };
    rng_init(&udp->rng, ip->sim->seed, name, "udp");
}

void udp_stack_fini(struct udp_stack *udp)
{
    for (uint32_t i = 0; i < udp->n_buckets; i++)
        while (udp->table[i])
            udp_close(udp->table[i]);
    g_free(udp->table);
    udp->table = NULL;
    udp->n_buckets = 0;
}

void udp_set_port_range(struct udp_stack *udp, uint16_t low, uint16_t high)
{
    udp->port_low = low;
    udp->port_high = high;
}

void udp_reserve_ports(struct udp_stack *udp, const struct ports *ports)
{
    udp->reserved = ports;
}

void udp_socket_init(struct udp_socket *socket, const struct udp_ops *ops, void *user)
{
    static const struct udp_ops none;

    *socket = (struct udp_socket){ .ops = ops ? ops : &none,
                                   .user = user,
                                   .df = IP_DF_WANT,
                                   .rcvbuf = UDP_RCVBUF,
                                   .group_ttl = 1 };
    packet_fifo_init(&socket->queue);
}

/* ---- Opening and closing ------------------------------------------------------------------- */

int udp_bind(struct udp_stack *udp, struct udp_socket *socket, const struct ip_addr *local,
             uint16_t port)
{
    if (udp_is_bound(socket))
        return EINVAL;
    socket->local = local ? *local : (struct ip_addr){ { 0 } };
    socket->own_address = !udp_is_any(&socket->local);
    socket->own_port = port != 0;
    if (port == 0)
        port = udp_port_choose(udp, socket);
    else if (udp_port_taken(udp, socket, port))
        port = 0;
    if (port == 0)
        return EADDRINUSE;
    if (socket->stack)
        udp_table_remove(udp, socket);
    socket->local_port = port;
    socket->stack = udp;
    udp_table_add(udp, socket);
    return 0;
}

static bool is_broadcast(struct ip_stack *ip, const struct ip_addr *addr)
{
    return ip_dst_get(ip, ip_addr_v4(addr))->kind == IP_KIND_BROADCAST;
}

int udp_connect(struct udp_stack *udp, struct udp_socket *socket, const struct ip_addr *remote,
                uint16_t port)
{
    struct ip_addr src;
    uint32_t mtu;

    if (!ip_route_query(udp->ip, remote, &src, &mtu))
        return ip_route_error(udp->ip, remote);
    if (!socket->broadcast && is_broadcast(udp->ip, remote))
        return EACCES;
    if (socket->group_iface && ip4_is_multicast(ip_addr_v4(remote)))
        src = ip_addr_of_v4(ip_iface_source(socket->group_iface, ip_addr_v4(remote)));
    if (!udp_is_bound(socket)) {
        int error = udp_bind(udp, socket, socket->own_address ? &socket->local : NULL, 0);
        if (error)
            return error;
    }
    if (udp_is_any(&socket->local))
        socket->local = src;
    socket->remote = *remote;
    socket->remote_port = port;
    socket->connected = true;
    socket->cache = (struct ip_route_cache){ 0 };
    return 0;
}

void udp_disconnect(struct udp_socket *socket)
{
    socket->connected = false;
    socket->remote = (struct ip_addr){ { 0 } };
    socket->remote_port = 0;
    socket->iface = NULL;
    socket->cache = (struct ip_route_cache){ 0 };
    if (!socket->own_address)
        socket->local = (struct ip_addr){ { 0 } };
    if (socket->own_port || !socket->stack)
        return;
    udp_table_remove(socket->stack,
                     socket); /* nothing comes to port 0, but what waits can be read */
    socket->local_port = 0;
    udp_table_add(socket->stack, socket);
}

void udp_close(struct udp_socket *socket)
{
    struct udp_stack *udp = socket->stack;
    struct packet *packet;

    if (!udp)
        return;
    while ((packet = packet_fifo_pop(&socket->queue)))
        packet_drop(packet, udp->ip->drops, &drop_udp_closed);
    socket->queued = socket->unreturned = socket->waiting = socket->spliced = 0;
    udp_table_remove(udp, socket);
    socket->stack = NULL;
    socket->local_port = 0;
    socket->connected = socket->own_address = false;
}

/* ---- Sending ------------------------------------------------------------------------------- */

/* What is different for a multicast; a group to which the socket is bound is no source. */
__attribute__((noinline)) static void to_multicast(const struct udp_socket *socket,
                                                   struct ip_tx *tx)
{
    if (ip4_is_multicast(ip_addr_v4(&tx->src)))
        tx->src = (struct ip_addr){ { 0 } };
    if (!ip4_is_multicast(ip_addr_v4(&tx->dst)))
        return;
    if (!tx->iface)
        tx->iface = socket->group_iface;
    tx->ttl = socket->group_ttl;
    tx->stays = socket->group_ttl == 0;
    tx->no_loop = socket->no_loop;
}

/* Of what became of a datagram, what its sender is told: that the host's own queue is full only if
 * it asked (ip_send_skb, udp_send_skb). */
static int told(const struct udp_socket *socket, int error)
{
    struct udp_stack *udp = socket->stack;

    if (error == 0 || error == XMIT_CN) {
        udp->counters.OutDatagrams++;
        return 0;
    }
    if (error == XMIT_DROPPED) {
        ip_count(udp->ip, IpOutDiscards);
        error = ENOBUFS;
    }
    if (error != ENOBUFS)
        return error;
    udp->counters.SndbufErrors++;
    return socket->recverr ? ENOBUFS : 0;
}

static int transmit(struct udp_socket *socket, struct packet *packet, const struct ip_addr *dst,
                    uint16_t port, struct ip_route_cache *cache)
{
    struct udp_stack *udp = socket->stack;
    struct udphdr h = { .src_port = socket->local_port,
                        .dst_port = port,
                        .length = (uint16_t)(packet_len(packet) + UDPHDR_LEN) };
    struct ip_tx tx = { .src = socket->local,
                        .dst = *dst,
                        .proto = IP_PROTO_UDP,
                        .tos = socket->tos,
                        .ttl = socket->ttl,
                        .df = socket->df,
                        .iface = socket->iface };

    /* No multicast has less there; few others get here, and to_multicast looks again. */
    if (__builtin_expect((tx.src.b[12] | tx.dst.b[12]) >= 224, 0))
        to_multicast(socket, &tx);
    udphdr_emit(packet_push(packet, UDPHDR_LEN), &h);
    packet->flags |= PACKET_CSUM_PENDING;
    packet->flow = socket->flow;
    packet->transmission = 1;
    return told(socket, ip_send(udp->ip, packet, &tx, cache));
}

static int send_to(struct udp_socket *socket, struct blob *blob, uint64_t offset, uint32_t length,
                   const struct ip_addr *dst, uint16_t port, struct ip_route_cache *cache)
{
    struct udp_stack *udp = socket->stack;

    if (length > UDP_DATA_MAX)
        return EMSGSIZE;
    if (!socket->broadcast && is_broadcast(udp->ip, dst))
        return EACCES;
    struct packet *packet = packet_new(udp->ip->sim);
    if (length > 0)
        packet_set_payload(packet, blob_ref(blob), offset, length);
    return transmit(socket, packet, dst, port, cache);
}

int udp_send(struct udp_socket *socket, struct blob *blob, uint64_t offset, uint32_t length)
{
    if (!socket->stack || !socket->connected)
        return EDESTADDRREQ;
    return send_to(socket, blob, offset, length, &socket->remote, socket->remote_port,
                   &socket->cache);
}

int udp_send_to(struct udp_socket *socket, struct blob *blob, uint64_t offset, uint32_t length,
                const struct ip_addr *dst, uint16_t port)
{
    if (!socket->stack || port == 0)
        return EDESTADDRREQ;
    return send_to(socket, blob, offset, length, dst, port, NULL);
}

/* ---- Errors -------------------------------------------------------------------------------- */

/* The socket that sent the datagram quoted, or NULL. */
static struct udp_socket *sender_of(const struct udp_stack *udp, const uint8_t *quote,
                                    uint32_t quote_len, const struct ip_rx *rx, struct udphdr *h)
{
    if (quote_len < UDPHDR_LEN)
        return NULL;
    udphdr_parse(quote, h);
    struct udp_path path = { .local = &rx->src,
                             .remote = &rx->dst,
                             .local_port = h->src_port,
                             .remote_port = h->dst_port,
                             .iface = rx->iface };
    return udp_lookup(udp, &path);
}

/* Linux's __udp4_lib_err: without a socket nothing is learnt of the path. */
static bool udp_sent(struct ip_l4 *l4, const uint8_t *quote, uint32_t quote_len,
                     const struct ip_rx *rx)
{
    struct udphdr h;

    return sender_of(container_of(l4, struct udp_stack, l4), quote, quote_len, rx, &h) != NULL;
}

static bool udp_icmp(struct ip_l4 *l4, uint8_t type, uint8_t code, uint32_t info,
                     const uint8_t *quote, uint32_t quote_len, const struct ip_rx *rx)
{
    struct udp_stack *udp = container_of(l4, struct udp_stack, l4);
    struct udphdr h;

    struct udp_socket *socket = sender_of(udp, quote, quote_len, rx, &h);
    if (!socket)
        return false;
    struct udp_error error = { .type = type,
                               .code = code,
                               .info = info,
                               .reporter = rx->reporter,
                               .dst = rx->dst,
                               .dst_port = h.dst_port };
    error.error = icmp_errno(type, code, &error.hard);
    if (socket->ops->error && error.error)
        socket->ops->error(socket, &error);
    return true;
}
