/* Plots: what is to be seen, without saying how gnuplot draws it.
 *
 * A plot has panels, one above the other, that share the x axis; a panel has lines.  plot_script
 * turns it into a gnuplot script that holds its data; the script is the same, byte for byte, for
 * the same data. */
#ifndef WEFT_SCENARIOS_RESULTS_PLOT_H
#define WEFT_SCENARIOS_RESULTS_PLOT_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

struct plot;

enum plot_style {
    PLOT_AUTO,
    PLOT_LINE,
    PLOT_STEPS,   /* the value holds until the next point */
    PLOT_SCATTER, /* points */
    PLOT_CDF,     /* of the y values of a line */
    PLOT_HISTOGRAM,
    PLOT_BARS, /* a bar per line and category */
    PLOT_STYLES
};

/* "line", "steps", "scatter", "cdf", "histogram", "bars". */
extern const char *const plot_style_names[PLOT_STYLES + 1];

/* `name` is that of its files. */
struct plot *plot_new(const char *name);
void plot_free(struct plot *plot);

/* The text above the plot. */
void plot_title(struct plot *plot, const char *title);

/* Label and unit of the x axis; the unit decides scaling ("s", "bit/s", "B", "1", ""). */
void plot_x_axis(struct plot *plot, const char *label, const char *unit);

/* A panel below the others. */
void plot_panel(struct plot *plot, enum plot_style style, const char *label, const char *unit);

/* A line in the last panel: `n` points, x not decreasing for line and steps.  NAN in y breaks the
 * line.  `x` may be NULL for cdf and histogram.  The arrays are copied. */
void plot_line(struct plot *plot, const char *name, const double *x, const double *y, size_t n);

/* A bar of the line `name` at the category, in the last panel (PLOT_BARS). */
void plot_bar(struct plot *plot, const char *name, const char *category, double value);

/* The gnuplot script; running it writes NAME.png and NAME.svg beside it.  The caller frees it. */
char *plot_script(const struct plot *plot);

#endif
