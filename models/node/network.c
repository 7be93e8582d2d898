#include "models/node/network.h"

#include "models/app/app.h"
#include "models/node/segment.h"
#include "models/node/topology.h"

static void reroute(struct sim *sim, struct event *event)
{
    topology_route(container_of(event, struct network, reroute));
}

struct network *network_new(const char *name, uint64_t seed)
{
    struct network *net = g_new0(struct network, 1);

    net->sim = sim_new(seed);
    net->name = g_strdup(name);
    net->tcp_memory = tcp_memory_new(net->sim);
    net->nodes = g_ptr_array_new();
    net->links = g_ptr_array_new();
    net->apps = g_ptr_array_new();
    net->names = g_hash_table_new(g_str_hash, g_str_equal);
    net->link_names = g_hash_table_new(g_str_hash, g_str_equal);
    net->next_name = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    net->next_link_name = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    net->by_addr = g_hash_table_new(NULL, NULL);
    net->subnets = g_hash_table_new(NULL, NULL);
    net->macs = g_hash_table_new(NULL, NULL);
    net->stale = true;
    actor_init(&net->observer, net->sim, "(observer)");
    event_init(&net->reroute, reroute);
    return net;
}

static void end_free(struct iface *iface)
{
    g_free(iface_watch(iface));
    link_fini(&iface->tx);
}

/* Both directions end while both interfaces are there: each drops what it holds into them. */
static void link_free(struct link *link)
{
    end_free(link->a);
    end_free(link->b);
    g_free(link);
}

void network_free(struct network *net)
{
    net->ending = true;
    sim_end(net->sim);
    for (guint i = 0; i < net->apps->len; i++)
        app_free(net->apps->pdata[i]);
    for (guint i = 0; i < net->links->len; i++)
        link_free(net->links->pdata[i]);
    for (guint i = 0; i < net->nodes->len; i++)
        node_free(net->nodes->pdata[i]);
    g_ptr_array_free(net->apps, TRUE);
    g_ptr_array_free(net->nodes, TRUE);
    g_ptr_array_free(net->links, TRUE);
    g_hash_table_destroy(net->names);
    g_hash_table_destroy(net->link_names);
    g_hash_table_destroy(net->next_name);
    g_hash_table_destroy(net->next_link_name);
    g_hash_table_destroy(net->by_addr);
    g_hash_table_destroy(net->subnets);
    segments_free(net->segments);
    g_hash_table_destroy(net->macs);
    tcp_memory_free(net->tcp_memory);
    sim_free(net->sim);
    g_free(net->name);
    g_free(net);
}

/* ---- Names --------------------------------------------------------------------------------- */

static bool claim(struct network *net, GHashTable *names, const char *name, void *object,
                  GError **error)
{
    if (g_hash_table_contains(names, name)) {
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_NAME,
                    "the name \"%s\" is used already; names of nodes and traffic, and those of "
                    "links, are unique in a network",
                    name);
        return false;
    }
    g_hash_table_insert(names, (char *)sim_intern(net->sim, name), object);
    return true;
}

bool network_claim(struct network *net, const char *name, void *object, GError **error)
{
    return claim(net, net->names, name, object, error);
}

/* Where the search for a free number goes on is remembered, so that a thousand flows between two
 * nodes take a thousand steps. */
static char *unique_name(GHashTable *names, GHashTable *next, const char *base)
{
    if (!g_hash_table_contains(names, base))
        return g_strdup(base);
    guint n = MAX(2, GPOINTER_TO_UINT(g_hash_table_lookup(next, base)));
    char *name = g_strdup_printf("%s-%u", base, n);

    while (g_hash_table_contains(names, name)) {
        g_free(name);
        name = g_strdup_printf("%s-%u", base, ++n);
    }
    g_hash_table_insert(next, g_strdup(base), GUINT_TO_POINTER(n));
    return name;
}

char *network_unique_name(const struct network *net, const char *base)
{
    return unique_name(net->names, net->next_name, base);
}

uint16_t network_free_port(struct network *net, struct node *node)
{
    enum { FIRST = 5001, LAST = 32767 };

    if (node->next_port < FIRST || node->next_port > LAST)
        node->next_port = FIRST;
    return node->next_port++;
}

