/* Options of sockets: defaults of Linux 6.18, ranges and errors of socket(7), tcp(7), ip(7) and
 * do_tcp_setsockopt. */
#include "tests/support/sockets.h"
#include "tests/support/suite.h"

/* What a new stream socket says. */
START_TEST(defaults)
{
    static const struct {
        const char *name;
        int value;
    } want[] = {
        { "SO_REUSEADDR", 0 },
        { "SO_TYPE", 1 },
        { "SO_ERROR", 0 },
        { "SO_SNDBUF", 16384 },
        { "SO_RCVBUF", 131072 },
        { "SO_KEEPALIVE", 0 },
        { "SO_RCVLOWAT", 1 },
        { "SO_ACCEPTCONN", 0 },
        { "SO_PROTOCOL", 6 },
        { "TCP_NODELAY", 0 },
        { "TCP_CORK", 0 },
        { "TCP_MAXSEG", 536 },
        { "TCP_KEEPIDLE", 7200 },
        { "TCP_KEEPINTVL", 75 },
        { "TCP_KEEPCNT", 9 },
        { "TCP_SYNCNT", 6 },
        { "TCP_LINGER2", 60 },
        { "TCP_DEFER_ACCEPT", 0 },
        { "TCP_WINDOW_CLAMP", 0 },
        { "TCP_QUICKACK", 1 },
        { "TCP_USER_TIMEOUT", 0 },
        { "IP_TOS", 0 },
        { "IP_TTL", 64 },
        { "IP_MTU_DISCOVER", 1 },
        { "TCP_NOTSENT_LOWAT", 0 },
        { "SO_SNDLOWAT", 1 },
        { "SO_DOMAIN", 2 },
        { "TCP_RTO_MAX_MS", 120000 },
        { "TCP_RTO_MIN_US", 200000 },
        { "TCP_DELACK_MAX_US", 200000 },
        { "TCP_THIN_LINEAR_TIMEOUTS", 0 },
        { "TCP_THIN_DUPACK", 0 },
    };
    struct sockrig r = rig_new();
    struct socket *s = socket_new(r.at_a, SOCKET_STREAM);

    for (size_t i = 0; i < G_N_ELEMENTS(want); i++)
        ck_assert_msg(rig_get(s, want[i].name) == want[i].value, "%s: %d", want[i].name,
                      rig_get(s, want[i].name));
    rig_end(&r);
}
END_TEST

/* TCP_WINDOW_CLAMP takes any number and makes it half the least receive buffer at least, as
 * Linux 6.18 was seen to; TCP_QUICKACK is on after an even number, too. */
START_TEST(odd_values)
{
    struct sockrig r = rig_new();
    struct socket *s = socket_new(r.at_a, SOCKET_STREAM);

    ck_assert_int_eq(rig_set(s, "TCP_WINDOW_CLAMP", 10000), 0);
    ck_assert_int_eq(rig_get(s, "TCP_WINDOW_CLAMP"), 10000);
    ck_assert_int_eq(rig_set(s, "TCP_WINDOW_CLAMP", -1), 0);
    ck_assert_int_eq(rig_get(s, "TCP_WINDOW_CLAMP"), 1152);
    ck_assert_int_eq(rig_set(s, "TCP_QUICKACK", 0), 0);
    ck_assert_int_eq(rig_get(s, "TCP_QUICKACK"), 0);
    ck_assert_int_eq(rig_set(s, "TCP_QUICKACK", 2), 0);
    ck_assert_int_eq(rig_get(s, "TCP_QUICKACK"), 1);
    rig_end(&r);
}
END_TEST

