#include "protocols/udp/udp.h"

#include <errno.h>

#include "protocols/ip/icmp.h"
#include "protocols/ip/ports.h"
#include "protocols/ip/stack.h"
#include "protocols/ip/state.h"
#include "protocols/ip/truesize.h"
#include "protocols/wire/checksum.h"
#include "protocols/wire/udphdr.h"

DROP_REASON(udp_no_port, "nobody listens on the UDP port");
DROP_REASON(udp_checksum, "the UDP checksum is wrong");
DROP_REASON(udp_malformed, "the UDP length cannot be");
DROP_REASON(udp_rcvbuf, "the receive buffer is full");
DROP_REASON(udp_closed, "the socket was closed with datagrams unread");

enum { BUCKETS_MIN = 8, PORT_LOW = 32768, PORT_HIGH = 60999 };

static void udp_input(struct ip_l4 *l4, struct packet *packet, const struct ip_rx *rx);
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

/* ---- The port table ------------------------------------------------------------------------ */

static bool is_any(const struct ip_addr *addr)
{
    static const struct ip_addr zero;
    return ip_addr_equal(addr, &zero) || (ip_addr_is_v4(addr) && ip_addr_v4(addr) == 0);
}

static struct udp_socket **bucket_of(const struct udp_stack *udp, uint16_t port)
{
    return &udp->table[port & (udp->n_buckets - 1)];
}

static void table_grow(struct udp_stack *udp)
{
    struct udp_socket **old = udp->table;
    uint32_t n = udp->n_buckets;

    udp->n_buckets = n ? n * 2 : BUCKETS_MIN;
    udp->table = g_new0(struct udp_socket *, udp->n_buckets);
    for (uint32_t i = 0; i < n; i++)
        for (struct udp_socket *s = old[i], *next; s; s = next) {
            struct udp_socket **bucket = bucket_of(udp, s->local_port);
            next = s->chain;
            s->chain = *bucket;
            *bucket = s;
        }
    g_free(old);
}

static void table_add(struct udp_stack *udp, struct udp_socket *socket)
{
    if (udp->n_sockets >= udp->n_buckets)
        table_grow(udp);
    struct udp_socket **bucket = bucket_of(udp, socket->local_port);
    socket->chain = *bucket;
    *bucket = socket;
    udp->n_sockets++;
}

static void table_remove(struct udp_stack *udp, struct udp_socket *socket)
{
    struct udp_socket **at = bucket_of(udp, socket->local_port);

    while (*at != socket)
        at = &(*at)->chain;
    *at = socket->chain;
    udp->n_sockets--;
}

/* Two sockets cannot have one port unless their addresses or interfaces tell them apart. */
static bool port_taken(const struct udp_stack *udp, const struct udp_socket *socket, uint16_t port)
{
    if (!udp->n_buckets)
        return false;
    for (const struct udp_socket *s = *bucket_of(udp, port); s; s = s->chain)
        if (s->local_port == port && !(s->reuse && socket->reuse) &&
            (!s->iface || !socket->iface || s->iface == socket->iface) &&
            (is_any(&s->local) || is_any(&socket->local) ||
             ip_addr_equal(&s->local, &socket->local)))
            return true;
    return false;
}

/* A random port of the range (RFC 6056 3.3.1), or the next free one; 0 if none is. */
static uint16_t port_choose(struct udp_stack *udp, const struct udp_socket *socket)
{
    uint32_t low = udp->port_low, high = udp->port_high;

    /* The socket's own range narrows the node's (inet_sk_get_local_port_range). */
    if (socket->port_low >= udp->port_low && socket->port_low <= udp->port_high)
        low = socket->port_low;
    if (socket->port_high >= udp->port_low && socket->port_high <= udp->port_high)
        high = socket->port_high;
    uint32_t n = high - low + 1, at = (uint32_t)rng_below(&udp->rng, n);
    for (uint32_t i = 0; i < n; i++, at = (at + 1) % n)
        if (!ports_has(udp->reserved, (uint16_t)(low + at)) &&
            !port_taken(udp, socket, (uint16_t)(low + at)))
            return (uint16_t)(low + at);
    return 0;
}

/* ---- Opening and closing ------------------------------------------------------------------- */

