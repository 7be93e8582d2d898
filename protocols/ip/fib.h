/* The forwarding information base: longest-prefix match over IPv4 prefixes.
 *
 * A path-compressed binary trie (Morrison's PATRICIA, 1968; Sklower 1991 for routing): a node
 * stands for a prefix, its children for longer ones inside it, and a chain of nodes with one child
 * and no route does not exist.  With n prefixes there are at most 2n nodes, of 24 bytes, in one
 * array that grows by half; so three routes cost 72 bytes and a look-up among 10^5 random
 * ones some 20 steps.  The destination cache in front of it (route.h) sees to it that few packets
 * get here.
 *
 * The trie knows nothing of routes but a pointer. */
#ifndef WEFT_PROTOCOLS_IP_FIB_H
#define WEFT_PROTOCOLS_IP_FIB_H

#include "protocols/ip/addr.h"

struct ip_route;

struct fib_node {
    ip4 prefix;
    uint32_t child[2]; /* by the bit behind the prefix; FIB_NONE: none */
    uint8_t length;
    struct ip_route *route; /* NULL: only a fork */
};

#define FIB_NONE UINT32_MAX

struct fib {
    struct fib_node *nodes;
    uint32_t used, capacity;
    uint32_t root;
    uint32_t free; /* through child[0] */
};

/* An empty table; takes no memory. */
void fib_init(struct fib *fib);

/* Frees the table, not the routes. */
void fib_fini(struct fib *fib);

/* Where the route of this very prefix is kept, NULL in it if it is new; a new entry must be filled
 * before the next call.  Bits of `prefix` behind its length must be 0.  The place is valid until
 * the table changes. */
struct ip_route **fib_insert(struct fib *fib, ip4 prefix, int length);

/* The route of this very prefix, or NULL. */
struct ip_route *fib_exact(const struct fib *fib, ip4 prefix, int length);

/* Takes the prefix out and returns its route; NULL if there is none. */
struct ip_route *fib_remove(struct fib *fib, ip4 prefix, int length);

/* The route of the longest prefix that covers `addr` and is shorter than `below` (33 for any), or
 * NULL. */
struct ip_route *fib_lookup(const struct fib *fib, ip4 addr, int below);

/* Visits all routes by prefix, shorter first; `visit` must not change the table. */
void fib_each(const struct fib *fib, void (*visit)(struct ip_route *route, void *data), void *data);

/* Is the trie in order?  For asserts and tests. */
bool fib_check(const struct fib *fib);

#endif
