/* Loss recovery against a scripted peer: MSS 1000, window large, RTT 100 ms unless said otherwise.
 */
#include "tests/support/suite.h"
#include "tests/support/tcp_script.h"

#define RTT (100 * SIM_MS)

/* A sender with ten segments in flight, sent just now. */
static struct script *ten_sent(bool sack, const char *cc)
{
    struct tcphdr_options offer = script_offer(sack, 7);
    struct script *s = script_new();

    pair_sysctl(s->pair, 0, "net.ipv4.tcp_congestion_control", cc);
    s->window = 1000; /* << 7 */
    script_accept(s, NULL, &offer, RTT);
    script_write(s, 10000);
    for (uint32_t i = 0; i < 10; i++)
        script_expect(s, i == 9 ? TH_ACK | TH_PSH : TH_ACK, 1 + 1000 * i, 1000, 1);
    script_expect_nothing(s);
    return s;
}

static void sack1(struct script *s, uint32_t ack, uint32_t start, uint32_t end)
{
    script_sack(s, 1, ack, 1, (uint32_t[]){ start, end });
}

/* ---- Fast retransmit ------------------------------------------------------------------------ */

/* RFC 5681 3.2: the third duplicate ACK; limited transmit (RFC 3042) sends new data before. */
START_TEST(newreno_fast_retransmit)
{
    struct script *s = ten_sent(false, "reno");

    script_write(s, 10000);
    script_run(s, RTT);
    script_ack(s, 1, 1); /* 1 */
    script_expect(s, TH_ACK, 10001, 1000, 1);
    script_ack(s, 1, 1); /* 2 */
    script_expect(s, TH_ACK, 11001, 1000, 1);
    ck_assert_int_eq(script_info(s).ca_state, CC_DISORDER);
    script_ack(s, 1, 1); /* 3 */
    script_expect(s, TH_ACK, 1, 1000, 1);
    ck_assert_int_eq(script_info(s).ca_state, CC_RECOVERY);
    ck_assert_uint_eq(script_info(s).ssthresh, 5);
    script_free(s);
}
END_TEST

/* RFC 6582 3.2: a partial ACK retransmits the next hole at once; the recovery ends with the ACK of
 * everything that was out when it began, the window is ssthresh then. */
START_TEST(newreno_partial_ack)
{
    struct script *s = ten_sent(false, "reno");

    script_run(s, RTT);
    for (int i = 0; i < 3; i++)
        script_ack(s, 1, 1);
    script_expect(s, TH_ACK, 1, 1000, 1);
    for (int i = 0; i < 4; i++)
        script_ack(s, 1, 1);
    script_run(s, RTT);
    script_skip(s);
    script_ack(s, 1, 4001); /* segments 4 and on were lost, too */
    script_expect(s, TH_ACK, 4001, 1000, 1);
    ck_assert_int_eq(script_info(s).ca_state, CC_RECOVERY);
    script_run(s, RTT);
    script_ack(s, 1, 10001);
    /* Without SACK the state lasts until something above is acknowledged. */
    script_write(s, 1000);
    script_run(s, RTT);
    script_ack(s, 1, 11001);
    ck_assert_int_eq(script_info(s).ca_state, CC_OPEN);
    ck_assert_uint_eq(script_info(s).ssthresh, 5);
    ck_assert_uint_le(script_info(s).cwnd, 6);
    script_free(s);
}
END_TEST

/* With SACK, three segments above the hole (RFC 6675 5, DupThresh; RACK's window is 0 then). */
START_TEST(sack_fast_retransmit)
{
    struct script *s = ten_sent(true, "reno");

    script_run(s, RTT);
    sack1(s, 1, 1001, 2001);
    sack1(s, 1, 1001, 3001);
    script_expect_nothing(s);
    sack1(s, 1, 1001, 4001);
    script_expect(s, TH_ACK, 1, 1000, 1);
    ck_assert_int_eq(script_info(s).ca_state, CC_RECOVERY);
    ck_assert_uint_eq(script_info(s).sacked, 3);
    ck_assert_uint_eq(script_info(s).lost, 1);
    ck_assert_uint_eq(script_info(s).retrans, 1);
    script_free(s);
}
END_TEST

