/* Reading and writing. */
#include <errno.h>
#include <unistd.h>

#include "models/socket/internal.h"
#include "tools/packetdrill/drill.h"
#include "tools/packetdrill/interface.h"

static bool is_ours(struct drill *drill, int fd)
{
    return fd >= 0 && fd < DRILL_FDS && drill->files[fd].socket != NULL;
}

/* ---- One buffer ------------------------------------------------------------------------------ */

/* The first data went, or did not go, with a SYN: a send that may block waits for the answer. */
static int wait_for_handshake(struct drill *drill, int fd, int flags, bool more)
{
    struct socket *socket = drill->files[fd].socket;
    int error = flags & MSG_DONTWAIT || drill->files[fd].nonblocking ? -EINPROGRESS : 0;

    /* Linux saves the ACK of the handshake if it will ride on the rest of the data. */
    if (error == 0 && more)
        tcp_conn_quickack(socket_conn(socket), false);
    while (error == 0 && socket_state(socket) == TCP_SYN_SENT)
        error = drill_block(drill, fd, SOCKET_OUT);
    if (error == 0 && socket_state(socket) == TCP_CLOSED)
        error = socket_take_error(socket);
    return error == -EAGAIN ? -EINPROGRESS : error; /* SO_SNDTIMEO */
}

/* A stream's send that blocks takes everything. */
static int64_t send_all(struct drill *drill, int fd, const uint8_t *bytes, size_t length, int flags,
                        const struct socket_addr *to)
{
    struct socket *socket = drill_socket(drill, fd);
    int64_t done = 0, n;

    if (!socket)
        return -errno;
    if (!bytes && length > 0) {
        n = flags & MSG_FASTOPEN ? 0 : socket_send(socket, "", 0, (unsigned)flags, to);
        return n < 0 ? n : -EFAULT;
    }
    for (;;) {
        n = socket_send(socket, bytes + done, (uint32_t)(length - (size_t)done), (unsigned)flags,
                        to);
        drill_note_send(&drill->files[fd], n, flags);
        if (n > 0)
            done += n;
        if (socket_state(socket) == TCP_SYN_SENT && (n >= 0 || n == -EINPROGRESS)) {
            int error = wait_for_handshake(drill, fd, flags, (size_t)done < length);
            if (error != 0)
                return error == -EINPROGRESS && done > 0 ? done : error;
            flags &= ~MSG_FASTOPEN;
            n = 0;
            if ((size_t)done < length)
                continue; /* with the rest */
        }
        if (n >= 0 && (size_t)done == length)
            return done;
        if (n < 0 && n != -EAGAIN)
            break;
        if (flags & MSG_DONTWAIT || (n = drill_block(drill, fd, SOCKET_OUT)) != 0)
            break;
    }
    return done > 0 ? done : n;
}

static int64_t recv_some(struct drill *drill, int fd, uint8_t *bytes, size_t length, int flags,
                         struct socket_addr *from)
{
    struct socket *socket = drill_socket(drill, fd);
    int64_t done = 0, n;

    if (!socket)
        return -errno;
    if (!bytes && !(flags & MSG_TRUNC) && length > 0 && socket_inq(socket) > 0)
        return -EFAULT;
    for (;;) {
        n = socket_recv(socket, bytes + done, (uint32_t)(length - (size_t)done),
                        (unsigned)(flags & ~MSG_WAITALL), from);
        if (n > 0)
            done += n;
        bool enough = !(flags & MSG_WAITALL) || (size_t)done == length;
        if (n == 0 || (n > 0 && enough))
            return done;
        if (n < 0 && n != -EAGAIN)
            break;
        if (flags & (MSG_DONTWAIT | MSG_OOB) || (n = drill_block(drill, fd, SOCKET_IN)) != 0)
            break;
    }
    return done > 0 ? done : n;
}

static ssize_t call_recvfrom(void *userdata, int fd, void *buf, size_t count, int flags,
                             struct sockaddr *from, socklen_t *length)
{
    struct drill *drill = drill_enter(userdata);
    struct socket_addr sender = { 0 };
    int64_t n = recv_some(drill, fd, buf, count, flags, &sender);

    if (n >= 0)
        drill_write_addr(drill, &sender, drill->files[fd].v6, from, length);
    return drill_leave(drill, n);
}

static ssize_t call_recv(void *userdata, int fd, void *buf, size_t count, int flags)
{
    return call_recvfrom(userdata, fd, buf, count, flags, NULL, NULL);
}

static ssize_t call_read(void *userdata, int fd, void *buf, size_t count)
{
    return call_recvfrom(userdata, fd, buf, count, 0, NULL, NULL);
}

