/* What may come in: sequence checks, RFC 5961, PAWS (RFC 7323 5), options, checksums. */
#include "protocols/tcp/ecn.h"
#include "protocols/tcp/receiving.h"
#include "tests/support/suite.h"
#include "tests/support/tcp_script.h"

static struct script *established(uint32_t tsval)
{
    struct tcphdr_options offer = script_offer(true, 7);
    struct script *s = script_new();

    s->peer_tsval = tsval;
    script_accept(s, NULL, &offer, 100 * SIM_MS);
    return s;
}

static void inject_flags(struct script *s, unsigned flags, uint32_t seq, uint32_t ack)
{
    script_inject(s, &(struct peer_seg){ .flags = flags, .seq = seq, .ack = ack });
}

/* ---- RFC 5961 ------------------------------------------------------------------------------- */

/* 3.2 (2): exactly the next number. */
START_TEST(reset_exact)
{
    struct script *s = established(0);

    inject_flags(s, TH_RST, 1, 0);
    ck_assert_int_eq(s->owner.error, ECONNRESET);
    script_expect_nothing(s);
    script_free(s);
}
END_TEST

/* 3.2 (3): in the window, not exact: a challenge ACK. */
START_TEST(reset_in_window)
{
    struct script *s = established(0);

    inject_flags(s, TH_RST, 100, 0);
    script_expect(s, TH_ACK, 1, 0, 1);
    ck_assert_int_eq(s->owner.closed, 0);
    ck_assert_uint_eq(tcp_counters(s->stack)->TCPChallengeACK, 1);
    script_free(s);
}
END_TEST

/* 3.2 (1): outside the window: nothing. */
START_TEST(reset_outside)
{
    struct script *s = established(0);

    inject_flags(s, TH_RST, 0u - 100000, 0);
    inject_flags(s, TH_RST, 10000000, 0);
    script_expect_nothing(s);
    ck_assert_int_eq(s->owner.closed, 0);
    script_free(s);
}
END_TEST

/* A RST at the right edge of what we SACKed is what its sender takes for exact. */
START_TEST(reset_at_sack)
{
    struct script *s = established(0);

    script_data(s, 1001, 1000, 1);
    script_skip(s);
    inject_flags(s, TH_RST, 2001, 0);
    ck_assert_int_eq(s->owner.error, ECONNRESET);
    script_free(s);
}
END_TEST

/* 4.2: a SYN in a synchronised state, wherever it is. */
START_TEST(syn_challenged)
{
    struct script *s = established(0);

    inject_flags(s, TH_SYN, 1, 0);
    script_expect(s, TH_ACK, 1, 0, 1);
    script_run(s, SIM_S);
    inject_flags(s, TH_SYN, 0u - 50000, 0);
    script_expect(s, TH_ACK, 1, 0, 1);
    ck_assert_uint_eq(tcp_counters(s->stack)->TCPSYNChallenge, 2);
    ck_assert_int_eq(tcp_conn_state(s->owner.conn), TCP_ESTABLISHED);
    script_free(s);
}
END_TEST

/* 5.2: an ACK below SND.UNA - MAX.SND.WND is challenged, data on it dropped; one that acknowledges
 * what was never sent is dropped. */
START_TEST(ack_range)
{
    struct script *s = established(0);

    script_data(s, 1, 100, 0u - 100000);
    script_expect(s, TH_ACK, 1, 0, 1);
    ck_assert_uint_eq(tcp_recv_ready(s->owner.conn), 0);
    script_data(s, 1, 100, 5000);
    script_expect_nothing(s);
    ck_assert_uint_eq(tcp_recv_ready(s->owner.conn), 0);
    script_free(s);
}
END_TEST

/* tcp_invalid_ratelimit: one answer in 500 ms. */
START_TEST(challenges_are_limited)
{
    struct script *s = established(0);

    for (int i = 0; i < 10; i++) {
        inject_flags(s, TH_RST, 100, 0);
        script_run(s, 100 * SIM_MS);
    }
    ck_assert_uint_eq(tcp_counters(s->stack)->TCPChallengeACK, 2);
    ck_assert_uint_eq(tcp_counters(s->stack)->TCPACKSkippedChallenge, 8);
    script_free(s);
}
END_TEST

