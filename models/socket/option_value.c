/* Values of socket options, in and out, by their type: what setsockopt and getsockopt do. */
#include <glib.h>
#include <string.h>

#include "models/socket/option.h"
#include "models/socket/tcp_info.h"
#include "protocols/cc/cc.h"
#include "protocols/tcp/sysctl.h"

static bool is(const struct socket_option *option, int level, int number)
{
    return option->level == level && option->number == number;
}

/* Copies as much as there is room for, as getsockopt does. */
static int give(void *out, uint32_t *length, const void *value, size_t size)
{
    *length = (uint32_t)MIN(*length, size);
    memcpy(out, value, *length);
    return 0;
}

/* ---- Numbers -------------------------------------------------------------------------------- */

/* A number of struct tcp_config, by its size. */
static uint32_t load(const void *from, uint32_t size)
{
    return size == 1   ? *(const uint8_t *)from
           : size == 2 ? *(const uint16_t *)from
                       : *(const uint32_t *)from;
}

static void store(void *to, uint32_t size, uint32_t value)
{
    if (size == 1)
        *(uint8_t *)to = (uint8_t)value;
    else if (size == 2)
        *(uint16_t *)to = (uint16_t)value;
    else
        *(uint32_t *)to = value;
}

static int set_member(struct socket *socket, const struct socket_option *option, int value)
{
    const struct socket_member *member = &option->member;
    struct tcp_config config = *option_config(socket);

    if (value < member->least || value > member->most)
        return -EINVAL;
    if (option->value == SOCKET_VALUE_BOOL)
        value = value != 0;
    store((char *)&config + member->offset, member->size, (uint32_t)value);
    stream_configure(stream_of(socket), &config);
    return 0;
}

static int get_member(const struct socket *socket, const struct socket_option *option)
{
    const struct socket_member *member = &option->member;
    uint32_t own = load((const char *)option_config(socket) + member->offset, member->size);

    if (own == 0 && member->sysctl >= 0)
        own = load((const char *)socket->sockets->tcp->sysctl + member->sysctl, sizeof own);
    return (int)own;
}

static int set_number(struct socket *socket, const struct socket_option *option, const void *value,
                      uint32_t length)
{
    int number = 0;

    if (!option->set && option->member.size == 0)
        return -ENOPROTOOPT;
    if (length < sizeof number && option->level != SOL_IP_)
        return -EINVAL;
    if (length < sizeof number) /* those of IP may be a byte */
        number = length > 0 ? *(const uint8_t *)value : 0;
    else
        memcpy(&number, value, sizeof number);
    int error = option->set ? option->set(socket, number) : set_member(socket, option, number);
    /* What Nagle or a cork holds back goes, even if nothing changed. */
    bool releases = (is(option, SOL_TCP_, TCP_NODELAY_) && number) ||
                    (is(option, SOL_TCP_, TCP_CORK_) && !number);
    if (error == 0 && releases && socket_conn(socket))
        tcp_conn_push(socket_conn(socket));
    return error;
}

static int get_number(struct socket *socket, const struct socket_option *option, void *value,
                      uint32_t *length)
{
    int number = option->get ? option->get(socket) : get_member(socket, option);

    if (number < 0 && is(option, SOL_IP_, IP_MTU_))
        return number;
    return give(value, length, &number, sizeof number);
}

/* ---- SO_LINGER, SO_RCVTIMEO, SO_SNDTIMEO ---------------------------------------------------- */

static int set_linger(struct socket *socket, const struct socket_option *option, const void *value,
                      uint32_t length)
{
    const struct socket_linger *linger = value;

    if (socket->kind != SOCKET_STREAM) {
        dgram_of(socket)->linger = (struct socket_linger){ linger->on != 0, linger->seconds };
        return 0;
    }
    struct tcp_config config = *option_config(socket);
    config.linger_on = linger->on != 0;
    config.linger = (uint16_t)CLAMP(linger->seconds, 0, UINT16_MAX);
    stream_configure(stream_of(socket), &config);
    return 0;
}

