/* ICMP: what is sent and about what, quoting, limits, what arrives (RFC 792, 1122 3.2.2, 1812 4.3).
 */
#include "protocols/ip/icmp.h"

#include <errno.h>

#include "tests/support/iprig.h"
#include "tests/support/pinger.h"
#include "tests/support/suite.h"

/* A router 10.0.0.1/24 without any other route; errors go back to 10.0.0.9. */
struct fixture {
    struct rig rig;
    struct rig_node *node;
    struct rig_iface *in;
};

static void fixture_init(struct fixture *f)
{
    struct eth_addr mac = rig_mac(7, 7);

    rig_init(&f->rig, 1);
    f->node = rig_node(&f->rig);
    f->node->ip.forwarding = true;
    f->in = rig_iface(&f->rig, f->node, IP4(10, 0, 0, 1), 24);
    for (unsigned i = 2; i < 100; i++)
        neigh_set_permanent(&f->in->ip, IP4(10, 0, 0, i), &mac);
}

static struct ipv4 lost(uint8_t proto)
{
    return (struct ipv4){ .src = IP4(10, 0, 0, 9), .dst = IP4(99, 0, 0, 1), .proto = proto };
}

static void input(struct fixture *f, struct ipv4 h, uint32_t data)
{
    ip_iface_input(&f->in->ip, rig_datagram(f->in, &h, 0, data));
}

/* ---- Quoting ---- */

/* RFC 1812 4.3.2.3: as much as fits into 576 bytes. */
START_TEST(quotes_up_to_576_bytes)
{
    static const uint32_t sizes[] = { 0, 1, 8, 100, 527, 528, 529, 1400 };
    struct fixture f;
    uint8_t quote[600];

    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        fixture_init(&f);
        input(&f, lost(200), sizes[i]);
        struct ipv4 h = rig_ipv4(f.in, 0);
        uint32_t quoted = MIN(20 + sizes[i], 548);
        ck_assert_uint_eq(h.length, 28 + quoted);
        rig_icmp(f.in, 0, NULL);
        packet_read(f.in->kept[0], ETH_LEN + 28, quote, quoted);
        ck_assert(ipv4_checksum_ok(quote));
        ck_assert_mem_eq(quote + 20, blob_span(&blob_pattern, 0, quoted - 20), quoted - 20);
        rig_fini(&f.rig);
    }
}
END_TEST

/* The quote shows the transport's checksum as it would have been on the wire. */
START_TEST(quotes_finished_checksums)
{
    struct fixture f;
    struct ipv4 h = lost(IP_PROTO_UDP);
    uint8_t bytes[8];

    fixture_init(&f);
    struct packet *frame = rig_datagram(f.in, &h, 0, 100);
    ck_assert(packet_need(frame, ETH_LEN + 20 + 8));
    struct udphdr udp = { 1000, 53, 100, 0 };
    udphdr_emit(frame->buf + frame->l4, &udp);
    frame->flags = PACKET_CSUM_PENDING;
    ip_iface_input(&f.in->ip, frame);
    packet_read(f.in->kept[0], ETH_LEN + 28 + 20, bytes, 8);
    udphdr_parse(bytes, &udp);
    uint64_t sum = checksum_pseudo(IP4(10, 0, 0, 9), IP4(99, 0, 0, 1), IP_PROTO_UDP, 100) +
                   checksum_packet(f.in->kept[0], ETH_LEN + 28 + 20, 100);
    ck_assert_uint_ne(udp.checksum, 0);
    ck_assert_uint_eq(checksum_fold(sum), 0xffff);
    rig_fini(&f.rig);
}
END_TEST

START_TEST(quotes_options)
{
    struct fixture f;
    struct ipv4 h = lost(200), quote;

    fixture_init(&f);
    h.header_len = 60;
    struct packet *frame = rig_datagram(f.in, &h, 0, 1000);
    ip_iface_input(&f.in->ip, frame);
    rig_icmp(f.in, 0, &quote);
    ck_assert_uint_eq(quote.header_len, 60);
    ck_assert_uint_eq(rig_ipv4(f.in, 0).length, 576);
    rig_fini(&f.rig);
}
END_TEST

/* ---- About what not (RFC 1122 3.2.2, RFC 1812 4.3.2.7) ---- */

