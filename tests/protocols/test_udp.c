/* UDP (RFC 768, 1122 4.1): ports, datagrams, errors, buffers. */
#include "protocols/udp/udp.h"

#include <errno.h>

#include "tests/support/iprig.h"
#include "tests/support/suite.h"

/* A socket that notes what it gets. */
struct sock {
    struct udp_socket socket;
    unsigned n, errors, ready;
    uint32_t length;
    struct udp_rx rx;
    struct udp_error error;
};

static void note(struct udp_socket *socket, struct packet *packet, const struct udp_rx *rx)
{
    struct sock *s = container_of(socket, struct sock, socket);
    uint64_t offset;

    s->n++;
    s->rx = *rx;
    struct blob *blob = udp_payload(packet, &offset, &s->length);
    if (s->length)
        ck_assert_mem_eq(blob_span(blob, offset, s->length), blob_span(&blob_pattern, 0, s->length),
                         s->length);
    blob_unref(blob);
    packet_delivered(packet);
}

static void note_error(struct udp_socket *socket, const struct udp_error *error)
{
    struct sock *s = container_of(socket, struct sock, socket);

    s->errors++;
    s->error = *error;
}

static void note_ready(struct udp_socket *socket)
{
    container_of(socket, struct sock, socket)->ready++;
}

static const struct udp_ops ops = { .receive = note, .error = note_error };
static const struct udp_ops queue_ops = { .readable = note_ready };

/* Two hosts, 10.0.0.1 and 10.0.0.2, a millisecond apart. */
struct fixture {
    struct rig rig;
    struct rig_node *a, *b;
    struct udp_stack udp_a, udp_b;
};

static void fixture_init(struct fixture *f, uint64_t seed)
{
    rig_init(&f->rig, seed);
    f->a = rig_node(&f->rig);
    f->b = rig_node(&f->rig);
    rig_wire(rig_iface(&f->rig, f->a, IP4(10, 0, 0, 1), 24),
             rig_iface(&f->rig, f->b, IP4(10, 0, 0, 2), 24), SIM_MS);
    udp_stack_init(&f->udp_a, &f->a->ip, f->a->name);
    udp_stack_init(&f->udp_b, &f->b->ip, f->b->name);
    ip_register(&f->a->ip, IP_PROTO_UDP, &f->udp_a.l4);
    ip_register(&f->b->ip, IP_PROTO_UDP, &f->udp_b.l4);
}

static void fixture_fini(struct fixture *f)
{
    udp_stack_fini(&f->udp_a);
    udp_stack_fini(&f->udp_b);
    rig_fini(&f->rig);
}

static void sock_init(struct sock *s)
{
    memset(s, 0, sizeof *s);
    udp_socket_init(&s->socket, &ops, NULL);
}

static int send_to(struct sock *s, ip4 dst, uint16_t port, uint32_t length)
{
    struct ip_addr to = ip_addr_of_v4(dst);
    return udp_send_to(&s->socket, &blob_pattern, 0, length, &to, port);
}

static void run(struct fixture *f)
{
    sim_run(f->rig.sim, f->rig.sim->now + SIM_S);
}

