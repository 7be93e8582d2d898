/* What a connection learns from those before it: Linux's tcp_metrics, RFC 9040.  Expected numbers
 * are those of Linux's rules, which a 6.18 host was seen to follow: a cached round-trip time longer
 * than the handshake's makes the first time-out rtt + max(2 rtt, 200 ms). */
#include "tests/support/suite.h"
#include "tests/support/tcp_pair.h"

struct visit {
    struct owner client, server;
    struct tcp_info first; /* when it was established */
};

static void meet(struct pair *pair, struct visit *v, sim_time rtt)
{
    *v = (struct visit){ .server.read = true };
    pair->delay[0] = pair->delay[1] = rtt / 2;
    pair_connect(pair, &v->client, &v->server, NULL, NULL);
    tcp_info_get(v->client.conn, &v->first);
}

/* Both close, the client first. */
static void part(struct pair *pair, struct visit *v)
{
    owners_free(&v->client, &v->server);
    pair_run_for(pair, 2 * SIM_S);
}

/* A connection that sends something; the time-out it begins with. */
static sim_time visit(struct pair *pair, sim_time rtt)
{
    struct visit v;

    meet(pair, &v, rtt);
    ck_assert_int_eq(tcp_send_bulk(v.client.conn, 500), 0);
    pair_run_for(pair, 2 * rtt);
    part(pair, &v);
    return v.first.rto;
}

/* The longest counts at once, and is forgotten by an eighth of the difference. */
START_TEST(first_timeout)
{
    struct pair *pair = pair_new(1, 0);

    ck_assert_int_eq(visit(pair, 20 * SIM_MS), 220 * SIM_MS);
    ck_assert_int_eq(visit(pair, 200 * SIM_MS), 600 * SIM_MS); /* its own: RFC 6298 2.2 */
    ck_assert_int_eq(visit(pair, 20 * SIM_MS), 600 * SIM_MS);
    /* 200 - 180 / 8 = 177.5 */
    ck_assert_int_eq(visit(pair, 20 * SIM_MS), 532500 * SIM_US);
    ck_assert_uint_eq(tcp_metrics_count(&pair->end[0].stack), 1);
    ck_assert_uint_eq(tcp_metrics_count(&pair->end[1].stack), 1); /* by LAST_ACK */
    pair_free(pair);
}
END_TEST

/* net.ipv4.tcp_no_metrics_save: nothing new is learnt, what is known counts. */
START_TEST(not_saved)
{
    struct pair *pair = pair_new(1, 0);

    pair_sysctl(pair, 0, "net.ipv4.tcp_no_metrics_save", "1");
    visit(pair, 200 * SIM_MS);
    ck_assert_uint_eq(tcp_metrics_count(&pair->end[0].stack), 0);
    ck_assert_int_eq(visit(pair, 20 * SIM_MS), 220 * SIM_MS);
    pair_sysctl(pair, 0, "net.ipv4.tcp_no_metrics_save", "0");
    visit(pair, 100 * SIM_MS);
    pair_sysctl(pair, 0, "net.ipv4.tcp_no_metrics_save", "1");
    ck_assert_int_eq(visit(pair, 20 * SIM_MS), 300 * SIM_MS);
    ck_assert_int_eq(visit(pair, 20 * SIM_MS), 300 * SIM_MS);
    pair_free(pair);
}
END_TEST

/* An hour later it is as if nothing had been. */
START_TEST(forgotten)
{
    struct pair *pair = pair_new(1, 0);

    visit(pair, 200 * SIM_MS);
    pair_run_for(pair, 3700 * SIM_S);
    ck_assert(!tcp_metrics_known(&pair->end[0].stack, &pair->end[0].addr, &pair->end[1].addr));
    ck_assert_int_eq(visit(pair, 20 * SIM_MS), 220 * SIM_MS);
    pair_free(pair);
}
END_TEST

