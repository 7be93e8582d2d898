/* Applications whose options were refused stay in their network and are asked for results: none of
 * the plug-ins may mind. */
#include "tests/support/net.h"
#include "tests/support/suite.h"

START_TEST(results_of_what_was_never_armed)
{
    struct network *net = network_new("net", 1);
    struct node *a = net_host(net, "a"), *b = net_host(net, "b");

    net_link(net, a, b, 1000000000, SIM_MS);
    for (const struct app_ops *const *const *module = app_registry; *module; module++)
        for (const struct app_ops *const *ops = *module; *ops; ops++)
            net_app(net, (*ops)->name, a, b);
    net_run(net, SIM_S);
    for (guint i = 0; i < net->apps->len; i++) {
        struct app *app = net->apps->pdata[i];
        struct metric_span span = { 0, SIM_S };
        for (const struct metric *m = app->ops->metrics; m->name; m++) {
            if (m->result)
                m->result(app, &span);
            if (m->now)
                m->now(app);
        }
        if (app->ops->remark)
            g_free(app->ops->remark(app));
        if (app->ops->items)
            g_variant_unref(g_variant_ref_sink(app->ops->items->list(app)));
    }
    net_end(net);
}
END_TEST

SUITE("models/app/idle", results_of_what_was_never_armed)
