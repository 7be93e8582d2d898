/* Multicast options of datagram sockets: ip(7), and the errno values that Linux 6.18 returned to
 * the same calls. */
#include "protocols/ip/state.h"
#include "tests/support/sockets.h"
#include "tests/support/suite.h"

static const uint8_t group[] = { 239, 1, 1, 1 };

static struct socket_addr group_addr(uint16_t port)
{
    return (struct socket_addr){ ip_addr_of_v4(0xef010101), port };
}

static struct socket *bound(struct sockets *at, uint16_t port)
{
    struct socket *s = socket_new(at, SOCKET_DGRAM);
    struct socket_addr any = { .port = port };
    int yes = 1;

    ck_assert_int_eq(socket_set_option(s, socket_option_named("SO_REUSEADDR"), &yes, sizeof yes),
                     0);
    ck_assert_int_eq(socket_bind(s, &any), 0);
    return s;
}

static int set(struct socket *s, const char *name, int value)
{
    return socket_set_option(s, socket_option_named(name), &value, sizeof value);
}

static int get(struct socket *s, const char *name)
{
    uint32_t length = sizeof(int);
    int value;

    ck_assert_int_eq(socket_get_option(s, socket_option_named(name), &value, &length), 0);
    return value;
}

/* IP_ADD_MEMBERSHIP or IP_DROP_MEMBERSHIP of 239.1.1.<last> with struct ip_mreq. */
static int member(struct socket *s, const char *name, uint8_t first, uint8_t last)
{
    uint8_t mreq[8] = { first, group[1], group[2], last };

    return socket_set_option(s, socket_option_named(name), mreq, sizeof mreq);
}

static int join(struct socket *s)
{
    return member(s, "IP_ADD_MEMBERSHIP", 239, 1);
}

static int leave(struct socket *s)
{
    return member(s, "IP_DROP_MEMBERSHIP", 239, 1);
}

START_TEST(joining)
{
    struct sockrig r = rig_new();
    struct socket *s = bound(r.at_b, 5000);
    struct socket_addr to = group_addr(5000);
    struct socket *c = socket_new(r.at_a, SOCKET_DGRAM);

    ck_assert_int_eq(socket_send(c, "early", 5, 0, &to), 5);
    rig_run(&r, SIM_S);
    ck_assert_int_eq(rig_recv_status(s), -EAGAIN);
    ck_assert_int_eq(join(s), 0);
    ck_assert_int_eq(join(s), -EADDRINUSE);
    ck_assert_int_eq(member(s, "IP_ADD_MEMBERSHIP", 10, 1), -EINVAL);
    ck_assert_int_eq(member(s, "IP_DROP_MEMBERSHIP", 239, 2), -EADDRNOTAVAIL);
    ck_assert_int_eq(socket_send(c, "one", 3, 0, &to), 3);
    rig_run(&r, SIM_S);
    ck_assert_recv(s, "one");
    ck_assert_int_eq(leave(s), 0);
    ck_assert_int_eq(leave(s), -EADDRNOTAVAIL);
    ck_assert_int_eq(socket_send(c, "late", 4, 0, &to), 4);
    rig_run(&r, SIM_S);
    ck_assert_int_eq(rig_recv_status(s), -EAGAIN);
    rig_end(&r);
}
END_TEST

/* net.ipv4.igmp_max_memberships: 20 of a socket. */
START_TEST(the_twenty_first_is_too_many)
{
    struct sockrig r = rig_new();
    struct socket *s = socket_new(r.at_a, SOCKET_DGRAM);

    for (uint8_t i = 1; i <= 20; i++)
        ck_assert_int_eq(member(s, "IP_ADD_MEMBERSHIP", 239, i), 0);
    ck_assert_int_eq(member(s, "IP_ADD_MEMBERSHIP", 239, 21), -ENOBUFS);
    rig_end(&r);
}
END_TEST

