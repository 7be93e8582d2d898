/* The inside of sockets: what their files share. */
#ifndef WEFT_MODELS_SOCKET_INTERNAL_H
#define WEFT_MODELS_SOCKET_INTERNAL_H

#include <errno.h>

#include "models/socket/socket.h"

/* As Linux's socket_state, with the listener told apart.  Disconnecting is who was shut down while
 * it connected: only a disconnect makes it of use again. */
enum socket_phase {
    SOCKET_UNCONNECTED,
    SOCKET_LISTENING,
    SOCKET_CONNECTING,
    SOCKET_CONNECTED,
    SOCKET_DISCONNECTING,
};

enum { SOCKET_RCV_SHUTDOWN = 1, SOCKET_SEND_SHUTDOWN = 2 };

/* What a kind of socket does of its own; entries as the functions of socket.h. */
struct socket_proto {
    int (*bind)(struct socket *socket, const struct socket_addr *local);
    int (*listen)(struct socket *socket, int backlog);
    int (*accept)(struct socket *socket, struct socket **out);
    int (*connect)(struct socket *socket, const struct socket_addr *remote);
    int (*disconnect)(struct socket *socket);
    int64_t (*send)(struct socket *socket, struct blob *blob, uint64_t offset, uint32_t length,
                    unsigned flags, const struct socket_addr *to);
    int64_t (*recv)(struct socket *socket, void *out, uint32_t max, unsigned flags,
                    struct socket_addr *from);
    int64_t (*inq)(const struct socket *socket);
    int64_t (*outq)(const struct socket *socket);
    int64_t (*outq_unsent)(const struct socket *socket);
    int (*shutdown)(struct socket *socket, enum socket_how how);
    void (*close)(struct socket *socket);
    void (*forget)(struct socket *socket); /* the host is gone: no packet */
    unsigned (*poll)(struct socket *socket);
    void (*name)(const struct socket *socket, struct socket_addr *local);
    int (*peer)(const struct socket *socket, struct socket_addr *remote);
    enum tcp_state (*state)(const struct socket *socket);
};

struct socket {
    struct sockets *sockets;
    struct list link; /* of sockets->all */
    struct list waiters;
    const struct socket_proto *proto;
    uint8_t kind, phase; /* enum socket_kind, socket_phase */
    uint8_t shutdown;
    uint8_t error;        /* sk_err: told once */
    uint8_t mtu_discover; /* IP_MTU_DISCOVER */
    bool reuse;
    sim_time rcvtimeo, sndtimeo; /* kept for those who block; SIM_NEVER: for ever */
};

/* A stream socket: before it has a connection or listens, its options are here; then there. */
struct stream {
    struct socket base;
    struct tcp_bind bind;
    struct socket_addr name;    /* getsockname(2) */
    bool own_address, own_port; /* that bind(2) was told: the socket keeps it */
    uint32_t isn;               /* of the next connection, after a disconnect; 0: a fresh one */
    struct tcp_config config;
    struct tcp_conn *conn;
    struct tcp_listener *listener;
    uint32_t rcvlowat;         /* at least 1 */
    int8_t quickack;           /* asked for before there was a connection; -1: not */
    bool lingers;              /* the watch is on */
    bool fastopen_connect;     /* TCP_FASTOPEN_CONNECT */
    bool bind_no_port;         /* IP_BIND_ADDRESS_NO_PORT */
    bool broadcast;            /* SO_BROADCAST, which means nothing here */
    bool end_told;             /* it had ended before it was accepted, which is told once */
    bool deferred;             /* connected, as far as its owner can tell: the SYN waits for data */
    struct socket_addr remote; /* for that */
    struct tcp_observer watch; /* of a close that waits */
};

struct dgram {
    struct socket base;
    struct udp_socket udp;
    uint32_t sndbuf; /* as asked for; nothing is held back */
    GArray *groups;  /* joined (multicast.c); NULL: none yet */
    /* Options of SOL_SOCKET that any socket can have and that mean something for streams alone. */
    bool keepalive, oobinline;
    uint32_t rcvlowat;
    struct socket_linger linger;
    uint64_t max_pacing_rate; /* 0: none */
};

extern const struct socket_proto stream_proto, dgram_proto;

static inline struct stream *stream_of(const struct socket *socket)
{
    return container_of(socket, struct stream, base);
}

static inline struct dgram *dgram_of(const struct socket *socket)
{
    return container_of(socket, struct dgram, base);
}

/* Of stream.c and dgram.c: a new one, whose base socket.c fills in. */
struct socket *stream_new(void);
struct socket *dgram_new(struct sockets *sockets);

/* The configuration that counts now, and a new one in its place. */
const struct tcp_config *stream_config(const struct stream *stream);
void stream_configure(struct stream *stream, const struct tcp_config *config);

/* Linux's numbers of levels, and of options that need one more thing done. */
enum { SOL_SOCKET_ = 1, SOL_IP_ = 0, SOL_TCP_ = 6 };
enum { TCP_NODELAY_ = 1, TCP_CORK_ = 3, TCP_FASTOPEN_KEY_ = 33, IP_MTU_ = 14 };

/* Of multicast.c, for the rows of options; 0 or -errno. */
int multicast_join(struct socket *socket, const struct socket_group *wanted);
int multicast_leave(struct socket *socket, const struct socket_group *wanted);
int multicast_set_iface(struct socket *socket, const struct socket_group *wanted);
int multicast_get_iface(struct socket *socket, be32 *addr);
int multicast_set_ttl(struct socket *socket, int value);
int multicast_get_ttl(struct socket *socket);
int multicast_set_loop(struct socket *socket, int value);
int multicast_get_loop(struct socket *socket);

/* The socket forgets its groups, and leaves them unless its host is gone. */
void multicast_close(struct dgram *d, bool leave);

/* Links a socket into its host's list. */
void socket_attach(struct socket *socket, struct sockets *sockets, enum socket_kind kind,
                   const struct socket_proto *proto);

/* Something happened: calls the waiters for it. */
void socket_notify(struct socket *socket, unsigned events);

/* The error that waits, as a negative errno, once; 0: none. */
int socket_take_error(struct socket *socket);

/* Whether a socket of this host may be bound to the address. */
bool socket_may_bind(const struct sockets *sockets, const struct ip_addr *addr);

#endif
