/* Why datagrams are dropped: each row is one packet to a router, the reason that its user sees, and
 * all counters that change.
 *
 * The counters are those that nstat(8) showed on Linux 6.18 for the same packet from a TUN device
 * (which is why there is none for a frame); IpInReceives, which counts every one, is left out. */
#include "protocols/udp/udp.h"
#include "tests/support/iprig.h"
#include "tests/support/suite.h"

enum { OPEN_PORT = 53, CLOSED_PORT = 99, UNKNOWN_PROTO = 200 };

struct row {
    const char *reason, *counters;
    struct ipv4 h;
    uint8_t options[8]; /* so many as h.header_len says */
    uint8_t data[16];   /* and then zeros */
    uint32_t length;    /* of all the data */
    bool damaged;       /* a bit of the IPv4 header's checksum */
    bool cut;           /* the header tells of more than there is */
    bool checked;       /* nobody vouches for the checksums */
};

#define FROM(last) .src = IP4(10, 0, 0, last)
#define HERE       FROM(9), .dst = IP4(10, 0, 0, 1)

static const struct row rows[] = {
    /* ---- IPv4 ---- */
    { "ip_checksum", "IpInHdrErrors IpExtInCsumErrors", .h = { HERE, .proto = UNKNOWN_PROTO },
      .length = 8, .damaged = true, .checked = true },
    { "ip_truncated", "IpExtInTruncatedPkts", .h = { HERE, .proto = UNKNOWN_PROTO }, .length = 8,
      .cut = true },
    { "ip_malformed", "IpInHdrErrors IpOutRequests IpOutTransmits IcmpOutMsgs IcmpOutParmProbs",
      .h = { HERE, .proto = UNKNOWN_PROTO, .header_len = 24 }, .length = 8,
      .options = { 0x83, 2, 4 } }, /* a source route of two bytes */
    { "ip_source_route", "", .h = { HERE, .proto = UNKNOWN_PROTO, .header_len = 28 }, .length = 8,
      .options = { 0x83, 7, 4, 10, 0, 0, 7 } },
    { "martian_source", "",
      .h = { .src = IP4(127, 0, 0, 5), .dst = IP4(10, 0, 0, 1), .proto = UNKNOWN_PROTO },
      .length = 8 },
    { "martian_source", "",
      .h = { .src = 0xffffffff, .dst = IP4(10, 0, 0, 1), .proto = UNKNOWN_PROTO }, .length = 8 },
    { "martian_destination", "", .h = { FROM(9), .dst = 0, .proto = UNKNOWN_PROTO }, .length = 8 },
    { "martian_destination", "", .h = { FROM(9), .dst = IP4(127, 0, 0, 1), .proto = UNKNOWN_PROTO },
      .length = 8 },
    { "no_protocol",
      "IpInUnknownProtos IpOutRequests IpOutTransmits IcmpOutMsgs IcmpOutDestUnreachs",
      .h = { HERE, .proto = UNKNOWN_PROTO }, .length = 8 },
    { "not_joined", "", .h = { FROM(9), .dst = IP4(224, 1, 2, 3), .proto = UNKNOWN_PROTO },
      .length = 8 },
    /* ---- Forwarding ---- */
    { "ttl_expired", "IpInHdrErrors IpOutRequests IpOutTransmits IcmpOutMsgs IcmpOutTimeExcds",
      .h = { FROM(9), .dst = IP4(10, 0, 1, 9), .proto = UNKNOWN_PROTO, .ttl = 1 }, .length = 8 },
    { "mtu_exceeded",
      "IpForwDatagrams IpOutRequests IpFragFails IpOutTransmits IcmpOutMsgs IcmpOutDestUnreachs",
      .h = { FROM(9), .dst = IP4(10, 0, 1, 9), .proto = UNKNOWN_PROTO, .frag = IPV4_DF },
      .length = 1200 },
    { "no_route", "IpOutRequests IpOutTransmits IpExtInNoRoutes IcmpOutMsgs IcmpOutDestUnreachs",
      .h = { FROM(9), .dst = IP4(9, 9, 9, 9), .proto = UNKNOWN_PROTO }, .length = 8 },
    { "blackhole", "", .h = { FROM(9), .dst = IP4(10, 2, 0, 1), .proto = UNKNOWN_PROTO },
      .length = 8 },
    { "unreachable", "IpOutRequests IpOutTransmits IcmpOutMsgs IcmpOutDestUnreachs",
      .h = { FROM(9), .dst = IP4(10, 3, 0, 1), .proto = UNKNOWN_PROTO }, .length = 8 },
    { "prohibited", "IpOutRequests IpOutTransmits IcmpOutMsgs IcmpOutDestUnreachs",
      .h = { FROM(9), .dst = IP4(10, 4, 0, 1), .proto = UNKNOWN_PROTO }, .length = 8 },
    /* ---- ICMP ---- */
    { "icmp_checksum", "IpInDelivers IcmpInMsgs IcmpInErrors IcmpInCsumErrors",
      .h = { HERE, .proto = IP_PROTO_ICMP }, .data = { ICMP_ECHO, 0, 0x55, 0x55 }, .length = 8,
      .checked = true },
    { "icmp_malformed", "IpInDelivers IcmpInMsgs IcmpInErrors",
      .h = { HERE, .proto = IP_PROTO_ICMP }, .data = { ICMP_ECHO }, .length = 4 },
    { "icmp_malformed", "IpInDelivers IcmpInMsgs IcmpInErrors IcmpInDestUnreachs",
      .h = { HERE, .proto = IP_PROTO_ICMP }, .data = { ICMP_DEST_UNREACH, ICMP_PORT_UNREACH },
      .length = 8 }, /* without a quotation */
    { "icmp_ignored", "IpInDelivers IcmpInMsgs", .h = { HERE, .proto = IP_PROTO_ICMP },
      .data = { 42 }, .length = 8 },
    { "icmp_ignored", "IpInDelivers IcmpInMsgs IcmpInEchoReps",
      .h = { HERE, .proto = IP_PROTO_ICMP }, .data = { ICMP_ECHO_REPLY }, .length = 8 },
    /* ---- UDP ---- */
    { "udp_checksum", "IpInDelivers UdpInErrors UdpInCsumErrors",
      .h = { HERE, .proto = IP_PROTO_UDP }, .data = { 3, 232, 0, OPEN_PORT, 0, 16, 0x11, 0x11 },
      .length = 16, .checked = true },
    { "udp_no_port",
      "IpInDelivers IpOutRequests IpOutTransmits IcmpOutMsgs IcmpOutDestUnreachs UdpNoPorts",
      .h = { HERE, .proto = IP_PROTO_UDP }, .data = { 3, 232, 0, CLOSED_PORT, 0, 16 },
      .length = 16 },
    { "udp_malformed", "IpInDelivers UdpInErrors", .h = { HERE, .proto = IP_PROTO_UDP },
      .data = { 3, 232, 0, OPEN_PORT, 0, 100 }, .length = 16 },
    { "udp_malformed", "IpInDelivers UdpInErrors", .h = { HERE, .proto = IP_PROTO_UDP },
      .data = { 3, 232, 0 }, .length = 3 },
};

