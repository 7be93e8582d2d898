/* Super-segments: what leaves together, and where PSH stands.  Linux 4.20 and later set PSH on each
 * super-segment of more than one packet; segmentation leaves it on the last packet (tcp(7) does not
 * say so, captures of any such host do). */
#include "tests/support/suite.h"
#include "tests/support/tcp_script.h"

static struct script *accepted(sim_time rtt)
{
    const struct tcphdr_options offer = script_offer(true, 7);
    struct script *s = script_new();

    script_gso(s);
    script_accept(s, NULL, &offer, rtt);
    return s;
}

static void expect_data(struct script *s, uint32_t seq, uint32_t length, bool push)
{
    script_expect(s, TH_ACK | (push ? TH_PSH : 0), seq, length, 1);
}

/* 10 ms, ten packets of 1000 bytes: twice the rate of 1 MB/s lasts 1 ms with 2 kB, which is two
 * packets: net.ipv4.tcp_min_tso_segs, too. */
START_TEST(two_at_least)
{
    struct script *s = accepted(10 * SIM_MS);

    script_write(s, 20000);
    for (uint32_t i = 0; i < 10; i++)
        expect_data(s, 1 + i * 1000, 1000, i % 2);
    script_expect_nothing(s);
    script_free(s);
}
END_TEST

/* A round trip of less than 2^9 us (net.ipv4.tcp_tso_rtt_log) makes them as large as they can be;
 * half a window is the limit, so that two are in flight. */
START_TEST(short_path)
{
    struct script *s = accepted(400 * SIM_US);

    script_write(s, 20000);
    for (uint32_t i = 0; i < 10; i++)
        expect_data(s, 1 + i * 1000, 1000, i == 4 || i == 9);
    script_free(s);
}
END_TEST

/* One packet may leave alone; a lone one has no PSH in the middle of a write. */
START_TEST(lone_packet)
{
    struct script *s = accepted(10 * SIM_MS);
    const uint32_t sacked[] = { 1001, 2001 };

    script_write(s, 20000);
    script_skip(s);
    script_run(s, 10 * SIM_MS);
    script_sack(s, 1, 1, 1, sacked); /* limited transmit (RFC 3042) */
    expect_data(s, 10001, 1000, false);
    script_expect_nothing(s);
    script_free(s);
}
END_TEST

/* Small writes are joined to packets of full size when there is room again; at a window of twenty
 * 1 ms of twice the rate is 3.9 kB. */
START_TEST(small_writes_join)
{
    struct script *s = accepted(10 * SIM_MS);

    script_write(s, 10000);
    script_skip(s);
    for (int i = 0; i < 6; i++)
        script_write(s, 500);
    script_expect_nothing(s);
    script_run(s, 10 * SIM_MS);
    script_ack(s, 1, 10001);
    expect_data(s, 10001, 1000, false);
    expect_data(s, 11001, 1000, false);
    expect_data(s, 12001, 1000, true);
    script_free(s);
}
END_TEST

/* MSG_EOR: what follows a record does not share a packet with it. */
START_TEST(record_ends)
{
    struct script *s = accepted(10 * SIM_MS);
    static const char bytes[400];

    script_write(s, 10000);
    script_skip(s);
    ck_assert_int_eq(tcp_send_bytes(s->owner.conn, bytes, 400, TCP_SEND_EOR), 400);
    script_write(s, 2000);
    script_run(s, 10 * SIM_MS);
    script_ack(s, 1, 10001);
    expect_data(s, 10001, 400, true);
    expect_data(s, 10401, 1000, false);
    expect_data(s, 11401, 1000, true);
    script_free(s);
}
END_TEST

/* A super-segment is acknowledged and SACKed by packets; what is lost of it is sent again alone. */
START_TEST(part_is_lost)
{
    struct script *s = accepted(400 * SIM_US);
    const uint32_t sacked[] = { 2001, 5001 };

    script_write(s, 5000);
    for (uint32_t i = 0; i < 5; i++)
        expect_data(s, 1 + i * 1000, 1000, i == 4);
    script_run(s, 400 * SIM_US);
    script_ack(s, 1, 1001);
    ck_assert_uint_eq(script_info(s).unacked, 4);
    script_sack(s, 1, 1001, 1, sacked);
    ck_assert_uint_eq(script_info(s).sacked, 3);
    expect_data(s, 1001, 1000, false);
    script_run(s, 400 * SIM_US);
    script_ack(s, 1, 5001);
    ck_assert_uint_eq(script_info(s).unacked, 0);
    script_free(s);
}
END_TEST

SUITE("protocols/tcp_tso", two_at_least, short_path, lone_packet, small_writes_join, record_ends,
      part_is_lost)
