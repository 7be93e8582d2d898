/* Frames of every kind at a live switch with VLANs, RSTP, snooping and a querier, LLDP, a bond and
 * its own interface in a VLAN: whole frames of fuzzed bytes, or changes to good ones. */
#include "models/node/node_lldp.h"
#include "models/node/switch_bond.h"
#include "models/node/switch_snoop.h"
#include "models/node/switch_stp.h"
#include "models/node/virtual.h"
#include "protocols/wire/igmphdr.h"
#include "tests/fuzz/fuzz.h"

enum { PORTS = 6, BOND = 2, FRAME = 128 };

static void set_rules(struct switch_node *sw)
{
    struct vlan_set some = { { 0 } };
    struct vlan_port rules;

    vlan_set_add(&some, 1);
    vlan_set_add(&some, 10);
    vlan_port_access(&rules, 1);
    switch_set_vlan(switch_port_at(sw, 0), &rules);
    vlan_port_trunk(&rules, &some, 1);
    switch_set_vlan(switch_port_at(sw, 1), &rules);
    vlan_port_tunnel(&rules, 10);
    switch_set_vlan(switch_port_at(sw, 2), &rules);
}

static void start_protocols(struct switch_node *sw)
{
    struct igmp_querier_config asks;
    struct snoop_config snoop = { 0 };
    struct lldp_config lldp;
    struct stp_config stp = { 0 };

    param_defaults(stp_params, &stp);
    stp.mode = STP_RAPID;
    switch_stp_start(sw, &stp);
    param_defaults(snoop_params, &snoop);
    snoop.capacity = 8;
    switch_snoop_start(sw, &snoop);
    param_defaults(igmp_querier_params, &asks);
    snoop_ask(switch_snooped(sw), 1, 0x0a000005, &asks);
    param_defaults(lldp_params, &lldp);
    node_lldp_start(&sw->node, &lldp);
}

static void add_bond(struct switch_node *sw)
{
    struct bond_config config = { 0 };

    param_defaults(bond_params, &config);
    param_defaults(lacp_params, &config.lacp);
    config.mode = BOND_8023AD;
    bond_new(&sw->node, NULL, &sw->node.ifaces[PORTS - BOND], BOND, NULL, &config, NULL);
}

static void plug(struct link *link)
{
    struct link_tx *ends[] = { &link->a->tx, &link->b->tx };

    for (unsigned i = 0; i < 2; i++) {
        link_set_rate(ends[i], 1000000000);
        link_set_delay(ends[i], SIM_US);
    }
}

/* Four hosts, and one more by two links. */
static struct switch_node *make_switch(struct network *net)
{
    struct node *node = network_add_node(net, "s", NODE_SWITCH, NULL), *host = NULL;
    struct iface *own;

    for (unsigned i = 0; i < PORTS; i++) {
        char name[8];
        g_snprintf(name, sizeof name, "h%u", i);
        if (i <= PORTS - BOND)
            host = network_add_node(net, name, NODE_HOST, NULL);
        plug(network_add_link(net, host, node, NULL, NULL));
    }
    add_bond(switch_of(node));
    start_protocols(switch_of(node));
    set_rules(switch_of(node));
    own = virtual_add(node, NULL, 10, NULL);
    ip_iface_add_address(&own->ip, 0x0a000a01, 24);
    return switch_of(node);
}

/* A good frame of some kind, to be changed; returns its length. */
static uint32_t good_frame(uint8_t kind, uint8_t *out)
{
    static const uint8_t lldp[] = { 2, 7, 4, 2, 0, 0, 0, 0, 1, 4, 2, 5, 'x', 6, 2, 0, 9, 0, 0 };
    static const uint8_t bpdu[] = { 0x42, 0x42, 3,    0, 0, 2, 2,  0x3c, 0x10, 0, 2,  0, 0,
                                    0,    0,    1,    0, 0, 0, 0,  0x10, 0,    2, 0,  0, 0,
                                    0,    1,    0x80, 1, 0, 0, 20, 0,    2,    0, 15, 0, 0 };
    struct igmp message = { kind & 8   ? IGMP_LEAVE
                            : kind & 4 ? IGMP_V2_REPORT
                                       : IGMP_QUERY,
                            10, kind & 12 ? 0xef010101 : 0 };
    struct eth eth = { LLDP_GROUP, { { 2, 0, 0, 0, 0, 7 } }, ETH_TYPE_LLDP };
    uint32_t length = sizeof lldp;

    memset(out, 0, FRAME);
    if ((kind & 3) == 0) {
        memcpy(out + ETH_LEN, lldp, sizeof lldp);
    } else if ((kind & 3) == 1) {
        eth.dst = (struct eth_addr){ { 0x01, 0x80, 0xc2, 0, 0, 0 } };
        eth.type = length = sizeof bpdu;
        memcpy(out + ETH_LEN, bpdu, sizeof bpdu);
    } else {
        struct sim *sim = sim_new(1);
        struct packet *p = igmp_datagram(sim, 0x0a000007, 0xef010101, &message);
        length = packet_len(p);
        packet_read(p, 0, out + ETH_LEN, length);
        packet_consumed(p);
        sim_free(sim);
        eth.dst = eth_addr_of_group(0xef010101);
        eth.type = ETH_TYPE_IPV4;
    }
    eth_emit(out, &eth);
    return ETH_LEN + length;
}

static struct packet *next_frame(struct sim *sim, uint8_t how, uint8_t kind, const uint8_t *data,
                                 uint32_t n)
{
    uint8_t frame[FRAME];
    uint32_t length;

    if (!(how & 0x80))
        return fuzz_packet(sim, data, n, kind);
    length = good_frame(kind, frame);
    for (uint32_t i = 0; i + 1 < n; i += 2)
        frame[data[i] % FRAME] = data[i + 1];
    struct packet *packet = fuzz_packet(sim, frame, length, kind);
    if ((how & 0x40) && packet_header_len(packet) >= ETH_LEN)
        vlan_push(packet, VLAN_TPID_C, vlan_tci(0, kind & 16 ? 10 : 1));
    return packet;
}

/* Each piece begins with a byte that says at which port, how long it is and when the next one
 * comes, and one that says of which kind it is. */
static void feed(struct switch_node *sw, const uint8_t *data, size_t size)
{
    struct sim *sim = sw->node.net->sim;

    while (size > 2) {
        struct iface *iface = sw->node.ifaces[data[0] % PORTS];
        uint32_t n = data[0] & 8 ? 100 : 20;
        if (n > size - 2)
            n = (uint32_t)size - 2;
        if (data[0] == 0xff)
            iface_set_link(iface, iface->tx.state == LINK_UP ? LINK_DOWN : LINK_UP);
        iface->rx.deliver(&iface->rx, next_frame(sim, data[0], data[1], data + 2, n));
        network_run(sw->node.net, sim->now + (data[1] >> 5) * SIM_S / 2);
        data += n + 2;
        size -= n + 2;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 1500)
        return 0;
    struct network *net = network_new("net", 1);
    struct switch_node *sw = make_switch(net);
    network_prepare(net);
    network_run(net, 4 * SIM_S);
    feed(sw, data, size);
    assert(switch_snooped(sw)->groups->len <= 8);
    char *fault = network_conservation(net);
    assert(!fault);
    network_free(net);
    return 0;
}