/* All holes below the SACKed are lost by time, not only the first (RFC 8985 6.2). */
START_TEST(two_holes)
{
    struct script *s = ten_sent(true, "reno");

    script_run(s, RTT);
    script_sack(s, 1, 1, 1, (uint32_t[]){ 1001, 2001 });
    script_sack(s, 1, 1, 2, (uint32_t[]){ 3001, 4001, 1001, 2001 });
    script_sack(s, 1, 1, 2, (uint32_t[]){ 3001, 6001, 1001, 2001 });
    script_expect(s, TH_ACK, 1, 1000, 1);
    ck_assert_uint_eq(script_info(s).lost, 2);
    ck_assert_uint_eq(script_info(s).sacked, 4);
    script_sack(s, 1, 1, 2, (uint32_t[]){ 3001, 8001, 1001, 2001 });
    script_expect(s, TH_ACK, 2001, 1000, 1);
    script_sack(s, 1, 1, 2, (uint32_t[]){ 3001, 10001, 1001, 2001 });
    script_expect_nothing(s);
    script_run(s, RTT);
    script_sack(s, 1, 2001, 1, (uint32_t[]){ 3001, 10001 });
    script_ack(s, 1, 10001);
    ck_assert_int_eq(script_info(s).ca_state, CC_OPEN);
    ck_assert_uint_eq(script_info(s).cwnd, 5);
    ck_assert_uint_eq(script_info(s).retransmits_total, 2);
    script_free(s);
}
END_TEST

/* A lost retransmission is found by RACK: something sent after it was delivered. */
START_TEST(lost_retransmission)
{
    struct script *s = ten_sent(true, "reno");

    script_run(s, RTT);
    sack1(s, 1, 1001, 4001);
    script_expect(s, TH_ACK, 1, 1000, 1);
    sack1(s, 1, 1001, 10001); /* the rest of the flight */
    script_write(s, 2000);
    script_skip(s);
    ck_assert_uint_gt(script_info(s).unacked, 10);
    script_run(s, RTT);
    sack1(s, 1, 1001, 11001); /* new data, sent after the retransmission */
    script_run(s, RTT);       /* its reordering window passes */
    const struct seen *again =
        seen_nth(s->pair, 0, TH_ACK, (int)seen_count(s->pair, 0, TH_ACK) - 1);
    while (again->h.seq - s->iss != 1)
        again--;
    ck_assert_uint_eq(again->transmission, 3);
    ck_assert_uint_eq(tcp_counters(s->stack)->TCPLostRetransmit, 1);
    script_free(s);
}
END_TEST

/* ---- PRR (RFC 6937, 9937) ------------------------------------------------------------------- */

/* CUBIC reduces to 0.7: of 20 packets 14 are sent in recovery, evenly, about 7 for 10 delivered. */
START_TEST(prr_proportional)
{
    struct tcphdr_options offer = script_offer(true, 7);
    struct script *s = script_new();
    uint32_t sent = 0;

    s->window = 1000;
    script_accept(s, NULL, &offer, RTT);
    s->owner.conn->cc.cwnd = 20;
    s->owner.conn->cc.ssthresh = 20;
    script_write(s, 20000);
    tcp_send_bulk(s->owner.conn, TCP_ENDLESS);
    script_skip(s);
    script_run(s, RTT);
    sack1(s, 1, 1001, 2001);
    sack1(s, 1, 1001, 3001);
    ck_assert_uint_eq(s->pair->log->len - s->next, 2); /* limited transmit */
    script_skip(s);
    sack1(s, 1, 1001, 4001);
    script_expect(s, TH_ACK, 1, 1000, 1);
    script_expect_nothing(s);
    ck_assert_uint_eq(script_info(s).ssthresh, 14);
    for (uint32_t end = 5001; end <= 20001; end += 1000) {
        sack1(s, 1, 1001, end);
        uint32_t now = s->pair->log->len - s->next;
        ck_assert_uint_le(now, 1);
        sent += now;
        script_skip(s);
    }
    /* 17 were delivered in recovery; 14/20 of them is 11.9, one of which was the retransmission. */
    ck_assert_uint_ge(sent, 10);
    ck_assert_uint_le(sent, 12);
    ck_assert_uint_le(script_info(s).inflight, 14);
    script_free(s);
}
END_TEST

