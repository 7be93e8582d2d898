/* Bonds on hosts and switches.  Expected behaviour: Linux's (Documentation/networking/bonding.rst)
 * for the modes that are Linux's, Open vSwitch's ("Bonding" in its documentation) for balance-slb
 * and balance-tcp. */
#include "models/node/bond.h"

#include "models/node/segment.h"
#include "models/node/switch_bond.h"
#include "models/node/switch_stp.h"
#include "models/node/virtual.h"
#include "protocols/wire/arp.h"
#include "tests/support/lan.h"
#include "tests/support/suite.h"

enum { LINKS = 3 };

/* A host and a switch, joined by three links; b is another station at the switch. */
struct rig {
    struct network *net;
    struct node *a, *sw;
    struct link *links[LINKS];
    struct lan_station b;
    struct bond_config config;
};

static void rig_init(struct rig *r, int mode)
{
    *r = (struct rig){ .net = network_new("t", 1) };
    r->a = net_host(r->net, "a");
    r->sw = lan_switch(r->net, "sw");
    for (unsigned i = 0; i < LINKS; i++)
        r->links[i] = net_link(r->net, r->a, r->sw, 1000000000, SIM_US);
    lan_join(&r->b, r->net, r->sw, "b");
    param_defaults(bond_params, &r->config);
    param_defaults(lacp_params, &r->config.lacp);
    r->config.mode = mode;
    r->config.lacp.rate = LACP_FAST;
}

static struct bond *bond_on(struct rig *r, struct node *node, unsigned first, unsigned n,
                            GError **error)
{
    struct iface *ifaces[LINKS + 1];

    for (unsigned i = 0; i < n; i++)
        ifaces[i] = node->ifaces[first + i];
    return bond_new(node, NULL, ifaces, n, NULL, &r->config, error);
}

static struct bond *both_ends(struct rig *r)
{
    ck_assert_ptr_nonnull(bond_on(r, r->sw, 0, LINKS, NULL));
    return bond_on(r, r->a, 0, LINKS, NULL);
}

/* The bonds fall silent, then it is as in net_end. */
static void rig_end(struct rig *r)
{
    for (unsigned i = 0; i < LINKS; i++)
        iface_set_link(r->links[i]->a, LINK_DOWN);
    net_end(r->net);
}

/* A frame that only its last destination octet tells from others. */
static void send_to(struct bond *bond, uint8_t last)
{
    struct network *net = bond->iface->node->net;
    struct eth_addr dst = { { 2, 0, 0, 0, 0, last } };

    bond_send(bond, lan_make(net, &bond->iface->ip.mac, &dst, 60));
}

/* What each member has sent, as "2 1 1", since the last time. */
static const char *sent(struct bond *bond)
{
    static char text[64];
    char *at = text;

    for (uint32_t i = 0; i < bond->n_members; i++) {
        at += g_snprintf(at, 16, "%s%u", i ? " " : "", (unsigned)bond->members[i]->tx_packets);
        bond->members[i]->tx_packets = 0;
    }
    return text;
}

/* One after the other; who is down is passed over; packets_per_slave in a row. */
START_TEST(round_robin)
{
    struct rig r;

    rig_init(&r, BOND_ROUND_ROBIN);
    struct bond *bond = both_ends(&r);
    for (unsigned i = 0; i < 6; i++)
        send_to(bond, 1);
    ck_assert_str_eq(sent(bond), "2 2 2");
    iface_set_link(r.links[1]->a, LINK_DOWN);
    for (unsigned i = 0; i < 6; i++)
        send_to(bond, 1);
    ck_assert_str_eq(sent(bond), "2 0 4");
    bond->config.packets_per_link = 3;
    bond->turn = 0;
    for (unsigned i = 0; i < 3; i++)
        send_to(bond, 1);
    ck_assert_str_eq(sent(bond), "3 0 0");
    rig_end(&r);
}
END_TEST

/* hash modulo the links that are there: source MAC[5] XOR destination MAC[5] XOR 0x88b5; with two
 * links the other ones count, from the moment at which the third has no carrier. */
