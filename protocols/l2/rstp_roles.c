/* Roles (IEEE 802.1D-2004 17.28, 17.29) and the states that follow from them (17.30). */
#include "protocols/l2/rstp_parts.h"

/* ---- Port role selection ------------------------------------------------------------------- */

static bool selection_wanted(const struct stp_bridge *b)
{
    for (uint32_t i = 0; i < b->n_ports; i++)
        if (b->ports[i]->rapid.reselect)
            return true;
    return false;
}

/* The neighbour's vector as a way to the root from here; false if the port cannot be one. */
static bool way_to_root(const struct stp_port *port, struct stp_vector *way)
{
    const struct stp_bridge *b = port->bridge;

    *way = port->vector;
    way->cost = stp_cost_add(way->cost, port->cost);
    return port->rapid.info_is == RSTP_INFO_RECEIVED && !port->config.root_guard &&
           port->vector.bridge << 16 != b->id << 16;
}

/* 17.21.25 a) to d). */
static void select_root(struct stp_bridge *b)
{
    struct stp_vector best = { .root = b->id, .bridge = b->id }, way;
    struct stp_port *root = NULL;

    for (uint32_t i = 0; i < b->n_ports; i++) {
        struct stp_port *port = b->ports[i];
        if (!way_to_root(port, &way))
            continue;
        int order = stp_vector_compare(&way, &best);
        if (order < 0 || (order == 0 && root && port->id < root->id)) {
            best = way;
            root = port;
        }
    }
    b->times = root ? root->times : b->own_times;
    if (root)
        b->times.message_age =
            (uint16_t)((root->times.message_age + STP_TICK + STP_TICK / 2) / STP_TICK * STP_TICK);
    stp_set_root(b, root, &best);
}

/* 17.21.25 f) to l). */
static void select_role(struct stp_port *port)
{
    struct rstp_port *r = &port->rapid;
    const struct stp_bridge *b = port->bridge;
    struct stp_vector own = stp_designated(port);
    struct stp_times times = rstp_designated_times(port);

    if (r->info_is == RSTP_INFO_DISABLED) {
        r->selected_role = STP_ROLE_DISABLED;
    } else if (r->info_is != RSTP_INFO_RECEIVED) {
        r->selected_role = STP_ROLE_DESIGNATED;
        r->updt_info |= r->info_is == RSTP_INFO_AGED ||
                        stp_vector_compare(&port->vector, &own) != 0 ||
                        !stp_times_equal(&port->times, &times);
    } else if (port == b->root_port) {
        r->selected_role = STP_ROLE_ROOT;
        r->updt_info = false;
    } else if (stp_vector_compare(&own, &port->vector) < 0) {
        r->selected_role = STP_ROLE_DESIGNATED;
        r->updt_info = true;
    } else {
        r->selected_role = port->vector.bridge == b->id ? STP_ROLE_BACKUP : STP_ROLE_ALTERNATE;
        r->updt_info = false;
    }
}

void rstp_select_roles(struct stp_bridge *b)
{
    if (!selection_wanted(b))
        return;
    select_root(b);
    for (uint32_t i = 0; i < b->n_ports; i++) {
        b->ports[i]->rapid.reselect = false;
        select_role(b->ports[i]);
        b->ports[i]->rapid.selected = true;
    }
}

/* ---- Conditions and procedures over all ports ---------------------------------------------- */

static bool all_synced(const struct stp_bridge *b)
{
    for (uint32_t i = 0; i < b->n_ports; i++) {
        const struct stp_port *port = b->ports[i];
        const struct rstp_port *r = &port->rapid;
        if (!r->selected || r->updt_info || port->role != r->selected_role ||
            (port->role != STP_ROLE_ROOT && !r->synced))
            return false;
    }
    return true;
}

/* No other port was the root port so lately that its segment may still forward through it. */
static bool re_rooted(const struct stp_port *port)
{
    const struct stp_bridge *b = port->bridge;

    for (uint32_t i = 0; i < b->n_ports; i++)
        if (b->ports[i] != port && !rstp_expired(b->ports[i], RSTP_RR))
            return false;
    return true;
}

static void set_sync_tree(struct stp_bridge *b)
{
    for (uint32_t i = 0; i < b->n_ports; i++)
        b->ports[i]->rapid.sync = true;
}

static void set_re_root_tree(struct stp_bridge *b)
{
    for (uint32_t i = 0; i < b->n_ports; i++)
        b->ports[i]->rapid.re_root = true;
}

/* ---- Port role transitions: a new role ----------------------------------------------------- */

/* Timers that stood at their full value in the old role begin to run. */
static void leave_role(struct stp_port *port)
{
    bool disabled = port->role == STP_ROLE_DISABLED;

    rstp_release(port, RSTP_FD, disabled ? rstp_max_age(port) : rstp_forward_delay(port));
    rstp_release(port, RSTP_RR, rstp_fwd_delay(port));
    rstp_release(port, RSTP_RB, 2 * rstp_hello_time(port));
}

static void enter_role(struct stp_port *port)
{
    struct rstp_port *r = &port->rapid;

    leave_role(port);
    stp_set_role(port, (enum stp_role)r->selected_role);
    r->settled = false;
    if (port->role == STP_ROLE_ROOT)
        rstp_hold(port, RSTP_RR);
    else if (port->role != STP_ROLE_DESIGNATED)
        r->learn = r->forward = false;
}

/* ---- Disabled, alternate and backup ports -------------------------------------------------- */