START_TEST(there_and_back)
{
    struct fixture f;
    struct sock client, server;
    struct ip_addr b = ip_addr_of_v4(IP4(10, 0, 0, 2));

    fixture_init(&f, 1);
    sock_init(&client);
    sock_init(&server);
    ck_assert_int_eq(udp_bind(&f.udp_b, &server.socket, NULL, 53), 0);
    ck_assert_int_eq(udp_connect(&f.udp_a, &client.socket, &b, 53), 0);
    client.socket.tos = 0xb8;
    ck_assert_int_eq(udp_send(&client.socket, &blob_pattern, 0, 100), 0);
    run(&f);
    ck_assert_uint_eq(server.n, 1);
    ck_assert_uint_eq(server.length, 100);
    ck_assert_uint_eq(server.rx.dst_port, 53);
    ck_assert_uint_eq(server.rx.src_port, client.socket.local_port);
    ck_assert_uint_eq(ip_addr_v4(&server.rx.src), IP4(10, 0, 0, 1));
    ck_assert_uint_eq(ip_addr_v4(&server.rx.dst), IP4(10, 0, 0, 2));
    ck_assert_uint_eq(server.rx.tos, 0xb8);
    ck_assert_ptr_eq(server.rx.iface, &f.b->ifaces[0].ip);
    ck_assert_int_eq(send_to(&server, IP4(10, 0, 0, 1), client.socket.local_port, 0), 0);
    run(&f);
    ck_assert_uint_eq(client.n, 1);
    ck_assert_uint_eq(client.length, 0);
    ck_assert_uint_eq(f.udp_a.counters.OutDatagrams, 1);
    ck_assert_uint_eq(f.udp_a.counters.InDatagrams, 1);
    ck_assert_uint_eq(f.udp_b.counters.InDatagrams, 1);
    udp_close(&client.socket);
    udp_close(&client.socket);
    fixture_fini(&f);
}
END_TEST

/* Up to 65,507 bytes; what exceeds the MTU is fragmented, without DF (Linux's IP_PMTUDISC_WANT). */
START_TEST(all_lengths)
{
    static const uint32_t lengths[] = { 0, 1, 2, 1471, 1472, 1473, 5000, 65506, 65507 };
    struct fixture f;
    struct sock client, server;

    fixture_init(&f, 1);
    sock_init(&client);
    sock_init(&server);
    udp_bind(&f.udp_b, &server.socket, NULL, 9);
    udp_bind(&f.udp_a, &client.socket, NULL, 0);
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        ck_assert_int_eq(send_to(&client, IP4(10, 0, 0, 2), 9, lengths[i]), 0);
        run(&f);
        ck_assert_uint_eq(server.n, i + 1);
        ck_assert_uint_eq(server.length, lengths[i]);
    }
    ck_assert_int_eq(send_to(&client, IP4(10, 0, 0, 2), 9, 65508), EMSGSIZE);
    client.socket.df = IP_DF_SET;
    ck_assert_int_eq(send_to(&client, IP4(10, 0, 0, 2), 9, 1473), EMSGSIZE);
    ck_assert_int_eq(send_to(&client, IP4(10, 0, 0, 2), 9, 1472), 0);
    run(&f);
    fixture_fini(&f);
}
END_TEST

/* The bytes on the wire: 10.0.0.1.1000 > 10.0.0.2.53: UDP, length 5, checksum by hand. */
START_TEST(bytes_on_the_wire)
{
    struct fixture f;
    struct sock client;
    struct eth_addr mac = rig_mac(7, 7);
    struct ip_addr b = ip_addr_of_v4(IP4(10, 0, 0, 2));
    struct blob *blob = blob_copy("weft!", 5);
    static const uint8_t golden[13] = { 0x03, 0xe8, 0x00, 0x35, 0x00, 0x0d, 0xe8,
                                        0xda, 'w',  'e',  'f',  't',  '!' };
    uint8_t bytes[13];

    fixture_init(&f, 1);
    f.a->ifaces[0].peer = NULL;
    neigh_set_permanent(&f.a->ifaces[0].ip, IP4(10, 0, 0, 2), &mac);
    sock_init(&client);
    udp_bind(&f.udp_a, &client.socket, NULL, 1000);
    ck_assert_int_eq(udp_send_to(&client.socket, blob, 0, 5, &b, 53), 0);
    struct packet *frame = f.a->ifaces[0].kept[0];
    ck_assert(frame->flags & PACKET_CSUM_PENDING); /* left to whoever looks */
    packet_finish_checksums(frame);
    packet_read(frame, 34, bytes, 13);
    ck_assert_mem_eq(bytes, golden, 13);
    ck_assert_uint_eq(rig_ipv4(&f.a->ifaces[0], 0).frag, IPV4_DF);
    ck_assert_uint_eq(frame->transmission, 1);
    blob_unref(blob);
    fixture_fini(&f);
}
END_TEST