START_TEST(never_about_errors)
{
    struct fixture f;
    unsigned answered = 0;

    fixture_init(&f);
    ck_assert(ip_sysctl_set(&f.node->ip, "net.ipv4.icmp_ratemask", "0", NULL));
    for (unsigned type = 0; type < 256; type++) {
        struct ipv4 h = lost(IP_PROTO_ICMP);
        struct packet *frame = rig_datagram(f.in, &h, 0, 16);
        ck_assert(packet_need(frame, ETH_LEN + 20 + 8));
        frame->buf[frame->l4] = (uint8_t)type;
        ip_iface_input(&f.in->ip, frame);
        answered += !icmp_is_error((uint8_t)type);
        ck_assert_uint_eq(f.in->n_kept, answered);
    }
    rig_fini(&f.rig);
}
END_TEST

START_TEST(never_about_later_fragments)
{
    struct fixture f;
    struct ipv4 h = lost(200);

    fixture_init(&f);
    h.frag = 185;
    input(&f, h, 8);
    ck_assert_uint_eq(f.in->n_kept, 0);
    h.frag = IPV4_MF;
    input(&f, h, 8);
    ck_assert_uint_eq(f.in->n_kept, 1);
    rig_fini(&f.rig);
}
END_TEST

START_TEST(never_about_groups)
{
    static const ip4 groups[] = { 0xffffffff, IP4(10, 0, 0, 255), IP4(224, 0, 0, 1) };
    struct fixture f;

    fixture_init(&f);
    for (unsigned i = 0; i < 3; i++) {
        struct ipv4 h = lost(201); /* a protocol that nobody knows */
        h.dst = groups[i];
        input(&f, h, 8);
    }
    ck_assert_uint_eq(f.in->n_kept, 0);
    ck_assert_uint_eq(rig_drops(f.node, &drop_no_protocol), 3);
    rig_fini(&f.rig);
}
END_TEST

/* ---- How often ---- */

/* icmp_ratelimit: one a second for each destination, bursts of six; icmp_ratemask 6168 means the
 * types 3, 4, 11 and 12. */
START_TEST(limit_of_a_destination)
{
    struct fixture f;
    struct ip_counters c;

    fixture_init(&f);
    for (unsigned i = 0; i < 10; i++)
        input(&f, lost(200), 8);
    ck_assert_uint_eq(f.in->n_kept, 6);
    rig_counters(f.node, &c);
    ck_assert_uint_eq(c.IcmpOutRateLimitHost, 4);
    ck_assert_uint_eq(c.IcmpOutMsgs, 6);
    struct ipv4 other = lost(200);
    other.src = IP4(10, 0, 0, 8);
    input(&f, other, 8); /* somebody else has his own */
    ck_assert_uint_eq(f.in->n_kept, 7);
    sim_run(f.rig.sim, SIM_S - 1);
    input(&f, lost(200), 8);
    ck_assert_uint_eq(f.in->n_kept, 7);
    sim_run(f.rig.sim, SIM_S);
    input(&f, lost(200), 8);
    input(&f, lost(200), 8);
    ck_assert_uint_eq(f.in->n_kept, 8);
    sim_run(f.rig.sim, 100 * SIM_S);
    for (unsigned i = 0; i < 10; i++)
        input(&f, lost(200), 8);
    ck_assert_uint_eq(f.in->n_kept, 14);
    rig_fini(&f.rig);
}
END_TEST

/* icmp_msgs_per_sec 1000, icmp_msgs_burst 50, refilled in steps of at least 20 ms. */
START_TEST(limit_of_all)
{
    struct fixture f;
    struct ip_counters c;

    fixture_init(&f);
    sim_run(f.rig.sim, 10 * SIM_S);
    for (unsigned i = 2; i < 100; i++) {
        struct ipv4 h = lost(200);
        h.src = IP4(10, 0, 0, i);
        input(&f, h, 8);
    }
    ck_assert_uint_eq(f.in->n_kept, 50);
    rig_counters(f.node, &c);
    ck_assert_uint_eq(c.IcmpOutRateLimitGlobal, 48);
    sim_run(f.rig.sim, 10 * SIM_S + 19 * SIM_MS);
    struct ipv4 h = lost(200);
    h.src = IP4(10, 0, 0, 99);
    input(&f, h, 8);
    ck_assert_uint_eq(f.in->n_kept, 50);
    sim_run(f.rig.sim, 10 * SIM_S + 20 * SIM_MS);
    for (unsigned i = 60; i < 100; i++) { /* 20 ms are worth 20 messages */
        h.src = IP4(10, 0, 0, i);
        input(&f, h, 8);
    }
    ck_assert_uint_eq(f.in->n_kept, 70);
    rig_fini(&f.rig);
}
END_TEST

