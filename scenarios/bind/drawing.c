/* A plot's lines are noted when it is asked for and drawn when the script has ended, because a
 * series may still be recorded: a script can ask for its plots before it runs the network. */
#include "scenarios/bind/drawing.h"

#include <math.h>
#include <string.h>

#include "scenarios/bind/iface.h"
#include "scenarios/bind/options.h"
#include "scenarios/bind/record.h"
#include "scenarios/bind/series.h"
#include "scenarios/bind/traffic.h"
#include "scenarios/bind/value.h"

/* ---- Lines that wait ----------------------------------------------------------------------- */

struct line {
    char *name, *label, *unit;
    char *plain; /* the name before lines of the same name were told apart; NULL until then */
    const struct series *series; /* recorded; NULL: the values below */
    double *x, *y;
    char **categories; /* instead of x, of bars; or NULL */
    char **objects;    /* whose figures the values are, for bars; or NULL */
    size_t n;
    enum plot_style style; /* PLOT_AUTO: the plot's */
};

struct drawing {
    struct plot *plot; /* the report's */
    enum plot_style style;
    GPtrArray *lines;
};

static void free_line(gpointer data)
{
    struct line *line = data;

    g_free(line->name);
    g_free(line->plain);
    g_free(line->label);
    g_free(line->unit);
    g_free(line->x);
    g_free(line->y);
    g_strfreev(line->categories);
    g_strfreev(line->objects);
    g_free(line);
}

static void free_drawing(gpointer data)
{
    struct drawing *drawing = data;

    g_ptr_array_free(drawing->lines, TRUE);
    g_free(drawing);
}

GPtrArray *bind_drawings_new(void)
{
    return g_ptr_array_new_with_free_func(free_drawing);
}

static struct line *line_new(const char *name, const char *label, const char *unit, size_t n)
{
    struct line *line = g_new0(struct line, 1);

    line->name = g_strdup(name);
    line->label = g_strdup(label);
    line->unit = g_strdup(unit);
    line->x = g_new(double, n + 1);
    line->y = g_new(double, n + 1);
    line->n = n;
    return line;
}

static void read_points(struct line *line, const struct series *series)
{
    for (size_t i = 0; i < line->n; i++) {
        struct series_point point = series_get(series, i);
        line->x[i] = simtime_seconds(point.time);
        line->y[i] = point.value;
    }
}

/* Bars have names: texts that stand for x, the objects whose figures they are, or x itself. */
static void draw_bars(struct plot *plot, const struct line *line)
{
    char **names = line->categories ? line->categories : line->objects;

    for (size_t i = 0; i < line->n; i++) {
        char *number = g_strdup_printf("%.6g", line->x[i]);
        plot_bar(plot, line->name, names ? names[i] : number, line->y[i]);
        g_free(number);
    }
}

static void draw_line(struct plot *plot, enum plot_style style, const struct line *line)
{
    if (style == PLOT_BARS && !line->series) {
        draw_bars(plot, line);
        return;
    }
    plot_line(plot, line->name, line->x, line->y, line->n);
    plot_line_style(plot, line->style);
}

/* A line without a label goes to the one above it. */
static bool is_same_axis(const struct line *above, const struct line *line)
{
    return strcmp(above->unit, line->unit) == 0 &&
           (!line->label[0] || strcmp(above->label, line->label) == 0);
}

/* Lines of a panel have names, and so colours, of their own: the second "fct" is "fct (2)". */
static void tell_apart(struct drawing *drawing, guint first, guint last)
{
    struct line *line = drawing->lines->pdata[last];
    unsigned same = 1;

    for (guint i = first; *line->name && i < last; i++)
        same += g_strcmp0(((struct line *)drawing->lines->pdata[i])->plain, line->name) == 0;
    line->plain = line->name;
    line->name = same > 1 ? g_strdup_printf("%s (%u)", line->plain, same) : g_strdup(line->plain);
}

static void draw(struct drawing *drawing)
{
    const struct line *above = NULL;
    guint first = 0;

    for (guint i = 0; i < drawing->lines->len; i++) {
        struct line *line = drawing->lines->pdata[i];
        if (line->series) {
            line->n = line->series->count;
            line->x = g_renew(double, line->x, line->n + 1);
            line->y = g_renew(double, line->y, line->n + 1);
            read_points(line, line->series);
        }
        if (!above || !is_same_axis(above, line)) {
            plot_panel(drawing->plot, drawing->style, line->label, line->unit);
            above = line;
            first = i;
        }
        tell_apart(drawing, first, i);
        draw_line(drawing->plot, drawing->style, line);
    }
}

