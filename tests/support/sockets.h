/* Two hosts on a link and their sockets: for tests of models/socket/. */
#ifndef WEFT_TESTS_SUPPORT_SOCKETS_H
#define WEFT_TESTS_SUPPORT_SOCKETS_H

#include <errno.h>

#include "models/socket/socket.h"
#include "models/socket/tcp_info.h"
#include "tests/support/net.h"

struct sockrig {
    struct network *net;
    struct node *a, *b;
    struct link *link;
    struct sockets *at_a, *at_b;
    struct socket *client, *listener, *server; /* what rig_connect makes */
};

/* 100 Mbit/s, 10 ms each way. */
static inline struct sockrig rig_new(void)
{
    struct sockrig r = { .net = network_new("net", 1) };

    r.a = net_host(r.net, "a");
    r.b = net_host(r.net, "b");
    r.link = net_link(r.net, r.a, r.b, 100000000, 10 * SIM_MS);
    network_prepare(r.net);
    r.at_a = node_sockets(r.a);
    r.at_b = node_sockets(r.b);
    /* What is sent is off the host at once: sockets are looked at here, not queues below them. */
    r.a->tcp->small_queues = r.b->tcp->small_queues = false;
    return r;
}

static inline struct socket_addr rig_addr(struct node *node, uint16_t port)
{
    struct socket_addr addr = { .port = port };

    if (node)
        ck_assert(node_address(node, &addr.addr));
    return addr;
}

static inline void rig_run(struct sockrig *r, sim_time span)
{
    net_run(r->net, r->net->sim->now + span);
}

static inline struct socket *rig_listen(struct sockrig *r, uint16_t port, int backlog)
{
    struct socket *s = socket_new(r->at_b, SOCKET_STREAM);
    struct socket_addr any = { .port = port };

    ck_assert_int_eq(socket_bind(s, &any), 0);
    ck_assert_int_eq(socket_listen(s, backlog), 0);
    return s;
}

/* A client at a, connected to port 80 of b, whose side of it is `server`. */
static inline void rig_connect(struct sockrig *r)
{
    struct socket_addr to = rig_addr(r->b, 80);

    if (!r->listener)
        r->listener = rig_listen(r, 80, 10);
    if (!r->client)
        r->client = socket_new(r->at_a, SOCKET_STREAM);
    ck_assert_int_eq(socket_connect(r->client, &to), -EINPROGRESS);
    rig_run(r, 100 * SIM_MS);
    ck_assert_int_eq(socket_connect(r->client, &to), 0);
    ck_assert_int_eq(socket_accept(r->listener, &r->server), 0);
}

static inline int64_t rig_send(struct socket *s, const char *text)
{
    return socket_send(s, text, (uint32_t)strlen(text), 0, NULL);
}

/* Asserts that a read gives just this text. */
#define ck_assert_recv(s, text)                                          \
    do {                                                                 \
        char bytes_[256] = { 0 };                                        \
        int64_t n_ = socket_recv(s, bytes_, sizeof bytes_ - 1, 0, NULL); \
        ck_assert_int_eq(n_, (int64_t)strlen(text));                     \
        ck_assert_str_eq(bytes_, text);                                  \
    } while (0)

static inline int64_t rig_recv_status(struct socket *s)
{
    char byte;
    return socket_recv(s, &byte, 1, 0, NULL);
}

static inline int rig_get(struct socket *s, const char *name)
{
    int value = 0;
    uint32_t length = sizeof value;

    ck_assert_int_eq(socket_get_option(s, socket_option_named(name), &value, &length), 0);
    ck_assert_uint_eq(length, sizeof value);
    return value;
}

static inline int rig_set(struct socket *s, const char *name, int value)
{
    return socket_set_option(s, socket_option_named(name), &value, sizeof value);
}

static inline int rig_linger(struct socket *s, int on, int seconds)
{
    struct socket_linger linger = { on, seconds };
    return socket_set_option(s, socket_option_named("SO_LINGER"), &linger, sizeof linger);
}

static inline struct socket_tcp_info rig_info(struct socket *s)
{
    struct socket_tcp_info info;
    uint32_t length = sizeof info;

    ck_assert_int_eq(socket_get_option(s, socket_option_named("TCP_INFO"), &info, &length), 0);
    return info;
}

static inline void rig_sysctl(struct node *node, const char *name, const char *value)
{
    ck_assert(node_sysctl_set(node, name, value, NULL));
}

static inline void rig_end(struct sockrig *r)
{
    struct sockets *const sides[] = { r->at_a, r->at_b };

    for (int i = 0; i < 2; i++)
        while (sockets_first(sides[i]))
            socket_close(sockets_first(sides[i]));
    net_end(r->net);
}

#endif
