/* Opening sockets: what bind(2), listen(2), accept(2), connect(2) and ip(7) say, as Linux does it.
 */
#include "tests/support/sockets.h"
#include "tests/support/suite.h"

/* connect(2): EINPROGRESS, then EALREADY; when it is writable SO_ERROR says how it went; EISCONN
 * once it is connected. */
START_TEST(connect_without_blocking)
{
    struct sockrig r = rig_new();
    struct socket_addr to = rig_addr(r.b, 80), name, peer;
    struct socket *l = rig_listen(&r, 80, 1), *c = socket_new(r.at_a, SOCKET_STREAM), *s;

    ck_assert_uint_eq(socket_poll(c), SOCKET_OUT | SOCKET_HUP); /* Linux: neither open nor closed */
    ck_assert_int_eq(socket_connect(c, &to), -EINPROGRESS);
    ck_assert_int_eq(socket_connect(c, &to), -EALREADY);
    ck_assert_uint_eq(socket_poll(c), 0);
    ck_assert_int_eq(rig_send(c, "early"), -EAGAIN);
    ck_assert_int_eq(rig_recv_status(c), -EAGAIN);
    ck_assert_int_eq(socket_peer(c, &peer), -ENOTCONN);
    ck_assert_int_eq(socket_accept(l, &s), -EAGAIN);
    rig_run(&r, SIM_S);
    ck_assert_uint_eq(socket_poll(c), SOCKET_OUT);
    ck_assert_uint_eq(socket_poll(l), SOCKET_IN);
    ck_assert_int_eq(rig_get(c, "SO_ERROR"), 0);
    ck_assert_int_eq(socket_connect(c, &to), 0);
    ck_assert_int_eq(socket_connect(c, &to), -EISCONN);
    ck_assert_int_eq(socket_accept(l, &s), 0);
    ck_assert_uint_eq(socket_poll(l), 0);
    ck_assert_int_eq(socket_connect(s, &to), -EISCONN);
    ck_assert_int_eq(socket_peer(c, &peer), 0);
    ck_assert_uint_eq(peer.port, 80);
    ck_assert(ip_addr_equal(&peer.addr, &to.addr));
    socket_name(c, &name);
    ck_assert_int_eq(socket_peer(s, &peer), 0);
    ck_assert(ip_addr_equal(&peer.addr, &name.addr) && peer.port == name.port);
    ck_assert_int_eq(socket_connect(l, &to), -EISCONN);
    rig_end(&r);
}
END_TEST

/* Nobody listens: readable, writable and in error; the error is told once, by SO_ERROR or by
 * connect; then the socket can be used for another attempt. */
START_TEST(connect_refused)
{
    struct sockrig r = rig_new();
    struct socket_addr to = rig_addr(r.b, 80);
    struct socket *c = socket_new(r.at_a, SOCKET_STREAM);

    ck_assert_int_eq(socket_connect(c, &to), -EINPROGRESS);
    rig_run(&r, SIM_S);
    ck_assert_uint_eq(socket_poll(c),
                      SOCKET_IN | SOCKET_OUT | SOCKET_ERR | SOCKET_HUP | SOCKET_RDHUP);
    ck_assert_int_eq(socket_connect(c, &to), -ECONNREFUSED);
    ck_assert_int_eq(rig_get(c, "SO_ERROR"), 0);
    ck_assert_int_eq(socket_connect(c, &to), -EINPROGRESS);
    rig_run(&r, SIM_S);
    ck_assert_int_eq(rig_get(c, "SO_ERROR"), ECONNREFUSED);
    ck_assert_int_eq(rig_get(c, "SO_ERROR"), 0);
    ck_assert_int_eq(socket_connect(c, &to), -ECONNABORTED); /* the error is gone already */
    r.listener = rig_listen(&r, 80, 1);
    r.client = c;
    rig_connect(&r);
    rig_end(&r);
}
END_TEST

