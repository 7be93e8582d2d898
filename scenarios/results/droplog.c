#include "scenarios/results/droplog.h"

#include <errno.h>
#include <stdio.h>

#include "models/app/app.h"
#include "scenarios/results/number.h"
#include "scenarios/results/record.h"
#include "scenarios/results/relseq.h"
#include "sim/error.h"

struct droplog {
    struct network *net;
    struct relseq *relseq;
    FILE *file;
    char *path;
    GString *line;
};

static const char *flow_name(const struct network *net, uint32_t number)
{
    if (number == 0 || number > net->apps->len)
        return "";
    return ((const struct app *)net->apps->pdata[number - 1])->name;
}

static void log_drop(void *data, const struct packet *packet, const struct drops *place,
                     const struct drop_reason *reason)
{
    struct droplog *log = data;
    GString *line = log->line;
    uint32_t seq;

    g_string_truncate(line, 0);
    number_append_seconds(line, packet->sim->now);
    g_string_append_c(line, ',');
    csv_append(line, place->name);
    g_string_append_printf(line, ",%s,", reason->name);
    csv_append(line, flow_name(log->net, packet->flow));
    g_string_append_c(line, ',');
    if (relseq_of(log->relseq, packet, &seq))
        g_string_append_printf(line, "%u", seq);
    g_string_append_c(line, '\n');
    fwrite(line->str, 1, line->len, log->file);
}

static void set_error(GError **error, const char *path)
{
    g_set_error(error, WEFT_ERROR, WEFT_ERROR_RANGE, "cannot write \"%s\": %s", path,
                g_strerror(errno));
}

struct droplog *droplog_open(struct network *net, const char *path, GError **error)
{
    FILE *file = fopen(path, "wb");

    if (!file) {
        set_error(error, path);
        return NULL;
    }
    struct droplog *log = g_new(struct droplog, 1);
    *log = (struct droplog){ net, relseq_new(net), file, g_strdup(path), g_string_new(NULL) };
    fputs(DROPLOG_HEAD, file);
    net->sim->on_drop = log_drop;
    net->sim->on_drop_data = log;
    return log;
}

bool droplog_close(struct droplog *log, GError **error)
{
    bool failed = ferror(log->file);

    log->net->sim->on_drop = NULL;
    if (fclose(log->file) != 0 || failed) {
        failed = true;
        set_error(error, log->path);
    }
    relseq_free(log->relseq);
    g_string_free(log->line, TRUE);
    g_free(log->path);
    g_free(log);
    return !failed;
}
