/* Tags of IEEE 802.1Q and the rules of ports. */
#include "protocols/l2/vlan.h"

#include "protocols/wire/view.h"
#include "sim/sim.h"
#include "tests/support/leaks.h"
#include "tests/support/suite.h"

static const uint8_t plain[] = { 0x02, 0, 0, 0, 0, 1, 0x02, 0, 0, 0, 0, 2, 0x08, 0x06, 0xaa, 0xbb };

static struct packet *frame_of(struct sim *sim, const void *bytes, uint32_t length)
{
    struct packet *frame = packet_new(sim);

    memcpy(packet_push(frame, length), bytes, length);
    return frame;
}

/* 802.1Q 9.3 to 9.6: TPID 81-00, then priority (3 bits), DEI, VLAN (12 bits). */
START_TEST(push_and_pop)
{
    static const uint8_t tagged[] = { 0x02, 0, 0,    0,    0,    1,    0x02, 0,    0,    0,
                                      0,    2, 0x81, 0x00, 0xa0, 0x64, 0x08, 0x06, 0xaa, 0xbb };
    static const uint8_t twice[] = { 0x02, 0,    0,    0,    0,    1,    0x02, 0,
                                     0,    0,    0,    2,    0x88, 0xa8, 0x0f, 0xfe,
                                     0x81, 0x00, 0xa0, 0x64, 0x08, 0x06, 0xaa, 0xbb };
    struct sim *sim = sim_new(1);
    struct packet *frame = frame_of(sim, plain, sizeof plain);

    ck_assert_uint_eq(vlan_tags(frame), 0);
    vlan_push(frame, VLAN_TPID_C, vlan_tci(5, 100));
    ck_assert_uint_eq(packet_len(frame), sizeof tagged);
    ck_assert_mem_eq(packet_data(frame), tagged, sizeof tagged);
    ck_assert_uint_eq(vlan_tags(frame), 1);
    vlan_push(frame, VLAN_TPID_S, vlan_tci(0, VLAN_MAX));
    ck_assert_mem_eq(packet_data(frame), twice, sizeof twice);
    ck_assert_uint_eq(vlan_tags(frame), 2);
    vlan_pop(frame);
    ck_assert_mem_eq(packet_data(frame), tagged, sizeof tagged);
    vlan_pop(frame);
    ck_assert_uint_eq(packet_len(frame), sizeof plain);
    ck_assert_mem_eq(packet_data(frame), plain, sizeof plain);
    packet_delivered(frame);
    assert_no_leaks(sim);
    sim_free(sim);
}
END_TEST

/* Each length of a frame with two tags: tags that are not whole are not there. */
START_TEST(views_of_every_length)
{
    static const uint8_t twice[] = { 0x02, 0,    0,    0,    0,    1,    0x02, 0,
                                     0,    0,    0,    2,    0x88, 0xa8, 0x6f, 0xfe,
                                     0x81, 0x00, 0xa0, 0x64, 0x12, 0x34, 0xaa, 0xbb };
    struct sim *sim = sim_new(1);
    struct view v;

    for (uint32_t n = 0; n <= sizeof twice; n++) {
        struct packet *frame = frame_of(sim, twice, n);
        view_parse(frame, &v);
        ck_assert_int_eq(!!(v.layers & VIEW_SVLAN), n >= 18);
        ck_assert_int_eq(!!(v.layers & VIEW_VLAN), n >= 22);
        ck_assert_uint_eq(vlan_tags(frame), n < 14 ? 0 : n < 18 ? 1 : 2);
        packet_delivered(frame);
    }
    ck_assert_uint_eq(vlan_vid(v.svlan), 0xffe);
    ck_assert_uint_eq(vlan_pcp(v.svlan), 3);
    ck_assert_uint_eq(vlan_vid(v.vlan), 100);
    ck_assert_uint_eq(vlan_pcp(v.vlan), 5);
    ck_assert_uint_eq(v.type, 0x1234);
    ck_assert_uint_eq(v.data_len, 2);
    sim_free(sim);
}
END_TEST

static struct vlan_label tag(uint16_t vid)
{
    return (struct vlan_label){ true, vlan_tci(3, vid) };
}

