/* The hashes of bonds against Linux's formulas (Documentation/networking/bonding.rst,
 * xmit_hash_policy), computed by hand; beyond what is written there, Linux 6.18 drops the lowest
 * bit of a layer3+4 hash, and takes ICMP's type, code and identifier for ports. */
#include "protocols/l2/bond_hash.h"

#include "sim/sim.h"
#include "tests/support/leaks.h"
#include "tests/support/suite.h"

/* From 02:..:0a to 02:..:0b, IPv4, 10.0.0.1 to 10.0.0.2, TCP 40000 to 80. */
static const uint8_t tcp[] = {
    0x02, 0,    0,    0,    0, 0x0b, 0x02, 0, 0,  0, 0, 0x0a, 0x08, 0x00, /* Ethernet */
    0x45, 0,    0,    40,   0, 1,    0x40, 0, 64, 6, 0, 0,    10,   0,
    0,    1,    10,   0,    0, 2, /* IPv4 */
    0x9c, 0x40, 0x00, 0x50, 0, 0,    0,    1, 0,  0, 0, 0,    0x50, 0x10,
    1,    1,    0,    0,    0, 0, /* TCP */
};

enum { IP_AT = 14, L4_AT = 34 };

static uint32_t hash_of(enum bond_hash policy, const uint8_t *bytes, uint32_t length)
{
    struct sim *sim = sim_new(1);
    struct packet *frame = packet_new(sim);

    packet_set_payload(frame, blob_copy(bytes, length), 0, length);
    ck_assert(packet_need(frame, MIN(length, 14)));
    uint32_t hash = bond_hash(policy, frame);
    packet_consumed(frame);
    assert_no_leaks(sim);
    sim_free(sim);
    return hash;
}

/* source MAC[5] XOR destination MAC[5] XOR type: 0x0a ^ 0x0b ^ 0x0800. */
START_TEST(layer2)
{
    ck_assert_uint_eq(hash_of(BOND_HASH_L2, tcp, sizeof tcp), 0x0801);
}
END_TEST

/* That, XOR both addresses as they stand in memory, 0x0100000a ^ 0x0200000a = 0x03000000:
 * 0x03000801.  XOR itself >> 16: ^ 0x0300 = 0x03000b01; >> 8: ^ 0x0003000b = 0x03030b0a. */
START_TEST(layer23)
{
    ck_assert_uint_eq(hash_of(BOND_HASH_L23, tcp, sizeof tcp), 0x03030b0a);
}
END_TEST

/* Ports as in the header, 9c 40 00 50, are 0x5000409c in memory; ^ 0x03000000 = 0x5300409c;
 * ^ 0x5300 = 0x5300139c; ^ 0x00530013 = 0x5353138f; without the lowest bit 0x29a989c7. */
START_TEST(layer34)
{
    ck_assert_uint_eq(hash_of(BOND_HASH_L34, tcp, sizeof tcp), 0x29a989c7);
}
END_TEST

/* Fragments have no ports that all of them show: addresses alone, 0x03000000 ^ 0x0300 = 0x03000300;
 * ^ 0x00030003 = 0x03030303; >> 1. */
START_TEST(fragments)
{
    uint8_t bytes[sizeof tcp];

    memcpy(bytes, tcp, sizeof tcp);
    bytes[IP_AT + 6] = 0x20; /* more to come */
    ck_assert_uint_eq(hash_of(BOND_HASH_L34, bytes, sizeof bytes), 0x03030303 >> 1);
    bytes[IP_AT + 6] = 0x00;
    bytes[IP_AT + 7] = 0x10; /* the last one */
    ck_assert_uint_eq(hash_of(BOND_HASH_L34, bytes, sizeof bytes), 0x03030303 >> 1);
}
END_TEST

/* An echo request with the identifier 0x1234: 0x12340008 ^ 0x03000000 = 0x11340008; ^ 0x1134 =
 * 0x1134113c; ^ 0x00113411 -> 0x1125252d; >> 1. */
START_TEST(echo)
{
    uint8_t bytes[L4_AT + 8];

    memcpy(bytes, tcp, sizeof bytes);
    bytes[IP_AT + 9] = 1;
    memcpy(bytes + L4_AT, "\x08\x00\x00\x00\x12\x34\x00\x01", 8);
    ck_assert_uint_eq(hash_of(BOND_HASH_L34, bytes, sizeof bytes), 0x1125252d >> 1);
}
END_TEST

/* An error from 10.0.0.9 about the segment goes where the segment's flow goes. */
START_TEST(icmp_error)
{
    uint8_t bytes[L4_AT + 8 + 28];

    memcpy(bytes, tcp, L4_AT);
    bytes[IP_AT + 9] = 1;
    bytes[IP_AT + 15] = 9;
    memcpy(bytes + L4_AT, "\x03\x03\x00\x00\x00\x00\x00\x00", 8);
    memcpy(bytes + L4_AT + 8, tcp + IP_AT, 28);
    ck_assert_uint_eq(hash_of(BOND_HASH_L34, bytes, sizeof bytes), 0x29a989c7);
}
END_TEST

/* What is not IP is hashed by its Ethernet header whatever the policy: 0x0a ^ 0x0b ^ 0x0806. */
START_TEST(not_ip)
{
    uint8_t bytes[sizeof tcp];

    memcpy(bytes, tcp, sizeof tcp);
    bytes[13] = 0x06;
    for (int policy = BOND_HASH_L2; policy <= BOND_HASH_L34; policy++)
        ck_assert_uint_eq(hash_of((enum bond_hash)policy, bytes, sizeof bytes), 0x0807);
}
END_TEST

/* Tags make no difference to Linux, and a VLAN is another source to Open vSwitch. */
START_TEST(tags)
{
    uint8_t bytes[sizeof tcp + 8];
    struct sim *sim = sim_new(1);
    struct packet *frame = packet_new(sim);

    memcpy(bytes, tcp, 12);
    memcpy(bytes + 12, "\x88\xa8\x00\x64\x81\x00\x00\x0a", 8);
    memcpy(bytes + 20, tcp + 12, sizeof tcp - 12);
    ck_assert_uint_eq(hash_of(BOND_HASH_L2, bytes, sizeof bytes), 0x0801);
    ck_assert_uint_eq(hash_of(BOND_HASH_L34, bytes, sizeof bytes), 0x29a989c7);
    packet_set_payload(frame, blob_copy(bytes, sizeof bytes), 0, sizeof bytes);
    ck_assert(packet_need(frame, 14));
    uint32_t source = bond_hash_source(frame), flow = bond_hash_flow(frame);
    packet_pull(frame, 12);
    packet_pull(frame, 8);
    memcpy(packet_push(frame, 12), tcp, 12);
    ck_assert_uint_ne(bond_hash_source(frame), source);
    ck_assert_uint_eq(bond_hash_flow(frame), flow);
    packet_consumed(frame);
    assert_no_leaks(sim);
    sim_free(sim);
}
END_TEST

/* However short the frame is, there is a hash, and it is one of the three that its parts give. */
START_TEST(every_length)
{
    for (uint32_t n = 14; n <= sizeof tcp; n++) {
        uint32_t hash = hash_of(BOND_HASH_L34, tcp, n);
        ck_assert_uint_eq(hash, n < L4_AT ? 0x0801 : n < L4_AT + 4 ? 0x03030303 >> 1 : 0x29a989c7);
    }
}
END_TEST

SUITE("protocols/bond_hash", layer2, layer23, layer34, fragments, echo, icmp_error, not_ip, tags,
      every_length)