START_TEST(closed_port)
{
    struct fixture f;
    struct sock client;
    struct ip_addr b = ip_addr_of_v4(IP4(10, 0, 0, 2));

    fixture_init(&f, 1);
    sock_init(&client);
    udp_connect(&f.udp_a, &client.socket, &b, 7);
    udp_send(&client.socket, &blob_pattern, 0, 10);
    run(&f);
    ck_assert_uint_eq(client.errors, 1);
    ck_assert_int_eq(client.error.error, ECONNREFUSED);
    ck_assert_uint_eq(client.error.type, ICMP_DEST_UNREACH);
    ck_assert_uint_eq(client.error.code, ICMP_PORT_UNREACH);
    ck_assert_uint_eq(client.error.dst_port, 7);
    ck_assert_uint_eq(ip_addr_v4(&client.error.dst), IP4(10, 0, 0, 2));
    ck_assert_uint_eq(ip_addr_v4(&client.error.reporter), IP4(10, 0, 0, 2));
    ck_assert_uint_eq(f.udp_b.counters.NoPorts, 1);
    ck_assert_uint_eq(rig_drops(f.b, &drop_udp_no_port), 1);
    fixture_fini(&f);
}
END_TEST

/* Traceroute: errors of routers on the way reach an unconnected socket, and say who sent them. */
START_TEST(errors_of_routers)
{
    struct fixture f;
    struct sock client;

    fixture_init(&f, 1);
    f.b->ip.forwarding = true;
    rig_route(f.a, 0, 0, IP4(10, 0, 0, 2));
    rig_iface(&f.rig, f.b, IP4(10, 0, 1, 1), 24);
    sock_init(&client);
    udp_bind(&f.udp_a, &client.socket, NULL, 0);
    client.socket.ttl = 1;
    send_to(&client, IP4(10, 0, 1, 9), 33434, 10);
    run(&f);
    ck_assert_uint_eq(client.errors, 1);
    ck_assert_int_eq(client.error.error, EHOSTUNREACH);
    ck_assert_uint_eq(client.error.type, ICMP_TIME_EXCEEDED);
    ck_assert_uint_eq(ip_addr_v4(&client.error.reporter), IP4(10, 0, 0, 2));
    ck_assert_uint_eq(ip_addr_v4(&client.error.dst), IP4(10, 0, 1, 9));
    ck_assert_uint_eq(client.error.dst_port, 33434);
    fixture_fini(&f);
}
END_TEST

START_TEST(binding)
{
    struct fixture f;
    struct sock s[6];
    struct ip_addr a = ip_addr_of_v4(IP4(10, 0, 0, 1)), other = ip_addr_of_v4(IP4(10, 0, 0, 77));

    fixture_init(&f, 1);
    for (int i = 0; i < 6; i++)
        sock_init(&s[i]);
    ck_assert_int_eq(udp_bind(&f.udp_a, &s[0].socket, &a, 53), 0);
    ck_assert_int_eq(udp_bind(&f.udp_a, &s[0].socket, &a, 54), EINVAL);
    ck_assert_int_eq(udp_bind(&f.udp_a, &s[1].socket, &a, 53), EADDRINUSE);
    ck_assert_int_eq(udp_bind(&f.udp_a, &s[1].socket, NULL, 53), EADDRINUSE);
    ck_assert_int_eq(udp_bind(&f.udp_a, &s[1].socket, &other, 53), 0);
    ck_assert_int_eq(udp_bind(&f.udp_a, &s[2].socket, NULL, 54), 0);
    udp_close(&s[0].socket);
    ck_assert_int_eq(udp_bind(&f.udp_a, &s[0].socket, &a, 53), 0);
    ck_assert_int_eq(udp_send(&s[3].socket, &blob_pattern, 0, 1), EDESTADDRREQ);
    ck_assert_int_eq(send_to(&s[3], IP4(10, 0, 0, 2), 1, 1), EDESTADDRREQ);
    fixture_fini(&f);
}
END_TEST