/* tcp(7), TCP_SYNCNT 1: with tcp_syn_linear_timeouts = 0 a SYN at 0 and 1 s, the end at 3 s. */
START_TEST(connect_timed_out)
{
    struct sockrig r = rig_new();
    struct socket_addr to = rig_addr(r.b, 80);
    struct socket *c = socket_new(r.at_a, SOCKET_STREAM);

    rig_sysctl(r.a, "net.ipv4.tcp_syn_linear_timeouts", "0");
    ck_assert_int_eq(rig_set(c, "TCP_SYNCNT", 1), 0);
    rig_connect(&r); /* ARP is done */
    net_set_state(r.link, LINK_SILENT);
    ck_assert_int_eq(socket_connect(c, &to), -EINPROGRESS);
    rig_run(&r, 2990 * SIM_MS);
    ck_assert_int_eq(socket_connect(c, &to), -EALREADY);
    rig_run(&r, 20 * SIM_MS);
    ck_assert_int_eq(socket_connect(c, &to), -ETIMEDOUT);
    net_set_state(r.link, LINK_UP);
    rig_end(&r);
}
END_TEST

/* The neighbour does not answer ARP: three requests, a second apart (net.ipv4.neigh.default), then
 * the host tells itself that the other is unreachable (Linux: arp_error_report). */
START_TEST(connect_to_nobody)
{
    struct sockrig r = rig_new();
    struct socket_addr to = rig_addr(r.b, 80);
    struct socket *c = socket_new(r.at_a, SOCKET_STREAM);

    net_set_state(r.link, LINK_SILENT);
    ck_assert_int_eq(socket_connect(c, &to), -EINPROGRESS);
    rig_run(&r, 2900 * SIM_MS);
    ck_assert_int_eq(socket_connect(c, &to), -EALREADY);
    rig_run(&r, 200 * SIM_MS);
    ck_assert_int_eq(socket_connect(c, &to), -EHOSTUNREACH);
    net_set_state(r.link, LINK_UP);
    rig_end(&r);
}
END_TEST

/* A router that knows no route says so, and a connection that is being opened ends (RFC 1122
 * 4.2.3.9, Linux: at once). */
START_TEST(connect_unreachable)
{
    struct network *net = network_new("net", 1);
    struct node *a = net_host(net, "a"), *router = net_router(net, "r");
    struct socket_addr to = { .port = 80 };

    net_link(net, a, router, 100000000, SIM_MS);
    network_prepare(net);
    struct socket *c = socket_new(node_sockets(a), SOCKET_STREAM);
    to.addr = ip_addr_of_v4(0xc0a80909);
    ck_assert_int_eq(socket_connect(c, &to), -EINPROGRESS);
    net_run(net, SIM_S);
    ck_assert_int_eq(socket_connect(c, &to), -ENETUNREACH);
    socket_close(c);
    net_end(net);
}
END_TEST

/* ip(7), bind(2). */
START_TEST(bind_takes_a_port)
{
    struct sockrig r = rig_new();
    struct socket_addr any = { .port = 80 }, own = rig_addr(r.b, 80), other = rig_addr(r.a, 81);
    struct socket *s = socket_new(r.at_b, SOCKET_STREAM), *t = socket_new(r.at_b, SOCKET_STREAM);

    ck_assert_int_eq(socket_bind(s, &any), 0);
    ck_assert_int_eq(socket_bind(s, &any), -EINVAL);
    ck_assert_int_eq(socket_bind(t, &any), -EADDRINUSE);
    ck_assert_int_eq(socket_bind(t, &own), -EADDRINUSE); /* "any" is among all */
    ck_assert_int_eq(socket_bind(t, &other), -EADDRNOTAVAIL);
    rig_sysctl(r.b, "net.ipv4.ip_nonlocal_bind", "1");
    ck_assert_int_eq(socket_bind(t, &other), 0);
    socket_close(s);
    s = socket_new(r.at_b, SOCKET_STREAM);
    ck_assert_int_eq(socket_bind(s, &own), 0);
    rig_end(&r);
}
END_TEST

/* socket(7), SO_REUSEADDR: both must say so, and it does not help against a listener. */
START_TEST(reuseaddr)
{
    struct sockrig r = rig_new();
    struct socket_addr any = { .port = 80 };
    struct socket *s = socket_new(r.at_b, SOCKET_STREAM), *t = socket_new(r.at_b, SOCKET_STREAM);

    ck_assert_int_eq(rig_set(s, "SO_REUSEADDR", 1), 0);
    ck_assert_int_eq(socket_bind(s, &any), 0);
    ck_assert_int_eq(socket_bind(t, &any), -EADDRINUSE);
    ck_assert_int_eq(rig_set(t, "SO_REUSEADDR", 1), 0);
    ck_assert_int_eq(socket_bind(t, &any), 0);
    ck_assert_int_eq(socket_listen(s, 1), 0);
    ck_assert_int_eq(socket_listen(t, 1), -EADDRINUSE);
    rig_end(&r);
}
END_TEST