/* What is set is what is read, before the connection and while it lives; out of range is EINVAL. */
START_TEST(ranges)
{
    static const struct {
        const char *name;
        int good, read, bad[2];
    } rows[] = {
        { "TCP_MAXSEG", 1000, 1000, { 87, 32768 } },
        { "TCP_KEEPIDLE", 30, 30, { 0, 32768 } },
        { "TCP_KEEPINTVL", 7, 7, { 0, 32768 } },
        { "TCP_KEEPCNT", 3, 3, { 0, 128 } },
        { "TCP_SYNCNT", 2, 2, { 0, 128 } },
        { "TCP_USER_TIMEOUT", 5000, 5000, { -1, -2 } },
        { "TCP_RTO_MAX_MS", 5001, 5001, { 999, 120001 } },
        { "TCP_RTO_MIN_US", 5001, 6000, { 1000, 200001 } },
        { "TCP_DELACK_MAX_US", 120000, 120000, { 1000, 200001 } },
        { "TCP_THIN_LINEAR_TIMEOUTS", 1, 1, { -1, 2 } },
        { "TCP_THIN_DUPACK", 1, 0, { -1, 2 } },
        { "IP_TTL", 12, 12, { 0, 256 } },
        { "IP_MTU_DISCOVER", 3, 3, { -1, 6 } },
    };
    struct sockrig r = rig_new();

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct socket *s = socket_new(r.at_a, SOCKET_STREAM);
        ck_assert_int_eq(rig_set(s, rows[i].name, rows[i].good), 0);
        ck_assert_msg(rig_get(s, rows[i].name) == rows[i].read, "%s", rows[i].name);
        for (int k = 0; k < 2; k++)
            ck_assert_msg(rig_set(s, rows[i].name, rows[i].bad[k]) == -EINVAL, "%s = %d",
                          rows[i].name, rows[i].bad[k]);
        ck_assert_int_eq(rig_get(s, rows[i].name), rows[i].read);
    }
    rig_end(&r);
}
END_TEST

/* socket(7): the value is doubled; limits are net.core.*mem_max above, 4608 and 2304 below. */
START_TEST(buffer_sizes)
{
    struct sockrig r = rig_new();
    struct socket *s = socket_new(r.at_a, SOCKET_STREAM);

    rig_sysctl(r.a, "net.core.rmem_max", "100000");
    rig_sysctl(r.a, "net.core.wmem_max", "200000");
    ck_assert_int_eq(rig_set(s, "SO_SNDBUF", 10000), 0);
    ck_assert_int_eq(rig_get(s, "SO_SNDBUF"), 20000);
    ck_assert_int_eq(rig_set(s, "SO_SNDBUF", 1000000), 0);
    ck_assert_int_eq(rig_get(s, "SO_SNDBUF"), 400000);
    ck_assert_int_eq(rig_set(s, "SO_SNDBUF", 0), 0);
    ck_assert_int_eq(rig_get(s, "SO_SNDBUF"), 4608);
    ck_assert_int_eq(rig_set(s, "SO_RCVBUF", 10000), 0);
    ck_assert_int_eq(rig_get(s, "SO_RCVBUF"), 20000);
    ck_assert_int_eq(rig_set(s, "SO_RCVBUF", 1000000), 0);
    ck_assert_int_eq(rig_get(s, "SO_RCVBUF"), 200000);
    ck_assert_int_eq(rig_set(s, "SO_RCVBUF", 1), 0);
    ck_assert_int_eq(rig_get(s, "SO_RCVBUF"), 2304);
    r.client = s;
    rig_connect(&r);
    ck_assert_int_eq(rig_get(s, "SO_RCVBUF"), 2304);
    ck_assert_int_eq(rig_set(s, "SO_RCVBUF", 50000), 0);
    ck_assert_int_eq(rig_get(s, "SO_RCVBUF"), 100000);
    rig_end(&r);
}
END_TEST

/* tcp(7): inherited by what a listener accepts; the SYN's MSS option is TCP_MAXSEG. */
START_TEST(inherited)
{
    struct sockrig r = rig_new();

    r.listener = rig_listen(&r, 80, 5);
    rig_set(r.listener, "TCP_NODELAY", 1);
    rig_set(r.listener, "SO_KEEPALIVE", 1);
    rig_set(r.listener, "IP_TTL", 7);
    rig_set(r.listener, "TCP_MAXSEG", 500);
    rig_set(r.listener, "SO_RCVLOWAT", 3);
    rig_connect(&r);
    ck_assert_int_eq(rig_get(r.server, "TCP_NODELAY"), 1);
    ck_assert_int_eq(rig_get(r.server, "SO_KEEPALIVE"), 1);
    ck_assert_int_eq(rig_get(r.server, "IP_TTL"), 7);
    ck_assert_int_eq(rig_get(r.server, "SO_RCVLOWAT"), 3);
    ck_assert_int_eq(rig_get(r.client, "TCP_MAXSEG"), 500 - 12); /* less timestamps */
    ck_assert_int_eq(rig_get(r.client, "TCP_NODELAY"), 0);
    rig_end(&r);
}
END_TEST

