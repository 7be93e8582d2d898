/* Link directions: what a bit costs, the FIFO rule, changes at run time.  Expected times are
 * computed by hand from the wire lengths of IEEE 802.3 (preamble 8, FCS 4, gap 12, minimum 64). */
#include <inttypes.h>

#include "models/link/impair.h"
#include "models/link/link.h"
#include "tests/support/leaks.h"
#include "tests/support/suite.h"

/* A receiver that notes when each frame came. */
struct sink {
    struct link_rx rx;
    GArray *times; /* sim_time */
    GArray *marks; /* uint32_t: packet->mark */
};

struct rig {
    struct sim *sim;
    struct link_tx tx;
    struct sink sink;
    struct drops drops;
};

static void sink_deliver(struct link_rx *rx, struct packet *packet)
{
    struct sink *sink = container_of(rx, struct sink, rx);

    if (sink->times) {
        g_array_append_val(sink->times, packet->sim->now);
        g_array_append_val(sink->marks, packet->mark);
    }
    packet_delivered(packet);
}

static void rig_init(struct rig *rig, uint64_t rate, sim_time delay, const char *queue)
{
    memset(rig, 0, sizeof *rig);
    rig->sim = sim_new(1);
    rig->drops.name = "a-eth1";
    struct qdisc *q = qdisc_parse(rig->sim, &rig->drops, queue, NULL);
    ck_assert_ptr_nonnull(q);
    link_init(&rig->tx, &rig->sink.rx, rig->sim, "a-eth1", q, &rig->drops);
    link_set_rate(&rig->tx, rate);
    link_set_delay(&rig->tx, delay);
    rig->sink.rx.deliver = sink_deliver;
    rig->sink.times = g_array_new(FALSE, FALSE, sizeof(sim_time));
    rig->sink.marks = g_array_new(FALSE, FALSE, sizeof(uint32_t));
}

static void rig_fini(struct rig *rig)
{
    link_fini(&rig->tx);
    assert_no_leaks(rig->sim);
    sim_free(rig->sim);
    drops_fini(&rig->drops);
    g_array_free(rig->sink.times, TRUE);
    g_array_free(rig->sink.marks, TRUE);
}

static void rig_send(struct rig *rig, uint32_t length, uint32_t mark)
{
    struct packet *packet = packet_new(rig->sim);

    packet_set_payload(packet, blob_ref(&blob_pattern), 0, length);
    packet->mark = mark;
    link_send(&rig->tx, packet);
}

static sim_time arrival(const struct rig *rig, guint i)
{
    ck_assert_uint_lt(i, rig->sink.times->len);
    return g_array_index(rig->sink.times, sim_time, i);
}

START_TEST(serialisation_is_exact)
{
    struct rig rig;

    /* 1514 + 4 + 20 = 1538 bytes at 100 Mbit/s: 123.04 us; + 10 ms. */
    rig_init(&rig, 100000000, 10 * SIM_MS, "pfifo");
    rig_send(&rig, 1514, 0);
    sim_run(rig.sim, SIM_S);
    ck_assert_int_eq(arrival(&rig, 0), 10 * SIM_MS + 123040 * SIM_NS);
    rig_fini(&rig);

    /* The least frame, 64 + 20 = 84 bytes = 672 bits, at 3 Gbit/s: 224 ns exactly. */
    rig_init(&rig, 3000000000, 0, "pfifo");
    rig_send(&rig, 14, 0);
    sim_run(rig.sim, SIM_S);
    ck_assert_int_eq(arrival(&rig, 0), 224 * SIM_NS);
    rig_fini(&rig);

    /* 8 * 1538 bits at 7 bit/s do not divide: rounded up to a picosecond. */
    rig_init(&rig, 7, 0, "pfifo");
    rig_send(&rig, 1514, 0);
    sim_run(rig.sim, 10000 * SIM_S);
    ck_assert_int_eq(arrival(&rig, 0), 1757714285714286);
    rig_fini(&rig);
}
END_TEST

START_TEST(frames_follow_each_other)
{
    struct rig rig;

    rig_init(&rig, 100000000, 5 * SIM_MS, "pfifo");
    for (uint32_t i = 0; i < 10; i++)
        rig_send(&rig, 1514, i);
    sim_run(rig.sim, SIM_S);
    for (guint i = 0; i < 10; i++)
        ck_assert_int_eq(arrival(&rig, i), 5 * SIM_MS + (i + 1) * 123040 * SIM_NS);
    /* One event a frame, none for the end of a transmission. */
    ck_assert_uint_eq(rig.sim->events_fired, 10);
    rig_fini(&rig);
}
END_TEST

