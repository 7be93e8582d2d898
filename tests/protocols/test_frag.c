/* Fragmentation (RFC 791 3.2). */
#include "tests/support/iprig.h"
#include "tests/support/suite.h"

struct fixture {
    struct rig rig;
    struct rig_node *node;
    struct rig_iface *out;
};

static void fixture_init(struct fixture *f, uint32_t mtu)
{
    struct eth_addr mac = rig_mac(7, 7);

    rig_init(&f->rig, 1);
    f->node = rig_node(&f->rig);
    f->out = rig_iface(&f->rig, f->node, IP4(10, 0, 0, 1), 24);
    ip_iface_set_mtu(&f->out->ip, mtu);
    neigh_set_permanent(&f->out->ip, IP4(10, 0, 0, 9), &mac);
}

/* Sends `size` bytes of the pattern, of which the first `inside` are in the header part. */
static void send_data(struct fixture *f, uint32_t size, uint32_t inside)
{
    struct packet *packet = packet_new(f->rig.sim);
    struct ip_tx tx = { .dst = ip_addr_of_v4(IP4(10, 0, 0, 9)), .proto = 200 };

    if (size > inside)
        packet_set_payload(packet, blob_ref(&blob_pattern), inside, size - inside);
    memcpy(packet_push(packet, inside), blob_span(&blob_pattern, 0, inside), inside);
    ck_assert_int_eq(ip_send(&f->node->ip, packet, &tx, NULL), 0);
}

/* The kept fragments carry `size` bytes of the pattern in order, and all headers are right. */
static void check_pieces(struct fixture *f, uint32_t size, uint32_t mtu)
{
    uint32_t at = 0;
    uint8_t bytes[2000];

    for (unsigned i = 0; i < f->out->n_kept; i++) {
        struct ipv4 h = rig_ipv4(f->out, i);
        uint32_t n = (uint32_t)h.length - h.header_len;
        bool last = i == f->out->n_kept - 1;
        ck_assert_uint_le(h.length, mtu);
        ck_assert_uint_eq((h.frag & IPV4_OFFSET) * 8u, at);
        ck_assert_int_eq((h.frag & IPV4_MF) != 0, !last);
        ck_assert_uint_eq(h.id, rig_ipv4(f->out, 0).id);
        if (!last)
            ck_assert_uint_eq(n, (mtu - 20) / 8 * 8);
        packet_read(f->out->kept[i], ETH_LEN + h.header_len, bytes, n);
        ck_assert_mem_eq(bytes, blob_span(&blob_pattern, at, n), n);
        at += n;
    }
    ck_assert_uint_eq(at, size);
}

/* The lab's example: 5,140 bytes over an MTU of 1500. */
START_TEST(the_textbook_datagram)
{
    static const uint16_t length[] = { 1500, 1500, 1500, 700 };
    static const uint16_t offset[] = { 0, 185, 370, 555 };
    struct fixture f;
    struct ip_counters c;

    fixture_init(&f, 1500);
    send_data(&f, 5140 - 20, 0);
    ck_assert_uint_eq(f.out->n_kept, 4);
    for (unsigned i = 0; i < 4; i++) {
        ck_assert_uint_eq(rig_ipv4(f.out, i).length, length[i]);
        ck_assert_uint_eq(rig_ipv4(f.out, i).frag, offset[i] | (i < 3 ? IPV4_MF : 0));
    }
    rig_counters(f.node, &c);
    ck_assert_uint_eq(c.IpFragOKs, 1);
    ck_assert_uint_eq(c.IpFragCreates, 4);
    ck_assert_uint_eq(c.IpOutRequests, 1);
    ck_assert_uint_eq(c.IpOutTransmits, 4);
    check_pieces(&f, 5120, 1500);
    rig_fini(&f.rig);
}
END_TEST

START_TEST(all_sizes_and_splits)
{
    static const uint32_t mtus[] = { 68, 576, 1006, 1499 };
    struct fixture f;

    for (size_t m = 0; m < 4; m++) {
        fixture_init(&f, mtus[m]);
        for (uint32_t size = 1; size < 3000; size += size < 200 ? 1 : 97)
            for (uint32_t inside = 0; inside <= 60 && inside <= size; inside += 20) {
                send_data(&f, size, inside);
                check_pieces(&f, size, mtus[m]);
                if (size <= mtus[m] - 20)
                    ck_assert_uint_eq(f.out->n_kept, 1);
                rig_clear(f.out);
            }
        rig_fini(&f.rig);
    }
}
END_TEST

/* No payload is copied: all pieces refer to the pattern. */
START_TEST(pieces_are_slices)
{
    struct fixture f;

    fixture_init(&f, 1500);
    send_data(&f, 60000, 8);
    for (unsigned i = 0; i < f.out->n_kept; i++)
        ck_assert_ptr_eq(f.out->kept[i]->blob, &blob_pattern);
    ck_assert_uint_eq(f.out->n_kept, 41);
    rig_fini(&f.rig);
}
END_TEST

