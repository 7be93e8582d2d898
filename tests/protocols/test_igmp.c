/* IGMP of a host: RFC 2236, and what Linux 6.18 with force_igmp_version = 2 sends on a veth pair,
 * whose frames stand here byte for byte. */
#include "protocols/ip/igmp.h"
#include "tests/support/iprig.h"
#include "tests/support/suite.h"

#define GROUP IP4(239, 1, 1, 1)
#define TICK  (8 * SIM_MS)

struct fixture {
    struct rig rig;
    struct rig_iface *iface;
};

static void init(struct fixture *f, uint64_t seed)
{
    rig_init(&f->rig, seed);
    f->iface = rig_iface(&f->rig, rig_node(&f->rig), IP4(10, 9, 0, 1), 24);
}

static void to(struct fixture *f, sim_time until)
{
    sim_run(f->rig.sim, until);
}

static struct igmp sent(const struct rig_iface *iface, unsigned i)
{
    struct ipv4 h = rig_ipv4(iface, i);
    struct igmp message;

    ck_assert_uint_eq(h.proto, IP_PROTO_IGMP);
    ck_assert(igmp_read(iface->kept[i], ETH_LEN + h.header_len, IGMP_LEN, &message));
    return message;
}

/* The message arrives, its first `length` bytes at least. */
static void hear_bytes(struct rig_iface *iface, ip4 dst, const struct igmp *message,
                       uint32_t length, uint8_t damage)
{
    struct eth eth = { eth_addr_of_group(dst), rig_mac(9, 9), ETH_TYPE_IPV4 };
    struct packet *frame = igmp_datagram(iface->ip.ip->sim, IP4(10, 9, 0, 2), dst, message);
    uint8_t *ip = packet_data(frame);

    ip[24 + 4] ^= damage;
    packet_trim(frame, 24 + length);
    ipv4_at(ip)->length = put_be16((uint16_t)(24 + length));
    ipv4_finish(ip);
    eth_emit(packet_push(frame, ETH_LEN), &eth);
    ip_iface_input(&iface->ip, frame);
}

static void hear(struct rig_iface *iface, uint8_t type, uint8_t max_resp, ip4 group)
{
    struct igmp message = { type, max_resp, group };

    hear_bytes(iface, group ? group : IGMP_ALL_HOSTS, &message, IGMP_LEN, 0);
}

static void check_frame(const struct rig_iface *iface, unsigned i, const char *hex)
{
    const struct packet *frame = iface->kept[i];
    char text[2 * 128 + 1];
    uint8_t bytes[128];

    ck_assert_uint_lt(packet_len(frame), sizeof bytes);
    packet_read(frame, 0, bytes, packet_len(frame));
    for (uint32_t j = 0; j < packet_len(frame); j++)
        g_snprintf(text + 2 * j, 3, "%02x", bytes[j]);
    ck_assert_str_eq(text, hex);
}

/* Linux: the first report 8 to 12 ms after the join, the second within 10 s of it (igmp_qrv 2), no
 * third; a leave at once.  Only the stations' own addresses differ from what it sent. */
START_TEST(as_linux_sends_it)
{
    struct fixture f;

    init(&f, 1);
    ip_iface_join(&f.iface->ip, GROUP);
    to(&f, 100 * SIM_S);
    ck_assert_uint_eq(f.iface->n_kept, 2);
    ck_assert_int_eq(f.iface->kept_at[0], TICK);
    ck_assert_int_ge(f.iface->kept_at[1], 2 * TICK);
    ck_assert_int_le(f.iface->kept_at[1], 10 * SIM_S + 2 * TICK);
    for (unsigned i = 0; i < 2; i++)
        check_frame(f.iface, i,
                    "01005e010101"
                    "0200000001010800"
                    "46c00020000040000102ea0b0a090001ef010101940400001600f9fcef010101");
    ip_iface_leave(&f.iface->ip, GROUP);
    ck_assert_uint_eq(f.iface->n_kept, 3);
    check_frame(f.iface, 2,
                "01005e000002"
                "0200000001010800"
                "46c00020000040000102fa0b0a090001e0000002940400001700f8fcef010101");
    rig_fini(&f.rig);
}
END_TEST

