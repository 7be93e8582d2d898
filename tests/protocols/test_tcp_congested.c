/* The host's own queue is full.  Expected: Linux 6.18, its TCP_INFO and counters, with `pfifo limit
 * 0` at the device (NET_XMIT_DROP) and with a device that has lost its carrier (NET_XMIT_CN). */
#include "tests/support/suite.h"
#include "tests/support/tcp_script.h"

static struct fate refuse(struct pair *pair, const struct seen *s)
{
    return (struct fate){ .full = s->from == 0 };
}

static struct fate notify(struct pair *pair, const struct seen *s)
{
    return (struct fate){ .drop = true, .congested = s->from == 0 };
}

/* Asserts that the segments tried from now on were tried at these times, in ms after `start`. */
static void expect_times(struct script *s, sim_time start, const int64_t *ms, size_t n)
{
    for (size_t i = 0; i < n; i++)
        ck_assert_int_eq(script_take(s)->at - start, ms[i] * SIM_MS);
    script_expect_nothing(s);
}

static void expect_state(struct script *s, enum cc_state state, uint32_t cwnd, uint32_t ssthresh)
{
    struct tcp_info info = script_info(s);

    ck_assert_int_eq(info.ca_state, state);
    ck_assert_uint_eq(info.cwnd, cwnd);
    ck_assert_uint_eq(info.ssthresh, ssthresh);
}

static const struct tcp_config *with_reno(struct script *s)
{
    ck_assert(tcp_sysctl_set(s->stack, "net.ipv4.tcp_congestion_control", "reno", NULL));
    return NULL;
}

static struct script *connected(void)
{
    struct tcphdr_options offer = script_offer(true, 7);
    struct script *s = script_new();

    script_connect(s, with_reno(s), &offer, 100 * SIM_MS);
    return s;
}

/* tcp_write_xmit: what did not leave has not been sent.  It counts in bytes_sent and OutSegs all
 * the same, not in TCPOrigDataSent, and is tried again by the timer of probes, after the RTO and
 * then each half second.  The window is reduced (tcp_enter_cwr), once, and nothing is
 * retransmitted. */
START_TEST(data)
{
    static const int64_t ms[] = { 0, 300, 800, 1300 };
    struct script *s = connected();
    sim_time start = script_now(s);

    s->pair->filter = refuse;
    script_write(s, 1000);
    expect_state(s, CC_CWR, 10, 5);
    script_run(s, 1100 * SIM_MS);
    ck_assert_uint_eq(script_info(s).unacked, 0);
    ck_assert_uint_eq(script_info(s).notsent_bytes, 1000);
    ck_assert_uint_eq(script_info(s).probes, 2);
    s->pair->filter = NULL;
    script_run(s, 210 * SIM_MS);
    expect_times(s, start, ms, G_N_ELEMENTS(ms));
    ck_assert_uint_eq(script_info(s).unacked, 1);
    ck_assert_uint_eq(script_info(s).probes, 0);
    expect_state(s, CC_CWR, 10, 5);
    script_ack(s, 1, 1001);
    expect_state(s, CC_OPEN, 5, 5);
    ck_assert_uint_eq(tcp_counters(s->stack)->RetransSegs, 0);
    ck_assert_uint_eq(tcp_counters(s->stack)->TCPOrigDataSent, 1);
    ck_assert_uint_eq(tcp_counters(s->stack)->OutSegs, 2 + 4);
    script_free(s);
}
END_TEST

/* The round trips that Vegas has counted in this round: tcpv_rttcnt of TCP_CC_INFO. */
static uint32_t vegas_samples(const struct script *s)
{
    const struct cc *cc = tcp_conn_cc(s->owner.conn);
    union cc_info info;

    ck_assert_uint_gt(cc->ops->info(cc, &info), 0);
    return info.vegas.rttcnt;
}

/* An ACK's round trip is told before the ACK changes the state (pkts_acked in tcp_clean_rtx_queue):
 * Vegas, which counts anew from Open on, has none by then.  Seen on 7.2 at the end of each
 * recovery. */
