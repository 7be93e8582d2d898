/* Two TCP stacks and a wire between them, without hosts: for tests of TCP alone.
 *
 * The wire has a delay for each direction and a filter that may drop, delay, duplicate or change
 * each segment.  Everything that is put on the wire is written down (struct seen).  What is checked
 * for each segment is a g_assert: Check writes down each of its own assertions, which takes longer
 * than TCP does. */
#ifndef WEFT_TESTS_SUPPORT_TCP_PAIR_H
#define WEFT_TESTS_SUPPORT_TCP_PAIR_H

#include <check.h>

#include "protocols/tcp/internal.h"
#include "protocols/tcp/table.h"
#include "protocols/wire/checksum.h"
#include "protocols/wire/tcphdr.h"
#include "tests/support/leaks.h"

#define SERVER_PORT 80

struct pair;

/* One segment on the wire. */
struct seen {
    sim_time at;
    int from; /* 0: a, 1: b */
    struct tcphdr h;
    struct tcphdr_options o;
    uint32_t length;
    uint8_t transmission;
    uint8_t df; /* enum ip_df */
    uint8_t tos;
    bool dropped;
};

/* What happens to a segment. */
struct fate {
    bool drop, corrupt;
    bool full;      /* refused before it left: the host's queue has no room (NET_XMIT_DROP) */
    bool congested; /* the host's queue says so, of this or another segment (NET_XMIT_CN) */
    sim_time extra; /* delay beyond the wire's */
    int copies;     /* beyond the one */
};

typedef struct fate (*filter_fn)(struct pair *pair, const struct seen *s);

struct end {
    struct tcp_stack stack;
    struct actor actor;
    struct drops drops;
    struct pair *pair;
    struct ip_addr addr;
    uint32_t mtu;
    int index;
    bool scripted; /* nobody is there: segments are written down only */
    bool no_route;
};

struct pair {
    struct sim *sim;
    struct tcp_memory *memory;
    struct pool flights;
    struct end end[2];
    sim_time delay[2]; /* from a, from b */
    filter_fn filter;
    void *data;
    GArray *log; /* struct seen */
    bool logging;
};

struct flight {
    void *pool_link;
    struct event event;
    struct packet *packet;
    struct end *to;
    struct ip_rx rx;
};

static void flight_arrive(struct sim *sim, struct event *event)
{
    struct flight *f = container_of(event, struct flight, event);
    struct packet *packet = f->packet;
    struct end *to = f->to;
    struct ip_rx rx = f->rx;

    pool_give(&to->pair->flights, f);
    tcp_input(&to->stack, packet, &rx);
}

static inline void wire_launch(struct end *from, struct packet *packet, const struct ip_rx *rx,
                               sim_time delay)
{
    struct flight *f = pool_take(&from->pair->flights);

    event_init(&f->event, flight_arrive);
    f->packet = packet;
    f->to = &from->pair->end[1 - from->index];
    f->rx = *rx;
    event_schedule(from->pair->sim, &f->event, from->pair->sim->now + delay, &from->actor);
}

static inline struct seen wire_see(struct end *from, struct packet *packet)
{
    struct seen s = { .at = from->pair->sim->now, .from = from->index };
    const uint8_t *bytes = packet_data(packet);
    uint32_t doff = tcphdr_check(bytes, packet_len(packet));

    g_assert(doff >= 20);
    tcphdr_parse(bytes, &s.h);
    tcphdr_options_parse(bytes + 20, doff - 20, &s.o);
    g_assert(!(s.o.present & TCPHAS_MALFORMED));
    s.length = packet_len(packet) - doff;
    s.transmission = packet->transmission;
    return s;
}

/* Damages one byte after finishing the checksum, so that it is found. */
static inline void wire_corrupt(struct packet *packet)
{
    packet->flags &= (uint8_t)~PACKET_CSUM_PENDING;
    packet->flags |= PACKET_UNTRUSTED;
    packet_data(packet)[4] ^= 0x10;
}

static inline int wire_send(void *data, struct packet *packet, const struct ip_tx *tx,
                            struct ip_route_cache *cache)
{
    struct end *from = data;
    struct pair *pair = from->pair;
    struct ip_rx rx = { .src = tx->src, .dst = tx->dst, .proto = tx->proto, .tos = tx->tos };
    struct seen s = wire_see(from, packet);
    struct fate fate = { 0 };

