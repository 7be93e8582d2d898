/* The connections of a node by their addresses and ports, its listeners, its ephemeral ports. */
#ifndef WEFT_PROTOCOLS_TCP_TABLE_H
#define WEFT_PROTOCOLS_TCP_TABLE_H

#include "protocols/tcp/conn.h"
#include "sim/hash.h"

enum { LISTENER_CHAINS = 16, PERTURB_SLOTS = 16 };

/* A search that found all ports of the preferred parity taken. */
struct tcp_ports_taken {
    struct tcp_key key; /* whose local port is 0 */
    uint32_t low, remaining;
    uint64_t freed; /* the table's; nothing has become free while it is the same */
    bool known;
};

struct tcp_table {
    struct tcp_entry **buckets;
    uint32_t mask, count;
    struct tcp_listener *listeners[LISTENER_CHAINS]; /* by port */
    struct tcp_bind *binds[LISTENER_CHAINS];         /* ditto (bind.c) */
    uint64_t bind_serial;                            /* of choices of a port */
    GArray *fastopen;                /* what is known of servers (tfoclient.c); NULL: nothing */
    sim_time fastopen_paused_at;     /* when the last pause began (tfopause.c) */
    uint32_t fastopen_pauses;        /* in a row */
    struct list conns;               /* struct tcp_conn, in order of creation */
    struct list time_waits;          /* struct tcp_tw */
    uint64_t freed;                  /* how often a key or a port became free */
    struct tcp_ports_taken taken;    /* the last such search */
    uint32_t perturb[PERTURB_SLOTS]; /* where the next search for an ephemeral port begins */
};

/* An empty table. */
struct tcp_table *tcp_table_new(void);
void tcp_table_free(struct tcp_table *table); /* nothing is in it any more */

static inline uint64_t table_load(const uint8_t *p)
{
    uint64_t x;
    memcpy(&x, p, sizeof x);
    return GUINT64_FROM_LE(x);
}

/* Of a 4-tuple, keyed by the stack. */
static inline uint32_t table_hash(const struct tcp_stack *stack, const struct tcp_key *key)
{
    uint64_t x = stack->key + ((uint64_t)key->remote_port << 16 | key->local_port);

    x += table_load(key->remote.b + 8) * 0x9e3779b97f4a7c15u;
    x += table_load(key->local.b + 8) * 0xc2b2ae3d27d4eb4fu;
    x += table_load(key->remote.b) * 0x165667b19e3779f9u;
    x += table_load(key->local.b) * 0xd6e8feb86659fd93u;
    return (uint32_t)(hash_mix(x) >> 16);
}

static inline bool table_key_equal(const struct tcp_key *a, const struct tcp_key *b)
{
    uint32_t ports_a, ports_b;

    memcpy(&ports_a, &a->local_port, sizeof ports_a);
    memcpy(&ports_b, &b->local_port, sizeof ports_b);
    return ((table_load(a->remote.b + 8) ^ table_load(b->remote.b + 8)) |
            (table_load(a->remote.b) ^ table_load(b->remote.b)) |
            (table_load(a->local.b + 8) ^ table_load(b->local.b + 8)) |
            (table_load(a->local.b) ^ table_load(b->local.b)) | (ports_a ^ ports_b)) == 0;
}

/* The entry with this key, or NULL. */
static inline struct tcp_entry *table_find(const struct tcp_table *table, const struct tcp_key *key,
                                           uint32_t hash)
{
    struct tcp_entry *entry = table->buckets[hash & table->mask];

    while (entry && !(entry->hash == hash && table_key_equal(&entry->key, key)))
        entry = entry->chain;
    return entry;
}

/* entry->key is set; sets entry->hash. */
void table_add(struct tcp_table *table, struct tcp_entry *entry);
void table_remove(struct tcp_table *table, struct tcp_entry *entry);

/* `fresh` takes the place of `old`, which has the same key. */
void table_replace(struct tcp_table *table, struct tcp_entry *old, struct tcp_entry *fresh);

/* The listener for a segment of this key: one bound to its address before one bound to any; one of
 * those that share it (SO_REUSEPORT), by the key. */
struct tcp_listener *table_listener(const struct tcp_stack *stack, const struct tcp_key *key);

/* One bound to just this address and port, if any. */
struct tcp_listener *table_listener_at(const struct tcp_table *table, const struct ip_addr *local,
                                       uint16_t port);
void table_add_listener(struct tcp_table *table, struct tcp_listener *listener);
void table_remove_listener(struct tcp_table *table, struct tcp_listener *listener);
void table_close_listeners(struct tcp_table *table);

/* Somebody is bound to the port. */
bool table_port_bound(const struct tcp_table *table, uint16_t port);

/* Stands for all addresses of the node. */
bool table_any_address(const struct ip_addr *addr);

/* The ephemeral ports of somebody who has a range of his own, as far as it is inside the host's. */
struct tcp_ports table_ports(const struct tcp_stack *stack, struct tcp_ports own);

/* Gives `key`, whose local port is 0, an ephemeral port such that it is unique; ports of the lower
 * bound's parity first, as Linux.  0 or EADDRNOTAVAIL. */
int table_choose_port(struct tcp_stack *stack, struct tcp_key *key, struct tcp_ports own);

/* Whether a new connection may have this key: nobody has it, or a TIME_WAIT that may be reused and
 * now is.  `bound`: its port was taken in advance. */
bool table_key_free(struct tcp_stack *stack, const struct tcp_key *key, bool bound);

#endif
