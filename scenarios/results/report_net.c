#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/statvfs.h>

#include "scenarios/results/number.h"
#include "scenarios/results/report_internal.h"
#include "sim/error.h"

static void capture_entry_free(void *data)
{
    struct report_capture *entry = data;

    g_free(entry->name);
    g_free(entry);
}

static void wish_free(void *data)
{
    struct plot_wish *wish = data;

    g_free(wish->name);
    g_free(wish->title);
    g_strfreev(wish->metrics);
    g_strfreev(wish->objects);
    g_free(wish);
}

static void record_free_void(void *record)
{
    record_free(record);
}

static void printer_free_void(void *printer)
{
    printer_free(printer);
}

/* ---- Life ----------------------------------------------------------------------------------- */

static bool name_is_new(const struct report *report, const char *name, GError **error)
{
    for (guint i = 0; i < report->nets->len; i++) {
        const struct report_net *other = report->nets->pdata[i];
        if (strcmp(other->name, name) == 0) {
            g_set_error(error, WEFT_ERROR, WEFT_ERROR_RANGE,
                        "there is a network \"%s\" already; give each its own name", name);
            return false;
        }
    }
    return true;
}

static bool open_files(struct report_net *net, GError **error)
{
    struct report *report = net->report;

    if (!report->dir)
        return true;
    net->dir = g_build_filename(outdir_path(report->dir), net->name, NULL);
    if (g_mkdir(net->dir, 0777) != 0) {
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_RANGE, "cannot make the directory \"%s\": %s",
                    net->dir, g_strerror(errno));
        return false;
    }
    char *path = g_build_filename(net->dir, "drops.csv", NULL);
    net->droplog = droplog_open(net->net, path, error);
    g_free(path);
    g_ptr_array_add(net->files, g_strdup("drops.csv"));
    return net->droplog != NULL;
}

struct report_net *report_add_network(struct report *report, struct network *net, GError **error)
{
    char *name = report_file_name(net->name);

    if (!name_is_new(report, name, error)) {
        g_free(name);
        return NULL;
    }
    struct report_net *part = g_new0(struct report_net, 1);
    part->report = report;
    part->net = net;
    part->name = name;
    part->captures = g_ptr_array_new_with_free_func(capture_entry_free);
    part->printers = g_ptr_array_new_with_free_func(printer_free_void);
    part->records = g_ptr_array_new_with_free_func(record_free_void);
    part->plots = g_ptr_array_new_with_free_func(wish_free);
    part->files = g_ptr_array_new_with_free_func(g_free);
    part->scripts = g_ptr_array_new_with_free_func(g_free);
    if (!open_files(part, error)) {
        report_net_free(part);
        return NULL;
    }
    g_ptr_array_add(report->nets, part);
    return part;
}

/* Takes all listeners away from the network. */
static void stop_listening(struct report_net *net)
{
    GError *error = NULL;

    g_ptr_array_set_size(net->printers, 0);
    for (guint i = 0; i < net->records->len; i++)
        record_stop(net->records->pdata[i]);
    for (guint i = 0; i < net->captures->len; i++) {
        struct report_capture *entry = net->captures->pdata[i];
        iface_untap(entry->iface, capture_tap(entry->capture));
        entry->stats = capture_stats(entry->capture);
        if (!capture_close(entry->capture, &error))
            report_take_error(net->report, g_steal_pointer(&error));
        entry->capture = NULL;
    }
    if (net->droplog && !droplog_close(net->droplog, &error))
        report_take_error(net->report, g_steal_pointer(&error));
    net->droplog = NULL;
}

void report_net_free(struct report_net *net)
{
    if (net->net)
        stop_listening(net);
    g_ptr_array_free(net->captures, TRUE);
    g_ptr_array_free(net->printers, TRUE);
    g_ptr_array_free(net->records, TRUE);
    g_ptr_array_free(net->plots, TRUE);
    g_ptr_array_free(net->files, TRUE);
    g_ptr_array_free(net->scripts, TRUE);
    if (net->summary)
        json_node_unref(net->summary);
    g_free(net->name);
    g_free(net->dir);
    g_free(net);
}

void report_discard(struct report *report)
{
    for (guint i = 0; i < report->nets->len; i++)
        report_net_free(report->nets->pdata[i]);
    g_ptr_array_set_size(report->nets, 0);
}

/* ---- Captures -------------------------------------------------------------------------------- */

static bool capture_exists(const struct report_net *net, const char *name)
{
    for (guint i = 0; i < net->captures->len; i++)
        if (strcmp(((const struct report_capture *)net->captures->pdata[i])->name, name) == 0)
            return true;
    return false;
}

