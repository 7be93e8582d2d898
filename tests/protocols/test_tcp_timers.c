/* The timers' schedules: SYN, SYN-ACK, RTO, window probes, keepalive, user time-out. */
#include "tests/support/suite.h"
#include "tests/support/tcp_script.h"

/* Asserts that the segments sent from now on left at these times, in ms after `start`. */
static void expect_times(struct script *s, sim_time start, const int64_t *ms, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct seen *seen = script_take(s);
        ck_assert_msg(seen->at - start == ms[i] * SIM_MS, "segment %zu left at %.3f s, not %.3f s",
                      i, simtime_seconds(seen->at - start), (double)ms[i] / 1000);
    }
    script_expect_nothing(s);
}

static void lonely_connect(struct script *s, const struct tcp_config *config)
{
    s->owner.conn = tcp_conn_new(s->stack, config, &owner_ops, &s->owner);
    ck_assert_int_eq(tcp_connect(s->owner.conn, NULL, 0, &s->pair->end[1].addr, PEER_PORT), 0);
}

/* ---- SYN ------------------------------------------------------------------------------------ */

/* Linux 6.18, tcp_syn_linear_timeouts = 4, tcp_syn_retries = 6. */
START_TEST(syn_linear)
{
    static const int64_t ms[] = {
        0, 1000, 2000, 3000, 4000, 5000, 7000, 11000, 19000, 35000, 67000
    };
    struct script *s = script_new();

    lonely_connect(s, NULL);
    script_run(s, 130999 * SIM_MS);
    ck_assert_int_eq(s->owner.closed, 0);
    script_run(s, 2 * SIM_MS);
    expect_times(s, 0, ms, G_N_ELEMENTS(ms));
    ck_assert_int_eq(s->owner.closed, 1);
    ck_assert_int_eq(s->owner.error, ETIMEDOUT);
    ck_assert_uint_eq(tcp_counters(s->stack)->AttemptFails, 1);
    ck_assert_uint_eq(tcp_counters(s->stack)->TCPSynRetrans, 10);
    script_free(s);
}
END_TEST

/* The classic schedule (RFC 6298 5.5: doubled each time). */
START_TEST(syn_exponential)
{
    static const int64_t ms[] = { 0, 1000, 3000, 7000, 15000, 31000, 63000 };
    struct script *s = script_new();

    pair_sysctl(s->pair, 0, "net.ipv4.tcp_syn_linear_timeouts", "0");
    lonely_connect(s, NULL);
    script_run(s, 126999 * SIM_MS);
    ck_assert_int_eq(s->owner.closed, 0);
    script_run(s, 2 * SIM_MS);
    expect_times(s, 0, ms, G_N_ELEMENTS(ms));
    ck_assert_int_eq(s->owner.error, ETIMEDOUT);
    script_free(s);
}
END_TEST

/* TCP_SYNCNT. */
START_TEST(syn_count)
{
    static const int64_t ms[] = { 0, 1000, 3000 };
    struct script *s = script_new();

    pair_sysctl(s->pair, 0, "net.ipv4.tcp_syn_linear_timeouts", "0");
    lonely_connect(s, &(struct tcp_config){ .syncnt = 2 });
    script_run(s, 7 * SIM_S);
    expect_times(s, 0, ms, G_N_ELEMENTS(ms));
    ck_assert_int_eq(s->owner.closed, 1);
    script_free(s);
}
END_TEST

/* tcp_synack_retries = 5: the request lives for 63 s. */
START_TEST(syn_ack)
{
    static const int64_t ms[] = { 0, 1000, 3000, 7000, 15000, 31000 };
    struct tcphdr_options offer = script_offer(true, 7);
    struct script *s = script_new();

    script_listen(s, NULL);
    script_inject(s, &(struct peer_seg){ .flags = TH_SYN, .o = offer });
    script_run(s, 62 * SIM_S);
    ck_assert_uint_eq(s->stack->table->count, 1);
    script_run(s, 2 * SIM_S);
    ck_assert_uint_eq(s->stack->table->count, 0);
    expect_times(s, 0, ms, G_N_ELEMENTS(ms));
    script_free(s);
}
END_TEST

/* ---- RTO ------------------------------------------------------------------------------------ */

