/* Visiting the packets that are alive. */
#include <glib.h>

#include "sim/sim.h"
#include "tests/support/leaks.h"
#include "tests/support/suite.h"

static void count(const struct packet *packet, void *data)
{
    g_hash_table_add(data, GUINT_TO_POINTER((guint)packet->id));
}

/* The ids of those alive. */
static GHashTable *alive(struct sim *sim)
{
    GHashTable *ids = g_hash_table_new(NULL, NULL);

    packet_each(sim, count, ids);
    return ids;
}

START_TEST(all_and_only_those_alive)
{
    enum { COUNT = 2000 }; /* several slabs */
    struct sim *sim = sim_new(1);
    struct packet *packets[COUNT];
    GHashTable *ids = alive(sim);

    ck_assert_uint_eq(g_hash_table_size(ids), 0);
    g_hash_table_destroy(ids);
    for (int i = 0; i < COUNT; i++)
        packets[i] = packet_new(sim);
    for (int i = 0; i < COUNT; i += 3)
        packet_delivered(packets[i]);
    ids = alive(sim);
    ck_assert_uint_eq(g_hash_table_size(ids), sim->packets.pool.live);
    for (int i = 0; i < COUNT; i++)
        ck_assert_int_eq(g_hash_table_contains(ids, GUINT_TO_POINTER((guint)i + 1)), i % 3 != 0);
    g_hash_table_destroy(ids);
    /* Memory that was used before. */
    for (int i = 0; i < COUNT; i += 3)
        packets[i] = packet_clone(packets[1]);
    ids = alive(sim);
    ck_assert_uint_eq(g_hash_table_size(ids), COUNT);
    g_hash_table_destroy(ids);
    for (int i = 0; i < COUNT; i++)
        packet_consumed(packets[i]);
    ids = alive(sim);
    ck_assert_uint_eq(g_hash_table_size(ids), 0);
    g_hash_table_destroy(ids);
    assert_no_leaks(sim);
    sim_free(sim);
}
END_TEST

SUITE("sim/packet_each", all_and_only_those_alive)