/* Many losses: in flight falls below ssthresh, and is rebuilt by not more than was delivered. */
START_TEST(prr_bound)
{
    struct script *s = ten_sent(true, "reno");

    script_run(s, RTT);
    /* Seven of ten are lost. */
    sack1(s, 1, 7001, 10001);
    ck_assert_uint_eq(script_info(s).lost, 7);
    ck_assert_uint_eq(script_info(s).ssthresh, 5);
    /* In flight 0: one ACK that delivered three lets at most three go. */
    ck_assert_uint_le(s->pair->log->len - s->next, 3);
    ck_assert_uint_ge(s->pair->log->len - s->next, 1);
    script_free(s);
}
END_TEST

/* ---- Reordering ----------------------------------------------------------------------------- */

/* A hole that fills by itself is reordering: from then on RACK waits a quarter of the least RTT. */
START_TEST(reordering_is_learned)
{
    struct script *s = ten_sent(true, "reno");

    script_run(s, RTT);
    sack1(s, 1, 1001, 3001);
    script_ack(s, 1, 3001); /* the first one was only late */
    ck_assert_uint_eq(script_info(s).reord_seen, 1);
    ck_assert_uint_eq(tcp_counters(s->stack)->TCPSACKReorder, 1);
    ck_assert_int_eq(script_info(s).ca_state, CC_OPEN);
    sack1(s, 3001, 4001, 8001); /* four above the hole: no loss yet */
    ck_assert_int_eq(script_info(s).ca_state, CC_DISORDER);
    script_skip(s);
    script_run(s, 20 * SIM_MS);
    script_expect_nothing(s);
    script_run(s, 8 * SIM_MS); /* min_rtt / 4 = 25 ms, and 2 ms of slack */
    script_expect(s, TH_ACK, 3001, 1000, 1);
    ck_assert_int_eq(script_info(s).ca_state, CC_RECOVERY);
    script_free(s);
}
END_TEST

/* ---- D-SACK, undo --------------------------------------------------------------------------- */

/* RFC 3708: everything that was retransmitted is reported twice: the reduction is taken back. */
START_TEST(dsack_undo)
{
    struct script *s = ten_sent(true, "reno");

    script_run(s, RTT);
    sack1(s, 1, 1001, 4001);
    script_expect(s, TH_ACK, 1, 1000, 1);
    ck_assert_uint_eq(script_info(s).ssthresh, 5);
    script_ack(s, 1, 4001); /* the original was late */
    script_sack(s, 1, 4001, 1, (uint32_t[]){ 1, 1001 });
    ck_assert_uint_eq(script_info(s).undos, 1);
    ck_assert_uint_eq(tcp_counters(s->stack)->TCPDSACKUndo, 1);
    ck_assert_uint_eq(script_info(s).ssthresh, CC_INFINITE);
    ck_assert_uint_ge(script_info(s).cwnd, 10);
    script_free(s);
}
END_TEST

/* RFC 3522 (Eifel): the ACK echoes a timestamp of before the retransmission. */
START_TEST(eifel_undo)
{
    struct tcphdr_options offer = script_offer(true, 7);
    struct script *s = script_new();

    pair_sysctl(s->pair, 0, "net.ipv4.tcp_congestion_control", "reno");
    s->peer_tsval = 1000;
    s->window = 1000;
    script_listen(s, NULL);
    script_inject(s, &(struct peer_seg){ .flags = TH_SYN, .o = offer });
    const struct seen *syn_ack = script_take(s);
    s->iss = syn_ack->h.seq;
    s->tsval_first = syn_ack->o.tsval;
    script_run(s, RTT);
    script_inject(s, &(struct peer_seg){ .flags = TH_ACK, .seq = 1, .ack = 1 });
    script_write(s, 9880);
    script_run(s, RTT);
    struct peer_seg seg = { .flags = TH_ACK, .seq = 1, .ack = 1, .tsecr = 100 };
    seg.o.present = TCPHAS_SACK;
    seg.o.n_sacks = 1;
    seg.o.sacks[0] = (struct tcphdr_sack){ s->iss + 1 + 988, s->iss + 1 + 4 * 988 };
    script_skip(s);
    script_inject(s, &seg);
    script_expect(s, TH_ACK, 1, 988, 1);
    ck_assert_uint_eq(script_info(s).ssthresh, 5);
    script_run(s, SIM_MS);
    /* The original: it was sent at 100 ms. */
    script_inject(
        s, &(struct peer_seg){ .flags = TH_ACK, .seq = 1, .ack = 1 + 4 * 988, .tsecr = 100 });
    ck_assert_uint_eq(script_info(s).undos, 1);
    ck_assert_uint_eq(script_info(s).ssthresh, CC_INFINITE);
    ck_assert_uint_ge(script_info(s).cwnd, 10);
    script_free(s);
}
END_TEST

