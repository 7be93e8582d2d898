/* What senders are told of the queue of their own host.  Expected: Linux 6.18's NET_XMIT_DROP and
 * NET_XMIT_CN, and its counters. */
#include "models/node/bond.h"
#include "models/node/virtual.h"
#include "protocols/ip/neigh.h"
#include "tests/support/lan.h"
#include "tests/support/sockets.h"
#include "tests/support/suite.h"

static void set_queue(struct iface *iface, const char *words)
{
    link_set_queue(&iface->tx, qdisc_parse(iface->tx.sim, &iface->drops, words, NULL));
}

static enum xmit transmit(struct iface *iface)
{
    struct packet *frame =
        lan_make(iface->node->net, &iface->ip.mac, &ETH_BROADCAST, ETH_LEN + 1500);

    return iface->ip.ops->transmit(&iface->ip, frame);
}

/* A pair of hosts whose first has `words` for its queue. */
static struct sockrig rig_with(const char *words)
{
    struct sockrig r = rig_new();
    struct socket_addr peer = rig_addr(r.b, 0);

    neigh_set_permanent(&r.link->a->ip, ip_addr_v4(&peer.addr), &r.link->b->ip.mac);
    set_queue(r.link->a, words);
    return r;
}

/* pfifo_enqueue, bfifo_enqueue: what finds no room is refused; what need not wait passes by. */
START_TEST(full_queue)
{
    static const char *const words[] = { "pfifo limit 2", "bfifo limit 3028", "prio limit 2" };

    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        struct sockrig r = rig_with(words[i]);
        for (int n = 0; n < 5; n++)
            ck_assert_int_eq(transmit(r.link->a), n < 3 ? XMIT_SENT : XMIT_DROPPED);
        ck_assert_uint_eq(drops_packets(&r.link->a->drops, &drop_queue_full), 2);
        net_end(r.net);
    }
}
END_TEST

/* Linux lets nothing pass by a FIFO with a limit of 0 (TCQ_F_CAN_BYPASS). */
START_TEST(limit_zero)
{
    static const char *const words[] = { "pfifo limit 0", "bfifo limit 0" };

    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        struct sockrig r = rig_with(words[i]);
        ck_assert_int_eq(transmit(r.link->a), XMIT_DROPPED);
        set_queue(r.link->a, "pfifo");
        ck_assert_int_eq(transmit(r.link->a), XMIT_SENT);
        net_end(r.net);
    }
}
END_TEST

/* The queue that a scenario gives to a link is a buffer of the network: nobody is told. */
START_TEST(buffer_of_the_network)
{
    struct sockrig r = rig_new();
    struct iface *a = r.link->a;

    link_set_buffer(&a->tx, qdisc_parse(a->tx.sim, &a->drops, "pfifo limit 2", NULL));
    for (int n = 0; n < 5; n++)
        ck_assert_int_eq(transmit(a), XMIT_SENT);
    ck_assert_uint_eq(drops_packets(&a->drops, &drop_queue_full), 2);
    net_end(r.net);
}
END_TEST

/* Without carrier there is noop_qdisc, which says NET_XMIT_CN. */
START_TEST(no_carrier)
{
    struct sockrig r = rig_with("pfifo");

    iface_set_link(r.link->a, LINK_DOWN);
    ck_assert_int_eq(transmit(r.link->a), XMIT_CN);
    iface_set_link(r.link->a, LINK_SILENT); /* nobody knows */
    ck_assert_int_eq(transmit(r.link->a), XMIT_SENT);
    iface_set_link(r.link->a, LINK_UP);
    net_end(r.net);
}
END_TEST

/* vlan_dev_hard_start_xmit: what the interface below says. */
START_TEST(by_a_vlan)
{
    struct sockrig r = rig_with("pfifo limit 0");
    struct iface *vlan = virtual_add(r.a, r.link->a, 10, NULL);

    ck_assert_int_eq(transmit(vlan), XMIT_DROPPED);
    set_queue(r.link->a, "pfifo");
    ck_assert_int_eq(transmit(vlan), XMIT_SENT);
    net_end(r.net);
}
END_TEST

/* bond_dev_queue_xmit: what the link says; bond_tx_drop: NET_XMIT_DROP if there is none. */
START_TEST(by_a_bond)
{
    struct network *net = network_new("t", 1);
    struct node *a = net_host(net, "a"), *b = net_host(net, "b");
    struct link *one = net_link(net, a, b, 1000000000, SIM_US);
    struct link *two = net_link(net, a, b, 1000000000, SIM_US);
    struct bond_config config;

    param_defaults(bond_params, &config);
    param_defaults(lacp_params, &config.lacp);
    struct bond *bond =
        bond_new(a, NULL, (struct iface *[]){ one->a, two->a }, 2, NULL, &config, NULL);
    set_queue(two->a, "pfifo limit 0");
    ck_assert_int_eq(transmit(bond->iface), XMIT_SENT); /* in turn */
    ck_assert_int_eq(transmit(bond->iface), XMIT_DROPPED);
    iface_set_link(two->a, LINK_DOWN);
    iface_set_link(one->a, LINK_DOWN);
    net_run(net, SIM_S);
    ck_assert_int_eq(transmit(bond->iface), XMIT_CN); /* the bond itself has no carrier */
    net_end(net);
}
END_TEST

static uint64_t counter(const struct node *node, const char *name)
{
    struct ip_counters c;

    ip_counters_get(&node->ip, &c);
    for (size_t i = 0; ip_counter_names[i]; i++)
        if (strcmp(ip_counter_names[i], name) == 0)
            return ((const uint64_t *)&c)[i];
    ck_abort_msg("%s", name);
}

/* udp_send_skb: IP_RECVERR asks for ENOBUFS, others only count it.  A datagram of four fragments
 * ends with the first one that is refused (ip_do_fragment). */
START_TEST(datagrams)
{
    static const char bytes[6000];

    for (int asked = 0; asked < 2; asked++) {
        struct sockrig r = rig_with("pfifo limit 2");
        struct socket *s = socket_new(r.at_a, SOCKET_DGRAM);
        struct socket_addr to = rig_addr(r.b, 9);
        ck_assert_int_eq(rig_set(s, "IP_RECVERR", asked), 0);
        ck_assert_int_eq(socket_send(s, bytes, 6000, 0, &to), asked ? -ENOBUFS : 6000);
        ck_assert_uint_eq(counter(r.a, "IpFragCreates"), 3);
        ck_assert_uint_eq(counter(r.a, "IpFragFails"), 1);
        ck_assert_uint_eq(counter(r.a, "IpFragOKs"), 0);
        ck_assert_uint_eq(counter(r.a, "IpOutTransmits"), 4);
        ck_assert_int_eq(socket_send(s, bytes, 100, 0, &to), asked ? -ENOBUFS : 100);
        ck_assert_uint_eq(counter(r.a, "IpOutDiscards"), 2);
        ck_assert_uint_eq(counter(r.a, "IpOutRequests"), 2);
        ck_assert_uint_eq(node_udp(r.a)->counters.SndbufErrors, 2);
        ck_assert_uint_eq(node_udp(r.a)->counters.OutDatagrams, 0);
        rig_end(&r);
    }
}
END_TEST

SUITE("models/local_queue", full_queue, limit_zero, buffer_of_the_network, no_carrier, by_a_vlan,
      by_a_bond, datagrams)
