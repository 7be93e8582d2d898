#include "protocols/ip/iface.h"

#include <errno.h>

#include "protocols/ip/igmp.h"
#include "protocols/ip/neigh.h"
#include "protocols/ip/state.h"

DROP_REASON(iface_down, "the interface is down");
DROP_REASON(eth_address, "the frame is for another station");
DROP_REASON(eth_type, "nobody here speaks the frame's protocol");
DROP_REASON(eth_short, "shorter than its header");

static struct ip_iface_addr *addrs_of(const struct ip_iface *iface)
{
    return iface->n_addrs > 1 ? iface->many : (struct ip_iface_addr *)&iface->single;
}

/* ---- Life ---------------------------------------------------------------------------------- */

void ip_iface_init(struct ip_iface *iface, struct ip_stack *ip, const char *name,
                   struct eth_addr mac, const struct ip_iface_ops *ops, struct drops *drops)
{
    *iface = (struct ip_iface){ .ops = ops,
                                .ip = ip,
                                .mtu = IP_MTU_DEFAULT,
                                .ifindex = ++ip->n_ifaces,
                                .mac = mac,
                                .up = true,
                                .name = sim_intern(ip->sim, name),
                                .drops = drops };
    *ip->last_iface = iface;
    ip->last_iface = &iface->next;
}

void ip_filter_rebuild(struct ip_stack *ip)
{
    ip->local_filter = ip->sysctl->rp_filter ? UINT64_MAX : 0;
    for (const struct ip_iface *iface = ip->ifaces; iface; iface = iface->next)
        for (unsigned i = 0; i < iface->n_addrs; i++)
            ip->local_filter |= (uint64_t)1 << (ip_filter_bit(addrs_of(iface)[i].addr));
}

/* What leads here, and what leads through here. */
static void forget_ways(struct ip_iface *iface)
{
    while (iface->n_addrs > 0)
        ip_iface_remove_address(iface, addrs_of(iface)[iface->n_addrs - 1].addr);
    ip_route_flush_iface(iface);
}

void ip_iface_fini(struct ip_iface *iface)
{
    struct ip_stack *ip = iface->ip;
    struct ip_iface **at = &ip->ifaces;

    neigh_flush(iface, &drop_iface_down);
    if (!ip->closing)
        forget_ways(iface);
    if (iface->n_addrs > 1)
        g_free(iface->many);
    except_flush(ip, iface);
    reasm_forget(ip, iface);
    neigh_free_all(iface);
    while (*at != iface)
        at = &(*at)->next;
    *at = iface->next;
    if (ip->last_iface == &iface->next)
        ip->last_iface = at;
    ip_groups_free(iface);
    ip_changed(ip);
}

void ip_iface_set_up(struct ip_iface *iface, bool up)
{
    if (iface->up == up)
        return;
    iface->up = up;
    if (!up) {
        neigh_flush(iface, &drop_iface_down);
        igmp_iface_down(iface);
    }
    ip_route_recount(iface->ip);
    if (up)
        igmp_iface_up(iface);
    if (up && iface->ip->sysctl->arp_notify)
        ip_iface_announce(iface);
}

void ip_iface_set_mtu(struct ip_iface *iface, uint32_t mtu)
{
    iface->mtu = mtu < IPV4_MIN_MTU ? IPV4_MIN_MTU : mtu;
    ip_changed(iface->ip);
}

void ip_iface_announce(struct ip_iface *iface)
{
    for (unsigned i = 0; i < iface->n_addrs; i++)
        arp_announce(iface, addrs_of(iface)[i].addr);
}

/* ---- Looking at addresses ------------------------------------------------------------------ */

bool ip_iface_address_at(const struct ip_iface *iface, int index, ip4 *addr, int *length)
{
    if (index < 0 || index >= iface->n_addrs)
        return false;
    *addr = addrs_of(iface)[index].addr;
    if (length)
        *length = addrs_of(iface)[index].length;
    return true;
}

bool ip_iface_address(const struct ip_iface *iface, ip4 *addr)
{
    return ip_iface_address_at(iface, 0, addr, NULL);
}

static bool same_subnet(const struct ip_iface_addr *own, ip4 addr)
{
    return ((own->addr ^ addr) & ip4_mask(own->length)) == 0;
}

static int index_of(const struct ip_iface *iface, ip4 addr)
{
    for (int i = 0; i < iface->n_addrs; i++)
        if (addrs_of(iface)[i].addr == addr)
            return i;
    return -1;
}

bool ip_iface_owns(const struct ip_iface *iface, ip4 addr)
{
    return index_of(iface, addr) >= 0;
}

bool ip_iface_onlink(const struct ip_iface *iface, ip4 addr)
{
    for (unsigned i = 0; i < iface->n_addrs; i++)
        if (same_subnet(&addrs_of(iface)[i], addr))
            return true;
    return false;
}

bool ip_iface_joins(const struct ip_iface *iface, ip4 a, ip4 b)
{
    for (unsigned i = 0; i < iface->n_addrs; i++)
        if (same_subnet(&addrs_of(iface)[i], a) && same_subnet(&addrs_of(iface)[i], b))
            return true;
    return false;
}

