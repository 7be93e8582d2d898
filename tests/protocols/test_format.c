/* Frames as text and by Wireshark's field names. The frames are written out by hand. */
#include "protocols/wire/format.h"

#include "protocols/wire/checksum.h"
#include "sim/rng.h"
#include "sim/sim.h"
#include "tests/support/leaks.h"
#include "tests/support/suite.h"

static uint32_t from_hex(const char *hex, uint8_t *out)
{
    uint32_t n = 0;

    for (; *hex; hex++) {
        if (*hex == ' ')
            continue;
        out[n++] = (uint8_t)(g_ascii_xdigit_value(hex[0]) << 4 | g_ascii_xdigit_value(hex[1]));
        hex++;
    }
    return n;
}

static struct packet *frame_of(struct sim *sim, const char *hex)
{
    struct packet *packet = packet_new(sim);
    uint8_t bytes[200];
    uint32_t n = from_hex(hex, bytes);

    packet_set_payload(packet, blob_copy(bytes, n), 0, n);
    return packet;
}

#define ETH                   "020000000002 020000000001 "
#define IP_HEAD(length, rest) ETH "0800 4500" length rest "0a000001 0a000002 "

#define BRIDGES    "0180c2000000 020000000001 "
#define TREE_TELLS "8000 001c0e877800 00000004 8000 001c0e878500 8004 0100 1400 0200 0f00"

