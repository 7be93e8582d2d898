/* What an experiment leaves behind.
 *
 * A struct report collects for one run of one scenario: networks, captures, recorded series,
 * plots, figures, tables, expectations.  Everything is written into a directory beside the final
 * one; report_write() renders the rest, and replaces the old results whole by one atomic rename.  A
 * run that fails or is killed leaves the old ones as they were.
 *
 *     out/cubic-vs-reno/
 *         left-eth1.pcap ...     one per capture point (capture.h)
 *         series.csv drops.csv   what was recorded and dropped
 *         *.gp *.png *.svg       plots (plot.h)
 *         summary.json           results (summary.h); same seed, same bytes
 *         run.json               facts about this run on this machine
 *
 * With several networks in a scenario, each has a subdirectory of its name with its captures, csv
 * files and plots; summary.json, run.json and the plots of weft.plot stay at the top.
 *
 * Life: report_new before the simulation starts (it fails if the directory cannot be written),
 * report_add_network per network, captures, records and plots as the scenario asks for them;
 * report_close_network while the network is still alive (report_write does it for those left),
 * report_write, report_print, report_free.  A report that is freed without report_write leaves
 * nothing. */
#ifndef WEFT_SCENARIOS_RESULTS_REPORT_H
#define WEFT_SCENARIOS_RESULTS_REPORT_H

#include "models/app/app.h"
#include "models/node/network.h"
#include "scenarios/results/capture.h"
#include "scenarios/results/plot.h"
#include "scenarios/results/record.h"
#include "scenarios/results/table.h"

struct report;
struct report_net;

/* Strings are copied. */
struct report_options {
    const char *directory; /* the final place, "out/cubic-vs-reno"; NULL: write no files */
    const char *scenario;  /* "cubic-vs-reno" */
    const char *script;    /* the scenario's path as the user gave it */
    uint64_t seed;
    uint64_t max_capture; /* bytes of all captures together; 0: as much as the disk holds */
    bool scripts_only;    /* plots stay gnuplot scripts */
};

/* Makes the directory in which the run writes, and removes those that killed runs left.  NULL with
 * an error if it cannot be written, or if the final place holds something that is no result of
 * ours. */
struct report *report_new(const struct report_options *options, GError **error);

/* Frees the report; the run's files vanish unless report_write succeeded. */
void report_free(struct report *report);

/* An argument of the scenario (weft.arg) and the value it has in this run. */
void report_argument(struct report *report, const char *name, const char *value);

/* A computed figure (weft.result); `unit` may be "". A name given again replaces the value. */
void report_result(struct report *report, const char *name, double value, const char *unit);

/* The scenario draws random numbers of its own: flows that are alike need no warning. */
void report_note_random(struct report *report);

/* A table (weft.table): printed with the results and part of the summary.  Takes `table` over. */
void report_table(struct report *report, struct table *table);

/* The outcome of an expectation.  `where` is "file.lua:12"; `actual` and `wanted` are texts, NULL
 * where there are none. */
void report_expect(struct report *report, bool passed, const char *where, const char *message,
                   const char *actual, const char *wanted);

/* How many expectations there were, and how many of them failed. */
unsigned report_expectations(const struct report *report, unsigned *failed);

/* A remark for the user that belongs to the results; printed and in the summary. */
void report_warn(struct report *report, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* A plot of any data (weft.plot); its files are called `name`, its title is the scenario's name.
 * Fill it with plot_panel and so on (plot.h) before report_write.  NULL with an error if the name
 * is taken or cannot be a file's. */
struct plot *report_plot(struct report *report, const char *name, GError **error);

/* ---- Of one network ------------------------------------------------------------------------ */

/* Takes a network in: its results, drops and captures go to the report.  Its name must be new.
 * The network must live until report_close_network. */
struct report_net *report_add_network(struct report *report, struct network *net, GError **error);

/* Starts a capture at an interface, running until the end.  NULL with an error, of which the
 * filter's syntax is the most frequent. */
struct capture *report_capture(struct report_net *net, struct iface *iface,
                               const struct capture_options *options, GError **error);

/* Prints the packets that pass the interface to `out`, as tcpdump does (weft run --print). */
void report_print_packets(struct report_net *net, struct iface *iface, FILE *out);

/* Records a metric of an application or an interface into a series, which the report owns and which
 * can be read at any time.  `object` is the name it gets in series.csv (NULL: the application's or
 * the interface's own).  Asked again for the same object, metric and options: the same series. */
struct series *report_record_app(struct report_net *net, struct app *app,
                                 const struct metric *metric, const struct record_options *options,
                                 GError **error);
struct series *report_record_iface(struct report_net *net, struct iface *iface, const char *object,
                                   const struct metric *metric,
                                   const struct record_options *options, GError **error);

/* An empty series for the scenario to fill; exported and plotted as the others. */
struct series *report_series(struct report_net *net, const char *object, const char *metric,
                             const char *unit);

/* The series recorded under this object and metric, or NULL. */
struct series *report_find_series(const struct report_net *net, const char *object,
                                  const char *metric);

/* Recorded metrics over time (net:plot): a panel per metric, sharing the time axis. */
struct plot_request {
    const char *name;           /* of the files; NULL: from the metrics */
    const char *title;          /* NULL: the scenario's name */
    const char *const *metrics; /* NULL-terminated */
    const char *const *objects; /* NULL-terminated names; NULL: all that recorded the metric */
    sim_time from, to;          /* to SIM_NEVER: to the end */
    enum plot_style style;      /* PLOT_AUTO: steps or lines, as suits the metric */
};

/* Notes the wish; the data are read when the network is closed. */
bool report_plot_series(struct report_net *net, const struct plot_request *request, GError **error);

/* Before a run up to `until`: warns if the captures could fill the disk. */
void report_check_space(struct report_net *net, sim_time until);

/* Reads everything out of the network, which may be freed after that. */
void report_close_network(struct report_net *net);

/* Lets go of all networks, which are still alive, without reading anything: the run has failed. */
void report_discard(struct report *report);

/* ---- The end ------------------------------------------------------------------------------- */

/* Writes all files and replaces the old results.  False with an error, and the old results in
 * place, if that fails.  A plot that gnuplot cannot render is only a warning. */
bool report_write(struct report *report, GError **error);

/* The result tables, warnings and failed expectations as text for a terminal of `width` columns;
 * after report_write or, without files, after the networks are closed. */
void report_print(struct report *report, GString *out, int width);

/* Only warnings and the expectations that failed, if any. */
void report_print_failures(struct report *report, GString *out);

/* The results as one value tree, what summary.json holds; owned by the report. */
JsonNode *report_summary(struct report *report);

/* The absolute paths of the files written, NULL-terminated; for the last lines of a run.  The
 * caller frees them. */
char **report_files(const struct report *report);

#endif
