/* Histograms of unsigned values (picoseconds, bytes): counts, mean and percentiles of any number
 * of values in little memory.
 *
 * The buckets are log-linear: below 128 each value has its own, above that each power of two is
 * divided into 64 equal ones.  A percentile is the exact nearest rank, shown as the middle of its
 * bucket, so within 0.8 % of the value.  Only the powers of two between the least and the greatest
 * value have memory, 512 bytes each. */
#ifndef WEFT_SIM_HISTOGRAM_H
#define WEFT_SIM_HISTOGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zero-initialised is empty. */
struct histogram {
    uint64_t count, min, max;
    uint64_t sum_low, sum_high; /* of all values, 128 bits */
    uint64_t *buckets;          /* those of blocks [first, first + blocks) */
    uint16_t first, blocks;     /* a block: 64 buckets */
};

/* Frees the buckets; the histogram is empty after that. */
void histogram_fini(struct histogram *histogram);

/* Counts one value. */
void histogram_add(struct histogram *histogram, uint64_t value);

/* Adds what `other` counted. */
void histogram_merge(struct histogram *histogram, const struct histogram *other);

/* Exact; NAN if nothing was counted. */
double histogram_mean(const struct histogram *histogram);

/* The value with rank ceil(percent / 100 x count), percent in [0, 100]; least and greatest value
 * are exact.  NAN if nothing was counted. */
double histogram_percentile(const struct histogram *histogram, double percent);

/* Buckets that hold something, in order: `count` values lie in [low, high].  *bucket is 0 at first;
 * false after the last one. */
bool histogram_next(const struct histogram *histogram, size_t *bucket, uint64_t *low,
                    uint64_t *high, uint64_t *count);

#endif
