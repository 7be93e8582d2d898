#include "sim/queue.h"

#include <glib.h>

#include "sim/event.h"

/* A 4-ary heap. */

static inline bool before(const struct queue_entry *a, const struct queue_entry *b)
{
    unsigned __int128 ka = (unsigned __int128)(uint64_t)a->time << 64 | a->order;
    unsigned __int128 kb = (unsigned __int128)(uint64_t)b->time << 64 | b->order;
    return ka < kb;
}

void queue_init(struct event_queue *queue)
{
    *queue = (struct event_queue){ .capacity = 64 };
    queue->heap = g_new(struct queue_entry, queue->capacity);
}

void queue_fini(struct event_queue *queue)
{
    g_free(queue->heap);
    *queue = (struct event_queue){ 0 };
}

void queue_push(struct event_queue *queue, struct queue_entry entry)
{
    if (queue->size == queue->capacity) {
        queue->capacity *= 2;
        queue->heap = g_renew(struct queue_entry, queue->heap, queue->capacity);
    }
    size_t at = queue->size++;
    while (at > 0) {
        size_t up = (at - 1) / 4;
        if (!before(&entry, &queue->heap[up]))
            break;
        queue->heap[at] = queue->heap[up];
        at = up;
    }
    queue->heap[at] = entry;
    queue->live++;
}

void queue_forget(struct event_queue *queue)
{
    queue->live--;
}

static void sift_down(struct event_queue *queue, struct queue_entry entry)
{
    size_t at = 0, n = queue->size;
    for (;;) {
        size_t first = 4 * at + 1, least = first;
        if (first >= n)
            break;
        for (size_t i = first + 1; i < first + 4 && i < n; i++)
            if (before(&queue->heap[i], &queue->heap[least]))
                least = i;
        if (!before(&queue->heap[least], &entry))
            break;
        queue->heap[at] = queue->heap[least];
        at = least;
    }
    queue->heap[at] = entry;
}

bool queue_pop(struct event_queue *queue, sim_time until, struct queue_entry *out)
{
    while (queue->size > 0 && queue->heap[0].time <= until) {
        *out = queue->heap[0];
        queue->size--;
        if (queue->size > 0)
            sift_down(queue, queue->heap[queue->size]);
        if (out->event->order == out->order) {
            queue->live--;
            return true;
        }
    }
    return false;
}
