/* Queueing disciplines: what waits in front of a transmitter, in which order it leaves, and what
 * is dropped instead.
 *
 * A discipline owns the packets it holds.  `enqueue` takes a packet over, also when it drops it.
 * Sizes are those of `tc`: the L2 header and payload, without FCS (qdisc_packet_bytes).  A
 * super-segment is one packet here.  Times come as arguments: `now` of a dequeue is the moment at
 * which the transmitter became free, which a lazily drained FIFO may learn of later. */
#ifndef WEFT_MODELS_QDISC_QDISC_H
#define WEFT_MODELS_QDISC_QDISC_H

#include "sim/drop.h"
#include "sim/param.h"
#include "sim/sim.h"

struct qdisc;

struct qdisc_ops {
    const char *name; /* "pfifo" */
    const char *doc;
    const struct param *params; /* in priv; NULL if none */
    uint32_t priv_size;

    /* Order of departure is order of arrival, and packets are only ever dropped by enqueue: the
     * transmitter then needs no event of its own. */
    bool fifo;

    /* Optional: after the parameters are set. */
    void (*init)(struct qdisc *q);
    /* Optional: whether the parameters that were set make sense together. */
    bool (*check)(struct qdisc *q, GError **error);
    /* Mandatory.  Takes the packet over.  XMIT_DROPPED if it dropped it for want of room, XMIT_CN
     * if it dropped this or another packet by a rule of its own; a parent says what its child said.
     */
    enum xmit (*enqueue)(struct qdisc *q, struct packet *packet, sim_time now);
    /* Mandatory.  The next packet to leave at `now`, or NULL. */
    struct packet *(*dequeue)(struct qdisc *q, sim_time now);
    /* Optional: when the next packet may leave, if dequeue returned NULL with packets waiting. */
    sim_time (*next_time)(struct qdisc *q, sim_time now);
    /* Mandatory: drops all packets held, with `reason`. */
    void (*purge)(struct qdisc *q, const struct drop_reason *reason);
    /* Optional. */
    void (*release)(struct qdisc *q);
};

struct qdisc {
    const struct qdisc_ops *ops;
    struct sim *sim;
    struct drops *drops; /* of the interface */
    uint32_t packets;    /* waiting now */
    uint64_t bytes;
    bool shut;         /* it refuses all, also what need not wait (Linux's pfifo with limit 0) */
    uint64_t marks;    /* packets marked CE so far */
    uint64_t rate_bps; /* of the transmitter behind, for limits given in time */
    _Alignas(16) unsigned char priv[]; /* ops->priv_size bytes */
};

/* What a packet counts for: all the bytes that it will be on the wire, of a super-segment with the
 * headers of each segment, as Linux's qdisc_pkt_len. */
static inline uint32_t qdisc_packet_bytes(const struct packet *packet)
{
    uint32_t length = packet_len(packet);

    if (__builtin_expect(packet->gso_size != 0, 0))
        length += (packet_segments(packet) - 1) * packet_header_len(packet);
    return length;
}

/* A discipline by `tc`'s words ("pfifo limit 70"); NULL with an error otherwise. */
struct qdisc *qdisc_parse(struct sim *sim, struct drops *drops, const char *words, GError **error);

/* A discipline with the defaults of its table. */
struct qdisc *qdisc_new(struct sim *sim, struct drops *drops, const struct qdisc_ops *ops);

/* Drops what it holds and frees it. */
void qdisc_free(struct qdisc *q);

/* The discipline of this name, or NULL. */
const struct qdisc_ops *qdisc_find(const char *name);
extern const struct qdisc_ops *const *const qdisc_registry[];

/* Sets one parameter from tc's words. */
bool qdisc_set(struct qdisc *q, const char *name, const char *value, GError **error);

extern const struct drop_reason drop_queue_full, drop_end_of_run;

#endif
