/* Small networks for tests: hosts, routers, links, traffic. */
#ifndef WEFT_TESTS_SUPPORT_NET_H
#define WEFT_TESTS_SUPPORT_NET_H

#include <check.h>

#include "models/app/app.h"
#include "models/node/network.h"
#include "tests/support/leaks.h"

static inline struct node *net_host(struct network *net, const char *name)
{
    return network_add_node(net, name, NODE_HOST, NULL);
}

static inline struct node *net_router(struct network *net, const char *name)
{
    return network_add_node(net, name, NODE_ROUTER, NULL);
}

/* A link, the same in both directions. */
static inline struct link *net_link(struct network *net, struct node *a, struct node *b,
                                    uint64_t rate_bps, sim_time delay)
{
    struct link *link = network_add_link(net, a, b, NULL, NULL);

    ck_assert_ptr_nonnull(link);
    link_set_rate(&link->a->tx, rate_bps);
    link_set_rate(&link->b->tx, rate_bps);
    link_set_delay(&link->a->tx, delay);
    link_set_delay(&link->b->tx, delay);
    return link;
}

/* What happens to the frames that `iface` sends. */
static inline void net_impair(struct iface *iface, const struct impair_config *config)
{
    struct impair *impair = impair_new(config, iface->node->net->sim->seed, iface->drops.name);

    link_set_impair(&iface->tx, impair);
}

static inline void net_set_state(struct link *link, enum link_state state)
{
    link_set_state(&link->a->tx, state);
    link_set_state(&link->b->tx, state);
}

/* Traffic, not armed yet. */
static inline struct app *net_app(struct network *net, const char *kind, struct node *from,
                                  struct node *to)
{
    char *base = g_strdup_printf("%s %s-%s", kind, from->name, to->name);
    char *name = network_unique_name(net, base);
    struct app *app = app_new(net, app_find(kind), name);

    ck_assert(network_claim(net, name, app, NULL));
    app->from.node = from;
    app->to.node = to;
    g_free(base);
    g_free(name);
    return app;
}

static inline void net_set(struct app *app, const char *option, const char *value)
{
    GError *error = NULL;
    const struct param *param = param_find(app->ops->params, option, &error);
    bool ok = param && param_set_text(param, app->priv, value, &error);

    ck_assert_msg(ok, "%s", error ? error->message : "");
}

static inline void net_arm(struct app *app)
{
    GError *error = NULL;
    bool ok = app_arm(app, &error);

    ck_assert_msg(ok, "%s", error ? error->message : "");
}

/* A result over [from, to). */
static inline double net_result_in(struct app *app, const char *name, sim_time from, sim_time to)
{
    const struct metric *metric = metric_find(app->ops->metrics, name);
    struct metric_span span = { from, to };

    ck_assert_msg(metric && metric->result, "%s", name);
    return metric->result(app, &span);
}

/* A result of the whole run until now. */
static inline double net_result(struct app *app, const char *name)
{
    return net_result_in(app, name, 0, app->sim->now);
}

#define ck_assert_result(app, name, value) ck_assert_double_eq(net_result(app, name), value)

static inline void net_run(struct network *net, sim_time until)
{
    ck_assert_int_eq(network_run(net, until), SIM_REACHED);
    char *difference = network_conservation(net);
    ck_assert_msg(difference == NULL, "%s", difference);
}

/* Lets what is under way end and what was learnt be forgotten (a path MTU is for ten minutes), sees
 * that nothing is left, and frees the network. */
static inline void net_end(struct network *net)
{
    net_run(net, net->sim->now + 1000 * SIM_S);
    assert_no_leaks(net->sim);
    network_free(net);
}

#endif
