/* From the data of a plot to the points that are drawn. */
#ifndef WEFT_SCENARIOS_RESULTS_PLOT_DATA_H
#define WEFT_SCENARIOS_RESULTS_PLOT_DATA_H

#include "scenarios/results/plot.h"

/* Across the width and the height of a panel: more cannot be told apart. */
enum { PLOT_COLUMNS = 1400, PLOT_ROWS = 600 };

struct point {
    double x, y;
};

/* Limits of what is drawn; min > max: nothing. */
struct extent {
    double x_min, x_max, y_min, y_max;
    unsigned log; /* PLOT_LOG_X, PLOT_LOG_Y: limits are above zero there */
};

#define EXTENT_NONE ((struct extent){ INFINITY, -INFINITY, INFINITY, -INFINITY, 0 })

/* Widens `extent` by the points; NAN and infinities are left out. */
void extent_add(struct extent *extent, const GArray *points);

/* The points to draw for a line: thinned for lines and points within the
 * limits `window`; the steps of the distribution for PLOT_CDF.  A point with NAN breaks the line.
 * An array of struct point, the caller's. */
GArray *plot_points(const struct plot_line *line, enum plot_style style,
                    const struct extent *window);

/* The limits of the line's data for its style, of those that can be drawn on such axes. */
struct extent plot_extent(const struct plot_line *line, enum plot_style style, unsigned log);

/* The bars of a histogram with `bins` equal bins over [low, high]: a point per bin, x its middle,
 * y the number of values in it. */
GArray *plot_bins(const struct plot_line *line, double low, double high, unsigned bins);

/* How many bins suit `n` values: Rice's rule, 2 n^(1/3), 10 to 100. */
unsigned plot_bin_count(size_t n);

#endif
