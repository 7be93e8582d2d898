/* A bond watches its links: which of them are there, who is active, whether the bond is up. */
#include "models/node/bond.h"

static struct sim *sim_of(const struct bond *bond)
{
    return bond->iface->node->net->sim;
}

/* ---- Who can send -------------------------------------------------------------------------- */

/* A mode that spreads flows gives up a link as soon as it has no carrier; only active-backup waits
 * until the link is looked at, and LACP for its own reasons. */
static bool can_send(const struct bond_member *member)
{
    if (member->bond->negotiates && !lacp_carries(&member->lacp))
        return false;
    return member->up && (member->carrier || member->bond->config.mode == BOND_ACTIVE_BACKUP);
}

static void find_usable(struct bond *bond)
{
    bond->n_usable = 0;
    for (uint32_t i = 0; i < bond->n_members; i++)
        if (can_send(bond->members[i]))
            bond->usable[bond->n_usable++] = bond->members[i];
}

bool bond_member_active(const struct bond_member *member)
{
    return member->bond->active ? member == member->bond->active : can_send(member);
}

/* ---- Who is active (bonding.rst, "primary" and "primary_reselect") ------------------------- */

static bool prefers_primary(const struct bond *bond)
{
    const struct bond_member *primary = bond->primary, *active = bond->active;

    if (!primary || !can_send(primary))
        return false;
    if (!active || !can_send(active))
        return true;
    return bond->config.reselect == BOND_RESELECT_ALWAYS ||
           (bond->config.reselect == BOND_RESELECT_BETTER &&
            primary->iface->tx.rate_bps > active->iface->tx.rate_bps);
}

static struct bond_member *choose_active(const struct bond *bond)
{
    if (bond->config.mode != BOND_ACTIVE_BACKUP && bond->config.mode != BOND_SLB)
        return NULL;
    if (prefers_primary(bond))
        return bond->primary;
    if (bond->active && can_send(bond->active))
        return bond->active;
    return bond->n_usable > 0 ? bond->usable[0] : NULL;
}

/* ---- Announcements ------------------------------------------------------------------------- */

/* The next time at which links are looked at. */
static sim_time next_look(const struct bond *bond)
{
    sim_time period = bond->config.miimon;

    return (sim_of(bond)->now / period + 1) * period;
}

static void announce(struct bond *bond)
{
    bond->announce--;
    bond_announce(bond);
    if (bond->announce > 0 && bond->config.miimon > 0)
        event_schedule(sim_of(bond), &bond->announcing, next_look(bond), &bond->actor);
}

static void announce_again(struct sim *sim, struct event *event)
{
    announce(container_of(event, struct bond, announcing));
}

static void report(struct bond *bond)
{
    enum { INTERVAL_MS = 200 };

    bond_rejoin(bond);
    if (--bond->report > 0)
        event_schedule(sim_of(bond), &bond->reporting, sim_of(bond)->now + INTERVAL_MS * SIM_MS,
                       &bond->actor);
}

static void report_again(struct sim *sim, struct event *event)
{
    report(container_of(event, struct bond, reporting));
}

static void failed_over(struct bond *bond, const struct bond_member *old)
{
    if (event_pending(&bond->start))
        return; /* nobody knows the bond yet */
    bond->failovers += old != NULL;
    bond->announce = bond->config.announcements;
    if (bond->announce > 0)
        announce(bond);
    bond->report = bond->config.mode == BOND_ACTIVE_BACKUP ? bond->config.reports : 0;
    if (bond->report > 0)
        report(bond);
}

/* ---- Changes ------------------------------------------------------------------------------- */

static bool should_be_up(const struct bond *bond)
{
    return bond->n_usable > 0 && !(bond->negotiates && bond->n_usable < bond->config.min_links);
}

void bond_update(struct bond *bond)
{
    struct bond_member *old = bond->active;

    find_usable(bond);
    bond->active = choose_active(bond);
    iface_set_carrier(bond->iface, should_be_up(bond));
    if (bond->active && bond->active != old)
        failed_over(bond, old);
}

static uint16_t key_of(const struct bond_member *member)
{
    return lacp_key(member->bond->config.key, member->iface->tx.rate_bps);
}

