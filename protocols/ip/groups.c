/* The multicast groups of an interface, and by which interface a group is reached. */
#include "protocols/ip/igmp.h"
#include "protocols/ip/state.h"

static struct ip_group *find(const struct ip_iface *iface, ip4 addr)
{
    struct ip_group *group = iface->groups ? iface->groups->first : NULL;

    while (group && !(group->addr == addr && group->users > 0))
        group = group->next;
    return group;
}

bool ip_iface_joined(const struct ip_iface *iface, ip4 group)
{
    return group == IGMP_ALL_HOSTS || find(iface, group);
}

static struct ip_groups *groups_new(struct ip_iface *iface)
{
    struct ip_groups *groups = g_new0(struct ip_groups, 1);
    char *purpose = g_strconcat("igmp ", iface->name, NULL);

    rng_init(&groups->rng, iface->ip->sim->seed, iface->ip->name, purpose);
    g_free(purpose);
    return groups;
}

/* One that nobody is in any more, or a new one. */
static struct ip_group *group_take(struct ip_iface *iface)
{
    struct ip_group **at = &iface->groups->first;

    while (*at && (*at)->users > 0)
        at = &(*at)->next;
    if (!*at) {
        *at = g_new0(struct ip_group, 1);
        (*at)->iface = iface;
        timer_init(&(*at)->timer, iface->ip->actor, igmp_expire);
    }
    return *at;
}

void ip_iface_join(struct ip_iface *iface, ip4 addr)
{
    struct ip_group *group = find(iface, addr);

    if (group) {
        group->users++;
        return;
    }
    if (!iface->groups)
        iface->groups = groups_new(iface);
    group = group_take(iface);
    group->addr = addr;
    group->users = 1;
    igmp_joined(group);
}

bool ip_iface_leave(struct ip_iface *iface, ip4 addr)
{
    struct ip_group *group = find(iface, addr);

    if (group && --group->users == 0)
        igmp_left(group);
    return group;
}

void ip_groups_free(struct ip_iface *iface)
{
    struct ip_group *group = iface->groups ? iface->groups->first : NULL;

    igmp_querier_free(iface);
    while (group) {
        struct ip_group *next = group->next;
        timer_cancel(iface->ip->sim, &group->timer);
        g_free(group);
        group = next;
    }
    g_free(iface->groups);
    iface->groups = NULL;
}

struct ip_iface *ip_group_iface(struct ip_stack *ip, ip4 group)
{
    const struct ip_route *route = ip_route_lookup(ip, group);

    if (route)
        return route->type == IP_ROUTE_UNICAST ? ip_hop_choose(route, 0, false)->iface : NULL;
    for (struct ip_iface *iface = ip->ifaces; iface; iface = iface->next)
        if (iface->up && iface->n_addrs > 0)
            return iface;
    return NULL;
}
