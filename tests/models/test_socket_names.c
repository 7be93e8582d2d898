/* What a stream socket is called (getsockname(2), getpeername(2)), who may have its port, and what
 * is left of all that when a connection is over.
 *
 * Expected values were seen on Linux 6.18: two sockets of a network namespace for conflicts of
 * bind(2), random calls with a peer behind a TUN device for the rest. */
#include "protocols/tcp/tcp.h"
#include "tests/support/sockets.h"
#include "tests/support/suite.h"

static const struct ip_addr nowhere;

#define ck_assert_name(socket, address, number)           \
    do {                                                  \
        struct socket_addr name_;                         \
        socket_name(socket, &name_);                      \
        ck_assert(ip_addr_equal(&name_.addr, (address))); \
        ck_assert_uint_eq(name_.port, (number));          \
    } while (0)

static uint16_t port_of(const struct socket *socket)
{
    struct socket_addr name;

    socket_name(socket, &name);
    return name.port;
}

/* Whether `taker` may bind where `owner`, who listens or not, is: options are SO_REUSEADDR (1) and
 * SO_REUSEPORT (2). */
static bool shares(int owner, int taker, bool listens)
{
    struct sockrig r = rig_new();
    struct socket_addr any = { .port = 7000 }, own = rig_addr(r.b, 7000);
    struct socket *s = socket_new(r.at_b, SOCKET_STREAM), *t = socket_new(r.at_b, SOCKET_STREAM);

    rig_set(s, "SO_REUSEADDR", owner & 1);
    rig_set(s, "SO_REUSEPORT", owner >> 1);
    rig_set(t, "SO_REUSEADDR", taker & 1);
    rig_set(t, "SO_REUSEPORT", taker >> 1);
    ck_assert_int_eq(socket_bind(s, &any), 0);
    if (listens)
        ck_assert_int_eq(socket_listen(s, 1), 0);
    int error = socket_bind(t, &own);
    ck_assert(error == 0 || error == -EADDRINUSE);
    rig_end(&r);
    return error == 0;
}

START_TEST(who_shares_a_port)
{
    static const char bound[] = "0000010100110111", listening[] = "0000000000110011";

    for (int owner = 0; owner < 4; owner++) {
        for (int taker = 0; taker < 4; taker++) {
            ck_assert_int_eq(shares(owner, taker, false), bound[owner * 4 + taker] - '0');
            ck_assert_int_eq(shares(owner, taker, true), listening[owner * 4 + taker] - '0');
        }
    }
}
END_TEST

/* socket(7), SO_REUSEPORT: connections are spread over all who listen; which one gets a connection
 * follows from its addresses and ports, and so would another of the same. */
START_TEST(reuseport_spreads)
{
    struct sockrig r = rig_new();
    struct socket_addr any = { .port = 80 }, to = rig_addr(r.b, 80);
    struct socket *l[3], *c[30];

    for (int i = 0; i < 3; i++) {
        l[i] = socket_new(r.at_b, SOCKET_STREAM);
        ck_assert_int_eq(rig_set(l[i], "SO_REUSEPORT", 1), 0);
        ck_assert_int_eq(rig_get(l[i], "SO_REUSEPORT"), 1);
        ck_assert_int_eq(socket_bind(l[i], &any), 0);
        ck_assert_int_eq(socket_listen(l[i], 50), 0);
    }
    for (int i = 0; i < 30; i++) {
        c[i] = socket_new(r.at_a, SOCKET_STREAM);
        ck_assert_int_eq(socket_connect(c[i], &to), -EINPROGRESS);
    }
    rig_run(&r, SIM_S);
    uint32_t n[3] = { socket_waiting(l[0]), socket_waiting(l[1]), socket_waiting(l[2]) };
    ck_assert_uint_eq(n[0] + n[1] + n[2], 30);
    for (int i = 0; i < 3; i++)
        ck_assert_uint_ge(n[i], 3); /* one of 3 out of 30 gets less with a probability of 0.2% */
    socket_close(l[1]);             /* the others take over */
    ck_assert_int_eq(socket_connect(socket_new(r.at_a, SOCKET_STREAM), &to), -EINPROGRESS);
    rig_run(&r, SIM_S);
    ck_assert_uint_eq(socket_waiting(l[0]) + socket_waiting(l[2]), n[0] + n[2] + 1);
    rig_end(&r);
}
END_TEST