START_TEST(xor)
{
    struct rig r;

    rig_init(&r, BOND_XOR);
    struct bond *bond = both_ends(&r);
    uint32_t own = bond->iface->ip.mac.b[5];
    for (uint8_t last = 0; last < 30; last++) {
        send_to(bond, last);
        for (uint32_t i = 0; i < LINKS; i++)
            ck_assert_uint_eq(bond->members[i]->tx_packets, i == (own ^ last ^ 0x88b5u) % 3);
        sent(bond);
    }
    iface_set_link(r.links[1]->a, LINK_DOWN);
    for (uint8_t last = 0; last < 30; last++) {
        send_to(bond, last);
        ck_assert_uint_eq(bond->members[2]->tx_packets, (own ^ last ^ 0x88b5u) % 2);
        sent(bond);
    }
    rig_end(&r);
}
END_TEST

/* ---- active-backup ------------------------------------------------------------------------- */

static unsigned index_of(const struct bond *bond)
{
    for (unsigned i = 0; i < bond->n_members; i++)
        if (bond->members[i] == bond->active)
            return i;
    return LINKS;
}

/* What b heard last: a gratuitous ARP of a. */
static bool announced(const struct rig *r, const struct bond *bond)
{
    struct arp arp;
    ip4 addr;

    if (r->b.received == 0 || r->b.bytes[13] != 0x06)
        return false;
    arp_parse(r->b.bytes + ETH_LEN, &arp);
    return ip_iface_address(&bond->iface->ip, &addr) && arp.sender_ip == addr &&
           arp.target_ip == addr && eth_addr_equal(&arp.sender_mac, &bond->iface->ip.mac);
}

/* A failure is noticed at the next look, each 100 ms; until then frames are lost.  Then the
 * neighbours are told, and the switch learns where the address is now. */
START_TEST(failover)
{
    struct rig r;

    rig_init(&r, BOND_ACTIVE_BACKUP);
    struct bond *bond = bond_on(&r, r.a, 0, LINKS, NULL);
    ip_iface_add_address(&bond->iface->ip, 0x0a000001, 24);
    net_run(r.net, 930 * SIM_MS);
    ck_assert_uint_eq(index_of(bond), 0);
    ck_assert_uint_eq(r.b.received, 0);
    iface_set_link(r.links[0]->a, LINK_DOWN);
    send_to(bond, 1);
    ck_assert_str_eq(sent(bond), "1 0 0");
    net_run(r.net, 999 * SIM_MS);
    ck_assert_uint_eq(index_of(bond), 0);
    net_run(r.net, 1001 * SIM_MS);
    ck_assert_uint_eq(index_of(bond), 1);
    ck_assert_uint_eq(bond->failovers, 1);
    ck_assert_uint_eq(bond->members[0]->failures, 1);
    ck_assert_uint_eq(r.b.received, 1);
    ck_assert(announced(&r, bond));
    lan_send(r.net, &r.b, &bond->iface->ip.mac);
    ck_assert_uint_eq(bond->members[1]->rx_packets, 1);
    /* The link that comes back is a backup now. */
    iface_set_link(r.links[0]->a, LINK_UP);
    net_run(r.net, 2 * SIM_S);
    ck_assert_uint_eq(index_of(bond), 1);
    ck_assert(bond->members[0]->up);
    rig_end(&r);
}
END_TEST

/* num_grat_arp: the first at once, one at each look behind it. */
START_TEST(announcements)
{
    struct rig r;

    rig_init(&r, BOND_ACTIVE_BACKUP);
    r.config.announcements = 3;
    struct bond *bond = bond_on(&r, r.a, 0, LINKS, NULL);
    ip_iface_add_address(&bond->iface->ip, 0x0a000001, 24);
    net_run(r.net, 950 * SIM_MS);
    iface_set_link(r.links[0]->a, LINK_DOWN);
    net_run(r.net, 1050 * SIM_MS);
    ck_assert_uint_eq(r.b.received, 1);
    net_run(r.net, 1150 * SIM_MS);
    ck_assert_uint_eq(r.b.received, 2);
    net_run(r.net, 5 * SIM_S);
    ck_assert_uint_eq(r.b.received, 3);
    rig_end(&r);
}
END_TEST

/* resend_igmp: the groups are reported again, 2 jiffies (8 ms) after the failover and then each 200
 * ms, so that a switch that listens to IGMP finds the new link. */
