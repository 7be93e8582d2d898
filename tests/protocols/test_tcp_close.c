/* Opening and closing: every path through the states of RFC 9293 3.3.2. */
#include "protocols/tcp/listen.h"
#include "tests/support/suite.h"
#include "tests/support/tcp_script.h"

enum { DELAY_MS = 10 };

struct fixture {
    struct pair *pair;
    struct owner client, server;
    GString *states; /* of the client, "SYN_SENT ESTABLISHED ..." */
    struct tcp_observer watch;
};

static void watch_state(struct tcp_observer *observer, struct tcp_conn *conn, enum tcp_event event,
                        uint32_t old, uint32_t next)
{
    struct fixture *f = container_of(observer, struct fixture, watch);

    g_string_append_printf(f->states, "%s%s", f->states->len ? " " : "", tcp_state_name(next));
}

static struct fixture *fixture_new(void)
{
    struct fixture *f = g_new0(struct fixture, 1);

    f->pair = pair_new(1, DELAY_MS * SIM_MS);
    f->states = g_string_new(NULL);
    f->watch = (struct tcp_observer){ .events = 1 << TCP_EVENT_STATE, .event = watch_state };
    return f;
}

static struct fixture *connected(void)
{
    struct fixture *f = fixture_new();

    pair_connect(f->pair, &f->client, &f->server, NULL, NULL);
    tcp_observe(f->client.conn, &f->watch);
    seen_forget(f->pair);
    return f;
}

static void fixture_free(struct fixture *f)
{
    owners_free(&f->client, &f->server);
    pair_free(f->pair);
    g_string_free(f->states, TRUE);
    g_free(f);
}

static void release(struct owner *owner)
{
    tcp_close(owner->conn);
    owner->conn = NULL;
}

static struct tcp_stack *stack_a(struct fixture *f)
{
    return &f->pair->end[0].stack;
}

static struct tcp_stack *stack_b(struct fixture *f)
{
    return &f->pair->end[1].stack;
}

/* ---- Orderly -------------------------------------------------------------------------------- */

/* RFC 9293 3.6, figure 12. */
START_TEST(four_way)
{
    struct fixture *f = connected();
    struct pair *pair = f->pair;

    tcp_shutdown(f->client.conn);
    pair_run_for(pair, 100 * SIM_MS);
    ck_assert_int_eq(tcp_conn_state(f->client.conn), TCP_FIN_WAIT2);
    ck_assert_int_eq(tcp_conn_state(f->server.conn), TCP_CLOSE_WAIT);
    ck_assert_int_eq(f->server.peer_fin, 1);
    ck_assert(tcp_recv_eof(f->server.conn));
    tcp_shutdown(f->server.conn);
    ck_assert_int_eq(tcp_conn_state(f->server.conn), TCP_LAST_ACK);
    pair_run_for(pair, 100 * SIM_MS);
    ck_assert_str_eq(f->states->str, "FIN_WAIT1 FIN_WAIT2 TIME_WAIT");
    ck_assert_uint_eq(pair->log->len, 4);
    ck_assert_uint_eq(seen_at(pair, 0)->h.flags, TH_FIN | TH_ACK);
    ck_assert_uint_eq(seen_at(pair, 1)->h.flags, TH_ACK);
    ck_assert_uint_eq(seen_at(pair, 2)->h.flags, TH_FIN | TH_ACK);
    ck_assert_uint_eq(seen_at(pair, 3)->h.flags, TH_ACK);
    ck_assert_int_eq(f->client.closed, 1);
    ck_assert_int_eq(f->client.error, 0);
    ck_assert_int_eq(f->server.closed, 1);
    ck_assert_int_eq(f->server.error, 0);
    ck_assert_uint_eq(stack_a(f)->time_waits, 1);
    ck_assert_uint_eq(stack_b(f)->time_waits, 0);
    fixture_free(f);
}
END_TEST

static void shutdown_at_once(struct tcp_conn *conn)
{
    tcp_shutdown(conn);
}

