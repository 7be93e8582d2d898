/* Whole runs: which files they leave, with which contents. */
#include "scenarios/results/report.h"

#include <pcap/pcap.h>
#include <sys/stat.h>

#include "tests/scenarios/rig.h"

struct place {
    char *root, *out;
};

static struct place place_new(void)
{
    struct place place = { .root = g_dir_make_tmp("weft-XXXXXX", NULL) };

    place.out = g_build_filename(place.root, "out", NULL);
    return place;
}

static void place_free(struct place *place)
{
    char *argv[] = { "rm", "-rf", place->root, NULL };

    g_spawn_sync(NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
    g_free(place->root);
    g_free(place->out);
}

static struct report *begin(const struct place *place, uint64_t max_capture)
{
    struct report_options options = { .directory = place ? place->out : NULL,
                                      .scenario = "burst",
                                      .script = "labs/burst.lua",
                                      .seed = 7,
                                      .max_capture = max_capture };
    GError *error = NULL;
    struct report *report = report_new(&options, &error);

    ck_assert_msg(report != NULL, "%s", error ? error->message : "");
    return report;
}

static void finish(struct report *report)
{
    GError *error = NULL;

    ck_assert_msg(report_write(report, &error), "%s", error ? error->message : "");
    report_free(report);
}

static char *contents(const struct place *place, const char *name)
{
    char *path = g_build_filename(place->out, name, NULL), *text = NULL;

    ck_assert_msg(g_file_get_contents(path, &text, NULL, NULL), "%s is not there", name);
    g_free(path);
    return text;
}

static bool exists(const struct place *place, const char *name)
{
    char *path = g_build_filename(place->out, name, NULL);
    bool there = g_file_test(path, G_FILE_TEST_EXISTS);

    g_free(path);
    return there;
}

/* Takes the rig's network in, records, captures at both ends and plots. */
static struct report_net *observe(struct report *report, struct rig *rig)
{
    struct report_net *net = report_add_network(report, rig->net, NULL);
    struct iface *a = rig->link->a, *b = rig->link->b;
    static const char *const metrics[] = { "sent", "queue_packets", NULL };
    struct plot_request plot = { .metrics = metrics };

    ck_assert_ptr_nonnull(net);
    ck_assert_ptr_nonnull(
        report_record_app(net, rig->app, rig_metric(source_metrics, "sent"), NULL, NULL));
    ck_assert_ptr_nonnull(
        report_record_iface(net, a, "a-b", rig_metric(iface_metrics, "queue_packets"), NULL, NULL));
    ck_assert_ptr_nonnull(report_capture(net, a, &(struct capture_options){ 0 }, NULL));
    ck_assert_ptr_nonnull(report_capture(net, b, &(struct capture_options){ 0 }, NULL));
    ck_assert(report_plot_series(net, &plot, NULL));
    return net;
}

static void whole_run(const struct place *place)
{
    struct report *report = begin(place, 0);
    struct rig rig = rig_new("net");

    observe(report, &rig);
    network_run(rig.net, 2 * SIM_S);
    report_argument(report, "n", "40");
    report_result(report, "answer", 0.42, "1");
    report_expect(report, true, "burst.lua:3", "it runs", "1", "1");
    finish(report);
    network_free(rig.net);
}

/* Frames in the capture, of which *udp is set to those of the burst. */
static unsigned count_frames(const struct place *place, const char *name, unsigned *udp)
{
    char *path = g_build_filename(place->out, name, NULL), message[PCAP_ERRBUF_SIZE];
    pcap_t *pcap = pcap_open_offline(path, message);
    struct pcap_pkthdr *header;
    const u_char *bytes;
    unsigned n = 0;

    ck_assert_msg(pcap != NULL, "%s", message);
    *udp = 0;
    while (pcap_next_ex(pcap, &header, &bytes) == 1) {
        n++;
        *udp += header->len == 14 + 20 + 8 + RIG_DATA;
    }
    pcap_close(pcap);
    g_free(path);
    return n;
}

START_TEST(files_left)
{
    struct place place = place_new();
    unsigned udp;

    whole_run(&place);
    char *series = contents(&place, "series.csv"), *drops = contents(&place, "drops.csv");
    ck_assert_str_eq(series, "time,object,metric,value,unit\n"
                             "0,a-b,queue_packets,0,packets\n"
                             "1,a-b,queue_packets,1,packets\n"
                             "1,a-b,queue_packets,2,packets\n"
                             "1.008304,a-b,queue_packets,1,packets\n"
                             "1.016608,a-b,queue_packets,0,packets\n"
                             "0,burst,sent,1,packets\n"
                             "1,burst,sent,2,packets\n"
                             "1,burst,sent,3,packets\n"
                             "1,burst,sent,4,packets\n"
                             "1,burst,sent,5,packets\n"
                             "1,burst,sent,6,packets\n"
                             "1,burst,sent,7,packets\n"
                             "1,burst,sent,8,packets\n"
                             "1,burst,sent,9,packets\n"
                             "1,burst,sent,10,packets\n"
                             "1,burst,sent,11,packets\n");
    ck_assert_str_eq(drops, "time,place,reason,flow,seq\n"
                            "1,a-eth1,queue_full,burst,\n"
                            "1,a-eth1,queue_full,burst,\n"
                            "1,a-eth1,queue_full,burst,\n"
                            "1,a-eth1,queue_full,burst,\n"
                            "1,a-eth1,queue_full,burst,\n"
                            "1,a-eth1,queue_full,burst,\n"
                            "1,a-eth1,queue_full,burst,\n");
    ck_assert_uint_eq(count_frames(&place, "a-eth1.pcap", &udp), 2 + 4); /* ARP both ways */
    ck_assert_uint_eq(udp, 4);
    ck_assert_uint_eq(count_frames(&place, "b-eth1.pcap", &udp), 2 + 4);
    ck_assert(exists(&place, "sent-queue_packets.gp"));
    ck_assert(exists(&place, "run.json"));
    g_free(series);
    g_free(drops);
    place_free(&place);
}
END_TEST

static JsonObject *summary_of(JsonParser *parser, const struct place *place)
{
    char *path = g_build_filename(place->out, "summary.json", NULL);

    ck_assert(json_parser_load_from_file(parser, path, NULL));
    g_free(path);
    return json_node_get_object(json_parser_get_root(parser));
}

#define MEMBER(object, name, type) json_object_get_##type##_member(object, name)

START_TEST(summary)
{
    struct place place = place_new();
    JsonParser *parser = json_parser_new();

    whole_run(&place);
    JsonObject *s = summary_of(parser, &place);
    ck_assert_str_eq(MEMBER(s, "schema", string), "weft.summary");
    ck_assert_int_eq(MEMBER(s, "schema_version", int), 1);
    ck_assert_int_eq(MEMBER(s, "seed", int), 7);
    ck_assert_str_eq(MEMBER(MEMBER(s, "arguments", object), "n", string), "40");
    JsonObject *net = json_array_get_object_element(MEMBER(s, "networks", array), 0);
    JsonObject *flow = json_array_get_object_element(MEMBER(net, "flows", array), 0);
    ck_assert_str_eq(MEMBER(flow, "name", string), "burst");
    ck_assert_str_eq(MEMBER(flow, "to", string), "b");
    ck_assert(MEMBER(MEMBER(flow, "parameters", object), "size", double) == 972);
    ck_assert(MEMBER(MEMBER(flow, "results", object), "received", double) == 4);
    JsonObject *drop = json_array_get_object_element(MEMBER(net, "drops", array), 0);
    ck_assert_str_eq(MEMBER(drop, "reason", string), "queue_full");
    ck_assert_int_eq(MEMBER(drop, "packets", int), 7);
    ck_assert_int_eq(MEMBER(drop, "bytes", int), 7 * 1014);
    JsonObject *c = MEMBER(net, "conservation", object);
    ck_assert(MEMBER(c, "holds", boolean));
    ck_assert_int_eq(MEMBER(c, "created", int), MEMBER(c, "delivered", int) +
                                                    MEMBER(c, "dropped", int) +
                                                    MEMBER(c, "consumed", int));
    JsonObject *link = json_array_get_object_element(MEMBER(net, "links", array), 0);
    JsonObject *ab = json_array_get_object_element(MEMBER(link, "directions", array), 0);
    ck_assert_str_eq(MEMBER(ab, "queue", string), "pfifo limit 2 mark 0");
    /* Four datagrams of 8.304 ms and two ARP frames of 84 bytes of wire time, one of them here. */
    double busy = MEMBER(MEMBER(ab, "results", object), "utilisation", double);
    ck_assert_double_eq_tol(busy, (4 * 0.008304 + 0.000672) / 2, 1e-12);
    g_object_unref(parser);
    place_free(&place);
}
END_TEST

/* Two runs leave the same bytes, but for run.json and the pictures. */
START_TEST(same_bytes)
{
    static const char *const names[] = { "a-eth1.pcap", "b-eth1.pcap",  "series.csv",
                                         "drops.csv",   "summary.json", "sent-queue_packets.gp" };
    struct place one = place_new(), two = place_new();

    whole_run(&one);
    whole_run(&two);
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        char *a = g_build_filename(one.out, names[i], NULL), *text;
        char *b = g_build_filename(two.out, names[i], NULL), *other;
        gsize length, other_length;
        ck_assert(g_file_get_contents(a, &text, &length, NULL));
        ck_assert(g_file_get_contents(b, &other, &other_length, NULL));
        ck_assert_uint_eq(length, other_length);
        ck_assert_mem_eq(text, other, length);
        g_free(a);
        g_free(b);
        g_free(text);
        g_free(other);
    }
    place_free(&one);
    place_free(&two);
}
END_TEST

