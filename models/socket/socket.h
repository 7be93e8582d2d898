/* Sockets: the kernel's socket layer of a host, over TCP and UDP.
 *
 * Everything is non-blocking: a call that cannot go on returns -EAGAIN (or -EINPROGRESS), and who
 * wants to wait leaves a struct socket_waiter, which is called when the socket may have become
 * ready for what it waits for.  Whoever blocks (a process in the scenario language, a packetdrill
 * script) does so on top of this.  Results and errors are Linux's: a negative errno where the
 * manual pages (socket(7), ip(7), tcp(7), udp(7), and section 2) say so.
 *
 * A socket belongs to its host's struct sockets and lives until socket_close, or until the host
 * ends.  Waiters are called from inside of what happens, so they only take note (wake somebody up
 * by an event), and call nothing of this header but socket_poll.
 *
 * Left out so far: SIGURG and other signals, the accounting of a UDP socket's send buffer (what a
 * queue cannot hold is dropped there), corking of UDP, error queues.
 */
#ifndef WEFT_MODELS_SOCKET_SOCKET_H
#define WEFT_MODELS_SOCKET_SOCKET_H

#include "protocols/tcp/tcp.h"
#include "protocols/udp/udp.h"
#include "sim/list.h"

struct socket;
struct socket_option;
struct sysctl_row;

enum socket_kind { SOCKET_STREAM = 1, SOCKET_DGRAM = 2 }; /* SOCK_STREAM, SOCK_DGRAM */

/* What poll(2) shows, with Linux's values. */
enum socket_ready {
    SOCKET_IN = 0x001,
    SOCKET_PRI = 0x002, /* urgent data */
    SOCKET_OUT = 0x004,
    SOCKET_ERR = 0x008,
    SOCKET_HUP = 0x010,
    SOCKET_RDHUP = 0x2000,
};

/* Flags of send(2) and recv(2), with Linux's values. */
enum socket_msg {
    SOCKET_MSG_OOB = 0x1,
    SOCKET_MSG_PEEK = 0x2,
    SOCKET_MSG_TRUNC = 0x20,
    SOCKET_MSG_DONTWAIT = 0x40,
    SOCKET_MSG_EOR = 0x80,
    SOCKET_MSG_WAITALL = 0x100,
    SOCKET_MSG_NOSIGNAL = 0x4000,
    SOCKET_MSG_MORE = 0x8000,
    SOCKET_MSG_FASTOPEN = 0x20000000,
};

enum socket_how { SOCKET_SHUT_RD, SOCKET_SHUT_WR, SOCKET_SHUT_RDWR };

struct socket_addr {
    struct ip_addr addr; /* all zero: any */
    uint16_t port;
};

/* ---- A host's sockets ----------------------------------------------------------------------- */

/* The sysctls that sockets themselves read. */
struct socket_sysctl {
    uint32_t rmem_default, wmem_default; /* net.core: of datagram sockets, bytes */
    uint32_t nonlocal_bind;              /* net.ipv4.ip_nonlocal_bind */
};

extern const struct socket_sysctl socket_sysctl_defaults;

/* Embedded in its host. */
struct sockets {
    struct sim *sim;
    struct ip_stack *ip;
    struct tcp_stack *tcp;
    struct udp_stack *udp;
    const struct socket_sysctl *sysctl; /* shared until a value is changed */
    struct list all;                    /* struct socket, in order of creation */
};

/* The stacks are the host's and outlive the sockets. */
void sockets_init(struct sockets *sockets, struct ip_stack *ip, struct tcp_stack *tcp,
                  struct udp_stack *udp);

/* Forgets all sockets at once, without a packet: the host is gone.  Call it before the stacks'
 * own fini. */
void sockets_fini(struct sockets *sockets);

/* The oldest socket, or NULL. */
struct socket *sockets_first(const struct sockets *sockets);

/* Sysctls by their full name, as tcp_sysctl_set, tcp_sysctl_get, tcp_sysctl_names, tcp_sysctl_row.
 */
bool socket_sysctl_set(struct sockets *sockets, const char *name, const char *text, GError **error);
char *socket_sysctl_get(const struct sockets *sockets, const char *name, GError **error);
const char *const *socket_sysctl_names(void);
const struct sysctl_row *socket_sysctl_row(const char *name);

/* ---- Opening -------------------------------------------------------------------------------- */

