/* balance-slb and balance-tcp: flows are put into 256 buckets by a hash, each bucket into the care
 * of one link, and every few seconds buckets move from links with much to do to those with little.
 *
 * This is how Open vSwitch does it (its documentation, "Bonding"): a new bucket goes to the next
 * link in turn, a bucket whose link failed likewise; nothing is moved while the two links are
 * within a thirty-second part of each other or 100,000 bytes; what counts is what was sent, half of
 * it forgotten each time. */
#include "models/node/bond.h"

enum { BUCKETS = 256, LEAST_DIFFERENCE = 100000, ALMOST_EVEN = 32 };

struct bucket {
    struct bond_member *member; /* NULL: no flow fell into it yet */
    uint64_t bytes;
};

struct bond_flows {
    struct bond *bond;
    uint32_t turn;
    struct event rebalance;
    struct bucket buckets[BUCKETS];
};

static bool is_usable(const struct bond *bond, const struct bond_member *member)
{
    for (uint32_t i = 0; i < bond->n_usable; i++)
        if (bond->usable[i] == member)
            return true;
    return false;
}

/* ---- Evening out --------------------------------------------------------------------------- */

static void add_loads(struct bond_flows *flows)
{
    struct bond *bond = flows->bond;

    for (uint32_t i = 0; i < bond->n_members; i++)
        bond->members[i]->load = 0;
    for (unsigned i = 0; i < BUCKETS; i++)
        if (flows->buckets[i].member)
            flows->buckets[i].member->load += flows->buckets[i].bytes;
}

/* The largest bucket of `from` that makes both more alike. */
static struct bucket *choose_bucket(struct bond_flows *flows, const struct bond_member *from,
                                    uint64_t difference)
{
    struct bucket *best = NULL;

    for (unsigned i = 0; i < BUCKETS; i++) {
        struct bucket *bucket = &flows->buckets[i];
        if (bucket->member == from && bucket->bytes > 0 && bucket->bytes < difference &&
            (!best || bucket->bytes > best->bytes))
            best = bucket;
    }
    return best;
}

/* One bucket from the busiest link to the idlest; false if nothing is worth moving. */
static bool move_one(struct bond_flows *flows)
{
    const struct bond *bond = flows->bond;
    struct bond_member *most = bond->usable[0], *least = bond->usable[0];

    for (uint32_t i = 1; i < bond->n_usable; i++) {
        struct bond_member *member = bond->usable[i];
        if (member->load > most->load)
            most = member;
        if (member->load < least->load)
            least = member;
    }
    uint64_t difference = most->load - least->load;
    if (difference < LEAST_DIFFERENCE || difference < least->load / ALMOST_EVEN)
        return false;
    struct bucket *bucket = choose_bucket(flows, most, difference);
    if (!bucket)
        return false;
    bucket->member = least;
    most->load -= bucket->bytes;
    least->load += bucket->bytes;
    return true;
}

static void rebalance(struct sim *sim, struct event *event)
{
    struct bond_flows *flows = container_of(event, struct bond_flows, rebalance);
    uint64_t left = 0;

    add_loads(flows);
    for (unsigned i = 0; i < BUCKETS && flows->bond->n_usable > 1 && move_one(flows); i++)
        continue;
    for (unsigned i = 0; i < BUCKETS; i++)
        left |= flows->buckets[i].bytes /= 2;
    if (left)
        event_schedule(sim, event, sim->now + flows->bond->config.rebalance, &flows->bond->actor);
}

/* ---- For the bond -------------------------------------------------------------------------- */

struct bond_member *bond_flows_pick(struct bond *bond, uint32_t hash, uint32_t bytes)
{
    struct bond_flows *flows = bond->flows;
    struct bucket *bucket = &flows->buckets[hash % BUCKETS];
    struct sim *sim = bond->iface->node->net->sim;

    if (bond->n_usable == 0)
        return NULL;
    if (!bucket->member || !is_usable(bond, bucket->member))
        bucket->member = bond->usable[flows->turn++ % bond->n_usable];
    bucket->bytes += bytes;
    if (!event_pending(&flows->rebalance))
        event_schedule(sim, &flows->rebalance, sim->now + bond->config.rebalance, &bond->actor);
    return bucket->member;
}

struct bond_flows *bond_flows_new(struct bond *bond)
{
    struct bond_flows *flows = g_new0(struct bond_flows, 1);

    flows->bond = bond;
    event_init(&flows->rebalance, rebalance);
    return flows;
}

void bond_flows_free(struct bond_flows *flows)
{
    if (flows)
        event_cancel(flows->bond->iface->node->net->sim, &flows->rebalance);
    g_free(flows);
}
