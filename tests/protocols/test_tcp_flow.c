/* Flow control and the timing of segments: windows, delayed ACKs, Nagle, idling, limits. */
#include "protocols/tcp/receiving.h"
#include "tests/support/suite.h"
#include "tests/support/tcp_script.h"

#define RTT (100 * SIM_MS)

static struct script *sender(const struct tcp_config *config)
{
    struct tcphdr_options offer = script_offer(true, 7);
    struct script *s = script_new();

    s->window = 1000; /* << 7 */
    script_accept(s, config, &offer, RTT);
    return s;
}

/* ---- Nagle (RFC 1122 4.2.3.4, Minshall's variant) ------------------------------------------- */

/* A small segment waits while a small one is unacknowledged ... */
START_TEST(nagle_holds)
{
    struct script *s = sender(NULL);

    script_write(s, 100);
    script_expect(s, TH_ACK | TH_PSH, 1, 100, 1);
    script_write(s, 100);
    script_write(s, 50);
    script_expect_nothing(s);
    script_ack(s, 1, 101);
    script_expect(s, TH_ACK | TH_PSH, 101, 150, 1); /* as one */
    script_free(s);
}
END_TEST

/* ... but not for full ones. */
START_TEST(nagle_minshall)
{
    struct script *s = sender(NULL);

    script_write(s, 1000);
    script_write(s, 300);
    script_expect(s, TH_ACK | TH_PSH, 1, 1000, 1);
    script_expect(s, TH_ACK | TH_PSH, 1001, 300, 1);
    script_free(s);
}
END_TEST

START_TEST(nodelay)
{
    struct script *s = sender(&(struct tcp_config){ .nodelay = true });

    for (uint32_t i = 0; i < 3; i++) {
        script_write(s, 100);
        script_expect(s, TH_ACK | TH_PSH, 1 + 100 * i, 100, 1);
    }
    script_free(s);
}
END_TEST

/* TCP_CORK holds what is not full until it is taken out. */
START_TEST(cork)
{
    struct script *s = sender(&(struct tcp_config){ .cork = true });
    struct tcp_config config = *tcp_conn_config(s->owner.conn);

    script_write(s, 1300);
    script_expect(s, TH_ACK, 1, 1000, 1);
    script_expect_nothing(s);
    config.cork = false;
    tcp_conn_configure(s->owner.conn, &config);
    script_expect(s, TH_ACK | TH_PSH, 1001, 300, 1);
    script_free(s);
}
END_TEST

/* MSG_MORE does it for one write. */
START_TEST(send_more)
{
    struct script *s = sender(NULL);

    ck_assert_int_eq(tcp_send_bytes(s->owner.conn, "abc", 3, TCP_SEND_MORE), 3);
    script_expect_nothing(s);
    ck_assert_int_eq(tcp_send_bytes(s->owner.conn, "def", 3, 0), 3);
    script_expect(s, TH_ACK | TH_PSH, 1, 6, 1);
    script_free(s);
}
END_TEST

/* PSH is on the last segment of a write (RFC 9293 3.9.1.2). */
START_TEST(push)
{
    struct script *s = sender(NULL);

    script_write(s, 2500);
    script_expect(s, TH_ACK, 1, 1000, 1);
    script_expect(s, TH_ACK, 1001, 1000, 1);
    script_expect(s, TH_ACK | TH_PSH, 2001, 500, 1);
    script_free(s);
}
END_TEST

/* ---- Delayed ACKs (RFC 1122 4.2.3.2) -------------------------------------------------------- */

/* At first each segment is acknowledged at once, up to 16 of them ... */
START_TEST(quick_ack)
{
    struct script *s = sender(NULL);

    s->owner.read = true;
    for (uint32_t i = 0; i < 10; i++) {
        script_inject(s, &(struct peer_seg){
                             .flags = TH_ACK, .seq = 1 + 1000 * i, .length = 1000, .ack = 1 });
        script_expect(s, TH_ACK, 1, 0, 1001 + 1000 * i);
        script_run(s, 10 * SIM_MS);
    }
    script_free(s);
}
END_TEST

