#include "scenarios/bind/lldp.h"

#include "scenarios/bind/node.h"
#include "scenarios/bind/value.h"
#include "scenarios/results/table.h"

const struct bind_options bind_lldp_options = { .what = "lldp", .params = lldp_params };

void bind_set_lldp(lua_State *L, int index, void *data)
{
    struct bind_options options = bind_lldp_options;
    struct lldp_config config = { 0 };

    param_defaults(lldp_params, &config);
    if (lua_istable(L, index)) {
        options.base = &config;
        bind_read_options(L, index, &options, 0);
    } else if (!bind_bool(L, index, "lldp")) {
        return;
    }
    node_lldp_start(data, &config);
}

/* ---- What neighbours say ------------------------------------------------------------------- */

static const struct {
    uint16_t bit;
    const char *name;
} capabilities[] = {
    { LLDP_OTHER, "other" },   { LLDP_REPEATER, "repeater" }, { LLDP_BRIDGE, "bridge" },
    { LLDP_ROUTER, "router" }, { LLDP_STATION, "station" },
};

/* "bridge router" */
static const char *push_capabilities(lua_State *L, const struct lldpdu *said)
{
    luaL_Buffer b;

    luaL_buffinit(L, &b);
    for (size_t i = 0, n = 0; i < G_N_ELEMENTS(capabilities); i++)
        if (said->enabled & capabilities[i].bit) {
            luaL_addstring(&b, n++ > 0 ? " " : "");
            luaL_addstring(&b, capabilities[i].name);
        }
    luaL_pushresult(&b);
    return lua_tostring(L, -1);
}

static void set_text(lua_State *L, const char *name, const char *text)
{
    if (!text[0])
        return;
    lua_pushstring(L, text);
    lua_setfield(L, -2, name);
}

static void set_number(lua_State *L, const char *name, double value)
{
    lua_pushnumber(L, value);
    lua_setfield(L, -2, name);
}

static void push_neighbour(lua_State *L, const struct lldp_port *port,
                           const struct lldp_neighbour *n)
{
    const struct iface *iface = port->user;
    char text[LLDP_ID_TEXT];

    luaL_checkstack(L, 8, NULL);
    lua_createtable(L, 0, 11);
    set_text(L, "iface", iface->ip.name);
    set_text(L, "chassis",
             lldp_id_format(&n->said.chassis, n->said.chassis.subtype == LLDP_CHASSIS_MAC, text));
    set_text(L, "port", lldp_id_format(&n->said.port, n->said.port.subtype == LLDP_PORT_MAC, text));
    set_text(L, "system", n->said.system);
    set_text(L, "description", n->said.description);
    set_text(L, "port_description", n->said.port_description);
    push_capabilities(L, &n->said);
    lua_setfield(L, -2, "capabilities");
    if (n->said.management)
        set_text(L, "address", ip4_format(n->said.management, text));
    set_number(L, "ttl", n->said.ttl);
    set_number(L, "since", simtime_seconds(n->since));
    set_number(L, "left", simtime_seconds(n->until - port->sim->now));
}

int bind_node_lldp(lua_State *L, struct bind_object *self)
{
    const struct node *node = self->model;
    lua_Integer i = 0;

    if (!node->lldp)
        bind_fail(L, "%s does not speak LLDP; say lldp = true where it is made", node->name);
    lua_newtable(L);
    for (uint32_t k = 0; k < node->n_ifaces; k++) {
        const struct lldp_port *port = node_lldp_port(node->ifaces[k]);
        for (const struct lldp_neighbour *n = port ? port->neighbours : NULL; n; n = n->next) {
            push_neighbour(L, port, n);
            lua_rawseti(L, -2, ++i);
        }
    }
    return 1;
}

void bind_get_lldp(lua_State *L, struct bind_object *self)
{
    const struct lldp_port *port = node_lldp_port(self->model);

    if (port && port->neighbours)
        push_neighbour(L, port, port->neighbours);
    else
        lua_pushnil(L);
}

void bind_show_lldp(struct table *table, struct node *node)
{
    char text[LLDP_ID_TEXT];

    for (uint32_t k = 0; k < node->n_ifaces; k++) {
        const struct lldp_port *port = node_lldp_port(node->ifaces[k]);
        for (const struct lldp_neighbour *n = port ? port->neighbours : NULL; n; n = n->next) {
            table_text(table, node->name);
            table_text(table, node->ifaces[k]->ip.name);
            table_text(table, n->said.system[0] ? n->said.system : NULL);
            table_text(table,
                       lldp_id_format(&n->said.port, n->said.port.subtype == LLDP_PORT_MAC, text));
            table_text(table, n->said.description[0] ? n->said.description : NULL);
            table_text(table, n->said.management ? ip4_format(n->said.management, text) : NULL);
            table_number(table, simtime_seconds(n->until - port->sim->now));
        }
    }
}