/* ---- Tail loss probe ------------------------------------------------------------------------ */

/* RFC 8985 7.2: after two RTTs (and 2 ms in Linux) the last segment goes again. */
START_TEST(tail_loss_probe)
{
    struct script *s = ten_sent(true, "reno");
    sim_time start = script_now(s);

    script_run(s, SIM_S / 4);
    const struct seen *probe = script_expect(s, TH_ACK | TH_PSH, 9001, 1000, 1);
    ck_assert_int_eq(probe->at - start, 2 * RTT + 2 * SIM_MS);
    ck_assert_int_eq(script_info(s).ca_state, CC_OPEN);
    ck_assert_uint_eq(tcp_counters(s->stack)->TCPLossProbes, 1);
    /* Its SACK reveals the loss of the others: fast recovery instead of a time-out. */
    pair_run(s->pair, probe->at + RTT);
    script_sack(s, 1, 7001, 1, (uint32_t[]){ 9001, 10001 });
    script_run(s, 50 * SIM_MS);
    ck_assert_int_eq(script_info(s).ca_state, CC_RECOVERY);
    ck_assert_uint_eq(tcp_counters(s->stack)->TCPTimeouts, 0);
    script_free(s);
}
END_TEST

/* RFC 8985 7.4: the probe repaired the loss: the window goes down once. */
START_TEST(probe_repaired)
{
    struct script *s = ten_sent(true, "reno");

    script_run(s, RTT);
    script_ack(s, 1, 9001);
    uint32_t cwnd = script_info(s).cwnd;
    script_run(s, 3 * RTT); /* a lone segment: the receiver may delay its ACK by 200 ms */
    script_expect(s, TH_ACK | TH_PSH, 9001, 1000, 1);
    script_run(s, RTT);
    script_write(s, 100);
    script_skip(s);
    script_ack(s, 1, 10101);
    ck_assert_uint_eq(tcp_counters(s->stack)->TCPLossProbeRecovery, 1);
    ck_assert_uint_eq(script_info(s).ssthresh, cwnd / 2);
    script_free(s);
}
END_TEST

/* Both copies arrived, says a D-SACK: nothing was lost. */
START_TEST(probe_was_needless)
{
    struct script *s = ten_sent(true, "reno");

    script_run(s, 203 * SIM_MS);
    script_expect(s, TH_ACK | TH_PSH, 9001, 1000, 1);
    script_ack(s, 1, 10001);
    script_sack(s, 1, 10001, 1, (uint32_t[]){ 9001, 10001 });
    ck_assert_uint_eq(tcp_counters(s->stack)->TCPLossProbeRecovery, 0);
    ck_assert_uint_eq(script_info(s).ssthresh, CC_INFINITE);
    script_free(s);
}
END_TEST

/* ---- Time-out ------------------------------------------------------------------------------- */

static struct script *timed_out(bool sack)
{
    struct script *s = ten_sent(sack, "reno");

    pair_sysctl(s->pair, 0, "net.ipv4.tcp_early_retrans", "0");
    /* The probe timer of the first flight was armed before: let the ACK of one segment rearm. */
    script_run(s, RTT);
    script_ack(s, 1, 1001);
    script_skip(s);
    script_run(s, SIM_S / 2);
    ck_assert_int_eq(script_info(s).ca_state, CC_LOSS);
    ck_assert_uint_eq(script_info(s).cwnd, 1);
    script_expect(s, TH_ACK, 1001, 1000, 1);
    return s;
}

