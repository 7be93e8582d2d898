/* What a node's TCP and UDP hold, as ss(8) lists it: for node:sockets() and net:show("sockets"). */
#ifndef WEFT_SCENARIOS_BIND_SOCKLIST_H
#define WEFT_SCENARIOS_BIND_SOCKLIST_H

#include "models/node/node.h"
#include "protocols/tcp/tcp.h"
#include "scenarios/bind/class.h"

struct bind_socket_row {
    const char *state;                    /* "ESTABLISHED", "UDP" */
    const struct ip_addr *local, *remote; /* remote NULL: nobody */
    uint16_t local_port, remote_port;
    const struct tcp_info *info; /* of connections, else NULL */
    sim_time left;               /* of TIME_WAIT, and FIN_WAIT2 without an owner; else SIM_NEVER */
};

/* All of them: what listens, connections, handshakes and what is left of connections, UDP. */
void bind_each_socket(struct node *node,
                      void (*visit)(const struct bind_socket_row *row, void *data), void *data);

/* node:sockets() */
int bind_node_sockets(lua_State *L, struct bind_object *self);

#endif