static ssize_t call_sendto(void *userdata, int fd, const void *buf, size_t count, int flags,
                           const struct sockaddr *to, socklen_t length)
{
    struct drill *drill = drill_enter(userdata);
    struct socket_addr remote;

    if (to && !drill_read_addr(drill, to, length, false, &remote))
        return drill_leave(drill, flags & MSG_FASTOPEN && length >= sizeof to->sa_family &&
                                          to->sa_family == AF_UNSPEC
                                      ? -EOPNOTSUPP
                                      : -EAFNOSUPPORT);
    return drill_leave(drill, send_all(drill, fd, buf, count, flags, to ? &remote : NULL));
}

static ssize_t call_send(void *userdata, int fd, const void *buf, size_t count, int flags)
{
    return call_sendto(userdata, fd, buf, count, flags, NULL, 0);
}

static ssize_t call_write(void *userdata, int fd, const void *buf, size_t count)
{
    return call_sendto(userdata, fd, buf, count, 0, NULL, 0);
}

/* ---- Several --------------------------------------------------------------------------------- */

static size_t total(const struct iovec *iov, size_t n)
{
    size_t sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += iov[i].iov_len;
    return sum;
}

static uint8_t *gather(const struct iovec *iov, size_t n)
{
    uint8_t *bytes = g_malloc(total(iov, n) + 1);
    size_t at = 0;

    for (size_t i = 0; i < n; at += iov[i++].iov_len)
        memcpy(bytes + at, iov[i].iov_base, iov[i].iov_len);
    return bytes;
}

static void scatter(const uint8_t *bytes, size_t length, const struct iovec *iov, size_t n)
{
    for (size_t i = 0; i < n && length > 0; i++) {
        size_t part = MIN(length, iov[i].iov_len);
        memcpy(iov[i].iov_base, bytes, part);
        bytes += part;
        length -= part;
    }
}

static ssize_t send_vectors(void *userdata, int fd, const struct msghdr *message, size_t first,
                            size_t n, int flags)
{
    const struct iovec *iov = message->msg_iov + first;
    uint8_t *bytes = gather(iov, n);
    ssize_t sent = call_sendto(userdata, fd, bytes, total(iov, n), flags, message->msg_name,
                               message->msg_namelen);
    int error = errno;

    g_free(bytes);
    errno = error;
    return sent;
}

/* How many vectors from the first on Linux can hang to one sk_buff without a copy: each of its 17
 * fragments (MAX_SKB_FRAGS) is of one vector, and of one page. */
static size_t without_copy(const struct iovec *iov, size_t n)
{
    enum { FRAGMENTS = 17, PAGE = 4096 };
    size_t fragments = 0, i = 0;

    for (; i < n; i++) {
        fragments += (iov[i].iov_len + PAGE - 1) / PAGE;
        if (fragments > FRAGMENTS)
            break;
    }
    return MIN(MAX(i, 1), n);
}

static bool is_zerocopy(const struct drill *drill, int fd, int flags)
{
    return flags & MSG_ZEROCOPY && fd >= 0 && fd < DRILL_FDS && drill->files[fd].zerocopy;
}

/* What fills an sk_buff ends a segment; the notice is given once, for the whole. */
static ssize_t call_sendmsg(void *userdata, int fd, const struct msghdr *message, int flags)
{
    size_t n = message->msg_iovlen, first = 0, count = n;
    ssize_t done = 0, sent;

    do {
        int this = flags;
        if (is_zerocopy(userdata, fd, flags))
            count = without_copy(message->msg_iov + first, n - first);
        if (first + count < n)
            this = (flags & ~MSG_ZEROCOPY) | MSG_EOR;
        sent = send_vectors(userdata, fd, message, first, count, this);
        if (sent < 0)
            break;
        done += sent;
        if ((size_t)sent < total(message->msg_iov + first, count))
            break;
        first += count;
    } while (first < n);
    return done > 0 ? done : sent;
}

static ssize_t call_writev(void *userdata, int fd, const struct iovec *iov, int n)
{
    struct msghdr message = { .msg_iov = (struct iovec *)iov, .msg_iovlen = (size_t)n };
    return call_sendmsg(userdata, fd, &message, 0);
}

static ssize_t receive_message(void *userdata, int fd, struct msghdr *message, int flags)
{
    size_t length = total(message->msg_iov, message->msg_iovlen);
    uint8_t *bytes = g_malloc(length + 1);
    ssize_t n =
        call_recvfrom(userdata, fd, bytes, length, flags, message->msg_name, &message->msg_namelen);
    int error = errno;

    if (n > 0)
        scatter(bytes, (size_t)n, message->msg_iov, message->msg_iovlen);
    g_free(bytes);
    errno = error;
    return n;
}