/* A run that is given up leaves nothing, whatever it had begun. */
START_TEST(given_up)
{
    struct place place = place_new();
    struct report *report = begin(&place, 0);
    struct rig rig = rig_new("net");

    observe(report, &rig);
    network_run(rig.net, SIM_S / 2);
    report_free(report);
    network_free(rig.net);
    ck_assert(!exists(&place, ""));
    place_free(&place);
}
END_TEST

START_TEST(two_networks)
{
    struct place place = place_new();
    struct report *report = begin(&place, 0);
    struct rig one = rig_new("one"), two = rig_new("two");
    GError *error = NULL;

    observe(report, &one);
    observe(report, &two);
    network_run(one.net, 2 * SIM_S);
    network_run(two.net, 3 * SIM_S);
    struct plot *plot = report_plot(report, "both", NULL);
    plot_panel(plot, PLOT_BARS, "x", "");
    plot_bar(plot, "x", "y", 1);
    ck_assert_ptr_null(report_plot(report, "both", &error));
    ck_assert_ptr_nonnull(strstr(error->message, "\"both\""));
    g_error_free(error);
    finish(report);
    static const char *const names[] = { "one/a-eth1.pcap", "one/series.csv",
                                         "two/drops.csv",   "two/sent-queue_packets.gp",
                                         "both.gp",         "summary.json" };
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        ck_assert_msg(exists(&place, names[i]), "%s", names[i]);
    ck_assert(!exists(&place, "series.csv"));
    network_free(one.net);
    network_free(two.net);
    place_free(&place);
}
END_TEST