/* Without answers the time-out doubles (RFC 6298 5.5) up to 120 s.  After the handshake with an RTT
 * of 100 ms: srtt = 100, rttvar = max(200, 2 * 100) = 200 -> RTO = 300 ms (Linux's estimator); a
 * tail loss probe goes first, after min(2 srtt + the RTO's floor, RTO) = 300 ms, and the RTO starts
 * again from it.  tcp_retries2 = 15: dead at the first time-out past 924.6 s. */
START_TEST(rto_backoff)
{
    struct tcphdr_options offer = script_offer(false, 7);
    struct script *s = script_new();
    int64_t wait = 300, at = 300;

    script_connect(s, NULL, &offer, 100 * SIM_MS);
    sim_time start = script_now(s);
    script_write(s, 500);
    script_expect(s, TH_ACK | TH_PSH, 1, 500, 1);
    script_run(s, 2000 * SIM_S);
    while (s->next < s->pair->log->len) {
        const struct seen *seen = script_expect(s, TH_ACK | TH_PSH, 1, 500, 1);
        ck_assert_int_eq(seen->at - start, at * SIM_MS);
        wait = wait * 2 < 120000 ? wait * 2 : 120000;
        at += wait;
    }
    /* at is when it gave up; the age of the first retransmission decides. */
    ck_assert_int_gt(at - 300, 924600);
    ck_assert_int_le(at - 300 - wait, 924600);
    ck_assert_int_eq(s->owner.closed, 1);
    ck_assert_int_eq(s->owner.error, ETIMEDOUT);
    ck_assert_uint_eq(tcp_counters(s->stack)->TCPAbortOnTimeout, 1);
    script_free(s);
}
END_TEST

/* The RTO is never below 200 ms more than the RTT (tcp_rto_min_us, RFC 6298 2.4 deviates). */
START_TEST(rto_floor)
{
    struct tcphdr_options offer = script_offer(false, 7);
    struct script *s = script_new();

    script_connect(s, NULL, &offer, SIM_MS);
    struct tcp_info info = script_info(s);
    ck_assert_int_eq(info.rto, 201 * SIM_MS);
    ck_assert_int_eq(info.srtt, SIM_MS);
    script_free(s);
}
END_TEST

/* RFC 6298 5.7: after a retransmitted SYN without timestamps there is no sample: 3 s. */
START_TEST(rto_after_lost_syn)
{
    struct tcphdr_options offer = script_offer(true, 7);
    struct script *s = script_new();

    lonely_connect(s, NULL);
    script_note_syn(s, script_take(s));
    script_run(s, 1100 * SIM_MS);
    script_skip(s);
    script_inject(s, &(struct peer_seg){ .flags = TH_SYN | TH_ACK, .ack = 1, .o = offer });
    ck_assert_int_eq(script_info(s).rto, 3 * SIM_S);
    ck_assert_uint_eq(script_info(s).cwnd, 10); /* one lost SYN is forgiven */
    script_free(s);
}
END_TEST

/* RFC 5681 3.1: more than one SYN lost: begin with one segment. */
START_TEST(cwnd_after_lost_syns)
{
    struct tcphdr_options offer = script_offer(true, 7);
    struct script *s = script_new();

    lonely_connect(s, NULL);
    script_note_syn(s, script_take(s));
    script_run(s, 2100 * SIM_MS);
    script_skip(s);
    script_inject(s, &(struct peer_seg){ .flags = TH_SYN | TH_ACK, .ack = 1, .o = offer });
    ck_assert_uint_eq(script_info(s).cwnd, 1);
    script_free(s);
}
END_TEST

/* An ACK resets the back-off (RFC 6298 5.7 is Linux's: when a new sample comes). */
START_TEST(rto_recovers)
{
    struct tcphdr_options offer = script_offer(false, 7);
    struct script *s = script_new();

    script_connect(s, NULL, &offer, 100 * SIM_MS);
    script_write(s, 500);
    script_run(s, 1000 * SIM_MS); /* 300, 900 */
    script_skip(s);
    ck_assert_int_eq(script_info(s).rto, 1200 * SIM_MS);
    script_ack(s, 1, 501);
    ck_assert_int_eq(script_info(s).retransmits, 0);
    script_write(s, 500);
    script_run(s, 50 * SIM_MS);
    script_ack(s, 1, 1001);
    /* srtt = 100 + (50 - 100) / 8 = 93.75 ms; the variation falls slowly from 200 ms. */
    ck_assert_int_eq(script_info(s).srtt, 93750 * SIM_US);
    ck_assert_int_lt(script_info(s).rto, 300 * SIM_MS);
    script_free(s);
}
END_TEST

