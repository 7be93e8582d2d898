#include "tools/sheet.h"

#include <string.h>

struct section {
    char *heading, *text;
    GPtrArray *rows; /* char ** */
};

struct sheet {
    GPtrArray *sections;
};

static void free_row(gpointer row)
{
    g_strfreev(row);
}

static void free_section(gpointer data)
{
    struct section *section = data;

    g_free(section->heading);
    g_free(section->text);
    g_ptr_array_free(section->rows, TRUE);
    g_free(section);
}

struct sheet *sheet_new(void)
{
    struct sheet *sheet = g_new(struct sheet, 1);

    sheet->sections = g_ptr_array_new_with_free_func(free_section);
    return sheet;
}

void sheet_free(struct sheet *sheet)
{
    g_ptr_array_free(sheet->sections, TRUE);
    g_free(sheet);
}

void sheet_section(struct sheet *sheet, const char *heading, const char *text)
{
    struct section *section = g_new(struct section, 1);

    section->heading = g_strdup(heading);
    section->text = g_strdup(text);
    section->rows = g_ptr_array_new_with_free_func(free_row);
    g_ptr_array_add(sheet->sections, section);
}

void sheet_row(struct sheet *sheet, const char *first, ...)
{
    struct section *section = sheet->sections->pdata[sheet->sections->len - 1];
    GPtrArray *cells = g_ptr_array_new();
    va_list args;

    va_start(args, first);
    for (const char *cell = first; cell; cell = va_arg(args, const char *))
        g_ptr_array_add(cells, g_strdup(cell));
    va_end(args);
    g_ptr_array_add(cells, NULL);
    g_ptr_array_add(section->rows, g_ptr_array_free(cells, FALSE));
}

/* ---- Parts of it --------------------------------------------------------------------------- */

/* The first row, which has the names of the columns, stays. */
static void keep_rows(struct section *section, gboolean (*wanted)(const char *, const void *),
                      const void *data)
{
    for (guint i = section->rows->len; i-- > 1;) {
        char **row = section->rows->pdata[i];
        if (!wanted(row[0], data))
            g_ptr_array_remove_index(section->rows, i);
    }
}

void sheet_keep(struct sheet *sheet, gboolean (*wanted)(const char *cell, const void *data),
                const void *data)
{
    for (guint i = sheet->sections->len; i-- > 0;) {
        struct section *section = sheet->sections->pdata[i];
        if (wanted(section->heading, data))
            continue;
        keep_rows(section, wanted, data);
        if (section->rows->len < 2)
            g_ptr_array_remove_index(sheet->sections, i);
    }
}

GPtrArray *sheet_names(const struct sheet *sheet)
{
    GPtrArray *names = g_ptr_array_new();

    for (guint i = 0; i < sheet->sections->len; i++) {
        const struct section *section = sheet->sections->pdata[i];
        g_ptr_array_add(names, section->heading);
        for (guint r = 1; r < section->rows->len; r++)
            g_ptr_array_add(names, ((char **)section->rows->pdata[r])[0]);
    }
    return names;
}

/* ---- As text ------------------------------------------------------------------------------- */

enum { COLUMNS = 8 };

static void measure(const struct section *section, size_t *widths)
{
    memset(widths, 0, COLUMNS * sizeof *widths);
    for (guint i = 0; i < section->rows->len; i++) {
        char **row = section->rows->pdata[i];
        for (size_t c = 0; row[c] && c < COLUMNS; c++)
            widths[c] = MAX(widths[c], (size_t)g_utf8_strlen(row[c], -1));
    }
}

static void append_row(GString *out, char **row, const size_t *widths)
{
    g_string_append(out, "  ");
    for (size_t c = 0; row[c]; c++) {
        g_string_append(out, row[c]);
        size_t width = (size_t)g_utf8_strlen(row[c], -1);
        for (size_t i = width; row[c + 1] && i < widths[c] + 2; i++)
            g_string_append_c(out, ' ');
    }
    while (out->str[out->len - 1] == ' ')
        g_string_truncate(out, out->len - 1);
    g_string_append_c(out, '\n');
}

static gboolean is_empty(const struct section *section)
{
    return section->rows->len < 2 && !section->text;
}

void sheet_text(const struct sheet *sheet, GString *out)
{
    size_t widths[COLUMNS];

    for (guint i = 0; i < sheet->sections->len; i++) {
        const struct section *section = sheet->sections->pdata[i];
        if (is_empty(section))
            continue;
        g_string_append_printf(out, "%s%s%s%s\n", out->len ? "\n" : "", section->heading,
                               section->text ? ": " : "", section->text ? section->text : "");
        measure(section, widths);
        for (guint r = 0; section->rows->len > 1 && r < section->rows->len; r++)
            append_row(out, section->rows->pdata[r], widths);
    }
}

/* ---- As Markdown --------------------------------------------------------------------------- */

static void append_cells(GString *out, char **row)
{
    for (; *row; row++) {
        g_string_append(out, "| ");
        for (const char *c = *row; *c; c++)
            g_string_append_printf(out, *c == '|' ? "\\%c" : "%c", *c);
        g_string_append_c(out, ' ');
    }
    g_string_append(out, "|\n");
}

static void append_table(GString *out, const GPtrArray *rows)
{
    append_cells(out, rows->pdata[0]);
    for (char **cell = rows->pdata[0]; *cell; cell++)
        g_string_append(out, "|---");
    g_string_append(out, "|\n");
    for (guint i = 1; i < rows->len; i++)
        append_cells(out, rows->pdata[i]);
}

void sheet_markdown(const struct sheet *sheet, GString *out)
{
    for (guint i = 0; i < sheet->sections->len; i++) {
        const struct section *section = sheet->sections->pdata[i];
        if (is_empty(section))
            continue;
        g_string_append_printf(out, "%s**%s**%s%s\n", out->len ? "\n" : "", section->heading,
                               section->text ? ": " : "", section->text ? section->text : "");
        if (section->rows->len > 1) {
            g_string_append_c(out, '\n');
            append_table(out, section->rows);
        }
    }
}
