/* Neighbours: who is on the link, and by which Ethernet address (ARP, RFC 826).
 *
 * The states and their times are Linux's (net/core/neighbour.c), which are those of RFC 4861 7.3.2.
 * An entry is made when it is first needed and stays until its interface goes, so a pointer to it
 * is good that long; what ages is its address.  A REACHABLE entry needs no timer: whether it has
 * become STALE is seen when it is used. */
#ifndef WEFT_PROTOCOLS_IP_NEIGH_H
#define WEFT_PROTOCOLS_IP_NEIGH_H

#include "protocols/ip/stack.h"
#include "sim/sim.h"
#include "sim/timer.h"

enum neigh_state {
    NEIGH_NONE,       /* nothing known, nobody asked */
    NEIGH_INCOMPLETE, /* asked; datagrams wait */
    NEIGH_REACHABLE,
    NEIGH_STALE, /* reachable once */
    NEIGH_DELAY, /* used while stale: upper layers get a chance to confirm */
    NEIGH_PROBE, /* asked again, by unicast */
    NEIGH_FAILED,
    NEIGH_PERMANENT, /* set by hand */
    NEIGH_STATES
};

struct neigh {
    struct ip_iface *iface;
    sim_time fresh_until;   /* frames need no second thought before this time */
    struct eth_wire header; /* ready to go in front of an IP datagram */
    uint8_t state;          /* enum neigh_state; written by neigh_set_state alone */
    uint8_t probes;         /* requests sent without an answer */
    ip4 addr;
    uint32_t queue_bytes;
    struct packet_fifo queue; /* datagrams that wait, IP header first */
    sim_time confirmed;       /* last proof that it is there */
    sim_time updated;         /* last change of address or state */
    sim_time used;
    struct timer timer;
};

struct neigh_table {
    struct neigh **slots; /* open addressing by address */
    uint32_t used, capacity;
    uint32_t known;     /* entries not NEIGH_NONE */
    sim_time reachable; /* how long a confirmation is good: random, RFC 4861 6.3.4 */
    sim_time reachable_drawn;
};

/* The entry of an address, made if need be; NULL if the table is full. */
struct neigh *neigh_get(struct ip_iface *iface, ip4 addr);

/* The entry of an address, or NULL. */
struct neigh *neigh_find(const struct ip_iface *iface, ip4 addr);

/* The state as of now: a confirmation that has run out makes REACHABLE STALE. */
enum neigh_state neigh_state_now(const struct neigh *neigh);

/* "REACHABLE", as ip-neighbour(8) writes it. */
const char *neigh_state_name(enum neigh_state state);

/* Frames whose neighbour has to be found out about first. */
enum xmit neigh_output_slow(struct neigh *neigh, struct packet *packet);

/* Sends a datagram (IP header first) to the neighbour.  Takes it over.  One that waits for an
 * answer to ARP counts as sent. */
static inline enum xmit neigh_output(struct neigh *neigh, struct packet *packet, sim_time now)
{
    if (__builtin_expect(now >= neigh->fresh_until, 0))
        return neigh_output_slow(neigh, packet);
    memcpy(packet_push(packet, ETH_LEN), &neigh->header, ETH_LEN);
    return neigh->iface->ops->transmit(neigh->iface, packet);
}

/* The same for an entry that is not fresh. */
void neigh_confirm_slow(struct neigh *neigh);

/* A layer above made progress with this neighbour.  That a REACHABLE entry is fresh longer is seen
 * when its time would be over. */
static inline void neigh_confirm(struct neigh *neigh, sim_time now)
{
    if (__builtin_expect(now < neigh->fresh_until, 1))
        neigh->confirmed = now;
    else
        neigh_confirm_slow(neigh);
}

/* What an ARP message says about a neighbour: it has this address, and is in the state REACHABLE or
 * STALE by that.  Without `override` a different address is not believed but makes it STALE. */
void neigh_update(struct neigh *neigh, const struct eth_addr *mac, enum neigh_state state,
                  bool override);

/* An entry set by hand, which never ages. */
void neigh_set_permanent(struct ip_iface *iface, ip4 addr, const struct eth_addr *mac);

/* Visits the entries that are not NEIGH_NONE, by address. */
void neigh_each(const struct ip_iface *iface, void (*visit)(const struct neigh *neigh, void *data),
                void *data);

/* Forgets all addresses but those set by hand, dropping what waits for `reason`. */
void neigh_flush(struct ip_iface *iface, const struct drop_reason *reason);

/* Frees the table. */
void neigh_free_all(struct ip_iface *iface);

/* ---- ARP messages (arp.c) -------------------------------------------------------------------- */

/* An ARP message arrived; packet_data() is behind the Ethernet header.  Takes it over. */
void arp_input(struct ip_iface *iface, struct packet *packet, const struct eth *eth);

/* Asks for `target`, by broadcast if `to` is NULL.  `sender` is the own address to name. */
void arp_request(struct ip_iface *iface, ip4 sender, ip4 target, const struct eth_addr *to);

/* Tells everybody that `addr` is here (RFC 5227 3). */
void arp_announce(struct ip_iface *iface, ip4 addr);

extern const struct drop_reason drop_neigh_failed, drop_neigh_queue_full, drop_neigh_table_full,
    drop_arp_malformed;

#endif
