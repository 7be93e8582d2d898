/* The TCP header and its options: golden bytes, round trips, every truncation. */
#include "protocols/wire/tcphdr.h"

#include <string.h>

#include "tests/support/suite.h"

/* 10.0.0.1.40000 > 10.0.0.2.80: Flags [S], seq 305419896, win 64240,
 * options [mss 1460,sackOK,TS val 287454020 ecr 0,nop,wscale 7], length 0 */
static const uint8_t syn[40] = {
    0x9c, 0x40, 0x00, 0x50, 0x12, 0x34, 0x56, 0x78, 0x00, 0x00, 0x00, 0x00, 0xa0, 0x02,
    0xfa, 0xf0, 0xef, 0x69, 0x00, 0x00, 0x02, 0x04, 0x05, 0xb4, 0x04, 0x02, 0x08, 0x0a,
    0x11, 0x22, 0x33, 0x44, 0x00, 0x00, 0x00, 0x00, 0x01, 0x03, 0x03, 0x07,
};

START_TEST(header_parses)
{
    struct tcphdr h;

    ck_assert_uint_eq(tcphdr_check(syn, sizeof syn), 40);
    tcphdr_parse(syn, &h);
    ck_assert_uint_eq(h.src_port, 40000);
    ck_assert_uint_eq(h.dst_port, 80);
    ck_assert_uint_eq(h.seq, 305419896);
    ck_assert_uint_eq(h.ack, 0);
    ck_assert_uint_eq(h.flags, TH_SYN);
    ck_assert_uint_eq(h.window, 64240);
    ck_assert_uint_eq(h.checksum, 0xef69);
    ck_assert_uint_eq(h.urgent, 0);
    ck_assert_uint_eq(h.length, 40);
}
END_TEST

START_TEST(header_round_trips)
{
    uint8_t out[40];
    struct tcphdr h, again;
    struct tcphdr_options o;

    tcphdr_parse(syn, &h);
    tcphdr_emit(out, &h);
    tcphdr_options_parse(syn + 20, 20, &o);
    ck_assert_uint_eq(tcphdr_options_emit(out + 20, &o), 20);
    ck_assert_mem_eq(out, syn, sizeof syn);
    for (unsigned flags = 0; flags <= TH_ALL; flags++) {
        h = (struct tcphdr){ 1, 2, 3, 4, (uint16_t)flags, 5, 6, 7, 20 };
        tcphdr_emit(out, &h);
        tcphdr_parse(out, &again);
        ck_assert_uint_eq(again.flags, flags);
        ck_assert_uint_eq(again.length, 20);
        ck_assert_uint_eq(again.urgent, 7);
    }
}
END_TEST

START_TEST(header_truncations)
{
    for (uint32_t len = 0; len < sizeof syn; len++)
        ck_assert_uint_eq(tcphdr_check(syn, len), 0);
    ck_assert_uint_eq(tcphdr_check(syn, 41), 40);
}
END_TEST

START_TEST(data_offset_below_five_is_refused)
{
    uint8_t buf[60] = { 0 };

    for (unsigned words = 0; words < 16; words++) {
        buf[12] = (uint8_t)(words << 4);
        ck_assert_uint_eq(tcphdr_check(buf, sizeof buf), words < 5 ? 0 : words * 4);
    }
}
END_TEST

START_TEST(syn_options)
{
    struct tcphdr_options o;

    tcphdr_options_parse(syn + 20, 20, &o);
    ck_assert_uint_eq(o.present, TCPHAS_MSS | TCPHAS_SACK_OK | TCPHAS_TS | TCPHAS_WSCALE);
    ck_assert_uint_eq(o.mss, 1460);
    ck_assert_uint_eq(o.wscale, 7);
    ck_assert_uint_eq(o.tsval, 287454020);
    ck_assert_uint_eq(o.tsecr, 0);
}
END_TEST