/* RFC 5681 3.1: ssthresh is half, the window is one, slow start retransmits. */
START_TEST(timeout_slow_start)
{
    struct script *s = timed_out(true);

    pair_sysctl(s->pair, 0, "net.ipv4.tcp_frto", "0");
    ck_assert_uint_eq(script_info(s).ssthresh, 5);
    ck_assert_uint_eq(script_info(s).lost, 9);
    s->owner.conn->frto = false;
    script_run(s, RTT);
    script_ack(s, 1, 2001);
    script_expect(s, TH_ACK, 2001, 1000, 1);
    script_expect(s, TH_ACK, 3001, 1000, 1);
    script_expect_nothing(s);
    script_run(s, RTT);
    script_ack(s, 1, 4001);
    for (uint32_t i = 0; i < 4; i++)
        script_expect(s, TH_ACK, 4001 + 1000 * i, 1000, 1);
    script_expect_nothing(s);
    script_free(s);
}
END_TEST

/* RFC 5682: after the time-out the ACKs of the originals come: new data, then undo. */
START_TEST(frto_spurious)
{
    struct script *s = timed_out(true);

    script_write(s, 5000);
    script_expect_nothing(s);
    script_ack(s, 1, 2001); /* step 2.b: F-RTO sends new data instead of retransmitting */
    script_expect(s, TH_ACK, 10001, 1000, 1);
    script_expect(s, TH_ACK, 11001, 1000, 1);
    script_expect_nothing(s);
    script_ack(s, 1, 4001); /* step 3.b: data that was not retransmitted: spurious */
    ck_assert_int_eq(script_info(s).ca_state, CC_OPEN);
    ck_assert_uint_eq(tcp_counters(s->stack)->TCPSpuriousRTOs, 1);
    ck_assert_uint_eq(script_info(s).ssthresh, CC_INFINITE);
    ck_assert_uint_ge(script_info(s).cwnd, 10);
    ck_assert_uint_eq(script_info(s).retransmits_total, 1);
    script_free(s);
}
END_TEST

/* ... or a duplicate ACK: the loss was real. */
START_TEST(frto_real)
{
    struct script *s = timed_out(true);

    script_write(s, 5000);
    script_ack(s, 1, 2001);
    script_skip(s);
    script_run(s, RTT);
    sack1(s, 2001, 10001, 11001); /* the new data arrived, the originals did not */
    ck_assert_int_eq(script_info(s).ca_state, CC_LOSS);
    script_expect(s, TH_ACK, 2001, 1000, 1);
    script_free(s);
}
END_TEST

/* RFC 2018 8: the receiver forgets what it SACKed. */
START_TEST(reneging)
{
    struct script *s = ten_sent(true, "reno");

    script_run(s, RTT);
    sack1(s, 1, 1001, 4001);
    script_expect(s, TH_ACK, 1, 1000, 1);
    script_run(s, RTT);
    script_ack(s, 1, 1001); /* not 4001 */
    script_skip(s);
    script_run(s, 50 * SIM_MS);
    ck_assert_int_eq(script_info(s).ca_state, CC_LOSS);
    ck_assert_uint_eq(tcp_counters(s->stack)->TCPSACKReneging, 1);
    script_expect(s, TH_ACK, 1001, 1000, 1);
    script_free(s);
}
END_TEST

/* ---- SACK blocks that make no sense --------------------------------------------------------- */

START_TEST(senseless_sacks)
{
    struct script *s = ten_sent(true, "reno");

    script_run(s, RTT);
    sack1(s, 1, 3001, 2001);           /* reversed */
    sack1(s, 1, 9001, 20001);          /* beyond what was sent */
    sack1(s, 1, 0u - 5000, 0u - 4000); /* long ago */
    script_sack(s, 1, 1, 4,
                (uint32_t[]){ 1, 10001, 1, 10001, 2001, 3001, 2501, 2601 }); /* all of it */
    script_sack(s, 1, 1, 2, (uint32_t[]){ 1501, 1601, 2101, 3900 }); /* inside of segments */
    struct tcp_info info = script_info(s);
    ck_assert_uint_le(info.sacked, 2);
    ck_assert_uint_eq(info.unacked, 10);
    script_run(s, RTT);
    script_ack(s, 1, 10001);
    ck_assert_uint_eq(script_info(s).unacked, 0);
    script_free(s);
}
END_TEST

/* ---- What the receiver says (RFC 2018 4, 2883 4) -------------------------------------------- */

