/* Fast Open through sockets: tcp(7), sendto(2) with MSG_FASTOPEN, TCP_FASTOPEN_CONNECT; RFC 7413.
 */
#include "tests/support/sockets.h"
#include "tests/support/suite.h"

static struct sockrig fast_rig(void)
{
    struct sockrig r = rig_new();

    rig_sysctl(r.b, "net.ipv4.tcp_fastopen", "3");
    r.listener = rig_listen(&r, 80, 5);
    ck_assert_int_eq(rig_set(r.listener, "TCP_FASTOPEN", 5), 0);
    ck_assert_int_eq(rig_get(r.listener, "TCP_FASTOPEN"), 5);
    return r;
}

static int64_t send_fast(struct sockrig *r, struct socket *s, const char *text)
{
    struct socket_addr to = rig_addr(r->b, 80);
    return socket_send(s, text, (uint32_t)strlen(text), SOCKET_MSG_FASTOPEN, &to);
}

/* A connection that asks for the cookie, and is closed again. */
static void get_cookie(struct sockrig *r)
{
    struct socket *c = socket_new(r->at_a, SOCKET_STREAM), *s;

    ck_assert_int_eq(send_fast(r, c, "hello"), -EINPROGRESS); /* nothing is taken yet */
    rig_run(r, SIM_S);
    ck_assert_int_eq(rig_send(c, "hello"), 5);
    rig_run(r, SIM_S);
    ck_assert_int_eq(socket_accept(r->listener, &s), 0);
    ck_assert_recv(s, "hello");
    socket_close(c);
    socket_close(s);
    rig_run(r, SIM_S);
}

/* With the cookie the data is there after half a round trip (10 ms), before the handshake ends. */
START_TEST(data_in_the_syn)
{
    struct sockrig r = fast_rig();
    struct socket *c = socket_new(r.at_a, SOCKET_STREAM), *s;

    get_cookie(&r);
    ck_assert_int_eq(send_fast(&r, c, "quick"), 5);
    ck_assert_int_eq(send_fast(&r, c, "again"), -EALREADY);
    ck_assert_int_eq(socket_accept(r.listener, &s), -EAGAIN);
    rig_run(&r, 11 * SIM_MS);
    ck_assert_int_eq(socket_accept(r.listener, &s), 0);
    ck_assert_int_eq(socket_state(s), TCP_SYN_RECV);
    struct socket_tcp_info i =
        rig_info(s); /* its SYN-ACK is the request's, the SYN's data its own */
    ck_assert(i.options & SOCKET_TCPI_TFO_CHILD);
    ck_assert_uint_eq(i.segs_out, 0);
    ck_assert_uint_eq(i.data_segs_in, 1);
    ck_assert_uint_eq(socket_poll(s), SOCKET_IN | SOCKET_OUT);
    ck_assert_recv(s, "quick");
    ck_assert_int_eq(rig_send(s, "answer"), 6);
    rig_run(&r, 15 * SIM_MS);
    ck_assert_recv(c, "answer");
    ck_assert(rig_info(c).options & SOCKET_TCPI_SYN_DATA);
    ck_assert_int_eq(send_fast(&r, s, "x"), -EISCONN);
    rig_end(&r);
}
END_TEST

/* Linux's __inet_stream_connect: the first MSG_FASTOPEN after the handshake finds it complete, and
 * sends as usual; the next one is told that there is a connection already. */
START_TEST(fast_send_after_the_handshake)
{
    struct sockrig r = fast_rig();
    struct socket *c = socket_new(r.at_a, SOCKET_STREAM), *s;

    get_cookie(&r);
    ck_assert_int_eq(send_fast(&r, c, "one"), 3);
    rig_run(&r, SIM_S);
    ck_assert_int_eq(send_fast(&r, c, "two"), 3);
    ck_assert_int_eq(send_fast(&r, c, "three"), -EISCONN);
    rig_run(&r, SIM_S);
    ck_assert_int_eq(socket_accept(r.listener, &s), 0);
    ck_assert_recv(s, "onetwo");
    rig_end(&r);
}
END_TEST

/* TCP_FASTOPEN_CONNECT: connect succeeds at once, writable, and the SYN goes with the first data.
 */
START_TEST(connect_waits_for_data)
{
    struct sockrig r = fast_rig();
    struct socket_addr to = rig_addr(r.b, 80);
    struct socket *c = socket_new(r.at_a, SOCKET_STREAM), *s;

    get_cookie(&r);
    ck_assert_int_eq(rig_set(c, "TCP_FASTOPEN_CONNECT", 2), -EINVAL);
    ck_assert_int_eq(rig_set(c, "TCP_FASTOPEN_CONNECT", 1), 0);
    uint64_t opened = tcp_counters(r.a->tcp)->ActiveOpens;
    ck_assert_int_eq(socket_connect(c, &to), 0);
    ck_assert_int_eq(socket_connect(c, &to), -EISCONN);
    ck_assert_uint_eq(socket_poll(c), SOCKET_OUT);
    ck_assert_int_eq(rig_recv_status(c), -EAGAIN);
    rig_run(&r, SIM_S);
    ck_assert_uint_eq(tcp_counters(r.a->tcp)->ActiveOpens, opened);
    ck_assert_int_eq(rig_send(c, "first"), 5);
    rig_run(&r, 11 * SIM_MS);
    ck_assert_int_eq(socket_accept(r.listener, &s), 0);
    ck_assert_recv(s, "first");
    rig_run(&r, SIM_S);
    ck_assert_int_eq(rig_send(c, "second"), 6);
    rig_run(&r, SIM_S);
    ck_assert_recv(s, "second");
    rig_end(&r);
}
END_TEST

