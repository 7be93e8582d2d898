#include "scenarios/bind/endpoint.h"

#include <string.h>

#include "scenarios/bind/iface.h"
#include "scenarios/bind/node.h"
#include "scenarios/bind/value.h"

static const struct ip_addr no_address;

static void check_home(lua_State *L, const struct bind_net *net, const struct node *node,
                       const char *what)
{
    if (node->net != net->net)
        bind_fail(L, "%s: %s belongs to the network %s, not to %s", what, node->name,
                  node->net->name, net->net->name);
}

/* A hub has no address, nor has a switch before it is put into a VLAN; a port of theirs never has.
 */
static void check_speaks(lua_State *L, const struct node *node, const struct iface *port,
                         const char *what)
{
    bool on_a_cable = port && port->link;

    if (node->kind == NODE_HUB)
        bind_fail(L, "%s: %s is a hub, which has no address and speaks no IP", what, node->name);
    if (node->kind == NODE_SWITCH && on_a_cable)
        bind_fail(L, "%s: %s is a port of the switch %s, which has no address; %s:vlan(10) has one",
                  what, port->ip.name, node->name, node->name);
    if (node->kind == NODE_SWITCH && node->n_virtual == 0)
        bind_fail(
            L,
            "%s: the switch %s has no address; it gets one in a VLAN, %s:vlan(1), made before "
            "this",
            what, node->name, node->name);
}

/* Splits ":80" off the text; 0 if there is none. */
static uint16_t take_port(lua_State *L, char *text, const char *what)
{
    char *colon = strrchr(text, ':');

    if (!colon || strchr(text, ':') != colon) /* several colons: not IPv4 */
        return 0;
    *colon = '\0';
    const char *name = lua_pushfstring(L, "%s: port", what);
    lua_pushstring(L, colon + 1);
    uint16_t port = (uint16_t)bind_whole(L, -1, name, 1, 65535);
    lua_pop(L, 2);
    return port;
}

static struct endpoint of_text(lua_State *L, int index, struct bind_net *net, const char *what)
{
    struct endpoint end = { 0 };
    char text[64];
    GError *error = NULL;
    ip4 v4;

    g_strlcpy(text, lua_tostring(L, index), sizeof text);
    if (network_node(net->net, text))
        bind_fail(L, "%s \"%s\": give the node itself, not its name", what, text);
    end.port = take_port(L, text, what);
    if (!ip4_parse(text, &v4, &error))
        bind_throw(L, what, error);
    end.addr = ip_addr_of_v4(v4);
    end.iface = network_iface_of(net->net, &end.addr);
    end.node = end.iface ? end.iface->node : NULL;
    return end;
}

struct endpoint bind_endpoint(lua_State *L, int index, struct bind_net *net, const char *what)
{
    struct bind_object *object = bind_to_object(L, index);

    if (object && bind_is_a(object, &bind_node_class, NULL)) {
        check_home(L, net, object->model, what);
        check_speaks(L, object->model, NULL, what);
        return (struct endpoint){ .node = object->model };
    }
    if (object && bind_is_a(object, &bind_iface_class, NULL)) {
        struct iface *iface = object->model;
        check_home(L, net, iface->node, what);
        check_speaks(L, iface->node, iface, what);
        return (struct endpoint){ .node = iface->node, .iface = iface };
    }
    if (lua_type(L, index) == LUA_TSTRING)
        return of_text(L, index, net, what);
    bind_refuse(L, index, what, "a node, an interface or an address, \"10.0.0.1:80\"");
}

const char *bind_endpoint_name(lua_State *L, const struct endpoint *end)
{
    char text[IP_ADDR_TEXT];

    if (end->node && ip_addr_equal(&end->addr, &no_address))
        return lua_pushstring(L, end->node->name);
    return lua_pushstring(L, ip_addr_format(&end->addr, text));
}
