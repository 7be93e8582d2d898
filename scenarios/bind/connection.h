/* A connection of a packet conversation, as the host's application holds it. */
#ifndef WEFT_SCENARIOS_BIND_CONNECTION_H
#define WEFT_SCENARIOS_BIND_CONNECTION_H

#include "protocols/tcp/tcp.h"
#include "scenarios/bind/network.h"

extern const struct bind_class bind_connection_class;

struct bind_connect {
    struct tcp_stack *stack;
    const struct tcp_config *config;
};

/* Reads options of sockets from the table at `index` (nil: none); `backlog` may be NULL. */
void bind_read_tcp_config(lua_State *L, int index, struct tcp_config *config, uint32_t *backlog);

/* Pushes the object of a new connection, which it returns; `connect` NULL: an empty one, for
 * bind_connection_accept. */
struct tcp_conn *bind_push_connection(lua_State *L, struct bind_net *net,
                                      const struct bind_connect *connect);

/* Fills the object on top of the stack with the listener's next connection; NULL if there is none.
 */
struct tcp_conn *bind_connection_accept(lua_State *L, struct tcp_listener *listener);

#endif
