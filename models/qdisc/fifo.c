/* pfifo and bfifo: tail drop, limited by packets or by bytes, as Linux's sch_fifo.
 *
 * A pfifo can also mark, as the switches of data centres do (RFC 8257 3.1): an ECN-capable packet
 * that finds `mark` packets or more before it is marked CE, by the length at that moment and not by
 * an average. */
#include "models/qdisc/qdisc.h"

#include "protocols/wire/ecn.h"

DROP_REASON(queue_full, "the queue was at its limit");

struct fifo {
    struct packet_fifo list;
    uint32_t limit_packets; /* pfifo */
    uint32_t mark;          /* pfifo: packets from which it marks; 0: never */
    uint64_t limit_bytes;   /* bfifo */
};

static struct fifo *fifo_of(struct qdisc *q)
{
    return (struct fifo *)q->priv;
}

static void fifo_init(struct qdisc *q)
{
    packet_fifo_init(&fifo_of(q)->list);
}

/* Linux hands a packet that need not wait past a FIFO (TCQ_F_CAN_BYPASS) unless its limit is 0. */
static bool pfifo_check(struct qdisc *q, GError **error)
{
    q->shut = fifo_of(q)->limit_packets == 0;
    return true;
}

static bool bfifo_check(struct qdisc *q, GError **error)
{
    q->shut = fifo_of(q)->limit_bytes == 0;
    return true;
}

static inline enum xmit append(struct qdisc *q, struct packet *packet)
{
    q->packets++;
    q->bytes += qdisc_packet_bytes(packet);
    packet_fifo_push(&fifo_of(q)->list, packet);
    return XMIT_SENT;
}

static enum xmit pfifo_enqueue(struct qdisc *q, struct packet *packet, sim_time now)
{
    uint32_t mark = fifo_of(q)->mark;

    if (__builtin_expect(mark != 0, 0) && q->packets >= mark && ecn_mark_frame(packet))
        q->marks++;
    if (q->packets < fifo_of(q)->limit_packets)
        return append(q, packet);
    packet_drop(packet, q->drops, &drop_queue_full);
    return XMIT_DROPPED;
}

static enum xmit bfifo_enqueue(struct qdisc *q, struct packet *packet, sim_time now)
{
    if (q->bytes + qdisc_packet_bytes(packet) <= fifo_of(q)->limit_bytes)
        return append(q, packet);
    packet_drop(packet, q->drops, &drop_queue_full);
    return XMIT_DROPPED;
}

static struct packet *fifo_dequeue(struct qdisc *q, sim_time now)
{
    struct packet *packet = packet_fifo_pop(&fifo_of(q)->list);

    if (packet) {
        q->packets--;
        q->bytes -= qdisc_packet_bytes(packet);
    }
    return packet;
}

static void fifo_purge(struct qdisc *q, const struct drop_reason *reason)
{
    struct packet *packet;
    while ((packet = fifo_dequeue(q, 0)))
        packet_drop(packet, q->drops, reason);
}

static const struct param pfifo_params[] = {
    { "limit", PARAM_U32, offsetof(struct fifo, limit_packets), "1000", 0, UINT32_MAX,
      "packets that may wait" },
    { "mark", PARAM_U32, offsetof(struct fifo, mark), "0", 0, UINT32_MAX,
      "packets waiting from which an arriving one is marked CE; 0: never" },
    PARAM_END,
};

static const struct param bfifo_params[] = {
    { "limit", PARAM_SIZE, offsetof(struct fifo, limit_bytes), "1500000", 0, 1e18,
      "bytes that may wait" },
    PARAM_END,
};

static const struct qdisc_ops pfifo_ops = {
    .name = "pfifo",
    .doc = "first in, first out; at most `limit` packets wait (tc-pfifo(8))",
    .params = pfifo_params,
    .priv_size = sizeof(struct fifo),
    .fifo = true,
    .init = fifo_init,
    .check = pfifo_check,
    .enqueue = pfifo_enqueue,
    .dequeue = fifo_dequeue,
    .purge = fifo_purge,
};

static const struct qdisc_ops bfifo_ops = {
    .name = "bfifo",
    .doc = "first in, first out; at most `limit` bytes wait (tc-bfifo(8))",
    .params = bfifo_params,
    .priv_size = sizeof(struct fifo),
    .fifo = true,
    .init = fifo_init,
    .check = bfifo_check,
    .enqueue = bfifo_enqueue,
    .dequeue = fifo_dequeue,
    .purge = fifo_purge,
};

const struct qdisc_ops *const fifo_module[] = { &pfifo_ops, &bfifo_ops, NULL };