START_TEST(limit_counts_those_that_wait)
{
    struct rig rig;

    /* One is being sent, three wait, the rest is dropped. */
    rig_init(&rig, 100000000, 0, "pfifo limit 3");
    for (uint32_t i = 0; i < 10; i++)
        rig_send(&rig, 1514, i);
    ck_assert_uint_eq(rig.tx.queue->packets, 3);
    ck_assert_uint_eq(drops_packets(&rig.drops, &drop_queue_full), 6);
    sim_run(rig.sim, 123040 * SIM_NS);
    link_sync(&rig.tx);
    ck_assert_uint_eq(rig.tx.queue->packets, 2);
    sim_run(rig.sim, SIM_S);
    ck_assert_uint_eq(rig.sink.times->len, 4);
    rig_fini(&rig);

    /* bfifo counts L2 bytes without FCS: two of 1514 fit into 3028, not into 3027. */
    rig_init(&rig, 100000000, 0, "bfifo limit 3028");
    for (uint32_t i = 0; i < 4; i++)
        rig_send(&rig, 1514, i);
    ck_assert_uint_eq(rig.tx.queue->packets, 2);
    rig_fini(&rig);
    rig_init(&rig, 100000000, 0, "bfifo limit 3027");
    for (uint32_t i = 0; i < 4; i++)
        rig_send(&rig, 1514, i);
    ck_assert_uint_eq(rig.tx.queue->packets, 1);
    rig_fini(&rig);
}
END_TEST

/* ---- Changes at run time ------------------------------------------------------------------- */

/* A change at a given time. */
struct change {
    struct event event;
    struct rig *rig;
    void (*make)(struct rig *rig);
};

static void change_fire(struct sim *sim, struct event *ev)
{
    struct change *change = container_of(ev, struct change, event);
    change->make(change->rig);
}

static void change_at(struct change *change, struct rig *rig, sim_time at,
                      void (*make)(struct rig *rig))
{
    static struct actor actor;

    *change = (struct change){ .rig = rig, .make = make };
    actor_init(&actor, rig->sim, "change");
    event_init(&change->event, change_fire);
    event_schedule(rig->sim, &change->event, at, &actor);
}

static void halve_rate(struct rig *rig)
{
    link_set_rate(&rig->tx, 50000000);
}

START_TEST(rate_change_keeps_what_started)
{
    struct rig rig;
    struct change change;

    /* The change comes in the middle of the second frame: it ends at the old rate, those behind
     * take twice as long. */
    rig_init(&rig, 100000000, SIM_MS, "pfifo");
    for (uint32_t i = 0; i < 4; i++)
        rig_send(&rig, 1514, i);
    change_at(&change, &rig, 150 * SIM_US, halve_rate);
    sim_run(rig.sim, SIM_S);
    const sim_time t = 123040 * SIM_NS;
    ck_assert_int_eq(arrival(&rig, 0), SIM_MS + t);
    ck_assert_int_eq(arrival(&rig, 1), SIM_MS + 2 * t);
    ck_assert_int_eq(arrival(&rig, 2), SIM_MS + 4 * t);
    ck_assert_int_eq(arrival(&rig, 3), SIM_MS + 6 * t);
    rig_fini(&rig);
}
END_TEST

static void shorten(struct rig *rig)
{
    link_set_delay(&rig->tx, SIM_US);
}

START_TEST(shorter_delay_does_not_reorder)
{
    struct rig rig;
    struct change change;

    rig_init(&rig, 100000000, 10 * SIM_MS, "pfifo");
    for (uint32_t i = 0; i < 4; i++)
        rig_send(&rig, 1514, i);
    change_at(&change, &rig, 150 * SIM_US, shorten);
    sim_run(rig.sim, SIM_S);
    ck_assert_uint_eq(rig.sink.times->len, 4);
    for (guint i = 0; i < 4; i++)
        ck_assert_uint_eq(g_array_index(rig.sink.marks, uint32_t, i), i);
    ck_assert_int_eq(arrival(&rig, 3), 10 * SIM_MS + 2 * 123040 * SIM_NS);
    rig_fini(&rig);
}
END_TEST

static void cut(struct rig *rig)
{
    link_set_state(&rig->tx, LINK_DOWN);
}

