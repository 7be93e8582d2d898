/* The host under test: a node whose one interface ends here. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocols/ip/neigh.h"
#include "protocols/ip/route.h"
#include "protocols/tcp/gso.h"
#include "protocols/wire/checksum.h"
#include "protocols/wire/tcphdr.h"
#include "tools/packetdrill/translate.h"

enum { PREFIX = 16, MTU_MIN = 68, MTU_MAX = 65535, PACKET_MAX = 65535 };
enum { IPV4_MIN = 20, IPV4_DST = 16 };

static const struct eth_addr own_mac = { { 0x02, 0, 0, 0, 0, 1 } };
static const struct eth_addr gateway_mac = { { 0x02, 0, 0, 0, 0, 2 } };

/* ---- Packets --------------------------------------------------------------------------------- */

static DROP_REASON(untranslatable, "IPv6 that has no like in IPv4, or the other way round");

/* The packet in the version of IP that it has on the wire; false: it has none. */
static bool translate_out(struct drill *drill, struct drill_packet *out, uint32_t length)
{
    uint8_t *v4;

    out->length = length;
    if (!drill_leaves_as_v6(drill, out->bytes))
        return true;
    v4 = g_memdup2(out->bytes, length);
    out->length = drill_to_v6(drill, v4, length, out->bytes);
    g_free(v4);
    return out->length > 0;
}

/* What leaves is kept as bytes, and worth a halt of the simulation. */
static void keep(struct drill *drill, struct packet *frame)
{
    uint32_t length = packet_len(frame) - ETH_LEN;
    struct drill_packet *out = g_malloc(sizeof *out + length + DRILL_GROWTH);

    packet_finish_checksums(frame);
    packet_read(frame, ETH_LEN, out->bytes, length);
    if (!translate_out(drill, out, length)) {
        g_free(out);
        packet_drop(frame, &drill->drops, &drop_untranslatable);
        return;
    }
    out->at = drill->net->sim->now;
    g_queue_push_tail(&drill->out, out);
    sim_stop(drill->net->sim);
    packet_delivered(frame);
}

static bool is_ipv4(const struct packet *frame)
{
    struct eth_wire header;

    packet_read(frame, 0, (uint8_t *)&header, ETH_LEN);
    return get_be16(header.type) == ETH_TYPE_IPV4;
}

/* A TUN device takes super-segments, but none whose CWR flag is part of a counter: Linux knows of
 * no such device, and cuts them itself (NETIF_F_GSO_ACCECN). */
static enum xmit transmit(struct ip_iface *iface, struct packet *frame)
{
    struct drill *drill = container_of(iface, struct drill, iface);
    bool cut = frame->gso_size && frame->flags & PACKET_KEEP_CWR;

    if (!is_ipv4(frame)) {
        packet_delivered(frame);
        return XMIT_SENT;
    }
    while (cut && frame)
        keep(drill, tcp_gso_next(&frame));
    if (frame)
        keep(drill, frame);
    return XMIT_SENT;
}

static const struct ip_iface_ops iface_ops = { .transmit = transmit };

/* A packet above the MTU stands for several segments that a driver has put together (GRO).  How
 * large each was it does not say: the flag mss= does, or else what the sender announced with its
 * SYN is the best guess. */
static void learn_mss(struct drill *drill, const uint8_t *tcp, uint32_t header)
{
    struct tcphdr_options options;

    if (!(tcp[13] & TH_SYN) || drill->segment_size)
        return;
    tcphdr_options_parse(tcp + 20, header - 20, &options);
    drill->peer_mss = options.present & TCPHAS_MSS ? options.mss : 0;
}

/* The size of its segments; 0: it is one. */
static uint16_t segment_size(struct drill *drill, const uint8_t *bytes, size_t length,
                             size_t wire_length)
{
    size_t ip = length > 0 ? (size_t)(bytes[0] & 15) * 4 : 0;
    uint32_t tcp = length > ip && bytes[9] == IP_PROTO_TCP
                       ? tcphdr_check(bytes + ip, (uint32_t)(length - ip))
                       : 0;

    if (tcp == 0)
        return 0;
    learn_mss(drill, bytes + ip, tcp);
    if (drill->segment_size)
        return length - ip - tcp > drill->segment_size ? drill->segment_size : 0;
    return wire_length > drill->mtu ? drill->peer_mss : 0;
}

