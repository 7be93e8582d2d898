/* What is drawn, checked without looking at the pictures: thinning keeps what can be seen, and
 * gnuplot takes the scripts. */
#include "scenarios/results/plot.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "scenarios/results/gnuplot.h"
#include "scenarios/results/plot_data.h"
#include "tests/support/suite.h"

#define POINT(points, i) g_array_index(points, struct point, i)

static struct extent window_of(double x_min, double x_max)
{
    return (struct extent){ x_min, x_max, 0, 1 };
}

/* In each column of pixels the thinned line has the same least and greatest value, and the same
 * first and last one. */
START_TEST(thinning_keeps_the_look)
{
    enum { N = 300000 };
    double *x = g_new(double, N), *y = g_new(double, N);
    double least[PLOT_COLUMNS + 1], greatest[PLOT_COLUMNS + 1];
    uint32_t noise = 1;

    for (int c = 0; c <= PLOT_COLUMNS; c++)
        least[c] = INFINITY, greatest[c] = -INFINITY;
    for (int i = 0; i < N; i++) {
        noise = noise * 1664525u + 1013904223u;
        x[i] = i * 60.0 / N;
        y[i] = noise >> 16;
        int c = (int)(x[i] / 60 * PLOT_COLUMNS);
        least[c] = fmin(least[c], y[i]);
        greatest[c] = fmax(greatest[c], y[i]);
    }
    struct plot_line line = { NULL, x, y, N };
    struct extent window = window_of(0, 60);
    GArray *points = plot_points(&line, PLOT_STEPS, &window);
    ck_assert_uint_le(points->len, 4 * (PLOT_COLUMNS + 1));
    for (guint i = 0; i < points->len; i++) {
        int c = (int)(POINT(points, i).x / 60 * PLOT_COLUMNS);
        ck_assert(i == 0 || POINT(points, i).x >= POINT(points, i - 1).x);
        if (POINT(points, i).y == least[c])
            least[c] = INFINITY;
        if (POINT(points, i).y == greatest[c])
            greatest[c] = -INFINITY;
    }
    for (int c = 0; c < PLOT_COLUMNS; c++)
        ck_assert(isinf(least[c]) && isinf(greatest[c]));
    ck_assert(POINT(points, 0).x == x[0] && POINT(points, 0).y == y[0]);
    ck_assert(POINT(points, points->len - 1).x == x[N - 1]);
    ck_assert(POINT(points, points->len - 1).y == y[N - 1]);
    g_array_free(points, TRUE);
    g_free(x);
    g_free(y);
}
END_TEST

/* Few points stay as they are, and NAN breaks the line once. */
START_TEST(short_lines_stay)
{
    double x[] = { 0, 1, 2, 3, 4 }, y[] = { 5, 6, NAN, NAN, 7 };
    struct plot_line line = { NULL, x, y, 5 };
    struct extent window = window_of(0, 4);
    GArray *points = plot_points(&line, PLOT_LINE, &window);

    ck_assert_uint_eq(points->len, 4);
    ck_assert(POINT(points, 1).x == 1 && POINT(points, 1).y == 6);
    ck_assert(isnan(POINT(points, 2).y));
    ck_assert(POINT(points, 3).x == 4 && POINT(points, 3).y == 7);
    g_array_free(points, TRUE);
}
END_TEST

/* Of values 1, 2, 2, 3 a quarter is at most 1, three quarters at most 2. */
START_TEST(cdf_of_four)
{
    double y[] = { 2, 3, 1, 2 };
    struct plot_line line = { NULL, NULL, y, 4 };
    struct extent window = window_of(0, 5);
    GArray *points = plot_points(&line, PLOT_CDF, &window);
    static const struct point want[] = { { 0, 0 }, { 1, 0.25 }, { 2, 0.75 }, { 3, 1 }, { 5, 1 } };

    ck_assert_uint_eq(points->len, G_N_ELEMENTS(want));
    for (guint i = 0; i < points->len; i++)
        ck_assert(POINT(points, i).x == want[i].x && POINT(points, i).y == want[i].y);
    g_array_free(points, TRUE);
}
END_TEST

START_TEST(histogram_counts_all)
{
    double y[] = { 0, 0.5, 1, 9.99, 10, NAN };
    struct plot_line line = { NULL, NULL, y, 6 };
    GArray *points = plot_bins(&line, 0, 10, 10);

    ck_assert_uint_eq(points->len, 10);
    ck_assert(POINT(points, 0).x == 0.5 && POINT(points, 0).y == 2);
    ck_assert(POINT(points, 1).y == 1);
    ck_assert(POINT(points, 9).y == 2);
    g_array_free(points, TRUE);
    ck_assert_uint_eq(plot_bin_count(1), 10);
    ck_assert_uint_eq(plot_bin_count(1000), 20);
    ck_assert_uint_eq(plot_bin_count(1000000000), 100);
}
END_TEST

