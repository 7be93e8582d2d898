/* A line of a million points is drawn on some 1400 columns of pixels.  Of each column the first,
 * least, greatest and last point are kept, in their order: joined, they colour the same pixels as
 * all of them (the M4 aggregation of Jugel et al., VLDB 2014).  Of points in a scatter plot, one
 * per cell of the raster is kept. */
#include "scenarios/results/plot_data.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "sim/real.h"

void extent_add(struct extent *extent, const GArray *points)
{
    for (guint i = 0; i < points->len; i++) {
        struct point p = g_array_index(points, struct point, i);
        if (!isfinite(p.x) || !isfinite(p.y))
            continue;
        extent->x_min = fmin(extent->x_min, p.x);
        extent->x_max = fmax(extent->x_max, p.x);
        extent->y_min = fmin(extent->y_min, p.y);
        extent->y_max = fmax(extent->y_max, p.y);
    }
}

static GArray *points_new(void)
{
    return g_array_new(FALSE, FALSE, sizeof(struct point));
}

static void add_point(GArray *points, double x, double y)
{
    struct point p = { x, y };

    g_array_append_val(points, p);
}

/* ---- Lines ---------------------------------------------------------------------------------- */

/* What is kept of the column at hand: indices of points. */
struct bucket {
    double column;
    size_t first, last, least, greatest;
};

static void bucket_flush(const struct bucket *b, const struct plot_line *line, GArray *points)
{
    size_t a = MIN(b->least, b->greatest), z = MAX(b->least, b->greatest);
    size_t keep[4] = { b->first, a, z, b->last };

    for (int i = 0; i < 4; i++)
        if (i == 0 || keep[i] != keep[i - 1])
            add_point(points, line->x[keep[i]], line->y[keep[i]]);
}

static void bucket_add(struct bucket *b, const struct plot_line *line, size_t i)
{
    b->last = i;
    if (line->y[i] < line->y[b->least])
        b->least = i;
    if (line->y[i] > line->y[b->greatest])
        b->greatest = i;
}

/* How far a value is on its axis, from 0 to 1. */
static double along(double value, double min, double max, bool log)
{
    if (!(max > min))
        return 0;
    return log ? real_log1p(value / min - 1) / real_log1p(max / min - 1)
               : (value - min) / (max - min);
}

static double column_of(double x, const struct extent *window)
{
    return floor(along(x, window->x_min, window->x_max, window->log & PLOT_LOG_X) * PLOT_COLUMNS);
}

/* Can it be drawn on such axes? */
static bool is_drawn(double x, double y, unsigned log)
{
    return isfinite(x) && isfinite(y) && !(log & PLOT_LOG_X && x <= 0) &&
           !(log & PLOT_LOG_Y && y <= 0);
}

/* Thins [from, to), in which all y are numbers. */
static void thin_stretch(const struct plot_line *line, size_t from, size_t to,
                         const struct extent *window, GArray *points)
{
    struct bucket b = { 0 };
    bool open = false;

    for (size_t i = from; i < to; i++) {
        double column = column_of(line->x[i], window);
        if (open && column == b.column) {
            bucket_add(&b, line, i);
            continue;
        }
        if (open)
            bucket_flush(&b, line, points);
        b = (struct bucket){ column, i, i, i, i };
        open = true;
    }
    if (open)
        bucket_flush(&b, line, points);
}

static GArray *thin_line(const struct plot_line *line, const struct extent *window)
{
    GArray *points = points_new();

    for (size_t i = 0; i < line->n;) {
        size_t end = i;
        while (end < line->n && is_drawn(line->x[end], line->y[end], window->log))
            end++;
        if (end == i) {
            i++;
            continue;
        }
        if (points->len > 0)
            add_point(points, line->x[i], NAN);
        thin_stretch(line, i, end, window, points);
        i = end;
    }
    return points;
}

/* ---- Clouds of points ------------------------------------------------------------------------ */

/* A point covers more than two pixels each way. */
enum { CELL = 2, CELLS_X = PLOT_COLUMNS / CELL, CELLS_Y = PLOT_ROWS / CELL };

static unsigned raster(double value, double min, double max, bool log, unsigned cells)
{
    return (unsigned)(along(value, min, max, log) * (cells - 1));
}

