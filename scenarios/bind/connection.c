#include "scenarios/bind/connection.h"

#include <string.h>

#include "scenarios/bind/value.h"
#include "sim/blob.h"

/* The model of the object. */
struct connection {
    struct tcp_conn *conn; /* NULL: closed by the script */
    int established, peer_fin, closed, error;
    bool woken; /* told that it may write, since the script asked last */
    uint32_t rcvlowat;
};

static void note_established(struct tcp_conn *conn)
{
    ((struct connection *)tcp_conn_user(conn))->established++;
}

static void note_peer_fin(struct tcp_conn *conn)
{
    ((struct connection *)tcp_conn_user(conn))->peer_fin++;
}

static void note_writable(struct tcp_conn *conn)
{
    ((struct connection *)tcp_conn_user(conn))->woken = true;
}

static void note_closed(struct tcp_conn *conn, int error)
{
    struct connection *c = tcp_conn_user(conn);

    c->closed++;
    c->error = error;
}

static const struct tcp_user_ops ops = {
    .established = note_established,
    .writable = note_writable,
    .peer_fin = note_peer_fin,
    .closed = note_closed,
};

/* ---- Options of sockets --------------------------------------------------------------------- */

/* 0 is the default of each, whatever the least value. */
#define ROW_FROM(name, member, min, max)                                                        \
    {                                                                                           \
        name, offsetof(struct tcp_config, member), sizeof((struct tcp_config *)0)->member, min, \
            max                                                                                 \
    }
#define ROW(name, member, max) ROW_FROM(name, member, 0, max)

static const struct {
    const char *name;
    size_t offset, size;
    int64_t min, max;
} rows[] = {
    ROW("rcvbuf", rcvbuf, INT32_MAX),
    ROW("sndbuf", sndbuf, INT32_MAX),
    ROW("max_pacing_rate", max_pacing_rate, INT64_MAX),
    ROW("window_clamp", window_clamp, INT32_MAX),
    ROW("user_timeout", user_timeout_ms, INT32_MAX),
    ROW("notsent_lowat", notsent_lowat, INT32_MAX),
    ROW("keepidle", keepidle, 32767),
    ROW("keepintvl", keepintvl, 32767),
    ROW("keepcnt", keepcnt, 127),
    ROW("syncnt", syncnt, 127),
    ROW_FROM("mss", mss, 88, 32767),
    ROW_FROM("linger2", linger2, -1, 120),
    ROW("tos", tos, 255),
    ROW("ttl", ttl, 255),
    ROW("fastopen", fastopen, INT32_MAX),
    ROW("fastopen_no_cookie", fastopen_no_cookie, 1),
    ROW("defer_accept", defer_accept, 255),
    ROW("nodelay", nodelay, 1),
    ROW("cork", cork, 1),
    ROW("keepalive", keepalive, 1),
    ROW("oobinline", oobinline, 1),
    ROW("no_pmtu_disc", pmtu, 1),
    ROW_FROM("rto_max", rto_max_ms, 1000, 120000),
    ROW_FROM("rto_min", rto_min_ms, 2, 200),
    ROW_FROM("delack_max", delack_max_ms, 2, 200),
    ROW("thin_lto", thin_lto, 1),
};

static void store(void *at, size_t size, int64_t value)
{
    switch (size) {
    case 1:
        *(uint8_t *)at = (uint8_t)value;
        break;
    case 2:
        *(uint16_t *)at = (uint16_t)value;
        break;
    case 4:
        *(uint32_t *)at = (uint32_t)value;
        break;
    default:
        *(uint64_t *)at = (uint64_t)value;
        break;
    }
}

/* What the value on top of the stack says; in C the connection would be told EINVAL. */
static int64_t read_value(lua_State *L, const char *name, int64_t min, int64_t max)
{
    if (lua_isboolean(L, -1))
        return lua_toboolean(L, -1);
    if (lua_type(L, -1) == LUA_TNUMBER && lua_tonumber(L, -1) == 0)
        return 0;
    return bind_whole(L, -1, name, min, max);
}

static bool set_row(lua_State *L, const char *name, struct tcp_config *config)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (strcmp(rows[i].name, name) != 0)
            continue;
        char what[64];
        g_snprintf(what, sizeof what, "script: the option %s", name);
        int64_t value = read_value(L, what, rows[i].min, rows[i].max);
        store((char *)config + rows[i].offset, rows[i].size, value);
        return true;
    }
    return false;
}

static int unknown_option(lua_State *L, const char *name, bool backlog)
{
    GPtrArray *words = g_ptr_array_new();

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        g_ptr_array_add(words, (char *)(uintptr_t)rows[i].name);
    g_ptr_array_add(words, (char *)(uintptr_t) "cc");
    g_ptr_array_add(words, (char *)(uintptr_t) "linger");
    if (backlog)
        g_ptr_array_add(words, (char *)(uintptr_t) "backlog");
    return bind_unknown(L, "script", "option of sockets", name, words);
}

