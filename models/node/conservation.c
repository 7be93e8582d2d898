/* No packet vanishes: the books of the packets' memory against what can be found in the network.
 *
 * What is alive must be reachable from somebody who will end it: a queue, a link's pipe, an IP
 * stack (waiting for a neighbour, for other fragments, for its own turn), a socket.  TCP keeps
 * data, not packets. */
#include "models/node/network.h"

static uint64_t pipe_packets(const struct link_rx *rx)
{
    uint64_t n = 0;

    for (const struct packet *packet = rx->pipe.first; packet; packet = packet->next)
        n++;
    return n;
}

static uint64_t iface_packets(const struct iface *iface)
{
    return iface->link ? link_pending(&iface->tx) + pipe_packets(&iface->rx) : 0;
}

static uint64_t node_packets(const struct node *node)
{
    uint64_t n = ip_packets_held(&node->ip);

    if (node->udp)
        n += udp_packets_held(node->udp);
    for (uint32_t i = 0; i < node->n_ifaces; i++)
        n += iface_packets(node->ifaces[i]);
    if (node->ops->held)
        n += node->ops->held(node);
    return n;
}

char *network_conservation(struct network *net)
{
    const struct packet_pool *p = &net->sim->packets;
    uint64_t ended = p->delivered + p->dropped + p->consumed, found = 0;

    for (guint i = 0; i < net->nodes->len; i++)
        found += node_packets(net->nodes->pdata[i]);
    if (p->created == ended + found && p->pool.live == found)
        return NULL;
    return g_strdup_printf("%" G_GUINT64_FORMAT " packets were created, %" G_GUINT64_FORMAT
                           " delivered, %" G_GUINT64_FORMAT " dropped, %" G_GUINT64_FORMAT
                           " consumed; %zu are alive, and %" G_GUINT64_FORMAT
                           " are found in the network",
                           p->created, p->delivered, p->dropped, p->consumed, p->pool.live, found);
}
