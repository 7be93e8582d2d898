/* Ports that are taken in advance, as bind(2) does.
 *
 * A port is in use by whoever is bound to it, listens on it, has a connection from it, or left one
 * in TIME_WAIT.  Two users of a port get along if their addresses differ (and neither is "any"), if
 * they are bound to different devices, if both said SO_REUSEADDR and the other does not listen, or
 * if both said SO_REUSEPORT: Linux's inet_csk_bind_conflict.  Binding is rare, so the users are
 * found by looking at all of them. */
#include <glib.h>

#include "protocols/ip/ports.h"
#include "protocols/tcp/internal.h"
#include "protocols/tcp/listen.h"
#include "protocols/tcp/table.h"
#include "sim/hash.h"

struct port_user {
    const struct ip_addr *local;
    uint16_t port;
    bool reuse, reuseport, listens;
};

/* Told of each user of a port but `self`; true ends the visits. */
typedef bool (*user_fn)(void *data, const struct port_user *user);

static bool visit_binds(const struct tcp_table *table, const struct tcp_bind *self, user_fn visit,
                        void *data)
{
    for (int i = 0; i < LISTENER_CHAINS; i++) {
        for (const struct tcp_bind *b = table->binds[i]; b; b = b->chain) {
            struct port_user user = { &b->local, b->port, b->reuse, b->reuseport, false };
            if (b != self && !b->listens && visit(data, &user)) /* those that listen come below */
                return true;
        }
    }
    for (int i = 0; i < LISTENER_CHAINS; i++) {
        for (const struct tcp_listener *l = table->listeners[i]; l; l = l->chain) {
            struct port_user user = { &l->local, l->port, false, l->config->reuseport, true };
            if (visit(data, &user))
                return true;
        }
    }
    return false;
}

static bool visit_users(const struct tcp_table *table, const struct tcp_bind *self, user_fn visit,
                        void *data)
{
    if (visit_binds(table, self, visit, data))
        return true;
    list_for_each (it, &table->conns) {
        const struct tcp_conn *conn = container_of(it, struct tcp_conn, all);
        const struct tcp_key *key = &conn->entry.key;
        struct port_user user = { &key->local, key->local_port, conn->config->reuseaddr,
                                  conn->config->reuseport, false };
        if (conn->entry.hashed && visit(data, &user))
            return true;
    }
    list_for_each (it, &table->time_waits) {
        const struct tcp_tw *tw = container_of(it, struct tcp_tw, link);
        const struct tcp_key *key = &tw->entry.key;
        struct port_user user = { &key->local, key->local_port, tw->reuse, tw->reuseport, false };
        if (visit(data, &user))
            return true;
    }
    return false;
}

/* ---- A port by its number ------------------------------------------------------------------- */

static bool overlap(const struct ip_addr *a, const struct ip_addr *b)
{
    return table_any_address(a) || table_any_address(b) || ip_addr_equal(a, b);
}

static bool disagrees(void *data, const struct port_user *user)
{
    const struct tcp_bind *bind = data;

    if (user->port != bind->port || !overlap(user->local, &bind->local))
        return false;
    return !(user->reuse && bind->reuse && !user->listens) && !(user->reuseport && bind->reuseport);
}

static bool conflicts(const struct tcp_bind *bind)
{
    return visit_users(bind->stack->table, bind, disagrees, (void *)(uintptr_t)bind);
}

int tcp_bind_listen(struct tcp_bind *bind)
{
    bind->listens = !conflicts(bind);
    return bind->listens ? 0 : EADDRINUSE;
}

/* ---- Any port ------------------------------------------------------------------------------- */

struct port_map {
    const struct tcp_bind *bind;
    bool relax; /* who says SO_REUSEADDR may share a port that it did not ask for */
    bool own_range;
    uint8_t taken[65536 / 8];
};

static bool mark_taken(void *data, const struct port_user *user)
{
    struct port_map *map = data;
    bool shared = map->relax && user->reuse && map->bind->reuse && !user->listens;

    if (overlap(user->local, &map->bind->local) && !shared)
        map->taken[user->port / 8] |= (uint8_t)(1 << user->port % 8);
    return false;
}

