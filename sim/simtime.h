/* Simulated time: a signed 64-bit count of picoseconds (about +-106 days). */
#ifndef WEFT_SIM_SIMTIME_H
#define WEFT_SIM_SIMTIME_H

#include <assert.h>
#include <stdint.h>

typedef int64_t sim_time;

#define SIM_NS    ((sim_time)1000)
#define SIM_US    ((sim_time)1000000)
#define SIM_MS    ((sim_time)1000000000)
#define SIM_S     ((sim_time)1000000000000)
#define SIM_NEVER INT64_MAX

/* The longest time and span that a user may ask for, 53 days: a time and a span always add up. */
#define SIM_TIME_MAX (SIM_NEVER / 2)

/* Time to send `bits` at `rate_bps` bits per second, rounded up to a picosecond.  Exact integer
 * arithmetic; a frame below 18 Mbit stays in 64 bits, longer ones take a 128-bit division. */
static inline sim_time simtime_of_bits(uint64_t bits, uint64_t rate_bps)
{
    assert(rate_bps > 0);
    if (bits <= UINT64_MAX / (uint64_t)SIM_S - 1)
        return (sim_time)((bits * (uint64_t)SIM_S + rate_bps - 1) / rate_bps);
    return (sim_time)(((unsigned __int128)bits * (uint64_t)SIM_S + rate_bps - 1) / rate_bps);
}

/* Bits that fit into `span` at `rate_bps`, rounded down. */
static inline uint64_t simtime_bits_in(sim_time span, uint64_t rate_bps)
{
    return (uint64_t)((unsigned __int128)(uint64_t)span * rate_bps / (uint64_t)SIM_S);
}

/* a + b, SIM_NEVER being absorbing and the result saturating there. */
static inline sim_time simtime_add(sim_time a, sim_time b)
{
    sim_time r;
    return __builtin_add_overflow(a, b, &r) ? SIM_NEVER : r;
}

static inline double simtime_seconds(sim_time t)
{
    return (double)t / 1e12;
}

/* The nearest picosecond to `seconds`; saturates. */
sim_time simtime_from_seconds(double seconds);

/* Writes "12.345678 s", shortest exact decimal in seconds, into `buf`; returns buf. */
char *simtime_format(sim_time t, char *buf, unsigned long size);

#endif
