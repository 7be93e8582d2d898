/* A router lives through a conversation: frames on both interfaces, time passing in between. */
#include "tests/fuzz/fuzz.h"

/* The input is a list of {control, length, bytes}.  The control byte says: 1 the interface, 2 the
 * bytes start with an IPv4 header, whose frame, version and checksum are mended, 4 the bytes are
 * believed (inline then), 8 a quarter of a minute passes first. */
struct step {
    uint8_t control, length;
};

/* Puts the frame around the datagram and mends its header, so that more than noise gets far. */
static struct packet *datagram_frame(struct fuzz_node *n, struct ip_iface *iface,
                                     const uint8_t *data, size_t size, bool believed)
{
    struct eth eth = { iface->mac, { { 2, 0, 0, 0, 0, 9 } }, ETH_TYPE_IPV4 };
    uint8_t bytes[ETH_LEN + 256];

    memcpy(bytes + ETH_LEN, data, size);
    eth_emit(bytes, &eth);
    if (size >= IPV4_LEN) {
        uint8_t *h = bytes + ETH_LEN;
        uint32_t length = believed ? IPV4_LEN : ipv4_header_len(h);
        h[0] = (uint8_t)(4 << 4 | (length < IPV4_LEN ? IPV4_LEN
                                   : length > size   ? IPV4_LEN
                                                     : length) /
                                      4);
        h[2] = 0;
        h[3] = (uint8_t)size;
        ipv4_finish(h);
    }
    return fuzz_packet(n->sim, bytes, ETH_LEN + size, believed ? 100 : bytes[20]);
}

static void input(struct fuzz_node *n, struct step step, const uint8_t *data)
{
    struct ip_iface *iface = &n->ifaces[step.control & 1];
    bool believed = step.control & 4 && step.control & 2 && step.length >= IPV4_LEN;
    struct packet *frame;

    if (step.control & 8)
        sim_run(n->sim, n->sim->now + 15 * SIM_S);
    if (step.control & 2)
        frame = datagram_frame(n, iface, data, step.length, believed);
    else
        frame = fuzz_packet(n->sim, data, step.length, step.control);
    if (believed)
        frame->flags = 0;
    ip_iface_input(iface, frame);
    sim_run(n->sim, n->sim->now);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_node node;

    fuzz_node_init(&node);
    while (size >= 2) {
        struct step step = { data[0], data[1] };
        data += 2;
        size -= 2;
        if (step.length > size)
            step.length = (uint8_t)size;
        input(&node, step, data);
        data += step.length;
        size -= step.length;
    }
    fuzz_node_fini(&node);
    return 0;
}
