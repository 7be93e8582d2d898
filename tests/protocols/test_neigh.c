/* Neighbours and ARP (RFC 826, 1122 2.3.2, 4861 7.3, 5227; times and rules of Linux). */
#include "protocols/ip/neigh.h"

#include "tests/support/iprig.h"
#include "tests/support/suite.h"

/* A host 10.0.0.1/24 and, played by the test, its neighbours with the MAC 02:..:07:<last byte>. */
struct fixture {
    struct rig rig;
    struct rig_node *node;
    struct rig_iface *iface;
};

static void fixture_init(struct fixture *f, uint64_t seed)
{
    rig_init(&f->rig, seed);
    f->node = rig_node(&f->rig);
    f->iface = rig_iface(&f->rig, f->node, IP4(10, 0, 0, 1), 24);
}

static void send_one(struct fixture *f, ip4 dst, uint32_t size)
{
    struct packet *packet = packet_new(f->rig.sim);
    struct ip_tx tx = { .dst = ip_addr_of_v4(dst), .proto = 200 };

    if (size)
        packet_set_payload(packet, blob_ref(&blob_pattern), 0, size);
    ip_send(&f->node->ip, packet, &tx, NULL);
}

/* An ARP message from the neighbour arrives. */
static void arp_from(struct fixture *f, uint16_t opcode, ip4 sender, struct eth_addr mac,
                     ip4 target, bool broadcast)
{
    struct packet *frame = packet_new(f->rig.sim);
    struct arp arp = {
        .opcode = opcode, .sender_mac = mac, .sender_ip = sender, .target_ip = target
    };
    struct eth eth = { broadcast ? ETH_BROADCAST : f->iface->ip.mac, mac, ETH_TYPE_ARP };

    if (opcode == ARP_REPLY)
        arp.target_mac = f->iface->ip.mac;
    arp_emit(packet_push(frame, ARP_LEN), &arp);
    eth_emit(packet_push(frame, ETH_LEN), &eth);
    ip_iface_input(&f->iface->ip, frame);
}

static void reply(struct fixture *f, ip4 sender)
{
    arp_from(f, ARP_REPLY, sender, rig_mac(7, sender & 255), IP4(10, 0, 0, 1), false);
}

static enum neigh_state state_of(const struct fixture *f, ip4 addr)
{
    const struct neigh *neigh = neigh_find(&f->iface->ip, addr);
    return neigh ? neigh_state_now(neigh) : NEIGH_NONE;
}

#define PEER IP4(10, 0, 0, 2)

static struct eth eth_of(const struct fixture *f, unsigned i)
{
    struct eth eth;

    ck_assert_uint_lt(i, f->iface->n_kept);
    eth_parse(packet_data(f->iface->kept[i]), &eth);
    return eth;
}

START_TEST(first_datagram_asks)
{
    struct fixture f;

    fixture_init(&f, 1);
    send_one(&f, PEER, 8);
    ck_assert_uint_eq(f.iface->n_kept, 1);
    struct arp arp = rig_arp(f.iface, 0);
    ck_assert_uint_eq(arp.opcode, ARP_REQUEST);
    ck_assert_uint_eq(arp.sender_ip, IP4(10, 0, 0, 1));
    ck_assert(eth_addr_equal(&arp.sender_mac, &f.iface->ip.mac));
    ck_assert_uint_eq(arp.target_ip, PEER);
    struct eth eth = eth_of(&f, 0);
    ck_assert(eth_is_broadcast(&eth.dst));
    ck_assert_int_eq(state_of(&f, PEER), NEIGH_INCOMPLETE);
    send_one(&f, PEER, 16); /* waits with the first, does not ask again */
    ck_assert_uint_eq(f.iface->n_kept, 1);
    reply(&f, PEER);
    ck_assert_int_eq(state_of(&f, PEER), NEIGH_REACHABLE);
    ck_assert_uint_eq(f.iface->n_kept, 3);
    ck_assert_uint_eq(rig_ipv4(f.iface, 1).length, 28);
    ck_assert_uint_eq(rig_ipv4(f.iface, 2).length, 36);
    eth = eth_of(&f, 1);
    struct eth_addr mac = rig_mac(7, 2);
    ck_assert(eth_addr_equal(&eth.dst, &mac));
    send_one(&f, PEER, 8);
    ck_assert_uint_eq(f.iface->n_kept, 4);
    rig_fini(&f.rig);
}
END_TEST

