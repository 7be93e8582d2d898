/* LACPDUs and markers: parsed ones survive a round trip, and a live system takes any, framed well
 * or not. */
#include "protocols/l2/lacp.h"
#include "tests/fuzz/fuzz.h"

enum { PORTS = 3 };

static void port_transmit(struct lacp_port *port, struct packet *frame)
{
    uint32_t length;
    const uint8_t *pdu = slow_pdu(frame, &length);

    assert(port->enabled && slow_is_frame(packet_data(frame)) && length == LACPDU_LEN);
    assert(lacpdu_check(pdu, length) == LACPDU_OK || pdu[0] == SLOW_MARKER);
    packet_consumed(frame);
}

static void port_changed(struct lacp_port *port)
{
    assert(!lacp_carries(port) || (port->enabled && port->aggregator == port->lacp->active));
}

static const struct lacp_ops ops = { port_transmit, port_changed };

static void round_trip(const uint8_t *data, uint32_t size)
{
    uint8_t out[LACPDU_LEN];
    struct lacpdu pdu, again;

    if (lacpdu_check(data, size) != LACPDU_OK)
        return;
    memset(&pdu, 0, sizeof pdu);
    memset(&again, 0, sizeof again);
    lacpdu_parse(data, &pdu);
    lacpdu_emit(out, &pdu);
    assert(lacpdu_check(out, sizeof out) == LACPDU_OK);
    lacpdu_parse(out, &again);
    assert(memcmp(&pdu, &again, sizeof pdu) == 0);
}

/* Fuzzed bytes over a good PDU of a partner of the port, so that the machines are reached. */
static void overlay(const struct lacp_port *port, uint8_t *pdu, const uint8_t *data, uint32_t n)
{
    struct lacpdu good = { .partner = port->actor };

    good.actor = (struct lacp_info){ 1, { { 2, 0, 0, 0, 0, 7 } }, 9, 1, port->actor.port, 0x3f };
    lacpdu_emit(pdu, &good);
    for (uint32_t i = 0; i + 1 < n; i += 2)
        pdu[data[i] % LACPDU_LEN] = data[i + 1];
}

/* The byte in front of each piece says at which port it arrives, when, and whether it is a whole
 * frame, a PDU, or a few changes to a good one. */
static void feed(struct lacp *lacp, const uint8_t *data, size_t size)
{
    while (size > 1) {
        struct lacp_port *port = lacp->ports[data[0] % PORTS];
        uint32_t n = data[0] & 16 ? LACPDU_LEN : 8;
        uint8_t how = data[0], pdu[LACPDU_LEN];
        if (n > size - 1)
            n = (uint32_t)size - 1;
        struct eth eth = { SLOW_GROUP, { { 2 } }, ETH_TYPE_SLOW };
        overlay(port, pdu, data + 1, n);
        struct packet *frame = how & 32 ? fuzz_packet(lacp->sim, pdu, LACPDU_LEN, how)
                                        : fuzz_packet(lacp->sim, data + 1, n, how);
        if (how & 32 || !(how & 64))
            eth_emit(packet_push(frame, ETH_LEN), &eth);
        if ((how & 0xcf) == 0xcf)
            lacp_port_down(port);
        else if ((how & 0xc0) == 0xc0)
            lacp_port_up(port, how & 8 ? 1 : 2, 1000000);
        lacp_receive(port, frame);
        sim_run(lacp->sim, lacp->sim->now + (how >> 1 & 7) * SIM_S / 2);
        data += n + 1;
        size -= n + 1u;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct eth_addr mac = { { 2, 0, 0, 0, 0, 1 } };
    struct lacp_port ports[PORTS];
    struct lacp_config config = { 0 };
    struct drops drops = { .name = "b" };
    struct actor actor;
    struct lacp lacp;

    if (size == 0 || size > 2000)
        return 0;
    memset(ports, 0, sizeof ports);
    round_trip(data + 1, (uint32_t)size - 1);
    marker_check(data + 1, (uint32_t)size - 1);
    struct sim *sim = sim_new(1);
    actor_init(&actor, sim, "b");
    param_defaults(lacp_params, &config);
    config.rate = data[0] & 1;
    config.active = data[0] & 2;
    config.max_links = data[0] >> 4 & 3;
    config.select = data[0] >> 2 & 3 ? (data[0] >> 2 & 3) - 1 : 0;
    lacp_init(&lacp, sim, &actor, &drops, &ops, &mac, &config);
    for (uint16_t i = 0; i < PORTS; i++) {
        lacp_port_add(&lacp, &ports[i], &mac, i + 1);
        lacp_port_up(&ports[i], 1, 1000000);
    }
    feed(&lacp, data + 1, size - 1);
    lacp_fini(&lacp);
    drops_fini(&drops);
    char *leaks = sim_leaks(sim);
    assert(!leaks);
    sim_free(sim);
    return 0;
}
