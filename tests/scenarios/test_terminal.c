#include "scenarios/results/items.h"
#include "scenarios/results/report_internal.h"
#include "tests/support/suite.h"

static const char kinds[] =
    "\"kinds\": {"
    " \"tcp\": {\"shown\": [\"goodput\", \"retransmits\", \"rtt.mean\", \"fct\", \"limited\"],"
    "  \"metrics\": {\"goodput\": {\"unit\": \"bit/s\"}, \"retransmits\": {\"unit\": \"packets\"},"
    "   \"rtt.mean\": {\"unit\": \"s\"}, \"fct\": {\"unit\": \"s\"},"
    "   \"limited.cwnd\": {\"unit\": \"1\"}, \"limited.app\": {\"unit\": \"1\"}}},"
    " \"interface\": {\"shown\": [\"utilisation\", \"drops\"],"
    "  \"metrics\": {\"utilisation\": {\"unit\": \"1\"}, \"drops\": {\"unit\": \"packets\"}}}}";

static const char network[] =
    "{\"name\": \"net\", \"flows\": ["
    " {\"name\": \"cubic\", \"kind\": \"tcp\", \"results\": {\"goodput\": 12345678,"
    "  \"retransmits\": 17, \"rtt.mean\": 0.0512, \"limited.app\": 0.02, \"limited.cwnd\": 0.978,"
    "  \"limited.rwnd\": 0.001}},"
    " {\"name\": \"reno\", \"kind\": \"tcp\", \"results\": {\"goodput\": 6789012,"
    "  \"retransmits\": 9, \"limited.cwnd\": 1}}],"
    " \"links\": [{\"name\": \"left-right\", \"directions\": ["
    "  {\"interface\": \"left-eth1\", \"to\": \"right\","
    "   \"results\": {\"utilisation\": 0.987654, \"drops\": 26}},"
    "  {\"interface\": \"right-eth1\", \"to\": \"left\", \"results\": {\"utilisation\": 0}}]}],"
    " \"drops\": [{\"place\": \"left-eth1\", \"reason\": \"queue_full\", \"packets\": 26}]}";

/* A summary with these members after the head; the text printed, which the caller frees. */
static char *print(int width, const char *rest, const char *networks)
{
    char *source = g_strdup_printf("{\"scenario\": \"demo\", \"simulated\": 60, \"seed\": 3, %s, "
                                   "\"networks\": [%s], %s}",
                                   kinds, networks, rest);
    JsonParser *parser = json_parser_new();
    GError *error = NULL;
    GString *out = g_string_new(NULL);

    ck_assert_msg(json_parser_load_from_data(parser, source, -1, &error), "%s",
                  error ? error->message : "");
    terminal_print(json_node_get_object(json_parser_get_root(parser)), out, width);
    g_object_unref(parser);
    g_free(source);
    return g_string_free(out, FALSE);
}

static void check(int width, const char *rest, const char *networks, const char *want)
{
    char *text = print(width, rest, networks);

    ck_assert_str_eq(text, want);
    g_free(text);
}

static const char nothing_more[] =
    "\"tables\": [], \"results\": [], \"warnings\": [], \"expectations\": []";

START_TEST(result_tables)
{
    check(80, nothing_more, network,
          "demo: 60 s simulated, seed 3\n"
          "\n"
          "tcp\n"
          "  flow   goodput  retransmits  rtt mean  limited by\n"
          "          Mbit/s                     ms\n"
          "  cubic    12.35           17      51.2  cwnd 98 %, app 2 %\n"
          "  reno      6.79            9         \342\200\223  cwnd 100 %\n"
          "\n"
          "links\n"
          "  direction          utilisation  drops\n"
          "                               %\n"
          "  left-eth1 \342\206\222 right        98.77     26\n"
          "\n"
          "drops\n"
          "  place      reason      packets\n"
          "  left-eth1  queue_full       26\n");
}
END_TEST

START_TEST(what_the_scenario_said)
{
    check(80,
          "\"tables\": [{\"title\": \"mine\", \"columns\": [{\"name\": \"n\", \"unit\": \"\"}],"
          " \"rows\": [[1], [null]]}],"
          "\"results\": [{\"name\": \"fairness\", \"value\": 0.5, \"unit\": \"1\"}],"
          "\"warnings\": [\"beware\"],"
          "\"expectations\": [{\"passed\": true, \"message\": \"fine\"},"
          " {\"passed\": false, \"where\": \"x.lua:3\", \"message\": \"fast\","
          "  \"actual\": \"1\", \"wanted\": \"above 2\"},"
          " {\"passed\": false, \"message\": \"bare\"}]",
          "",
          "demo: 60 s simulated, seed 3\n"
          "\n"
          "mine\n"
          "  n\n"
          "  1\n"
          "  \342\200\223\n"
          "\n"
          "results\n"
          "  fairness: 50 %\n"
          "\n"
          "warning: beware\n"
          "\n"
          "FAILED x.lua:3: fast\n"
          "       actual 1, wanted above 2\n"
          "FAILED bare\n"
          "2 of 3 expectations failed\n");
}
END_TEST

