#include "scenarios/results/table.h"

#include <math.h>

#include "scenarios/results/json.h"
#include "tests/support/suite.h"

static struct table *flows(void)
{
    struct table *table = table_new("Flows");

    table_column(table, "flow", NULL);
    table_column(table, "goodput", "bit/s");
    table_column(table, "rtt", "s");
    table_column(table, "lost", "");
    table_text(table, "cubic");
    table_number(table, 12345678);
    table_number(table, 0.0425);
    table_number(table, 17);
    table_text(table, "r\303\251no");
    table_number(table, 987654);
    table_number(table, NAN);
    table_number(table, 3);
    return table;
}

static void check_print(const struct table *table, int width, const char *want)
{
    GString *text = g_string_new(NULL);

    table_print(table, text, width);
    ck_assert_str_eq(text->str, want);
    g_string_free(text, TRUE);
}

START_TEST(aligned)
{
    struct table *table = flows();

    check_print(table, 0,
                "Flows\n"
                "  flow   goodput   rtt  lost\n"
                "          Mbit/s    ms\n"
                "  cubic    12.35  42.5    17\n"
                "  r\303\251no      0.99     \342\200\223     3\n");
    table_free(table);
}
END_TEST

START_TEST(narrow_terminal)
{
    struct table *table = flows();

    check_print(table, 24,
                "Flows\n"
                "  flow   goodput   rtt\n"
                "          Mbit/s    ms\n"
                "  cubic    12.35  42.5\n"
                "  r\303\251no      0.99     \342\200\223\n"
                "  flow   lost\n"
                "  cubic    17\n"
                "  r\303\251no      3\n");
    table_free(table);
}
END_TEST

/* A column of a scenario's table may hold words, numbers, or both. */
START_TEST(words)
{
    struct table *table = table_new(NULL);

    table_column(table, "kind", "");
    table_column(table, "of", "");
    table_text(table, "b");
    table_text(table, "all");
    table_text(table, "longer");
    table_number(table, 17);
    check_print(table, 0,
                "  kind     of\n"
                "  b       all\n"
                "  longer   17\n");
    table_free(table);
}
END_TEST

START_TEST(without_units)
{
    struct table *table = table_new(NULL);

    table_column(table, "destination", NULL);
    table_column(table, "metric", "");
    table_text(table, "0.0.0.0/0");
    table_number(table, 0);
    table_text(table, NULL);
    table_number(table, 2.5);
    check_print(table, 80,
                "  destination  metric\n"
                "  0.0.0.0/0       0.0\n"
                "                  2.5\n");
    table_free(table);
}
END_TEST

START_TEST(empty)
{
    struct table *table = table_new("Nothing");

    check_print(table, 80, "Nothing\n");
    table_column(table, "a", NULL);
    check_print(table, 80, "Nothing\n  a\n");
    ck_assert_uint_eq(table_rows(table), 0);
    table_free(table);
}
END_TEST

START_TEST(as_json)
{
    struct table *table = flows();
    JsonNode *node = table_json(table);
    GString *text = g_string_new(NULL);

    json_append(text, node);
    ck_assert_str_eq(text->str, "{\n"
                                "  \"title\": \"Flows\",\n"
                                "  \"columns\": [\n"
                                "    {\n"
                                "      \"name\": \"flow\"\n"
                                "    },\n"
                                "    {\n"
                                "      \"name\": \"goodput\",\n"
                                "      \"unit\": \"bit/s\"\n"
                                "    },\n"
                                "    {\n"
                                "      \"name\": \"rtt\",\n"
                                "      \"unit\": \"s\"\n"
                                "    },\n"
                                "    {\n"
                                "      \"name\": \"lost\",\n"
                                "      \"unit\": \"\"\n"
                                "    }\n"
                                "  ],\n"
                                "  \"rows\": [\n"
                                "    [\"cubic\", 12345678, 0.0425, 17],\n"
                                "    [\"r\303\251no\", 987654, null, 3]\n"
                                "  ]\n"
                                "}\n");
    json_node_unref(node);
    g_string_free(text, TRUE);
    table_free(table);
}
END_TEST

SUITE("scenarios/results/table", aligned, narrow_terminal, words, without_units, empty, as_json)