    s.df = tx->df;
    s.tos = tx->tos;
    g_assert(packet->flags & PACKET_CSUM_PENDING);
    g_assert(packet_len(packet) + 20 <= from->mtu);
    if (pair->filter)
        fate = pair->filter(pair, &s);
    s.dropped = fate.drop || fate.full;
    if (pair->logging)
        g_array_append_val(pair->log, s);
    if (s.dropped || pair->end[1 - from->index].scripted) {
        packet_consumed(packet);
        return fate.full ? XMIT_DROPPED : fate.congested ? XMIT_CN : 0;
    }
    for (int i = 0; i < fate.copies; i++)
        wire_launch(from, packet_clone(packet), &rx, pair->delay[from->index] + fate.extra);
    if (fate.corrupt)
        wire_corrupt(packet);
    wire_launch(from, packet, &rx, pair->delay[from->index] + fate.extra);
    return 0;
}

static inline bool wire_route(void *data, const struct ip_addr *dst, struct ip_addr *src,
                              uint32_t *mtu)
{
    struct end *end = data;

    *src = end->addr;
    *mtu = end->mtu;
    return !end->no_route;
}

static const struct tcp_net wire_net = { wire_send, wire_route, NULL };

static inline void end_init(struct pair *pair, int index)
{
    struct end *end = &pair->end[index];
    const char *name = index ? "b" : "a";

    end->pair = pair;
    end->index = index;
    end->mtu = 1500;
    end->addr = ip_addr_of_v4(index ? 0xc0000201 : 0xc0a80001);
    end->drops.name = name;
    actor_init(&end->actor, pair->sim, name);
    tcp_stack_init(&end->stack, pair->sim, pair->memory, name, &end->actor, &end->drops, &wire_net,
                   end);
    end->stack.sysctl = &tcp_sysctl_defaults;
}

static inline struct pair *pair_new(uint64_t seed, sim_time delay)
{
    struct pair *pair = g_new0(struct pair, 1);

    pair->sim = sim_new(seed);
    pair->memory = tcp_memory_new(pair->sim);
    pool_init(&pair->flights, sizeof(struct flight), 8);
    pair->log = g_array_new(FALSE, FALSE, sizeof(struct seen));
    pair->logging = true;
    pair->delay[0] = pair->delay[1] = delay;
    for (int i = 0; i < 2; i++)
        end_init(pair, i);
    return pair;
}

/* Sets a sysctl of both ends, or of one (0, 1). */
static inline void pair_sysctl(struct pair *pair, int end, const char *name, const char *value)
{
    GError *error = NULL;

    for (int i = 0; i < 2; i++)
        if (end < 0 || end == i)
            ck_assert_msg(tcp_sysctl_set(&pair->end[i].stack, name, value, &error), "%s",
                          error ? error->message : "");
}

static inline void pair_run(struct pair *pair, sim_time until)
{
    ck_assert_int_eq(sim_run(pair->sim, until), SIM_REACHED);
}

static inline void pair_run_for(struct pair *pair, sim_time span)
{
    pair_run(pair, pair->sim->now + span);
}

/* Ends the test: both stacks are forgotten, and nothing may be left. */
static inline void pair_free(struct pair *pair)
{
    for (int i = 0; i < 2; i++) {
        tcp_stack_fini(&pair->end[i].stack);
        drops_fini(&pair->end[i].drops);
    }
    ck_assert(tcp_memory_empty(pair->memory));
    pair_run_for(pair, 3600 * SIM_S); /* what is on the wire arrives and finds nobody */
    for (int i = 0; i < 2; i++) {
        tcp_stack_fini(&pair->end[i].stack);
        drops_fini(&pair->end[i].drops);
    }
    assert_no_leaks(pair->sim);
    tcp_memory_free(pair->memory);
    pool_fini(&pair->flights);
    g_array_free(pair->log, TRUE);
    sim_free(pair->sim);
    g_free(pair);
}

/* ---- What was seen -------------------------------------------------------------------------- */

static inline const struct seen *seen_at(const struct pair *pair, uint32_t i)
{
    ck_assert_uint_lt(i, pair->log->len);
    return &g_array_index(pair->log, struct seen, i);
}

/* The n-th (from 0) segment from `from` that has all of `flags`; NULL if there is none. */
static inline const struct seen *seen_nth(const struct pair *pair, int from, unsigned flags, int n)
{
    for (uint32_t i = 0; i < pair->log->len; i++) {
        const struct seen *s = seen_at(pair, i);
        if (s->from == from && (s->h.flags & flags) == flags && n-- == 0)
            return s;
    }
    return NULL;
}

