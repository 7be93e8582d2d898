/* IGMP snooping: a switch that listens, and sends multicasts only where somebody wants them (RFC
 * 4541).
 *
 * From reports it learns behind which ports a group has members, from queries behind which ports
 * there are routers, both per VLAN and for a while: nothing has a timer, what is too old does not
 * count.  Reports and leaves go to routers' ports alone, so that no member hears another one's
 * report and all ports stay known; queries, and whatever goes to 224.0.0.x, go everywhere.
 *
 * Somebody must ask, or what was learnt is forgotten: a router, or a querier of the switch's own
 * (protocols/ip/querier.h), one for each VLAN that wants it.
 *
 * Groups are told apart by their IP addresses, of which 32 share each Ethernet address.
 *
 * Left out: IGMP version 3 (its reports go to the routers, and make nobody a member), PIM's hellos
 * as signs of a router, what RFC 4541 2.1.1 (4) says of topology changes. */
#ifndef WEFT_PROTOCOLS_L2_SNOOP_H
#define WEFT_PROTOCOLS_L2_SNOOP_H

#include "protocols/ip/querier.h"

struct snoop;

/* Where multicasts to groups without members go (RFC 4541 2.1.2, 3). */
enum snoop_policy {
    SNOOP_QUERIER, /* to the routers, if somebody asks; else everywhere.  Linux's bridge does so */
    SNOOP_FLOOD,   /* everywhere */
    SNOOP_ROUTERS, /* to the routers */
};

/* Names, ranges and defaults are in snoop_params. */
struct snoop_config {
    int policy;        /* enum snoop_policy */
    bool fast_leave;   /* who leaves was the only one at its port: no question */
    uint32_t capacity; /* groups */
    sim_time membership, router;
};

extern const struct param snoop_params[];

/* In place of a port: the switch itself. */
#define SNOOP_SELF UINT32_MAX

struct snoop_port {
    uint32_t port;
    uint16_t vid; /* of a router; a member's is its group's */
    sim_time until;
};

struct snoop_group {
    uint16_t vid;
    ip4 addr;
    GArray *members; /* struct snoop_port, by port */
};

/* A querier of the switch's own, in one VLAN. */
struct snoop_querier {
    struct igmp_querier igmp;
    struct snoop *snoop;
    uint16_t vid;
};

struct snoop {
    struct sim *sim;
    struct actor *actor;
    struct snoop_config config;
    /* Sends a message of its own in a VLAN, everywhere. */
    void (*send)(struct snoop *snoop, uint16_t vid, ip4 src, ip4 dst, const struct igmp *message);
    GPtrArray *groups;   /* sorted by VLAN and address */
    GArray *routers;     /* struct snoop_port, in the order of their discovery */
    GPtrArray *queriers; /* struct snoop_querier */
    uint64_t overflows;  /* groups for which there was no room */
};

/* Where one frame may go.  Zeroed: everywhere. */
struct snoop_way {
    bool prunes;                     /* to routers and members only */
    const struct snoop_group *group; /* whose members; NULL: nobody's */
    uint16_t vid;
};

/* Learns nothing yet, and asks nobody; `send` is for the queriers to come.  `actor` outlives it. */
void snoop_init(struct snoop *snoop, struct sim *sim, struct actor *actor,
                const struct snoop_config *config,
                void (*send)(struct snoop *snoop, uint16_t vid, ip4 src, ip4 dst,
                             const struct igmp *message));
/* Forgets all, and ends the queriers. */
void snoop_fini(struct snoop *snoop);

/* Makes the switch ask in a VLAN; false if it does already. */
bool snoop_ask(struct snoop *snoop, uint16_t vid, ip4 addr,
               const struct igmp_querier_config *config);

/* Learns from a message that came in at `port` (SNOOP_SELF: from the switch), and says where it
 * goes. */
struct snoop_way snoop_message(struct snoop *snoop, uint16_t vid, uint32_t port, ip4 src,
                               const struct igmp *message);

/* Where another datagram to a group goes. */
struct snoop_way snoop_data(const struct snoop *snoop, uint16_t vid, ip4 dst);

/* May a frame that goes this way leave by the port? */
bool snoop_wants(const struct snoop *snoop, const struct snoop_way *way, uint32_t port);

/* The link of the port is down: nobody is behind it. */
void snoop_forget(struct snoop *snoop, uint32_t port);

/* Does this member or router count still? */
static inline bool snoop_lives(const struct snoop *snoop, const struct snoop_port *port)
{
    return port->until > snoop->sim->now;
}

#endif