/* ip(7): the ECN bits of a stream's TOS are not the owner's; -1 is the default TTL again. */
START_TEST(of_ip)
{
    struct sockrig r = rig_new();
    struct socket *s = socket_new(r.at_a, SOCKET_STREAM), *u = socket_new(r.at_a, SOCKET_DGRAM);

    rig_set(s, "IP_TOS", 0xff);
    rig_set(u, "IP_TOS", 0xff);
    ck_assert_int_eq(rig_get(s, "IP_TOS"), 0xfc);
    ck_assert_int_eq(rig_get(u, "IP_TOS"), 0xff);
    rig_set(s, "IP_TTL", 9);
    ck_assert_int_eq(rig_set(s, "IP_TTL", -1), 0);
    ck_assert_int_eq(rig_get(s, "IP_TTL"), 64);
    r.client = s;
    rig_connect(&r);
    ck_assert_int_eq(rig_get(s, "IP_MTU"), 1500);
    rig_end(&r);
}
END_TEST

/* tcp(7), TCP_CONGESTION: at any time; ENOENT for what there is not. */
START_TEST(congestion)
{
    struct sockrig r = rig_new();
    const struct socket_option *o = socket_option_named("TCP_CONGESTION");
    char name[16];
    uint32_t length = sizeof name;

    rig_connect(&r);
    ck_assert_int_eq(socket_get_option(r.client, o, name, &length), 0);
    ck_assert_str_eq(name, "cubic");
    ck_assert_int_eq(socket_set_option(r.client, o, "reno", 4), 0);
    length = sizeof name;
    ck_assert_int_eq(socket_get_option(r.client, o, name, &length), 0);
    ck_assert_str_eq(name, "reno");
    ck_assert_int_eq(socket_set_option(r.client, o, "vodka", 5), -ENOENT);
    rig_send(r.client, "still alive");
    rig_run(&r, SIM_S);
    ck_assert_recv(r.server, "still alive");
    rig_end(&r);
}
END_TEST

/* setsockopt(2), getsockopt(2). */
START_TEST(sizes)
{
    struct sockrig r = rig_new();
    struct socket *s = socket_new(r.at_a, SOCKET_STREAM);
    const struct socket_option *o = socket_option_numbered(6, 1);
    char bytes[4] = { 1, 0, 0, 0 };
    uint32_t length = 2;

    ck_assert_str_eq(o->name, "TCP_NODELAY");
    ck_assert_ptr_null(socket_option_numbered(6, 9999));
    ck_assert_int_eq(socket_set_option(s, o, bytes, 3), -EINVAL);
    ck_assert_int_eq(socket_set_option(s, o, bytes, 4), 0);
    ck_assert_int_eq(socket_get_option(s, o, bytes, &length), 0);
    ck_assert_uint_eq(length, 2);
    ck_assert_int_eq(rig_set(s, "SO_TYPE", 1), -ENOPROTOOPT);
    rig_end(&r);
}
END_TEST

/* tcp(7), TCP_USER_TIMEOUT: data that stays unacknowledged for so long ends the connection. */
START_TEST(user_timeout)
{
    struct sockrig r = rig_new();

    rig_connect(&r);
    rig_set(r.client, "TCP_USER_TIMEOUT", 3000);
    net_set_state(r.link, LINK_SILENT);
    rig_send(r.client, "x");
    rig_run(&r, 2900 * SIM_MS);
    ck_assert_int_eq(rig_recv_status(r.client), -EAGAIN);
    rig_run(&r, SIM_S);
    ck_assert_int_eq(rig_recv_status(r.client), -ETIMEDOUT);
    net_set_state(r.link, LINK_UP);
    rig_end(&r);
}
END_TEST

/* tcp(7): keepalive asked for in the middle of a connection; two probes a second apart after three
 * seconds of silence, and the end a second later. */
START_TEST(keepalive)
{
    struct sockrig r = rig_new();

    rig_connect(&r);
    rig_set(r.client, "SO_KEEPALIVE", 1);
    rig_set(r.client, "TCP_KEEPINTVL", 1);
    rig_set(r.client, "TCP_KEEPCNT", 2);
    ck_assert_int_eq(rig_set(r.client, "TCP_KEEPIDLE", 3), 0);
    net_set_state(r.link, LINK_SILENT);
    rig_run(&r, 4800 * SIM_MS);
    ck_assert_int_eq(rig_recv_status(r.client), -EAGAIN);
    rig_run(&r, 400 * SIM_MS);
    ck_assert_int_eq(rig_recv_status(r.client), -ETIMEDOUT);
    ck_assert_uint_eq(tcp_counters(r.a->tcp)->TCPKeepAlive, 2);
    net_set_state(r.link, LINK_UP);
    rig_end(&r);
}
END_TEST

