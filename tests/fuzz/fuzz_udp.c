/* UDP datagrams to a live stack. */
#include "protocols/wire/udphdr.h"
#include "tests/fuzz/fuzz.h"

/* The byte in front says how much is inline, and whether port and checksum are mended. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_node node;
    struct ipv4 h = { .ttl = 64, .proto = IP_PROTO_UDP, .src = 0x0a000009, .dst = 0x0a000001 };

    if (size == 0 || size > 1000)
        return 0;
    size_t n = size - 1;
    uint8_t *datagram = g_memdup2(data + 1, n);
    if (n >= UDPHDR_LEN && data[0] & 128) {
        datagram[2] = 0;
        datagram[3] = 53;
        datagram[6] = datagram[7] = 0;
    }
    if (n >= UDPHDR_LEN && udphdr_check(datagram, UDPHDR_LEN, (uint32_t)n)) {
        uint8_t out[UDPHDR_LEN];
        struct udphdr udp;
        udphdr_parse(datagram, &udp);
        udphdr_emit(out, &udp);
        assert(memcmp(out, datagram, UDPHDR_LEN) == 0);
    }
    fuzz_node_init(&node);
    fuzz_datagram(&node, h, datagram, n, data[0]);
    sim_run(node.sim, SIM_S);
    fuzz_node_fini(&node);
    g_free(datagram);
    return 0;
}
