/* Moving averages that weigh a sample with 2^-n. */
#ifndef WEFT_PROTOCOLS_CC_EWMA_H
#define WEFT_PROTOCOLS_CC_EWMA_H

#include <stdint.h>

/* The average after `sample`, whose weight is 2^-n; both in the same unit, rounded down. */
static inline uint32_t ewma(uint32_t average, uint32_t sample, unsigned n)
{
    return (uint32_t)((((uint64_t)average << n) - average + sample) >> n);
}

/* Likewise for an average that is kept scaled by 2^n and therefore forgets no fraction; 0 stands
 * for no sample yet. */
static inline uint32_t ewma_scaled(uint32_t scaled, uint32_t sample, unsigned n)
{
    return scaled ? scaled - (scaled >> n) + sample : sample << n;
}

#endif
