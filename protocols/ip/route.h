/* Routes: what the table holds, how they are added and removed, and the way a datagram takes.
 *
 * A route is a prefix with a metric and one or more next hops.  Of several routes to one prefix the
 * one with the least metric counts that has a next hop whose interface is up; if none has, a
 * shorter prefix does.  Of several next hops a flow always takes the same, chosen by a hash
 * (hash-threshold, RFC 2992, with weights, as Linux). */
#ifndef WEFT_PROTOCOLS_IP_ROUTE_H
#define WEFT_PROTOCOLS_IP_ROUTE_H

#include "protocols/ip/stack.h"

enum ip_route_type {
    IP_ROUTE_UNICAST,     /* through a next hop */
    IP_ROUTE_LOCAL,       /* to this node */
    IP_ROUTE_BLACKHOLE,   /* dropped in silence */
    IP_ROUTE_UNREACHABLE, /* refused: host unreachable */
    IP_ROUTE_PROHIBIT,    /* refused: administratively prohibited */
};

enum ip_route_flag {
    IP_ROUTE_CONNECTED = 1 << 0, /* of an interface's subnet */
    IP_ROUTE_AUTO = 1 << 1,      /* made by the automatic routing of a topology */
};

struct ip_hop {
    struct ip_iface *iface;
    struct neigh *neigh; /* the gateway, once it was needed */
    ip4 gateway;         /* 0: the destination itself is on the link */
    uint32_t weight;     /* its share of the flows */
};

struct ip_route {
    struct ip_route *next; /* same prefix, greater metric */
    ip4 prefix;
    uint32_t metric;
    uint32_t initcwnd; /* as in struct ip_route_spec */
    uint8_t length;
    uint8_t type;  /* enum ip_route_type */
    uint8_t flags; /* enum ip_route_flag */
    uint8_t n_hops;
    uint8_t n_up;       /* hops whose interface is up */
    uint16_t up_weight; /* of those */
    struct ip_hop hops[];
};

enum { IP_ROUTE_HOPS = 255, IP_WEIGHT_MAX = 256 };

/* A next hop as it is added. */
struct ip_via {
    struct ip_iface *iface; /* NULL: the one whose subnet the gateway is in */
    ip4 gateway;            /* 0: on the link */
    uint16_t weight;        /* 1 to IP_WEIGHT_MAX; 0 counts as 1 */
};

/* A route as it is added. */
struct ip_route_spec {
    ip4 prefix; /* bits behind `length` are ignored */
    uint8_t length, type, flags;
    uint32_t metric;
    uint32_t initcwnd; /* TCP's initial window on this way, packets (ip-route(8)); 0: TCP's own */
    uint32_t n_vias;
    const struct ip_via *vias;
};

/* Adds a route.  0, EEXIST if the prefix has one with this metric, ENETUNREACH if a gateway is on
 * no link, EINVAL if a unicast route has no hop or too many. */
int ip_route_add(struct ip_stack *ip, const struct ip_route_spec *spec);

/* Adds one more next hop to the route with this prefix and metric, or makes the route; adding the
 * same again changes nothing but initcwnd, if that is given.  Errors as ip_route_add. */
int ip_route_append(struct ip_stack *ip, const struct ip_route_spec *spec);

/* Removes the route; 0, or ESRCH if there is none. */
int ip_route_remove(struct ip_stack *ip, ip4 prefix, int length, uint32_t metric);

/* Automatic routes stand behind all others. */
#define IP_METRIC_AUTO 1024u

/* Adds next hops to the automatic route of a prefix. */
void ip_route_add_auto(struct ip_stack *ip, ip4 prefix, int length, const struct ip_via *vias,
                       uint32_t n);

/* Removes all automatic routes. */
void ip_route_flush_auto(struct ip_stack *ip);

/* Visits the routes by prefix, then metric. */
void ip_route_each(const struct ip_stack *ip,
                   void (*visit)(const struct ip_route *route, void *data), void *data);

/* The route that datagrams to `dst` take now, exceptions (redirects) aside; NULL if there is
 * none. */
const struct ip_route *ip_route_lookup(const struct ip_stack *ip, ip4 dst);

/* The next hop of a flow with this hash, among those whose interface is up; NULL if none is.  With
 * `use_neigh` (net.ipv4.fib_multipath_use_neigh) those whose ARP entry is no good come last. */
struct ip_hop *ip_hop_choose(const struct ip_route *route, uint32_t hash, bool use_neigh);

extern const struct drop_reason drop_no_route, drop_blackhole, drop_unreachable, drop_prohibited;

#endif