/* Who closes first keeps the port in TIME_WAIT, and the server cannot be started again for a minute
 * unless it says SO_REUSEADDR. */
START_TEST(reuseaddr_and_time_wait)
{
    for (int reuse = 0; reuse < 2; reuse++) {
        struct sockrig r = rig_new();
        struct socket_addr any = { .port = 80 };
        r.listener = socket_new(r.at_b, SOCKET_STREAM);
        rig_set(r.listener, "SO_REUSEADDR", reuse);
        ck_assert_int_eq(socket_bind(r.listener, &any), 0);
        ck_assert_int_eq(socket_listen(r.listener, 1), 0);
        rig_connect(&r);
        socket_close(r.server);
        socket_close(r.listener);
        rig_run(&r, SIM_S);
        socket_close(r.client);
        rig_run(&r, SIM_S);
        struct socket *again = socket_new(r.at_b, SOCKET_STREAM);
        rig_set(again, "SO_REUSEADDR", reuse);
        ck_assert_int_eq(socket_bind(again, &any), reuse ? 0 : -EADDRINUSE);
        rig_run(&r, 61 * SIM_S);
        ck_assert_int_eq(socket_bind(again, &any), reuse ? -EINVAL : 0);
        rig_end(&r);
    }
}
END_TEST

/* ip(7): port 0 is one of ip_local_port_range.  Linux gives bind() the parity that connect() leaves
 * alone: the range begins with 32768, so bind takes odd ports first. */
START_TEST(ephemeral_ports)
{
    struct sockrig r = rig_new();
    struct socket_addr any = { .port = 0 }, name, to = rig_addr(r.b, 80);
    struct socket *s;

    rig_listen(&r, 80, 100);
    for (int i = 0; i < 50; i++) {
        s = socket_new(r.at_a, SOCKET_STREAM);
        ck_assert_int_eq(socket_bind(s, &any), 0);
        socket_name(s, &name);
        ck_assert_uint_ge(name.port, 32768);
        ck_assert_uint_le(name.port, 60999);
        ck_assert_uint_eq(name.port % 2, 1);
        s = socket_new(r.at_a, SOCKET_STREAM);
        ck_assert_int_eq(socket_connect(s, &to), -EINPROGRESS);
        socket_name(s, &name);
        ck_assert_uint_eq(name.port % 2, 0);
    }
    rig_end(&r);
}
END_TEST

/* connect(2), bind(2): EADDRNOTAVAIL, EADDRINUSE when the range is used up. */
START_TEST(ports_exhausted)
{
    struct sockrig r = rig_new();
    struct socket_addr any = { .port = 0 }, to = rig_addr(r.b, 80);
    struct socket *s;

    rig_sysctl(r.a, "net.ipv4.ip_local_port_range", "40000 40003");
    for (int i = 0; i < 4; i++) {
        s = socket_new(r.at_a, SOCKET_STREAM);
        ck_assert_int_eq(i % 2 ? socket_connect(s, &to) : socket_bind(s, &any),
                         i % 2 ? -EINPROGRESS : 0);
    }
    s = socket_new(r.at_a, SOCKET_STREAM);
    ck_assert_int_eq(socket_connect(s, &to), -EADDRNOTAVAIL);
    ck_assert_int_eq(socket_bind(s, &any), -EADDRINUSE);
    rig_end(&r);
}
END_TEST

/* listen(2): without bind an ephemeral port; again, another backlog; not when connected. accept(2):
 * EINVAL without listen. */
START_TEST(listening)
{
    struct sockrig r = rig_new();
    struct socket_addr name, to = rig_addr(r.b, 80);
    struct socket *l = socket_new(r.at_b, SOCKET_STREAM), *s;

    ck_assert_int_eq(socket_accept(l, &s), -EINVAL);
    ck_assert_int_eq(socket_listen(l, 5), 0);
    socket_name(l, &name);
    ck_assert_uint_ge(name.port, 32768);
    ck_assert_int_eq(rig_get(l, "SO_ACCEPTCONN"), 1);
    ck_assert_uint_eq(rig_info(l).state, 10);
    ck_assert_uint_eq(rig_info(l).sacked, 5);
    ck_assert_uint_eq(rig_info(l).rto + rig_info(l).snd_mss + rig_info(l).min_rtt, 0);
    ck_assert_int_eq(socket_listen(l, 7), 0);
    ck_assert_uint_eq(rig_info(l).sacked, 7);
    ck_assert_int_eq(socket_listen(l, -1), 0); /* as much as somaxconn allows */
    ck_assert_uint_eq(rig_info(l).sacked, 4096);
    ck_assert_int_eq(rig_recv_status(l), -ENOTCONN);
    ck_assert_int_eq(rig_send(l, "x"), -EPIPE);
    ck_assert_int_eq(socket_inq(l), -EINVAL);
    rig_connect(&r);
    ck_assert_int_eq(socket_listen(r.client, 1), -EINVAL);
    ck_assert_int_eq(socket_connect(r.listener, &to), -EISCONN);
    rig_end(&r);
}
END_TEST

