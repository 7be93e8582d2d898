/* BPDUs (IEEE 802.1D-2004 9.3): bytes by hand, round trips, every truncation. */
#include "protocols/l2/bpdu.h"
#include "tests/support/leaks.h"
#include "tests/support/suite.h"

/* Configuration: TC; root 32768/00:1c:0e:87:78:00, cost 4, bridge 32768/00:1c:0e:87:85:00, port
 * 0x8004; message age 1 s, max age 20 s, hello 2 s, forward delay 15 s. */
static const uint8_t config[BPDU_CONFIG_LEN] = {
    0x00, 0x00, 0x00, 0x00, 0x01, 0x80, 0x00, 0x00, 0x1c, 0x0e, 0x87, 0x78,
    0x00, 0x00, 0x00, 0x00, 0x04, 0x80, 0x00, 0x00, 0x1c, 0x0e, 0x87, 0x85,
    0x00, 0x80, 0x04, 0x01, 0x00, 0x14, 0x00, 0x02, 0x00, 0x0f, 0x00,
};

/* RST: designated, proposal; the same vector. */
static const uint8_t rst[BPDU_RST_LEN] = {
    0x00, 0x00, 0x02, 0x02, 0x0e, 0x80, 0x00, 0x00, 0x1c, 0x0e, 0x87, 0x78,
    0x00, 0x00, 0x00, 0x00, 0x04, 0x80, 0x00, 0x00, 0x1c, 0x0e, 0x87, 0x85,
    0x00, 0x80, 0x04, 0x01, 0x00, 0x14, 0x00, 0x02, 0x00, 0x0f, 0x00, 0x00,
};

static const uint8_t tcn[BPDU_TCN_LEN] = { 0x00, 0x00, 0x00, 0x80 };

static void check_vector(const struct bpdu *b)
{
    ck_assert_uint_eq(b->vector.root, 0x8000001c0e877800);
    ck_assert_uint_eq(b->vector.cost, 4);
    ck_assert_uint_eq(b->vector.bridge, 0x8000001c0e878500);
    ck_assert_uint_eq(b->vector.port, 0x8004);
    ck_assert_uint_eq(b->times.message_age, 256);
    ck_assert_uint_eq(b->times.max_age, 20 * 256);
    ck_assert_uint_eq(b->times.hello, 2 * 256);
    ck_assert_uint_eq(b->times.forward_delay, 15 * 256);
}

START_TEST(fields_and_bytes)
{
    uint8_t out[BPDU_RST_LEN];
    struct bpdu b;

    bpdu_parse(config, &b);
    ck_assert_uint_eq(b.version, BPDU_VERSION_STP);
    ck_assert_uint_eq(b.type, BPDU_CONFIG);
    ck_assert_uint_eq(b.flags, BPDU_TC);
    check_vector(&b);
    bpdu_emit(out, &b);
    ck_assert_mem_eq(out, config, sizeof config);

    bpdu_parse(rst, &b);
    ck_assert_uint_eq(b.version, BPDU_VERSION_RSTP);
    ck_assert_uint_eq(b.flags, BPDU_PROPOSAL | BPDU_ROLE_DESIGNATED);
    check_vector(&b);
    bpdu_emit(out, &b);
    ck_assert_mem_eq(out, rst, sizeof rst);

    bpdu_parse(tcn, &b);
    ck_assert_uint_eq(b.type, BPDU_TCN);
    bpdu_emit(out, &b);
    ck_assert_mem_eq(out, tcn, sizeof tcn);
}
END_TEST

/* 9.3.4: at least 4, 35 and 36 octets; more do not matter. */
START_TEST(every_length)
{
    uint8_t longer[60] = { 0 };

    for (uint32_t n = 0; n < sizeof tcn; n++)
        ck_assert_int_eq(bpdu_check(tcn, n), BPDU_MALFORMED);
    for (uint32_t n = 0; n < sizeof config; n++)
        ck_assert_int_eq(bpdu_check(config, n), BPDU_MALFORMED);
    for (uint32_t n = 0; n < sizeof rst; n++)
        ck_assert_int_eq(bpdu_check(rst, n), BPDU_MALFORMED);
    memcpy(longer, rst, sizeof rst);
    for (uint32_t n = sizeof rst; n <= sizeof longer; n++)
        ck_assert_int_eq(bpdu_check(longer, n), BPDU_OK);
    ck_assert_int_eq(bpdu_check(config, sizeof config), BPDU_OK);
    ck_assert_int_eq(bpdu_check(tcn, sizeof tcn), BPDU_OK);
}
END_TEST

/* 9.3.4: the type decides, and the version only for RST; other protocols and types are not ours. */
START_TEST(protocols_types_and_versions)
{
    uint8_t b[BPDU_RST_LEN];

    for (unsigned version = 0; version < 256; version++)
        for (unsigned type = 0; type < 256; type++) {
            memcpy(b, rst, sizeof b);
            b[2] = (uint8_t)version;
            b[3] = (uint8_t)type;
            bool known = type == 0 || type == 0x80 || (type == 2 && version >= 2);
            ck_assert_int_eq(bpdu_check(b, sizeof b), known ? BPDU_OK : BPDU_UNKNOWN);
        }
    memcpy(b, rst, sizeof b);
    b[1] = 1;
    ck_assert_int_eq(bpdu_check(b, sizeof b), BPDU_UNKNOWN);
}
END_TEST

