/* What IP costs a forwarded datagram: `bench_ip N` passes N datagrams through a router with two
 * interfaces and 1,000 routes, from 100 sources to 100 destinations.  Under callgrind the
 * difference of two lengths, divided by that of N, is the instructions per datagram, the loop's own
 * included, which `bench_ip N none` measures. */
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

static void transmit(struct ip_iface *iface, struct packet *frame)
{
    struct bench *bench = container_of(iface, struct bench, out);
    bench->last = frame;
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
static struct packet *frame_make(struct bench *b, uint32_t flow)
{
    struct packet *packet = packet_new(b->sim);
    struct eth eth = { b->in.mac, { { 2, 0, 0, 0, 0, 8 } }, ETH_TYPE_IPV4 };
    struct ipv4 h = { .header_len = IPV4_LEN,
                      .length = 1500,
                      .frag = IPV4_DF,
                      .ttl = 64,
                      .proto = IP_PROTO_UDP,
                      .src = 0x0a000100 + flow,
                      .dst = 0x14000001 + (flow * 10 << 8) };

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

int main(int argc, char **argv)
{
    uint64_t n = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000;
    bool forward = argc < 3;
    struct packet *frames[FLOWS], *fresh[FLOWS];
    struct bench bench;

    memset(&bench, 0, sizeof bench);
    bench_init(&bench);
    for (uint32_t i = 0; i < FLOWS; i++) {
        frames[i] = frame_make(&bench, i);
        fresh[i] = frame_make(&bench, i);
    }
    clock_t start = clock();
    for (uint64_t i = 0; i < n; i++) {
        struct packet *frame = frames[i % FLOWS];
        rewind_frame(frame, fresh[i % FLOWS]);
        if (forward)
            ip_iface_input(&bench.in, frame);
    }
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    printf("ip_forward_ns=%.1f\n", seconds * 1e9 / (double)n);
    if (forward && bench.ip.forw_datagrams != n)
        return 1;
    for (uint32_t i = 0; i < FLOWS; i++) {
        packet_consumed(frames[i]);
        packet_consumed(fresh[i]);
    }
    bench_fini(&bench);
    return 0;
}
