#include "protocols/l2/lacpdu.h"

#include <glib.h>

enum { TLV_ACTOR = 1, TLV_PARTNER = 2, TLV_COLLECTOR = 3, INFO_LEN = 20, COLLECTOR_LEN = 16 };

/* ---- LACPDUs ------------------------------------------------------------------------------- */

enum lacpdu_status lacpdu_check(const uint8_t *buf, uint32_t len)
{
    const struct lacpdu_wire *w = (const struct lacpdu_wire *)buf;

    if (len < 1)
        return LACPDU_MALFORMED;
    if (w->subtype != SLOW_LACP)
        return LACPDU_UNKNOWN;
    if (len < LACPDU_LEN || w->actor.length != INFO_LEN || w->partner.length != INFO_LEN ||
        w->collector_length != COLLECTOR_LEN || w->terminator_length != 0)
        return LACPDU_MALFORMED;
    return LACPDU_OK;
}

static void info_parse(const struct lacp_info_wire *w, struct lacp_info *info)
{
    *info = (struct lacp_info){
        .system_priority = get_be16(w->system_priority),
        .system = w->system,
        .key = get_be16(w->key),
        .port_priority = get_be16(w->port_priority),
        .port = get_be16(w->port),
        .state = w->state,
    };
}

static void info_emit(struct lacp_info_wire *w, uint8_t type, const struct lacp_info *info)
{
    *w = (struct lacp_info_wire){
        .type = type,
        .length = INFO_LEN,
        .system_priority = put_be16(info->system_priority),
        .system = info->system,
        .key = put_be16(info->key),
        .port_priority = put_be16(info->port_priority),
        .port = put_be16(info->port),
        .state = info->state,
    };
}

void lacpdu_parse(const uint8_t *buf, struct lacpdu *pdu)
{
    const struct lacpdu_wire *w = (const struct lacpdu_wire *)buf;

    info_parse(&w->actor, &pdu->actor);
    info_parse(&w->partner, &pdu->partner);
    pdu->max_delay = get_be16(w->max_delay);
}

void lacpdu_emit(uint8_t *buf, const struct lacpdu *pdu)
{
    struct lacpdu_wire *w = (struct lacpdu_wire *)buf;

    *w = (struct lacpdu_wire){
        .subtype = SLOW_LACP,
        .version = LACPDU_VERSION,
        .collector_type = TLV_COLLECTOR,
        .collector_length = COLLECTOR_LEN,
        .max_delay = put_be16(pdu->max_delay),
    };
    info_emit(&w->actor, TLV_ACTOR, &pdu->actor);
    info_emit(&w->partner, TLV_PARTNER, &pdu->partner);
}

/* ---- Markers ------------------------------------------------------------------------------- */

enum lacpdu_status marker_check(const uint8_t *buf, uint32_t len)
{
    const struct marker_wire *w = (const struct marker_wire *)buf;

    if (len < 1)
        return LACPDU_MALFORMED;
    if (w->subtype != SLOW_MARKER)
        return LACPDU_UNKNOWN;
    if (len < LACPDU_LEN || w->length != MARKER_LEN)
        return LACPDU_MALFORMED;
    return w->type == MARKER_INFORMATION ? LACPDU_OK : LACPDU_UNKNOWN;
}

/* ---- Frames -------------------------------------------------------------------------------- */

struct packet *slow_frame(struct sim *sim, const struct eth_addr *src, uint8_t **pdu)
{
    struct eth eth = { .dst = SLOW_GROUP, .src = *src, .type = ETH_TYPE_SLOW };
    struct packet *frame = packet_new(sim);

    *pdu = packet_push(frame, LACPDU_LEN);
    eth_emit(packet_push(frame, ETH_LEN), &eth);
    return frame;
}

const uint8_t *slow_pdu(struct packet *frame, uint32_t *length)
{
    uint32_t whole = packet_len(frame);

    if (whole <= ETH_LEN)
        return NULL;
    *length = MIN(whole - ETH_LEN, (uint32_t)LACPDU_LEN);
    return packet_need(frame, ETH_LEN + *length) ? packet_data(frame) + ETH_LEN : NULL;
}
