/* net:synflood: each SYN is one of nobody, at its time, and the listener keeps it half open. */
#include "protocols/wire/ipv4.h"
#include "protocols/wire/tcphdr.h"
#include "tests/support/net.h"
#include "tests/support/suite.h"

/* What arrives at the victim, in place of its TCP. */
struct victim {
    struct ip_l4 l4;
    struct network *net;
    GArray *sources; /* ip4 */
    sim_time first, last;
    uint32_t wrong; /* SYNs with something else than one MSS option, port 80 */
};

static void victim_input(struct ip_l4 *l4, struct packet *packet, const struct ip_rx *rx)
{
    struct victim *v = container_of(l4, struct victim, l4);
    struct tcphdr_options o;
    struct tcphdr h;
    ip4 source = ip_addr_v4(&rx->src);

    ck_assert(packet_need(packet, TCPHDR_LEN));
    ck_assert_uint_eq(packet_len(packet), TCPHDR_LEN + 4);
    ck_assert(packet_need(packet, TCPHDR_LEN + 4));
    tcphdr_parse(packet_data(packet), &h);
    tcphdr_options_parse(packet_data(packet) + TCPHDR_LEN, 4, &o);
    v->wrong += h.flags != TH_SYN || h.dst_port != 80 || h.src_port < 1024 ||
                o.present != TCPHAS_MSS || o.mss != 1000;
    g_array_append_val(v->sources, source);
    v->last = v->net->sim->now;
    if (v->sources->len == 1)
        v->first = v->last;
    packet_delivered(packet);
}

static bool victim_error(struct ip_l4 *l4, uint8_t type, uint8_t code, uint32_t info,
                         const uint8_t *quote, uint32_t quote_len, const struct ip_rx *rx)
{
    return true;
}

/* A thousand SYNs, 2 ms apart, from 10.128.0.0/9: all in the prefix, hardly any source twice. */
START_TEST(spoofed)
{
    struct network *net = network_new("net", 1);
    struct node *a = net_host(net, "a"), *b = net_host(net, "b");
    struct victim v = { .l4 = { .input = victim_input, .error = victim_error }, .net = net };
    struct app *app;

    net_link(net, a, b, 1000000000, SIM_MS);
    v.sources = g_array_new(FALSE, FALSE, sizeof(ip4));
    ip_register(&b->ip, IP_PROTO_TCP, &v.l4);
    app = net_app(net, "synflood", a, b);
    app->start = SIM_S;
    net_set(app, "count", "1000");
    net_set(app, "interval", "2ms");
    net_set(app, "mss", "1000");
    net_set(app, "sources", "10.200.0.0/9");
    net_arm(app);
    net_run(net, 10 * SIM_S);
    ck_assert_result(app, "sent", 1000);
    ck_assert_int_eq(app->state, APP_DONE);
    ck_assert_uint_eq(v.wrong, 0);
    ck_assert_uint_ge(v.sources->len, 997); /* ARP keeps the last three of the first ones */
    GHashTable *seen = g_hash_table_new(g_direct_hash, g_direct_equal);
    for (guint i = 0; i < v.sources->len; i++) {
        ip4 source = g_array_index(v.sources, ip4, i);
        ck_assert_uint_eq(source >> 23, (10u << 24 | 128u << 16) >> 23);
        g_hash_table_add(seen, GUINT_TO_POINTER(source));
    }
    ck_assert_uint_gt(g_hash_table_size(seen), 990);
    g_hash_table_destroy(seen);
    ck_assert_int_le(v.last - v.first, 999 * 2 * SIM_MS);
    ck_assert_int_ge(v.last - v.first, 995 * 2 * SIM_MS);
    g_array_free(v.sources, TRUE);
    net_end(net);
}
END_TEST

SUITE("models/app: synflood", spoofed)