START_TEST(groups_move)
{
    static const struct eth_addr group = { { 0x01, 0x00, 0x5e, 1, 1, 1 } };
    struct rig r;

    rig_init(&r, BOND_ACTIVE_BACKUP);
    r.config.announcements = 0;
    r.config.reports = 2;
    struct bond *bond = bond_on(&r, r.a, 0, LINKS, NULL);
    ip_iface_add_address(&bond->iface->ip, 0x0a000001, 24);
    ip_iface_join(&bond->iface->ip, 0xef010101);
    net_run(r.net, 30950 * SIM_MS);
    iface_set_link(r.links[0]->a, LINK_DOWN);
    r.b.received = 0;
    net_run(r.net, 31007 * SIM_MS);
    ck_assert_uint_eq(r.b.received, 0);
    net_run(r.net, 31010 * SIM_MS);
    ck_assert_uint_eq(r.b.received, 1);
    ck_assert_mem_eq(r.b.bytes, &group, ETH_ADDR_LEN);
    ck_assert_uint_eq(r.b.bytes[ETH_LEN + 9], 2);     /* IGMP */
    ck_assert_uint_eq(r.b.bytes[ETH_LEN + 24], 0x16); /* behind a router alert: v2 report */
    net_run(r.net, 31150 * SIM_MS);
    ck_assert_uint_eq(r.b.received, 1);
    net_run(r.net, 40 * SIM_S);
    ck_assert_uint_eq(r.b.received, 2);
    rig_end(&r);
}
END_TEST

/* downdelay and updelay begin at the look that sees the change; a link that is back by then was
 * never gone; if nothing else works there is no updelay. */
START_TEST(delays)
{
    struct rig r;

    rig_init(&r, BOND_ACTIVE_BACKUP);
    r.config.downdelay = 200 * SIM_MS;
    r.config.updelay = 500 * SIM_MS;
    struct bond *bond = bond_on(&r, r.a, 0, 2, NULL);
    net_run(r.net, 950 * SIM_MS);
    iface_set_link(r.links[0]->a, LINK_DOWN);
    net_run(r.net, 1150 * SIM_MS);
    iface_set_link(r.links[0]->a, LINK_UP);
    net_run(r.net, 2050 * SIM_MS);
    ck_assert_uint_eq(bond->failovers, 0);
    iface_set_link(r.links[0]->a, LINK_DOWN);
    net_run(r.net, 2299 * SIM_MS);
    ck_assert_uint_eq(index_of(bond), 0);
    net_run(r.net, 2301 * SIM_MS);
    ck_assert_uint_eq(index_of(bond), 1);
    iface_set_link(r.links[0]->a, LINK_UP);
    net_run(r.net, 2899 * SIM_MS);
    ck_assert(!bond->members[0]->up);
    net_run(r.net, 2901 * SIM_MS);
    ck_assert(bond->members[0]->up);
    iface_set_link(r.links[0]->a, LINK_DOWN);
    iface_set_link(r.links[1]->a, LINK_DOWN);
    net_run(r.net, 4 * SIM_S);
    ck_assert_int_eq(bond->iface->tx.state, LINK_DOWN);
    iface_set_link(r.links[0]->a, LINK_UP);
    net_run(r.net, 4101 * SIM_MS);
    ck_assert_int_eq(bond->iface->tx.state, LINK_UP);
    rig_end(&r);
}
END_TEST

/* primary_reselect: always, better (a faster link), failure. */
static unsigned after_return(int reselect, bool faster)
{
    struct rig r;

    rig_init(&r, BOND_ACTIVE_BACKUP);
    r.config.reselect = reselect;
    struct iface *ifaces[2] = { r.a->ifaces[0], r.a->ifaces[1] };
    struct bond *bond = bond_new(r.a, NULL, ifaces, 2, ifaces[1], &r.config, NULL);
    if (faster)
        link_set_rate(&r.links[1]->a->tx, 2000000000);
    net_run(r.net, SIM_S);
    ck_assert_uint_eq(index_of(bond), 1);
    iface_set_link(r.links[1]->a, LINK_DOWN);
    net_run(r.net, 2 * SIM_S);
    ck_assert_uint_eq(index_of(bond), 0);
    iface_set_link(r.links[1]->a, LINK_UP);
    net_run(r.net, 3 * SIM_S);
    unsigned index = index_of(bond);
    iface_set_link(r.links[0]->a, LINK_DOWN);
    net_run(r.net, 4 * SIM_S);
    ck_assert_uint_eq(index_of(bond), 1);
    rig_end(&r);
    return index;
}