/* 32768 to 60999, random by the seed (RFC 6056), all of them before none is left. */
START_TEST(ephemeral_ports)
{
    struct fixture f, g;
    struct sock *s = g_new(struct sock, 28233), few[3];
    unsigned same = 0;

    fixture_init(&f, 1);
    fixture_init(&g, 2);
    for (unsigned i = 0; i < 28232; i++) {
        sock_init(&s[i]);
        ck_assert_int_eq(udp_bind(&f.udp_a, &s[i].socket, NULL, 0), 0);
        ck_assert_uint_ge(s[i].socket.local_port, 32768);
        ck_assert_uint_le(s[i].socket.local_port, 60999);
    }
    sock_init(&s[28232]);
    ck_assert_int_eq(udp_bind(&f.udp_a, &s[28232].socket, NULL, 0), EADDRINUSE);
    for (unsigned i = 0; i < 20; i++) {
        struct sock t;
        sock_init(&t);
        udp_bind(&g.udp_a, &t.socket, NULL, 0);
        same += t.socket.local_port == s[i].socket.local_port;
        udp_close(&t.socket);
    }
    ck_assert_uint_lt(same, 3);
    udp_set_port_range(&g.udp_b, 5000, 5001);
    for (unsigned i = 0; i < 2; i++) {
        sock_init(&few[i]);
        ck_assert_int_eq(udp_bind(&g.udp_b, &few[i].socket, NULL, 0), 0);
        ck_assert_uint_eq(few[i].socket.local_port / 2, 2500);
    }
    sock_init(&few[2]);
    ck_assert_int_eq(udp_bind(&g.udp_b, &few[2].socket, NULL, 0), EADDRINUSE);
    fixture_fini(&f);
    fixture_fini(&g);
    g_free(s);
}
END_TEST

/* The choosiest socket gets the datagram. */
START_TEST(demultiplexing)
{
    struct fixture f;
    struct sock any, specific, connected, client;
    struct ip_addr b = ip_addr_of_v4(IP4(10, 0, 0, 2)), a = ip_addr_of_v4(IP4(10, 0, 0, 1));

    fixture_init(&f, 1);
    ip_iface_add_address(&f.b->ifaces[0].ip, IP4(10, 0, 0, 3), 24);
    sock_init(&any);
    sock_init(&specific);
    sock_init(&connected);
    sock_init(&client);
    udp_bind(&f.udp_a, &client.socket, NULL, 2000);
    specific.socket.iface = &f.b->ifaces[0].ip; /* tells it from the others with this port */
    any.socket.iface = NULL;
    ck_assert_int_eq(udp_bind(&f.udp_b, &specific.socket, &b, 53), 0);
    send_to(&client, IP4(10, 0, 0, 2), 53, 8);
    send_to(&client, IP4(10, 0, 0, 3), 53, 8);
    run(&f);
    ck_assert_uint_eq(specific.n, 1);
    ck_assert_uint_eq(client.errors, 1);
    /* A connected socket hears its peer alone. */
    ck_assert_int_eq(udp_bind(&f.udp_b, &connected.socket, NULL, 54), 0);
    ck_assert_int_eq(udp_connect(&f.udp_b, &connected.socket, &a, 2000), 0);
    send_to(&client, IP4(10, 0, 0, 2), 54, 8);
    udp_close(&client.socket);
    udp_bind(&f.udp_a, &client.socket, NULL, 2001);
    send_to(&client, IP4(10, 0, 0, 2), 54, 8);
    run(&f);
    ck_assert_uint_eq(connected.n, 1);
    ck_assert_uint_eq(f.udp_b.counters.NoPorts, 2);
    fixture_fini(&f);
}
END_TEST

