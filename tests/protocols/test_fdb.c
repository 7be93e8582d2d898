/* The filtering database: learning, ageing, moves, overflow, static entries, flushing. */
#include "protocols/l2/fdb.h"

#include "sim/rng.h"
#include "tests/support/suite.h"

static fdb_key station(uint64_t n)
{
    return fdb_key_of(0, UINT64_C(0x020000000000) + n);
}

static int port_of(const struct fdb *fdb, fdb_key key, sim_time now)
{
    const struct fdb_entry *entry = fdb_find(fdb, key, now);

    return entry ? (int)entry->port : -1;
}

START_TEST(learns_and_forgets_after_the_ageing_time)
{
    struct fdb fdb;

    fdb_init(&fdb, 100, 300 * SIM_S);
    ck_assert_int_eq(port_of(&fdb, station(1), 0), -1);
    fdb_learn(&fdb, station(1), 7, 0);
    ck_assert_int_eq(port_of(&fdb, station(1), 300 * SIM_S - 1), 7);
    ck_assert_int_eq(port_of(&fdb, station(1), 300 * SIM_S), -1);
    fdb_learn(&fdb, station(1), 7, 200 * SIM_S); /* heard again: it counts from then on */
    ck_assert_int_eq(port_of(&fdb, station(1), 499 * SIM_S), 7);
    ck_assert_int_eq(port_of(&fdb, station(1), 500 * SIM_S), -1);
    fdb_fini(&fdb);
}
END_TEST

START_TEST(station_moves)
{
    struct fdb fdb;

    fdb_init(&fdb, 100, 300 * SIM_S);
    fdb_learn(&fdb, station(1), 1, 0);
    fdb_learn(&fdb, station(1), 2, SIM_S);
    ck_assert_int_eq(port_of(&fdb, station(1), SIM_S), 2);
    ck_assert_uint_eq(fdb.moves, 1);
    fdb_learn(&fdb, station(1), 3, 400 * SIM_S); /* was forgotten: no move */
    ck_assert_uint_eq(fdb.moves, 1);
    ck_assert_uint_eq(fdb.used, 1);
    fdb_fini(&fdb);
}
END_TEST

START_TEST(vlans_learn_apart)
{
    struct fdb fdb;

    fdb_init(&fdb, 100, 300 * SIM_S);
    fdb_learn(&fdb, fdb_key_of(10, 5), 1, 0);
    fdb_learn(&fdb, fdb_key_of(20, 5), 2, 0);
    ck_assert_int_eq(port_of(&fdb, fdb_key_of(10, 5), 0), 1);
    ck_assert_int_eq(port_of(&fdb, fdb_key_of(20, 5), 0), 2);
    fdb_flush_port(&fdb, 1, 20);
    ck_assert_int_eq(port_of(&fdb, fdb_key_of(10, 5), 0), 1);
    fdb_flush_port(&fdb, 1, FDB_ANY);
    ck_assert_int_eq(port_of(&fdb, fdb_key_of(10, 5), 0), -1);
    ck_assert_int_eq(port_of(&fdb, fdb_key_of(20, 5), 0), 2);
    fdb_fini(&fdb);
}
END_TEST

START_TEST(a_full_table_learns_what_is_new_when_something_is_old)
{
    struct fdb fdb;

    fdb_init(&fdb, 4, 300 * SIM_S);
    for (uint64_t i = 1; i <= 6; i++)
        fdb_learn(&fdb, station(i), 1, (sim_time)i * SIM_S);
    ck_assert_uint_eq(fdb.used, 4);
    ck_assert_uint_eq(fdb.overflows, 2);
    ck_assert_int_eq(port_of(&fdb, station(4), 6 * SIM_S), 1);
    ck_assert_int_eq(port_of(&fdb, station(5), 6 * SIM_S), -1);
    fdb_learn(&fdb, station(5), 1, 300 * SIM_S); /* station 1, heard at 1 s, is still known */
    ck_assert_uint_eq(fdb.overflows, 3);
    fdb_learn(&fdb, station(5), 1, 301 * SIM_S);
    ck_assert_int_eq(port_of(&fdb, station(5), 301 * SIM_S), 1);
    ck_assert(fdb_check(&fdb));
    fdb_fini(&fdb);
}
END_TEST

