/* What all kinds of sockets have in common: life, waiting, the address they are bound to.  Each
 * kind is a table: stream.c, dgram.c. */
#include <glib.h>

#include "models/socket/internal.h"
#include "protocols/ip/state.h"
#include "protocols/tcp/sysctl.h"

/* ---- A host's sockets ----------------------------------------------------------------------- */

void sockets_init(struct sockets *sockets, struct ip_stack *ip, struct tcp_stack *tcp,
                  struct udp_stack *udp)
{
    *sockets = (struct sockets){
        .sim = ip->sim, .ip = ip, .tcp = tcp, .udp = udp, .sysctl = &socket_sysctl_defaults
    };
    list_init(&sockets->all);
}

static void socket_free(struct socket *socket)
{
    while (!list_empty(&socket->waiters))
        socket_unwait(container_of(socket->waiters.next, struct socket_waiter, link));
    list_remove(&socket->link);
    g_free(socket);
}

void sockets_fini(struct sockets *sockets)
{
    while (!list_empty(&sockets->all)) {
        struct socket *socket = container_of(sockets->all.next, struct socket, link);
        socket->proto->forget(socket);
        socket_free(socket);
    }
    if (sockets->sysctl != &socket_sysctl_defaults)
        g_free((void *)(uintptr_t)sockets->sysctl);
    sockets->sysctl = &socket_sysctl_defaults;
}

struct socket *sockets_first(const struct sockets *sockets)
{
    return list_empty(&sockets->all) ? NULL : container_of(sockets->all.next, struct socket, link);
}

void socket_attach(struct socket *socket, struct sockets *sockets, enum socket_kind kind,
                   const struct socket_proto *proto)
{
    socket->sockets = sockets;
    socket->kind = (uint8_t)kind;
    socket->proto = proto;
    socket->mtu_discover = sockets->tcp->sysctl->no_pmtu_disc ? 0 : 1;
    socket->rcvtimeo = socket->sndtimeo = SIM_NEVER;
    list_init(&socket->waiters);
    list_push_back(&sockets->all, &socket->link);
}

struct socket *socket_new(struct sockets *sockets, enum socket_kind kind)
{
    struct socket *socket = kind == SOCKET_STREAM ? stream_new() : dgram_new(sockets);

    socket_attach(socket, sockets, kind, kind == SOCKET_STREAM ? &stream_proto : &dgram_proto);
    return socket;
}

void socket_close(struct socket *socket)
{
    socket_notify(socket, SOCKET_HUP);
    socket->proto->close(socket);
    socket_free(socket);
}

/* ---- Waiting -------------------------------------------------------------------------------- */

void socket_wait(struct socket *socket, struct socket_waiter *waiter)
{
    list_push_back(&socket->waiters, &waiter->link);
}

void socket_unwait(struct socket_waiter *waiter)
{
    list_remove(&waiter->link);
    list_init(&waiter->link);
}

void socket_notify(struct socket *socket, unsigned events)
{
    for (struct list *it = socket->waiters.next, *next; it != &socket->waiters; it = next) {
        struct socket_waiter *waiter = container_of(it, struct socket_waiter, link);
        next = it->next;
        if (events & (waiter->events | SOCKET_ERR | SOCKET_HUP))
            waiter->wake(waiter, socket, events);
    }
}

unsigned socket_poll(struct socket *socket)
{
    return socket->proto->poll(socket);
}

int socket_take_error(struct socket *socket)
{
    int error = socket->error;

    socket->error = 0;
    return -error;
}

/* ---- Calls that each kind answers ----------------------------------------------------------- */

bool socket_may_bind(const struct sockets *sockets, const struct ip_addr *addr)
{
    ip4 v4 = ip_addr_v4(addr);

    return v4 == 0 || sockets->sysctl->nonlocal_bind || ip4_is_multicast(v4) ||
           ip_is_local(sockets->ip, v4) || ip_dst_get(sockets->ip, v4)->kind == IP_KIND_BROADCAST;
}

int socket_bind(struct socket *socket, const struct socket_addr *local)
{
    return socket->proto->bind(socket, local);
}

int socket_listen(struct socket *socket, int backlog)
{
    return socket->proto->listen ? socket->proto->listen(socket, backlog) : -EOPNOTSUPP;
}

int socket_accept(struct socket *socket, struct socket **out)
{
    return socket->proto->accept ? socket->proto->accept(socket, out) : -EOPNOTSUPP;
}

int socket_connect(struct socket *socket, const struct socket_addr *remote)
{
    return socket->proto->connect(socket, remote);
}

int socket_disconnect(struct socket *socket)
{
    return socket->proto->disconnect(socket);
}

void socket_name(const struct socket *socket, struct socket_addr *local)
{
    socket->proto->name(socket, local);
}

int socket_peer(const struct socket *socket, struct socket_addr *remote)
{
    return socket->proto->peer(socket, remote);
}

int64_t socket_send_blob(struct socket *socket, struct blob *blob, uint64_t offset, uint32_t length,
                         unsigned flags, const struct socket_addr *to)
{
    if (flags & SOCKET_MSG_OOB && socket->kind != SOCKET_STREAM)
        return -EOPNOTSUPP;
    return socket->proto->send(socket, blob, offset, length, flags, to);
}

int64_t socket_send(struct socket *socket, const void *bytes, uint32_t length, unsigned flags,
                    const struct socket_addr *to)
{
    struct blob *blob = blob_copy(bytes, length);
    int64_t taken = socket_send_blob(socket, blob, 0, length, flags, to);

    blob_unref(blob);
    return taken;
}

int64_t socket_recv(struct socket *socket, void *out, uint32_t max, unsigned flags,
                    struct socket_addr *from)
{
    return socket->proto->recv(socket, out, max, flags, from);
}

int64_t socket_inq(const struct socket *socket)
{
    return socket->proto->inq(socket);
}

int64_t socket_outq(const struct socket *socket)
{
    return socket->proto->outq(socket);
}

int64_t socket_outq_unsent(const struct socket *socket)
{
    return socket->proto->outq_unsent(socket);
}

int socket_shutdown(struct socket *socket, enum socket_how how)
{
    return socket->proto->shutdown(socket, how);
}

enum socket_kind socket_kind(const struct socket *socket)
{
    return socket->kind;
}

sim_time socket_timeout(const struct socket *socket, bool sending)
{
    return sending ? socket->sndtimeo : socket->rcvtimeo;
}

enum tcp_state socket_state(const struct socket *socket)
{
    return socket->proto->state(socket);
}