/* "node-eth1", "node-eth1-2", ..., or what was asked for; NULL with an error if that is taken. */
static char *capture_name(const struct report_net *net, const struct iface *iface,
                          const char *wanted, GError **error)
{
    char *base = report_file_name(wanted ? wanted : iface->drops.name);

    if (!capture_exists(net, base))
        return base;
    if (wanted) {
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_RANGE,
                    "there is a capture \"%s\" already; give each its own name", base);
        g_free(base);
        return NULL;
    }
    for (unsigned n = 2;; n++) {
        char *name = g_strdup_printf("%s-%u", base, n);
        if (!capture_exists(net, name)) {
            g_free(base);
            return name;
        }
        g_free(name);
    }
}

struct capture *report_capture(struct report_net *net, struct iface *iface,
                               const struct capture_options *options, GError **error)
{
    char *name = capture_name(net, iface, options->name, error);

    if (!name)
        return NULL;
    char *file = g_strconcat(name, ".pcap", NULL);
    char *path = net->dir ? g_build_filename(net->dir, file, NULL) : g_strdup("/dev/null");
    struct capture *capture = capture_open(path, options, &net->report->budget, error);
    g_free(path);
    if (!capture) {
        g_free(file);
        g_free(name);
        return NULL;
    }
    struct report_capture *entry = g_new0(struct report_capture, 1);
    *entry = (struct report_capture){ .capture = capture, .iface = iface, .name = name };
    g_ptr_array_add(net->captures, entry);
    g_ptr_array_add(net->files, file);
    iface_tap(iface, capture_tap(capture));
    return capture;
}

void report_print_packets(struct report_net *net, struct iface *iface, FILE *out)
{
    g_ptr_array_add(net->printers, printer_new(net->net, iface, out));
}

/* Bytes that a direction could add to a capture per second, if its link is busy with full-sized
 * frames. */
static double busiest(const struct iface *iface, uint32_t snaplen)
{
    double frame = iface->ip.mtu + 14, kept = snaplen && snaplen < frame ? snaplen : frame;

    return (double)iface->tx.rate_bps / 8 * (kept + 16) / link_wire_bytes((uint32_t)frame);
}

static double could_need(const struct report_net *net, sim_time until)
{
    double bytes = 0;

    for (guint i = 0; i < net->captures->len; i++) {
        const struct report_capture *entry = net->captures->pdata[i];
        const struct tap *tap = capture_tap(entry->capture);
        uint32_t snaplen = capture_snaplen(entry->capture);
        sim_time from = MAX(tap->from, net->net->sim->now), to = MIN(tap->to, until);
        double rate = 0;
        if (tap->directions & TAP_OUT)
            rate += busiest(entry->iface, snaplen);
        if ((tap->directions & TAP_IN) && entry->iface->peer)
            rate += busiest(entry->iface->peer, snaplen);
        if (to > from)
            bytes += rate * simtime_seconds(to - from);
    }
    return bytes;
}

void report_check_space(struct report_net *net, sim_time until)
{
    const struct capture_budget *budget = &net->report->budget;
    struct statvfs fs;

    if (!net->dir || net->captures->len == 0 || statvfs(net->dir, &fs) != 0)
        return;
    double need = could_need(net, until);
    double free_bytes = (double)fs.f_bavail * (double)fs.f_frsize;
    if (budget->limit && need > (double)(budget->limit - budget->used))
        need = (double)(budget->limit - budget->used);
    if (need > free_bytes - (double)budget->reserve)
        report_warn(net->report,
                    "the captures may need up to %.0f MB, and %.0f MB are free; they end when "
                    "%.0f MB are left.  snaplen=, filter= and between= make them smaller, "
                    "--max-capture limits them",
                    need / 1e6, free_bytes / 1e6, (double)budget->reserve / 1e6);
}

/* ---- Records --------------------------------------------------------------------------------- */

static struct record *find_record(const struct report_net *net, const char *object,
                                  const char *metric)
{
    for (guint i = 0; i < net->records->len; i++) {
        struct record *record = net->records->pdata[i];
        if (strcmp(record->object, object) == 0 && strcmp(record->metric, metric) == 0)
            return record;
    }
    return NULL;
}

static struct series *record_once(struct report_net *net, struct app *app, struct iface *iface,
                                  const char *object, const struct metric *metric,
                                  const struct record_options *options, GError **error)
{
    struct record *record = find_record(net, object, metric->name);

    if (record && record->app == app && record->iface == iface && record_same(record, options))
        return record->series;
    if (record) {
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_RANGE,
                    "%s: `%s` is recorded already, in another way; record each metric once", object,
                    metric->name);
        return NULL;
    }
    record = record_new(net->net, app, iface, object, metric, options, error);
    if (!record)
        return NULL;
    g_ptr_array_add(net->records, record);
    return record->series;
}

