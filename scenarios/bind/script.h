/* Packet conversations: a host, and a peer whose segments the script writes. */
#ifndef WEFT_SCENARIOS_BIND_SCRIPT_H
#define WEFT_SCENARIOS_BIND_SCRIPT_H

#include "scenarios/bind/network.h"

extern const struct bind_class bind_script_class, bind_connection_class;
extern const struct bind_method bind_script[];

#endif
