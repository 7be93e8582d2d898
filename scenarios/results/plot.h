/* Plots: what is to be seen, without saying how gnuplot draws it.
 *
 * A plot has panels, one above the other, that share the x axis; a panel has lines.  plot_script
 * turns it into a gnuplot script that holds its data, thinned to what can be told apart; the script
 * is the same, byte for byte, for the same data.
 *
 * Values are SI; axes are scaled ("Mbit/s", "ms") by the unit and the largest value. */
#ifndef WEFT_SCENARIOS_RESULTS_PLOT_H
#define WEFT_SCENARIOS_RESULTS_PLOT_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

enum plot_style {
    PLOT_AUTO, /* as PLOT_LINE */
    PLOT_LINE,
    PLOT_STEPS,       /* the value holds until the next point */
    PLOT_SCATTER,     /* points */
    PLOT_LINESPOINTS, /* points, joined */
    PLOT_DASHES,      /* as PLOT_LINE, for what is no measurement: a formula, a limit */
    PLOT_CDF,         /* of the y values of each line: the y axis is the share, x the value */
    PLOT_HISTOGRAM,   /* ditto: the y axis is the number */
    PLOT_BARS,        /* a bar per category and line */
    PLOT_STYLES
};

/* "auto", "line", "steps", "scatter", "linespoints", "dashes", "cdf", "histogram", "bars", NULL. */
extern const char *const plot_style_names[];

/* Axes that are logarithmic; what is not above zero is not drawn then. */
enum { PLOT_LOG_X = 1, PLOT_LOG_Y = 2 };

struct plot_line {
    char *name;
    double *x, *y; /* x NULL: PLOT_CDF and PLOT_HISTOGRAM */
    size_t n;
    enum plot_style style; /* PLOT_AUTO: the panel's */
};

struct plot_panel {
    enum plot_style style;
    char *label, *unit;       /* of the values */
    const char *const *words; /* what values 0, 1, ... are called; NULL: numbers */
    GPtrArray *lines;         /* struct plot_line */
};

struct plot {
    char *name;  /* of the files */
    char *title; /* NULL: none */
    char *x_label, *x_unit;
    double x_min, x_max;   /* NAN: as the data */
    unsigned log;          /* PLOT_LOG_X, PLOT_LOG_Y */
    GPtrArray *panels;     /* struct plot_panel */
    GPtrArray *categories; /* PLOT_BARS: names; a point's x is the index */
};

/* A plot without a panel; its x axis is the time in seconds. */
struct plot *plot_new(const char *name);

/* Frees the plot. */
void plot_free(struct plot *plot);

/* Sets the title. */
void plot_title(struct plot *plot, const char *title);

/* Label and unit of the x axis ("s", "bit/s", "B", "1", ""; others are shown as they are). */
void plot_x_axis(struct plot *plot, const char *label, const char *unit);

/* The x axis goes from `min` to `max` instead of where the data are; NAN: as the data. */
void plot_x_range(struct plot *plot, double min, double max);

/* Makes axes logarithmic: PLOT_LOG_X, PLOT_LOG_Y (in all panels).  y only where panels are of
 * lines and points. */
void plot_log_axes(struct plot *plot, unsigned axes);

/* A panel below the others. */
void plot_panel(struct plot *plot, enum plot_style style, const char *label, const char *unit);

/* The values of the last panel are not numbers but stand for words: 0 for the first one, ...;
 * NULL-terminated, not copied. */
void plot_panel_words(struct plot *plot, const char *const *words);

/* A line in the last panel: `n` points, x not decreasing for line and steps.  NAN in y breaks the
 * line.  `x` may be NULL for cdf and histogram.  The arrays are copied. */
void plot_line(struct plot *plot, const char *name, const double *x, const double *y, size_t n);

/* Draws the last line in a style of its own, PLOT_LINE to PLOT_DASHES, in a panel of these. */
void plot_line_style(struct plot *plot, enum plot_style style);

/* A bar of the line `name` at the category, in the last panel (PLOT_BARS). */
void plot_bar(struct plot *plot, const char *name, const char *category, double value);

/* What an axis calls a metric: "congestion window" for "cwnd"; names that need no words stay. */
const char *plot_label(const char *metric);

/* The gnuplot script; running it writes NAME.png and NAME.svg beside it.  The caller frees it. */
char *plot_script(const struct plot *plot);

#endif