static void set_other(lua_State *L, const char *name, struct tcp_config *config, uint32_t *backlog)
{
    if (backlog && strcmp(name, "backlog") == 0) {
        *backlog = (uint32_t)bind_whole(L, -1, name, 0, INT32_MAX);
    } else if (strcmp(name, "linger") == 0) {
        config->linger_on = true;
        config->linger = (uint16_t)bind_whole(L, -1, name, 0, 32767);
    } else if (strcmp(name, "cc") == 0) {
        config->cc = cc_find(bind_string(L, -1, name));
        if (!config->cc)
            bind_fail(L, "script: no congestion control \"%s\"; `weft list cc` shows all",
                      lua_tostring(L, -1));
    } else {
        unknown_option(L, name, backlog != NULL);
    }
}

void bind_read_tcp_config(lua_State *L, int index, struct tcp_config *config, uint32_t *backlog)
{
    if (lua_isnil(L, index))
        return;
    if (!lua_istable(L, index))
        bind_refuse(L, index, "script: the options of a socket", "a table, { nodelay = true }");
    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
        const char *name = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "";
        if (!set_row(L, name, config))
            set_other(L, name, config, backlog);
    }
}

/* ---- Life ----------------------------------------------------------------------------------- */

struct tcp_conn *bind_push_connection(lua_State *L, struct bind_net *net,
                                      const struct bind_connect *connect)
{
    struct bind_object *self =
        bind_push_new(L, &bind_connection_class, sizeof(struct connection), net);
    struct connection *c = self->model;

    lua_pushvalue(L, -1); /* it lives as long as the script: upcalls come to it */
    luaL_ref(L, LUA_REGISTRYINDEX);
    if (connect)
        c->conn = tcp_conn_new(connect->stack, connect->config, &ops, c);
    return c->conn;
}

struct tcp_conn *bind_connection_accept(lua_State *L, struct tcp_listener *listener)
{
    struct connection *c = bind_to_object(L, -1)->model;

    c->conn = tcp_accept(listener, &ops, c);
    return c->conn;
}

static struct tcp_conn *open_conn(lua_State *L, struct bind_object *self)
{
    struct connection *c = self->model;

    if (!c->conn)
        bind_fail(L, "script: the connection is closed");
    return c->conn;
}

/* ---- Methods -------------------------------------------------------------------------------- */

static unsigned send_flags(lua_State *L, int index)
{
    static const char *const words[] = { "more", "eor", "urgent", NULL };
    static const unsigned flags[] = { TCP_SEND_MORE, TCP_SEND_EOR, TCP_SEND_URGENT };

    return lua_isnil(L, index) ? 0 : flags[bind_word(L, index, "connection:write", words)];
}

/* Bytes of the pattern, so that the peer knows them; those taken, or minus an errno. */
static int connection_write(lua_State *L, struct bind_object *self)
{
    uint32_t n = (uint32_t)bind_whole(L, 1, "connection:write: the bytes", 0, INT32_MAX);
    struct tcp_conn *conn = open_conn(L, self);
    struct blob *blob = blob_new(n);

    memset(blob->bytes, 'w', n);
    int64_t taken = tcp_send(conn, blob, 0, n, send_flags(L, 2));
    blob_unref(blob);
    lua_pushinteger(L, taken);
    return 1;
}

static int connection_read(lua_State *L, struct bind_object *self)
{
    uint32_t n = (uint32_t)bind_whole(L, 1, "connection:read: the bytes", 0, INT32_MAX);
    struct tcp_conn *conn = open_conn(L, self);
    uint8_t *bytes = g_malloc(n + 1u);

    lua_pushinteger(L, tcp_recv_bytes(conn, bytes, n));
    g_free(bytes);
    return 1;
}

static int connection_urgent(lua_State *L, struct bind_object *self)
{
    uint8_t byte;
    int n = tcp_recv_urgent(open_conn(L, self), &byte, false);

    lua_pushinteger(L, n > 0 ? byte : n);
    return 1;
}

static int connection_shutdown(lua_State *L, struct bind_object *self)
{
    lua_pushinteger(L, tcp_shutdown(open_conn(L, self)));
    return 1;
}

static void forget(lua_State *L, struct bind_object *self, void (*end)(struct tcp_conn *conn))
{
    struct connection *c = self->model;
    struct tcp_conn *conn = open_conn(L, self);

    c->conn = NULL;
    end(conn);
}