static ssize_t receive_any(void *userdata, int fd, struct msghdr *message, int flags)
{
    ssize_t n = 0;

    if (is_ours(userdata, fd))
        drill_watch_arrivals(&((struct drill *)userdata)->files[fd]);
    if (!(flags & MSG_ERRQUEUE))
        n = receive_message(userdata, fd, message, flags);
    if (n < 0)
        return n;
    struct drill *drill = drill_enter(userdata);
    if (!drill_socket(drill, fd))
        return drill_leave(drill, -errno);
    if (flags & MSG_ERRQUEUE)
        return drill_leave(drill, drill_read_notice(&drill->files[fd], message));
    drill_put_controls(&drill->files[fd], message);
    return drill_leave(drill, n);
}

/* A call that fails leaves the flags as they were, as Linux's does. */
static ssize_t call_recvmsg(void *userdata, int fd, struct msghdr *message, int flags)
{
    int before = message->msg_flags;

    message->msg_flags = 0;
    ssize_t n = receive_any(userdata, fd, message, flags);
    if (n < 0)
        message->msg_flags = before;
    return n;
}

static ssize_t call_readv(void *userdata, int fd, const struct iovec *iov, int n)
{
    struct msghdr message = { .msg_iov = (struct iovec *)iov, .msg_iovlen = (size_t)n };
    return call_recvmsg(userdata, fd, &message, 0);
}

/* ---- Pipes ----------------------------------------------------------------------------------- */

static int call_pipe(void *userdata, int fds[2])
{
    return pipe(fds);
}

/* Urgent data stops splice(2) for good: read(2) alone gets past it. */
static bool at_urgent_data(struct drill *drill, int fd)
{
    struct tcp_conn *conn = socket_conn(drill->files[fd].socket);

    return conn && tcp_recv_ready(conn) > 0 && tcp_inq(conn) == 0;
}

/* Through a buffer: a pipe holds 64 KiB. */
static int call_splice(void *userdata, int in, loff_t *in_offset, int out, loff_t *out_offset,
                       size_t length, unsigned flags)
{
    uint8_t bytes[65536];
    ssize_t n;

    if (length > sizeof bytes)
        length = sizeof bytes;
    if (is_ours(userdata, in))
        n = at_urgent_data(userdata, in) ? 0 : call_read(userdata, in, bytes, length);
    else
        n = read(in, bytes, length);
    if (n <= 0)
        return (int)n;
    if (is_ours(userdata, out))
        return (int)call_write(userdata, out, bytes, (size_t)n);
    return (int)write(out, bytes, (size_t)n);
}

/* One chunk of the file; what was not sent of it is read again. */
static ssize_t send_chunk(struct drill *drill, int fd, int in, off_t *offset, size_t count)
{
    uint8_t bytes[65536];
    size_t wanted = MIN(count, sizeof bytes);
    ssize_t n = offset ? pread(in, bytes, wanted, *offset) : read(in, bytes, wanted);
    int flags = n == sizeof bytes && (size_t)n < count ? MSG_MORE : 0;

    if (n <= 0)
        return n;
    ssize_t sent = call_send(drill, fd, bytes, (size_t)n, flags);
    if (offset)
        *offset += MAX(sent, 0);
    else if (sent < n)
        lseek(in, MAX(sent, 0) - n, SEEK_CUR);
    return sent;
}

ssize_t drill_sendfile(struct drill *drill, int fd, int in, off_t *offset, size_t count)
{
    ssize_t done = 0, n = 1;

    while ((size_t)done < count && n > 0) {
        n = send_chunk(drill, fd, in, offset, count - (size_t)done);
        done += MAX(n, 0);
    }
    if (n == 0 && done > 0) { /* more had been promised */
        struct tcp_conn *conn = socket_conn(drill_enter(drill)->files[fd].socket);
        if (conn)
            tcp_conn_push(conn);
        drill_leave(drill, 0);
    }
    return done > 0 ? done : n;
}

void drill_fill_data(struct packetdrill_interface *table)
{
    table->read = call_read;
    table->readv = call_readv;
    table->recv = call_recv;
    table->recvfrom = call_recvfrom;
    table->recvmsg = call_recvmsg;
    table->write = call_write;
    table->writev = call_writev;
    table->send = call_send;
    table->sendto = call_sendto;
    table->sendmsg = call_sendmsg;
    table->pipe = call_pipe;
    table->splice = call_splice;
}