/* A router, 10.0.0.1/24 and 10.0.1.1/24 with an MTU of 1000, routes that refuse, and a socket. */
struct fixture {
    struct rig rig;
    struct rig_node *node;
    struct rig_iface *in;
    struct udp_stack udp;
    struct udp_socket socket;
};

static void refusing_route(struct rig_node *node, ip4 prefix, uint8_t type)
{
    struct ip_route_spec spec = { .prefix = prefix, .length = 16, .type = type };
    ck_assert_int_eq(ip_route_add(&node->ip, &spec), 0);
}

static void fixture_init(struct fixture *f)
{
    struct eth_addr mac = rig_mac(7, 7);

    rig_init(&f->rig, 1);
    f->node = rig_node(&f->rig);
    f->node->ip.forwarding = true;
    f->in = rig_iface(&f->rig, f->node, IP4(10, 0, 0, 1), 24);
    struct rig_iface *out = rig_iface(&f->rig, f->node, IP4(10, 0, 1, 1), 24);
    ip_iface_set_mtu(&out->ip, 1000);
    neigh_set_permanent(&f->in->ip, IP4(10, 0, 0, 9), &mac);
    neigh_set_permanent(&out->ip, IP4(10, 0, 1, 9), &mac);
    refusing_route(f->node, IP4(10, 2, 0, 0), IP_ROUTE_BLACKHOLE);
    refusing_route(f->node, IP4(10, 3, 0, 0), IP_ROUTE_UNREACHABLE);
    refusing_route(f->node, IP4(10, 4, 0, 0), IP_ROUTE_PROHIBIT);
    udp_stack_init(&f->udp, &f->node->ip, f->node->name);
    ip_register(&f->node->ip, IP_PROTO_UDP, &f->udp.l4);
    udp_socket_init(&f->socket, NULL, NULL);
    ck_assert_int_eq(udp_bind(&f->udp, &f->socket, NULL, OPEN_PORT), 0);
}

