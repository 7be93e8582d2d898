#include "protocols/ip/querier.h"

#define FIELD(member) offsetof(struct igmp_querier_config, member)

const struct param igmp_querier_params[] = {
    { "interval", PARAM_TIME, FIELD(interval), "125s", 1, 3600, "between general queries", NULL },
    { "response", PARAM_TIME, FIELD(response), "10s", 0.1, 25.5,
      "within which members answer general queries", NULL },
    { "last_member", PARAM_TIME, FIELD(last_member), "1s", 0.1, 25.5,
      "within which members of a group that somebody left answer; twice that, and it is gone",
      NULL },
    { "robustness", PARAM_U32, FIELD(robustness), "2", 1, 7,
      "how often what must not be lost is said", NULL },
    PARAM_END,
};

/* A group that somebody has left. */
struct ask {
    ip4 group;
    uint32_t left; /* queries still to come */
    sim_time at;
};

/* ---- Intervals (section 8) ----------------------------------------------------------------- */

sim_time igmp_membership_interval(const struct igmp_querier_config *config)
{
    return config->robustness * config->interval + config->response;
}

sim_time igmp_present_interval(const struct igmp_querier_config *config)
{
    return config->robustness * config->interval + config->response / 2;
}

sim_time igmp_last_member_time(const struct igmp_querier_config *config)
{
    return config->robustness * config->last_member;
}

/* ---- Asking -------------------------------------------------------------------------------- */

static void query(struct igmp_querier *q, ip4 group, sim_time within)
{
    struct igmp message = { IGMP_QUERY, (uint8_t)(within / (SIM_S / IGMP_TICKS)), group };

    q->sent++;
    q->send(q, group ? group : IGMP_ALL_HOSTS, &message);
}

static void general_due(struct sim *sim, struct timer *timer)
{
    struct igmp_querier *q = container_of(timer, struct igmp_querier, general);
    sim_time next = q->config.interval;

    if (q->startup > 0 && --q->startup > 0)
        next /= 4;
    timer_set(sim, timer, sim->now + next);
    query(q, 0, q->config.response);
}

static void next_special(struct igmp_querier *q)
{
    sim_time at = SIM_NEVER;

    for (guint i = 0; i < q->asks->len; i++)
        at = MIN(at, g_array_index(q->asks, struct ask, i).at);
    if (at == SIM_NEVER)
        timer_stop(&q->special);
    else
        timer_set(q->sim, &q->special, at);
}

static void special_due(struct sim *sim, struct timer *timer)
{
    struct igmp_querier *q = container_of(timer, struct igmp_querier, special);

    for (guint i = 0; i < q->asks->len;) {
        struct ask *ask = &g_array_index(q->asks, struct ask, i);
        if (ask->at <= sim->now) {
            query(q, ask->group, q->config.last_member);
            ask->at += q->config.last_member;
            ask->left--;
        }
        if (ask->left == 0)
            g_array_remove_index(q->asks, i);
        else
            i++;
    }
    next_special(q);
}

/* Asks now, and again; not anew while it does so. */
static void ask_group(struct igmp_querier *q, ip4 group)
{
    struct ask ask = { group, q->config.robustness, q->sim->now };

    for (guint i = 0; i < q->asks->len; i++)
        if (g_array_index(q->asks, struct ask, i).group == group)
            return;
    g_array_append_val(q->asks, ask);
    next_special(q);
}

/* ---- Election ------------------------------------------------------------------------------ */

static void present_over(struct sim *sim, struct timer *timer)
{
    struct igmp_querier *q = container_of(timer, struct igmp_querier, present);

    q->elected = q->addr;
    timer_set(sim, &q->general, sim->now);
}

static void fall_silent(struct igmp_querier *q, ip4 other)
{
    q->elected = other;
    q->startup = 0;
    g_array_set_size(q->asks, 0);
    timer_stop(&q->general);
    timer_stop(&q->special);
    timer_set(q->sim, &q->present, q->sim->now + igmp_present_interval(&q->config));
}

/* 0.0.0.0 is a switch that asks for others and takes no part (RFC 4541 2.1.1). */
void igmp_querier_heard(struct igmp_querier *q, ip4 src, const struct igmp *message)
{
    if (message->type == IGMP_QUERY && src != 0 && src < q->addr)
        fall_silent(q, src);
    else if (message->type == IGMP_LEAVE && igmp_querier_elected(q) && ip4_is_group(message->group))
        ask_group(q, message->group);
}

/* ---- Life ---------------------------------------------------------------------------------- */

void igmp_querier_init(struct igmp_querier *q, struct sim *sim, struct actor *actor, ip4 addr,
                       const struct igmp_querier_config *config,
                       void (*send)(struct igmp_querier *querier, ip4 dst,
                                    const struct igmp *message))
{
    *q = (struct igmp_querier){ .send = send,
                                .sim = sim,
                                .config = *config,
                                .addr = addr,
                                .elected = addr,
                                .startup = config->robustness };
    q->asks = g_array_new(FALSE, FALSE, sizeof(struct ask));
    timer_init(&q->general, actor, general_due);
    timer_init(&q->present, actor, present_over);
    timer_init(&q->special, actor, special_due);
    timer_set(sim, &q->general, sim->now);
}

void igmp_querier_fini(struct igmp_querier *q)
{
    timer_cancel(q->sim, &q->general);
    timer_cancel(q->sim, &q->present);
    timer_cancel(q->sim, &q->special);
    g_array_free(q->asks, TRUE);
}