void bind_drawings_finish(struct bind *bind)
{
    for (guint i = 0; i < bind->drawings->len; i++)
        draw(bind->drawings->pdata[i]);
}

/* ---- Reading lines ------------------------------------------------------------------------- */

static struct line *line_of_series(const struct bind_series_ref *ref)
{
    const struct series *series = ref->series;
    struct line *line = line_new(ref->object ? ref->object : series->name, plot_label(series->name),
                                 series->unit, ref->owned ? series->count : 0);

    if (!ref->owned) {
        line->series = series;
        return line;
    }
    read_points(line, series);
    line->objects = g_new0(char *, series->count + 1);
    for (guint i = 0; i < ref->of->len; i++)
        line->objects[i] = g_strdup(ref->of->pdata[i]);
    return line;
}

static double number_at(lua_State *L, int index, lua_Integer i)
{
    int type = lua_rawgeti(L, index, i);
    double value = type == LUA_TNUMBER ? lua_tonumber(L, -1) : NAN;

    lua_pop(L, 1);
    return value;
}

static void check_numbers(lua_State *L, int index, const char *what)
{
    if (!lua_istable(L, index))
        bind_refuse(L, index, what, "a list of numbers");
    for (lua_Integer i = 1; i <= (lua_Integer)lua_rawlen(L, index); i++)
        if (isnan(number_at(L, index, i)))
            bind_fail(L, "%s: value %d is not a number", what, (int)i);
}

static void check_texts(lua_State *L, int index, const char *what)
{
    for (lua_Integer i = 1; i <= (lua_Integer)lua_rawlen(L, index); i++) {
        if (lua_rawgeti(L, index, i) != LUA_TSTRING)
            bind_fail(L, "%s: value %d is not a text, as the first one is", what, (int)i);
        lua_pop(L, 1);
    }
}

/* Those of enum plot_style that may meet in one panel; NULL ends them. */
static const char *const line_styles[] = { "auto",        "line",   "steps", "scatter",
                                           "linespoints", "dashes", NULL };
_Static_assert(PLOT_LINE == 1 && PLOT_STEPS == 2 && PLOT_SCATTER == 3 && PLOT_LINESPOINTS == 4 &&
                   PLOT_DASHES == 5,
               "indices are the styles");

struct line_options {
    const char *name, *label, *unit;
    int style;
    bool x, y, categories;
    const struct bind_series_ref *series;
};

static void set_line_name(lua_State *L, int index, void *data)
{
    ((struct line_options *)data)->name = bind_string(L, index, "weft.plot: name of a line");
}

static void set_line_label(lua_State *L, int index, void *data)
{
    ((struct line_options *)data)->label = bind_string(L, index, "weft.plot: label of a line");
}

static void set_line_unit(lua_State *L, int index, void *data)
{
    ((struct line_options *)data)->unit = bind_string(L, index, "weft.plot: unit of a line");
}

/* Numbers, or texts if the first one is a text. */
static void set_line_x(lua_State *L, int index, void *data)
{
    struct line_options *o = data;

    if (lua_istable(L, index)) {
        o->categories = lua_rawgeti(L, index, 1) == LUA_TSTRING;
        lua_pop(L, 1);
    }
    if (o->categories)
        check_texts(L, index, "weft.plot: x of a line");
    else
        check_numbers(L, index, "weft.plot: x of a line");
    o->x = true;
}

static void set_line_y(lua_State *L, int index, void *data)
{
    check_numbers(L, index, "weft.plot: y of a line");
    ((struct line_options *)data)->y = true;
}

static void set_line_series(lua_State *L, int index, void *data)
{
    struct line_options *o = data;

    if (!(o->series = bind_to_series(L, index)))
        bind_refuse(L, index, "weft.plot: series of a line", "a series");
}

static void set_line_style(lua_State *L, int index, void *data)
{
    ((struct line_options *)data)->style =
        bind_word(L, index, "weft.plot: style of a line", line_styles);
}

