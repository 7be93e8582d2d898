/* Marking packets (RFC 3168 section 5). */
#include "protocols/wire/ecn.h"

#include "protocols/wire/eth.h"
#include "protocols/wire/ipv4.h"
#include "sim/packet.h"
#include "sim/sim.h"
#include "tests/support/suite.h"

static struct packet *frame(struct sim *sim, uint16_t type, uint8_t tos, bool tagged)
{
    struct packet *packet = packet_new(sim);
    struct ipv4 ip = { .header_len = 20,
                       .tos = tos,
                       .ttl = 64,
                       .proto = IP_PROTO_TCP,
                       .length = 40,
                       .src = 0x0a000001,
                       .dst = 0x0a000002 };
    uint8_t *bytes = packet_push(packet, 40);

    memset(bytes, 0, 40);
    ipv4_emit(bytes, &ip);
    ipv4_finish(bytes);
    if (tagged)
        memcpy(packet_push(packet, 4), (uint8_t[]){ 0x00, 0x05, type >> 8, type & 255 }, 4);
    struct eth eth = { .type = tagged ? ETH_TYPE_VLAN : type };
    eth_emit(packet_push(packet, ETH_LEN), &eth);
    return packet;
}

START_TEST(marks)
{
    struct sim *sim = sim_new(1);

    for (int tagged = 0; tagged < 2; tagged++)
        for (unsigned field = 0; field < 4; field++) {
            struct packet *packet = frame(sim, ETH_TYPE_IPV4, (uint8_t)(0xb8 | field), tagged);
            bool capable = field == ECN_ECT_0 || field == ECN_ECT_1;
            ck_assert(ecn_mark_frame(packet) == capable);
            uint8_t *ip = packet_data(packet) + ETH_LEN + 4 * tagged;
            ck_assert_uint_eq(ip[1], 0xb8 | (capable ? ECN_CE : field));
            ck_assert(ipv4_checksum_ok(ip));
            packet_consumed(packet);
        }
    ck_assert_ptr_null(sim_leaks(sim));
    sim_free(sim);
}
END_TEST

/* What is no IPv4 packet, or is cut short, is left alone. */
START_TEST(others)
{
    struct sim *sim = sim_new(1);
    struct packet *packet = frame(sim, ETH_TYPE_ARP, ECN_ECT_0, false);

    ck_assert(!ecn_mark_frame(packet));
    packet_consumed(packet);
    packet = packet_new(sim);
    struct eth eth = { .type = ETH_TYPE_IPV4 };
    eth_emit(packet_push(packet, ETH_LEN), &eth);
    ck_assert(!ecn_mark_frame(packet));
    packet_consumed(packet);
    sim_free(sim);
}
END_TEST

SUITE("protocols/wire/ecn", marks, others)