/* Path MTU discovery is never limited (icmpv4_mask_allow). */
START_TEST(frag_needed_is_not_limited)
{
    struct fixture f;

    fixture_init(&f);
    struct rig_iface *out = rig_iface(&f.rig, f.node, IP4(10, 0, 1, 1), 24);
    ip_iface_set_mtu(&out->ip, 1000);
    for (unsigned i = 0; i < 100; i++) {
        struct ipv4 h = lost(200);
        h.dst = IP4(10, 0, 1, 9);
        h.frag = IPV4_DF;
        input(&f, h, 1200);
    }
    ck_assert_uint_eq(f.in->n_kept, 100);
    rig_fini(&f.rig);
}
END_TEST

/* ---- Sources of errors (RFC 1812 4.3.2.4) ---- */

START_TEST(source_of_errors)
{
    struct fixture f;
    struct ipv4 h = lost(200);

    fixture_init(&f);
    struct rig_iface *second = rig_iface(&f.rig, f.node, IP4(10, 0, 1, 1), 24);
    h.src = IP4(10, 0, 0, 9);
    h.ttl = 1;
    h.dst = IP4(10, 0, 0, 8);
    /* It came by the second interface, the way back is by the first. */
    ip_iface_input(&second->ip, rig_datagram(second, &h, 0, 8));
    ck_assert_uint_eq(rig_ipv4(f.in, 0).src, IP4(10, 0, 0, 1));
    ck_assert(ip_sysctl_set(&f.node->ip, "net.ipv4.icmp_errors_use_inbound_ifaddr", "1", NULL));
    ip_iface_input(&second->ip, rig_datagram(second, &h, 0, 8));
    ck_assert_uint_eq(rig_ipv4(f.in, 1).src, IP4(10, 0, 1, 1));
    rig_fini(&f.rig);
}
END_TEST

/* ---- Echo (RFC 1122 3.2.2.6) ---- */

static struct packet *echo(struct fixture *f, ip4 dst, uint32_t data)
{
    struct packet *packet = packet_new(f->rig.sim);
    struct ipv4 h = { .header_len = 20,
                      .tos = 0x28,
                      .length = (uint16_t)(28 + data),
                      .ttl = 9,
                      .proto = IP_PROTO_ICMP,
                      .src = IP4(10, 0, 0, 9),
                      .dst = dst };
    struct eth eth = { f->in->ip.mac, rig_mac(7, 7), ETH_TYPE_IPV4 };

    if (data)
        packet_set_payload(packet, blob_ref(&blob_pattern), 5, data);
    icmp_push_header(packet, ICMP_ECHO, 0, 0x12345678);
    ipv4_emit(packet_push(packet, 20), &h);
    ipv4_finish(packet_data(packet));
    eth_emit(packet_push(packet, 14), &eth);
    return packet;
}

START_TEST(echo_is_answered)
{
    struct fixture f;
    struct ip_counters c;
    uint8_t data[100];

    fixture_init(&f);
    ip_iface_input(&f.in->ip, echo(&f, IP4(10, 0, 0, 1), 100));
    struct ipv4 h = rig_ipv4(f.in, 0);
    struct icmp icmp = rig_icmp(f.in, 0, NULL);
    ck_assert_uint_eq(h.src, IP4(10, 0, 0, 1));
    ck_assert_uint_eq(h.dst, IP4(10, 0, 0, 9));
    ck_assert_uint_eq(h.tos, 0x28);
    ck_assert_uint_eq(h.ttl, 64);
    ck_assert_uint_eq(h.length, 128);
    ck_assert_uint_eq(icmp.type, ICMP_ECHO_REPLY);
    ck_assert_uint_eq(icmp.rest, 0x12345678);
    packet_read(f.in->kept[0], 42, data, 100);
    ck_assert_mem_eq(data, blob_span(&blob_pattern, 5, 100), 100);
    ck_assert_ptr_eq(f.in->kept[0]->blob, &blob_pattern);
    rig_counters(f.node, &c);
    ck_assert_uint_eq(c.IcmpInMsgs, 1);
    ck_assert_uint_eq(c.IcmpInEchos, 1);
    ck_assert_uint_eq(c.IcmpOutMsgs, 1);
    ck_assert_uint_eq(c.IcmpOutEchoReps, 1);
    rig_fini(&f.rig);
}
END_TEST

