/* Values of socket options, in and out: numbers go to the rows of option.c, the rest is judged
 * here.
 */
#include <glib.h>
#include <string.h>

#include "models/socket/internal.h"
#include "models/socket/tcp_info.h"
#include "protocols/cc/cc.h"
#include "protocols/tcp/sysctl.h"

static const struct tcp_config *config_of(const struct socket *socket)
{
    return stream_config(stream_of(socket));
}

static bool is(const struct socket_option *option, int level, int number)
{
    return option->level == level && option->number == number;
}

/* ---- Values that are no number -------------------------------------------------------------- */

static int set_linger(struct socket *socket, const struct socket_linger *linger)
{
    if (socket->kind != SOCKET_STREAM) {
        dgram_of(socket)->linger = (struct socket_linger){ linger->on != 0, linger->seconds };
        return 0;
    }
    struct tcp_config config = *config_of(socket);
    config.linger_on = linger->on != 0;
    config.linger = (uint16_t)CLAMP(linger->seconds, 0, UINT16_MAX);
    stream_configure(stream_of(socket), &config);
    return 0;
}

static int set_time(sim_time *out, const struct socket_time *time)
{
    if (time->microseconds < 0 || time->microseconds >= 1000000)
        return -EDOM;
    *out = time->seconds * SIM_S + time->microseconds * SIM_US;
    if (time->seconds < 0)
        *out = 0; /* never waits */
    else if (*out == 0)
        *out = SIM_NEVER;
    return 0;
}

static int set_congestion(struct socket *socket, const char *text, uint32_t length)
{
    char name[16];

    g_strlcpy(name, "", sizeof name);
    memcpy(name, text, MIN(length, sizeof name - 1));
    name[MIN(length, sizeof name - 1)] = '\0';
    const struct tcp_memory *memory = socket->sockets->tcp->memory;
    const struct cc_ops *ops = cc_find_among(tcp_memory_ccs(memory), name);
    if (!ops)
        return -ENOENT;
    struct tcp_config config = *config_of(socket);
    config.cc = ops;
    config.cc_params = NULL;
    stream_configure(stream_of(socket), &config);
    return 0;
}

static sim_time *timeout_of(struct socket *socket, const struct socket_option *option)
{
    return option->number == 20 ? &socket->rcvtimeo : &socket->sndtimeo;
}

enum { MREQ = 8, GROUP_JOIN = 35 };

/* The lengths of struct ip_mreqn and ip_mreq, of which the second has no index; for the interface
 * of what is sent, an address alone will do. */
static int set_group(struct socket *socket, const struct socket_option *option, const void *value,
                     uint32_t length)
{
    struct socket_group wanted = { 0 };

    if (option->value == SOCKET_VALUE_IFACE && length >= sizeof wanted.local && length < MREQ)
        memcpy(&wanted.local, value, sizeof wanted.local);
    else if (length >= MREQ)
        memcpy(&wanted, value, length >= sizeof wanted ? sizeof wanted : MREQ);
    else
        return -EINVAL;
    if (option->value == SOCKET_VALUE_IFACE)
        return multicast_set_iface(socket, &wanted);
    return option->number == GROUP_JOIN ? multicast_join(socket, &wanted)
                                        : multicast_leave(socket, &wanted);
}

static int set_number(struct socket *socket, const struct socket_option *option, const void *value,
                      uint32_t length)
{
    int number = 0;

    if (length < sizeof number && option->level != SOL_IP_)
        return -EINVAL;
    if (length < sizeof number) /* those of IP may be a byte */
        number = length > 0 ? *(const uint8_t *)value : 0;
    else
        memcpy(&number, value, sizeof number);
    int error = option->set(socket, number);
    /* What Nagle or a cork holds back goes, even if nothing changed. */
    bool releases = (is(option, SOL_TCP_, TCP_NODELAY_) && number) ||
                    (is(option, SOL_TCP_, TCP_CORK_) && !number);
    if (error == 0 && releases && socket_conn(socket))
        tcp_conn_push(socket_conn(socket));
    return error;
}

/* SO_MAX_PACING_RATE: 32 or 64 bits, all of them set: no limit. */
static int set_rate(struct socket *socket, const void *value, uint32_t length)
{
    uint32_t small = 0;
    uint64_t rate;

    if (length < sizeof small)
        return -EINVAL;
    memcpy(&small, value, sizeof small);
    rate = small == UINT32_MAX ? UINT64_MAX : small;
    if (length >= sizeof rate)
        memcpy(&rate, value, sizeof rate);
    if (socket->kind != SOCKET_STREAM) {
        dgram_of(socket)->max_pacing_rate = rate;
        return 0;
    }
    struct tcp_config config = *config_of(socket);
    if (rate != UINT64_MAX || config.max_pacing_rate) /* who was paced remains so */
        config.max_pacing_rate = MAX(rate, 1);
    stream_configure(stream_of(socket), &config);
    return 0;
}

/* TCP_FASTOPEN_KEY: the key, or the key and the one before, whose cookies are still good. */
static int set_bytes(struct socket *socket, const struct socket_option *option, const void *value,
                     uint32_t length)
{
    struct tcp_config config = *config_of(socket);

    if (!is(option, SOL_TCP_, TCP_FASTOPEN_KEY_))
        return -ENOPROTOOPT;
    if (length != TCP_FASTOPEN_KEY && length != 2 * TCP_FASTOPEN_KEY)
        return -EINVAL;
    memset(config.fastopen_key, 0, sizeof config.fastopen_key);
    memcpy(config.fastopen_key, value, length);
    config.fastopen_keys = (uint8_t)(length / TCP_FASTOPEN_KEY);
    stream_configure(stream_of(socket), &config);
    return 0;
}