/* Without a cookie TCP_FASTOPEN_CONNECT connects as ever, and asks for one. */
START_TEST(connect_without_cookie)
{
    struct sockrig r = fast_rig();
    struct socket_addr to = rig_addr(r.b, 80);
    struct socket *c = socket_new(r.at_a, SOCKET_STREAM);

    rig_set(c, "TCP_FASTOPEN_CONNECT", 1);
    ck_assert_int_eq(socket_connect(c, &to), -EINPROGRESS);
    rig_run(&r, SIM_S);
    ck_assert_int_eq(socket_connect(c, &to), 0);
    ck_assert(tcp_fastopen_has_cookie(r.a->tcp, &(struct tcp_config){ 0 }, &to.addr));
    rig_end(&r);
}
END_TEST

/* tcp(7): clients need bit 1 of net.ipv4.tcp_fastopen. */
START_TEST(switched_off)
{
    struct sockrig r = rig_new();
    struct socket *c = socket_new(r.at_a, SOCKET_STREAM);

    rig_sysctl(r.a, "net.ipv4.tcp_fastopen", "0");
    ck_assert_int_eq(send_fast(&r, c, "x"), -EOPNOTSUPP);
    ck_assert_int_eq(rig_set(c, "TCP_FASTOPEN_CONNECT", 1), -EOPNOTSUPP);
    rig_end(&r);
}
END_TEST

/* TCP_FASTOPEN_NO_COOKIE: a switch of sockets that are not connected (Linux 6.18). */
START_TEST(no_cookie_option)
{
    struct sockrig r = rig_new();
    struct socket *c = socket_new(r.at_a, SOCKET_STREAM), *s;

    rig_sysctl(r.b, "net.ipv4.tcp_fastopen", "2");
    r.listener = rig_listen(&r, 80, 5);
    rig_set(r.listener, "TCP_FASTOPEN", 5);
    ck_assert_int_eq(rig_set(r.listener, "TCP_FASTOPEN_NO_COOKIE", 1), 0);
    ck_assert_int_eq(rig_get(r.listener, "TCP_FASTOPEN_NO_COOKIE"), 1);
    ck_assert_int_eq(rig_set(c, "TCP_FASTOPEN_NO_COOKIE", 2), -EINVAL);
    ck_assert_int_eq(rig_set(c, "TCP_FASTOPEN_NO_COOKIE", -1), -EINVAL);
    ck_assert_int_eq(rig_get(c, "TCP_FASTOPEN_NO_COOKIE"), 0);
    ck_assert_int_eq(rig_set(c, "TCP_FASTOPEN_NO_COOKIE", 1), 0);
    ck_assert_int_eq(send_fast(&r, c, "quick"), 5);
    ck_assert_int_eq(rig_set(c, "TCP_FASTOPEN_NO_COOKIE", 0), -EINVAL);
    rig_run(&r, 31 * SIM_MS); /* ARP, too */
    ck_assert_int_eq(socket_accept(r.listener, &s), 0);
    ck_assert_recv(s, "quick");
    rig_end(&r);
}
END_TEST

/* Bit 0x400 of net.ipv4.tcp_fastopen stands for TCP_FASTOPEN with the backlog, from listen on,
 * where nobody had set that (Linux 6.18). */
START_TEST(every_listener)
{
    struct sockrig r = rig_new();

    rig_sysctl(r.b, "net.ipv4.tcp_fastopen", "1026");
    ck_assert_int_eq(rig_get(rig_listen(&r, 80, 7), "TCP_FASTOPEN"), 7);
    ck_assert_int_eq(rig_get(rig_listen(&r, 81, 70000), "TCP_FASTOPEN"), 4096); /* somaxconn */
    rig_sysctl(r.b, "net.ipv4.tcp_fastopen", "1024");
    ck_assert_int_eq(rig_get(rig_listen(&r, 82, 7), "TCP_FASTOPEN"), 0);
    rig_end(&r);
}
END_TEST

/* What is connected with TCP_FASTOPEN_CONNECT and has sent nothing is in SYN_SENT, and that is
 * where shutdown finds it (Linux 6.18). */