/* net.ipv4.tcp_challenge_ack_limit is for the whole node and second. */
START_TEST(challenges_of_the_node)
{
    struct script *s = established(0);

    pair_sysctl(s->pair, 0, "net.ipv4.tcp_challenge_ack_limit", "3");
    pair_sysctl(s->pair, 0, "net.ipv4.tcp_invalid_ratelimit", "0");
    pair_run(s->pair, 2 * SIM_S);
    for (int i = 0; i < 10; i++)
        inject_flags(s, TH_RST, 100, 0);
    ck_assert_uint_eq(tcp_counters(s->stack)->TCPChallengeACK, 3);
    script_free(s);
}
END_TEST

/* ---- Sequence numbers (RFC 9293 3.10.7.4) --------------------------------------------------- */

START_TEST(old_data_is_acknowledged)
{
    struct script *s = established(0);

    s->owner.read = true;
    script_data(s, 1, 1000, 1);
    script_run(s, SIM_S);
    script_skip(s);
    script_data(s, 1, 1000, 1);
    const struct seen *ack = script_expect(s, TH_ACK, 1, 0, 1001);
    /* RFC 2883 4.1: with a D-SACK that says which. */
    ck_assert_uint_eq(ack->o.n_sacks, 1);
    ck_assert_uint_eq(ack->o.sacks[0].start, s->peer_iss + 1);
    ck_assert_uint_eq(ack->o.sacks[0].end, s->peer_iss + 1001);
    script_free(s);
}
END_TEST

START_TEST(data_beyond_window)
{
    struct script *s = established(0);

    script_data(s, 5000000, 1000, 1);
    script_expect(s, TH_ACK, 1, 0, 1);
    ck_assert_uint_eq(tcp_counters(s->stack)->BeyondWindow, 1);
    ck_assert_ptr_null(s->owner.conn->ofo);
    script_free(s);
}
END_TEST

/* Neither ACK, RST nor SYN: dropped. */
START_TEST(no_flags)
{
    struct script *s = established(0);

    script_inject(s, &(struct peer_seg){ .flags = TH_PSH, .seq = 1, .length = 100 });
    ck_assert_uint_eq(tcp_recv_ready(s->owner.conn), 0);
    script_expect_nothing(s);
    script_free(s);
}
END_TEST

/* A segment that overlaps what is there gives only what is new, whatever it says of the rest. */
START_TEST(overlap)
{
    struct script *s = established(0);
    uint8_t got[3000];

    script_data(s, 1, 1000, 1);
    script_data(s, 501, 1000, 1);  /* half old */
    script_data(s, 2001, 500, 1);  /* a hole before it */
    script_data(s, 1501, 2000, 1); /* fills the hole and goes around */
    ck_assert_uint_eq(tcp_recv_ready(s->owner.conn), 3500);
    ck_assert_uint_eq(tcp_recv_bytes(s->owner.conn, got, 3000), 3000);
    ck_assert_int_eq(memcmp(got, blob_span(&blob_pattern, 0, 3000), 3000), 0);
    script_free(s);
}
END_TEST

/* A FIN before its turn waits with the data around it. */
START_TEST(early_fin)
{
    struct script *s = established(0);

    script_inject(
        s, &(struct peer_seg){ .flags = TH_ACK | TH_FIN, .seq = 1001, .length = 500, .ack = 1 });
    ck_assert_int_eq(s->owner.peer_fin, 0);
    script_inject(s, &(struct peer_seg){ .flags = TH_ACK | TH_FIN, .seq = 1501, .ack = 1 });
    script_data(s, 1, 1000, 1);
    ck_assert_int_eq(s->owner.peer_fin, 1);
    ck_assert_uint_eq(tcp_recv_ready(s->owner.conn), 1500);
    ck_assert(!tcp_recv_eof(s->owner.conn));
    owner_take(&s->owner, UINT32_MAX);
    ck_assert(tcp_recv_eof(s->owner.conn));
    ck_assert_int_eq(tcp_conn_state(s->owner.conn), TCP_CLOSE_WAIT);
    script_free(s);
}
END_TEST

