/* What IP costs: `bench_ip MODE N` prints ns for each of N datagrams of 1,500 bytes.
 *
 *   forward   through a router with 1,000 routes, from 100 sources to 100 destinations
 *   deliver   to a protocol of the node
 *   send      from a connection with a cached route, the packet's making and end included
 *   none      the loop around forward and deliver alone
 *   make      the making and end of send's packets alone
 *
 * Under callgrind the difference of two lengths, divided by that of N, is the instructions for one;
 * the loop's are to be subtracted. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "protocols/ip/neigh.h"
#include "protocols/ip/route.h"
#include "protocols/ip/stack.h"
#include "sim/sim.h"

enum { FLOWS = 100, ROUTES = 1000 };

struct bench {
    struct sim *sim;
    struct ip_stack ip;
    struct ip_iface in, out;
    struct actor actor;
    struct drops drops;
    struct packet *last; /* what came out */
};

static enum xmit transmit(struct ip_iface *iface, struct packet *frame)
{
    struct bench *bench = container_of(iface, struct bench, out);
    bench->last = frame;
    return XMIT_SENT;
}

static const struct ip_iface_ops ops = { .transmit = transmit };

static void bench_init(struct bench *b)
{
    static const struct eth_addr gateway_mac = { { 2, 0, 0, 0, 0, 9 } };
    struct ip_via via = { .gateway = 0x0a010002 };

    b->sim = sim_new(1);
    b->drops.name = "r";
    actor_init(&b->actor, b->sim, "r");
    ip_stack_init(&b->ip, b->sim, "r", &b->actor, &b->drops);
    b->ip.forwarding = true;
    ip_iface_init(&b->in, &b->ip, "eth1", (struct eth_addr){ { 2, 0, 0, 0, 0, 1 } }, &ops,
                  &b->drops);
    ip_iface_init(&b->out, &b->ip, "eth2", (struct eth_addr){ { 2, 0, 0, 0, 0, 2 } }, &ops,
                  &b->drops);
    ip_iface_add_address(&b->in, 0x0a000001, 16);
    ip_iface_add_address(&b->out, 0x0a010001, 24);
    neigh_set_permanent(&b->out, via.gateway, &gateway_mac);
    for (uint32_t i = 0; i < ROUTES; i++) {
        struct ip_route_spec spec = {
            .prefix = 0x14000000 + (i << 8), .length = 24, .n_vias = 1, .vias = &via
        };
        ip_route_add(&b->ip, &spec);
    }
}

static void bench_fini(struct bench *b)
{
    ip_iface_fini(&b->in);
    ip_iface_fini(&b->out);
    ip_stack_fini(&b->ip);
    drops_fini(&b->drops);
    sim_free(b->sim);
}

/* A frame of 1,514 bytes as a host makes it. */
static struct packet *frame_make(struct bench *b, uint32_t flow, bool local)
{
    struct packet *packet = packet_new(b->sim);
    struct eth eth = { b->in.mac, { { 2, 0, 0, 0, 0, 8 } }, ETH_TYPE_IPV4 };
    struct ipv4 h = { .header_len = IPV4_LEN,
                      .length = 1500,
                      .frag = IPV4_DF,
                      .ttl = 64,
                      .proto = IP_PROTO_UDP,
                      .src = 0x0a000100 + flow,
                      .dst = local ? 0x0a000001 : 0x14000001 + (flow * 10 << 8) };

    packet_set_payload(packet, blob_ref(&blob_pattern), 0, 1472);
    memset(packet_push(packet, 8), 0, 8);
    ipv4_emit(packet_push(packet, IPV4_LEN), &h);
    ipv4_finish(packet_data(packet));
    eth_emit(packet_push(packet, ETH_LEN), &eth);
    return packet;
}

/* Puts the header back as it came in; a hop has no such step. */
static void rewind_frame(struct packet *frame, const struct packet *fresh)
{
    memcpy(frame->buf + frame->head, fresh->buf + fresh->head, ETH_LEN + IPV4_LEN);
}

static void loop_input(struct bench *b, uint64_t n, struct packet **frames, struct packet **fresh,
                       bool none)
{
    for (uint64_t i = 0; i < n; i++) {
        struct packet *frame = frames[i % FLOWS];
        rewind_frame(frame, fresh[i % FLOWS]);
        if (!none)
            ip_iface_input(&b->in, frame);
    }
}

static void loop_send(struct bench *b, uint64_t n, bool none)
{
    struct ip_tx tx = { .src = ip_addr_of_v4(0x0a010001),
                        .dst = ip_addr_of_v4(0x14000001),
                        .proto = IP_PROTO_UDP,
                        .df = true };
    struct ip_route_cache cache = { 0 };

    for (uint64_t i = 0; i < n; i++) {
        struct packet *packet = packet_new(b->sim);
        packet_set_payload(packet, &blob_pattern, 0, 1472);
        packet_push(packet, 8);
        if (!none)
            ip_send(&b->ip, packet, &tx, &cache);
        packet_consumed(packet);
    }
}

/* The receiver of `deliver`; the packet is used again. */
static void take(struct ip_l4 *l4, struct packet *packet, const struct ip_rx *rx)
{
    packet->head = (uint16_t)(packet->head - IPV4_LEN - ETH_LEN);
}

static void run(struct bench *b, const char *mode, uint64_t n)
{
    struct packet *frames[FLOWS], *fresh[FLOWS];
    bool deliver = strcmp(mode, "deliver") == 0;

    for (uint32_t i = 0; i < FLOWS; i++) {
        frames[i] = frame_make(b, i, deliver);
        fresh[i] = frame_make(b, i, deliver);
    }
    clock_t start = clock();
    if (strcmp(mode, "send") == 0 || strcmp(mode, "make") == 0)
        loop_send(b, n, mode[0] == 'm');
    else
        loop_input(b, n, frames, fresh, mode[0] == 'n');
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    printf("bench=ip mode=%s ns=%.1f\n", mode, seconds * 1e9 / (double)n);
    for (uint32_t i = 0; i < FLOWS; i++) {
        packet_consumed(frames[i]);
        packet_consumed(fresh[i]);
    }
}

int main(int argc, char **argv)
{
    const char *mode = argc > 1 ? argv[1] : "forward";
    uint64_t n = argc > 2 ? strtoull(argv[2], NULL, 10) : 1000000;
    struct ip_l4 udp = { .input = take };
    struct bench bench;

    memset(&bench, 0, sizeof bench);
    bench_init(&bench);
    ip_register(&bench.ip, IP_PROTO_UDP, &udp);
    run(&bench, mode, n);
    bench_fini(&bench);
    return 0;
}
