#include "tools/catalog.h"

#include <string.h>

#include "models/app/app.h"
#include "models/qdisc/qdisc.h"
#include "protocols/cc/cc.h"
#include "protocols/tcp/tcp.h"
#include "protocols/wire/view.h"
#include "scenarios/bind/catalog.h"
#include "scenarios/bind/cc.h"

/* ---- Rows ---------------------------------------------------------------------------------- */

static const char *type_name(const struct param *param)
{
    static const char *const names[] = {
        [PARAM_BOOL] = "yes or no",
        [PARAM_INT] = "whole number",
        [PARAM_U32] = "whole number",
        [PARAM_COUNT] = "whole number",
        [PARAM_TIME] = "time",
        [PARAM_RATE] = "rate",
        [PARAM_SIZE] = "size",
        [PARAM_FRACTION] = "fraction",
        [PARAM_NUMBER] = "number",
        [PARAM_STRING] = "text",
        [PARAM_ENUM] = "word",
        [PARAM_DIST_SIZE] = "size, distribution",
        [PARAM_DIST_TIME] = "time, distribution",
    };

    return names[param->type];
}

static char *show_limit(enum param_type type, double value)
{
    switch (type) {
    case PARAM_TIME:
        return unit_show_time(simtime_from_seconds(value));
    case PARAM_RATE:
        return unit_show_rate((uint64_t)value);
    case PARAM_SIZE:
        return unit_show_size((uint64_t)value);
    case PARAM_FRACTION:
        return unit_show_fraction(value);
    default:
        return unit_show_number(value);
    }
}

/* "1 to 65535", "at least 1ns", or the words. */
static char *range_of(const struct param *param)
{
    if (param->type == PARAM_ENUM)
        return g_strjoinv(", ", (char **)param->words);
    if (param->min == 0 && param->max == 0)
        return g_strdup("");
    char *min = show_limit(param->type, param->min), *max = show_limit(param->type, param->max);
    char *range = param->max > param->min ? g_strdup_printf("%s to %s", min, max)
                                          : g_strdup_printf("at least %s", min);
    g_free(min);
    g_free(max);
    return range;
}

static void add_params(struct sheet *sheet, const struct param *table)
{
    for (const struct param *p = table; p && p->name; p++) {
        char *range = range_of(p);
        sheet_row(sheet, p->name, type_name(p), p->def ? p->def : "", range, p->doc, NULL);
        g_free(range);
    }
}

static void add_head(struct sheet *sheet)
{
    sheet_row(sheet, "option", "type", "default", "range", "meaning", NULL);
}

static void add_options(struct sheet *sheet, const struct bind_catalog_options *c)
{
    sheet_section(sheet, c->usage, NULL);
    add_head(sheet);
    add_params(sheet, c->options->params);
    for (const struct bind_option *o = c->options->options; o && o->name; o++)
        sheet_row(sheet, o->name, o->type, o->def, "", o->doc, NULL);
}

static void add_metrics(struct sheet *sheet, const char *heading, const struct metric *table)
{
    static const char *const kinds[] = {
        [METRIC_RESULT] = "figure",
        [METRIC_GAUGE] = "record",
        [METRIC_RATE] = "record",
        [METRIC_SAMPLE] = "record, each sample",
    };

    sheet_section(sheet, heading, NULL);
    sheet_row(sheet, "name", "unit", "kind", "meaning", NULL);
    for (const struct metric *m = table; m && m->name; m++) {
        const char *kind =
            m->result && m->kind != METRIC_RESULT ? "figure, record" : kinds[m->kind];
        sheet_row(sheet, m->name, m->unit, kind, m->doc, NULL);
    }
}

static void add_methods(struct sheet *sheet, const struct bind_method *table)
{
    for (const struct bind_method *m = table; m && m->name; m++)
        sheet_row(sheet, m->usage, m->doc, NULL);
}

/* ---- Kinds --------------------------------------------------------------------------------- */

static void list_cc(struct sheet *sheet)
{
    for (const struct cc_ops *const *const *module = cc_registry; *module; module++)
        for (const struct cc_ops *const *ops = *module; *ops; ops++) {
            sheet_section(sheet, (*ops)->name, (*ops)->doc);
            add_head(sheet);
            add_params(sheet, (*ops)->params);
        }
}

static void list_qdisc(struct sheet *sheet)
{
    for (const struct qdisc_ops *const *const *module = qdisc_registry; *module; module++)
        for (const struct qdisc_ops *const *ops = *module; *ops; ops++) {
            sheet_section(sheet, (*ops)->name, (*ops)->doc);
            add_head(sheet);
            add_params(sheet, (*ops)->params);
        }
}

static char *app_call(const struct app_ops *ops)
{
    if (ops->on_node)
        return g_strdup_printf("host:%s(to, {...})", ops->name);
    return g_strdup_printf("net:%s{ from =, %s... }", ops->name, ops->single ? "" : "to =, ");
}

static void list_app(struct sheet *sheet)
{
    add_options(sheet, &bind_catalog_flow);
    for (const struct app_ops *const *const *module = app_registry; *module; module++)
        for (const struct app_ops *const *ops = *module; *ops; ops++) {
            char *call = app_call(*ops);
            sheet_section(sheet, call, (*ops)->doc);
            add_head(sheet);
            add_params(sheet, (*ops)->params);
            g_free(call);
        }
}

static void list_param(struct sheet *sheet)
{
    for (const struct bind_catalog_options *c = bind_catalog_options; c->usage; c++)
        add_options(sheet, c);
}