static void cut_silently(struct rig *rig)
{
    link_set_state(&rig->tx, LINK_SILENT);
}

static void mend(struct rig *rig)
{
    link_set_state(&rig->tx, LINK_UP);
}

START_TEST(down_loses_queue_and_flight)
{
    struct rig rig;
    struct change change, back;

    rig_init(&rig, 100000000, SIM_MS, "pfifo");
    for (uint32_t i = 0; i < 20; i++)
        rig_send(&rig, 1514, i);
    change_at(&change, &rig, SIM_MS + 130 * SIM_US, cut);
    change_at(&back, &rig, 5 * SIM_MS, mend);
    sim_run(rig.sim, 4 * SIM_MS);
    ck_assert_uint_eq(rig.sink.times->len, 1);
    ck_assert_uint_eq(drops_packets(&rig.drops, &drop_link_down), 19);
    rig_send(&rig, 1514, 100);
    ck_assert_uint_eq(drops_packets(&rig.drops, &drop_link_down), 20);
    sim_run(rig.sim, 6 * SIM_MS);
    rig_send(&rig, 1514, 101);
    sim_run(rig.sim, SIM_S);
    ck_assert_uint_eq(rig.sink.times->len, 2);
    rig_fini(&rig);
}
END_TEST

/* A cable that is pulled and plugged in again while a frame is being sent: that frame is lost, and
 * those that come meanwhile wait for its end as if it was there.  100 Mbit/s: 1538 x 80 ns for 1514
 * bytes. */
START_TEST(what_waits_behind_a_lost_frame_leaves)
{
    sim_time frame = 1538 * 80 * SIM_NS;
    struct rig rig;

    rig_init(&rig, 100000000, SIM_US, "pfifo");
    rig_send(&rig, 1514, 1);
    sim_run(rig.sim, frame / 2);
    link_set_state(&rig.tx, LINK_DOWN);
    link_set_state(&rig.tx, LINK_UP);
    rig_send(&rig, 1514, 2);
    rig_send(&rig, 1514, 3);
    sim_run(rig.sim, SIM_S);
    ck_assert_uint_eq(rig.sink.times->len, 2);
    ck_assert_int_eq(arrival(&rig, 0), 2 * frame + SIM_US);
    rig_send(&rig, 1514, 4);
    sim_run(rig.sim, 2 * SIM_S);
    ck_assert_uint_eq(rig.sink.times->len, 3);
    rig_fini(&rig);
}
END_TEST

START_TEST(silent_failure_goes_on_sending)
{
    struct rig rig;
    struct change change, back;

    rig_init(&rig, 100000000, 0, "pfifo");
    for (uint32_t i = 0; i < 20; i++)
        rig_send(&rig, 1514, i);
    /* Frames 0 to 3 arrive; 4 to 8 start while the cable is cut. */
    change_at(&change, &rig, 4 * 123040 * SIM_NS + SIM_NS, cut_silently);
    change_at(&back, &rig, 9 * 123040 * SIM_NS - SIM_NS, mend);
    sim_run(rig.sim, SIM_S);
    ck_assert_uint_eq(drops_packets(&rig.drops, &drop_link_down), 5);
    ck_assert_uint_eq(rig.sink.times->len, 15);
    ck_assert_int_eq(arrival(&rig, 14), 20 * 123040 * SIM_NS);
    rig_fini(&rig);
}
END_TEST

/* ---- The two paths ------------------------------------------------------------------------- */

/* Traffic at random, with a look at the queue and changes of the rate in between; the trace is all
 * that can be seen. */
struct traffic {
    struct event event;
    struct actor actor;
    struct rig *rig;
    struct rng rng;
    GString *trace;
    uint32_t n;
};

static void traffic_fire(struct sim *sim, struct event *ev)
{
    struct traffic *t = container_of(ev, struct traffic, event);

    rig_send(t->rig, 14 + (uint32_t)rng_below(&t->rng, 1500), t->n++);
    if (t->n % 7 == 0) {
        link_sync(&t->rig->tx);
        g_string_append_printf(t->trace, "q %u %" PRIu64 "\n", t->rig->tx.queue->packets,
                               t->rig->tx.queue->bytes);
    }
    if (t->n % 50 == 0)
        link_set_rate(&t->rig->tx, 10000000 * (1 + rng_below(&t->rng, 10)));
    if (t->n % 90 == 0)
        link_set_delay(&t->rig->tx, (sim_time)rng_below(&t->rng, SIM_MS));
    if (t->n < 3000)
        event_schedule(sim, ev, sim->now + (sim_time)rng_below(&t->rng, 400 * SIM_US), &t->actor);
}

