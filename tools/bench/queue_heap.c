/* Candidate: a 4-ary heap of small entries. */
#include <glib.h>

#include "sim/event.h"

struct entry {
    sim_time time;
    uint64_t order;
    struct event *event;
};

struct heap_queue {
    struct entry *heap;
    size_t size, capacity, stale;
};

#define QUEUE_NAME  "heap4"
#define QUEUE(verb) heap_##verb

static inline bool before(const struct entry *a, const struct entry *b)
{
    unsigned __int128 ka = (unsigned __int128)(uint64_t)a->time << 64 | a->order;
    unsigned __int128 kb = (unsigned __int128)(uint64_t)b->time << 64 | b->order;
    return ka < kb;
}

static void heap_init(struct heap_queue *q)
{
    q->capacity = 64;
    q->heap = g_new(struct entry, q->capacity);
}

static void heap_fini(struct heap_queue *q)
{
    g_free(q->heap);
}

static void sift_down(struct heap_queue *q, size_t at, struct entry entry)
{
    size_t n = q->size;

    for (;;) {
        size_t first = 4 * at + 1, least = first;
        if (first >= n)
            break;
        for (size_t i = first + 1; i < first + 4 && i < n; i++)
            least = before(&q->heap[i], &q->heap[least]) ? i : least;
        if (!before(&q->heap[least], &entry))
            break;
        q->heap[at] = q->heap[least];
        at = least;
    }
    q->heap[at] = entry;
}

__attribute__((noinline)) static void heap_push(struct heap_queue *q, struct event *ev)
{
    struct entry entry = { ev->time, ev->order, ev };

    if (q->size == q->capacity) {
        q->capacity *= 2;
        q->heap = g_renew(struct entry, q->heap, q->capacity);
    }
    size_t at = q->size++;
    while (at > 0) {
        size_t up = (at - 1) / 4;
        if (!before(&entry, &q->heap[up]))
            break;
        q->heap[at] = q->heap[up];
        at = up;
    }
    q->heap[at] = entry;
}

static void sweep(struct heap_queue *q)
{
    size_t kept = 0;

    for (size_t i = 0; i < q->size; i++)
        if (q->heap[i].event->order == q->heap[i].order)
            q->heap[kept++] = q->heap[i];
    q->size = kept;
    q->stale = 0;
    for (size_t i = kept / 4 + 1; i-- > 0;)
        if (i < kept)
            sift_down(q, i, q->heap[i]);
}

__attribute__((noinline)) static void heap_forget(struct heap_queue *q)
{
    if (++q->stale > q->size / 2 + 64)
        sweep(q);
}

__attribute__((noinline)) static struct event *heap_pop(struct heap_queue *q, sim_time until)
{
    while (q->size > 0 && q->heap[0].time <= until) {
        struct entry least = q->heap[0];
        if (--q->size > 0)
            sift_down(q, 0, q->heap[q->size]);
        __builtin_prefetch(q->heap[0].event);
        if (least.event->order == least.order)
            return least.event;
        q->stale--;
    }
    return NULL;
}

#include "tools/bench/hold_run.inc"
