/* TCP small queues: what a connection leaves in its host's queue (Linux's tcp_small_queue_check).
 *
 * 100 Mbit/s and a round trip of 20 ms: ten packets of 1448 bytes in 20 ms are 1.4 MB/s in slow
 * start (net.ipv4.tcp_pacing_ss_ratio 200 %), of which a millisecond is less than one packet.  So a
 * super-segment has net.ipv4.tcp_min_tso_segs = 2 packets, and two of them are the limit, which is
 * not to be reached: the account of a Linux socket (sk_wmem_alloc) begins with one. */
#include "tests/support/sockets.h"
#include "tests/support/suite.h"

enum { SUPER = 2 * 1448, DATA = 10 * 1448 };

/* On the wire a packet of 1448 bytes takes (1448 + 52 + 38) * 8 bits at 100 Mbit/s. */
#define PACKET_TIME (123040 * SIM_NS)

static struct sockrig rig_small_queues(const char *limit)
{
    struct sockrig r = rig_new();

    r.a->tcp->small_queues = true;
    rig_sysctl(r.a, "net.ipv4.tcp_autocorking", "0");
    if (limit)
        rig_sysctl(r.a, "net.ipv4.tcp_limit_output_bytes", limit);
    rig_connect(&r);
    return r;
}

static int64_t handed_down(const struct sockrig *r)
{
    return socket_outq(r->client) - socket_outq_unsent(r->client);
}

START_TEST(two_super_segments)
{
    struct sockrig r = rig_small_queues(NULL);
    static char data[DATA];

    ck_assert_int_eq(socket_send(r.client, data, DATA, 0, NULL), DATA);
    ck_assert_int_eq(handed_down(&r), 2 * SUPER);
    /* It goes on when some of the first is out, not before. */
    rig_run(&r, PACKET_TIME - SIM_US);
    ck_assert_int_eq(handed_down(&r), 2 * SUPER);
    rig_run(&r, 2 * SIM_US);
    ck_assert_int_eq(handed_down(&r), 3 * SUPER);
    rig_run(&r, SIM_S);
    ck_assert_int_eq(socket_outq(r.client), 0);
    ck_assert_int_eq(socket_inq(r.server), DATA);
    rig_end(&r);
}
END_TEST

/* tcp_limit_output_bytes limits who is not paced; two may be under way all the same, or ACKs might
 * not come, but the next one waits until both are out. */
START_TEST(limit_output_bytes)
{
    struct sockrig r = rig_small_queues("1");
    static char data[DATA];

    socket_send(r.client, data, DATA, 0, NULL);
    ck_assert_int_eq(handed_down(&r), 2 * SUPER);
    rig_run(&r, 4 * PACKET_TIME - SIM_US);
    ck_assert_int_eq(handed_down(&r), 2 * SUPER);
    rig_run(&r, 2 * SIM_US);
    ck_assert_int_eq(handed_down(&r), 3 * SUPER);
    rig_run(&r, SIM_S);
    ck_assert_int_eq(socket_inq(r.server), DATA);
    rig_end(&r);
}
END_TEST

/* net.ipv4.tcp_autocorking, seen on Linux 6.18 with writes behind 500 bytes in a slow queue: 500
 * and 300 are held, 900 are not. */
static int64_t held_behind_500(size_t length)
{
    struct sockrig r = rig_small_queues(NULL);
    static char data[1000];

    rig_sysctl(r.a, "net.ipv4.tcp_autocorking", "1");
    rig_set(r.client, "TCP_NODELAY", 1);
    socket_send(r.client, data, 500, 0, NULL);
    socket_send(r.client, data, length, 0, NULL);
    int64_t held = socket_outq_unsent(r.client);
    rig_run(&r, SIM_S);
    ck_assert_int_eq(socket_inq(r.server), 500 + (int)length);
    rig_end(&r);
    return held;
}

START_TEST(autocorking)
{
    ck_assert_int_eq(held_behind_500(300), 300);
    ck_assert_int_eq(held_behind_500(500), 500);
    ck_assert_int_eq(held_behind_500(900), 0);
}
END_TEST

/* The window alone is the limit where nothing is counted below. */
START_TEST(without)
{
    struct sockrig r = rig_new();
    static char data[DATA];

    rig_connect(&r);
    socket_send(r.client, data, DATA, 0, NULL);
    ck_assert_int_eq(handed_down(&r), DATA);
    rig_end(&r);
}
END_TEST

/* What waits below outlives its connection. */
START_TEST(closed_meanwhile)
{
    struct sockrig r = rig_small_queues(NULL);
    static char data[DATA];

    socket_send(r.client, data, DATA, 0, NULL);
    rig_linger(r.client, 1, 0);
    socket_close(r.client);
    rig_run(&r, SIM_S);
    ck_assert_int_eq(socket_state(r.server), TCP_CLOSED);
    rig_end(&r);
}
END_TEST

SUITE("protocols/tcp: small queues", two_super_segments, limit_output_bytes, autocorking, without,
      closed_meanwhile)