START_TEST(scatter_is_bounded)
{
    enum { N = 1000000 };
    double *x = g_new(double, N), *y = g_new(double, N);
    struct extent window = { 0, N, 0, 1000, 0 };

    for (int i = 0; i < N; i++)
        x[i] = i, y[i] = i % 1000;
    struct plot_line line = { NULL, x, y, N };
    GArray *points = plot_points(&line, PLOT_SCATTER, &window);
    ck_assert_uint_le(points->len, PLOT_COLUMNS * PLOT_ROWS / 4);
    ck_assert_uint_gt(points->len, PLOT_COLUMNS * PLOT_ROWS / 8);
    g_array_free(points, TRUE);
    g_free(x);
    g_free(y);
}
END_TEST

/* A plot of each style, with names that gnuplot could misunderstand; what they make it do would
 * leave a file. */
static struct plot *example(enum plot_style style)
{
    static const double x[] = { 0, 0.5, 1, 2 }, y[] = { 1e6, 3e6, 2e6, 2.5e6 };
    struct plot *plot = plot_new(plot_style_names[style]);

    plot_title(plot,
               "50% of it's \"goodput\" {/Symbol a} \\n _x^2 $0 `touch title`\n`touch title`");
    plot_panel(plot, style, "goodput_of a'b", "bit/s");
    if (style == PLOT_BARS) {
        plot_bar(plot, "cubic", "10 ms", 9e6);
        plot_bar(plot, "re'no", "10 ms", 8e6);
        plot_bar(plot, "cubic", "a'b\n`touch bar`\\", 7e6);
    } else {
        plot_line(plot, "cu_bic", x, y, 4);
        plot_line(plot, "it's \\ @x\n`touch name`\nEOD\nsystem 'touch name'", x, y, 3);
        plot_line(plot, "empty \\", x, y, 0);
        plot_panel(plot, style, "nothing\n`touch panel`", "\n`touch unit`");
    }
    return plot;
}

/* Measured points over a computed line, in one panel. */
START_TEST(a_line_may_have_its_own_style)
{
    static const double x[] = { 1, 2, 3 }, y[] = { 1, 4, 9 };
    struct plot *plot = plot_new("both");

    plot_panel(plot, PLOT_AUTO, "loss", "1");
    plot_line(plot, "theory", x, y, 3);
    plot_line(plot, "measured", x, y, 3);
    plot_line_style(plot, PLOT_SCATTER);
    char *script = plot_script(plot);
    const char *theory = strstr(script, "$d0 using"), *measured = strstr(script, "$d1 using");
    ck_assert(theory && measured);
    ck_assert_ptr_nonnull(strstr(theory, "with lines"));
    ck_assert_ptr_nonnull(strstr(measured, "with points"));
    ck_assert(strstr(theory, "with points") > measured);
    /* Points at the edges are drawn whole. */
    ck_assert_ptr_nonnull(strstr(script, "set xrange [0.96:3.04]"));
    g_free(script);
    plot_free(plot);
}
END_TEST

static unsigned count(const char *text, const char *what)
{
    unsigned n = 0;

    while ((text = strstr(text, what)))
        n++, text += strlen(what);
    return n;
}

/* Without colours lines are told apart by their points; a formula is dashed; of panels with the
 * same names the first one has the legend.  (Both pictures are drawn by one loop.) */
START_TEST(told_apart_without_colours)
{
    static const double x[] = { 1, 2, 3 }, y[] = { 1, 4, 9 };
    struct plot *plot = plot_new("apart");

    for (int panel = 0; panel < 2; panel++) {
        plot_panel(plot, PLOT_LINESPOINTS, panel ? "below" : "above", "");
        plot_line(plot, "reno", x, y, 3);
        plot_line(plot, "cubic", x, y, 3);
        plot_line(plot, "Mathis", x, y, 3);
        plot_line_style(plot, PLOT_DASHES);
    }
    char *script = plot_script(plot);
    ck_assert_uint_eq(count(script, " pt 7 "), 2);
    ck_assert_uint_eq(count(script, " pt 5 "), 2);
    ck_assert_uint_eq(count(script, " dt (9,6)"), 2);
    ck_assert_uint_eq(count(script, " title 'reno'"), 1);
    ck_assert_uint_eq(count(script, " notitle"), 3);
    g_free(script);
    plot_free(plot);
}
END_TEST