/* ---- PAWS ----------------------------------------------------------------------------------- */

/* RFC 7323 5.3 R1: an older timestamp makes data unacceptable; it is answered. */
START_TEST(paws_drops)
{
    struct script *s = established(10000);

    script_data(s, 1, 1000, 1);
    s->peer_tsval = 10050;
    script_data(s, 1001, 1000, 1);
    script_run(s, SIM_S);
    script_skip(s);
    s->peer_tsval = 10020;
    script_data(s, 2001, 1000, 1);
    script_expect(s, TH_ACK, 1, 0, 2001);
    ck_assert_uint_eq(tcp_recv_ready(s->owner.conn), 2000);
    ck_assert_uint_eq(tcp_counters(s->stack)->PAWSEstab, 1);
    script_free(s);
}
END_TEST

/* RFC 7323 5.2: timestamps are compared modulo 2^32. */
START_TEST(paws_wraps)
{
    struct script *s = established(0xffffff00);

    script_data(s, 1, 1000, 1);
    s->peer_tsval = 0x10;
    script_data(s, 1001, 1000, 1);
    ck_assert_uint_eq(tcp_recv_ready(s->owner.conn), 2000);
    script_free(s);
}
END_TEST

/* RFC 7323 5.2: RSTs are not subject to it. */
START_TEST(paws_spares_reset)
{
    struct script *s = established(10000);

    s->peer_tsval = 5000;
    inject_flags(s, TH_RST, 1, 0);
    ck_assert_int_eq(s->owner.error, ECONNRESET);
    script_free(s);
}
END_TEST

/* RFC 7323 5.5: after 24 days the remembered timestamp may have wrapped and is not believed. */
START_TEST(paws_expires)
{
    struct script *s = established(10000);

    script_run(s, 25ll * 24 * 3600 * SIM_S);
    s->peer_tsval = 5000;
    script_data(s, 1, 1000, 1);
    ck_assert_uint_eq(tcp_recv_ready(s->owner.conn), 1000);
    script_free(s);
}
END_TEST

/* RFC 7323 4.3: the echoed timestamp is that of the segment that covers the last ACK, so that a
 * delayed ACK shows the delay: of two segments the first. */
START_TEST(echo_of_delayed_ack)
{
    struct script *s = established(10000);

    pair_sysctl(s->pair, 0, "net.ipv4.tcp_pingpong_thresh", "1");
    tcp_conn_quickack(s->owner.conn, false); /* ping-pong: delayed */
    s->peer_tsval = 10100;
    script_data(s, 1, 100, 1);
    script_expect_nothing(s);
    s->peer_tsval = 10110;
    script_data(s, 101, 100, 1);
    script_run(s, SIM_S);
    ck_assert_uint_eq(script_expect(s, TH_ACK, 1, 0, 201)->o.tsecr, 10100);
    script_free(s);
}
END_TEST

/* ---- Options and damage --------------------------------------------------------------------- */

/* Linux's order: MSS, SACK permitted, timestamps, NOP, window scale; each only if the peer has it.
 */
START_TEST(syn_ack_options)
{
    struct tcphdr_options offer = { .present = TCPHAS_MSS, .mss = 1000 };
    struct script *s = script_new();

    script_accept(s, NULL, &offer, SIM_MS);
    const struct seen *syn_ack = seen_at(s->pair, 0);
    ck_assert_uint_eq(syn_ack->o.present, TCPHAS_MSS);
    ck_assert_uint_eq(syn_ack->h.length, 24);
    ck_assert_uint_eq(script_info(s).mss, 1000);
    script_free(s);

    offer = script_offer(true, 7);
    s = script_new();
    s->peer_tsval = 100;
    script_accept(s, NULL, &offer, SIM_MS);
    syn_ack = seen_at(s->pair, 0);
    ck_assert_uint_eq(syn_ack->o.present, TCPHAS_MSS | TCPHAS_SACK_OK | TCPHAS_TS | TCPHAS_WSCALE);
    ck_assert_uint_eq(syn_ack->o.tsecr, 100);
    ck_assert_uint_eq(script_info(s).mss, 988); /* RFC 6691: less the space for timestamps */
    script_free(s);
}
END_TEST

