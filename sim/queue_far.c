/* The far wheel: eleven levels of 64 slots; a slot of level l is 64^l ps wide.  A node lies on the
 * level of the highest digit (to base 64) in which its time differs from `base`, in the slot of
 * that digit.  So a lower level is always earlier than a higher one, and within a level slots are
 * in order; the first slot is found with two bit scans.  Emptying it moves `base` to its begin, and
 * its nodes, when they come back, land on lower levels.
 *
 * `base` may move forward to any time before the first slot without moving a node: the nodes'
 * highest differing digits stay the same. */
#include <glib.h>

#include "sim/queue_parts.h"

struct far_wheel *far_new(void)
{
    struct far_wheel *far = g_new0(struct far_wheel, 1);
    far->next = UINT64_MAX;
    return far;
}

uint64_t far_start(const struct far_wheel *far, uint32_t level, uint64_t slot)
{
    uint32_t shift = FAR_BITS * level;
    return ((far->base >> shift & ~(uint64_t)(FAR_SLOTS - 1)) | slot) << shift;
}

void far_find_next(struct far_wheel *far)
{
    far->next = UINT64_MAX;
    if (far->levels == 0)
        return;
    uint32_t level = (uint32_t)__builtin_ctz(far->levels);
    far->next = far_start(far, level, (uint64_t)__builtin_ctzll(far->bits[level]));
}

void far_push(struct far_wheel *far, struct queue_node *node, uint64_t border)
{
    uint64_t time = (uint64_t)node->entry.time;

    border = border < far->next ? border : far->next - 1;
    far->base = far->base > border ? far->base : border;
    uint32_t level = (63 - (uint32_t)__builtin_clzll(time ^ far->base)) / FAR_BITS;
    uint64_t slot = time >> FAR_BITS * level & (FAR_SLOTS - 1);
    node->next = far->slots[level][slot];
    far->slots[level][slot] = node;
    far->bits[level] |= (uint64_t)1 << slot;
    far->levels |= 1u << level;
    far->count++;
    uint64_t start = far_start(far, level, slot);
    far->next = start < far->next ? start : far->next;
}

struct queue_node *far_take(struct far_wheel *far)
{
    uint32_t level = (uint32_t)__builtin_ctz(far->levels);
    uint64_t slot = (uint64_t)__builtin_ctzll(far->bits[level]);
    struct queue_node *list = far->slots[level][slot];

    far->slots[level][slot] = NULL;
    far->bits[level] &= far->bits[level] - 1;
    if (far->bits[level] == 0)
        far->levels &= ~(1u << level);
    far->base = far->next;
    for (const struct queue_node *node = list; node; node = node->next)
        far->count--;
    far_find_next(far);
    return list;
}