/* What bars are called has a unit as well. */
START_TEST(bars_have_a_unit)
{
    struct plot *plot = plot_new("bars");

    plot_panel(plot, PLOT_BARS, "time", "s");
    plot_bar(plot, "page", "3", 0.45);
    plot_x_axis(plot, "initial window", "packets");
    char *script = plot_script(plot);
    ck_assert_ptr_nonnull(strstr(script, "set xlabel 'initial window (packets)'"));
    g_free(script);
    plot_free(plot);
}
END_TEST

/* States have names, and only those that occur stand at the axis. */
START_TEST(values_may_be_words)
{
    static const double x[] = { 0, 1, 2 }, y[] = { 3, 1, 3 };
    static const char *const words[] = { "CLOSED", "OPEN", "NEVER", "DO_NE", NULL };
    struct plot *plot = plot_new("words");

    plot_panel(plot, PLOT_STEPS, "state", "");
    plot_panel_words(plot, words);
    plot_line(plot, "f", x, y, 3);
    char *script = plot_script(plot);
    ck_assert_ptr_nonnull(strstr(script, "set ytics ('OPEN' 0, 'DO_NE' 1) noenhanced"));
    ck_assert_ptr_nonnull(strstr(script, "set yrange [-0.5:1.5]"));
    ck_assert_ptr_nonnull(strstr(script, "\n0 1\n1 0\n2 1\n"));
    g_free(script);
    plot_free(plot);
}
END_TEST

/* Log axes: what is not above zero is left out, and each point of a decade has its own column. */
START_TEST(axes_may_be_logarithmic)
{
    static const double x[] = { 0, 0.01, 1, 100 }, y[] = { 5, 0, 10, 1000 };
    struct plot *plot = plot_new("log");

    plot_panel(plot, PLOT_LINESPOINTS, "goodput", "");
    plot_line(plot, "f", x, y, 4);
    plot_log_axes(plot, PLOT_LOG_X | PLOT_LOG_Y);
    char *script = plot_script(plot);
    ck_assert_ptr_nonnull(strstr(script, "set logscale x\n"));
    ck_assert_ptr_nonnull(strstr(script, "set logscale y\n"));
    ck_assert_ptr_nonnull(strstr(script, "with linespoints"));
    ck_assert_ptr_nonnull(strstr(script, "set xrange [0.8:125]")); /* 1 to 100, a quarter more */
    ck_assert_ptr_nonnull(strstr(script, "<< EOD\n1 10\n100 1000\nEOD"));
    g_free(script);
    plot_free(plot);
}
END_TEST

/* Less than two decades are labelled with 1, 2, 5 and so on, as powers of ten would be too few. */
START_TEST(short_log_axes_have_numbers)
{
    static const double x[] = { 1, 1000 }, y[] = { 0.04, 0.36 };
    struct plot *plot = plot_new("short");

    plot_panel(plot, PLOT_LINE, "delay", "s");
    plot_line(plot, "f", x, y, 2);
    plot_log_axes(plot, PLOT_LOG_X | PLOT_LOG_Y);
    char *script = plot_script(plot);
    ck_assert_ptr_nonnull(strstr(script, "set yrange [32:450]")); /* ms */
    ck_assert_ptr_nonnull(strstr(script, "set ytics (50, 100, 200)"));
    ck_assert_ptr_nonnull(strstr(script, "set xtics autofreq"));
    g_free(script);
    plot_free(plot);
}
END_TEST

/* 3000 points in each of two decades: as many of them survive in either. */
START_TEST(thinning_follows_a_log_axis)
{
    enum { N = 6000 };
    double x[N], y[N];
    struct extent window = { 1, 100, 0, 1, PLOT_LOG_X };
    guint low = 0;

    for (int i = 0; i < N; i++) {
        x[i] = i < N / 2 ? 1 + 9.0 * i / (N / 2) : 10 + 90.0 * (i - N / 2) / (N / 2);
        y[i] = i % 7;
    }
    struct plot_line line = { .x = x, .y = y, .n = N };
    GArray *points = plot_points(&line, PLOT_LINE, &window);
    for (guint i = 0; i < points->len; i++)
        low += POINT(points, i).x < 10;
    ck_assert_uint_lt(points->len, N);
    ck_assert_uint_gt(low, points->len * 45 / 100);
    ck_assert_uint_lt(low, points->len * 55 / 100);
    g_array_free(points, TRUE);
}
END_TEST

static void no_warning(void *data, const char *message)
{
    ck_abort_msg("%s", message);
}