static inline uint32_t seen_count(const struct pair *pair, int from, unsigned flags)
{
    uint32_t n = 0;

    while (seen_nth(pair, from, flags, (int)n))
        n++;
    return n;
}

static inline void seen_forget(struct pair *pair)
{
    g_array_set_size(pair->log, 0);
}

/* ---- A connection between them -------------------------------------------------------------- */

/* What an owner was told. */
struct owner {
    struct tcp_conn *conn;
    struct tcp_listener *listener;
    int established, readable, writable, peer_fin, closed, error;
    GByteArray *received;
    bool read; /* takes everything as it comes */
};

static inline void owner_established(struct tcp_conn *conn)
{
    ((struct owner *)tcp_conn_user(conn))->established++;
}

static inline void owner_take(struct owner *owner, uint32_t max)
{
    uint8_t buffer[4096];
    uint32_t n;

    while (max > 0 && (n = tcp_recv_bytes(owner->conn, buffer, min_u32(sizeof buffer, max)))) {
        if (owner->received)
            g_byte_array_append(owner->received, buffer, n);
        max -= n;
    }
}

static inline void owner_readable(struct tcp_conn *conn)
{
    struct owner *owner = tcp_conn_user(conn);

    owner->readable++;
    if (owner->read)
        owner_take(owner, UINT32_MAX);
}

static inline void owner_writable(struct tcp_conn *conn)
{
    ((struct owner *)tcp_conn_user(conn))->writable++;
}

static inline void owner_peer_fin(struct tcp_conn *conn)
{
    ((struct owner *)tcp_conn_user(conn))->peer_fin++;
}

static inline void owner_closed(struct tcp_conn *conn, int error)
{
    struct owner *owner = tcp_conn_user(conn);

    owner->closed++;
    owner->error = error;
}

static const struct tcp_user_ops owner_ops = {
    .established = owner_established,
    .readable = owner_readable,
    .writable = owner_writable,
    .peer_fin = owner_peer_fin,
    .closed = owner_closed,
};

static inline void owner_acceptable(struct tcp_listener *listener)
{
    struct owner *owner = tcp_listener_user(listener);

    owner->conn = tcp_accept(listener, &owner_ops, owner);
    owner->established++;
}

static const struct tcp_listener_ops owner_listener_ops = { owner_acceptable };

static inline void owner_listen(struct pair *pair, struct owner *server, uint16_t port,
                                const struct tcp_config *config)
{
    ck_assert_int_eq(tcp_listen(&pair->end[1].stack, NULL, port, 128, config, &owner_listener_ops,
                                server, &server->listener),
                     0);
}

static inline void owner_connect(struct pair *pair, struct owner *client, uint16_t port,
                                 const struct tcp_config *config)
{
    client->conn = tcp_conn_new(&pair->end[0].stack, config, &owner_ops, client);
    ck_assert_int_eq(tcp_connect(client->conn, NULL, 0, &pair->end[1].addr, port), 0);
}

/* a connects to b; both are established when this returns. */
static inline void pair_connect(struct pair *pair, struct owner *client, struct owner *server,
                                const struct tcp_config *client_config,
                                const struct tcp_config *server_config)
{
    owner_listen(pair, server, SERVER_PORT, server_config);
    owner_connect(pair, client, SERVER_PORT, client_config);
    pair_run_for(pair, 4 * (pair->delay[0] + pair->delay[1]) + SIM_MS);
    ck_assert_int_eq(client->established, 1);
    ck_assert_int_eq(server->established, 1);
    ck_assert_int_eq(tcp_conn_state(client->conn), TCP_ESTABLISHED);
    ck_assert_int_eq(tcp_conn_state(server->conn), TCP_ESTABLISHED);
}

/* Both owners let go. */
static inline void owners_free(struct owner *client, struct owner *server)
{
    struct owner *owners[] = { client, server };

    for (int i = 0; i < 2; i++) {
        if (owners[i] && owners[i]->conn)
            tcp_close(owners[i]->conn);
        if (owners[i] && owners[i]->listener)
            tcp_listener_close(owners[i]->listener);
        if (owners[i] && owners[i]->received)
            g_byte_array_free(owners[i]->received, TRUE);
    }
}

#endif
