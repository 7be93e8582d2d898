#include "protocols/ip/fib.h"

#include <assert.h>

void fib_init(struct fib *fib)
{
    *fib = (struct fib){ .root = FIB_NONE, .free = FIB_NONE };
}

void fib_fini(struct fib *fib)
{
    g_free(fib->nodes);
    fib_init(fib);
}

/* ---- Look-up ------------------------------------------------------------------------------- */

static bool covers(const struct fib_node *node, ip4 addr)
{
    return (uint64_t)(addr ^ node->prefix) >> (32 - node->length) == 0;
}

/* The bit behind a prefix of this length; 0 behind a whole address. */
static unsigned bit_behind(ip4 addr, int length)
{
    return ((uint64_t)addr << length) >> 31 & 1;
}

/* Forks are passed without a look at their prefix: a route that does not cover the address is not
 * taken, and below one there is none that does. */
struct ip_route *fib_lookup(const struct fib *fib, ip4 addr, int below)
{
    const struct fib_node *node;
    struct ip_route *best = NULL;

    for (uint32_t i = fib->root; i != FIB_NONE; i = node->child[bit_behind(addr, node->length)]) {
        node = &fib->nodes[i];
        if (!node->route)
            continue;
        if (!covers(node, addr) || node->length >= below)
            break;
        best = node->route;
    }
    return best;
}

/* ---- Changing ------------------------------------------------------------------------------ */

/* A link of the trie: the root, or a child of a node. By index, for the array may move. */
struct link {
    uint32_t node; /* FIB_NONE: the root */
    unsigned side;
};

static uint32_t *link_at(struct fib *fib, struct link link)
{
    return link.node == FIB_NONE ? &fib->root : &fib->nodes[link.node].child[link.side];
}

static uint32_t node_new(struct fib *fib, ip4 prefix, int length)
{
    uint32_t i = fib->free;

    if (i != FIB_NONE) {
        fib->free = fib->nodes[i].child[0];
    } else {
        if (fib->used == fib->capacity) {
            fib->capacity += fib->capacity / 2 + 3;
            fib->nodes = g_renew(struct fib_node, fib->nodes, fib->capacity);
        }
        i = fib->used++;
    }
    fib->nodes[i] = (struct fib_node){ .prefix = prefix,
                                       .child = { FIB_NONE, FIB_NONE },
                                       .length = (uint8_t)length };
    return i;
}

static void node_free(struct fib *fib, uint32_t i)
{
    fib->nodes[i].child[0] = fib->free;
    fib->nodes[i].route = NULL;
    fib->free = i;
}

/* How many leading bits two prefixes share, at most `limit`. */
static int common_length(ip4 a, ip4 b, int limit)
{
    int n = a == b ? 32 : __builtin_clz(a ^ b);
    return n < limit ? n : limit;
}

/* Goes down from the root as long as nodes cover the prefix and are shorter; *link is then where
 * the prefix belongs. */
static uint32_t descend(struct fib *fib, ip4 prefix, int length, struct link *link)
{
    *link = (struct link){ FIB_NONE, 0 };
    for (;;) {
        uint32_t i = *link_at(fib, *link);
        if (i == FIB_NONE)
            return i;
        const struct fib_node *node = &fib->nodes[i];
        if (node->length >= length || !covers(node, prefix))
            return i;
        *link = (struct link){ i, bit_behind(prefix, node->length) };
    }
}

struct ip_route **fib_insert(struct fib *fib, ip4 prefix, int length)
{
    struct link link;
    uint32_t below = descend(fib, prefix, length, &link);

    assert((prefix & ~ip4_mask(length)) == 0 && length >= 0 && length <= 32);
    if (below == FIB_NONE) {
        uint32_t i = node_new(fib, prefix, length);
        *link_at(fib, link) = i;
        return &fib->nodes[i].route;
    }
    ip4 other = fib->nodes[below].prefix;
    int other_length = fib->nodes[below].length;
    int common = common_length(prefix, other, length < other_length ? length : other_length);
    if (common == other_length) /* then it is the very prefix */
        return &fib->nodes[below].route;
    /* A node for what both share goes in between; it may be the new prefix itself. */
    uint32_t fork = node_new(fib, prefix & ip4_mask(common), common);
    *link_at(fib, link) = fork;
    fib->nodes[fork].child[bit_behind(other, common)] = below;
    if (common == length)
        return &fib->nodes[fork].route;
    uint32_t leaf = node_new(fib, prefix, length);
    fib->nodes[fork].child[bit_behind(prefix, common)] = leaf;
    return &fib->nodes[leaf].route;
}

