/* The results for people: tables, warnings and expectations, out of the value tree. */
#include <math.h>
#include <string.h>

#include "scenarios/results/items.h"
#include "scenarios/results/number.h"
#include "scenarios/results/report_internal.h"

/* Rows of a table; what is more stands in summary.json. */
enum { FLOWS_MAX = 40, DIRECTIONS_MAX = 16, DROPS_MAX = 16 };

/* Of more networks than these the tables are common. */
enum { NETS_MAX = 4 };

/* Shares of a composite below this are not worth a word. */
#define SHARE_MIN 0.005

static const char *text_of(JsonObject *object, const char *name)
{
    return json_object_get_string_member_with_default(object, name, "");
}

static double number_of(JsonObject *object, const char *name)
{
    return json_object_get_double_member_with_default(object, name, NAN);
}

static void and_more(GString *out, guint more, const char *what)
{
    if (more > 0)
        g_string_append_printf(out, "  ... and %u more %s in summary.json\n", more, what);
}

/* ---- Columns --------------------------------------------------------------------------------- */

/* "limited" is no metric but the beginning of several. */
static bool is_composite(JsonObject *metrics, const char *name)
{
    return !json_object_has_member(metrics, name);
}

/* Objects that share a table: flows, or directions of links.  With many networks in a scenario
 * theirs stand together, as "network/name". */
struct rows {
    GPtrArray *objects; /* JsonObject */
    GPtrArray *nets;    /* names of their networks; NULL: not to be said */
};

static struct rows rows_new(void)
{
    return (struct rows){ g_ptr_array_new(), g_ptr_array_new() };
}

static void rows_add(struct rows *list, JsonObject *object, const char *net)
{
    g_ptr_array_add(list->objects, object);
    g_ptr_array_add(list->nets, (void *)net);
}

static void rows_free(struct rows *list)
{
    g_ptr_array_free(list->objects, TRUE);
    g_ptr_array_free(list->nets, TRUE);
}

/* The networks of which one table tells. */
struct scope {
    JsonArray *nets;
    guint from, to;
    bool many; /* their names are to be said */
};

static JsonObject *net_of(const struct scope *scope, guint i)
{
    return json_array_get_object_element(scope->nets, i);
}

static const char *name_of(const struct scope *scope, guint i)
{
    return scope->many ? text_of(net_of(scope, i), "name") : NULL;
}

static void table_place(struct table *table, const char *net, const char *name)
{
    char *text = net ? g_strdup_printf("%s/%s", net, name) : g_strdup(name);

    table_text(table, text);
    g_free(text);
}

/* Some object of the list has this result. */
static bool is_known(const struct rows *list, const char *name, bool composite)
{
    for (guint i = 0; i < list->objects->len; i++) {
        JsonObject *results = json_object_get_object_member(list->objects->pdata[i], "results");
        if (composite || json_object_has_member(results, name))
            return true;
    }
    return false;
}

static void add_column(struct table *table, JsonObject *metrics, const char *name)
{
    if (is_composite(metrics, name)) {
        char *title = g_strconcat(name, " by", NULL);
        table_column(table, title, NULL);
        g_free(title);
        return;
    }
    JsonObject *metric = json_object_get_object_member(metrics, name);
    char *title = g_strdelimit(g_strdup(name), "._", ' ');
    const char *unit = text_of(metric, "unit");
    bool counted = strcmp(unit, "packets") == 0;
    table_column(table, title, counted ? "" : unit);
    g_free(title);
}

struct share {
    const char *name;
    double value;
};

static int compare_shares(const void *a, const void *b)
{
    const struct share *x = a, *y = b;

    return (x->value < y->value) - (x->value > y->value);
}

/* "cwnd 97 %, app 3 %": the greatest first. */
static char *composite_text(JsonObject *results, const char *name)
{
    char *prefix = g_strconcat(name, ".", NULL);
    GArray *shares = g_array_new(FALSE, FALSE, sizeof(struct share));
    GString *text = g_string_new(NULL);
    JsonObjectIter iter;
    const char *member;
    JsonNode *node;

    json_object_iter_init_ordered(&iter, results);
    while (json_object_iter_next_ordered(&iter, &member, &node)) {
        struct share share = { member + strlen(prefix), json_node_get_double(node) };
        if (g_str_has_prefix(member, prefix) && share.value >= SHARE_MIN)
            g_array_append_val(shares, share);
    }
    g_array_sort(shares, compare_shares);
    for (guint i = 0; i < shares->len; i++) {
        const struct share *share = &g_array_index(shares, struct share, i);
        g_string_append_printf(text, "%s%s ", i > 0 ? ", " : "", share->name);
        number_append_fixed(text, 100 * share->value, 0);
        g_string_append(text, " %");
    }
    g_array_free(shares, TRUE);
    g_free(prefix);
    return g_string_free(text, FALSE);
}