/* RFC 7323 appendix A: NOP NOP TSopt, the form that established connections use. */
START_TEST(timestamp_alone)
{
    static const uint8_t ts[12] = { 1, 1, 8, 10, 0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff };
    uint8_t out[40];
    struct tcphdr_options o;

    tcphdr_options_parse(ts, sizeof ts, &o);
    ck_assert_uint_eq(o.present, TCPHAS_TS);
    ck_assert_uint_eq(o.tsval, 1);
    ck_assert_uint_eq(o.tsecr, 0xffffffff);
    ck_assert_uint_eq(tcphdr_options_length(&o), 12);
    ck_assert_uint_eq(tcphdr_options_emit(out, &o), 12);
    ck_assert_mem_eq(out, ts, 12);
}
END_TEST

/* RFC 2018 section 3: kind 5, length 8n + 2; with timestamps at most three blocks fit. */
START_TEST(sack_blocks)
{
    static const uint8_t bytes[40] = {
        1, 1, 8,    10,   0, 0, 0,    9,    0, 0, 0,    8,    1, 1, 5,    26,   0, 0, 0x13, 0x88,
        0, 0, 0x15, 0x7c, 0, 0, 0x17, 0x70, 0, 0, 0x19, 0x64, 0, 0, 0x1b, 0x58, 0, 0, 0x1d, 0x4c,
    };
    uint8_t out[40];
    struct tcphdr_options o;

    tcphdr_options_parse(bytes, sizeof bytes, &o);
    ck_assert_uint_eq(o.present, TCPHAS_TS | TCPHAS_SACK);
    ck_assert_uint_eq(o.n_sacks, 3);
    ck_assert_uint_eq(o.sacks[0].start, 5000);
    ck_assert_uint_eq(o.sacks[0].end, 5500);
    ck_assert_uint_eq(o.sacks[2].start, 7000);
    ck_assert_uint_eq(o.sacks[2].end, 7500);
    ck_assert_uint_eq(tcphdr_sack_room(&o), 3);
    ck_assert_uint_eq(tcphdr_options_emit(out, &o), 40);
    ck_assert_mem_eq(out, bytes, sizeof bytes);
    o.present = TCPHAS_SACK;
    ck_assert_uint_eq(tcphdr_sack_room(&o), 4);
}
END_TEST

/* RFC 7413 4.1.1: a request is empty, a cookie has 4 to 16 bytes and an even number of them. */
START_TEST(fast_open_cookies)
{
    for (unsigned n = 0; n <= 20; n++) {
        uint8_t bytes[40] = { TCPOPT_TFO, (uint8_t)(2 + n) };
        bool good = n == 0 || (n >= 4 && n <= 16 && n % 2 == 0);
        struct tcphdr_options o;

        for (unsigned i = 0; i < n; i++)
            bytes[2 + i] = (uint8_t)(0xa0 + i);
        tcphdr_options_parse(bytes, 2 + n, &o);
        ck_assert_uint_eq(o.present, good ? TCPHAS_TFO : 0);
        if (!good)
            continue;
        uint8_t out[40];
        uint32_t length = tcphdr_options_emit(out, &o);
        ck_assert_uint_eq(o.cookie_len, n);
        ck_assert_uint_eq(length, (2 + n + 3) / 4 * 4);
        ck_assert_mem_eq(out, bytes, 2 + n);
        for (uint32_t i = 2 + n; i < length; i++)
            ck_assert_uint_eq(out[i], TCPOPT_NOP);
    }
}
END_TEST

/* RFC 9768 3.2.3: kind 172 has EE0B, ECEB, EE1B; kind 174 the reverse; fields may be left off. */
START_TEST(accecn_orders)
{
    static const uint8_t a0[11] = { 172, 11, 0, 0, 1, 0, 1, 2, 1, 2, 3 };
    static const uint8_t a1[11] = { 174, 11, 1, 2, 3, 0, 1, 2, 0, 0, 1 };
    struct tcphdr_options o[2];
    uint8_t out[40];

    tcphdr_options_parse(a0, sizeof a0, &o[0]);
    tcphdr_options_parse(a1, sizeof a1, &o[1]);
    for (int i = 0; i < 2; i++) {
        ck_assert_uint_eq(o[i].present, TCPHAS_ACCECN);
        ck_assert_uint_eq(o[i].e0b, 1);
        ck_assert_uint_eq(o[i].ceb, 0x102);
        ck_assert_uint_eq(o[i].e1b, 0x10203);
        ck_assert_uint_eq(tcphdr_options_emit(out, &o[i]), 12);
        ck_assert_mem_eq(out, i ? a1 : a0, 11);
        ck_assert_uint_eq(out[11], TCPOPT_NOP);
    }
    for (unsigned fields = 0; fields <= 3; fields++) {
        o[0].accecn_fields = (uint8_t)fields;
        uint32_t n = tcphdr_options_emit(out, &o[0]);
        tcphdr_options_parse(out, n, &o[1]);
        ck_assert_uint_eq(o[1].accecn_fields, fields);
        ck_assert_uint_eq(n, (2 + 3 * fields + 3) / 4 * 4);
    }
}
END_TEST

