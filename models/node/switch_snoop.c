#include "models/node/switch_snoop.h"

#include "protocols/wire/ipv4.h"

struct switch_snoop {
    struct snoop snoop;
    struct switch_node *sw;
    struct eth_addr mac; /* of the queries that it sends */
    struct actor actor;
};

struct snoop *switch_snooped(const struct switch_node *sw)
{
    return sw->snoop ? &sw->snoop->snoop : NULL;
}

static void send(struct snoop *snoop, uint16_t vid, ip4 src, ip4 dst, const struct igmp *message)
{
    struct switch_snoop *own = container_of(snoop, struct switch_snoop, snoop);
    struct packet *frame = igmp_datagram(snoop->sim, src, dst, message);
    struct eth eth = { eth_addr_of_group(dst), own->mac, ETH_TYPE_IPV4 };

    eth_emit(packet_push(frame, ETH_LEN), &eth);
    switch_originate(own->sw, frame, vid);
}

void switch_snoop_start(struct switch_node *sw, const struct snoop_config *config)
{
    struct switch_snoop *own = g_new0(struct switch_snoop, 1);
    struct network *net = sw->node.net;
    char *name = g_strdup_printf("%s igmp", sw->node.name);

    own->sw = sw;
    own->mac = node_mac(net, name);
    actor_init(&own->actor, net->sim, name);
    snoop_init(&own->snoop, net->sim, &own->actor, config, send);
    sw->snoop = own;
    g_free(name);
}

void switch_snoop_free(struct switch_node *sw)
{
    if (sw->snoop)
        snoop_fini(&sw->snoop->snoop);
    g_free(sw->snoop);
    sw->snoop = NULL;
}

void switch_snoop_forget(struct switch_port *port)
{
    struct switch_node *sw = switch_of(port->iface.node);

    if (sw->snoop)
        snoop_forget(&sw->snoop->snoop, port->number);
}

/* The datagram in the frame; false if there is none, or not a whole one. */
static bool read_header(struct packet *frame, uint32_t at, struct ipv4 *h)
{
    uint32_t length = packet_len(frame);
    const uint8_t *bytes;

    if (!packet_need(frame, at + IPV4_LEN))
        return false;
    bytes = packet_data(frame);
    if ((bytes[at - 2] << 8 | bytes[at - 1]) != ETH_TYPE_IPV4 ||
        !packet_need(frame, MIN(length, at + ipv4_header_len(bytes + at))))
        return false;
    bytes = packet_data(frame);
    if (ipv4_check(bytes + at, packet_header_len(frame) - at, length - at) != IPV4_OK)
        return false;
    ipv4_parse(bytes + at, h);
    return true;
}

struct snoop_way switch_snoop(struct switch_node *sw, struct packet *frame, bool tagged,
                              uint16_t vid, uint32_t port, bool *message)
{
    struct snoop *snoop = &sw->snoop->snoop;
    uint32_t at = ETH_LEN + (tagged ? VLAN_TAG_LEN : 0);
    struct igmp igmp;
    struct ipv4 h;

    *message = false;
    if (!read_header(frame, at, &h) || !ip4_is_group(h.dst))
        return (struct snoop_way){ 0 };
    if (h.proto != IP_PROTO_IGMP)
        return snoop_data(snoop, vid, h.dst);
    if (!igmp_read(frame, at + h.header_len, h.length - h.header_len, &igmp))
        return (struct snoop_way){ 0 };
    *message = true;
    return snoop_message(snoop, vid, port, h.src, &igmp);
}
