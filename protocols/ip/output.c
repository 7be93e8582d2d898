/* What leaves: routes, headers, identifications. */
#include <errno.h>

#include "protocols/ip/icmp.h"
#include "protocols/ip/neigh.h"
#include "protocols/ip/state.h"
#include "protocols/wire/checksum.h"
#include "sim/hash.h"

DROP_REASON(stays, "a TTL of 0: multicasts of this sender do not leave the host");

/* ---- Identifications (RFC 6864, RFC 7739 5.3) ----------------------------------------------- */

enum { IDENT_BUCKETS = 64, IDENT_TICK_MS = 4 /* Linux's jiffy at HZ 250 */ };

/* Counters that pairs of addresses share by hash, so that what one host sees tells little of what
 * another does; a bucket that rests jumps by a random number (ip_idents_reserve). */
struct ip_idents {
    uint32_t count[IDENT_BUCKETS];
    sim_time last[IDENT_BUCKETS]; /* in ticks */
};

static struct ip_idents *idents_new(struct ip_state *state)
{
    struct ip_idents *idents = g_new0(struct ip_idents, 1);

    for (int i = 0; i < IDENT_BUCKETS; i++)
        idents->count[i] = (uint32_t)hash_combine(state->key, (uint64_t)i);
    return idents;
}

uint16_t ip_ident(struct ip_stack *ip, ip4 src, ip4 dst, uint8_t proto)
{
    struct ip_state *state = ip_state(ip);
    sim_time tick = ip->sim->now / (IDENT_TICK_MS * SIM_MS);

    if (!state->idents)
        state->idents = idents_new(state);
    uint64_t hash = hash_combine(state->key ^ proto, (uint64_t)src << 32 | dst);
    unsigned i = hash % IDENT_BUCKETS;
    if (tick > state->idents->last[i]) {
        state->idents->count[i] +=
            (uint32_t)rng_below(&state->rng, (uint64_t)(tick - state->idents->last[i]));
        state->idents->last[i] = tick;
    }
    return (uint16_t)++state->idents->count[i];
}

/* The first identification of a connection. */
static void ident_start(struct ip_stack *ip, struct ip_route_cache *cache)
{
    struct ip_state *state = ip_state(ip);

    cache->id = (uint16_t)hash_combine(state->key, ++state->next_ident);
    cache->used = true;
}

/* One identification for each segment that a super-segment will be. */
static inline uint16_t ident_next(const struct packet *packet, struct ip_route_cache *cache)
{
    uint16_t id = cache->id++;

    if (__builtin_expect(packet->gso_size != 0, 0))
        cache->id = (uint16_t)(cache->id + (packet->payload_len - 1) / packet->gso_size);
    return id;
}

/* Senders with a memory count, with DF or without.  Of others the identification means nothing with
 * DF, so they send 0, and so do SYN-ACKs (ip_select_ident_segs, ip_build_and_send_pkt).  Those that
 * every link carries whole have DF whatever the listener says, to spare the identification. */
static inline uint16_t ident_of_sender(struct ip_stack *ip, const struct packet *packet,
                                       struct ip_route_cache *cache)
{
    if (!cache || cache->no_id)
        return 0;
    if (__builtin_expect(!cache->used, 0))
        ident_start(ip, cache);
    return ident_next(packet, cache);
}

/* ---- Ways ---------------------------------------------------------------------------------- */

/* Over this interface, whatever the routes say: through a gateway of it if a route has one, else
 * the destination is taken to be on the link, as in Linux. */
static struct neigh *neigh_forced(const struct ip_dst *entry, struct ip_iface *iface)
{
    const struct ip_route *route = entry->kind == IP_KIND_UNICAST ? entry->route : NULL;

    for (unsigned i = 0; route && i < route->n_hops; i++)
        if (route->hops[i].iface == iface && route->hops[i].gateway)
            return neigh_get(iface, route->hops[i].gateway);
    return neigh_get(iface, entry->dst);
}

static struct ip_iface *iface_of_source(struct ip_stack *ip, ip4 src)
{
    for (struct ip_iface *iface = ip->ifaces; src && iface; iface = iface->next)
        if (iface->up && ip_iface_owns(iface, src))
            return iface;
    return NULL;
}

/* Broadcasts and multicasts leave by the interface of whatever route covers them; to a group and to
 * 255.255.255.255 an address that the sender is bound to says more, as under Linux. */
