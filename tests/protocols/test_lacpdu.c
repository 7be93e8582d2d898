/* LACPDUs and markers (IEEE 802.1AX-2008 5.4.2 and 5.5.3): bytes by hand, round trips, every
 * truncation. */
#include "protocols/l2/lacpdu.h"
#include "tests/support/leaks.h"
#include "tests/support/suite.h"

/* Actor: system 65535/02:00:00:00:00:01, key 9, port 255/1, active, short timeout, can be
 * aggregated, in step; partner: system 32768/00:1c:0e:87:78:00, key 0x8001, port 128/24, active,
 * long timeout, aggregation, in step, collecting, distributing; collector: 0x8000 tens of
 * microseconds. */
static const uint8_t lacpdu[LACPDU_LEN] = {
    0x01, 0x01,                                                 /* LACP, version 1 */
    0x01, 0x14, 0xff, 0xff, 0x02, 0x00, 0x00, 0x00, 0x00, 0x01, /* actor, 20 bytes: system */
    0x00, 0x09, 0x00, 0xff, 0x00, 0x01, 0x0f, 0x00, 0x00, 0x00, /* key, port, state, reserved */
    0x02, 0x14, 0x80, 0x00, 0x00, 0x1c, 0x0e, 0x87, 0x78, 0x00, /* partner */
    0x80, 0x01, 0x00, 0x80, 0x00, 0x18, 0x3d, 0x00, 0x00, 0x00, /* */
    0x03, 0x10, 0x80, 0x00,                                     /* collector, 16 bytes */
};

/* Asks: port 7 of 02:00:00:00:00:02, transaction 0x01020304. */
static const uint8_t marker[LACPDU_LEN] = {
    0x02, 0x01, 0x01, 0x10, 0x00, 0x07, 0x02, 0x00, 0x00, 0x00, 0x00, 0x02, 0x01, 0x02, 0x03, 0x04,
};

START_TEST(fields_and_bytes)
{
    const struct eth_addr actor = { { 2, 0, 0, 0, 0, 1 } };
    const struct eth_addr partner = { { 0, 0x1c, 0x0e, 0x87, 0x78, 0 } };
    uint8_t out[LACPDU_LEN];
    struct lacpdu pdu;

    lacpdu_parse(lacpdu, &pdu);
    ck_assert_uint_eq(pdu.actor.system_priority, 65535);
    ck_assert(eth_addr_equal(&pdu.actor.system, &actor));
    ck_assert_uint_eq(pdu.actor.key, 9);
    ck_assert_uint_eq(pdu.actor.port_priority, 255);
    ck_assert_uint_eq(pdu.actor.port, 1);
    ck_assert_uint_eq(pdu.actor.state,
                      LACP_ACTIVITY | LACP_TIMEOUT | LACP_AGGREGATION | LACP_SYNCHRONIZATION);
    ck_assert_uint_eq(pdu.partner.system_priority, 32768);
    ck_assert(eth_addr_equal(&pdu.partner.system, &partner));
    ck_assert_uint_eq(pdu.partner.key, 0x8001);
    ck_assert_uint_eq(pdu.partner.port_priority, 128);
    ck_assert_uint_eq(pdu.partner.port, 24);
    ck_assert_uint_eq(pdu.partner.state, LACP_ACTIVITY | LACP_AGGREGATION | LACP_SYNCHRONIZATION |
                                             LACP_COLLECTING | LACP_DISTRIBUTING);
    ck_assert_uint_eq(pdu.max_delay, 0x8000);
    memset(out, 0xff, sizeof out);
    lacpdu_emit(out, &pdu);
    ck_assert_mem_eq(out, lacpdu, sizeof out);
}
END_TEST

