/* Data through sockets: send(2), recv(2), poll(2), socket(7), tcp(7), as Linux does it. */
#include "tests/support/sockets.h"
#include "tests/support/suite.h"

/* A stream keeps bytes, not writes. */
START_TEST(bytes_travel)
{
    struct sockrig r = rig_new();
    char three[3];

    rig_connect(&r);
    ck_assert_int_eq(rig_send(r.client, "GET "), 4);
    ck_assert_int_eq(rig_send(r.client, "/ "), 2);
    ck_assert_int_eq(rig_send(r.client, "HTTP/1.0\r\n"), 10);
    ck_assert_int_eq(rig_recv_status(r.server), -EAGAIN);
    rig_run(&r, 200 * SIM_MS);
    ck_assert_uint_eq(socket_poll(r.server), SOCKET_IN | SOCKET_OUT);
    ck_assert_int_eq(socket_inq(r.server), 16);
    ck_assert_int_eq(socket_recv(r.server, three, 3, 0, NULL), 3);
    ck_assert_int_eq(memcmp(three, "GET", 3), 0);
    ck_assert_recv(r.server, " / HTTP/1.0\r\n");
    ck_assert_int_eq(rig_send(r.server, ""), 0);
    ck_assert_int_eq(rig_recv_status(r.server), -EAGAIN);
    rig_end(&r);
}
END_TEST

/* recv(2): MSG_PEEK leaves the data; tcp(7): MSG_TRUNC throws it away. */
START_TEST(peek_and_trunc)
{
    struct sockrig r = rig_new();
    char out[8] = { 0 };

    rig_connect(&r);
    rig_send(r.client, "abc");
    rig_run(&r, 100 * SIM_MS);
    rig_send(r.client, "def");
    rig_run(&r, 100 * SIM_MS);
    ck_assert_int_eq(socket_recv(r.server, out, 5, SOCKET_MSG_PEEK, NULL), 5);
    ck_assert_str_eq(out, "abcde");
    ck_assert_int_eq(socket_inq(r.server), 6);
    ck_assert_int_eq(socket_recv(r.server, NULL, 4, SOCKET_MSG_TRUNC, NULL), 4);
    ck_assert_recv(r.server, "ef");
    rig_end(&r);
}
END_TEST

/* tcp(7): SIOCOUTQ is what is not acknowledged, SIOCOUTQNSD what is not even sent.  Ten segments of
 * 1448 bytes leave at once (initial window). */
START_TEST(queues)
{
    struct sockrig r = rig_new();
    static char data[16000];

    rig_connect(&r);
    ck_assert_int_eq(socket_outq(r.client), 0);
    ck_assert_int_eq(socket_send(r.client, data, sizeof data, 0, NULL), sizeof data);
    ck_assert_int_eq(socket_outq(r.client), 16000);
    ck_assert_int_eq(socket_outq_unsent(r.client), 16000 - 14480);
    rig_run(&r, SIM_S);
    ck_assert_int_eq(socket_outq(r.client), 0);
    ck_assert_int_eq(socket_outq_unsent(r.client), 0);
    ck_assert_int_eq(socket_inq(r.server), 16000);
    rig_end(&r);
}
END_TEST

struct counter {
    struct socket_waiter waiter;
    unsigned events;
    int calls;
};

static void count(struct socket_waiter *waiter, struct socket *socket, unsigned events)
{
    struct counter *c = container_of(waiter, struct counter, waiter);

    c->events |= events;
    c->calls++;
}

static void counter_init(struct counter *c, struct socket *socket, unsigned events)
{
    *c = (struct counter){ .waiter = { .events = events, .wake = count } };
    list_init(&c->waiter.link);
    socket_wait(socket, &c->waiter);
}

static int64_t fill(struct socket *socket)
{
    static char data[100000];
    int64_t sent = 0, n;

    while ((n = socket_send(socket, data, sizeof data, 0, NULL)) > 0)
        sent += n;
    ck_assert_int_eq(n, -EAGAIN);
    return sent;
}

static int64_t drain(struct socket *socket)
{
    static char data[100000];
    int64_t got = 0, n;

    while ((n = socket_recv(socket, data, sizeof data, 0, NULL)) > 0)
        got += n;
    return got;
}

