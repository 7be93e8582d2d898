/* Sending: routes, headers, loopback, echo from end to end. */
#include <errno.h>

#include "tests/support/iprig.h"
#include "tests/support/suite.h"

/* A ping that notes what comes back. */
struct pinger {
    struct ping ping;
    struct rig_node *node;
    unsigned replies, errors;
    uint16_t seq;
    uint8_t type, code;
    uint32_t info, length;
    sim_time at;
    ip4 from;
};

static void pinger_reply(struct ping *ping, uint16_t seq, struct packet *packet,
                         const struct ip_rx *rx)
{
    struct pinger *p = container_of(ping, struct pinger, ping);

    p->replies++;
    p->seq = seq;
    p->length = packet_len(packet);
    p->from = ip_addr_v4(&rx->src);
    p->at = packet->sim->now;
    packet_delivered(packet);
}

static void pinger_error(struct ping *ping, uint16_t seq, uint8_t type, uint8_t code, uint32_t info,
                         const struct ip_rx *rx)
{
    struct pinger *p = container_of(ping, struct pinger, ping);

    p->errors++;
    p->seq = seq;
    p->type = type;
    p->code = code;
    p->info = info;
    p->from = ip_addr_v4(&rx->reporter);
    p->at = p->node->ip.sim->now;
}

static void pinger_open(struct pinger *p, struct rig_node *node)
{
    *p = (struct pinger){ .ping = { .reply = pinger_reply, .error = pinger_error }, .node = node };
    ping_open(&node->ip, &p->ping);
}

static int pinger_send(struct pinger *p, ip4 to, uint16_t seq, uint32_t size, struct ip_tx tx)
{
    struct packet *packet = packet_new(p->node->ip.sim);

    tx.dst = ip_addr_of_v4(to);
    if (size)
        packet_set_payload(packet, blob_ref(&blob_pattern), 0, size);
    return ping_send(&p->node->ip, &p->ping, seq, packet, &tx);
}

/* n1 -- n2 (router) -- n3, 1 ms each way. */
static void chain(struct rig *rig, uint64_t seed)
{
    rig_init(rig, seed);
    struct rig_node *a = rig_node(rig), *r = rig_node(rig), *b = rig_node(rig);
    r->ip.forwarding = true;
    rig_wire(rig_iface(rig, a, IP4(10, 0, 0, 1), 24), rig_iface(rig, r, IP4(10, 0, 0, 2), 24),
             SIM_MS);
    rig_wire(rig_iface(rig, r, IP4(10, 0, 1, 1), 24), rig_iface(rig, b, IP4(10, 0, 1, 2), 24),
             SIM_MS);
    rig_route(a, 0, 0, IP4(10, 0, 0, 2));
    rig_route(b, 0, 0, IP4(10, 0, 1, 1));
}

START_TEST(echo_through_a_router)
{
    struct rig rig;
    struct pinger p;

    chain(&rig, 1);
    pinger_open(&p, &rig.nodes[0]);
    ck_assert_int_eq(pinger_send(&p, IP4(10, 0, 1, 2), 7, 56, (struct ip_tx){ .df = true }), 0);
    sim_run(rig.sim, SIM_S);
    ck_assert_uint_eq(p.replies, 1);
    ck_assert_uint_eq(p.seq, 7);
    ck_assert_uint_eq(p.length, 56);
    ck_assert_uint_eq(p.from, IP4(10, 0, 1, 2));
    /* ARP there and back on both links is 4 ms, the datagram there and back 4 ms more; the way back
     * needs no ARP, for who asks is known. */
    ck_assert_int_eq(p.at, 8 * SIM_MS);
    ping_close(&rig.nodes[0].ip, &p.ping);
    rig_fini(&rig);
}
END_TEST

SUITE("protocols/output", echo_through_a_router)