/* RFC 1122 4.1.3.6: broadcasts go to all sockets of the port, and are never refused. */
START_TEST(broadcasts)
{
    struct fixture f;
    struct sock client, one, two;

    fixture_init(&f, 1);
    sock_init(&client);
    sock_init(&one);
    sock_init(&two);
    udp_bind(&f.udp_a, &client.socket, NULL, 0);
    struct ip_addr b = ip_addr_of_v4(IP4(10, 0, 0, 2));
    udp_bind(&f.udp_b, &one.socket, NULL, 67);
    udp_bind(&f.udp_b, &two.socket, &b, 68);
    ck_assert_int_eq(send_to(&client, IP4(10, 0, 0, 255), 67, 8), EACCES);
    client.socket.broadcast = true;
    ck_assert_int_eq(send_to(&client, IP4(10, 0, 0, 255), 67, 8), 0);
    ck_assert_int_eq(send_to(&client, IP4(10, 0, 0, 255), 68, 8), 0);
    ck_assert_int_eq(send_to(&client, IP4(10, 0, 0, 255), 69, 8), 0);
    run(&f);
    ck_assert_uint_eq(one.n, 1);
    ck_assert_uint_eq(two.n, 0); /* bound to an address: hears no broadcast */
    ck_assert_uint_eq(client.errors, 0);
    ck_assert_uint_eq(f.udp_b.counters.IgnoredMulti, 2); /* as Linux 6.18 counts them, over veth */
    ck_assert_uint_eq(f.udp_b.counters.NoPorts, 0);
    ck_assert_uint_eq(rig_drops(f.b, &drop_udp_no_port), 2);
    fixture_fini(&f);
}
END_TEST

/* A socket whose datagram makes it close and forget another. */
struct killer {
    struct udp_socket socket;
    struct sock *victim;
};

static void kill_other(struct udp_socket *socket, struct packet *packet, const struct udp_rx *rx)
{
    struct killer *k = container_of(socket, struct killer, socket);

    (void)rx;
    packet_delivered(packet);
    if (k->victim)
        udp_close(&k->victim->socket);
    g_free(k->victim);
    k->victim = NULL;
}

/* A datagram for all: the sockets before and behind the one that is told may be gone afterwards,
 * and one that is opened meanwhile waits for the next (RFC 1122 4.1.3.6). */
START_TEST(receivers_of_broadcasts_close_each_other)
{
    static const struct udp_ops killer_ops = { .receive = kill_other };
    struct fixture f;
    struct sock client, last;
    struct killer killers[2];

    fixture_init(&f, 1);
    sock_init(&client);
    sock_init(&last);
    udp_bind(&f.udp_a, &client.socket, NULL, 0);
    client.socket.broadcast = last.socket.reuse = true;
    ck_assert_int_eq(udp_bind(&f.udp_b, &last.socket, NULL, 67), 0);
    for (unsigned i = 0; i < 2; i++) {
        killers[i].victim = g_new0(struct sock, 1);
        sock_init(killers[i].victim);
        udp_socket_init(&killers[i].socket, &killer_ops, NULL);
        killers[i].socket.reuse = killers[i].victim->socket.reuse = true;
        if (i == 0) /* one victim comes later than its killer, the other earlier */
            ck_assert_int_eq(udp_bind(&f.udp_b, &killers[i].victim->socket, NULL, 67), 0);
        ck_assert_int_eq(udp_bind(&f.udp_b, &killers[i].socket, NULL, 67), 0);
        if (i == 1)
            ck_assert_int_eq(udp_bind(&f.udp_b, &killers[i].victim->socket, NULL, 67), 0);
    }
    ck_assert_int_eq(send_to(&client, IP4(10, 0, 0, 255), 67, 8), 0);
    ck_assert_int_eq(send_to(&client, IP4(10, 0, 0, 255), 67, 8), 0);
    run(&f);
    ck_assert_uint_eq(last.n, 2);
    ck_assert(!killers[0].victim && !killers[1].victim);
    fixture_fini(&f);
}
END_TEST

