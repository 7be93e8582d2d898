/* A bond: several links that are used as one.
 *
 * It is an interface of its node like the others ("bond0"), but without a cable; its members are
 * interfaces with cables, which have no addresses of their own.  What the bond sends goes out by a
 * member that the mode chooses, what members take comes in by the bond.  On a host or router IP
 * knows the bond alone; on a switch (switch_bond.h) the bond is a port, and learning, flooding,
 * VLANs and spanning tree see that one port.
 *
 * Modes, their options and defaults are those of Linux's bonding
 * (Documentation/networking/bonding.rst); balance-slb and balance-tcp, for switches, those of Open
 * vSwitch (its documentation, "Bonding").  What differs from Linux: links are looked at each 100 ms
 * unless the scenario says otherwise (Linux does not look unless told, but for 802.3ad); IGMP has
 * no link of its own in balance-rr; balance-tlb, balance-alb, broadcast and ARP monitoring are left
 * out.
 *
 *   bond.c         life, frames in and out
 *   bond_pick.c    which member sends a frame
 *   bond_link.c    watching the links, failover, LACP
 *   bond_flows.c   balance-slb and balance-tcp: flows in buckets that move between the members */
#ifndef WEFT_MODELS_NODE_BOND_H
#define WEFT_MODELS_NODE_BOND_H

#include "models/node/network.h"
#include "protocols/l2/bond_hash.h"
#include "protocols/l2/lacp.h"

struct bond;

enum bond_mode {
    BOND_ROUND_ROBIN,
    BOND_ACTIVE_BACKUP,
    BOND_XOR,
    BOND_8023AD,
    BOND_SLB,
    BOND_TCP,
    BOND_MODES
};

enum bond_reselect { BOND_RESELECT_ALWAYS, BOND_RESELECT_BETTER, BOND_RESELECT_FAILURE };

/* bond_params has names, ranges and defaults. */
struct bond_config {
    int mode; /* enum bond_mode */
    int hash; /* enum bond_hash */
    struct lacp_config lacp;
    uint32_t key, min_links;
    sim_time miimon, updelay, downdelay;
    uint32_t announcements, reports;
    int reselect; /* enum bond_reselect */
    uint32_t packets_per_link;
    sim_time rebalance;
};

extern const struct param bond_params[];
extern const char *const bond_mode_words[], *const bond_hash_words[];

struct bond_member {
    struct lacp_port lacp;
    struct bond *bond;
    struct iface *iface;
    bool carrier; /* the link is there */
    bool up;      /* and the bond has noticed */
    struct event notice;
    uint64_t failures, tx_packets, rx_packets;
    uint64_t load; /* of bond_flows.c */
};

/* How a mode chooses; NULL: nobody can send. */
typedef struct bond_member *(*bond_pick_fn)(struct bond *bond, struct packet *frame);

struct bond_flows;

struct bond {
    struct iface *iface; /* the bond itself */
    struct bond_config config;
    bond_pick_fn pick;
    struct bond_member **members; /* in the order in which they were given */
    uint32_t n_members;
    struct bond_member **usable; /* those that can send now, n_usable of them */
    uint32_t n_usable;
    struct bond_member *primary; /* NULL: none is preferred */
    struct bond_member *active;  /* active-backup, balance-slb; NULL: none is up */
    struct bond_flows *flows;    /* balance-slb, balance-tcp */
    struct lacp lacp;            /* 802.3ad, balance-tcp */
    bool negotiates;             /* it has LACP */
    uint32_t turn;               /* balance-rr */
    uint64_t failovers;
    uint32_t announce, report; /* gratuitous ARPs, IGMP reports still to come */
    struct event start, announcing, reporting;
    struct actor actor;
};

/* Makes a bond of `n` interfaces of one node, `name` NULL: the first of bond0, bond1, ... that is
 * not in use.  NULL with an error that says the remedy. */
struct bond *bond_new(struct node *node, const char *name, struct iface *const *ifaces, uint32_t n,
                      struct iface *primary, const struct bond_config *config, GError **error);

/* For node_free. */
void bond_free(struct bond *bond);

/* Is the interface a member of a bond, not a bond itself? */
static inline bool bond_is_member(const struct iface *iface)
{
    return iface->bond && iface->bond->iface != iface;
}

/* The interface that IP or the switch knows in place of this one: its bond, or itself. */
static inline struct iface *bond_upper(struct iface *iface)
{
    return iface->bond ? iface->bond->iface : iface;
}

/* What the bond of an interface with a cable knows of it. */
struct bond_member *bond_member_of(const struct iface *iface);

/* Sends a frame by one of the members; what became of it there, XMIT_DROPPED if there is none,
 * XMIT_CN if the bond is down.  Takes it over. */
enum xmit bond_send(struct bond *bond, struct packet *frame);

/* A frame came in at a member: may it come in by the bond?  If so it is counted and shown there. */
bool bond_admit(struct bond_member *member, struct packet *frame);

/* A frame of a slow protocol came in at a member.  Takes it over. */
void bond_slow(struct bond_member *member, struct packet *frame);

/* The link of a member came up or went down, noticeably. */
void bond_carrier(struct iface *iface, bool up);

/* Does the member carry the bond's traffic, or its part of it? */
bool bond_member_active(const struct bond_member *member);

/* Tells the neighbours where the bond and its VLANs are: by gratuitous ARP; a switch by frames of
 * the stations that are not behind the bond. */
void bond_announce(struct bond *bond);

/* Tells them once more of which multicast groups they are members. */
void bond_rejoin(struct bond *bond);

extern const struct drop_reason drop_bond_inactive, drop_bond_no_link;

/* ---- Between the files ---------------------------------------------------------------------- */

/* How the mode chooses (bond_pick.c). */
bond_pick_fn bond_pick_of(enum bond_mode mode);

/* Something changed: works out who can send, who is active, and whether the bond is up. */
void bond_update(struct bond *bond);

/* Begins to watch the links. */
void bond_watch(struct bond *bond);
void bond_unwatch(struct bond *bond);

/* bond_flows.c: a table of flows, freed with what it has scheduled, and the member that has the
 * care of the flow with this hash, which sends so many bytes now; NULL if none can. */
struct bond_flows *bond_flows_new(struct bond *bond);
void bond_flows_free(struct bond_flows *flows);
struct bond_member *bond_flows_pick(struct bond *bond, uint32_t hash, uint32_t bytes);

#endif
