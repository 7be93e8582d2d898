/* What the files of options share. */
#ifndef WEFT_MODELS_SOCKET_OPTION_H
#define WEFT_MODELS_SOCKET_OPTION_H

#include <limits.h>
#include <stddef.h>

#include "models/socket/internal.h"
#include "protocols/tcp/sysctl.h"

/* The rows of each level, the last without a name. */
extern const struct socket_option socket_options_sol[], socket_options_tcp[], socket_options_ip[];

/* Words of the rows. */
#define BOTH    (SOCKET_STREAM | SOCKET_DGRAM)
#define STREAM  SOCKET_STREAM
#define INT     SOCKET_VALUE_INT
#define BOOL    SOCKET_VALUE_BOOL
#define SIZE    SOCKET_VALUE_SIZE
#define SECONDS SOCKET_VALUE_SECONDS
#define MS      SOCKET_VALUE_MS
#define US      SOCKET_VALUE_US

/* A number of struct tcp_config, from `low` to `high`; and one that follows a sysctl while it is 0.
 */
#define MEMBER(name, low, high)                                                                \
    {                                                                                          \
        offsetof(struct tcp_config, name), sizeof((struct tcp_config *)0)->name, low, high, -1 \
    }
#define MEMBER_OR(name, low, high, sysctl)                                                  \
    {                                                                                       \
        offsetof(struct tcp_config, name), sizeof((struct tcp_config *)0)->name, low, high, \
            offsetof(struct tcp_sysctl, sysctl)                                             \
    }

static inline bool option_is_stream(const struct socket *socket)
{
    return socket->kind == SOCKET_STREAM;
}

static inline const struct tcp_config *option_config(const struct socket *socket)
{
    return stream_config(stream_of(socket));
}

/* Sets one member of a stream's configuration, by way of a copy. */
#define CONFIG_SET(member, type, value)                         \
    do {                                                        \
        struct tcp_config config_copy = *option_config(socket); \
        config_copy.member = (type)(value);                     \
        stream_configure(stream_of(socket), &config_copy);      \
    } while (0)

/* Defines what sets and gets a switch that sockets of both kinds have: a stream's is a member of
 * its configuration, that of datagrams is kept at `place`. */
#define BOTH_SWITCH(member, place)                                               \
    static int set_##member(struct socket *socket, int value)                    \
    {                                                                            \
        if (option_is_stream(socket))                                            \
            CONFIG_SET(member, bool, value != 0);                                \
        else                                                                     \
            place = value != 0;                                                  \
        return 0;                                                                \
    }                                                                            \
    static int get_##member(struct socket *socket)                               \
    {                                                                            \
        return option_is_stream(socket) ? option_config(socket)->member : place; \
    }

/* With another limit there may be room; Linux tells so even if there was room before. */
static inline void option_wake_writer(struct socket *socket)
{
    if (socket_conn(socket))
        tcp_conn_write_space(socket_conn(socket));
}

#endif
