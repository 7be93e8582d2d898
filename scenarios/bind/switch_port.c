/* What a port of a switch has beside an interface's methods: rules for VLANs, and its state. */
#include "models/node/switch_watch.h"
#include "scenarios/bind/iface.h"
#include "scenarios/bind/packet.h"
#include "scenarios/bind/stp.h"
#include "scenarios/bind/switch.h"
#include "scenarios/bind/value.h"

static struct switch_port *port_of(struct bind_object *self)
{
    return switch_port_of(self->model);
}

/* What a port does is set of the bond that it is in. */
static void check_free(lua_State *L, const struct switch_port *port, const char *what)
{
    if (port->member)
        bind_fail(L, "%s: %s is in the bond %s; say it of that", what, port->iface.drops.name,
                  port->iface.bond->iface->ip.name);
}

/* ---- VLANs --------------------------------------------------------------------------------- */

static void set_rules(lua_State *L, struct bind_object *self, struct vlan_port *rules, bool all)
{
    struct switch_port *port = port_of(self);

    bind_check_not_looking(L, self->net, "port:access");
    check_free(L, port, "a rule for VLANs");
    if (switch_of(port->iface.node)->ovs)
        vlan_port_ovs(rules, all);
    switch_set_vlan(port, rules);
}

static int port_access(lua_State *L, struct bind_object *self)
{
    struct vlan_port rules;

    vlan_port_access(&rules, bind_vid(L, 1, "port:access"));
    set_rules(L, self, &rules, false);
    return 0;
}

static int port_tunnel(lua_State *L, struct bind_object *self)
{
    struct vlan_port rules;

    vlan_port_tunnel(&rules, bind_vid(L, 1, "port:tunnel"));
    set_rules(L, self, &rules, false);
    return 0;
}

/* The VLANs of the list at `index`; false if it is empty. */
static bool read_list(lua_State *L, int index, struct vlan_set *set, const char *what)
{
    lua_Integer n = (lua_Integer)lua_rawlen(L, index);

    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, index, i);
        vlan_set_add(set, bind_vid(L, -1, what));
        lua_pop(L, 1);
    }
    return n > 0;
}

struct trunk {
    uint16_t native, tpid;
};

static void set_native(lua_State *L, int index, void *data)
{
    ((struct trunk *)data)->native = bind_vid(L, index, "port:trunk native");
}

static void set_tpid(lua_State *L, int index, void *data)
{
    lua_Integer n = lua_tointeger(L, index);

    if (n != VLAN_TPID_C && n != VLAN_TPID_S)
        bind_fail(L, "port:trunk: tpid must be 0x8100 (customers' tags) or 0x88a8 (providers')");
    ((struct trunk *)data)->tpid = (uint16_t)n;
}

static const struct bind_option trunk_extra[] = {
    { "native", "VLAN", "none: frames without a tag are refused",
      "the VLAN whose frames have no tag on the wire", set_native },
    { "tpid", "number", "0x8100", "the type of the tags; 0x88a8 between providers' switches",
      set_tpid },
    BIND_OPTIONS_END,
};

const struct bind_options bind_trunk_options = { .what = "port:trunk", .options = trunk_extra };

/* { 10, 20, native = 1 }; an empty list is all. */
static int port_trunk(lua_State *L, struct bind_object *self)
{
    struct bind_options options = bind_trunk_options;
    struct trunk o = { VLAN_NONE, VLAN_TPID_C };
    struct vlan_set vids = { { 0 } };
    struct vlan_port rules;

    if (!lua_istable(L, 1))
        bind_refuse(L, 1, "port:trunk: its argument", "a list of VLANs, { 10, 20, native = 1 }");
    bool all = !read_list(L, 1, &vids, "port:trunk");
    options.data = &o;
    bind_read_options(L, 1, &options, (int)lua_rawlen(L, 1));
    if (all)
        vlan_set_fill(&vids);
    vlan_port_trunk(&rules, &vids, o.native);
    rules.tpid = o.tpid;
    set_rules(L, self, &rules, all);
    return 0;
}