static char *trace_of(bool eager)
{
    struct rig rig;
    struct traffic t = { .rig = &rig, .trace = g_string_new(NULL) };

    rig_init(&rig, 50000000, 3 * SIM_MS, "pfifo limit 20");
    link_set_eager(&rig.tx, eager);
    rng_init(&t.rng, 7, "traffic", "test");
    actor_init(&t.actor, rig.sim, "traffic");
    event_init(&t.event, traffic_fire);
    event_schedule(rig.sim, &t.event, 0, &t.actor);
    sim_run(rig.sim, 10 * SIM_S);
    for (guint i = 0; i < rig.sink.times->len; i++)
        g_string_append_printf(t.trace, "%u %" PRId64 "\n",
                               g_array_index(rig.sink.marks, uint32_t, i), arrival(&rig, i));
    g_string_append_printf(t.trace, "dropped %" PRIu64 "\n", drops_packets(&rig.drops, NULL));
    ck_assert_uint_gt(drops_packets(&rig.drops, NULL), 10);
    rig_fini(&rig);
    return g_string_free(t.trace, FALSE);
}

START_TEST(lazy_and_eager_agree)
{
    char *lazy = trace_of(false), *eager = trace_of(true);

    ck_assert_str_eq(lazy, eager);
    g_free(lazy);
    g_free(eager);
}
END_TEST

/* ---- Impairments --------------------------------------------------------------------------- */

static void impair_with(struct rig *rig, const struct impair_config *config)
{
    link_set_impair(&rig->tx, impair_new(config, 42, "a-eth1"));
}

START_TEST(loss_by_pattern)
{
    struct rig rig;
    const uint64_t numbers[] = { 2, 3, 11 };

    rig_init(&rig, 1000000000, SIM_MS, "pfifo");
    impair_with(&rig, &(struct impair_config){ .every = 5, .numbers = numbers, .n_numbers = 3 });
    for (uint32_t i = 1; i <= 12; i++)
        rig_send(&rig, 100, i);
    sim_run(rig.sim, SIM_S);
    const uint32_t arrived[] = { 1, 4, 6, 7, 8, 9, 12 };
    ck_assert_uint_eq(rig.sink.marks->len, 7);
    for (guint i = 0; i < 7; i++)
        ck_assert_uint_eq(g_array_index(rig.sink.marks, uint32_t, i), arrived[i]);
    rig_fini(&rig);
}
END_TEST

static double fraction_lost(const struct impair_config *config, uint32_t length, uint32_t n)
{
    struct rig rig;

    rig_init(&rig, 1000000000, SIM_MS, "pfifo limit 1000000");
    impair_with(&rig, config);
    for (uint32_t i = 0; i < n; i++)
        rig_send(&rig, length, i);
    sim_run(rig.sim, 1000 * SIM_S);
    double lost = (double)drops_packets(&rig.drops, NULL) / n;
    rig_fini(&rig);
    return lost;
}

START_TEST(random_loss_has_its_rate)
{
    /* Binomial: three standard deviations of 100,000 trials at 2 % are 0.13 %. */
    double lost = fraction_lost(&(struct impair_config){ .loss = 0.02 }, 100, 100000);
    ck_assert_double_eq_tol(lost, 0.02, 0.00133);
}
END_TEST

START_TEST(gilbert_elliott_has_its_rate)
{
    /* Stationary probability of the bad state: 0.01 / (0.01 + 0.09) = 0.1; it loses half. */
    double lost = fraction_lost(
        &(struct impair_config){
            .burst = true, .good_to_bad = 0.01, .bad_to_good = 0.09, .loss_bad = 0.5 },
        100, 200000);
    ck_assert_double_eq_tol(lost, 0.05, 0.005);
}
END_TEST

static uint32_t damaged(double ber, uint32_t length, uint32_t n)
{
    struct rig rig;
    uint32_t hit = 0;

    rig_init(&rig, 1000000000, SIM_MS, "pfifo limit 1000000");
    impair_with(&rig, &(struct impair_config){ .ber = ber });
    for (uint32_t i = 0; i < n; i++)
        rig_send(&rig, length, i);
    for (sim_time t = 0; rig.sink.rx.pipe.first || rig.tx.queue->packets; t += SIM_MS) {
        for (struct packet *p = rig.sink.rx.pipe.first; p; p = p->next)
            if ((p->flags & PACKET_BAD_FCS) && p->mark != UINT32_MAX) {
                hit++;
                p->mark = UINT32_MAX;
            }
        sim_run(rig.sim, t);
    }
    rig_fini(&rig);
    return hit;
}

