#include "protocols/l2/snoop.h"

#define FIELD(member) offsetof(struct snoop_config, member)

static const char *const policies[] = { "querier", "flood", "routers", NULL };

const struct param snoop_params[] = {
    { "unregistered", PARAM_ENUM, FIELD(policy), "querier", 0, 0,
      "where multicasts to groups without members go: everywhere, to routers only, or \"querier\": "
      "to routers only while somebody asks for members",
      policies },
    { "fast_leave", PARAM_BOOL, FIELD(fast_leave), "no", 0, 0,
      "a port gets no more of a group at the first leave, without a question to others", NULL },
    { "group_capacity", PARAM_U32, FIELD(capacity), "1024", 1, 65536,
      "groups that the switch has room for", NULL },
    { "membership_time", PARAM_TIME, FIELD(membership), "260s", 1, 36000,
      "time for which a report counts", NULL },
    { "router_time", PARAM_TIME, FIELD(router), "255s", 1, 36000, "time for which a query counts",
      NULL },
    PARAM_END,
};

/* ---- Life ---------------------------------------------------------------------------------- */

static void group_free(gpointer data)
{
    struct snoop_group *group = data;

    g_array_free(group->members, TRUE);
    g_free(group);
}

static void querier_free(gpointer data)
{
    struct snoop_querier *querier = data;

    igmp_querier_fini(&querier->igmp);
    g_free(querier);
}

void snoop_init(struct snoop *snoop, struct sim *sim, struct actor *actor,
                const struct snoop_config *config,
                void (*send)(struct snoop *snoop, uint16_t vid, ip4 src, ip4 dst,
                             const struct igmp *message))
{
    *snoop = (struct snoop){ .sim = sim, .actor = actor, .config = *config, .send = send };
    snoop->groups = g_ptr_array_new_with_free_func(group_free);
    snoop->routers = g_array_new(FALSE, FALSE, sizeof(struct snoop_port));
    snoop->queriers = g_ptr_array_new_with_free_func(querier_free);
}

void snoop_fini(struct snoop *snoop)
{
    g_ptr_array_unref(snoop->groups);
    g_ptr_array_unref(snoop->queriers);
    g_array_free(snoop->routers, TRUE);
}

/* ---- Members ------------------------------------------------------------------------------- */

static uint64_t key_of(uint16_t vid, ip4 addr)
{
    return (uint64_t)vid << 32 | addr;
}