START_TEST(echo_to_groups)
{
    struct fixture f;

    fixture_init(&f);
    ip_iface_input(&f.in->ip, echo(&f, IP4(10, 0, 0, 255), 8));
    ck_assert_uint_eq(f.in->n_kept, 0);
    ck_assert(ip_sysctl_set(&f.node->ip, "net.ipv4.icmp_echo_ignore_broadcasts", "0", NULL));
    ip_iface_input(&f.in->ip, echo(&f, IP4(10, 0, 0, 255), 8));
    ck_assert_uint_eq(f.in->n_kept, 1);
    ck_assert_uint_eq(rig_ipv4(f.in, 0).src, IP4(10, 0, 0, 1));
    ck_assert(ip_sysctl_set(&f.node->ip, "net.ipv4.icmp_echo_ignore_all", "1", NULL));
    ip_iface_input(&f.in->ip, echo(&f, IP4(10, 0, 0, 1), 8));
    ck_assert_uint_eq(f.in->n_kept, 1);
    ck_assert_uint_eq(rig_drops(f.node, &drop_icmp_ignored), 2);
    rig_fini(&f.rig);
}
END_TEST

START_TEST(damaged_messages)
{
    struct fixture f;
    struct ip_counters c;

    fixture_init(&f);
    for (unsigned bit = 0; bit < 64; bit++) {
        struct packet *frame = echo(&f, IP4(10, 0, 0, 1), 8);
        frame->buf[frame->head + 34 + bit / 8] ^= (uint8_t)(1 << bit % 8);
        frame->flags = PACKET_UNTRUSTED;
        ip_iface_input(&f.in->ip, frame);
    }
    ck_assert_uint_eq(f.in->n_kept, 0);
    rig_counters(f.node, &c);
    ck_assert_uint_eq(c.IcmpInCsumErrors, 64);
    ck_assert_uint_eq(c.IcmpInErrors, 64);
    /* Every message too short for a header. */
    for (uint32_t n = 0; n < 8; n++) {
        struct ipv4 h = { .src = IP4(10, 0, 0, 9),
                          .dst = IP4(10, 0, 0, 1),
                          .proto = IP_PROTO_ICMP };
        input(&f, h, n);
    }
    ck_assert_uint_eq(rig_drops(f.node, &drop_icmp_malformed), 8);
    rig_fini(&f.rig);
}
END_TEST

/* ---- Errors that arrive ---- */

/* A transport that notes errors. */
struct listener {
    struct ip_l4 l4;
    unsigned n;
    uint8_t type, code;
    uint32_t info, quote_len;
    uint8_t quote[64];
    struct ip_rx rx;
};

static bool note_error(struct ip_l4 *l4, uint8_t type, uint8_t code, uint32_t info,
                       const uint8_t *quote, uint32_t quote_len, const struct ip_rx *rx)
{
    struct listener *l = container_of(l4, struct listener, l4);

    l->n++;
    l->type = type;
    l->code = code;
    l->info = info;
    l->quote_len = quote_len;
    memcpy(l->quote, quote, MIN(quote_len, sizeof l->quote));
    l->rx = *rx;
    return true;
}

/* The error about a datagram of ours to 20.0.0.1 comes from 10.0.0.9, quoting `quoted` bytes of its
 * data. */
static void error_in(struct fixture *f, uint8_t type, uint8_t code, uint32_t rest, ip4 src,
                     uint32_t quoted)
{
    struct packet *packet = packet_new(f->rig.sim);
    struct ipv4 inner = { .header_len = 20,
                          .length = 1000,
                          .ttl = 3,
                          .tos = 8,
                          .proto = 200,
                          .src = src,
                          .dst = IP4(20, 0, 0, 1) };
    struct ipv4 h = { .header_len = 20,
                      .length = (uint16_t)(48 + quoted),
                      .ttl = 64,
                      .proto = IP_PROTO_ICMP,
                      .src = IP4(10, 0, 0, 9),
                      .dst = IP4(10, 0, 0, 1) };
    struct eth eth = { f->in->ip.mac, rig_mac(7, 7), ETH_TYPE_IPV4 };

    if (quoted)
        packet_set_payload(packet, blob_ref(&blob_pattern), 0, quoted);
    ipv4_emit(packet_push(packet, 20), &inner);
    ipv4_finish(packet_data(packet));
    icmp_push_header(packet, type, code, rest);
    ipv4_emit(packet_push(packet, 20), &h);
    ipv4_finish(packet_data(packet));
    eth_emit(packet_push(packet, 14), &eth);
    ip_iface_input(&f->in->ip, packet);
}

