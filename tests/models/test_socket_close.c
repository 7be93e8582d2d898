/* Ending connections through sockets: shutdown(2), close(2), SO_LINGER of socket(7), and what the
 * other end sees of it. */
#include "protocols/tcp/internal.h"
#include "protocols/wire/icmp.h"
#include "tests/support/sockets.h"
#include "tests/support/suite.h"

/* shutdown(2), SHUT_WR: the peer reads to the end and may go on sending. */
START_TEST(half_close)
{
    struct sockrig r = rig_new();

    rig_connect(&r);
    rig_send(r.client, "last");
    ck_assert_int_eq(socket_shutdown(r.client, SOCKET_SHUT_WR), 0);
    ck_assert_int_eq(rig_send(r.client, "x"), -EPIPE);
    rig_run(&r, SIM_S);
    ck_assert_uint_eq(socket_poll(r.server), SOCKET_IN | SOCKET_OUT | SOCKET_RDHUP);
    ck_assert_recv(r.server, "last");
    ck_assert_int_eq(rig_recv_status(r.server), 0);
    ck_assert_int_eq(rig_recv_status(r.server), 0);
    ck_assert_int_eq(rig_send(r.server, "answer"), 6);
    rig_run(&r, SIM_S);
    ck_assert_uint_eq(socket_poll(r.client), SOCKET_IN | SOCKET_OUT);
    ck_assert_recv(r.client, "answer");
    socket_close(r.server);
    rig_run(&r, SIM_S);
    ck_assert_int_eq(rig_recv_status(r.client), 0);
    ck_assert_uint_eq(socket_poll(r.client), SOCKET_IN | SOCKET_OUT | SOCKET_HUP | SOCKET_RDHUP);
    rig_end(&r);
}
END_TEST

/* SHUT_RD is local: an empty stream has ended, but what still comes can be read (Linux). */
START_TEST(shut_reading)
{
    struct sockrig r = rig_new();

    rig_connect(&r);
    ck_assert_int_eq(socket_shutdown(r.server, SOCKET_SHUT_RD), 0);
    ck_assert_int_eq(rig_recv_status(r.server), 0);
    ck_assert_uint_eq(socket_poll(r.server), SOCKET_IN | SOCKET_OUT | SOCKET_RDHUP);
    rig_send(r.client, "late");
    rig_run(&r, SIM_S);
    ck_assert_recv(r.server, "late");
    ck_assert_int_eq(socket_shutdown(r.server, (enum socket_how)7), -EINVAL);
    rig_end(&r);
}
END_TEST

/* socket(7), SO_LINGER with 0 s: close resets.  The peer reads what had arrived, then gets
 * ECONNRESET once; writing is EPIPE. */
START_TEST(linger_zero_resets)
{
    struct sockrig r = rig_new();

    rig_connect(&r);
    rig_send(r.client, "data");
    rig_run(&r, SIM_S);
    ck_assert_int_eq(rig_linger(r.client, 1, 0), 0);
    ck_assert_int_eq(socket_linger(r.client), 0);
    socket_close(r.client);
    rig_run(&r, SIM_S);
    ck_assert_uint_eq(socket_poll(r.server),
                      SOCKET_IN | SOCKET_OUT | SOCKET_ERR | SOCKET_HUP | SOCKET_RDHUP);
    ck_assert_recv(r.server, "data");
    ck_assert_int_eq(rig_recv_status(r.server), -ECONNRESET);
    ck_assert_int_eq(rig_recv_status(r.server), 0);
    ck_assert_int_eq(rig_send(r.server, "x"), -EPIPE);
    ck_assert_uint_eq(tcp_counters(r.a->tcp)->OutRsts, 1);
    ck_assert_uint_eq(tcp_counters(r.a->tcp)->TCPAbortOnData, 1);
    rig_end(&r);
}
END_TEST

/* RFC 2525 2.17: close with unread data resets. */
START_TEST(close_with_unread_data)
{
    struct sockrig r = rig_new();

    rig_connect(&r);
    rig_send(r.client, "unread");
    rig_run(&r, SIM_S);
    socket_close(r.server);
    rig_run(&r, SIM_S);
    ck_assert_int_eq(rig_send(r.client, "x"), -ECONNRESET); /* the error that waits comes first */
    ck_assert_int_eq(rig_send(r.client, "x"), -EPIPE);
    ck_assert_uint_eq(tcp_counters(r.b->tcp)->TCPAbortOnClose, 1);
    rig_end(&r);
}
END_TEST

/* Data to a reader that has closed: the first goes out and is answered with a RST, the second finds
 * the error (in CLOSE_WAIT Linux calls it EPIPE). */