int udp_bind(struct udp_stack *udp, struct udp_socket *socket, const struct ip_addr *local,
             uint16_t port)
{
    if (udp_is_bound(socket))
        return EINVAL;
    socket->local = local ? *local : (struct ip_addr){ { 0 } };
    socket->own_address = !is_any(&socket->local);
    socket->own_port = port != 0;
    if (port == 0)
        port = port_choose(udp, socket);
    else if (port_taken(udp, socket, port))
        port = 0;
    if (port == 0)
        return EADDRINUSE;
    if (socket->stack)
        table_remove(udp, socket);
    socket->local_port = port;
    socket->stack = udp;
    table_add(udp, socket);
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
    if (is_any(&socket->local))
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
    table_remove(socket->stack, socket); /* nothing comes to port 0, but what waits can be read */
    socket->local_port = 0;
    table_add(socket->stack, socket);
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
    table_remove(udp, socket);
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

/* ---- Receiving ----------------------------------------------------------------------------- */

/* How well the socket fits, as compute_score: 0 not at all, else more for each thing it is choosy
 * about. */
static int score(const struct udp_socket *s, const struct ip_addr *local, uint16_t local_port,
                 const struct ip_addr *remote, uint16_t remote_port, const struct ip_iface *iface)
{
    int points = 1;

    if (s->local_port != local_port || local_port == 0)
        return 0;
    if (!is_any(&s->local)) {
        if (!ip_addr_equal(&s->local, local))
            return 0;
        points += 4;
    }
    if (s->connected) {
        if (!ip_addr_equal(&s->remote, remote) || s->remote_port != remote_port)
            return 0;
        points += 8;
    }
    if (s->iface) {
        if (s->iface != iface)
            return 0;
        points += 2;
    }
    return points;
}

static struct udp_socket *lookup(const struct udp_stack *udp, const struct ip_addr *local,
                                 uint16_t local_port, const struct ip_addr *remote,
                                 uint16_t remote_port, const struct ip_iface *iface)
{
    struct udp_socket *best = NULL;
    int most = 0;

    if (!udp->n_buckets)
        return NULL;
    for (struct udp_socket *s = *bucket_of(udp, local_port); s; s = s->chain) {
        int points = score(s, local, local_port, remote, remote_port, iface);
        if (points > most) {
            best = s;
            most = points;
        }
    }
    return best;
}

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

static bool to_group(const struct udp_stack *udp, const struct ip_rx *rx)
{
    return !ip_is_local(udp->ip, ip_addr_v4(&rx->dst));
}

/* Datagrams to a group go to every socket that fits; returns how many. Sockets that an upcall
 * closes or opens meanwhile are not visited. */
static unsigned deliver_all(struct udp_stack *udp, struct packet *packet, const struct udphdr *h,
                            const struct ip_rx *rx)
{
    GPtrArray *fitting = g_ptr_array_new();

    for (struct udp_socket *s = udp->n_buckets ? *bucket_of(udp, h->dst_port) : NULL; s;
         s = s->chain)
        if (s->local_port == h->dst_port &&
            (is_any(&s->local) || ip_addr_equal(&s->local, &rx->dst)) &&
            score(s, &s->local, h->dst_port, &rx->src, h->src_port, rx->iface))
            g_ptr_array_add(fitting, s);
    unsigned n = fitting->len;
    for (unsigned i = 0; i < n; i++) {
        struct udp_socket *s = fitting->pdata[i];
        if (s->stack)
            deliver(s, packet_clone(packet), h, rx);
    }
    g_ptr_array_free(fitting, TRUE);
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

static void udp_input(struct ip_l4 *l4, struct packet *packet, const struct ip_rx *rx)
{
    struct udp_stack *udp = container_of(l4, struct udp_stack, l4);
    struct udp_socket *socket;
    struct udphdr h;
    const struct drop_reason *fault = check(udp, packet, rx, &h);

    if (fault) {
        udp->counters.InErrors++;
        packet_drop(packet, udp->ip->drops, fault);
    } else if ((socket = lookup(udp, &rx->dst, h.dst_port, &rx->src, h.src_port, rx->iface)) &&
               !to_group(udp, rx)) {
        deliver(socket, packet, &h, rx);
    } else if (!to_group(udp, rx)) {
        no_port(udp, packet, rx);
    } else if (deliver_all(udp, packet, &h, rx) > 0) {
        packet_consumed(packet);
    } else {
        packet_drop(packet, udp->ip->drops, &drop_udp_no_port);
    }
}

/* The packet still has all its headers in front. */
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
                           .ttl = ip->ttl };
    for (struct ip_iface *i = socket->stack->ip->ifaces; i && packet->ifindex; i = i->next)
        if (i->ifindex == packet->ifindex)
            rx->iface = i;
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

static int by_port(const void *a, const void *b)
{
    const struct udp_socket *const *x = a, *const *y = b;
    int ports = (*x)->local_port - (*y)->local_port;

    return ports ? ports : memcmp(&(*x)->local, &(*y)->local, sizeof(*x)->local);
}

void udp_each(const struct udp_stack *udp,
              void (*visit)(const struct udp_socket *socket, void *data), void *data)
{
    GPtrArray *all = g_ptr_array_new();

    for (uint32_t i = 0; i < udp->n_buckets; i++)
        for (struct udp_socket *s = udp->table[i]; s; s = s->chain)
            if (udp_is_bound(s))
                g_ptr_array_add(all, s);
    g_ptr_array_sort(all, by_port);
    for (guint i = 0; i < all->len; i++)
        visit(all->pdata[i], data);
    g_ptr_array_free(all, TRUE);
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

/* ---- Errors -------------------------------------------------------------------------------- */

/* The socket that sent the datagram quoted, or NULL. */
static struct udp_socket *sender_of(const struct udp_stack *udp, const uint8_t *quote,
                                    uint32_t quote_len, const struct ip_rx *rx, struct udphdr *h)
{
    if (quote_len < UDPHDR_LEN)
        return NULL;
    udphdr_parse(quote, h);
    return lookup(udp, &rx->src, h->src_port, &rx->dst, h->dst_port, rx->iface);
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
