/* Longest-prefix match against a plain search. */
#include "protocols/ip/fib.h"

#include "protocols/ip/route.h"
#include "sim/rng.h"
#include "tests/support/suite.h"

/* The reference: a table of prefixes by length; the longest that holds the address wins. */
struct plain {
    GHashTable *by_length[33]; /* prefix -> route */
};

static void plain_init(struct plain *p)
{
    for (int i = 0; i <= 32; i++)
        p->by_length[i] = g_hash_table_new(NULL, NULL);
}

static void plain_fini(struct plain *p)
{
    for (int i = 0; i <= 32; i++)
        g_hash_table_destroy(p->by_length[i]);
}

static struct ip_route *plain_lookup(const struct plain *p, ip4 addr, int below)
{
    for (int length = below - 1; length >= 0; length--) {
        struct ip_route *route =
            g_hash_table_lookup(p->by_length[length], GUINT_TO_POINTER(addr & ip4_mask(length)));
        if (route)
            return route;
    }
    return NULL;
}

static void add(struct fib *fib, struct plain *p, struct ip_route *route)
{
    struct ip_route **place = fib_insert(fib, route->prefix, route->length);
    gpointer key = GUINT_TO_POINTER(route->prefix);

    if (*place) { /* there already: in both */
        ck_assert_ptr_eq(*place, g_hash_table_lookup(p->by_length[route->length], key));
        return;
    }
    *place = route;
    g_hash_table_insert(p->by_length[route->length], key, route);
}

static ip4 random_prefix(struct rng *rng, int length, bool dense)
{
    uint32_t bits = (uint32_t)rng_u64(rng);
    return (dense ? 0x0a000000 | (bits & 0xfff) : bits) & ip4_mask(length);
}

/* Half of the addresses asked for are random, half near a prefix of the table. */
static void compare(struct fib *fib, struct plain *p, struct rng *rng,
                    const struct ip_route *routes, size_t n, int times)
{
    for (int i = 0; i < times; i++) {
        ip4 addr = (ip4)rng_u64(rng);
        if (i & 1) {
            const struct ip_route *near = &routes[rng_below(rng, n)];
            addr = near->prefix | (addr & ~ip4_mask(near->length));
        }
        int below = i % 8 ? 33 : (int)rng_below(rng, 34);
        ck_assert_ptr_eq(fib_lookup(fib, addr, below), plain_lookup(p, addr, below));
    }
}

static void random_table(size_t n, bool dense, uint64_t seed)
{
    struct ip_route *routes = g_new0(struct ip_route, n);
    struct plain plain;
    struct fib fib;
    struct rng rng;

    rng_init(&rng, seed, "fib", "test");
    plain_init(&plain);
    fib_init(&fib);
    for (size_t i = 0; i < n; i++) {
        int length = (int)(dense ? 20 + rng_below(&rng, 13) : rng_below(&rng, 33));
        routes[i].length = (uint8_t)length;
        routes[i].prefix = random_prefix(&rng, length, dense);
        add(&fib, &plain, &routes[i]);
    }
    ck_assert(fib_check(&fib));
    compare(&fib, &plain, &rng, routes, n, 20000);
    /* Half of them go again, in another order. */
    for (size_t i = 0; i < n; i++) {
        const struct ip_route *r = &routes[rng_below(&rng, n)];
        gpointer key = GUINT_TO_POINTER(r->prefix);
        struct ip_route *have = g_hash_table_lookup(plain.by_length[r->length], key);
        ck_assert_ptr_eq(fib_exact(&fib, r->prefix, r->length), have);
        ck_assert_ptr_eq(fib_remove(&fib, r->prefix, r->length), have);
        g_hash_table_remove(plain.by_length[r->length], key);
    }
    ck_assert(fib_check(&fib));
    compare(&fib, &plain, &rng, routes, n, 20000);
    for (size_t i = 0; i < n; i++)
        add(&fib, &plain, &routes[i]);
    ck_assert(fib_check(&fib));
    compare(&fib, &plain, &rng, routes, n, 20000);
    fib_fini(&fib);
    plain_fini(&plain);
    g_free(routes);
}

START_TEST(hundred_thousand_random_prefixes)
{
    random_table(100000, false, 1);
}
END_TEST

START_TEST(small_and_dense_tables)
{
    for (uint64_t seed = 1; seed <= 40; seed++) {
        random_table(seed, true, seed);
        random_table(seed * 50, true, seed + 1000);
    }
}
END_TEST

START_TEST(empty_table)
{
    struct fib fib;

    fib_init(&fib);
    ck_assert_ptr_null(fib_lookup(&fib, 0x0a000001, 33));
    ck_assert_ptr_null(fib_exact(&fib, 0, 0));
    ck_assert_ptr_null(fib_remove(&fib, 0, 0));
    ck_assert(fib_check(&fib));
    ck_assert_uint_eq(fib.capacity, 0);
    fib_fini(&fib);
}
END_TEST

static void note(struct ip_route *route, void *data)
{
    g_ptr_array_add(data, route);
}

START_TEST(walk_is_in_order)
{
    struct ip_route routes[] = {
        { .prefix = 0x0a000000, .length = 8 },  { .prefix = 0, .length = 0 },
        { .prefix = 0x0a000000, .length = 24 }, { .prefix = 0x0a000001, .length = 32 },
        { .prefix = 0xc0a80000, .length = 16 }, { .prefix = 0x0a000000, .length = 32 }
    };
    static const int order[] = { 1, 0, 2, 5, 3, 4 };
    GPtrArray *seen = g_ptr_array_new();
    struct fib fib;

    fib_init(&fib);
    for (int i = 0; i < 6; i++)
        *fib_insert(&fib, routes[i].prefix, routes[i].length) = &routes[i];
    fib_each(&fib, note, seen);
    ck_assert_uint_eq(seen->len, 6);
    for (int i = 0; i < 6; i++)
        ck_assert_ptr_eq(seen->pdata[i], &routes[order[i]]);
    g_ptr_array_free(seen, TRUE);
    fib_fini(&fib);
}
END_TEST

/* An idle host: its address, its subnet, a default route. */
START_TEST(few_routes_take_little_memory)
{
    struct ip_route routes[3] = { { .prefix = 0x0a000001, .length = 32 },
                                  { .prefix = 0x0a000000, .length = 24 },
                                  { .prefix = 0, .length = 0 } };
    struct fib fib;

    fib_init(&fib);
    for (int i = 0; i < 3; i++)
        *fib_insert(&fib, routes[i].prefix, routes[i].length) = &routes[i];
    ck_assert_uint_le(fib.capacity * sizeof *fib.nodes, 96);
    fib_fini(&fib);
}
END_TEST

SUITE("protocols/fib", hundred_thousand_random_prefixes, small_and_dense_tables, empty_table,
      walk_is_in_order, few_routes_take_little_memory)
