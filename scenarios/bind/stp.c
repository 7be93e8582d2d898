#include "scenarios/bind/stp.h"

#include "scenarios/bind/field.h"
#include "scenarios/bind/node.h"
#include "scenarios/bind/packet.h"
#include "scenarios/bind/snoop.h"
#include "scenarios/bind/switch.h"
#include "scenarios/bind/value.h"

const struct bind_options bind_stp_options = {
    .what = "switch",
    .params = stp_params,
    .also = &bind_snoop_options,
};

const struct bind_options bind_stp_port_options = { .what = "port.stp", .params = stp_port_params };

static int no_tree(lua_State *L, const struct node *node)
{
    bind_fail(L, "%s runs no spanning tree; say net:switch(\"%s\", { stp = \"rstp\" })", node->name,
              node->name);
}

struct stp_port *bind_stp_port(lua_State *L, const struct iface *iface)
{
    if (iface->node->kind != NODE_SWITCH || !switch_stp(switch_of(iface->node)))
        no_tree(L, iface->node);
    return switch_stp_port(switch_port_of(iface));
}

/* ---- net:switch ---------------------------------------------------------------------------- */

/* Is one of the options of spanning tree given, other than `stp`? */
static const char *first_given(lua_State *L, int index)
{
    for (const struct param *p = stp_params + 1; lua_istable(L, index) && p->name; p++) {
        lua_getfield(L, index, p->name);
        bool given = !lua_isnil(L, -1);
        lua_pop(L, 1);
        if (given)
            return p->name;
    }
    return NULL;
}

void bind_stp_start(lua_State *L, int index, struct switch_node *sw)
{
    struct bind_options options = bind_stp_options, known = bind_switch_options;
    struct stp_config config = { 0 };
    GError *error = NULL;

    param_defaults(stp_params, &config);
    options.base = &config;
    options.also = &known;
    bind_read_options(L, index, &options, 0);
    const char *given = first_given(L, index);
    if (config.mode == STP_OFF && given)
        bind_fail(L, "switch %s: %s is an option of spanning tree; say stp = \"rstp\" as well",
                  sw->node.name, given);
    if (!stp_config_check(&config, &error))
        bind_throw(L, lua_pushfstring(L, "switch %s:", sw->node.name), error);
    if (config.mode != STP_OFF)
        switch_stp_start(sw, &config);
}

/* ---- switch:stp() -------------------------------------------------------------------------- */

static void set_id(lua_State *L, const char *name, uint64_t id)
{
    char text[STP_ID_TEXT];

    bind_field_text(L, name, stp_id_format(id, text));
}

static void set_seconds(lua_State *L, const char *name, uint16_t ticks)
{
    lua_pushnumber(L, (double)ticks / STP_TICK);
    lua_setfield(L, -2, name);
}

static void push_port(lua_State *L, const struct stp_port *port)
{
    const struct stp_bridge *b = port->bridge;

    lua_createtable(L, 0, 8);
    bind_field_text(L, "role", stp_role_name(port->role));
    bind_field_text(L, "state", stp_state_name(b->config.mode, port->state));
    bind_field_whole(L, "cost", port->cost);
    bind_field_whole(L, "priority", port->config.priority);
    set_id(L, "designated_bridge", port->vector.bridge);
    bind_field_whole(L, "designated_port", port->vector.port & 0xfff);
    bind_field_whole(L, "designated_cost", port->vector.cost);
    bind_field_flag(L, "guarded", port->guarded);
}