START_TEST(protocols_are_told)
{
    struct fixture f;
    struct listener l = { .l4 = { .error = note_error } };

    fixture_init(&f);
    ip_register(&f.node->ip, 200, &l.l4);
    error_in(&f, ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, 0, IP4(10, 0, 0, 1), 8);
    ck_assert_uint_eq(l.n, 1);
    ck_assert_uint_eq(l.type, ICMP_DEST_UNREACH);
    ck_assert_uint_eq(l.code, ICMP_HOST_UNREACH);
    ck_assert_uint_eq(ip_addr_v4(&l.rx.src), IP4(10, 0, 0, 1));
    ck_assert_uint_eq(ip_addr_v4(&l.rx.dst), IP4(20, 0, 0, 1));
    ck_assert_uint_eq(ip_addr_v4(&l.rx.reporter), IP4(10, 0, 0, 9));
    ck_assert_uint_eq(l.rx.proto, 200);
    ck_assert_uint_eq(l.quote_len, 8);
    ck_assert_mem_eq(l.quote, blob_span(&blob_pattern, 0, 8), 8);
    error_in(&f, ICMP_PARAMETER_PROBLEM, 0, 20u << 24, IP4(10, 0, 0, 1), 40);
    ck_assert_uint_eq(l.info, 20);
    ck_assert_uint_eq(l.quote_len, 40);
    error_in(&f, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, 1400, IP4(10, 0, 0, 1), 8);
    ck_assert_uint_eq(l.info, 1400);
    ck_assert_uint_eq(l.n, 3);
    rig_fini(&f.rig);
}
END_TEST

/* RFC 792: an error quotes the header and 8 bytes; less, or what is not about us, is malformed. */
START_TEST(bad_quotes)
{
    struct fixture f;
    struct listener l = { .l4 = { .error = note_error } };
    struct ip_counters c;

    fixture_init(&f);
    ip_register(&f.node->ip, 200, &l.l4);
    for (uint32_t n = 0; n < 8; n++)
        error_in(&f, ICMP_TIME_EXCEEDED, 0, 0, IP4(10, 0, 0, 1), n);
    error_in(&f, ICMP_TIME_EXCEEDED, 0, 0, IP4(10, 0, 0, 77), 8);
    error_in(&f, ICMP_DEST_UNREACH, 16, 0, IP4(10, 0, 0, 1), 8);
    ck_assert_uint_eq(l.n, 0);
    rig_counters(f.node, &c);
    ck_assert_uint_eq(c.IcmpInErrors, 10);
    ck_assert_uint_eq(c.IcmpInMsgs, 10);
    rig_fini(&f.rig);
}
END_TEST

/* RFC 1122 4.2.3.9 and Linux's icmp_err_convert. */
START_TEST(errnos)
{
    static const struct {
        uint8_t type, code;
        int error;
        bool fatal;
    } cases[] = { { 3, 0, ENETUNREACH, false },
                  { 3, 1, EHOSTUNREACH, false },
                  { 3, 2, ENOPROTOOPT, true },
                  { 3, 3, ECONNREFUSED, true },
                  { 3, 4, EMSGSIZE, false },
                  { 3, 5, EOPNOTSUPP, false },
                  { 3, 13, EHOSTUNREACH, true },
                  { 11, 0, EHOSTUNREACH, false },
                  { 12, 0, EPROTO, true },
                  { 4, 0, 0, false },
                  { 5, 1, 0, false },
                  { 3, 16, 0, false } };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool fatal;
        ck_assert_int_eq(icmp_errno(cases[i].type, cases[i].code, &fatal), cases[i].error);
        ck_assert_int_eq(fatal, cases[i].fatal);
    }
}
END_TEST

/* ---- Pings ---- */

