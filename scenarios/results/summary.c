#include "scenarios/results/summary.h"

#include <string.h>

#include "scenarios/results/items.h"
#include "scenarios/results/report_internal.h"
#include "sim/version.h"

/* Results shown of a kind that does not say which. */
enum { SHOWN_DEFAULT = 6 };

static JsonArray *figures_tree(const struct report *report)
{
    JsonArray *figures = json_array_new();

    for (guint i = 0; i < report->figures->len; i++) {
        const struct report_value *v = report->figures->pdata[i];
        JsonObject *tree = json_object_new();
        json_object_set_string_member(tree, "name", v->name);
        json_object_set_double_member(tree, "value", v->number);
        json_object_set_string_member(tree, "unit", v->unit);
        json_array_add_object_element(figures, tree);
    }
    return figures;
}

static JsonObject *arguments_tree(const struct report *report)
{
    JsonObject *arguments = json_object_new();

    for (guint i = 0; i < report->arguments->len; i++) {
        const struct report_value *v = report->arguments->pdata[i];
        json_object_set_string_member(arguments, v->name, v->text);
    }
    return arguments;
}

static JsonArray *tables_tree(const struct report *report)
{
    JsonArray *tables = json_array_new();

    for (guint i = 0; i < report->tables->len; i++)
        json_array_add_element(tables, table_json(report->tables->pdata[i]));
    return tables;
}

static void set_text(JsonObject *into, const char *name, const char *text)
{
    if (text)
        json_object_set_string_member(into, name, text);
}

static JsonArray *expectations_tree(const struct report *report)
{
    JsonArray *expectations = json_array_new();

    for (guint i = 0; i < report->expectations->len; i++) {
        const struct report_expectation *e = report->expectations->pdata[i];
        JsonObject *tree = json_object_new();
        json_object_set_boolean_member(tree, "passed", e->passed);
        set_text(tree, "where", e->where);
        set_text(tree, "message", e->message);
        set_text(tree, "actual", e->actual);
        set_text(tree, "wanted", e->wanted);
        json_array_add_object_element(expectations, tree);
    }
    return expectations;
}

static JsonArray *warnings_tree(const struct report *report)
{
    JsonArray *warnings = json_array_new();

    for (guint i = 0; i < report->warnings->len; i++)
        json_array_add_string_element(warnings, report->warnings->pdata[i]);
    return warnings;
}

/* ---- Kinds ----------------------------------------------------------------------------------- */

static JsonObject *metrics_tree(const struct metric *metrics)
{
    JsonObject *tree = json_object_new();

    for (const struct metric *m = metrics; m && m->name; m++) {
        JsonObject *entry = json_object_new();
        json_object_set_string_member(entry, "unit", m->unit);
        json_object_set_string_member(entry, "doc", m->doc);
        json_object_set_object_member(tree, m->name, entry);
    }
    return tree;
}

static JsonArray *shown_tree(const char *const *shown, const struct metric *metrics)
{
    JsonArray *names = json_array_new();
    int left = SHOWN_DEFAULT;

    for (; shown && *shown; shown++)
        json_array_add_string_element(names, *shown);
    if (json_array_get_length(names) > 0)
        return names;
    for (const struct metric *m = metrics; m && m->name && left > 0; m++)
        if (m->result) {
            json_array_add_string_element(names, m->name);
            left--;
        }
    return names;
}

static JsonObject *add_kind(JsonObject *kinds, const char *name, const char *const *shown,
                            const struct metric *metrics)
{
    JsonObject *kind = json_object_new();

    json_object_set_array_member(kind, "shown", shown_tree(shown, metrics));
    json_object_set_object_member(kind, "metrics", metrics_tree(metrics));
    json_object_set_object_member(kinds, name, kind);
    return kind;
}

static void add_flow_kind(JsonObject *kinds, const struct app_ops *ops)
{
    JsonObject *kind = add_kind(kinds, ops->name, ops->shown, ops->metrics);

    if (ops->items)
        items_add_kind(kind, ops->items);
}

static bool has_flow_of(const struct report *report, const char *kind)
{
    for (guint i = 0; i < report->nets->len; i++) {
        const struct report_net *net = report->nets->pdata[i];
        JsonObject *tree = json_node_get_object(net->summary);
        JsonArray *flows = json_object_get_array_member(tree, "flows");
        for (guint k = 0; k < json_array_get_length(flows); k++) {
            JsonObject *flow = json_array_get_object_element(flows, k);
            if (strcmp(json_object_get_string_member(flow, "kind"), kind) == 0)
                return true;
        }
    }
    return false;
}

/* Those that occur, so that a new application changes no other run's summary. */
static JsonObject *kinds_tree(const struct report *report)
{
    static const char *const shown[] = { "utilisation", "rate", "bytes", "drops", NULL };
    JsonObject *kinds = json_object_new();

    for (const struct app_ops *const *const *module = app_registry; *module; module++)
        for (const struct app_ops *const *ops = *module; *ops; ops++)
            if (has_flow_of(report, (*ops)->name))
                add_flow_kind(kinds, *ops);
    add_kind(kinds, "interface", shown, iface_metrics);
    return kinds;
}

/* ---- The whole ------------------------------------------------------------------------------- */

static JsonArray *networks_tree(const struct report *report)
{
    JsonArray *networks = json_array_new();

    for (guint i = 0; i < report->nets->len; i++) {
        const struct report_net *net = report->nets->pdata[i];
        json_array_add_element(networks, json_node_ref(net->summary));
    }
    return networks;
}

JsonNode *summary_of_report(struct report *report)
{
    JsonObject *tree = json_object_new();
    JsonNode *node = json_node_init_object(json_node_alloc(), tree);

    json_object_set_string_member(tree, "schema", SUMMARY_SCHEMA);
    json_object_set_int_member(tree, "schema_version", SUMMARY_SCHEMA_VERSION);
    json_object_set_string_member(tree, "program_version", weft_version);
    json_object_set_string_member(tree, "scenario", report->scenario);
    json_object_set_string_member(tree, "script", report->script);
    json_object_set_int_member(tree, "seed", (int64_t)report->seed);
    json_object_set_double_member(tree, "simulated", simtime_seconds(report->simulated));
    json_object_set_object_member(tree, "arguments", arguments_tree(report));
    json_object_set_array_member(tree, "results", figures_tree(report));
    json_object_set_array_member(tree, "tables", tables_tree(report));
    json_object_set_array_member(tree, "expectations", expectations_tree(report));
    json_object_set_array_member(tree, "warnings", warnings_tree(report));
    json_object_set_object_member(tree, "kinds", kinds_tree(report));
    json_object_set_array_member(tree, "networks", networks_tree(report));
    json_object_unref(tree);
    return node;
}