static const struct bind_option line_extra[] = {
    { "name", "text", "\"\"", "in the legend", set_line_name },
    { "label", "text", "\"\"", "of the y axis", set_line_label },
    { "unit", "text", "\"\"", "of the values", set_line_unit },
    { "x", "list of numbers or texts", "1, 2, 3, ...",
      "where the points are, or what the bars are called", set_line_x },
    { "y", "list of numbers", "", "the values", set_line_y },
    { "series", "series", "",
      "instead of x and y: x:series(...) or weft.series(...), to give it a name or style",
      set_line_series },
    { "style", "word", "the plot's",
      "of this line alone: line, steps, scatter, linespoints or dashes", set_line_style },
    BIND_OPTIONS_END,
};

const struct bind_options bind_plot_line_options = {
    .what = "weft.plot: a line",
    .options = line_extra,
};

static char **texts_at(lua_State *L, int index, lua_Integer n)
{
    char **texts = g_new0(char *, n + 1);

    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, index, i);
        texts[i - 1] = g_strdup(lua_tostring(L, -1));
        lua_pop(L, 1);
    }
    return texts;
}

static void replace(char **text, const char *by)
{
    if (!by)
        return;
    g_free(*text);
    *text = g_strdup(by);
}

/* { name = "before", series = f:series("rtt") } */
static struct line *line_of_named(const struct line_options *o)
{
    struct line *line = line_of_series(o->series);

    replace(&line->name, o->name);
    replace(&line->label, o->label);
    line->style = (enum plot_style)o->style;
    return line;
}

/* { name = "goodput", x = {...}, y = {...} } at the top of the stack. */
static struct line *line_of_table(lua_State *L)
{
    int index = lua_gettop(L);
    struct line_options o = { 0 };
    struct bind_options options = bind_plot_line_options;

    options.data = &o;
    bind_read_options(L, index, &options, 0);
    if (o.series && !o.x && !o.y && !o.unit)
        return line_of_named(&o);
    if (!o.y || o.series)
        bind_fail(L, "weft.plot: a line is a series, { name =, x = {...}, y = {...} } or "
                     "{ name =, series = }");
    lua_getfield(L, index, "x");
    lua_getfield(L, index, "y");
    lua_Integer n = (lua_Integer)lua_rawlen(L, index + 2);
    if (o.x && (lua_Integer)lua_rawlen(L, index + 1) != n)
        bind_fail(L, "weft.plot: x and y of a line have different lengths");
    struct line *line =
        line_new(o.name ? o.name : "", o.label ? o.label : "", o.unit ? o.unit : "", (size_t)n);
    line->style = (enum plot_style)o.style;
    for (lua_Integer i = 1; i <= n; i++) {
        line->x[i - 1] = o.x && !o.categories ? number_at(L, index + 1, i) : (double)i;
        line->y[i - 1] = number_at(L, index + 2, i);
    }
    if (o.categories)
        line->categories = texts_at(L, index + 1, n);
    lua_settop(L, index);
    return line;
}

/* ---- weft.plot ----------------------------------------------------------------------------- */

struct plot_options {
    int style, log;
    const char *name, *title, *x_label, *x_unit;
    struct metric_span span;
};

static void set_name(lua_State *L, int index, void *data)
{
    ((struct plot_options *)data)->name = bind_check_name(L, index, "plot name");
}

static void set_title(lua_State *L, int index, void *data)
{
    ((struct plot_options *)data)->title = bind_string(L, index, "plot title");
}

static void set_x_label(lua_State *L, int index, void *data)
{
    ((struct plot_options *)data)->x_label = bind_string(L, index, "plot x_label");
}

static void set_x_unit(lua_State *L, int index, void *data)
{
    ((struct plot_options *)data)->x_unit = bind_string(L, index, "plot x_unit");
}

static void set_style(lua_State *L, int index, void *data)
{
    ((struct plot_options *)data)->style = bind_word(L, index, "plot style", plot_style_names);
}

/* Indices are sets of PLOT_LOG_X and PLOT_LOG_Y. */
static const char *const log_axes[] = { "none", "x", "y", "xy", NULL };
_Static_assert(PLOT_LOG_X == 1 && PLOT_LOG_Y == 2, "log_axes");

static void set_log(lua_State *L, int index, void *data)
{
    ((struct plot_options *)data)->log = bind_word(L, index, "plot log", log_axes);
}

