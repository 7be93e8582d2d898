/* Selection logic (IEEE 802.1AX-2008 5.4.14): which aggregator is active (Linux's ad_select,
 * Documentation/networking/bonding.rst), and which of its ports are used if there is a limit. */
#include "protocols/l2/lacp_parts.h"

/* ---- Who belongs together ------------------------------------------------------------------ */

/* A link that is never one of several: the partner says so, or is this system itself. */
static bool is_individual(const struct lacp_port *port)
{
    return !(port->partner.state & LACP_AGGREGATION) ||
           eth_addr_equal(&port->partner.system, &port->actor.system);
}

/* Do the links have the same identifier (5.3.6)? */
static bool belongs(const struct lacp_port *a, const struct lacp_port *b)
{
    return a->actor.key == b->actor.key && a->partner.key == b->partner.key &&
           a->partner.system_priority == b->partner.system_priority &&
           eth_addr_equal(&a->partner.system, &b->partner.system) && !is_individual(a) &&
           !is_individual(b);
}

static struct lacp_port *leading_port(const struct lacp *lacp, struct lacp_port *port)
{
    struct lacp_port *leading = port;

    for (uint32_t i = 0; i < lacp->n_ports; i++) {
        struct lacp_port *other = lacp->ports[i];
        if (other->enabled && other->actor.port < leading->actor.port && belongs(other, port))
            leading = other;
    }
    return leading;
}

uint32_t lacp_aggregated(const struct lacp_port *port)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < port->lacp->n_ports; i++)
        n += port->aggregator && port->lacp->ports[i]->aggregator == port->aggregator;
    return n;
}

bool lacp_ready(const struct lacp_port *aggregator)
{
    const struct lacp *lacp = aggregator->lacp;

    for (uint32_t i = 0; i < lacp->n_ports; i++) {
        const struct lacp_port *port = lacp->ports[i];
        if (port->aggregator == aggregator && port->mux == LACP_WAITING &&
            port->selected == LACP_SELECTED && !lacp_expired(port, LACP_WAIT_WHILE))
            return false;
    }
    return true;
}

/* ---- The active one ------------------------------------------------------------------------ */

/* What an aggregator is worth, the most important first. */
struct worth {
    bool partner;
    uint64_t first, second;
};

static struct worth worth_of(const struct lacp_port *aggregator)
{
    const struct lacp *lacp = aggregator->lacp;
    uint64_t rate = 0, ports = 0;

    for (uint32_t i = 0; i < lacp->n_ports; i++)
        if (lacp->ports[i]->aggregator == aggregator) {
            rate += lacp->ports[i]->rate_bps;
            ports++;
        }
    if (lacp->config.select == LACP_COUNT)
        return (struct worth){ lacp_has_partner(aggregator), ports, rate };
    return (struct worth){ lacp_has_partner(aggregator), rate, ports };
}

static bool is_better(const struct worth *a, const struct worth *b)
{
    if (a->partner != b->partner)
        return a->partner;
    return a->first != b->first ? a->first > b->first : a->second > b->second;
}

/* Has one of its ports come further than to wait for others? */
static bool is_settled(const struct lacp_port *aggregator)
{
    const struct lacp *lacp = aggregator->lacp;

    for (uint32_t i = 0; i < lacp->n_ports; i++)
        if (lacp->ports[i]->aggregator == aggregator && lacp->ports[i]->mux >= LACP_ATTACHED)
            return true;
    return false;
}

/* Of equals the one that is active and has come so far, then the first. */
static struct lacp_port *choose_active(const struct lacp *lacp)
{
    struct lacp_port *best = lacp->active;
    struct worth most = { 0 };

    if (best && (best->aggregator != best || !is_settled(best)))
        best = NULL;
    if (best)
        most = worth_of(best);
    for (uint32_t i = 0; i < lacp->n_ports; i++) {
        struct lacp_port *port = lacp->ports[i];
        if (port->aggregator != port || port == best)
            continue;
        struct worth worth = worth_of(port);
        bool kept = best == lacp->active && lacp->config.select == LACP_STABLE &&
                    most.partner == worth.partner;
        if (!best || (!kept && is_better(&worth, &most))) {
            best = port;
            most = worth;
        }
    }
    return best;
}

/* An aggregator whose leading port left goes on under another one. */
static struct lacp_port *heir_of(const struct lacp *lacp)
{
    const struct lacp_port *old = lacp->active;

    for (uint32_t i = 0; old && old->aggregator != old && i < lacp->n_ports; i++) {
        struct lacp_port *port = lacp->ports[i];
        if (port->aggregator && port->mux >= LACP_ATTACHED)
            return port->aggregator;
    }
    return lacp->active;
}

/* ---- How many (5.6.1) ---------------------------------------------------------------------- */

/* The priorities that count are those of the system with the lesser identifier. */
static bool partner_decides(const struct lacp_port *port)
{
    const struct lacp_info *actor = &port->actor, *partner = &port->partner;

    if (actor->system_priority != partner->system_priority)
        return partner->system_priority < actor->system_priority;
    return memcmp(&partner->system, &actor->system, ETH_ADDR_LEN) < 0;
}

static uint32_t rank_of(const struct lacp_port *port)
{
    const struct lacp_info *info = partner_decides(port) ? &port->partner : &port->actor;

    return (uint32_t)info->port_priority << 16 | info->port;
}

/* It has waited for others, and its partner is there: it can take the place of another at once. */
static bool is_candidate(const struct lacp_port *port)
{
    return port->receive != LACP_EXPIRED_STATE &&
           (port->mux >= LACP_ATTACHED ||
            (port->mux == LACP_WAITING && lacp_expired(port, LACP_WAIT_WHILE)));
}

/* Is it among the max_links with the best priorities? */
static bool is_wanted(const struct lacp_port *port)
{
    const struct lacp *lacp = port->lacp;
    uint32_t better = 0;

    if (port->aggregator != lacp->active)
        return false;
    if (lacp->config.max_links == 0)
        return true;
    for (uint32_t i = 0; i < lacp->n_ports; i++) {
        const struct lacp_port *other = lacp->ports[i];
        better += other->aggregator == port->aggregator && is_candidate(other) &&
                  rank_of(other) < rank_of(port);
    }
    return is_candidate(port) && better < lacp->config.max_links;
}

/* ---- Selection ----------------------------------------------------------------------------- */

void lacp_select(struct lacp *lacp)
{
    for (uint32_t i = 0; i < lacp->n_ports; i++) {
        struct lacp_port *port = lacp->ports[i];
        port->aggregator = port->enabled ? leading_port(lacp, port) : NULL;
    }
    lacp->active = heir_of(lacp);
    lacp->active = choose_active(lacp);
    for (uint32_t i = 0; i < lacp->n_ports; i++) {
        struct lacp_port *port = lacp->ports[i];
        if (!port->aggregator)
            port->selected = LACP_UNSELECTED;
        else if (port->selected != LACP_UNSELECTED || port->mux == LACP_DETACHED)
            port->selected = is_wanted(port) ? LACP_SELECTED : LACP_STANDBY;
    }
}
