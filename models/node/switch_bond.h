/* Bonds on a switch: the bond is a port in the place of its members. */
#ifndef WEFT_MODELS_NODE_SWITCH_BOND_H
#define WEFT_MODELS_NODE_SWITCH_BOND_H

#include "models/node/bond.h"
#include "models/node/switch.h"

/* The interface is a member from now on: spanning tree and the table of addresses forget it. */
void switch_bond_join(struct iface *iface);

/* The bond, which has all its members, becomes a port. */
void switch_bond_attach(struct bond *bond);

/* Open vSwitch's learning packets: in the name of each station that is not behind the bond a frame
 * goes out by it, so that those at the other end learn by which link to answer. */
void switch_bond_announce(struct bond *bond);

/* balance-slb: the other end, which sees no bond, has sent back by one link what the switch sent by
 * another, if the source is known to be elsewhere (Open vSwitch's documentation, "SLB Bonding").
 * Only a gratuitous ARP says that a station has moved. */
bool switch_bond_reflected(const struct switch_port *in, struct packet *frame, uint64_t source);

extern const struct drop_reason drop_bond_reflected;

#endif
