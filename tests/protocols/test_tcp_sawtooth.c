/* Long flows under deterministic loss: the mean window of RFC 9438's tables. */
#include "tests/support/suite.h"
#include "tests/support/tcp_pair.h"

struct run {
    struct pair *pair;
    struct owner client, server;
    uint64_t data, every;
    struct timer tick;
    double sum, samples;
};

static struct fate lose_every(struct pair *pair, const struct seen *s)
{
    struct run *run = pair->data;

    return (struct fate){ .drop = s->length > 0 && ++run->data % run->every == 0 };
}

static void sample(struct sim *sim, struct timer *timer)
{
    struct run *run = container_of(timer, struct run, tick);

    run->sum += tcp_conn_cc(run->client.conn)->cwnd;
    run->samples++;
    timer_set(sim, timer, sim->now + 10 * SIM_MS);
}

/* Mean window, after `warm` seconds, over `length`. */
static double mean_window(const char *cc, uint64_t every, sim_time rtt, int warm, int length)
{
    struct run run = { .pair = pair_new(1, rtt / 2), .every = every };
    struct tcp_config sink = { .sink = true };

    run.pair->data = &run;
    run.pair->logging = false;
    pair_sysctl(run.pair, -1, "net.ipv4.tcp_congestion_control", cc);
    pair_connect(run.pair, &run.client, &run.server, NULL, &sink);
    run.pair->filter = lose_every;
    timer_init(&run.tick, &run.pair->end[0].actor, sample);
    tcp_send_bulk(run.client.conn, TCP_ENDLESS);
    pair_run_for(run.pair, warm * SIM_S);
    timer_set(run.pair->sim, &run.tick, run.pair->sim->now);
    pair_run_for(run.pair, length * SIM_S);
    timer_cancel(run.pair->sim, &run.tick);
    tcp_abort(run.client.conn);
    run.client.conn = NULL;
    owners_free(NULL, &run.server);
    pair_run_for(run.pair, SIM_S);
    pair_free(run.pair);
    return run.sum / run.samples;
}

static void expect_near(double got, double want)
{
    ck_assert_msg(got > want * 0.9 && got < want * 1.1, "mean window %.1f, not %.0f", got, want);
}

/* RFC 9438 table 1, "Reno": 1.22 / sqrt(p). */
START_TEST(reno)
{
    expect_near(mean_window("reno", 1000, 100 * SIM_MS, 20, 200), 38);
    expect_near(mean_window("reno", 10000, 20 * SIM_MS, 20, 200), 120);
}
END_TEST

/* RFC 9438 table 1, "CUBIC", RTT 100 ms: 187 at 1e-4; table 2, RTT 10 ms: Reno-friendly, 120. */
START_TEST(cubic)
{
    expect_near(mean_window("cubic", 10000, 100 * SIM_MS, 30, 200), 187);
    expect_near(mean_window("cubic", 10000, 10 * SIM_MS, 10, 60), 120);
}
END_TEST

SUITE("protocols/tcp_sawtooth", reno, cubic)
