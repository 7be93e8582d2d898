/* Relative sequence numbers of a real connection, seen through the log of drops and the printer.
 * Data begin at 1, behind the SYN (RFC 9293 3.4). */
#include "models/link/impair.h"
#include "tests/scenarios/rig.h"

enum { MSS = 1448 /* 1500 - 20 - 20 - 12 of timestamps */, SEGMENTS = 40 };

struct run {
    char *dir, *drops, *printed;
};

/* A transfer of SEGMENTS full segments over the rig's link, of which frames `numbers` are lost. */
static struct run transfer(const uint64_t *numbers, size_t n)
{
    struct run run = { .dir = g_dir_make_tmp("weft-XXXXXX", NULL) };
    char *out = g_build_filename(run.dir, "out", NULL), *file;
    struct report *report = report_new(&(struct report_options){ .directory = out }, NULL);
    struct rig rig = rig_new("net");
    struct report_net *net = report_add_network(report, rig.net, NULL);
    struct app *app = app_new(rig.net, app_find("tcp"), "t");
    struct impair_config config = { .numbers = numbers, .n_numbers = n };
    size_t length;
    FILE *printed = open_memstream(&run.printed, &length);

    link_set_queue(&rig.link->a->tx,
                   qdisc_parse(rig.net->sim, &rig.link->a->drops, "pfifo limit 1000", NULL));
    link_set_impair(&rig.link->a->tx, impair_new(&config, 1, "a-eth1"));
    report_print_packets(net, rig.link->a, printed);
    app->from.node = rig.app->from.node;
    app->to.node = rig.app->to.node;
    app->start = 3 * SIM_S;
    app_set_option(app, "bytes", SEGMENTS * MSS);
    ck_assert(app_arm(app, NULL));
    network_run(rig.net, 60 * SIM_S);
    ck_assert_int_eq(app->state, APP_DONE);
    ck_assert(report_write(report, NULL));
    fclose(printed);
    file = g_build_filename(out, "drops.csv", NULL);
    ck_assert(g_file_get_contents(file, &run.drops, NULL, NULL));
    network_free(rig.net);
    report_free(report);
    g_free(file);
    g_free(out);
    return run;
}

static void run_free(struct run *run)
{
    char *argv[] = { "rm", "-rf", run->dir, NULL };

    g_spawn_sync(NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
    g_free(run->dir);
    g_free(run->drops);
    free(run->printed);
}

/* The fields behind the time of each line but the first, joined by spaces; the caller frees it. */
static char *without_times(const char *csv)
{
    char **lines = g_strsplit(csv, "\n", -1);
    GString *text = g_string_new(NULL);

    for (int i = 1; lines[i] && *lines[i]; i++)
        g_string_append_printf(text, "%s ", strchr(lines[i], ',') + 1);
    g_strfreev(lines);
    return g_string_free(text, FALSE);
}

static void check_drops(const uint64_t *numbers, size_t n, const char *want)
{
    struct run run = transfer(numbers, n);
    char *drops = without_times(run.drops);

    ck_assert_str_eq(drops, want);
    g_free(drops);
    run_free(&run);
}

/* Frames of a's side: ARP, the eleven datagrams of the rig, then SYN (13), its ACK and data. */
START_TEST(of_drops)
{
    static const uint64_t data[] = { 15, 17 }, syn[] = { 13 };

    check_drops(data, 2, "a-eth1,loss_pattern,t,1 a-eth1,loss_pattern,t,2897 ");
    check_drops(syn, 1, "a-eth1,loss_pattern,t,0 ");
}
END_TEST

START_TEST(of_the_printer)
{
    struct run run = transfer(NULL, 0);

    ck_assert_msg(strstr(run.printed, " a-eth1 Out IP ") != NULL, "%s", run.printed);
    ck_assert_ptr_nonnull(strstr(run.printed, ": Flags [S], seq 0, "));
    ck_assert_ptr_nonnull(strstr(run.printed, ": Flags [S.], seq 0, ack 1, "));
    ck_assert_ptr_nonnull(strstr(run.printed, "seq 1:1449, ack 1, "));
    ck_assert_ptr_nonnull(strstr(run.printed, " a-eth1 In  IP "));
    ck_assert_ptr_nonnull(strstr(run.printed, "seq 1449:2897, ack 1, "));
    ck_assert_ptr_nonnull(strstr(run.printed, ", ack 57922, ")); /* 40 x 1448, SYN and FIN */
    run_free(&run);
}
END_TEST

SUITE("scenarios/results/relseq", of_drops, of_the_printer)