static void add_cell(struct table *table, JsonObject *metrics, JsonObject *results,
                     const char *name)
{
    if (!is_composite(metrics, name)) {
        table_number(table, number_of(results, name));
        return;
    }
    char *text = composite_text(results, name);
    table_text(table, text);
    g_free(text);
}

/* The names of `shown` that some object has. */
static GPtrArray *columns_of(JsonObject *kind, const struct rows *list)
{
    JsonArray *shown = json_object_get_array_member(kind, "shown");
    JsonObject *metrics = json_object_get_object_member(kind, "metrics");
    GPtrArray *columns = g_ptr_array_new();

    for (guint i = 0; i < json_array_get_length(shown); i++) {
        const char *name = json_array_get_string_element(shown, i);
        if (is_known(list, name, is_composite(metrics, name)))
            g_ptr_array_add(columns, (void *)name);
    }
    return columns;
}

/* A table with a row per object; `label` gives the first cell, which the caller frees. */
static void print_objects(GString *out, int width, const char *title, const char *first,
                          JsonObject *kind, const struct rows *list, char *(*label)(JsonObject *))
{
    JsonObject *metrics = json_object_get_object_member(kind, "metrics");
    GPtrArray *columns = columns_of(kind, list);
    struct table *table = table_new(title);

    table_column(table, first, NULL);
    for (guint c = 0; c < columns->len; c++)
        add_column(table, metrics, columns->pdata[c]);
    for (guint i = 0; i < list->objects->len; i++) {
        JsonObject *object = list->objects->pdata[i];
        JsonObject *results = json_object_get_object_member(object, "results");
        char *name = label(object);
        table_place(table, list->nets->pdata[i], name);
        g_free(name);
        for (guint c = 0; c < columns->len; c++)
            add_cell(table, metrics, results, columns->pdata[c]);
    }
    table_print(table, out, width);
    table_free(table);
    g_ptr_array_free(columns, TRUE);
}

/* ---- Flows ----------------------------------------------------------------------------------- */

static char *flow_label(JsonObject *flow)
{
    return g_strdup(text_of(flow, "name"));
}

/* Those of a kind, as many as are shown; returns how many more there are. */
static guint flows_of(const struct scope *scope, const char *kind, struct rows *list)
{
    guint more = 0;

    for (guint n = scope->from; n < scope->to; n++) {
        JsonArray *flows = json_object_get_array_member(net_of(scope, n), "flows");
        for (guint i = 0; i < json_array_get_length(flows); i++) {
            JsonObject *flow = json_array_get_object_element(flows, i);
            if (strcmp(text_of(flow, "kind"), kind) != 0)
                continue;
            if (list->objects->len < FLOWS_MAX)
                rows_add(list, flow, name_of(scope, n));
            else
                more++;
        }
    }
    return more;
}

static void print_flows_of(GString *out, int width, JsonObject *kinds, const char *kind,
                           const struct scope *scope)
{
    JsonObject *about = json_object_get_object_member(kinds, kind);
    struct rows list = rows_new();
    guint more = flows_of(scope, kind, &list);

    if (list.objects->len > 0) {
        g_string_append_c(out, '\n');
        print_objects(out, width, kind, "flow", about, &list, flow_label);
        and_more(out, more, "flows");
    }
    for (guint i = 0; i < list.objects->len; i++)
        items_print(out, width, about, list.objects->pdata[i]);
    rows_free(&list);
}

/* A table per kind, in the order of the kinds. */
static void print_flows(GString *out, int width, JsonObject *kinds, const struct scope *scope)
{
    JsonObjectIter iter;
    const char *kind;
    JsonNode *node;

    json_object_iter_init_ordered(&iter, kinds);
    while (json_object_iter_next_ordered(&iter, &kind, &node))
        print_flows_of(out, width, kinds, kind, scope);
}

/* ---- Links ----------------------------------------------------------------------------------- */