/* tcp(7), TCP_DEFER_ACCEPT: 1 s is one time-out of the SYN-ACK.  The ACK alone wakes nobody; data
 * does; without any, the SYN-ACK that is repeated after a second brings the last chance. */
START_TEST(defer_accept)
{
    struct sockrig r = rig_new();
    struct socket_addr to = rig_addr(r.b, 80);
    struct socket *l = rig_listen(&r, 80, 5), *c = socket_new(r.at_a, SOCKET_STREAM), *s;

    ck_assert_int_eq(rig_set(l, "TCP_DEFER_ACCEPT", 1), 0);
    ck_assert_int_eq(rig_get(l, "TCP_DEFER_ACCEPT"), 1);
    ck_assert_int_eq(socket_connect(c, &to), -EINPROGRESS);
    rig_run(&r, 500 * SIM_MS);
    ck_assert_uint_eq(socket_poll(c), SOCKET_OUT); /* for the client it is open */
    ck_assert_int_eq(socket_accept(l, &s), -EAGAIN);
    ck_assert_int_eq(rig_send(c, "hello"), 5);
    rig_run(&r, 100 * SIM_MS);
    ck_assert_int_eq(socket_accept(l, &s), 0);
    ck_assert_recv(s, "hello");

    c = socket_new(r.at_a, SOCKET_STREAM);
    ck_assert_int_eq(socket_connect(c, &to), -EINPROGRESS);
    rig_run(&r, 900 * SIM_MS);
    ck_assert_int_eq(socket_accept(l, &s), -EAGAIN);
    rig_run(&r, 300 * SIM_MS);
    ck_assert_int_eq(socket_accept(l, &s), 0);
    rig_end(&r);
}
END_TEST

/* tcp(7), TCP_QUICKACK off before connect: the handshake's ACK waits 200 ms for data to ride on
 * (Linux: TCP_DELACK_MAX).  The same with TCP_DEFER_ACCEPT on the client. */
START_TEST(handshake_ack_waits)
{
    for (int i = 0; i < 4; i++) {
        struct sockrig r = rig_new();
        struct socket_addr to = rig_addr(r.b, 80);
        struct socket *c = socket_new(r.at_a, SOCKET_STREAM);
        rig_listen(&r, 80, 5);
        ck_assert_int_eq(i < 2 ? rig_set(c, "TCP_QUICKACK", 0) : rig_set(c, "TCP_DEFER_ACCEPT", 1),
                         0);
        ck_assert_int_eq(socket_connect(c, &to), -EINPROGRESS);
        rig_run(&r, 100 * SIM_MS); /* ARP and a round trip are 40 ms */
        ck_assert_int_eq(socket_connect(c, &to), 0);
        ck_assert_uint_eq(rig_info(c).segs_out, 1);
        if (i % 2)
            rig_send(c, "request");
        else
            rig_run(&r, 130 * SIM_MS);
        ck_assert_uint_eq(rig_info(c).segs_out, i % 2 ? 2 : 1);
        rig_run(&r, 15 * SIM_MS);
        ck_assert_uint_eq(rig_info(c).segs_out, 2);
        rig_end(&r);
    }
}
END_TEST

/* ip(7), IP_BIND: a connection leaves from the address and port its socket is bound to. */
START_TEST(bound_client)
{
    struct sockrig r = rig_new();
    struct socket_addr own = rig_addr(r.a, 5555), peer, to = rig_addr(r.b, 80);
    struct socket *second = socket_new(r.at_a, SOCKET_STREAM);

    r.client = socket_new(r.at_a, SOCKET_STREAM);
    rig_set(r.client, "SO_REUSEADDR", 1);
    rig_set(second, "SO_REUSEADDR", 1);
    ck_assert_int_eq(socket_bind(r.client, &own), 0);
    ck_assert_int_eq(socket_bind(second, &own), 0);
    rig_connect(&r);
    ck_assert_int_eq(socket_peer(r.server, &peer), 0);
    ck_assert_uint_eq(peer.port, 5555);
    ck_assert_int_eq(socket_connect(second, &to), -EADDRNOTAVAIL); /* the same four numbers */
    rig_end(&r);
}
END_TEST

