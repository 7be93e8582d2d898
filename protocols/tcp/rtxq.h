/* The retransmission queue: segments in flight in the order of their sequence numbers, as a ring
 * of pointers.  Acknowledging takes off the front, sending adds to the end, and the segment that
 * holds a given sequence number is found by bisection.  Positions count up modulo 2^32 and stay
 * valid while the segment is there, except that an insertion shifts those behind it. */
#ifndef WEFT_PROTOCOLS_TCP_RTXQ_H
#define WEFT_PROTOCOLS_TCP_RTXQ_H

#include "protocols/tcp/conn.h"

static inline bool rtxq_empty(const struct tcp_rtxq *q)
{
    return q->first == q->last;
}

static inline uint32_t rtxq_count(const struct tcp_rtxq *q)
{
    return q->last - q->first;
}

static inline struct tcp_seg *rtxq_at(const struct tcp_rtxq *q, uint32_t position)
{
    return q->ring[position & q->mask];
}

/* The oldest segment; the queue is not empty. */
static inline struct tcp_seg *rtxq_head(const struct tcp_rtxq *q)
{
    return rtxq_at(q, q->first);
}

static inline struct tcp_seg *rtxq_tail(const struct tcp_rtxq *q)
{
    return rtxq_at(q, q->last - 1);
}

/* For rtxq_push alone: doubles the ring. */
void rtxq_grow(struct tcp_rtxq *q);

static inline void rtxq_push(struct tcp_rtxq *q, struct tcp_seg *seg)
{
    if (!q->ring || q->last - q->first > q->mask)
        rtxq_grow(q);
    q->ring[q->last++ & q->mask] = seg;
}

static inline void rtxq_pop(struct tcp_rtxq *q)
{
    q->first++;
}

/* Position of the first segment that ends behind `seq`; q->last if there is none. */
uint32_t rtxq_find(const struct tcp_rtxq *q, uint32_t seq);

/* Inserts behind `position`. */
void rtxq_insert_after(struct tcp_rtxq *q, uint32_t position, struct tcp_seg *seg);

/* Takes the segment at `position` out. */
void rtxq_remove(struct tcp_rtxq *q, uint32_t position);

/* Gives the memory back; the queue is empty. */
void rtxq_free(struct tcp_rtxq *q);

#endif