static void read_one(struct udp_socket *socket)
{
    struct udp_rx rx;
    struct packet *packet = udp_recv(socket, &rx);

    ck_assert_uint_eq(packet_len(packet), 1000);
    ck_assert_uint_eq(rx.src_port, 1234);
    ck_assert_uint_eq(ip_addr_v4(&rx.src), IP4(10, 0, 0, 1));
    packet_delivered(packet);
}

/* What waits is limited by SO_RCVBUF: a datagram of 1000 bytes takes 2304, and a quarter of the
 * buffer must have been read before memory is free.  Numbers as Linux 6.18 shows them in SO_MEMINFO
 * for such a sequence, by TUN; there InDatagrams counts what was read. */
START_TEST(receive_buffer)
{
    static const uint32_t used[] = { 9216, 4608, 6912, 4608, 6912 };
    struct fixture f;
    struct sock client, server;

    fixture_init(&f, 1);
    sock_init(&client);
    sock_init(&server);
    udp_socket_init(&server.socket, &queue_ops, NULL);
    server.socket.rcvbuf = 10000;
    udp_bind(&f.udp_b, &server.socket, NULL, 53);
    udp_bind(&f.udp_a, &client.socket, NULL, 1234);
    for (unsigned i = 0; i < 10; i++)
        send_to(&client, IP4(10, 0, 0, 2), 53, 1000);
    run(&f);
    ck_assert_uint_eq(server.ready, 4);
    ck_assert_uint_eq(server.socket.queued, 4 * 2304);
    ck_assert_uint_eq(f.udp_b.counters.RcvbufErrors, 6);
    ck_assert_uint_eq(rig_drops(f.b, &drop_udp_rcvbuf), 6);
    ck_assert_uint_eq(f.udp_b.counters.InErrors, 6);
    ck_assert_uint_eq(f.udp_b.counters.InDatagrams, 0);
    for (unsigned i = 0; i < 5; i++) {
        read_one(&server.socket);
        ck_assert_uint_eq(server.socket.queued, used[i]);
        send_to(&client, IP4(10, 0, 0, 2), 53, 1000);
        run(&f);
        ck_assert_uint_eq(f.udp_b.counters.RcvbufErrors, 7); /* the first, no other */
    }
    ck_assert_uint_eq(f.udp_b.counters.InDatagrams, 5);
    udp_close(&server.socket); /* drops what nobody read */
    ck_assert_uint_eq(rig_drops(f.b, &drop_udp_closed), 3);
    fixture_fini(&f);
}
END_TEST

/* As Linux: only a lone datagram may be larger than the buffer. */
START_TEST(receive_buffer_of_one)
{
    struct fixture f;
    struct sock client, server;

    fixture_init(&f, 1);
    sock_init(&client);
    udp_socket_init(&server.socket, &queue_ops, NULL);
    server.socket.rcvbuf = 1000;
    udp_bind(&f.udp_b, &server.socket, NULL, 53);
    udp_bind(&f.udp_a, &client.socket, NULL, 1234);
    for (unsigned i = 0; i < 3; i++)
        send_to(&client, IP4(10, 0, 0, 2), 53, 1000);
    run(&f);
    ck_assert_uint_eq(f.udp_b.counters.RcvbufErrors, 2);
    read_one(&server.socket);
    ck_assert_uint_eq(server.socket.queued, 0);
    udp_close(&server.socket);
    udp_close(&client.socket);
    fixture_fini(&f);
}
END_TEST