/* Three requests a second apart; a second after the last the entry has failed, and the senders of
 * what waited are told (RFC 1122 2.3.2.2): here ourselves. */
START_TEST(nobody_answers)
{
    struct fixture f;
    struct ip_counters c;

    fixture_init(&f, 1);
    sim_run(f.rig.sim, 5 * SIM_S);
    send_one(&f, PEER, 8);
    sim_run(f.rig.sim, 8 * SIM_S - 1);
    ck_assert_uint_eq(f.iface->n_kept, 3);
    for (unsigned i = 0; i < 3; i++)
        ck_assert_int_eq(f.iface->kept_at[i], (5 + (int)i) * SIM_S);
    ck_assert_int_eq(state_of(&f, PEER), NEIGH_INCOMPLETE);
    sim_run(f.rig.sim, 8 * SIM_S);
    ck_assert_int_eq(state_of(&f, PEER), NEIGH_FAILED);
    ck_assert_uint_eq(rig_drops(f.node, &drop_neigh_failed), 1);
    rig_counters(f.node, &c);
    ck_assert_uint_eq(c.IcmpOutDestUnreachs, 1);
    ck_assert_uint_eq(c.IcmpInDestUnreachs, 1);
    sim_run(f.rig.sim, 60 * SIM_S);
    ck_assert_uint_eq(f.iface->n_kept, 3);
    send_one(&f, PEER, 8); /* tries anew */
    ck_assert_uint_eq(f.iface->n_kept, 4);
    ck_assert_int_eq(state_of(&f, PEER), NEIGH_INCOMPLETE);
    reply(&f, PEER);
    ck_assert_uint_eq(f.iface->n_kept, 5);
    rig_fini(&f.rig);
}
END_TEST

/* What waits is limited in bytes, counted with an sk_buff each; the oldest goes (RFC 1122
 * 2.3.2.2 wants at least the newest kept). */
START_TEST(the_queue_is_limited)
{
    struct fixture f;

    fixture_init(&f, 1);
    /* 20 + 1000 bytes count 1024 + 576 = 1600; 212992 holds 133 of them. */
    for (unsigned i = 0; i < 140; i++)
        send_one(&f, PEER, 1000);
    ck_assert_uint_eq(rig_drops(f.node, &drop_neigh_queue_full), 7);
    reply(&f, PEER);
    ck_assert_uint_eq(f.iface->n_kept, 1 + 133);
    ck_assert_uint_eq((uint16_t)(rig_ipv4(f.iface, 133).id - rig_ipv4(f.iface, 1).id), 132);
    rig_fini(&f.rig);
}
END_TEST

/* REACHABLE lasts between half and one and a half of 30 s (RFC 4861 6.3.4); unused, the entry is
 * then STALE without a timer. */
START_TEST(reachable_ages)
{
    sim_time least = SIM_NEVER, most = 0;

    for (uint64_t seed = 1; seed <= 50; seed++) {
        struct fixture f;
        fixture_init(&f, seed);
        send_one(&f, PEER, 8);
        reply(&f, PEER);
        sim_time until = neigh_find(&f.iface->ip, PEER)->fresh_until;
        least = MIN(least, until);
        most = MAX(most, until);
        sim_run(f.rig.sim, until - 1);
        ck_assert_int_eq(state_of(&f, PEER), NEIGH_REACHABLE);
        sim_run(f.rig.sim, until);
        ck_assert_int_eq(state_of(&f, PEER), NEIGH_STALE);
        rig_fini(&f.rig);
    }
    ck_assert_int_ge(least, 15 * SIM_S);
    ck_assert_int_le(least, 18 * SIM_S); /* 50 uniform draws: all above with p < 0.01 */
    ck_assert_int_le(most, 45 * SIM_S);
    ck_assert_int_ge(most, 42 * SIM_S);
}
END_TEST