START_TEST(deferred_is_opening)
{
    struct sockrig r = fast_rig();
    struct socket_addr to = rig_addr(r.b, 80);
    struct socket *c = socket_new(r.at_a, SOCKET_STREAM);

    get_cookie(&r);
    uint64_t opened = tcp_counters(r.a->tcp)->ActiveOpens;
    ck_assert_uint_eq(rig_info(c).state, SOCKET_TCP_CLOSE);
    rig_set(c, "TCP_FASTOPEN_CONNECT", 1);
    ck_assert_int_eq(socket_connect(c, &to), 0);
    ck_assert_uint_eq(rig_info(c).state, SOCKET_TCP_SYN_SENT);
    ck_assert_int_eq(rig_set(c, "TCP_FASTOPEN_CONNECT", 0), -EINVAL);
    ck_assert_int_eq(socket_shutdown(c, SOCKET_SHUT_WR), 0);
    ck_assert_uint_eq(rig_info(c).state, SOCKET_TCP_CLOSE);
    ck_assert_int_eq(rig_send(c, "x"), -ECONNRESET);
    ck_assert_int_eq(rig_send(c, "x"), -EPIPE);
    ck_assert_uint_eq(tcp_counters(r.a->tcp)->ActiveOpens, opened);
    rig_end(&r);
}
END_TEST

/* Linux's inet_shutdown ends the waiting for connect's result. */
START_TEST(shutdown_ends_connecting)
{
    struct sockrig r = fast_rig();
    struct socket_addr to = rig_addr(r.b, 80);
    struct socket *c = socket_new(r.at_a, SOCKET_STREAM);

    ck_assert_int_eq(socket_connect(c, &to), -EINPROGRESS);
    rig_run(&r, SIM_S);
    ck_assert_int_eq(socket_shutdown(c, SOCKET_SHUT_RD), 0);
    ck_assert_int_eq(socket_connect(c, &to), -EISCONN);
    rig_end(&r);
}
END_TEST

static unsigned client_fail(struct socket *s)
{
    return rig_info(s).delivery >> 1;
}

/* tcpi_fastopen_client_fail (linux/tcp.h) tells why data did not go with the SYN, and
 * tcpi_busy_time begins with a SYN that had data (Linux 6.18). */
START_TEST(why_it_failed)
{
    enum { COOKIE_UNAVAILABLE = 1, DATA_NOT_ACKED, SYN_RETRANSMITTED };
    struct sockrig r = rig_new();
    struct socket *c[3];

    r.listener = rig_listen(&r, 80, 5);
    for (int i = 0; i < 3; i++)
        c[i] = socket_new(r.at_a, SOCKET_STREAM);
    ck_assert_int_eq(send_fast(&r, c[0], "hello"), -EINPROGRESS);
    ck_assert_uint_eq(client_fail(c[0]), COOKIE_UNAVAILABLE);
    rig_run(&r, SIM_S);
    ck_assert_uint_eq(rig_info(c[0]).busy_time, 0);
    rig_set(c[1], "TCP_FASTOPEN_NO_COOKIE", 1);
    ck_assert_int_eq(send_fast(&r, c[1], "hello"), 5);
    ck_assert_uint_eq(client_fail(c[1]), 0);
    rig_run(&r, 5 * SIM_MS);
    ck_assert_uint_eq(rig_info(c[1]).busy_time, 5000);
    rig_run(&r, SIM_S);
    ck_assert_uint_eq(client_fail(c[1]), DATA_NOT_ACKED);
    ck_assert_uint_eq(rig_info(c[1]).busy_time / 100, 400); /* two round trips */
    rig_set(c[2], "TCP_FASTOPEN_NO_COOKIE", 1);
    net_set_state(r.link, LINK_SILENT);
    ck_assert_int_eq(send_fast(&r, c[2], "hello"), 5);
    rig_run(&r, SIM_S / 2);
    net_set_state(r.link, LINK_UP);
    rig_run(&r, SIM_S);
    ck_assert_uint_eq(client_fail(c[2]), SYN_RETRANSMITTED);
    rig_end(&r);
}
END_TEST

/* A network that refuses is told by connect, though no SYN leaves yet. */
START_TEST(deferred_has_a_route)
{
    struct sockrig r = rig_new();
    struct socket_addr to = { ip_addr_of_v4(0x0b090909), 80 };
    struct socket *c = socket_new(r.at_a, SOCKET_STREAM);

    rig_set(c, "TCP_FASTOPEN_NO_COOKIE", 1);
    rig_set(c, "TCP_FASTOPEN_CONNECT", 1);
    ck_assert_int_eq(socket_connect(c, &to), -ENETUNREACH);
    ck_assert_uint_eq(rig_info(c).state, SOCKET_TCP_CLOSE);
    rig_end(&r);
}
END_TEST

SUITE("models/socket: fast open", data_in_the_syn, fast_send_after_the_handshake,
      connect_waits_for_data, connect_without_cookie, switched_off, no_cookie_option,
      every_listener, deferred_is_opening, shutdown_ends_connecting, why_it_failed,
      deferred_has_a_route)
