#include "tools/verdict.h"

#include <errno.h>
#include <string.h>

#include "tools/commands.h"

bool test_failed(const struct test *test)
{
    return test->status != EXIT_FINE && test->status != TEST_SKIPPED && test->status != TEST_EMPTY;
}

char *test_skip_reason(const struct test *test)
{
    if (test->status == TEST_SKIPPED)
        return g_strdup_printf("needs %s, which is not modelled yet", test->missing);
    return test->status == TEST_EMPTY ? g_strdup("it expects nothing") : NULL;
}

static const char *failure_reason(const struct test *test)
{
    switch (test->status) {
    case EXIT_EXPECTATION:
        return "an expectation was not met";
    case EXIT_MISTAKE:
        return "the scenario has a mistake";
    case EXIT_BUG:
        return "a fault of weft";
    case TEST_TIMEOUT:
        return "it took too long";
    default:
        return "it crashed";
    }
}

static double seconds(const struct test *test)
{
    return (double)(test->ended - test->started) / 1e6;
}

/* ---- TAP ----------------------------------------------------------------------------------- */

static void print_output(const struct test *test, FILE *out)
{
    char **lines = g_strsplit(test->output, "\n", -1);

    for (char **line = lines; *line; line++)
        if (**line || line[1])
            fprintf(out, "# %s\n", *line);
    g_strfreev(lines);
}

void verdict_tap(const struct test *test, unsigned number, FILE *out)
{
    char *skip = test_skip_reason(test);

    fprintf(out, "%s %u - %s", test_failed(test) ? "not ok" : "ok", number, test->name);
    if (skip)
        fprintf(out, " # SKIP %s", skip);
    fputc('\n', out);
    if (test_failed(test)) {
        fprintf(out, "# %s (after %.1f s)\n", failure_reason(test), seconds(test));
        print_output(test, out);
    }
    fflush(out);
    g_free(skip);
}

/* ---- JUnit --------------------------------------------------------------------------------- */

/* XML 1.0, section 2.2: nothing below blank but tab and line ends, and not the last two of the
 * basic plane. */
static bool is_xml(gunichar c)
{
    return (c >= ' ' || c == '\t' || c == '\n' || c == '\r') && c != 0xfffe && c != 0xffff;
}

static void append_text(GString *xml, const char *text)
{
    char *valid = g_utf8_make_valid(text, -1);
    GString *clean = g_string_new(NULL);

    for (const char *c = valid; *c; c = g_utf8_next_char(c))
        g_string_append_unichar(clean, is_xml(g_utf8_get_char(c)) ? g_utf8_get_char(c) : '?');
    char *escaped = g_markup_escape_text(clean->str, -1);
    g_string_append(xml, escaped);
    g_free(escaped);
    g_string_free(clean, TRUE);
    g_free(valid);
}

static void append_case(GString *xml, const struct test *test)
{
    char *skip = test_skip_reason(test);

    g_string_append(xml, "  <testcase classname=\"weft\" name=\"");
    append_text(xml, test->name);
    g_string_append_printf(xml, "\" time=\"%.3f\">", seconds(test));
    if (skip) {
        g_string_append(xml, "<skipped message=\"");
        append_text(xml, skip);
        g_string_append(xml, "\"/>");
    } else if (test_failed(test)) {
        g_string_append_printf(xml, "<failure message=\"%s\">", failure_reason(test));
        append_text(xml, test->output);
        g_string_append(xml, "</failure>");
    }
    g_string_append(xml, "</testcase>\n");
    g_free(skip);
}

bool verdict_junit(const GPtrArray *tests, const char *path, GError **error)
{
    GString *xml = g_string_new("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    unsigned failures = 0, skipped = 0;

    for (guint i = 0; i < tests->len; i++) {
        const struct test *test = tests->pdata[i];
        failures += test_failed(test);
        skipped += test->status == TEST_SKIPPED || test->status == TEST_EMPTY;
    }
    g_string_append_printf(
        xml, "<testsuite name=\"weft\" tests=\"%u\" failures=\"%u\" skipped=\"%u\">\n", tests->len,
        failures, skipped);
    for (guint i = 0; i < tests->len; i++)
        append_case(xml, tests->pdata[i]);
    g_string_append(xml, "</testsuite>\n");
    FILE *file = fopen(path, "wb");
    bool ok = file && fwrite(xml->str, 1, xml->len, file) == xml->len;
    if (file && fclose(file) != 0)
        ok = false;
    if (!ok)
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_RANGE, "cannot write the file \"%s\": %s", path,
                    g_strerror(errno));
    g_string_free(xml, TRUE);
    return ok;
}