static int get_linger(struct socket *socket, const struct socket_option *option, void *value,
                      uint32_t *length)
{
    if (socket->kind != SOCKET_STREAM)
        return give(value, length, &dgram_of(socket)->linger, sizeof(struct socket_linger));
    const struct tcp_config *config = option_config(socket);
    struct socket_linger linger = { config->linger_on, config->linger };
    return give(value, length, &linger, sizeof linger);
}

static sim_time *timeout_of(struct socket *socket, const struct socket_option *option)
{
    return option->number == 20 ? &socket->rcvtimeo : &socket->sndtimeo;
}

static int set_time(struct socket *socket, const struct socket_option *option, const void *value,
                    uint32_t length)
{
    const struct socket_time *time = value;
    sim_time *out = timeout_of(socket, option);

    if (time->microseconds < 0 || time->microseconds >= 1000000)
        return -EDOM;
    *out = time->seconds * SIM_S + time->microseconds * SIM_US;
    if (time->seconds < 0)
        *out = 0; /* never waits */
    else if (*out == 0)
        *out = SIM_NEVER;
    return 0;
}

static int get_time(struct socket *socket, const struct socket_option *option, void *value,
                    uint32_t *length)
{
    sim_time time = *timeout_of(socket, option);
    struct socket_time out = { 0, 0 };

    if (time != SIM_NEVER)
        out = (struct socket_time){ time / SIM_S, time % SIM_S / SIM_US };
    return give(value, length, &out, sizeof out);
}

/* ---- TCP_CONGESTION, TCP_INFO --------------------------------------------------------------- */

static int set_congestion(struct socket *socket, const struct socket_option *option,
                          const void *value, uint32_t length)
{
    char name[16] = "";

    memcpy(name, value, MIN(length, sizeof name - 1));
    const struct tcp_memory *memory = socket->sockets->tcp->memory;
    const struct cc_ops *ops = cc_find_among(tcp_memory_ccs(memory), name);
    if (!ops)
        return -ENOENT;
    struct tcp_config config = *option_config(socket);
    config.cc = ops;
    config.cc_params = NULL;
    stream_configure(stream_of(socket), &config);
    return 0;
}

static int get_congestion(struct socket *socket, const struct socket_option *option, void *value,
                          uint32_t *length)
{
    const struct cc_ops *cc = option_config(socket)->cc;
    const struct tcp_conn *conn = socket_conn(socket);
    char name[16] = "";

    if (conn)
        cc = tcp_conn_cc(conn)->ops;
    g_strlcpy(name, cc ? cc->name : socket->sockets->tcp->sysctl->congestion_control, sizeof name);
    return give(value, length, name, sizeof name);
}

static int get_tcp_info(struct socket *socket, const struct socket_option *option, void *value,
                        uint32_t *length)
{
    struct socket_tcp_info info;

    socket_tcp_info_get(socket, &info);
    return give(value, length, &info, sizeof info);
}

/* ---- SO_MAX_PACING_RATE --------------------------------------------------------------------- */

/* SO_MAX_PACING_RATE: 32 or 64 bits, all of them set: no limit. */
static int set_rate(struct socket *socket, const struct socket_option *option, const void *value,
                    uint32_t length)
{
    uint32_t small = 0;
    uint64_t rate;

    memcpy(&small, value, sizeof small);
    rate = small == UINT32_MAX ? UINT64_MAX : small;
    if (length >= sizeof rate)
        memcpy(&rate, value, sizeof rate);
    if (socket->kind != SOCKET_STREAM) {
        dgram_of(socket)->max_pacing_rate = rate;
        return 0;
    }
    struct tcp_config config = *option_config(socket);
    if (rate != UINT64_MAX || config.max_pacing_rate)      /* who was paced remains so */
        config.max_pacing_rate = rate ? rate : UINT64_MAX; /* Linux divides by no rate of 0 */
    stream_configure(stream_of(socket), &config);
    return 0;
}

