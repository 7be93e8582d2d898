/* ICMP messages to a live stack: echoes, errors that quote, redirects. */
#include "tests/fuzz/fuzz.h"

/* The byte in front says how much is inline, and whether the checksum is mended. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_node node;
    struct ipv4 h = { .ttl = 64, .proto = IP_PROTO_ICMP, .src = 0x0a000009, .dst = 0x0a000001 };

    if (size == 0 || size > 1000)
        return 0;
    size_t n = size - 1;
    uint8_t *message = g_memdup2(data + 1, n);
    if (n >= 4 && data[0] & 128) {
        message[2] = message[3] = 0;
        uint16_t sum = (uint16_t)~checksum_fold(checksum_bytes(message, (uint32_t)n));
        message[2] = (uint8_t)(sum >> 8);
        message[3] = (uint8_t)sum;
    }
    fuzz_node_init(&node);
    node.ip.forwarding = data[0] & 1; /* only hosts follow redirects */
    fuzz_datagram(&node, h, message, n, data[0]);
    sim_run(node.sim, SIM_S);
    fuzz_node_fini(&node);
    g_free(message);
    return 0;
}