static const struct {
    const char *hex, *text;
} frames[] = {
    /* SYN with all the options of a client */
    { IP_HEAD("003c", "1234 4000 4006 1486") "9c40 0050 12345678 00000000 a002 faf0 ef69 0000"
                                             "020405b4 0402 080a 11223344 00000000 01 030307",
      "IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [S], seq 305419896, win 64240, options "
      "[mss 1460,sackOK,TS val 287454020 ecr 0,nop,wscale 7], length 0" },
    /* data with PSH */
    { IP_HEAD("002b",
              "0001 4000 4006 0000") "9c40 0050 00000001 00000005 5018 01f6 0000 0000 616263",
      "IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [P.], seq 1:4, ack 5, win 502, length 3" },
    /* a pure ACK with two SACK blocks */
    { IP_HEAD("003c", "0001 4000 4006 0000") "9c40 0050 00000001 00000005 a010 01f6 0000 0000"
                                             "0101 0512 00001388 0000157c 00001770 00001964",
      "IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [.], ack 5, win 502, options "
      "[nop,nop,sack 2 {5000:5500}{6000:6500}], length 0" },
    /* FIN, RST, all flags and none */
    { IP_HEAD("0028", "0001 4000 4006 0000") "0001 0002 00000001 00000005 5011 01f6 0000 0000",
      "IP 10.0.0.1.1 > 10.0.0.2.2: Flags [F.], seq 1, ack 5, win 502, length 0" },
    { IP_HEAD("0028", "0001 4000 4006 0000") "0001 0002 00000001 00000000 5004 0000 0000 0000",
      "IP 10.0.0.1.1 > 10.0.0.2.2: Flags [R], seq 1, win 0, length 0" },
    { IP_HEAD("0028", "0001 4000 4006 0000") "0001 0002 00000001 00000002 51ff 0003 0000 0004",
      "IP 10.0.0.1.1 > 10.0.0.2.2: Flags [FSRP.UEWe], seq 1, ack 2, win 3, urg 4, length 0" },
    { IP_HEAD("0028", "0001 4000 4006 0000") "0001 0002 00000001 00000002 5000 0003 0000 0000",
      "IP 10.0.0.1.1 > 10.0.0.2.2: Flags [none], win 3, length 0" },
    /* Fast Open: a request, a cookie; an unknown option; a bad one */
    { IP_HEAD("0030", "0001 4000 4006 0000") "0001 0002 00000001 00000000 7002 0003 0000 0000"
                                             "2202 0101 fe04 f989",
      "IP 10.0.0.1.1 > 10.0.0.2.2: Flags [S], seq 1, win 3, options "
      "[tfo cookiereq,nop,nop,unknown-254 0xf989], length 0" },
    { IP_HEAD("0030", "0001 4000 4006 0000") "0001 0002 00000001 00000000 7002 0003 0000 0000"
                                             "2206 deadbeef 0500",
      "IP 10.0.0.1.1 > 10.0.0.2.2: Flags [S], seq 1, win 3, options "
      "[tfo cookie deadbeef,[bad opt]], length 0" },
    { IP_HEAD("002c", "0001 4000 4006 0000") "0001 0002 00000001 00000000 6002 0003 0000 0000"
                                             "01 00 0000",
      "IP 10.0.0.1.1 > 10.0.0.2.2: Flags [S], seq 1, win 3, options [nop,eol], length 0" },
    /* UDP, cut-short TCP, another protocol */
    { IP_HEAD("0021", "0000 4000 4011 26ca") "03e8 0035 000d e8da 77656674 21",
      "IP 10.0.0.1.1000 > 10.0.0.2.53: UDP, length 5" },
    { IP_HEAD("0018", "0000 4000 4006 0000") "0001 0002", "IP 10.0.0.1 > 10.0.0.2: [|tcp]" },
    { IP_HEAD("0018", "0000 4000 4059 0000") "00010002",
      "IP 10.0.0.1 > 10.0.0.2: ip-proto-89, length 4" },
    /* fragments: the first of a UDP datagram, one in the middle, the last */
    { IP_HEAD("0024", "1234 2000 4011 0000") "03e8 0035 0bb8 0000 0000000000000000",
      "IP 10.0.0.1.1000 > 10.0.0.2.53: UDP, length 2992 (frag 4660:16@0+)" },
    { IP_HEAD("001c", "1234 20b9 4011 0000") "0000000000000000",
      "IP 10.0.0.1 > 10.0.0.2: udp (frag 4660:8@1480+)" },
    { IP_HEAD("001c", "1234 0172 4011 0000") "0000000000000000",
      "IP 10.0.0.1 > 10.0.0.2: udp (frag 4660:8@2960)" },
    /* ICMP */
    { IP_HEAD("0020", "0000 4000 4001 0000") "0800 0000 0007 0001 00000000",
      "IP 10.0.0.1 > 10.0.0.2: ICMP echo request, id 7, seq 1, length 12" },
    { IP_HEAD("001c", "0000 4000 4001 0000") "0000 0000 0007 0001",
      "IP 10.0.0.1 > 10.0.0.2: ICMP echo reply, id 7, seq 1, length 8" },
    { IP_HEAD("0038", "0000 0000 4001 0000") "0303 0000 00000000"
                                             "4500 001c 0000 0000 4011 0000 0a000002 14000001"
                                             "03e8 0035 0008 0000",
      "IP 10.0.0.1 > 10.0.0.2: ICMP 20.0.0.1 udp port 53 unreachable, length 36" },
    { IP_HEAD("0038", "0000 0000 4001 0000") "0304 0000 00000578"
                                             "4500 05dc 0000 4000 4006 0000 0a000002 14000001"
                                             "03e8 0035 00000000",
      "IP 10.0.0.1 > 10.0.0.2: ICMP 20.0.0.1 unreachable - need to frag (mtu 1400), length 36" },
    { IP_HEAD("0038", "0000 0000 4001 0000") "0301 0000 00000000"
                                             "4500 001c 0000 0000 4011 0000 0a000002 14000001"
                                             "03e8 0035 0008 0000",
      "IP 10.0.0.1 > 10.0.0.2: ICMP host 20.0.0.1 unreachable, length 36" },
    { IP_HEAD("0038", "0000 0000 4001 0000") "0300 0000 00000000"
                                             "4500 001c 0000 0000 4011 0000 0a000002 14000001"
                                             "03e8 0035 0008 0000",
      "IP 10.0.0.1 > 10.0.0.2: ICMP net 20.0.0.1 unreachable, length 36" },
    { IP_HEAD("0038", "0000 0000 4001 0000") "0302 0000 00000000"
                                             "4500 001c 0000 0000 4063 0000 0a000002 14000001"
                                             "03e8 0035 0008 0000",
      "IP 10.0.0.1 > 10.0.0.2: ICMP 20.0.0.1 protocol 99 unreachable, length 36" },
    { IP_HEAD("0038", "0000 0000 4001 0000") "0b00 0000 00000000"
                                             "4500 001c 0000 0000 0111 0000 0a000002 14000001"
                                             "03e8 0035 0008 0000",
      "IP 10.0.0.1 > 10.0.0.2: ICMP time exceeded in-transit, length 36" },
    { IP_HEAD("0038", "0000 0000 4001 0000") "0b01 0000 00000000"
                                             "4500 001c 0000 2000 0111 0000 0a000002 14000001"
                                             "03e8 0035 0008 0000",
      "IP 10.0.0.1 > 10.0.0.2: ICMP ip reassembly time exceeded, length 36" },
    { IP_HEAD("0038", "0000 0000 4001 0000") "0501 0000 0a000008"
                                             "4500 001c 0000 0000 4011 0000 0a000002 14000001"
                                             "03e8 0035 0008 0000",
      "IP 10.0.0.1 > 10.0.0.2: ICMP redirect 20.0.0.1 to host 10.0.0.8, length 36" },
    { IP_HEAD("0038", "0000 0000 4001 0000") "0c00 0000 14000000"
                                             "4600 001c 0000 0000 4011 0000 0a000002 14000001"
                                             "03e8 0035 0008 0000",
      "IP 10.0.0.1 > 10.0.0.2: ICMP parameter problem - octet 20, length 36" },
    /* ARP */
    { "ffffffffffff 020000000001 0806 0001 0800 06 04 0001 020000000001 0a000001 000000000000 "
      "0a000002",
      "ARP, Request who-has 10.0.0.2 tell 10.0.0.1, length 28" },
    { ETH "0806 0001 0800 06 04 0002 020000000001 0a000001 020000000002 0a000002",
      "ARP, Reply 10.0.0.1 is-at 02:00:00:00:00:01, length 28" },
    /* others */
    { ETH "88cc 0000", "ethertype 0x88cc, length 16" },
    { ETH "0800 4500", "[|ip]" },
    { ETH "0806 0001", "[|arp]" },
    { "0200", "[|ether]" },
    /* BPDUs: Configuration with TC, topology change notification, RST with role, proposal, learning
     * and forwarding, and one cut short */
    { BRIDGES "0026 424203 0000 00 00 01" TREE_TELLS,
      "STP 802.1d, Config, Flags [Topology change], bridge-id 8000.00:1c:0e:87:85:00.8004, length "
      "35" },
    { BRIDGES "0007 424203 0000 00 80", "STP 802.1d, Topology Change" },
    { BRIDGES "0027 424203 0000 02 02 3e" TREE_TELLS "00",
      "STP 802.1w, Rapid STP, Flags [Proposal, Learn, Forward], bridge-id "
      "8000.00:1c:0e:87:85:00.8004, length 36" },
    { BRIDGES "0026 424203 0000 00 00 00", "ethertype 0x0026, length 22" },
};