/* A datagram to the stack of 10.0.0.2 with these transport bytes. */
static void input(struct fixture *f, const uint8_t *bytes, uint32_t n, uint8_t flags)
{
    struct rig_iface *to = &f->b->ifaces[0];
    struct ipv4 h = { .src = IP4(10, 0, 0, 1), .dst = IP4(10, 0, 0, 2), .proto = IP_PROTO_UDP };
    struct packet *frame = rig_datagram(to, &h, 0, n);

    blob_unref(frame->blob);
    frame->blob = NULL;
    frame->payload_len = 0;
    packet_set_payload(frame, blob_copy(bytes, n), 0, n);
    frame->flags = flags;
    ip_iface_input(&to->ip, frame);
}

static void take(struct udp_socket *socket, struct packet *packet, const struct udp_rx *rx)
{
    container_of(socket, struct sock, socket)->n++;
    container_of(socket, struct sock, socket)->length = packet_len(packet);
    packet_delivered(packet);
}

static const struct udp_ops take_ops = { .receive = take };

START_TEST(damage_and_truncation)
{
    static const uint8_t good[13] = { 0x03, 0xe8, 0x00, 0x35, 0x00, 0x0d, 0xe8,
                                      0xda, 'w',  'e',  'f',  't',  '!' };
    struct fixture f;
    struct sock server;
    uint8_t bytes[20] = { 0 };

    fixture_init(&f, 1);
    sock_init(&server);
    udp_socket_init(&server.socket, &take_ops, NULL);
    udp_bind(&f.udp_b, &server.socket, NULL, 53);
    for (uint32_t n = 0; n < sizeof good; n++)
        input(&f, good, n, n & 1 ? PACKET_UNTRUSTED : 0);
    ck_assert_uint_eq(f.udp_b.counters.InErrors, 13);
    ck_assert_uint_eq(rig_drops(f.b, &drop_udp_malformed), 13);
    for (unsigned bit = 0; bit < 8 * 13; bit++) {
        memcpy(bytes, good, 13);
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        input(&f, bytes, 13, PACKET_UNTRUSTED);
    }
    ck_assert_uint_eq(server.n, 0);
    ck_assert_uint_gt(f.udp_b.counters.InCsumErrors, 80); /* the rest has an impossible length */
    ck_assert_uint_eq(f.udp_b.counters.InErrors, 13 + 104);
    input(&f, good, 13, PACKET_UNTRUSTED);
    ck_assert_uint_eq(server.n, 1);
    ck_assert_uint_eq(server.length, 5);
    memcpy(bytes, good, 13);
    bytes[6] = bytes[7] = 0; /* RFC 768: no checksum */
    input(&f, bytes, 13, PACKET_UNTRUSTED);
    ck_assert_uint_eq(server.n, 2);
    input(&f, bytes, 20, PACKET_UNTRUSTED); /* IP delivers more than UDP's length */
    ck_assert_uint_eq(server.n, 3);
    ck_assert_uint_eq(server.length, 5);
    fixture_fini(&f);
}
END_TEST

START_TEST(to_oneself)
{
    struct fixture f;
    struct sock client, server;

    fixture_init(&f, 1);
    sock_init(&client);
    sock_init(&server);
    udp_bind(&f.udp_a, &server.socket, NULL, 53);
    udp_bind(&f.udp_a, &client.socket, NULL, 0);
    send_to(&client, IP4(127, 0, 0, 1), 53, 40000);
    send_to(&client, IP4(10, 0, 0, 1), 54, 8);
    run(&f);
    ck_assert_uint_eq(server.n, 1);
    ck_assert_uint_eq(server.length, 40000);
    ck_assert_ptr_null(server.rx.iface);
    ck_assert_uint_eq(client.errors, 1);
    ck_assert_int_eq(client.error.error, ECONNREFUSED);
    fixture_fini(&f);
}
END_TEST

SUITE("protocols/udp", there_and_back, all_lengths, bytes_on_the_wire, closed_port,
      errors_of_routers, binding, ephemeral_ports, demultiplexing, broadcasts,
      receivers_of_broadcasts_close_each_other, receive_buffer, receive_buffer_of_one,
      damage_and_truncation, to_oneself)
