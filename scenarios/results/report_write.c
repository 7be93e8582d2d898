#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "scenarios/results/gnuplot.h"
#include "scenarios/results/json.h"
#include "scenarios/results/report_internal.h"
#include "sim/error.h"

static GError *file_error(const char *what, const char *path)
{
    return g_error_new(WEFT_ERROR, WEFT_ERROR_RANGE, "cannot %s \"%s\": %s", what, path,
                       g_strerror(errno));
}

static bool write_file(const char *path, const GString *text)
{
    FILE *file = fopen(path, "wb");

    if (!file)
        return false;
    bool ok = fwrite(text->str, 1, text->len, file) == text->len;
    return fclose(file) == 0 && ok;
}

void report_put_file(struct report *report, const char *dir, GPtrArray *files, const char *name,
                     const GString *text)
{
    char *path = g_build_filename(dir, name, NULL);

    if (write_file(path, text))
        g_ptr_array_add(files, g_strdup(name));
    else
        report_take_error(report, file_error("write", path));
    g_free(path);
}

static void put_json(struct report *report, const char *name, JsonNode *tree)
{
    GString *text = g_string_new(NULL);

    json_append(text, tree);
    report_put_file(report, outdir_path(report->dir), report->files, name, text);
    g_string_free(text, TRUE);
}

static void put_plots(struct report *report)
{
    for (guint i = 0; i < report->plots->len; i++) {
        const struct plot *plot = report->plots->pdata[i];
        char *text = plot_script(plot), *file = g_strconcat(plot->name, ".gp", NULL);
        GString *script = g_string_new(text);
        report_put_file(report, outdir_path(report->dir), report->files, file, script);
        g_ptr_array_add(report->scripts, file);
        g_string_free(script, TRUE);
        g_free(text);
    }
}

/* ---- Networks -------------------------------------------------------------------------------- */

static void move_up(struct report *report, const struct report_net *net, const char *file)
{
    char *from = g_build_filename(net->dir, file, NULL);
    char *to = g_build_filename(outdir_path(report->dir), file, NULL);

    if (rename(from, to) != 0)
        report_take_error(report, file_error("write", to));
    g_free(from);
    g_free(to);
}

/* The files of a network go into the report's list; those of the only network go up from its
 * directory. */
static void place_network(struct report *report, const struct report_net *net)
{
    bool only = report->nets->len == 1;

    for (guint i = 0; i < net->files->len; i++) {
        const char *file = net->files->pdata[i];
        if (only)
            move_up(report, net, file);
        g_ptr_array_add(report->files,
                        only ? g_strdup(file) : g_build_filename(net->name, file, NULL));
    }
    for (guint i = 0; i < net->scripts->len; i++) {
        const char *file = net->scripts->pdata[i];
        g_ptr_array_add(report->scripts,
                        only ? g_strdup(file) : g_build_filename(net->name, file, NULL));
    }
    if (only && g_rmdir(net->dir) != 0)
        report_take_error(report, file_error("remove", net->dir));
}

static void close_networks(struct report *report)
{
    for (guint i = 0; i < report->nets->len; i++)
        report_close_network(report->nets->pdata[i]);
    if (!report->simulated_us)
        report->simulated_us = g_get_monotonic_time();
}

/* ---- The end --------------------------------------------------------------------------------- */

JsonNode *report_summary(struct report *report)
{
    close_networks(report);
    if (!report->summary) {
        report->summary = summary_of_report(report);
        report->warned = report->warnings->len;
    }
    return report->summary;
}

static void warn_plot(void *data, const char *message)
{
    report_warn(data, "%s", message);
}

static void render(struct report *report)
{
    char *dir = (char *)outdir_path(report->dir);

    g_ptr_array_add(report->scripts, NULL);
    gnuplot_run(dir, (const char *const *)report->scripts->pdata, warn_plot, report);
    for (guint i = 0; report->scripts->pdata[i]; i++)
        for (int svg = 0; svg <= 1; svg++) {
            char *file = g_strdup(report->scripts->pdata[i]);
            strcpy(strrchr(file, '.'), "");
            char *picture = g_strconcat(file, svg ? ".svg" : ".png", NULL);
            char *path = g_build_filename(dir, picture, NULL);
            if (g_file_test(path, G_FILE_TEST_EXISTS))
                g_ptr_array_add(report->files, picture);
            else
                g_free(picture);
            g_free(path);
            g_free(file);
        }
}

bool report_write(struct report *report, GError **error)
{
    close_networks(report);
    if (report->dir) {
        for (guint i = 0; i < report->nets->len; i++)
            place_network(report, report->nets->pdata[i]);
        put_plots(report);
        put_json(report, OUTDIR_MARK, report_summary(report));
        if (!report->error && !report->scripts_only)
            render(report);
        JsonNode *facts = run_facts(report);
        put_json(report, "run.json", facts);
        json_node_unref(facts);
    }
    if (report->error) {
        g_propagate_error(error, g_steal_pointer(&report->error));
        return false;
    }
    report->written = true;
    return !report->dir || outdir_commit(report->dir, error);
}

void report_print_failures(struct report *report, GString *out)
{
    terminal_print_failures(json_node_get_object(report_summary(report)), out);
}

void report_print(struct report *report, GString *out, int width)
{
    terminal_print(json_node_get_object(report_summary(report)), out, width);
    for (guint i = report->warned; i < report->warnings->len; i++)
        g_string_append_printf(out, "warning: %s\n", (const char *)report->warnings->pdata[i]);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

char **report_files(const struct report *report)
{
    GPtrArray *paths = g_ptr_array_new();

    for (guint i = 0; report->dir && i < report->files->len; i++)
        g_ptr_array_add(paths,
                        g_build_filename(outdir_final(report->dir), report->files->pdata[i], NULL));
    g_ptr_array_sort(paths, compare_names);
    g_ptr_array_add(paths, NULL);
    return (char **)g_ptr_array_free(paths, FALSE);
}