START_TEST(bit_errors_hit_long_frames_more)
{
    /* 1 - (1 - 1e-5)^(8 * 1518) = 0.1144; for 104 bytes 0.00829. */
    ck_assert_double_eq_tol(damaged(1e-5, 1514, 40000) / 40000.0, 0.11437, 0.005);
    ck_assert_double_eq_tol(damaged(1e-5, 100, 40000) / 40000.0, 0.008285, 0.0014);
}
END_TEST

static bool in_order(const struct rig *rig)
{
    for (guint i = 1; i < rig->sink.marks->len; i++)
        if (g_array_index(rig->sink.marks, uint32_t, i) <
            g_array_index(rig->sink.marks, uint32_t, i - 1))
            return false;
    return true;
}

START_TEST(jitter_keeps_order_unless_told)
{
    for (int reorders = 0; reorders < 2; reorders++) {
        struct rig rig;
        rig_init(&rig, 1000000000, SIM_MS, "pfifo");
        impair_with(&rig, &(struct impair_config){ .jitter = SIM_MS, .jitter_reorders = reorders });
        for (uint32_t i = 0; i < 500; i++)
            rig_send(&rig, 100, i);
        sim_run(rig.sim, SIM_S);
        ck_assert_uint_eq(rig.sink.times->len, 500);
        ck_assert_int_eq(in_order(&rig), !reorders);
        for (guint i = 1; i < 500; i++)
            ck_assert_int_ge(arrival(&rig, i), arrival(&rig, i - 1));
        rig_fini(&rig);
    }
}
END_TEST

START_TEST(reordered_frames_come_late)
{
    struct rig rig;

    rig_init(&rig, 1000000000, SIM_MS, "pfifo");
    impair_with(&rig, &(struct impair_config){ .reorder = 0.1, .reorder_delay = 5 * SIM_MS });
    for (uint32_t i = 0; i < 500; i++)
        rig_send(&rig, 100, i);
    sim_run(rig.sim, SIM_S);
    ck_assert_uint_eq(rig.sink.times->len, 500);
    ck_assert(!in_order(&rig));
    /* The others keep their time: frame 0 or 1 after 1 ms and one or two serialisations. */
    ck_assert_int_le(arrival(&rig, 0), SIM_MS + 2 * 992 * SIM_NS);
    rig_fini(&rig);
}
END_TEST

START_TEST(duplicates_are_counted)
{
    struct rig rig;

    rig_init(&rig, 1000000000, SIM_MS, "pfifo limit 2000");
    impair_with(&rig, &(struct impair_config){ .duplicate = 1 });
    for (uint32_t i = 0; i < 100; i++)
        rig_send(&rig, 100, i);
    sim_run(rig.sim, SIM_S);
    ck_assert_uint_eq(rig.sink.times->len, 200);
    ck_assert_uint_eq(rig.sim->packets.created, 200);
    rig_fini(&rig);
}
END_TEST

START_TEST(first_frame_lost_wakes_the_rest)
{
    struct rig rig;
    const uint64_t first = 1;

    rig_init(&rig, 100000000, 0, "pfifo");
    impair_with(&rig, &(struct impair_config){ .numbers = &first, .n_numbers = 1 });
    rig_send(&rig, 1514, 1);
    rig_send(&rig, 1514, 2);
    sim_run(rig.sim, SIM_S);
    ck_assert_uint_eq(rig.sink.times->len, 1);
    ck_assert_int_eq(arrival(&rig, 0), 2 * 123040 * SIM_NS);
    rig_fini(&rig);
}
END_TEST

SUITE("models/link", serialisation_is_exact, frames_follow_each_other, limit_counts_those_that_wait,
      rate_change_keeps_what_started, shorter_delay_does_not_reorder, down_loses_queue_and_flight,
      what_waits_behind_a_lost_frame_leaves, silent_failure_goes_on_sending, lazy_and_eager_agree,
      loss_by_pattern, random_loss_has_its_rate, gilbert_elliott_has_its_rate,
      bit_errors_hit_long_frames_more, jitter_keeps_order_unless_told, reordered_frames_come_late,
      duplicates_are_counted, first_frame_lost_wakes_the_rest)
