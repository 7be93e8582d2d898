#include "models/node/bond.h"

#include "models/node/switch_bond.h"
#include "models/node/virtual.h"
#include "protocols/ip/igmp.h"

DROP_REASON(bond_inactive, "the bond does not take frames by this link now");
DROP_REASON(bond_no_link, "the bond has no link by which it could send, or fewer than min_links");

const char *const bond_mode_words[] = { "balance-rr",  "active-backup", "balance-xor", "802.3ad",
                                        "balance-slb", "balance-tcp",   NULL };
const char *const bond_hash_words[] = { "layer2", "layer2+3", "layer3+4", NULL };

static const char *const reselect_words[] = { "always", "better", "failure", NULL };

#define AT(field) offsetof(struct bond_config, field)
const struct param bond_params[] = {
    { "mode", PARAM_ENUM, AT(mode), "balance-rr", 0, 0,
      "how links share the work: Linux's modes, and for switches two of Open vSwitch "
      "(balance-slb, balance-tcp)",
      bond_mode_words },
    { "hash", PARAM_ENUM, AT(hash), "layer2", 0, 0,
      "of balance-xor and 802.3ad, xmit_hash_policy: what makes a flow", bond_hash_words },
    { "min_links", PARAM_U32, AT(min_links), "0", 0, 256,
      "of 802.3ad: with fewer links than these the bond is down", NULL },
    { "key", PARAM_U32, AT(key), "0", 0, 1023,
      "of 802.3ad, ad_user_port_key: the upper part of the key in LACPDUs; a switch's bonds have "
      "different ones unless it is given",
      NULL },
    { "miimon", PARAM_TIME, AT(miimon), "100ms", 0, 60,
      "how often the links are looked at; 0: never, so that their failure goes unnoticed", NULL },
    { "updelay", PARAM_TIME, AT(updelay), "0s", 0, 3600, "from then on until a link is used again",
      NULL },
    { "downdelay", PARAM_TIME, AT(downdelay), "0s", 0, 3600,
      "from then on until a link is given up", NULL },
    { "num_grat_arp", PARAM_U32, AT(announcements), "1", 0, 255,
      "of active-backup: gratuitous ARPs after a failover, one at once, the others at the next "
      "looks",
      NULL },
    { "resend_igmp", PARAM_U32, AT(reports), "1", 0, 255,
      "of active-backup: IGMP reports after a failover, one at once, the others each 200 ms",
      NULL },
    { "primary_reselect", PARAM_ENUM, AT(reselect), "always", 0, 0,
      "when the primary link is used again: at once, if it is faster, or when the other one fails",
      reselect_words },
    { "packets_per_slave", PARAM_U32, AT(packets_per_link), "1", 1, 65535,
      "of balance-rr: packets in a row by one link", NULL },
    { "rebalance", PARAM_TIME, AT(rebalance), "10s", 1, 3600,
      "of balance-slb and balance-tcp, bond-rebalance-interval: how often flows are moved to even "
      "out the load",
      NULL },
    PARAM_END
};
#undef AT

/* ---- Out ----------------------------------------------------------------------------------- */

/* Linux's figures of a bond are the sums of its links', which send super-segments in pieces. */
static void count_pieces(struct iface *iface, const struct packet *frame)
{
    iface->tx.packets += packet_segments(frame) - 1;
    meter_add(&iface->tx.bytes, frame->sim->now, qdisc_packet_bytes(frame) - packet_len(frame));
}

enum xmit bond_send(struct bond *bond, struct packet *frame)
{
    struct iface *iface = bond->iface;

    iface_sent(iface, frame);
    if (frame->gso_size)
        count_pieces(iface, frame);
    bool down = iface->tx.state == LINK_DOWN; /* its queue is Linux's noop_qdisc then */
    struct bond_member *member = down ? NULL : bond->pick(bond, frame);
    if (!member) {
        packet_drop(frame, &iface->drops, &drop_bond_no_link);
        return down ? XMIT_CN : XMIT_DROPPED;
    }
    member->tx_packets += packet_segments(frame);
    return link_send(&member->iface->tx, frame);
}

static enum xmit bond_transmit(struct ip_iface *ip, struct packet *frame)
{
    return bond_send(container_of(ip, struct iface, ip)->bond, frame);
}

static bool bond_other(struct ip_iface *ip, struct packet *frame, uint16_t type)
{
    return type == VLAN_TPID_C && virtual_input(container_of(ip, struct iface, ip), frame);
}

static const struct ip_iface_ops bond_ops = { .transmit = bond_transmit, .other = bond_other };