/* RFC 9293 3.7.1: without an MSS option it is 536. */
START_TEST(default_mss)
{
    struct tcphdr_options offer = { 0 };
    struct script *s = script_new();

    script_accept(s, NULL, &offer, SIM_MS);
    ck_assert_uint_eq(script_info(s).mss, 536);
    script_free(s);
}
END_TEST

/* The window of a Linux 6.18 host: half of 131072 bytes of buffer, rounded down to whole segments;
 * scale 10 for buffers up to 32 MiB.  Seen in a capture of such a host. */
START_TEST(initial_window)
{
    struct tcphdr_options offer = script_offer(true, 7);
    struct script *s = script_new();

    script_connect(s, NULL, &offer, SIM_MS);
    const struct seen *syn = seen_at(s->pair, 0);
    ck_assert_uint_eq(syn->h.window, 64240);
    ck_assert_uint_eq(syn->o.wscale, 10);
    script_free(s);
}
END_TEST

static void inject_raw(struct script *s, const uint8_t *bytes, uint32_t length, bool untrusted)
{
    struct packet *packet = packet_new(s->pair->sim);
    struct ip_rx rx = { .src = s->pair->end[1].addr,
                        .dst = s->pair->end[0].addr,
                        .proto = IP_PROTO_TCP };

    memcpy(packet_push(packet, length), bytes, length);
    if (untrusted)
        packet->flags |= PACKET_UNTRUSTED;
    tcp_input(s->stack, packet, &rx);
}

/* Segments dropped, which all must have been for this reason. */
static uint64_t dropped(const struct script *s, const char *reason)
{
    unsigned n;
    const struct drop_count *counts = drops_counts(&s->pair->end[0].drops, &n);

    ck_assert_uint_eq(n, 1);
    ck_assert_str_eq(counts->reason->name, reason);
    return counts->packets;
}

/* Every truncation, and header lengths that cannot be.  What is cut off is not in InErrs, as Linux
 * 6.18 counts it, by TUN. */
START_TEST(short_segments)
{
    struct script *s = established(0);
    uint8_t h[60] = { [12] = 15 << 4, [13] = TH_ACK };

    for (uint32_t n = 0; n < 60; n++)
        inject_raw(s, h, n, false);
    ck_assert_uint_eq(tcp_counters(s->stack)->InErrs, 0);
    for (uint8_t doff = 0; doff < 5; doff++) {
        h[12] = (uint8_t)(doff << 4);
        inject_raw(s, h, 60, false);
    }
    ck_assert_uint_eq(tcp_counters(s->stack)->InErrs, 5);
    ck_assert_uint_eq(dropped(s, "tcp_short"), 65);
    script_free(s);
}
END_TEST

START_TEST(bad_checksum)
{
    struct script *s = established(0);
    uint8_t h[20] = { [12] = 5 << 4, [13] = TH_RST };

    inject_raw(s, h, 20, true);
    ck_assert_uint_eq(tcp_counters(s->stack)->InErrs, 1);
    ck_assert_uint_eq(tcp_counters(s->stack)->InCsumErrors, 1);
    ck_assert_uint_eq(dropped(s, "tcp_checksum"), 1);
    script_free(s);
}
END_TEST