static void push_bridge(lua_State *L, const struct stp_bridge *b)
{
    lua_createtable(L, 0, 12);
    bind_field_text(L, "protocol", b->config.mode == STP_RAPID ? "rstp" : "stp");
    set_id(L, "id", b->id);
    set_id(L, "root", b->root.root);
    bind_field_flag(L, "is_root", stp_is_root(b));
    bind_field_whole(L, "root_cost", b->root.cost);
    if (b->root_port)
        bind_field_whole(L, "root_port", b->root_port->number);
    set_seconds(L, "hello_time", b->times.hello);
    set_seconds(L, "max_age", b->times.max_age);
    set_seconds(L, "forward_delay", b->times.forward_delay);
    bind_field_whole(L, "topology_changes", b->topology_changes);
    if (b->last_change != SIM_NEVER) {
        lua_pushnumber(L, simtime_seconds(b->last_change));
        lua_setfield(L, -2, "last_change");
    }
    lua_createtable(L, (int)b->n_ports, 0);
    for (uint32_t i = 0; i < b->n_ports; i++) {
        push_port(L, b->ports[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_setfield(L, -2, "ports");
}

static const struct param set_params[] = {
    { "priority", PARAM_U32, offsetof(struct stp_config, priority), NULL, 0, 61440,
      "of the bridge; a multiple of 4096", NULL },
    PARAM_END,
};

const struct bind_options bind_stp_set_options = { .what = "switch:stp", .params = set_params };

int bind_switch_stp(lua_State *L, struct bind_object *self)
{
    struct switch_node *sw = switch_of(self->model);
    struct bind_options options = bind_stp_set_options;
    struct stp_bridge *bridge = switch_stp(sw);
    GError *error = NULL;

    if (!bridge)
        no_tree(L, &sw->node);
    struct stp_config config = bridge->config;
    options.base = &config;
    bind_read_options(L, 1, &options, 0);
    if (!stp_config_check(&config, &error))
        bind_throw(L, "switch:stp:", error);
    if (config.priority != bridge->config.priority) {
        bind_check_not_looking(L, self->net, "switch:stp");
        stp_set_priority(bridge, config.priority);
    }
    push_bridge(L, bridge);
    return 1;
}

/* ---- port.stp ------------------------------------------------------------------------------ */

void bind_get_stp(lua_State *L, struct bind_object *self)
{
    bind_push(L, &bind_stp_port_class, bind_stp_port(L, self->model), self->net);
}

void bind_set_stp(lua_State *L, struct bind_object *self, int index)
{
    struct stp_port *port = bind_stp_port(L, self->model);
    struct bind_options options = bind_stp_port_options;
    struct stp_port_config config = port->config;
    GError *error = NULL;

    if (!lua_istable(L, index))
        bind_refuse(L, index, "port.stp", "a table, { edge = \"yes\", cost = 100 }");
    bind_check_not_looking(L, self->net, "port.stp");
    options.base = &config;
    bind_read_options(L, index, &options, 0);
    if (!stp_port_config_check(&config, &error))
        bind_throw(L, "port.stp:", error);
    stp_port_set_config(port, &config);
}

static const struct stp_port *port_of(struct bind_object *self)
{
    return self->model;
}

static void get_state(lua_State *L, struct bind_object *self)
{
    lua_pushstring(L, stp_state_name(port_of(self)->bridge->config.mode, port_of(self)->state));
}

static void get_role(lua_State *L, struct bind_object *self)
{
    lua_pushstring(L, stp_role_name(port_of(self)->role));
}

static void get_cost(lua_State *L, struct bind_object *self)
{
    lua_pushinteger(L, port_of(self)->cost);
}

static void get_edge(lua_State *L, struct bind_object *self)
{
    const struct stp_port *port = port_of(self);
    bool rapid = port->bridge->config.mode == STP_RAPID;

    lua_pushboolean(L, rapid ? port->rapid.oper_edge
                             : port->config.edge == STP_YES && !port->classic.bpdu_seen);
}

static void get_protocol(lua_State *L, struct bind_object *self)
{
    const struct stp_port *port = port_of(self);
    bool rapid = port->bridge->config.mode == STP_RAPID && port->rapid.send_rstp;

    lua_pushstring(L, rapid ? "rstp" : "stp");
}

static void get_guarded(lua_State *L, struct bind_object *self)
{
    lua_pushboolean(L, port_of(self)->guarded);
}

static void get_sent(lua_State *L, struct bind_object *self)
{
    const struct stp_counters *c = &port_of(self)->counters;

    lua_pushinteger(L, (lua_Integer)(c->tx_config + c->tx_tcn + c->tx_rst));
}

static void get_received(lua_State *L, struct bind_object *self)
{
    const struct stp_counters *c = &port_of(self)->counters;

    lua_pushinteger(L, (lua_Integer)(c->rx_config + c->rx_tcn + c->rx_rst));
}

static const struct bind_property properties[] = {
    { "state", get_state, NULL,
      "\"blocking\" (with RSTP \"discarding\"), \"listening\", \"learning\", \"forwarding\", "
      "\"disabled\"" },
    { "role", get_role, NULL, "\"root\", \"designated\", \"alternate\", \"backup\", \"disabled\"" },
    { "cost", get_cost, NULL, "its path cost" },
    { "edge", get_edge, NULL, "is it taken for a port with hosts only behind it?" },
    { "protocol", get_protocol, NULL, "\"rstp\" or \"stp\": what it speaks to its neighbour" },
    { "guarded", get_guarded, NULL, "did the BPDU guard close it?" },
    { "sent", get_sent, NULL, "BPDUs sent" },
    { "received", get_received, NULL, "BPDUs received and understood" },
    BIND_PROPERTIES_END,
};

static const char *title(struct bind_object *self)
{
    return ((struct switch_port *)port_of(self)->user)->iface.drops.name;
}

const struct bind_class bind_stp_port_class = {
    .name = "spanning tree of a port",
    .doc = "what spanning tree makes of a port, from port.stp",
    .properties = properties,
    .title = title,
};
