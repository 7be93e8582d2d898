/* Options of IPPROTO_IP, as Linux's do_ip_setsockopt and do_ip_getsockopt have them; those of
 * multicast are multicast.c's. */
#include <glib.h>

#include "models/socket/option.h"
#include "protocols/ip/stack.h"

/* The ECN bits of a stream are TCP's. */
static int set_tos(struct socket *socket, int value)
{
    if (!option_is_stream(socket)) {
        dgram_of(socket)->udp.tos = (uint8_t)value;
        return 0;
    }
    CONFIG_SET(tos, uint8_t, (value & ~3) | (option_config(socket)->tos & 3));
    return 0;
}

static int get_tos(struct socket *socket)
{
    return option_is_stream(socket) ? option_config(socket)->tos : dgram_of(socket)->udp.tos;
}

static int set_ttl(struct socket *socket, int value)
{
    if (value != -1 && (value < 1 || value > 255))
        return -EINVAL;
    uint8_t ttl = value == -1 ? 0 : (uint8_t)value;
    if (option_is_stream(socket))
        CONFIG_SET(ttl, uint8_t, ttl);
    else
        dgram_of(socket)->udp.ttl = ttl;
    return 0;
}

static int get_ttl(struct socket *socket)
{
    int own = option_is_stream(socket) ? option_config(socket)->ttl : dgram_of(socket)->udp.ttl;
    return own ? own : (int)socket->sockets->ip->sysctl->default_ttl;
}

enum {
    PMTUDISC_DONT,
    PMTUDISC_WANT,
    PMTUDISC_DO,
    PMTUDISC_PROBE,
    PMTUDISC_INTERFACE,
    PMTUDISC_OMIT
};

static uint8_t df_of(int discover)
{
    switch (discover) {
    case PMTUDISC_WANT:
        return IP_DF_WANT;
    case PMTUDISC_DO:
    case PMTUDISC_PROBE:
        return IP_DF_SET;
    default:
        return IP_DF_CLEAR;
    }
}

static enum tcp_pmtu pmtu_of(int value)
{
    switch (value) {
    case PMTUDISC_WANT:
        return TCP_PMTU_WANT;
    case PMTUDISC_DO:
        return TCP_PMTU_DO;
    case PMTUDISC_PROBE:
        return TCP_PMTU_PROBE;
    default:
        return TCP_PMTU_DONT;
    }
}

static int set_mtu_discover(struct socket *socket, int value)
{
    if (value < PMTUDISC_DONT || value > PMTUDISC_OMIT)
        return -EINVAL;
    socket->mtu_discover = (uint8_t)value;
    if (option_is_stream(socket))
        CONFIG_SET(pmtu, uint8_t, pmtu_of(value));
    else
        dgram_of(socket)->udp.df = df_of(value);
    return 0;
}

static int get_mtu_discover(struct socket *socket)
{
    return socket->mtu_discover;
}

static int get_mtu(struct socket *socket)
{
    struct socket_addr peer;
    struct ip_addr src;
    uint32_t mtu;

    if (socket_peer(socket, &peer) != 0 ||
        !ip_route_query(socket->sockets->ip, &peer.addr, &src, &mtu))
        return -ENOTCONN;
    return (int)mtu;
}

BOTH_SWITCH(recverr, dgram_of(socket)->udp.recverr)

static int set_bind_no_port(struct socket *socket, int value)
{
    stream_of(socket)->bind_no_port = value != 0;
    return 0;
}

static int get_bind_no_port(struct socket *socket)
{
    return stream_of(socket)->bind_no_port;
}

static int set_port_range(struct socket *socket, int value)
{
    struct tcp_ports ports = { (uint16_t)value, (uint16_t)((uint32_t)value >> 16) };

    if (ports.low && ports.high && ports.low > ports.high)
        return -EINVAL;
    if (!option_is_stream(socket)) {
        dgram_of(socket)->udp.port_low = ports.low;
        dgram_of(socket)->udp.port_high = ports.high;
        return 0;
    }
    struct tcp_config config = *option_config(socket);
    config.ports = ports;
    stream_configure(stream_of(socket), &config);
    return 0;
}

static int get_port_range(struct socket *socket)
{
    if (!option_is_stream(socket)) {
        const struct udp_socket *udp = &dgram_of(socket)->udp;
        return (int)((uint32_t)udp->port_high << 16 | udp->port_low);
    }
    const struct tcp_ports *ports = &option_config(socket)->ports;
    return (int)((uint32_t)ports->high << 16 | ports->low);
}

/* clang-format off */
const struct socket_option socket_options_ip[] = {
    { "IP_TOS", SOL_IP_, 1, INT, BOTH, set_tos, get_tos, "DSCP and ECN of its packets" },
    { "IP_TTL", SOL_IP_, 2, INT, BOTH, set_ttl, get_ttl, "their time to live; -1: the sysctl" },
    { "IP_MTU_DISCOVER", SOL_IP_, 10, INT, BOTH, set_mtu_discover, get_mtu_discover,
      "0 don't, 1 want, 2 do, 3 probe, 4 interface, 5 omit" },
    { "IP_RECVERR", SOL_IP_, 11, BOOL, BOTH, set_recverr, get_recverr,
      "ICMP errors are told at once, also those that are not final, and without a peer" },
    { "IP_MTU", SOL_IP_, 14, INT, BOTH, NULL, get_mtu, "the path MTU to the peer" },
    { "IP_BIND_ADDRESS_NO_PORT", SOL_IP_, 24, BOOL, STREAM, set_bind_no_port,
      get_bind_no_port, "bind without a port leaves its choice to connect" },
    { "IP_MULTICAST_IF", SOL_IP_, 32, SOCKET_VALUE_IFACE, SOCKET_DGRAM, NULL, NULL,
      "the interface by which multicasts leave; \"0.0.0.0\": by the routes" },
    { "IP_MULTICAST_TTL", SOL_IP_, 33, INT, SOCKET_DGRAM, multicast_set_ttl, multicast_get_ttl,
      "time to live of multicasts; 0: they stay on the host" },
    { "IP_MULTICAST_LOOP", SOL_IP_, 34, BOOL, SOCKET_DGRAM, multicast_set_loop,
      multicast_get_loop, "members on this host get its multicasts, too" },
    { "IP_ADD_MEMBERSHIP", SOL_IP_, 35, SOCKET_VALUE_GROUP, SOCKET_DGRAM, NULL, NULL,
      "joins a multicast group" },
    { "IP_DROP_MEMBERSHIP", SOL_IP_, 36, SOCKET_VALUE_GROUP, SOCKET_DGRAM, NULL, NULL,
      "leaves it, as closing the socket does" },
    { "IP_LOCAL_PORT_RANGE", SOL_IP_, 51, SOCKET_VALUE_PORTS, BOTH, set_port_range,
      get_port_range, "ephemeral ports, { first, last }; read as the first, plus 65536 times the last" },
    { .name = NULL },
};
/* clang-format on */