/* ---- In ------------------------------------------------------------------------------------ */

/* Frames to everybody come in by one link of an aggregate whose other end does not know that it is
 * one. */
static bool takes(const struct bond_member *member, struct packet *frame)
{
    const struct bond *bond = member->bond;

    if (bond->negotiates)
        return lacp_carries(&member->lacp);
    if (bond->config.mode == BOND_ACTIVE_BACKUP)
        return member == bond->active;
    if (bond->config.mode == BOND_SLB)
        return member == bond->active || !(packet_data(frame)[0] & 1);
    return true;
}

bool bond_admit(struct bond_member *member, struct packet *frame)
{
    if (!takes(member, frame)) {
        packet_drop(frame, &member->iface->drops, &drop_bond_inactive);
        return false;
    }
    member->rx_packets++;
    iface_received(member->bond->iface, frame);
    return true;
}

void bond_slow(struct bond_member *member, struct packet *frame)
{
    if (member->bond->negotiates)
        lacp_receive(&member->lacp, frame);
    else
        packet_drop(frame, &member->iface->drops, &drop_slow_unknown);
}

/* The reserved group addresses (IEEE 802.1Q table 8-1): what is about the link, not the bond. */
static bool is_about_link(const uint8_t *header)
{
    return memcmp(header, "\x01\x80\xc2\x00\x00", 5) == 0 && header[5] < 16;
}

/* What the member of a host or router does with a frame. */
static void receive(struct link_rx *rx, struct packet *frame)
{
    struct iface *iface = container_of(rx, struct iface, rx);
    struct bond_member *member = bond_member_of(iface);

    if (!iface_arrived(iface, frame))
        return;
    if (!packet_need(frame, ETH_LEN)) {
        packet_drop(frame, &iface->drops, &drop_eth_short);
        return;
    }
    if (slow_is_frame(packet_data(frame))) {
        bond_slow(member, frame);
        return;
    }
    frame->priority = 0;
    if (is_about_link(packet_data(frame)))
        ip_iface_input(&iface->ip, frame);
    else if (bond_admit(member, frame))
        ip_iface_input(&member->bond->iface->ip, frame);
}

/* ---- Telling the neighbours ---------------------------------------------------------------- */

/* Of the bond and the VLANs on it. */
static void each_ip(const struct bond *bond, void (*visit)(struct ip_iface *ip))
{
    const struct node *node = bond->iface->node;

    visit(&bond->iface->ip);
    for (uint32_t i = 0; i < node->n_virtual; i++)
        if (node->virtual[i] -> lower == bond -> iface)
            visit(&node->virtual[i] -> iface.ip);
}

void bond_announce(struct bond *bond)
{
    if (bond->iface->node->ops->bridges)
        switch_bond_announce(bond);
    else
        each_ip(bond, ip_iface_announce);
}

void bond_rejoin(struct bond *bond)
{
    each_ip(bond, igmp_iface_moved);
}

/* ---- Life ---------------------------------------------------------------------------------- */

struct bond_member *bond_member_of(const struct iface *iface)
{
    const struct bond *bond = iface->bond;

    for (uint32_t i = 0; i < bond->n_members; i++)
        if (bond->members[i]->iface == iface)
            return bond->members[i];
    return NULL;
}

static bool refuse(const struct iface *iface, GError **error, const char *why)
{
    g_set_error(error, WEFT_ERROR, WEFT_ERROR_NAME, "%s %s", iface->drops.name, why);
    return false;
}

static bool may_join(const struct node *node, const struct iface *iface, GError **error)
{
    ip4 addr;

    if (iface->node != node)
        return refuse(iface, error, "is of another node; a bond joins interfaces of one node");
    if (iface->bond == NULL && !iface->link)
        return refuse(iface, error, "has no cable; a bond joins interfaces that have one");
    if (iface->bond)
        return refuse(iface, error,
                      bond_is_member(iface)
                          ? "is in a bond already; an interface can be in one only"
                          : "is a bond itself; bonds of bonds are not modelled");
    if (ip_iface_address(&iface->ip, &addr))
        return refuse(iface, error,
                      "has an address; make the bond before addresses are given or asked for, and "
                      "give them to the bond");
    for (uint32_t i = 0; i < node->n_virtual; i++)
        if (node->virtual[i] -> lower == iface)
            return refuse(iface, error, "has VLANs; put them onto the bond");
    return true;
}

/* Modes in which the other end must see one neighbour, by whichever link. */
static bool needs_one_peer(int mode)
{
    return mode == BOND_XOR || mode == BOND_8023AD || mode == BOND_TCP;
}