START_TEST(pings_and_errors)
{
    struct rig rig;
    struct pinger p, q;

    rig_init(&rig, 1);
    struct rig_node *a = rig_node(&rig), *r = rig_node(&rig);
    r->ip.forwarding = true;
    rig_wire(rig_iface(&rig, a, IP4(10, 0, 0, 1), 24), rig_iface(&rig, r, IP4(10, 0, 0, 2), 24),
             SIM_MS);
    rig_iface(&rig, r, IP4(10, 0, 1, 1), 24);
    rig_route(a, 0, 0, IP4(10, 0, 0, 2));
    pinger_open(&p, a);
    pinger_open(&q, a);
    ck_assert_uint_ne(p.ping.id, q.ping.id);
    pinger_send(&p, IP4(99, 0, 0, 1), 5, 56, (struct ip_tx){ 0 });
    pinger_send(&q, IP4(10, 0, 1, 9), 6, 56, (struct ip_tx){ .ttl = 1 });
    sim_run(rig.sim, SIM_S);
    ck_assert_uint_eq(p.errors, 1);
    ck_assert_uint_eq(p.type, ICMP_DEST_UNREACH);
    ck_assert_uint_eq(p.code, ICMP_NET_UNREACH);
    ck_assert_uint_eq(p.seq, 5);
    ck_assert_uint_eq(p.from, IP4(10, 0, 0, 2));
    ck_assert_uint_eq(q.errors, 1);
    ck_assert_uint_eq(q.type, ICMP_TIME_EXCEEDED);
    ck_assert_uint_eq(q.seq, 6);
    /* A reply to a ping that ended is ignored. */
    pinger_send(&p, IP4(10, 0, 0, 2), 7, 56, (struct ip_tx){ 0 });
    ping_close(&a->ip, &p.ping);
    ping_close(&a->ip, &p.ping);
    sim_run(rig.sim, 2 * SIM_S);
    ck_assert_uint_eq(p.replies, 0);
    ck_assert_uint_eq(rig_drops(a, &drop_icmp_ignored), 1);
    ping_close(&a->ip, &q.ping);
    rig_fini(&rig);
}
END_TEST

/* ---- Redirects that arrive (RFC 1122 3.2.2.2) ---- */

/* A host 10.0.0.1 with the gateway 10.0.0.9; a redirect to 10.0.0.8 about 20.0.0.1. */
static ip4 next_hop(struct fixture *f, ip4 dst)
{
    const struct ip_dst *entry = ip_dst_get(&f->node->ip, dst);
    return entry->kind == IP_KIND_UNICAST ? entry->neigh->addr : 0;
}

static void host_init(struct fixture *f)
{
    fixture_init(f);
    f->node->ip.forwarding = false;
    rig_route(f->node, 0, 0, IP4(10, 0, 0, 9));
}

static void redirect(struct fixture *f, ip4 gateway)
{
    error_in(f, ICMP_REDIRECT, ICMP_REDIRECT_HOST, gateway, IP4(10, 0, 0, 1), 8);
}

START_TEST(redirects_are_honoured)
{
    struct fixture f;
    struct ip_counters c;

    host_init(&f);
    ck_assert_uint_eq(next_hop(&f, IP4(20, 0, 0, 1)), IP4(10, 0, 0, 9));
    redirect(&f, IP4(10, 0, 0, 8));
    ck_assert_uint_eq(next_hop(&f, IP4(20, 0, 0, 1)), IP4(10, 0, 0, 8));
    ck_assert_uint_eq(next_hop(&f, IP4(20, 0, 0, 2)), IP4(10, 0, 0, 9)); /* only this host */
    rig_counters(f.node, &c);
    ck_assert_uint_eq(c.IcmpInRedirects, 1);
    ck_assert_uint_eq(c.IcmpInErrors, 0);
    redirect(&f, IP4(10, 0, 0, 7)); /* 10.0.0.9 is not in use any more: RFC 1122 3.2.2.2 */
    ck_assert_uint_eq(next_hop(&f, IP4(20, 0, 0, 1)), IP4(10, 0, 0, 8));
    sim_run(f.rig.sim, 300 * SIM_S - 1);
    ck_assert_uint_eq(next_hop(&f, IP4(20, 0, 0, 1)), IP4(10, 0, 0, 8));
    sim_run(f.rig.sim, 300 * SIM_S);
    ck_assert_uint_eq(next_hop(&f, IP4(20, 0, 0, 1)), IP4(10, 0, 0, 9));
    rig_fini(&f.rig);
}
END_TEST