/* ... then every second full one, and a lone one after 40 ms. */
START_TEST(every_second)
{
    struct script *s = sender(&(struct tcp_config){ .sink = true });
    uint32_t seq = 1;

    for (int i = 0; i < 60; i++, seq += 1000) {
        script_inject(s,
                      &(struct peer_seg){ .flags = TH_ACK, .seq = seq, .length = 1000, .ack = 1 });
        script_run(s, SIM_MS);
    }
    script_run(s, SIM_S / 10);
    script_skip(s);
    s->owner.conn->quick = 0; /* growing windows keep it quick for a while */
    s->owner.conn->rcvbuf_locked = true;
    s->owner.conn->rcv_ssthresh = s->owner.conn->window_clamp;
    for (int i = 0; i < 10; i++, seq += 1000)
        script_inject(s,
                      &(struct peer_seg){ .flags = TH_ACK, .seq = seq, .length = 1000, .ack = 1 });
    ck_assert_uint_eq(s->pair->log->len - s->next, 5);
    script_skip(s);
    sim_time start = script_now(s);
    script_inject(s, &(struct peer_seg){ .flags = TH_ACK, .seq = seq, .length = 1000, .ack = 1 });
    script_expect_nothing(s);
    script_run(s, 250 * SIM_MS);
    const struct seen *ack = script_expect(s, TH_ACK, 1, 0, seq + 1000);
    ck_assert_int_ge(ack->at - start, 40 * SIM_MS);
    ck_assert_int_le(ack->at - start, 200 * SIM_MS);
    script_free(s);
}
END_TEST

/* A connection that answers carries its ACKs on the answers: at most 200 ms later. */
START_TEST(ping_pong)
{
    struct script *s = sender(NULL);

    s->owner.read = true;
    script_data(s, 1, 100, 1);
    script_skip(s);
    script_write(s, 100); /* the answer: ping-pong from now on */
    script_expect(s, TH_ACK | TH_PSH, 1, 100, 101);
    script_run(s, 10 * SIM_MS);
    script_data(s, 101, 100, 101);
    script_expect_nothing(s);
    script_run(s, 20 * SIM_MS);
    script_write(s, 100);
    script_expect(s, TH_ACK | TH_PSH, 101, 100, 201);
    script_run(s, SIM_S);
    script_free(s);
}
END_TEST

/* RFC 5681 4.2: out-of-order data, and data that fills a hole, are acknowledged at once. */
START_TEST(ack_at_once)
{
    struct script *s = sender(NULL);

    tcp_conn_quickack(s->owner.conn, false);
    script_data(s, 1001, 1000, 1);
    script_expect(s, TH_ACK, 1, 0, 1);
    tcp_conn_quickack(s->owner.conn, false);
    script_data(s, 1, 1000, 1);
    script_expect(s, TH_ACK, 1, 0, 2001);
    script_free(s);
}
END_TEST

/* SACK compression: from the fourth duplicate ACK of a hole on they wait for up to a millisecond.
 */
START_TEST(ack_compression)
{
    struct script *s = sender(NULL);

    script_data(s, 1, 1000, 1);
    script_skip(s);
    s->owner.conn->quick = 0; /* growing windows keep it quick for a while */
    s->owner.conn->rcvbuf_locked = true;
    s->owner.conn->rcv_ssthresh = s->owner.conn->window_clamp;
    for (uint32_t i = 0; i < 10; i++)
        script_data(s, 2001 + 1000 * i, 1000, 1);
    ck_assert_uint_eq(s->pair->log->len - s->next, 3);
    script_run(s, 2 * SIM_MS);
    ck_assert_uint_eq(s->pair->log->len - s->next, 4);
    ck_assert_uint_eq(tcp_counters(s->stack)->TCPAckCompressed, 6);
    script_free(s);
}
END_TEST

/* ---- The receive window --------------------------------------------------------------------- */

static uint32_t right_edge(const struct script *s, const struct seen *seen)
{
    return seen->h.ack + ((uint32_t)seen->h.window << s->owner.conn->opt.rcv_wscale);
}

/* Nobody reads: the window closes, its right edge never moves back, what exceeds it is refused;
 * when the owner reads, an update opens it. */
START_TEST(window_closes)
{
    struct script *s = sender(&(struct tcp_config){ .rcvbuf = 20000 });
    uint32_t seq = 1, edge = 0, window = 1;

    while (window > 0) {
        uint32_t length = edge == 0 ? 1000 : min_u32(edge - (s->peer_iss + seq), 1000);
        script_data(s, seq, length, 1); /* what does not fit would be refused */
        seq += length;
        script_run(s, 300 * SIM_MS);
        while (s->next < s->pair->log->len) {
            const struct seen *ack = script_take(s);
            ck_assert(edge == 0 || !before(right_edge(s, ack), edge));
            edge = right_edge(s, ack);
            window = ack->h.window;
        }
        ck_assert_uint_lt(seq, 100000);
    }
    script_data(s, seq, 1000, 1); /* a probe with data: refused, answered */
    const struct seen *answer = script_take(s);
    ck_assert_uint_eq(answer->h.window, 0);
    ck_assert_uint_eq(answer->h.ack - s->peer_iss, seq);
    owner_take(&s->owner, UINT32_MAX);
    const struct seen *update = script_take(s);
    ck_assert_uint_gt(update->h.window, 0);
    ck_assert_uint_eq(update->h.ack - s->peer_iss, seq);
    ck_assert_uint_eq(tcp_counters(s->stack)->TCPToZeroWindowAdv, 1);
    ck_assert_uint_eq(tcp_counters(s->stack)->TCPFromZeroWindowAdv, 1);
    script_free(s);
}
END_TEST