static void settle(struct stp_port *port)
{
    struct rstp_port *r = &port->rapid;

    r->settled = true;
    rstp_hold(port, RSTP_FD);
    rstp_stop(port, RSTP_RR);
    r->synced = true;
    r->sync = r->re_root = false;
    if (port->role == STP_ROLE_BACKUP)
        rstp_hold(port, RSTP_RB);
}

/* A proposal was accepted: the neighbour may forward, since this port does not. */
static bool agree_step(struct stp_port *port)
{
    struct rstp_port *r = &port->rapid;

    if (r->proposed && !r->agree) {
        set_sync_tree(port->bridge);
        r->proposed = false;
    } else if ((!r->agree && all_synced(port->bridge)) || (r->proposed && r->agree)) {
        r->proposed = false;
        r->agree = r->new_info = true;
        if (port->role == STP_ROLE_ROOT)
            r->sync = false;
    } else {
        return false;
    }
    return true;
}

static bool blocked_step(struct stp_port *port)
{
    struct rstp_port *r = &port->rapid;

    if (!r->settled && (r->learning || r->forwarding))
        return false;
    if (!r->settled || r->sync || r->re_root || !r->synced) {
        settle(port);
        return true;
    }
    return port->role != STP_ROLE_DISABLED && agree_step(port);
}

/* ---- The root port ------------------------------------------------------------------------- */

static bool root_may_advance(const struct stp_port *port)
{
    return rstp_expired(port, RSTP_FD) || (rstp_expired(port, RSTP_RB) && re_rooted(port));
}

static bool root_step(struct stp_port *port)
{
    struct rstp_port *r = &port->rapid;

    if (agree_step(port))
        return true;
    if (!r->forward && !r->re_root) {
        set_re_root_tree(port->bridge);
    } else if (r->re_root && r->forward) {
        r->re_root = false;
    } else if (!r->learn && root_may_advance(port)) {
        rstp_start(port, RSTP_FD, rstp_forward_delay(port));
        r->learn = true;
    } else if (r->learn && !r->forward && root_may_advance(port)) {
        rstp_stop(port, RSTP_FD);
        r->forward = true;
    } else {
        return false;
    }
    return true;
}

/* ---- Designated ports ---------------------------------------------------------------------- */

static sim_time edge_delay(const struct stp_port *port)
{
    return port->rapid.point_to_point ? RSTP_MIGRATE_TIME : rstp_max_age(port);
}

static bool designated_must_discard(const struct stp_port *port)
{
    const struct rstp_port *r = &port->rapid;

    return ((r->sync && !r->synced) || (r->re_root && !rstp_expired(port, RSTP_RR)) ||
            r->disputed) &&
           !r->oper_edge && (r->learn || r->forward);
}

static bool designated_may_advance(const struct stp_port *port)
{
    const struct rstp_port *r = &port->rapid;

    return (rstp_expired(port, RSTP_FD) || r->agreed || r->oper_edge) &&
           (rstp_expired(port, RSTP_RR) || !r->re_root) && !r->sync;
}

static bool designated_may_sync(const struct stp_port *port)
{
    const struct rstp_port *r = &port->rapid;

    if (r->synced)
        return r->sync;
    return (!r->learning && !r->forwarding) || r->agreed || r->oper_edge;
}

static bool designated_step(struct stp_port *port)
{
    struct rstp_port *r = &port->rapid;

    if (!r->forward && !r->agreed && !r->proposing && !r->oper_edge) {
        r->proposing = r->new_info = true;
        rstp_start(port, RSTP_EDGE_DELAY, edge_delay(port));
    } else if (designated_may_sync(port)) {
        rstp_stop(port, RSTP_RR);
        r->synced = true;
        r->sync = false;
    } else if (r->re_root && rstp_expired(port, RSTP_RR)) {
        r->re_root = false;
    } else if (designated_must_discard(port)) {
        r->learn = r->forward = r->disputed = false;
        rstp_start(port, RSTP_FD, rstp_forward_delay(port));
    } else if (!r->learn && designated_may_advance(port)) {
        r->learn = true;
        rstp_start(port, RSTP_FD, rstp_forward_delay(port));
    } else if (r->learn && !r->forward && designated_may_advance(port)) {
        r->forward = true;
        rstp_stop(port, RSTP_FD);
        r->agreed = r->send_rstp;
    } else {
        return false;
    }
    return true;
}

bool rstp_role_step(struct stp_port *port)
{
    struct rstp_port *r = &port->rapid;
    bool moved = true;

    if (!r->selected || r->updt_info)
        return false;
    if (r->selected_role != port->role)
        enter_role(port);
    else if (port->role == STP_ROLE_ROOT)
        moved = root_step(port);
    else if (port->role == STP_ROLE_DESIGNATED)
        moved = designated_step(port);
    else
        moved = blocked_step(port);
    if (moved)
        rstp_widen(port);
    return moved;
}

/* ---- Port state transition ----------------------------------------------------------------- */

bool rstp_state_step(struct stp_port *port)
{
    struct rstp_port *r = &port->rapid;

    if ((r->learning && !r->learn) || (r->forwarding && !r->forward)) {
        r->learning = r->forwarding = false;
        stp_set_state(port, port->enabled ? STP_BLOCKING : STP_DISABLED);
    } else if (r->learn && !r->learning) {
        r->learning = true;
        stp_set_state(port, STP_LEARNING);
    } else if (r->forward && !r->forwarding) {
        r->forwarding = true;
        stp_set_state(port, STP_FORWARDING);
    } else {
        return false;
    }
    return true;
}