/* As many bits as there is room for. */
static int get_rate(struct socket *socket, const struct socket_option *option, void *value,
                    uint32_t *length)
{
    uint64_t rate = socket->kind == SOCKET_STREAM ? option_config(socket)->max_pacing_rate
                                                  : dgram_of(socket)->max_pacing_rate;
    uint32_t small;

    if (rate == 0)
        rate = UINT64_MAX;
    if (*length >= sizeof rate)
        return give(value, length, &rate, sizeof rate);
    small = (uint32_t)MIN(rate, UINT32_MAX);
    return give(value, length, &small, sizeof small);
}

/* ---- Bytes ---------------------------------------------------------------------------------- */

/* TCP_FASTOPEN_KEY: the key, or the key and the one before, whose cookies are still good. */
static int set_bytes(struct socket *socket, const struct socket_option *option, const void *value,
                     uint32_t length)
{
    struct tcp_config config = *option_config(socket);

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

static int get_bytes(struct socket *socket, const struct socket_option *option, void *value,
                     uint32_t *length)
{
    const struct tcp_conn *conn = socket_conn(socket);
    union cc_info info = { 0 };
    uint8_t keys[sizeof option_config(socket)->fastopen_key];

    if (is(option, SOL_TCP_, TCP_FASTOPEN_KEY_))
        return give(value, length, keys,
                    tcp_fastopen_keys(socket->sockets->tcp, option_config(socket), keys));
    const struct cc *cc = conn ? tcp_conn_cc(conn) : NULL;
    return give(value, length, &info, cc && cc->ops->info ? cc->ops->info(cc, &info) : 0);
}

/* ---- Multicast ------------------------------------------------------------------------------ */

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

static int get_iface(struct socket *socket, const struct socket_option *option, void *value,
                     uint32_t *length)
{
    be32 addr;

    multicast_get_iface(socket, &addr);
    return give(value, length, &addr, sizeof addr);
}

/* ---- By type -------------------------------------------------------------------------------- */

struct codec {
    int (*set)(struct socket *socket, const struct socket_option *option, const void *value,
               uint32_t length);
    int (*get)(struct socket *socket, const struct socket_option *option, void *value,
               uint32_t *length);
    uint32_t least; /* bytes of a value that is set */
};

static const struct codec number_codec = { set_number, get_number, 0 };

/* Those that are no numbers. */
static const struct codec codecs[] = {
    [SOCKET_VALUE_LINGER] = { set_linger, get_linger, sizeof(struct socket_linger) },
    [SOCKET_VALUE_TIME] = { set_time, get_time, sizeof(struct socket_time) },
    [SOCKET_VALUE_NAME] = { set_congestion, get_congestion, 1 },
    [SOCKET_VALUE_TCP_INFO] = { NULL, get_tcp_info, 0 },
    [SOCKET_VALUE_GROUP] = { set_group, NULL, 0 },
    [SOCKET_VALUE_IFACE] = { set_group, get_iface, 0 },
    [SOCKET_VALUE_RATE] = { set_rate, get_rate, sizeof(uint32_t) },
    [SOCKET_VALUE_BYTES] = { set_bytes, get_bytes, 0 },
};

static const struct codec *codec_of(const struct socket_option *option)
{
    const struct codec *codec = &codecs[option->value];
    return codec->set || codec->get ? codec : &number_codec;
}

int socket_set_option(struct socket *socket, const struct socket_option *option, const void *value,
                      uint32_t length)
{
    const struct codec *codec = codec_of(option);

    if (!(option->kinds & socket->kind) || !codec->set)
        return -ENOPROTOOPT;
    return length < codec->least ? -EINVAL : codec->set(socket, option, value, length);
}

int socket_get_option(struct socket *socket, const struct socket_option *option, void *value,
                      uint32_t *length)
{
    const struct codec *codec = codec_of(option);

    if (!(option->kinds & socket->kind)) /* getsockopt alone tells the level apart */
        return option->level == SOL_TCP_ ? -EOPNOTSUPP : -ENOPROTOOPT;
    return codec->get ? codec->get(socket, option, value, length) : -ENOPROTOOPT;
}
