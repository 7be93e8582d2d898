#include "tools/run.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "scenarios/bind/scenario.h"
#include "scenarios/results/report.h"
#include "tools/progress.h"

/* Columns of the terminal, or a page's. */
static int terminal_width(void)
{
    struct winsize size;

    if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 40)
        return size.ws_col;
    return 100;
}

static enum exit_status refuse(GError *error)
{
    fflush(stdout);
    fprintf(stderr, "%s\n", error->message);
    g_error_free(error);
    return EXIT_MISTAKE;
}

/* ---- Arguments ----------------------------------------------------------------------------- */

static void print_args(const char *path, const GPtrArray *args)
{
    printf("usage: weft run %s [--set name=value]...\n\n", path);
    if (args->len == 0)
        printf("The scenario declares no arguments.\n");
    for (guint i = 0; i < args->len; i++) {
        const struct scenario_arg *arg = args->pdata[i];
        char *left = g_strdup_printf("%s=%s", arg->name, arg->value);
        printf("  %-26s %s%s(%s)\n", left, arg->doc, *arg->doc ? " " : "", arg->type);
        g_free(left);
    }
}

static enum exit_status list_args(const struct scenario_options *options, struct report *report)
{
    GError *error = NULL;
    GPtrArray *args = scenario_args(options, report, &error);

    if (!args)
        return refuse(error);
    print_args(options->path, args);
    g_ptr_array_unref(args);
    return EXIT_FINE;
}

/* ---- Results ------------------------------------------------------------------------------- */

/* More files than these are not listed one by one if they are those of several networks. */
enum { FILES_MAX = 30 };

/* Those at the top are listed in any case. */
static void print_files(const struct report *report)
{
    char **files = report_files(report);
    guint n = g_strv_length(files), inner = 0, folders = 0;
    char *top = n > 0 ? g_path_get_dirname(files[n - 1]) : NULL, *last = g_strdup("");

    for (guint i = 0; i < n; i++) { /* run.json and summary.json lie at the top */
        char *folder = g_path_get_dirname(files[i]);
        if (n <= FILES_MAX || strlen(folder) <= strlen(top)) {
            printf("%s\n", files[i]);
        } else {
            inner++;
            folders += strcmp(folder, last) != 0;
        }
        g_free(last);
        last = folder;
    }
    if (inner > 0)
        printf("%s/: %u more files in %u folders, one for each network\n", top, inner, folders);
    g_free(last);
    g_free(top);
    g_strfreev(files);
}

static void print_results(struct report *report, const struct run_options *options)
{
    GString *text = g_string_new(NULL);

    report_print(report, text, terminal_width());
    fputs(text->str, stdout);
    g_string_free(text, TRUE);
    if (options->directory) {
        putchar('\n');
        print_files(report);
    }
}

/* Quiet runs say nothing but what went wrong. */
static void print_failures(struct report *report)
{
    GString *text = g_string_new(NULL);

    report_print_failures(report, text);
    fflush(stdout);
    fputs(text->str, stderr);
    g_string_free(text, TRUE);
}

static enum exit_status finish(struct report *report, const struct run_options *options)
{
    GError *error = NULL;
    unsigned failed;

    if (!report_write(report, &error))
        return refuse(error);
    if (options->quiet)
        print_failures(report);
    else
        print_results(report, options);
    report_expectations(report, &failed);
    return failed ? EXIT_EXPECTATION : EXIT_FINE;
}

/* ---- Running ------------------------------------------------------------------------------- */

static enum exit_status run(const struct run_options *options, struct report *report)
{
    struct progress progress = { 0 };
    struct scenario_options scenario = {
        .path = options->path,
        .seed = options->seed,
        .seed_given = options->seed_given,
        .sets = (const char *const *)options->sets,
        .until = options->until,
        .ccs = options->ccs,
        .packets = options->print ? stdout : NULL,
    };
    GError *error = NULL;

    if (options->list_args)
        return list_args(&scenario, report);
    if (!options->quiet && isatty(STDERR_FILENO)) {
        scenario.progress = progress_show;
        scenario.progress_data = &progress;
    }
    enum scenario_end end = scenario_run(&scenario, report, &error);
    progress_clear(&progress);
    if (end == SCENARIO_DONE)
        return finish(report, options);
    refuse(error);
    return end == SCENARIO_BUG ? EXIT_BUG : EXIT_MISTAKE;
}

enum exit_status run_scenario(const struct run_options *options, unsigned *expectations)
{
    char *name = scenario_name(options->path);
    char *directory = options->directory && !options->list_args
                          ? g_build_filename(options->directory, name, NULL)
                          : NULL;
    struct report_options report_options = {
        .directory = directory,
        .scenario = name,
        .script = options->path,
        .seed = options->seed,
        .max_capture = options->max_capture,
        .scripts_only = options->scripts_only,
    };
    GError *error = NULL;
    enum exit_status status;
    unsigned failed;

    struct report *report = report_new(&report_options, &error);
    if (report) {
        status = run(options, report);
        *expectations = report_expectations(report, &failed);
        report_free(report);
    } else {
        status = refuse(error);
    }
    g_free(directory);
    g_free(name);
    return status;
}
