#include "protocols/tcp/table.h"

#include <glib.h>

#include "protocols/ip/ports.h"
#include "protocols/tcp/internal.h"
#include "protocols/tcp/listen.h"
#include "sim/hash.h"

enum { BUCKETS_LEAST = 8 };

struct tcp_table *tcp_table_new(void)
{
    struct tcp_table *table = g_new0(struct tcp_table, 1);

    table->buckets = g_new0(struct tcp_entry *, BUCKETS_LEAST);
    table->mask = BUCKETS_LEAST - 1;
    list_init(&table->conns);
    list_init(&table->time_waits);
    return table;
}

void tcp_table_free(struct tcp_table *table)
{
    assert(table->count == 0);
    if (table->fastopen)
        g_array_free(table->fastopen, TRUE);
    g_free(table->buckets);
    g_free(table);
}

/* ---- Entries -------------------------------------------------------------------------------- */

static void grow(struct tcp_table *table)
{
    uint32_t old = table->mask + 1, mask = old * 2 - 1;
    struct tcp_entry **buckets = g_new0(struct tcp_entry *, mask + 1);

    for (uint32_t i = 0; i < old; i++) {
        for (struct tcp_entry *entry = table->buckets[i], *next; entry; entry = next) {
            next = entry->chain;
            entry->chain = buckets[entry->hash & mask];
            buckets[entry->hash & mask] = entry;
        }
    }
    g_free(table->buckets);
    table->buckets = buckets;
    table->mask = mask;
}

void table_add(struct tcp_table *table, struct tcp_entry *entry)
{
    assert(!entry->hashed);
    if (table->count > table->mask)
        grow(table);
    entry->hash = table_hash(entry->stack, &entry->key);
    struct tcp_entry **bucket = &table->buckets[entry->hash & table->mask];
    entry->chain = *bucket;
    *bucket = entry;
    entry->hashed = true;
    table->count++;
}

void table_remove(struct tcp_table *table, struct tcp_entry *entry)
{
    if (!entry->hashed)
        return;
    struct tcp_entry **at = &table->buckets[entry->hash & table->mask];
    while (*at != entry)
        at = &(*at)->chain;
    *at = entry->chain;
    entry->hashed = false;
    table->count--;
    table->freed++;
}

void table_replace(struct tcp_table *table, struct tcp_entry *old, struct tcp_entry *fresh)
{
    fresh->key = old->key;
    table_remove(table, old);
    table->freed--; /* the key goes on */
    table_add(table, fresh);
}

/* ---- Listeners ------------------------------------------------------------------------------ */

bool table_any_address(const struct ip_addr *addr)
{
    static const struct ip_addr zero, v4 = { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff } };
    return ip_addr_equal(addr, &zero) || ip_addr_equal(addr, &v4);
}

struct tcp_listener *table_listener_at(const struct tcp_table *table, const struct ip_addr *local,
                                       uint16_t port)
{
    struct tcp_listener *l = table->listeners[port % LISTENER_CHAINS];

    while (l && !(l->port == port && ip_addr_equal(&l->local, local)))
        l = l->chain;
    return l;
}

/* `l` is the first of its place in the chain: the one whose turn it is by the key. */
static struct tcp_listener *share(const struct tcp_stack *stack, struct tcp_listener *l,
                                  const struct tcp_key *key)
{
    uint32_t n = 0, turn;

    for (struct tcp_listener *it = l; it; it = it->chain)
        n += it->port == l->port && ip_addr_equal(&it->local, &l->local);
    turn = (uint32_t)((uint64_t)table_hash(stack, key) * n >> 32);
    for (struct tcp_listener *it = l; it; it = it->chain)
        if (it->port == l->port && ip_addr_equal(&it->local, &l->local) && turn-- == 0)
            return it;
    return l;
}

struct tcp_listener *table_listener(const struct tcp_stack *stack, const struct tcp_key *key)
{
    struct tcp_listener *l = stack->table->listeners[key->local_port % LISTENER_CHAINS];
    struct tcp_listener *any = NULL;

    for (; l && !(l->port == key->local_port && ip_addr_equal(&l->local, &key->local));
         l = l->chain)
        if (l->port == key->local_port && !any && table_any_address(&l->local))
            any = l;
    if (!l)
        l = any;
    return l && l->config->reuseport ? share(stack, l, key) : l;
}

void table_add_listener(struct tcp_table *table, struct tcp_listener *listener)
{
    struct tcp_listener **chain = &table->listeners[listener->port % LISTENER_CHAINS];
    listener->chain = *chain;
    *chain = listener;
}

void table_remove_listener(struct tcp_table *table, struct tcp_listener *listener)
{
    struct tcp_listener **at = &table->listeners[listener->port % LISTENER_CHAINS];
    while (*at != listener)
        at = &(*at)->chain;
    *at = listener->chain;
    table->freed++;
}