/* socket(2). */
struct socket *socket_new(struct sockets *sockets, enum socket_kind kind);

/* bind(2): 0, -EINVAL (bound already), -EADDRINUSE, -EADDRNOTAVAIL (no address of this host). */
int socket_bind(struct socket *socket, const struct socket_addr *local);

/* listen(2): 0, -EADDRINUSE, -EINVAL (connected), -EOPNOTSUPP (a datagram socket).  Called again,
 * changes the backlog. */
int socket_listen(struct socket *socket, int backlog);

/* accept(2): 0 and a new socket, -EAGAIN, -EINVAL (does not listen), -EOPNOTSUPP. */
int socket_accept(struct socket *socket, struct socket **out);

/* connect(2): 0; -EINPROGRESS, and SOCKET_OUT or SOCKET_ERR tell the end; asked again -EALREADY,
 * then 0 or the error; -EISCONN, -EADDRNOTAVAIL, -ENETUNREACH, -EADDRINUSE. */
int socket_connect(struct socket *socket, const struct socket_addr *remote);

/* connect(2) with AF_UNSPEC: a stream gives up its connection, with a RST where the peer must be
 * told, or stops to listen, and may be used for another; the error that waits is ECONNRESET then.
 * A datagram socket has no peer any more, and keeps of its address and port what bind said.  0. */
int socket_disconnect(struct socket *socket);

/* getsockname(2); getpeername(2): 0 or -ENOTCONN. */
void socket_name(const struct socket *socket, struct socket_addr *local);
int socket_peer(const struct socket *socket, struct socket_addr *remote);

/* ---- Data ----------------------------------------------------------------------------------- */

/* send(2), sendto(2) of bytes [offset, offset + length) of `blob`, of which references are taken;
 * `to` may be NULL.  With SOCKET_MSG_FASTOPEN a new stream is connected `to` there: bytes that its
 * SYN took, or -EINPROGRESS.  Bytes taken, or -EAGAIN, -EPIPE, -ENOTCONN, -EDESTADDRREQ, -EISCONN,
 * -EMSGSIZE, -EOPNOTSUPP, or the error that waits. */
int64_t socket_send_blob(struct socket *socket, struct blob *blob, uint64_t offset, uint32_t length,
                         unsigned flags, const struct socket_addr *to);

/* The same of bytes, which are copied. */
int64_t socket_send(struct socket *socket, const void *bytes, uint32_t length, unsigned flags,
                    const struct socket_addr *to);

/* recv(2), recvfrom(2): bytes received, 0 at the end of the stream, -EAGAIN, -ENOTCONN, or the
 * error that waits.  SOCKET_MSG_WAITALL is a matter of those who block.  With SOCKET_MSG_TRUNC a
 * stream's bytes are thrown away (`out` may be NULL), and a datagram's whole length is returned.
 * With SOCKET_MSG_OOB a stream's urgent byte: -EINVAL if there is none, and it never waits.
 * `from` may be NULL. */
int64_t socket_recv(struct socket *socket, void *out, uint32_t max, unsigned flags,
                    struct socket_addr *from);

/* ioctl(2): SIOCATMARK. */
bool socket_at_mark(const struct socket *socket);

/* ioctl(2): SIOCINQ, SIOCOUTQ, SIOCOUTQNSD: bytes, or -EINVAL (a listener), -ENOTTY
 * (SIOCOUTQNSD of a datagram socket). */
int64_t socket_inq(const struct socket *socket);
int64_t socket_outq(const struct socket *socket);
int64_t socket_outq_unsent(const struct socket *socket);

/* Of a listener: connections that wait to be accepted, and handshakes that are under way (what
 * `ss state syn-recv` counts); 0 of others. */
uint32_t socket_waiting(const struct socket *socket);
uint32_t socket_half_open(const struct socket *socket);

/* ---- Closing -------------------------------------------------------------------------------- */

/* shutdown(2): 0, -ENOTCONN. */
int socket_shutdown(struct socket *socket, enum socket_how how);

/* close(2).  The pointer is dead; waiters are told SOCKET_HUP first. */
void socket_close(struct socket *socket);

/* What close(2) of a blocking socket waits for with SO_LINGER: begins to close and returns how long
 * to wait for SOCKET_HUP before socket_close; 0: not at all. */
sim_time socket_linger(struct socket *socket);