/* LACP may call back, so the bond's own books come first. */
static void tell_lacp(struct bond_member *member)
{
    if (!member->bond->negotiates || event_pending(&member->bond->start))
        return;
    if (member->up)
        lacp_port_up(&member->lacp, key_of(member), member->iface->tx.rate_bps);
    else
        lacp_port_down(&member->lacp);
}

static void notice(struct sim *sim, struct event *event)
{
    struct bond_member *member = container_of(event, struct bond_member, notice);

    member->up = member->carrier;
    member->failures += !member->up;
    tell_lacp(member);
    bond_update(member->bond);
}

/* With nothing that works a link that comes back is not made to wait (bonding.rst, updelay). */
static sim_time delay_of(const struct bond_member *member)
{
    const struct bond *bond = member->bond;

    if (!member->carrier)
        return bond->config.downdelay;
    return bond->n_usable > 0 ? bond->config.updelay : 0;
}

void bond_carrier(struct iface *iface, bool up)
{
    struct bond_member *member = bond_member_of(iface);
    struct bond *bond = iface->bond;

    member->carrier = up;
    if (member->up == up)
        event_cancel(sim_of(bond), &member->notice);
    else if (bond->config.miimon > 0)
        event_schedule(sim_of(bond), &member->notice, next_look(bond) + delay_of(member),
                       &bond->actor);
    bond_update(bond);
}

/* ---- LACP ---------------------------------------------------------------------------------- */

static void lacp_transmit_frame(struct lacp_port *port, struct packet *frame)
{
    struct bond_member *member = container_of(port, struct bond_member, lacp);

    link_send(&member->iface->tx, frame);
}

static void lacp_changed(struct lacp_port *port)
{
    bond_update(container_of(port, struct bond_member, lacp)->bond);
}

static const struct lacp_ops lacp_ops = { lacp_transmit_frame, lacp_changed };

/* A switch is one system with all its bonds, and tells them apart by their keys; on a host each
 * bond is a system, as with Linux. */
static void start_lacp(struct bond *bond)
{
    struct node *node = bond->iface->node;
    const struct iface *first = node->ops->bridges ? node->ifaces[0] : bond->iface;

    if (bond->config.key == 0 && node->ops->bridges)
        bond->config.key = bond->iface->index + 1;
    lacp_init(&bond->lacp, sim_of(bond), &bond->actor, &bond->iface->drops, &lacp_ops,
              &first->ip.mac, &bond->config.lacp);
    for (uint32_t i = 0; i < bond->n_members; i++) {
        struct bond_member *member = bond->members[i];
        lacp_port_add(&bond->lacp, &member->lacp, &member->iface->ip.mac,
                      (uint16_t)(member->iface->index + 1));
    }
}

/* ---- Life ---------------------------------------------------------------------------------- */

/* The links have their rates by now. */
static void start(struct sim *sim, struct event *event)
{
    struct bond *bond = container_of(event, struct bond, start);

    for (uint32_t i = 0; i < bond->n_members; i++)
        if (bond->members[i]->up)
            tell_lacp(bond->members[i]);
}

void bond_watch(struct bond *bond)
{
    event_init(&bond->start, start);
    event_init(&bond->announcing, announce_again);
    event_init(&bond->reporting, report_again);
    for (uint32_t i = 0; i < bond->n_members; i++) {
        struct bond_member *member = bond->members[i];
        member->carrier = member->up = member->iface->tx.state != LINK_DOWN;
        event_init(&member->notice, notice);
    }
    if (bond->negotiates)
        start_lacp(bond);
    event_schedule(sim_of(bond), &bond->start, sim_of(bond)->now, &bond->actor);
    bond_update(bond);
}

void bond_unwatch(struct bond *bond)
{
    struct sim *sim = sim_of(bond);

    event_cancel(sim, &bond->start);
    event_cancel(sim, &bond->announcing);
    event_cancel(sim, &bond->reporting);
    for (uint32_t i = 0; i < bond->n_members; i++)
        event_cancel(sim, &bond->members[i]->notice);
    if (bond->negotiates)
        lacp_fini(&bond->lacp);
}
