/* Connections from the first SYN to the last ACK. */
#include "tests/support/suite.h"
#include "tests/support/tcp_pair.h"

START_TEST(handshake)
{
    struct pair *pair = pair_new(1, 10 * SIM_MS);
    struct owner client = { 0 }, server = { 0 };

    pair_connect(pair, &client, &server, NULL, NULL);
    ck_assert_uint_eq(pair->log->len, 3);
    const struct seen *syn = seen_at(pair, 0), *syn_ack = seen_at(pair, 1), *ack = seen_at(pair, 2);
    ck_assert_uint_eq(syn->h.flags, TH_SYN);
    ck_assert_uint_eq(syn_ack->h.flags, TH_SYN | TH_ACK);
    ck_assert_uint_eq(syn_ack->h.ack, syn->h.seq + 1);
    ck_assert_uint_eq(ack->h.flags, TH_ACK);
    ck_assert_uint_eq(ack->h.seq, syn->h.seq + 1);
    ck_assert_uint_eq(ack->h.ack, syn_ack->h.seq + 1);
    ck_assert_int_eq(ack->at, 20 * SIM_MS);
    ck_assert_uint_eq(syn->o.mss, 1460);
    owners_free(&client, &server);
    pair_free(pair);
}
END_TEST

START_TEST(bulk)
{
    struct pair *pair = pair_new(1, 10 * SIM_MS);
    struct owner client = { 0 }, server = { 0 };
    struct tcp_config config = { .sink = true };
    struct tcp_info info;

    pair_connect(pair, &client, &server, NULL, &config);
    ck_assert_int_eq(tcp_send_bulk(client.conn, 10000000), 0);
    ck_assert_int_eq(tcp_shutdown(client.conn), 0);
    pair_run_for(pair, 20 * SIM_S);
    tcp_info_get(client.conn, &info);
    ck_assert_uint_eq(tcp_conn_bytes_received(server.conn), 10000000);
    ck_assert_int_eq(server.peer_fin, 1);
    ck_assert_int_eq(info.retransmits_total, 0);
    owners_free(&client, &server);
    pair_run_for(pair, 200 * SIM_S);
    pair_free(pair);
}
END_TEST

SUITE("protocols/tcp_conn", handshake, bulk)
