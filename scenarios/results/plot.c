#include "scenarios/results/plot.h"

#include <math.h>
#include <string.h>

const char *const plot_style_names[] = { "auto",   "line", "steps",     "scatter", "linespoints",
                                         "dashes", "cdf",  "histogram", "bars",    NULL };

_Static_assert(G_N_ELEMENTS(plot_style_names) == PLOT_STYLES + 1, "a name for each style");

static void line_free(void *data)
{
    struct plot_line *line = data;

    g_free(line->name);
    g_free(line->x);
    g_free(line->y);
    g_free(line);
}

static void panel_free(void *data)
{
    struct plot_panel *panel = data;

    g_ptr_array_free(panel->lines, TRUE);
    g_free(panel->label);
    g_free(panel->unit);
    g_free(panel);
}

struct plot *plot_new(const char *name)
{
    struct plot *plot = g_new0(struct plot, 1);

    plot->name = g_strdup(name);
    plot->x_min = plot->x_max = NAN;
    plot->panels = g_ptr_array_new_with_free_func(panel_free);
    plot->categories = g_ptr_array_new_with_free_func(g_free);
    plot_x_axis(plot, "time", "s");
    return plot;
}

void plot_free(struct plot *plot)
{
    g_ptr_array_free(plot->panels, TRUE);
    g_ptr_array_free(plot->categories, TRUE);
    g_free(plot->name);
    g_free(plot->title);
    g_free(plot->x_label);
    g_free(plot->x_unit);
    g_free(plot);
}

static void set_text(char **where, const char *text)
{
    g_free(*where);
    *where = text ? g_utf8_make_valid(text, -1) : NULL;
}

void plot_title(struct plot *plot, const char *title)
{
    set_text(&plot->title, title);
}

void plot_x_axis(struct plot *plot, const char *label, const char *unit)
{
    set_text(&plot->x_label, label);
    set_text(&plot->x_unit, unit);
}

void plot_x_range(struct plot *plot, double min, double max)
{
    plot->x_min = min;
    plot->x_max = max;
}

void plot_log_axes(struct plot *plot, unsigned axes)
{
    plot->log = axes;
}

void plot_panel(struct plot *plot, enum plot_style style, const char *label, const char *unit)
{
    struct plot_panel *panel = g_new0(struct plot_panel, 1);

    panel->style = style == PLOT_AUTO ? PLOT_LINE : style;
    panel->lines = g_ptr_array_new_with_free_func(line_free);
    set_text(&panel->label, label);
    set_text(&panel->unit, unit);
    g_ptr_array_add(plot->panels, panel);
}

static struct plot_panel *last_panel(struct plot *plot)
{
    g_assert(plot->panels->len > 0);
    return plot->panels->pdata[plot->panels->len - 1];
}

void plot_panel_words(struct plot *plot, const char *const *words)
{
    last_panel(plot)->words = words;
}

static struct plot_line *add_line(struct plot_panel *panel, const char *name)
{
    struct plot_line *line = g_new0(struct plot_line, 1);

    set_text(&line->name, name);
    g_ptr_array_add(panel->lines, line);
    return line;
}

void plot_line(struct plot *plot, const char *name, const double *x, const double *y, size_t n)
{
    struct plot_line *line = add_line(last_panel(plot), name);

    line->x = x ? g_memdup2(x, n * sizeof *x) : NULL;
    line->y = g_memdup2(y, n * sizeof *y);
    line->n = n;
}

void plot_line_style(struct plot *plot, enum plot_style style)
{
    GPtrArray *lines = last_panel(plot)->lines;

    g_assert(lines->len > 0);
    ((struct plot_line *)lines->pdata[lines->len - 1])->style = style;
}

static guint category_index(struct plot *plot, const char *category)
{
    for (guint i = 0; i < plot->categories->len; i++)
        if (strcmp(plot->categories->pdata[i], category) == 0)
            return i;
    g_ptr_array_add(plot->categories, g_utf8_make_valid(category, -1));
    return plot->categories->len - 1;
}

static struct plot_line *find_line(struct plot_panel *panel, const char *name)
{
    for (guint i = 0; i < panel->lines->len; i++) {
        struct plot_line *line = panel->lines->pdata[i];
        if (strcmp(line->name, name) == 0)
            return line;
    }
    return add_line(panel, name);
}

void plot_bar(struct plot *plot, const char *name, const char *category, double value)
{
    struct plot_line *line = find_line(last_panel(plot), name);

    line->x = g_renew(double, line->x, line->n + 1);
    line->y = g_renew(double, line->y, line->n + 1);
    line->x[line->n] = category_index(plot, category);
    line->y[line->n++] = value;
}
