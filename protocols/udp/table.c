/* The sockets of a node by their ports: who may have a port, which port is chosen for whom asks for
 * any, and whom a datagram is for.  The table is as large as there are sockets, which hang in
 * chains; so hosts without UDP have none. */
#include "protocols/ip/ports.h"
#include "protocols/udp/internal.h"

enum { BUCKETS_MIN = 8 };

static struct udp_socket **bucket_of(const struct udp_stack *udp, uint16_t port)
{
    return &udp->table[port & (udp->n_buckets - 1)];
}

struct udp_socket *udp_table_chain(const struct udp_stack *udp, uint16_t port)
{
    return udp->n_buckets ? *bucket_of(udp, port) : NULL;
}

static void table_grow(struct udp_stack *udp)
{
    struct udp_socket **old = udp->table;
    uint32_t n = udp->n_buckets;

    udp->n_buckets = n ? n * 2 : BUCKETS_MIN;
    udp->table = g_new0(struct udp_socket *, udp->n_buckets);
    for (uint32_t i = 0; i < n; i++)
        for (struct udp_socket *s = old[i], *next; s; s = next) {
            struct udp_socket **bucket = bucket_of(udp, s->local_port);
            next = s->chain;
            s->chain = *bucket;
            *bucket = s;
        }
    g_free(old);
}

void udp_table_add(struct udp_stack *udp, struct udp_socket *socket)
{
    if (udp->n_sockets >= udp->n_buckets && !udp->visits) /* it would lose its place */
        table_grow(udp);
    struct udp_socket **bucket = bucket_of(udp, socket->local_port);
    socket->chain = *bucket;
    *bucket = socket;
    udp->n_sockets++;
}

void udp_table_remove(struct udp_stack *udp, struct udp_socket *socket)
{
    struct udp_socket **at = bucket_of(udp, socket->local_port);

    for (struct udp_visit *v = udp->visits; v; v = v->outer)
        if (v->next == socket)
            v->next = socket->chain;
    while (*at != socket)
        at = &(*at)->chain;
    *at = socket->chain;
    udp->n_sockets--;
}

/* ---- Ports --------------------------------------------------------------------------------- */

/* Two sockets cannot have one port unless their addresses or interfaces tell them apart. */
bool udp_port_taken(const struct udp_stack *udp, const struct udp_socket *socket, uint16_t port)
{
    for (const struct udp_socket *s = udp_table_chain(udp, port); s; s = s->chain)
        if (s->local_port == port && !(s->reuse && socket->reuse) &&
            (!s->iface || !socket->iface || s->iface == socket->iface) &&
            (udp_is_any(&s->local) || udp_is_any(&socket->local) ||
             ip_addr_equal(&s->local, &socket->local)))
            return true;
    return false;
}

/* A random port of the range (RFC 6056 3.3.1), or the next free one; 0 if none is. */
uint16_t udp_port_choose(struct udp_stack *udp, const struct udp_socket *socket)
{
    uint32_t low = udp->port_low, high = udp->port_high;

    /* The socket's own range narrows the node's (inet_sk_get_local_port_range). */
    if (socket->port_low >= udp->port_low && socket->port_low <= udp->port_high)
        low = socket->port_low;
    if (socket->port_high >= udp->port_low && socket->port_high <= udp->port_high)
        high = socket->port_high;
    uint32_t n = high - low + 1, at = (uint32_t)rng_below(&udp->rng, n);
    for (uint32_t i = 0; i < n; i++, at = (at + 1) % n)
        if (!ports_has(udp->reserved, (uint16_t)(low + at)) &&
            !udp_port_taken(udp, socket, (uint16_t)(low + at)))
            return (uint16_t)(low + at);
    return 0;
}

/* ---- Whom a datagram is for ----------------------------------------------------------------- */

/* As compute_score: more for each thing that the socket is choosy about. */
int udp_socket_score(const struct udp_socket *s, const struct udp_path *path)
{
    int points = 1;

    if (s->local_port != path->local_port || path->local_port == 0)
        return 0;
    if (!udp_is_any(&s->local)) {
        if (!ip_addr_equal(&s->local, path->local))
            return 0;
        points += 4;
    }
    if (s->connected) {
        if (!ip_addr_equal(&s->remote, path->remote) || s->remote_port != path->remote_port)
            return 0;
        points += 8;
    }
    if (s->iface) {
        if (s->iface != path->iface)
            return 0;
        points += 2;
    }
    return points;
}

struct udp_socket *udp_lookup(const struct udp_stack *udp, const struct udp_path *path)
{
    struct udp_socket *best = NULL;
    int most = 0;

    for (struct udp_socket *s = udp_table_chain(udp, path->local_port); s; s = s->chain) {
        int points = udp_socket_score(s, path);
        if (points > most) {
            best = s;
            most = points;
        }
    }
    return best;
}

/* ---- All of them ---------------------------------------------------------------------------- */

static int by_port(const void *a, const void *b)
{
    const struct udp_socket *const *x = a, *const *y = b;
    int ports = (*x)->local_port - (*y)->local_port;

    return ports ? ports : memcmp(&(*x)->local, &(*y)->local, sizeof(*x)->local);
}

void udp_each(const struct udp_stack *udp,
              void (*visit)(const struct udp_socket *socket, void *data), void *data)
{
    GPtrArray *all = g_ptr_array_new();

    for (uint32_t i = 0; i < udp->n_buckets; i++)
        for (struct udp_socket *s = udp->table[i]; s; s = s->chain)
            if (udp_is_bound(s))
                g_ptr_array_add(all, s);
    g_ptr_array_sort(all, by_port);
    for (guint i = 0; i < all->len; i++)
        visit(all->pdata[i], data);
    g_ptr_array_free(all, TRUE);
}
