#include "protocols/l2/lldpdu.h"

#include <stdio.h>

enum { HEADER = 2, IPV4_NUMBER = 1 /* IANA's, of address families */, BY_IFINDEX = 2 };

/* ---- Names --------------------------------------------------------------------------------- */

bool lldp_id_equal(const struct lldp_id *a, const struct lldp_id *b)
{
    return a->subtype == b->subtype && a->length == b->length &&
           memcmp(a->bytes, b->bytes, a->length) == 0;
}

struct lldp_id lldp_id_of_mac(uint8_t subtype, const struct eth_addr *mac)
{
    struct lldp_id id = { .subtype = subtype, .length = ETH_ADDR_LEN };

    memcpy(id.bytes, mac->b, ETH_ADDR_LEN);
    return id;
}

struct lldp_id lldp_id_of_text(uint8_t subtype, const char *text)
{
    size_t length = strlen(text);
    struct lldp_id id = { .subtype = subtype, .length = (uint8_t)MIN(length, LLDP_ID_MAX) };

    memcpy(id.bytes, text, id.length);
    return id;
}

static bool is_text(const struct lldp_id *id)
{
    for (unsigned i = 0; i < id->length; i++)
        if (id->bytes[i] < ' ' || id->bytes[i] > '~')
            return false;
    return true;
}

char *lldp_id_format(const struct lldp_id *id, bool is_mac, char *buf)
{
    if (!is_mac && is_text(id)) {
        memcpy(buf, id->bytes, id->length);
        buf[id->length] = '\0';
        return buf;
    }
    buf[0] = '\0';
    for (unsigned i = 0; i < id->length; i++)
        snprintf(buf + 3 * i, 4, i + 1u < id->length ? "%02x:" : "%02x", id->bytes[i]);
    return buf;
}

/* ---- Reading ------------------------------------------------------------------------------- */

static bool read_id(struct lldp_id *id, const uint8_t *value, uint32_t length)
{
    if (length < 2 || length > 1 + LLDP_ID_MAX)
        return false;
    id->subtype = value[0];
    id->length = (uint8_t)(length - 1);
    memcpy(id->bytes, value + 1, length - 1);
    return true;
}

static bool read_ttl(struct lldpdu *pdu, const uint8_t *value, uint32_t length)
{
    if (length < 2)
        return false;
    pdu->ttl = (uint16_t)(value[0] << 8 | value[1]);
    return true;
}

/* What is no text is left out (9.2.7.7.2: a TLV with faults of its own spoils no other). */
static void read_text(char *out, const uint8_t *value, uint32_t length)
{
    if (length > 255 || !g_utf8_validate((const char *)value, (gssize)length, NULL))
        return;
    memcpy(out, value, length);
    out[length] = '\0';
}

static void read_capabilities(struct lldpdu *pdu, const uint8_t *value, uint32_t length)
{
    if (length < 4)
        return;
    pdu->has_capabilities = true;
    pdu->capabilities = (uint16_t)(value[0] << 8 | value[1]);
    pdu->enabled = (uint16_t)(value[2] << 8 | value[3]);
}

/* The first IPv4 address counts. */
static void read_management(struct lldpdu *pdu, const uint8_t *value, uint32_t length)
{
    if (length < 11 || value[0] != 5 || value[1] != IPV4_NUMBER || pdu->management)
        return;
    pdu->management = (ip4)value[2] << 24 | (ip4)value[3] << 16 | (ip4)value[4] << 8 | value[5];
    pdu->management_port =
        (uint32_t)value[7] << 24 | (uint32_t)value[8] << 16 | (uint32_t)value[9] << 8 | value[10];
}

/* False if the list ends here with a fault. */
static bool read_mandatory(struct lldpdu *pdu, unsigned place, unsigned type, const uint8_t *value,
                           uint32_t length)
{
    if (type != place)
        return false;
    if (type == LLDP_CHASSIS)
        return read_id(&pdu->chassis, value, length);
    return type == LLDP_PORT ? read_id(&pdu->port, value, length) : read_ttl(pdu, value, length);
}

