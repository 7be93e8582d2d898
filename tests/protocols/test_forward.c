/* Forwarding (RFC 1812 5.2, 5.3): TTL, checksum, MTU, errors, redirects. */
#include "tests/support/iprig.h"
#include "tests/support/suite.h"

/* A router between 10.0.0.0/24 and 10.0.1.0/24, a host 10.0.0.9 and a gateway 10.0.1.9. */
struct fixture {
    struct rig rig;
    struct rig_node *node;
    struct rig_iface *in, *out;
};

static void fixture_init(struct fixture *f)
{
    struct eth_addr mac = rig_mac(7, 7);

    rig_init(&f->rig, 1);
    f->node = rig_node(&f->rig);
    f->node->ip.forwarding = true;
    f->in = rig_iface(&f->rig, f->node, IP4(10, 0, 0, 1), 24);
    f->out = rig_iface(&f->rig, f->node, IP4(10, 0, 1, 1), 24);
    neigh_set_permanent(&f->in->ip, IP4(10, 0, 0, 9), &mac);
    neigh_set_permanent(&f->in->ip, IP4(10, 0, 0, 8), &mac);
    neigh_set_permanent(&f->out->ip, IP4(10, 0, 1, 9), &mac);
    rig_route(f->node, IP4(20, 0, 0, 0), 8, IP4(10, 0, 1, 9));
}

static struct ipv4 to(ip4 dst)
{
    return (struct ipv4){ .src = IP4(10, 0, 0, 9), .dst = dst, .proto = IP_PROTO_UDP };
}

static void input(struct fixture *f, struct ipv4 h, uint32_t data, bool untrusted)
{
    struct packet *frame = rig_datagram(f->in, &h, 0, data);

    frame->flags = untrusted ? PACKET_UNTRUSTED : 0;
    ip_iface_input(&f->in->ip, frame);
}

START_TEST(the_header_on_its_way)
{
    struct fixture f;

    for (int untrusted = 0; untrusted < 2; untrusted++) {
        fixture_init(&f);
        for (unsigned ttl = 2; ttl < 256; ttl++) {
            struct ipv4 h = to(IP4(20, 0, 0, 1));
            h.ttl = (uint8_t)ttl;
            h.id = (uint16_t)(ttl * 257);
            h.frag = IPV4_DF;
            input(&f, h, 8, untrusted);
            struct ipv4 out = rig_ipv4(f.out, ttl - 2); /* checks the checksum */
            ck_assert_uint_eq(out.ttl, ttl - 1);
            ck_assert_uint_eq(out.id, h.id);
            ck_assert_uint_eq(out.src, h.src);
            ck_assert_uint_eq(out.dst, h.dst);
        }
        struct eth eth;
        eth_parse(packet_data(f.out->kept[0]), &eth);
        struct eth_addr gateway = rig_mac(7, 7);
        ck_assert(eth_addr_equal(&eth.dst, &gateway));
        ck_assert(eth_addr_equal(&eth.src, &f.out->ip.mac));
        ck_assert_uint_eq(f.node->ip.forw_datagrams, 254);
        rig_fini(&f.rig);
    }
}
END_TEST

/* The checksum after the TTL went down, for all values it can have (RFC 1624). */
START_TEST(all_checksums)
{
    struct fixture f;

    fixture_init(&f);
    for (unsigned id = 0; id < 65536; id += 1) {
        struct ipv4 h = to(IP4(20, 0, 0, 1));
        h.id = (uint16_t)id;
        input(&f, h, 0, false);
        rig_ipv4(f.out, 0);
        rig_clear(f.out);
    }
    rig_fini(&f.rig);
}
END_TEST

/* RFC 1812 5.3.1 */
START_TEST(ttl_runs_out)
{
    struct fixture f;
    struct ipv4 quote;
    struct ip_counters c;

    fixture_init(&f);
    struct ipv4 h = to(IP4(20, 0, 0, 1));
    h.ttl = 1;
    input(&f, h, 100, false);
    ck_assert_uint_eq(f.out->n_kept, 0);
    ck_assert_uint_eq(f.in->n_kept, 1);
    struct icmp icmp = rig_icmp(f.in, 0, &quote);
    ck_assert_uint_eq(icmp.type, ICMP_TIME_EXCEEDED);
    ck_assert_uint_eq(icmp.code, ICMP_TTL_EXCEEDED);
    ck_assert_uint_eq(quote.ttl, 1);
    struct ipv4 error = rig_ipv4(f.in, 0);
    ck_assert_uint_eq(error.src, IP4(10, 0, 0, 1));
    ck_assert_uint_eq(error.dst, IP4(10, 0, 0, 9));
    ck_assert_uint_eq(error.ttl, 64);
    ck_assert_uint_eq(error.tos, 0xc0); /* RFC 1812 4.3.2.5 */
    ck_assert_uint_eq(error.length, 20 + 8 + 120);
    rig_counters(f.node, &c);
    ck_assert_uint_eq(c.IpInHdrErrors, 1);
    ck_assert_uint_eq(c.IcmpOutTimeExcds, 1);
    ck_assert_uint_eq(rig_drops(f.node, NULL), 1);
    rig_fini(&f.rig);
}
END_TEST

