#include "scenarios/bind/counters.h"

#include "scenarios/bind/field.h"
#include "scenarios/bind/iface.h"
#include "scenarios/bind/node.h"

/* Structs of counters are arrays of uint64_t with a list of names beside them. */
static void set_all(lua_State *L, const char *const *names, const void *counters)
{
    const uint64_t *values = counters;

    for (; *names; names++)
        bind_field_whole(L, *names, counters ? *values++ : 0);
}

/* drop_queue_full = 12 */
static void set_drops(lua_State *L, const struct drops *drops)
{
    unsigned n;
    const struct drop_count *count = drops_counts(drops, &n);

    for (; n > 0; n--, count++) {
        lua_pushfstring(L, "drop_%s", count->reason->name);
        lua_pushinteger(L, (lua_Integer)count->packets);
        lua_rawset(L, -3);
    }
}

int bind_node_counters(lua_State *L, struct bind_object *self)
{
    struct node *node = self->model;
    struct ip_counters ip;
    const char *what = lua_pushfstring(L, "counters of %s", node->name);

    lua_newtable(L);
    ip_counters_get(&node->ip, &ip);
    set_all(L, ip_counter_names, &ip);
    set_all(L, tcp_counter_names, node->tcp ? tcp_counters(node->tcp) : NULL);
    set_all(L, udp_counter_names, node->udp ? &node->udp->counters : NULL);
    set_drops(L, &node->drops);
    bind_strict(L, what);
    return 1;
}

int bind_iface_counters(lua_State *L, struct bind_object *self)
{
    struct iface *iface = bind_iface_of(self);
    const char *what = lua_pushfstring(L, "counters of %s", iface->drops.name);

    link_sync(&iface->tx);
    lua_newtable(L);
    bind_field_whole(L, "rx_packets", iface->rx_packets);
    bind_field_whole(L, "rx_bytes", iface->rx_bytes);
    bind_field_whole(L, "tx_packets", iface->tx.packets);
    bind_field_whole(L, "tx_bytes", iface->tx.bytes.value);
    bind_field_whole(L, "dropped", drops_packets(&iface->drops, NULL));
    bind_field_whole(L, "marks", link_queue(&iface->tx)->marks);
    bind_field_whole(L, "backlog_packets", link_queue(&iface->tx)->packets);
    bind_field_whole(L, "backlog_bytes", link_queue(&iface->tx)->bytes);
    set_drops(L, &iface->drops);
    bind_strict(L, what);
    return 1;
}
