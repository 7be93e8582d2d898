#include "protocols/ip/stack.h"

#include "protocols/ip/icmp.h"
#include "protocols/ip/neigh.h"
#include "protocols/ip/state.h"
#include "sim/hash.h"

DROP_REASON(node_gone, "the node ended with datagrams to itself under way");

void ip_stack_init(struct ip_stack *ip, struct sim *sim, const char *name, struct actor *actor,
                   struct drops *drops)
{
    *ip = (struct ip_stack){ .sim = sim,
                             .generation = 1,
                             .sysctl = &ip_sysctl_defaults,
                             .actor = actor,
                             .drops = drops,
                             .name = name };
    ip->last_iface = &ip->ifaces;
    fib_init(&ip->fib);
    ip_cache_init(ip);
}

struct ip_state *ip_state_new(struct ip_stack *ip)
{
    struct ip_state *state = g_new0(struct ip_state, 1);

    ip->state = state;
    state->ip = ip;
    state->key = hash_string(ip->name, hash_mix(ip->sim->seed));
    state->least_pmtu = UINT32_MAX;
    rng_init(&state->rng, ip->sim->seed, ip->name, "ip");
    event_init(&state->loopback, NULL);
    packet_fifo_init(&state->own);
    return state;
}

static void state_free(struct ip_stack *ip)
{
    struct packet *packet;

    while ((packet = packet_fifo_pop(&ip->state->own)))
        ip_drop(ip, packet, &drop_node_gone);
    event_cancel(ip->sim, &ip->state->loopback);
    reasm_free(ip);
    except_free(ip);
    icmp_limits_free(ip);
    g_free(ip->state->idents);
    g_free(ip->state);
    ip->state = NULL;
}

void ip_stack_close(struct ip_stack *ip)
{
    ip->closing = true;
    ip_route_free_all(ip);
    fib_init(&ip->fib);
    ip_changed(ip);
}

void ip_stack_fini(struct ip_stack *ip)
{
    assert(!ip->ifaces);
    if (ip->state)
        state_free(ip);
    ip_route_free_all(ip);
    ip_cache_fini(ip);
    if (ip->sysctl != &ip_sysctl_defaults)
        g_free((struct ip_sysctl *)ip->sysctl);
}

static uint64_t fifo_packets(const struct packet_fifo *fifo)
{
    uint64_t n = 0;

    for (const struct packet *packet = fifo->first; packet; packet = packet->next)
        n++;
    return n;
}

static void add_waiting(const struct neigh *neigh, void *data)
{
    *(uint64_t *)data += fifo_packets(&neigh->queue);
}

uint64_t ip_packets_held(const struct ip_stack *ip)
{
    uint64_t n = reasm_packets(ip) + (ip->state ? fifo_packets(&ip->state->own) : 0);

    for (const struct ip_iface *iface = ip->ifaces; iface; iface = iface->next)
        neigh_each(iface, add_waiting, &n);
    return n;
}

void ip_register(struct ip_stack *ip, uint8_t proto, struct ip_l4 *l4)
{
    struct ip_l4 **at = &ip->l4;

    while (*at && (*at)->proto != proto)
        at = &(*at)->next;
    if (*at)
        *at = (*at)->next;
    if (!l4)
        return;
    l4->proto = proto;
    l4->next = ip->l4;
    ip->l4 = l4;
}

/* ---- Counters ------------------------------------------------------------------------------ */

const char *const ip_counter_names[] = {
#define X(name) #name,
    IP_COUNTERS(X)
#undef X
        NULL
};

void ip_counters_get(const struct ip_stack *ip, struct ip_counters *out)
{
    *out = ip->state ? ip->state->counters : (struct ip_counters){ 0 };
    out->IpInReceives = ip->in_receives;
    out->IpForwDatagrams = ip->forw_datagrams;
    out->IpInDelivers = ip->in_delivers;
    out->IpOutRequests = ip->out_requests;
    out->IpOutTransmits = ip->out_transmits;
}