START_TEST(primary)
{
    ck_assert_uint_eq(after_return(BOND_RESELECT_ALWAYS, false), 1);
    ck_assert_uint_eq(after_return(BOND_RESELECT_BETTER, false), 0);
    ck_assert_uint_eq(after_return(BOND_RESELECT_BETTER, true), 1);
    ck_assert_uint_eq(after_return(BOND_RESELECT_FAILURE, true), 0);
}
END_TEST

/* Frames that come in by a backup are not taken: the switch floods to all three links. */
START_TEST(backups_are_deaf)
{
    struct rig r;

    rig_init(&r, BOND_ACTIVE_BACKUP);
    struct bond *bond = bond_on(&r, r.a, 0, LINKS, NULL);
    lan_send(r.net, &r.b, &ETH_BROADCAST);
    ck_assert_uint_eq(bond->iface->rx_packets, 1);
    ck_assert_uint_eq(drops_packets(&bond->members[1]->iface->drops, &drop_bond_inactive), 1);
    ck_assert_uint_eq(drops_packets(&bond->members[2]->iface->drops, &drop_bond_inactive), 1);
    rig_end(&r);
}
END_TEST

/* As with Linux, what goes to a reserved group is for the link, and the bond does not get it. */
START_TEST(what_links_keep)
{
    static const struct eth_addr lldp = { { 0x01, 0x80, 0xc2, 0, 0, 0x0e } };
    struct rig r;

    rig_init(&r, BOND_ACTIVE_BACKUP);
    struct bond *bond = bond_on(&r, r.a, 0, LINKS, NULL);
    for (unsigned i = 0; i < LINKS; i++) {
        struct iface *port = r.links[i]->b;
        link_send(&port->tx, lan_make(r.net, &port->ip.mac, &lldp, 60));
    }
    net_run(r.net, SIM_MS);
    ck_assert_uint_eq(bond->iface->rx_packets, 0);
    for (unsigned i = 0; i < LINKS; i++) {
        ck_assert_uint_eq(r.links[i]->a->rx_packets, 1);
        ck_assert_uint_eq(drops_packets(&r.links[i]->a->drops, &drop_bond_inactive), 0);
    }
    rig_end(&r);
}
END_TEST

/* ---- 802.3ad ------------------------------------------------------------------------------- */

/* 1 s until the first LACPDU, 2 s aggregate wait time (802.1AX 5.4.4); then the switch has one port
 * where there were three: it floods once, and learns the bond. */
START_TEST(lacp)
{
    struct rig r;

    rig_init(&r, BOND_8023AD);
    struct bond *bond = both_ends(&r);
    struct iface *port = r.sw->ifaces[LINKS + 1];
    net_run(r.net, 2900 * SIM_MS);
    ck_assert_int_eq(bond->iface->tx.state, LINK_DOWN);
    send_to(bond, 1);
    ck_assert_uint_eq(drops_packets(&bond->iface->drops, &drop_bond_no_link), 1);
    net_run(r.net, 3100 * SIM_MS);
    ck_assert_int_eq(bond->iface->tx.state, LINK_UP);
    ck_assert_uint_eq(bond->n_usable, LINKS);
    ck_assert_str_eq(port->ip.name, "bond0");
    lan_send(r.net, &r.b, &ETH_BROADCAST);
    ck_assert_uint_eq(bond->iface->rx_packets, 1);
    send_to(bond, 1);
    net_run(r.net, 3200 * SIM_MS);
    ck_assert_uint_eq(r.b.received, 1);
    const struct fdb_entry *entry = fdb_find(
        &switch_of(r.sw)->fdb, fdb_key_of(0, fdb_mac_of(&bond->iface->ip.mac)), r.net->sim->now);
    ck_assert_ptr_nonnull(entry);
    ck_assert_uint_eq(entry->port, LINKS + 1);
    rig_end(&r);
}
END_TEST

