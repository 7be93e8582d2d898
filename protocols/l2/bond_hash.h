/* Hashes of frames, by which a bond chooses the link for a flow.
 *
 * The policies layer2, layer2+3 and layer3+4 are Linux's (Documentation/networking/bonding.rst,
 * xmit_hash_policy), to the bit, as a little-endian machine computes them: Linux takes addresses
 * and ports as they stand in memory.  Tags are looked through, as Linux hands them to the network
 * card beside the frame.  The other two are for Open vSwitch's modes; its hash is another one, but
 * falls on as many links. */
#ifndef WEFT_PROTOCOLS_L2_BOND_HASH_H
#define WEFT_PROTOCOLS_L2_BOND_HASH_H

#include "sim/packet.h"

enum bond_hash { BOND_HASH_L2, BOND_HASH_L23, BOND_HASH_L34 };

/* A frame whose Ethernet header is packet_data(). */
uint32_t bond_hash(enum bond_hash policy, struct packet *frame);

/* By source address and VLAN (balance-slb). */
uint32_t bond_hash_source(struct packet *frame);

/* By addresses and ports (balance-tcp). */
uint32_t bond_hash_flow(struct packet *frame);

#endif
