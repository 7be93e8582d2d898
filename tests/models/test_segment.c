/* The notation of conversations: what it means on the wire, bursts, and what it refuses.  The bytes
 * of options are those of RFC 9293 3.1, 7323 and 2018; what PSH does on a burst is what Linux's
 * tcp_gso_segment does with it. */
#include "models/script/segment.h"
#include "tests/support/suite.h"

static const struct segment_map relation = { .local_iss = 5000,
                                             .ts_offset = 100,
                                             .ts_known = true };

static struct segment parsed(const char *text, bool inbound)
{
    GError *error = NULL;
    struct segment s;

    ck_assert_msg(segment_parse(text, inbound, &relation, &s, &error), "%s",
                  error ? error->message : "");
    return s;
}

START_TEST(flags_and_numbers)
{
    struct segment s = parsed("[ce] FP.EWA 7:17(10) ack 3 win 0 urg 5", false);

    ck_assert_uint_eq(s.flags, TH_FIN | TH_PSH | TH_ACK | TH_ECE | TH_CWR | TH_AE);
    ck_assert_uint_eq(s.seq, 7);
    ck_assert_uint_eq(s.length, 10);
    ck_assert_uint_eq(s.ack, 3);
    ck_assert_int_eq(s.window, 0);
    ck_assert_uint_eq(s.urgent, 5);
    ck_assert_int_eq(s.ecn, 3);
    ck_assert_uint_eq(s.pieces, 1);
    s = parsed(".5 1:1(0) ack 1", false);
    ck_assert_uint_eq(s.flags, TH_ACK | TH_AE | TH_ECE); /* RFC 9768 3.1: AE, CWR, ECE */
    ck_assert_int_eq(s.window, -1);
    ck_assert_int_eq(s.ecn, -1);
}
END_TEST

/* A segment of the peer's is padded to whole words, and names the host's numbers. */
START_TEST(options)
{
    static const uint8_t syn[] = { 2, 4, 3, 232, 4, 2, 1, 3, 3, 7, 0, 0 };
    static const uint8_t ack[] = { 8, 10, 0, 0, 0,    9,    0, 0, 0,    102, /* ecr 2 + 100 */
                                   5, 10, 0, 0, 0x13, 0x89, 0, 0, 0x17, 0x71 };
    struct segment s = parsed("S 0:0(0) win 9 <mss 1000,sackOK,nop,wscale 7>", true);

    ck_assert_uint_eq(s.options_len, sizeof syn);
    ck_assert_mem_eq(s.options, syn, sizeof syn);
    s = parsed(". 1:1(0) ack 1 win 9 <TS val 9 ecr 2,sack 1:1001>", true);
    ck_assert_uint_eq(s.options_len, sizeof ack);
    ck_assert_mem_eq(s.options, ack, sizeof ack);
}
END_TEST

static const char *const notations[] = {
    "S 0:0(0) win 100 <mss 1000,sackOK,nop,wscale 7>",
    "[ect0] P. 1:1001(1000) ack 1 win 257 <nop,nop,TS val 100 ecr 200>",
    ". 1:1(0) ack 1 <nop,nop,sack 1:1001 2001:3001>",
    "S. 0:0(0) ack 1 <FO 0123456789abcdef,FOEXP 01020304,eol>",
    "FPW. 1:1(0) ack 1 <ECN e0b 1 ceb 2 e1b 3,ECN e1b 3 ceb 2>",
    "PU. 1:11(10) ack 1 win 9 urg 10 <...>",
    "R 9:9(0)",
    "- 9:9(0)",
};

/* What is read is printed as it was. */
START_TEST(round_trip)
{
    static const struct segment_map own = { .ts_known = false };

    for (size_t i = 0; i < G_N_ELEMENTS(notations); i++) {
        struct segment s = parsed(notations[i], false);
        char *text = segment_print(&s, &own, &s);
        ck_assert_str_eq(text, notations[i]);
        g_free(text);
    }
}
END_TEST

/* What is cut off anywhere is read, or refused with a reason. */
START_TEST(truncated)
{
    for (size_t i = 0; i < G_N_ELEMENTS(notations); i++) {
        for (size_t n = 0; n < strlen(notations[i]); n++) {
            char *text = g_strndup(notations[i], n);
            GError *error = NULL;
            struct segment s;
            bool good = segment_parse(text, false, &relation, &s, &error);
            ck_assert(good == !error);
            g_clear_error(&error);
            g_free(text);
        }
    }
}
END_TEST

START_TEST(bursts)
{
    struct segment piece, s = parsed("[ect0] FP. 1:4001(2*2*1000) ack 1 win 9 <nop>", false);
    static const uint16_t flags[] = { TH_ACK, TH_ACK | TH_PSH | TH_FIN };

    ck_assert_uint_eq(s.pieces, 4);
    for (uint32_t i = 0; i < 4; i++) {
        segment_piece(&s, i, &piece);
        ck_assert_uint_eq(piece.pieces, 1);
        ck_assert_uint_eq(piece.seq, 1 + i * 1000);
        ck_assert_uint_eq(piece.length, 1000);
        ck_assert_uint_eq(piece.flags, flags[i % 2]);
        ck_assert_int_eq(piece.ecn, 2);
        ck_assert_int_eq(piece.window, 9);
        ck_assert_uint_eq(piece.options_len, 1);
    }
    s = parsed("P. 1:3001(3*1000) ack 1", false);
    ck_assert_uint_eq(s.pieces, 3);
    for (uint32_t i = 0; i < 3; i++) {
        segment_piece(&s, i, &piece);
        ck_assert_uint_eq(piece.flags, i < 2 ? TH_ACK : TH_ACK | TH_PSH);
    }
}
END_TEST

START_TEST(refused)
{
    static const struct {
        const char *text, *message;
    } mistakes[] = {
        { "X 1:1(0)", "flags are of S F R P U . E W A at \"X 1:1(0)\"" },
        { ". 1:1(0) ack 1 win 65536",
          "the window is that of the header, at most 65535, at the end" },
        { ". 1:2(0)", "the length does not agree with the numbers at the end" },
        { ". 1:2001(3*1000) ack 1", "the length does not agree with the numbers at \" ack 1\"" },
        { ". 1:1(0*1000)", "a burst has 1 to 10000 segments at \")\"" },
        { ". 1:1(65536*65536*0)", "a burst has 1 to 10000 segments at \")\"" },
        { ". 1:9(2*2*2*1)", "a burst is groups*number*length at \"1)\"" },
        { ". 1:9(2*x)", "a number is missing at \"x)\"" },
        { ". 1:1 ack 1", "sequence numbers are first:last(length) at \"ack 1\"" },
        { ". 1:1(0) ack 1 <sack 1>", "SACK blocks are first:last at \">\"" },
        { ". 1:1(0) ack 1 <nop", "\",\" or \">\" is missing at the end" },
        { ". 1:1(0) ack 1 x", "nothing more is understood at \"x\"" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(mistakes); i++) {
        GError *error = NULL;
        struct segment s;
        char *wanted = g_strdup_printf("\"%s\": %s", mistakes[i].text, mistakes[i].message);
        ck_assert(!segment_parse(mistakes[i].text, false, &relation, &s, &error));
        ck_assert_str_eq(error->message, wanted);
        g_error_free(error);
        g_free(wanted);
    }
}
END_TEST

SUITE("models/script/segment", flags_and_numbers, options, round_trip, truncated, bursts, refused)