/* A link that fails silently is out after the short timeout, 3 s; min_links takes the bond down. */
START_TEST(silent_failure)
{
    struct rig r;

    rig_init(&r, BOND_8023AD);
    r.config.min_links = 2;
    struct bond *bond = both_ends(&r);
    net_run(r.net, 10500 * SIM_MS);
    iface_set_link(r.links[0]->a, LINK_SILENT);
    net_run(r.net, 12 * SIM_S);
    ck_assert_uint_eq(bond->n_usable, 3);
    net_run(r.net, 13600 * SIM_MS);
    ck_assert_uint_eq(bond->n_usable, 2);
    ck_assert_int_eq(bond->iface->tx.state, LINK_UP);
    iface_set_link(r.links[1]->a, LINK_DOWN);
    ck_assert_int_eq(bond->iface->tx.state, LINK_DOWN);
    ck_assert_uint_eq(bond->n_usable, 1);
    rig_end(&r);
}
END_TEST

/* A switch that knows nothing of LACP: one link is used as if there were no bond. */
START_TEST(no_lacp_at_the_other_end)
{
    struct rig r;

    rig_init(&r, BOND_8023AD);
    struct bond *bond = bond_on(&r, r.a, 0, LINKS, NULL);
    net_run(r.net, 10 * SIM_S);
    ck_assert_uint_eq(bond->n_usable, 1);
    ck_assert_uint_gt(drops_packets(&r.sw->ifaces[0]->drops, &drop_switch_reserved), 0);
    lan_send(r.net, &r.b, &ETH_BROADCAST);
    ck_assert_uint_eq(bond->iface->rx_packets, 1);
    rig_end(&r);
}
END_TEST

/* ---- Switches ------------------------------------------------------------------------------ */

/* Two switches with three cables: one link to spanning tree, none of them blocked, and its BPDUs
 * come and go by the bond; its cost is that of all cables together (802.1D-2004 table 17-3). */
START_TEST(spanning_tree_sees_one_port)
{
    struct stp_config config = { 0 };
    struct network *net = network_new("t", 1);
    struct lan_station s[2];
    struct node *sw[2];
    struct bond *bonds[2];
    struct rig r = { .net = net };

    param_defaults(stp_params, &config);
    param_defaults(bond_params, &r.config);
    param_defaults(lacp_params, &r.config.lacp);
    config.mode = STP_RAPID;
    r.config.mode = BOND_8023AD;
    for (unsigned i = 0; i < 2; i++) {
        config.priority = 4096 * (i + 1);
        sw[i] = lan_switch(net, i ? "s2" : "s1");
        switch_stp_start(switch_of(sw[i]), &config);
    }
    for (unsigned i = 0; i < LINKS; i++)
        r.links[i] = net_link(net, sw[0], sw[1], 1000000000, SIM_US);
    for (unsigned i = 0; i < 2; i++) {
        bonds[i] = bond_on(&r, sw[i], 0, LINKS, NULL);
        lan_join(&s[i], net, sw[i], i ? "b" : "a");
    }
    net_run(net, 10 * SIM_S);
    for (unsigned i = 0; i < 2; i++) {
        struct switch_port *port = switch_port_of(bonds[i]->iface);
        ck_assert_int_eq(port->state, SWITCH_FORWARDING);
        ck_assert_uint_eq(switch_stp_port(port)->cost, 20000000000000 / 3000000000);
        for (unsigned j = 0; j < LINKS; j++)
            ck_assert(!switch_stp_port(switch_port_at(switch_of(sw[i]), j))->enabled);
    }
    ck_assert_int_eq(switch_stp_port(switch_port_of(bonds[1]->iface))->role, STP_ROLE_ROOT);
    s[1].received = 0; /* BPDUs so far */
    lan_send(net, &s[0], &ETH_BROADCAST);
    ck_assert_uint_eq(s[1].received, 1);
    /* A cable less is no change of the tree. */
    uint64_t changes = switch_stp(switch_of(sw[1]))->topology_changes;
    iface_set_link(r.links[0]->a, LINK_DOWN);
    net_run(net, 20 * SIM_S);
    ck_assert_uint_eq(switch_stp(switch_of(sw[1]))->topology_changes, changes);
    ck_assert_int_eq(switch_port_of(bonds[1]->iface)->state, SWITCH_FORWARDING);
    iface_set_link(r.links[0]->a, LINK_UP);
    net_run(net, 30 * SIM_S);
    ck_assert(!switch_stp_port(switch_port_at(switch_of(sw[1]), 0))->enabled);
    for (unsigned i = 0; i < LINKS; i++)
        iface_set_link(r.links[i]->a, LINK_DOWN);
    ck_assert_int_eq(switch_port_of(bonds[1]->iface)->state, SWITCH_DISABLED);
    /* Without spanning tree it is one port, too. */
    for (unsigned i = 0; i < LINKS; i++)
        iface_set_link(r.links[i]->a, LINK_UP);
    net_run(net, 40 * SIM_S);
    for (unsigned i = 0; i < 2; i++)
        switch_stp_stop(switch_of(sw[i]));
    s[1].received = 0;
    lan_send(net, &s[0], &ETH_BROADCAST);
    ck_assert_uint_eq(s[1].received, 1);
    for (unsigned i = 0; i < LINKS; i++)
        iface_set_link(r.links[i]->a, LINK_DOWN);
    net_end(net);
}
END_TEST