/* A PDU is 110 octets; more, which is padding, does not matter. */
START_TEST(every_length)
{
    uint8_t longer[200] = { 0 };

    for (uint32_t n = 0; n < LACPDU_LEN; n++) {
        ck_assert_int_eq(lacpdu_check(lacpdu, n), LACPDU_MALFORMED);
        ck_assert_int_eq(marker_check(marker, n), LACPDU_MALFORMED);
    }
    memcpy(longer, lacpdu, sizeof lacpdu);
    for (uint32_t n = LACPDU_LEN; n <= sizeof longer; n++)
        ck_assert_int_eq(lacpdu_check(longer, n), LACPDU_OK);
    ck_assert_int_eq(marker_check(marker, LACPDU_LEN), LACPDU_OK);
}
END_TEST

/* Lengths must be right; versions, types of parts and reserved octets are not looked at
 * (5.4.12). */
START_TEST(what_is_looked_at)
{
    static const unsigned lengths[] = { 3, 23, 43, 59 }, others[] = { 1, 2, 22, 42, 19, 46, 60 };
    uint8_t bytes[LACPDU_LEN];

    for (unsigned i = 0; i < 4; i++) {
        memcpy(bytes, lacpdu, sizeof bytes);
        bytes[lengths[i]]++;
        ck_assert_int_eq(lacpdu_check(bytes, sizeof bytes), LACPDU_MALFORMED);
    }
    for (unsigned i = 0; i < sizeof others / sizeof others[0]; i++) {
        memcpy(bytes, lacpdu, sizeof bytes);
        bytes[others[i]] = 0x77;
        ck_assert_int_eq(lacpdu_check(bytes, sizeof bytes), LACPDU_OK);
    }
    memcpy(bytes, marker, sizeof bytes);
    bytes[3]++;
    ck_assert_int_eq(marker_check(bytes, sizeof bytes), LACPDU_MALFORMED);
}
END_TEST

/* The subtype says whose it is: 1 LACP, 2 marker, 3 OAM; a marker's response needs no answer. */
START_TEST(subtypes)
{
    uint8_t bytes[LACPDU_LEN];

    ck_assert_int_eq(lacpdu_check(marker, sizeof marker), LACPDU_UNKNOWN);
    ck_assert_int_eq(marker_check(lacpdu, sizeof lacpdu), LACPDU_UNKNOWN);
    memcpy(bytes, lacpdu, sizeof bytes);
    bytes[0] = 3;
    ck_assert_int_eq(lacpdu_check(bytes, sizeof bytes), LACPDU_UNKNOWN);
    memcpy(bytes, marker, sizeof bytes);
    bytes[2] = MARKER_RESPONSE;
    ck_assert_int_eq(marker_check(bytes, sizeof bytes), LACPDU_UNKNOWN);
}
END_TEST

/* 01:80:c2:00:00:02, type 0x8809: 124 octets without the check sequence. */
START_TEST(frames)
{
    static const struct eth_addr src = { { 2, 0, 0, 0, 0, 9 } };
    struct sim *sim = sim_new(1);
    uint8_t head[ETH_LEN], *bytes;
    uint32_t length;
    struct packet *frame = slow_frame(sim, &src, &bytes);

    memcpy(bytes, lacpdu, LACPDU_LEN);
    ck_assert_uint_eq(packet_len(frame), 124);
    packet_read(frame, 0, head, sizeof head);
    ck_assert_mem_eq(head, "\x01\x80\xc2\x00\x00\x02\x02\x00\x00\x00\x00\x09\x88\x09", ETH_LEN);
    ck_assert(slow_is_frame(head));
    ck_assert_ptr_nonnull(slow_pdu(frame, &length));
    ck_assert_uint_eq(length, LACPDU_LEN);
    for (uint32_t n = 123; n > 0; n--) {
        packet_trim(frame, n);
        const uint8_t *pdu = slow_pdu(frame, &length);
        ck_assert((pdu == NULL) == (n <= ETH_LEN));
        ck_assert(!pdu || length == n - ETH_LEN);
    }
    packet_consumed(frame);
    head[5] = 3;
    ck_assert(!slow_is_frame(head));
    head[5] = 2;
    head[13] = 0;
    ck_assert(!slow_is_frame(head));
    assert_no_leaks(sim);
    sim_free(sim);
}
END_TEST

SUITE("protocols/lacpdu", fields_and_bytes, every_length, what_is_looked_at, subtypes, frames)
