/* prio: bands of strict priority, as Linux's sch_prio (tc-prio(8)).
 *
 * A packet's priority, 0 to 15, chooses its band by `priomap`; of the bands that hold packets the
 * first one's leave first, however long the others wait.  The priority is the one by which a switch
 * classed the frame (the PCP of its VLAN tag), else follows from the TOS of an IPv4 header as in
 * Linux.  Each band is a pfifo. */
#include "models/qdisc/qdisc.h"
#include "protocols/wire/eth.h"
#include "protocols/wire/ipv4.h"
#include "protocols/wire/vlan.h"

enum { BANDS = 16, PRIORITIES = 16 };

struct prio {
    uint32_t bands, limit;
    char *priomap;
    uint8_t band_of[PRIORITIES];
    struct {
        struct packet_fifo list;
        uint32_t packets;
    } band[BANDS];
};

static struct prio *prio_of(struct qdisc *q)
{
    return (struct prio *)q->priv;
}

/* False if it is no list of 16 bands. */
static bool read_map(struct prio *p, const char *text)
{
    for (int i = 0; i < PRIORITIES; i++) {
        char *end;
        unsigned long band = strtoul(text, &end, 10);
        if (end == text || band >= p->bands || *end != (i < PRIORITIES - 1 ? ',' : '\0'))
            return false;
        p->band_of[i] = (uint8_t)band;
        text = end + 1;
    }
    return true;
}

static void prio_init(struct qdisc *q)
{
    for (int i = 0; i < BANDS; i++)
        packet_fifo_init(&prio_of(q)->band[i].list);
    read_map(prio_of(q), prio_of(q)->priomap);
}

/* After parameters are set; fewer bands than the default map has are all right as in tc: what would
 * go beyond goes into the last. */
static bool prio_check(struct qdisc *q, GError **error)
{
    struct prio *p = prio_of(q);
    static const char *const fallback = "1,2,2,2,1,2,0,0,1,1,1,1,1,1,1,1";

    if (read_map(p, p->priomap))
        return true;
    if (strcmp(p->priomap, fallback) == 0) {
        for (int i = 0; i < PRIORITIES; i++)
            p->band_of[i] = (uint8_t)MIN((uint32_t)(fallback[2 * i] - '0'), p->bands - 1);
        return true;
    }
    g_set_error(error, WEFT_ERROR, WEFT_ERROR_RANGE,
                "priomap \"%s\": write 16 numbers below bands = %u with commas between, one for "
                "each priority",
                p->priomap, p->bands);
    return false;
}

/* Linux's rt_tos2priority: the classes best effort, bulk, interactive, interactive bulk. */
static uint8_t priority_of_tos(uint8_t tos)
{
    static const uint8_t classes[] = { 0, 2, 6, 4 };

    return classes[tos >> 3 & 3];
}

static uint8_t priority_of(struct packet *packet)
{
    uint32_t at = ETH_LEN + vlan_tags(packet) * VLAN_TAG_LEN;

    if (packet->priority > 0)
        return packet->priority;
    if (!packet_need(packet, at + IPV4_LEN))
        return 0;
    uint8_t *header = packet_data(packet) + at;
    if (get_be16(*(be16 *)(header - 2)) != ETH_TYPE_IPV4)
        return 0;
    return priority_of_tos(ipv4_at(header)->tos);
}

static enum xmit prio_enqueue(struct qdisc *q, struct packet *packet, sim_time now)
{
    struct prio *p = prio_of(q);
    uint8_t band = p->band_of[priority_of(packet)];

    if (p->band[band].packets >= p->limit) {
        packet_drop(packet, q->drops, &drop_queue_full);
        return XMIT_DROPPED;
    }
    p->band[band].packets++;
    q->packets++;
    q->bytes += qdisc_packet_bytes(packet);
    packet_fifo_push(&p->band[band].list, packet);
    return XMIT_SENT;
}

static struct packet *prio_dequeue(struct qdisc *q, sim_time now)
{
    struct prio *p = prio_of(q);

    for (uint32_t i = 0; i < p->bands; i++) {
        struct packet *packet = packet_fifo_pop(&p->band[i].list);
        if (!packet)
            continue;
        p->band[i].packets--;
        q->packets--;
        q->bytes -= qdisc_packet_bytes(packet);
        return packet;
    }
    return NULL;
}

static void prio_purge(struct qdisc *q, const struct drop_reason *reason)
{
    struct packet *packet;

    while ((packet = prio_dequeue(q, 0)))
        packet_drop(packet, q->drops, reason);
}

static const struct param prio_params[] = {
    { "bands", PARAM_U32, offsetof(struct prio, bands), "3", 1, BANDS, "how many bands" },
    { "priomap", PARAM_STRING, offsetof(struct prio, priomap), "1,2,2,2,1,2,0,0,1,1,1,1,1,1,1,1", 0,
      0, "the band of each priority from 0 to 15, with commas between" },
    { "limit", PARAM_U32, offsetof(struct prio, limit), "1000", 0, UINT32_MAX,
      "packets that may wait in each band" },
    PARAM_END,
};

static const struct qdisc_ops prio_ops = {
    .name = "prio",
    .doc = "bands of strict priority, by VLAN tag or TOS (tc-prio(8))",
    .params = prio_params,
    .priv_size = sizeof(struct prio),
    .init = prio_init,
    .check = prio_check,
    .enqueue = prio_enqueue,
    .dequeue = prio_dequeue,
    .purge = prio_purge,
};

const struct qdisc_ops *const prio_module[] = { &prio_ops, NULL };
