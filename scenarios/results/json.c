#include "scenarios/results/json.h"

#include <math.h>
#include <stdbool.h>

#include "scenarios/results/number.h"

enum { INDENT = 2 };

static void append_node(GString *out, JsonNode *node, int depth);

/* How many characters from here on stand for themselves. */
static size_t plain_length(const char *text)
{
    const char *c = text;

    while ((unsigned char)*c >= 0x20 && *c != '"' && *c != '\\' && *c != 0x7f)
        c++;
    return (size_t)(c - text);
}

static void append_escaped(GString *out, char c)
{
    if (c == '"' || c == '\\')
        g_string_append_printf(out, "\\%c", c);
    else if (c == '\n')
        g_string_append(out, "\\n");
    else if (c == '\t')
        g_string_append(out, "\\t");
    else
        g_string_append_printf(out, "\\u%04x", c);
}

static void append_string(GString *out, const char *text)
{
    char *mended = g_utf8_validate(text, -1, NULL) ? NULL : g_utf8_make_valid(text, -1);
    const char *from = mended ? mended : text;

    g_string_append_c(out, '"');
    for (;;) {
        size_t plain = plain_length(from);
        g_string_append_len(out, from, (gssize)plain);
        if (!from[plain])
            break;
        append_escaped(out, from[plain]);
        from += plain + 1;
    }
    g_string_append_c(out, '"');
    g_free(mended);
}

static void append_value(GString *out, JsonNode *node)
{
    switch (json_node_get_value_type(node)) {
    case G_TYPE_STRING:
        append_string(out, json_node_get_string(node));
        break;
    case G_TYPE_BOOLEAN:
        g_string_append(out, json_node_get_boolean(node) ? "true" : "false");
        break;
    case G_TYPE_INT64:
        g_string_append_printf(out, "%" G_GINT64_FORMAT, json_node_get_int(node));
        break;
    default:
        if (isfinite(json_node_get_double(node)))
            number_append(out, json_node_get_double(node));
        else
            g_string_append(out, "null");
    }
}

static void new_line(GString *out, int depth)
{
    static const char blanks[] = "\n                                ";
    const int room = sizeof blanks - 2;

    g_string_append_len(out, blanks, 1 + MIN(depth * INDENT, room));
    for (int i = room; i < depth * INDENT; i++)
        g_string_append_c(out, ' ');
}

static void append_object(GString *out, JsonObject *object, int depth)
{
    JsonObjectIter iter;
    const char *name;
    JsonNode *member;
    bool first = true;

    json_object_iter_init_ordered(&iter, object);
    g_string_append_c(out, '{');
    while (json_object_iter_next_ordered(&iter, &name, &member)) {
        if (!first)
            g_string_append_c(out, ',');
        first = false;
        new_line(out, depth + 1);
        append_string(out, name);
        g_string_append(out, ": ");
        append_node(out, member, depth + 1);
    }
    if (!first)
        new_line(out, depth);
    g_string_append_c(out, '}');
}

/* Only values, no objects and arrays: fits on a line. */
static bool is_flat(JsonArray *array)
{
    for (guint i = 0; i < json_array_get_length(array); i++) {
        JsonNode *element = json_array_get_element(array, i);
        if (JSON_NODE_HOLDS_OBJECT(element) || JSON_NODE_HOLDS_ARRAY(element))
            return false;
    }
    return true;
}

static void append_array(GString *out, JsonArray *array, int depth)
{
    bool flat = is_flat(array);

    g_string_append_c(out, '[');
    for (guint i = 0; i < json_array_get_length(array); i++) {
        if (i > 0)
            g_string_append(out, flat ? ", " : ",");
        if (!flat)
            new_line(out, depth + 1);
        append_node(out, json_array_get_element(array, i), depth + 1);
    }
    if (!flat)
        new_line(out, depth);
    g_string_append_c(out, ']');
}

static void append_node(GString *out, JsonNode *node, int depth)
{
    switch (json_node_get_node_type(node)) {
    case JSON_NODE_OBJECT:
        append_object(out, json_node_get_object(node), depth);
        break;
    case JSON_NODE_ARRAY:
        append_array(out, json_node_get_array(node), depth);
        break;
    case JSON_NODE_VALUE:
        append_value(out, node);
        break;
    default:
        g_string_append(out, "null");
    }
}

void json_append(GString *out, JsonNode *node)
{
    append_node(out, node, 0);
    g_string_append_c(out, '\n');
}