void drill_adopt(struct drill *drill, ip4 addr)
{
    ip4 mask = ip4_mask(PREFIX), own = 0;

    ip_iface_address(&drill->iface, &own);
    if ((addr & mask) == (own & mask) && (addr & ~mask) != 0 && (addr & ~mask) != ~mask)
        ip_iface_add_address(&drill->iface, addr, PREFIX);
}

/* Whoever it is for, if it could be an address of ours. */
static void adopt_destination(struct drill *drill, const uint8_t *bytes, size_t length)
{
    if (length >= IPV4_MIN && bytes[0] >> 4 == 4)
        drill_adopt(drill, get_be32(*(const be32 *)(bytes + IPV4_DST)));
}

void drill_add_neighbour(struct drill *drill, ip4 addr)
{
    neigh_set_permanent(&drill->iface, addr, &gateway_mac);
}

/* `bytes` are IPv4; `wire_length` is what the packet had on the wire. */
static void input(struct drill *drill, struct packet *packet, struct blob *blob, size_t length,
                  size_t wire_length)
{
    struct eth_wire header = { .dst = own_mac, .src = gateway_mac };

    packet_set_payload(packet, blob, 0, (uint32_t)length);
    header.type = put_be16(ETH_TYPE_IPV4);
    memcpy(packet_push(packet, ETH_LEN), &header, ETH_LEN);
    packet->flags |= PACKET_UNTRUSTED;
    packet->gso_size = segment_size(drill, blob->bytes, length, wire_length);
    adopt_destination(drill, blob->bytes, length);
    ip_iface_input(&drill->iface, packet);
}

static void input_v6(struct drill *drill, struct packet *packet, const uint8_t *bytes,
                     size_t wire_length)
{
    struct blob *blob = blob_new((uint32_t)wire_length);
    size_t length = drill_to_v4(drill, bytes, wire_length, blob->bytes);

    if (length == 0) {
        blob_unref(blob);
        packet_drop(packet, &drill->drops, &drop_untranslatable);
    } else if (drill_tell_tcp(drill, bytes, blob->bytes, length)) {
        blob_unref(blob);
        packet_consumed(packet);
    } else {
        input(drill, packet, blob, length, wire_length);
    }
}

int drill_inject(struct drill *drill, const void *bytes, size_t length)
{
    struct packet *packet = packet_new(drill->net->sim);

    if (length == 0 || length > PACKET_MAX) {
        packet_consumed(packet);
        return -EINVAL;
    }
    if (*(const uint8_t *)bytes >> 4 == 6)
        input_v6(drill, packet, bytes, length);
    else
        input(drill, packet, blob_copy(bytes, (uint32_t)length), length, length);
    return 0;
}

/* ---- Flags ----------------------------------------------------------------------------------- */

struct flags {
    ip4 local, gateway;
    struct ip_addr local6;
    uint32_t mtu;
    uint16_t mss;
};

static void refuse(const char *flag, const char *remedy)
{
    fprintf(stderr, "weft_packetdrill: --so_flags \"%s\": %s\n", flag, remedy);
    exit(2);
}

/* An address of either family; the other stays as it is. */
static void read_address(const char *flag, const char *text, ip4 *v4, struct ip_addr *v6)
{
    if (!ip4_parse(text, v4, NULL) && inet_pton(AF_INET6, text, v6) != 1)
        refuse(flag, "an address is wanted, local=192.168.0.1 or local=fd3d:a0b:17d6::1");
}

