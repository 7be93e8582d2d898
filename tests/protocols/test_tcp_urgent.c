/* Urgent data as Linux 6.18 has it; what is expected was seen of a host that runs it. */
#include "tests/support/suite.h"
#include "tests/support/tcp_script.h"

#define RTT (10 * SIM_MS)

static struct script *established(const struct tcp_config *config)
{
    struct tcphdr_options offer = script_offer(true, 7);
    struct script *s = script_new();

    s->window = 1000;
    script_accept(s, config, &offer, RTT);
    return s;
}

/* The peer sends bytes [seq, seq + length) with an urgent pointer. */
static void urgent_in(struct script *s, uint32_t seq, uint32_t length, uint16_t pointer)
{
    script_inject(s, &(struct peer_seg){ .flags = TH_ACK | TH_PSH | (pointer ? TH_URG : 0),
                                         .seq = seq,
                                         .ack = 1,
                                         .length = length,
                                         .urgent = pointer });
}

/* Byte `at` (from 1) of what the peer sends. */
static uint8_t byte_of(uint32_t at)
{
    return *blob_span(&blob_pattern, at - 1, 1);
}

static uint32_t read_all(struct script *s)
{
    uint8_t buffer[100];
    return tcp_recv_bytes(s->owner.conn, buffer, sizeof buffer);
}

/* Stops in front of the byte, which is not counted; then passes over it. */
START_TEST(mark)
{
    struct script *s = established(NULL);
    struct tcp_conn *conn = s->owner.conn;
    uint8_t byte, buffer[100];

    ck_assert_int_eq(tcp_recv_urgent(conn, &byte, false), -EINVAL);
    urgent_in(s, 1, 5, 3);
    ck_assert(tcp_urgent_ready(conn));
    ck_assert(!tcp_at_mark(conn));
    ck_assert_uint_eq(tcp_inq(conn), 2);
    ck_assert_uint_eq(tcp_peek_bytes(conn, buffer, 100), 2);
    ck_assert_int_eq(tcp_recv_urgent(conn, &byte, true), 1);
    ck_assert_uint_eq(read_all(s), 2);
    ck_assert(tcp_at_mark(conn));
    ck_assert_uint_eq(tcp_inq(conn), 0);
    ck_assert(!tcp_readable(conn, 3)); /* two bytes behind the urgent one */
    ck_assert(tcp_readable(conn, 2));
    ck_assert_int_eq(tcp_recv_urgent(conn, &byte, false), 1);
    ck_assert_uint_eq(byte, byte_of(3));
    ck_assert_int_eq(tcp_recv_urgent(conn, &byte, false), -EINVAL);
    ck_assert(!tcp_urgent_ready(conn));
    ck_assert_uint_eq(tcp_peek_bytes(conn, buffer, 100), 2);
    ck_assert_uint_eq(buffer[0], byte_of(4));
    ck_assert_uint_eq(tcp_recv_bytes(conn, buffer, 100), 2);
    ck_assert_uint_eq(buffer[0], byte_of(4));
    ck_assert(!tcp_at_mark(conn));
    script_free(s);
}
END_TEST

/* The byte alone: there is nothing else to read. */
START_TEST(byte_alone)
{
    struct script *s = established(NULL);
    struct tcp_conn *conn = s->owner.conn;
    uint8_t byte;

    urgent_in(s, 1, 1, 1);
    ck_assert(!tcp_readable(conn, 1));
    ck_assert_uint_eq(read_all(s), 0);
    ck_assert_int_eq(tcp_recv_urgent(conn, &byte, false), -EINVAL); /* passed over */
    urgent_in(s, 2, 0, 2); /* announced by an ACK: RFC 9293 3.8.5 */
    ck_assert_int_eq(tcp_recv_urgent(conn, &byte, false), -EAGAIN);
    urgent_in(s, 2, 3, 0);
    ck_assert_int_eq(tcp_recv_urgent(conn, &byte, false), 1);
    ck_assert_uint_eq(byte, byte_of(3));
    script_free(s);
}
END_TEST

/* A later pointer makes the first byte ordinary data; an earlier one is no news. */
START_TEST(newer_pointer)
{
    struct script *s = established(NULL);
    uint8_t byte;

    urgent_in(s, 1, 5, 3);
    urgent_in(s, 6, 5, 3);
    urgent_in(s, 11, 1, 0);
    urgent_in(s, 3, 5, 2);
    ck_assert_uint_eq(read_all(s), 7);
    ck_assert_int_eq(tcp_recv_urgent(s->owner.conn, &byte, false), 1);
    ck_assert_uint_eq(byte, byte_of(8));
    ck_assert_uint_eq(read_all(s), 3);
    script_free(s);
}
END_TEST

/* At the mark when the next urgent data comes: the byte is passed over, as it was urgent. */
START_TEST(next_one_at_the_mark)
{
    struct script *s = established(NULL);
    uint8_t buffer[100];

    urgent_in(s, 1, 3, 3);
    ck_assert_uint_eq(read_all(s), 2);
    urgent_in(s, 4, 3, 3);
    ck_assert_uint_eq(tcp_recv_bytes(s->owner.conn, buffer, 100), 2);
    ck_assert_uint_eq(buffer[0], byte_of(4));
    script_free(s);
}
END_TEST

START_TEST(in_line)
{
    struct script *s = established(&(struct tcp_config){ .oobinline = true });
    uint8_t byte;

    urgent_in(s, 1, 5, 3);
    ck_assert_int_eq(tcp_recv_urgent(s->owner.conn, &byte, false), -EINVAL);
    ck_assert_uint_eq(tcp_inq(s->owner.conn), 5);
    ck_assert_uint_eq(read_all(s), 2);
    ck_assert(tcp_at_mark(s->owner.conn));
    ck_assert_uint_eq(read_all(s), 3);
    script_free(s);
}
END_TEST

/* Further ahead than 16 bits can say: the segment says nothing, or as much as it can. */
START_TEST(far_ahead)
{
    struct script *s = established(&(struct tcp_config){ .sndbuf = 400000 });
    struct blob *blob = blob_new(80000);

    memset(blob->bytes, 0, 80000);
    ck_assert_int_eq(tcp_send(s->owner.conn, blob, 0, 80000, TCP_SEND_URGENT), 80000);
    blob_unref(blob);
    const struct seen *seen = script_take(s);
    ck_assert_uint_eq(seen->h.flags & TH_URG, TH_URG);
    ck_assert_uint_eq(seen->h.urgent, 0xffff);
    script_free(s);
}
END_TEST

/* Linux 6.18, observed: of a connection that a RST has ended, the byte is not told any more. */
START_TEST(not_after_a_reset)
{
    struct script *s = established(NULL);
    uint8_t byte;

    urgent_in(s, 1, 1, 1);
    ck_assert_int_eq(tcp_recv_urgent(s->owner.conn, &byte, true), 1);
    script_inject(s, &(struct peer_seg){ .flags = TH_RST, .seq = 2 });
    ck_assert_int_eq(tcp_recv_urgent(s->owner.conn, &byte, false), -ENOTCONN);
    script_free(s);
}
END_TEST

SUITE("protocols/tcp_urgent", mark, byte_alone, newer_pointer, next_one_at_the_mark, in_line,
      far_ahead, not_after_a_reset)