/* The limit holds for all captures together, and both the user and the summary learn of it. */
START_TEST(capture_limit)
{
    struct place place = place_new();
    struct report *report = begin(&place, 3000);
    struct rig rig = rig_new("net");
    GString *text = g_string_new(NULL);
    struct stat a, b;

    observe(report, &rig);
    network_run(rig.net, 2 * SIM_S);
    report_print(report, text, 80);
    ck_assert_ptr_nonnull(strstr(text->str, "warning: the capture a-eth1.pcap ends at 1"));
    ck_assert_ptr_nonnull(strstr(text->str, "--max-capture"));
    finish(report);
    char *path = g_build_filename(place.out, "a-eth1.pcap", NULL);
    ck_assert_int_eq(stat(path, &a), 0);
    g_free(path);
    path = g_build_filename(place.out, "b-eth1.pcap", NULL);
    ck_assert_int_eq(stat(path, &b), 0);
    g_free(path);
    ck_assert_int_le(a.st_size + b.st_size, 3000 + 2 * 24);
    g_string_free(text, TRUE);
    network_free(rig.net);
    place_free(&place);
}
END_TEST

START_TEST(names_collide)
{
    struct report *report = begin(NULL, 0);
    struct rig rig = rig_new("net");
    struct report_net *net = report_add_network(report, rig.net, NULL);
    GError *error = NULL;

    struct capture_options named = { .name = "x" };
    ck_assert_ptr_nonnull(report_capture(net, rig.link->a, &named, NULL));
    ck_assert_ptr_null(report_capture(net, rig.link->b, &named, &error));
    ck_assert_ptr_nonnull(strstr(error->message, "\"x\""));
    g_clear_error(&error);
    ck_assert_ptr_null(report_add_network(report, rig.net, &error));
    ck_assert_ptr_nonnull(strstr(error->message, "\"net\""));
    g_clear_error(&error);
    /* The same record twice is one; another way of recording it is a mistake. */
    const struct metric *sent = rig_metric(source_metrics, "sent");
    struct series *series = report_record_app(net, rig.app, sent, NULL, NULL);
    ck_assert_ptr_eq(report_record_app(net, rig.app, sent, NULL, NULL), series);
    ck_assert_ptr_eq(report_find_series(net, "burst", "sent"), series);
    ck_assert_ptr_null(
        report_record_app(net, rig.app, sent, &(struct record_options){ .every = SIM_S }, &error));
    ck_assert_ptr_nonnull(strstr(error->message, "already"));
    g_clear_error(&error);
    report_free(report);
    network_free(rig.net);
}
END_TEST

