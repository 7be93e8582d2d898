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
    ck_assert(tcp_fastopen_has_cookie(r.a->tcp, &to.addr));
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

SUITE("models/socket: fast open", data_in_the_syn, fast_send_after_the_handshake,
      connect_waits_for_data, connect_without_cookie, switched_off)
