/* Queues as users write them: "pfifo limit 70", "1bdp", "100pkts", { "pfifo", limit = 70 }. */
#ifndef WEFT_SCENARIOS_BIND_QUEUE_H
#define WEFT_SCENARIOS_BIND_QUEUE_H

#include "scenarios/bind/network.h"

/* The discipline that the value at `index` describes, for the transmit side of `iface`, whose rate
 * is set already. */
struct qdisc *bind_queue_read(lua_State *L, int index, struct iface *iface);

/* Pushes an object for the interface's discipline, whichever it is when looked at. */
void bind_push_queue(lua_State *L, struct bind_net *net, struct iface *iface);

extern const struct bind_class bind_queue_class;

#endif
