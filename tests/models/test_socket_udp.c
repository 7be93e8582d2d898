/* Datagram sockets: udp(7), ip(7), send(2), recv(2), as Linux does it. */
#include "tests/support/sockets.h"
#include "tests/support/suite.h"

static struct socket *bound(struct sockets *at, uint16_t port)
{
    struct socket *s = socket_new(at, SOCKET_DGRAM);
    struct socket_addr any = { .port = port };

    ck_assert_int_eq(socket_bind(s, &any), 0);
    return s;
}

/* Datagrams keep their borders; an empty one is one, too. */
START_TEST(datagrams_travel)
{
    struct sockrig r = rig_new();
    struct socket *s = bound(r.at_b, 53), *c = socket_new(r.at_a, SOCKET_DGRAM);
    struct socket_addr to = rig_addr(r.b, 53), from, name;
    char out[8] = { 0 };

    ck_assert_uint_eq(socket_poll(s), SOCKET_OUT);
    ck_assert_int_eq(rig_send(c, "x"), -EDESTADDRREQ);
    ck_assert_int_eq(socket_send(c, "hello", 5, 0, &to), 5);
    ck_assert_int_eq(socket_send(c, "", 0, 0, &to), 0);
    ck_assert_int_eq(socket_send(c, "world", 5, 0, &to), 5);
    rig_run(&r, SIM_S);
    ck_assert_uint_eq(socket_poll(s), SOCKET_IN | SOCKET_OUT);
    ck_assert_int_eq(socket_inq(s), 5);
    ck_assert_int_eq(socket_recv(s, out, 8, SOCKET_MSG_PEEK, &from), 5);
    ck_assert_str_eq(out, "hello");
    socket_name(c, &name);
    ck_assert_uint_eq(from.port, name.port);
    ck_assert_int_eq(socket_recv(s, out, 2, SOCKET_MSG_TRUNC, NULL), 5); /* the rest is lost */
    ck_assert_int_eq(socket_recv(s, out, 8, 0, NULL), 0);
    ck_assert_int_eq(socket_recv(s, out, 8, 0, &from), 5);
    ck_assert_int_eq(socket_recv(s, out, 8, 0, NULL), -EAGAIN);
    ck_assert_int_eq(socket_send(s, "back", 4, 0, &from), 4);
    rig_run(&r, SIM_S);
    ck_assert_recv(c, "back");
    rig_end(&r);
}
END_TEST

static void expect_name(struct socket *s, struct node *node, uint16_t port)
{
    struct socket_addr name, want = rig_addr(node, 0);

    socket_name(s, &name);
    ck_assert_mem_eq(&name.addr, &want.addr, sizeof name.addr);
    if (port != 1)
        ck_assert_uint_eq(name.port, port);
}

/* connect(2) with AF_UNSPEC: no peer any more; of the name what bind said stays, on Linux 6.18. */
START_TEST(disconnected)
{
    for (int address = 0; address < 2; address++)
        for (uint16_t port = 0; port <= 1234; port = (uint16_t)(port + 1234)) {
            struct sockrig r = rig_new();
            struct socket *c = socket_new(r.at_a, SOCKET_DGRAM), *s = bound(r.at_b, 53);
            struct socket_addr local = rig_addr(address ? r.a : NULL, port), to = rig_addr(r.b, 53);
            if (address || port)
                ck_assert_int_eq(socket_bind(c, &local), 0);
            ck_assert_int_eq(socket_connect(c, &to), 0);
            expect_name(c, r.a, port ? port : 1);
            ck_assert_int_eq(socket_disconnect(c), 0);
            expect_name(c, address ? r.a : NULL, port);
            ck_assert_int_eq(socket_peer(c, &to), -ENOTCONN);
            ck_assert_int_eq(rig_send(c, "x"), -EDESTADDRREQ);
            expect_name(c, address ? r.a : NULL, port ? port : 1); /* that asked for a port */
            ck_assert_int_eq(socket_send(c, "hello", 5, 0, &to), 5);
            rig_run(&r, SIM_S);
            ck_assert_recv(s, "hello");
            ck_assert_int_eq(socket_connect(c, &to), 0);
            rig_end(&r);
        }
}
END_TEST

