/* The inside of a report; for the files of this folder alone. */
#ifndef WEFT_SCENARIOS_RESULTS_REPORT_INTERNAL_H
#define WEFT_SCENARIOS_RESULTS_REPORT_INTERNAL_H

#include "scenarios/results/droplog.h"
#include "scenarios/results/outdir.h"
#include "scenarios/results/report.h"

/* An argument, or a figure with its unit. */
struct report_value {
    char *name, *text, *unit;
    double number;
};

struct report_expectation {
    bool passed;
    char *where, *message, *actual, *wanted;
};

struct report {
    char *scenario, *script;
    uint64_t seed;
    struct outdir *dir; /* NULL: no files */
    struct capture_budget budget;
    GPtrArray *nets;      /* struct report_net */
    GPtrArray *arguments; /* struct report_value */
    GPtrArray *figures;   /* struct report_value */
    GPtrArray *tables;
    GPtrArray *expectations;
    GPtrArray *warnings; /* texts */
    GPtrArray *plots;    /* struct plot of weft.plot */
    GPtrArray *files;    /* written so far, relative to the directory */
    GPtrArray *scripts;  /* those of them that gnuplot shall run */
    GError *error;       /* the first one; what went wrong between report_new and report_write */
    JsonNode *summary;
    guint warned;       /* warnings when the summary was made: it does not hold what gnuplot says */
    int64_t started_us; /* by the monotonic clock */
    int64_t simulated_us; /* when all networks were closed; 0 before */
    uint64_t events;      /* fired in networks that are closed */
    sim_time simulated;
    bool written;
    bool phase;  /* flows may be locked in phase, and the user has been told */
    bool random; /* the scenario draws random numbers of its own */
    bool scripts_only;
};

struct report_capture {
    struct capture *capture; /* NULL once it is closed */
    struct capture_stats stats;
    struct iface *iface;
    char *name; /* "left-eth1" */
};

struct report_printer;

struct report_net {
    struct report *report;
    struct network *net; /* NULL once it is closed */
    char *name, *dir;    /* dir NULL: no files */
    struct droplog *droplog;
    GPtrArray *captures; /* struct report_capture */
    GPtrArray *printers; /* struct report_printer */
    GPtrArray *records;  /* struct record */
    GPtrArray *plots;    /* struct plot_wish */
    GPtrArray *files;    /* relative to dir */
    GPtrArray *scripts;  /* those of them that gnuplot shall run */
    JsonNode *summary;
};

/* A copy of a struct plot_request. */
struct plot_wish {
    char *name, *title;
    char **metrics, **objects;
    sim_time from, to;
    enum plot_style style;
};

/* Frees a network part; the network itself may be gone if it was closed (report_net.c). */
void report_net_free(struct report_net *net);

/* Makes a plot of what was recorded (series_plot.c). */
struct plot *plot_of_series(struct report_net *net, const struct plot_wish *wish);

/* Warns of what a reader of the results should know (remarks.c); while the network is alive. */
void remarks_collect(struct report_net *net);

/* The results of a network as a tree (summary_net.c); while it is alive. */
JsonNode *summary_of_network(struct report_net *net);

/* Whatever belongs beside the summary's networks (summary.c). */
JsonNode *summary_of_report(struct report *report);

/* The facts about this run on this machine (run_facts.c), for run.json. */
JsonNode *run_facts(const struct report *report);

/* The tree as text for people (terminal.c). */
void terminal_print(JsonObject *summary, GString *out, int width);
void terminal_print_failures(JsonObject *summary, GString *out); /* What went wrong alone. */

/* Prints what passes the interface of `net` (printer.c). */
struct report_printer *printer_new(struct network *net, struct iface *iface, FILE *out);
void printer_free(struct report_printer *printer); /* Takes it from its interface. */

/* Writes a file and notes it in `files`; the first failure is kept in report->error. */
void report_put_file(struct report *report, const char *dir, GPtrArray *files, const char *name,
                     const GString *text);

/* Whether the scenario's or the network's plots (NULL: any network's) have this file name. */
bool report_has_plot(const struct report *report, const struct report_net *net, const char *name);

/* Keeps the error if it is the first. */
void report_take_error(struct report *report, GError *error);

/* `name` as a file's name: without slashes and the like; the caller frees it. */
char *report_file_name(const char *name);

#endif