/* ---- Building ------------------------------------------------------------------------------ */

struct node *network_add_node(struct network *net, const char *name, enum node_kind kind,
                              GError **error)
{
    if (!network_claim(net, name, NULL, error))
        return NULL;
    struct node *node = node_new(net, name, kind);
    g_hash_table_insert(net->names, (char *)node->name, node);
    node->index = net->nodes->len;
    net->n_bridges += node->ops->bridges;
    g_ptr_array_add(net->nodes, node);
    return node;
}

static bool may_join(struct network *net, struct node *a, struct node *b, GError **error)
{
    const struct node *stranger = a->net != net ? a : b;

    if (a->net == net && b->net == net)
        return true;
    g_set_error(error, WEFT_ERROR, WEFT_ERROR_NAME,
                "\"%s\" belongs to another network; a link joins nodes of one network",
                stranger->name);
    return false;
}

static void join(struct network *net, struct iface *from, struct iface *to, struct link *link)
{
    from->link = link;
    from->peer = to;
    to->rx.deliver = to->node->ops->receive;
    link_init(&from->tx, &to->rx, net->sim, from->drops.name, NULL, &from->drops);
}

static void attached(struct iface *iface)
{
    if (iface->node->ops->attached)
        iface->node->ops->attached(iface);
}

struct link *network_add_link(struct network *net, struct node *a, struct node *b, const char *name,
                              GError **error)
{
    if (!may_join(net, a, b, error))
        return NULL;
    char *base = name ? g_strdup(name) : g_strconcat(a->name, "-", b->name, NULL);
    char *own = name ? g_strdup(name) : unique_name(net->link_names, net->next_link_name, base);
    struct link *link = g_new0(struct link, 1);

    g_free(base);
    link->name = sim_intern(net->sim, own);
    g_free(own);
    if (!claim(net, net->link_names, link->name, link, error)) {
        g_free(link);
        return NULL;
    }
    link->index = net->links->len;
    link->a = node_add_iface(a);
    link->b = node_add_iface(b);
    join(net, link->a, link->b, link);
    join(net, link->b, link->a, link);
    attached(link->a);
    attached(link->b);
    g_ptr_array_add(net->links, link);
    network_rewired(net);
    return link;
}

struct node *network_node(const struct network *net, const char *name)
{
    for (guint i = 0; i < net->nodes->len; i++) {
        struct node *node = net->nodes->pdata[i];
        if (strcmp(node->name, name) == 0)
            return node;
    }
    return NULL;
}

struct iface *network_iface_of(const struct network *net, const struct ip_addr *addr)
{
    return g_hash_table_lookup(net->by_addr, GUINT_TO_POINTER(ip_addr_v4(addr)));
}

void network_rewired(struct network *net)
{
    segments_free(net->segments);
    net->segments = NULL;
    net->stale = true;
}

/* Before the first run there is nothing to renew. */
void network_carrier_changed(struct network *net)
{
    if (net->autoroute == AUTOROUTE_LIVE && !net->stale && !event_pending(&net->reroute))
        event_schedule(net->sim, &net->reroute, net->sim->now, &net->observer);
}

/* ---- Running ------------------------------------------------------------------------------- */

void network_prepare(struct network *net)
{
    if (!net->stale)
        return;
    topology_address(net);
    if (net->autoroute != AUTOROUTE_OFF)
        topology_route(net);
    net->stale = false;
}

static void each_iface(struct network *net, void (*visit)(struct iface *iface, void *data),
                       void *data)
{
    for (guint i = 0; i < net->nodes->len; i++) {
        struct node *node = net->nodes->pdata[i];
        for (uint32_t j = 0; j < node->n_ifaces; j++)
            visit(node->ifaces[j], data);
    }
}

static void sync_iface(struct iface *iface, void *data)
{
    link_sync(&iface->tx);
}

enum sim_result network_run(struct network *net, sim_time until)
{
    network_prepare(net);
    loop_reset(&net->loop);
    enum sim_result result = sim_run(net->sim, until);
    each_iface(net, sync_iface, NULL);
    return result;
}