/* Width and height of a PNG (its specification, section 11.2.2). */
static void check_png(const char *path, unsigned least_width)
{
    char *bytes;
    gsize length;

    ck_assert(g_file_get_contents(path, &bytes, &length, NULL));
    ck_assert_uint_gt(length, 1000);
    ck_assert_mem_eq(bytes, "\211PNG\r\n\032\n", 8);
    const uint8_t *width = (const uint8_t *)bytes + 16;
    ck_assert_uint_ge((unsigned)(width[2] << 8 | width[3]), least_width);
    g_free(bytes);
}

START_TEST(gnuplot_takes_them)
{
    char *gnuplot = g_find_program_in_path("gnuplot"), *dir = g_dir_make_tmp("weft-XXXXXX", NULL);
    const char *scripts[PLOT_STYLES] = { NULL };

    for (int style = PLOT_LINE; gnuplot && style < PLOT_STYLES; style++) {
        struct plot *plot = example((enum plot_style)style);
        char *script = plot_script(plot), *again = plot_script(plot);
        char *name = g_strconcat(plot->name, ".gp", NULL);
        char *path = g_build_filename(dir, name, NULL);
        ck_assert_str_eq(script, again);
        ck_assert(g_file_set_contents(path, script, -1, NULL));
        scripts[style - 1] = name;
        g_free(script);
        g_free(again);
        g_free(path);
        plot_free(plot);
    }
    gnuplot_run(dir, scripts, no_warning, NULL);
    for (int i = 0; scripts[i]; i++) {
        char *stem = g_strndup(scripts[i], strlen(scripts[i]) - 3);
        char *png = g_strdup_printf("%s/%s.png", dir, stem);
        char *svg = g_strdup_printf("%s/%s.svg", dir, stem);
        char *gp = g_strdup_printf("%s/%s.gp", dir, stem);
        check_png(png, 1200);
        ck_assert_int_eq(unlink(png), 0);
        ck_assert_int_eq(unlink(svg), 0);
        ck_assert_int_eq(unlink(gp), 0);
        g_free((char *)scripts[i]);
        g_free(stem);
        g_free(png);
        g_free(svg);
        g_free(gp);
    }
    ck_assert_int_eq(rmdir(dir), 0);
    g_free(gnuplot);
    g_free(dir);
}
END_TEST

static void collect(void *data, const char *message)
{
    g_ptr_array_add(data, g_strdup(message));
}

START_TEST(failures_are_told)
{
    char *gnuplot = g_find_program_in_path("gnuplot"), *dir = g_dir_make_tmp("weft-XXXXXX", NULL);
    char *bad = g_build_filename(dir, "bad.gp", NULL);
    const char *scripts[] = { "bad.gp", "missing.gp", NULL };
    GPtrArray *warnings = g_ptr_array_new_with_free_func(g_free);

    ck_assert(g_file_set_contents(bad, "plot nonsense(\n", -1, NULL));
    gnuplot_run(dir, scripts, collect, warnings);
    ck_assert_uint_eq(warnings->len, gnuplot ? 2 : 1);
    if (gnuplot) {
        ck_assert_ptr_nonnull(strstr(warnings->pdata[0], "bad.gp"));
        ck_assert_ptr_nonnull(strstr(warnings->pdata[0], "line 1"));
        ck_assert_ptr_nonnull(strstr(warnings->pdata[1], "missing.gp"));
    }
    unlink(bad);
    rmdir(dir);
    g_ptr_array_free(warnings, TRUE);
    g_free(gnuplot);
    g_free(dir);
    g_free(bad);
}
END_TEST

START_TEST(without_gnuplot)
{
    const char *scripts[] = { "a.gp", NULL };
    GPtrArray *warnings = g_ptr_array_new_with_free_func(g_free);

    g_setenv("PATH", "/nonexistent", TRUE);
    gnuplot_run("/tmp", scripts, collect, warnings);
    ck_assert_uint_eq(warnings->len, 1);
    ck_assert_ptr_nonnull(strstr(warnings->pdata[0], "gnuplot-nox"));
    g_ptr_array_free(warnings, TRUE);
}
END_TEST

SUITE("scenarios/results/plot", thinning_keeps_the_look, short_lines_stay, cdf_of_four,
      a_line_may_have_its_own_style, told_apart_without_colours, bars_have_a_unit,
      values_may_be_words, axes_may_be_logarithmic, short_log_axes_have_numbers,
      thinning_follows_a_log_axis, histogram_counts_all, scatter_is_bounded, gnuplot_takes_them,
      failures_are_told, without_gnuplot)