/* TCP_INFO after one exchange over a path of 20 ms. */
START_TEST(info)
{
    struct sockrig r = rig_new();
    static char data[20000];

    rig_connect(&r);
    struct socket_tcp_info i = rig_info(r.client);
    ck_assert_uint_eq(i.state, 1);
    ck_assert_uint_eq(i.options, 7);
    ck_assert_uint_eq(i.snd_mss, 1448);
    ck_assert_uint_eq(i.advmss, 1448);
    ck_assert_uint_eq(i.pmtu, 1500);
    ck_assert_uint_eq(i.snd_cwnd, 10);
    ck_assert_uint_eq(i.snd_ssthresh, 0x7fffffff);
    ck_assert_uint_eq(i.reordering, 3);
    ck_assert_uint_ge(i.rtt, 40000); /* the SYN waited for ARP */
    ck_assert_uint_le(i.rtt, 40200);
    ck_assert_uint_eq(i.min_rtt, i.rtt);
    ck_assert_uint_eq(i.busy_time, 0);
    ck_assert_uint_eq(i.segs_out, 2); /* SYN, ACK */
    ck_assert_uint_eq(i.segs_in, 1);
    socket_send(r.client, data, sizeof data, 0, NULL);
    i = rig_info(r.client);
    ck_assert_uint_eq(i.unacked, 10);
    ck_assert_uint_eq(i.notsent_bytes, 20000 - 14480);
    rig_run(&r, SIM_S);
    i = rig_info(r.client);
    ck_assert_uint_eq(i.bytes_sent, 20000);
    ck_assert_uint_eq(i.bytes_acked, 20001); /* with the SYN, as Linux counts */
    ck_assert_uint_eq(i.data_segs_out, 14);
    ck_assert_uint_eq(i.delivered, 15); /* with the SYN */
    ck_assert_uint_eq(i.unacked, 0);
    /* Also of one that is not paced: twice the window a round trip (tcp_pacing_ss_ratio). */
    double rate = 2.0 * i.snd_mss * i.snd_cwnd / (i.rtt * 1e-6);
    ck_assert_double_eq_tol((double)i.pacing_rate, rate, rate * 0.001);
    ck_assert_uint_ge(i.busy_time, 40000); /* two round trips */
    ck_assert_uint_le(i.busy_time, 100000);
    ck_assert_uint_ge(i.last_data_sent, 900);
    i = rig_info(r.server);
    ck_assert_uint_eq(i.bytes_received, 20000);
    ck_assert_uint_eq(i.data_segs_in, 14);
    ck_assert_uint_eq(i.rcv_ooopack, 0);
    rig_end(&r);
}
END_TEST

/* A time-out and its end: total_rto, total_rto_recoveries, total_rto_time.  The link is cut for
 * 500 ms; the RTO is 200 ms + the RTT, so that it retransmits at about 220 and 660 ms. */
START_TEST(info_of_timeouts)
{
    struct sockrig r = rig_new();

    rig_connect(&r);
    net_set_state(r.link, LINK_SILENT);
    rig_send(r.client, "x");
    rig_run(&r, 500 * SIM_MS);
    net_set_state(r.link, LINK_UP);
    rig_run(&r, SIM_S);
    struct socket_tcp_info i = rig_info(r.client);
    ck_assert_uint_eq(i.total_rto, 2);
    ck_assert_uint_eq(i.total_rto_recoveries, 1);
    ck_assert_uint_eq(i.rehash, i.total_rto); /* Linux tries another path with each */
    ck_assert_uint_ge(i.total_rto_time, 400);
    ck_assert_uint_le(i.total_rto_time, 700);
    rig_end(&r);
}
END_TEST