/* Brings the entry into DELAY at 100 s. */
static void delay_at_100(struct fixture *f)
{
    fixture_init(f, 1);
    send_one(f, PEER, 8);
    reply(f, PEER);
    sim_run(f->rig.sim, 100 * SIM_S);
    rig_clear(f->iface);
    ck_assert_int_eq(state_of(f, PEER), NEIGH_STALE);
    send_one(f, PEER, 8);
    ck_assert_uint_eq(f->iface->n_kept, 1); /* goes out with the old address */
    ck_assert_int_eq(state_of(f, PEER), NEIGH_DELAY);
}

/* After delay_first_probe_time three unicast requests, then failure. */
START_TEST(stale_is_probed)
{
    struct fixture f;
    struct eth_addr mac = rig_mac(7, 2);

    delay_at_100(&f);
    sim_run(f.rig.sim, 105 * SIM_S - 1);
    ck_assert_int_eq(state_of(&f, PEER), NEIGH_DELAY);
    sim_run(f.rig.sim, 105 * SIM_S);
    ck_assert_int_eq(state_of(&f, PEER), NEIGH_PROBE);
    send_one(&f, PEER, 8); /* still goes out */
    sim_run(f.rig.sim, 108 * SIM_S - 1);
    ck_assert_uint_eq(f.iface->n_kept, 5);
    for (unsigned i = 1, second = 105; i < 5; i++) {
        if (i == 2)
            continue; /* the datagram */
        struct eth eth = eth_of(&f, i);
        ck_assert(eth_addr_equal(&eth.dst, &mac));
        ck_assert_uint_eq(rig_arp(f.iface, i).opcode, ARP_REQUEST);
        ck_assert_int_eq(f.iface->kept_at[i], second++ * SIM_S);
    }
    sim_run(f.rig.sim, 108 * SIM_S);
    ck_assert_int_eq(state_of(&f, PEER), NEIGH_FAILED);
    rig_fini(&f.rig);
}
END_TEST

START_TEST(probe_is_answered)
{
    struct fixture f;

    delay_at_100(&f);
    sim_run(f.rig.sim, 106 * SIM_S);
    reply(&f, PEER);
    ck_assert_int_eq(state_of(&f, PEER), NEIGH_REACHABLE);
    unsigned before = f.iface->n_kept;
    sim_run(f.rig.sim, 115 * SIM_S);
    ck_assert_uint_eq(f.iface->n_kept, before);
    rig_fini(&f.rig);
}
END_TEST

/* A layer above that made progress spares the probe (RFC 4861 7.3.1). */
START_TEST(confirmation_from_above)
{
    struct fixture f;
    struct packet *packet;
    struct ip_tx tx = { .dst = ip_addr_of_v4(PEER), .proto = 200, .confirm = true };

    delay_at_100(&f);
    sim_run(f.rig.sim, 103 * SIM_S);
    packet = packet_new(f.rig.sim);
    ip_send(&f.node->ip, packet, &tx, NULL);
    ck_assert_int_eq(state_of(&f, PEER), NEIGH_DELAY);
    sim_run(f.rig.sim, 105 * SIM_S);
    ck_assert_int_eq(state_of(&f, PEER), NEIGH_REACHABLE);
    ck_assert_uint_eq(f.iface->n_kept, 2); /* two datagrams, no request */
    /* While REACHABLE each confirmation puts the end off; afterwards none does. */
    sim_time lasts = neigh_find(&f.iface->ip, PEER)->fresh_until - 103 * SIM_S, end;
    for (int second = 110; second < 200; second += 7) {
        end = second * SIM_S + lasts;
        sim_run(f.rig.sim, second * SIM_S);
        ck_assert_int_eq(state_of(&f, PEER), NEIGH_REACHABLE);
        ip_send(&f.node->ip, packet_new(f.rig.sim), &tx, NULL);
    }
    sim_run(f.rig.sim, end - 1);
    ck_assert_int_eq(state_of(&f, PEER), NEIGH_REACHABLE);
    sim_run(f.rig.sim, end);
    ck_assert_int_eq(state_of(&f, PEER), NEIGH_STALE);
    neigh_confirm(neigh_find(&f.iface->ip, PEER), end);
    ck_assert_int_eq(state_of(&f, PEER), NEIGH_STALE);
    rig_fini(&f.rig);
}
END_TEST

