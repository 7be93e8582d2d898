/* Opening and closing, options, and the rest of the calls. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "models/socket/tcp_info.h"
#include "tools/packetdrill/drill.h"
#include "tools/packetdrill/interface.h"

/* Names whose headers clash with ours, or that libc does not have. */
enum { OUTQ_UNSENT = 0x894b /* SIOCOUTQNSD */ };
enum { MEMINFO = 55 /* SO_MEMINFO */, MEMINFO_VALUES = 9 };
enum { INQ = 36 /* TCP_INQ */, TIMESTAMPING = 37, ZEROCOPY = 60 };

/* ---- Between packetdrill and us -------------------------------------------------------------- */

struct drill *drill_look(void *userdata)
{
    struct drill *drill = userdata;

    pthread_mutex_lock(&drill->lock);
    drill->calls += pthread_equal(pthread_self(), drill->main) != 0;
    return drill;
}

struct drill *drill_enter(void *userdata)
{
    struct drill *drill = drill_look(userdata);

    drill_read_sysctls(drill);
    drill_read_device(drill);
    return drill;
}

int64_t drill_leave(struct drill *drill, int64_t result)
{
    if (pthread_equal(pthread_self(), drill->main))
        drill_let_go(drill); /* this may have been the last call */
    pthread_mutex_unlock(&drill->lock);
    if (result >= 0)
        return result;
    errno = (int)-result;
    return -1;
}

int drill_block(struct drill *drill, int fd, unsigned events)
{
    struct drill_file *file = drill_file(drill, fd);
    sim_time limit = socket_timeout(file->socket, (events & SOCKET_OUT) != 0);

    if (file->nonblocking)
        return -EAGAIN;
    return drill_wait(drill, &file->socket, &events, 1, simtime_add(drill->net->sim->now, limit))
               ? 0
               : -EAGAIN;
}

/* ---- Opening --------------------------------------------------------------------------------- */

static int call_socket(void *userdata, int domain, int type, int protocol)
{
    struct drill *drill = drill_enter(userdata);
    int kind = type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC), fd;

    if (domain != AF_INET && domain != AF_INET6)
        return (int)drill_leave(drill, -EAFNOSUPPORT);
    if (kind != SOCK_STREAM && kind != SOCK_DGRAM)
        return (int)drill_leave(drill, -EPROTONOSUPPORT);
    struct socket *socket = socket_new(node_sockets(drill->node), (enum socket_kind)kind);
    fd = drill_add_file(drill, socket, NULL);
    if (fd < 0) {
        socket_close(socket);
        return (int)drill_leave(drill, -errno);
    }
    drill->files[fd].nonblocking = (type & SOCK_NONBLOCK) != 0;
    drill->files[fd].v6 = domain == AF_INET6;
    return (int)drill_leave(drill, fd);
}

static int call_bind(void *userdata, int fd, const struct sockaddr *addr, socklen_t length)
{
    struct drill *drill = drill_enter(userdata);
    struct socket *socket = drill_socket(drill, fd);
    struct socket_addr local;

    if (!socket)
        return (int)drill_leave(drill, -errno);
    if (!drill_read_addr(drill, addr, length, true, &local))
        return (int)drill_leave(drill, -EINVAL);
    if (ip_addr_is_v4(&local.addr))
        drill_adopt(drill, ip_addr_v4(&local.addr));
    return (int)drill_leave(drill, socket_bind(socket, &local));
}

static int call_listen(void *userdata, int fd, int backlog)
{
    struct drill *drill = drill_enter(userdata);
    struct socket *socket = drill_socket(drill, fd);

    if (!socket)
        return (int)drill_leave(drill, -errno);
    return (int)drill_leave(drill, socket_listen(socket, backlog));
}