static bool read_optional(struct lldpdu *pdu, unsigned type, const uint8_t *value, uint32_t length)
{
    switch (type) {
    case LLDP_CHASSIS:
    case LLDP_PORT:
    case LLDP_TTL:
        return false; /* once only */
    case LLDP_PORT_DESCRIPTION:
        read_text(pdu->port_description, value, length);
        break;
    case LLDP_SYSTEM_NAME:
        read_text(pdu->system, value, length);
        break;
    case LLDP_SYSTEM_DESCRIPTION:
        read_text(pdu->description, value, length);
        break;
    case LLDP_CAPABILITIES:
        read_capabilities(pdu, value, length);
        break;
    case LLDP_MANAGEMENT:
        read_management(pdu, value, length);
        break;
    default:
        break;
    }
    return true;
}

enum lldpdu_status lldpdu_parse(const uint8_t *buf, uint32_t len, struct lldpdu *pdu)
{
    unsigned place = 1;

    memset(pdu, 0, sizeof *pdu);
    for (uint32_t at = 0; len - at >= HEADER; place++) {
        unsigned type = buf[at] >> 1;
        uint32_t length = (uint32_t)(buf[at] & 1) << 8 | buf[at + 1];
        const uint8_t *value = buf + at + HEADER;
        if (type == LLDP_END && place > LLDP_TTL)
            return LLDPDU_OK;
        if (length > len - at - HEADER)
            return LLDPDU_MALFORMED;
        if (!(place <= LLDP_TTL ? read_mandatory(pdu, place, type, value, length)
                                : read_optional(pdu, type, value, length)))
            return LLDPDU_MALFORMED;
        at += HEADER + length;
    }
    return LLDPDU_MALFORMED; /* no end */
}

/* ---- Writing ------------------------------------------------------------------------------- */

struct writer {
    uint8_t *buf;
    uint32_t at;
};

static void put_tlv(struct writer *w, unsigned type, const void *value, uint32_t length)
{
    if (w->at + HEADER + length > LLDPDU_MAX - HEADER) /* there is room for the end */
        return;
    w->buf[w->at] = (uint8_t)(type << 1 | length >> 8);
    w->buf[w->at + 1] = (uint8_t)length;
    memcpy(w->buf + w->at + HEADER, value, length);
    w->at += HEADER + length;
}

static void put_id(struct writer *w, unsigned type, const struct lldp_id *id)
{
    uint8_t value[1 + LLDP_ID_MAX] = { id->subtype };

    memcpy(value + 1, id->bytes, id->length);
    put_tlv(w, type, value, 1u + id->length);
}

static void put_text(struct writer *w, unsigned type, const char *text)
{
    if (text[0])
        put_tlv(w, type, text, (uint32_t)strlen(text));
}

static void put_management(struct writer *w, const struct lldpdu *pdu)
{
    uint8_t value[12] = { 5,
                          IPV4_NUMBER,
                          (uint8_t)(pdu->management >> 24),
                          (uint8_t)(pdu->management >> 16),
                          (uint8_t)(pdu->management >> 8),
                          (uint8_t)pdu->management,
                          BY_IFINDEX,
                          0,
                          0,
                          (uint8_t)(pdu->management_port >> 8),
                          (uint8_t)pdu->management_port,
                          0 /* no object identifier */ };

    if (pdu->management)
        put_tlv(w, LLDP_MANAGEMENT, value, sizeof value);
}

uint32_t lldpdu_emit(uint8_t *buf, const struct lldpdu *pdu)
{
    struct writer w = { buf, 0 };
    uint8_t ttl[2] = { (uint8_t)(pdu->ttl >> 8), (uint8_t)pdu->ttl };
    uint8_t capabilities[4] = { (uint8_t)(pdu->capabilities >> 8), (uint8_t)pdu->capabilities,
                                (uint8_t)(pdu->enabled >> 8), (uint8_t)pdu->enabled };

    put_id(&w, LLDP_CHASSIS, &pdu->chassis);
    put_id(&w, LLDP_PORT, &pdu->port);
    put_tlv(&w, LLDP_TTL, ttl, sizeof ttl);
    put_text(&w, LLDP_PORT_DESCRIPTION, pdu->port_description);
    put_text(&w, LLDP_SYSTEM_NAME, pdu->system);
    put_text(&w, LLDP_SYSTEM_DESCRIPTION, pdu->description);
    if (pdu->has_capabilities)
        put_tlv(&w, LLDP_CAPABILITIES, capabilities, sizeof capabilities);
    put_management(&w, pdu);
    w.buf[w.at++] = LLDP_END;
    w.buf[w.at++] = 0;
    return w.at;
}