/* ---- What messages do (RFC 826, arp_process) ---- */

START_TEST(requests_are_answered)
{
    struct fixture f;
    struct eth_addr mac = rig_mac(7, 2);

    fixture_init(&f, 1);
    arp_from(&f, ARP_REQUEST, PEER, mac, IP4(10, 0, 0, 1), true);
    ck_assert_uint_eq(f.iface->n_kept, 1);
    struct arp arp = rig_arp(f.iface, 0);
    struct eth eth = eth_of(&f, 0);
    ck_assert_uint_eq(arp.opcode, ARP_REPLY);
    ck_assert_uint_eq(arp.sender_ip, IP4(10, 0, 0, 1));
    ck_assert(eth_addr_equal(&arp.sender_mac, &f.iface->ip.mac));
    ck_assert_uint_eq(arp.target_ip, PEER);
    ck_assert(eth_addr_equal(&arp.target_mac, &mac));
    ck_assert(eth_addr_equal(&eth.dst, &mac));
    /* Who asks is known, and need not be asked. */
    ck_assert_int_eq(state_of(&f, PEER), NEIGH_STALE);
    send_one(&f, PEER, 8);
    ck_assert_uint_eq(rig_ipv4(f.iface, 1).dst, PEER);
    /* Not ours: no answer, and no entry. */
    arp_from(&f, ARP_REQUEST, IP4(10, 0, 0, 3), rig_mac(7, 3), IP4(10, 0, 0, 77), true);
    ck_assert_uint_eq(f.iface->n_kept, 2);
    ck_assert_ptr_null(neigh_find(&f.iface->ip, IP4(10, 0, 0, 3)));
    rig_fini(&f.rig);
}
END_TEST

/* RFC 5227 2.1.1: a probe for our address comes from 0.0.0.0. */
START_TEST(address_probes_are_answered)
{
    struct fixture f;

    fixture_init(&f, 1);
    arp_from(&f, ARP_REQUEST, 0, rig_mac(7, 2), IP4(10, 0, 0, 1), true);
    ck_assert_uint_eq(f.iface->n_kept, 1);
    ck_assert_uint_eq(rig_arp(f.iface, 0).opcode, ARP_REPLY);
    ck_assert_ptr_null(neigh_find(&f.iface->ip, 0));
    rig_fini(&f.rig);
}
END_TEST

START_TEST(replies_nobody_asked_for)
{
    struct fixture f;

    fixture_init(&f, 1);
    reply(&f, PEER);
    ck_assert_ptr_null(neigh_find(&f.iface->ip, PEER));
    rig_fini(&f.rig);
}
END_TEST

/* RFC 5227 3: an announcement changes an entry, and makes one only if arp_accept says so. */
START_TEST(announcements)
{
    struct fixture f;
    struct eth_addr other = rig_mac(7, 99);

    fixture_init(&f, 1);
    arp_from(&f, ARP_REQUEST, PEER, rig_mac(7, 2), PEER, true);
    ck_assert_ptr_null(neigh_find(&f.iface->ip, PEER));
    send_one(&f, PEER, 8);
    reply(&f, PEER);
    arp_from(&f, ARP_REQUEST, PEER, other, PEER, true);
    ck_assert_int_eq(state_of(&f, PEER), NEIGH_STALE);
    send_one(&f, PEER, 8);
    struct eth eth = eth_of(&f, f.iface->n_kept - 1);
    ck_assert(eth_addr_equal(&eth.dst, &other));
    ck_assert(ip_sysctl_set(&f.node->ip, "net.ipv4.conf.all.arp_accept", "1", NULL));
    arp_from(&f, ARP_REQUEST, IP4(10, 0, 0, 3), rig_mac(7, 3), IP4(10, 0, 0, 3), true);
    ck_assert_int_eq(state_of(&f, IP4(10, 0, 0, 3)), NEIGH_STALE);
    rig_fini(&f.rig);
}
END_TEST

