/* Path MTU without ICMP: RFC 4821, net.ipv4.tcp_mtu_probing; and routes that change. */
#include "tests/support/suite.h"
#include "tests/support/tcp_pair.h"

#define DELAY (10 * SIM_MS)

/* A path that drops larger datagrams without a word. */
static struct fate swallow(struct pair *pair, const struct seen *s)
{
    uint32_t options = s->o.present & TCPHAS_TS ? 12 : 0;
    return (struct fate){ .drop = 20 + 20 + options + s->length > *(uint32_t *)pair->data };
}

/* `bytes` from a to b over a path of this MTU; what was seen is in the pair. */
static struct pair *transfer(const char *probing, uint32_t *mtu, uint64_t bytes, sim_time until,
                             struct owner *client, struct owner *server)
{
    static const struct tcp_config sink = { .sink = true };
    struct pair *pair = pair_new(1, DELAY);

    pair_sysctl(pair, -1, "net.ipv4.tcp_mtu_probing", probing);
    pair_connect(pair, client, server, NULL, &sink);
    pair->data = mtu;
    pair->filter = swallow;
    ck_assert_int_eq(tcp_send_bulk(client->conn, bytes), 0);
    pair_run(pair, until);
    return pair;
}

/* The search ends with what goes through and something less than 8 bytes
 * (net.ipv4.tcp_probe_threshold) larger that does not, wherever that is. */
START_TEST(finds_the_mtu)
{
    static const uint32_t mtus[] = { 1076, 1100, 1200, 1280, 1400, 1499, 1500 };

    for (size_t i = 0; i < G_N_ELEMENTS(mtus); i++) {
        struct owner client = { 0 }, server = { 0 };
        uint32_t mtu = mtus[i];
        struct tcp_info info;
        struct pair *pair = transfer("2", &mtu, 4000000, 30 * SIM_S, &client, &server);
        tcp_info_get(client.conn, &info);
        ck_assert_uint_eq(tcp_conn_bytes_received(server.conn), 4000000);
        ck_assert_uint_le(info.mss + 52, mtu);
        ck_assert_uint_gt(info.mss + 52 + 8, mtu);
        ck_assert_uint_gt(tcp_counters(&pair->end[0].stack)->TCPMTUPSuccess +
                              tcp_counters(&pair->end[0].stack)->TCPMTUPFail,
                          3);
        owners_free(&client, &server);
        pair_free(pair);
    }
}
END_TEST

/* A lost probe is no congestion (RFC 4821 7.6.3): slow start goes on. */
START_TEST(loses_no_window)
{
    struct owner client = { 0 }, server = { 0 };
    uint32_t mtu = 1100;
    struct pair *pair = transfer("2", &mtu, 400000, 30 * SIM_S, &client, &server);

    ck_assert_uint_gt(tcp_counters(&pair->end[0].stack)->TCPMTUPFail, 0);
    ck_assert_uint_eq(tcp_counters(&pair->end[0].stack)->TCPTimeouts, 0);
    struct tcp_info info;
    tcp_info_get(client.conn, &info);
    ck_assert_uint_gt(info.cwnd, 60);
    owners_free(&client, &server);
    pair_free(pair);
}
END_TEST

/* Mode 1 gets out of a black hole that mode 0 dies in (RFC 2923 2.1). */
START_TEST(black_hole)
{
    for (int mode = 0; mode < 2; mode++) {
        struct owner client = { 0 }, server = { 0 };
        uint32_t mtu = 1300;
        struct pair *pair = transfer(mode ? "1" : "0", &mtu, 400000, 60 * SIM_S, &client, &server);
        ck_assert_uint_eq(tcp_conn_bytes_received(server.conn), mode ? 400000 : 0);
        owners_free(&client, &server);
        pair_free(pair);
    }
}
END_TEST

/* The state is there for those who need it. */
START_TEST(costs_nothing_unless_used)
{
    struct owner client = { 0 }, server = { 0 };
    uint32_t mtu = 1500;
    struct pair *pair = transfer("1", &mtu, 400000, 10 * SIM_S, &client, &server);

    ck_assert_ptr_null(client.conn->extra);
    owners_free(&client, &server);
    pair_free(pair);
}
END_TEST

/* After net.ipv4.tcp_probe_interval (RFC 4821 7.5: the path may have changed) the search is done
 * once more. */
START_TEST(searches_again)
{
    struct owner client = { 0 }, server = { 0 };
    uint32_t mtu = 1200;
    struct tcp_info info;
    struct pair *pair = transfer("2", &mtu, 4000000, 30 * SIM_S, &client, &server);

    mtu = 1500;
    ck_assert_int_eq(tcp_send_bulk(client.conn, 4000000), 0);
    pair_run(pair, 60 * SIM_S);
    tcp_info_get(client.conn, &info);
    ck_assert_uint_le(info.mss + 52, 1200);
    pair_run(pair, 601 * SIM_S);
    ck_assert_int_eq(tcp_send_bulk(client.conn, 8000000), 0);
    pair_run(pair, 660 * SIM_S);
    tcp_info_get(client.conn, &info);
    ck_assert_uint_gt(info.mss + 52 + 8, 1500);
    ck_assert_uint_eq(tcp_conn_bytes_received(server.conn), 16000000);
    owners_free(&client, &server);
    pair_free(pair);
}
END_TEST

/* A record (MSG_EOR) is not joined with the next for the sake of a probe. */
START_TEST(keeps_records)
{
    static const struct tcp_config sink = { .sink = true };
    struct owner client = { 0 }, server = { 0 };
    struct pair *pair = pair_new(1, DELAY);

    pair_sysctl(pair, 0, "net.ipv4.tcp_mtu_probing", "2");
    pair_connect(pair, &client, &server, NULL, &sink);
    for (int i = 0; i < 400; i++)
        tcp_send(client.conn, &blob_pattern, 0, 1024, TCP_SEND_EOR);
    pair_run(pair, 10 * SIM_S);
    for (uint32_t i = 0; i < pair->log->len; i++)
        ck_assert_uint_le(seen_at(pair, i)->length, 1024);
    ck_assert_uint_gt(tcp_conn_bytes_received(server.conn), 20 * 1024);
    owners_free(&client, &server);
    pair_free(pair);
}
END_TEST

/* The owner of the stack says that routes have changed: the segment size follows the path's MTU,
 * up and down, as in Linux's tcp_current_mss. */
START_TEST(follows_the_route)
{
    static const struct tcp_config sink = { .sink = true };
    struct owner client = { 0 }, server = { 0 };
    struct pair *pair = pair_new(1, DELAY);
    uint32_t generation = 0;

    pair->end[0].stack.route_generation = &generation;
    pair_connect(pair, &client, &server, NULL, &sink);
    static const uint32_t mtus[] = { 1200, 1500, 600 };
    for (size_t i = 0; i < G_N_ELEMENTS(mtus); i++) {
        pair->end[0].mtu = mtus[i]; /* wire_send asserts that nothing is larger */
        generation++;
        seen_forget(pair);
        ck_assert_int_eq(tcp_send_bulk(client.conn, 100000), 0);
        pair_run_for(pair, 2 * SIM_S);
        ck_assert_uint_eq(seen_nth(pair, 0, TH_ACK, 0)->length, mtus[i] - 52);
    }
    ck_assert_uint_eq(tcp_conn_bytes_received(server.conn), 300000);
    owners_free(&client, &server);
    pair_free(pair);
}
END_TEST

SUITE("protocols/tcp_mtuprobe", finds_the_mtu, loses_no_window, black_hole,
      costs_nothing_unless_used, searches_again, keeps_records, follows_the_route)