static void set_pvid(lua_State *L, int index, void *data)
{
    ((struct vlan_port *)data)->pvid = bind_vid(L, index, "port:hybrid pvid");
}

static void set_untagged(lua_State *L, int index, void *data)
{
    if (!lua_istable(L, index))
        bind_refuse(L, index, "port:hybrid untagged", "a list of VLANs");
    read_list(L, index, &((struct vlan_port *)data)->untagged, "port:hybrid untagged");
}

static void set_tagged(lua_State *L, int index, void *data)
{
    if (!lua_istable(L, index))
        bind_refuse(L, index, "port:hybrid tagged", "a list of VLANs");
    read_list(L, index, &((struct vlan_port *)data)->members, "port:hybrid tagged");
}

static const struct bind_option hybrid_extra[] = {
    { "pvid", "VLAN", "none: frames without a tag are refused",
      "the VLAN of frames that come in without a tag", set_pvid },
    { "untagged", "list of VLANs", "{}", "those whose frames leave without a tag", set_untagged },
    { "tagged", "list of VLANs", "{}", "those whose frames leave with a tag", set_tagged },
    BIND_OPTIONS_END,
};

const struct bind_options bind_hybrid_options = { .what = "port:hybrid", .options = hybrid_extra };

static int port_hybrid(lua_State *L, struct bind_object *self)
{
    struct vlan_port rules = { .mode = VLAN_HYBRID, .pvid = VLAN_NONE, .tpid = VLAN_TPID_C };
    struct bind_options options = bind_hybrid_options;

    if (!lua_istable(L, 1))
        bind_refuse(L, 1, "port:hybrid: its argument",
                    "a table, { pvid = 10, untagged = { 10, 30 }, tagged = { 20 } }");
    options.data = &rules;
    bind_read_options(L, 1, &options, 0);
    for (size_t i = 0; i < G_N_ELEMENTS(rules.members.words); i++) {
        if (rules.members.words[i] & rules.untagged.words[i])
            bind_fail(L, "port:hybrid: a VLAN cannot be both tagged and untagged");
        rules.members.words[i] |= rules.untagged.words[i];
    }
    if (rules.pvid != VLAN_NONE && !vlan_set_has(&rules.members, rules.pvid))
        bind_fail(L, "port:hybrid: pvid %d is in neither list", rules.pvid);
    set_rules(L, self, &rules, false);
    return 0;
}

/* ---- Mirror and limits --------------------------------------------------------------------- */

struct mirror {
    int direction;
};

static const char *const directions[] = { "both", "in", "out", NULL };

static const struct param mirror_params[] = {
    { "direction", PARAM_ENUM, offsetof(struct mirror, direction), "both", 0, 0,
      "which frames: those that come in, those that go out, or both", directions },
    PARAM_END,
};

const struct bind_options bind_mirror_options = { .what = "port:mirror", .params = mirror_params };

static int port_mirror(lua_State *L, struct bind_object *self)
{
    static const enum tap_direction taps[] = { TAP_BOTH, TAP_IN, TAP_OUT };
    struct bind_options options = bind_mirror_options;
    struct switch_port *port = port_of(self), *to;
    struct mirror o = { 0 };

    to = switch_port_of(bind_check(L, 1, &bind_switch_port_class, "port:mirror: where to")->model);
    if (to == port || to->iface.node != port->iface.node)
        bind_fail(L, "port:mirror: %s is no other port of the same switch", to->iface.drops.name);
    bind_check_not_looking(L, self->net, "port:mirror");
    check_free(L, port, "port:mirror");
    check_free(L, to, "port:mirror");
    options.base = &o;
    bind_read_options(L, 2, &options, 0);
    switch_mirror(port, to, taps[o.direction]);
    return 0;
}