START_TEST(static_entries_stay)
{
    struct fdb fdb;

    fdb_init(&fdb, 2, 300 * SIM_S);
    fdb_set_static(&fdb, station(9), 3);
    fdb_learn(&fdb, station(9), 1, 0);
    fdb_learn(&fdb, station(1), 1, 0);
    fdb_learn(&fdb, station(2), 1, 0); /* the static one takes no room of theirs */
    ck_assert_uint_eq(fdb_count(&fdb, 0), 3);
    fdb_flush_port(&fdb, 3, FDB_ANY);
    fdb_flush(&fdb);
    ck_assert_int_eq(port_of(&fdb, station(9), 1000 * SIM_S), 3);
    ck_assert_uint_eq(fdb_count(&fdb, 0), 1);
    ck_assert(fdb_remove(&fdb, station(9)));
    ck_assert(!fdb_remove(&fdb, station(9)));
    ck_assert(fdb_check(&fdb));
    fdb_fini(&fdb);
}
END_TEST

/* 802.1D-1998 7.9.2: after a topology change entries age in the forward delay.  When the long time
 * is back, nothing that was forgotten returns. */
START_TEST(a_shorter_ageing_time_forgets_for_good)
{
    struct fdb fdb;

    fdb_init(&fdb, 10, 300 * SIM_S);
    fdb_learn(&fdb, station(1), 1, 0);
    fdb_learn(&fdb, station(2), 1, 20 * SIM_S);
    fdb_set_ageing(&fdb, 15 * SIM_S, 20 * SIM_S);
    ck_assert_int_eq(port_of(&fdb, station(1), 20 * SIM_S), -1);
    ck_assert_int_eq(port_of(&fdb, station(2), 30 * SIM_S), 1);
    fdb_set_ageing(&fdb, 300 * SIM_S, 30 * SIM_S);
    ck_assert_int_eq(port_of(&fdb, station(1), 30 * SIM_S), -1);
    ck_assert_int_eq(port_of(&fdb, station(2), 30 * SIM_S), 1);
    fdb_fini(&fdb);
}
END_TEST

static void see(const struct fdb_entry *entry, void *data)
{
    fdb_key *last = data;

    ck_assert(entry->key > *last);
    *last = entry->key;
}

/* Against an array of what should be known. */
START_TEST(many_random_steps)
{
    enum { STATIONS = 200, STEPS = 50000 };
    int where[STATIONS], n = 0;
    struct fdb fdb;
    struct rng rng;
    fdb_key last = 0;

    rng_init(&rng, 1, "test", "fdb");
    fdb_init(&fdb, STATIONS, 300 * SIM_S);
    memset(where, 0xff, sizeof where);
    for (int i = 0; i < STEPS; i++) {
        uint32_t who = (uint32_t)rng_below(&rng, STATIONS), port = (uint32_t)rng_below(&rng, 8);
        switch (rng_below(&rng, 40)) {
        case 0:
            fdb_flush_port(&fdb, port, FDB_ANY);
            for (int j = 0; j < STATIONS; j++)
                where[j] = where[j] == (int)port ? -1 : where[j];
            break;
        case 1:
            ck_assert_int_eq(fdb_remove(&fdb, station(who)), where[who] >= 0);
            where[who] = -1;
            break;
        default:
            fdb_learn(&fdb, station(who), port, 0);
            where[who] = (int)port;
        }
        ck_assert_int_eq(port_of(&fdb, station(who), 0), where[who]);
        if (i % 1000 == 0)
            ck_assert(fdb_check(&fdb));
    }
    for (int j = 0; j < STATIONS; j++) {
        ck_assert_int_eq(port_of(&fdb, station((uint64_t)j), 0), where[j]);
        n += where[j] >= 0;
    }
    ck_assert_uint_eq(fdb_count(&fdb, 0), (unsigned)n);
    fdb_each(&fdb, 0, see, &last);
    fdb_fini(&fdb);
}
END_TEST

START_TEST(keys_are_addresses_in_order)
{
    struct eth_addr a = { { 0x02, 0x11, 0x22, 0x33, 0x44, 0x55 } };
    fdb_key key = fdb_key_of(100, fdb_mac_of(&a));

    ck_assert_uint_eq(key, UINT64_C(0x0064021122334455));
    ck_assert_uint_eq(fdb_key_vid(key), 100);
    a = fdb_key_addr(key);
    ck_assert_mem_eq(&a, "\x02\x11\x22\x33\x44\x55", 6);
}
END_TEST

SUITE("fdb", learns_and_forgets_after_the_ageing_time, station_moves, vlans_learn_apart,
      a_full_table_learns_what_is_new_when_something_is_old, static_entries_stay,
      a_shorter_ageing_time_forgets_for_good, many_random_steps, keys_are_addresses_in_order)