static void fixture_fini(struct fixture *f)
{
    udp_stack_fini(&f->udp);
    rig_fini(&f->rig);
}

static struct packet *packet_of(struct fixture *f, const struct row *row)
{
    struct packet *frame = rig_datagram(f->in, &row->h, 0, row->length);
    uint8_t *ip = packet_data(frame) + ETH_LEN, bytes[1500] = { 0 };

    memcpy(bytes, row->data, sizeof row->data);
    blob_unref(frame->blob);
    frame->blob = NULL;
    frame->payload_len = 0;
    packet_set_payload(frame, blob_copy(bytes, row->length), 0, row->length);
    if (row->h.header_len)
        memcpy(ip + IPV4_LEN, row->options, row->h.header_len - (unsigned)IPV4_LEN);
    if (row->cut)
        ip[3] = 100;
    ipv4_finish(ip);
    ip[11] ^= row->damaged;
    frame->flags = row->checked ? PACKET_UNTRUSTED : 0;
    return frame;
}

static void names_of_counted(GString *out, const char *const *names, const void *counters)
{
    const uint64_t *count = counters;

    for (; *names; names++, count++)
        if (*count && strcmp(*names, "IpInReceives") != 0) {
            ck_assert_uint_eq(*count, 1);
            g_string_append_printf(out, "%s%s", out->len ? " " : "", *names);
        }
}

static void check_row(const struct row *row)
{
    struct fixture f;
    struct ip_counters ip;
    unsigned n;

    fixture_init(&f);
    ip_iface_input(&f.in->ip, packet_of(&f, row));
    const struct drop_count *dropped = drops_counts(&f.node->drops, &n);
    ck_assert_uint_eq(n, 1);
    ck_assert_str_eq(dropped->reason->name, row->reason);
    ck_assert_uint_eq(dropped->packets, 1);
    GString *counted = g_string_new(NULL);
    rig_counters(f.node, &ip);
    ck_assert_uint_eq(ip.IpInReceives, 1);
    names_of_counted(counted, ip_counter_names, &ip);
    names_of_counted(counted, udp_counter_names, &f.udp.counters);
    ck_assert_str_eq(counted->str, row->counters);
    g_string_free(counted, TRUE);
    fixture_fini(&f);
}

START_TEST(each_has_its_reason)
{
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++)
        check_row(&rows[i]);
}
END_TEST

SUITE("protocols/drop_reasons", each_has_its_reason)