/* RFC 1122 4.2.3.3: a closed window is not opened by crumbs. */
START_TEST(no_silly_window)
{
    struct script *s = sender(&(struct tcp_config){ .rcvbuf = 20000 });
    uint32_t seq = 1;

    while (tcp_offered_window(s->owner.conn) > 0) {
        script_data(s, seq, 1000, 1);
        seq += 1000;
    }
    script_run(s, SIM_S);
    script_skip(s);
    owner_take(&s->owner, 100);
    script_expect_nothing(s);
    owner_take(&s->owner, 800);
    script_expect_nothing(s);
    owner_take(&s->owner, UINT32_MAX);
    ck_assert_uint_ge((uint32_t)script_take(s)->h.window << s->owner.conn->opt.rcv_wscale, 1000);
    script_free(s);
}
END_TEST

/* ... but as soon as half of the buffer is free, however the data lie in it (ditto: min(half of the
 * buffer, MSS) is the least that must be told). */
START_TEST(window_opens_while_reading)
{
    struct script *s = sender(&(struct tcp_config){ .rcvbuf = 20000 });
    uint32_t seq = 1;

    while (tcp_offered_window(s->owner.conn) > 0) {
        script_data(s, seq, 1000, 1);
        seq += 1000;
    }
    script_run(s, SIM_S);
    script_skip(s);
    owner_take(&s->owner, (seq - 1) / 2 + 1000);
    ck_assert_uint_ge((uint32_t)script_take(s)->h.window << s->owner.conn->opt.rcv_wscale, 1000);
    ck_assert_uint_gt(tcp_recv_ready(s->owner.conn), 0);
    owner_take(&s->owner, UINT32_MAX);
    ck_assert_uint_eq(s->owner.conn->rmem_alloc, 0);
    script_free(s);
}
END_TEST

/* The buffer grows with what the owner reads (tcp_moderate_rcvbuf), up to tcp_rmem[2]. */
START_TEST(autotuning)
{
    struct pair *pair = pair_new(1, 20 * SIM_MS);
    struct owner client = { 0 }, server = { 0 };
    struct tcp_config sink = { .sink = true };
    struct tcp_info info;

    pair->logging = false;
    pair_connect(pair, &client, &server, NULL, &sink);
    tcp_send_bulk(client.conn, TCP_ENDLESS);
    pair_run_for(pair, 3 * SIM_S);
    tcp_info_get(server.conn, &info);
    ck_assert_uint_gt(info.rcvbuf, 4 * 131072);
    ck_assert_uint_le(info.rcvbuf, 33554432);
    owners_free(&client, &server);
    pair_free(pair);

    pair = pair_new(1, 20 * SIM_MS);
    client = server = (struct owner){ 0 };
    pair->logging = false;
    pair_sysctl(pair, 1, "net.ipv4.tcp_moderate_rcvbuf", "0");
    pair_connect(pair, &client, &server, NULL, &sink);
    tcp_send_bulk(client.conn, TCP_ENDLESS);
    pair_run_for(pair, 3 * SIM_S);
    tcp_info_get(server.conn, &info);
    ck_assert_uint_eq(info.rcvbuf, 131072);
    owners_free(&client, &server);
    pair_free(pair);
}
END_TEST

/* The sender obeys: not a byte beyond the window, and silly-window avoidance on its side. */
START_TEST(obeys_window)
{
    struct tcphdr_options offer = script_offer(true, 0);
    struct script *s = script_new();

    s->window = 2500;
    script_accept(s, NULL, &offer, RTT);
    script_write(s, 10000);
    script_expect(s, TH_ACK, 1, 1000, 1);
    script_expect(s, TH_ACK | TH_PSH, 1001, 1000, 1); /* half of the window is to be pushed */
    script_expect_nothing(s);
    script_run(s, 10 * SIM_MS);
    s->window = 1500;
    script_ack(s, 1, 1001); /* the edge stays */
    script_expect_nothing(s);
    ck_assert_int_gt(script_info(s).limited[TCP_LIMIT_RWND], 0);
    script_free(s);
}
END_TEST

