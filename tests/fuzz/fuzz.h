/* What the fuzz targets share: packets of fuzzed bytes, and a small live stack.
 *
 * A target exports LLVMFuzzerTestOneInput; it must end with no packet, event or timer alive and
 * with every packet accounted for.  Built by `make fuzz`, run by run.sh. */
#ifndef WEFT_TESTS_FUZZ_FUZZ_H
#define WEFT_TESTS_FUZZ_FUZZ_H

#undef NDEBUG
#include <assert.h>

#include "protocols/ip/icmp.h"
#include "protocols/ip/neigh.h"
#include "protocols/ip/state.h"
#include "protocols/udp/udp.h"
#include "protocols/wire/checksum.h"
#include "sim/sim.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A packet of these bytes, of which up to 100 are in the header part. */
static inline struct packet *fuzz_packet(struct sim *sim, const uint8_t *data, size_t size,
                                         uint8_t inside)
{
    struct packet *packet = packet_new(sim);
    uint32_t n = (uint32_t)size;
    uint32_t head = inside % 101 < n ? inside % 101 : n;

    if (head > 0)
        memcpy(packet_push(packet, head), data, head);
    if (n > head)
        packet_set_payload(packet, blob_copy(data + head, n - head), 0, n - head);
    packet->flags = PACKET_UNTRUSTED;
    return packet;
}

/* A router with two interfaces, 10.0.0.1/24 and 10.0.1.1/24, a default route over the second, a UDP
 * socket on port 53 and a ping; what it transmits is counted and forgotten. */
struct fuzz_node {
    struct sim *sim;
    struct ip_stack ip;
    struct udp_stack udp;
    struct udp_socket socket;
    struct ping ping;
    struct ip_iface ifaces[2];
    struct actor actor;
    struct drops drops;
};

static inline enum xmit fuzz_transmit(struct ip_iface *iface, struct packet *frame)
{
    const uint8_t *h = packet_data(frame) + ETH_LEN;

    assert(packet_header_len(frame) >= ETH_LEN);
    if (h[-2] == 8 && h[-1] == 0) {
        assert(ipv4_check(h, packet_header_len(frame) - ETH_LEN, packet_len(frame) - ETH_LEN) ==
               IPV4_OK);
        assert(ipv4_checksum_ok(h));
    }
    packet_finish_checksums(frame);
    packet_consumed(frame);
    return XMIT_SENT;
}

static inline void fuzz_receive(struct udp_socket *socket, struct packet *packet,
                                const struct udp_rx *rx)
{
    uint64_t offset;
    uint32_t length;

    blob_unref(udp_payload(packet, &offset, &length));
    packet_delivered(packet);
}

static inline void fuzz_reply(struct ping *ping, uint16_t seq, struct packet *packet,
                              const struct ip_rx *rx)
{
    packet_delivered(packet);
}

static const struct ip_iface_ops fuzz_iface_ops = { .transmit = fuzz_transmit };
static const struct udp_ops fuzz_udp_ops = { .receive = fuzz_receive };

static inline void fuzz_node_init(struct fuzz_node *n)
{
    static const struct eth_addr peer = { { 2, 0, 0, 0, 0, 9 } };
    struct ip_via via = { .gateway = 0x0a000109 };
    struct ip_route_spec spec = { .n_vias = 1, .vias = &via };

    memset(n, 0, sizeof *n);
    n->sim = sim_new(1);
    n->drops.name = "n";
    actor_init(&n->actor, n->sim, "n");
    ip_stack_init(&n->ip, n->sim, "n", &n->actor, &n->drops);
    n->ip.forwarding = true;
    for (unsigned i = 0; i < 2; i++) {
        struct eth_addr mac = { { 2, 0, 0, 0, 0, (uint8_t)(i + 1) } };
        ip_iface_init(&n->ifaces[i], &n->ip, i ? "eth2" : "eth1", mac, &fuzz_iface_ops, &n->drops);
        ip_iface_add_address(&n->ifaces[i], 0x0a000001 + (i << 8), 24);
        neigh_set_permanent(&n->ifaces[i], 0x0a000009 + (i << 8), &peer);
    }
    ip_iface_set_mtu(&n->ifaces[1], 576);
    ip_route_add(&n->ip, &spec);
    udp_stack_init(&n->udp, &n->ip, "n");
    ip_register(&n->ip, IP_PROTO_UDP, &n->udp.l4);
    udp_socket_init(&n->socket, &fuzz_udp_ops, NULL);
    udp_bind(&n->udp, &n->socket, NULL, 53);
    n->ping.reply = fuzz_reply;
    ping_open(&n->ip, &n->ping);
}

static inline void fuzz_node_fini(struct fuzz_node *n)
{
    const struct packet_pool *pool = &n->sim->packets;

    udp_stack_fini(&n->udp);
    ip_iface_fini(&n->ifaces[0]);
    ip_iface_fini(&n->ifaces[1]);
    ip_stack_fini(&n->ip);
    drops_fini(&n->drops);
    char *leaks = sim_leaks(n->sim);
    assert(!leaks);
    assert(pool->created == pool->delivered + pool->dropped + pool->consumed);
    sim_free(n->sim);
}

/* A datagram with this header and these bytes behind it arrives on the first interface. */
static inline void fuzz_datagram(struct fuzz_node *n, struct ipv4 h, const uint8_t *data,
                                 size_t size, uint8_t inside)
{
    struct packet *packet = fuzz_packet(n->sim, data, size, inside);
    struct eth eth = { n->ifaces[0].mac, { { 2, 0, 0, 0, 0, 9 } }, ETH_TYPE_IPV4 };

    h.header_len = IPV4_LEN;
    h.length = (uint16_t)(IPV4_LEN + size);
    ipv4_emit(packet_push(packet, IPV4_LEN), &h);
    ipv4_finish(packet_data(packet));
    eth_emit(packet_push(packet, ETH_LEN), &eth);
    ip_iface_input(&n->ifaces[0], packet);
}

#endif