START_TEST(golden_lines)
{
    struct sim *sim = sim_new(1);

    for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++) {
        struct packet *frame = frame_of(sim, frames[i].hex);
        GString *out = g_string_new(NULL);
        format_frame(out, frame, NULL);
        ck_assert_str_eq(out->str, frames[i].text);
        g_string_free(out, TRUE);
        packet_consumed(frame);
    }
    assert_no_leaks(sim);
    sim_free(sim);
}
END_TEST

START_TEST(relative_numbers)
{
    struct sim *sim = sim_new(1);
    struct packet *frame = frame_of(
        sim, IP_HEAD("003f", "0001 4000 4006 0000") "9c40 0050 000003e9 000007d5 a018 01f6 "
                                                    "0000 0000 0101 0512 00001388 0000157c "
                                                    "00001770 00001964 616263");
    struct format_base base = { 1000, 2000 };
    GString *out = g_string_new(NULL);

    format_frame(out, frame, &base);
    ck_assert_str_eq(
        out->str, "IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [P.], seq 1:4, ack 5, win 502, options "
                  "[nop,nop,sack 2 {3000:3500}{4000:4500}], length 3");
    g_string_free(out, TRUE);
    packet_consumed(frame);
    sim_free(sim);
}
END_TEST

/* Neither truncation nor any change of a byte gets a parser out of the frame (the sanitizers
 * watch). */