int socket_set_option(struct socket *socket, const struct socket_option *option, const void *value,
                      uint32_t length)
{
    if (!(option->kinds & socket->kind))
        return -ENOPROTOOPT;
    switch (option->value) {
    case SOCKET_VALUE_LINGER:
        return length < sizeof(struct socket_linger) ? -EINVAL : set_linger(socket, value);
    case SOCKET_VALUE_TIME:
        return length < sizeof(struct socket_time) ? -EINVAL
                                                   : set_time(timeout_of(socket, option), value);
    case SOCKET_VALUE_NAME:
        return length < 1 ? -EINVAL : set_congestion(socket, value, length);
    case SOCKET_VALUE_GROUP:
    case SOCKET_VALUE_IFACE:
        return set_group(socket, option, value, length);
    case SOCKET_VALUE_RATE:
        return set_rate(socket, value, length);
    case SOCKET_VALUE_BYTES:
        return set_bytes(socket, option, value, length);
    default:
        return option->set ? set_number(socket, option, value, length) : -ENOPROTOOPT;
    }
}

/* ---- Reading -------------------------------------------------------------------------------- */

/* Copies as much as there is room for, as getsockopt does. */
static int give(void *out, uint32_t *length, const void *value, size_t size)
{
    *length = (uint32_t)MIN(*length, size);
    memcpy(out, value, *length);
    return 0;
}

static int get_linger(struct socket *socket, void *value, uint32_t *length)
{
    if (socket->kind != SOCKET_STREAM)
        return give(value, length, &dgram_of(socket)->linger, sizeof(struct socket_linger));
    const struct tcp_config *config = config_of(socket);
    struct socket_linger linger = { config->linger_on, config->linger };
    return give(value, length, &linger, sizeof linger);
}

static int get_time(sim_time time, void *value, uint32_t *length)
{
    struct socket_time out = { 0, 0 };

    if (time != SIM_NEVER)
        out = (struct socket_time){ time / SIM_S, time % SIM_S / SIM_US };
    return give(value, length, &out, sizeof out);
}

static int get_congestion(struct socket *socket, void *value, uint32_t *length)
{
    const struct cc_ops *cc = config_of(socket)->cc;
    const struct tcp_conn *conn = socket_conn(socket);
    char name[16] = "";

    if (conn)
        cc = tcp_conn_cc(conn)->ops;
    g_strlcpy(name, cc ? cc->name : socket->sockets->tcp->sysctl->congestion_control, sizeof name);
    return give(value, length, name, sizeof name);
}

static int get_number(struct socket *socket, const struct socket_option *option, void *value,
                      uint32_t *length)
{
    int number = option->get(socket);

    if (number < 0 && is(option, SOL_IP_, IP_MTU_))
        return number;
    return give(value, length, &number, sizeof number);
}

/* As many bits as there is room for. */
static int get_rate(struct socket *socket, void *value, uint32_t *length)
{
    uint64_t rate = socket->kind == SOCKET_STREAM ? config_of(socket)->max_pacing_rate
                                                  : dgram_of(socket)->max_pacing_rate;
    uint32_t small;

    if (rate == 0)
        rate = UINT64_MAX;
    if (*length >= sizeof rate)
        return give(value, length, &rate, sizeof rate);
    small = (uint32_t)MIN(rate, UINT32_MAX);
    return give(value, length, &small, sizeof small);
}

static int get_bytes(struct socket *socket, const struct socket_option *option, void *value,
                     uint32_t *length)
{
    const struct tcp_conn *conn = socket_conn(socket);
    union cc_info info = { 0 };
    uint8_t keys[sizeof config_of(socket)->fastopen_key];

    if (is(option, SOL_TCP_, TCP_FASTOPEN_KEY_))
        return give(value, length, keys,
                    tcp_fastopen_keys(socket->sockets->tcp, config_of(socket), keys));
    const struct cc *cc = conn ? tcp_conn_cc(conn) : NULL;
    return give(value, length, &info, cc && cc->ops->info ? cc->ops->info(cc, &info) : 0);
}

int socket_get_option(struct socket *socket, const struct socket_option *option, void *value,
                      uint32_t *length)
{
    struct socket_tcp_info info;
    be32 addr;

    if (!(option->kinds & socket->kind)) /* getsockopt alone tells the level apart */
        return option->level == SOL_TCP_ ? -EOPNOTSUPP : -ENOPROTOOPT;
    switch (option->value) {
    case SOCKET_VALUE_LINGER:
        return get_linger(socket, value, length);
    case SOCKET_VALUE_TIME:
        return get_time(*timeout_of(socket, option), value, length);
    case SOCKET_VALUE_NAME:
        return get_congestion(socket, value, length);
    case SOCKET_VALUE_TCP_INFO:
        socket_tcp_info_get(socket, &info);
        return give(value, length, &info, sizeof info);
    case SOCKET_VALUE_IFACE:
        multicast_get_iface(socket, &addr);
        return give(value, length, &addr, sizeof addr);
    case SOCKET_VALUE_GROUP:
        return -ENOPROTOOPT;
    case SOCKET_VALUE_RATE:
        return get_rate(socket, value, length);
    case SOCKET_VALUE_BYTES:
        return get_bytes(socket, option, value, length);
    default:
        return get_number(socket, option, value, length);
    }
}
