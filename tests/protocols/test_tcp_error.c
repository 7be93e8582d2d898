/* ICMP errors: RFC 1191, RFC 5927, RFC 6069, and what Linux makes of them. */
#include "protocols/wire/icmp.h"
#include "tests/support/suite.h"
#include "tests/support/tcp_script.h"

#define RTT (100 * SIM_MS)

/* An error about the segment with sequence number `seq` that the stack sent. */
static void icmp(struct script *s, uint8_t type, uint8_t code, uint32_t info, uint32_t seq)
{
    struct tcphdr h = { .src_port = s->port, .dst_port = PEER_PORT, .seq = s->iss + seq };
    struct ip_rx rx = { .src = s->pair->end[0].addr, .dst = s->pair->end[1].addr };
    uint8_t quote[20];

    h.length = 20;
    tcphdr_emit(quote, &h);
    s->stack->l4.error(&s->stack->l4, type, code, info, quote, 8, &rx);
}

static struct script *established(uint16_t mss)
{
    struct tcphdr_options offer = script_offer(true, 7);
    struct script *s = script_new();

    offer.mss = mss;
    s->window = 1000;
    script_accept(s, NULL, &offer, RTT);
    return s;
}

/* RFC 1191 6.4: smaller segments at once, and the window of congestion stays. */
START_TEST(path_mtu)
{
    struct script *s = established(1460);

    script_write(s, 5840);
    for (uint32_t i = 0; i < 4; i++)
        ck_assert_uint_eq(script_take(s)->length, 1460);
    uint32_t cwnd = script_info(s).cwnd;
    icmp(s, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, 1000, 1);
    ck_assert_uint_eq(script_info(s).mss, 960);
    ck_assert_uint_eq(script_info(s).pmtu, 1000);
    uint32_t sent = 0;
    while (s->next < s->pair->log->len) {
        const struct seen *seen = script_take(s);
        ck_assert_uint_le(seen->length, 960);
        sent += seen->length;
    }
    ck_assert_uint_ge(sent, 960);
    script_run(s, RTT);
    script_ack(s, 1, 5841);
    ck_assert_uint_ge(script_info(s).cwnd, cwnd);
    ck_assert_uint_eq(script_info(s).unacked, 0);
    script_free(s);
}
END_TEST

/* RFC 5927 4.1: the quoted number must be in flight. */
START_TEST(blind_attack)
{
    struct script *s = established(1460);

    script_write(s, 1460);
    icmp(s, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, 600, 100000);
    ck_assert_uint_eq(script_info(s).mss, 1460);
    ck_assert_uint_eq(tcp_counters(s->stack)->OutOfWindowIcmps, 1);
    script_free(s);
}
END_TEST

/* A larger MTU, or an absurd one, is not believed. */
START_TEST(senseless_mtu)
{
    struct script *s = established(1460);

    script_write(s, 1460);
    icmp(s, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, 9000, 1);
    icmp(s, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, 10, 1);
    ck_assert_uint_eq(script_info(s).mss, 1460);
    script_free(s);
}
END_TEST

/* IP_MTU_DISCOVER of a stream under Linux 6.18, observed: whether a router's message is heeded, and
 * what DF its segments have. */
START_TEST(mtu_discover)
{
    static const struct {
        enum tcp_pmtu pmtu;
        uint32_t mss;
        uint8_t df;
    } cases[] = {
        { TCP_PMTU_WANT, 960, IP_DF_PATH },
        { TCP_PMTU_DONT, 1460, IP_DF_CLEAR },
        { TCP_PMTU_DO, 960, IP_DF_SET },
        { TCP_PMTU_PROBE, 960, IP_DF_CLEAR },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct script *s = established(1460);
        struct tcp_config config = { .pmtu = (uint8_t)cases[i].pmtu };
        tcp_conn_configure(s->owner.conn, &config);
        script_write(s, 1460);
        ck_assert_uint_eq(script_take(s)->df, cases[i].df);
        icmp(s, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, 1000, 1);
        ck_assert_uint_eq(script_info(s).mss, cases[i].mss);
        script_free(s);
    }
}
END_TEST