static struct neigh *neigh_of_group(struct ip_stack *ip, const struct ip_dst *entry, ip4 src)
{
    bool limited = entry->kind == IP_KIND_MULTICAST || entry->dst == 0xffffffff;
    struct ip_iface *own = limited ? iface_of_source(ip, src) : NULL;

    if (own)
        return neigh_get(own, entry->dst);
    const struct ip_route *route = ip_route_lookup(ip, entry->dst);
    if (entry->kind == IP_KIND_MULTICAST) {
        struct ip_iface *iface = ip_group_iface(ip, entry->dst);
        return iface ? neigh_get(iface, entry->dst) : NULL;
    }
    if (!route || route->type != IP_ROUTE_UNICAST)
        return NULL;
    return neigh_get(ip_hop_choose(route, 0, false)->iface, entry->dst);
}

/* Finds the neighbour for a datagram; *neigh is NULL if it is for this node itself. */
static int find_way(struct ip_stack *ip, const struct packet *packet, const struct ip_tx *tx,
                    struct neigh **neigh, const struct drop_reason **reason)
{
    const struct ip_dst *entry = ip_dst_get(ip, ip_addr_v4(&tx->dst));
    bool group = entry->kind == IP_KIND_BROADCAST || entry->kind == IP_KIND_MULTICAST;

    *neigh = NULL;
    *reason = &drop_neigh_table_full;
    if (entry->kind == IP_KIND_LOCAL)
        return 0;
    if (tx->iface) {
        *neigh = neigh_forced(entry, tx->iface);
    } else if (group) {
        *neigh = neigh_of_group(ip, entry, ip_addr_v4(&tx->src));
        *reason = &drop_no_route;
    } else if (entry->kind == IP_KIND_UNICAST) {
        *neigh = ip_dst_neigh(ip, entry, ip_addr_v4(&tx->src), tx->proto, packet, 0);
    } else {
        struct ip_refusal refusal = ip_dst_refusal(entry);
        if (refusal.error == ENETUNREACH)
            ip_count(ip, IpOutNoRoutes);
        *reason = refusal.reason;
        return refusal.error;
    }
    return *neigh ? 0 : group ? ENETUNREACH : ENOBUFS;
}

static inline int resolve(struct ip_stack *ip, const struct packet *packet, const struct ip_tx *tx,
                          struct ip_route_cache *cache, struct neigh **neigh,
                          const struct drop_reason **reason)
{
    if (cache && cache->generation == ip->generation && cache->neigh && !tx->iface) {
        *neigh = cache->neigh;
        return 0;
    }
    int error = find_way(ip, packet, tx, neigh, reason);
    if (cache && !error && !tx->iface) {
        cache->neigh = *neigh;
        cache->generation = ip->generation;
    }
    return error;
}

/* ---- The node itself ----------------------------------------------------------------------- */

static void loopback_fire(struct sim *sim, struct event *ev)
{
    struct ip_state *state = container_of(ev, struct ip_state, loopback);
    struct packet_fifo batch = state->own;
    struct packet *packet;
    struct ipv4 h;

    if (!batch.first)
        return;
    packet_fifo_init(&state->own); /* what is sent meanwhile takes another event */
    while ((packet = packet_fifo_pop(&batch))) {
        state->ip->in_receives++;
        state->ip->out_transmits++;
        ipv4_parse(packet_data(packet), &h);
        ip_deliver(state->ip, packet, &h, NULL);
    }
}

/* Back to ourselves, at once but not from inside the caller. */
static void send_to_self(struct ip_stack *ip, struct packet *packet)
{
    struct ip_state *state = ip_state(ip);

    packet->ifindex = 0;
    packet_fifo_push(&state->own, packet);
    state->loopback.fire = loopback_fire;
    if (!event_pending(&state->loopback))
        event_schedule(ip->sim, &state->loopback, ip->sim->now, ip->actor);
}

/* ---- Sending ------------------------------------------------------------------------------- */

static ip4 source_chosen(const struct ip_tx *tx, const struct neigh *neigh)
{
    ip4 dst = ip_addr_v4(&tx->dst);

    if (neigh)
        return ip_iface_source(neigh->iface, neigh->addr);
    return ip4_is_loopback(dst) ? IP4_LOOPBACK : dst;
}