static const struct bind_option weft_plot_extra[] = {
    { "style", "word", "auto",
      "auto, line, steps, scatter, linespoints, dashes, cdf, histogram or bars", set_style },
    { "name", "text", "\"plot\", \"plot-2\", ...", "of the files", set_name },
    { "title", "text", "the scenario's name", "the title", set_title },
    { "x_label", "text", "\"time\" of records", "what the x axis shows", set_x_label },
    { "x_unit", "text", "\"s\" of records", "its unit", set_x_unit },
    { "log", "word", "none", "axes that are logarithmic: x, y or xy", set_log },
    BIND_OPTIONS_END,
};

const struct bind_options bind_weft_plot_options = {
    .what = "weft.plot",
    .options = weft_plot_extra,
};

static bool style_fits(const struct drawing *drawing, const struct line *line)
{
    if (line->categories)
        return drawing->style == PLOT_BARS;
    return line->style == PLOT_AUTO || drawing->style <= PLOT_DASHES;
}

static void add_line(lua_State *L, struct drawing *drawing)
{
    struct bind_series_ref *ref = bind_to_series(L, -1);

    if (!ref && !lua_istable(L, -1))
        bind_refuse(L, -1, "weft.plot: a line",
                    "a series, { name =, x = {...}, y = {...} } or { name =, series = }");
    struct line *line = ref ? line_of_series(ref) : line_of_table(L);
    g_ptr_array_add(drawing->lines, line);
    if (line->categories && drawing->style == PLOT_AUTO)
        drawing->style = PLOT_BARS;
    if (!style_fits(drawing, line))
        bind_fail(L, "weft.plot: a line %s does not fit into a plot of style %s",
                  line->categories ? "with texts for x" : "with a style of its own",
                  plot_style_names[drawing->style]);
}

static void check_log(lua_State *L, enum plot_style style, int log)
{
    bool fits = style <= PLOT_DASHES || (style == PLOT_CDF && log == PLOT_LOG_X);

    if (log && !fits)
        bind_fail(L, "weft.plot: a plot of style %s has no logarithmic axis %s",
                  plot_style_names[style], log_axes[log]);
}

/* x is time, unless no line is over time. */
static void label_x(struct plot *plot, const struct drawing *drawing, const struct plot_options *o)
{
    bool timed = false;

    for (guint i = 0; i < drawing->lines->len; i++)
        timed = timed || ((struct line *)drawing->lines->pdata[i])->series;
    const char *label = o->x_label ? o->x_label : timed ? NULL : "";
    if (label)
        plot_x_axis(plot, label, o->x_unit ? o->x_unit : "");
}

int bind_weft_plot(lua_State *L, struct bind_object *self)
{
    struct bind *bind = bind_of(L);
    struct plot_options o = { 0 };
    struct bind_options options = bind_weft_plot_options;
    GError *error = NULL;

    if (!lua_istable(L, 1) || lua_rawlen(L, 1) == 0)
        bind_refuse(L, 1, "weft.plot: its argument", "a table with at least one series");
    options.data = &o;
    bind_read_options(L, 1, &options, INT32_MAX);
    if (!o.name) {
        unsigned n = ++bind->plots;
        o.name = n == 1 ? "plot" : lua_pushfstring(L, "plot-%d", (int)n);
    }
    struct drawing *drawing = g_new0(struct drawing, 1);
    drawing->style = (enum plot_style)o.style;
    drawing->lines = g_ptr_array_new_with_free_func(free_line);
    g_ptr_array_add(bind->drawings, drawing); /* which owns it, also if a line is refused */
    for (lua_Integer i = 1; i <= (lua_Integer)lua_rawlen(L, 1); i++) {
        lua_rawgeti(L, 1, i);
        add_line(L, drawing);
        lua_pop(L, 1);
    }
    check_log(L, drawing->style, o.log);
    drawing->plot = report_plot(bind->report, o.name, &error);
    if (!drawing->plot)
        bind_throw(L, "weft.plot", error);
    if (o.title)
        plot_title(drawing->plot, o.title);
    label_x(drawing->plot, drawing, &o);
    plot_log_axes(drawing->plot, (unsigned)o.log);
    return 0;
}

/* ---- net:plot ------------------------------------------------------------------------------ */

static void set_between(lua_State *L, int index, void *data)
{
    ((struct plot_options *)data)->span = bind_span(L, index, "plot between");
}

/* Read by objects(). */
static void set_of(lua_State *L, int index, void *data)
{
}