/* Checksums of the transport are finished before the datagram is cut. */
START_TEST(pending_checksum_is_finished)
{
    struct fixture f;
    struct packet *packet;
    struct ip_tx tx = { .dst = ip_addr_of_v4(IP4(10, 0, 0, 9)), .proto = IP_PROTO_UDP };
    struct udphdr h = { 1, 2, 3008, 0 };
    uint8_t bytes[8];

    fixture_init(&f, 1500);
    packet = packet_new(f.rig.sim);
    packet_set_payload(packet, blob_ref(&blob_pattern), 0, 3000);
    udphdr_emit(packet_push(packet, 8), &h);
    packet->flags = PACKET_CSUM_PENDING;
    ip_send(&f.node->ip, packet, &tx, NULL);
    ck_assert_uint_eq(f.out->n_kept, 3);
    uint64_t sum = checksum_pseudo(IP4(10, 0, 0, 1), IP4(10, 0, 0, 9), IP_PROTO_UDP, 3008);
    for (unsigned i = 0; i < 3; i++) {
        ck_assert_uint_eq(f.out->kept[i]->flags & PACKET_CSUM_PENDING, 0);
        sum += checksum_packet(f.out->kept[i], 34, packet_len(f.out->kept[i]) - 34);
    }
    ck_assert_uint_eq(checksum_fold(sum), 0xffff);
    packet_read(f.out->kept[0], 34, bytes, 8);
    ck_assert(bytes[6] || bytes[7]);
    rig_fini(&f.rig);
}
END_TEST

/* A fragment that is cut again keeps its place, and "more" if it had it. */
START_TEST(fragments_of_fragments)
{
    struct fixture f;
    struct eth_addr mac = rig_mac(7, 7);

    fixture_init(&f, 1500);
    f.node->ip.forwarding = true;
    struct rig_iface *in = rig_iface(&f.rig, f.node, IP4(10, 0, 1, 1), 24);
    neigh_set_permanent(&f.out->ip, IP4(10, 0, 0, 9), &mac);
    ip_iface_set_mtu(&f.out->ip, 576);
    for (int more = 0; more < 2; more++) {
        struct ipv4 h = { .src = IP4(10, 0, 1, 9),
                          .dst = IP4(10, 0, 0, 9),
                          .proto = 200,
                          .id = 77,
                          .frag = (uint16_t)(185 | (more ? IPV4_MF : 0)) };
        ip_iface_input(&in->ip, rig_datagram(in, &h, 1480, 1000));
        ck_assert_uint_eq(f.out->n_kept, 2);
        /* 556 bytes are 69 units: 552. */
        ck_assert_uint_eq(rig_ipv4(f.out, 0).frag, IPV4_MF | 185);
        ck_assert_uint_eq(rig_ipv4(f.out, 0).length, 572);
        ck_assert_uint_eq(rig_ipv4(f.out, 1).frag, (more ? IPV4_MF : 0) | (185 + 69));
        ck_assert_uint_eq(rig_ipv4(f.out, 1).length, 20 + 448);
        ck_assert_uint_eq(rig_ipv4(f.out, 1).id, 77);
        rig_clear(f.out);
    }
    rig_fini(&f.rig);
}
END_TEST

/* RFC 791 3.1: record route stays in the first fragment, router alert goes into all. */
START_TEST(options_in_fragments)
{
    static const uint8_t options[12] = { 7, 7, 4, 0, 0, 0, 0, 1, 148, 4, 0, 0 };
    static const uint8_t later[12] = { 1, 1, 1, 1, 1, 1, 1, 1, 148, 4, 0, 0 };
    struct fixture f;
    struct ipv4 h = {
        .header_len = 32, .src = IP4(10, 0, 1, 9), .dst = IP4(10, 0, 0, 9), .proto = 200
    };

    fixture_init(&f, 576);
    f.node->ip.forwarding = true;
    struct rig_iface *in = rig_iface(&f.rig, f.node, IP4(10, 0, 1, 1), 24);
    struct packet *frame = rig_datagram(in, &h, 0, 1400);
    memcpy(packet_data(frame) + 34, options, 12);
    ipv4_finish(packet_data(frame) + 14);
    ip_iface_input(&in->ip, frame);
    ck_assert_uint_eq(f.out->n_kept, 3);
    for (unsigned i = 0; i < 3; i++) {
        uint8_t bytes[12];
        ck_assert_uint_eq(rig_ipv4(f.out, i).header_len, 32);
        packet_read(f.out->kept[i], 34, bytes, 12);
        ck_assert_mem_eq(bytes, i ? later : options, 12);
    }
    rig_fini(&f.rig);
}
END_TEST

SUITE("protocols/frag", the_textbook_datagram, all_sizes_and_splits, pieces_are_slices,
      pending_checksum_is_finished, fragments_of_fragments, options_in_fragments)