/* "left -> right"; the interface tells parallel links apart. */
static char *direction_label(JsonObject *direction)
{
    return g_strdup_printf("%s \342\206\222 %s", text_of(direction, "interface"),
                           text_of(direction, "to"));
}

static double busy(JsonObject *direction)
{
    JsonObject *results = json_object_get_object_member(direction, "results");
    double utilisation = number_of(results, "utilisation");

    return isnan(utilisation) ? 0 : utilisation;
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x < y) - (x > y);
}

/* The directions of a network that carried traffic. */
static GPtrArray *used_directions(JsonObject *net)
{
    JsonArray *links = json_object_get_array_member(net, "links");
    GPtrArray *used = g_ptr_array_new();

    for (guint i = 0; i < json_array_get_length(links); i++) {
        JsonObject *link = json_array_get_object_element(links, i);
        JsonArray *directions = json_object_get_array_member(link, "directions");
        for (guint k = 0; k < json_array_get_length(directions); k++) {
            JsonObject *direction = json_array_get_object_element(directions, k);
            if (busy(direction) > 0)
                g_ptr_array_add(used, direction);
        }
    }
    return used;
}

/* The utilisation that the `most` busiest have. */
static double least_shown(const GPtrArray *used, guint most)
{
    if (used->len <= most)
        return 0;
    double *values = g_new(double, used->len);
    for (guint i = 0; i < used->len; i++)
        values[i] = busy(used->pdata[i]);
    qsort(values, used->len, sizeof *values, compare_doubles);
    double least = values[most - 1];
    g_free(values);
    return least;
}

/* Takes the `most` busiest directions of network `n`; returns how many more there are. */
static guint add_busiest(struct rows *list, const struct scope *scope, guint n, guint most)
{
    GPtrArray *used = used_directions(net_of(scope, n));
    double least = least_shown(used, most);
    guint taken = 0;

    for (guint i = 0; i < used->len && taken < most; i++)
        if (busy(used->pdata[i]) >= least) {
            rows_add(list, used->pdata[i], name_of(scope, n));
            taken++;
        }
    guint more = used->len - taken;
    g_ptr_array_free(used, TRUE);
    return more;
}

/* Of many networks the busiest direction of each. */
static void print_links(GString *out, int width, JsonObject *kinds, const struct scope *scope)
{
    struct rows list = rows_new();
    guint more = 0;

    for (guint n = scope->from; n < scope->to; n++)
        more += add_busiest(&list, scope, n,
                            !scope->many                    ? DIRECTIONS_MAX
                            : list.objects->len < FLOWS_MAX ? 1
                                                            : 0);
    if (list.objects->len > 0) {
        g_string_append_c(out, '\n');
        print_objects(out, width, scope->many ? "busiest links" : "links", "direction",
                      json_object_get_object_member(kinds, "interface"), &list, direction_label);
        and_more(out, more, "less busy directions");
    }
    rows_free(&list);
}

/* ---- Drops ----------------------------------------------------------------------------------- */

static guint add_drops(struct table *table, const char *net, JsonArray *drops)
{
    guint n = json_array_get_length(drops), i;

    for (i = 0; i < n && table_rows(table) < DROPS_MAX; i++) {
        JsonObject *row = json_array_get_object_element(drops, i);
        table_place(table, net, text_of(row, "place"));
        table_text(table, text_of(row, "reason"));
        table_number(table, (double)json_object_get_int_member(row, "packets"));
    }
    return n - i;
}

static void print_drops(GString *out, int width, const struct scope *scope)
{
    struct table *table = table_new("drops");
    guint more = 0;

    table_column(table, "place", NULL);
    table_column(table, "reason", NULL);
    table_column(table, "packets", "");
    for (guint i = scope->from; i < scope->to; i++)
        more += add_drops(table, name_of(scope, i),
                          json_object_get_array_member(net_of(scope, i), "drops"));
    if (table_rows(table) > 0) {
        g_string_append_c(out, '\n');
        table_print(table, out, width);
        and_more(out, more, "places and reasons");
    }
    table_free(table);
}

/* ---- What the scenario computed -------------------------------------------------------------- */

