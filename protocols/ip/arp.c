/* ARP messages (RFC 826, RFC 5227): what arrives, what is said. */
#include "protocols/wire/arp.h"

#include "protocols/ip/neigh.h"
#include "protocols/ip/state.h"

DROP_REASON(arp_malformed, "no ARP message about IPv4 over Ethernet");

/* An address learnt less than this ago is not replaced (net.ipv4.neigh.*.locktime). */
#define ARP_LOCKTIME SIM_S

static void arp_send(struct ip_iface *iface, const struct eth_addr *to, const struct arp *message)
{
    struct packet *packet = packet_new(iface->ip->sim);
    struct eth eth = { *to, iface->mac, ETH_TYPE_ARP };

    if (!iface->up) {
        packet_drop(packet, iface->drops, &drop_iface_down);
        return;
    }
    arp_emit(packet_push(packet, ARP_LEN), message);
    eth_emit(packet_push(packet, ETH_LEN), &eth);
    iface->ops->transmit(iface, packet);
}

void arp_request(struct ip_iface *iface, ip4 sender, ip4 target, const struct eth_addr *to)
{
    struct arp message = {
        .opcode = ARP_REQUEST, .sender_mac = iface->mac, .sender_ip = sender, .target_ip = target
    };

    if (to)
        message.target_mac = *to;
    arp_send(iface, to ? to : &ETH_BROADCAST, &message);
}

void arp_announce(struct ip_iface *iface, ip4 addr)
{
    arp_request(iface, addr, addr, NULL);
}

static void arp_reply(struct ip_iface *iface, const struct arp *request)
{
    struct arp message = { .opcode = ARP_REPLY,
                           .sender_mac = iface->mac,
                           .sender_ip = request->target_ip,
                           .target_mac = request->sender_mac,
                           .target_ip = request->sender_ip };

    arp_send(iface, &request->sender_mac, &message);
}

/* Linux's arp_ignore: whether a request for one of our addresses is none of this interface's
 * business. */
static bool ignores(const struct ip_iface *iface, ip4 asker, ip4 target)
{
    switch (iface->ip->sysctl->arp_ignore) {
    case 1: /* the address must be this interface's */
        return !ip_iface_owns(iface, target);
    case 2: /* ... and the asker in its subnet */
        return !ip_iface_owns(iface, target) || !ip_iface_joins(iface, target, asker);
    case 8:
        return true;
    default: /* 3 asks for scopes, of which there is one here */
        return false;
    }
}

/* Linux's arp_filter: what we have to say to the asker leaves by another interface. */
static bool filters(const struct ip_iface *iface, ip4 asker)
{
    struct ip_stack *ip = iface->ip;

    if (!ip->sysctl->arp_filter)
        return false;
    const struct ip_dst *entry = ip_dst_get(ip, asker);
    const struct neigh *neigh =
        entry->kind == IP_KIND_UNICAST ? ip_dst_neigh(ip, entry, 0, 0, NULL, 0) : NULL;
    return !neigh || neigh->iface != iface;
}

/* A request for one of our addresses: who asks is known from now on, and is answered.  A probe from
 * nobody (RFC 5227 2.1.1) is only answered. */
static void arp_answer(struct ip_iface *iface, const struct arp *message)
{
    ip4 asker = message->sender_ip;

    if (ignores(iface, asker, message->target_ip) || (asker && filters(iface, asker)))
        return;
    struct neigh *neigh = asker ? neigh_get(iface, asker) : NULL;
    if (neigh)
        neigh_update(neigh, &message->sender_mac, NEIGH_STALE, true);
    arp_reply(iface, message);
}

/* Any other message updates an entry that exists; gratuitous ones make entries if arp_accept says
 * so.  Only a reply to us proves that the neighbour is reachable. */
static void arp_learn(struct ip_iface *iface, const struct arp *message, bool to_us)
{
    struct ip_stack *ip = iface->ip;
    struct neigh *neigh = neigh_find(iface, message->sender_ip);
    bool gratuitous = message->sender_ip == message->target_ip;
    bool reply = message->opcode == ARP_REPLY;

    if (!neigh && gratuitous && ip->sysctl->arp_accept &&
        ip_iface_onlink(iface, message->sender_ip))
        neigh = neigh_get(iface, message->sender_ip);
    if (!neigh || (neigh->state == NEIGH_NONE && !(gratuitous && ip->sysctl->arp_accept)))
        return;
    bool override = gratuitous || ip->sim->now > neigh->updated + ARP_LOCKTIME;
    neigh_update(neigh, &message->sender_mac, reply && to_us ? NEIGH_REACHABLE : NEIGH_STALE,
                 override);
}

void arp_input(struct ip_iface *iface, struct packet *packet, const struct eth *eth)
{
    struct arp message;

    if (!packet_need(packet, ARP_LEN) || !arp_check(packet_data(packet), ARP_LEN)) {
        packet_drop(packet, iface->drops, &drop_arp_malformed);
        return;
    }
    arp_parse(packet_data(packet), &message);
    if (ip4_is_multicast(message.target_ip) || ip4_is_loopback(message.target_ip) ||
        (message.opcode != ARP_REQUEST && message.opcode != ARP_REPLY)) {
        packet_drop(packet, iface->drops, &drop_arp_malformed);
        return;
    }
    if (message.opcode == ARP_REQUEST && message.sender_ip != message.target_ip &&
        ip_is_local(iface->ip, message.target_ip))
        arp_answer(iface, &message);
    else if (message.sender_ip)
        arp_learn(iface, &message, !eth_is_group(&eth->dst));
    packet_consumed(packet);
}