/* TCP_USER_TIMEOUT. */
START_TEST(user_timeout)
{
    struct tcphdr_options offer = script_offer(false, 7);
    struct script *s = script_new();

    script_connect(s, &(struct tcp_config){ .user_timeout_ms = 5000 }, &offer, 100 * SIM_MS);
    script_write(s, 500);
    script_run(s, 5200 * SIM_MS);
    ck_assert_int_eq(s->owner.closed, 0);
    script_run(s, 400 * SIM_MS); /* the first retransmission was at 300 ms */
    ck_assert_int_eq(s->owner.closed, 1);
    ck_assert_int_eq(s->owner.error, ETIMEDOUT);
    script_free(s);
}
END_TEST

/* A connection of which only the RTO will send anything again. */
static struct script *without_loss_probes(const struct tcp_config *config, sim_time rtt)
{
    struct tcphdr_options offer = script_offer(false, 7);
    struct script *s = script_new();

    pair_sysctl(s->pair, 0, "net.ipv4.tcp_early_retrans", "0");
    script_connect(s, config, &offer, rtt);
    return s;
}

/* One segment that nobody answers goes `n` times within the span, so many ms after the first. */
static void expect_unanswered(struct script *s, sim_time span, const int64_t *ms, unsigned n)
{
    sim_time start = script_now(s);

    script_write(s, 500);
    script_run(s, span);
    expect_times(s, start, ms, n);
    script_free(s);
}

/* TCP_RTO_MIN_US: 50 ms in the place of 200, as Linux 6.18 shows (RTO 56 ms at a round trip of
 * nothing).  The variation of the first sample is less than that only later. */
START_TEST(rto_min_of_the_socket)
{
    struct script *s = without_loss_probes(&(struct tcp_config){ .rto_min_ms = 50 }, 10 * SIM_MS);

    ck_assert_int_eq(script_info(s).rto, 60 * SIM_MS); /* srtt + max(2 * 10 / 2, 50) */
    expect_unanswered(s, 200 * SIM_MS, (const int64_t[]){ 0, 60, 180 }, 3);
}
END_TEST

/* TCP_RTO_MAX_MS: doubled no further. */
START_TEST(rto_max_of_the_socket)
{
    static const int64_t ms[] = { 0, 300, 900, 1900, 2900, 3900 };

    expect_unanswered(without_loss_probes(&(struct tcp_config){ .rto_max_ms = 1000 }, 100 * SIM_MS),
                      4000 * SIM_MS, ms, G_N_ELEMENTS(ms));
}
END_TEST

/* TCP_THIN_LINEAR_TIMEOUTS (Documentation/networking/tcp-thin.rst): six time-outs of a thin stream,
 * one that has left slow start once, are as long as the first. */
START_TEST(thin_stream)
{
    static const int64_t ms[] = { 0, 300, 600, 900, 1200, 1500, 1800, 2100, 2700 };

    expect_unanswered(without_loss_probes(&(struct tcp_config){ .thin_lto = true }, 100 * SIM_MS),
                      3000 * SIM_MS, ms, G_N_ELEMENTS(ms));
}
END_TEST

/* ---- The host's own queue ------------------------------------------------------------------- */

static struct fate refuse(struct pair *pair, const struct seen *s)
{
    return (struct fate){ .full = s->from == 0 };
}

/* Linux 6.18 with `pfifo limit 0` at the device: what does not leave is tried again after the RTO
 * and then every half second (TCP_RESOURCE_PROBE_INTERVAL), without backing off, and counts as not
 * sent; TCP_USER_TIMEOUT ends it. */
