/* The RTT estimator against RFC 6298 and Linux's form of it, by hand. */
#include "protocols/tcp/acking.h"
#include "tests/support/suite.h"
#include "tests/support/tcp_script.h"

/* A connection that is only an estimator. */
static struct tcp_conn *estimator(struct script *s)
{
    s->owner.conn = tcp_conn_new(s->stack, NULL, &owner_ops, &s->owner);
    return s->owner.conn;
}

static void sample(struct tcp_conn *conn, uint32_t ms, bool window_passed)
{
    if (window_passed)
        conn->snd_una = conn->rtt_seq + 1;
    conn->snd_nxt = conn->snd_una + 100000;
    tcp_rtt_estimate(conn, ms * 1000);
    tcp_set_rto(conn);
}

/* RFC 6298 2.2: SRTT = R, RTTVAR = R / 2; RTO = SRTT + 4 RTTVAR, for R = 500 ms: 1500 ms. */
START_TEST(first_sample)
{
    struct script *s = script_new();
    struct tcp_conn *conn = estimator(s);

    sample(conn, 500, false);
    ck_assert_uint_eq(conn->srtt_us >> 3, 500000);
    ck_assert_uint_eq(conn->mdev_us >> 2, 250000);
    ck_assert_uint_eq(conn->rto_us, 1500000);
    script_free(s);
}
END_TEST

/* RFC 6298 2.3 with R' = 700: SRTT = 500 + 200 / 8 = 525; RTTVAR = 250 + (200 - 250) / 4 = 237.5.
 * Linux keeps the larger variation until a window has passed: the RTO is 525 + 4 * 250. */
START_TEST(second_sample)
{
    struct script *s = script_new();
    struct tcp_conn *conn = estimator(s);

    sample(conn, 500, false);
    sample(conn, 700, false);
    ck_assert_uint_eq(conn->srtt_us >> 3, 525000);
    ck_assert_uint_eq(conn->mdev_us >> 2, 237500);
    ck_assert_uint_eq(conn->rto_us, 1525000);
    script_free(s);
}
END_TEST

/* A sample far above counts at once; one far below moves the deviation only by an eighth of what
 * it would (Linux): 4 mdev = 1000 -> error 400 below srtt 525: (400 - 237.5) / 8 = 20.3. */
START_TEST(falling_rtt)
{
    struct script *s = script_new();
    struct tcp_conn *conn = estimator(s);

    sample(conn, 500, false);
    sample(conn, 700, false);
    sample(conn, 125, false);
    ck_assert_uint_eq(conn->srtt_us >> 3, 475000);
    ck_assert_uint_eq(conn->mdev_us, 950000 + (400000 - 237500) / 8);
    script_free(s);
}
END_TEST

/* With a constant RTT the variation decays by a quarter each window down to the floor of 200 ms. */
START_TEST(floor_of_variation)
{
    struct script *s = script_new();
    struct tcp_conn *conn = estimator(s);

    sample(conn, 100, false);
    uint32_t rttvar = 200000; /* max(2 * 100, 200) */
    ck_assert_uint_eq(conn->rttvar_us, rttvar);
    sample(conn, 400, false); /* mdev = 200 + (300 - 50) = 450 */
    ck_assert_uint_eq(conn->rttvar_us, 450000);
    for (int i = 0; i < 60; i++)
        sample(conn, 137, true);
    ck_assert_uint_eq(conn->srtt_us >> 3, 137000);
    ck_assert_uint_le(conn->rttvar_us, 200003);
    ck_assert_uint_ge(conn->rttvar_us, 200000);
    script_free(s);
}
END_TEST

/* The RTO is at most 120 s (tcp_rto_max_ms). */
START_TEST(ceiling)
{
    struct script *s = script_new();
    struct tcp_conn *conn = estimator(s);

    sample(conn, 100000, false);
    ck_assert_uint_eq(conn->rto_us, 120000000);
    script_free(s);
}
END_TEST

/* The windowed minimum against a plain search, with the filter's promise: never below the true
 * minimum of the window, and equal to it when samples are frequent. */
START_TEST(minimum_filter)
{
    struct minmax m;
    uint32_t x = 12345;

    minmax_reset(&m, 0, 5000);
    for (uint32_t t = 1; t < 20000; t++) {
        x = x * 1664525u + 1013904223u;
        uint32_t value = 1000 + x % 4000 + (t > 10000 ? 2000 : 0);
        minmax_running_min(&m, 1000, t, value);
        if (t > 11500)
            ck_assert_uint_ge(m.value[0], 3000); /* the low samples have left the window */
        else if (t > 3000 && t < 10000)
            ck_assert_uint_lt(m.value[0], 1100);
        ck_assert_uint_le(m.value[0], m.value[1]);
        ck_assert_uint_le(m.value[1], m.value[2]);
    }
}
END_TEST

/* Karn: no sample from a retransmitted segment without timestamps ... */
START_TEST(karn)
{
    struct tcphdr_options offer = script_offer(false, 7);
    struct script *s = script_new();

    script_connect(s, NULL, &offer, 100 * SIM_MS);
    script_write(s, 100);
    script_run(s, 350 * SIM_MS); /* retransmitted at 300 ms */
    script_skip(s);
    script_ack(s, 1, 101);
    ck_assert_int_eq(script_info(s).srtt, 100 * SIM_MS);
    ck_assert_int_eq(script_info(s).last_rtt, -1);
    script_free(s);
}
END_TEST

/* ... with them there is one (RFC 7323 4.1): the echo says which copy. */
START_TEST(timestamp_sample)
{
    struct tcphdr_options offer = script_offer(false, 7);
    struct script *s = script_new();

    s->peer_tsval = 1000;
    script_accept(s, NULL, &offer, 100 * SIM_MS);
    script_write(s, 100);
    script_run(s, 350 * SIM_MS);
    script_skip(s);
    /* The retransmission of 400 ms, 50 ms ago. */
    script_inject(s, &(struct peer_seg){ .flags = TH_ACK, .seq = 1, .ack = 101, .tsecr = 400 });
    ck_assert_int_eq(script_info(s).last_rtt, 50 * SIM_MS);
    ck_assert_int_eq(script_info(s).srtt, 93750 * SIM_US); /* 100 + (50 - 100) / 8 */
    script_free(s);
}
END_TEST

/* Delivery rate: ten segments of 1000 bytes acknowledged after 100 ms: 100 kB/s; the first flight
 * after idling is limited by the application, the next of twenty is not. */
START_TEST(delivery_rate)
{
    struct tcphdr_options offer = script_offer(true, 7);
    struct script *s = script_new();

    s->window = 1000;
    script_accept(s, NULL, &offer, 100 * SIM_MS);
    tcp_send_bulk(s->owner.conn, TCP_ENDLESS);
    script_run(s, 100 * SIM_MS);
    script_ack(s, 1, 10001);
    ck_assert_uint_eq(script_info(s).delivery_rate, 100000);
    ck_assert(script_info(s).delivery_app_limited);
    script_run(s, 100 * SIM_MS);
    script_ack(s, 1, 30001);
    ck_assert_uint_eq(script_info(s).delivery_rate, 200000);
    ck_assert(!script_info(s).delivery_app_limited);
    script_free(s);
}
END_TEST

SUITE("protocols/tcp_rtt", first_sample, second_sample, falling_rtt, floor_of_variation, ceiling,
      minimum_filter, karn, timestamp_sample, delivery_rate)