/* A refused bind leaves no address behind; one without a port can be changed. */
START_TEST(name_of_one_that_is_bound)
{
    struct sockrig r = rig_new();
    struct socket_addr own = rig_addr(r.a, 7000), none = rig_addr(r.a, 0);
    struct socket *s = socket_new(r.at_a, SOCKET_STREAM), *t = socket_new(r.at_a, SOCKET_STREAM);

    ck_assert_name(s, &nowhere, 0);
    ck_assert_int_eq(socket_bind(s, &own), 0);
    ck_assert_int_eq(socket_bind(t, &own), -EADDRINUSE);
    ck_assert_name(t, &nowhere, 0);
    rig_set(t, "IP_BIND_ADDRESS_NO_PORT", 1);
    ck_assert_int_eq(socket_bind(t, &none), 0);
    ck_assert_name(t, &own.addr, 0);
    own.port = 7001;
    ck_assert_int_eq(socket_bind(t, &own), 0);
    ck_assert_name(t, &own.addr, 7001);
    rig_end(&r);
}
END_TEST

/* An address of the route and a port of the host's choice are the connection's: afterwards the
 * first is forgotten, and the second is free, though getsockname still tells it. */
START_TEST(name_of_one_that_was_connected)
{
    struct sockrig r = rig_new();
    struct socket_addr here = rig_addr(r.a, 0), peer;
    struct socket *t = socket_new(r.at_a, SOCKET_STREAM);

    rig_connect(&r);
    uint16_t port = port_of(r.client);
    ck_assert_name(r.client, &here.addr, port);
    here.port = port;
    ck_assert_int_eq(socket_bind(t, &here), -EADDRINUSE);
    socket_disconnect(r.server); /* resets the client, which keeps its name */
    rig_run(&r, 100 * SIM_MS);
    ck_assert_name(r.client, &here.addr, port);
    ck_assert_int_eq(socket_peer(r.client, &peer), -ENOTCONN);
    ck_assert_int_eq(socket_bind(t, &here), 0);
    socket_disconnect(r.client);
    ck_assert_name(r.client, &nowhere, port);
    ck_assert_name(r.server, &nowhere, 80);
    ck_assert_int_eq(socket_bind(r.server, &(struct socket_addr){ .port = 90 }), 0);
    rig_end(&r);
}
END_TEST

/* What bind(2) said stays; bind(2) without a port does not count for the port. */
START_TEST(name_of_one_that_was_bound)
{
    struct sockrig r = rig_new();
    struct socket_addr own = rig_addr(r.a, 7000), to = rig_addr(r.b, 80), free = rig_addr(r.a, 0);
    struct socket *s = socket_new(r.at_a, SOCKET_STREAM), *t = socket_new(r.at_a, SOCKET_STREAM);

    ck_assert_int_eq(socket_bind(s, &own), 0);
    ck_assert_int_eq(socket_connect(s, &to), -EINPROGRESS);
    rig_run(&r, 100 * SIM_MS); /* refused */
    ck_assert_int_eq(socket_connect(s, &to), -ECONNREFUSED);
    ck_assert_name(s, &own.addr, 7000);
    ck_assert_int_eq(socket_bind(t, &own), -EADDRINUSE);
    ck_assert_int_eq(socket_bind(t, &free), 0);
    own.port = port_of(t);
    ck_assert_int_eq(socket_connect(t, &to), -EINPROGRESS);
    rig_run(&r, 100 * SIM_MS);
    ck_assert_name(t, &own.addr, own.port);
    ck_assert_int_eq(socket_bind(socket_new(r.at_a, SOCKET_STREAM), &own), 0);
    rig_end(&r);
}
END_TEST

/* While it is connected, a socket that was bound to any address has one, and another may have its
 * port at another (Linux: rcv_saddr). */
START_TEST(connecting_narrows_the_address)
{
    struct sockrig r = rig_new();
    struct socket_addr any = { .port = 7000 }, to = rig_addr(r.b, 80);
    struct socket_addr other = { ip_addr_of_v4(0x0a090909), 7000 };
    struct socket *s = socket_new(r.at_a, SOCKET_STREAM), *t = socket_new(r.at_a, SOCKET_STREAM);

    rig_sysctl(r.a, "net.ipv4.ip_nonlocal_bind", "1");
    ck_assert_int_eq(socket_bind(s, &any), 0);
    ck_assert_int_eq(socket_bind(t, &other), -EADDRINUSE);
    ck_assert_int_eq(socket_connect(s, &to), -EINPROGRESS);
    ck_assert_int_eq(socket_bind(t, &other), 0);
    rig_end(&r);
}
END_TEST

static uint32_t isn_to(struct sockrig *r, struct socket *s, uint16_t port)
{
    struct socket_addr to = rig_addr(r->b, port), name;
    uint32_t isn = 0;

    ck_assert_int_eq(socket_connect(s, &to), -EINPROGRESS);
    socket_name(s, &name);
    ck_assert(tcp_initial_seq(r->at_a->tcp, &name.addr, name.port, &to.addr, to.port, &isn));
    return isn;
}

/* Linux's tcp_disconnect: the next connection begins 2 behind all that the last one might have sent
 * (its largest window), also if there was none, whoever it goes to. */