struct series *report_record_app(struct report_net *net, struct app *app,
                                 const struct metric *metric, const struct record_options *options,
                                 GError **error)
{
    return record_once(net, app, NULL, app->name, metric, options, error);
}

struct series *report_record_iface(struct report_net *net, struct iface *iface, const char *object,
                                   const struct metric *metric,
                                   const struct record_options *options, GError **error)
{
    return record_once(net, NULL, iface, object ? object : iface->drops.name, metric, options,
                       error);
}

struct series *report_series(struct report_net *net, const char *object, const char *metric,
                             const char *unit)
{
    struct record *record = find_record(net, object, metric);

    if (!record) {
        record = record_new_empty(object, metric, unit);
        g_ptr_array_add(net->records, record);
    }
    return record->series;
}

struct series *report_find_series(const struct report_net *net, const char *object,
                                  const char *metric)
{
    const struct record *record = find_record(net, object, metric);

    return record ? record->series : NULL;
}

/* ---- Plots ----------------------------------------------------------------------------------- */

/* The metrics' names joined, with a number if there is such a plot already. */
static char *unnamed(const struct report_net *net, const char *const *metrics)
{
    char *joined = g_strjoinv("-", (char **)metrics), *base = report_file_name(joined);
    char *name = g_strdup(base);

    for (unsigned n = 2; report_has_plot(net->report, net, name); n++) {
        g_free(name);
        name = g_strdup_printf("%s-%u", base, n);
    }
    g_free(joined);
    g_free(base);
    return name;
}

bool report_plot_series(struct report_net *net, const struct plot_request *request, GError **error)
{
    char *name = request->name ? report_file_name(request->name) : unnamed(net, request->metrics);

    if (!*name || report_has_plot(net->report, net, name)) {
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_RANGE,
                    *name ? "there is a plot \"%s\" already; give each its own name"
                          : "a plot needs a name%s",
                    name);
        g_free(name);
        return false;
    }
    struct plot_wish *wish = g_new0(struct plot_wish, 1);
    *wish = (struct plot_wish){ .name = name,
                                .title = g_strdup(request->title),
                                .metrics = g_strdupv((char **)request->metrics),
                                .objects = g_strdupv((char **)request->objects),
                                .from = request->from,
                                .to = request->to ? request->to : SIM_NEVER,
                                .style = request->style };
    g_ptr_array_add(net->plots, wish);
    return true;
}

static void draw_plots(struct report_net *net)
{
    for (guint i = 0; i < net->plots->len; i++) {
        struct plot *plot = plot_of_series(net, net->plots->pdata[i]);
        char *text = plot_script(plot), *file = g_strconcat(plot->name, ".gp", NULL);
        GString *script = g_string_new(text);
        report_put_file(net->report, net->dir, net->files, file, script);
        g_ptr_array_add(net->scripts, file);
        g_string_free(script, TRUE);
        g_free(text);
        plot_free(plot);
    }
}

/* ---- The end --------------------------------------------------------------------------------- */

static void write_series(struct report_net *net)
{
    GString *text = g_string_new(RECORD_CSV_HEAD);

    for (guint i = 0; i < net->records->len; i++)
        record_append_csv(net->records->pdata[i], text);
    report_put_file(net->report, net->dir, net->files, "series.csv", text);
    g_string_free(text, TRUE);
}

static void warn_of_capture(struct report *report, const struct report_capture *entry)
{
    static const char *const why[] = { NULL, "the limit of all captures (--max-capture) was met",
                                       "the disk is nearly full", "it cannot be written" };
    GString *when = g_string_new(NULL);

    number_append_seconds(when, entry->stats.stopped);
    report_warn(report, "the capture %s.pcap ends at %s s: %s", entry->name, when->str,
                why[entry->stats.end]);
    g_string_free(when, TRUE);
}

static void warn_of_captures(struct report_net *net)
{
    for (guint i = 0; i < net->captures->len; i++) {
        const struct report_capture *entry = net->captures->pdata[i];
        if (entry->stats.end != CAPTURE_COMPLETE)
            warn_of_capture(net->report, entry);
    }
}

void report_close_network(struct report_net *net)
{
    if (!net->net)
        return;
    for (guint i = 0; i < net->net->links->len; i++) {
        const struct link *link = net->net->links->pdata[i];
        link_sync(&link->a->tx);
        link_sync(&link->b->tx);
    }
    stop_listening(net);
    warn_of_captures(net);
    remarks_collect(net);
    if (net->dir)
        draw_plots(net);
    g_ptr_array_sort(net->records, record_compare);
    if (net->dir)
        write_series(net);
    net->summary = summary_of_network(net);
    net->report->events += net->net->sim->events_fired;
    net->report->simulated = MAX(net->report->simulated, net->net->sim->now);
    net->net = NULL;
}