static int accept_one(struct drill *drill, int fd, struct sockaddr *addr, socklen_t *length)
{
    struct socket *socket = drill_socket(drill, fd), *new = NULL;
    struct socket_addr remote = { 0 };

    if (!socket)
        return -errno;
    int error = socket_accept(socket, &new);
    while (error == -EAGAIN && (error = drill_block(drill, fd, SOCKET_IN)) == 0)
        error = socket_accept(socket, &new);
    if (error != 0)
        return error;
    tcp_conn_addresses(socket_conn(new), NULL, NULL, &remote.addr, &remote.port);
    drill_write_addr(drill, &remote, drill->files[fd].v6, addr, length);
    int result = drill_add_file(drill, new, NULL);
    if (result < 0)
        return -errno;
    drill->files[result].v6 = drill->files[fd].v6;
    drill->files[result].inq = drill->files[fd].inq;
    drill->files[result].zerocopy = drill->files[fd].zerocopy;
    drill->files[result].timestamp = drill->files[fd].timestamp;
    memcpy(drill->files[result].inert, drill->files[fd].inert, sizeof drill->files[fd].inert);
    drill_set_timestamping(&drill->files[result], drill->files[fd].timestamping);
    drill_watch_arrivals(&drill->files[result]);
    return result;
}

static int call_accept(void *userdata, int fd, struct sockaddr *addr, socklen_t *length)
{
    struct drill *drill = drill_enter(userdata);
    return (int)drill_leave(drill, accept_one(drill, fd, addr, length));
}

static int connect_socket(struct drill *drill, int fd, const struct socket_addr *remote)
{
    struct socket *socket = drill_socket(drill, fd);
    int error = socket_connect(socket, remote);

    if (error != -EINPROGRESS || drill_file(drill, fd)->nonblocking)
        return error;
    do {
        if (drill_block(drill, fd, SOCKET_OUT) != 0)
            return -EINPROGRESS; /* SO_SNDTIMEO */
        error = socket_connect(socket, remote);
    } while (error == -EALREADY);
    return error == -EISCONN ? 0 : error;
}

static int call_connect(void *userdata, int fd, const struct sockaddr *addr, socklen_t length)
{
    struct drill *drill = drill_enter(userdata);
    struct socket_addr remote;

    if (!drill_socket(drill, fd))
        return (int)drill_leave(drill, -errno);
    if (length >= sizeof addr->sa_family && addr->sa_family == AF_UNSPEC)
        return (int)drill_leave(drill, socket_disconnect(drill_socket(drill, fd)));
    if (!drill_read_addr(drill, addr, length, false, &remote))
        return (int)drill_leave(drill, -EAFNOSUPPORT);
    return (int)drill_leave(drill, connect_socket(drill, fd, &remote));
}

/* ---- Closing --------------------------------------------------------------------------------- */

static int call_close(void *userdata, int fd)
{
    struct drill *drill = drill_enter(userdata);
    struct drill_file *file = drill_file(drill, fd);

    if (file && file->socket) {
        sim_time span = socket_linger(file->socket);
        unsigned events = SOCKET_HUP;
        if (span > 0)
            drill_wait(drill, &file->socket, &events, 1, simtime_add(drill->net->sim->now, span));
    }
    if (file)
        drill_forget_file(drill, fd);
    return (int)drill_leave(drill, close(fd) == 0 ? 0 : -errno);
}

static int call_shutdown(void *userdata, int fd, int how)
{
    struct drill *drill = drill_enter(userdata);
    struct socket *socket = drill_socket(drill, fd);

    if (!socket)
        return (int)drill_leave(drill, -errno);
    if (how < SHUT_RD || how > SHUT_RDWR)
        return (int)drill_leave(drill, -EINVAL);
    return (int)drill_leave(drill, socket_shutdown(socket, (enum socket_how)how));
}

/* ---- Options --------------------------------------------------------------------------------- */

static uint32_t int_option(struct socket *socket, const char *name)
{
    int value = 0;
    uint32_t length = sizeof value;

    socket_get_option(socket, socket_option_named(name), &value, &length);
    return (uint32_t)value;
}

/* SO_MEMINFO: what is known of it; the rest is 0. */
static int get_meminfo(struct socket *socket, void *value, socklen_t *length)
{
    uint32_t info[MEMINFO_VALUES] = { 0 };
    struct tcp_info tcp = { 0 };

    if (socket_conn(socket))
        tcp_info_get(socket_conn(socket), &tcp);
    info[0] = tcp.rmem_alloc;
    info[1] = int_option(socket, "SO_RCVBUF");
    info[3] = int_option(socket, "SO_SNDBUF");
    info[5] = tcp.wmem_queued;
    *length = (socklen_t)MIN(*length, sizeof info);
    memcpy(value, info, *length);
    return 0;
}

