/* Echo requests that this node sends, and what comes back. */
#include "protocols/ip/icmp.h"
#include "protocols/ip/state.h"

static struct ping **find(struct ip_state *state, uint16_t id)
{
    struct ping **at = &state->pings;

    while (*at && (*at)->id != id)
        at = &(*at)->next;
    return at;
}

void ping_open(struct ip_stack *ip, struct ping *ping)
{
    struct ip_state *state = ip_state(ip);

    do
        ping->id = (uint16_t)rng_u64(&state->rng);
    while (ping->id == 0 || *find(state, ping->id));
    ping->next = state->pings;
    state->pings = ping;
}

void ping_close(struct ip_stack *ip, struct ping *ping)
{
    struct ping **at = find(ip_state(ip), ping->id);

    if (*at == ping)
        *at = ping->next;
}

int ping_send(struct ip_stack *ip, struct ping *ping, uint16_t seq, struct packet *packet,
              const struct ip_tx *tx)
{
    struct ip_tx own = *tx;

    own.proto = IP_PROTO_ICMP;
    icmp_push_header(packet, ICMP_ECHO, 0, (uint32_t)ping->id << 16 | seq);
    ip_count(ip, IcmpOutMsgs);
    icmp_count_out(ip, ICMP_ECHO);
    int error = ip_send(ip, packet, &own, NULL);
    if (error == XMIT_DROPPED)
        ip_count(ip, IpOutDiscards);
    return error > 0 ? error : 0; /* a request that the host's own queue refused is lost */
}

bool ping_input(struct ip_stack *ip, struct packet *packet, uint16_t id, uint16_t seq,
                const struct ip_rx *rx)
{
    struct ping *ping = *find(ip_state(ip), id);

    if (!ping)
        return false;
    ping->reply(ping, seq, packet, rx);
    return true;
}

void ping_error(struct ip_stack *ip, uint8_t type, uint8_t code, uint32_t info,
                const uint8_t *quote, uint32_t quote_len, const struct ip_rx *rx)
{
    struct icmp h;

    if (!icmp_check(quote, quote_len))
        return;
    icmp_parse(quote, &h);
    struct ping *ping = *find(ip_state(ip), icmp_echo_id(&h));
    if (h.type == ICMP_ECHO && ping && ping->error)
        ping->error(ping, icmp_echo_seq(&h), type, code, info, rx);
}
