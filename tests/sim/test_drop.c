#include "sim/drop.h"

#include "sim/sim.h"
#include "tests/support/suite.h"

static DROP_REASON(full, "no room");
static DROP_REASON(late, "too late");
static DROP_REASON(never, "does not happen");

static struct packet *packet_of(struct sim *sim, uint32_t length)
{
    struct packet *packet = packet_new(sim);
    packet_set_payload(packet, blob_ref(&blob_pattern), 0, length);
    return packet;
}

START_TEST(counts_by_place_and_reason)
{
    struct sim *sim = sim_new(1);
    struct drops here = { .name = "here" }, there = { .name = "there" };

    for (int i = 0; i < 5; i++)
        packet_drop(packet_of(sim, 100), &here, &drop_full);
    packet_drop(packet_of(sim, 7), &here, &drop_late);
    packet_drop(packet_of(sim, 9), &there, &drop_full);
    ck_assert_uint_eq(drops_packets(&here, &drop_full), 5);
    ck_assert_uint_eq(drops_packets(&here, &drop_late), 1);
    ck_assert_uint_eq(drops_packets(&here, &drop_never), 0);
    ck_assert_uint_eq(drops_packets(&here, NULL), 6);
    ck_assert_uint_eq(drops_packets(&there, NULL), 1);
    unsigned n;
    const struct drop_count *counts = drops_counts(&here, &n);
    ck_assert_uint_eq(n, 2);
    ck_assert_uint_eq(counts[0].bytes, 500);
    ck_assert_uint_eq(counts[1].bytes, 7);
    ck_assert_uint_eq(drops_total(&here)->value, 6);
    ck_assert_uint_eq(sim->packets.dropped, 7);
    ck_assert_ptr_null(sim_leaks(sim));
    drops_fini(&here);
    drops_fini(&there);
    sim_free(sim);
}
END_TEST

START_TEST(many_reasons)
{
    struct sim *sim = sim_new(1);
    struct drops here = { .name = "here" };
    struct drop_reason reasons[100] = { { 0 } };

    for (int round = 0; round < 3; round++)
        for (int i = 0; i < 100; i++)
            packet_drop(packet_of(sim, 1), &here, &reasons[i]);
    for (int i = 0; i < 100; i++)
        ck_assert_uint_eq(drops_packets(&here, &reasons[i]), 3);
    ck_assert_uint_eq(drops_packets(&here, NULL), 300);
    drops_fini(&here);
    ck_assert_uint_eq(drops_packets(&here, NULL), 0);
    sim_free(sim);
}
END_TEST

struct heard {
    int count;
    uint32_t length;
    const struct drops *place;
    const struct drop_reason *reason;
};

static void on_drop(void *data, const struct packet *packet, const struct drops *place,
                    const struct drop_reason *reason)
{
    struct heard *heard = data;
    *heard = (struct heard){ heard->count + 1, packet_len(packet), place, reason };
}

START_TEST(a_listener_sees_the_whole_packet)
{
    struct sim *sim = sim_new(1);
    struct drops here = { .name = "here" };
    struct heard heard = { 0 };

    sim->on_drop = on_drop;
    sim->on_drop_data = &heard;
    packet_drop(packet_of(sim, 1234), &here, &drop_late);
    ck_assert_int_eq(heard.count, 1);
    ck_assert_uint_eq(heard.length, 1234);
    ck_assert_ptr_eq(heard.place, &here);
    ck_assert_ptr_eq(heard.reason, &drop_late);
    drops_fini(&here);
    sim_free(sim);
}
END_TEST

SUITE("sim/drop", counts_by_place_and_reason, many_reasons, a_listener_sees_the_whole_packet)