/* What TCP_INFO tells of the path is of the wire. */
static void correct_info(const struct drill *drill, const struct socket *socket, uint8_t *value,
                         uint32_t length)
{
    enum { PMTU = offsetof(struct socket_tcp_info, pmtu) };
    struct socket_addr peer;
    uint32_t pmtu;

    if (length < PMTU + sizeof pmtu || socket_peer(socket, &peer) != 0)
        return;
    memcpy(&pmtu, value + PMTU, sizeof pmtu);
    pmtu += drill_header_growth(drill, &peer.addr);
    memcpy(value + PMTU, &pmtu, sizeof pmtu);
}

/* A struct tcp_info of a later kernel than ours is filled up with zeros. */
static int get_info(const struct drill *drill, struct socket *socket,
                    const struct socket_option *option, void *value, socklen_t *length)
{
    uint32_t size = *length;

    memset(value, 0, *length);
    int error = socket_get_option(socket, option, value, &size);
    correct_info(drill, socket, value, *length);
    return error;
}

/* Options of Linux that change nothing here, and are kept: what is set can be read. */
static const struct inert {
    int level, name;
    bool truth; /* any number but 0 is 1 */
} inert[DRILL_INERT] = {
    { SOL_SOCKET, 1, true },    /* SO_DEBUG */
    { SOL_SOCKET, 5, true },    /* SO_DONTROUTE */
    { SOL_SOCKET, 12, false },  /* SO_PRIORITY */
    { SOL_SOCKET, 15, true },   /* SO_REUSEPORT, of datagrams */
    { SOL_SOCKET, 36, false },  /* SO_MARK */
    { IPPROTO_IP, 12, true },   /* IP_RECVTTL */
    { IPPROTO_IP, 13, true },   /* IP_RECVTOS */
    { IPPROTO_IP, 15, true },   /* IP_FREEBIND */
    { IPPROTO_IPV6, 26, true }, /* IPV6_V6ONLY */
    { IPPROTO_IPV6, 51, true }, /* IPV6_RECVHOPLIMIT */
    { IPPROTO_IPV6, 66, true }, /* IPV6_RECVTCLASS */
};

static int find_inert(int level, int name)
{
    for (int i = 0; i < DRILL_INERT; i++)
        if (inert[i].level == level && inert[i].name == name)
            return i;
    return -1;
}

/* Options that are the plug-in's own. */
static int set_own_option(struct drill_file *file, int level, int name, int value)
{
    int i = find_inert(level, name);

    if (i >= 0) {
        file->inert[i] = inert[i].truth ? value != 0 : value;
    } else if (level == IPPROTO_TCP && name == INQ) {
        if (value < 0 || value > 1)
            return -EINVAL;
        file->inq = value != 0;
    } else if (level == SOL_SOCKET && name == ZEROCOPY) {
        if (value < 0 || value > 1)
            return -EINVAL;
        file->zerocopy = value != 0;
    } else if (level == SOL_SOCKET && name == TIMESTAMPING) {
        drill_set_timestamping(file, (uint32_t)value);
        drill_watch_arrivals(file);
    } else if (level == SOL_SOCKET && (name == SO_TIMESTAMP || name == SO_TIMESTAMPNS)) {
        file->timestamp = value ? (uint8_t)name : 0;
        drill_watch_arrivals(file);
    } else if (level != IPPROTO_IPV6 || !file->v6) {
        return -ENOPROTOOPT;
    }
    return 0;
}

static bool get_own_option(const struct drill_file *file, int level, int name, int *value)
{
    int i = find_inert(level, name);

    if (i >= 0)
        *value = file->inert[i];
    else if (level == IPPROTO_TCP && name == INQ)
        *value = file->inq;
    else if (level == SOL_SOCKET && name == ZEROCOPY)
        *value = file->zerocopy;
    else if (level == SOL_SOCKET && name == TIMESTAMPING)
        *value = (int)file->timestamping;
    else if (level == SOL_SOCKET && (name == SO_TIMESTAMP || name == SO_TIMESTAMPNS))
        *value = file->timestamp == name;
    else
        return false;
    return true;
}

/* The option of sockets of this kind, or NULL. */
static const struct socket_option *option_of(const struct socket *socket, int level, int name)
{
    const struct socket_option *option = socket_option_numbered(level, name);
    return option && option->kinds & socket_kind(socket) ? option : NULL;
}

