/* A ping that notes what comes back. */
#ifndef WEFT_TESTS_SUPPORT_PINGER_H
#define WEFT_TESTS_SUPPORT_PINGER_H

#include "tests/support/iprig.h"

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

static inline void pinger_reply(struct ping *ping, uint16_t seq, struct packet *packet,
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

static inline void pinger_error(struct ping *ping, uint16_t seq, uint8_t type, uint8_t code,
                                uint32_t info, const struct ip_rx *rx)
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

static inline void pinger_open(struct pinger *p, struct rig_node *node)
{
    *p = (struct pinger){ .ping = { .reply = pinger_reply, .error = pinger_error }, .node = node };
    ping_open(&node->ip, &p->ping);
}

/* An echo request with `size` bytes of the pattern; returns as ping_send. */
static inline int pinger_send(struct pinger *p, ip4 to, uint16_t seq, uint32_t size,
                              struct ip_tx tx)
{
    struct packet *packet = packet_new(p->node->ip.sim);

    tx.dst = ip_addr_of_v4(to);
    if (size)
        packet_set_payload(packet, blob_ref(&blob_pattern), 0, size);
    return ping_send(&p->node->ip, &p->ping, seq, packet, &tx);
}

#endif
