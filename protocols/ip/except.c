/* What single destinations are known to differ in: the path MTU (RFC 1191) and a better gateway (an
 * ICMP redirect), as Linux's next-hop exceptions.  Each is believed for a while; one timer sees to
 * the first that runs out, so that cached routes need no clock. */
#include "protocols/ip/state.h"

/* net.ipv4.route.gc_timeout: how long a redirect is followed. */
#define REDIRECT_LIFETIME (300 * SIM_S)

struct except {
    ip4 dst;
    uint32_t mtu;                      /* UINT32_MAX: not learnt */
    bool locked;                       /* it was said to be less than we believe */
    ip4 gateway;                       /* 0: not learnt */
    struct ip_iface *iface;            /* of the gateway */
    sim_time mtu_until, gateway_until; /* SIM_NEVER if not learnt */
};

struct except_table {
    struct ip_stack *ip;
    GPtrArray *entries; /* by destination */
    struct timer timer;
};

static void except_expire(struct sim *sim, struct timer *timer);

static struct except_table *table_get(struct ip_stack *ip)
{
    struct ip_state *state = ip_state(ip);

    if (!state->excepts) {
        state->excepts = g_new0(struct except_table, 1);
        state->excepts->ip = ip;
        state->excepts->entries = g_ptr_array_new_with_free_func(g_free);
        timer_init(&state->excepts->timer, ip->actor, except_expire);
    }
    return state->excepts;
}

/* The index of the destination's entry, or of where it belongs. */
static guint index_of(const struct except_table *table, ip4 dst)
{
    guint low = 0, high = table->entries->len;

    while (low < high) {
        guint middle = low + (high - low) / 2;
        const struct except *e = table->entries->pdata[middle];
        if (e->dst < dst)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct except *find(const struct ip_stack *ip, ip4 dst)
{
    const struct except_table *table = ip->state ? ip->state->excepts : NULL;

    if (!table)
        return NULL;
    guint i = index_of(table, dst);
    struct except *e = i < table->entries->len ? table->entries->pdata[i] : NULL;
    return e && e->dst == dst ? e : NULL;
}

static struct except *get(struct ip_stack *ip, ip4 dst)
{
    struct except_table *table = table_get(ip);
    struct except *e = find(ip, dst);

    if (!e) {
        e = g_new(struct except, 1);
        *e = (struct except){
            .dst = dst, .mtu = UINT32_MAX, .mtu_until = SIM_NEVER, .gateway_until = SIM_NEVER
        };
        g_ptr_array_insert(table->entries, (gint)index_of(table, dst), e);
    }
    return e;
}

/* Sees what has run out, sets the timer for what is next, and tells the caches. */
static void settle(struct except_table *table)
{
    struct ip_stack *ip = table->ip;
    sim_time now = ip->sim->now, next = SIM_NEVER;

    ip->state->least_pmtu = UINT32_MAX;
    ip->state->pmtu_locked = false;
    for (guint i = table->entries->len; i-- > 0;) {
        struct except *e = table->entries->pdata[i];
        if (e->mtu_until <= now) {
            e->mtu = UINT32_MAX;
            e->mtu_until = SIM_NEVER;
            e->locked = false;
        }
        if (e->gateway_until <= now) {
            e->gateway = 0;
            e->gateway_until = SIM_NEVER;
        }
        next = MIN(next, MIN(e->mtu_until, e->gateway_until));
        ip->state->least_pmtu = MIN(ip->state->least_pmtu, e->mtu);
        ip->state->pmtu_locked |= e->locked;
        if (e->mtu == UINT32_MAX && !e->gateway)
            g_ptr_array_remove_index(table->entries, i);
    }
    timer_set(ip->sim, &table->timer, next);
    ip_changed(ip);
}

static void except_expire(struct sim *sim, struct timer *timer)
{
    settle(container_of(timer, struct except_table, timer));
}

void except_learn_mtu(struct ip_stack *ip, ip4 dst, uint32_t mtu)
{
    uint32_t least = ip->sysctl->min_pmtu;
    struct except *e = get(ip, dst);

    bool locked = mtu < least;

    mtu = locked ? least : mtu;
    if (mtu <= e->mtu) { /* a path never grows by hearsay */
        e->locked |= locked;
        e->mtu = mtu;
        e->mtu_until = ip->sim->now + ip->sysctl->mtu_expires * SIM_S;
    }
    settle(ip->state->excepts);
}

void except_learn_gateway(struct ip_stack *ip, ip4 dst, struct ip_iface *iface, ip4 gateway)
{
    struct except *e = get(ip, dst);

    e->gateway = gateway;
    e->iface = iface;
    e->gateway_until = ip->sim->now + REDIRECT_LIFETIME;
    settle(ip->state->excepts);
}

uint32_t except_mtu(const struct ip_stack *ip, ip4 dst)
{
    const struct except *e = find(ip, dst);
    return e ? e->mtu : UINT32_MAX;
}

bool except_locked(const struct ip_stack *ip, ip4 dst)
{
    const struct except *e = find(ip, dst);
    return e && e->locked;
}

ip4 except_gateway(const struct ip_stack *ip, ip4 dst, struct ip_iface **iface)
{
    const struct except *e = find(ip, dst);

    if (!e || !e->gateway)
        return 0;
    *iface = e->iface;
    return e->gateway;
}

void except_flush(struct ip_stack *ip, struct ip_iface *iface)
{
    struct except_table *table = ip->state ? ip->state->excepts : NULL;

    if (!table)
        return;
    for (guint i = 0; i < table->entries->len; i++) {
        struct except *e = table->entries->pdata[i];
        if (e->gateway && e->iface == iface)
            e->gateway_until = ip->sim->now;
    }
    settle(table);
}

void except_free(struct ip_stack *ip)
{
    struct except_table *table = ip->state->excepts;

    if (!table)
        return;
    timer_cancel(ip->sim, &table->timer);
    g_ptr_array_free(table->entries, TRUE);
    g_free(table);
    ip->state->excepts = NULL;
}
