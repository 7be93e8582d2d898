/* Numbers as text: the same in every locale and on every machine. */
#ifndef WEFT_SCENARIOS_RESULTS_NUMBER_H
#define WEFT_SCENARIOS_RESULTS_NUMBER_H

#include <glib.h>
#include <stdbool.h>

#include "sim/simtime.h"

/* Appends the shortest decimal that reads back as `value`; nothing for NAN and infinities. */
void number_append(GString *out, double value);

/* Appends the time in seconds, exactly: "0.000001". */
void number_append_seconds(GString *out, sim_time time);

/* Appends the value with exactly `decimals` digits behind the point. */
void number_append_fixed(GString *out, double value, int decimals);

/* How to show values up to some magnitude: divided by `divisor`, with `unit` behind them. */
struct number_scale {
    double divisor;
    const char *unit;
};

/* The scale for values of `unit` of which `largest` is the largest in magnitude.  "bit/s", "B" and
 * "s" get prefixes, fractions ("1") become percents; other units stay as they are. */
struct number_scale number_scale(const char *unit, double largest);

/* As number_scale, for axes and columns: sizes of packets are read as bytes up to 10,000. */
struct number_scale number_scale_shown(const char *unit, double largest);

/* An integer, but for the rounding of a division by a scale. */
bool number_is_whole(double value);

/* Digits behind the point that show four significant ones of `largest`, which is scaled. */
int number_decimals(double largest);

/* Appends one value with the unit that suits it: "19.12 Mbit/s". */
void number_append_scaled(GString *out, double value, const char *unit);

#endif
