/* Two kinds of sorting for the queue: a 4-ary heap for latecomers, and a merge sort for crowded
 * slots. */
#include <glib.h>
#include <string.h>

#include "sim/queue_parts.h"

enum { INSERT_MAX = 8 };

/* Moves `entry` up from the free place `at`. */
static void sift_up(struct queue_entry *heap, size_t at, struct queue_entry entry)
{
    while (at > 0) {
        size_t up = (at - 1) / 4;
        if (!entry_before(&entry, &heap[up]))
            break;
        heap[at] = heap[up];
        at = up;
    }
    heap[at] = entry;
}

/* Moves `entry` down from the free place `at`. */
static void sift_down(struct queue_entry *heap, size_t n, size_t at, struct queue_entry entry)
{
    for (;;) {
        size_t first = 4 * at + 1, least = first;
        if (first >= n)
            break;
        for (size_t i = first + 1; i < first + 4 && i < n; i++)
            least = entry_before(&heap[i], &heap[least]) ? i : least;
        if (!entry_before(&heap[least], &entry))
            break;
        heap[at] = heap[least];
        at = least;
    }
    heap[at] = entry;
}

void heap_push(struct event_queue *q, const struct queue_entry *entry)
{
    if (q->heap_size == q->heap_capacity) {
        q->heap_capacity = q->heap_capacity ? 2 * q->heap_capacity : 16;
        q->heap = g_renew(struct queue_entry, q->heap, q->heap_capacity);
    }
    sift_up(q->heap, q->heap_size++, *entry);
}

struct queue_entry heap_pop(struct event_queue *q)
{
    struct queue_entry least = q->heap[0];

    if (--q->heap_size > 0)
        sift_down(q->heap, q->heap_size, 0, q->heap[q->heap_size]);
    return least;
}

void heap_sweep(struct event_queue *q)
{
    size_t kept = 0;

    for (size_t i = 0; i < q->heap_size; i++)
        if (entry_live(&q->heap[i]))
            q->heap[kept++] = q->heap[i];
    q->heap_size = kept;
    for (size_t i = (kept + 2) / 4; i-- > 0;)
        sift_down(q->heap, kept, i, q->heap[i]);
}

/* Merges two neighbours that descend each, [0, half) and [half, n). */
static void merge(struct queue_entry *entries, size_t half, size_t n, struct queue_entry *spare)
{
    const struct queue_entry *a = spare, *a_end = spare + half;
    const struct queue_entry *b = entries + half, *b_end = entries + n;

    memcpy(spare, entries, half * sizeof *spare);
    while (a < a_end && b < b_end) {
        bool take_b = entry_before(a, b);
        *entries++ = take_b ? *b : *a;
        b += take_b;
        a += !take_b;
    }
    memcpy(entries, a, (size_t)(a_end - a) * sizeof *a); /* what is left of b is in its place */
}

static void insert_all(struct queue_entry *entries, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        struct queue_entry entry = entries[i];
        size_t at = i;
        for (; at > 0 && entry_before(&entries[at - 1], &entry); at--)
            entries[at] = entries[at - 1];
        entries[at] = entry;
    }
}

/* Merge sort.  What was pushed in order arrives in descending order: that takes one pass. */
void entries_sort(struct queue_entry *entries, size_t n, struct queue_entry *spare)
{
    size_t half = n / 2;

    if (n <= INSERT_MAX) {
        insert_all(entries, n);
        return;
    }
    entries_sort(entries, half, spare);
    entries_sort(entries + half, n - half, spare);
    if (entry_before(&entries[half - 1], &entries[half]))
        merge(entries, half, n, spare);
}