/* RFC 9293 3.10.7.1: nobody is there.  With ACK: seq is that ACK; without: RST|ACK. */
START_TEST(reset_for_nobody)
{
    struct script *s = script_new();

    s->port = 7;
    s->iss = 0;
    inject_flags(s, TH_ACK, 1, 12345);
    const struct seen *reset = script_take(s);
    ck_assert_uint_eq(reset->h.flags, TH_RST);
    ck_assert_uint_eq(reset->h.seq, 12345);
    script_inject(s, &(struct peer_seg){ .flags = TH_SYN | TH_FIN, .seq = 5, .length = 10 });
    reset = script_take(s);
    ck_assert_uint_eq(reset->h.flags, TH_RST | TH_ACK);
    ck_assert_uint_eq(reset->h.seq, 0);
    ck_assert_uint_eq(reset->h.ack, s->peer_iss + 17);
    inject_flags(s, TH_RST, 1, 0);
    script_expect_nothing(s);
    ck_assert_uint_eq(tcp_counters(s->stack)->OutRsts, 2);
    script_free(s);
}
END_TEST

/* ---- Requests ------------------------------------------------------------------------------- */

static struct script *half_open(void)
{
    struct tcphdr_options offer = script_offer(true, 7);
    struct script *s = script_new();

    script_listen(s, NULL);
    script_inject(s, &(struct peer_seg){ .flags = TH_SYN, .o = offer });
    s->iss = script_take(s)->h.seq;
    return s;
}

/* A repeated SYN gets the SYN-ACK again, not more often than the limit. */
START_TEST(request_repeated_syn)
{
    struct tcphdr_options offer = script_offer(true, 7);
    struct script *s = half_open();

    for (int i = 0; i < 3; i++)
        script_inject(s, &(struct peer_seg){ .flags = TH_SYN, .o = offer });
    script_expect(s, TH_SYN | TH_ACK, 0, 0, 1);
    script_expect_nothing(s);
    script_free(s);
}
END_TEST

START_TEST(request_wrong_ack)
{
    struct script *s = half_open();

    script_ack(s, 1, 77);
    const struct seen *reset = script_take(s);
    ck_assert_uint_eq(reset->h.flags, TH_RST);
    ck_assert_uint_eq(reset->h.seq - s->iss, 77);
    script_ack(s, 1, 1); /* the request is still there */
    ck_assert_int_eq(s->owner.established, 1);
    script_free(s);
}
END_TEST

START_TEST(request_reset)
{
    struct script *s = half_open();

    inject_flags(s, TH_RST, 1, 0);
    ck_assert_uint_eq(s->stack->table->count, 0);
    ck_assert_uint_eq(tcp_counters(s->stack)->AttemptFails, 1);
    script_free(s);
}
END_TEST

/* The ACK brings data and even the FIN. */
START_TEST(request_ack_with_data)
{
    struct script *s = half_open();

    script_inject(
        s, &(struct peer_seg){ .flags = TH_ACK | TH_FIN, .seq = 1, .ack = 1, .length = 200 });
    ck_assert_int_eq(s->owner.established, 1);
    ck_assert_int_eq(s->owner.readable, 1);
    ck_assert_int_eq(s->owner.peer_fin, 1);
    ck_assert_uint_eq(tcp_recv_ready(s->owner.conn), 200);
    script_free(s);
}
END_TEST

/* SYN_SENT: a wrong ACK is reset (RFC 9293 3.10.7.3), a RST without ACK is ignored. */
START_TEST(syn_sent_checks)
{
    struct script *s = script_new();

    s->owner.conn = tcp_conn_new(s->stack, NULL, &owner_ops, &s->owner);
    tcp_connect(s->owner.conn, NULL, 0, &s->pair->end[1].addr, PEER_PORT);
    script_note_syn(s, script_take(s));
    inject_flags(s, TH_SYN | TH_ACK, 0, 5);
    const struct seen *reset = script_take(s);
    ck_assert_uint_eq(reset->h.flags, TH_RST);
    ck_assert_uint_eq(reset->h.seq - s->iss, 5);
    inject_flags(s, TH_RST, 0, 0);
    inject_flags(s, TH_ACK, 0, 1);
    ck_assert_int_eq(tcp_conn_state(s->owner.conn), TCP_SYN_SENT);
    inject_flags(s, TH_RST | TH_ACK, 0, 1);
    ck_assert_int_eq(s->owner.error, ECONNREFUSED);
    script_free(s);
}
END_TEST

