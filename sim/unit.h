/* Values with units, as users write them: "20ms", "10Mbps" = "10Mbit", "1MBps", "64KiB", "0.1%".
 * A bare number is SI: seconds, bits per second, bytes, a fraction.  Decimal fractions are read
 * exactly and rounded once, to the nearest picosecond, bit per second or byte. */
#ifndef WEFT_SIM_UNIT_H
#define WEFT_SIM_UNIT_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/error.h"
#include "sim/simtime.h"

/* Each reads one value; false with an error that begins with the text `what` and the value
 * otherwise, and states the remedy: rate "10Mbs": unknown unit "Mbs"; use bps, kbps, Mbps, Gbps.
 * Times may be negative, and "never" is SIM_NEVER; rates, sizes and fractions may not be negative;
 * a fraction is at most 1. */
bool unit_read_time(const char *what, const char *text, sim_time *out, GError **error);
bool unit_read_rate(const char *what, const char *text, uint64_t *out, GError **error);
bool unit_read_size(const char *what, const char *text, uint64_t *out, GError **error);
bool unit_read_fraction(const char *what, const char *text, double *out, GError **error);

/* A rate where the words are those of `tc`, who means bytes by bps, kbps and mbps: these are
 * refused, with both readings in the message. */
bool unit_read_tc_rate(const char *what, const char *text, uint64_t *out, GError **error);

/* A value of any kind, in SI: "5Mbps" is 5e6, "7s" is 7, "1kB" is 1000, "2%" is 0.02. */
bool unit_read_any(const char *what, const char *text, double *out, GError **error);

static inline bool unit_parse_time(const char *text, sim_time *out, GError **error)
{
    return unit_read_time("time", text, out, error);
}

static inline bool unit_parse_rate(const char *text, uint64_t *out, GError **error)
{
    return unit_read_rate("rate", text, out, error);
}

static inline bool unit_parse_size(const char *text, uint64_t *out, GError **error)
{
    return unit_read_size("size", text, out, error);
}

static inline bool unit_parse_fraction(const char *text, double *out, GError **error)
{
    return unit_read_fraction("fraction", text, out, error);
}

/* The value as a user would write it, in the unit that suits it; reads back as the same value.
 * The caller frees it. */
char *unit_show_time(sim_time time);
char *unit_show_rate(uint64_t bps);
char *unit_show_size(uint64_t bytes);
char *unit_show_fraction(double fraction);

/* A bare number in plain decimal, the shortest that reads back as `value`. */
char *unit_show_number(double value);

#endif
