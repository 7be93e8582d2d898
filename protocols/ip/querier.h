/* Who asks for members: the querier of IGMP version 2 (RFC 2236 sections 3 and 7).
 *
 * On each link one router, or a switch in its place, asks at intervals which groups have members.
 * It begins by asking a few times in quick succession; if it hears a query from a lower address it
 * falls silent, until no such query has come for the other querier present interval (section 8.5).
 * When a member leaves, the querier asks whether the group has others.
 *
 * Sans I/O: the owner sends the messages and tells of those that it hears. */
#ifndef WEFT_PROTOCOLS_IP_QUERIER_H
#define WEFT_PROTOCOLS_IP_QUERIER_H

#include <glib.h>

#include "protocols/wire/igmphdr.h"
#include "sim/list.h"
#include "sim/param.h"
#include "sim/sim.h"
#include "sim/timer.h"

struct igmp_querier;

/* Names, ranges and defaults (section 8) are in igmp_querier_params. */
struct igmp_querier_config {
    sim_time interval;    /* between general queries */
    sim_time response;    /* within which members answer them; at most 25.5 s */
    sim_time last_member; /* ... a query after a leave, and between two of these */
    uint32_t robustness;  /* how many messages may be lost, and one more */
};

extern const struct param igmp_querier_params[];

struct igmp_querier {
    void (*send)(struct igmp_querier *querier, ip4 dst, const struct igmp *message);
    struct sim *sim;
    struct igmp_querier_config config;
    ip4 addr;         /* its own */
    ip4 elected;      /* who asks, as far as it knows */
    unsigned startup; /* quick queries still to come */
    uint64_t sent;
    struct timer general; /* the next general query is due */
    struct timer present; /* runs while another one asks */
    struct timer special; /* the next of `asks` is due */
    GArray *asks;         /* queries to single groups that are to be repeated */
};

/* Begins; the first query is sent by an event at this very time. */
void igmp_querier_init(struct igmp_querier *querier, struct sim *sim, struct actor *actor, ip4 addr,
                       const struct igmp_querier_config *config,
                       void (*send)(struct igmp_querier *querier, ip4 dst,
                                    const struct igmp *message));

/* Stops asking, for good. */
void igmp_querier_fini(struct igmp_querier *querier);

/* Is it the one who asks? */
static inline bool igmp_querier_elected(const struct igmp_querier *querier)
{
    return querier->elected == querier->addr;
}

/* A message from `src` was heard on the link. */
void igmp_querier_heard(struct igmp_querier *querier, ip4 src, const struct igmp *message);

/* How long a report makes a member (8.4), and a query another querier (8.5). */
sim_time igmp_membership_interval(const struct igmp_querier_config *config);
sim_time igmp_present_interval(const struct igmp_querier_config *config);

/* How long a group lives on after a leave that nobody contradicts (8.8 and 8.9). */
sim_time igmp_last_member_time(const struct igmp_querier_config *config);

#endif