static void print_figures(GString *out, JsonArray *figures)
{
    if (json_array_get_length(figures) > 0)
        g_string_append(out, "\nresults\n");
    for (guint i = 0; i < json_array_get_length(figures); i++) {
        JsonObject *figure = json_array_get_object_element(figures, i);
        g_string_append_printf(out, "  %s: ", text_of(figure, "name"));
        number_append_scaled(out, number_of(figure, "value"), text_of(figure, "unit"));
        g_string_append_c(out, '\n');
    }
}

static void print_tables(GString *out, int width, JsonArray *tables)
{
    for (guint i = 0; i < json_array_get_length(tables); i++) {
        struct table *table = table_from_json(json_array_get_object_element(tables, i));
        g_string_append_c(out, '\n');
        table_print(table, out, width);
        table_free(table);
    }
}

static void print_failure(GString *out, JsonObject *e)
{
    const char *where = text_of(e, "where"), *actual = text_of(e, "actual");
    const char *wanted = text_of(e, "wanted");

    g_string_append_printf(out, "FAILED %s%s%s", where, *where ? ": " : "", text_of(e, "message"));
    if (*actual)
        g_string_append_printf(out, "\n       actual %s", actual);
    if (*wanted)
        g_string_append_printf(out, "%swanted %s", *actual ? ", " : "\n       ", wanted);
    g_string_append_c(out, '\n');
}

/* Returns how many there are. */
static guint print_failures(GString *out, JsonArray *expectations)
{
    guint failed = 0;

    for (guint i = 0; i < json_array_get_length(expectations); i++) {
        JsonObject *e = json_array_get_object_element(expectations, i);
        if (json_object_get_boolean_member(e, "passed"))
            continue;
        print_failure(out, e);
        failed++;
    }
    return failed;
}

static void print_expectations(GString *out, JsonArray *expectations)
{
    guint n = json_array_get_length(expectations);

    if (n == 0)
        return;
    g_string_append_c(out, '\n');
    guint failed = print_failures(out, expectations);
    if (failed > 0)
        g_string_append_printf(out, "%u of %u expectations failed\n", failed, n);
    else
        g_string_append_printf(
            out, n == 1 ? "the expectation is met\n" : "all %u expectations are met\n", n);
}

static void print_warnings(GString *out, JsonArray *warnings)
{
    for (guint i = 0; i < json_array_get_length(warnings); i++)
        g_string_append_printf(out, "warning: %s\n", json_array_get_string_element(warnings, i));
}

/* ---- The whole ------------------------------------------------------------------------------- */

static void print_head(GString *out, JsonObject *summary)
{
    g_string_append_printf(out, "%s: ", text_of(summary, "scenario"));
    number_append(out, number_of(summary, "simulated"));
    g_string_append_printf(out, " s simulated, seed %" G_GINT64_FORMAT "\n",
                           json_object_get_int_member(summary, "seed"));
}

static void print_scope(GString *out, int width, JsonObject *summary, const struct scope *scope)
{
    JsonObject *kinds = json_object_get_object_member(summary, "kinds");

    print_flows(out, width, kinds, scope);
    print_links(out, width, kinds, scope);
    print_drops(out, width, scope);
}

/* Tables of each, or common ones where there are many. */
static void print_networks(GString *out, int width, JsonObject *summary)
{
    JsonArray *nets = json_object_get_array_member(summary, "networks");
    guint n = json_array_get_length(nets);

    if (n > NETS_MAX) {
        print_scope(out, width, summary, &(struct scope){ nets, 0, n, true });
        return;
    }
    for (guint i = 0; i < n; i++) {
        const struct scope scope = { nets, i, i + 1, false };
        if (n > 1)
            g_string_append_printf(out, "\n== network %s ==\n", text_of(net_of(&scope, i), "name"));
        print_scope(out, width, summary, &scope);
    }
}

void terminal_print(JsonObject *summary, GString *out, int width)
{
    print_head(out, summary);
    print_networks(out, width, summary);
    print_tables(out, width, json_object_get_array_member(summary, "tables"));
    print_figures(out, json_object_get_array_member(summary, "results"));
    JsonArray *warnings = json_object_get_array_member(summary, "warnings");
    if (json_array_get_length(warnings) > 0)
        g_string_append_c(out, '\n');
    print_warnings(out, warnings);
    print_expectations(out, json_object_get_array_member(summary, "expectations"));
}

void terminal_print_failures(JsonObject *summary, GString *out)
{
    print_warnings(out, json_object_get_array_member(summary, "warnings"));
    print_failures(out, json_object_get_array_member(summary, "expectations"));
}