static void expect_sacks(struct script *s, uint32_t ack, int n, const uint32_t *edges)
{
    const struct seen *seen = script_expect(s, TH_ACK, 1, 0, ack);

    ck_assert_int_eq(seen->o.n_sacks, n);
    for (int i = 0; i < n; i++) {
        ck_assert_uint_eq(seen->o.sacks[i].start - s->peer_iss, edges[2 * i]);
        ck_assert_uint_eq(seen->o.sacks[i].end - s->peer_iss, edges[2 * i + 1]);
    }
}

/* The examples of RFC 2018 4, in segments of 500 from 1 on. */
START_TEST(sack_generation)
{
    struct tcphdr_options offer = script_offer(true, 7);
    struct script *s = script_new();

    script_accept(s, NULL, &offer, RTT);
    script_data(s, 1, 500, 1);
    script_skip(s);
    /* Every other one arrives: the most recent block is first, four fit. */
    script_data(s, 1001, 500, 1);
    expect_sacks(s, 501, 1, (uint32_t[]){ 1001, 1501 });
    script_data(s, 2001, 500, 1);
    expect_sacks(s, 501, 2, (uint32_t[]){ 2001, 2501, 1001, 1501 });
    script_data(s, 3001, 500, 1);
    expect_sacks(s, 501, 3, (uint32_t[]){ 3001, 3501, 2001, 2501, 1001, 1501 });
    script_data(s, 4001, 500, 1);
    script_run(s, 10 * SIM_MS); /* from the fourth duplicate ACK on they may be merged */
    expect_sacks(s, 501, 4, (uint32_t[]){ 4001, 4501, 3001, 3501, 2001, 2501, 1001, 1501 });
    script_data(s, 5001, 500, 1);
    script_run(s, 10 * SIM_MS);
    expect_sacks(s, 501, 4, (uint32_t[]){ 5001, 5501, 4001, 4501, 3001, 3501, 2001, 2501 });
    /* A block that grows comes to the front; touching blocks become one. */
    script_data(s, 2501, 500, 1);
    script_run(s, 10 * SIM_MS);
    expect_sacks(s, 501, 3, (uint32_t[]){ 2001, 3501, 5001, 5501, 4001, 4501 });
    /* The first hole is filled. */
    script_data(s, 501, 500, 1);
    script_run(s, 10 * SIM_MS);
    expect_sacks(s, 1501, 3, (uint32_t[]){ 2001, 3501, 5001, 5501, 4001, 4501 });
    script_free(s);
}
END_TEST

/* RFC 2883 4.2: a duplicate above the ACK: its D-SACK first, then the block it is part of. */
START_TEST(dsack_generation)
{
    struct tcphdr_options offer = script_offer(true, 7);
    struct script *s = script_new();

    script_accept(s, NULL, &offer, RTT);
    script_data(s, 1001, 1000, 1);
    script_skip(s);
    script_data(s, 1501, 500, 1);
    expect_sacks(s, 1, 2, (uint32_t[]){ 1501, 2001, 1001, 2001 });
    ck_assert_uint_eq(tcp_counters(s->stack)->TCPDSACKOfoSent, 1);
    script_free(s);
}
END_TEST

/* A segment of two writes, of which the ACK covers the first and some of the second: what is left
 * is sent again.  Found by fuzz_tcp_conn. */
START_TEST(partly_acknowledged)
{
    struct tcphdr_options offer = script_offer(true, 7);
    struct script *s = script_new();

    script_accept(s, NULL, &offer, RTT);
    for (int i = 0; i < 2; i++) /* not contiguous in the blob, so that they do not become one */
        tcp_send(s->owner.conn, &blob_pattern, 0, 500, i == 0 ? TCP_SEND_MORE : 0);
    script_expect(s, TH_ACK | TH_PSH, 1, 1000, 1);
    script_run(s, RTT);
    script_ack(s, 1, 601);
    script_run(s, 2 * SIM_S);
    script_expect(s, TH_ACK | TH_PSH, 601, 400, 1);
    script_free(s);
}
END_TEST

SUITE("protocols/tcp_recovery", newreno_fast_retransmit, newreno_partial_ack, sack_fast_retransmit,
      two_holes, lost_retransmission, prr_proportional, prr_bound, reordering_is_learned,
      dsack_undo, eifel_undo, tail_loss_probe, probe_repaired, probe_was_needless,
      timeout_slow_start, frto_spurious, frto_real, reneging, senseless_sacks, sack_generation,
      dsack_generation, partly_acknowledged)