static const struct bind_option net_plot_extra[] = {
    { "of", "list of flows, links, interfaces", "all that recorded it", "whose", set_of },
    { "between", "{ from, to }", "the whole run", "the window", set_between },
    { "style", "word", "auto",
      "auto, line, steps, scatter, linespoints, dashes, cdf, histogram or bars", set_style },
    { "name", "text", "from the metrics", "of the files", set_name },
    { "title", "text", "the scenario's name", "the title", set_title },
    BIND_OPTIONS_END,
};

const struct bind_options bind_net_plot_options = {
    .what = "net:plot",
    .options = net_plot_extra,
};

static bool has_record(const struct metric *table, const char *name)
{
    for (; table && table->name; table++)
        if (table->kind != METRIC_RESULT && strcmp(table->name, name) == 0)
            return true;
    return false;
}

static void add_records(GPtrArray *words, const struct metric *table)
{
    for (; table && table->name; table++)
        if (table->kind != METRIC_RESULT)
            g_ptr_array_add(words, (char *)table->name);
}

/* A metric of anything. */
static void check_metric(lua_State *L, const char *name)
{
    bool known = has_record(iface_metrics, name);

    for (const struct app_ops *const *const *m = app_registry; *m && !known; m++)
        for (const struct app_ops *const *ops = *m; *ops; ops++)
            known = known || has_record((*ops)->metrics, name);
    if (known)
        return;
    GPtrArray *words = g_ptr_array_new();
    add_records(words, iface_metrics);
    for (const struct app_ops *const *const *m = app_registry; *m; m++)
        for (const struct app_ops *const *ops = *m; *ops; ops++)
            add_records(words, (*ops)->metrics);
    bind_unknown(L, "net:plot", "metric", name, words);
}

/* The texts of the list at `index` as a userdata, pushed; NULL-terminated. */
static const char **metrics(lua_State *L, int index)
{
    lua_Integer n = (lua_Integer)lua_rawlen(L, index);
    const char **names = lua_newuserdatauv(L, ((size_t)n + 1) * sizeof *names, 0);

    if (n == 0)
        bind_fail(L, "net:plot: say what, net:plot{ \"cwnd\" }");
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, index, i);
        names[i - 1] = bind_string(L, -1, "net:plot: a metric");
        check_metric(L, names[i - 1]);
        lua_pop(L, 1); /* the table keeps it */
    }
    names[n] = NULL;
    return names;
}

static const char *object_name(lua_State *L, int index)
{
    struct bind_object *object = bind_to_object(L, index);

    if (!object ||
        !(bind_is_a(object, &bind_flow_class, NULL) || bind_is_a(object, &bind_port_class, NULL)))
        bind_refuse(L, index, "net:plot of", "a list of flows, links and interfaces");
    return bind_record_object(object);
}

/* What `of` names: one object or a list of them; NULL if it is not there. */
static const char **objects(lua_State *L, int index)
{
    if (lua_getfield(L, index, "of") == LUA_TNIL)
        return NULL;
    int of = lua_gettop(L);
    bool list = lua_istable(L, of);
    lua_Integer n = list ? (lua_Integer)lua_rawlen(L, of) : 1;
    const char **names = lua_newuserdatauv(L, ((size_t)n + 1) * sizeof *names, 0);

    for (lua_Integer i = 1; i <= n; i++) {
        if (list)
            lua_rawgeti(L, of, i);
        else
            lua_pushvalue(L, of);
        names[i - 1] = object_name(L, -1);
        lua_pop(L, 1);
    }
    names[n] = NULL;
    return names;
}

int bind_network_plot(lua_State *L, struct bind_object *self)
{
    struct plot_options o = { .span = { 0, SIM_NEVER } };
    struct bind_options options = bind_net_plot_options;
    GError *error = NULL;

    if (!lua_istable(L, 1))
        bind_refuse(L, 1, "net:plot: its argument", "a table, { \"cwnd\", \"queue_packets\" }");
    options.data = &o;
    bind_read_options(L, 1, &options, INT32_MAX);
    struct plot_request request = {
        .name = o.name,
        .title = o.title,
        .metrics = metrics(L, 1),
        .objects = objects(L, 1),
        .from = o.span.from,
        .to = o.span.to,
        .style = (enum plot_style)o.style,
    };
    if (!report_plot_series(self->net->report, &request, &error))
        bind_throw(L, "net:plot:", error);
    return 0;
}