/* Linux 6.18, observed: less than the least MTU that is believed of a path is remembered as
 * EMSGSIZE where segments must not be fragmented. */
START_TEST(path_too_small)
{
    struct script *s = established(1460);
    struct tcp_config config = { .pmtu = TCP_PMTU_DO };

    tcp_conn_configure(s->owner.conn, &config);
    script_write(s, 1460);
    icmp(s, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, 1500, 1);
    ck_assert_int_eq(tcp_take_soft_error(s->owner.conn), 0);
    icmp(s, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, 300, 1);
    ck_assert_int_eq(tcp_take_soft_error(s->owner.conn), EMSGSIZE);
    script_free(s);
}
END_TEST

/* During the handshake each error ends it. */
START_TEST(connect_errors)
{
    static const struct {
        uint8_t type, code;
        int error;
    } cases[] = {
        { ICMP_DEST_UNREACH, ICMP_NET_UNREACH, ENETUNREACH },
        { ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, EHOSTUNREACH },
        { ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, ECONNREFUSED },
        { ICMP_DEST_UNREACH, ICMP_PROTO_UNREACH, ENOPROTOOPT },
        { ICMP_TIME_EXCEEDED, 0, EHOSTUNREACH },
        { ICMP_PARAMETER_PROBLEM, 0, EPROTO },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct script *s = script_new();
        s->owner.conn = tcp_conn_new(s->stack, NULL, &owner_ops, &s->owner);
        tcp_connect(s->owner.conn, NULL, 0, &s->pair->end[1].addr, PEER_PORT);
        script_note_syn(s, script_take(s));
        icmp(s, cases[i].type, cases[i].code, 0, 0);
        ck_assert_int_eq(s->owner.closed, 1);
        ck_assert_int_eq(s->owner.error, cases[i].error);
        script_free(s);
    }
}
END_TEST

/* RFC 1122 4.2.3.9: afterwards they are soft; one becomes the reason if the connection dies. */
START_TEST(soft_error)
{
    struct script *s = established(1000);

    script_write(s, 1000);
    icmp(s, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, 0, 1);
    ck_assert_int_eq(s->owner.closed, 0);
    script_run(s, 2000 * SIM_S);
    ck_assert_int_eq(s->owner.closed, 1);
    ck_assert_int_eq(s->owner.error, ECONNREFUSED);
    script_free(s);
}
END_TEST

/* RFC 6069: an unreachable network takes one back-off back. */
START_TEST(backoff_reverted)
{
    struct script *s = established(1000);

    script_write(s, 1000);
    while (script_info(s).backoff < 3)
        script_run(s, 10 * SIM_MS);
    sim_time rto = script_info(s).rto;
    script_skip(s);
    icmp(s, ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, 0, 1);
    ck_assert_int_eq(script_info(s).rto, rto / 2);
    script_expect_nothing(s);
    /* If that time-out is over already, it goes at once. */
    script_run(s, rto / 4);
    icmp(s, ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, 0, 1);
    script_expect(s, TH_ACK | TH_PSH, 1, 1000, 1);
    script_free(s);
}
END_TEST

/* A half-open request disappears. */
START_TEST(request_unreachable)
{
    struct tcphdr_options offer = script_offer(true, 7);
    struct script *s = script_new();

    script_listen(s, NULL);
    script_inject(s, &(struct peer_seg){ .flags = TH_SYN, .o = offer });
    s->iss = script_take(s)->h.seq;
    icmp(s, ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, 0, 5);
    ck_assert_uint_eq(s->stack->table->count, 1);
    icmp(s, ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, 0, 0);
    ck_assert_uint_eq(s->stack->table->count, 0);
    script_free(s);
}
END_TEST

SUITE("protocols/tcp_error", path_mtu, blind_attack, senseless_mtu, mtu_discover, path_too_small,
      connect_errors, soft_error, backoff_reverted, request_unreachable)