/* VLAN rules are the bond's; a host's VLANs stand on its bond. */
START_TEST(vlans)
{
    struct rig r;
    struct vlan_port rules;
    struct vlan_set ten = { { 0 } };

    rig_init(&r, BOND_XOR);
    struct bond *bond = both_ends(&r);
    struct switch_port *port = switch_port_at(switch_of(r.sw), LINKS + 1);
    vlan_set_add(&ten, 10);
    vlan_port_trunk(&rules, &ten, VLAN_NONE);
    switch_set_vlan(port, &rules);
    vlan_port_access(&rules, 10);
    switch_set_vlan(lan_port(&r.b), &rules);
    struct iface *vlan = virtual_add(r.a, bond->iface, 10, NULL);
    ck_assert_str_eq(vlan->ip.name, "bond0.10");
    network_prepare(r.net);
    ck_assert_ptr_eq(vlan->segment, r.b.iface->segment);
    ck_assert_uint_eq(vlan->segment->n, 2);
    ck_assert_ptr_null(r.a->ifaces[0]->segment);
    ip4 addr;
    ck_assert(ip_iface_address(&vlan->ip, &addr));
    ck_assert(!ip_iface_address(&r.a->ifaces[0]->ip, &addr));
    lan_send(r.net, &r.b, &ETH_BROADCAST);
    ck_assert_uint_eq(vlan->rx_packets, 1);
    rig_end(&r);
}
END_TEST

/* ---- Open vSwitch's ------------------------------------------------------------------------ */

/* A switch with a bond of two links to another one that knows of none; a at the first, b at the
 * second. */
struct slb {
    struct rig r;
    struct node *upstream;
    struct lan_station a;
    struct bond *bond;
};

static void slb_init(struct slb *s, int mode)
{
    struct network *net = network_new("t", 1);
    struct iface *ifaces[2];

    *s = (struct slb){ .r.net = net };
    s->r.sw = lan_switch(net, "sw");
    s->upstream = lan_switch(net, "up");
    for (unsigned i = 0; i < 2; i++) {
        s->r.links[i] = net_link(net, s->r.sw, s->upstream, 1000000000, SIM_US);
        ifaces[i] = s->r.links[i]->a;
    }
    lan_join(&s->a, net, s->r.sw, "a");
    lan_join(&s->r.b, net, s->upstream, "b");
    param_defaults(bond_params, &s->r.config);
    s->r.config.mode = mode;
    s->bond = bond_new(s->r.sw, NULL, ifaces, 2, NULL, &s->r.config, NULL);
    ck_assert_ptr_nonnull(s->bond);
}

static void slb_end(struct slb *s)
{
    for (unsigned i = 0; i < 2; i++)
        iface_set_link(s->r.links[i]->a, LINK_DOWN);
    net_end(s->r.net);
}

/* The other switch sends a broadcast back by the other link: it is for the active link only, and
 * from a station that is elsewhere.  Nothing circles, nothing comes twice. */
START_TEST(slb_loops_not)
{
    struct slb s;

    slb_init(&s, BOND_SLB);
    for (unsigned i = 0; i < 5; i++) {
        lan_send(s.r.net, &s.a, &ETH_BROADCAST);
        lan_send(s.r.net, &s.r.b, &ETH_BROADCAST);
    }
    ck_assert_uint_eq(s.a.received, 5);
    ck_assert_uint_eq(s.r.b.received, 5);
    ck_assert_uint_eq(switch_of(s.r.sw)->fdb.moves, 0);
    lan_send_to(s.r.net, &s.r.b, &s.a);
    lan_send_to(s.r.net, &s.a, &s.r.b);
    ck_assert_uint_eq(s.a.received, 6);
    ck_assert_uint_eq(s.r.b.received, 6);
    slb_end(&s);
}
END_TEST