/* Linux 6.18, observed: what SO_MEMINFO says of one segment that came by TUN. */
START_TEST(memory_of_a_segment)
{
    static const struct {
        uint8_t header;
        uint32_t length, truesize;
    } seen[] = {
        { 20, 1, 832 },     { 20, 152, 832 },   { 20, 153, 1280 },   { 20, 600, 1280 },
        { 20, 601, 2304 },  { 20, 1460, 2304 }, { 20, 1630, 4352 },  { 20, 3670, 4352 },
        { 20, 3680, 8448 }, { 20, 7760, 8448 }, { 20, 7770, 12544 }, { 32, 140, 832 },
        { 32, 141, 1280 },  { 32, 588, 1280 },  { 32, 589, 2304 },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(seen); i++)
        ck_assert_uint_eq(
            tcp_truesize(&(struct tcp_rx){ .doff = seen[i].header, .length = seen[i].length }),
            seen[i].truesize);
}
END_TEST

/* Linux 6.18, observed: tcpi_rcv_wnd is the window as it was told last, whatever has come since,
 * and tcpi_bytes_received counts the FIN. */
START_TEST(told_window)
{
    struct script *s = established(0);

    script_data(s, 1, 1000, 1);
    script_skip(s);
    uint32_t told = script_info(s).told_wnd;
    tcp_enter(s->owner.conn); /* no more ACKs at once */
    s->owner.conn->quick = 0;
    tcp_leave(s->owner.conn);
    script_inject(s, &(struct peer_seg){ .flags = TH_FIN | TH_ACK, .seq = 1001, .ack = 1 });
    script_expect_nothing(s);
    ck_assert_uint_eq(script_info(s).told_wnd, told);
    ck_assert_uint_eq(script_info(s).rcv_wnd, told - 1);
    ck_assert_uint_eq(script_info(s).bytes_received, 1001);
    script_free(s);
}
END_TEST

/* Linux 6.18, observed: the memory of a segment out of order counts only when it has opened the
 * window (tcpi_rcv_ssthresh). */
START_TEST(early_data_opens_the_window)
{
    struct tcphdr_options offer = script_offer(true, 7);
    struct script *s = script_new();

    script_accept(s, &(struct tcp_config){ .rcvbuf = 2304 }, &offer, 20 * SIM_MS);
    ck_assert_uint_eq(script_info(s).rcv_ssthresh, 1460);
    script_data(s, 51, 100, 1);
    ck_assert_uint_eq(script_info(s).rcv_ssthresh, 2304);
    script_free(s);
}
END_TEST

/* Linux 6.18, observed: tcpi_segs_in counts the SYN, tcpi_data_segs_in what had data, and
 * tcpi_rcv_ooopack what came out of order. */
START_TEST(segments_are_told)
{
    struct tcphdr_options offer = script_offer(true, 7);
    struct script *s = script_new();

    script_accept(s, NULL, &offer, 20 * SIM_MS);
    script_data(s, 1, 100, 1);
    script_data(s, 201, 100, 1);
    ck_assert_uint_eq(script_info(s).segs_in, 4);
    ck_assert_uint_eq(script_info(s).data_segs_in, 2);
    ck_assert_uint_eq(script_info(s).ooo_packets, 1);
    script_free(s);
}
END_TEST

/* ip-sysctl.rst, tcp_reflect_tos: the SYN-ACK and the connection take the DSCP of the SYN. */
START_TEST(tos_is_reflected)
{
    for (int reflect = 0; reflect < 2; reflect++) {
        struct tcphdr_options offer = script_offer(true, 7);
        struct script *s = script_new();
        pair_sysctl(s->pair, 0, "net.ipv4.tcp_reflect_tos", reflect ? "1" : "0");
        script_listen(s, &(struct tcp_config){ .tos = 0x20 });
        script_inject(s, &(struct peer_seg){ .flags = TH_SYN, .o = offer, .tos = 0xb8 });
        ck_assert_uint_eq(seen_at(s->pair, s->next)->tos, reflect ? 0xb8 : 0x20);
        s->iss = script_take(s)->h.seq;
        script_ack(s, 1, 1);
        script_write(s, 500);
        ck_assert_uint_eq(script_take(s)->tos, reflect ? 0xb8 : 0x20);
        script_free(s);
    }
}
END_TEST

