#include "protocols/ip/neigh.h"

#include "protocols/ip/icmp.h"
#include "protocols/ip/state.h"

DROP_REASON(neigh_failed, "the next hop did not answer ARP");
DROP_REASON(neigh_queue_full, "too much waits for the next hop's ARP answer: the oldest goes");
DROP_REASON(neigh_table_full, "the neighbour table is full (gc_thresh3)");

static void neigh_expire(struct sim *sim, struct timer *timer);

static sim_time now_of(const struct neigh *neigh)
{
    return neigh->iface->ip->sim->now;
}

static const struct ip_sysctl *sysctl_of(const struct neigh *neigh)
{
    return neigh->iface->ip->sysctl;
}

const char *neigh_state_name(enum neigh_state state)
{
    static const char *const names[NEIGH_STATES] = {
        "NONE", "INCOMPLETE", "REACHABLE", "STALE", "DELAY", "PROBE", "FAILED", "PERMANENT"
    };
    return names[state];
}

/* ---- The state ----------------------------------------------------------------------------- */

/* How long a confirmation is good: uniform between half and one and a half of the base, drawn again
 * every five minutes (RFC 4861 6.3.4; neigh_rand_reach_time). */
static sim_time reachable_time(struct ip_iface *iface)
{
    struct neigh_table *table = iface->neighs;
    struct ip_stack *ip = iface->ip;
    sim_time base = ip->sysctl->base_reachable_ms * SIM_MS;

    if (table->reachable == 0 || ip->sim->now >= table->reachable_drawn + 300 * SIM_S) {
        table->reachable = base / 2 + (sim_time)rng_below(&ip_state(ip)->rng, (uint64_t)base);
        table->reachable_drawn = ip->sim->now;
    }
    return table->reachable;
}

/* A confirmation older than any reachable time. */
static sim_time long_ago(const struct ip_iface *iface)
{
    return iface->ip->sim->now - 2 * (iface->ip->sysctl->base_reachable_ms * SIM_MS);
}

/* The one place that writes the state.  What a timer will end is fresh until then. */
static void neigh_set_state(struct neigh *neigh, enum neigh_state state)
{
    struct neigh_table *table = neigh->iface->neighs;

    table->known += (state != NEIGH_NONE) - (neigh->state != NEIGH_NONE);
    neigh->state = (uint8_t)state;
    if (state == NEIGH_REACHABLE)
        neigh->fresh_until = neigh->confirmed + reachable_time(neigh->iface);
    else if (state == NEIGH_PERMANENT || state == NEIGH_DELAY || state == NEIGH_PROBE)
        neigh->fresh_until = SIM_NEVER;
    else
        neigh->fresh_until = 0;
    if (state != NEIGH_INCOMPLETE && state != NEIGH_DELAY && state != NEIGH_PROBE)
        timer_stop(&neigh->timer);
}

static bool has_address(enum neigh_state state)
{
    return state == NEIGH_REACHABLE || state == NEIGH_STALE || state == NEIGH_DELAY ||
           state == NEIGH_PROBE || state == NEIGH_PERMANENT;
}

/* Until when a REACHABLE entry is so, by the confirmations that came since it became so. */
static sim_time reachable_until(const struct neigh *neigh)
{
    sim_time later = neigh->confirmed + neigh->iface->neighs->reachable;
    return later > neigh->fresh_until ? later : neigh->fresh_until;
}

enum neigh_state neigh_state_now(const struct neigh *neigh)
{
    bool stale = neigh->state == NEIGH_REACHABLE && now_of(neigh) >= reachable_until(neigh);
    return stale ? NEIGH_STALE : (enum neigh_state)neigh->state;
}

/* Makes the state that of now. */
static void neigh_age(struct neigh *neigh)
{
    if (neigh_state_now(neigh) != neigh->state)
        neigh_set_state(neigh, NEIGH_STALE);
    else if (neigh->state == NEIGH_REACHABLE)
        neigh->fresh_until = reachable_until(neigh);
}

/* ---- The table ----------------------------------------------------------------------------- */

