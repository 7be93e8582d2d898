/* ARP messages: parsed ones survive a round trip, and a live stack takes any. */
#include "protocols/wire/arp.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t out[ARP_LEN];
    struct fuzz_node node;
    struct arp h;

    if (size == 0 || size > 200)
        return 0;
    if (arp_check(data, (uint32_t)size)) {
        arp_parse(data, &h);
        arp_emit(out, &h);
        assert(memcmp(out, data, ARP_LEN) == 0);
    }
    fuzz_node_init(&node);
    struct packet *packet = fuzz_packet(node.sim, data + 1, size - 1, data[0]);
    struct eth eth = { ETH_BROADCAST, { { 2, 0, 0, 0, 0, 9 } }, ETH_TYPE_ARP };
    eth_emit(packet_push(packet, ETH_LEN), &eth);
    ip_iface_input(&node.ifaces[0], packet);
    fuzz_node_fini(&node);
    return 0;
}