/* Fields by name are the bytes of the struct. */
START_TEST(info_fields)
{
    struct socket_tcp_info i = { .state = 1, .wscales = 0x97, .delivery = 5, .total_rto = 300 };
    uint32_t n = 0;

    for (const struct socket_tcp_field *f = socket_tcp_fields; f->name; f++, n++) {
        uint64_t value = socket_tcp_field_get(&i, f);
        uint64_t want = strcmp(f->name, "state") == 0                       ? 1
                        : strcmp(f->name, "snd_wscale") == 0                ? 7
                        : strcmp(f->name, "rcv_wscale") == 0                ? 9
                        : strcmp(f->name, "delivery_rate_app_limited") == 0 ? 1
                        : strcmp(f->name, "fastopen_client_fail") == 0      ? 2
                        : strcmp(f->name, "total_rto") == 0                 ? 300
                                                                            : 0;
        ck_assert_msg(value == want, "%s", f->name);
    }
    ck_assert_uint_eq(n, 70);
}
END_TEST

/* The sysctls of this layer are copied when they are written. */
START_TEST(sysctls)
{
    struct sockrig r = rig_new();
    GError *error = NULL;

    ck_assert_ptr_eq(r.at_a->sysctl, &socket_sysctl_defaults);
    rig_sysctl(r.a, "net.core.rmem_default", "5000");
    ck_assert_int_eq(rig_get(socket_new(r.at_a, SOCKET_DGRAM), "SO_RCVBUF"), 5000);
    ck_assert_int_eq(rig_get(socket_new(r.at_b, SOCKET_DGRAM), "SO_RCVBUF"), 212992);
    char *value = node_sysctl_get(r.a, "net.core.rmem_default", NULL);
    ck_assert_str_eq(value, "5000");
    g_free(value);
    ck_assert(!node_sysctl_set(r.a, "net.core.rmem_default", "1000", &error));
    ck_assert_str_eq(error->message,
                     "net.core.rmem_default = \"1000\": give a number from 2304 to 2147483647");
    g_clear_error(&error);
    ck_assert(!node_sysctl_set(r.a, "net.core.rmem_defalt", "1000", &error));
    ck_assert_ptr_nonnull(strstr(error->message, "did you mean \"net.core.rmem_default\"?"));
    g_clear_error(&error);
    const char **names = node_sysctl_names();
    for (size_t i = 0; names[i]; i++) {
        value = node_sysctl_get(r.a, names[i], NULL);
        ck_assert_msg(value != NULL, "%s", names[i]);
        g_free(value);
        ck_assert_msg(!names[i + 1] || strcmp(names[i], names[i + 1]) < 0, "%s", names[i]);
    }
    g_free(names);
    rig_end(&r);
}
END_TEST

/* socket(7): bytes per second in 32 or 64 bits, all of them set: no limit; TCP_INFO tells, too. */
START_TEST(max_pacing_rate)
{
    const struct socket_option *o = socket_option_named("SO_MAX_PACING_RATE");
    uint64_t wide = UINT64_C(5000000000), got = 0;
    uint32_t narrow = 123456, length = sizeof narrow;
    struct socket_tcp_info told;
    struct sockrig r = rig_new();

    rig_connect(&r);
    ck_assert_int_eq(socket_get_option(r.client, o, &narrow, &length), 0);
    ck_assert_uint_eq(narrow, UINT32_MAX);
    narrow = 123456;
    ck_assert_int_eq(socket_set_option(r.client, o, &narrow, sizeof narrow), 0);
    socket_tcp_info_get(r.client, &told);
    ck_assert_uint_eq(told.max_pacing_rate, 123456);
    ck_assert_uint_eq(told.pacing_rate, 123456); /* the window would allow more */
    ck_assert_int_eq(socket_set_option(r.client, o, &wide, sizeof wide), 0);
    length = sizeof got;
    ck_assert_int_eq(socket_get_option(r.client, o, &got, &length), 0);
    ck_assert_uint_eq(got, wide);
    length = sizeof narrow;
    ck_assert_int_eq(socket_get_option(r.client, o, &narrow, &length), 0);
    ck_assert_uint_eq(narrow, UINT32_MAX);
    ck_assert_int_eq(socket_set_option(r.client, o, &narrow, sizeof narrow), 0);
    socket_tcp_info_get(r.client, &told);
    ck_assert_uint_eq(told.max_pacing_rate, UINT64_MAX);
    ck_assert_int_eq(socket_set_option(r.client, o, &narrow, 3), -EINVAL);
    wide = 0; /* on a 6.18 kernel: what is sent then leaves as without a limit */
    ck_assert_int_eq(socket_set_option(r.client, o, &wide, sizeof wide), 0);
    socket_tcp_info_get(r.client, &told);
    ck_assert_uint_eq(told.max_pacing_rate, UINT64_MAX);
    rig_end(&r);
}
END_TEST