struct limits {
    uint64_t rate[FLOOD_KINDS];
};

static const struct param limit_params[] = {
    { "broadcast", PARAM_RATE, offsetof(struct limits, rate[FLOOD_BROADCAST]), NULL, 0, 1e15,
      "bits per second of frames to everybody; 0: no limit", NULL },
    { "multicast", PARAM_RATE, offsetof(struct limits, rate[FLOOD_MULTICAST]), NULL, 0, 1e15,
      "ditto to groups", NULL },
    { "unknown", PARAM_RATE, offsetof(struct limits, rate[FLOOD_UNKNOWN]), NULL, 0, 1e15,
      "ditto to stations that the switch does not know", NULL },
    PARAM_END,
};

const struct bind_options bind_limit_options = { .what = "port:limit", .params = limit_params };

static int port_limit(lua_State *L, struct bind_object *self)
{
    struct bind_options options = bind_limit_options;
    struct limits o = { { 0 } };

    bind_check_not_looking(L, self->net, "port:limit");
    check_free(L, port_of(self), "port:limit");
    options.base = &o;
    bind_read_options(L, 1, &options, 0);
    for (int kind = 0; kind < FLOOD_KINDS; kind++)
        switch_limit(port_of(self), (enum flood_kind)kind, o.rate[kind]);
    return 0;
}

/* ---- The object ---------------------------------------------------------------------------- */

static const struct bind_method methods[] = {
    { "access", port_access, 1, 1, "port:access(vlan)",
      "belongs to one VLAN, whose frames have no tag on the wire" },
    { "trunk", port_trunk, 1, 1, "port:trunk{ 10, 20, native = 1 }",
      "carries these VLANs with tags, an empty list all; native has none" },
    { "hybrid", port_hybrid, 1, 1, "port:hybrid{ pvid =, untagged = {...}, tagged = {...} }",
      "carries some VLANs with tags and some without" },
    { "tunnel", port_tunnel, 1, 1, "port:tunnel(vlan)",
      "belongs to a provider's VLAN; whatever tags frames have are their contents (QinQ)" },
    { "mirror", port_mirror, 1, 2, "port:mirror(to [, { direction = }])",
      "shows its frames at another port, which does nothing else from then on" },
    { "limit", port_limit, 1, 1, "port:limit{ broadcast =, multicast =, unknown = }",
      "storm control: so much is flooded of what comes in" },
    BIND_METHODS_END,
};

static void get_number(lua_State *L, struct bind_object *self)
{
    lua_pushinteger(L, (lua_Integer)port_of(self)->number + 1);
}

static void get_state(lua_State *L, struct bind_object *self)
{
    lua_pushstring(L, switch_state_words[port_of(self)->state]);
}

static void get_mode(lua_State *L, struct bind_object *self)
{
    const struct switch_port *port = port_of(self);

    if (port->tagging)
        lua_pushstring(L, vlan_mode_words[port->vlan.mode]);
    else
        lua_pushnil(L);
}

static const struct bind_property properties[] = {
    { "number", get_number, NULL, "its number, from 1" },
    { "state", get_state, NULL,
      "what spanning tree lets it do: \"blocking\", \"learning\", \"forwarding\", ..." },
    { "stp", bind_get_stp, bind_set_stp,
      "spanning tree: port.stp.role, .state, ...; set with port.stp = { edge =, cost =, ... }" },
    { "mode", get_mode, NULL, "\"access\", \"trunk\", ...; nil if the switch looks at no tags" },
    BIND_PROPERTIES_END,
};

static const char *title(struct bind_object *self)
{
    return port_of(self)->iface.drops.name;
}

const struct bind_class bind_switch_port_class = {
    .name = "port",
    .doc = "an interface of a switch, from switch:port and link:at",
    .base = &bind_iface_class,
    .methods = methods,
    .properties = properties,
    .title = title,
};
