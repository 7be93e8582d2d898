/* Stations that send and count hand-made frames, for tests of switches: a node of the network whose
 * interfaces hand what arrives to the test. */
#ifndef WEFT_TESTS_SUPPORT_LAN_H
#define WEFT_TESTS_SUPPORT_LAN_H

#include "models/node/switch.h"
#include "sim/blob.h"
#include "tests/support/net.h"

/* What came in at an interface last, and how often. */
struct lan_station {
    struct iface *iface;
    struct tap tap;
    unsigned received;
    uint8_t priority; /* of the last frame */
    uint32_t length;
    uint8_t bytes[128]; /* of the last frame */
};

static inline void lan_frame(struct tap *tap, const struct packet *frame, sim_time at,
                             enum tap_direction direction)
{
    struct lan_station *s = container_of(tap, struct lan_station, tap);

    s->received++;
    s->length = packet_len(frame);
    s->priority = frame->priority;
    packet_read(frame, 0, s->bytes, MIN(s->length, (uint32_t)sizeof s->bytes));
}

static inline struct node *lan_switch(struct network *net, const char *name)
{
    return network_add_node(net, name, NODE_SWITCH, NULL);
}

/* A host at the switch, listened to.  `station` must outlive the network. */
static inline void lan_join(struct lan_station *station, struct network *net, struct node *sw,
                            const char *name)
{
    struct link *link = net_link(net, net_host(net, name), sw, 1000000000, SIM_US);

    *station = (struct lan_station){
        .iface = link->a,
        .tap = { .frame = lan_frame, .directions = TAP_IN, .to = SIM_NEVER },
    };
    iface_tap(station->iface, &station->tap);
}

static inline struct switch_port *lan_port(const struct lan_station *station)
{
    return switch_port_of(station->iface->peer);
}

/* A frame of `length` bytes (header and payload) from one address to another. */
static inline struct packet *lan_make(struct network *net, const struct eth_addr *src,
                                      const struct eth_addr *dst, uint32_t length)
{
    struct packet *frame = packet_new(net->sim);
    struct eth eth = { *dst, *src, 0x88b5 }; /* for local experiments: 802 clause 9.2.3 */

    packet_set_payload(frame, blob_ref(&blob_pattern), 0, length - ETH_LEN);
    eth_emit(packet_push(frame, ETH_LEN), &eth);
    return frame;
}

/* `from` sends 60 bytes, with its own address. */
static inline void lan_send(struct network *net, struct lan_station *from,
                            const struct eth_addr *dst)
{
    link_send(&from->iface->tx, lan_make(net, &from->iface->ip.mac, dst, 60));
    net_run(net, net->sim->now + SIM_MS);
}

static inline void lan_send_to(struct network *net, struct lan_station *from,
                               const struct lan_station *to)
{
    lan_send(net, from, &to->iface->ip.mac);
}

/* What each station received since the last time, as "a:1 c:2"; the caller frees it. */
static inline char *lan_heard(struct lan_station *stations, unsigned n)
{
    GString *text = g_string_new(NULL);

    for (unsigned i = 0; i < n; i++) {
        if (stations[i].received > 0)
            g_string_append_printf(text, "%s%s:%u", text->len > 0 ? " " : "",
                                   stations[i].iface->node->name, stations[i].received);
        stations[i].received = 0;
    }
    return g_string_free(text, FALSE);
}

#define lan_expect(stations, n, text)          \
    do {                                       \
        char *heard_ = lan_heard(stations, n); \
        ck_assert_str_eq(heard_, text);        \
        g_free(heard_);                        \
    } while (0)

#endif
