/* A report is collected in memory, but for captures and drops, which are written as they come.
 *
 *     report       what belongs to the whole run;  report_net  what belongs to a network
 *     report_write the files;  series_plot  plots of what was recorded
 *     summary, summary_net  the value tree;  json, terminal  its printers;  run_facts
 *     capture, droplog, record, plot, table  the parts;  outdir  where they are put
 *
 * What is not kept: payloads, unless captured; the progress of figures that nobody recorded. */
#include "scenarios/results/report.h"

#include <string.h>
#include <sys/resource.h>

#include "scenarios/results/report_internal.h"
#include "sim/error.h"

/* Bytes that captures leave free on the disk. */
#define DISK_RESERVE (UINT64_C(512) << 20)

enum { FILES_WANTED = 16384 };

static void value_free(void *data)
{
    struct report_value *value = data;

    g_free(value->name);
    g_free(value->text);
    g_free(value->unit);
    g_free(value);
}

static void expectation_free(void *data)
{
    struct report_expectation *e = data;

    g_free(e->where);
    g_free(e->message);
    g_free(e->actual);
    g_free(e->wanted);
    g_free(e);
}

static void table_free_void(void *table)
{
    table_free(table);
}

static void plot_free_void(void *plot)
{
    plot_free(plot);
}

static void collections_new(struct report *report)
{
    report->arguments = g_ptr_array_new_with_free_func(value_free);
    report->figures = g_ptr_array_new_with_free_func(value_free);
    report->tables = g_ptr_array_new_with_free_func(table_free_void);
    report->expectations = g_ptr_array_new_with_free_func(expectation_free);
    report->warnings = g_ptr_array_new_with_free_func(g_free);
    report->plots = g_ptr_array_new_with_free_func(plot_free_void);
    report->files = g_ptr_array_new_with_free_func(g_free);
    report->scripts = g_ptr_array_new_with_free_func(g_free);
    report->nets = g_ptr_array_new();
}

/* Each capture is an open file, and a network may have many. */
static void allow_many_files(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= FILES_WANTED)
        return;
    limit.rlim_cur = MIN(limit.rlim_max, FILES_WANTED);
    setrlimit(RLIMIT_NOFILE, &limit);
}

struct report *report_new(const struct report_options *options, GError **error)
{
    struct outdir *dir = options->directory ? outdir_new(options->directory, error) : NULL;

    if (options->directory && !dir)
        return NULL;
    struct report *report = g_new0(struct report, 1);
    report->dir = dir;
    report->scenario = g_strdup(options->scenario ? options->scenario : "");
    report->script = g_strdup(options->script ? options->script : "");
    report->seed = options->seed;
    report->scripts_only = options->scripts_only;
    report->budget.limit = options->max_capture;
    report->budget.reserve = DISK_RESERVE;
    report->budget.directory = dir ? g_strdup(outdir_path(dir)) : NULL;
    report->started_us = g_get_monotonic_time();
    collections_new(report);
    allow_many_files();
    return report;
}

void report_free(struct report *report)
{
    for (guint i = 0; i < report->nets->len; i++)
        report_net_free(report->nets->pdata[i]);
    g_ptr_array_free(report->nets, TRUE);
    g_ptr_array_free(report->arguments, TRUE);
    g_ptr_array_free(report->figures, TRUE);
    g_ptr_array_free(report->tables, TRUE);
    g_ptr_array_free(report->expectations, TRUE);
    g_ptr_array_free(report->warnings, TRUE);
    g_ptr_array_free(report->plots, TRUE);
    g_ptr_array_free(report->files, TRUE);
    g_ptr_array_free(report->scripts, TRUE);
    if (report->summary)
        json_node_unref(report->summary);
    if (report->dir)
        outdir_free(report->dir);
    g_clear_error(&report->error);
    g_free(report->budget.directory);
    g_free(report->scenario);
    g_free(report->script);
    g_free(report);
}

void report_take_error(struct report *report, GError *error)
{
    if (!error)
        return;
    if (report->error)
        g_error_free(error);
    else
        report->error = error;
}

/* ---- What the scenario tells ----------------------------------------------------------------- */

static struct report_value *value_named(GPtrArray *values, const char *name)
{
    for (guint i = 0; i < values->len; i++) {
        struct report_value *value = values->pdata[i];
        if (strcmp(value->name, name) == 0)
            return value;
    }
    struct report_value *value = g_new0(struct report_value, 1);
    value->name = g_strdup(name);
    g_ptr_array_add(values, value);
    return value;
}

void report_argument(struct report *report, const char *name, const char *value)
{
    struct report_value *v = value_named(report->arguments, name);

    g_free(v->text);
    v->text = g_strdup(value);
}

void report_result(struct report *report, const char *name, double value, const char *unit)
{
    struct report_value *v = value_named(report->figures, name);

    g_free(v->unit);
    v->unit = g_strdup(unit ? unit : "");
    v->number = value;
}

void report_note_random(struct report *report)
{
    report->random = true;
}

void report_table(struct report *report, struct table *table)
{
    g_ptr_array_add(report->tables, table);
}

void report_expect(struct report *report, bool passed, const char *where, const char *message,
                   const char *actual, const char *wanted)
{
    struct report_expectation *e = g_new(struct report_expectation, 1);

    *e = (struct report_expectation){ passed, g_strdup(where), g_strdup(message), g_strdup(actual),
                                      g_strdup(wanted) };
    g_ptr_array_add(report->expectations, e);
}

unsigned report_expectations(const struct report *report, unsigned *failed)
{
    *failed = 0;
    for (guint i = 0; i < report->expectations->len; i++) {
        const struct report_expectation *e = report->expectations->pdata[i];
        *failed += !e->passed;
    }
    return report->expectations->len;
}

void report_warn(struct report *report, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    char *text = g_strdup_vprintf(format, args);
    va_end(args);
    if (g_ptr_array_find_with_equal_func(report->warnings, text, g_str_equal, NULL))
        g_free(text);
    else
        g_ptr_array_add(report->warnings, text);
}

/* ---- Names ----------------------------------------------------------------------------------- */

char *report_file_name(const char *name)
{
    char *safe = g_utf8_make_valid(name, -1);

    for (char *c = safe; *c; c++)
        if ((unsigned char)*c < 0x20 || strchr("/\\:*?\"'<>|$`", *c) || *c == ' ')
            *c = '_';
    if (*safe == '.' || *safe == '-')
        *safe = '_';
    return safe;
}

static bool has_wish(const struct report_net *net, const char *name)
{
    for (guint i = 0; i < net->plots->len; i++)
        if (strcmp(((const struct plot_wish *)net->plots->pdata[i])->name, name) == 0)
            return true;
    return false;
}

bool report_has_plot(const struct report *report, const struct report_net *net, const char *name)
{
    for (guint i = 0; i < report->plots->len; i++)
        if (strcmp(((const struct plot *)report->plots->pdata[i])->name, name) == 0)
            return true;
    for (guint i = 0; !net && i < report->nets->len; i++)
        if (has_wish(report->nets->pdata[i], name))
            return true;
    return net && has_wish(net, name);
}

struct plot *report_plot(struct report *report, const char *name, GError **error)
{
    char *file = report_file_name(name);

    if (!*file || report_has_plot(report, NULL, file)) {
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_RANGE,
                    *file ? "there is a plot \"%s\" already; give each its own name"
                          : "a plot needs a name%s",
                    file);
        g_free(file);
        return NULL;
    }
    struct plot *plot = plot_new(file);
    plot_title(plot, report->scenario);
    g_ptr_array_add(report->plots, plot);
    g_free(file);
    return plot;
}
