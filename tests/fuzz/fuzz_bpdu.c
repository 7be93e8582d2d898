/* BPDUs: parsed ones survive a round trip, and live bridges take any, framed well or not. */
#include "protocols/l2/stp.h"
#include "tests/fuzz/fuzz.h"

static void bridge_transmit(struct stp_port *port, struct packet *frame)
{
    struct bpdu bpdu;

    assert(port->enabled && bpdu_from_frame(frame, &bpdu) == BPDU_OK);
    packet_consumed(frame);
}

static void bridge_set_state(struct stp_port *port, enum stp_state old)
{
    assert(port->state != old);
}

static void bridge_flush(struct stp_port *port)
{
}

static void bridge_set_ageing(struct stp_bridge *bridge, sim_time ageing)
{
    assert(ageing >= 0);
}

static const struct stp_ops bridge_ops = { bridge_transmit, bridge_set_state, bridge_flush,
                                           bridge_set_ageing, NULL };

static void round_trip(const uint8_t *data, uint32_t size)
{
    uint8_t out[BPDU_RST_LEN];
    struct bpdu bpdu;

    if (bpdu_check(data, size) != BPDU_OK)
        return;
    bpdu_parse(data, &bpdu);
    bpdu_emit(out, &bpdu);
    assert(memcmp(out, data, bpdu_length(bpdu.type) - (bpdu.type == BPDU_RST)) == 0);
}

/* The bytes as BPDUs one after the other, each in a frame of its own and some seconds later; the
 * byte before each says at which port it arrives, and when. */
static void feed(struct sim *sim, struct stp_port *ports, const uint8_t *data, size_t size)
{
    while (size > 1) {
        uint8_t n = data[0], length = n & 64 ? 35 : n & 32 ? 36 : 4;
        if (length > size - 1)
            length = (uint8_t)(size - 1);
        struct packet *frame = fuzz_packet(sim, data + 1, length, n);
        if (!(n & 128)) {
            static const uint8_t llc[] = { 0x42, 0x42, 0x03 };
            struct eth eth = { { { 1, 0x80, 0xc2 } }, { { 2 } }, (uint16_t)(length + 3) };
            memcpy(packet_push(frame, 3), llc, 3);
            eth_emit(packet_push(frame, ETH_LEN), &eth);
        }
        stp_receive(&ports[n & 1], frame);
        sim_run(sim, sim->now + (n >> 1 & 15) * SIM_S / 2);
        data += length + 1;
        size -= length + 1u;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct eth_addr mac = { { 2, 0, 0, 0, 0, 1 } };
    struct stp_port ports[2] = { { NULL } };
    struct stp_config config = { 0 };
    struct stp_port_config port_config = { 0 };
    struct drops drops = { .name = "b" };
    struct stp_bridge bridge;
    struct actor actor;

    if (size == 0 || size > 2000)
        return 0;
    round_trip(data + 1, (uint32_t)size - 1);
    struct sim *sim = sim_new(1);
    actor_init(&actor, sim, "b");
    param_defaults(stp_params, &config);
    param_defaults(stp_port_params, &port_config);
    config.mode = data[0] & 1 ? STP_RAPID : STP_CLASSIC;
    stp_bridge_init(&bridge, sim, &actor, &drops, &bridge_ops, &mac, &config);
    for (int i = 0; i < 2; i++) {
        stp_port_add(&bridge, &ports[i], &mac, &port_config);
        stp_port_up(&ports[i], 1000000000, data[0] & 2);
    }
    feed(sim, ports, data + 1, size - 1);
    stp_bridge_fini(&bridge);
    drops_fini(&drops);
    char *leaks = sim_leaks(sim);
    assert(!leaks);
    sim_free(sim);
    return 0;
}