/* What answers a segment that a half-open connection does not want is nobody's yet: it has the DSCP
 * of the segment, as a reset has, not the listener's (seen on Linux 6.18 over a TUN device). */
START_TEST(tos_of_a_challenge)
{
    struct tcphdr_options offer = script_offer(true, 7);
    struct script *s = script_new();

    script_listen(s, &(struct tcp_config){ .tos = 0x20 });
    script_inject(s, &(struct peer_seg){ .flags = TH_SYN, .o = offer });
    s->iss = script_take(s)->h.seq;
    script_inject(s, &(struct peer_seg){ .seq = 100000, .ack = 1, .flags = TH_ACK, .tos = 0xb8 });
    ck_assert_uint_eq(script_take(s)->tos, 0xb8);
    script_free(s);
}
END_TEST

/* ---- ECN in TCP_INFO ------------------------------------------------------------------------ */

/* Linux 6.18, observed: TCPI_OPT_ECN_SEEN tells of marks whether or not ECN was agreed to ... */
START_TEST(marks_are_seen_without_agreement)
{
    struct script *s = established(0);

    script_data(s, 1, 100, 1);
    ck_assert(!script_info(s).ecn_seen);
    script_inject(s, &(struct peer_seg){
                         .flags = TH_ACK, .seq = 101, .length = 100, .ack = 1, .tos = ECN_CE });
    ck_assert(script_info(s).ecn_seen && !script_info(s).ecn);
    script_free(s);
}
END_TEST

/* ... and TCPI_OPT_ECN is there as soon as the SYN asks. */
START_TEST(asking_for_ecn_is_told)
{
    struct script *s = script_new();

    pair_sysctl(s->pair, 0, "net.ipv4.tcp_ecn", "1");
    s->owner.conn = tcp_conn_new(s->stack, NULL, &owner_ops, &s->owner);
    ck_assert(!script_info(s).ecn);
    tcp_connect(s->owner.conn, NULL, 0, &s->pair->end[1].addr, PEER_PORT);
    ck_assert(script_info(s).ecn);
    script_free(s);
}
END_TEST

/* ---- Without fragments ---------------------------------------------------------------------- */

/* Linux 6.18, observed: a RST has DF and no identification even where ip_no_pmtu_disc is set, as
 * its kernel socket says IP_PMTUDISC_DO. */
START_TEST(reset_has_df)
{
    struct script *s = script_new();

    pair_sysctl(s->pair, 0, "net.ipv4.ip_no_pmtu_disc", "1");
    inject_flags(s, TH_ACK, 1, 1);
    ck_assert_uint_eq(script_take(s)->df, IP_DF_SET);
    script_free(s);
}
END_TEST

SUITE("protocols/tcp_input", reset_exact, reset_in_window, reset_outside, reset_at_sack,
      syn_challenged, ack_range, challenges_are_limited, challenges_of_the_node,
      old_data_is_acknowledged, data_beyond_window, no_flags, overlap, early_fin, paws_drops,
      paws_wraps, paws_spares_reset, paws_expires, echo_of_delayed_ack, syn_ack_options,
      default_mss, initial_window, short_segments, bad_checksum, reset_for_nobody,
      request_repeated_syn, request_wrong_ack, request_reset, request_ack_with_data,
      syn_sent_checks, memory_of_a_segment, told_window, segments_are_told, tos_is_reflected,
      tos_of_a_challenge, early_data_opens_the_window, marks_are_seen_without_agreement,
      asking_for_ecn_is_told, reset_has_df)
