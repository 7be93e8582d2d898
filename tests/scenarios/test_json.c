/* Checked against json-glib's own parser: what we write reads back as the same tree. */
#include "scenarios/results/json.h"

#include <math.h>

#include "tests/support/suite.h"

static char *text_of(JsonNode *node)
{
    GString *text = g_string_new(NULL);

    json_append(text, node);
    return g_string_free(text, FALSE);
}

static void check_round_trip(const char *source)
{
    JsonParser *parser = json_parser_new();
    GError *error = NULL;

    ck_assert_msg(json_parser_load_from_data(parser, source, -1, &error), "%s: %s", source,
                  error ? error->message : "");
    JsonNode *first = json_node_copy(json_parser_get_root(parser));
    char *text = text_of(first);
    ck_assert_msg(json_parser_load_from_data(parser, text, -1, &error), "%s: %s", text,
                  error ? error->message : "");
    ck_assert_msg(json_node_equal(first, json_parser_get_root(parser)), "%s became %s", source,
                  text);
    g_free(text);
    json_node_unref(first);
    g_object_unref(parser);
}

START_TEST(round_trip)
{
    check_round_trip("{}");
    check_round_trip("[]");
    check_round_trip("[[], {}, [1, [2]]]");
    check_round_trip("{\"b\": 1, \"a\": {\"y\": [true, false, null], \"x\": -0.25}}");
    check_round_trip("[9223372036854775807, -9223372036854775808, 1e-300, 0.1]");
    check_round_trip("[\"\\\"\\\\\\n\\t\\u0001\\u007f \303\244 \360\237\220\202\"]");
}
END_TEST

START_TEST(order_and_numbers)
{
    JsonObject *object = json_object_new();
    JsonNode *node = json_node_init_object(json_node_alloc(), object);

    json_object_set_double_member(object, "z", 0.1);
    json_object_set_double_member(object, "a", 3.0);
    json_object_set_double_member(object, "none", NAN);
    json_object_set_int_member(object, "big", G_MAXINT64);
    char *text = text_of(node);
    ck_assert_str_eq(text, "{\n  \"z\": 0.1,\n  \"a\": 3,\n  \"none\": null,\n"
                           "  \"big\": 9223372036854775807\n}\n");
    g_free(text);
    json_node_unref(node);
    json_object_unref(object);
}
END_TEST

/* Bytes that are no UTF-8 must not make the file unreadable. */
START_TEST(bad_utf8)
{
    JsonNode *node = json_node_init_string(json_node_alloc(), "a\377b");
    char *text = text_of(node);

    ck_assert(g_utf8_validate(text, -1, NULL));
    ck_assert_str_eq(text, "\"a\357\277\275b\"\n");
    g_free(text);
    json_node_unref(node);
}
END_TEST

SUITE("scenarios/results/json", round_trip, order_and_numbers, bad_utf8)