/* Section 3: a random delay of at most Max Resp Time, for a query to all groups and one to one. */
START_TEST(queries_are_answered)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct fixture f;
        init(&f, seed);
        for (unsigned i = 0; i < 3; i++)
            ip_iface_join(&f.iface->ip, GROUP + i);
        to(&f, 100 * SIM_S);
        rig_clear(f.iface);
        hear(f.iface, IGMP_QUERY, 20, 0);
        to(&f, 110 * SIM_S);
        ck_assert_uint_eq(f.iface->n_kept, 3);
        for (unsigned i = 0; i < 3; i++)
            ck_assert_int_le(f.iface->kept_at[i], 102 * SIM_S + TICK);
        ck_assert(f.iface->kept_at[0] != f.iface->kept_at[2]);
        rig_clear(f.iface);
        hear(f.iface, IGMP_QUERY, 10, GROUP + 1);
        to(&f, 120 * SIM_S);
        ck_assert_uint_eq(f.iface->n_kept, 1);
        ck_assert_uint_eq(sent(f.iface, 0).group, GROUP + 1);
        ck_assert_int_le(f.iface->kept_at[0], 111 * SIM_S + TICK);
        rig_fini(&f.rig);
    }
}
END_TEST

/* Section 3: a timer that is due sooner than the new query wants stays; else it is drawn anew. */
START_TEST(sooner_timers_stay)
{
    struct fixture f;
    sim_time due;

    init(&f, 1);
    ip_iface_join(&f.iface->ip, GROUP);
    to(&f, 100 * SIM_S);
    hear(f.iface, IGMP_QUERY, 100, 0);
    due = f.iface->ip.groups->first->timer.deadline;
    hear(f.iface, IGMP_QUERY, 255, 0);
    ck_assert_int_eq(f.iface->ip.groups->first->timer.deadline, due);
    hear(f.iface, IGMP_QUERY, 1, 0);
    ck_assert_int_le(f.iface->ip.groups->first->timer.deadline, 100 * SIM_S + SIM_S / 10 + TICK);
    rig_fini(&f.rig);
}
END_TEST

/* Section 3: who hears another member's report keeps quiet, and does not say goodbye. */
START_TEST(reports_of_others_suffice)
{
    struct fixture f;

    init(&f, 1);
    ip_iface_join(&f.iface->ip, GROUP);
    to(&f, 100 * SIM_S);
    rig_clear(f.iface);
    hear(f.iface, IGMP_QUERY, 100, 0);
    hear(f.iface, IGMP_V2_REPORT, 0, GROUP);
    to(&f, 200 * SIM_S);
    ip_iface_leave(&f.iface->ip, GROUP);
    ck_assert_uint_eq(f.iface->n_kept, 0);
    ip_iface_join(&f.iface->ip, GROUP);
    hear(f.iface, IGMP_V2_REPORT, 0, GROUP + 1); /* another group's */
    to(&f, 300 * SIM_S);
    ck_assert_uint_eq(f.iface->n_kept, 2);
    rig_fini(&f.rig);
}
END_TEST

/* Section 4: a query without a time comes from a router of version 1.  For 400 s its version is
 * spoken, which has no leave; the answer comes within 10 s.  Linux does the same. */
START_TEST(routers_of_version_1)
{
    struct fixture f;

    init(&f, 1);
    ip_iface_join(&f.iface->ip, GROUP);
    to(&f, 100 * SIM_S);
    rig_clear(f.iface);
    hear(f.iface, IGMP_QUERY, 0, 0);
    to(&f, 499 * SIM_S);
    ck_assert_uint_eq(f.iface->n_kept, 1);
    ck_assert_uint_eq(sent(f.iface, 0).type, IGMP_V1_REPORT);
    ck_assert_int_le(f.iface->kept_at[0], 110 * SIM_S + TICK);
    ip_iface_leave(&f.iface->ip, GROUP);
    ck_assert_uint_eq(f.iface->n_kept, 1);
    ip_iface_join(&f.iface->ip, GROUP);
    to(&f, 520 * SIM_S);
    ck_assert_uint_eq(f.iface->n_kept, 3);
    ck_assert_uint_eq(sent(f.iface, 1).type, IGMP_V1_REPORT);
    ck_assert_uint_eq(sent(f.iface, 2).type,
                      f.iface->kept_at[2] < 500 * SIM_S ? IGMP_V1_REPORT : IGMP_V2_REPORT);
    ip_iface_leave(&f.iface->ip, GROUP);
    ck_assert_uint_eq(sent(f.iface, 3).type, IGMP_LEAVE);
    rig_fini(&f.rig);
}
END_TEST

