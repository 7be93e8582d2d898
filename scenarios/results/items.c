#include "scenarios/results/items.h"

#include <math.h>

#include "scenarios/results/table.h"

void items_add(JsonObject *flow, struct app *app)
{
    if (!app->ops->items)
        return;
    GVariant *list = g_variant_ref_sink(app->ops->items->list(app));
    json_object_set_member(flow, app->ops->items->name, json_gvariant_serialize(list));
    g_variant_unref(list);
}

void items_add_kind(JsonObject *kind, const struct app_items *items)
{
    JsonObject *tree = json_object_new();
    JsonArray *fields = json_array_new();

    for (const struct app_item_field *f = items->fields; f->name; f++) {
        JsonObject *field = json_object_new();
        json_object_set_string_member(field, "name", f->name);
        if (f->unit)
            json_object_set_string_member(field, "unit", f->unit);
        json_array_add_object_element(fields, field);
    }
    json_object_set_string_member(tree, "name", items->name);
    json_object_set_array_member(tree, "fields", fields);
    json_object_set_object_member(kind, "items", tree);
}

/* ---- On the terminal ------------------------------------------------------------------------- */

/* Columns that a field takes: as many as its longest list has values; 0 if no item has it. */
static guint columns_of(JsonArray *items, const char *name)
{
    guint columns = 0;

    for (guint i = 0; i < json_array_get_length(items); i++) {
        JsonNode *node = json_object_get_member(json_array_get_object_element(items, i), name);
        if (node && JSON_NODE_HOLDS_ARRAY(node))
            columns = MAX(columns, json_array_get_length(json_node_get_array(node)));
        else if (node)
            columns = MAX(columns, 1);
    }
    return columns;
}

/* The value for the column of its field, NULL if there is none. */
static JsonNode *value_at(JsonNode *node, guint column)
{
    if (!node || !JSON_NODE_HOLDS_ARRAY(node))
        return column == 0 ? node : NULL;
    JsonArray *list = json_node_get_array(node);
    return column < json_array_get_length(list) ? json_array_get_element(list, column) : NULL;
}

static void add_cell(struct table *table, JsonNode *value, gboolean is_text)
{
    if (is_text)
        table_text(table, value ? json_node_get_string(value) : NULL);
    else
        table_number(table, value ? json_node_get_double(value) : NAN);
}

static void add_item(struct table *table, JsonArray *fields, JsonArray *items, JsonObject *item)
{
    for (guint f = 0; f < json_array_get_length(fields); f++) {
        JsonObject *field = json_array_get_object_element(fields, f);
        const char *name = json_object_get_string_member(field, "name");
        guint columns = columns_of(items, name);
        for (guint c = 0; c < columns; c++)
            add_cell(table, value_at(json_object_get_member(item, name), c),
                     !json_object_has_member(field, "unit"));
    }
}

static void add_columns(struct table *table, JsonArray *fields, JsonArray *items)
{
    for (guint f = 0; f < json_array_get_length(fields); f++) {
        JsonObject *field = json_array_get_object_element(fields, f);
        const char *name = json_object_get_string_member(field, "name");
        guint columns = columns_of(items, name);
        for (guint c = 0; c < columns; c++)
            table_column(table, name,
                         json_object_get_string_member_with_default(field, "unit", NULL));
    }
}

void items_print(GString *out, int width, JsonObject *kind, JsonObject *flow)
{
    if (!json_object_has_member(kind, "items"))
        return;
    JsonObject *tree = json_object_get_object_member(kind, "items");
    JsonArray *fields = json_object_get_array_member(tree, "fields");
    const char *what = json_object_get_string_member(tree, "name");
    JsonArray *items = json_object_get_array_member(flow, what);
    char *title = g_strdup_printf("%s of %s", what, json_object_get_string_member(flow, "name"));
    struct table *table = table_new(title);

    add_columns(table, fields, items);
    for (guint i = 0; i < json_array_get_length(items); i++)
        add_item(table, fields, items, json_array_get_object_element(items, i));
    if (table_rows(table) > 0) {
        g_string_append_c(out, '\n');
        table_print(table, out, width);
    }
    table_free(table);
    g_free(title);
}
