/* Text layout: a row of names, a row of units, the cells; text to the left, numbers to the right.
 * A table too wide for the terminal is broken into blocks that repeat the first column. */
#include "scenarios/results/table.h"

#include <math.h>
#include <stdbool.h>

#include "scenarios/results/number.h"

enum { GAP = 2, INDENT = 2, DECIMALS_MAX = 3 };

struct column {
    char *name, *unit; /* unit NULL: text */
};

struct cell {
    char *text;
    double number;
};

struct table {
    char *title;
    GArray *columns; /* struct column */
    GArray *cells;   /* struct cell, row by row */
};

#define COLUMN(table, i) g_array_index((table)->columns, struct column, i)
#define CELL(table, row, i) \
    g_array_index((table)->cells, struct cell, (row) * (table)->columns->len + (i))

struct table *table_new(const char *title)
{
    struct table *table = g_new(struct table, 1);

    table->title = g_strdup(title);
    table->columns = g_array_new(FALSE, FALSE, sizeof(struct column));
    table->cells = g_array_new(FALSE, FALSE, sizeof(struct cell));
    return table;
}

void table_free(struct table *table)
{
    for (guint i = 0; i < table->columns->len; i++) {
        g_free(COLUMN(table, i).name);
        g_free(COLUMN(table, i).unit);
    }
    for (guint i = 0; i < table->cells->len; i++)
        g_free(g_array_index(table->cells, struct cell, i).text);
    g_array_free(table->columns, TRUE);
    g_array_free(table->cells, TRUE);
    g_free(table->title);
    g_free(table);
}

void table_column(struct table *table, const char *name, const char *unit)
{
    struct column column = { g_strdup(name), g_strdup(unit) };

    g_assert(table->cells->len == 0);
    g_array_append_val(table->columns, column);
}

static void add_cell(struct table *table, struct cell cell)
{
    g_array_append_val(table->cells, cell);
}

void table_text(struct table *table, const char *text)
{
    add_cell(table, (struct cell){ text ? g_utf8_make_valid(text, -1) : NULL, NAN });
}

void table_number(struct table *table, double value)
{
    add_cell(table, (struct cell){ NULL, value });
}

unsigned table_rows(const struct table *table)
{
    return table->columns->len ? table->cells->len / table->columns->len : 0;
}

/* ---- As text -------------------------------------------------------------------------------- */

/* A column as it will be printed: lines[0] is the name, lines[1] the unit, then the cells. */
struct layout {
    char **lines;
    int width;
    bool right;
};

/* Columns of the terminal that the text takes. */
static int text_width(const char *text)
{
    int width = 0;

    for (; *text; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);
        width += g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
    }
    return width;
}

/* The largest magnitude in the column. */
static double column_largest(const struct table *table, guint i)
{
    double largest = 0;

    for (unsigned row = 0; row < table_rows(table); row++)
        if (isfinite(CELL(table, row, i).number))
            largest = fmax(largest, fabs(CELL(table, row, i).number));
    return largest;
}

/* All numbers of the column are integers once multiplied by `factor`. */
static bool column_whole(const struct table *table, guint i, double factor)
{
    for (unsigned row = 0; row < table_rows(table); row++) {
        double value = CELL(table, row, i).number;
        if (isfinite(value) && !number_is_whole(value * factor))
            return false;
    }
    return true;
}

/* As many digits behind the point as show all there is, or four significant ones of the largest. */
static int column_decimals(const struct table *table, guint i, double divisor)
{
    int most = MIN(number_decimals(column_largest(table, i) / divisor), DECIMALS_MAX);
    double factor = 1;

    for (int decimals = 0; decimals < most; decimals++, factor *= 10)
        if (column_whole(table, i, factor / divisor))
            return decimals;
    return most;
}

static char *cell_text(const struct cell *cell, bool number, double divisor, int decimals)
{
    GString *text = g_string_new(cell->text);

    if (number && isfinite(cell->number))
        number_append_fixed(text, cell->number / divisor, decimals);
    else if (number && !cell->text)
        g_string_append(text, "\342\200\223");
    return g_string_free(text, FALSE);
}

/* A column of a scenario's table that holds words, and no number. */
static bool column_words(const struct table *table, guint i)
{
    bool words = false;

    for (unsigned row = 0; row < table_rows(table); row++) {
        const struct cell *cell = &CELL(table, row, i);
        if (isfinite(cell->number))
            return false;
        words = words || cell->text;
    }
    return words;
}

static struct layout column_layout(const struct table *table, guint i)
{
    const struct column *column = &COLUMN(table, i);
    unsigned rows = table_rows(table);
    struct layout layout = { g_new0(char *, rows + 3), 0, column->unit && !column_words(table, i) };
    struct number_scale scale = { 1, "" };
    int decimals = 0;

    if (column->unit) {
        scale = number_scale_shown(column->unit, column_largest(table, i));
        decimals = column_decimals(table, i, scale.divisor);
    }
    layout.lines[0] = g_strdup(column->name);
    layout.lines[1] = g_strdup(scale.unit);
    for (unsigned row = 0; row < rows; row++)
        layout.lines[row + 2] =
            cell_text(&CELL(table, row, i), column->unit != NULL, scale.divisor, decimals);
    for (unsigned line = 0; line < rows + 2; line++)
        layout.width = MAX(layout.width, text_width(layout.lines[line]));
    return layout;
}