START_TEST(ack_that_reopens)
{
    struct script *s = script_new();
    struct tcphdr_options offer = script_offer(true, 7);

    ck_assert(tcp_sysctl_set(s->stack, "net.ipv4.tcp_congestion_control", "vegas", NULL));
    script_connect(s, NULL, &offer, 100 * SIM_MS);
    script_write(s, 3000);
    script_ack(s, 1, 1001); /* ends the round that began before it was sent */
    script_ack(s, 1, 2001);
    ck_assert_uint_eq(vegas_samples(s), 1);
    script_ack(s, 1, 3001);
    s->pair->filter = refuse;
    script_write(s, 1000);
    s->pair->filter = NULL;
    script_run(s, 310 * SIM_MS); /* the timer of probes sends it */
    ck_assert_int_eq(script_info(s).ca_state, CC_CWR);
    script_ack(s, 1, 4001);
    ck_assert_int_eq(script_info(s).ca_state, CC_OPEN);
    ck_assert_uint_eq(vegas_samples(s), 0);
    script_free(s);
}
END_TEST

/* The first of several leaves. */
static struct fate refuse_rest(struct pair *pair, const struct seen *s)
{
    return (struct fate){ .full = s->from == 0 && !g_steal_pointer(&pair->data) };
}

/* With something in flight no timer is needed: the ACK asks again. */
START_TEST(rest_of_a_flight)
{
    struct script *s = connected();

    s->pair->data = s;
    s->pair->filter = refuse_rest;
    script_write(s, 3000);
    ck_assert_uint_eq(script_info(s).unacked, 1);
    ck_assert_uint_eq(script_info(s).notsent_bytes, 2000);
    script_expect(s, TH_ACK, 1, 1000, 1);
    while (s->next < s->pair->log->len) /* the writer asks again, but not for the third */
        ck_assert_uint_eq(script_take(s)->h.seq - s->iss, 1001);
    s->pair->filter = NULL;
    script_run(s, 100 * SIM_MS);
    script_ack(s, 1, 1001);
    ck_assert_uint_eq(script_expect(s, TH_ACK, 1001, 1000, 1)->transmission, 1);
    script_expect(s, TH_ACK | TH_PSH, 2001, 1000, 1);
    ck_assert_uint_eq(tcp_counters(s->stack)->RetransSegs, 0);
    script_free(s);
}
END_TEST

/* A pure ACK that is dropped tells as much of the host's queue as data does. */
START_TEST(pure_ack)
{
    struct script *s = connected();

    s->pair->filter = refuse;
    script_data(s, 1, 1000, 1);
    expect_state(s, CC_CWR, 10, 5);
    s->pair->filter = NULL;
    script_write(s, 500);
    script_run(s, 100 * SIM_MS);
    script_ack(s, 1001, 501);
    expect_state(s, CC_OPEN, 5, 5);
    script_free(s);
}
END_TEST

/* tcp_connect goes on as if it had left; the RTO tries again after a second, and what it sends is
 * tried each half second.  Handshake and retransmissions over, ssthresh is infinite again. */
START_TEST(syn)
{
    static const int64_t ms[] = { 0, 1000, 1500, 2000, 2500, 3000 };
    struct tcphdr_options offer = script_offer(true, 7);
    struct script *s = script_new();

    with_reno(s);
    s->pair->filter = refuse;
    s->owner.conn = tcp_conn_new(s->stack, NULL, &owner_ops, &s->owner);
    ck_assert_int_eq(tcp_connect(s->owner.conn, NULL, 0, &s->pair->end[1].addr, PEER_PORT), 0);
    script_note_syn(s, seen_at(s->pair, 0));
    expect_state(s, CC_CWR, 10, 5);
    ck_assert_uint_eq(script_info(s).unacked, 1);
    script_run(s, 2700 * SIM_MS);
    expect_state(s, CC_LOSS, 1, 5);
    ck_assert_uint_eq(script_info(s).retransmits, 4);
    ck_assert_uint_eq(script_info(s).backoff, 0);
    s->pair->filter = NULL;
    script_run(s, 310 * SIM_MS);
    expect_times(s, 0, ms, G_N_ELEMENTS(ms));
    script_inject(s, &(struct peer_seg){ .flags = TH_SYN | TH_ACK, .ack = 1, .o = offer });
    expect_state(s, CC_OPEN, 1, CC_INFINITE);
    ck_assert_uint_eq(script_info(s).retransmits_total, 5);
    script_free(s);
}
END_TEST