static void read_flag(struct flags *flags, const char *flag)
{
    const char *value = strchr(flag, '=');
    struct flags remote;

    if (!value)
        refuse(flag, "write name=value: local=, remote=, mtu=, mss=");
    value++;
    if (g_str_has_prefix(flag, "local="))
        read_address(flag, value, &flags->local, &flags->local6);
    else if (g_str_has_prefix(flag, "remote="))
        read_address(flag, value, &remote.local, &remote.local6); /* all others are behind the
                                                                     gateway */
    else if (g_str_has_prefix(flag, "mtu="))
        flags->mtu = (uint32_t)g_ascii_strtoull(value, NULL, 10);
    else if (g_str_has_prefix(flag, "mss="))
        flags->mss = (uint16_t)g_ascii_strtoull(value, NULL, 10);
    else
        refuse(flag, "there are local=, remote=, mtu= and mss=");
    if (flags->mtu < MTU_MIN || flags->mtu > MTU_MAX)
        refuse(flag, "mtu is from 68 to 65535");
}

static struct flags read_flags(const char *text)
{
    struct flags flags = { .local = 0xc0a80001, .mtu = IP_MTU_DEFAULT };
    inet_pton(AF_INET6, "fd3d:a0b:17d6::1", &flags.local6);
    char **list = g_strsplit(text ? text : "", ",", -1);

    for (char **flag = list; *flag; flag++)
        if (**flag)
            read_flag(&flags, *flag);
    g_strfreev(list);
    ip4 mask = ip4_mask(PREFIX);
    flags.gateway = (flags.local & mask) | (~mask & ~1u); /* the last address of the subnet */
    if (flags.gateway == flags.local)
        flags.gateway--;
    return flags;
}

/* ---- Life ------------------------------------------------------------------------------------ */

static void connect_host(struct drill *drill, const struct flags *flags)
{
    struct ip_via via = { .iface = &drill->iface, .gateway = flags->gateway };
    struct ip_route_spec route = { .n_vias = 1, .vias = &via };

    drill->mtu = flags->mtu;
    drill->local6 = flags->local6;
    drill->segment_size = flags->mss;
    drill->drops.name = "tun0";
    ip_iface_init(&drill->iface, &drill->node->ip, "tun0", own_mac, &iface_ops, &drill->drops);
    ip_iface_set_mtu(&drill->iface, flags->mtu);
    int error = ip_iface_add_address(&drill->iface, flags->local, PREFIX);
    if (error == 0)
        error = ip_route_add(&drill->node->ip, &route);
    if (error != 0)
        refuse("local", strerror(error));
    neigh_set_permanent(&drill->iface, flags->gateway, &gateway_mac);
}

/* Scripts know Linux's CUBIC, whose window is a packet ahead of RFC 9438's below W_max. */
static void use_linux_cubic(struct tcp_memory *memory)
{
    const struct cc_ops *ops;
    void *params;

    if (cc_parse(NULL, "cubic plateau linux", &ops, &params, NULL))
        tcp_memory_set_params(memory, ops, params);
}

struct drill *drill_new(const char *text)
{
    struct drill *drill = g_new0(struct drill, 1);
    struct flags flags = read_flags(text);

    pthread_mutex_init(&drill->lock, NULL);
    pthread_cond_init(&drill->wake, NULL);
    drill->main = pthread_self();
    g_queue_init(&drill->out);
    drill->sysctls = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    drill->aliased = g_array_new(FALSE, FALSE, sizeof(struct ip_addr));
    drill->net = network_new("packetdrill", 1);
    drill->node = network_add_node(drill->net, "host", NODE_HOST, NULL);
    drill_clock_init(drill);
    connect_host(drill, &flags);
    drill_device_init(drill);
    use_linux_cubic(drill->net->tcp_memory);
    return drill;
}

void drill_free(struct drill *drill)
{
    for (int fd = 0; fd < DRILL_FDS; fd++)
        drill_forget_file(drill, fd);
    g_queue_clear_full(&drill->out, g_free);
    g_hash_table_destroy(drill->sysctls);
    g_array_free(drill->aliased, TRUE);
    sockets_fini(node_sockets(drill->node));
    ip_iface_fini(&drill->iface);
    drops_fini(&drill->drops);
    network_free(drill->net);
    pthread_cond_destroy(&drill->wake);
    pthread_mutex_destroy(&drill->lock);
    g_free(drill);
}