/* locktime: of two that answer within a second the first counts. */
START_TEST(two_answers)
{
    struct fixture f;
    struct eth_addr first = rig_mac(7, 2), second = rig_mac(7, 99);

    fixture_init(&f, 1);
    send_one(&f, PEER, 8);
    arp_from(&f, ARP_REPLY, PEER, first, IP4(10, 0, 0, 1), false);
    arp_from(&f, ARP_REPLY, PEER, second, IP4(10, 0, 0, 1), false);
    ck_assert(eth_addr_equal(&neigh_find(&f.iface->ip, PEER)->header.dst, &first));
    sim_run(f.rig.sim, SIM_S + 1);
    arp_from(&f, ARP_REPLY, PEER, second, IP4(10, 0, 0, 1), false);
    ck_assert(eth_addr_equal(&neigh_find(&f.iface->ip, PEER)->header.dst, &second));
    rig_fini(&f.rig);
}
END_TEST

/* A request from a known neighbour does not make it less reachable. */
START_TEST(requests_do_not_age)
{
    struct fixture f;

    fixture_init(&f, 1);
    send_one(&f, PEER, 8);
    reply(&f, PEER);
    arp_from(&f, ARP_REQUEST, PEER, rig_mac(7, 2), IP4(10, 0, 0, 1), true);
    ck_assert_int_eq(state_of(&f, PEER), NEIGH_REACHABLE);
    rig_fini(&f.rig);
}
END_TEST

START_TEST(malformed_messages)
{
    struct fixture f;
    uint8_t bytes[42];
    struct arp arp = { .opcode = ARP_REQUEST,
                       .sender_mac = rig_mac(7, 2),
                       .sender_ip = PEER,
                       .target_ip = IP4(10, 0, 0, 1) };
    struct eth eth = { ETH_BROADCAST, rig_mac(7, 2), ETH_TYPE_ARP };

    fixture_init(&f, 1);
    eth_emit(bytes, &eth);
    arp_emit(bytes + ETH_LEN, &arp);
    for (uint32_t len = ETH_LEN; len < sizeof bytes; len++) {
        struct packet *frame = packet_new(f.rig.sim);
        memcpy(packet_push(frame, len), bytes, len);
        ip_iface_input(&f.iface->ip, frame);
        ck_assert_uint_eq(rig_drops(f.node, &drop_arp_malformed), len - ETH_LEN + 1);
    }
    arp_from(&f, 3, PEER, rig_mac(7, 2), IP4(10, 0, 0, 1), true); /* RARP */
    arp_from(&f, ARP_REQUEST, PEER, rig_mac(7, 2), IP4(224, 0, 0, 1), true);
    ck_assert_uint_eq(rig_drops(f.node, &drop_arp_malformed), 30);
    ck_assert_uint_eq(f.iface->n_kept, 0);
    rig_fini(&f.rig);
}
END_TEST

START_TEST(announcing_oneself)
{
    struct fixture f;

    fixture_init(&f, 1);
    ck_assert(ip_sysctl_set(&f.node->ip, "net.ipv4.conf.all.arp_notify", "1", NULL));
    ip_iface_add_address(&f.iface->ip, IP4(10, 0, 1, 1), 24);
    ck_assert_uint_eq(f.iface->n_kept, 1);
    ip_iface_set_up(&f.iface->ip, false);
    ip_iface_set_up(&f.iface->ip, true);
    ck_assert_uint_eq(f.iface->n_kept, 3);
    for (unsigned i = 0; i < 3; i++) {
        struct arp arp = rig_arp(f.iface, i);
        ck_assert_uint_eq(arp.sender_ip, arp.target_ip);
        ck_assert_uint_eq(arp.sender_ip, i == 1 ? IP4(10, 0, 0, 1) : IP4(10, 0, 1, 1));
    }
    rig_fini(&f.rig);
}
END_TEST