/* Each socket that fits gets its own; who is bound to the group hears nothing else. */
START_TEST(several_members)
{
    struct sockrig r = rig_new();
    struct socket_addr to = group_addr(5000), unicast = rig_addr(r.b, 5000);
    struct socket *s = bound(r.at_b, 5000), *t = socket_new(r.at_b, SOCKET_DGRAM);
    struct socket *c = socket_new(r.at_a, SOCKET_DGRAM);

    ck_assert_int_eq(set(t, "SO_REUSEADDR", 1), 0);
    ck_assert_int_eq(socket_bind(t, &to), 0);
    ck_assert_int_eq(join(s), 0);
    ck_assert_int_eq(socket_send(c, "all", 3, 0, &to), 3);
    ck_assert_int_eq(socket_send(c, "one", 3, 0, &unicast), 3);
    rig_run(&r, SIM_S);
    ck_assert_recv(s, "all");
    ck_assert_recv(t, "all");
    ck_assert_recv(s, "one");
    ck_assert_int_eq(rig_recv_status(t), -EAGAIN);
    socket_close(s); /* leaves */
    ck_assert_int_eq(socket_send(c, "none", 4, 0, &to), 4);
    rig_run(&r, SIM_S);
    ck_assert_int_eq(rig_recv_status(t), -EAGAIN);
    /* From a socket that is bound to a group, datagrams come from the host's own address. */
    unicast = rig_addr(r.a, 6000);
    c = bound(r.at_a, 6000);
    ck_assert_int_eq(socket_send(t, "back", 4, 0, &unicast), 4);
    rig_run(&r, SIM_S);
    struct socket_addr from, b = rig_addr(r.b, 5000);
    char out[8];
    ck_assert_int_eq(socket_recv(c, out, sizeof out, 0, &from), 4);
    ck_assert(ip_addr_equal(&from.addr, &b.addr));
    rig_end(&r);
}
END_TEST

/* IP_MULTICAST_LOOP is on unless it is switched off; IP_MULTICAST_TTL is 1, and 0 keeps datagrams
 * on the host. */
START_TEST(loop_and_ttl)
{
    struct sockrig r = rig_new();
    struct socket_addr to = group_addr(5000);
    struct socket *here = bound(r.at_a, 5000), *there = bound(r.at_b, 5000);
    struct socket *c = socket_new(r.at_a, SOCKET_DGRAM);

    ck_assert_int_eq(join(here), 0);
    ck_assert_int_eq(join(there), 0);
    ck_assert_int_eq(get(c, "IP_MULTICAST_LOOP"), 1);
    ck_assert_int_eq(get(c, "IP_MULTICAST_TTL"), 1);
    ck_assert_int_eq(socket_send(c, "x", 1, 0, &to), 1);
    rig_run(&r, SIM_S);
    ck_assert_recv(here, "x");
    ck_assert_recv(there, "x");
    ck_assert_int_eq(set(c, "IP_MULTICAST_LOOP", 0), 0);
    ck_assert_int_eq(socket_send(c, "y", 1, 0, &to), 1);
    rig_run(&r, SIM_S);
    ck_assert_int_eq(rig_recv_status(here), -EAGAIN);
    ck_assert_recv(there, "y");
    ck_assert_int_eq(set(c, "IP_MULTICAST_LOOP", 1), 0);
    ck_assert_int_eq(set(c, "IP_MULTICAST_TTL", 256), -EINVAL);
    ck_assert_int_eq(set(c, "IP_MULTICAST_TTL", 0), 0);
    ck_assert_int_eq(socket_send(c, "z", 1, 0, &to), 1);
    rig_run(&r, SIM_S);
    ck_assert_recv(here, "z");
    ck_assert_int_eq(rig_recv_status(there), -EAGAIN);
    ck_assert_uint_eq(drops_packets(&r.a->drops, &drop_stays), 1);
    ck_assert_int_eq(set(c, "IP_MULTICAST_TTL", -1), 0);
    ck_assert_int_eq(get(c, "IP_MULTICAST_TTL"), 1);
    rig_end(&r);
}
END_TEST

/* IP_MULTICAST_IF and the forms of its argument; no such interface. */
START_TEST(interface_chosen)
{
    struct sockrig r = rig_new();
    struct socket *c = socket_new(r.at_a, SOCKET_DGRAM);
    const struct socket_option *o = socket_option_named("IP_MULTICAST_IF");
    struct socket_addr own = rig_addr(r.a, 0);
    struct socket_group mreqn = { .ifindex = 1 };
    be32 addr = put_be32(ip_addr_v4(&own.addr)), none = put_be32(0x01020304), out;
    uint32_t length = sizeof out;

    ck_assert_int_eq(socket_set_option(c, o, &addr, sizeof addr), 0);
    ck_assert_int_eq(socket_get_option(c, o, &out, &length), 0);
    ck_assert_mem_eq(&out, &addr, sizeof out);
    ck_assert_int_eq(socket_set_option(c, o, &none, sizeof none), -EADDRNOTAVAIL);
    ck_assert_int_eq(socket_set_option(c, o, &mreqn, sizeof mreqn), 0);
    ck_assert_int_eq(socket_set_option(c, o, &addr, 3), -EINVAL);
    mreqn.ifindex = 77;
    memcpy(&mreqn.group, group, sizeof group);
    ck_assert_int_eq(
        socket_set_option(c, socket_option_named("IP_ADD_MEMBERSHIP"), &mreqn, sizeof mreqn),
        -ENODEV);
    rig_end(&r);
}
END_TEST

SUITE("models/socket_multicast", joining, the_twenty_first_is_too_many, several_members,
      loop_and_ttl, interface_chosen)
