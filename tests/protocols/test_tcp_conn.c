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

/* Data and an end that were written before the handshake follow its third segment, which is an ACK
 * alone (RFC 9293 3.5, figure 6), as if the owner had waited for the connection. */
START_TEST(handshake_before_data)
{
    struct pair *pair = pair_new(1, 10 * SIM_MS);
    struct owner client = { 0 }, server = { 0 };
    struct tcp_config config = { .sink = true };

    owner_listen(pair, &server, SERVER_PORT, &config);
    owner_connect(pair, &client, SERVER_PORT, NULL);
    ck_assert_int_eq(tcp_send_bulk(client.conn, 3000), 0);
    ck_assert_int_eq(tcp_shutdown(client.conn), 0);
    pair_run_for(pair, SIM_S);
    const struct seen *ack = seen_at(pair, 2), *data = seen_at(pair, 3);
    ck_assert_uint_eq(ack->h.flags, TH_ACK);
    ck_assert_uint_eq(ack->length, 0);
    ck_assert_uint_eq(data->length, 1448);
    ck_assert_int_eq(data->at, ack->at);
    ck_assert_uint_eq(tcp_conn_bytes_received(server.conn), 3000);
    ck_assert_int_eq(server.peer_fin, 1);
    owners_free(&client, &server);
    pair_run_for(pair, 200 * SIM_S);
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

/* RFC 6528 3: a clock of 4 us (RFC 9293 3.4.1), the same for everybody, plus a number that belongs
 * to the four of a connection and to the host's secret. */
START_TEST(initial_numbers)
{
    struct pair *pair = pair_new(1, SIM_MS), *other = pair_new(2, SIM_MS);
    struct tcp_stack *stack = &pair->end[0].stack;
    struct tcp_key key = { pair->end[0].addr, pair->end[1].addr, 40000, 80 }, next = key;
    uint32_t first = tcp_choose_seq(stack, &key), near = 0;

    ck_assert_uint_ne(first, tcp_choose_seq(&other->end[0].stack, &key));
    ck_assert_uint_ne(first, tcp_choose_seq(&pair->end[1].stack, &key));
    for (uint16_t port = 1; port <= 1000; port++) {
        next.local_port = port;
        near += tcp_choose_seq(stack, &next) - first + 1000000 < 2000000;
    }
    ck_assert_uint_lt(near, 10); /* 0.5 of 1000 by chance */
    pair_run_for(pair, SIM_S);
    ck_assert_uint_eq(tcp_choose_seq(stack, &key), first + 250000);
    pair_run_for(pair, 4 * SIM_US);
    ck_assert_uint_eq(tcp_choose_seq(stack, &key), first + 250001);
    pair_free(other);
    pair_free(pair);
}
END_TEST

SUITE("protocols/tcp_conn", handshake, handshake_before_data, bulk, initial_numbers)