/* The server answers the FIN with its own: the ACK rides on it. */
START_TEST(three_way)
{
    static const struct tcp_user_ops ops = { .peer_fin = shutdown_at_once };
    struct fixture *f = connected();

    tcp_conn_set_user(f->server.conn, &ops, &f->server);
    tcp_shutdown(f->client.conn);
    pair_run_for(f->pair, 100 * SIM_MS);
    ck_assert_uint_eq(f->pair->log->len, 3);
    ck_assert_uint_eq(seen_at(f->pair, 1)->h.flags, TH_FIN | TH_ACK);
    ck_assert_int_eq(f->client.closed, 1);
    ck_assert_uint_eq(stack_a(f)->time_waits, 1);
    fixture_free(f);
}
END_TEST

/* RFC 9293 3.6, figure 13. */
START_TEST(simultaneous_close)
{
    struct fixture *f = connected();

    tcp_shutdown(f->client.conn);
    tcp_shutdown(f->server.conn);
    pair_run_for(f->pair, 100 * SIM_MS);
    ck_assert_str_eq(f->states->str, "FIN_WAIT1 CLOSING TIME_WAIT");
    ck_assert_uint_eq(stack_a(f)->time_waits, 1);
    ck_assert_uint_eq(stack_b(f)->time_waits, 1);
    ck_assert_int_eq(f->client.error, 0);
    ck_assert_int_eq(f->server.error, 0);
    fixture_free(f);
}
END_TEST

START_TEST(half_close)
{
    struct fixture *f = connected();

    f->client.read = true;
    f->client.received = g_byte_array_new();
    tcp_shutdown(f->client.conn);
    pair_run_for(f->pair, 100 * SIM_MS);
    ck_assert_int_eq(tcp_send_bytes(f->client.conn, "x", 1, 0), -EPIPE);
    ck_assert_int_eq(tcp_send_bulk(f->server.conn, 100000), 0);
    tcp_shutdown(f->server.conn);
    pair_run_for(f->pair, 2 * SIM_S);
    ck_assert_uint_eq(f->client.received->len, 100000);
    ck_assert_int_eq(memcmp(f->client.received->data, blob_span(&blob_pattern, 0, 60000), 60000),
                     0);
    ck_assert_str_eq(f->states->str, "FIN_WAIT1 FIN_WAIT2 TIME_WAIT");
    ck_assert_int_eq(f->client.closed, 1);
    fixture_free(f);
}
END_TEST

/* RFC 9293 3.5, figure 7. */
START_TEST(simultaneous_open)
{
    struct fixture *f = fixture_new();
    struct pair *pair = f->pair;
    struct owner *owners[2] = { &f->client, &f->server };

    for (int i = 0; i < 2; i++) {
        owners[i]->conn = tcp_conn_new(&pair->end[i].stack, NULL, &owner_ops, owners[i]);
        ck_assert_int_eq(tcp_connect(owners[i]->conn, NULL, (uint16_t)(1000 + i),
                                     &pair->end[1 - i].addr, (uint16_t)(1001 - i)),
                         0);
    }
    tcp_observe(f->client.conn, &f->watch);
    pair_run_for(pair, 200 * SIM_MS);
    ck_assert_str_eq(f->states->str, "SYN_RECV ESTABLISHED");
    ck_assert_int_eq(tcp_conn_state(f->server.conn), TCP_ESTABLISHED);
    ck_assert_int_eq(f->client.established, 1);
    ck_assert_int_eq(f->server.established, 1);
    f->server.read = true;
    f->server.received = g_byte_array_new();
    ck_assert_int_eq(tcp_send_bytes(f->client.conn, "hello", 5, 0), 5);
    pair_run_for(pair, 200 * SIM_MS);
    ck_assert_uint_eq(f->server.received->len, 5);
    fixture_free(f);
}
END_TEST

/* A lost FIN is repeated like data. */
static struct fate lose_first_fin(struct pair *pair, const struct seen *s)
{
    return (struct fate){ .drop = s->from == 0 && s->h.flags & TH_FIN && s->transmission == 1 };
}

START_TEST(lost_fin)
{
    struct fixture *f = connected();

    f->pair->filter = lose_first_fin;
    tcp_shutdown(f->client.conn);
    pair_run_for(f->pair, SIM_S);
    ck_assert_int_eq(tcp_conn_state(f->client.conn), TCP_FIN_WAIT2);
    ck_assert_uint_eq(seen_count(f->pair, 0, TH_FIN), 2);
    fixture_free(f);
}
END_TEST