static int connection_close(lua_State *L, struct bind_object *self)
{
    forget(L, self, tcp_close);
    return 0;
}

static int connection_abort(lua_State *L, struct bind_object *self)
{
    forget(L, self, tcp_abort);
    return 0;
}

static int connection_set(lua_State *L, struct bind_object *self)
{
    struct tcp_conn *conn = open_conn(L, self);
    struct tcp_config config = *tcp_conn_config(conn);

    bind_read_tcp_config(L, 1, &config, NULL);
    bool more = config.sndbuf != tcp_conn_config(conn)->sndbuf ||
                config.notsent_lowat != tcp_conn_config(conn)->notsent_lowat;
    tcp_conn_configure(conn, &config);
    if (more)
        tcp_conn_write_space(conn);
    return 0;
}

static int connection_quickack(lua_State *L, struct bind_object *self)
{
    tcp_conn_quickack(open_conn(L, self), bind_bool(L, 1, "connection:quickack"));
    return 0;
}

static int connection_rcvlowat(lua_State *L, struct bind_object *self)
{
    struct connection *c = self->model;

    c->rcvlowat = (uint32_t)bind_whole(L, 1, "connection:rcvlowat", 1, INT32_MAX);
    tcp_conn_rcvlowat(open_conn(L, self), c->rcvlowat);
    return 0;
}

/* As EPOLLOUT with EPOLLET. */
static int connection_woken(lua_State *L, struct bind_object *self)
{
    struct connection *c = self->model;
    bool woken = c->woken;

    c->woken = false;
    lua_pushboolean(L, woken && tcp_writable(open_conn(L, self)));
    return 1;
}

static const struct bind_method methods[] = {
    { "write", connection_write, 1, 2,
      "connection:write(bytes [, \"more\", \"eor\" or \"urgent\"])",
      "writes so many bytes; how many were taken, or minus the errno" },
    { "read", connection_read, 1, 1, "connection:read(bytes)",
      "reads at most so many bytes; how many there were" },
    { "urgent", connection_urgent, 0, 0, "connection:urgent()",
      "MSG_OOB: the urgent byte, or minus the errno" },
    { "shutdown", connection_shutdown, 0, 0, "connection:shutdown()", "no more will be written" },
    { "close", connection_close, 0, 0, "connection:close()", "as close(2)" },
    { "abort", connection_abort, 0, 0, "connection:abort()", "ends it with a reset" },
    { "set", connection_set, 1, 1, "connection:set{...}", "options of sockets by name" },
    { "quickack", connection_quickack, 1, 1, "connection:quickack(on)", "TCP_QUICKACK" },
    { "rcvlowat", connection_rcvlowat, 1, 1, "connection:rcvlowat(bytes)",
      "SO_RCVLOWAT: how many bytes make it readable" },
    { "woken", connection_woken, 0, 0, "connection:woken()",
      "whether, since it was asked last, it was told that it may write, and may (EPOLLET)" },
    BIND_METHODS_END,
};

/* ---- Looking -------------------------------------------------------------------------------- */

#define FIGURE(name, expression)                                   \
    static void get_##name(lua_State *L, struct bind_object *self) \
    {                                                              \
        struct tcp_info i;                                         \
        tcp_info_get(open_conn(L, self), &i);                      \
        lua_pushinteger(L, (lua_Integer)(expression));             \
    }
FIGURE(cwnd, i.cwnd)
FIGURE(ssthresh, i.ssthresh)
FIGURE(unacked, i.unacked)
FIGURE(sacked, i.sacked)
FIGURE(lost, i.lost)
FIGURE(retrans, i.retrans)
FIGURE(reordering, i.reordering)
FIGURE(mss, i.mss)
FIGURE(advmss, i.advmss)
FIGURE(rcv_wnd, i.rcv_wnd)
FIGURE(snd_wnd, i.snd_wnd)
FIGURE(ready, i.recv_ready)
FIGURE(sndbuf, i.sndbuf)
FIGURE(wmem_queued, i.wmem_queued)
FIGURE(rcvbuf, i.rcvbuf)
FIGURE(rmem_alloc, i.rmem_alloc)
FIGURE(rcv_ssthresh, i.rcv_ssthresh)
FIGURE(notsent, i.notsent_bytes)
FIGURE(delivered_ce, i.delivered_ce)
FIGURE(received_ce, i.received_ce)
FIGURE(undos, i.undos)
FIGURE(syn_data, i.syn_data)
FIGURE(delivered, i.delivered)
FIGURE(delivered_e1_bytes, i.delivered_ecn_bytes[0])
FIGURE(delivered_e0_bytes, i.delivered_ecn_bytes[1])
FIGURE(delivered_ce_bytes, i.delivered_ecn_bytes[2])