/* Many flows and links do not flood the terminal. */
START_TEST(long_lists)
{
    GString *net = g_string_new("{\"name\": \"net\", \"flows\": [");
    const char *comma = "";

    for (int i = 0; i < 100; i++, comma = ", ")
        g_string_append_printf(net, "%s{\"name\": \"f%d\", \"kind\": \"tcp\", \"results\": {}}",
                               comma, i);
    g_string_append(net, "], \"links\": [");
    comma = "";
    for (int i = 0; i < 100; i++, comma = ", ")
        g_string_append_printf(net,
                               "%s{\"name\": \"l\", \"directions\": [{\"interface\": \"i%d\","
                               " \"to\": \"b\", \"results\": {\"utilisation\": 0.%03d}}]}",
                               comma, i, i + 1);
    g_string_append(net, "], \"drops\": []}");
    char *text = print(80, nothing_more, net->str);
    ck_assert_ptr_nonnull(strstr(text, "\n  f39\n"));
    ck_assert_ptr_null(strstr(text, "\n  f40\n"));
    ck_assert_ptr_nonnull(strstr(text, "  ... and 60 more flows in summary.json\n"));
    ck_assert_ptr_null(strstr(text, "\n  i83 "));
    ck_assert_ptr_nonnull(strstr(text, "\n  i84 "));
    ck_assert_ptr_nonnull(strstr(text, "\n  i99 "));
    ck_assert_ptr_nonnull(strstr(text, "... and 84 more less busy directions"));
    g_free(text);
    g_string_free(net, TRUE);
}
END_TEST

/* Of more than four networks the tables are common, with the busiest direction of each. */
START_TEST(many_networks)
{
    GString *nets = g_string_new(NULL);

    for (int i = 1; i <= 5; i++)
        g_string_append_printf(
            nets,
            "%s{\"name\": \"n%d\", \"flows\": [{\"name\": \"f\", \"kind\": \"tcp\","
            " \"results\": {\"goodput\": %d000000}}], \"links\": [{\"directions\": ["
            " {\"interface\": \"a-eth1\", \"to\": \"b\", \"results\": {\"utilisation\": 0.5}},"
            " {\"interface\": \"b-eth1\", \"to\": \"a\", \"results\": {\"utilisation\": 0.25}}]}],"
            " \"drops\": [%s]}",
            i > 1 ? ", " : "", i, i,
            i == 2 ? "{\"place\": \"a-eth1\", \"reason\": \"loss\", \"packets\": 3}" : "");
    char *text = print(80, nothing_more, nets->str);
    ck_assert_str_eq(text, "demo: 60 s simulated, seed 3\n"
                           "\n"
                           "tcp\n"
                           "  flow  goodput  limited by\n"
                           "         Mbit/s\n"
                           "  n1/f        1\n"
                           "  n2/f        2\n"
                           "  n3/f        3\n"
                           "  n4/f        4\n"
                           "  n5/f        5\n"
                           "\n"
                           "busiest links\n"
                           "  direction      utilisation\n"
                           "                           %\n"
                           "  n1/a-eth1 \342\206\222 b           50\n"
                           "  n2/a-eth1 \342\206\222 b           50\n"
                           "  n3/a-eth1 \342\206\222 b           50\n"
                           "  n4/a-eth1 \342\206\222 b           50\n"
                           "  n5/a-eth1 \342\206\222 b           50\n"
                           "  ... and 5 more less busy directions in summary.json\n"
                           "\n"
                           "drops\n"
                           "  place      reason  packets\n"
                           "  n2/a-eth1  loss          3\n");
    g_free(text);
    g_string_free(nets, TRUE);
}
END_TEST

/* A list of results is a table of its own; a value that is a list takes several columns, and one
 * that no item has takes none. */
START_TEST(lists_of_results)
{
    static const char source[] = "{\"kind\": {\"items\": {\"name\": \"hops\", \"fields\": ["
                                 "  {\"name\": \"ttl\", \"unit\": \"\"}, {\"name\": \"node\"},"
                                 "  {\"name\": \"rtt\", \"unit\": \"s\"}, {\"name\": \"mark\"}]}},"
                                 " \"flow\": {\"name\": \"trace\", \"hops\": ["
                                 "  {\"ttl\": 1.0, \"node\": \"r1\", \"rtt\": [0.002, 0.0025]},"
                                 "  {\"ttl\": 2.0, \"rtt\": [0.004]}]}}";
    JsonParser *parser = json_parser_new();
    GString *out = g_string_new(NULL);

    ck_assert(json_parser_load_from_data(parser, source, -1, NULL));
    JsonObject *both = json_node_get_object(json_parser_get_root(parser));
    items_print(out, 80, json_object_get_object_member(both, "kind"),
                json_object_get_object_member(both, "flow"));
    ck_assert_str_eq(out->str, "\n"
                               "hops of trace\n"
                               "  ttl  node  rtt  rtt\n"
                               "              ms   ms\n"
                               "    1  r1      2  2.5\n"
                               "    2          4    \342\200\223\n");
    g_string_free(out, TRUE);
    g_object_unref(parser);
}
END_TEST

START_TEST(all_is_well)
{
    check(80,
          "\"tables\": [], \"results\": [], \"warnings\": [],"
          " \"expectations\": [{\"passed\": true}, {\"passed\": true}]",
          "",
          "demo: 60 s simulated, seed 3\n"
          "\n"
          "all 2 expectations are met\n");
}
END_TEST

SUITE("scenarios/results/terminal", result_tables, what_the_scenario_said, long_lists,
      many_networks, lists_of_results, all_is_well)