/* Written before the handshake is complete: data and FIN follow at once. */
START_TEST(write_before_established)
{
    struct fixture *f = fixture_new();

    f->server.read = true;
    f->server.received = g_byte_array_new();
    owner_listen(f->pair, &f->server, SERVER_PORT, NULL);
    owner_connect(f->pair, &f->client, SERVER_PORT, NULL);
    ck_assert_int_eq(tcp_send_bytes(f->client.conn, "early", 5, 0), 5);
    ck_assert_int_eq(tcp_shutdown(f->client.conn), 0);
    pair_run_for(f->pair, 200 * SIM_MS);
    ck_assert_uint_eq(f->server.received->len, 5);
    ck_assert_int_eq(f->server.peer_fin, 1);
    fixture_free(f);
}
END_TEST

/* ---- TIME_WAIT ------------------------------------------------------------------------------ */

static struct fixture *in_time_wait(void)
{
    struct fixture *f = connected();

    release(&f->client);
    pair_run_for(f->pair, 50 * SIM_MS);
    release(&f->server);
    pair_run_for(f->pair, 50 * SIM_MS);
    ck_assert_uint_eq(stack_a(f)->time_waits, 1);
    return f;
}

START_TEST(time_wait_lasts_a_minute)
{
    struct fixture *f = in_time_wait();

    /* It began when the FIN arrived, 10 ms after the server closed. */
    pair_run_for(f->pair, 59900 * SIM_MS);
    ck_assert_uint_eq(stack_a(f)->time_waits, 1);
    pair_run_for(f->pair, 100 * SIM_MS);
    ck_assert_uint_eq(stack_a(f)->time_waits, 0);
    ck_assert_uint_eq(stack_a(f)->table->count, 0);
    fixture_free(f);
}
END_TEST

static struct fate lose_last_ack(struct pair *pair, const struct seen *s)
{
    return (struct fate){ .drop = s->from == 0 && s->at < *(sim_time *)pair->data };
}

/* The last ACK is lost, so the peer repeats its FIN: it is acknowledged, the wait begins anew. */
START_TEST(time_wait_restarts)
{
    struct fixture *f = connected();
    sim_time until;

    release(&f->client);
    pair_run_for(f->pair, 50 * SIM_MS);
    until = f->pair->sim->now + 100 * SIM_MS;
    f->pair->data = &until;
    f->pair->filter = lose_last_ack;
    seen_forget(f->pair);
    release(&f->server);
    pair_run_for(f->pair, SIM_S);
    uint32_t fins = seen_count(f->pair, 1, TH_FIN);
    ck_assert_uint_ge(fins, 2);
    sim_time last = seen_nth(f->pair, 1, TH_FIN, (int)fins - 1)->at + DELAY_MS * SIM_MS;
    pair_run(f->pair, last + 59999 * SIM_MS);
    ck_assert_uint_eq(stack_a(f)->time_waits, 1);
    pair_run(f->pair, last + 60 * SIM_S);
    ck_assert_uint_eq(stack_a(f)->time_waits, 0);
    fixture_free(f);
}
END_TEST

/* The script's connection, closed by the stack first: it waits. */
static struct script *script_in_time_wait(uint32_t tsval)
{
    struct tcphdr_options offer = script_offer(true, 7);
    struct script *s = script_new();

    s->peer_tsval = tsval;
    script_accept(s, NULL, &offer, 100 * SIM_MS);
    release(&s->owner);
    script_expect(s, TH_FIN | TH_ACK, 1, 0, 1);
    script_ack(s, 1, 2);
    script_inject(s, &(struct peer_seg){ .flags = TH_FIN | TH_ACK, .seq = 1, .ack = 2 });
    script_expect(s, TH_ACK, 2, 0, 2);
    ck_assert_uint_eq(s->stack->time_waits, 1);
    return s;
}

/* RFC 6191 2: a SYN above the old numbers begins a new connection. */
START_TEST(time_wait_takes_new_syn)
{
    struct tcphdr_options offer = script_offer(true, 7);
    struct script *s = script_in_time_wait(0);

    script_inject(s, &(struct peer_seg){ .flags = TH_SYN, .seq = 100, .o = offer });
    const struct seen *syn_ack = script_take(s);
    ck_assert_uint_eq(syn_ack->h.flags, TH_SYN | TH_ACK);
    ck_assert_uint_eq(syn_ack->h.ack - s->peer_iss, 101);
    ck_assert_uint_eq(syn_ack->h.seq - s->iss, 2 + 65535 + 2); /* above ours, too */
    ck_assert_uint_eq(s->stack->time_waits, 0);
    script_free(s);
}
END_TEST

