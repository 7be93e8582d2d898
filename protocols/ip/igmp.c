#include "protocols/ip/igmp.h"

#include "protocols/ip/neigh.h"
#include "protocols/ip/state.h"

DROP_REASON(igmp_malformed, "too short for IGMP, or its checksum is wrong");

#define JIFFIES    (8 * SIM_MS) /* two, at HZ 250 */
#define V1_PRESENT (400 * SIM_S)
#define V1_DELAY   (10 * SIM_S)

/* ---- Sending ------------------------------------------------------------------------------- */

static void transmit(struct ip_iface *iface, ip4 src, ip4 dst, const struct igmp *message)
{
    struct ip_stack *ip = iface->ip;
    struct neigh *neigh = iface->up ? neigh_get(iface, dst) : NULL;

    if (!neigh)
        return;
    ip->out_requests++;
    ip->out_transmits++;
    neigh_output(neigh, igmp_datagram(ip->sim, src, dst, message), ip->sim->now);
}

static void say(struct ip_iface *iface, ip4 dst, uint8_t type, ip4 group)
{
    struct igmp message = { .type = type, .group = group };

    transmit(iface, ip_iface_source(iface, dst), dst, &message);
}

static bool version_1(const struct ip_iface *iface)
{
    return iface->ip->sim->now < iface->groups->v1_until;
}

/* Nobody asks about 224.0.0.1, and about its neighbours only if the sysctl says so. */
static bool is_told(const struct ip_iface *iface, ip4 group)
{
    return group != IGMP_ALL_HOSTS &&
           (!ip4_is_local_group(group) || iface->ip->sysctl->igmp_link_local);
}

/* ---- Reports ------------------------------------------------------------------------------- */

static void start_timer(struct ip_group *group, sim_time most)
{
    struct ip_iface *iface = group->iface;
    sim_time delay =
        most > 0 ? (sim_time)rng_below(&iface->groups->rng, (uint64_t)most) + JIFFIES : JIFFIES;

    timer_set(iface->ip->sim, &group->timer, iface->ip->sim->now + delay);
}

void igmp_expire(struct sim *sim, struct timer *timer)
{
    struct ip_group *group = container_of(timer, struct ip_group, timer);
    struct ip_iface *iface = group->iface;

    timer_stop(timer);
    if (group->unsolicited > 0 && --group->unsolicited > 0)
        start_timer(group, iface->ip->sysctl->igmp_v2_interval * SIM_MS);
    group->reporter = true;
    say(iface, group->addr, version_1(iface) ? IGMP_V1_REPORT : IGMP_V2_REPORT, group->addr);
}

void igmp_joined(struct ip_group *group)
{
    group->reporter = false;
    if (!group->iface->up || !is_told(group->iface, group->addr))
        return;
    group->unsolicited = (uint8_t)group->iface->ip->sysctl->igmp_qrv;
    start_timer(group, 0);
}

/* Version 1 knows no goodbye; members of it are found out by silence. */
void igmp_left(struct ip_group *group)
{
    timer_stop(&group->timer);
    if (group->reporter && is_told(group->iface, group->addr) && !version_1(group->iface))
        say(group->iface, IGMP_ALL_ROUTERS, IGMP_LEAVE, group->addr);
    group->reporter = false;
}

void igmp_iface_up(struct ip_iface *iface)
{
    for (struct ip_group *g = iface->groups ? iface->groups->first : NULL; g; g = g->next)
        if (g->users > 0)
            igmp_joined(g);
}

void igmp_iface_moved(struct ip_iface *iface)
{
    for (struct ip_group *g = iface->groups ? iface->groups->first : NULL; g; g = g->next)
        if (g->users > 0 && iface->up && is_told(iface, g->addr))
            start_timer(g, 0);
}

void igmp_iface_down(struct ip_iface *iface)
{
    for (struct ip_group *g = iface->groups ? iface->groups->first : NULL; g; g = g->next)
        timer_stop(&g->timer);
}

/* ---- What is heard ------------------------------------------------------------------------- */

/* A report within `most`, sooner if one is due sooner; it answers, so that none of those without
 * being asked is left to send. */
static void answer(struct ip_group *group, sim_time most)
{
    group->unsolicited = 0;
    if (!timer_running(&group->timer) || group->timer.deadline - group->iface->ip->sim->now >= most)
        start_timer(group, most);
}

static void heard_query(struct ip_iface *iface, const struct igmp *query)
{
    sim_time most = query->max_resp * (SIM_S / IGMP_TICKS);

    if (query->max_resp == 0) {
        iface->groups->v1_until = iface->ip->sim->now + V1_PRESENT;
        most = V1_DELAY;
    }
    for (struct ip_group *g = iface->groups->first; g; g = g->next)
        if (g->users > 0 && is_told(iface, g->addr) &&
            (query->group == 0 || query->group == g->addr))
            answer(g, most);
}

/* Somebody else has said it. */
static void heard_report(struct ip_iface *iface, ip4 group)
{
    for (struct ip_group *g = iface->groups->first; g; g = g->next)
        if (g->addr == group) {
            timer_stop(&g->timer);
            g->reporter = false;
            g->unsolicited = 0;
        }
}

static void heard(struct ip_iface *iface, ip4 src, const struct igmp *message)
{
    if (iface->groups->querier)
        igmp_querier_heard(iface->groups->querier, src, message);
    if (message->type == IGMP_QUERY)
        heard_query(iface, message);
    else if (message->type == IGMP_V1_REPORT || message->type == IGMP_V2_REPORT)
        heard_report(iface, message->group);
}

void igmp_input(struct ip_stack *ip, struct packet *packet, const struct ip_rx *rx)
{
    struct igmp message;

    if (!igmp_read(packet, 0, packet_len(packet), &message)) {
        ip_drop(ip, packet, &drop_igmp_malformed);
        return;
    }
    if (rx->iface && rx->iface->groups)
        heard(rx->iface, ip_addr_v4(&rx->src), &message);
    packet_consumed(packet);
}

/* ---- Asking -------------------------------------------------------------------------------- */

struct iface_querier {
    struct igmp_querier base;
    struct ip_iface *iface;
};

static void ask(struct igmp_querier *querier, ip4 dst, const struct igmp *message)
{
    transmit(container_of(querier, struct iface_querier, base)->iface, querier->addr, dst, message);
}

bool igmp_iface_ask(struct ip_iface *iface, const struct igmp_querier_config *config)
{
    struct iface_querier *querier;
    ip4 addr;

    if ((iface->groups && iface->groups->querier) || !ip_iface_address(iface, &addr))
        return false;
    ip_iface_join(iface, IGMP_ALL_ROUTERS);
    querier = g_new0(struct iface_querier, 1);
    querier->iface = iface;
    igmp_querier_init(&querier->base, iface->ip->sim, iface->ip->actor, addr, config, ask);
    iface->groups->querier = &querier->base;
    return true;
}

void igmp_querier_free(struct ip_iface *iface)
{
    struct igmp_querier *querier = iface->groups ? iface->groups->querier : NULL;

    if (!querier)
        return;
    igmp_querier_fini(querier);
    g_free(container_of(querier, struct iface_querier, base));
    iface->groups->querier = NULL;
}