/* What ends with a reset teaches nothing. */
START_TEST(not_after_a_reset)
{
    struct pair *pair = pair_new(1, 0);
    struct visit v;

    meet(pair, &v, 200 * SIM_MS);
    tcp_abort(v.client.conn);
    v.client.conn = NULL;
    pair_run_for(pair, SIM_S);
    part(pair, &v);
    ck_assert_uint_eq(tcp_metrics_count(&pair->end[0].stack), 0);
    pair_free(pair);
}
END_TEST

/* A visit that ends with this window and threshold, and this reordering. */
static void leave_with(struct pair *pair, uint32_t cwnd, uint32_t ssthresh, uint16_t reordering)
{
    struct visit v;

    meet(pair, &v, 20 * SIM_MS);
    v.client.conn->cc.cwnd = cwnd;
    v.client.conn->cc.ssthresh = ssthresh;
    v.client.conn->reordering = reordering;
    part(pair, &v);
}

static struct tcp_info arrive(struct pair *pair)
{
    struct visit v;

    meet(pair, &v, 20 * SIM_MS);
    v.client.conn->cc.ssthresh = CC_INFINITE; /* learns nothing itself */
    part(pair, &v);
    return v.first;
}

/* The threshold is kept only if asked for, at the congestion window's half or more. */
START_TEST(threshold)
{
    struct pair *pair = pair_new(1, 0);

    leave_with(pair, 60, 20, 3);
    ck_assert_uint_eq(arrive(pair).ssthresh, CC_INFINITE);
    pair_sysctl(pair, 0, "net.ipv4.tcp_no_ssthresh_metrics_save", "0");
    ck_assert_uint_eq(arrive(pair).ssthresh, CC_INFINITE); /* it was not saved then */
    leave_with(pair, 60, 20, 3);
    ck_assert_uint_eq(arrive(pair).ssthresh, 30);
    leave_with(pair, 50, 40, 3);
    ck_assert_uint_eq(arrive(pair).ssthresh, 40);
    leave_with(pair, 8, 70, 3); /* in slow start: it may only rise */
    ck_assert_uint_eq(arrive(pair).ssthresh, 70);
    leave_with(pair, 8, 10, 3);
    ck_assert_uint_eq(arrive(pair).ssthresh, 70);
    ck_assert_uint_eq(arrive(pair).cwnd, TCP_INIT_CWND);
    pair_free(pair);
}
END_TEST

/* Reordering seen by a connection that ends below its threshold. */
START_TEST(reordering)
{
    struct pair *pair = pair_new(1, 0);

    leave_with(pair, 8, 20, 3);
    ck_assert_uint_eq(arrive(pair).reordering, 3);
    leave_with(pair, 8, 20, 12);
    ck_assert_uint_eq(arrive(pair).reordering, 12);
    pair_free(pair);
}
END_TEST

/* The table is bounded, and the oldest goes. */
START_TEST(bounded)
{
    struct pair *pair = pair_new(1, 0);
    struct tcp_stack *stack = &pair->end[0].stack;
    struct visit v;

    meet(pair, &v, 20 * SIM_MS);
    struct tcp_key key = v.client.conn->entry.key;
    for (uint32_t i = 0; i < 10000; i++) {
        v.client.conn->entry.key.remote = ip_addr_of_v4(0x14000000 + i);
        tcp_metrics_save(v.client.conn);
    }
    v.client.conn->entry.key = key;
    ck_assert_uint_eq(tcp_metrics_count(stack), 8192);
    for (uint32_t i = 0; i < 10000; i++) {
        struct ip_addr remote = ip_addr_of_v4(0x14000000 + i);
        ck_assert(tcp_metrics_known(stack, &key.local, &remote) == (i >= 10000 - 8192));
    }
    part(pair, &v);
    pair_free(pair);
}
END_TEST

SUITE("protocols/tcp_metrics", first_timeout, not_saved, forgotten, not_after_a_reset, threshold,
      reordering, bounded)