START_TEST(redirects_that_are_not)
{
    static const ip4 bad[] = { IP4(10, 0, 0, 1),  IP4(10, 0, 0, 255), IP4(224, 0, 0, 1), 0,
                               IP4(127, 0, 0, 1), IP4(10, 0, 0, 9) };
    struct fixture f;

    host_init(&f);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        redirect(&f, bad[i]);
        ck_assert_uint_eq(next_hop(&f, IP4(20, 0, 0, 1)), IP4(10, 0, 0, 9));
    }
    ck_assert(ip_sysctl_set(&f.node->ip, "net.ipv4.conf.all.shared_media", "0", NULL));
    redirect(&f, IP4(10, 0, 0, 8)); /* secure_redirects: no default gateway */
    ck_assert_uint_eq(next_hop(&f, IP4(20, 0, 0, 1)), IP4(10, 0, 0, 9));
    ck_assert(ip_sysctl_set(&f.node->ip, "net.ipv4.conf.all.secure_redirects", "0", NULL));
    redirect(&f, IP4(10, 9, 9, 9)); /* on no link */
    ck_assert_uint_eq(next_hop(&f, IP4(20, 0, 0, 1)), IP4(10, 0, 0, 9));
    f.node->ip.forwarding = true; /* routers do not listen to them: RFC 1812 5.2.7.2 */
    redirect(&f, IP4(10, 0, 0, 8));
    ck_assert_uint_eq(next_hop(&f, IP4(20, 0, 0, 1)), IP4(10, 0, 0, 9));
    f.node->ip.forwarding = false;
    ck_assert(ip_sysctl_set(&f.node->ip, "net.ipv4.conf.all.accept_redirects", "0", NULL));
    redirect(&f, IP4(10, 0, 0, 8));
    ck_assert_uint_eq(next_hop(&f, IP4(20, 0, 0, 1)), IP4(10, 0, 0, 9));
    ck_assert(ip_sysctl_set(&f.node->ip, "net.ipv4.conf.all.accept_redirects", "1", NULL));
    redirect(&f, IP4(10, 0, 0, 8));
    ck_assert_uint_eq(next_hop(&f, IP4(20, 0, 0, 1)), IP4(10, 0, 0, 8));
    rig_fini(&f.rig);
}
END_TEST

/* ---- Path MTU (RFC 1191) ---- */

static uint32_t mtu_to(struct fixture *f, ip4 dst)
{
    struct ip_addr to = ip_addr_of_v4(dst), src;
    uint32_t mtu = 0;

    ck_assert(ip_route_query(&f->node->ip, &to, &src, &mtu));
    return mtu;
}

static void too_big(struct fixture *f, uint32_t mtu)
{
    error_in(f, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, mtu, IP4(10, 0, 0, 1), 8);
}

START_TEST(path_mtu_is_learnt_and_forgotten)
{
    struct fixture f;

    host_init(&f);
    too_big(&f, 1400);
    ck_assert_uint_eq(mtu_to(&f, IP4(20, 0, 0, 1)), 1400);
    ck_assert_uint_eq(mtu_to(&f, IP4(20, 0, 0, 2)), 1500);
    too_big(&f, 1450); /* never raised by a message: RFC 1191 section 4 */
    ck_assert_uint_eq(mtu_to(&f, IP4(20, 0, 0, 1)), 1400);
    sim_run(f.rig.sim, 100 * SIM_S);
    too_big(&f, 1300);
    ck_assert_uint_eq(mtu_to(&f, IP4(20, 0, 0, 1)), 1300);
    sim_run(f.rig.sim, 700 * SIM_S - 1); /* mtu_expires is 600 s */
    ck_assert_uint_eq(mtu_to(&f, IP4(20, 0, 0, 1)), 1300);
    sim_run(f.rig.sim, 700 * SIM_S);
    ck_assert_uint_eq(mtu_to(&f, IP4(20, 0, 0, 1)), 1500);
    rig_fini(&f.rig);
}
END_TEST

/* net.ipv4.route.min_pmtu 552; routers older than RFC 1191 send 0. */
START_TEST(path_mtu_has_a_floor)
{
    struct fixture f;

    host_init(&f);
    too_big(&f, 0);
    ck_assert_uint_eq(mtu_to(&f, IP4(20, 0, 0, 1)), 552);
    rig_fini(&f.rig);
    host_init(&f);
    too_big(&f, 68);
    ck_assert_uint_eq(mtu_to(&f, IP4(20, 0, 0, 1)), 552);
    ck_assert(ip_sysctl_set(&f.node->ip, "net.ipv4.route.min_pmtu", "68", NULL));
    too_big(&f, 70);
    ck_assert_uint_eq(mtu_to(&f, IP4(20, 0, 0, 1)), 70);
    rig_fini(&f.rig);
    host_init(&f);
    ck_assert(ip_sysctl_set(&f.node->ip, "net.ipv4.ip_no_pmtu_disc", "2", NULL));
    too_big(&f, 1000);
    ck_assert_uint_eq(mtu_to(&f, IP4(20, 0, 0, 1)), 1500);
    ck_assert(ip_sysctl_set(&f.node->ip, "net.ipv4.ip_no_pmtu_disc", "1", NULL));
    too_big(&f, 1000); /* Linux's ip-sysctl.rst: the smallest of the old MTU and min_pmtu */
    ck_assert_uint_eq(mtu_to(&f, IP4(20, 0, 0, 1)), 552);
    rig_fini(&f.rig);
}
END_TEST