void table_close_listeners(struct tcp_table *table)
{
    for (int i = 0; i < LISTENER_CHAINS; i++)
        while (table->listeners[i])
            tcp_listener_forget(table->listeners[i]);
}

static bool port_listened(const struct tcp_table *table, uint16_t port)
{
    for (struct tcp_listener *l = table->listeners[port % LISTENER_CHAINS]; l; l = l->chain)
        if (l->port == port)
            return true;
    return false;
}

/* ---- Ephemeral ports ------------------------------------------------------------------------ */

bool table_key_free(struct tcp_stack *stack, const struct tcp_key *key, bool bound)
{
    struct tcp_entry *entry = table_find(stack->table, key, table_hash(stack, key));

    if (!entry)
        return true;
    if (entry->kind != TCP_KIND_TW)
        return false;
    struct tcp_tw *tw = container_of(entry, struct tcp_tw, entry);
    return tcp_tw_reusable(tw, bound);
}

/* Tries the ports low + offset, + step, ...: of one parity if the step is 2. */
static bool scan(struct tcp_stack *stack, struct tcp_key *key, uint32_t low, uint32_t remaining,
                 uint32_t offset, uint32_t step, uint32_t *steps)
{
    uint32_t port = low + offset;

    for (uint32_t i = 0; i < remaining; i += step, port += step) {
        if (port >= low + remaining)
            port -= remaining;
        key->local_port = (uint16_t)port;
        if (ports_has(stack->sysctl->reserved_ports, key->local_port) ||
            port_listened(stack->table, key->local_port) ||
            table_port_bound(stack->table, key->local_port) || !table_key_free(stack, key, false))
            continue;
        *steps = i + step;
        return true;
    }
    return false;
}

static bool known_taken(const struct tcp_stack *stack, const struct tcp_key *key, uint32_t low,
                        uint32_t remaining)
{
    const struct tcp_ports_taken *t = &stack->table->taken;

    return t->known && t->freed == stack->table->freed && t->low == low &&
           t->remaining == remaining && table_key_equal(&t->key, key) &&
           !tcp_tw_reuse_allowed(stack, key);
}

/* Ports of the preferred parity.  A client that has used them all up would look at each of them
 * for every connection (14,116 of the usual range): it is remembered until one becomes free. */
static bool scan_preferred(struct tcp_stack *stack, struct tcp_key *key, uint32_t low,
                           uint32_t remaining, uint32_t offset, uint32_t *steps)
{
    struct tcp_key wanted = *key;

    if (known_taken(stack, &wanted, low, remaining))
        return false;
    if (scan(stack, key, low, remaining, offset, 2, steps))
        return true;
    stack->table->taken =
        (struct tcp_ports_taken){ wanted, low, remaining, stack->table->freed, true };
    return false;
}

struct tcp_ports table_ports(const struct tcp_stack *stack, struct tcp_ports own)
{
    struct tcp_ports range = { (uint16_t)stack->sysctl->local_port_range[0],
                               (uint16_t)stack->sysctl->local_port_range[1] };
    struct tcp_ports all = range;

    if (all.low <= own.low && own.low <= all.high)
        range.low = own.low;
    if (all.low <= own.high && own.high <= all.high)
        range.high = own.high;
    return range;
}

/* RFC 6056, algorithm 4 (double hash), in Linux's form: connect() takes ports of the parity of the
 * range's first port as long as there are any, and leaves the others to bind(); of a range of its
 * own, it takes any. */
int table_choose_port(struct tcp_stack *stack, struct tcp_key *key, struct tcp_ports own)
{
    struct tcp_ports range = table_ports(stack, own);
    uint32_t low = range.low, remaining = range.high + 1u - low, offset, steps = 0;
    uint64_t hash = hash_bytes(key, sizeof *key, stack->key ^ 0x706f7274);
    uint32_t *perturb = &stack->table->perturb[hash % PERTURB_SLOTS];
    bool found;

    if (own.low || own.high) {
        offset = (*perturb + (uint32_t)(hash >> 32)) % remaining;
        found = scan(stack, key, low, remaining, offset, 1, &steps);
    } else {
        if (remaining > 1)
            remaining &= ~1u;
        offset = (*perturb + (uint32_t)(hash >> 32)) % remaining & ~1u;
        found = scan_preferred(stack, key, low, remaining, offset, &steps) ||
                (remaining > 1 && scan(stack, key, low, remaining, offset + 1, 2, &steps));
    }
    *perturb += steps;
    if (!found)
        key->local_port = 0;
    return found ? 0 : EADDRNOTAVAIL;
}