/* RFC 1191 section 4: the MTU is in the message. */
START_TEST(too_big_with_df)
{
    struct fixture f;
    struct ip_counters c;

    for (int untrusted = 0; untrusted < 2; untrusted++) {
        fixture_init(&f);
        ip_iface_set_mtu(&f.out->ip, 1400);
        struct ipv4 h = to(IP4(20, 0, 0, 1));
        h.frag = IPV4_DF;
        input(&f, h, 1380, untrusted);
        ck_assert_uint_eq(f.out->n_kept, 1);
        input(&f, h, 1381, untrusted);
        ck_assert_uint_eq(f.out->n_kept, 1);
        struct icmp icmp = rig_icmp(f.in, 0, NULL);
        ck_assert_uint_eq(icmp.type, ICMP_DEST_UNREACH);
        ck_assert_uint_eq(icmp.code, ICMP_FRAG_NEEDED);
        ck_assert_uint_eq(icmp.rest, 1400);
        rig_counters(f.node, &c);
        ck_assert_uint_eq(c.IpFragFails, 1);
        rig_fini(&f.rig);
    }
}
END_TEST

START_TEST(too_big_without_df)
{
    struct fixture f;

    fixture_init(&f);
    ip_iface_set_mtu(&f.out->ip, 1400);
    input(&f, to(IP4(20, 0, 0, 1)), 1480, false);
    ck_assert_uint_eq(f.out->n_kept, 2);
    /* 1400 - 20 = 1380, of which 1376 are whole units of 8. */
    ck_assert_uint_eq(rig_ipv4(f.out, 0).length, 1396);
    ck_assert_uint_eq(rig_ipv4(f.out, 0).frag, IPV4_MF);
    ck_assert_uint_eq(rig_ipv4(f.out, 1).length, 20 + 1480 - 1376);
    ck_assert_uint_eq(rig_ipv4(f.out, 1).frag, 172);
    ck_assert_uint_eq(rig_ipv4(f.out, 1).ttl, 63);
    ck_assert_uint_eq(f.node->ip.forw_datagrams, 1);
    ck_assert_uint_eq(f.node->ip.out_transmits, 2);
    rig_fini(&f.rig);
}
END_TEST

/* RFC 1812 5.2.7.1: net unreachable without a route; the types of refusing routes. */
START_TEST(no_way)
{
    static const struct {
        ip4 dst;
        uint8_t code;
    } cases[] = { { IP4(99, 0, 0, 1), ICMP_NET_UNREACH },
                  { IP4(50, 1, 0, 1), ICMP_HOST_UNREACH },
                  { IP4(50, 2, 0, 1), ICMP_FILTERED } };
    struct ip_route_spec unreachable = { .prefix = IP4(50, 1, 0, 0),
                                         .length = 16,
                                         .type = IP_ROUTE_UNREACHABLE };
    struct ip_route_spec prohibit = { .prefix = IP4(50, 2, 0, 0),
                                      .length = 16,
                                      .type = IP_ROUTE_PROHIBIT };
    struct ip_route_spec blackhole = { .prefix = IP4(50, 3, 0, 0),
                                       .length = 16,
                                       .type = IP_ROUTE_BLACKHOLE };
    struct fixture f;
    struct ip_counters c;

    fixture_init(&f);
    ip_route_add(&f.node->ip, &unreachable);
    ip_route_add(&f.node->ip, &prohibit);
    ip_route_add(&f.node->ip, &blackhole);
    for (unsigned i = 0; i < 3; i++) {
        input(&f, to(cases[i].dst), 8, false);
        ck_assert_uint_eq(f.in->n_kept, i + 1);
        ck_assert_uint_eq(rig_icmp(f.in, i, NULL).type, ICMP_DEST_UNREACH);
        ck_assert_uint_eq(rig_icmp(f.in, i, NULL).code, cases[i].code);
    }
    input(&f, to(IP4(50, 3, 0, 1)), 8, false);
    ck_assert_uint_eq(f.in->n_kept, 3);
    rig_counters(f.node, &c);
    ck_assert_uint_eq(c.IpExtInNoRoutes, 1);
    ck_assert_uint_eq(c.IcmpOutDestUnreachs, 3);
    rig_fini(&f.rig);
}
END_TEST