/* A host that nobody touched has the defaults. */
static void list_sysctl(struct sheet *sheet)
{
    struct network *net = network_new("list", 1);
    struct node *node = network_add_node(net, "host", NODE_HOST, NULL);

    sheet_section(sheet, "sysctl = {...}", "with their defaults, those of Linux");
    sheet_row(sheet, "name", "default", "range", "note", NULL);
    const char **names = node_sysctl_names();
    for (size_t i = 0; names[i]; i++) {
        char *value = node_sysctl_get(node, names[i], NULL);
        const char *why = node_sysctl_idle(names[i]);
        char *note = why ? g_strdup_printf("no effect: %s", why) : g_strdup("");
        char *range = node_sysctl_range(names[i]);
        sheet_row(sheet, names[i], value ? value : "", range, note, NULL);
        g_free(range);
        g_free(note);
        g_free(value);
    }
    g_free(names);
    network_free(net);
}

static void list_sockopt(struct sheet *sheet)
{
    static const char *const types[] = {
        [SOCKET_VALUE_INT] = "whole number",
        [SOCKET_VALUE_BOOL] = "yes or no",
        [SOCKET_VALUE_SIZE] = "bytes, or a size",
        [SOCKET_VALUE_SECONDS] = "seconds, or a time",
        [SOCKET_VALUE_MS] = "milliseconds, or a time",
        [SOCKET_VALUE_US] = "microseconds, or a time",
        [SOCKET_VALUE_PORTS] = "{ first, last }",
        [SOCKET_VALUE_LINGER] = "time or false",
        [SOCKET_VALUE_TIME] = "time",
        [SOCKET_VALUE_NAME] = "word",
        [SOCKET_VALUE_TCP_INFO] = "table",
        [SOCKET_VALUE_GROUP] = "group",
        [SOCKET_VALUE_IFACE] = "interface",
        [SOCKET_VALUE_RATE] = "rate or false",
        [SOCKET_VALUE_BYTES] = "bytes",
    };

    sheet_section(sheet, "sockopt = {...} and s:sockopt(name, value)", "of processes' sockets");
    sheet_row(sheet, "option", "type", "meaning", NULL);
    for (const struct socket_option *o = socket_option_next(NULL); o; o = socket_option_next(o))
        sheet_row(sheet, o->name, types[o->value], o->doc, NULL);
}

static void list_metric(struct sheet *sheet)
{
    for (const struct app_ops *const *const *module = app_registry; *module; module++)
        for (const struct app_ops *const *ops = *module; *ops; ops++)
            add_metrics(sheet, (*ops)->name, (*ops)->metrics);
    add_metrics(sheet, "link, interface", iface_metrics);
}

static void add_class(struct sheet *sheet, const struct bind_class *class)
{
    sheet_section(sheet, class->name, class->doc);
    sheet_row(sheet, "word", "meaning", NULL);
    add_methods(sheet, class->methods);
    for (const struct bind_property *p = class->properties; p && p->name; p++)
        sheet_row(sheet, p->name, p->doc, NULL);
}

static void add_cc_fields(struct sheet *sheet, const char *heading, const char *text,
                          const struct bind_cc_field *field)
{
    sheet_section(sheet, heading, text);
    sheet_row(sheet, "word", "meaning", NULL);
    for (; field->name; field++)
        sheet_row(sheet, field->name, field->doc, NULL);
}

static void list_word(struct sheet *sheet)
{
    for (const struct bind_words *words = bind_word_tables; words->name; words++) {
        sheet_section(sheet, words->name[0] ? words->name : "functions", words->doc);
        sheet_row(sheet, "word", "meaning", NULL);
        for (const struct bind_method *const *part = words->parts; *part; part++)
            add_methods(sheet, *part);
    }
    for (const struct bind_class *const *class = bind_classes; *class; class ++)
        add_class(sheet, *class);
    add_cc_fields(sheet, "cc", "a connection, for the functions of weft.cc", bind_cc_fields);
    sheet_row(sheet, "my", "a table of the script's own, for this connection", NULL);
    add_cc_fields(sheet, "ack", "an ACK, for on_ack of weft.cc", bind_cc_ack_fields);
}

static void list_packet(struct sheet *sheet)
{
    sheet_section(sheet, "packet", "what a loss function can see of it");
    sheet_row(sheet, "field", "meaning", NULL);
    for (const struct bind_packet_field *f = bind_packet_fields; f->name; f++)
        sheet_row(sheet, f->name, f->doc, NULL);
    for (const struct view_field *f = view_fields; f->name; f++)
        sheet_row(sheet, f->name, f->doc, NULL);
}

static void list_missing(struct sheet *sheet)
{
    sheet_section(sheet, "not modelled yet", "words that say so");
    sheet_row(sheet, "word", "instead there is", NULL);
    for (const struct bind_missing *m = bind_missing_words; m->name; m++)
        sheet_row(sheet, m->call, m->instead, NULL);
}

/* ---- All ----------------------------------------------------------------------------------- */

const struct catalog catalogs[] = {
    { "cc", list_cc, "congestion controls" },
    { "qdisc", list_qdisc, "queueing disciplines" },
    { "app", list_app, "traffic and its options" },
    { "param", list_param, "options of everything else" },
    { "sysctl", list_sysctl, "parameters of hosts and routers" },
    { "sockopt", list_sockopt, "options of sockets" },
    { "metric", list_metric, "figures and what can be recorded" },
    { "word", list_word, "functions and fields of the language" },
    { "packet", list_packet, "fields of packets" },
    { "missing", list_missing, "words for what is not modelled yet" },
    { .name = NULL },
};