START_TEST(queue_without_room)
{
    static const int64_t ms[] = { 0, 300, 800, 1300, 1800, 2300, 2800 };
    struct tcphdr_options offer = script_offer(false, 7);
    struct tcp_info info;
    struct script *s = script_new();

    script_connect(s, &(struct tcp_config){ .user_timeout_ms = 3000 }, &offer, 100 * SIM_MS);
    sim_time start = s->pair->sim->now;
    s->pair->filter = refuse;
    script_write(s, 24);
    script_run(s, 3299 * SIM_MS);
    tcp_info_get(s->owner.conn, &info);
    ck_assert_uint_eq(info.probes, 6);
    ck_assert_uint_eq(info.backoff, 0);
    ck_assert_uint_eq(info.unacked, 0);
    ck_assert_int_eq(s->owner.closed, 0);
    script_run(s, 2 * SIM_MS);
    expect_times(s, start, ms, G_N_ELEMENTS(ms));
    ck_assert_int_eq(s->owner.error, ETIMEDOUT);
    script_free(s);
}
END_TEST

/* A retransmission that does not leave is tried again in half a second, at the same RTO; once there
 * is room everything goes on. */
START_TEST(queue_without_room_for_retransmissions)
{
    static const int64_t ms[] = { 0, 300, 800, 1300 };
    struct tcphdr_options offer = script_offer(false, 7);
    struct script *s = script_new();

    script_connect(s, NULL, &offer, 100 * SIM_MS);
    sim_time start = s->pair->sim->now;
    pair_sysctl(s->pair, 0, "net.ipv4.tcp_early_retrans", "0");
    script_write(s, 500);
    s->pair->filter = refuse;
    script_run(s, 1000 * SIM_MS);
    s->pair->filter = NULL;
    script_run(s, 400 * SIM_MS);
    expect_times(s, start, ms, G_N_ELEMENTS(ms));
    script_ack(s, 501, 1);
    ck_assert_int_eq(s->owner.closed, 0);
    script_free(s);
}
END_TEST

/* ---- Zero window ---------------------------------------------------------------------------- */

/* RFC 9293 3.8.6.1: probes at the RTO, backed off; each is answered, so it lives on. */
START_TEST(window_probes)
{
    struct tcphdr_options offer = script_offer(false, 0);
    struct script *s = script_new();

    script_connect(s, NULL, &offer, 100 * SIM_MS);
    script_write(s, 500);
    script_expect(s, TH_ACK | TH_PSH, 1, 500, 1);
    s->window = 0;
    script_ack(s, 1, 501);
    sim_time at = script_now(s), wait = script_info(s).rto;
    script_write(s, 500);
    for (int i = 0; i < 12; i++) {
        at += wait;
        pair_run(s->pair, at);
        const struct seen *probe = script_expect(s, TH_ACK, 500, 0, 1);
        ck_assert_int_eq(probe->at, at);
        script_ack(s, 1, 501);
        wait = wait * 2 < 120 * SIM_S ? wait * 2 : 120 * SIM_S;
    }
    ck_assert_int_eq(s->owner.closed, 0);
    /* The update comes at last. */
    s->window = 1000;
    script_ack(s, 1, 501);
    script_expect(s, TH_ACK | TH_PSH, 501, 500, 1);
    script_free(s);
}
END_TEST

/* A lost window update is found by the probe. */
START_TEST(lost_update)
{
    struct tcphdr_options offer = script_offer(false, 0);
    struct script *s = script_new();

    script_connect(s, NULL, &offer, 100 * SIM_MS);
    s->window = 0;
    script_write(s, 500);
    script_expect(s, TH_ACK | TH_PSH, 1, 500, 1);
    script_ack(s, 1, 501);
    script_write(s, 300);
    script_expect_nothing(s);
    script_run(s, 400 * SIM_MS);
    script_expect(s, TH_ACK, 500, 0, 1);
    s->window = 65535; /* the answer to the probe tells */
    script_ack(s, 1, 501);
    script_expect(s, TH_ACK | TH_PSH, 501, 300, 1);
    script_free(s);
}
END_TEST

/* ---- Keepalive ------------------------------------------------------------------------------ */

