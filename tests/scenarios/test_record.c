#include <math.h>

#include "scenarios/results/record.h"
#include "tests/scenarios/rig.h"

static struct record *record(struct rig *rig, const char *metric,
                             const struct record_options *options)
{
    GError *error = NULL;
    const struct metric *m = metric_find(source_metrics, metric);
    struct record *r = m ? record_new(rig->net, rig->app, NULL, "burst", m, options, &error)
                         : record_new(rig->net, NULL, rig->link->a, "a-b",
                                      rig_metric(iface_metrics, metric), options, &error);

    ck_assert_msg(r != NULL, "%s", error ? error->message : "");
    return r;
}

static void check_csv(struct record *r, const char *want)
{
    GString *text = g_string_new(NULL);

    record_append_csv(r, text);
    ck_assert_str_eq(text->str, want);
    g_string_free(text, TRUE);
    record_stop(r);
    record_free(r);
}

START_TEST(queue_on_change)
{
    struct rig rig = rig_new("net");
    struct record *r = record(&rig, "queue_packets", NULL);

    network_run(rig.net, 2 * SIM_S);
    check_csv(r, "0,a-b,queue_packets,0,packets\n"
                 "1,a-b,queue_packets,1,packets\n"
                 "1,a-b,queue_packets,2,packets\n"
                 "1.008304,a-b,queue_packets,1,packets\n"
                 "1.016608,a-b,queue_packets,0,packets\n");
    network_free(rig.net);
}
END_TEST

/* A probe of a flow: nothing before it starts; a window attaches with the value in force. */
START_TEST(flow_on_change)
{
    struct rig rig = rig_new("net");
    struct record *r = record(&rig, "sent", NULL);

    network_run(rig.net, SIM_S / 2);
    check_csv(r, "0,burst,sent,1,packets\n");
    r = record(&rig, "sent", &(struct record_options){ .from = 800 * SIM_MS, .to = 900 * SIM_MS });
    network_run(rig.net, 2 * SIM_S);
    check_csv(r, "0.8,burst,sent,1,packets\n");
    network_free(rig.net);
}
END_TEST

/* 10 datagrams of 972 bytes within the fifth interval of 250 ms, 1 within the first. */
START_TEST(rate)
{
    struct rig rig = rig_new("net");
    struct record *r = record(&rig, "send_rate", &(struct record_options){ .every = SIM_S / 4 });

    network_run(rig.net, SIM_S * 3 / 2);
    ck_assert_uint_eq(r->series->count, 6);
    double sum = 0;
    for (size_t i = 0; i < 6; i++) {
        ck_assert_int_eq(series_get(r->series, i).time, (sim_time)(i + 1) * SIM_S / 4);
        sum += series_get(r->series, i).value / 4;
    }
    ck_assert(sum == 10 * 972 * 8 || sum == 11 * 972 * 8);
    ck_assert(series_max(r->series, 0, SIM_NEVER) == 10 * 972 * 8 * 4);
    record_stop(r);
    record_free(r);
    network_free(rig.net);
}
END_TEST

START_TEST(samples_in_a_window)
{
    struct rig rig = rig_new("net");
    struct record_options options = { .every = SIM_MS, .from = 1002 * SIM_MS, .to = 1005 * SIM_MS };
    struct record *r = record(&rig, "queue_packets", &options);

    network_run(rig.net, 2 * SIM_S);
    check_csv(r, "1.002,a-b,queue_packets,2,packets\n"
                 "1.003,a-b,queue_packets,2,packets\n"
                 "1.004,a-b,queue_packets,2,packets\n"
                 "1.005,a-b,queue_packets,2,packets\n");
    network_free(rig.net);
}
END_TEST

/* Without `every`, a rate is sampled at the default. */
START_TEST(default_interval)
{
    struct rig rig = rig_new("net");
    struct record *r = record(&rig, "utilisation", NULL);

    network_run(rig.net, SIM_S);
    ck_assert_uint_eq(r->series->count, 10);
    ck_assert_int_eq(series_get(r->series, 0).time, RECORD_EVERY);
    record_stop(r);
    record_free(r);
    network_free(rig.net);
}
END_TEST

static void check_refused(struct rig *rig, const char *metric, const struct record_options *o,
                          const char *words)
{
    GError *error = NULL;

    ck_assert_ptr_null(record_new(rig->net, rig->app, NULL, "burst",
                                  rig_metric(source_metrics, metric), o, &error));
    ck_assert_msg(strstr(error->message, words) != NULL, "%s", error->message);
    g_error_free(error);
}

START_TEST(refused)
{
    struct rig rig = rig_new("net");
    struct record *r = record(&rig, "sent", NULL);

    check_refused(&rig, "received", NULL, "it is a result");
    check_refused(&rig, "sent", NULL, "already");
    struct record *sampled =
        record(&rig, "sent", &(struct record_options){ .every = SIM_S, .from = SIM_S / 2 });
    network_run(rig.net, 2 * SIM_S);
    check_csv(sampled, "0.5,burst,sent,1,packets\n1.5,burst,sent,11,packets\n");
    record_stop(r);
    record_free(r);
    network_free(rig.net);
}
END_TEST

START_TEST(same_options)
{
    struct rig rig = rig_new("net");
    struct record *r = record(&rig, "send_rate", NULL);

    ck_assert(record_same(r, NULL));
    ck_assert(record_same(r, &(struct record_options){ .every = RECORD_EVERY, .to = SIM_NEVER }));
    ck_assert(!record_same(r, &(struct record_options){ .every = SIM_S }));
    record_stop(r);
    record_free(r);
    network_free(rig.net);
}
END_TEST

/* Names with commas and quotes stay one field (RFC 4180). */
START_TEST(csv_fields)
{
    struct record *r = record_new_empty("a,b", "say \"x\"", "");

    series_add(r->series, 1500 * SIM_MS, 0.25);
    check_csv(r, "1.5,\"a,b\",\"say \"\"x\"\"\",0.25,\n");
}
END_TEST

/* Recording changes nothing of what is simulated. */
START_TEST(recording_is_free_of_effects)
{
    struct rig plain = rig_new("net"), watched = rig_new("net");
    struct record *r[] = { record(&watched, "queue_packets", NULL),
                           record(&watched, "sent", &(struct record_options){ .every = SIM_MS }),
                           record(&watched, "rate", NULL) };

    network_run(plain.net, 2 * SIM_S);
    network_run(watched.net, 2 * SIM_S);
    ck_assert_uint_eq(source_of(plain.app)->received, source_of(watched.app)->received);
    ck_assert_uint_eq(plain.net->sim->packets.created, watched.net->sim->packets.created);
    ck_assert_uint_eq(plain.net->sim->packets.dropped, watched.net->sim->packets.dropped);
    for (size_t i = 0; i < G_N_ELEMENTS(r); i++) {
        record_stop(r[i]);
        record_free(r[i]);
    }
    network_free(plain.net);
    network_free(watched.net);
}
END_TEST

SUITE("scenarios/results/record", queue_on_change, flow_on_change, rate, samples_in_a_window,
      default_interval, refused, same_options, csv_fields, recording_is_free_of_effects)
