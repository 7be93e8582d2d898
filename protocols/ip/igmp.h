/* IGMP version 2, the part of a host (RFC 2236).
 *
 * An interface keeps the groups that somebody on the node has joined.  Joining tells the routers,
 * and the switches between, by a report, which is sent once more within the unsolicited report
 * interval, since the first may be lost.  A query makes every member draw a random delay; the first
 * whose delay is over reports, and the others, who hear it, keep quiet.  Who leaves and was the
 * last to report says so, and the router asks whether anybody is left.
 *
 * Files: igmp.c (this), groups.c of what sockets and the IP layer see.
 *
 * Times and messages are those of Linux 6.18 with force_igmp_version = 2 (by itself Linux speaks
 * version 3): timers run two jiffies longer than drawn, so that a report is on the wire 8 ms after
 * the join and not at once.  A router of version 1, known by queries without a time, is answered in
 * its own version for 400 s (section 4).
 *
 * Left out: version 3 (RFC 3376) and its source filters; routers do not forward multicasts. */
#ifndef WEFT_PROTOCOLS_IP_IGMP_H
#define WEFT_PROTOCOLS_IP_IGMP_H

#include "protocols/ip/iface.h"
#include "protocols/ip/querier.h"
#include "sim/rng.h"
#include "sim/timer.h"

/* A group on an interface.  Its memory has a timer in it, so that it is used again rather than
 * freed when the last user leaves. */
struct ip_group {
    struct ip_group *next;
    struct ip_iface *iface;
    ip4 addr;
    uint32_t users;      /* who joined; 0: nobody is in it any more */
    uint8_t unsolicited; /* reports still to send without being asked */
    bool reporter;       /* the last report on the link was ours: a leave is worth sending */
    struct timer timer;  /* runs: a report is due (RFC 2236's "delaying member") */
};

struct ip_groups {
    struct ip_group *first;
    sim_time v1_until;            /* a router of version 1 was heard */
    struct igmp_querier *querier; /* it asks others; NULL: it does not */
    struct rng rng;
};

/* Reports the group soon, or says goodbye; for ip_iface_join and ip_iface_leave. */
void igmp_joined(struct ip_group *group);
void igmp_left(struct ip_group *group);

/* The timer of a group was due. */
void igmp_expire(struct sim *sim, struct timer *timer);

/* The interface went up or down: all groups are reported again, or no more. */
void igmp_iface_up(struct ip_iface *iface);
void igmp_iface_down(struct ip_iface *iface);

/* The interface is elsewhere than the switches think: all groups are reported, once. */
void igmp_iface_moved(struct ip_iface *iface);

/* Makes the interface ask others; false if it does already, or has no address to ask from. */
bool igmp_iface_ask(struct ip_iface *iface, const struct igmp_querier_config *config);

/* Ends that. */
void igmp_querier_free(struct ip_iface *iface);

/* A message to one of our groups; packet_data() is behind the IP header.  Takes it over. */
void igmp_input(struct ip_stack *ip, struct packet *packet, const struct ip_rx *rx);

extern const struct drop_reason drop_igmp_malformed;

#endif