static GArray *thin_scatter(const struct plot_line *line, const struct extent *window)
{
    GArray *points = points_new();
    uint8_t *seen = g_malloc0((size_t)CELLS_X * CELLS_Y);

    for (size_t i = 0; i < line->n; i++) {
        double x = line->x[i], y = line->y[i];
        if (!is_drawn(x, y, window->log) || x < window->x_min || x > window->x_max)
            continue;
        unsigned row = raster(y, window->y_min, window->y_max, window->log & PLOT_LOG_Y, CELLS_Y);
        unsigned column =
            raster(x, window->x_min, window->x_max, window->log & PLOT_LOG_X, CELLS_X);
        uint8_t *cell = &seen[row * CELLS_X + column];
        if (!*cell)
            add_point(points, x, y);
        *cell = 1;
    }
    g_free(seen);
    return points;
}

/* ---- Distributions --------------------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* The finite y values in order; *n is their number. */
static double *sorted(const struct plot_line *line, size_t *n)
{
    double *values = g_new(double, line->n + 1);

    *n = 0;
    for (size_t i = 0; i < line->n; i++)
        if (isfinite(line->y[i]))
            values[(*n)++] = line->y[i];
    qsort(values, *n, sizeof *values, compare);
    return values;
}

/* The share of values up to x, at each x where it grows, from 0 at the left end of the window to
 * 1 at its right end. */
static GArray *cdf(const struct plot_line *line, const struct extent *window)
{
    GArray *points = points_new();
    size_t n;
    double *values = sorted(line, &n);
    double column = -1;

    if (n > 0)
        add_point(points, window->x_min, 0);
    for (size_t i = 0; i < n; i++) {
        if (i + 1 < n && values[i + 1] == values[i])
            continue;
        double share = (double)(i + 1) / (double)n;
        double here = column_of(values[i], window);
        if (here == column && points->len > 1 && i + 1 < n)
            g_array_set_size(points, points->len - 1);
        column = here;
        add_point(points, values[i], share);
    }
    if (n > 0)
        add_point(points, window->x_max, 1);
    g_free(values);
    return points;
}

GArray *plot_bins(const struct plot_line *line, double low, double high, unsigned bins)
{
    GArray *points = points_new();
    double width = (high - low) / bins;
    size_t *counts = g_new0(size_t, bins);

    for (size_t i = 0; i < line->n; i++)
        if (isfinite(line->y[i]) && line->y[i] >= low && line->y[i] <= high) {
            unsigned bin = width > 0 ? (unsigned)((line->y[i] - low) / width) : 0;
            counts[MIN(bin, bins - 1)]++;
        }
    for (unsigned i = 0; i < bins; i++)
        add_point(points, low + (i + 0.5) * width, (double)counts[i]);
    g_free(counts);
    return points;
}

unsigned plot_bin_count(size_t n)
{
    unsigned bins = 10;

    while (bins < 100 && (double)bins * bins * bins < 8.0 * (double)n)
        bins++;
    return bins;
}

/* ---- Either --------------------------------------------------------------------------------- */

static bool is_distribution(enum plot_style style)
{
    return style == PLOT_CDF || style == PLOT_HISTOGRAM;
}

GArray *plot_points(const struct plot_line *line, enum plot_style style,
                    const struct extent *window)
{
    if (style == PLOT_CDF)
        return cdf(line, window);
    return style == PLOT_SCATTER ? thin_scatter(line, window) : thin_line(line, window);
}

struct extent plot_extent(const struct plot_line *line, enum plot_style style, unsigned log)
{
    struct extent extent = EXTENT_NONE;

    extent.log = log;
    for (size_t i = 0; i < line->n; i++) {
        double y = line->y[i], x = is_distribution(style) ? y : line->x[i];
        if (!is_drawn(x, y, log))
            continue;
        extent.x_min = fmin(extent.x_min, x);
        extent.x_max = fmax(extent.x_max, x);
        extent.y_min = fmin(extent.y_min, style == PLOT_CDF ? 0 : y);
        extent.y_max = fmax(extent.y_max, style == PLOT_CDF ? 1 : y);
    }
    return extent;
}