/* The first free one of low + offset, + step, ...; 0: none. */
static uint16_t scan(const struct port_map *map, uint32_t low, uint32_t remaining, uint32_t offset,
                     uint32_t step)
{
    const struct ports *reserved = map->bind->stack->sysctl->reserved_ports;

    for (uint32_t i = 0, port = low + offset; i < remaining; i += step, port += step) {
        if (port >= low + remaining)
            port -= remaining;
        if (!(map->taken[port / 8] & 1 << port % 8) && !ports_has(reserved, (uint16_t)port))
            return (uint16_t)port;
    }
    return 0;
}

/* Ports of the other parity than connect() prefers come first; of a range of one's own, any. */
static uint16_t choose_between(const struct port_map *map, uint32_t low, uint32_t remaining)
{
    struct tcp_stack *stack = map->bind->stack;
    uint64_t random = hash_mix(stack->key + ++stack->table->bind_serial);

    if (map->own_range)
        return scan(map, low, remaining, (uint32_t)(random >> 32) % remaining, 1);
    if (remaining > 1)
        remaining &= ~1u;
    uint32_t offset = (uint32_t)(random >> 32) % remaining | 1;
    uint16_t port = scan(map, low, remaining, offset, 2);
    return port ? port : scan(map, low, remaining, offset - 1, 2);
}

/* Linux's inet_csk_find_open_port: with SO_REUSEADDR the lower half of the range comes first. */
static uint16_t choose_from(struct port_map *map, struct tcp_ports range)
{
    uint32_t low = range.low, n = range.high + 1u - low, half = n >= 4 ? n >> 2 << 1 : 0;

    visit_users(map->bind->stack->table, map->bind, mark_taken, map);
    if (!map->bind->reuse || half == 0)
        return choose_between(map, low, n);
    uint16_t port = choose_between(map, low, half);
    return port ? port : choose_between(map, low + half, n - half);
}

static uint16_t choose(struct tcp_stack *stack, const struct tcp_bind *bind, struct tcp_ports own)
{
    struct tcp_ports range = table_ports(stack, own);
    struct port_map *map = g_new(struct port_map, 1);
    uint16_t port = 0;

    for (int relax = 0; relax <= (bind->reuse && stack->sysctl->autobind_reuse) && !port; relax++) {
        *map = (struct port_map){ .bind = bind, .relax = relax, .own_range = own.low || own.high };
        port = choose_from(map, range);
    }
    g_free(map);
    return port;
}

/* ---- Taking and giving back ----------------------------------------------------------------- */

static struct tcp_bind **chain_of(struct tcp_bind *bind)
{
    return &bind->stack->table->binds[bind->port % LISTENER_CHAINS];
}

int tcp_bind(struct tcp_stack *stack, struct tcp_bind *bind, const struct ip_addr *local,
             uint16_t port, struct tcp_ports own)
{
    static const struct ip_addr any;

    tcp_stack_wake(stack);
    bind->stack = stack;
    bind->local = local ? *local : any;
    bind->port = port ? port : choose(stack, bind, own);
    bind->listens = false;
    if (bind->port == 0 || (port && conflicts(bind))) {
        bind->stack = NULL;
        return EADDRINUSE;
    }
    struct tcp_bind **chain = chain_of(bind);
    bind->chain = *chain;
    *chain = bind;
    return 0;
}

void tcp_unbind(struct tcp_bind *bind)
{
    if (!bind->stack)
        return;
    struct tcp_bind **at = chain_of(bind);
    while (*at != bind)
        at = &(*at)->chain;
    *at = bind->chain;
    bind->stack->table->freed++;
    bind->stack = NULL;
}

bool table_port_bound(const struct tcp_table *table, uint16_t port)
{
    for (const struct tcp_bind *b = table->binds[port % LISTENER_CHAINS]; b; b = b->chain)
        if (b->port == port)
            return true;
    return false;
}