/* RFC 1122 4.2.3.6; tcp_keepalive_time 7200, intvl 75, probes 9. */
START_TEST(keepalive_dead_peer)
{
    struct tcphdr_options offer = script_offer(true, 7);
    struct script *s = script_new();

    script_connect(s, &(struct tcp_config){ .keepalive = true }, &offer, 100 * SIM_MS);
    sim_time start = script_now(s);
    script_run(s, 7200 * SIM_S + 9 * 75 * SIM_S + SIM_S);
    for (int i = 0; i < 9; i++) {
        const struct seen *probe = script_expect(s, TH_ACK, 0, 0, 1);
        ck_assert_int_eq(probe->at - start, (7200 + 75 * i) * SIM_S);
    }
    const struct seen *reset = script_expect(s, TH_RST | TH_ACK, 1, 0, 1);
    ck_assert_int_eq(reset->at - start, (7200 + 75 * 9) * SIM_S);
    script_expect_nothing(s);
    ck_assert_int_eq(s->owner.error, ETIMEDOUT);
    script_free(s);
}
END_TEST

START_TEST(keepalive_live_peer)
{
    struct tcphdr_options offer = script_offer(true, 7);
    struct tcp_config config = { .keepalive = true, .keepidle = 10, .keepintvl = 5, .keepcnt = 3 };
    struct script *s = script_new();

    script_connect(s, &config, &offer, 100 * SIM_MS);
    for (int i = 0; i < 20; i++) {
        script_run(s, 10 * SIM_S);
        script_expect(s, TH_ACK, 0, 0, 1);
        script_ack(s, 1, 1);
    }
    ck_assert_int_eq(s->owner.closed, 0);
    script_free(s);
}
END_TEST

/* Linux 6.18, observed (tcpi_total_rto, ..._recoveries, ..._time): two time-outs of one recovery,
 * and the time from the first of them, at 300 ms, until the ACK. */
START_TEST(time_outs_are_told)
{
    struct tcphdr_options offer = script_offer(true, 7);
    struct script *s = script_new();

    pair_sysctl(s->pair, 0, "net.ipv4.tcp_early_retrans", "0");
    script_connect(s, NULL, &offer, 100 * SIM_MS);
    script_write(s, 500);
    script_run(s, 1000 * SIM_MS);
    script_ack(s, 1, 1); /* acknowledges nothing: it goes on */
    ck_assert_uint_eq(script_info(s).timeouts_total, 2);
    ck_assert_uint_eq(script_info(s).timeout_recoveries, 1);
    ck_assert_int_eq(script_info(s).timeout_time, 700 * SIM_MS);
    script_run(s, 100 * SIM_MS);
    script_ack(s, 1, 501);
    script_run(s, SIM_S);
    ck_assert_int_eq(script_info(s).timeout_time, 800 * SIM_MS);
    script_write(s, 500);
    script_run(s, 100 * SIM_MS);
    script_ack(s, 1, 1001);
    ck_assert_uint_eq(script_info(s).timeouts_total, 2);
    ck_assert_uint_eq(script_info(s).timeout_recoveries, 1);
    ck_assert_int_eq(script_info(s).timeout_time, 800 * SIM_MS);
    script_free(s);
}
END_TEST

/* Linux 6.18, observed: those of the SYN-ACK are the connection's, from its first sending on. */
START_TEST(syn_ack_time_outs_are_told)
{
    struct tcphdr_options offer = script_offer(true, 7);
    struct script *s = script_new();

    script_listen(s, NULL);
    script_inject(s, &(struct peer_seg){ .flags = TH_SYN, .o = offer });
    s->iss = script_take(s)->h.seq;
    script_run(s, 3100 * SIM_MS);
    script_ack(s, 1, 1);
    ck_assert_uint_eq(script_info(s).timeouts_total, 2);
    ck_assert_uint_eq(script_info(s).timeout_recoveries, 1);
    ck_assert_int_eq(script_info(s).timeout_time, 3100 * SIM_MS);
    ck_assert_uint_eq(script_info(s).retransmits_total, 2);
    ck_assert_uint_eq(script_info(s).segs_in, 2);
    script_free(s);
}
END_TEST

SUITE("protocols/tcp_timers", syn_linear, syn_exponential, syn_count, syn_ack, rto_backoff,
      rto_floor, rto_after_lost_syn, cwnd_after_lost_syns, rto_recovers, user_timeout,
      rto_min_of_the_socket, rto_max_of_the_socket, thin_stream, queue_without_room,
      queue_without_room_for_retransmissions, window_probes, lost_update, keepalive_dead_peer,
      keepalive_live_peer, time_outs_are_told, syn_ack_time_outs_are_told)