/* A full send buffer: EAGAIN, and writable again when a third of it is free.  Then the receiver's
 * buffer is full as well, and nothing moves until it reads. */
START_TEST(full_buffer)
{
    struct sockrig r = rig_new();
    struct counter c;
    int64_t sent = 0, got = 0;

    rig_connect(&r);
    rig_set(r.client, "SO_SNDBUF", 10000);
    counter_init(&c, r.client, SOCKET_OUT);
    while (socket_poll(r.client) & SOCKET_OUT) {
        sent += fill(r.client);
        ck_assert_uint_eq(socket_poll(r.client), 0);
        c.calls = 0;
        rig_run(&r, SIM_S);
        ck_assert_int_eq(c.calls > 0, socket_poll(r.client) == SOCKET_OUT);
    }
    ck_assert_int_gt(socket_inq(r.server), 50000);
    for (int i = 0; i < 10; i++, rig_run(&r, SIM_S))
        got += drain(r.server);
    ck_assert_int_eq(got, sent);
    ck_assert_int_gt(c.calls, 0);
    ck_assert_int_eq(socket_outq(r.client), 0);
    socket_unwait(&c.waiter);
    rig_end(&r);
}
END_TEST

/* socket(7), SO_RCVLOWAT: below it poll does not say readable, though recv gives what there is. */
START_TEST(low_water_mark)
{
    struct sockrig r = rig_new();
    struct counter c;

    rig_connect(&r);
    ck_assert_int_eq(rig_set(r.server, "SO_RCVLOWAT", 10), 0);
    counter_init(&c, r.server, SOCKET_IN);
    rig_send(r.client, "12345");
    rig_run(&r, SIM_S);
    ck_assert_uint_eq(socket_poll(r.server), SOCKET_OUT);
    ck_assert_int_eq(c.calls, 0);
    rig_send(r.client, "67890");
    rig_run(&r, SIM_S);
    ck_assert_uint_eq(socket_poll(r.server), SOCKET_IN | SOCKET_OUT);
    ck_assert_int_eq(c.calls, 1);
    ck_assert_recv(r.server, "1234567890");
    rig_send(r.client, "x");
    rig_run(&r, SIM_S);
    ck_assert_recv(r.server, "x");
    socket_unwait(&c.waiter);
    rig_end(&r);
}
END_TEST

/* tcp(7), TCP_CORK, and send(2), MSG_MORE: partial segments wait; nothing but full ones leaves. */
START_TEST(cork_and_more)
{
    for (int more = 0; more < 2; more++) {
        struct sockrig r = rig_new();
        rig_connect(&r);
        uint32_t before = rig_info(r.client).data_segs_out;
        if (!more)
            rig_set(r.client, "TCP_CORK", 1);
        for (int i = 0; i < 5; i++)
            ck_assert_int_eq(
                socket_send(r.client, "0123456789", 10, more ? SOCKET_MSG_MORE : 0, NULL), 10);
        ck_assert_uint_eq(rig_info(r.client).data_segs_out, before);
        ck_assert_uint_eq(rig_info(r.client).notsent_bytes, 50);
        if (more)
            ck_assert_int_eq(socket_send(r.client, "!", 1, 0, NULL), 1);
        else
            rig_set(r.client, "TCP_CORK", 0);
        ck_assert_uint_eq(rig_info(r.client).data_segs_out, before + 1);
        rig_run(&r, SIM_S);
        ck_assert_int_eq(socket_inq(r.server), more ? 51 : 50);
        rig_end(&r);
    }
}
END_TEST

/* send(2), MSG_EOR: what follows begins a segment of its own.  While the first segment is not
 * acknowledged two small writes wait, and leave together, or one after the other. */
START_TEST(end_of_record)
{
    for (int eor = 0; eor < 2; eor++) {
        struct sockrig r = rig_new();
        rig_connect(&r);
        uint32_t before = rig_info(r.client).data_segs_out;
        rig_send(r.client, "a");
        ck_assert_int_eq(socket_send(r.client, "b", 1, eor ? SOCKET_MSG_EOR : 0, NULL), 1);
        rig_send(r.client, "c");
        rig_run(&r, SIM_S);
        ck_assert_uint_eq(rig_info(r.client).data_segs_out, before + (eor ? 3 : 2));
        ck_assert_recv(r.server, "abc");
        rig_end(&r);
    }
}
END_TEST