START_TEST(write_to_closed_reader)
{
    struct sockrig r = rig_new();

    rig_connect(&r);
    socket_close(r.server);
    rig_run(&r, SIM_S);
    ck_assert_int_eq(rig_send(r.client, "one"), 3);
    rig_run(&r, SIM_S);
    ck_assert_int_eq(rig_get(r.client, "SO_ERROR"), EPIPE);
    ck_assert_int_eq(rig_send(r.client, "two"), -EPIPE);
    rig_end(&r);
}
END_TEST

/* socket(7), SO_LINGER: a blocking close waits until what was sent is acknowledged, or for so long.
 */
START_TEST(linger_waits)
{
    struct sockrig r = rig_new();

    rig_connect(&r);
    ck_assert_int_eq(rig_linger(r.client, 1, 5), 0);
    rig_send(r.client, "data");
    ck_assert_int_eq(socket_linger(r.client), 5 * SIM_S);
    ck_assert(!(socket_poll(r.client) & SOCKET_IN) || socket_state(r.client) == TCP_FIN_WAIT1);
    rig_run(&r, 100 * SIM_MS);
    ck_assert_int_eq(socket_state(r.client), TCP_FIN_WAIT2); /* acknowledged */
    socket_close(r.client);
    ck_assert_recv(r.server, "data");
    ck_assert_int_eq(rig_recv_status(r.server), 0);
    rig_end(&r);
}
END_TEST

static bool woken;

static void wake(struct socket_waiter *waiter, struct socket *socket, unsigned events)
{
    woken |= (events & SOCKET_HUP) != 0;
}

START_TEST(linger_tells_the_end)
{
    struct sockrig r = rig_new();
    struct socket_waiter waiter = { .wake = wake };

    rig_connect(&r);
    rig_linger(r.client, 1, 5);
    rig_send(r.client, "data");
    list_init(&waiter.link);
    ck_assert_int_eq(socket_linger(r.client), 5 * SIM_S);
    socket_wait(r.client, &waiter);
    woken = false;
    rig_run(&r, 10 * SIM_MS);
    ck_assert(!woken);
    rig_run(&r, 90 * SIM_MS);
    ck_assert(woken);
    rig_end(&r);
}
END_TEST

/* shutdown(2) of a listener for reading ends listening (Linux); of one that is connecting, the
 * attempt. */
START_TEST(shutdown_before_connection)
{
    struct sockrig r = rig_new();
    struct socket_addr to = rig_addr(r.b, 80);
    struct socket *l = rig_listen(&r, 80, 1), *c = socket_new(r.at_a, SOCKET_STREAM), *s;

    ck_assert_int_eq(socket_shutdown(l, SOCKET_SHUT_WR), 0);
    ck_assert_int_eq(socket_accept(l, &s), -EAGAIN);
    ck_assert_int_eq(socket_shutdown(l, SOCKET_SHUT_RD), 0);
    ck_assert_int_eq(socket_accept(l, &s), -EINVAL);
    ck_assert_int_eq(socket_listen(l, 1), 0);
    net_set_state(r.link, LINK_SILENT);
    ck_assert_int_eq(socket_connect(c, &to), -EINPROGRESS);
    ck_assert_int_eq(socket_shutdown(c, SOCKET_SHUT_RDWR), 0);
    net_set_state(r.link, LINK_UP);
    ck_assert_int_eq(socket_connect(c, &to), -EINPROGRESS);
    rig_run(&r, 5 * SIM_S); /* ARP tries again after a second */
    ck_assert_int_eq(socket_connect(c, &to), 0);
    rig_end(&r);
}
END_TEST

/* Connections that nobody accepted are reset when the listener closes (Linux). */
START_TEST(listener_closes)
{
    struct sockrig r = rig_new();
    struct socket_addr to = rig_addr(r.b, 80);
    struct socket *l = rig_listen(&r, 80, 1), *c = socket_new(r.at_a, SOCKET_STREAM);

    ck_assert_int_eq(socket_connect(c, &to), -EINPROGRESS);
    rig_run(&r, SIM_S);
    ck_assert_int_eq(socket_connect(c, &to), 0);
    socket_close(l);
    rig_run(&r, SIM_S);
    ck_assert_int_eq(rig_recv_status(c), -ECONNRESET);
    rig_end(&r);
}
END_TEST

/* A connection that died while it waited to be accepted is accepted, and tells its error then. */
START_TEST(accept_a_dead_one)
{
    struct sockrig r = rig_new();
    struct socket_addr to = rig_addr(r.b, 80);
    struct socket *l = rig_listen(&r, 80, 1), *c = socket_new(r.at_a, SOCKET_STREAM), *s;

    socket_connect(c, &to);
    rig_run(&r, SIM_S);
    rig_send(c, "bye");
    rig_run(&r, SIM_S);
    rig_linger(c, 1, 0);
    socket_close(c);
    rig_run(&r, SIM_S);
    ck_assert_int_eq(socket_accept(l, &s), 0);
    ck_assert_recv(s, "bye");
    ck_assert_int_eq(rig_recv_status(s), -ECONNRESET);
    ck_assert_int_eq(rig_recv_status(s), 0);
    rig_end(&r);
}
END_TEST

