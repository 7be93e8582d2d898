/* ARP for IPv4 over Ethernet on the wire (RFC 826). */
#ifndef WEFT_PROTOCOLS_WIRE_ARP_H
#define WEFT_PROTOCOLS_WIRE_ARP_H

#include "protocols/wire/eth.h"

enum { ARP_LEN = 28, ARP_HARDWARE_ETHERNET = 1 };

enum arp_opcode { ARP_REQUEST = 1, ARP_REPLY = 2 };

struct arp_wire {
    be16 hardware, protocol;
    uint8_t hardware_len, protocol_len;
    be16 opcode;
    struct eth_addr sender_mac;
    be32 sender_ip;
    struct eth_addr target_mac;
    be32 target_ip;
};

_Static_assert(sizeof(struct arp_wire) == ARP_LEN, "RFC 826");

/* Host order. */
struct arp {
    uint16_t opcode;
    struct eth_addr sender_mac, target_mac;
    uint32_t sender_ip, target_ip;
};

/* ARP_LEN if `len` bytes hold a message about IPv4 over Ethernet, else 0. */
uint32_t arp_check(const uint8_t *buf, uint32_t len);

/* Reads a message that arp_check let pass. */
void arp_parse(const uint8_t *buf, struct arp *h);

/* Writes ARP_LEN bytes. */
void arp_emit(uint8_t *buf, const struct arp *h);

#endif