/* ... and one with old numbers is acknowledged, unless its timestamp says that it is new. */
START_TEST(time_wait_refuses_old_syn)
{
    struct tcphdr_options offer = script_offer(true, 7);
    struct script *s = script_in_time_wait(0);

    script_inject(s, &(struct peer_seg){ .flags = TH_SYN, .seq = 0u - 5000, .o = offer });
    script_expect(s, TH_ACK, 2, 0, 2);
    ck_assert_uint_eq(s->stack->time_waits, 1);
    script_free(s);

    s = script_in_time_wait(1000);
    s->peer_tsval = 2000;
    script_inject(s, &(struct peer_seg){ .flags = TH_SYN, .seq = 0u - 5000, .o = offer });
    ck_assert_uint_eq(script_take(s)->h.flags, TH_SYN | TH_ACK);
    script_free(s);
}
END_TEST

/* RFC 1337: by default a RST ends TIME_WAIT, with tcp_rfc1337 it does not. */
START_TEST(time_wait_assassination)
{
    for (int protect = 0; protect < 2; protect++) {
        struct script *s = script_in_time_wait(0);
        pair_sysctl(s->pair, 0, "net.ipv4.tcp_rfc1337", protect ? "1" : "0");
        script_inject(s, &(struct peer_seg){ .flags = TH_RST, .seq = 2 });
        ck_assert_uint_eq(s->stack->time_waits, (unsigned)protect);
        script_free(s);
    }
}
END_TEST

/* ---- Orphans -------------------------------------------------------------------------------- */

/* tcp_close with data queued: it is still delivered, and the FIN after it. */
START_TEST(orphan_delivers)
{
    struct fixture *f = connected();

    f->server.read = true;
    f->server.received = g_byte_array_new();
    ck_assert_int_eq(tcp_send_bulk(f->client.conn, 200000), 0);
    release(&f->client);
    pair_run_for(f->pair, 2 * SIM_S);
    ck_assert_uint_eq(f->server.received->len, 200000);
    ck_assert_int_eq(f->server.peer_fin, 1);
    ck_assert_uint_eq(stack_a(f)->orphans, 0); /* it waits in FIN_WAIT2 as a small entry */
    ck_assert_uint_eq(stack_a(f)->time_waits, 1);
    fixture_free(f);
}
END_TEST

/* tcp_fin_timeout: an orphan in FIN_WAIT2 is forgotten after 60 s, and a late FIN gets a RST. */
START_TEST(fin_wait2_limit)
{
    struct fixture *f = connected();

    release(&f->client);
    pair_run_for(f->pair, 59 * SIM_S);
    ck_assert_uint_eq(stack_a(f)->time_waits, 1);
    pair_run_for(f->pair, 2 * SIM_S);
    ck_assert_uint_eq(stack_a(f)->time_waits, 0);
    tcp_shutdown(f->server.conn);
    pair_run_for(f->pair, SIM_S);
    ck_assert_int_eq(f->server.error, ECONNRESET);
    fixture_free(f);
}
END_TEST

/* An owner that only shut down may wait for ever. */
START_TEST(fin_wait2_of_owner_has_no_limit)
{
    struct fixture *f = connected();

    tcp_shutdown(f->client.conn);
    pair_run_for(f->pair, 3600 * SIM_S);
    ck_assert_int_eq(tcp_conn_state(f->client.conn), TCP_FIN_WAIT2);
    fixture_free(f);
}
END_TEST

/* tcp_orphan_retries = 0 acts as 8: the model time of 8 back-offs is 511 * 0.2 s = 102.2 s. */
START_TEST(orphan_gives_up)
{
    struct fixture *f = connected();

    tcp_send_bulk(f->client.conn, 1000);
    f->pair->end[1].scripted = true; /* the peer vanishes */
    release(&f->client);
    ck_assert_uint_eq(stack_a(f)->orphans, 1);
    pair_run_for(f->pair, 100 * SIM_S);
    ck_assert_uint_eq(stack_a(f)->orphans, 1);
    pair_run_for(f->pair, 120 * SIM_S);
    ck_assert_uint_eq(stack_a(f)->orphans, 0);
    ck_assert_uint_eq(stack_a(f)->table->count, 0);
    fixture_free(f);
}
END_TEST

