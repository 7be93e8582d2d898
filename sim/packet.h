/* A packet is the bytes on the wire: real headers in a small inline buffer with headroom, and a
 * payload by reference.  Layers push their header in front and pull it off again.
 *
 * No packet vanishes.  Each is created once (packet_new, packet_clone, packet_slice) and ends
 * once: delivered, dropped at a place for a reason, or consumed (reassembled, answered).  The pool
 * counts all four. */
#ifndef WEFT_SIM_PACKET_H
#define WEFT_SIM_PACKET_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "sim/blob.h"
#include "sim/pool.h"
#include "sim/simtime.h"

struct sim;

enum { PACKET_SIZE = 256, PACKET_BUF = 152 };

enum packet_flag {
    PACKET_CSUM_PENDING = 1 << 0, /* the L4 checksum field is not filled in yet */
    PACKET_UNTRUSTED = 1 << 1,    /* bytes came from outside or may be damaged: verify checksums */
    PACKET_BAD_FCS = 1 << 2,      /* bits were hit on the wire: the receiver's FCS check drops it */
    PACKET_RETRANSMIT = 1 << 3,   /* carries data sent before */
    PACKET_KEEP_CWR = 1 << 4,     /* of a super-segment: all its pieces bear the CWR flag */
    PACKET_OWNED = 1 << 5,        /* packet->owner waits for it to leave */
    PACKET_PIECE = 1 << 6,        /* was cut in front of the queue of a link that is watched */
};

/* What became of a packet that was handed down to an interface: Linux's NET_XMIT_*.  Who sends
 * takes both of the others as a sign that the host's own queue is congested.  Below zero, so that a
 * function can say the errno of another failure in the same place. */
enum xmit {
    XMIT_SENT = 0,     /* it is under way, or waits in a queue */
    XMIT_DROPPED = -1, /* the queue has refused it (NET_XMIT_DROP) */
    XMIT_CN = -2,      /* the queue dropped a packet, perhaps another one (NET_XMIT_CN) */
};

/* Who wants to know how much of what was sent has not left its host yet. */
struct packet_owner {
    uint32_t bytes;                           /* that wait, as Linux's truesize counts */
    void (*left)(struct packet_owner *owner); /* some have left; no place to send from */
};

struct packet {
    /* What a hop touches: one cache line. */
    struct packet *next; /* in a queue, a pipe or the pool's free list */
    struct blob *blob;   /* payload; NULL if payload_len is 0 */
    uint64_t offset;     /* of the payload in the blob */
    uint32_t payload_len;
    uint16_t head, tail; /* the header bytes are buf[head, tail) */
    sim_time when;       /* enqueued, or arriving: whoever holds the packet says which */
    uint64_t order;      /* of its arrival event (event.h) */
    uint32_t flow_hash;
    uint16_t gso_size; /* > 0: a super-segment of pieces this large */
    uint8_t flags;
    uint8_t l3, l4;       /* where in buf these headers start; 0 when not known */
    uint8_t transmission; /* 1: first sending of its data; counts up, saturating */
    uint16_t ifindex;     /* interface it came in by; 0: made here */
    uint16_t bridges;     /* switches and hubs passed since its station sent it */
    uint8_t priority;     /* 0 to 7, as a switch classed it (IEEE 802.1Q 6.9.3) */

    /* Colder. */
    struct sim *sim;
    uint64_t id;   /* unique, in order of creation */
    sim_time born; /* when the packet was created */
    uint32_t flow; /* the traffic source's number, 0 if none */
    uint32_t mark;
    struct packet_owner *owner; /* with PACKET_OWNED */
    uint8_t buf[PACKET_BUF];
};

_Static_assert(sizeof(struct packet) == PACKET_SIZE, "a packet is 256 bytes");

struct packet_pool {
    struct pool pool;
    uint64_t created, delivered, dropped, consumed;
};

/* A packet without any bytes, its headroom as large as can be. */
struct packet *packet_new(struct sim *sim);

/* The same bytes and metadata once more, with an id of its own. */
struct packet *packet_clone(const struct packet *packet);

/* A new packet with the bytes [from, from + length) of `packet`, headers first; they must be
 * there.  Metadata is copied, l3 and l4 are not. */
struct packet *packet_slice(const struct packet *packet, uint32_t from, uint32_t length);

/* The three ends of a packet, beside packet_drop (drop.h). */
void packet_delivered(struct packet *packet); /* reached the one it was for */
void packet_consumed(struct packet *packet);  /* used up on the way: reassembled, answered, split */