/* What waits for a port that bind was asked for goes on waiting, and so does an error. */
START_TEST(disconnected_with_data)
{
    struct sockrig r = rig_new();
    struct socket *c = bound(r.at_a, 1234), *s = bound(r.at_b, 53);
    struct socket_addr to = rig_addr(r.b, 53), back = rig_addr(r.a, 1234),
                       nobody = rig_addr(r.b, 9);

    ck_assert_int_eq(socket_connect(c, &to), 0);
    ck_assert_int_eq(socket_send(s, "hello", 5, 0, &back), 5);
    rig_run(&r, SIM_S);
    ck_assert_int_eq(socket_disconnect(c), 0);
    ck_assert_recv(c, "hello");
    ck_assert_int_eq(socket_connect(c, &nobody), 0);
    ck_assert_int_eq(rig_send(c, "x"), 1);
    rig_run(&r, SIM_S);
    ck_assert_int_eq(socket_disconnect(c), 0);
    ck_assert_int_eq(rig_get(c, "SO_ERROR"), ECONNREFUSED);
    rig_end(&r);
}
END_TEST

/* A port that connect chose goes with it (udp(7)); what came to it can be read all the same, and
 * nothing comes any more.  Seen on Linux 6.18. */
START_TEST(disconnected_from_a_port_of_its_own)
{
    struct sockrig r = rig_new();
    struct socket *c = socket_new(r.at_a, SOCKET_DGRAM), *s = bound(r.at_b, 53);
    struct socket_addr to = rig_addr(r.b, 53), name, again;

    ck_assert_int_eq(socket_connect(c, &to), 0);
    socket_name(c, &name);
    ck_assert_int_eq(socket_send(s, "hello", 5, 0, &name), 5);
    rig_run(&r, SIM_S);
    ck_assert_int_eq(socket_disconnect(c), 0);
    socket_name(c, &again);
    ck_assert_uint_eq(again.port, 0);
    ck_assert_int_eq(socket_send(s, "lost", 4, 0, &name), 4);
    rig_run(&r, SIM_S);
    ck_assert_recv(c, "hello");
    ck_assert_int_eq(rig_recv_status(c), -EAGAIN);
    ck_assert_int_eq(socket_connect(c, &to), 0);
    socket_name(c, &again);
    ck_assert_uint_ne(again.port, 0);
    rig_end(&r);
}
END_TEST

/* IP_LOCAL_PORT_RANGE (ip(7)): three ports, the fourth socket finds none; Linux 6.18 says so. */
START_TEST(ports_of_a_range)
{
    struct sockrig r = rig_new();
    struct socket_addr any = { .port = 0 }, name, to = rig_addr(r.b, 53);
    unsigned seen = 0;

    for (int i = 0; i < 4; i++) {
        struct socket *s = socket_new(r.at_a, SOCKET_DGRAM);
        ck_assert_int_eq(rig_set(s, "IP_LOCAL_PORT_RANGE", 40001 | 40003u << 16), 0);
        ck_assert_int_eq(socket_bind(s, &any), i < 3 ? 0 : -EADDRINUSE);
        socket_name(s, &name);
        if (i < 3)
            seen |= 1u << (name.port - 40001);
        else
            ck_assert_int_eq(socket_connect(s, &to), -EAGAIN);
    }
    ck_assert_uint_eq(seen, 7);
    rig_end(&r);
}
END_TEST

/* RFC 1122 4.1.3.3, udp(7): the port is unreachable.  A connected socket is told, once, by whatever
 * is called next; one that is not connected is not told. */