/* A window that shrinks below what is in flight: no new data, and no harm. */
START_TEST(shrunken_window)
{
    struct tcphdr_options offer = script_offer(true, 0);
    struct script *s = script_new();

    s->window = 5000;
    script_accept(s, NULL, &offer, RTT);
    script_write(s, 10000);
    script_skip(s);
    s->window = 1000;
    script_ack(s, 1, 1001);
    script_expect_nothing(s);
    s->window = 20000;
    script_ack(s, 1, 3001);
    ck_assert_uint_gt(s->pair->log->len, s->next);
    script_free(s);
}
END_TEST

/* RFC 7323 2.2: without the option on both sides windows are not scaled. */
START_TEST(no_scaling)
{
    struct tcphdr_options offer = script_offer(true, -1);
    struct script *s = script_new();

    s->window = 3000;
    script_accept(s, NULL, &offer, RTT);
    ck_assert_uint_eq(script_info(s).snd_wnd, 3000);
    ck_assert(!script_info(s).wscale);
    ck_assert_uint_eq(script_info(s).rcv_wscale, 0);
    script_free(s);
}
END_TEST

/* ---- The send buffer ------------------------------------------------------------------------ */

START_TEST(send_buffer)
{
    struct script *s = sender(&(struct tcp_config){ .sndbuf = 5000 });
    struct blob *blob = blob_new(100000);

    memset(blob->bytes, 0, 100000);
    int64_t taken = tcp_send(s->owner.conn, blob, 0, 100000, 0);
    blob_unref(blob);
    ck_assert_int_gt(taken, 0);
    ck_assert_int_lt(taken, 20000);
    ck_assert_uint_eq(tcp_send_space(s->owner.conn), 0);
    ck_assert_int_eq(s->owner.writable, 0);
    script_ack(s, 1, (uint32_t)taken + 1);
    ck_assert_int_eq(s->owner.writable, 1);
    ck_assert_uint_gt(tcp_send_space(s->owner.conn), 0);
    script_free(s);
}
END_TEST

/* ---- The congestion window in use ----------------------------------------------------------- */

/* RFC 5681 4.1: after idling for a time-out the window is the initial one again. */
static uint32_t cwnd_after_idle(bool restart)
{
    struct script *s = sender(NULL);

    pair_sysctl(s->pair, 0, "net.ipv4.tcp_slow_start_after_idle", restart ? "1" : "0");
    for (uint32_t done = 0; done < 60000; done += 10000) {
        script_write(s, 10000);
        script_run(s, RTT);
        script_ack(s, 1, done + 10001);
    }
    ck_assert_uint_gt(script_info(s).cwnd, 10);
    script_run(s, 10 * SIM_S);
    script_write(s, 1000);
    uint32_t cwnd = script_info(s).cwnd;
    script_free(s);
    return cwnd;
}

START_TEST(idle)
{
    ck_assert_uint_eq(cwnd_after_idle(true), 10);
    ck_assert_uint_gt(cwnd_after_idle(false), 10);
}
END_TEST

/* A window that the application does not fill does not grow. */
START_TEST(application_limited)
{
    struct script *s = sender(NULL);

    for (uint32_t i = 0; i < 50; i++) {
        script_write(s, 1000);
        script_run(s, RTT);
        script_ack(s, 1, 1001 + 1000 * i);
    }
    ck_assert_uint_eq(script_info(s).cwnd, 10);
    script_free(s);
}
END_TEST

/* Slow start: one packet more per packet acknowledged (RFC 5681 3.1, RFC 3465). */
START_TEST(slow_start)
{
    struct script *s = sender(NULL);

    tcp_send_bulk(s->owner.conn, TCP_ENDLESS);
    ck_assert_uint_eq(script_info(s).unacked, 10);
    script_run(s, RTT);
    script_ack(s, 1, 10001);
    ck_assert_uint_eq(script_info(s).cwnd, 20);
    ck_assert_uint_eq(script_info(s).unacked, 20);
    script_free(s);
}
END_TEST

/* What limited the sender adds up to the life of the connection. */
START_TEST(limits_add_up)
{
    struct pair *pair = pair_new(1, 10 * SIM_MS);
    struct owner client = { 0 }, server = { 0 };
    struct tcp_config sink = { .sink = true, .rcvbuf = 60000 };
    struct tcp_info info;
    sim_time sum = 0;

    pair->logging = false;
    pair_connect(pair, &client, &server, NULL, &sink);
    pair_run_for(pair, SIM_S);
    tcp_send_bulk(client.conn, TCP_ENDLESS);
    pair_run_for(pair, 3 * SIM_S);
    tcp_info_get(client.conn, &info);
    for (int i = 0; i < TCP_LIMITS; i++)
        sum += info.limited[i];
    ck_assert_int_eq(sum, pair->sim->now - info.established);
    ck_assert_int_ge(info.limited[TCP_LIMIT_APP], SIM_S);
    ck_assert_int_gt(info.limited[TCP_LIMIT_RWND], 2 * SIM_S);
    owners_free(&client, &server);
    pair_free(pair);
}
END_TEST