static uint32_t slot_of(const struct neigh_table *table, ip4 addr)
{
    uint32_t i = ip4_hash(addr) & (table->capacity - 1);

    while (table->slots[i] && table->slots[i]->addr != addr)
        i = (i + 1) & (table->capacity - 1);
    return i;
}

static void table_grow(struct neigh_table *table)
{
    struct neigh **old = table->slots;
    uint32_t n = table->capacity;

    table->capacity = n ? n * 2 : 2;
    table->slots = g_new0(struct neigh *, table->capacity);
    for (uint32_t i = 0; i < n; i++)
        if (old[i])
            table->slots[slot_of(table, old[i]->addr)] = old[i];
    g_free(old);
}

struct neigh *neigh_find(const struct ip_iface *iface, ip4 addr)
{
    const struct neigh_table *table = iface->neighs;
    return table ? table->slots[slot_of(table, addr)] : NULL;
}

/* Forgets what has not been used for gc_stale_time, once there are gc_thresh1 entries
 * (neigh_periodic_work). */
static void collect_garbage(struct ip_iface *iface)
{
    const struct ip_sysctl *sysctl = iface->ip->sysctl;
    struct neigh_table *table = iface->neighs;

    if (table->known < sysctl->gc_thresh1)
        return;
    for (uint32_t i = 0; i < table->capacity; i++) {
        struct neigh *neigh = table->slots[i];
        if (!neigh)
            continue;
        enum neigh_state state = neigh_state_now(neigh);
        sim_time last = neigh->used > neigh->confirmed ? neigh->used : neigh->confirmed;
        if (state == NEIGH_FAILED ||
            (state == NEIGH_STALE && now_of(neigh) > last + sysctl->gc_stale_time * SIM_S))
            neigh_set_state(neigh, NEIGH_NONE);
    }
}

static struct neigh *neigh_new(struct ip_iface *iface, ip4 addr)
{
    struct neigh *neigh = g_new0(struct neigh, 1);

    neigh->iface = iface;
    neigh->addr = addr;
    neigh->header.src = iface->mac;
    neigh->header.type = put_be16(ETH_TYPE_IPV4);
    packet_fifo_init(&neigh->queue);
    timer_init(&neigh->timer, iface->ip->actor, neigh_expire);
    neigh->used = neigh->updated = iface->ip->sim->now;
    neigh->confirmed = long_ago(iface);
    if (ip4_is_multicast(addr)) {
        neigh->header.dst = eth_addr_of_group(addr);
        neigh_set_state(neigh, NEIGH_PERMANENT);
    } else if (ip_iface_broadcasts(iface, addr)) {
        neigh->header.dst = ETH_BROADCAST;
        neigh_set_state(neigh, NEIGH_PERMANENT);
    }
    return neigh;
}

struct neigh *neigh_get(struct ip_iface *iface, ip4 addr)
{
    struct neigh *neigh = neigh_find(iface, addr);

    if (neigh)
        return neigh;
    if (!iface->neighs)
        iface->neighs = g_new0(struct neigh_table, 1);
    struct neigh_table *table = iface->neighs;
    collect_garbage(iface);
    if (table->known >= iface->ip->sysctl->gc_thresh3)
        return NULL;
    if (2 * (table->used + 1) > table->capacity)
        table_grow(table);
    neigh = neigh_new(iface, addr);
    table->slots[slot_of(table, addr)] = neigh;
    table->used++;
    return neigh;
}

static int by_address(const void *a, const void *b)
{
    const struct neigh *x = *(const struct neigh *const *)a, *y = *(const struct neigh *const *)b;
    return x->addr < y->addr ? -1 : x->addr > y->addr;
}

void neigh_each(const struct ip_iface *iface, void (*visit)(const struct neigh *neigh, void *data),
                void *data)
{
    const struct neigh_table *table = iface->neighs;

    if (!table)
        return;
    const struct neigh **sorted = g_new(const struct neigh *, table->used);
    uint32_t n = 0;
    for (uint32_t i = 0; i < table->capacity; i++)
        if (table->slots[i] && table->slots[i]->state != NEIGH_NONE)
            sorted[n++] = table->slots[i];
    qsort(sorted, n, sizeof *sorted, by_address);
    for (uint32_t i = 0; i < n; i++)
        visit(sorted[i], data);
    g_free(sorted);
}

