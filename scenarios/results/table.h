/* Tables: values first, layout when they are printed.
 *
 * A column has a unit; its numbers are scaled together when printed ("Mbit/s", "ms") and stay
 * exact in JSON. */
#ifndef WEFT_SCENARIOS_RESULTS_TABLE_H
#define WEFT_SCENARIOS_RESULTS_TABLE_H

#include <glib.h>
#include <json-glib/json-glib.h>

struct table;

/* A table without columns; `title` is copied. */
struct table *table_new(const char *title);
void table_free(struct table *table);

/* Adds a column, before the first cell.  `unit` NULL: text; "": plain numbers; "bit/s", "s", "B",
 * "1" (a fraction, shown in percent) ...: scaled. */
void table_column(struct table *table, const char *name, const char *unit);

/* The next cell, row by row.  NAN and NULL: nothing there. */
void table_text(struct table *table, const char *text);
void table_number(struct table *table, double value);

/* Complete rows so far. */
unsigned table_rows(const struct table *table);

/* Appends the table as text, at most `width` columns wide where that is possible (0: no limit). */
void table_print(const struct table *table, GString *out, int width);

/* {"title": ..., "columns": [{"name":, "unit":}], "rows": [[...], ...]}; the caller's. */
JsonNode *table_json(const struct table *table);

/* The table that table_json made this of; the caller frees it. */
struct table *table_from_json(JsonObject *tree);

#endif
