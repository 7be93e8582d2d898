/* The calendar's upkeep: the slots' width and number, and sweeping. */
#include <glib.h>
#include <string.h>

#include "sim/queue_parts.h"

/* All nodes of the calendar in one list; the slots are left as they are. */
static struct queue_node *collect(struct event_queue *q)
{
    struct queue_node *list = NULL;

    for (uint64_t slot = 0; slot <= q->mask; slot++)
        for (struct queue_node *node = q->slots[slot]; node;) {
            struct queue_node *next = node->next;
            node->next = list;
            list = node;
            node = next;
        }
    return list;
}

static void empty_slots(struct event_queue *q, uint64_t slots)
{
    if (slots != q->mask + 1) {
        g_free(q->slots);
        g_free(q->bits);
        q->slots = g_new0(struct queue_node *, slots);
        q->bits = g_new0(uint64_t, slots / 64);
        q->mask = slots - 1;
    } else {
        memset(q->slots, 0, slots * sizeof *q->slots);
        memset(q->bits, 0, slots / 64 * sizeof *q->bits);
    }
}

/* The new first slot is the one in which the old one began, or that of the far wheel's base if this
 * is later: base must stay in front of whatever will be pushed behind the calendar. */
static void rebuild(struct event_queue *q, uint64_t shift, uint64_t slots)
{
    struct queue_node *list = collect(q);
    uint64_t begin = MAX(calendar_begin(q), q->far->base);

    empty_slots(q, slots);
    q->shift = shift;
    q->tick = (begin >> shift) - 1;
    far_changed(q);
    while (list) {
        struct queue_node *next = list->next;
        node_push(q, list);
        list = next;
    }
}

/* The shift at which slots hold about three events, but only one instant if many share each.  The
 * time between them is measured in slots passed, where a long jump counts as a short one: what
 * matters is how dense the events are where they are.  Between half and double the ideal width it
 * stays. */
static uint64_t wanted_shift(const struct event_queue *q, uint64_t pops)
{
    uint64_t instants = pops > q->twins ? pops - q->twins : 1;
    uint64_t wider = MAX((q->busy_ticks << 8) * 3 / pops, (q->busy_ticks << 8) * 3 / 4 / instants);
    int change = 63 - 8 - __builtin_clzll(wider * 3 / 2 | 1); /* rounds to the nearest power of 2 */

    if (wider >= 128 && wider <= 512)
        return q->shift;
    return (uint64_t)CLAMP((int)q->shift + change, 0, 56);
}

/* More slots if many events had to come through the far wheel; fewer if almost all are empty. */
static uint64_t wanted_slots(const struct event_queue *q, uint64_t pops)
{
    uint64_t slots = q->mask + 1;

    if (q->far_taken * 16 > pops && slots < 2 * queue_entries(q))
        return slots * 2;
    if (calendar_count(q) * 8 < slots && slots > QUEUE_MIN_SLOTS)
        return slots / 2;
    return slots;
}

void queue_tune(struct event_queue *q)
{
    uint64_t pops = q->popped - q->tuned_popped;
    uint64_t shift = wanted_shift(q, pops), slots = wanted_slots(q, pops);

    if (shift != q->shift || slots != q->mask + 1)
        rebuild(q, shift, slots);
    q->tuned_popped = q->popped;
    q->busy_ticks = q->far_taken = q->twins = 0;
    q->tune_at = q->popped + MAX(QUEUE_FIRST_TUNING, slots / 2 + calendar_count(q));
}

/* Sweeping. */

static struct queue_node *sweep_list(struct event_queue *q, struct queue_node *node)
{
    struct queue_node *list = NULL;

    while (node) {
        struct queue_node *next = node->next;
        struct queue_node **to = entry_live(&node->entry) ? &list : &q->free;
        node->next = *to;
        *to = node;
        node = next;
    }
    return list;
}

static void sweep_run(struct event_queue *q)
{
    struct queue_entry *kept = q->run;

    for (const struct queue_entry *e = q->run + 1; e <= q->top; e++)
        if (entry_live(e))
            *++kept = *e;
    q->top = kept;
}

static void sweep_calendar(struct event_queue *q)
{
    for (uint64_t slot = 0; slot <= q->mask; slot++)
        if (q->slots[slot] && !(q->slots[slot] = sweep_list(q, q->slots[slot])))
            q->bits[slot / 64] &= ~((uint64_t)1 << slot % 64);
}

static void sweep_far_slot(struct event_queue *q, uint32_t level, uint32_t slot)
{
    struct far_wheel *far = q->far;
    struct queue_node **list = &far->slots[level][slot];

    for (const struct queue_node *node = *list; node; node = node->next)
        far->count--;
    *list = sweep_list(q, *list);
    for (const struct queue_node *node = *list; node; node = node->next)
        far->count++;
    if (!*list)
        far->bits[level] &= ~((uint64_t)1 << slot);
    if (far->bits[level] == 0)
        far->levels &= ~(1u << level);
}

static void sweep_far(struct event_queue *q)
{
    for (uint32_t level = 0; level < FAR_LEVELS; level++)
        for (uint32_t slot = 0; slot < FAR_SLOTS; slot++)
            if (q->far->slots[level][slot])
                sweep_far_slot(q, level, slot);
    far_find_next(q->far);
    far_changed(q);
}

/* The number of stale entries is bounded by that of live ones, and so is the work: each entry swept
 * was forgotten since the last time, and there are no fewer of them than of those kept. */
void queue_forget(struct event_queue *q)
{
    if (++q->stale <= queue_entries(q) / 2 + QUEUE_MIN_SLOTS || q->ended)
        return;
    sweep_run(q);
    heap_sweep(q);
    sweep_calendar(q);
    sweep_far(q);
    q->popped += q->stale;
    q->tuned_popped += q->stale;
    q->tune_at += q->stale;
    q->stale = 0;
}