bool ip_iface_broadcasts(const struct ip_iface *iface, ip4 addr)
{
    if (addr == IP4_LIMITED_BROADCAST)
        return true;
    for (unsigned i = 0; i < iface->n_addrs; i++) {
        const struct ip_iface_addr *own = &addrs_of(iface)[i];
        if (own->length < 31 && addr == (own->addr | ~ip4_mask(own->length)))
            return true;
    }
    return false;
}

static ip4 own_source(const struct ip_iface *iface, ip4 to)
{
    for (unsigned i = 0; i < iface->n_addrs; i++)
        if (same_subnet(&addrs_of(iface)[i], to))
            return addrs_of(iface)[i].addr;
    return iface->n_addrs > 0 ? addrs_of(iface)[0].addr : 0;
}

ip4 ip_iface_source(const struct ip_iface *iface, ip4 to)
{
    ip4 addr = own_source(iface, to);

    for (const struct ip_iface *other = iface->ip->ifaces; !addr && other; other = other->next)
        addr = own_source(other, to);
    return addr;
}

bool ip_is_local(const struct ip_stack *ip, ip4 addr)
{
    if (ip4_is_loopback(addr))
        return true;
    if (!ip_may_be_local(ip, addr))
        return false;
    for (const struct ip_iface *iface = ip->ifaces; iface; iface = iface->next)
        if (ip_iface_owns(iface, addr))
            return true;
    return false;
}

/* ---- Adding -------------------------------------------------------------------------------- */

static void addrs_push(struct ip_iface *iface, ip4 addr, int length)
{
    unsigned n = iface->n_addrs;

    if (n == 1) {
        struct ip_iface_addr first = iface->single;
        iface->many = g_new(struct ip_iface_addr, 2);
        iface->many[0] = first;
    } else if (n > 1) {
        iface->many = g_renew(struct ip_iface_addr, iface->many, n + 1);
    }
    iface->n_addrs++;
    addrs_of(iface)[n] = (struct ip_iface_addr){ addr, (uint8_t)length };
}

/* The connected route of the subnet through this interface, or NULL. */
static struct ip_route *connected_find(const struct ip_iface *iface, ip4 prefix, int length)
{
    struct ip_route *route = fib_exact(&iface->ip->fib, prefix, length);

    while (route && !(route->flags & IP_ROUTE_CONNECTED && route->hops[0].iface == iface))
        route = route->next;
    return route;
}

/* Of several interfaces in one subnet, the first one's route comes first. */
static void connected_add(struct ip_iface *iface, ip4 addr, int length)
{
    struct ip_via via = { .iface = iface };
    struct ip_route_spec spec = { .prefix = addr & ip4_mask(length),
                                  .length = (uint8_t)length,
                                  .flags = IP_ROUTE_CONNECTED,
                                  .n_vias = 1,
                                  .vias = &via };

    if (length == 32 || connected_find(iface, spec.prefix, length))
        return;
    while (ip_route_add(iface->ip, &spec) == EEXIST)
        spec.metric++;
}

static void local_add(struct ip_iface *iface, ip4 addr)
{
    struct ip_route_spec spec = { .prefix = addr, .length = 32, .type = IP_ROUTE_LOCAL };
    ip_route_add(iface->ip, &spec); /* EEXIST: another interface has the address, too */
}

int ip_iface_add_address(struct ip_iface *iface, ip4 addr, int length)
{
    if (length < 0 || length > 32 || ip4_is_multicast(addr) || ip4_is_zeronet(addr) ||
        addr == IP4_LIMITED_BROADCAST || iface->n_addrs == UINT8_MAX)
        return EINVAL;
    if (ip_iface_owns(iface, addr))
        return EEXIST;
    addrs_push(iface, addr, length);
    iface->ip->local_filter |= (uint64_t)1 << ip_filter_bit(addr);
    local_add(iface, addr);
    connected_add(iface, addr, length);
    ip_changed(iface->ip);
    if (iface->up && iface->ip->sysctl->arp_notify)
        arp_announce(iface, addr);
    return 0;
}

/* ---- Removing ------------------------------------------------------------------------------ */

static void addrs_remove(struct ip_iface *iface, int index)
{
    struct ip_iface_addr *addrs = addrs_of(iface);
    int n = --iface->n_addrs;

    memmove(addrs + index, addrs + index + 1, (size_t)(n - index) * sizeof *addrs);
    if (n == 1) {
        iface->single = addrs[0];
        g_free(addrs);
    }
}

static bool subnet_in_use(const struct ip_iface *iface, ip4 prefix, int length)
{
    for (unsigned i = 0; i < iface->n_addrs; i++)
        if (addrs_of(iface)[i].length == length && same_subnet(&addrs_of(iface)[i], prefix))
            return true;
    return false;
}

int ip_iface_remove_address(struct ip_iface *iface, ip4 addr)
{
    int index = index_of(iface, addr);

    if (index < 0)
        return EADDRNOTAVAIL;
    int length = addrs_of(iface)[index].length;
    ip4 prefix = addr & ip4_mask(length);
    addrs_remove(iface, index);
    ip_filter_rebuild(iface->ip);
    if (!ip_is_local(iface->ip, addr))
        ip_route_remove_local(iface->ip, addr);
    struct ip_route *route = connected_find(iface, prefix, length);
    if (route && !subnet_in_use(iface, prefix, length))
        ip_route_remove(iface->ip, prefix, length, route->metric);
    ip_route_check_gateways(iface);
    return 0;
}