/* The packet is consumed, and a new one takes over its memory and what it holds. */
void packet_replaced(struct packet *packet);

/* Visits each packet that is alive, in no meaningful order.  Takes as long as the simulation once
 * had packets at a time: for results and tests. */
void packet_each(struct sim *sim, void (*visit)(const struct packet *packet, void *data),
                 void *data);

/* What Linux accounts for an sk_buff that is sent beside its bytes. */
enum { PACKET_OVERHEAD = 832 };

static inline uint32_t packet_truesize(const struct packet *packet)
{
    return packet->payload_len + PACKET_OVERHEAD;
}

/* The packet is charged to `owner` until it leaves (packet_disown) or ends. */
static inline void packet_own(struct packet *packet, struct packet_owner *owner)
{
    packet->owner = owner;
    packet->flags |= PACKET_OWNED;
    owner->bytes += packet_truesize(packet);
}

/* So many bytes of it have left. */
static inline void packet_owner_left(struct packet_owner *owner, uint32_t bytes)
{
    owner->bytes -= bytes;
    owner->left(owner);
}

/* Frees without counting; only for the functions that count. */
void packet_release(struct packet *packet);

static inline uint32_t packet_header_len(const struct packet *packet)
{
    return (uint32_t)(packet->tail - packet->head);
}

/* Bytes from the current header to the end of the payload. */
static inline uint32_t packet_len(const struct packet *packet)
{
    return packet_header_len(packet) + packet->payload_len;
}

/* Segments that the packet will be on the wire: more than one of a super-segment. */
static inline uint32_t packet_segments(const struct packet *packet)
{
    uint32_t size = packet->gso_size;
    return __builtin_expect(size == 0, 1) ? 1 : (packet->payload_len + size - 1) / size;
}

/* Where the current (outermost not pulled) header starts. */
static inline uint8_t *packet_data(struct packet *packet)
{
    return packet->buf + packet->head;
}

/* Fetches the headers into the cache: they end where the buffer does. */
static inline void packet_prefetch_headers(const struct packet *packet)
{
    __builtin_prefetch(packet->buf + PACKET_BUF - 64, 1);
    __builtin_prefetch(packet->buf + PACKET_BUF - 128, 1);
}

/* Room for `n` header bytes in front; returns where they go. */
static inline uint8_t *packet_push(struct packet *packet, uint32_t n)
{
    assert(n <= packet->head);
    packet->head = (uint16_t)(packet->head - n);
    return packet->buf + packet->head;
}

/* Takes `n` header bytes off the front; they must be in the header part. */
static inline void packet_pull(struct packet *packet, uint32_t n)
{
    assert(n <= packet_header_len(packet));
    packet->head = (uint16_t)(packet->head + n);
}

/* For packet_need alone. */
bool packet_gather(struct packet *packet, uint32_t n);

/* Makes the first `n` bytes header bytes, taking them from the payload if need be.  False if the
 * packet is shorter than that or the buffer cannot hold them. */
static inline bool packet_need(struct packet *packet, uint32_t n)
{
    return n <= packet_header_len(packet) || packet_gather(packet, n);
}

/* Shortens the packet to `length` bytes from the current header. */
void packet_trim(struct packet *packet, uint32_t length);

/* Sets the payload, in place of the one it has; takes over the caller's reference to `blob`. */
static inline void packet_set_payload(struct packet *packet, struct blob *blob, uint64_t offset,
                                      uint32_t length)
{
    blob_unref(packet->blob);
    packet->blob = blob;
    if (length == 0) {
        blob_unref(blob);
        packet->blob = NULL;
    }
    packet->offset = offset;
    packet->payload_len = length;
}

/* Copies bytes [from, from + length) from the current header on to `out`. */
void packet_read(const struct packet *packet, uint32_t from, void *out, uint32_t length);

/* A FIFO of packets through packet->next. */
struct packet_fifo {
    struct packet *first, **last;
};

static inline void packet_fifo_init(struct packet_fifo *fifo)
{
    fifo->first = NULL;
    fifo->last = &fifo->first;
}

static inline void packet_fifo_push(struct packet_fifo *fifo, struct packet *packet)
{
    packet->next = NULL;
    *fifo->last = packet;
    fifo->last = &packet->next;
}

static inline struct packet *packet_fifo_pop(struct packet_fifo *fifo)
{
    struct packet *packet = fifo->first;
    if (packet && !(fifo->first = packet->next))
        fifo->last = &fifo->first;
    return packet;
}

#endif