/* ---- The table ---- */

START_TEST(going_down_forgets)
{
    struct fixture f;

    fixture_init(&f, 1);
    send_one(&f, PEER, 8);
    send_one(&f, IP4(10, 0, 0, 3), 8);
    reply(&f, PEER);
    ip_iface_set_up(&f.iface->ip, false);
    ck_assert_int_eq(state_of(&f, PEER), NEIGH_NONE);
    ck_assert_int_eq(state_of(&f, IP4(10, 0, 0, 3)), NEIGH_NONE);
    ck_assert_uint_eq(rig_drops(f.node, &drop_iface_down), 1);
    unsigned before = f.iface->n_kept;
    sim_run(f.rig.sim, 10 * SIM_S);
    ck_assert_uint_eq(f.iface->n_kept, before);
    ip_iface_set_up(&f.iface->ip, true);
    send_one(&f, PEER, 8);
    ck_assert_int_eq(state_of(&f, PEER), NEIGH_INCOMPLETE);
    rig_fini(&f.rig);
}
END_TEST

/* gc_thresh3 is the end; above gc_thresh1 what is stale and unused for gc_stale_time goes. */
static unsigned replies_to(struct fixture *f, ip4 asker, ip4 target)
{
    unsigned before = f->iface->n_kept;

    arp_from(f, ARP_REQUEST, asker, rig_mac(7, asker & 255), target, true);
    return f->iface->n_kept - before;
}

/* net.ipv4.conf.*.arp_ignore, as ip-sysctl.rst has it. */
START_TEST(whom_to_answer)
{
    static const struct {
        const char *mode;
        unsigned own, far, other; /* answers: usual; to an asker of another subnet; for the address
                                     of another interface */
    } cases[] = { { "0", 1, 1, 1 }, { "1", 1, 1, 0 }, { "2", 1, 0, 0 },
                  { "3", 1, 1, 1 }, { "4", 1, 1, 1 }, { "8", 0, 0, 0 } };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct fixture f;
        fixture_init(&f, 1);
        rig_iface(&f.rig, f.node, IP4(10, 0, 1, 1), 24);
        ck_assert(ip_sysctl_set(&f.node->ip, "net.ipv4.conf.all.arp_ignore", cases[i].mode, NULL));
        ck_assert_uint_eq(replies_to(&f, PEER, IP4(10, 0, 0, 1)), cases[i].own);
        ck_assert_uint_eq(replies_to(&f, IP4(10, 9, 0, 2), IP4(10, 0, 0, 1)), cases[i].far);
        ck_assert_uint_eq(replies_to(&f, PEER, IP4(10, 0, 1, 1)), cases[i].other);
        rig_fini(&f.rig);
    }
}
END_TEST

/* arp_filter: no answer where the asker would not be reached (ip-sysctl.rst). */
START_TEST(answers_only_where_the_asker_is)
{
    struct fixture f;

    fixture_init(&f, 1);
    rig_iface(&f.rig, f.node, IP4(10, 0, 1, 1), 24);
    ck_assert_uint_eq(replies_to(&f, IP4(10, 0, 1, 7), IP4(10, 0, 0, 1)), 1);
    ck_assert(ip_sysctl_set(&f.node->ip, "net.ipv4.conf.all.arp_filter", "1", NULL));
    ck_assert_uint_eq(replies_to(&f, IP4(10, 0, 1, 7), IP4(10, 0, 0, 1)), 0);
    ck_assert_uint_eq(replies_to(&f, PEER, IP4(10, 0, 0, 1)), 1);
    rig_fini(&f.rig);
}
END_TEST