static inline ip4 source_for(const struct ip_tx *tx, const struct neigh *neigh)
{
    ip4 src = ip_addr_v4(&tx->src);
    return src ? src : source_chosen(tx, neigh);
}

/* What differs from header to header. */
struct fields {
    uint32_t length;
    uint16_t id, frag;
    uint8_t ttl;
    ip4 src, dst;
};

/* Writes a header without options, word by word, with the checksum summed up on the way. */
static inline void write_header(uint8_t *buf, const struct ip_tx *tx, const struct fields *f)
{
    uint32_t version_tos_length = 0x45000000u | (uint32_t)tx->tos << 16 | f->length;
    uint32_t id_frag = (uint32_t)f->id << 16 | f->frag;
    uint32_t ttl_proto = (uint32_t)f->ttl << 24 | (uint32_t)tx->proto << 16;
    uint64_t sum = (uint64_t)version_tos_length + id_frag + ttl_proto + f->src + f->dst;
    be32 *word = (be32 *)buf;

    word[0] = put_be32(version_tos_length);
    word[1] = put_be32(id_frag);
    word[2] = put_be32(ttl_proto | (uint16_t)~checksum_fold(sum));
    word[3] = put_be32(f->src);
    word[4] = put_be32(f->dst);
}

/* In front of what the packet holds. */
static inline void push_header(struct packet *packet, const struct ip_tx *tx,
                               const struct fields *f)
{
    packet->l4 = (uint8_t)packet->head;
    packet_push(packet, IPV4_LEN);
    packet->l3 = (uint8_t)packet->head;
    write_header(packet_data(packet), tx, f);
}

static inline uint8_t ttl_for(const struct ip_stack *ip, const struct ip_tx *tx)
{
    return tx->ttl ? tx->ttl : (uint8_t)ip->sysctl->default_ttl;
}

/* The MTU of the path as far as it is known, and whether the datagram may leave with it. */
static inline uint32_t path_mtu(const struct ip_stack *ip, const struct neigh *neigh, ip4 dst,
                                uint32_t length)
{
    uint32_t mtu = neigh ? neigh->iface->mtu : IPV4_DATAGRAM_MAX;

    if (ip->state && length > ip->state->least_pmtu) {
        uint32_t learnt = except_mtu(ip, dst);
        if (learnt < mtu)
            return learnt;
    }
    return mtu;
}

/* A multicast goes to whoever has joined here as well, unless its sender does not want that; with a
 * TTL of 0 to nobody else.  False if it is gone. */
__attribute__((noinline)) static bool loop_back(struct ip_stack *ip, struct packet *packet,
                                                const struct ip_tx *tx, const struct neigh *neigh)
{
    if (!tx->no_loop && ip_iface_joined(neigh->iface, neigh->addr))
        send_to_self(ip, packet_clone(packet));
    if (!tx->stays)
        return true;
    ip_drop(ip, packet, &drop_stays);
    return false;
}

/* Routers may have to cut what goes on a path that takes less than net.ipv4.route.min_pmtu. */
static inline bool dont_fragment(const struct ip_stack *ip, const struct ip_tx *tx, ip4 dst,
                                 bool fits)
{
    if (tx->df == IP_DF_CLEAR || (tx->df == IP_DF_WANT && !fits))
        return false;
    return tx->df == IP_DF_SET || !ip->state || !ip->state->pmtu_locked || !except_locked(ip, dst);
}

static int refuse(struct ip_stack *ip, struct packet *packet, int error,
                  const struct drop_reason *reason)
{
    ip_drop(ip, packet, reason);
    return error;
}