/* 224.0.0.1 is never reported (section 6); its neighbours are as long as the sysctl says so. */
START_TEST(link_local_groups)
{
    for (int on = 0; on < 2; on++) {
        struct fixture f;
        init(&f, 1);
        ck_assert(ip_sysctl_set(&f.rig.nodes[0].ip, "net.ipv4.igmp_link_local_mcast_reports",
                                on ? "1" : "0", NULL));
        ip_iface_join(&f.iface->ip, IGMP_ALL_HOSTS);
        ip_iface_join(&f.iface->ip, IP4(224, 0, 0, 5));
        to(&f, 100 * SIM_S);
        ck_assert_uint_eq(f.iface->n_kept, on ? 2 : 0);
        hear(f.iface, IGMP_QUERY, 10, 0);
        to(&f, 200 * SIM_S);
        ck_assert_uint_eq(f.iface->n_kept, on ? 3 : 0);
        ip_iface_leave(&f.iface->ip, IP4(224, 0, 0, 5));
        ip_iface_leave(&f.iface->ip, IGMP_ALL_HOSTS);
        ck_assert_uint_eq(f.iface->n_kept, on ? 4 : 0);
        rig_fini(&f.rig);
    }
}
END_TEST

/* Sockets share a membership; the last one that leaves says goodbye.  Memory is used again. */
START_TEST(users_are_counted)
{
    struct fixture f;

    init(&f, 1);
    for (unsigned i = 0; i < 1000; i++) {
        ip_iface_join(&f.iface->ip, GROUP + i);
        ip_iface_join(&f.iface->ip, GROUP + i);
        ck_assert(ip_iface_leave(&f.iface->ip, GROUP + i));
        ck_assert(ip_iface_joined(&f.iface->ip, GROUP + i));
        ck_assert(ip_iface_leave(&f.iface->ip, GROUP + i));
        ck_assert(!ip_iface_leave(&f.iface->ip, GROUP + i));
    }
    ck_assert_ptr_null(f.iface->ip.groups->first->next);
    rig_fini(&f.rig);
}
END_TEST

/* Who was away reports anew (Linux: ip_mc_up); sysctls say how often and how soon. */
START_TEST(interfaces_and_sysctls)
{
    struct fixture f;
    struct ip_stack *ip;

    init(&f, 1);
    ip = &f.rig.nodes[0].ip;
    ck_assert(ip_sysctl_set(ip, "net.ipv4.igmp_qrv", "5", NULL));
    ck_assert(
        ip_sysctl_set(ip, "net.ipv4.conf.all.igmpv2_unsolicited_report_interval", "100", NULL));
    ip_iface_set_up(&f.iface->ip, false);
    ip_iface_join(&f.iface->ip, GROUP);
    to(&f, 10 * SIM_S);
    ck_assert_uint_eq(f.iface->n_kept, 0);
    ip_iface_set_up(&f.iface->ip, true);
    to(&f, 10 * SIM_S + 5 * TICK + 4 * 100 * SIM_MS);
    ck_assert_uint_eq(f.iface->n_kept, 5);
    to(&f, 100 * SIM_S);
    ck_assert_uint_eq(f.iface->n_kept, 5);
    hear(f.iface, IGMP_QUERY, 100, 0);
    ip_iface_set_up(&f.iface->ip, false);
    to(&f, 200 * SIM_S);
    ck_assert_uint_eq(f.iface->n_kept, 5);
    rig_fini(&f.rig);
}
END_TEST

/* Every length below the whole, every damaged group: dropped, and nothing is answered.  More bytes
 * than eight are no harm (section 2.5). */
START_TEST(bad_messages)
{
    struct igmp query = { IGMP_QUERY, 10, 0 };
    struct fixture f;

    init(&f, 1);
    ip_iface_join(&f.iface->ip, GROUP);
    to(&f, 100 * SIM_S);
    rig_clear(f.iface);
    for (uint32_t length = 0; length < IGMP_LEN; length++)
        hear_bytes(f.iface, IGMP_ALL_HOSTS, &query, length, 0);
    ck_assert_uint_eq(rig_drops(&f.rig.nodes[0], &drop_igmp_malformed), IGMP_LEN);
    for (unsigned bit = 0; bit < 8; bit++)
        hear_bytes(f.iface, IGMP_ALL_HOSTS, &query, IGMP_LEN, (uint8_t)(1 << bit));
    ck_assert_uint_eq(rig_drops(&f.rig.nodes[0], &drop_igmp_malformed), IGMP_LEN + 8);
    for (unsigned type = 0; type < 256; type++)
        if (type != IGMP_QUERY)
            hear(f.iface, (uint8_t)type, 10, 0);
    to(&f, 200 * SIM_S);
    ck_assert_uint_eq(f.iface->n_kept, 0);
    rig_fini(&f.rig);
}
END_TEST

SUITE("protocols/igmp", as_linux_sends_it, queries_are_answered, sooner_timers_stay,
      reports_of_others_suffice, routers_of_version_1, link_local_groups, users_are_counted,
      interfaces_and_sysctls, bad_messages)