static struct packet *frame_of(struct sim *sim, const uint8_t *bytes, uint32_t n, bool inside)
{
    struct packet *frame = packet_new(sim);

    if (inside && n > 0)
        memcpy(packet_push(frame, n), bytes, n);
    else if (n > 0)
        packet_set_payload(frame, blob_copy(bytes, n), 0, n);
    return frame;
}

/* 802.3 length, LLC 42 42 03, group address 01:80:c2:00:00:00 (7.12.3, table 7-9). */
START_TEST(frames)
{
    static const uint8_t head[] = { 0x01, 0x80, 0xc2, 0, 0,  0,    2,    0,   0,
                                    0,    0,    7,    0, 38, 0x42, 0x42, 0x03 };
    struct sim *sim = sim_new(1);
    struct eth_addr src = { { 2, 0, 0, 0, 0, 7 } };
    uint8_t bytes[80] = { 0 };
    struct bpdu in, out;

    bpdu_parse(config, &in);
    struct packet *frame = bpdu_to_frame(sim, &src, &in);
    ck_assert_uint_eq(packet_len(frame), sizeof head + sizeof config);
    packet_read(frame, 0, bytes, packet_len(frame));
    ck_assert_mem_eq(bytes, head, sizeof head);
    ck_assert_mem_eq(bytes + sizeof head, config, sizeof config);
    ck_assert(bpdu_is_for_bridges((struct eth_addr *)bytes));
    ck_assert_int_eq(bpdu_from_frame(frame, &out), BPDU_OK);
    check_vector(&out);
    packet_consumed(frame);
    /* Every truncation, the bytes in the header part or in the payload. */
    for (uint32_t n = 0; n <= sizeof head + sizeof config; n++)
        for (int inside = 0; inside < 2; inside++) {
            frame = frame_of(sim, bytes, n, inside);
            bool whole = n == sizeof head + sizeof config;
            ck_assert_int_eq(bpdu_from_frame(frame, &out), whole ? BPDU_OK : BPDU_MALFORMED);
            packet_consumed(frame);
        }
    /* Padding behind the length does not matter; a length below what the BPDU needs does. */
    frame = frame_of(sim, bytes, 60, false);
    ck_assert_int_eq(bpdu_from_frame(frame, &out), BPDU_OK);
    packet_consumed(frame);
    for (uint8_t length = 0; length < 38; length++) {
        bytes[13] = length;
        frame = frame_of(sim, bytes, 60, true);
        ck_assert_int_eq(bpdu_from_frame(frame, &out), BPDU_MALFORMED);
        packet_consumed(frame);
    }
    assert_no_leaks(sim);
    sim_free(sim);
}
END_TEST

START_TEST(other_frames)
{
    struct sim *sim = sim_new(1);
    struct eth_addr src = { { 2, 0, 0, 0, 0, 7 } };
    struct bpdu in, out;

    bpdu_parse(config, &in);
    for (uint32_t at = ETH_LEN; at < ETH_LEN + BPDU_LLC_LEN; at++) {
        struct packet *frame = bpdu_to_frame(sim, &src, &in);
        packet_data(frame)[at] ^= 1;
        ck_assert_int_eq(bpdu_from_frame(frame, &out), BPDU_UNKNOWN);
        packet_consumed(frame);
    }
    struct packet *frame = bpdu_to_frame(sim, &src, &in);
    packet_data(frame)[12] = 0x08; /* an EtherType */
    ck_assert_int_eq(bpdu_from_frame(frame, &out), BPDU_MALFORMED);
    packet_consumed(frame);
    assert_no_leaks(sim);
    sim_free(sim);
}
END_TEST

/* 17.6: the parts decide in the order root, cost, bridge, port. */
START_TEST(vectors_in_order)
{
    static const struct stp_vector v[] = { { 1, 9, 9, 9 }, { 2, 0, 9, 9 }, { 2, 1, 0, 9 },
                                           { 2, 1, 1, 0 }, { 2, 1, 1, 1 }, { 2, 1, 2, 0 },
                                           { 2, 2, 0, 0 }, { 3, 0, 0, 0 } };

    for (size_t i = 0; i < sizeof v / sizeof v[0]; i++)
        for (size_t j = 0; j < sizeof v / sizeof v[0]; j++) {
            int order = stp_vector_compare(&v[i], &v[j]);
            ck_assert_int_eq(order < 0, i < j);
            ck_assert_int_eq(order > 0, i > j);
        }
    ck_assert_uint_eq(stp_cost_add(UINT32_MAX, 1), UINT32_MAX);
    ck_assert_uint_eq(stp_time_to_ticks(2 * SIM_S), 512);
    ck_assert_uint_eq(stp_time_to_ticks(1000 * SIM_S), UINT16_MAX);
    ck_assert_int_eq(stp_ticks_to_time(384), 3 * SIM_S / 2);
}
END_TEST

SUITE("protocols/l2/bpdu", fields_and_bytes, every_length, protocols_types_and_versions, frames,
      other_frames, vectors_in_order)
