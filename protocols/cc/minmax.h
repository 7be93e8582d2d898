/* The least or the largest value of a sliding window, in constant space and time.
 *
 * Kathleen Nichols' filter: it keeps the best sample of the window, the best after that one, and
 * the best after the second, so that a successor is at hand when the best one becomes too old.  The
 * unit of time is the caller's: milliseconds, or round trips; it may wrap. */
#ifndef WEFT_PROTOCOLS_CC_MINMAX_H
#define WEFT_PROTOCOLS_CC_MINMAX_H

#include <stdint.h>

struct minmax {
    uint32_t time[3], value[3]; /* the best first */
};

/* Forgets all but this sample. */
void minmax_reset(struct minmax *m, uint32_t now, uint32_t value);

/* A sample; afterwards minmax_get is the least, or largest, of the last `window`. */
void minmax_running_min(struct minmax *m, uint32_t window, uint32_t now, uint32_t value);
void minmax_running_max(struct minmax *m, uint32_t window, uint32_t now, uint32_t value);

static inline uint32_t minmax_get(const struct minmax *m)
{
    return m->value[0];
}

#endif