/* ---- Resets --------------------------------------------------------------------------------- */

START_TEST(refused)
{
    struct fixture *f = fixture_new();

    owner_connect(f->pair, &f->client, 9, NULL);
    pair_run_for(f->pair, 100 * SIM_MS);
    ck_assert_int_eq(f->client.closed, 1);
    ck_assert_int_eq(f->client.error, ECONNREFUSED);
    ck_assert_uint_eq(f->pair->log->len, 2);
    const struct seen *reset = seen_at(f->pair, 1);
    ck_assert_uint_eq(reset->h.flags, TH_RST | TH_ACK); /* RFC 9293 3.10.7.1 */
    ck_assert_uint_eq(reset->h.seq, 0);
    ck_assert_uint_eq(reset->h.ack, seen_at(f->pair, 0)->h.seq + 1);
    ck_assert_uint_eq(reset->h.window, 0);
    fixture_free(f);
}
END_TEST

START_TEST(abort_resets)
{
    struct fixture *f = connected();

    tcp_abort(f->client.conn);
    f->client.conn = NULL;
    pair_run_for(f->pair, 100 * SIM_MS);
    ck_assert_uint_eq(seen_at(f->pair, 0)->h.flags, TH_RST | TH_ACK);
    ck_assert_int_eq(f->server.error, ECONNRESET);
    ck_assert_uint_eq(stack_a(f)->table->count, 0);
    ck_assert_uint_eq(tcp_counters(stack_b(f))->EstabResets, 1);
    fixture_free(f);
}
END_TEST

/* SO_LINGER with 0 s. */
START_TEST(linger_zero)
{
    struct fixture *f = connected();
    struct tcp_config config = *tcp_conn_config(f->client.conn);

    config.linger_on = true;
    tcp_conn_configure(f->client.conn, &config);
    release(&f->client);
    pair_run_for(f->pair, 100 * SIM_MS);
    ck_assert_uint_eq(seen_at(f->pair, 0)->h.flags, TH_RST | TH_ACK);
    ck_assert_uint_eq(stack_a(f)->time_waits, 0);
    fixture_free(f);
}
END_TEST

/* RFC 2525 2.17: closing with unread data is no orderly close. */
START_TEST(close_with_unread_data)
{
    struct fixture *f = connected();

    tcp_send_bytes(f->server.conn, "unread", 6, 0);
    pair_run_for(f->pair, 100 * SIM_MS);
    seen_forget(f->pair);
    release(&f->client);
    pair_run_for(f->pair, 100 * SIM_MS);
    ck_assert_uint_eq(seen_at(f->pair, 0)->h.flags, TH_RST | TH_ACK);
    ck_assert_uint_eq(tcp_counters(stack_a(f))->TCPAbortOnClose, 1);
    ck_assert_int_eq(f->server.error, ECONNRESET);
    fixture_free(f);
}
END_TEST

/* RFC 1122 4.2.2.13: data for a reader that is gone. */
START_TEST(data_after_close)
{
    struct fixture *f = connected();

    release(&f->client);
    pair_run_for(f->pair, 50 * SIM_MS);
    tcp_send_bytes(f->server.conn, "late", 4, 0);
    pair_run_for(f->pair, 50 * SIM_MS);
    ck_assert_int_eq(f->server.error, EPIPE); /* in CLOSE_WAIT */
    ck_assert_uint_eq(stack_a(f)->time_waits, 0);
    fixture_free(f);
}
END_TEST

START_TEST(close_in_syn_sent)
{
    struct fixture *f = fixture_new();

    owner_listen(f->pair, &f->server, SERVER_PORT, NULL);
    owner_connect(f->pair, &f->client, SERVER_PORT, NULL);
    pair_run_for(f->pair, 5 * SIM_MS);
    release(&f->client);
    ck_assert_uint_eq(stack_a(f)->table->count, 0);
    pair_run_for(f->pair, SIM_S); /* the SYN-ACK finds nobody: RST */
    ck_assert_uint_eq(stack_b(f)->table->count, 0);
    ck_assert_uint_eq(seen_count(f->pair, 0, TH_RST), 1);
    fixture_free(f);
}
END_TEST

/* ---- Queues and ports ----------------------------------------------------------------------- */

