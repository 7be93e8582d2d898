#include "tools/suite.h"

#include <stdio.h>
#include <string.h>

#include "scenarios/bind/catalog.h"
#include "sim/error.h"
#include "sim/unit.h"

enum { HEAD_LINES = 40 };

static void test_free(gpointer data)
{
    struct test *test = data;

    g_free(test->path);
    g_free(test->name);
    g_strfreev(test->tags);
    g_free(test->missing);
    g_free(test->output);
    g_free(test);
}

/* ---- Heads --------------------------------------------------------------------------------- */

/* What follows "-- KEY:" in the line, or NULL. */
static const char *field(const char *line, const char *key)
{
    if (!g_str_has_prefix(line, "--"))
        return NULL;
    line += 2 + strspn(line + 2, " \t");
    size_t length = strlen(key);
    return strncmp(line, key, length) == 0 && line[length] == ':' ? line + length + 1 : NULL;
}

static char **words_of(const char *text)
{
    char *copy = g_strdup(text);
    g_strdelimit(copy, ",\t\r\n", ' ');
    char **words = g_strsplit(g_strstrip(copy), " ", -1);
    size_t n = 0;

    for (size_t i = 0; words[i]; i++) {
        if (words[i][0])
            words[n++] = words[i];
        else
            g_free(words[i]);
    }
    words[n] = NULL;
    g_free(copy);
    return words;
}

static void read_needs(struct test *test, const char *text)
{
    char **words = words_of(text);

    for (char **word = words; *word && !test->missing; word++)
        if (!bind_catalog_has(*word))
            test->missing = g_strdup(*word);
    g_strfreev(words);
}

static void read_line(struct test *test, const char *line)
{
    const char *value;

    if ((value = field(line, "tags"))) {
        g_strfreev(test->tags);
        test->tags = words_of(value);
    } else if ((value = field(line, "needs"))) {
        read_needs(test, value);
    } else if ((value = field(line, "timeout"))) {
        char *text = g_strstrip(g_strdup(value));
        unit_parse_time(text, &test->timeout, NULL);
        g_free(text);
    }
}

/* The comment at the beginning of the file. */
static void read_head(struct test *test)
{
    FILE *file = fopen(test->path, "r");
    char line[512];

    for (int i = 0; file && i < HEAD_LINES && fgets(line, sizeof line, file); i++) {
        if (line[0] != '-' && line[0] != '#' && line[0] != '\n')
            break;
        read_line(test, line);
    }
    if (file)
        fclose(file);
}

/* ---- Finding ------------------------------------------------------------------------------- */

static gboolean matches(const struct test *test, const GPtrArray *filters)
{
    for (guint i = 0; i < filters->len; i++) {
        const char *filter = filters->pdata[i];
        if (strstr(test->name, filter))
            return TRUE;
        for (char **tag = test->tags; tag && *tag; tag++)
            if (strcmp(*tag, filter) == 0)
                return TRUE;
    }
    return filters->len == 0;
}

static void add_file(GPtrArray *tests, const char *path, const GPtrArray *filters)
{
    struct test *test = g_new0(struct test, 1);

    test->path = g_strdup(path);
    test->name =
        g_str_has_suffix(path, ".lua") ? g_strndup(path, strlen(path) - 4) : g_strdup(path);
    read_head(test);
    if (matches(test, filters))
        g_ptr_array_add(tests, test);
    else
        test_free(test);
}

static gint by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static gboolean add_path(GPtrArray *tests, const char *path, const GPtrArray *filters,
                         GError **error);

static gboolean add_folder(GPtrArray *tests, const char *path, const GPtrArray *filters,
                           GError **error)
{
    GDir *dir = g_dir_open(path, 0, error);
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    gboolean ok = dir != NULL;
    const char *name;

    while (dir && (name = g_dir_read_name(dir)))
        if (name[0] != '.')
            g_ptr_array_add(names, g_build_filename(path, name, NULL));
    if (dir)
        g_dir_close(dir);
    g_ptr_array_sort(names, by_name);
    for (guint i = 0; ok && i < names->len; i++) {
        const char *entry = names->pdata[i];
        if (g_file_test(entry, G_FILE_TEST_IS_DIR) || g_str_has_suffix(entry, ".lua"))
            ok = add_path(tests, entry, filters, error);
    }
    g_ptr_array_free(names, TRUE);
    return ok;
}

static gboolean add_path(GPtrArray *tests, const char *path, const GPtrArray *filters,
                         GError **error)
{
    if (g_file_test(path, G_FILE_TEST_IS_DIR))
        return add_folder(tests, path, filters, error);
    if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_NAME, "there is no file or folder \"%s\"", path);
        return FALSE;
    }
    add_file(tests, path, filters);
    return TRUE;
}

GPtrArray *suite_find(char **paths, const GPtrArray *filters, GError **error)
{
    GPtrArray *tests = g_ptr_array_new_with_free_func(test_free);

    for (; *paths; paths++)
        if (!add_path(tests, *paths, filters, error)) {
            g_ptr_array_free(tests, TRUE);
            return NULL;
        }
    return tests;
}