/* Datagrams of all kinds, `datagram` bytes long on the wire. */
__attribute__((noinline)) static int send_any(struct ip_stack *ip, struct packet *packet,
                                              const struct ip_tx *tx, struct ip_route_cache *cache,
                                              uint32_t datagram)
{
    const struct drop_reason *reason;
    struct neigh *neigh;
    uint32_t length = packet_len(packet) + IPV4_LEN;
    int error = resolve(ip, packet, tx, cache, &neigh, &reason);

    if (__builtin_expect(error != 0, 0))
        return refuse(ip, packet, error, reason);
    ip4 dst = ip_addr_v4(&tx->dst);
    uint32_t mtu = path_mtu(ip, neigh, dst, datagram);
    bool fits = datagram <= mtu;
    bool df = (cache && cache->no_id && length <= IPV4_MIN_MTU) || dont_fragment(ip, tx, dst, fits);
    if (__builtin_expect(length > IPV4_DATAGRAM_MAX || (df && !fits), 0)) {
        ip_count(ip, IpFragFails);
        return refuse(ip, packet, EMSGSIZE, &drop_mtu_exceeded);
    }
    struct fields f = { .length = length,
                        .frag = df ? IPV4_DF : 0,
                        .ttl = ttl_for(ip, tx),
                        .src = source_for(tx, neigh),
                        .dst = dst };
    f.id = df || (cache && !cache->no_id) ? ident_of_sender(ip, packet, cache)
                                          : ip_ident(ip, f.src, dst, tx->proto);
    push_header(packet, tx, &f);
    ip->out_requests++;
    if (__builtin_expect(!neigh, 0)) {
        send_to_self(ip, packet);
        return 0;
    }
    if (__builtin_expect(ip4_is_multicast(dst), 0) && !loop_back(ip, packet, tx, neigh))
        return 0;
    if (tx->confirm)
        neigh_confirm(neigh, ip->sim->now);
    if (__builtin_expect(!fits, 0))
        return ip_fragment(ip, packet, neigh, mtu);
    ip->out_transmits++;
    return neigh_output(neigh, packet, ip->sim->now);
}

/* One more of a sender that has sent before, with DF, which fits whatever way is known: nothing is
 * to be found out. */
static inline bool is_plain(const struct ip_stack *ip, const struct ip_tx *tx,
                            const struct ip_route_cache *cache, uint32_t datagram)
{
    const struct neigh *neigh;

    if (!cache || cache->generation != ip->generation || !cache->used || cache->no_id || tx->iface)
        return false;
    neigh = cache->neigh;
    return neigh && ip->sim->now < neigh->fresh_until && datagram <= neigh->iface->mtu &&
           datagram <= ip->state->least_pmtu && !ip->state->pmtu_locked && tx->df != IP_DF_CLEAR &&
           ip_addr_v4(&tx->src) != 0 && !ip4_is_multicast(ip_addr_v4(&tx->dst));
}

static inline enum xmit send_plain(struct ip_stack *ip, struct packet *packet,
                                   const struct ip_tx *tx, struct ip_route_cache *cache,
                                   uint32_t length)
{
    struct neigh *neigh = cache->neigh;
    struct fields f = { .length = length,
                        .id = ident_next(packet, cache),
                        .frag = IPV4_DF,
                        .ttl = ttl_for(ip, tx),
                        .src = ip_addr_v4(&tx->src),
                        .dst = ip_addr_v4(&tx->dst) };

    push_header(packet, tx, &f);
    ip->out_requests++;
    ip->out_transmits++;
    if (tx->confirm)
        neigh->confirmed = ip->sim->now;
    memcpy(packet_push(packet, ETH_LEN), &neigh->header, ETH_LEN);
    return neigh->iface->ops->transmit(neigh->iface, packet);
}

int ip_send(struct ip_stack *ip, struct packet *packet, const struct ip_tx *tx,
            struct ip_route_cache *cache)
{
    uint32_t length = packet_len(packet) + IPV4_LEN, datagram = length;

    if (__builtin_expect(packet->gso_size != 0, 0)) /* what it will be on the wire */
        datagram = IPV4_LEN + packet_header_len(packet) + packet->gso_size;
    if (__builtin_expect(length > IPV4_DATAGRAM_MAX || !is_plain(ip, tx, cache, datagram), 0))
        return send_any(ip, packet, tx, cache, datagram);
    return send_plain(ip, packet, tx, cache, length);
}

bool ip_route_query(struct ip_stack *ip, const struct ip_addr *dst, struct ip_addr *src,
                    uint32_t *mtu)
{
    struct ip_tx tx = { .dst = *dst };
    const struct drop_reason *reason;
    struct neigh *neigh;

    if (find_way(ip, NULL, &tx, &neigh, &reason) != 0)
        return false;
    *src = ip_addr_of_v4(source_for(&tx, neigh));
    *mtu = path_mtu(ip, neigh, ip_addr_v4(dst), UINT32_MAX);
    return true;
}

int ip_route_error(struct ip_stack *ip, const struct ip_addr *dst)
{
    struct ip_tx tx = { .dst = *dst };
    const struct drop_reason *reason;
    struct neigh *neigh;

    return find_way(ip, NULL, &tx, &neigh, &reason);
}