int drill_get_option(struct drill *drill, int fd, int level, int name, void *value,
                     socklen_t *length)
{
    struct socket *socket = drill_socket(drill, fd);
    uint32_t size = *length;

    if (!socket)
        return -errno;
    drill_option_v4(&drill->files[fd], &level, &name);
    const struct socket_option *option = option_of(socket, level, name);
    if (level == SOL_SOCKET && name == MEMINFO)
        return get_meminfo(socket, value, length);
    int number;
    if (!option && get_own_option(&drill->files[fd], level, name, &number)) {
        *length = (socklen_t)MIN(*length, sizeof number);
        memcpy(value, &number, *length);
        return 0;
    }
    if (!option)
        return -ENOPROTOOPT;
    if (option->value == SOCKET_VALUE_TCP_INFO)
        return get_info(drill, socket, option, value, length);
    int error = socket_get_option(socket, option, value, &size);
    *length = size;
    return error;
}

static int call_getsockopt(void *userdata, int fd, int level, int name, void *value,
                           socklen_t *length)
{
    struct drill *drill = drill_enter(userdata);
    return (int)drill_leave(drill, drill_get_option(drill, fd, level, name, value, length));
}

static int call_setsockopt(void *userdata, int fd, int level, int name, const void *value,
                           socklen_t length)
{
    struct drill *drill = drill_enter(userdata);
    struct socket *socket = drill_socket(drill, fd);

    if (!socket)
        return (int)drill_leave(drill, -errno);
    if (!value)
        return (int)drill_leave(drill, -EFAULT);
    drill_option_v4(&drill->files[fd], &level, &name);
    const struct socket_option *option = option_of(socket, level, name);
    if (option)
        return (int)drill_leave(drill, socket_set_option(socket, option, value, length));
    int number;
    if (length < sizeof number)
        return (int)drill_leave(drill, -EINVAL);
    memcpy(&number, value, sizeof number);
    return (int)drill_leave(drill, set_own_option(&drill->files[fd], level, name, number));
}

/* ---- fcntl, ioctl ---------------------------------------------------------------------------- */

static int call_fcntl(void *userdata, int fd, int command, ...)
{
    struct drill *drill = drill_enter(userdata);
    struct drill_file *file = drill_file(drill, fd);
    va_list args;

    va_start(args, command);
    int flags = command == F_SETFL ? va_arg(args, int) : 0;
    va_end(args);
    if (!file)
        return (int)drill_leave(drill, -errno);
    if (command == F_GETFL)
        return (int)drill_leave(drill, O_RDWR | (file->nonblocking ? O_NONBLOCK : 0));
    if (command == F_SETFL)
        file->nonblocking = (flags & O_NONBLOCK) != 0;
    return (int)drill_leave(drill, 0);
}

static int64_t queue_length(const struct socket *socket, unsigned long request)
{
    switch (request) {
    case FIONREAD:
        return socket_inq(socket);
    case TIOCOUTQ:
        return socket_outq(socket);
    case OUTQ_UNSENT:
        return socket_outq_unsent(socket);
    default:
        return -ENOTTY;
    }
}

static int call_ioctl(void *userdata, int fd, unsigned long request, ...)
{
    struct drill *drill = drill_enter(userdata);
    struct drill_file *file = drill_file(drill, fd);
    va_list args;

    va_start(args, request);
    int *value = va_arg(args, int *);
    va_end(args);
    if (!file || !file->socket)
        return (int)drill_leave(drill, -EBADF);
    if (request == FIONBIO) {
        file->nonblocking = *value != 0;
        return (int)drill_leave(drill, 0);
    }
    int64_t length = queue_length(file->socket, request);
    if (length >= 0)
        *value = (int)length;
    return (int)drill_leave(drill, MIN(length, 0));
}

void drill_fill_calls(struct packetdrill_interface *table)
{
    table->socket = call_socket;
    table->bind = call_bind;
    table->listen = call_listen;
    table->accept = call_accept;
    table->connect = call_connect;
    table->close = call_close;
    table->shutdown = call_shutdown;
    table->getsockopt = call_getsockopt;
    table->setsockopt = call_setsockopt;
    table->fcntl = call_fcntl;
    table->ioctl = call_ioctl;
}