static void get_writable(lua_State *L, struct bind_object *self)
{
    lua_pushboolean(L, tcp_writable(open_conn(L, self)));
}

static void get_readable(lua_State *L, struct bind_object *self)
{
    const struct connection *c = self->model;
    struct tcp_conn *conn = open_conn(L, self);
    lua_pushboolean(L, tcp_readable(conn, c->rcvlowat ? c->rcvlowat : 1) || tcp_fin_received(conn));
}

static void get_state(lua_State *L, struct bind_object *self)
{
    struct connection *c = self->model;
    lua_pushstring(L, c->conn ? tcp_state_name(tcp_conn_state(c->conn)) : "CLOSED");
}

static void get_rto(lua_State *L, struct bind_object *self)
{
    struct tcp_info i;
    tcp_info_get(open_conn(L, self), &i);
    lua_pushnumber(L, simtime_seconds(i.rto));
}

static void get_srtt(lua_State *L, struct bind_object *self)
{
    struct tcp_info i;
    tcp_info_get(open_conn(L, self), &i);
    lua_pushnumber(L, simtime_seconds(i.srtt));
}

static void get_rttvar(lua_State *L, struct bind_object *self)
{
    struct tcp_info i;
    tcp_info_get(open_conn(L, self), &i);
    lua_pushnumber(L, simtime_seconds(i.rttvar));
}

static void get_min_rtt(lua_State *L, struct bind_object *self)
{
    struct tcp_info i;
    tcp_info_get(open_conn(L, self), &i);
    lua_pushnumber(L, simtime_seconds(i.min_rtt));
}

static void get_error(lua_State *L, struct bind_object *self)
{
    lua_pushinteger(L, ((struct connection *)self->model)->error);
}

static void get_closed(lua_State *L, struct bind_object *self)
{
    lua_pushboolean(L, ((struct connection *)self->model)->closed > 0);
}

#define PROPERTY(name, doc)          \
    {                                \
#name, get_##name, NULL, doc \
    }

static const struct bind_property properties[] = {
    PROPERTY(state, "its state, \"ESTABLISHED\" and so on"),
    PROPERTY(cwnd, "congestion window, packets"),
    PROPERTY(ssthresh, "slow-start threshold, packets"),
    PROPERTY(unacked, "packets sent and not acknowledged"),
    PROPERTY(sacked, "packets of these that are SACKed"),
    PROPERTY(lost, "packets taken for lost"),
    PROPERTY(retrans, "retransmitted packets in the network"),
    PROPERTY(reordering, "how much reordering is expected, packets"),
    PROPERTY(mss, "segment size"),
    PROPERTY(advmss, "segment size that was announced"),
    PROPERTY(rcv_wnd, "window offered, bytes"),
    PROPERTY(snd_wnd, "window of the peer, bytes"),
    PROPERTY(ready, "bytes that can be read"),
    PROPERTY(readable, "whether poll would say that it may read"),
    PROPERTY(writable, "whether poll would say that it may write; if not, it will be told"),
    PROPERTY(sndbuf, "send buffer, bytes of memory (SO_SNDBUF)"),
    PROPERTY(wmem_queued, "of that in use, as Linux counts"),
    PROPERTY(notsent, "bytes written and not sent"),
    PROPERTY(rcvbuf, "receive buffer, bytes of memory (SO_RCVBUF)"),
    PROPERTY(rmem_alloc, "of that in use, as Linux counts"),
    PROPERTY(rcv_ssthresh, "up to where the window may open, bytes"),
    PROPERTY(delivered_ce, "packets delivered with CE"),
    PROPERTY(received_ce, "packets received with CE (accurate ECN)"),
    PROPERTY(delivered_e0_bytes, "bytes that the peer received with ECT(0)"),
    PROPERTY(delivered_e1_bytes, "bytes that the peer received with ECT(1)"),
    PROPERTY(delivered_ce_bytes, "bytes that the peer received with CE"),
    PROPERTY(syn_data, "1 if data in the SYN was taken (Fast Open)"),
    PROPERTY(delivered, "packets delivered"),
    PROPERTY(undos, "window reductions undone"),
    PROPERTY(rto, "retransmission time-out, s"),
    PROPERTY(srtt, "smoothed round-trip time, s"),
    PROPERTY(rttvar, "its mean deviation, s"),
    PROPERTY(min_rtt, "least round-trip time of late, s"),
    PROPERTY(error, "errno of its end; 0: none"),
    PROPERTY(closed, "whether it came to its end"),
    BIND_PROPERTIES_END,
};

const struct bind_class bind_connection_class = {
    .name = "connection",
    .doc = "a connection in a packet conversation, from script.connect and script.accept",
    .methods = methods,
    .properties = properties,
};