static const struct vlan_label none = { 0 };

/* "no", "untagged" or "tagged". */
static const char *out(const struct vlan_port *port, uint16_t vid)
{
    bool tagged;

    if (!vlan_port_out(port, vid, &tagged))
        return "no";
    return tagged ? "tagged" : "untagged";
}

START_TEST(access_port)
{
    struct vlan_port port;

    vlan_port_access(&port, 10);
    ck_assert_uint_eq(vlan_port_in(&port, none), 10);
    ck_assert_uint_eq(vlan_port_in(&port, tag(0)), 10); /* a priority tag */
    ck_assert_uint_eq(vlan_port_in(&port, tag(10)), 10);
    ck_assert_uint_eq(vlan_port_in(&port, tag(20)), VLAN_NONE);
    ck_assert_str_eq(out(&port, 10), "untagged");
    ck_assert_str_eq(out(&port, 20), "no");
    vlan_port_ovs(&port, false);
    ck_assert_uint_eq(vlan_port_in(&port, none), 10);
    ck_assert_uint_eq(vlan_port_in(&port, tag(0)), 10);
    ck_assert_uint_eq(vlan_port_in(&port, tag(10)), VLAN_NONE);
}
END_TEST

START_TEST(trunk_port)
{
    struct vlan_set vids = { { 0 } };
    struct vlan_port port;

    vlan_set_add(&vids, 10);
    vlan_set_add(&vids, VLAN_MAX);
    vlan_port_trunk(&port, &vids, VLAN_NONE);
    ck_assert_uint_eq(vlan_port_in(&port, none), VLAN_NONE);
    ck_assert_uint_eq(vlan_port_in(&port, tag(VLAN_MAX)), VLAN_MAX);
    ck_assert_uint_eq(vlan_port_in(&port, tag(11)), VLAN_NONE);
    ck_assert_str_eq(out(&port, 10), "tagged");
    ck_assert_str_eq(out(&port, 11), "no");
    vlan_port_trunk(&port, &vids, 1);
    ck_assert_uint_eq(vlan_port_in(&port, none), 1);
    ck_assert_uint_eq(vlan_port_in(&port, tag(1)), 1);
    ck_assert_str_eq(out(&port, 1), "untagged");
    ck_assert_str_eq(out(&port, 10), "tagged");
}
END_TEST

/* ovs-vswitchd.conf.db(5): trunks empty means all VLANs, and frames without a tag are in VLAN 0. */
START_TEST(trunk_of_all_by_ovs)
{
    struct vlan_set vids = { { 0 } };
    struct vlan_port port;

    vlan_set_fill(&vids);
    ck_assert(!vlan_set_has(&vids, 0) && vlan_set_has(&vids, 1));
    ck_assert(vlan_set_has(&vids, 4094) && !vlan_set_has(&vids, 4095));
    vlan_port_trunk(&port, &vids, VLAN_NONE);
    vlan_port_ovs(&port, true);
    ck_assert_uint_eq(vlan_port_in(&port, none), 0);
    ck_assert_uint_eq(vlan_port_in(&port, tag(7)), 7);
    ck_assert_str_eq(out(&port, 0), "untagged");
    ck_assert_str_eq(out(&port, 7), "tagged");
}
END_TEST

START_TEST(sets)
{
    struct vlan_set set = { { 0 } };

    ck_assert_uint_eq(vlan_set_next(&set, 0), VLAN_NONE);
    vlan_set_add(&set, 63);
    vlan_set_add(&set, 64);
    vlan_set_add(&set, 4094);
    ck_assert_uint_eq(vlan_set_next(&set, 0), 63);
    ck_assert_uint_eq(vlan_set_next(&set, 64), 64);
    ck_assert_uint_eq(vlan_set_next(&set, 65), 4094);
    vlan_set_remove(&set, 4094);
    ck_assert_uint_eq(vlan_set_next(&set, 65), VLAN_NONE);
}
END_TEST

SUITE("vlan", push_and_pop, views_of_every_length, access_port, trunk_port, trunk_of_all_by_ovs,
      sets)