static void broadcast_from(struct slb *s, struct lan_station *at, uint8_t last)
{
    struct eth_addr src = { { 2, 0, 0, 0, 3, last } };

    link_send(&at->iface->tx, lan_make(s->r.net, &src, &ETH_BROADCAST, 60));
    net_run(s->r.net, s->r.net->sim->now + SIM_MS);
}

static uint32_t learnt_at(const struct slb *s, uint8_t last)
{
    struct eth_addr mac = { { 2, 0, 0, 0, 3, last } };

    return fdb_find(&switch_of(s->r.sw)->fdb, fdb_key_of(0, fdb_mac_of(&mac)), s->r.net->sim->now)
        ->port;
}

/* Some sources have the link that is not active: what they send to everybody comes back by the
 * active one.  A station that really moves says so by a gratuitous ARP. */
START_TEST(slb_reflections)
{
    struct slb s;
    struct eth_addr moved = { { 2, 0, 0, 0, 3, 0 } };
    struct arp arp = { .opcode = ARP_REQUEST, .sender_mac = moved, .sender_ip = 1, .target_ip = 1 };
    struct eth eth = { ETH_BROADCAST, moved, ETH_TYPE_ARP };

    slb_init(&s, BOND_SLB);
    for (uint8_t i = 0; i < 8; i++)
        broadcast_from(&s, &s.a, i);
    ck_assert_uint_gt(s.bond->members[1]->tx_packets, 0);
    ck_assert_uint_eq(s.r.b.received, 8);
    ck_assert_uint_eq(s.a.received, 0);
    ck_assert_uint_gt(drops_packets(&s.bond->iface->drops, &drop_bond_reflected), 0);
    ck_assert_uint_eq(switch_of(s.r.sw)->fdb.moves, 0);
    broadcast_from(&s, &s.r.b, 0);
    ck_assert_uint_eq(learnt_at(&s, 0), s.a.iface->peer->index);
    struct packet *frame = packet_new(s.r.net->sim);
    arp_emit(packet_push(frame, ARP_LEN), &arp);
    eth_emit(packet_push(frame, ETH_LEN), &eth);
    link_send(&s.r.b.iface->tx, frame);
    net_run(s.r.net, s.r.net->sim->now + SIM_MS);
    ck_assert_uint_eq(learnt_at(&s, 0), s.bond->iface->index);
    slb_end(&s);
}
END_TEST

/* With the active link gone, the others are told of the stations here, so that answers find them.
 */
START_TEST(slb_failover)
{
    struct slb s;

    slb_init(&s, BOND_SLB);
    lan_send(s.r.net, &s.a, &ETH_BROADCAST);
    lan_send(s.r.net, &s.r.b, &ETH_BROADCAST);
    unsigned before = s.r.b.received;
    iface_set_link(s.bond->active->iface, LINK_DOWN);
    net_run(s.r.net, SIM_S);
    ck_assert_uint_eq(s.bond->failovers, 1);
    ck_assert_uint_eq(s.r.b.received, before + 1);
    ck_assert_mem_eq(s.r.b.bytes + 6, &s.a.iface->ip.mac, 6);
    ck_assert_mem_eq(s.r.b.bytes + 12, "\x80\x35", 2); /* RARP */
    lan_send_to(s.r.net, &s.r.b, &s.a);
    ck_assert_uint_eq(s.a.received, 2);
    slb_end(&s);
}
END_TEST