/* The host goes with everything open: nothing is left behind. */
START_TEST(host_ends)
{
    struct sockrig r = rig_new();
    struct socket *u = socket_new(r.at_b, SOCKET_DGRAM);
    struct socket_addr any = { .port = 53 };

    rig_connect(&r);
    ck_assert_int_eq(socket_bind(u, &any), 0);
    rig_send(r.client, "x");
    network_free(r.net);
}
END_TEST

/* shutdown(2) of a handshake ends it (Linux's tcp_disconnect: ECONNRESET); of a socket that is not
 * connected it is an error, and yet counts for the connection to come. */
START_TEST(shutdown_of_a_handshake)
{
    struct sockrig r = rig_new();
    struct socket_addr to = rig_addr(r.b, 80);
    struct socket *c = r.client = socket_new(r.at_a, SOCKET_STREAM);

    ck_assert_int_eq(socket_connect(c, &to), -EINPROGRESS);
    ck_assert_int_eq(socket_shutdown(c, SOCKET_SHUT_WR), 0);
    ck_assert_uint_eq(socket_poll(c), SOCKET_OUT | SOCKET_ERR | SOCKET_HUP);
    ck_assert_int_eq(rig_send(c, "x"), -ECONNRESET);
    ck_assert_int_eq(rig_send(c, "x"), -EPIPE);
    ck_assert_int_eq(socket_shutdown(c, SOCKET_SHUT_WR), -ENOTCONN);
    rig_connect(&r);
    ck_assert_int_eq(socket_state(c), TCP_ESTABLISHED);
    ck_assert_int_eq(rig_send(c, "x"), -EPIPE);
    rig_end(&r);
}
END_TEST

/* What b's router would say of a's oldest byte. */
static void unreachable(struct sockrig *r)
{
    struct tcp_conn *conn = socket_conn(r->client);
    struct ip_rx rx = { .proto = IP_PROTO_TCP };
    uint16_t from, to;
    uint32_t seq = conn->snd_una;

    tcp_conn_addresses(conn, &rx.src, &from, &rx.dst, &to);
    uint8_t quote[8] = { (uint8_t)(from >> 8), (uint8_t)from,        (uint8_t)(to >> 8),
                         (uint8_t)to,          (uint8_t)(seq >> 24), (uint8_t)(seq >> 16),
                         (uint8_t)(seq >> 8),  (uint8_t)seq };
    tcp_icmp_error(r->a->tcp, ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, 0, quote, sizeof quote, &rx);
}

/* ip(7), tcp(7): an ICMP error does not end a connection.  SO_ERROR tells it, once; with IP_RECVERR
 * whoever calls next is told, once. */
START_TEST(icmp_errors_are_told)
{
    struct sockrig r = rig_new();

    rig_connect(&r);
    unreachable(&r);
    ck_assert_uint_eq(socket_poll(r.client), SOCKET_OUT);
    ck_assert_int_eq(rig_get(r.client, "SO_ERROR"), EHOSTUNREACH);
    ck_assert_int_eq(rig_get(r.client, "SO_ERROR"), 0);
    ck_assert_int_eq(rig_get(r.client, "IP_RECVERR"), 0);
    ck_assert_int_eq(rig_set(r.client, "IP_RECVERR", 1), 0);
    unreachable(&r);
    ck_assert_uint_eq(socket_poll(r.client), SOCKET_OUT | SOCKET_ERR);
    ck_assert_int_eq(rig_send(r.client, "x"), -EHOSTUNREACH);
    ck_assert_uint_eq(socket_poll(r.client), SOCKET_OUT);
    ck_assert_int_eq(rig_send(r.client, "x"), 1);
    rig_run(&r, SIM_S);
    ck_assert_recv(r.server, "x");
    rig_end(&r);
}
END_TEST

/* SIOCOUTQ: what a reset has thrown away stays unacknowledged (Linux: write_seq - snd_una). */
START_TEST(queue_of_a_dead_connection)
{
    struct sockrig r = rig_new();

    rig_connect(&r);
    rig_linger(r.server, 1, 0);
    ck_assert_int_eq(rig_send(r.client, "abc"), 3);
    socket_close(r.server);
    rig_run(&r, SIM_S);
    ck_assert_int_eq(socket_state(r.client), TCP_CLOSED);
    ck_assert_int_eq(socket_outq(r.client), 3);
    rig_end(&r);
}
END_TEST

SUITE("models/socket: close", half_close, shut_reading, linger_zero_resets, close_with_unread_data,
      write_to_closed_reader, linger_waits, linger_tells_the_end, shutdown_before_connection,
      listener_closes, accept_a_dead_one, host_ends, shutdown_of_a_handshake, icmp_errors_are_told,
      queue_of_a_dead_connection)