START_TEST(unknown_options_are_skipped)
{
    static const uint8_t bytes[] = { 254, 4, 0xf9, 0x89, 30, 3, 7, 2, 4, 2, 24, 0 };
    struct tcphdr_options o;

    tcphdr_options_parse(bytes, sizeof bytes, &o);
    ck_assert_uint_eq(o.present, TCPHAS_UNKNOWN | TCPHAS_MSS);
    ck_assert_uint_eq(o.mss, 536);
}
END_TEST

START_TEST(wrong_length_of_a_known_option)
{
    static const uint8_t bytes[] = { 2, 3, 5, 3, 4, 7, 0, 8, 9, 1, 1, 1, 1, 1, 1, 1, 4, 3, 0 };
    struct tcphdr_options o;

    tcphdr_options_parse(bytes, sizeof bytes, &o);
    ck_assert_uint_eq(o.present, 0);
}
END_TEST

/* What stands behind the end of the list is not looked at (RFC 9293 3.1, kind 0). */
START_TEST(end_of_options)
{
    static const uint8_t bytes[] = { 1, 0, 4, 2 };
    struct tcphdr_options o;

    tcphdr_options_parse(bytes, sizeof bytes, &o);
    ck_assert_uint_eq(o.present, 0);
}
END_TEST

START_TEST(impossible_length_ends_the_reading)
{
    static const uint8_t zero[] = { 4, 2, 2, 0, 5, 180, 3, 3, 7 };
    static const uint8_t one[] = { 4, 2, 2, 1, 5, 180, 3, 3, 7 };
    static const uint8_t beyond[] = { 4, 2, 2, 8, 5, 180, 3, 3, 7 };
    const uint8_t *const cases[] = { zero, one, beyond };
    struct tcphdr_options o;

    for (int i = 0; i < 3; i++) {
        tcphdr_options_parse(cases[i], sizeof zero, &o);
        ck_assert_uint_eq(o.present, TCPHAS_SACK_OK | TCPHAS_MALFORMED);
    }
}
END_TEST

START_TEST(option_truncations)
{
    /* mss, sackOK + timestamp, wscale: complete at these lengths. */
    static const struct {
        uint32_t from;
        uint16_t present;
    } steps[] = { { 4, TCPHAS_MSS },
                  { 6, TCPHAS_MSS | TCPHAS_SACK_OK },
                  { 16, TCPHAS_MSS | TCPHAS_SACK_OK | TCPHAS_TS },
                  { 20, TCPHAS_MSS | TCPHAS_SACK_OK | TCPHAS_TS | TCPHAS_WSCALE } };
    struct tcphdr_options o;

    for (uint32_t len = 0; len <= 20; len++) {
        uint16_t want = 0;
        for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
            if (len >= steps[i].from)
                want = steps[i].present;
        bool whole = len == 0 || len == 4 || len == 6 || len == 16 || len == 17 || len == 20;
        tcphdr_options_parse(syn + 20, len, &o);
        ck_assert_uint_eq(o.present, want | (whole ? 0 : TCPHAS_MALFORMED));
    }
}
END_TEST

SUITE("protocols/tcphdr", header_parses, header_round_trips, header_truncations,
      data_offset_below_five_is_refused, syn_options, timestamp_alone, sack_blocks,
      fast_open_cookies, accecn_orders, unknown_options_are_skipped, wrong_length_of_a_known_option,
      end_of_options, impossible_length_ends_the_reading, option_truncations)
