/* Priority vectors and timer values: what bridges tell each other (IEEE 802.1D-2004 17.5, 17.6;
 * the same four parts decide in 802.1D-1998 8.6). */
#ifndef WEFT_PROTOCOLS_L2_VECTOR_H
#define WEFT_PROTOCOLS_L2_VECTOR_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/simtime.h"

/* "I can reach `root` at `cost`; I am `bridge` and speak through `port`."  A bridge identifier is
 * 4 bits of priority, 12 of system id and the bridge's MAC; a port identifier 4 bits of priority
 * and 12 of number.  Less is better, in this order. */
struct stp_vector {
    uint64_t root;
    uint32_t cost;
    uint64_t bridge;
    uint16_t port;
};

/* Timer values in units of 1/256 second, as on the wire (9.2.8). */
struct stp_times {
    uint16_t message_age, max_age, hello, forward_delay;
};

enum { STP_TICK = 256 }; /* units in a second */

/* Below, equal or above zero as `a` is better than, the same as or worse than `b`. */
static inline int stp_vector_compare(const struct stp_vector *a, const struct stp_vector *b)
{
    if (a->root != b->root)
        return a->root < b->root ? -1 : 1;
    if (a->cost != b->cost)
        return a->cost < b->cost ? -1 : 1;
    if (a->bridge != b->bridge)
        return a->bridge < b->bridge ? -1 : 1;
    return (int)a->port - (int)b->port;
}

static inline bool stp_times_equal(const struct stp_times *a, const struct stp_times *b)
{
    return a->message_age == b->message_age && a->max_age == b->max_age && a->hello == b->hello &&
           a->forward_delay == b->forward_delay;
}

/* Wire units as time, and back; what does not fit becomes the largest value. */
static inline sim_time stp_ticks_to_time(uint32_t ticks)
{
    return (sim_time)ticks * (SIM_S / STP_TICK);
}

static inline uint16_t stp_time_to_ticks(sim_time span)
{
    sim_time ticks = span / (SIM_S / STP_TICK);
    return ticks > UINT16_MAX ? UINT16_MAX : (uint16_t)ticks;
}

/* A path cost on top of another, saturating. */
static inline uint32_t stp_cost_add(uint32_t a, uint32_t b)
{
    uint32_t sum;
    return __builtin_add_overflow(a, b, &sum) ? UINT32_MAX : sum;
}

#endif
