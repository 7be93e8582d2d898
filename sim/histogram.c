#include "sim/histogram.h"

#include <assert.h>
#include <glib.h>
#include <math.h>
#include <string.h>

enum { BLOCK_BITS = 6, BLOCK = 1 << BLOCK_BITS };

/* Below 2 x BLOCK a value is its own slot.  Above, the seven highest bits are kept: the slot is
 * (how far they were shifted) blocks further. */
static unsigned slot_of(uint64_t value)
{
    if (value < 2 * BLOCK)
        return (unsigned)value;
    unsigned shift = 63 - BLOCK_BITS - (unsigned)__builtin_clzll(value);
    return shift * BLOCK + (unsigned)(value >> shift);
}

static void slot_range(unsigned slot, uint64_t *low, uint64_t *high)
{
    unsigned shift = slot < 2 * BLOCK ? 0 : slot / BLOCK - 1;

    *low = (uint64_t)(slot - shift * BLOCK) << shift;
    *high = *low + (((uint64_t)1 << shift) - 1);
}

/* Makes blocks [first, end) exist. */
static void reach(struct histogram *h, unsigned first, unsigned end)
{
    if (h->blocks > 0) {
        first = MIN(first, h->first);
        end = MAX(end, (unsigned)h->first + h->blocks);
    }
    if (end - first == h->blocks)
        return;
    uint64_t *buckets = g_new0(uint64_t, (size_t)(end - first) * BLOCK);
    if (h->blocks > 0)
        memcpy(buckets + (h->first - first) * BLOCK, h->buckets,
               (size_t)h->blocks * BLOCK * sizeof *buckets);
    g_free(h->buckets);
    h->buckets = buckets;
    h->first = (uint16_t)first;
    h->blocks = (uint16_t)(end - first);
}

static unsigned __int128 sum_of(const struct histogram *h)
{
    return (unsigned __int128)h->sum_high << 64 | h->sum_low;
}

static void add_to_sum(struct histogram *h, unsigned __int128 value)
{
    unsigned __int128 sum = sum_of(h) + value;

    h->sum_low = (uint64_t)sum;
    h->sum_high = (uint64_t)(sum >> 64);
}

void histogram_fini(struct histogram *histogram)
{
    g_free(histogram->buckets);
    *histogram = (struct histogram){ 0 };
}

void histogram_add(struct histogram *h, uint64_t value)
{
    unsigned slot = slot_of(value), block = slot / BLOCK;

    if (block - h->first >= h->blocks)
        reach(h, block, block + 1);
    h->buckets[slot - h->first * BLOCK]++;
    if (h->count++ == 0)
        h->min = h->max = value;
    h->min = MIN(h->min, value);
    h->max = MAX(h->max, value);
    add_to_sum(h, value);
}

void histogram_merge(struct histogram *h, const struct histogram *other)
{
    if (other->count == 0)
        return;
    reach(h, other->first, (unsigned)other->first + other->blocks);
    size_t shift = (size_t)(other->first - h->first) * BLOCK;
    for (size_t i = 0; i < (size_t)other->blocks * BLOCK; i++)
        h->buckets[shift + i] += other->buckets[i];
    h->min = h->count ? MIN(h->min, other->min) : other->min;
    h->max = MAX(h->max, other->max);
    h->count += other->count;
    add_to_sum(h, sum_of(other));
}

double histogram_mean(const struct histogram *h)
{
    return h->count ? (double)sum_of(h) / (double)h->count : NAN;
}

/* ceil(percent / 100 x count), at least 1; `percent` may be off by its last bit (99.9). */
static uint64_t rank_of(double percent, uint64_t count)
{
    double wanted = percent * (double)count / 100 * (1 - 1e-12);
    uint64_t rank = (uint64_t)wanted;

    rank += (double)rank < wanted;
    return CLAMP(rank, 1, count);
}

double histogram_percentile(const struct histogram *h, double percent)
{
    uint64_t low, high, count, below = 0;

    assert(percent >= 0 && percent <= 100);
    if (h->count == 0)
        return NAN;
    uint64_t rank = rank_of(percent, h->count);
    if (rank == 1 || rank == h->count)
        return (double)(rank == 1 ? h->min : h->max);
    for (size_t bucket = 0; histogram_next(h, &bucket, &low, &high, &count);) {
        below += count;
        if (below >= rank)
            break;
    }
    double middle = ((double)low + (double)high) / 2;
    return CLAMP(middle, (double)h->min, (double)h->max);
}

bool histogram_next(const struct histogram *h, size_t *bucket, uint64_t *low, uint64_t *high,
                    uint64_t *count)
{
    size_t end = (size_t)h->blocks * BLOCK;

    while (*bucket < end && h->buckets[*bucket] == 0)
        ++*bucket;
    if (*bucket >= end)
        return false;
    *count = h->buckets[*bucket];
    slot_range((unsigned)(*bucket + (size_t)h->first * BLOCK), low, high);
    ++*bucket;
    return true;
}