/* RFC 896: a small segment waits while another is unacknowledged, unless TCP_NODELAY. */
START_TEST(nodelay)
{
    for (int on = 0; on < 2; on++) {
        struct sockrig r = rig_new();
        rig_connect(&r);
        rig_set(r.client, "TCP_NODELAY", on);
        uint32_t before = rig_info(r.client).data_segs_out;
        for (int i = 0; i < 3; i++)
            rig_send(r.client, "x");
        ck_assert_uint_eq(rig_info(r.client).data_segs_out, before + (on ? 3 : 1));
        rig_set(r.client, "TCP_NODELAY", 1); /* tcp(7): pushes what waits */
        ck_assert_uint_eq(rig_info(r.client).data_segs_out, before + (on ? 3 : 2));
        rig_end(&r);
    }
}
END_TEST

/* tcp(7), TCP_NOTSENT_LOWAT: not writable while more than that is unsent. */
START_TEST(notsent_lowat)
{
    struct sockrig r = rig_new();
    static char data[100000];

    rig_connect(&r);
    ck_assert_int_eq(rig_set(r.client, "TCP_NOTSENT_LOWAT", 5000), 0);
    int64_t n = socket_send(r.client, data, sizeof data, 0, NULL);
    /* Linux fills a super-segment of half the peer's window (65160 / 2: 22 segments of 1448); the
     * initial window of it leaves, and the segment is filled up again, by 10, since only a new one
     * asks for room.  The rest is more than 5000 bytes. */
    ck_assert_int_eq(n, (22 + 10) * 1448);
    ck_assert_uint_eq(socket_poll(r.client), 0);
    ck_assert_int_eq(socket_send(r.client, data, 1, 0, NULL), -EAGAIN);
    rig_run(&r, 100 * SIM_MS);
    ck_assert_uint_eq(socket_poll(r.client), SOCKET_OUT);
    rig_end(&r);
}
END_TEST

/* send(2), recv(2) in states where they make no sense. */
START_TEST(not_connected)
{
    struct sockrig r = rig_new();
    struct socket *s = socket_new(r.at_a, SOCKET_STREAM);

    ck_assert_int_eq(rig_send(s, "x"), -EPIPE);
    ck_assert_int_eq(rig_recv_status(s), -ENOTCONN);
    ck_assert_int_eq(socket_shutdown(s, SOCKET_SHUT_RDWR), -ENOTCONN);
    ck_assert_int_eq(socket_inq(s), 0);
    ck_assert_int_eq(socket_outq(s), 0);
    ck_assert_int_eq(socket_send(s, "x", 1, SOCKET_MSG_OOB, NULL), -EPIPE);
    rig_end(&r);
}
END_TEST

/* Waiters are called in the order of their waiting, and only for what they wait for. */
static int turn;

struct place {
    struct socket_waiter waiter;
    int at;
};

static void take_place(struct socket_waiter *waiter, struct socket *socket, unsigned events)
{
    container_of(waiter, struct place, waiter)->at = ++turn;
}

START_TEST(waiters_in_order)
{
    struct sockrig r = rig_new();
    struct place p[3];

    rig_connect(&r);
    for (int i = 0; i < 3; i++) {
        p[i] = (struct place){ .waiter = { .events = i == 1 ? SOCKET_OUT : SOCKET_IN,
                                           .wake = take_place } };
        list_init(&p[i].waiter.link);
        socket_wait(r.server, &p[i].waiter);
    }
    turn = 0;
    rig_send(r.client, "x");
    rig_run(&r, SIM_S);
    ck_assert_int_eq(p[0].at, 1);
    ck_assert_int_eq(p[1].at, 0);
    ck_assert_int_eq(p[2].at, 2);
    rig_end(&r); /* a socket that is closed lets go of its waiters */
    ck_assert_int_eq(p[1].at, 4);
}
END_TEST

SUITE("models/socket: data", bytes_travel, peek_and_trunc, queues, full_buffer, low_water_mark,
      cork_and_more, end_of_record, nodelay, notsent_lowat, not_connected, waiters_in_order)
