#include "scenarios/bind/socklist.h"

#include "protocols/udp/udp.h"
#include "scenarios/bind/node.h"

/* ---- All of them ---------------------------------------------------------------------------- */

struct walk {
    void (*visit)(const struct bind_socket_row *row, void *data);
    void *data;
    sim_time now;
};

static void visit_listener(const struct tcp_listener *listener, void *data)
{
    const struct walk *walk = data;
    struct bind_socket_row row = { .state = "LISTEN",
                                   .local = tcp_listener_address(listener),
                                   .local_port = tcp_listener_port(listener),
                                   .left = SIM_NEVER };

    walk->visit(&row, walk->data);
}

static void visit_conn(struct tcp_conn *conn, void *data)
{
    const struct walk *walk = data;
    struct tcp_info info;

    tcp_info_get(conn, &info);
    struct bind_socket_row row = {
        tcp_state_name(info.state), &info.local, &info.remote, info.local_port,
        info.remote_port,           &info,       SIM_NEVER
    };
    walk->visit(&row, walk->data);
}

/* The timer of a handshake repeats its SYN-ACK, and is no end. */
static void visit_remnant(const struct tcp_remnant *r, void *data)
{
    const struct walk *walk = data;
    bool ends = r->state != TCP_SYN_RECV && r->until != SIM_NEVER;
    struct bind_socket_row row = { tcp_state_name(r->state),
                                   &r->local,
                                   &r->remote,
                                   r->local_port,
                                   r->remote_port,
                                   NULL,
                                   ends ? r->until - walk->now : SIM_NEVER };

    walk->visit(&row, walk->data);
}

static void visit_udp(const struct udp_socket *s, void *data)
{
    const struct walk *walk = data;
    struct bind_socket_row row = { "UDP",         &s->local,      s->connected ? &s->remote : NULL,
                                   s->local_port, s->remote_port, NULL,
                                   SIM_NEVER };

    walk->visit(&row, walk->data);
}

void bind_each_socket(struct node *node,
                      void (*visit)(const struct bind_socket_row *row, void *data), void *data)
{
    struct walk walk = { visit, data, node->net->sim->now };

    if (node->tcp) {
        tcp_each_listener(node->tcp, visit_listener, &walk);
        tcp_each_conn(node->tcp, visit_conn, &walk);
        tcp_each_remnant(node->tcp, visit_remnant, &walk);
    }
    if (node->udp)
        udp_each(node->udp, visit_udp, &walk);
}

/* ---- As a list ------------------------------------------------------------------------------ */

static void set_end(lua_State *L, const char *address, const struct ip_addr *addr, const char *port,
                    uint16_t number)
{
    static const struct ip_addr any;
    char text[IP_ADDR_TEXT];

    lua_pushstring(L, ip_addr_equal(addr, &any) ? "0.0.0.0" : ip_addr_format(addr, text));
    lua_setfield(L, -2, address);
    lua_pushinteger(L, number);
    lua_setfield(L, -2, port);
}

static void push_row(const struct bind_socket_row *row, void *data)
{
    lua_State *L = data;

    luaL_checkstack(L, 4, NULL);
    lua_createtable(L, 0, 6);
    lua_pushstring(L, row->state);
    lua_setfield(L, -2, "state");
    set_end(L, "address", row->local, "port", row->local_port);
    if (row->remote)
        set_end(L, "peer_address", row->remote, "peer_port", row->remote_port);
    if (row->left != SIM_NEVER) {
        lua_pushnumber(L, simtime_seconds(row->left));
        lua_setfield(L, -2, "left");
    }
    lua_seti(L, -2, luaL_len(L, -2) + 1);
}

int bind_node_sockets(lua_State *L, struct bind_object *self)
{
    lua_newtable(L);
    bind_each_socket(self->model, push_row, L);
    return 1;
}