/* RFC 1812 5.2.7.2: back out of the interface by which it came, from a host of that link. */
START_TEST(redirects)
{
    struct fixture f;
    struct ipv4 quote;

    fixture_init(&f);
    rig_route(f.node, IP4(30, 0, 0, 0), 8, IP4(10, 0, 0, 8));
    input(&f, to(IP4(30, 0, 0, 1)), 8, false);
    ck_assert_uint_eq(f.in->n_kept, 2); /* the redirect and the datagram, which is forwarded */
    struct icmp icmp = rig_icmp(f.in, 0, &quote);
    ck_assert_uint_eq(icmp.type, ICMP_REDIRECT);
    ck_assert_uint_eq(icmp.code, ICMP_REDIRECT_HOST);
    ck_assert_uint_eq(icmp.rest, IP4(10, 0, 0, 8));
    ck_assert_uint_eq(quote.dst, IP4(30, 0, 0, 1));
    ck_assert_uint_eq(rig_ipv4(f.in, 1).dst, IP4(30, 0, 0, 1));
    /* Not to a source that is elsewhere. */
    struct ipv4 far = to(IP4(30, 0, 0, 1));
    far.src = IP4(40, 0, 0, 1);
    rig_clear(f.in);
    input(&f, far, 8, false);
    ck_assert_uint_eq(f.in->n_kept, 1);
    rig_fini(&f.rig);
}
END_TEST

/* ip_rt_send_redirect: after each one the pause doubles from 40 ms; nine that are ignored are
 * enough, until 20.48 s of silence. */
START_TEST(redirects_back_off)
{
    struct fixture f;
    unsigned sent = 0;

    fixture_init(&f);
    rig_route(f.node, IP4(30, 0, 0, 0), 8, IP4(10, 0, 0, 8));
    for (int ms = 0; ms < 40000; ms += 10) {
        sim_run(f.rig.sim, ms * SIM_MS);
        input(&f, to(IP4(30, 0, 0, 1)), 8, false);
        sent += f.in->n_kept - 1;
        rig_clear(f.in);
        if (ms == 40)
            ck_assert_uint_eq(sent, 1);
        if (ms == 50)
            ck_assert_uint_eq(sent, 2);
    }
    ck_assert_uint_eq(sent, 9);
    sim_run(f.rig.sim, 62 * SIM_S);
    input(&f, to(IP4(30, 0, 0, 1)), 8, false);
    ck_assert_uint_eq(f.in->n_kept, 2);
    rig_clear(f.in);
    ck_assert(ip_sysctl_set(&f.node->ip, "net.ipv4.conf.all.send_redirects", "0", NULL));
    sim_run(f.rig.sim, 100 * SIM_S);
    input(&f, to(IP4(30, 0, 0, 1)), 8, false);
    ck_assert_uint_eq(f.in->n_kept, 1);
    rig_fini(&f.rig);
}
END_TEST

/* The path MTU that the router learnt itself counts only if forward_use_pmtu says so. */
START_TEST(forwarding_and_path_mtu)
{
    struct fixture f;
    struct ipv4 h = to(IP4(20, 0, 0, 1));

    fixture_init(&f);
    h.frag = IPV4_DF;
    except_learn_mtu(&f.node->ip, IP4(20, 0, 0, 1), 1000);
    input(&f, h, 1200, true);
    ck_assert_uint_eq(f.out->n_kept, 1);
    ck_assert(ip_sysctl_set(&f.node->ip, "net.ipv4.ip_forward_use_pmtu", "1", NULL));
    input(&f, h, 1200, true);
    ck_assert_uint_eq(f.out->n_kept, 1);
    ck_assert_uint_eq(rig_icmp(f.in, 0, NULL).rest, 1000);
    rig_fini(&f.rig);
}
END_TEST

START_TEST(next_hop_down)
{
    struct fixture f;

    fixture_init(&f);
    input(&f, to(IP4(20, 0, 0, 1)), 8, false);
    ck_assert_uint_eq(f.out->n_kept, 1);
    ip_iface_set_up(&f.out->ip, false);
    input(&f, to(IP4(20, 0, 0, 1)), 8, false);
    ck_assert_uint_eq(f.out->n_kept, 1);
    ck_assert_uint_eq(rig_icmp(f.in, 0, NULL).code, ICMP_NET_UNREACH);
    ip_iface_set_up(&f.out->ip, true);
    input(&f, to(IP4(20, 0, 0, 1)), 8, false);
    ck_assert_uint_eq(f.out->n_kept, 2);
    rig_fini(&f.rig);
}
END_TEST

SUITE("protocols/forward", the_header_on_its_way, all_checksums, ttl_runs_out, too_big_with_df,
      too_big_without_df, no_way, redirects, redirects_back_off, forwarding_and_path_mtu,
      next_hop_down)