static struct tcp_listener *never_accepts(struct fixture *f, uint32_t backlog)
{
    struct tcp_listener *l;

    ck_assert_int_eq(tcp_listen(stack_b(f), NULL, SERVER_PORT, backlog, NULL, NULL, NULL, &l), 0);
    return l;
}

/* A full accept queue: the ACK is ignored, the client believes to be connected, the request stays
 * and repeats its SYN-ACK; once there is room it goes on. */
START_TEST(accept_queue_full)
{
    struct fixture *f = fixture_new();
    struct tcp_listener *l = never_accepts(f, 1);
    struct owner clients[4] = { { 0 } };

    for (int i = 0; i < 3; i++) {
        owner_connect(f->pair, &clients[i], SERVER_PORT, NULL);
        pair_run_for(f->pair, i < 2 ? 100 * SIM_MS : 0);
    }
    pair_run_for(f->pair, 100 * SIM_MS);
    ck_assert_int_eq(clients[0].established, 1);
    ck_assert_int_eq(clients[1].established, 1); /* a backlog of 1 holds 2, as in Linux */
    ck_assert_int_eq(clients[2].established, 0); /* its SYN is dropped */
    ck_assert_uint_ge(tcp_counters(stack_b(f))->ListenOverflows, 1);
    tcp_close(tcp_accept(l, NULL, NULL));
    pair_run_for(f->pair, 2 * SIM_S); /* the SYN comes again after 1 s */
    ck_assert_int_eq(clients[2].established, 1);
    for (int i = 0; i < 3; i++)
        tcp_close(clients[i].conn);
    tcp_listener_close(l);
    fixture_free(f);
}
END_TEST

/* The accept queue fills between SYN and ACK. */
static void overflow_at_ack(bool abort_on_overflow)
{
    struct fixture *f = fixture_new();
    struct tcp_listener *l = never_accepts(f, 1);
    struct owner clients[3] = { { 0 } };

    l->backlog = 3; /* room for three requests ... */
    pair_sysctl(f->pair, 1, "net.ipv4.tcp_abort_on_overflow", abort_on_overflow ? "1" : "0");
    for (int i = 0; i < 3; i++)
        owner_connect(f->pair, &clients[i], SERVER_PORT, NULL);
    pair_run_for(f->pair, 15 * SIM_MS);
    l->backlog = 1; /* ... but for two connections */
    pair_run_for(f->pair, 100 * SIM_MS);
    ck_assert_uint_eq(l->accept_count, 2);
    if (abort_on_overflow) {
        ck_assert_int_eq(clients[2].error, ECONNRESET);
        ck_assert_uint_eq(l->request_count, 0);
    } else {
        ck_assert_int_eq(tcp_conn_state(clients[2].conn), TCP_ESTABLISHED);
        ck_assert_uint_eq(l->request_count, 1);
        tcp_close(tcp_accept(l, NULL, NULL));
        pair_run_for(f->pair, 2 * SIM_S); /* SYN-ACK again, ACK again */
        ck_assert_uint_eq(l->request_count, 0);
        ck_assert_uint_eq(l->accept_count, 2);
    }
    for (int i = 0; i < 3; i++)
        tcp_close(clients[i].conn);
    tcp_listener_close(l);
    fixture_free(f);
}

START_TEST(overflow_ignores)
{
    overflow_at_ack(false);
}
END_TEST

START_TEST(overflow_aborts)
{
    overflow_at_ack(true);
}
END_TEST

/* Ports of the range's lower parity first, each 4-tuple once, then EADDRNOTAVAIL. */
START_TEST(ports_run_out)
{
    struct fixture *f = fixture_new();
    struct owner clients[10] = { { 0 } };
    uint32_t used = 0;

    pair_sysctl(f->pair, 0, "net.ipv4.ip_local_port_range", "40000 40009");
    for (int i = 0; i < 10; i++) {
        owner_connect(f->pair, &clients[i], SERVER_PORT, NULL);
        unsigned port = clients[i].conn->entry.key.local_port - 40000u;
        ck_assert_uint_lt(port, 10);
        ck_assert_uint_eq(port % 2, i < 5 ? 0 : 1);
        ck_assert(!(used & 1u << port));
        used |= 1u << port;
    }
    struct tcp_conn *more = tcp_conn_new(stack_a(f), NULL, NULL, NULL);
    ck_assert_int_eq(tcp_connect(more, NULL, 0, &f->pair->end[1].addr, SERVER_PORT), EADDRNOTAVAIL);
    ck_assert_int_eq(tcp_connect(more, NULL, 0, &f->pair->end[1].addr, 81), 0);
    tcp_close(more);
    /* A port that becomes free is found, of whatever parity. */
    for (int i = 2; i < 8; i += 5) {
        uint16_t port = clients[i].conn->entry.key.local_port;
        tcp_abort(clients[i].conn);
        owner_connect(f->pair, &clients[i], SERVER_PORT, NULL);
        ck_assert_uint_eq(clients[i].conn->entry.key.local_port, port);
    }
    for (int i = 0; i < 10; i++)
        tcp_close(clients[i].conn);
    fixture_free(f);
}
END_TEST