static void pad(GString *out, int n)
{
    while (n-- > 0)
        g_string_append_c(out, ' ');
}

static void print_cell(GString *out, const struct layout *layout, unsigned line)
{
    int spare = layout->width - text_width(layout->lines[line]);

    pad(out, layout->right ? spare : 0);
    g_string_append(out, layout->lines[line]);
    pad(out, layout->right ? 0 : spare);
}

static void end_line(GString *out)
{
    while (out->len > 0 && out->str[out->len - 1] == ' ')
        g_string_truncate(out, out->len - 1);
    g_string_append_c(out, '\n');
}

static bool has_unit(const struct layout *layouts, guint from, guint to)
{
    for (guint i = from; i < to; i++)
        if (*layouts[i].lines[1])
            return true;
    return false;
}

/* The columns [from, to), with column 0 in front of them. */
static void print_block(const struct table *table, const struct layout *layouts, guint from,
                        guint to, GString *out)
{
    bool units = has_unit(layouts, from, to);

    for (unsigned line = 0; line < table_rows(table) + 2; line++) {
        if (line == 1 && !units)
            continue;
        pad(out, INDENT);
        if (from > 0)
            print_cell(out, &layouts[0], line);
        for (guint i = from; i < to; i++) {
            pad(out, i > 0 ? GAP : 0);
            print_cell(out, &layouts[i], line);
        }
        end_line(out);
    }
}

/* The first column that does not fit behind `from`; at least one fits. */
static guint block_end(const struct layout *layouts, guint from, guint n, int width)
{
    int used = INDENT + (from > 0 ? layouts[0].width : 0);

    for (guint i = from; i < n; i++) {
        used += layouts[i].width + (i > 0 ? GAP : 0);
        if (width > 0 && used > width && i > from)
            return i;
    }
    return n;
}

void table_print(const struct table *table, GString *out, int width)
{
    guint n = table->columns->len;
    struct layout *layouts = g_new(struct layout, n);

    for (guint i = 0; i < n; i++)
        layouts[i] = column_layout(table, i);
    if (table->title)
        g_string_append_printf(out, "%s\n", table->title);
    for (guint from = 0, to; from < n; from = to) {
        to = block_end(layouts, from, n, width);
        print_block(table, layouts, from, to, out);
    }
    for (guint i = 0; i < n; i++)
        g_strfreev(layouts[i].lines);
    g_free(layouts);
}

/* ---- As JSON -------------------------------------------------------------------------------- */

static JsonNode *json_columns(const struct table *table)
{
    JsonBuilder *b = json_builder_new();

    json_builder_begin_array(b);
    for (guint i = 0; i < table->columns->len; i++) {
        json_builder_begin_object(b);
        json_builder_set_member_name(b, "name");
        json_builder_add_string_value(b, COLUMN(table, i).name);
        if (COLUMN(table, i).unit) {
            json_builder_set_member_name(b, "unit");
            json_builder_add_string_value(b, COLUMN(table, i).unit);
        }
        json_builder_end_object(b);
    }
    json_builder_end_array(b);
    JsonNode *node = json_builder_get_root(b);
    g_object_unref(b);
    return node;
}

static void add_json_cell(JsonBuilder *b, const struct cell *cell)
{
    if (cell->text)
        json_builder_add_string_value(b, cell->text);
    else if (isfinite(cell->number))
        json_builder_add_double_value(b, cell->number);
    else
        json_builder_add_null_value(b);
}

JsonNode *table_json(const struct table *table)
{
    JsonBuilder *b = json_builder_new();

    json_builder_begin_object(b);
    json_builder_set_member_name(b, "title");
    json_builder_add_string_value(b, table->title ? table->title : "");
    json_builder_set_member_name(b, "columns");
    json_builder_add_value(b, json_columns(table));
    json_builder_set_member_name(b, "rows");
    json_builder_begin_array(b);
    for (unsigned row = 0; row < table_rows(table); row++) {
        json_builder_begin_array(b);
        for (guint i = 0; i < table->columns->len; i++)
            add_json_cell(b, &CELL(table, row, i));
        json_builder_end_array(b);
    }
    json_builder_end_array(b);
    json_builder_end_object(b);
    JsonNode *node = json_builder_get_root(b);
    g_object_unref(b);
    return node;
}

struct table *table_from_json(JsonObject *tree)
{
    JsonArray *columns = json_object_get_array_member(tree, "columns");
    JsonArray *rows = json_object_get_array_member(tree, "rows");
    const char *title = json_object_get_string_member(tree, "title");
    struct table *table = table_new(*title ? title : NULL);

    for (guint i = 0; i < json_array_get_length(columns); i++) {
        JsonObject *column = json_array_get_object_element(columns, i);
        table_column(table, json_object_get_string_member(column, "name"),
                     json_object_get_string_member_with_default(column, "unit", NULL));
    }
    for (guint i = 0; i < json_array_get_length(rows); i++) {
        JsonArray *row = json_array_get_array_element(rows, i);
        for (guint k = 0; k < json_array_get_length(row); k++) {
            JsonNode *cell = json_array_get_element(row, k);
            if (json_node_get_value_type(cell) == G_TYPE_STRING)
                table_text(table, json_node_get_string(cell));
            else
                table_number(table, JSON_NODE_HOLDS_NULL(cell) ? NAN : json_node_get_double(cell));
        }
    }
    return table;
}
