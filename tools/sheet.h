/* A sheet: sections of rows, printed as aligned text or as tables in Markdown. */
#ifndef WEFT_TOOLS_SHEET_H
#define WEFT_TOOLS_SHEET_H

#include <glib.h>

struct sheet;

/* An empty sheet. */
struct sheet *sheet_new(void);
void sheet_free(struct sheet *sheet); /* Frees it. */

/* Begins a section: a heading and a line of text, NULL if there is none. */
void sheet_section(struct sheet *sheet, const char *heading, const char *text);

/* A row of the section, NULL-terminated; the first one has the names of the columns. */
void sheet_row(struct sheet *sheet, const char *first, ...) G_GNUC_NULL_TERMINATED;

/* Keeps the sections whose heading is `wanted` and, of the others, the rows whose first cell is. */
void sheet_keep(struct sheet *sheet, gboolean (*wanted)(const char *cell, const void *data),
                const void *data);

/* The first cells of all rows but those with the names of columns, and the headings: a list for
 * g_ptr_array_free, whose texts are the sheet's. */
GPtrArray *sheet_names(const struct sheet *sheet);

/* Appends the sheet; a section without rows behind its first is left out unless it has a text. */
void sheet_text(const struct sheet *sheet, GString *out);
void sheet_markdown(const struct sheet *sheet, GString *out);

#endif