static uint32_t find(const struct fib *fib, ip4 prefix, int length)
{
    struct link link;
    uint32_t i = descend((struct fib *)fib, prefix, length, &link);

    if (i == FIB_NONE || fib->nodes[i].length != length || fib->nodes[i].prefix != prefix)
        return FIB_NONE;
    return i;
}

struct ip_route *fib_exact(const struct fib *fib, ip4 prefix, int length)
{
    uint32_t i = find(fib, prefix, length);
    return i == FIB_NONE ? NULL : fib->nodes[i].route;
}

/* Takes a node without a route out if it has at most one child. */
static void splice(struct fib *fib, struct link link)
{
    uint32_t i = *link_at(fib, link);
    struct fib_node *node = &fib->nodes[i];

    if (node->route || (node->child[0] != FIB_NONE && node->child[1] != FIB_NONE))
        return;
    *link_at(fib, link) = node->child[0] != FIB_NONE ? node->child[0] : node->child[1];
    node_free(fib, i);
}

/* The link that leads to node `i`, which has the prefix. */
static struct link link_to(const struct fib *fib, uint32_t i)
{
    const struct fib_node *target = &fib->nodes[i];
    struct link link = { FIB_NONE, 0 };

    for (uint32_t at = fib->root; at != i; at = fib->nodes[at].child[link.side])
        link = (struct link){ at, bit_behind(target->prefix, fib->nodes[at].length) };
    return link;
}

struct ip_route *fib_remove(struct fib *fib, ip4 prefix, int length)
{
    uint32_t i = find(fib, prefix, length);

    if (i == FIB_NONE || !fib->nodes[i].route)
        return NULL;
    struct ip_route *route = fib->nodes[i].route;
    struct link link = link_to(fib, i);
    fib->nodes[i].route = NULL;
    splice(fib, link);
    if (link.node != FIB_NONE)
        splice(fib, link_to(fib, link.node)); /* the fork above may be superfluous now */
    return route;
}

/* ---- Walking ------------------------------------------------------------------------------- */

static void visit_below(const struct fib *fib, uint32_t i,
                        void (*visit)(struct ip_route *route, void *data), void *data)
{
    if (i == FIB_NONE)
        return;
    if (fib->nodes[i].route)
        visit(fib->nodes[i].route, data);
    visit_below(fib, fib->nodes[i].child[0], visit, data);
    visit_below(fib, fib->nodes[i].child[1], visit, data);
}

void fib_each(const struct fib *fib, void (*visit)(struct ip_route *route, void *data), void *data)
{
    visit_below(fib, fib->root, visit, data);
}

/* Children are longer, inside, on their side; a fork without a route has both.  Returns the number
 * of nodes, or 0 for a fault. */
static uint32_t check_below(const struct fib *fib, uint32_t i)
{
    const struct fib_node *node = &fib->nodes[i];
    uint32_t count = 1;

    if (node->length > 32 || (node->prefix & ~ip4_mask(node->length)) != 0)
        return 0;
    if (!node->route && (node->child[0] == FIB_NONE || node->child[1] == FIB_NONE))
        return 0;
    for (unsigned side = 0; side < 2; side++) {
        uint32_t c = node->child[side];
        if (c == FIB_NONE)
            continue;
        const struct fib_node *child = &fib->nodes[c];
        if (child->length <= node->length || !covers(node, child->prefix) ||
            bit_behind(child->prefix, node->length) != side)
            return 0;
        uint32_t n = check_below(fib, c);
        if (n == 0)
            return 0;
        count += n;
    }
    return count;
}

bool fib_check(const struct fib *fib)
{
    uint32_t count = 0;

    if (fib->root != FIB_NONE) {
        count = check_below(fib, fib->root);
        if (count == 0)
            return false;
    }
    for (uint32_t i = fib->free; i != FIB_NONE; i = fib->nodes[i].child[0])
        count++;
    return count == fib->used;
}
