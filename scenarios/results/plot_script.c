/* The gnuplot script of a plot.
 *
 * The data stand in front, a block per line, in SI; axes divide them by the scale that suits their
 * unit.  Then both pictures are drawn by one loop.  Colours are those of Okabe and Ito ("Color
 * universal design", 2008), which people of all kinds of colour vision can tell apart; a name has
 * the same colour and shape of points in all panels, and after the last colour the dashes change.
 */
#include <math.h>
#include <string.h>

#include "scenarios/results/number.h"
#include "scenarios/results/plot_data.h"

static const char *const palette[] = { "#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                       "#e69f00", "#56b4e9", "#000000" };

/* gnuplot's point types, and what makes them look equally large: circle, square, triangle, diamond,
 * the triangle on its head, pentagon. */
static const struct {
    unsigned type;
    double size;
} shapes[] = { { 7, 1 }, { 5, 0.9 }, { 9, 1.2 }, { 13, 1.35 }, { 11, 1.2 }, { 15, 1.1 } };

/* Pixels; gnuplot gets fractions of the canvas. */
enum {
    WIDTH = 1600,
    LEFT = 130,
    LEFT_WORDS = 210, /* where a y axis has words for numbers */
    RIGHT = 40,
    TOP = 50,
    TITLE = 50,
    BOTTOM = 90,
    KEY = 40,           /* the row of names above a panel */
    KEY_ROW = 22,       /* each further row, when names are long */
    KEY_CHARACTER = 11, /* width of a name's character, and of what gnuplot puts around the name */
    KEY_SAMPLE = 105,
    KEY_COLUMN = 260, /* or the column of names beside it */
    KEY_ROW_MAX = 6,  /* names in a row */
    KEY_MAX = 24,     /* names at all */
    BARS_VALUED = 24, /* so many bars have their value written above */
};

static int left_margin(const struct plot *plot)
{
    for (guint i = 0; i < plot->panels->len; i++)
        if (((const struct plot_panel *)plot->panels->pdata[i])->words)
            return LEFT_WORDS;
    return LEFT;
}

static int panel_height(guint panels)
{
    return panels == 1 ? 680 : panels == 2 ? 400 : 300;
}

/* A panel ready to be written. */
struct drawing {
    const struct plot_panel *panel;
    struct extent extent;
    struct number_scale scale;
    GPtrArray *points; /* of each line: GArray of struct point */
    GArray *words;     /* unsigned: those that occur, of which y is the rank; NULL: y is a number */
    unsigned first_block;
    bool named; /* has a legend, as the panel above has other names */
};

struct script {
    GString *out;
    const struct plot *plot;
    struct extent extent; /* of all panels; y is unused */
    struct number_scale x_scale;
    struct drawing *drawings;
    GPtrArray *names; /* of lines, in order of appearance: the index gives the colour */
    bool key_beside;
    int height;
};

static void put(struct script *s, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void put(struct script *s, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    g_string_append_vprintf(s->out, format, args);
    va_end(args);
}

static void put_number(struct script *s, double value, const char *format)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    g_string_append(s->out, g_ascii_formatd(text, sizeof text, format, value));
}

/* A gnuplot string in single quotes, in which only the quote is special. */
static void put_string(struct script *s, const char *text)
{
    g_string_append_c(s->out, '\'');
    for (; *text; text++)
        if (*text == '\'')
            g_string_append(s->out, "''");
        else
            g_string_append_c(s->out, (unsigned char)*text < 0x20 ? ' ' : *text);
    g_string_append_c(s->out, '\'');
}

/* ---- What is drawn --------------------------------------------------------------------------- */

static void note_name(struct script *s, const char *name)
{
    if (!g_ptr_array_find_with_equal_func(s->names, name, g_str_equal, NULL))
        g_ptr_array_add(s->names, (void *)name);
}

static guint name_index(const struct script *s, const char *name)
{
    guint index = 0;

    g_ptr_array_find_with_equal_func(s->names, name, g_str_equal, &index);
    return index;
}

#define PANEL(s, i)    ((const struct plot_panel *)(s)->plot->panels->pdata[i])
#define LINE(panel, i) ((const struct plot_line *)(panel)->lines->pdata[i])

static enum plot_style style_of(const struct plot_panel *panel, guint line)
{
    enum plot_style own = LINE(panel, line)->style;

    return own == PLOT_AUTO ? panel->style : own;
}

static bool has_points(enum plot_style style)
{
    return style == PLOT_SCATTER || style == PLOT_LINESPOINTS;
}

static void merge_x(struct extent *into, const struct extent *from)
{
    into->x_min = fmin(into->x_min, from->x_min);
    into->x_max = fmax(into->x_max, from->x_max);
}

/* Beside the outermost points of a logarithmic axis, as a factor. */
#define LOG_AIR 1.25

/* Points at the very edge would be cut in half. */
static void add_air(struct script *s, bool scatter)
{
    if (s->plot->log & PLOT_LOG_X) {
        s->extent.x_min /= LOG_AIR;
        s->extent.x_max *= LOG_AIR;
        return;
    }
    double air = scatter ? (s->extent.x_max - s->extent.x_min) * 0.02 : 0;

    if (air > 0 && s->extent.x_min != 0)
        s->extent.x_min -= air;
    if (air > 0)
        s->extent.x_max += air;
}

/* The x axis of all panels. */
static void find_x(struct script *s)
{
    const struct plot *plot = s->plot;
    bool scatter = false;

    for (guint i = 0; i < plot->panels->len; i++)
        for (guint k = 0; k < PANEL(s, i)->lines->len; k++) {
            struct extent e = plot_extent(LINE(PANEL(s, i), k), PANEL(s, i)->style, plot->log);
            merge_x(&s->extent, &e);
            scatter = scatter || has_points(style_of(PANEL(s, i), k));
        }
    add_air(s, scatter);
    if (!isnan(plot->x_min))
        s->extent.x_min = plot->x_min;
    if (!isnan(plot->x_max))
        s->extent.x_max = plot->x_max;
    if (plot->categories->len > 0) {
        s->extent.x_min = -0.5;
        s->extent.x_max = plot->categories->len - 0.5;
    }
    if (!(s->extent.x_min <= s->extent.x_max))
        s->extent.x_min = plot->log & PLOT_LOG_X ? 0.1 : 0, s->extent.x_max = 1;
    if (s->extent.x_min == s->extent.x_max) {
        double by = s->extent.x_max != 0 ? fabs(s->extent.x_max) * 0.1 : 1;
        s->extent.x_min -= by;
        s->extent.x_max += by;
    }
}

static GArray *drawn_points(const struct script *s, const struct plot_panel *panel, guint line,
                            const struct extent *window)
{
    if (panel->style != PLOT_HISTOGRAM)
        return plot_points(LINE(panel, line), style_of(panel, line), window);
    size_t most = 0;
    for (guint i = 0; i < panel->lines->len; i++)
        most = MAX(most, LINE(panel, i)->n);
    return plot_bins(LINE(panel, line), s->extent.x_min, s->extent.x_max, plot_bin_count(most));
}

/* The y axis: from zero unless the values are far from it, and a little air above. */
static void round_y(struct extent *e, enum plot_style style)
{
    if (!(e->y_min <= e->y_max))
        e->y_min = e->log & PLOT_LOG_Y ? 0.1 : 0, e->y_max = 1;
    if (e->log & PLOT_LOG_Y) {
        e->y_min /= LOG_AIR;
        e->y_max *= LOG_AIR;
        return;
    }
    if (style == PLOT_CDF) {
        e->y_min = 0, e->y_max = 1.02;
        return;
    }
    double low = e->y_min, high = e->y_max;
    bool far = low > 0 && low > 0.9 * high && high > low && style != PLOT_BARS;
    if (low > 0 && !far)
        low = 0;
    if (high < 0)
        high = 0;
    double air = high > low ? (high - low) * 0.06 : fmax(fabs(high) * 0.5, 0.5);
    e->y_max = high + (high == 0 && low < 0 ? 0 : air);
    e->y_min = low < 0 || far ? low - air : low;
}

/* Some line of the panel has a point there. */
static bool occurs(const struct drawing *d, double value)
{
    for (guint i = 0; i < d->points->len; i++) {
        const GArray *points = d->points->pdata[i];
        for (guint k = 0; k < points->len; k++)
            if (g_array_index(points, struct point, k).y == value)
                return true;
    }
    return false;
}

/* Values that are words are drawn at equal distances, and only those that occur. */
static void rank_words(struct drawing *d)
{
    d->words = g_array_new(FALSE, FALSE, sizeof(unsigned));
    for (unsigned i = 0; d->panel->words[i]; i++)
        if (occurs(d, i))
            g_array_append_val(d->words, i);
    for (guint i = 0; i < d->points->len; i++) {
        GArray *points = d->points->pdata[i];
        for (guint k = 0; k < points->len; k++) {
            double *y = &g_array_index(points, struct point, k).y;
            for (guint rank = 0; rank < d->words->len; rank++)
                if (*y == g_array_index(d->words, unsigned, rank)) {
                    *y = rank;
                    break;
                }
        }
    }
    d->extent.y_min = -0.5;
    d->extent.y_max = d->words->len - 0.5;
}

static struct drawing draw_panel(struct script *s, const struct plot_panel *panel)
{
    struct drawing d = { .panel = panel, .extent = EXTENT_NONE, .points = g_ptr_array_new() };
    struct extent window = EXTENT_NONE;

    for (guint i = 0; i < panel->lines->len; i++) {
        struct extent e = plot_extent(LINE(panel, i), panel->style, s->plot->log);
        window.y_min = fmin(window.y_min, e.y_min);
        window.y_max = fmax(window.y_max, e.y_max);
    }
    window.log = d.extent.log = s->plot->log;
    window.x_min = s->extent.x_min;
    window.x_max = s->extent.x_max;
    for (guint i = 0; i < panel->lines->len; i++) {
        GArray *points = drawn_points(s, panel, i, &window);
        extent_add(&d.extent, points);
        g_ptr_array_add(d.points, points);
        note_name(s, LINE(panel, i)->name);
    }
    round_y(&d.extent, panel->style);
    if (panel->words)
        rank_words(&d);
    bool counted = panel->style == PLOT_CDF || panel->style == PLOT_HISTOGRAM;
    d.scale = number_scale_shown(counted ? "" : panel->unit,
                                 fmax(-d.extent.y_min, d.extent.y_max) / 1.06);
    return d;
}

/* ---- Data ------------------------------------------------------------------------------------ */

static void put_block(struct script *s, const GArray *points, unsigned block)
{
    put(s, "$d%u << EOD\n", block);
    for (guint i = 0; i < points->len; i++) {
        struct point p = g_array_index(points, struct point, i);
        if (isfinite(p.y)) {
            put_number(s, p.x, "%.9g");
            put(s, " ");
            put_number(s, p.y, "%.7g");
        }
        put(s, "\n");
    }
    if (points->len == 0)
        put(s, "NaN NaN\n");
    put(s, "EOD\n");
}

static void put_data(struct script *s)
{
    unsigned block = 0;

    for (guint i = 0; i < s->plot->panels->len; i++) {
        struct drawing *d = &s->drawings[i];
        d->first_block = block;
        for (guint k = 0; k < d->points->len; k++) {
            put(s, "# ");
            put_string(s, LINE(d->panel, k)->name); /* the name may hold anything */
            put(s, "\n");
            put_block(s, d->points->pdata[k], block++);
        }
    }
}

/* ---- Axes ------------------------------------------------------------------------------------ */

static void put_label(struct script *s, const char *what, const char *label, const char *unit)
{
    GString *text = g_string_new(label);

    if (*unit)
        g_string_append_printf(text, *label ? " (%s)" : "%s", unit);
    put(s, "  set %s ", what);
    put_string(s, text->str);
    put(s, " noenhanced\n");
    g_string_free(text, TRUE);
}

static void put_range(struct script *s, const char *axis, double min, double max, double divisor)
{
    put(s, "  set %srange [", axis);
    put_number(s, min / divisor, "%.9g");
    put(s, ":");
    put_number(s, max / divisor, "%.9g");
    put(s, "]\n");
}

static void put_fraction(struct script *s, const char *margin, double pixels, double of)
{
    put(s, "  set %smargin at screen ", margin);
    put_number(s, pixels / of, "%.5f");
    put(s, "\n");
}

/* Rows that the names above the panels take, if gnuplot puts as many side by side as fit. */
static int key_rows(const struct script *s, guint names)
{
    size_t longest = 0;

    for (guint i = 0; i < s->names->len; i++)
        longest = MAX(longest, (size_t)g_utf8_strlen(s->names->pdata[i], -1));
    int width = WIDTH - left_margin(s->plot) - RIGHT;
    int columns = MAX(1, width / (int)(longest * KEY_CHARACTER + KEY_SAMPLE));

    return MAX(1, ((int)names + columns - 1) / columns);
}

static int key_height(const struct script *s)
{
    guint most = 0;

    if (s->key_beside)
        return 20;
    for (guint i = 0; i < s->plot->panels->len; i++)
        most = MAX(most, PANEL(s, i)->lines->len);
    return KEY + (key_rows(s, most) - 1) * KEY_ROW;
}

static int top_of(const struct script *s, guint panel)
{
    int key = key_height(s);
    int first = TOP + (s->plot->title ? TITLE : 0) + MAX(0, key - KEY);

    return first + (int)panel * (panel_height(s->plot->panels->len) + key);
}

static void put_margins(struct script *s, guint panel)
{
    int top = top_of(s, panel), bottom = top + panel_height(s->plot->panels->len);

    put_fraction(s, "t", s->height - top, s->height);
    put_fraction(s, "b", s->height - bottom, s->height);
}

static void put_categories(struct script *s)
{
    put(s, "  set xtics scale 0 (");
    for (guint i = 0; i < s->plot->categories->len; i++) {
        put(s, i > 0 ? ", " : "");
        put_string(s, s->plot->categories->pdata[i]);
        put(s, " %u", i);
    }
    put(s, ") noenhanced\n");
}

/* Tics where they are read best; on a logarithmic axis of less than two decades powers of ten are
 * too few. */
static void put_tics(struct script *s, const char *axis, bool log, double min, double max)
{
    static const double digits[] = { 1, 2, 5 };
    double decade = 1;
    const char *comma = "";

    if (!log || max / min >= 100) {
        put(s, "  set %stics autofreq\n", axis);
        return;
    }
    while (decade > min)
        decade /= 10;
    while (decade * 10 <= min)
        decade *= 10;
    put(s, "  set %stics (", axis);
    for (; decade <= max; decade *= 10)
        for (unsigned i = 0; i < G_N_ELEMENTS(digits); i++)
            if (decade * digits[i] >= min && decade * digits[i] <= max) {
                put(s, "%s", comma);
                put_number(s, decade * digits[i], "%.6g");
                comma = ", ";
            }
    put(s, ")\n");
}

/* Only the lowest panel has numbers on its x axis. */
static void put_x_axis(struct script *s, bool lowest)
{
    const struct plot_panel *first = PANEL(s, 0);
    bool values = first->style == PLOT_CDF || first->style == PLOT_HISTOGRAM;

    put_range(s, "x", s->extent.x_min, s->extent.x_max, s->x_scale.divisor);
    if (!lowest) {
        put(s, "  set format x ''\n  unset xlabel\n");
        return;
    }
    put(s, "  set format x '%%g'\n");
    if (s->plot->categories->len > 0)
        put_categories(s);
    else
        put_tics(s, "x", s->plot->log & PLOT_LOG_X, s->extent.x_min / s->x_scale.divisor,
                 s->extent.x_max / s->x_scale.divisor);
    put_label(s, "xlabel", values ? first->label : s->plot->x_label,
              s->plot->categories->len > 0 ? s->plot->x_unit : s->x_scale.unit);
}

static void put_words(struct script *s, const struct drawing *d)
{
    put(s, "  set ytics (");
    for (guint rank = 0; rank < d->words->len; rank++) {
        put(s, rank > 0 ? ", " : "");
        put_string(s, d->panel->words[g_array_index(d->words, unsigned, rank)]);
        put(s, " %u", rank);
    }
    put(s, ") noenhanced\n");
}

static void put_y_axis(struct script *s, const struct drawing *d)
{
    if (d->words)
        put_words(s, d);
    else
        put_tics(s, "y", s->plot->log & PLOT_LOG_Y, d->extent.y_min / d->scale.divisor,
                 d->extent.y_max / d->scale.divisor);
    put_range(s, "y", d->extent.y_min, d->extent.y_max, d->scale.divisor);
    if (d->panel->style == PLOT_CDF)
        put_label(s, "ylabel", "share of values", "");
    else if (d->panel->style == PLOT_HISTOGRAM)
        put_label(s, "ylabel", "number of values", "");
    else
        put_label(s, "ylabel", d->panel->label, d->scale.unit);
}

/* ---- Lines ----------------------------------------------------------------------------------- */

static const char *style_words(enum plot_style style)
{
    switch (style) {
    case PLOT_STEPS:
    case PLOT_CDF:
        return "with steps";
    case PLOT_SCATTER:
        return "with points";
    case PLOT_LINESPOINTS:
        return "with linespoints";
    case PLOT_BARS:
        return "with boxes fill solid 0.85 noborder";
    case PLOT_HISTOGRAM:
        return "with boxes fill transparent solid 0.5 noborder";
    default:
        return "with lines";
    }
}

/* A line that goes up and down in most columns of pixels is drawn thinner. */
static bool is_dense(const GArray *points)
{
    return points->len > 2 * PLOT_COLUMNS;
}

/* Single points must be seen, a cloud of them must not become a blot. */
static double point_size(const GArray *points)
{
    return points->len <= 50 ? 1.4 : points->len <= 400 ? 0.9 : 0.6;
}

static void put_points(struct script *s, guint shape, const GArray *points)
{
    shape %= G_N_ELEMENTS(shapes);
    put(s, " pt %u ps ", shapes[shape].type);
    put_number(s, point_size(points) * shapes[shape].size, "%.3g");
}

/* x scaled, and for bars put beside those of the other lines. */
static void put_using(struct script *s, const struct drawing *d, guint line)
{
    double lines = d->points->len, width = 0.8 / lines;

    put(s, " using ");
    if (d->panel->style == PLOT_BARS) {
        put(s, "($1+(");
        put_number(s, (line - (lines - 1) / 2) * width, "%.6g");
        put(s, "))");
    } else {
        put(s, "($1/");
        put_number(s, s->x_scale.divisor, "%.9g");
        put(s, ")");
    }
    put(s, ":($2/");
    put_number(s, d->scale.divisor, "%.9g");
    put(s, ")");
    if (d->panel->style == PLOT_BARS) {
        put(s, ":(");
        put_number(s, width * 0.92, "%.6g");
        put(s, ")");
    }
}

static void put_line(struct script *s, const struct drawing *d, guint i)
{
    const char *name = LINE(d->panel, i)->name;
    guint index = name_index(s, name);
    enum plot_style style = style_of(d->panel, i);
    guint turns = index / (guint)G_N_ELEMENTS(palette);

    put(s, "$d%u", d->first_block + i);
    put_using(s, d, i);
    put(s, " %s lc rgb '%s'", style_words(style), palette[index % G_N_ELEMENTS(palette)]);
    if (has_points(style))
        put_points(s, index + turns, d->points->pdata[i]);
    if (style == PLOT_DASHES)
        put(s, " lw 2 dt (9,6)");
    else if (style != PLOT_SCATTER && style <= PLOT_CDF)
        put(s, " lw %s dt %u", is_dense(d->points->pdata[i]) ? "1.2" : "2", turns % 5 + 1);
    if (d->named && i < KEY_MAX) {
        put(s, " title ");
        put_string(s, name);
        put(s, " noenhanced");
    } else {
        put(s, " notitle");
    }
}

static void put_bar_values(struct script *s, const struct drawing *d, guint i)
{
    put(s, ", \\\n       $d%u", d->first_block + i);
    put_using(s, d, i);
    g_string_truncate(s->out, (gsize)(strrchr(s->out->str, ':') - s->out->str));
    put(s, ":(sprintf('%%.4g',$2/");
    put_number(s, d->scale.divisor, "%.9g");
    put(s, ")) with labels offset 0,0.6 font small notitle");
}

static void put_plot(struct script *s, const struct drawing *d)
{
    bool bars = d->panel->style == PLOT_BARS;
    bool valued = bars && d->points->len * s->plot->categories->len <= BARS_VALUED;

    if (d->points->len == 0) {
        put(s, "  set label 2 'no data' at graph 0.5,graph 0.5 center\n"
               "  plot NaN notitle\n"
               "  unset label 2\n");
        return;
    }
    for (guint i = 0; i < d->points->len; i++) {
        put(s, i == 0 ? "  plot " : ", \\\n       ");
        put_line(s, d, i);
        if (valued)
            put_bar_values(s, d, i);
    }
    if (d->named && d->points->len > KEY_MAX)
        put(s, ", \\\n       NaN with lines lc rgb 'white' title 'and %u more'",
            d->points->len - KEY_MAX);
    put(s, "\n");
}

/* ---- The whole --------------------------------------------------------------------------------
 */

static void put_head(struct script *s)
{
    const char *name = s->plot->name;

    put(s,
        "set encoding utf8\n"
        "do for [kind in 'png svg'] {\n"
        "  if (kind eq 'png') {\n"
        "    set terminal pngcairo size %d,%d font 'DejaVu Sans,14' background rgb 'white'\n"
        "    large = ',18'; small = ',11'\n"
        "  } else {\n"
        "    set terminal svg size %d,%d dynamic font 'DejaVu Sans,Helvetica,Arial,sans-serif,18' "
        "background rgb 'white'\n"
        "    large = ',24'; small = ',14'\n"
        "  }\n"
        "  set output '%s.'.kind\n"
        "  set multiplot\n",
        WIDTH, s->height, WIDTH, s->height, name);
    put(s, "  set border 3 back lw 1 lc rgb '#777777'\n"
           "  set tics out nomirror textcolor rgb '#333333'\n"
           "  set grid xtics ytics lt 1 lw 1 lc rgb '#e4e4e4'\n"
           "  set ylabel offset 0,0\n");
    put_fraction(s, "l", left_margin(s->plot), WIDTH);
    put_fraction(s, "r", WIDTH - RIGHT - (s->key_beside ? KEY_COLUMN : 0), WIDTH);
    if (s->key_beside)
        put(s, "  set key at graph 1.015,1 left top Left reverse vertical samplen 1.5 "
               "font small spacing 1.0\n");
    else
        put(s, "  set key at graph 1,1.015 right bottom horizontal Left reverse samplen 2 spacing "
               "1\n");
}

/* Every decade has a tic, with a grid between them. */
static void put_log(struct script *s)
{
    unsigned log = s->plot->log;

    if (log & PLOT_LOG_X)
        put(s, "  set logscale x\n  set mxtics 10\n  set grid mxtics\n");
    if (log & PLOT_LOG_Y)
        put(s, "  set logscale y\n  set mytics 10\n  set grid mytics\n");
}

static void put_title(struct script *s)
{
    if (!s->plot->title)
        return;
    put(s, "  set label 1 ");
    put_string(s, s->plot->title);
    put(s, " at screen 0.5,screen ");
    put_number(s, 1 - 40.0 / s->height, "%.5f");
    put(s, " center font large noenhanced\n");
}

static void put_panels(struct script *s)
{
    guint n = s->plot->panels->len;

    for (guint i = 0; i < n; i++) {
        put_margins(s, i);
        put_x_axis(s, i + 1 == n);
        put_y_axis(s, &s->drawings[i]);
        if (s->drawings[i].panel->style == PLOT_HISTOGRAM)
            put(s, "  set boxwidth 0.98 relative\n");
        put_plot(s, &s->drawings[i]);
        if (i == 0)
            put(s, "  unset label 1\n");
    }
    put(s, "  unset multiplot\n  unset output\n}\n");
}

static bool same_names(const struct plot_panel *a, const struct plot_panel *b)
{
    if (a->lines->len != b->lines->len)
        return false;
    for (guint i = 0; i < a->lines->len; i++)
        if (strcmp(LINE(a, i)->name, LINE(b, i)->name) != 0)
            return false;
    return true;
}

static void prepare(struct script *s)
{
    guint n = s->plot->panels->len;

    find_x(s);
    const char *unit = s->plot->x_unit;
    if (n > 0 && (PANEL(s, 0)->style == PLOT_CDF || PANEL(s, 0)->style == PLOT_HISTOGRAM))
        unit = PANEL(s, 0)->unit;
    s->x_scale = number_scale_shown(s->plot->categories->len ? "" : unit,
                                    fmax(fabs(s->extent.x_min), fabs(s->extent.x_max)));
    for (guint i = 0; i < n; i++) {
        s->drawings[i] = draw_panel(s, PANEL(s, i));
        s->drawings[i].named = i == 0 || s->key_beside || !same_names(PANEL(s, i - 1), PANEL(s, i));
        s->key_beside = s->key_beside || PANEL(s, i)->lines->len > KEY_ROW_MAX;
    }
    s->height = top_of(s, n > 0 ? n - 1 : 0) + panel_height(n) + BOTTOM;
}

char *plot_script(const struct plot *plot)
{
    struct script s = { .out = g_string_new(NULL),
                        .plot = plot,
                        .extent = EXTENT_NONE,
                        .drawings = g_new0(struct drawing, plot->panels->len),
                        .names = g_ptr_array_new() };

    prepare(&s);
    put(&s, "# gnuplot %s.gp makes %s.png and %s.svg; change the plot here as you like.\n",
        plot->name, plot->name, plot->name);
    put_data(&s);
    put_head(&s);
    put_log(&s);
    put_title(&s);
    put_panels(&s);
    for (guint i = 0; i < plot->panels->len; i++) {
        for (guint k = 0; k < s.drawings[i].points->len; k++)
            g_array_free(s.drawings[i].points->pdata[k], TRUE);
        g_ptr_array_free(s.drawings[i].points, TRUE);
        if (s.drawings[i].words)
            g_array_free(s.drawings[i].words, TRUE);
    }
    g_free(s.drawings);
    g_ptr_array_free(s.names, TRUE);
    return g_string_free(s.out, FALSE);
}
