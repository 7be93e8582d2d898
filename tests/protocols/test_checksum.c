/* The Internet checksum: the examples of RFC 1071 and RFC 1624, packets against a plain sum. */
#include "protocols/wire/checksum.h"

#include "protocols/wire/ipv4.h"
#include "sim/sim.h"
#include "tests/support/leaks.h"
#include "tests/support/suite.h"

/* The definition, word by word (RFC 1071 section 1). */
static uint16_t plain_sum(const uint8_t *p, uint32_t n)
{
    uint32_t sum = 0;

    for (uint32_t i = 0; i < n; i++) {
        sum += i % 2 ? p[i] : (uint32_t)p[i] << 8;
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return (uint16_t)sum;
}

/* RFC 1071 section 3. */
START_TEST(example_of_rfc_1071)
{
    static const uint8_t bytes[] = { 0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7 };

    ck_assert_uint_eq(checksum_fold(checksum_bytes(bytes, 8)), 0xddf2);
}
END_TEST

START_TEST(fold_carries_to_the_end)
{
    ck_assert_uint_eq(checksum_fold(0), 0);
    ck_assert_uint_eq(checksum_fold(0xffff), 0xffff);
    ck_assert_uint_eq(checksum_fold(0x10000), 1);
    ck_assert_uint_eq(checksum_fold(0x1ffff), 1);
    ck_assert_uint_eq(checksum_fold(UINT64_MAX), 0xffff);
    ck_assert_uint_eq(checksum_fold(0xffffffffffff0001u), 1);
}
END_TEST

/* RFC 1624 section 4: the case where RFC 1141's formula gives 0xffff. */
START_TEST(example_of_rfc_1624)
{
    ck_assert_uint_eq(checksum_update(0xdd2f, 0x5555, 0x3285), 0x0000);
}
END_TEST

START_TEST(update_equals_recomputation)
{
    uint8_t header[20] = {
        0x45, 0, 0x05, 0xdc, 0, 1, 0x40, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2
    };

    for (unsigned id = 0; id < 65536; id += 7)
        for (unsigned ttl = 1; ttl <= 255; ttl += 127) {
            header[4] = (uint8_t)(id >> 8);
            header[5] = (uint8_t)id;
            header[8] = (uint8_t)ttl;
            ipv4_finish(header);
            uint16_t before = (uint16_t)(header[10] << 8 | header[11]);
            uint16_t was = (uint16_t)(header[8] << 8 | header[9]);
            header[8]--;
            uint16_t after = checksum_update(before, was, (uint16_t)(was - 256));
            ipv4_finish(header);
            ck_assert_uint_eq(after, (uint16_t)(header[10] << 8 | header[11]));
        }
}
END_TEST

/* A packet of `head` header bytes and `tail` payload bytes. */
static struct packet *packet_of(struct sim *sim, const uint8_t *bytes, uint32_t head, uint32_t tail)
{
    struct packet *packet = packet_new(sim);

    memcpy(packet_push(packet, head), bytes, head);
    if (tail > 0)
        packet_set_payload(packet, blob_copy(bytes + head, tail), 0, tail);
    return packet;
}

START_TEST(packet_sums_at_any_split)
{
    struct sim *sim = sim_new(1);
    uint8_t bytes[40];

    for (unsigned i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 37 + 200);
    for (uint32_t split = 0; split <= sizeof bytes; split++) {
        struct packet *packet = packet_of(sim, bytes, split, sizeof bytes - split);
        for (uint32_t from = 0; from <= sizeof bytes; from++)
            for (uint32_t n = 0; from + n <= sizeof bytes; n++)
                ck_assert_uint_eq(checksum_fold(checksum_packet(packet, from, n)),
                                  plain_sum(bytes + from, n));
        packet_consumed(packet);
    }
    assert_no_leaks(sim);
    sim_free(sim);
}
END_TEST

START_TEST(pattern_sums_beyond_a_span)
{
    struct sim *sim = sim_new(1);
    struct packet *packet = packet_new(sim);
    enum { LENGTH = 70000 };
    uint8_t *copy = g_malloc(LENGTH);

    memcpy(packet_push(packet, 3), "\x12\x34\x56", 3);
    packet_set_payload(packet, blob_ref(&blob_pattern), 12345, LENGTH - 3);
    memcpy(copy, packet_data(packet), 3);
    for (uint32_t i = 3; i < LENGTH; i++)
        copy[i] = *blob_span(&blob_pattern, 12345 + i - 3, 1);
    ck_assert_uint_eq(checksum_fold(checksum_packet(packet, 0, LENGTH)), plain_sum(copy, LENGTH));
    g_free(copy);
    packet_consumed(packet);
    assert_no_leaks(sim);
    sim_free(sim);
}
END_TEST

/* IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [S], seq 305419896, win 64240,
 * options [mss 1460,sackOK,TS val 287454020 ecr 0,nop,wscale 7], length 0; sums by hand: 0x1486 and
 * 0xef69. */
static const uint8_t syn[60] = {
    0x45, 0x00, 0x00, 0x3c, 0x12, 0x34, 0x40, 0x00, 0x40, 0x06, 0x14, 0x86, 0x0a, 0x00, 0x00,
    0x01, 0x0a, 0x00, 0x00, 0x02, 0x9c, 0x40, 0x00, 0x50, 0x12, 0x34, 0x56, 0x78, 0x00, 0x00,
    0x00, 0x00, 0xa0, 0x02, 0xfa, 0xf0, 0xef, 0x69, 0x00, 0x00, 0x02, 0x04, 0x05, 0xb4, 0x04,
    0x02, 0x08, 0x0a, 0x11, 0x22, 0x33, 0x44, 0x00, 0x00, 0x00, 0x00, 0x01, 0x03, 0x03, 0x07,
};

/* IP 10.0.0.1.1000 > 10.0.0.2.53: UDP, length 5: "weft!", checksum 0xe8da. */
static const uint8_t query[33] = {
    0x45, 0x00, 0x00, 0x21, 0x00, 0x00, 0x40, 0x00, 0x40, 0x11, 0x26,
    0xca, 0x0a, 0x00, 0x00, 0x01, 0x0a, 0x00, 0x00, 0x02, 0x03, 0xe8,
    0x00, 0x35, 0x00, 0x0d, 0xe8, 0xda, 'w',  'e',  'f',  't',  '!',
};

START_TEST(golden_headers)
{
    uint8_t header[20];

    ck_assert(ipv4_checksum_ok(syn));
    ck_assert(ipv4_checksum_ok(query));
    memcpy(header, syn, 20);
    header[10] = header[11] = 0xee;
    ipv4_finish(header);
    ck_assert_mem_eq(header, syn, 20);
}
END_TEST

/* A pending checksum of the datagram, whose header and payload parts are split at `split`. */
static void finish_and_compare(const uint8_t *bytes, uint32_t len, uint32_t split, uint32_t field)
{
    struct sim *sim = sim_new(1);
    struct packet *packet = packet_of(sim, bytes, split, len - split);
    uint8_t out[64];

    packet->l3 = (uint8_t)packet->head;
    packet->l4 = (uint8_t)(packet->head + 20);
    packet->flags = PACKET_CSUM_PENDING;
    memset(packet_data(packet) + field, 0x55, 2);
    packet_pull(packet, 20);
    ck_assert(packet_verify(packet, 0x0a000001, 0x0a000002, bytes[9])); /* believed */
    packet_finish_checksums(packet);
    ck_assert_uint_eq(packet->flags, 0);
    ck_assert(packet_verify(packet, 0x0a000001, 0x0a000002, bytes[9]));
    packet->head = packet->l3;
    packet_read(packet, 0, out, len);
    ck_assert_mem_eq(out, bytes, len);
    packet_finish_checksums(packet); /* once is enough */
    packet_consumed(packet);
    assert_no_leaks(sim);
    sim_free(sim);
}

START_TEST(pending_checksums_are_finished)
{
    finish_and_compare(syn, sizeof syn, 60, 36);
    finish_and_compare(syn, sizeof syn, 40, 36);
    finish_and_compare(query, sizeof query, 33, 26);
    finish_and_compare(query, sizeof query, 28, 26);
    finish_and_compare(query, sizeof query, 29, 26);
}
END_TEST

/* RFC 768: a computed checksum of zero is sent as all ones. */
START_TEST(udp_sum_of_zero_is_sent_as_ones)
{
    struct sim *sim = sim_new(1);
    /* Source and destination 0.0.0.0, ports 0: protocol 17 + length 10 (twice) + data = 0xffff. */
    uint8_t bytes[30] = { 0x45, 0, 0, 30, 0, 0, 0, 0, 1, 17 };
    bytes[25] = 10;
    bytes[28] = 0xff;
    bytes[29] = 0xff - 17 - 10 - 10;
    struct packet *packet = packet_of(sim, bytes, 30, 0);

    packet->l3 = (uint8_t)packet->head;
    packet->l4 = (uint8_t)(packet->head + 20);
    packet->flags = PACKET_CSUM_PENDING;
    packet_finish_checksums(packet);
    ck_assert_uint_eq(packet_data(packet)[26], 0xff);
    ck_assert_uint_eq(packet_data(packet)[27], 0xff);
    packet_consumed(packet);
    sim_free(sim);
}
END_TEST

START_TEST(each_flipped_bit_is_found)
{
    struct sim *sim = sim_new(1);

    for (uint32_t bit = 0; bit < 8 * 40; bit++) {
        struct packet *packet = packet_of(sim, syn + 20, 24, 16);
        if (bit < 8 * 24)
            packet_data(packet)[bit / 8] ^= (uint8_t)(1 << bit % 8);
        else
            packet->blob->bytes[bit / 8 - 24] ^= (uint8_t)(1 << bit % 8);
        ck_assert(!packet_verify(packet, 0x0a000001, 0x0a000002, IP_PROTO_TCP));
        packet_consumed(packet);
    }
    assert_no_leaks(sim);
    sim_free(sim);
}
END_TEST

START_TEST(short_messages_do_not_verify)
{
    struct sim *sim = sim_new(1);
    static const struct {
        uint8_t proto;
        uint32_t least;
    } cases[] = { { IP_PROTO_TCP, 18 }, { IP_PROTO_UDP, 8 }, { IP_PROTO_ICMP, 4 } };

    for (int i = 0; i < 3; i++)
        for (uint32_t len = 0; len < cases[i].least; len++) {
            struct packet *packet = packet_of(sim, syn + 20, len, 0);
            ck_assert(!packet_verify(packet, 0x0a000001, 0x0a000002, cases[i].proto));
            packet_consumed(packet);
        }
    sim_free(sim);
}
END_TEST

START_TEST(udp_without_checksum_is_accepted)
{
    struct sim *sim = sim_new(1);
    uint8_t bytes[13];

    memcpy(bytes, query + 20, sizeof bytes);
    bytes[6] = bytes[7] = 0;
    struct packet *packet = packet_of(sim, bytes, 8, 5);
    ck_assert(packet_verify(packet, 0x0a000001, 0x0a000002, IP_PROTO_UDP));
    packet_consumed(packet);
    sim_free(sim);
}
END_TEST

SUITE("protocols/checksum", example_of_rfc_1071, fold_carries_to_the_end, example_of_rfc_1624,
      update_equals_recomputation, packet_sums_at_any_split, pattern_sums_beyond_a_span,
      golden_headers, pending_checksums_are_finished, udp_sum_of_zero_is_sent_as_ones,
      each_flipped_bit_is_found, short_messages_do_not_verify, udp_without_checksum_is_accepted)