START_TEST(port_unreachable)
{
    for (int connected = 0; connected < 2; connected++) {
        struct sockrig r = rig_new();
        struct socket_addr to = rig_addr(r.b, 9);
        struct socket *c = socket_new(r.at_a, SOCKET_DGRAM);
        if (connected)
            ck_assert_int_eq(socket_connect(c, &to), 0);
        for (int i = 0; i < 2; i++) {
            ck_assert_int_eq(socket_send(c, "x", 1, 0, connected ? NULL : &to), 1);
            rig_run(&r, 2 * SIM_S);
            ck_assert_uint_eq(socket_poll(c), connected ? SOCKET_OUT | SOCKET_ERR : SOCKET_OUT);
            if (i == 0)
                ck_assert_int_eq(rig_recv_status(c), connected ? -ECONNREFUSED : -EAGAIN);
            else
                ck_assert_int_eq(socket_send(c, "x", 1, 0, connected ? NULL : &to),
                                 connected ? -ECONNREFUSED : 1);
            ck_assert_int_eq(rig_get(c, "SO_ERROR"), 0);
        }
        rig_end(&r);
    }
}
END_TEST

/* A connected socket hears its peer alone, and may still send to others. */
START_TEST(connected)
{
    struct sockrig r = rig_new();
    struct socket *s = bound(r.at_b, 53), *other = bound(r.at_b, 54);
    struct socket *c = socket_new(r.at_a, SOCKET_DGRAM);
    struct socket_addr to = rig_addr(r.b, 53), to_other = rig_addr(r.b, 54), name, peer;

    ck_assert_int_eq(socket_peer(c, &peer), -ENOTCONN);
    ck_assert_int_eq(socket_connect(c, &to), 0);
    ck_assert_int_eq(socket_peer(c, &peer), 0);
    ck_assert_uint_eq(peer.port, 53);
    socket_name(c, &name);
    ck_assert_int_eq(socket_send(other, "no", 2, 0, &name), 2);
    ck_assert_int_eq(socket_send(s, "yes", 3, 0, &name), 3);
    ck_assert_int_eq(socket_send(c, "to other", 8, 0, &to_other), 8);
    rig_run(&r, SIM_S);
    ck_assert_recv(c, "yes");
    ck_assert_int_eq(rig_recv_status(c), -EAGAIN);
    ck_assert_recv(other, "to other");
    ck_assert_int_eq(socket_connect(c, &to_other), 0); /* as often as one likes */
    ck_assert_int_eq(rig_send(c, "again"), 5);
    rig_run(&r, SIM_S);
    ck_assert_recv(other, "again");
    rig_end(&r);
}
END_TEST

/* socket(7): SO_RCVBUF is doubled, 2304 at least; what does not fit is dropped. */
START_TEST(receive_buffer)
{
    struct sockrig r = rig_new();
    struct socket *s = bound(r.at_b, 53), *c = socket_new(r.at_a, SOCKET_DGRAM);
    struct socket_addr to = rig_addr(r.b, 53);
    static char data[1000];
    int got = 0;

    ck_assert_int_eq(rig_get(s, "SO_RCVBUF"), 212992);
    ck_assert_int_eq(rig_set(s, "SO_RCVBUF", 5000), 0);
    ck_assert_int_eq(rig_get(s, "SO_RCVBUF"), 10000);
    for (int i = 0; i < 20; i++)
        ck_assert_int_eq(socket_send(c, data, sizeof data, 0, &to), sizeof data);
    rig_run(&r, SIM_S);
    while (rig_recv_status(s) == 1)
        got++;
    ck_assert_int_ge(got, 10000 / 2304); /* the memory of one is 2304 at most */
    ck_assert_int_le(got, 1 + 10000 / 1000);
    ck_assert_uint_eq(r.b->udp->counters.RcvbufErrors, 20u - (unsigned)got);
    rig_end(&r);
}
END_TEST

