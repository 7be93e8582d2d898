/* LLDPDUs: IEEE 802.1AB-2016 clause 8, and clause 9.2.7.7 on what a receiver makes of bad ones. */
#include "protocols/l2/lldpdu.h"
#include "tests/support/suite.h"

/* Laid out by hand from figures 8-4 to 8-12. */
static const uint8_t whole[] = {
    0x02, 0x07, 4,   2,    0,   0,    0,   0,   1,                /* chassis: MAC */
    0x04, 0x05, 5,   'e',  't', 'h',  '2',                        /* port: name */
    0x06, 0x02, 0,   121,                                         /* 121 s */
    0x08, 0x03, 'p', 'd',  'e',                                   /* port description */
    0x0a, 0x02, 's', '1',                                         /* system name */
    0x0c, 0x04, 't', 'e',  's', 't',                              /* system description */
    0x0e, 0x04, 0,   0x14, 0,   0x04,                             /* bridge, router; bridge */
    0x10, 0x0c, 5,   1,    10,  0,    0,   254, 2, 0, 0, 0, 7, 0, /* 10.0.0.254, interface 7 */
    0x00, 0x00,                                                   /* end */
};

static struct lldpdu example(void)
{
    struct lldpdu pdu = { .ttl = 121,
                          .has_capabilities = true,
                          .capabilities = LLDP_BRIDGE | LLDP_ROUTER,
                          .enabled = LLDP_BRIDGE,
                          .management = 0x0a0000fe,
                          .management_port = 7 };
    struct eth_addr mac = { { 2, 0, 0, 0, 0, 1 } };

    pdu.chassis = lldp_id_of_mac(LLDP_CHASSIS_MAC, &mac);
    pdu.port = lldp_id_of_text(LLDP_PORT_NAME, "eth2");
    strcpy(pdu.port_description, "pde");
    strcpy(pdu.system, "s1");
    strcpy(pdu.description, "test");
    return pdu;
}

START_TEST(layout)
{
    struct lldpdu pdu = example(), back;
    uint8_t buf[LLDPDU_MAX];
    char text[LLDP_ID_TEXT];

    ck_assert_uint_eq(lldpdu_emit(buf, &pdu), sizeof whole);
    ck_assert_mem_eq(buf, whole, sizeof whole);
    ck_assert_int_eq(lldpdu_parse(whole, sizeof whole, &back), LLDPDU_OK);
    ck_assert_mem_eq(&back, &pdu, sizeof pdu);
    ck_assert_str_eq(lldp_id_format(&back.chassis, true, text), "02:00:00:00:00:01");
    ck_assert_str_eq(lldp_id_format(&back.port, false, text), "eth2");
}
END_TEST

/* Cut off anywhere it is malformed, for the end is missing; bytes behind the end do not matter. */
START_TEST(every_length)
{
    uint8_t longer[sizeof whole + 30];
    struct lldpdu pdu;

    memcpy(longer, whole, sizeof whole);
    memset(longer + sizeof whole, 0xff, 30);
    for (uint32_t length = 0; length < sizeof whole; length++) {
        uint8_t *exact = g_memdup2(whole, length); /* so that a sanitizer sees reads behind it */
        ck_assert_int_eq(lldpdu_parse(exact, length, &pdu), LLDPDU_MALFORMED);
        g_free(exact);
    }
    for (uint32_t length = sizeof whole; length <= sizeof longer; length++)
        ck_assert_int_eq(lldpdu_parse(longer, length, &pdu), LLDPDU_OK);
}
END_TEST

static enum lldpdu_status spoilt(uint32_t at, uint8_t value)
{
    uint8_t bytes[sizeof whole];
    struct lldpdu pdu;

    memcpy(bytes, whole, sizeof whole);
    bytes[at] = value;
    return lldpdu_parse(bytes, sizeof bytes, &pdu);
}

/* 9.2.7.7.1: chassis, port and time to live, in this order, once; an end among them is
 * none.  8.2.1: a name has 1 to 255 bytes. */
START_TEST(mandatory_parts)
{
    static const uint8_t nothing[] = { 0, 0 }, empty[] = { 0x02, 1, 4, 0, 0 };
    struct lldpdu pdu;

    ck_assert_int_eq(lldpdu_parse(nothing, 2, &pdu), LLDPDU_MALFORMED);
    ck_assert_int_eq(lldpdu_parse(empty, sizeof empty, &pdu), LLDPDU_MALFORMED);
    ck_assert_int_eq(spoilt(0, 0x04), LLDPDU_MALFORMED);  /* a port first */
    ck_assert_int_eq(spoilt(9, 0x06), LLDPDU_MALFORMED);  /* a time second */
    ck_assert_int_eq(spoilt(9, 0x00), LLDPDU_MALFORMED);  /* an end second */
    ck_assert_int_eq(spoilt(16, 0x08), LLDPDU_MALFORMED); /* no time */
    ck_assert_int_eq(spoilt(20, 0x02), LLDPDU_MALFORMED); /* a second chassis, a port, a time */
    ck_assert_int_eq(spoilt(20, 0x04), LLDPDU_MALFORMED);
    ck_assert_int_eq(spoilt(20, 0x06), LLDPDU_MALFORMED);
}
END_TEST

/* 9.2.7.7.2, 9.2.7.7.3: unknown TLVs and odd contents of optional ones spoil nothing else. */
START_TEST(optional_parts)
{
    struct lldpdu pdu;
    uint8_t bytes[sizeof whole];

    ck_assert_int_eq(spoilt(20, 0x12), LLDPDU_OK); /* reserved */
    ck_assert_int_eq(spoilt(20, 0xfe), LLDPDU_OK); /* of an organisation */
    memcpy(bytes, whole, sizeof whole);
    bytes[22] = 0xff; /* no UTF-8 */
    bytes[44] = 2;    /* an address of IPv6, as it says */
    ck_assert_int_eq(lldpdu_parse(bytes, sizeof bytes, &pdu), LLDPDU_OK);
    ck_assert_str_eq(pdu.port_description, "");
    ck_assert_uint_eq(pdu.management, 0);
    ck_assert_str_eq(pdu.system, "s1");
}
END_TEST

/* The longest texts there are: what does not fit is left out, the end is not. */
START_TEST(long_texts)
{
    struct lldpdu pdu = example(), back;
    uint8_t buf[LLDPDU_MAX];
    char text[LLDP_ID_TEXT];

    memset(pdu.port_description, 'x', 255);
    memset(pdu.description, 'y', 255);
    memset(pdu.port.bytes, 0xab, LLDP_ID_MAX);
    pdu.port.length = LLDP_ID_MAX;
    uint32_t length = lldpdu_emit(buf, &pdu);
    ck_assert_uint_le(length, LLDPDU_MAX);
    ck_assert_int_eq(lldpdu_parse(buf, length, &back), LLDPDU_OK);
    ck_assert(lldp_id_equal(&back.port, &pdu.port));
    ck_assert_str_eq(back.system, "s1");
    ck_assert_uint_eq(strlen(lldp_id_format(&back.port, false, text)), 3 * LLDP_ID_MAX - 1);
}
END_TEST

SUITE("protocols/lldpdu", layout, every_length, mandatory_parts, optional_parts, long_texts)