/* ---- Readiness ------------------------------------------------------------------------------ */

/* Now: enum socket_ready. */
unsigned socket_poll(struct socket *socket);

/* Embedded in who waits. */
struct socket_waiter {
    struct list link; /* list_init it once */
    unsigned events;  /* enum socket_ready; SOCKET_ERR and SOCKET_HUP always count */
    void (*wake)(struct socket_waiter *waiter, struct socket *socket, unsigned events);
};

/* Has `wake` called each time something of waiter->events happens; the first to wait is the first
 * to be called.  Look at socket_poll before: what has happened already does not happen again. */
void socket_wait(struct socket *socket, struct socket_waiter *waiter);

/* Ends waiting; harmless when it does not wait. */
void socket_unwait(struct socket_waiter *waiter);

/* ---- Options -------------------------------------------------------------------------------- */

enum socket_value {
    SOCKET_VALUE_INT,     /* int */
    SOCKET_VALUE_BOOL,    /* int: 0 or 1 */
    SOCKET_VALUE_SIZE,    /* int: bytes */
    SOCKET_VALUE_SECONDS, /* int */
    SOCKET_VALUE_MS,      /* int: milliseconds */
    SOCKET_VALUE_US,      /* int: microseconds */
    SOCKET_VALUE_PORTS,   /* uint32_t: the first port, and the last one in the high half */
    SOCKET_VALUE_LINGER,
    SOCKET_VALUE_TIME,     /* struct socket_time */
    SOCKET_VALUE_NAME,     /* text: a congestion control */
    SOCKET_VALUE_TCP_INFO, /* struct socket_tcp_info */
    SOCKET_VALUE_GROUP,    /* struct socket_group */
    SOCKET_VALUE_IFACE,    /* ditto, whose group does not count; read as the address alone */
    SOCKET_VALUE_RATE,     /* uint32_t or uint64_t: bytes per second, all ones: no limit */
    SOCKET_VALUE_BYTES,
};

struct socket_linger {
    int on, seconds;
};

/* struct ip_mreqn: a group, and the interface by its index or, if that is 0 or left out, by an
 * address of its own. */
struct socket_group {
    be32 group, local;
    int ifindex;
};

struct socket_time { /* struct timeval; 0: for ever */
    int64_t seconds, microseconds;
};

/* A number of struct tcp_config. */
struct socket_member {
    uint16_t offset, size; /* size 0: there is none */
    int least, most;
    int sysctl; /* offset in struct tcp_sysctl of what counts while it is 0; -1: none */
};

struct socket_option {
    const char *name;  /* "SO_RCVBUF" */
    int level, number; /* Linux's */
    enum socket_value value;
    unsigned kinds; /* enum socket_kind, or-ed */
    /* Of numbers.  NULL: the member is set and read; without one, it cannot be set. */
    int (*set)(struct socket *socket, int value); /* 0 or -errno */
    int (*get)(struct socket *socket);
    const char *doc;
    struct socket_member member;
};

/* The one after `option`, level by level; NULL: the first, and after the last. */
const struct socket_option *socket_option_next(const struct socket_option *option);

/* By name, or by Linux's numbers; or NULL. */
const struct socket_option *socket_option_named(const char *name);
const struct socket_option *socket_option_numbered(int level, int number);

/* setsockopt(2), getsockopt(2): 0, -EINVAL, -ENOPROTOOPT (not of this kind of socket, or cannot be
 * set), -EDOM, -ENOENT (no such congestion control) ...  *length as getsockopt has it. */
int socket_set_option(struct socket *socket, const struct socket_option *option, const void *value,
                      uint32_t length);
int socket_get_option(struct socket *socket, const struct socket_option *option, void *value,
                      uint32_t *length);

/* ---- What it stands on ---------------------------------------------------------------------- */

/* Streams or datagrams. */
enum socket_kind socket_kind(const struct socket *socket);

/* SO_RCVTIMEO, SO_SNDTIMEO; SIM_NEVER: for ever. */
sim_time socket_timeout(const struct socket *socket, bool sending);

/* The connection of a stream socket, NULL if it has none (any more). */
struct tcp_conn *socket_conn(const struct socket *socket);

/* Its state, as ss(8) says it; TCP_ESTABLISHED or TCP_CLOSED for datagrams. */
enum tcp_state socket_state(const struct socket *socket);

#endif