static bool check_peers(struct iface *const *ifaces, uint32_t n, int mode, GError **error)
{
    for (uint32_t i = 1; i < n && needs_one_peer(mode); i++)
        if (ifaces[i]->peer->node != ifaces[0]->peer->node) {
            g_set_error(error, WEFT_ERROR, WEFT_ERROR_NAME,
                        "%s leads to %s and %s to %s; in mode %s all links must lead to the same "
                        "node; use active-backup, or on a switch balance-slb",
                        ifaces[0]->drops.name, ifaces[0]->peer->node->name, ifaces[i]->drops.name,
                        ifaces[i]->peer->node->name, bond_mode_words[mode]);
            return false;
        }
    return true;
}

static bool check(const struct node *node, struct iface *const *ifaces, uint32_t n,
                  const struct iface *primary, const struct bond_config *config, GError **error)
{
    bool found = primary == NULL;

    for (uint32_t i = 0; i < n; i++) {
        if (!may_join(node, ifaces[i], error))
            return false;
        found |= ifaces[i] == primary;
        for (uint32_t j = 0; j < i; j++)
            if (ifaces[i] == ifaces[j])
                return refuse(ifaces[i], error, "is named twice");
    }
    if (!found)
        return refuse(primary, error, "is primary, but not one of the bond's interfaces");
    if (config->mode >= BOND_SLB && !node->ops->bridges) {
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_NAME,
                    "mode %s is one of switches; hosts and routers have balance-xor and 802.3ad",
                    bond_mode_words[config->mode]);
        return false;
    }
    return check_peers(ifaces, n, config->mode, error);
}

static void add_member(struct bond *bond, struct iface *iface)
{
    struct bond_member *member = g_new0(struct bond_member, 1);

    member->bond = bond;
    member->iface = iface;
    iface->bond = bond;
    bond->members[bond->n_members++] = member;
    if (bond->iface->node->ops->bridges)
        switch_bond_join(iface);
    else
        iface->rx.deliver = receive;
}

static char *free_name(const struct node *node)
{
    for (unsigned i = 0;; i++) {
        char *name = g_strdup_printf("bond%u", i);
        if (!node_iface(node, name))
            return name;
        g_free(name);
    }
}

static void make_iface(struct bond *bond, struct node *node, const char *name,
                       struct iface *const *ifaces, uint32_t n)
{
    char *own = name ? g_strdup(name) : free_name(node);
    uint64_t rate = 0;
    uint32_t mtu = UINT32_MAX;

    bond->iface = node_add_bond(node, own, &ifaces[0]->ip.mac, &bond_ops);
    bond->iface->bond = bond;
    bond->iface->peer = ifaces[0]->peer;
    for (uint32_t i = 0; i < n; i++) {
        rate += ifaces[i]->tx.rate_bps;
        mtu = MIN(mtu, ifaces[i]->ip.mtu);
    }
    link_set_rate(&bond->iface->tx, rate);
    ip_iface_set_mtu(&bond->iface->ip, mtu);
    actor_init(&bond->actor, node->net->sim, bond->iface->drops.name);
    g_free(own);
}

struct bond *bond_new(struct node *node, const char *name, struct iface *const *ifaces, uint32_t n,
                      struct iface *primary, const struct bond_config *config, GError **error)
{
    if (!check(node, ifaces, n, primary, config, error))
        return NULL;
    struct bond *bond = g_new0(struct bond, 1);

    bond->config = *config;
    bond->pick = bond_pick_of(config->mode);
    bond->negotiates = config->mode == BOND_8023AD || config->mode == BOND_TCP;
    bond->members = g_new(struct bond_member *, n);
    bond->usable = g_new(struct bond_member *, n);
    make_iface(bond, node, name, ifaces, n);
    for (uint32_t i = 0; i < n; i++)
        add_member(bond, ifaces[i]);
    if (primary)
        bond->primary = bond_member_of(primary);
    if (config->mode >= BOND_SLB)
        bond->flows = bond_flows_new(bond);
    if (node->ops->bridges)
        switch_bond_attach(bond);
    bond_watch(bond);
    network_rewired(node->net);
    return bond;
}

void bond_free(struct bond *bond)
{
    bond_unwatch(bond);
    bond_flows_free(bond->flows);
    for (uint32_t i = 0; i < bond->n_members; i++)
        g_free(bond->members[i]);
    g_free(bond->members);
    g_free(bond->usable);
    g_free(bond);
}
