/* Looking at a whole queue: for tests and reports. */
#include "sim/queue_parts.h"

struct tally {
    uint64_t entries, stale;
};

static void count_entry(struct tally *tally, const struct queue_entry *entry)
{
    tally->entries++;
    tally->stale += !entry_live(entry);
}

static bool check_near(const struct event_queue *q, struct tally *tally)
{
    uint64_t begin = calendar_begin(q);

    for (const struct queue_entry *e = q->run + 1; e <= q->top; e++) {
        if (!entry_before(e, e - 1) || (uint64_t)e->time >= begin)
            return false;
        count_entry(tally, e);
    }
    for (size_t i = 0; i < q->heap_size; i++) {
        if (i > 0 && entry_before(&q->heap[i], &q->heap[(i - 1) / 4]))
            return false;
        if ((uint64_t)q->heap[i].time >= begin)
            return false;
        count_entry(tally, &q->heap[i]);
    }
    return true;
}

static bool check_calendar(const struct event_queue *q, struct tally *tally)
{
    for (uint64_t slot = 0; slot <= q->mask; slot++) {
        bool bit = q->bits[slot / 64] >> slot % 64 & 1;
        if (bit != (q->slots[slot] != NULL))
            return false;
        for (const struct queue_node *n = q->slots[slot]; n; n = n->next) {
            uint64_t tick = (uint64_t)n->entry.time >> q->shift;
            if ((tick & q->mask) != slot || tick - q->tick - 1 >= q->mask)
                return false;
            count_entry(tally, &n->entry);
        }
    }
    return true;
}

static bool check_far_slot(const struct far_wheel *far, uint32_t level, uint32_t slot,
                           struct tally *tally)
{
    uint64_t start = far_start(far, level, slot);
    uint64_t last = start + (((uint64_t)1 << FAR_BITS * level) - 1);

    for (const struct queue_node *n = far->slots[level][slot]; n; n = n->next) {
        uint64_t time = (uint64_t)n->entry.time;
        if (time < start || time > last || time <= far->base || start < far->next)
            return false;
        count_entry(tally, &n->entry);
    }
    return true;
}

static bool check_far(const struct event_queue *q, struct tally *tally)
{
    uint64_t before = tally->entries;

    if (q->far_tick != UINT64_MAX && q->far_tick <= q->tick && q->tick != UINT64_MAX)
        return false;
    for (uint32_t level = 0; level < FAR_LEVELS; level++) {
        if ((q->far->levels >> level & 1) != (q->far->bits[level] != 0))
            return false;
        for (uint32_t slot = 0; slot < FAR_SLOTS; slot++) {
            bool bit = q->far->bits[level] >> slot & 1;
            if (bit != (q->far->slots[level][slot] != NULL) ||
                !check_far_slot(q->far, level, slot, tally))
                return false;
        }
    }
    return tally->entries - before == q->far->count;
}

bool queue_check(const struct event_queue *q)
{
    struct tally tally = { 0 };

    return check_near(q, &tally) && check_calendar(q, &tally) && check_far(q, &tally) &&
           tally.entries == queue_entries(q) && tally.stale == q->stale;
}

struct visitor {
    void (*visit)(void *data, const struct queue_entry *entry);
    void *data;
};

static void visit_live(const struct visitor *to, const struct queue_entry *entry)
{
    if (entry_live(entry))
        to->visit(to->data, entry);
}

static void visit_list(const struct visitor *to, const struct queue_node *node)
{
    for (; node; node = node->next)
        visit_live(to, &node->entry);
}

void queue_visit(const struct event_queue *q,
                 void (*visit)(void *data, const struct queue_entry *entry), void *data)
{
    struct visitor to = { visit, data };

    for (const struct queue_entry *e = q->run + 1; e <= q->top; e++)
        visit_live(&to, e);
    for (size_t i = 0; i < q->heap_size; i++)
        visit_live(&to, &q->heap[i]);
    for (uint64_t slot = 0; slot <= q->mask; slot++)
        visit_list(&to, q->slots[slot]);
    for (uint32_t level = 0; level < FAR_LEVELS; level++)
        for (uint32_t slot = 0; slot < FAR_SLOTS; slot++)
            visit_list(&to, q->far->slots[level][slot]);
}
