/* What owners set (struct tcp_config): kept once for all who set the same, and applied to a
 * connection when it begins and when it changes. */
#include "protocols/tcp/congestion.h"
#include "protocols/tcp/internal.h"
#include "protocols/tcp/receiving.h"
#include "protocols/tcp/sending.h"
#include "protocols/tcp/timers.h"

/* ---- Shared configurations ------------------------------------------------------------------ */

const struct tcp_config *tcp_config_new(struct tcp_memory *memory, const struct tcp_config *config)
{
    static const struct tcp_config defaults;
    struct tcp_config_ref *last = memory->last_config;

    if (!config)
        config = &defaults;
    if (last && memcmp(&last->config, config, sizeof *config) == 0)
        return tcp_config_ref(&last->config);
    struct tcp_config_ref *ref = g_new0(struct tcp_config_ref, 1);
    memcpy(&ref->config, config, sizeof *config);
    ref->refs = 2;
    tcp_config_unref(last ? &last->config : NULL);
    memory->last_config = ref;
    return &ref->config;
}

const struct tcp_config *tcp_config_ref(const struct tcp_config *config)
{
    struct tcp_config_ref *ref = container_of(config, struct tcp_config_ref, config);

    ref->refs++;
    return config;
}

void tcp_config_unref(const struct tcp_config *config)
{
    if (!config)
        return;
    struct tcp_config_ref *ref = container_of(config, struct tcp_config_ref, config);
    if (--ref->refs == 0)
        g_free(ref);
}

/* ---- At the beginning ----------------------------------------------------------------------- */

static uint32_t locked_size(uint32_t wanted, uint32_t most, uint32_t least)
{
    uint32_t size = min_u32(wanted, most) * 2; /* Linux doubles what SO_RCVBUF and SO_SNDBUF say */
    return max_u32(size, least);
}

/* What a new connection with this configuration would offer, in bytes of window. */
uint32_t tcp_initial_space(const struct tcp_stack *stack, const struct tcp_config *config)
{
    uint32_t rcvbuf =
        config->rcvbuf ? locked_size(config->rcvbuf, stack->sysctl->core_rmem_max, TCP_RCVBUF_LEAST)
                       : stack->sysctl->rmem[1];
    return (uint32_t)((uint64_t)rcvbuf * TCP_SCALING_RATIO >> 8);
}

void tcp_apply_config(struct tcp_conn *conn)
{
    const struct tcp_sysctl *sysctl = conn->entry.stack->sysctl;
    const struct tcp_config *config = conn->config;

    conn->window_stale = true;
    conn->nonagle &= (uint8_t) ~(NAGLE_OFF | NAGLE_CORK);
    conn->nonagle |= (config->nodelay ? NAGLE_OFF : 0) | (config->cork ? NAGLE_CORK : 0);
    if (config->rcvbuf) {
        conn->rcvbuf = locked_size(config->rcvbuf, sysctl->core_rmem_max, TCP_RCVBUF_LEAST);
        conn->rcvbuf_locked = true;
    }
    if (config->sndbuf) {
        conn->sndbuf = locked_size(config->sndbuf, sysctl->core_wmem_max, TCP_SNDBUF_LEAST);
        conn->sndbuf_locked = true;
    }
}

/* ---- While the connection lives ------------------------------------------------------------- */

/* TCP_NODELAY beats even a cork, once (tcp(7)). */
static void push_by_option(struct tcp_conn *conn)
{
    tcp_push_pending(conn, conn->nonagle | (conn->config->nodelay ? NAGLE_PUSH : 0));
}

void tcp_conn_push(struct tcp_conn *conn)
{
    tcp_enter(conn);
    push_by_option(conn);
    tcp_leave(conn);
}

static void change_algorithm(struct tcp_conn *conn, const struct tcp_config *config)
{
    const struct cc_ops *ops = config->cc ? config->cc : tcp_default_cc(conn->entry.stack);
    bool running = conn->cc_running;

    if (ops == conn->cc.ops)
        return;
    tcp_cc_assign(conn, ops, config->cc_params);
    if (running)
        tcp_cc_init(conn);
}

static void settings_changed(struct tcp_conn *conn, const struct tcp_config *old)
{
    const struct tcp_config *config = conn->config;

    if (config->cc != old->cc)
        change_algorithm(conn, config);
    if (config->max_pacing_rate != old->max_pacing_rate)
        tcp_pacing_limit_changed(conn);
    if (conn->entry.state == TCP_CLOSED)
        return;
    if (config->window_clamp != old->window_clamp && config->window_clamp)
        tcp_set_window_clamp(conn, config->window_clamp);
    if (config->keepalive && old->keepalive && config->keepidle != old->keepidle)
        tcp_restart_keepalive(conn);
}

void tcp_conn_configure(struct tcp_conn *conn, const struct tcp_config *config)
{
    const struct tcp_config *old = conn->config;

    tcp_enter(conn);
    conn->config = tcp_config_new(conn->entry.stack->memory, config);
    tcp_apply_config(conn);
    if ((old->cork && !config->cork) || (!old->nodelay && config->nodelay))
        push_by_option(conn);
    if (!config->keepalive)
        conn->keepalive_deadline = SIM_NEVER;
    else if (!old->keepalive && conn->entry.state >= TCP_ESTABLISHED)
        tcp_start_keepalive(conn);
    settings_changed(conn, old);
    tcp_config_unref(old);
    tcp_leave(conn);
}
