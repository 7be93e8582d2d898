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

/* Appends the sheet; a section without rows behind its first is left out unless it has a text. */
void sheet_text(const struct sheet *sheet, GString *out);
void sheet_markdown(const struct sheet *sheet, GString *out);

#endif
