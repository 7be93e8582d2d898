/* How often ICMP errors may be sent (RFC 1812 4.3.2.8), as Linux limits them: a token bucket for
 * all (icmp_msgs_per_sec, icmp_msgs_burst) and one for each destination (icmp_ratelimit in ms per
 * message, bursts of six), both for the types of icmp_ratemask.  Redirects have their own rule:
 * each doubles the pause to the next, and who ignores nine gets none until it is quiet for 20 s. */
#include "protocols/ip/icmp.h"
#include "protocols/ip/state.h"

enum { BURST_PER_PEER = 6, REDIRECT_NUMBER = 9 };

#define REDIRECT_LOAD    (20 * SIM_MS)
#define REDIRECT_SILENCE (REDIRECT_LOAD << (REDIRECT_NUMBER + 1))
#define LONG_AGO         (-60 * SIM_S) /* a peer is born with a full bucket */

/* A destination of errors, or a source of datagrams that others should route. */
struct peer {
    sim_time tokens, tokens_at;
    sim_time redirected_at;
    uint32_t redirects; /* sent and ignored so far */
};

struct icmp_limits {
    GHashTable *peers; /* address -> struct peer */
    uint64_t credit;   /* messages that may still be sent to all */
    sim_time filled_at;
    bool started;
};

static struct icmp_limits *limits_get(struct ip_stack *ip)
{
    struct ip_state *state = ip_state(ip);

    if (!state->limits) {
        state->limits = g_new0(struct icmp_limits, 1);
        state->limits->peers = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    }
    return state->limits;
}

static struct peer *peer_get(struct ip_stack *ip, ip4 addr)
{
    GHashTable *peers = limits_get(ip)->peers;
    struct peer *peer = g_hash_table_lookup(peers, GUINT_TO_POINTER(addr));

    if (!peer) {
        peer = g_new(struct peer, 1);
        *peer = (struct peer){ .tokens_at = ip->sim->now + LONG_AGO,
                               .redirected_at = ip->sim->now + LONG_AGO };
        g_hash_table_insert(peers, GUINT_TO_POINTER(addr), peer);
    }
    return peer;
}

/* icmp_global_allow: when all credit is used up it is filled for the time since, in steps of at
 * least 20 ms, up to the burst. */
static bool global_allowed(struct ip_stack *ip)
{
    struct icmp_limits *limits = limits_get(ip);
    sim_time elapsed = ip->sim->now - limits->filled_at;

    if (limits->credit > 0)
        return true;
    if (!limits->started || elapsed > SIM_S)
        elapsed = SIM_S;
    uint64_t more = ip->sysctl->icmp_msgs_per_sec * (uint64_t)(elapsed / SIM_US) / 1000000;
    if (elapsed < 20 * SIM_MS || more == 0)
        return false;
    limits->started = true;
    limits->filled_at = ip->sim->now;
    limits->credit = MIN(more, ip->sysctl->icmp_msgs_burst);
    return true;
}

/* inet_peer_xrlim_allow. */
static bool peer_allowed(struct ip_stack *ip, ip4 to)
{
    sim_time cost = ip->sysctl->icmp_ratelimit * SIM_MS;
    struct peer *peer = peer_get(ip, to);

    peer->tokens += ip->sim->now - peer->tokens_at;
    peer->tokens_at = ip->sim->now;
    peer->tokens = MIN(peer->tokens, BURST_PER_PEER * cost);
    if (peer->tokens < cost)
        return false;
    peer->tokens -= cost;
    return true;
}

bool icmp_allowed(struct ip_stack *ip, ip4 to, uint8_t type, uint8_t code)
{
    bool unlimited = type >= 32 || !(ip->sysctl->icmp_ratemask >> type & 1) ||
                     (type == ICMP_DEST_UNREACH && code == ICMP_FRAG_NEEDED) || ip_is_local(ip, to);

    if (unlimited)
        return true;
    if (!global_allowed(ip)) {
        ip_count(ip, IcmpOutRateLimitGlobal);
        return false;
    }
    if (!peer_allowed(ip, to)) {
        ip_count(ip, IcmpOutRateLimitHost);
        return false;
    }
    /* Linux takes one credit on average, by a draw that hides the limit from a prober. */
    if (limits_get(ip)->credit > 0)
        limits_get(ip)->credit--;
    return true;
}

/* ip_rt_send_redirect. */
void icmp_redirect(struct ip_stack *ip, struct packet *packet, struct ip_iface *in, ip4 gateway)
{
    const struct ipv4_wire *h = ipv4_at(packet->buf + packet->l3);
    struct peer *peer = peer_get(ip, get_be32(h->src));
    sim_time now = ip->sim->now;

    if (now > peer->redirected_at + REDIRECT_SILENCE)
        peer->redirects = 0;
    if (peer->redirects >= REDIRECT_NUMBER) {
        peer->redirected_at = now;
        return;
    }
    if (peer->redirects > 0 && now <= peer->redirected_at + (REDIRECT_LOAD << peer->redirects))
        return;
    icmp_error(ip, packet, in, ICMP_REDIRECT, ICMP_REDIRECT_HOST, gateway);
    peer->redirected_at = now;
    peer->redirects++;
}

void icmp_limits_free(struct ip_stack *ip)
{
    if (!ip->state->limits)
        return;
    g_hash_table_destroy(ip->state->limits->peers);
    g_free(ip->state->limits);
    ip->state->limits = NULL;
}
