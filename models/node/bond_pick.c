/* Which member of a bond sends a frame: bonding.rst, "mode" and "xmit_hash_policy". */
#include "models/node/bond.h"

/* The member whose turn it is, or the next that can send. */
static struct bond_member *pick_round_robin(struct bond *bond, struct packet *frame)
{
    uint32_t turn = bond->turn++ / bond->config.packets_per_link % bond->n_members;

    for (uint32_t i = 0; i < bond->n_members; i++) {
        struct bond_member *member = bond->members[(turn + i) % bond->n_members];
        if (member->up && member->carrier)
            return member;
    }
    return NULL;
}

/* Until the bond notices, frames go to a link that is down. */
static struct bond_member *pick_active(struct bond *bond, struct packet *frame)
{
    return bond->active;
}

static struct bond_member *pick_by_hash(struct bond *bond, struct packet *frame)
{
    if (bond->n_usable == 0)
        return NULL;
    return bond->usable[bond_hash((enum bond_hash)bond->config.hash, frame) % bond->n_usable];
}

static struct bond_member *pick_by_source(struct bond *bond, struct packet *frame)
{
    return bond_flows_pick(bond, bond_hash_source(frame), packet_len(frame));
}

static struct bond_member *pick_by_flow(struct bond *bond, struct packet *frame)
{
    return bond_flows_pick(bond, bond_hash_flow(frame), packet_len(frame));
}

bond_pick_fn bond_pick_of(enum bond_mode mode)
{
    static const bond_pick_fn picks[BOND_MODES] = {
        [BOND_ROUND_ROBIN] = pick_round_robin,
        [BOND_ACTIVE_BACKUP] = pick_active,
        [BOND_XOR] = pick_by_hash,
        [BOND_8023AD] = pick_by_hash,
        [BOND_SLB] = pick_by_source,
        [BOND_TCP] = pick_by_flow,
    };

    return picks[mode];
}
