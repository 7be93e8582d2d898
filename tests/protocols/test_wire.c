/* Ethernet, ARP, ICMP and UDP headers: golden bytes, round trips, every truncation. */
#include "protocols/wire/arp.h"
#include "protocols/wire/eth.h"
#include "protocols/wire/icmp.h"
#include "protocols/wire/udphdr.h"
#include "tests/support/suite.h"

/* 02:00:00:00:00:01 > ff:ff:ff:ff:ff:ff, ARP, Request who-has 10.0.0.2 tell 10.0.0.1 */
static const uint8_t who_has[42] = {
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02, 0x00, 0x00, 0x00, 0x00, 0x01, 0x08, 0x06,
    0x00, 0x01, 0x08, 0x00, 0x06, 0x04, 0x00, 0x01, 0x02, 0x00, 0x00, 0x00, 0x00, 0x01,
    0x0a, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x0a, 0x00, 0x00, 0x02,
};

START_TEST(eth_golden)
{
    uint8_t out[ETH_LEN];
    char text[ETH_ADDR_TEXT];
    struct eth h;

    for (uint32_t len = 0; len < ETH_LEN; len++)
        ck_assert_uint_eq(eth_check(who_has, len), 0);
    ck_assert_uint_eq(eth_check(who_has, ETH_LEN), ETH_LEN);
    eth_parse(who_has, &h);
    ck_assert_uint_eq(h.type, ETH_TYPE_ARP);
    ck_assert(eth_is_broadcast(&h.dst) && eth_is_group(&h.dst));
    ck_assert(!eth_is_broadcast(&h.src) && !eth_is_group(&h.src));
    ck_assert_str_eq(eth_addr_format(&h.src, text), "02:00:00:00:00:01");
    eth_emit(out, &h);
    ck_assert_mem_eq(out, who_has, ETH_LEN);
}
END_TEST

/* RFC 1112 6.4: the low 23 bits of the group, so 224.0.0.251 and 239.128.0.251 share one. */
START_TEST(eth_groups)
{
    char text[ETH_ADDR_TEXT];
    struct eth_addr a = eth_addr_of_group(0xe00000fb), b = eth_addr_of_group(0xef8000fb);

    ck_assert_str_eq(eth_addr_format(&a, text), "01:00:5e:00:00:fb");
    ck_assert(eth_addr_equal(&a, &b) && eth_is_group(&a));
}
END_TEST

START_TEST(arp_golden)
{
    const uint8_t *message = who_has + ETH_LEN;
    uint8_t out[ARP_LEN];
    struct arp h;

    for (uint32_t len = 0; len < ARP_LEN; len++)
        ck_assert_uint_eq(arp_check(message, len), 0);
    ck_assert_uint_eq(arp_check(message, ARP_LEN), ARP_LEN);
    arp_parse(message, &h);
    ck_assert_uint_eq(h.opcode, ARP_REQUEST);
    ck_assert_uint_eq(h.sender_ip, 0x0a000001);
    ck_assert_uint_eq(h.target_ip, 0x0a000002);
    ck_assert_mem_eq(&h.sender_mac, who_has + 6, 6);
    arp_emit(out, &h);
    ck_assert_mem_eq(out, message, ARP_LEN);
}
END_TEST

/* RFC 826: hardware, protocol and both lengths must be those of IPv4 over Ethernet. */
START_TEST(arp_of_other_kinds)
{
    for (unsigned at = 0; at < 6; at++) {
        uint8_t bytes[ARP_LEN];
        memcpy(bytes, who_has + ETH_LEN, ARP_LEN);
        bytes[at]++;
        ck_assert_uint_eq(arp_check(bytes, ARP_LEN), 0);
    }
}
END_TEST

START_TEST(icmp_golden)
{
    /* ICMP 10.0.1.2 unreachable - need to frag (mtu 1400); echo request, id 1, seq 2 */
    static const uint8_t frag[8] = { 3, 4, 0xf7, 0x82, 0, 0, 0x05, 0x78 };
    static const uint8_t echo[8] = { 8, 0, 0xf7, 0xfc, 0, 1, 0, 2 };
    uint8_t out[8];
    struct icmp h;

    for (uint32_t len = 0; len < ICMP_LEN; len++)
        ck_assert_uint_eq(icmp_check(frag, len), 0);
    ck_assert_uint_eq(icmp_check(frag, 8), 8);
    icmp_parse(frag, &h);
    ck_assert_uint_eq(h.type, ICMP_DEST_UNREACH);
    ck_assert_uint_eq(h.code, ICMP_FRAG_NEEDED);
    ck_assert_uint_eq(h.rest, 1400);
    ck_assert_uint_eq(h.checksum, 0xf782);
    icmp_emit(out, &h);
    ck_assert_mem_eq(out, frag, 8);
    icmp_parse(echo, &h);
    ck_assert_uint_eq(icmp_echo_id(&h), 1);
    ck_assert_uint_eq(icmp_echo_seq(&h), 2);
}
END_TEST

/* RFC 1122 3.2.2 divides the messages; RFC 1256 and 950 add queries. */
START_TEST(icmp_errors_and_queries)
{
    static const uint8_t queries[] = { 0, 8, 9, 10, 13, 14, 15, 16, 17, 18 };
    size_t q = 0;

    for (unsigned type = 0; type < 256; type++) {
        bool query = q < sizeof queries && queries[q] == type;
        q += query;
        ck_assert_int_eq(icmp_is_error((uint8_t)type), !query);
    }
}
END_TEST

START_TEST(udp_golden)
{
    /* 1000 > 53, length 13, checksum 0xe8da, "weft!" */
    static const uint8_t bytes[13] = { 0x03, 0xe8, 0x00, 0x35, 0x00, 0x0d, 0xe8,
                                       0xda, 'w',  'e',  'f',  't',  '!' };
    uint8_t out[8];
    struct udphdr h;

    for (uint32_t len = 0; len < 13; len++)
        ck_assert_uint_eq(udphdr_check(bytes, len < 8 ? len : 8, len), 0);
    ck_assert_uint_eq(udphdr_check(bytes, 8, 13), 13);
    ck_assert_uint_eq(udphdr_check(bytes, 13, 40), 13); /* IP delivered more: RFC 768 "length" */
    udphdr_parse(bytes, &h);
    ck_assert_uint_eq(h.src_port, 1000);
    ck_assert_uint_eq(h.dst_port, 53);
    ck_assert_uint_eq(h.length, 13);
    ck_assert_uint_eq(h.checksum, 0xe8da);
    udphdr_emit(out, &h);
    ck_assert_mem_eq(out, bytes, 8);
}
END_TEST

/* RFC 768: the least length is 8. */
START_TEST(udp_lengths_below_eight)
{
    uint8_t bytes[8] = { 0 };

    for (uint8_t length = 0; length < 8; length++) {
        bytes[5] = length;
        ck_assert_uint_eq(udphdr_check(bytes, 8, 8), 0);
    }
    bytes[5] = 8;
    ck_assert_uint_eq(udphdr_check(bytes, 8, 8), 8);
}
END_TEST

SUITE("protocols/wire", eth_golden, eth_groups, arp_golden, arp_of_other_kinds, icmp_golden,
      icmp_errors_and_queries, udp_golden, udp_lengths_below_eight)
