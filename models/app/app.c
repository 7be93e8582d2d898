#include "models/app/app.h"

#include "protocols/cc/cc.h"
#include "protocols/tcp/tcp.h"

const struct app_ops *app_find(const char *name)
{
    for (const struct app_ops *const *const *module = app_registry; *module; module++)
        for (const struct app_ops *const *ops = *module; *ops; ops++)
            if (strcmp((*ops)->name, name) == 0)
                return *ops;
    return NULL;
}

static void app_start(struct sim *sim, struct timer *timer)
{
    struct app *app = container_of(timer, struct app, start_timer);

    app->state = APP_RUNNING;
    app->began = sim->now;
    app->ops->start(app);
}

static void app_stop(struct sim *sim, struct timer *timer)
{
    struct app *app = container_of(timer, struct app, stop_timer);

    if (app->state == APP_RUNNING && app->ops->stop)
        app->ops->stop(app);
}

static struct app *app_make(struct network *net, const struct app_ops *ops, const char *name,
                            struct actor *actor)
{
    struct app *app = g_malloc0(sizeof *app + ops->priv_size);

    assert(ops->start);
    app->ops = ops;
    app->net = net;
    app->sim = net->sim;
    app->name = g_strdup(name);
    app->stop = app->began = app->ended = SIM_NEVER;
    app->actor = actor ? actor : &app->own_actor;
    timer_init(&app->start_timer, app->actor, app_start);
    timer_init(&app->stop_timer, app->actor, app_stop);
    if (ops->params)
        param_defaults(ops->params, app->priv);
    return app;
}

struct app *app_new(struct network *net, const struct app_ops *ops, const char *name)
{
    struct app *app = app_make(net, ops, name, NULL);
    char *actor = g_strconcat("app ", name, NULL);

    actor_init(&app->own_actor, net->sim, actor);
    g_free(actor);
    g_ptr_array_add(net->apps, app);
    app->number = net->apps->len;
    return app;
}

struct app *app_new_child(struct app *parent, const struct app_ops *ops, const char *name)
{
    struct app *app = app_make(parent->net, ops, name, parent->actor);

    app->number = parent->number;
    return app;
}

/* ---- Congestion control -------------------------------------------------------------------- */

bool app_cc(struct app *app, const char *words, struct tcp_config *config, GError **error)
{
    if (!words)
        return true;
    if (!cc_parse(tcp_memory_ccs(app->net->tcp_memory), words, &app->cc, &app->cc_params, error))
        return false;
    config->cc = app->cc;
    config->cc_params = app->cc_params;
    return true;
}

/* ---- Options ------------------------------------------------------------------------------- */

static const struct param *option(const struct app *app, const char *name)
{
    const struct param *param = param_find(app->ops->params, name, NULL);

    assert(param);
    return param;
}

double app_option(const struct app *app, const char *name)
{
    double value = 0;

    param_number(option(app, name), app->priv, &value);
    return value;
}

void app_set_option(struct app *app, const char *name, double value)
{
    bool ok = param_set_number(option(app, name), app->priv, value, NULL);
    assert(ok);
    (void)ok;
}

void app_set_text(struct app *app, const char *name, const char *value)
{
    bool ok = !value || param_set_text(option(app, name), app->priv, value, NULL);
    assert(ok);
    (void)ok;
}

/* ---- Life ---------------------------------------------------------------------------------- */

/* Some option is a random variable. */
static bool is_random(const struct app *app)
{
    for (const struct param *p = app->ops->params; p && p->name; p++)
        if (param_is_dist(p) &&
            !dist_is_constant((const struct dist *)(const void *)(app->priv + p->offset)))
            return true;
    return false;
}

bool app_arm(struct app *app, GError **error)
{
    if (app->stop <= app->start) {
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_RANGE,
                    "%s: it stops before it starts; stop is an absolute time", app->name);
        return false;
    }
    if (app->ops->init && !app->ops->init(app, error))
        return false;
    if (is_random(app))
        app->sim->random = true;
    timer_set(app->sim, &app->start_timer, app->start);
    if (app->stop != SIM_NEVER)
        timer_set(app->sim, &app->stop_timer, app->stop);
    return true;
}

void app_done(struct app *app, int error)
{
    if (app->state != APP_RUNNING)
        return;
    app->state = error ? APP_FAILED : APP_DONE;
    app->error = error;
    app->ended = app->sim->now;
    timer_cancel(app->sim, &app->stop_timer);
    if (app->on_done)
        app->on_done(app, app->on_done_data);
}

void app_watch(struct app *app, app_probe_fn on_probe, void *data)
{
    if (!app->probes)
        app->probes = g_new0(struct series *, app->ops->probes);
    app->on_probe = on_probe;
    app->on_probe_data = data;
}

void app_free(struct app *app)
{
    timer_cancel(app->sim, &app->start_timer);
    timer_cancel(app->sim, &app->stop_timer);
    if (app->ops->release)
        app->ops->release(app);
    if (app->ops->params)
        param_release(app->ops->params, app->priv);
    if (app->from_list)
        g_array_free(app->from_list, TRUE);
    if (app->to_list)
        g_array_free(app->to_list, TRUE);
    cc_params_free(app->cc, app->cc_params);
    g_free(app->probes);
    g_free(app->name);
    g_free(app);
}

/* The address that stands for an endpoint: what was said, else the interface's, else the node's
 * first. */
bool endpoint_resolve(const struct endpoint *end, struct ip_addr *addr)
{
    static const struct ip_addr none;
    ip4 v4;

    if (!ip_addr_equal(&end->addr, &none)) {
        *addr = end->addr;
        return true;
    }
    if (end->iface && ip_iface_address(&end->iface->ip, &v4)) {
        *addr = ip_addr_of_v4(v4);
        return true;
    }
    return end->node && node_address(end->node, addr);
}