/* A FIN waits like data: the state is FIN_WAIT1, and nothing is unacknowledged. */
START_TEST(fin)
{
    static const int64_t ms[] = { 0, 300, 800 };
    struct script *s = connected();
    sim_time start = script_now(s);

    s->pair->filter = refuse;
    tcp_shutdown(s->owner.conn);
    ck_assert_int_eq(tcp_conn_state(s->owner.conn), TCP_FIN_WAIT1);
    ck_assert_uint_eq(script_info(s).unacked, 0);
    script_run(s, 700 * SIM_MS);
    s->pair->filter = NULL;
    script_run(s, 110 * SIM_MS);
    expect_times(s, start, ms, G_N_ELEMENTS(ms));
    script_free(s);
}
END_TEST

/* Keepalive tries each half second, and does not count what has not left: the connection lives. */
START_TEST(keepalive)
{
    struct tcp_config config = { .keepalive = true, .keepidle = 1, .keepintvl = 1, .keepcnt = 3 };
    static const int64_t ms[] = { 1000, 1500, 2000, 2500, 3000, 3500, 4000, 4500, 5000 };
    struct tcphdr_options offer = script_offer(true, 7);
    struct script *s = script_new();

    with_reno(s);
    script_connect(s, &config, &offer, 100 * SIM_MS);
    sim_time start = script_now(s);
    s->pair->filter = refuse;
    script_run(s, 4600 * SIM_MS);
    ck_assert_uint_eq(script_info(s).probes, 0);
    ck_assert_uint_eq(tcp_counters(s->stack)->TCPKeepAlive, 8);
    s->pair->filter = NULL;
    script_run(s, 410 * SIM_MS);
    expect_times(s, start, ms, G_N_ELEMENTS(ms));
    ck_assert_uint_eq(script_info(s).probes, 1);
    ck_assert_int_eq(s->owner.closed, 0);
    script_free(s);
}
END_TEST

/* reqsk_timer_handler: a SYN-ACK that cannot be repeated is the end of the request; that the first
 * one did not leave is not noticed.  The peer's next SYN finds a listener. */
START_TEST(syn_ack)
{
    struct tcphdr_options offer = script_offer(true, 7);
    struct script *s = script_new();

    s->pair->filter = refuse;
    script_listen(s, NULL);
    script_inject(s, &(struct peer_seg){ .flags = TH_SYN, .o = offer });
    script_run(s, 900 * SIM_MS);
    ck_assert_uint_eq(tcp_listener_half_open(s->owner.listener), 1);
    script_run(s, 200 * SIM_MS);
    ck_assert_uint_eq(tcp_listener_half_open(s->owner.listener), 0);
    ck_assert_uint_eq(tcp_counters(s->stack)->TCPTimeouts, 1);
    ck_assert_uint_eq(tcp_counters(s->stack)->TCPSynRetrans, 0);
    ck_assert_uint_eq(tcp_counters(s->stack)->RetransSegs, 0);
    ck_assert_uint_eq(tcp_counters(s->stack)->OutSegs, 2);
    script_free(s);
}
END_TEST

/* NET_XMIT_CN: the segment counts as sent, and TCP slows down.  That this one was lost, it finds
 * out as ever. */
START_TEST(notification)
{
    struct script *s = connected();

    s->pair->filter = notify;
    script_write(s, 1000);
    expect_state(s, CC_CWR, 10, 5);
    ck_assert_uint_eq(script_info(s).unacked, 1);
    ck_assert_uint_eq(script_info(s).notsent_bytes, 0);
    s->pair->filter = NULL;
    script_run(s, 400 * SIM_MS); /* the loss probe */
    script_expect(s, TH_ACK | TH_PSH, 1, 1000, 1);
    script_expect(s, TH_ACK | TH_PSH, 1, 1000, 1);
    script_ack(s, 1, 1001);
    expect_state(s, CC_OPEN, 5, 5);
    ck_assert_uint_eq(tcp_counters(s->stack)->RetransSegs, 1);
    ck_assert_uint_eq(tcp_counters(s->stack)->TCPOrigDataSent, 1);
    script_free(s);
}
END_TEST

SUITE("protocols/tcp_congested", data, ack_that_reopens, rest_of_a_flight, pure_ack, syn, fin,
      keepalive, syn_ack, notification)