/* ---- Datagrams that wait ------------------------------------------------------------------- */

static struct packet *waiting_pop(struct neigh *neigh)
{
    struct packet *packet = packet_fifo_pop(&neigh->queue);

    if (packet)
        neigh->queue_bytes -= ip_truesize(packet_len(packet));
    return packet;
}

/* The newest is kept (RFC 1122 2.3.2.2). */
static void waiting_push(struct neigh *neigh, struct packet *packet)
{
    uint32_t size = ip_truesize(packet_len(packet));
    struct packet *oldest;

    while (neigh->queue_bytes + size > sysctl_of(neigh)->unres_qlen_bytes &&
           (oldest = waiting_pop(neigh)))
        packet_drop(oldest, neigh->iface->drops, &drop_neigh_queue_full);
    neigh->queue_bytes += size;
    packet_fifo_push(&neigh->queue, packet);
}

static enum xmit send_framed(struct neigh *neigh, struct packet *packet)
{
    memcpy(packet_push(packet, ETH_LEN), &neigh->header, ETH_LEN);
    return neigh->iface->ops->transmit(neigh->iface, packet);
}

static void waiting_send(struct neigh *neigh)
{
    struct packet *packet;

    while (has_address((enum neigh_state)neigh->state) && (packet = waiting_pop(neigh)))
        send_framed(neigh, packet);
}

/* RFC 1122 2.3.2.2, RFC 1812 5.2.7.1: the senders learn that the host is unreachable. */
static void waiting_fail(struct neigh *neigh, const struct drop_reason *reason, bool tell)
{
    struct ip_stack *ip = neigh->iface->ip;
    struct packet *packet;

    while ((packet = waiting_pop(neigh))) {
        if (tell)
            icmp_error(ip, packet, NULL, ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, 0);
        packet_drop(packet, neigh->iface->drops, reason);
    }
}

/* ---- Asking -------------------------------------------------------------------------------- */

/* The address to ask in the name of: that of the datagram that waits if it is ours, and as
 * arp_announce says (0: any of ours, 1: one whose subnet on this interface the target is in); else
 * the interface's. */
static ip4 sender_for(const struct neigh *neigh)
{
    const struct packet *packet = neigh->queue.first;
    uint32_t announce = sysctl_of(neigh)->arp_announce;

    if (packet && announce < 2) {
        ip4 src = get_be32(((const struct ipv4_wire *)(packet->buf + packet->head))->src);
        if (ip_is_local(neigh->iface->ip, src) &&
            (announce == 0 || ip_iface_joins(neigh->iface, src, neigh->addr)))
            return src;
    }
    return ip_iface_source(neigh->iface, neigh->addr);
}

/* One more request: by unicast while only the old address is in doubt. */
static void probe(struct neigh *neigh)
{
    bool unicast = neigh->state == NEIGH_PROBE;

    neigh->probes++;
    arp_request(neigh->iface, sender_for(neigh), neigh->addr, unicast ? &neigh->header.dst : NULL);
}

static void timer_in(struct neigh *neigh, sim_time delay)
{
    timer_set(neigh->iface->ip->sim, &neigh->timer, now_of(neigh) + delay);
}

static void ask(struct neigh *neigh, enum neigh_state state)
{
    neigh->updated = now_of(neigh);
    neigh->probes = 0;
    neigh_set_state(neigh, state);
    timer_in(neigh, sysctl_of(neigh)->retrans_ms * SIM_MS);
    probe(neigh);
}

static void fail(struct neigh *neigh)
{
    neigh->updated = now_of(neigh);
    neigh_set_state(neigh, NEIGH_FAILED);
    waiting_fail(neigh, &drop_neigh_failed, true);
}