/* Data behind a hole makes the receive buffer grow by as much (Linux's tcp_data_queue_ofo
 * since 6.16, seen of a 6.18 host): room for twice what was read in a round trip, which begins as
 * ten segments, and for what waits; a segment of 1460 bytes takes 2304 bytes of memory. */
START_TEST(buffer_grows_behind_a_hole)
{
    struct tcphdr_options offer = script_offer(true, 7);
    struct script *s = script_new();
    uint8_t bytes[1460];

    offer.mss = 1460;
    s->window = 1000;
    script_accept(s, NULL, &offer, RTT);
    script_data(s, 1, 1460, 1);
    ck_assert_uint_eq(tcp_recv_bytes(s->owner.conn, bytes, 1460), 1460);
    ck_assert_uint_eq(script_info(s).rcvbuf, 131072);
    for (uint32_t i = 0; i < 40; i++)
        script_data(s, 2921 + 1460 * i, 1460, 1);
    uint32_t ratio = (1460 << 8) / 2304;
    ck_assert_uint_eq(script_info(s).rcvbuf, ((2 * 14600 + 41 * 1460) << 8) / ratio);
    script_free(s);
}
END_TEST

/* Data that has to be dropped for want of memory closes the window, although its edge moves back
 * (ICSK_ACK_NOMEM of Linux's tcp_select_window); here as the owner has made the buffer small. */
START_TEST(no_memory_closes_the_window)
{
    struct tcphdr_options offer = script_offer(true, 7);
    struct script *s = script_new();
    struct tcp_config config = { .rcvbuf = 4000 };
    uint8_t bytes[30000];

    s->window = 1000;
    script_accept(s, NULL, &offer, RTT);
    for (uint32_t i = 0; i < 30; i++)
        script_data(s, 1 + 1000 * i, 1000, 1);
    tcp_conn_configure(s->owner.conn, &config);
    script_skip(s);
    script_data(s, 30001, 1000, 1);
    const struct seen *ack = script_expect(s, TH_ACK, 1, 0, 30001);
    ck_assert_uint_eq(ack->h.window, 0);
    ck_assert_uint_eq(tcp_counters(s->stack)->TCPRcvQDrop, 1);
    ck_assert_uint_eq(tcp_recv_bytes(s->owner.conn, bytes, 30000), 30000);
    ck_assert_uint_gt(script_take(s)->h.window, 0); /* the update */
    script_free(s);
}
END_TEST

/* Linux 6.18, observed (tcpi_sndbuf_limited): an owner who was refused is no limit as long as the
 * congestion window is one. */
START_TEST(refused_but_window_limited)
{
    struct tcphdr_options offer = script_offer(true, 7);
    struct script *s = script_new();
    struct blob *blob = blob_new(50000);

    s->window = 257; /* << 7, half of which may be in a super-segment */
    script_gso(s);
    script_accept(s, &(struct tcp_config){ .sndbuf = 4608 }, &offer, RTT);
    memset(blob->bytes, 0, 50000);
    int64_t taken = tcp_send(s->owner.conn, blob, 0, 50000, 0);
    blob_unref(blob);
    ck_assert_int_lt(taken, 50000);
    script_run(s, RTT);
    for (uint32_t i = 1; script_info(s).notsent_bytes > 0; i++)
        script_ack(s, 1, 1000 * i + 1);
    ck_assert_uint_eq(script_info(s).inflight, script_info(s).cwnd);
    script_run(s, RTT / 2);
    ck_assert_int_eq(script_info(s).limited[TCP_LIMIT_SNDBUF], 0);
    ck_assert_int_eq(s->owner.writable, 0);
    script_free(s);
}
END_TEST

SUITE("protocols/tcp_flow", nagle_holds, nagle_minshall, nodelay, cork, send_more, push, quick_ack,
      every_second, ping_pong, ack_at_once, ack_compression, window_closes, no_silly_window,
      window_opens_while_reading, autotuning, obeys_window, shrunken_window, no_scaling,
      send_buffer, idle, application_limited, slow_start, limits_add_up, buffer_grows_behind_a_hole,
      no_memory_closes_the_window, refused_but_window_limited)
