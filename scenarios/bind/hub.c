#include "models/node/hub.h"

#include "scenarios/bind/iface.h"
#include "scenarios/bind/node.h"
#include "scenarios/bind/switch.h"

static struct hub *hub_at(struct bind_object *self)
{
    return hub_of(self->model);
}

int bind_network_hub(lua_State *L, struct bind_object *self)
{
    bind_push_node(L, self->model, bind_node_new(L, self, NODE_HUB, "hub", NULL));
    return 1;
}

static int hub_port(lua_State *L, struct bind_object *self)
{
    const struct node *node = &hub_at(self)->node;
    lua_Integer n = lua_tointeger(L, 1);

    if (!lua_isinteger(L, 1) || n < 1 || n > node->n_ifaces)
        bind_fail(L, "hub:port: %s has no port %s; it has %d, from 1 on", node->name,
                  bind_tostring(L, 1), (int)node->n_ifaces);
    bind_push_iface(L, self->net, node->ifaces[n - 1]);
    return 1;
}

/* A counter of all stations together. */
static void push_sum(lua_State *L, struct bind_object *self, size_t offset)
{
    const struct node *node = &hub_at(self)->node;
    uint64_t sum = 0;

    for (uint32_t i = 0; i < node->n_ifaces; i++) {
        const char *csma = (const char *)&hub_port_of(node->ifaces[i])->csma;
        sum += *(const uint64_t *)(const void *)(csma + offset);
    }
    lua_pushinteger(L, (lua_Integer)sum);
}

static void get_collisions(lua_State *L, struct bind_object *self)
{
    push_sum(L, self, offsetof(struct csma, collisions));
}

static void get_late(lua_State *L, struct bind_object *self)
{
    push_sum(L, self, offsetof(struct csma, late));
}

static void get_given_up(lua_State *L, struct bind_object *self)
{
    push_sum(L, self, offsetof(struct csma, given_up));
}

static const struct bind_method methods[] = {
    { "port", hub_port, 1, 1, "hub:port(n)", "its n-th port: the interface called eth<n>" },
    BIND_METHODS_END,
};

static const struct bind_property properties[] = {
    { "collisions", get_collisions, NULL,
      "attempts to send that ended in a collision, each counted at each station that took part" },
    { "late_collisions", get_late, NULL,
      "of these, more than a slot time after the station began: the network is too long" },
    { "given_up", get_given_up, NULL, "frames that were given up after sixteen attempts" },
    BIND_PROPERTIES_END,
};

static const char *title(struct bind_object *self)
{
    return hub_at(self)->node.name;
}

const struct bind_class bind_hub_class = {
    .name = "hub",
    .doc = "a wire that its stations share, from net:hub",
    .base = &bind_node_class,
    .methods = methods,
    .properties = properties,
    .title = title,
};