/* A router that wants less than min_pmtu gets datagrams that it may cut, from streams and from
 * datagram sockets by default; a Linux 6.18 host shows the route as "mtu lock 552". */
START_TEST(below_the_floor_routers_may_cut)
{
    static const struct {
        uint32_t said;
        uint8_t df;
        uint16_t wanted;
    } cases[] = {
        { 1000, IP_DF_PATH, IPV4_DF }, { 1000, IP_DF_WANT, IPV4_DF }, { 552, IP_DF_PATH, IPV4_DF },
        { 551, IP_DF_PATH, 0 },        { 100, IP_DF_WANT, 0 },        { 100, IP_DF_SET, IPV4_DF },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct ip_tx tx = { .dst = ip_addr_of_v4(IP4(20, 0, 0, 1)),
                            .proto = 200,
                            .df = cases[i].df };
        struct fixture f;
        host_init(&f);
        too_big(&f, cases[i].said);
        struct packet *packet = packet_new(f.rig.sim);
        packet_set_payload(packet, blob_ref(&blob_pattern), 0, 500);
        ck_assert_int_eq(ip_send(&f.node->ip, packet, &tx, NULL), 0);
        ck_assert_uint_eq(rig_ipv4(f.in, 0).frag, cases[i].wanted);
        rig_fini(&f.rig);
    }
}
END_TEST

/* What leaves obeys it: with DF an error, without DF fragments. */
START_TEST(path_mtu_is_obeyed)
{
    struct fixture f;
    struct ip_tx tx = { .dst = ip_addr_of_v4(IP4(20, 0, 0, 1)), .proto = 200, .df = IP_DF_SET };
    struct ip_route_cache cache = { 0 };

    host_init(&f);
    for (int round = 0; round < 2; round++) {
        struct packet *packet = packet_new(f.rig.sim);
        packet_set_payload(packet, blob_ref(&blob_pattern), 0, 1480);
        ck_assert_int_eq(ip_send(&f.node->ip, packet, &tx, &cache), round ? EMSGSIZE : 0);
        too_big(&f, 1000);
    }
    ck_assert_uint_eq(f.in->n_kept, 1);
    tx.df = IP_DF_WANT;
    struct packet *packet = packet_new(f.rig.sim);
    packet_set_payload(packet, blob_ref(&blob_pattern), 0, 1480);
    ck_assert_int_eq(ip_send(&f.node->ip, packet, &tx, &cache), 0);
    ck_assert_uint_eq(f.in->n_kept, 3);
    ck_assert_uint_eq(rig_ipv4(f.in, 1).length, 996);
    ck_assert_uint_eq(rig_ipv4(f.in, 1).frag, IPV4_MF);
    rig_fini(&f.rig);
}
END_TEST

/* Many destinations: each has its own, all run out in their time. */
START_TEST(many_exceptions)
{
    struct fixture f;

    host_init(&f);
    for (unsigned i = 0; i < 1000; i++) {
        sim_run(f.rig.sim, i * SIM_S / 10);
        except_learn_mtu(&f.node->ip, IP4(20, 0, 0, 0) + i * 7919 % 1000, 600 + i % 800);
    }
    for (unsigned i = 0; i < 1000; i++)
        ck_assert_uint_eq(mtu_to(&f, IP4(20, 0, 0, 0) + i * 7919 % 1000), 600 + i % 800);
    sim_run(f.rig.sim, 650 * SIM_S);
    for (unsigned i = 0; i < 1000; i++)
        ck_assert_uint_eq(mtu_to(&f, IP4(20, 0, 0, 0) + i * 7919 % 1000),
                          i <= 500 ? 1500 : 600 + i % 800);
    ck_assert_uint_eq(f.node->ip.state->least_pmtu, 600);
    sim_run(f.rig.sim, 800 * SIM_S);
    ck_assert_uint_eq(f.node->ip.state->least_pmtu, UINT32_MAX);
    rig_fini(&f.rig);
}
END_TEST

SUITE("protocols/icmp", quotes_up_to_576_bytes, quotes_finished_checksums, quotes_options,
      never_about_errors, never_about_later_fragments, never_about_groups, limit_of_a_destination,
      limit_of_all, frag_needed_is_not_limited, source_of_errors, echo_is_answered, echo_to_groups,
      damaged_messages, protocols_are_told, bad_quotes, errnos, pings_and_errors,
      redirects_are_honoured, redirects_that_are_not, path_mtu_is_learnt_and_forgotten,
      path_mtu_has_a_floor, below_the_floor_routers_may_cut, path_mtu_is_obeyed, many_exceptions)