START_TEST(any_bytes_do)
{
    struct sim *sim = sim_new(1);
    struct rng rng;

    rng_init(&rng, 1, "bytes", "test");
    for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++) {
        uint8_t bytes[200];
        uint32_t n = from_hex(frames[i].hex, bytes);
        for (uint32_t round = 0; round < 20 * n; round++) {
            struct packet *frame = packet_new(sim);
            uint32_t len = round < n ? round : 1 + (uint32_t)rng_below(&rng, n);
            packet_set_payload(frame, blob_copy(bytes, len), 0, len);
            if (round >= n)
                frame->blob->bytes[rng_below(&rng, len)] = (uint8_t)rng_u64(&rng);
            GString *out = g_string_new(NULL);
            format_frame(out, frame, NULL);
            ck_assert_uint_gt(out->len, 0);
            g_string_free(out, TRUE);
            packet_consumed(frame);
        }
    }
    assert_no_leaks(sim);
    sim_free(sim);
}
END_TEST

/* ---- Fields ---- */

static uint32_t number(const struct view *v, const char *name)
{
    const struct view_field *field = view_field_find(name);
    uint32_t value = 0;

    ck_assert_msg(field != NULL, "%s", name);
    ck_assert_msg(view_number(v, field, &value), "%s", name);
    return value;
}

static bool absent(const struct view *v, const char *name)
{
    uint32_t value;
    const struct view_field *field = view_field_find(name);

    ck_assert_msg(field != NULL, "%s", name);
    return !view_number(v, field, &value) && !view_mac(v, field);
}

static void view_of(struct sim *sim, const char *hex, struct view *v)
{
    struct packet *frame = frame_of(sim, hex);

    frame->transmission = 2;
    view_parse(frame, v);
    packet_consumed(frame);
}

START_TEST(tcp_fields)
{
    struct sim *sim = sim_new(1);
    struct view v;

    view_of(sim, frames[0].hex, &v);
    ck_assert_uint_eq(number(&v, "len"), 74);
    ck_assert_uint_eq(number(&v, "frame.len"), 74);
    ck_assert_uint_eq(number(&v, "transmission"), 2);
    ck_assert_uint_eq(number(&v, "eth.type"), 0x0800);
    ck_assert_uint_eq(number(&v, "ip.src"), 0x0a000001);
    ck_assert_uint_eq(number(&v, "ip.dst"), 0x0a000002);
    ck_assert_uint_eq(number(&v, "ip.hdr_len"), 20);
    ck_assert_uint_eq(number(&v, "ip.len"), 60);
    ck_assert_uint_eq(number(&v, "ip.id"), 0x1234);
    ck_assert_uint_eq(number(&v, "ip.flags"), 2);
    ck_assert_uint_eq(number(&v, "ip.flags.df"), 1);
    ck_assert_uint_eq(number(&v, "ip.flags.mf"), 0);
    ck_assert_uint_eq(number(&v, "ip.ttl"), 64);
    ck_assert_uint_eq(number(&v, "ip.proto"), 6);
    ck_assert_uint_eq(number(&v, "ip.checksum"), 0x1486);
    ck_assert_uint_eq(number(&v, "tcp.srcport"), 40000);
    ck_assert_uint_eq(number(&v, "tcp.dstport"), 80);
    ck_assert_uint_eq(number(&v, "tcp.seq_raw"), 0x12345678);
    ck_assert_uint_eq(number(&v, "tcp.flags"), 2);
    ck_assert_uint_eq(number(&v, "tcp.flags.syn"), 1);
    ck_assert_uint_eq(number(&v, "tcp.flags.ack"), 0);
    ck_assert_uint_eq(number(&v, "tcp.hdr_len"), 40);
    ck_assert_uint_eq(number(&v, "tcp.len"), 0);
    ck_assert_uint_eq(number(&v, "tcp.window_size_value"), 64240);
    ck_assert_uint_eq(number(&v, "tcp.checksum"), 0xef69);
    ck_assert_uint_eq(number(&v, "tcp.options.mss_val"), 1460);
    ck_assert_uint_eq(number(&v, "tcp.options.wscale.shift"), 7);
    ck_assert_uint_eq(number(&v, "tcp.options.sack_perm"), 1);
    ck_assert_uint_eq(number(&v, "tcp.options.timestamp.tsval"), 287454020);
    ck_assert_mem_eq(view_mac(&v, view_field_find("eth.src")), "\2\0\0\0\0\1", 6);
    ck_assert_mem_eq(view_mac(&v, view_field_find("eth.dst")), "\2\0\0\0\0\2", 6);
    ck_assert(absent(&v, "udp.srcport") && absent(&v, "icmp.type") && absent(&v, "arp.opcode"));
    view_of(sim, frames[1].hex, &v);
    ck_assert_uint_eq(number(&v, "tcp.len"), 3);
    ck_assert_uint_eq(number(&v, "tcp.flags.push"), 1);
    ck_assert(absent(&v, "tcp.options.mss_val"));
    view_of(sim, frames[2].hex, &v);
    ck_assert_uint_eq(number(&v, "tcp.options.sack.count"), 2);
    view_of(sim, frames[5].hex, &v);
    for (const struct view_field *f = view_fields; f->name; f++)
        if (g_str_has_prefix(f->name, "tcp.flags."))
            ck_assert_uint_eq(number(&v, f->name), 1);
    sim_free(sim);
}
END_TEST