/* What TCP_CC_INFO tells, in the sizes of include/uapi/linux/inet_diag.h: Vegas and its like 16
 * bytes, DCTCP 16, BBR 20, the others nothing. */
START_TEST(cc_info)
{
    static const struct {
        const char *cc;
        uint32_t size;
    } rows[] = { { "cubic", 0 },     { "vegas", 16 },    { "yeah", 16 },
                 { "westwood", 16 }, { "lp", 0 },        { "dctcp", 16 },
                 { "bbr", 20 },      { "illinois", 16 }, { "veno", 0 } };
    const struct socket_option *o = socket_option_named("TCP_CC_INFO");
    const struct socket_option *cc = socket_option_named("TCP_CONGESTION");
    uint32_t words[5], length;

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct sockrig r = rig_new();
        rig_connect(&r);
        socket_set_option(r.client, cc, rows[i].cc, (uint32_t)strlen(rows[i].cc));
        ck_assert_int_gt(rig_send(r.client, "hello"), 0);
        rig_run(&r, SIM_S);
        length = sizeof words;
        ck_assert_int_eq(socket_get_option(r.client, o, words, &length), 0);
        ck_assert_msg(length == rows[i].size, "%s: %u", rows[i].cc, length);
        if (strcmp(rows[i].cc, "vegas") == 0) { /* enabled; the base round trip is the link's */
            ck_assert_uint_eq(words[0], 1);
            ck_assert_uint_ge(words[2], 20000);
            ck_assert_uint_lt(words[2], 21000);
        }
        if (strcmp(rows[i].cc, "bbr") == 0) { /* start-up: both gains are 2.89 in 256ths */
            ck_assert_uint_ge(words[2], 20000);
            ck_assert_uint_lt(words[2], 21000);
            ck_assert_uint_eq(words[3], 739);
            ck_assert_uint_eq(words[4], 739);
        }
        rig_end(&r);
    }
}
END_TEST

/* What socket(7) calls of all sockets is taken by both kinds, as Linux 6.18 was seen to, although
 * it means something for one of them only; a queue of Fast Open is no longer than somaxconn. */
START_TEST(of_any_kind)
{
    static const struct {
        const char *name;
        int value, read;
    } rows[] = { { "SO_KEEPALIVE", 1, 1 }, { "SO_OOBINLINE", 2, 1 }, { "SO_RCVLOWAT", 100, 100 },
                 { "SO_BROADCAST", 1, 1 }, { "IP_RECVERR", 1, 1 },   { "SO_RCVLOWAT", 0, 1 },
                 { "SO_REUSEADDR", 1, 1 } };
    struct sockrig r = rig_new();
    struct socket *s[] = { socket_new(r.at_a, SOCKET_STREAM), socket_new(r.at_a, SOCKET_DGRAM) };
    struct socket_linger linger = { 1, 7 }, read = { 0, 0 };
    uint32_t length = sizeof read;

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        for (int k = 0; k < 2; k++) {
            ck_assert_int_eq(rig_set(s[k], rows[i].name, rows[i].value), 0);
            ck_assert_msg(rig_get(s[k], rows[i].name) == rows[i].read, "%s of %d", rows[i].name, k);
        }
    const struct socket_option *o = socket_option_named("SO_LINGER");
    ck_assert_int_eq(socket_set_option(s[1], o, &linger, sizeof linger), 0);
    ck_assert_int_eq(socket_get_option(s[1], o, &read, &length), 0);
    ck_assert_int_eq(read.seconds, 7);
    ck_assert_int_eq(rig_set(s[0], "TCP_FASTOPEN", 5000), 0);
    ck_assert_int_eq(rig_get(s[0], "TCP_FASTOPEN"), 4096);
    rig_end(&r);
}
END_TEST

SUITE("models/socket: options", defaults, odd_values, ranges, buffer_sizes, inherited, of_ip,
      congestion, sizes, user_timeout, keepalive, info, info_of_timeouts, info_fields, sysctls,
      max_pacing_rate, cc_info, of_any_kind)