/* Ports in TIME_WAIT count, too; net.ipv4.tcp_tw_reuse = 1 frees them after a second. */
START_TEST(time_wait_reuse)
{
    struct fixture *f = fixture_new();
    struct owner again = { 0 };

    pair_sysctl(f->pair, 0, "net.ipv4.ip_local_port_range", "40000 40000");
    pair_connect(f->pair, &f->client, &f->server, NULL, NULL);
    release(&f->client);
    pair_run_for(f->pair, 50 * SIM_MS);
    release(&f->server);
    pair_run_for(f->pair, 50 * SIM_MS);
    again.conn = tcp_conn_new(stack_a(f), NULL, &owner_ops, &again);
    ck_assert_int_eq(tcp_connect(again.conn, NULL, 0, &f->pair->end[1].addr, SERVER_PORT),
                     EADDRNOTAVAIL);
    pair_sysctl(f->pair, 0, "net.ipv4.tcp_tw_reuse", "1");
    ck_assert_int_eq(tcp_connect(again.conn, NULL, 0, &f->pair->end[1].addr, SERVER_PORT),
                     EADDRNOTAVAIL);
    pair_run_for(f->pair, 1100 * SIM_MS);
    ck_assert_int_eq(tcp_connect(again.conn, NULL, 0, &f->pair->end[1].addr, SERVER_PORT), 0);
    pair_run_for(f->pair, 100 * SIM_MS);
    ck_assert_int_eq(again.established, 1);
    tcp_close(again.conn);
    fixture_free(f);
}
END_TEST

START_TEST(no_route)
{
    struct fixture *f = fixture_new();

    f->pair->end[0].no_route = true;
    f->client.conn = tcp_conn_new(stack_a(f), NULL, &owner_ops, &f->client);
    ck_assert_int_eq(tcp_connect(f->client.conn, NULL, 0, &f->pair->end[1].addr, 80), ENETUNREACH);
    fixture_free(f);
}
END_TEST

/* The same name and seed choose the same numbers; another seed or another name others. */
static uint32_t first_isn(uint64_t seed, int from)
{
    struct pair *pair = pair_new(seed, SIM_MS);
    struct owner client = { 0 };

    client.conn = tcp_conn_new(&pair->end[from].stack, NULL, &owner_ops, &client);
    tcp_connect(client.conn, NULL, 40000, &pair->end[1 - from].addr, 80);
    uint32_t isn = seen_at(pair, 0)->h.seq;
    tcp_close(client.conn);
    pair_free(pair);
    return isn;
}

START_TEST(initial_numbers)
{
    ck_assert_uint_eq(first_isn(1, 0), first_isn(1, 0));
    ck_assert_uint_ne(first_isn(1, 0), first_isn(2, 0));
    ck_assert_uint_ne(first_isn(1, 0), first_isn(1, 1));
}
END_TEST

SUITE("protocols/tcp_close", four_way, three_way, simultaneous_close, half_close, simultaneous_open,
      lost_fin, write_before_established, time_wait_lasts_a_minute, time_wait_restarts,
      time_wait_takes_new_syn, time_wait_refuses_old_syn, time_wait_assassination, orphan_delivers,
      fin_wait2_limit, fin_wait2_of_owner_has_no_limit, orphan_gives_up, refused, abort_resets,
      linger_zero, close_with_unread_data, data_after_close, close_in_syn_sent, accept_queue_full,
      overflow_ignores, overflow_aborts, ports_run_out, time_wait_reuse, no_route, initial_numbers)