START_TEST(numbers_go_on_after_a_disconnect)
{
    struct sockrig r = rig_new();
    struct socket *c = socket_new(r.at_a, SOCKET_STREAM);

    socket_disconnect(c);
    socket_disconnect(c);
    ck_assert_uint_eq(isn_to(&r, c, 81), 4);
    socket_disconnect(c);
    ck_assert_uint_eq(isn_to(&r, c, 82), 7); /* its SYN was 4 */
    rig_run(&r, 100 * SIM_MS);
    ck_assert_int_eq(socket_connect(c, &(struct socket_addr){ 0 }), -ECONNREFUSED);
    ck_assert_uint_eq(isn_to(&r, c, 83), 10);
    socket_disconnect(c);
    r.client = c;
    rig_connect(&r);
    ck_assert_int_eq(rig_send(c, "0123456789"), 10);
    rig_run(&r, 100 * SIM_MS);
    uint32_t window = rig_info(c).snd_wnd;
    ck_assert_uint_gt(window, 60000);
    socket_disconnect(c);
    ck_assert_uint_eq(isn_to(&r, c, 84), 13 + 1 + 10 + window + 2);
    rig_end(&r);
}
END_TEST

/* What an attempt before had come to is forgotten when the next SYN goes. */
START_TEST(connecting_clears_the_error)
{
    struct sockrig r = rig_new();
    struct socket_addr to = rig_addr(r.b, 80);

    rig_connect(&r);
    socket_disconnect(r.client);
    ck_assert_uint_eq(socket_poll(r.client), SOCKET_OUT | SOCKET_ERR | SOCKET_HUP);
    ck_assert_int_eq(socket_connect(r.client, &to), -EINPROGRESS);
    ck_assert_uint_eq(socket_poll(r.client), 0);
    ck_assert_int_eq(rig_get(r.client, "SO_ERROR"), 0);
    rig_end(&r);
}
END_TEST

/* shutdown(2) before connect(2) has told the end: of what is open, connected; of what was refused,
 * of no use before it is dissolved.  A listener that is shut down is new. */
START_TEST(shutdown_while_connecting)
{
    struct sockrig r = rig_new();
    struct socket_addr to = rig_addr(r.b, 80), nobody = rig_addr(r.b, 81);
    struct socket *c = socket_new(r.at_a, SOCKET_STREAM), *d = socket_new(r.at_a, SOCKET_STREAM);
    struct socket *l = rig_listen(&r, 80, 5);

    ck_assert_int_eq(socket_connect(c, &to), -EINPROGRESS);
    ck_assert_int_eq(socket_connect(d, &nobody), -EINPROGRESS);
    rig_run(&r, 100 * SIM_MS);
    ck_assert_int_eq(socket_shutdown(c, SOCKET_SHUT_WR), 0);
    ck_assert_int_eq(socket_connect(c, &to), -EISCONN);
    ck_assert_int_eq(socket_shutdown(d, SOCKET_SHUT_WR), -ENOTCONN);
    ck_assert_int_eq(socket_connect(d, &to), -EINVAL);
    ck_assert_int_eq(socket_listen(d, 1), -EINVAL);
    ck_assert_int_eq(socket_disconnect(d), 0);
    ck_assert_int_eq(socket_connect(d, &to), -EINPROGRESS);
    ck_assert_int_eq(socket_shutdown(l, SOCKET_SHUT_RD), 0);
    ck_assert_uint_eq(socket_poll(l), SOCKET_OUT | SOCKET_HUP);
    ck_assert_int_eq(socket_listen(l, 5), 0);
    ck_assert_name(l, &nowhere, 80);
    rig_end(&r);
}
END_TEST

/* To read nothing is to read: it waits for data, or hears why none will come. */
START_TEST(reading_no_bytes)
{
    struct sockrig r = rig_new();

    rig_connect(&r);
    ck_assert_int_eq(socket_recv(r.server, NULL, 0, 0, NULL), -EAGAIN);
    rig_send(r.client, "x");
    rig_run(&r, 100 * SIM_MS);
    ck_assert_int_eq(socket_recv(r.server, NULL, 0, 0, NULL), 0);
    ck_assert_recv(r.server, "x");
    socket_disconnect(r.client);
    rig_run(&r, 100 * SIM_MS);
    ck_assert_int_eq(socket_recv(r.server, NULL, 0, 0, NULL), -ECONNRESET);
    ck_assert_int_eq(socket_recv(r.client, NULL, 0, 0, NULL), -ECONNRESET);
    ck_assert_int_eq(socket_recv(r.client, NULL, 0, 0, NULL), -ENOTCONN);
    rig_end(&r);
}
END_TEST

SUITE("models/socket: names", who_shares_a_port, reuseport_spreads, name_of_one_that_is_bound,
      name_of_one_that_was_connected, name_of_one_that_was_bound, connecting_narrows_the_address,
      numbers_go_on_after_a_disconnect, connecting_clears_the_error, shutdown_while_connecting,
      reading_no_bytes)