static void neigh_expire(struct sim *sim, struct timer *timer)
{
    struct neigh *neigh = container_of(timer, struct neigh, timer);
    const struct ip_sysctl *sysctl = sysctl_of(neigh);
    bool known = neigh->state == NEIGH_PROBE;

    if (neigh->state == NEIGH_DELAY) {
        if (neigh->confirmed + sysctl->delay_first_probe * SIM_S >= sim->now)
            neigh_set_state(neigh, NEIGH_REACHABLE);
        else
            ask(neigh, NEIGH_PROBE);
        return;
    }
    if (neigh->probes >= (known ? sysctl->ucast_solicit : sysctl->mcast_solicit)) {
        fail(neigh);
        return;
    }
    timer_in(neigh, sysctl->retrans_ms * SIM_MS);
    probe(neigh);
}

/* ---- Using --------------------------------------------------------------------------------- */

static void start_asking(struct neigh *neigh, struct packet *packet)
{
    waiting_push(neigh, packet);
    if (sysctl_of(neigh)->mcast_solicit == 0)
        fail(neigh);
    else
        ask(neigh, NEIGH_INCOMPLETE);
}

enum xmit neigh_output_slow(struct neigh *neigh, struct packet *packet)
{
    neigh_age(neigh);
    neigh->used = now_of(neigh);
    if (!neigh->iface->up) {
        packet_drop(packet, neigh->iface->drops, &drop_iface_down);
        return XMIT_CN;
    }
    switch ((enum neigh_state)neigh->state) {
    case NEIGH_NONE:
    case NEIGH_FAILED:
        start_asking(neigh, packet);
        return XMIT_SENT;
    case NEIGH_INCOMPLETE:
        waiting_push(neigh, packet);
        return XMIT_SENT;
    case NEIGH_STALE:
        neigh->updated = neigh->used;
        neigh_set_state(neigh, NEIGH_DELAY);
        timer_in(neigh, sysctl_of(neigh)->delay_first_probe * SIM_S);
        break;
    default:
        break;
    }
    return send_framed(neigh, packet);
}

/* ---- Learning ------------------------------------------------------------------------------ */

void neigh_confirm_slow(struct neigh *neigh)
{
    neigh_age(neigh);
    neigh->confirmed = now_of(neigh);
}

void neigh_update(struct neigh *neigh, const struct eth_addr *mac, enum neigh_state state,
                  bool override)
{
    neigh_age(neigh);
    bool was_known = has_address((enum neigh_state)neigh->state);
    bool changed = !was_known || !eth_addr_equal(&neigh->header.dst, mac);

    if (neigh->state == NEIGH_PERMANENT || (was_known && changed && !override))
        return;
    if (state == NEIGH_REACHABLE)
        neigh->confirmed = now_of(neigh);
    else if (!changed)
        return; /* a request says nothing new of who is known */
    else
        neigh->confirmed = long_ago(neigh->iface);
    if (changed || neigh->state != state)
        neigh->updated = now_of(neigh);
    neigh->header.dst = *mac;
    neigh_set_state(neigh, state);
    if (!was_known)
        waiting_send(neigh);
}

void neigh_set_permanent(struct ip_iface *iface, ip4 addr, const struct eth_addr *mac)
{
    struct neigh *neigh = neigh_get(iface, addr);

    if (!neigh)
        return;
    neigh->header.dst = *mac;
    neigh_set_state(neigh, NEIGH_PERMANENT);
    waiting_send(neigh);
}

/* ---- Forgetting ---------------------------------------------------------------------------- */

void neigh_flush(struct ip_iface *iface, const struct drop_reason *reason)
{
    struct neigh_table *table = iface->neighs;

    for (uint32_t i = 0; table && i < table->capacity; i++) {
        struct neigh *neigh = table->slots[i];
        if (!neigh)
            continue;
        waiting_fail(neigh, reason, false);
        if (neigh->state != NEIGH_PERMANENT)
            neigh_set_state(neigh, NEIGH_NONE);
    }
}

void neigh_free_all(struct ip_iface *iface)
{
    struct neigh_table *table = iface->neighs;

    if (!table)
        return;
    for (uint32_t i = 0; i < table->capacity; i++) {
        if (!table->slots[i])
            continue;
        timer_cancel(iface->ip->sim, &table->slots[i]->timer);
        g_free(table->slots[i]);
    }
    g_free(table->slots);
    g_free(table);
    iface->neighs = NULL;
}