/* Where the group is in the sorted array, or would be. */
static guint place_of(const struct snoop *snoop, uint16_t vid, ip4 addr)
{
    guint low = 0, high = snoop->groups->len;

    while (low < high) {
        guint middle = (low + high) / 2;
        const struct snoop_group *group = snoop->groups->pdata[middle];
        if (key_of(group->vid, group->addr) < key_of(vid, addr))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct snoop_group *find_group(const struct snoop *snoop, uint16_t vid, ip4 addr)
{
    guint at = place_of(snoop, vid, addr);
    struct snoop_group *group = at < snoop->groups->len ? snoop->groups->pdata[at] : NULL;

    return group && group->vid == vid && group->addr == addr ? group : NULL;
}

static bool has_members(const struct snoop *snoop, const struct snoop_group *group)
{
    for (guint i = 0; i < group->members->len; i++)
        if (snoop_lives(snoop, &g_array_index(group->members, struct snoop_port, i)))
            return true;
    return false;
}

/* What has no members any more makes room. */
static void collect(struct snoop *snoop)
{
    for (guint i = snoop->groups->len; i-- > 0;)
        if (!has_members(snoop, snoop->groups->pdata[i]))
            g_ptr_array_remove_index(snoop->groups, i);
}

static struct snoop_group *make_group(struct snoop *snoop, uint16_t vid, ip4 addr)
{
    if (snoop->groups->len >= snoop->config.capacity)
        collect(snoop);
    if (snoop->groups->len >= snoop->config.capacity) {
        snoop->overflows++;
        return NULL;
    }
    struct snoop_group *group = g_new0(struct snoop_group, 1);
    group->vid = vid;
    group->addr = addr;
    group->members = g_array_new(FALSE, FALSE, sizeof(struct snoop_port));
    g_ptr_array_insert(snoop->groups, (gint)place_of(snoop, vid, addr), group);
    return group;
}

/* The entry of a port and VLAN, or NULL. */
static struct snoop_port *find_port(const GArray *ports, uint16_t vid, uint32_t port)
{
    for (guint i = 0; i < ports->len; i++) {
        struct snoop_port *at = &g_array_index(ports, struct snoop_port, i);
        if (at->port == port && at->vid == vid)
            return at;
    }
    return NULL;
}

static void refresh(GArray *ports, uint16_t vid, uint32_t port, sim_time until)
{
    struct snoop_port *at = find_port(ports, vid, port), new = { port, vid, until };
    guint place = 0;

    if (at) {
        at->until = until;
        return;
    }
    while (place < ports->len && g_array_index(ports, struct snoop_port, place).port < port)
        place++;
    g_array_insert_val(ports, place, new);
}

static void heard_report(struct snoop *snoop, uint16_t vid, uint32_t port, ip4 addr)
{
    if (!ip4_is_group(addr) || ip4_is_local_group(addr))
        return;
    struct snoop_group *group = find_group(snoop, vid, addr);
    if (!group)
        group = make_group(snoop, vid, addr);
    if (group)
        refresh(group->members, vid, port, snoop->sim->now + snoop->config.membership);
}

/* ---- Leaving ------------------------------------------------------------------------------- */

static void shorten(struct snoop_port *member, sim_time until)
{
    if (member->until > until)
        member->until = until;
}

static struct snoop_querier *find_querier(const struct snoop *snoop, uint16_t vid)
{
    for (guint i = 0; i < snoop->queriers->len; i++) {
        struct snoop_querier *querier = snoop->queriers->pdata[i];
        if (querier->vid == vid)
            return querier;
    }
    return NULL;
}

/* Whoever asks will ask whether others are left; if that is this switch, it waits for them now. */
static void heard_leave(struct snoop *snoop, uint16_t vid, uint32_t port, ip4 addr)
{
    struct snoop_group *group = find_group(snoop, vid, addr);
    struct snoop_port *member = group ? find_port(group->members, vid, port) : NULL;
    const struct snoop_querier *querier = find_querier(snoop, vid);

    if (!member)
        return;
    if (snoop->config.fast_leave)
        member->until = snoop->sim->now;
    else if (querier && igmp_querier_elected(&querier->igmp))
        shorten(member, snoop->sim->now + igmp_last_member_time(&querier->igmp.config));
}

/* Whoever is in the group will say so within the time of the query, at the second time of asking at
 * the latest. */
static void heard_question(struct snoop *snoop, uint16_t vid, const struct igmp *query)
{
    struct snoop_group *group = find_group(snoop, vid, query->group);
    sim_time within = 2 * (query->max_resp * (SIM_S / IGMP_TICKS));

    for (guint i = 0; group && i < group->members->len; i++)
        shorten(&g_array_index(group->members, struct snoop_port, i), snoop->sim->now + within);
}

/* ---- Messages ------------------------------------------------------------------------------ */

static void heard_query(struct snoop *snoop, uint16_t vid, uint32_t port, ip4 src,
                        const struct igmp *query)
{
    if (src != 0)
        refresh(snoop->routers, vid, port, snoop->sim->now + snoop->config.router);
    if (query->group != 0)
        heard_question(snoop, vid, query);
}

static void learn(struct snoop *snoop, uint16_t vid, uint32_t port, ip4 src,
                  const struct igmp *message)
{
    struct snoop_querier *querier = find_querier(snoop, vid);

    switch (message->type) {
    case IGMP_QUERY:
        heard_query(snoop, vid, port, src, message);
        break;
    case IGMP_V1_REPORT:
    case IGMP_V2_REPORT:
        heard_report(snoop, vid, port, message->group);
        break;
    case IGMP_LEAVE:
        heard_leave(snoop, vid, port, message->group);
        break;
    default:
        break;
    }
    if (querier)
        igmp_querier_heard(&querier->igmp, src, message);
}

struct snoop_way snoop_message(struct snoop *snoop, uint16_t vid, uint32_t port, ip4 src,
                               const struct igmp *message)
{
    struct snoop_way to_routers = { .prunes = true, .vid = vid };

    if (port != SNOOP_SELF)
        learn(snoop, vid, port, src, message);
    switch (message->type) {
    case IGMP_V1_REPORT:
    case IGMP_V2_REPORT:
    case IGMP_V3_REPORT:
    case IGMP_LEAVE:
        return to_routers;
    default:
        return (struct snoop_way){ 0 };
    }
}

/* ---- Data ---------------------------------------------------------------------------------- */

static bool somebody_asks(const struct snoop *snoop, uint16_t vid)
{
    const struct snoop_querier *querier = find_querier(snoop, vid);

    if (querier && igmp_querier_elected(&querier->igmp))
        return true;
    for (guint i = 0; i < snoop->routers->len; i++) {
        const struct snoop_port *router = &g_array_index(snoop->routers, struct snoop_port, i);
        if (router->vid == vid && snoop_lives(snoop, router))
            return true;
    }
    return false;
}

struct snoop_way snoop_data(const struct snoop *snoop, uint16_t vid, ip4 dst)
{
    struct snoop_way way = { .vid = vid };

    if (!ip4_is_group(dst) || ip4_is_local_group(dst))
        return way;
    way.group = find_group(snoop, vid, dst);
    if (way.group && !has_members(snoop, way.group))
        way.group = NULL;
    way.prunes = way.group || snoop->config.policy == SNOOP_ROUTERS ||
                 (snoop->config.policy == SNOOP_QUERIER && somebody_asks(snoop, vid));
    return way;
}

bool snoop_wants(const struct snoop *snoop, const struct snoop_way *way, uint32_t port)
{
    const struct snoop_port *at;

    if (!way->prunes)
        return true;
    if (way->group && (at = find_port(way->group->members, way->vid, port)) &&
        snoop_lives(snoop, at))
        return true;
    at = find_port(snoop->routers, way->vid, port);
    return at && snoop_lives(snoop, at);
}

/* ---- Ports and queriers -------------------------------------------------------------------- */

static void forget_in(GArray *ports, uint32_t port)
{
    for (guint i = ports->len; i-- > 0;)
        if (g_array_index(ports, struct snoop_port, i).port == port)
            g_array_remove_index(ports, i);
}

void snoop_forget(struct snoop *snoop, uint32_t port)
{
    for (guint i = 0; i < snoop->groups->len; i++)
        forget_in(((struct snoop_group *)snoop->groups->pdata[i])->members, port);
    forget_in(snoop->routers, port);
}

static void querier_send(struct igmp_querier *igmp, ip4 dst, const struct igmp *message)
{
    struct snoop_querier *querier = container_of(igmp, struct snoop_querier, igmp);

    querier->snoop->send(querier->snoop, querier->vid, igmp->addr, dst, message);
}

bool snoop_ask(struct snoop *snoop, uint16_t vid, ip4 addr,
               const struct igmp_querier_config *config)
{
    if (find_querier(snoop, vid))
        return false;
    struct snoop_querier *querier = g_new0(struct snoop_querier, 1);
    querier->snoop = snoop;
    querier->vid = vid;
    igmp_querier_init(&querier->igmp, snoop->sim, snoop->actor, addr, config, querier_send);
    g_ptr_array_add(snoop->queriers, querier);
    return true;
}
