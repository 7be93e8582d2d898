/* Options of datagram sockets about multicast groups (ip(7)): Linux's ip_mc_join_group,
 * ip_mc_leave_group and what do_ip_setsockopt says about IP_MULTICAST_*. */
#include <glib.h>
#include <string.h>

#include "models/socket/internal.h"
#include "protocols/ip/igmp.h"
#include "protocols/ip/state.h"

struct membership {
    struct ip_iface *iface;
    ip4 group;
};

/* The one that is meant by index or else by address; NULL with *error. */
static struct ip_iface *find_iface(struct socket *socket, const struct socket_group *wanted,
                                   int *error)
{
    struct ip_iface *iface = socket->sockets->ip->ifaces;
    ip4 addr = get_be32(wanted->local);

    *error = -ENODEV;
    if (wanted->ifindex == 0 && addr == 0)
        return ip_group_iface(socket->sockets->ip, get_be32(wanted->group));
    while (iface &&
           !(wanted->ifindex ? iface->ifindex == wanted->ifindex : ip_iface_owns(iface, addr)))
        iface = iface->next;
    return iface;
}

static struct membership *find(const struct dgram *d, const struct ip_iface *iface, ip4 group,
                               guint *index)
{
    for (*index = 0; d->groups && *index < d->groups->len; ++*index) {
        struct membership *m = &g_array_index(d->groups, struct membership, *index);
        if (m->group == group && (m->iface == iface || !iface))
            return m;
    }
    return NULL;
}

static int join(struct dgram *d, struct ip_iface *iface, ip4 group)
{
    struct membership new = { iface, group };
    guint index;

    if (find(d, iface, group, &index))
        return -EADDRINUSE;
    if (d->groups && d->groups->len >= d->base.sockets->ip->sysctl->igmp_max_memberships)
        return -ENOBUFS;
    if (!d->groups)
        d->groups = g_array_new(FALSE, FALSE, sizeof new);
    g_array_append_val(d->groups, new);
    ip_iface_join(iface, group);
    return 0;
}

int multicast_join(struct socket *socket, const struct socket_group *wanted)
{
    ip4 group = get_be32(wanted->group);
    int error;

    if (!ip4_is_multicast(group))
        return -EINVAL;
    struct ip_iface *iface = find_iface(socket, wanted, &error);
    return iface ? join(dgram_of(socket), iface, group) : error;
}

/* Who names no interface leaves the group at the first one. */
int multicast_leave(struct socket *socket, const struct socket_group *wanted)
{
    bool any = wanted->ifindex == 0 && get_be32(wanted->local) == 0;
    struct dgram *d = dgram_of(socket);
    struct ip_iface *iface = NULL;
    int error = 0;
    guint index;

    if (!any && !(iface = find_iface(socket, wanted, &error)))
        return error;
    struct membership *m = find(d, iface, get_be32(wanted->group), &index);
    if (!m)
        return -EADDRNOTAVAIL;
    ip_iface_leave(m->iface, m->group);
    g_array_remove_index(d->groups, index);
    return 0;
}

void multicast_close(struct dgram *d, bool leave)
{
    for (guint i = 0; leave && d->groups && i < d->groups->len; i++) {
        struct membership *m = &g_array_index(d->groups, struct membership, i);
        ip_iface_leave(m->iface, m->group);
    }
    if (d->groups)
        g_array_free(d->groups, TRUE);
    d->groups = NULL;
}

int multicast_set_iface(struct socket *socket, const struct socket_group *wanted)
{
    struct dgram *d = dgram_of(socket);
    int error;

    if (wanted->ifindex == 0 && get_be32(wanted->local) == 0) {
        d->udp.group_iface = NULL;
        return 0;
    }
    struct ip_iface *iface = find_iface(socket, wanted, &error);
    if (!iface)
        return -EADDRNOTAVAIL;
    d->udp.group_iface = iface;
    return 0;
}

/* As Linux, an address only. */
int multicast_get_iface(struct socket *socket, be32 *addr)
{
    const struct ip_iface *iface = dgram_of(socket)->udp.group_iface;
    ip4 v4 = 0;

    if (iface)
        ip_iface_address(iface, &v4);
    *addr = put_be32(v4);
    return 0;
}

int multicast_set_ttl(struct socket *socket, int value)
{
    if (value < -1 || value > 255)
        return -EINVAL;
    dgram_of(socket)->udp.group_ttl = value == -1 ? 1 : (uint8_t)value;
    return 0;
}

int multicast_get_ttl(struct socket *socket)
{
    return dgram_of(socket)->udp.group_ttl;
}

int multicast_set_loop(struct socket *socket, int value)
{
    dgram_of(socket)->udp.no_loop = value == 0;
    return 0;
}

int multicast_get_loop(struct socket *socket)
{
    return !dgram_of(socket)->udp.no_loop;
}