/* Without a directory: nothing is written, the results are there all the same. */
START_TEST(without_files)
{
    struct report *report = begin(NULL, 0);
    struct rig rig = rig_new("net");
    GString *text = g_string_new(NULL);
    unsigned failed;

    observe(report, &rig);
    network_run(rig.net, 2 * SIM_S);
    report_expect(report, false, "burst.lua:9", "all arrive", "4", "11");
    ck_assert_uint_eq(report_expectations(report, &failed), 1);
    ck_assert_uint_eq(failed, 1);
    ck_assert(report_write(report, NULL));
    report_print(report, text, 80);
    ck_assert_ptr_nonnull(strstr(text->str, "queue_full        7"));
    ck_assert_ptr_nonnull(strstr(text->str, "warning: burst: not all arrived"));
    ck_assert_ptr_nonnull(strstr(text->str, "FAILED burst.lua:9: all arrive"));
    char **files = report_files(report);
    ck_assert_ptr_null(files[0]);
    g_strfreev(files);
    g_string_free(text, TRUE);
    report_free(report);
    network_free(rig.net);
}
END_TEST

START_TEST(nothing_recorded)
{
    struct place place = place_new();
    struct report *report = begin(&place, 0);
    struct rig rig = rig_new("net");
    struct report_net *net = report_add_network(report, rig.net, NULL);
    static const char *const metrics[] = { "cwnd", NULL };
    GString *text = g_string_new(NULL);

    ck_assert(report_plot_series(net, &(struct plot_request){ .metrics = metrics }, NULL));
    network_run(rig.net, SIM_S);
    ck_assert(report_write(report, NULL));
    report_print(report, text, 80);
    ck_assert_ptr_nonnull(strstr(text->str, "warning: plot cwnd: nothing was recorded as `cwnd`"));
    ck_assert(exists(&place, "cwnd.gp"));
    report_free(report);
    network_free(rig.net);
    g_string_free(text, TRUE);
    place_free(&place);
}
END_TEST

SUITE("scenarios/results/report", files_left, summary, same_bytes, given_up, two_networks,
      capture_limit, names_collide, without_files, nothing_recorded)