/* IP_LOCAL_PORT_RANGE: connect chooses of these, of either parity; those outside of the host's
 * range do not count (ip(7), Linux's inet_sk_get_local_port_range). */
START_TEST(port_range_of_its_own)
{
    struct sockrig r = rig_new();
    struct socket_addr to = rig_addr(r.b, 80), name;
    unsigned used = 0;

    rig_listen(&r, 80, 5);
    for (int i = 0; i < 5; i++) {
        struct socket *c = socket_new(r.at_a, SOCKET_STREAM);
        ck_assert_int_eq(rig_get(c, "IP_LOCAL_PORT_RANGE"), 0);
        ck_assert_int_eq(rig_set(c, "IP_LOCAL_PORT_RANGE", (int)(40000u << 16 | 40001)), -EINVAL);
        ck_assert_int_eq(rig_set(c, "IP_LOCAL_PORT_RANGE", (int)(40003u << 16 | 40000)), 0);
        ck_assert_int_eq(rig_get(c, "IP_LOCAL_PORT_RANGE"), (int)(40003u << 16 | 40000));
        ck_assert_int_eq(socket_connect(c, &to), i < 4 ? -EINPROGRESS : -EADDRNOTAVAIL);
        socket_name(c, &name);
        used |= i < 4 ? 1u << (name.port - 40000) : 0;
    }
    ck_assert_uint_eq(used, 15);
    struct socket *c = socket_new(r.at_a, SOCKET_STREAM);
    ck_assert_int_eq(rig_set(c, "IP_LOCAL_PORT_RANGE", (int)(32769u << 16 | 100)), 0);
    ck_assert_int_eq(socket_bind(c, &(struct socket_addr){ .port = 0 }), 0);
    socket_name(c, &name);
    ck_assert(name.port == 32768 || name.port == 32769);
    rig_end(&r);
}
END_TEST

/* connect(2): "Protocol sockets ... may dissolve the association by connecting to an address with
 * sa_family AF_UNSPEC"; as Linux's tcp_disconnect: the peer is reset, the socket is new but for
 * ECONNRESET, and one that was accepted gives its listener's port up (observed under Linux 6.18:
 * the next connect draws an ephemeral one). */
START_TEST(dissolved)
{
    struct sockrig r = rig_new();
    struct socket_addr name;

    rig_connect(&r);
    ck_assert_int_eq(socket_disconnect(r.client), 0);
    ck_assert_int_eq(socket_state(r.client), TCP_CLOSED);
    ck_assert_int_eq(rig_get(r.client, "SO_ERROR"), ECONNRESET);
    rig_run(&r, 100 * SIM_MS);
    ck_assert_int_eq(rig_get(r.server, "SO_ERROR"), ECONNRESET);
    rig_connect(&r); /* the same socket, the same listener */
    ck_assert_int_eq(socket_disconnect(r.server), 0);
    socket_disconnect(r.client);
    struct socket_addr to = rig_addr(r.a, 90), any = { .port = 90 };
    struct socket *other = socket_new(r.at_a, SOCKET_STREAM), *accepted;
    ck_assert_int_eq(socket_bind(other, &any), 0);
    ck_assert_int_eq(socket_listen(other, 1), 0);
    ck_assert_int_eq(socket_connect(r.server, &to), -EINPROGRESS);
    rig_run(&r, 100 * SIM_MS);
    ck_assert_int_eq(socket_accept(other, &accepted), 0);
    ck_assert_int_eq(socket_peer(accepted, &name), 0);
    ck_assert_uint_ge(name.port, 32768);
    ck_assert_int_eq(socket_disconnect(other), 0);
    ck_assert_int_eq(socket_state(other), TCP_CLOSED);
    ck_assert_int_eq(rig_get(other, "SO_ERROR"), 0);
    rig_end(&r);
}
END_TEST