START_TEST(other_fields)
{
    struct sim *sim = sim_new(1);
    struct view v;

    view_of(sim, frames[10].hex, &v);
    ck_assert_uint_eq(number(&v, "udp.srcport"), 1000);
    ck_assert_uint_eq(number(&v, "udp.dstport"), 53);
    ck_assert_uint_eq(number(&v, "udp.length"), 13);
    ck_assert_uint_eq(number(&v, "udp.checksum"), 0xe8da);
    view_of(sim, frames[14].hex, &v); /* a fragment in the middle */
    ck_assert_uint_eq(number(&v, "ip.frag_offset"), 185);
    ck_assert_uint_eq(number(&v, "ip.flags.mf"), 1);
    ck_assert(absent(&v, "udp.srcport") && view_is_fragment(&v));
    view_of(sim, frames[16].hex, &v);
    ck_assert_uint_eq(number(&v, "icmp.type"), 8);
    ck_assert_uint_eq(number(&v, "icmp.ident"), 7);
    ck_assert_uint_eq(number(&v, "icmp.seq"), 1);
    ck_assert(absent(&v, "icmp.mtu"));
    view_of(sim, frames[19].hex, &v);
    ck_assert_uint_eq(number(&v, "icmp.code"), 4);
    ck_assert_uint_eq(number(&v, "icmp.mtu"), 1400);
    ck_assert(absent(&v, "icmp.ident"));
    view_of(sim, frames[25].hex, &v);
    ck_assert_uint_eq(number(&v, "icmp.redir_gw"), 0x0a000008);
    view_of(sim, frames[27].hex, &v);
    ck_assert_uint_eq(number(&v, "arp.opcode"), 1);
    ck_assert_uint_eq(number(&v, "arp.src.proto_ipv4"), 0x0a000001);
    ck_assert_uint_eq(number(&v, "arp.dst.proto_ipv4"), 0x0a000002);
    ck_assert_mem_eq(view_mac(&v, view_field_find("arp.src.hw_mac")), "\2\0\0\0\0\1", 6);
    ck_assert(absent(&v, "ip.src"));
    sim_free(sim);
}
END_TEST

START_TEST(fields_are_in_order)
{
    for (const struct view_field *f = view_fields; f->name; f++) {
        if (f > view_fields)
            ck_assert_int_lt(strcmp(f[-1].name, f->name), 0);
        ck_assert_ptr_eq(view_field_find(f->name), f);
        ck_assert_ptr_nonnull(f->doc);
        ck_assert(f->size == 1 || f->size == 2 || f->size == 4 ||
                  (f->size == 6 && f->type == VIEW_MAC));
    }
    ck_assert_ptr_null(view_field_find("tcp.nothing"));
    ck_assert_ptr_null(view_field_find(""));
    ck_assert_ptr_null(view_field_find("zzz"));
}
END_TEST

SUITE("protocols/format", golden_lines, relative_numbers, any_bytes_do, tcp_fields, other_fields,
      fields_are_in_order)