/* arp_announce: in whose name is asked when a datagram of another interface's address waits. */
START_TEST(in_whose_name)
{
    static const struct {
        const char *mode;
        ip4 sender;
    } cases[] = { { "0", IP4(10, 0, 1, 1) }, { "1", IP4(10, 0, 0, 1) }, { "2", IP4(10, 0, 0, 1) } };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct fixture f;
        fixture_init(&f, 1);
        rig_iface(&f.rig, f.node, IP4(10, 0, 1, 1), 24);
        ck_assert(
            ip_sysctl_set(&f.node->ip, "net.ipv4.conf.all.arp_announce", cases[i].mode, NULL));
        struct ip_tx tx = { .src = ip_addr_of_v4(IP4(10, 0, 1, 1)),
                            .dst = ip_addr_of_v4(PEER),
                            .proto = 200 };
        ip_send(&f.node->ip, packet_new(f.rig.sim), &tx, NULL);
        ck_assert_uint_eq(rig_arp(f.iface, 0).sender_ip, cases[i].sender);
        rig_fini(&f.rig);
    }
}
END_TEST

START_TEST(the_table_is_limited)
{
    struct fixture f;

    fixture_init(&f, 1);
    ck_assert(ip_sysctl_set(&f.node->ip, "net.ipv4.neigh.default.gc_thresh1", "4", NULL));
    ck_assert(ip_sysctl_set(&f.node->ip, "net.ipv4.neigh.default.gc_thresh3", "8", NULL));
    for (unsigned i = 2; i < 10; i++) {
        send_one(&f, IP4(10, 0, 0, i), 8);
        reply(&f, IP4(10, 0, 0, i));
    }
    send_one(&f, IP4(10, 0, 0, 10), 8);
    ck_assert_uint_eq(rig_drops(f.node, &drop_neigh_table_full), 1);
    sim_run(f.rig.sim, 130 * SIM_S);
    ip_changed(&f.node->ip);
    send_one(&f, IP4(10, 0, 0, 10), 8);
    ck_assert_int_eq(state_of(&f, IP4(10, 0, 0, 10)), NEIGH_INCOMPLETE);
    ck_assert_int_eq(state_of(&f, PEER), NEIGH_NONE);
    rig_fini(&f.rig);
}
END_TEST

static void note(const struct neigh *neigh, void *data)
{
    g_string_append_printf(data, "%u %s,", neigh->addr & 255,
                           neigh_state_name(neigh_state_now(neigh)));
}

START_TEST(listing)
{
    struct fixture f;
    struct eth_addr mac = rig_mac(7, 9);
    GString *text = g_string_new(NULL);

    fixture_init(&f, 1);
    for (unsigned i = 20; i > 2; i -= 6)
        send_one(&f, IP4(10, 0, 0, i), 8);
    reply(&f, IP4(10, 0, 0, 8));
    neigh_set_permanent(&f.iface->ip, IP4(10, 0, 0, 9), &mac);
    neigh_each(&f.iface->ip, note, text);
    ck_assert_str_eq(text->str, "8 REACHABLE,9 PERMANENT,14 INCOMPLETE,20 INCOMPLETE,");
    g_string_free(text, TRUE);
    sim_run(f.rig.sim, 10 * SIM_S);
    rig_fini(&f.rig);
}
END_TEST

START_TEST(permanent_entries_stay)
{
    struct fixture f;
    struct eth_addr mac = rig_mac(7, 9);

    fixture_init(&f, 1);
    send_one(&f, PEER, 8);
    neigh_set_permanent(&f.iface->ip, PEER, &mac);
    ck_assert_uint_eq(f.iface->n_kept, 2);
    reply(&f, PEER);
    sim_run(f.rig.sim, 1000 * SIM_S);
    send_one(&f, PEER, 8);
    struct eth eth = eth_of(&f, 2);
    ck_assert(eth_addr_equal(&eth.dst, &mac));
    ck_assert_int_eq(state_of(&f, PEER), NEIGH_PERMANENT);
    rig_fini(&f.rig);
}
END_TEST

SUITE("protocols/neigh", first_datagram_asks, nobody_answers, the_queue_is_limited, reachable_ages,
      stale_is_probed, probe_is_answered, confirmation_from_above, requests_are_answered,
      address_probes_are_answered, replies_nobody_asked_for, announcements, two_answers,
      requests_do_not_age, malformed_messages, announcing_oneself, going_down_forgets,
      the_table_is_limited, listing, permanent_entries_stay, whom_to_answer,
      answers_only_where_the_asker_is, in_whose_name)