/* IP_BIND_ADDRESS_NO_PORT (ip(7)): bind without a port leaves it to connect, or to listen. */
START_TEST(bind_without_a_port)
{
    struct sockrig r = rig_new();
    struct socket_addr to = rig_addr(r.b, 80), own = rig_addr(r.a, 0), name;
    struct socket *c = socket_new(r.at_a, SOCKET_STREAM), *l = socket_new(r.at_a, SOCKET_STREAM);

    ck_assert_int_eq(rig_set(c, "IP_BIND_ADDRESS_NO_PORT", 1), 0);
    ck_assert_int_eq(rig_get(c, "IP_BIND_ADDRESS_NO_PORT"), 1);
    ck_assert_int_eq(socket_bind(c, &own), 0);
    socket_name(c, &name);
    ck_assert(ip_addr_equal(&name.addr, &own.addr) && name.port == 0);
    ck_assert_int_eq(socket_bind(c, &own), 0);
    ck_assert_int_eq(socket_connect(c, &to), -EINPROGRESS);
    socket_name(c, &name);
    ck_assert(ip_addr_equal(&name.addr, &own.addr) && name.port != 0);
    rig_set(l, "IP_BIND_ADDRESS_NO_PORT", 1);
    ck_assert_int_eq(socket_bind(l, &own), 0);
    ck_assert_int_eq(socket_listen(l, 1), 0);
    socket_name(l, &name);
    ck_assert(ip_addr_equal(&name.addr, &own.addr) && name.port != 0);
    rig_end(&r);
}
END_TEST

/* Reset with data unread before it is accepted: the first call is told, then the data is read, and
 * nothing more comes (Linux 6.18, over a TUN device: write ECONNRESET, read the bytes, read 0). */
START_TEST(reset_before_accept)
{
    struct sockrig r = rig_new();
    struct socket_addr to = rig_addr(r.b, 80);
    struct socket_linger hard = { 1, 0 };

    r.listener = rig_listen(&r, 80, 10);
    r.client = socket_new(r.at_a, SOCKET_STREAM);
    socket_connect(r.client, &to);
    rig_run(&r, 100 * SIM_MS);
    ck_assert_int_eq(rig_send(r.client, "last words"), 10);
    rig_run(&r, 100 * SIM_MS);
    socket_set_option(r.client, socket_option_named("SO_LINGER"), &hard, sizeof hard);
    socket_close(r.client);
    rig_run(&r, 100 * SIM_MS);
    ck_assert_int_eq(socket_accept(r.listener, &r.server), 0);
    ck_assert_int_eq(rig_send(r.server, "hello"), -ECONNRESET);
    ck_assert_recv(r.server, "last words");
    ck_assert_int_eq(rig_recv_status(r.server), 0);
    rig_end(&r);
}
END_TEST

/* Linux's tcp_twsk_unique: who is bound to a port may connect from it again at once, whatever
 * net.ipv4.tcp_tw_reuse says, if both ends stamped their segments. */
static int connect_again(const char *timestamps)
{
    struct sockrig r = rig_new();
    struct socket_addr to = rig_addr(r.b, 80), own = { .port = 5000 };
    struct socket *l = rig_listen(&r, 80, 1), *s;
    int error = 0;

    rig_sysctl(r.a, "net.ipv4.tcp_timestamps", timestamps);
    rig_sysctl(r.a, "net.ipv4.tcp_tw_reuse", "0");
    for (int i = 0; i < 2; i++) {
        struct socket *c = socket_new(r.at_a, SOCKET_STREAM);
        rig_set(c, "SO_REUSEADDR", 1);
        ck_assert_int_eq(socket_bind(c, &own), 0);
        error = socket_connect(c, &to);
        rig_run(&r, SIM_S);
        socket_close(c);
        if (socket_accept(l, &s) == 0)
            socket_close(s);
        rig_run(&r, SIM_S);
    }
    rig_end(&r);
    return error;
}

START_TEST(bound_port_in_time_wait)
{
    ck_assert_int_eq(connect_again("1"), -EINPROGRESS);
    ck_assert_int_eq(connect_again("0"), -EADDRNOTAVAIL);
}
END_TEST

SUITE("models/socket: open", connect_without_blocking, connect_refused, connect_timed_out,
      connect_to_nobody, connect_unreachable, bind_takes_a_port, reuseaddr, reuseaddr_and_time_wait,
      ephemeral_ports, ports_exhausted, listening, defer_accept, handshake_ack_waits, bound_client,
      port_range_of_its_own, bind_without_a_port, bound_port_in_time_wait, dissolved,
      reset_before_accept)
