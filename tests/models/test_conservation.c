/* The books of packets: found wherever they may wait, and missed where they do not. */
#include "tests/support/net.h"
#include "tests/support/suite.h"

/* Looks at the books in steps that do not fit any period of the traffic. */
static void run_and_look(struct network *net, sim_time until)
{
    while (net->sim->now < until)
        net_run(net, net->sim->now + 777 * SIM_US);
}

START_TEST(packets_are_found_wherever_they_wait)
{
    struct network *net = network_new("net", 1);
    struct node *a = net_host(net, "a"), *r = net_router(net, "r"), *b = net_host(net, "b");
    struct impair_config config = {
        .loss = 0.02, .duplicate = 0.05, .reorder = 0.1, .reorder_delay = 5 * SIM_MS
    };

    /* A queue that fills at r, neighbours that are looked for, fragments of which some are lost,
     * datagrams to the node itself, a socket in which they wait. */
    net_link(net, a, r, 100000000, SIM_MS);
    struct link *neck = net_link(net, r, b, 5000000, 10 * SIM_MS);
    net_impair(neck->a, &config);
    struct app *large = net_app(net, "udp", a, b), *self = net_app(net, "udp", a, a);
    net_set(large, "size", "4000");
    net_set(large, "rate", "8Mbps");
    large->stop = SIM_S;
    net_arm(large);
    self->stop = SIM_S;
    net_arm(self);
    struct app *unread = net_app(net, "udp", b, r);
    struct udp_socket socket;
    net_set(unread, "listen", "no");
    net_set(unread, "port", "7");
    net_set(unread, "count", "20");
    net_arm(unread);
    udp_socket_init(&socket, NULL, NULL);
    ck_assert_int_eq(udp_bind(node_udp(r), &socket, NULL, 7), 0);
    run_and_look(net, 2 * SIM_S);
    ck_assert_uint_eq(udp_packets_held(node_udp(r)), 20);
    ck_assert_double_gt(net_result(self, "received"), 0);
    ck_assert_double_eq(net_result(self, "lost"), 0);
    udp_close(&socket);
    net_end(net);
}
END_TEST

START_TEST(one_that_nobody_holds_is_missed)
{
    struct network *net = network_new("net", 1);
    struct node *a = net_host(net, "a"), *b = net_host(net, "b");

    net_link(net, a, b, 100000000, SIM_MS);
    net_run(net, SIM_S);
    struct packet *lost = packet_new(net->sim);
    char *difference = network_conservation(net);
    ck_assert_ptr_nonnull(difference);
    g_free(difference);
    packet_consumed(lost);
    net_end(net);
}
END_TEST

START_TEST(one_that_is_freed_without_a_word_is_missed)
{
    struct network *net = network_new("net", 1);

    packet_release(packet_new(net->sim));
    char *difference = network_conservation(net);
    ck_assert_ptr_nonnull(difference);
    g_free(difference);
    network_free(net);
}
END_TEST

SUITE("models/node/conservation", packets_are_found_wherever_they_wait,
      one_that_nobody_holds_is_missed, one_that_is_freed_without_a_word_is_missed)
