#include "protocols/tcp/rtxq.h"

#include <glib.h>

enum { RING_LEAST = 8 };

void rtxq_grow(struct tcp_rtxq *q)
{
    uint32_t count = rtxq_count(q), capacity = q->ring ? (q->mask + 1) * 2 : RING_LEAST;
    struct tcp_seg **ring = g_new(struct tcp_seg *, capacity);

    for (uint32_t i = 0; i < count; i++)
        ring[(q->first + i) & (capacity - 1)] = rtxq_at(q, q->first + i);
    g_free(q->ring);
    q->ring = ring;
    q->mask = capacity - 1;
}

uint32_t rtxq_find(const struct tcp_rtxq *q, uint32_t seq)
{
    uint32_t low = 0, high = rtxq_count(q);

    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (after(rtxq_at(q, q->first + middle)->end_seq, seq))
            high = middle;
        else
            low = middle + 1;
    }
    return q->first + low;
}

void rtxq_insert_after(struct tcp_rtxq *q, uint32_t position, struct tcp_seg *seg)
{
    rtxq_push(q, seg);
    for (uint32_t i = q->last - 1; i != position + 1; i--)
        q->ring[i & q->mask] = q->ring[(i - 1) & q->mask];
    q->ring[(position + 1) & q->mask] = seg;
}

void rtxq_remove(struct tcp_rtxq *q, uint32_t position)
{
    for (uint32_t i = position; i + 1 != q->last; i++)
        q->ring[i & q->mask] = q->ring[(i + 1) & q->mask];
    q->last--;
}

void rtxq_free(struct tcp_rtxq *q)
{
    g_free(q->ring);
    q->ring = NULL;
    q->mask = 0;
}
