#include "protocols/l2/bpdu.h"

enum { LLC_SAP_BRIDGE = 0x42, LLC_UI = 0x03 };

uint32_t bpdu_length(uint8_t type)
{
    return type == BPDU_TCN ? BPDU_TCN_LEN : type == BPDU_RST ? BPDU_RST_LEN : BPDU_CONFIG_LEN;
}

/* The version counts for the RST type alone: what bears an older type reads the same in any version
 * (9.3.4). */
enum bpdu_status bpdu_check(const uint8_t *buf, uint32_t len)
{
    const struct bpdu_wire *w = (const struct bpdu_wire *)buf;

    if (len < BPDU_TCN_LEN)
        return BPDU_MALFORMED;
    if (get_be16(w->protocol) != 0)
        return BPDU_UNKNOWN;
    if (w->type != BPDU_CONFIG && w->type != BPDU_TCN &&
        (w->type != BPDU_RST || w->version < BPDU_VERSION_RSTP))
        return BPDU_UNKNOWN;
    return len < bpdu_length(w->type) ? BPDU_MALFORMED : BPDU_OK;
}

static uint64_t bridge_id_get(const struct bpdu_bridge_id *w)
{
    uint64_t id = get_be16(w->priority);

    for (int i = 0; i < ETH_ADDR_LEN; i++)
        id = id << 8 | w->mac.b[i];
    return id;
}

static void bridge_id_put(struct bpdu_bridge_id *w, uint64_t id)
{
    w->priority = put_be16((uint16_t)(id >> 48));
    for (int i = 0; i < ETH_ADDR_LEN; i++)
        w->mac.b[i] = (uint8_t)(id >> (40 - 8 * i));
}

void bpdu_parse(const uint8_t *buf, struct bpdu *b)
{
    const struct bpdu_wire *w = (const struct bpdu_wire *)buf;

    *b = (struct bpdu){ .version = w->version, .type = w->type };
    if (w->type == BPDU_TCN)
        return;
    b->flags = w->flags;
    b->vector.root = bridge_id_get(&w->root);
    b->vector.cost = get_be32(w->cost);
    b->vector.bridge = bridge_id_get(&w->bridge);
    b->vector.port = get_be16(w->port);
    b->times.message_age = get_be16(w->message_age);
    b->times.max_age = get_be16(w->max_age);
    b->times.hello = get_be16(w->hello);
    b->times.forward_delay = get_be16(w->forward_delay);
}

void bpdu_emit(uint8_t *buf, const struct bpdu *b)
{
    struct bpdu_wire *w = (struct bpdu_wire *)buf;

    w->protocol = put_be16(0);
    w->version = b->version;
    w->type = b->type;
    if (b->type == BPDU_TCN)
        return;
    w->flags = b->flags;
    bridge_id_put(&w->root, b->vector.root);
    w->cost = put_be32(b->vector.cost);
    bridge_id_put(&w->bridge, b->vector.bridge);
    w->port = put_be16(b->vector.port);
    w->message_age = put_be16(b->times.message_age);
    w->max_age = put_be16(b->times.max_age);
    w->hello = put_be16(b->times.hello);
    w->forward_delay = put_be16(b->times.forward_delay);
    if (b->type == BPDU_RST)
        w->version1_length = 0;
}

/* ---- Frames -------------------------------------------------------------------------------- */

enum bpdu_status bpdu_from_frame(struct packet *frame, struct bpdu *bpdu)
{
    struct eth eth;

    if (!packet_need(frame, ETH_LEN + BPDU_LLC_LEN))
        return BPDU_MALFORMED;
    eth_parse(packet_data(frame), &eth);
    if (eth.type >= ETH_TYPE_MIN || eth.type < BPDU_LLC_LEN ||
        eth.type > packet_len(frame) - ETH_LEN)
        return BPDU_MALFORMED;
    uint32_t len = eth.type - (uint32_t)BPDU_LLC_LEN;
    uint32_t most = len < BPDU_RST_LEN ? len : BPDU_RST_LEN;
    if (!packet_need(frame, ETH_LEN + BPDU_LLC_LEN + most))
        return BPDU_MALFORMED;
    const uint8_t *llc = packet_data(frame) + ETH_LEN;
    if (llc[0] != LLC_SAP_BRIDGE || llc[1] != LLC_SAP_BRIDGE || llc[2] != LLC_UI)
        return BPDU_UNKNOWN;
    enum bpdu_status status = bpdu_check(llc + BPDU_LLC_LEN, len);
    if (status == BPDU_OK)
        bpdu_parse(llc + BPDU_LLC_LEN, bpdu);
    return status;
}

struct packet *bpdu_to_frame(struct sim *sim, const struct eth_addr *src, const struct bpdu *bpdu)
{
    uint32_t length = BPDU_LLC_LEN + bpdu_length(bpdu->type);
    struct eth eth = { .dst = BPDU_GROUP, .src = *src, .type = (uint16_t)length };
    struct packet *frame = packet_new(sim);
    uint8_t *at = packet_push(frame, length);

    at[0] = at[1] = LLC_SAP_BRIDGE;
    at[2] = LLC_UI;
    bpdu_emit(at + BPDU_LLC_LEN, bpdu);
    eth_emit(packet_push(frame, ETH_LEN), &eth);
    return frame;
}