/* A source keeps its link; among many sources both links are used. */
START_TEST(slb_spreads_sources)
{
    struct slb s;

    slb_init(&s, BOND_SLB);
    for (uint8_t i = 0; i < 40; i++) {
        struct eth_addr src = { { 2, 0, 0, 0, 1, (uint8_t)(i / 2) } };
        link_send(&s.a.iface->tx, lan_make(s.r.net, &src, &s.r.b.iface->ip.mac, 60));
        net_run(s.r.net, s.r.net->sim->now + SIM_MS);
        if (i % 2) {
            uint64_t n0 = s.bond->members[0]->tx_packets, n1 = s.bond->members[1]->tx_packets;
            ck_assert((n0 == 2 && n1 == 0) || (n0 == 0 && n1 == 2));
            s.bond->members[0]->rx_packets += n0;
            s.bond->members[1]->rx_packets += n1;
            sent(s.bond);
        }
    }
    ck_assert_uint_ge(s.bond->members[0]->rx_packets, 10);
    ck_assert_uint_ge(s.bond->members[1]->rx_packets, 10);
    slb_end(&s);
}
END_TEST

/* Heavy flows that fell onto one link are pulled apart at the next interval of 10 s. */
START_TEST(rebalances)
{
    struct slb s;
    struct eth_addr src[4] = { { { 0 } } };
    unsigned n = 0;

    slb_init(&s, BOND_SLB);
    for (unsigned i = 0; n < 4 && i < 256; i++) {
        struct eth_addr mac = { { 2, 0, 0, 0, 2, (uint8_t)i } };
        struct packet *probe = lan_make(s.r.net, &mac, &s.r.b.iface->ip.mac, 60);
        bond_send(s.bond, probe);
        if (s.bond->members[0]->tx_packets)
            src[n++] = mac;
        sent(s.bond);
    }
    for (unsigned round = 0; round < 2; round++) {
        for (unsigned i = 0; i < 4000; i++)
            bond_send(s.bond,
                      lan_make(s.r.net, &src[i % 4], &s.r.b.iface->ip.mac, 60 + 40 * round));
        ck_assert_str_eq(sent(s.bond), round ? "2000 2000" : "4000 0");
        net_run(s.r.net, 11 * SIM_S);
    }
    slb_end(&s);
}
END_TEST

/* ---- Mistakes ------------------------------------------------------------------------------ */

static void refused(struct rig *r, struct node *node, unsigned first, unsigned n, const char *part)
{
    GError *error = NULL;

    ck_assert_ptr_null(bond_on(r, node, first, n, &error));
    ck_assert_ptr_nonnull(error);
    ck_assert_msg(strstr(error->message, part), "%s", error->message);
    g_error_free(error);
}

START_TEST(mistakes)
{
    struct rig r;
    struct iface *twice[2];
    GError *error = NULL;

    rig_init(&r, BOND_8023AD);
    refused(&r, r.sw, 2, 2, "all links must lead to the same node");
    r.config.mode = BOND_TCP;
    refused(&r, r.a, 0, 2, "one of switches");
    r.config.mode = BOND_ACTIVE_BACKUP;
    twice[0] = twice[1] = r.a->ifaces[0];
    ck_assert_ptr_null(bond_new(r.a, NULL, twice, 2, NULL, &r.config, &error));
    ck_assert_ptr_nonnull(strstr(error->message, "named twice"));
    g_clear_error(&error);
    twice[1] = r.sw->ifaces[0];
    ck_assert_ptr_null(bond_new(r.a, NULL, twice, 2, NULL, &r.config, &error));
    ck_assert_ptr_nonnull(strstr(error->message, "of another node"));
    g_clear_error(&error);
    ck_assert_ptr_null(bond_new(r.a, NULL, r.a->ifaces, 2, r.a->ifaces[2], &r.config, &error));
    ck_assert_ptr_nonnull(strstr(error->message, "is primary, but not"));
    g_clear_error(&error);
    ip_iface_add_address(&r.a->ifaces[2]->ip, 0x0a000001, 24);
    refused(&r, r.a, 1, 2, "has an address");
    ck_assert_ptr_nonnull(bond_on(&r, r.a, 0, 2, NULL));
    refused(&r, r.a, 1, 1, "is in a bond already");
    refused(&r, r.a, 3, 1, "is a bond itself");
    /* Nothing was left half done. */
    ck_assert_uint_eq(r.a->n_ifaces, LINKS + 1);
    rig_end(&r);
}
END_TEST

SUITE("models/bond", round_robin, xor, failover, announcements, groups_move, delays, primary,
      backups_are_deaf, what_links_keep, lacp, silent_failure, no_lacp_at_the_other_end,
      spanning_tree_sees_one_port, vlans, slb_loops_not, slb_reflections, slb_failover,
      slb_spreads_sources, rebalances, mistakes)