/* socket(7), SO_REUSEADDR on datagram sockets: who binds last gets the datagrams (Linux). */
START_TEST(shared_port)
{
    struct sockrig r = rig_new();
    struct socket *first = socket_new(r.at_b, SOCKET_DGRAM), *second, *c;
    struct socket_addr any = { .port = 53 }, to = rig_addr(r.b, 53);

    second = socket_new(r.at_b, SOCKET_DGRAM);
    ck_assert_int_eq(rig_set(first, "SO_REUSEADDR", 1), 0);
    ck_assert_int_eq(socket_bind(first, &any), 0);
    ck_assert_int_eq(socket_bind(second, &any), -EADDRINUSE);
    ck_assert_int_eq(rig_set(second, "SO_REUSEADDR", 1), 0);
    ck_assert_int_eq(socket_bind(second, &any), 0);
    ck_assert_int_eq(socket_bind(second, &any), -EINVAL);
    c = socket_new(r.at_a, SOCKET_DGRAM);
    socket_send(c, "x", 1, 0, &to);
    rig_run(&r, SIM_S);
    ck_assert_int_eq(rig_recv_status(first), -EAGAIN);
    ck_assert_int_eq(rig_recv_status(second), 1);
    rig_end(&r);
}
END_TEST

/* udp(7): EMSGSIZE above 65507 bytes; ip(7), IP_MTU_DISCOVER = IP_PMTUDISC_DO (2): also above the
 * MTU. */
START_TEST(too_large)
{
    struct sockrig r = rig_new();
    struct socket *c = socket_new(r.at_a, SOCKET_DGRAM);
    struct socket_addr to = rig_addr(r.b, 53);
    static char data[65536];

    bound(r.at_b, 53);
    ck_assert_int_eq(socket_send(c, data, 65508, 0, &to), -EMSGSIZE);
    ck_assert_int_eq(socket_send(c, data, 65507, 0, &to), 65507);
    ck_assert_int_eq(rig_set(c, "IP_MTU_DISCOVER", 2), 0);
    ck_assert_int_eq(socket_send(c, data, 1473, 0, &to), -EMSGSIZE);
    ck_assert_int_eq(socket_send(c, data, 1472, 0, &to), 1472);
    rig_end(&r);
}
END_TEST

/* net.ipv4.ip_no_pmtu_disc: what is too large is cut into pieces, DF clear. */
START_TEST(no_path_mtu_discovery)
{
    struct sockrig r = rig_new();

    rig_sysctl(r.a, "net.ipv4.ip_no_pmtu_disc", "1");
    struct socket *c = socket_new(r.at_a, SOCKET_DGRAM), *t = socket_new(r.at_a, SOCKET_STREAM);
    ck_assert_int_eq(rig_get(c, "IP_MTU_DISCOVER"), 0);
    ck_assert_int_eq(rig_get(t, "IP_MTU_DISCOVER"), 0);
    ck_assert_int_eq(rig_get(socket_new(r.at_b, SOCKET_DGRAM), "IP_MTU_DISCOVER"), 1);
    rig_end(&r);
}
END_TEST

/* What is for streams only. */
START_TEST(no_stream)
{
    struct sockrig r = rig_new();
    struct socket *s = bound(r.at_b, 53), *t;
    int value = 1;

    ck_assert_int_eq(socket_listen(s, 1), -EOPNOTSUPP);
    ck_assert_int_eq(socket_accept(s, &t), -EOPNOTSUPP);
    ck_assert_int_eq(socket_set_option(s, socket_option_named("TCP_NODELAY"), &value, sizeof value),
                     -ENOPROTOOPT);
    ck_assert_int_eq(socket_shutdown(s, SOCKET_SHUT_RD), -ENOTCONN);
    ck_assert_int_eq(rig_get(s, "SO_TYPE"), 2);
    rig_end(&r);
}
END_TEST

SUITE("models/socket: udp", datagrams_travel, disconnected, disconnected_with_data,
      disconnected_from_a_port_of_its_own, ports_of_a_range, port_unreachable, connected,
      receive_buffer, shared_port, too_large, no_path_mtu_discovery, no_stream)
