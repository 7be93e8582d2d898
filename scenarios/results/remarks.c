/* What a reader of the results should know: each application's own remarks, and flows that may be
 * locked in phase.
 *
 * In a simulation without any randomness, flows that are alike can keep step with one another: the
 * packets of one always come to the full queue just behind the other's, and are dropped (Floyd and
 * Jacobson, "On traffic phase effects in packet-switched gateways", 1992).  That says nothing about
 * real networks, where something always jitters. */
#define _GNU_SOURCE /* strerrordesc_np: the same words in every locale */
#include <math.h>
#include <string.h>

#include "scenarios/results/report_internal.h"

enum { NAMES_MAX = 3 };

/* The least round-trip times of two flows on the same path differ by what waited before them. */
#define RTT_ALIKE 0.05

/* ---- Phase ----------------------------------------------------------------------------------- */

/* A flow that reacts to loss. */
struct alike {
    char *options; /* kind and options as text, but for the ports */
    double rtt;    /* least round-trip time, s */
    const struct app *app;
};

static double result_of(struct app *app, const char *name)
{
    const struct metric *metric = metric_find(app->ops->metrics, name);
    struct metric_span span = { 0, app->sim->now };

    return metric && metric->result ? metric->result(app, &span) : NAN;
}

static char *options_text(const struct app *app)
{
    GString *text = g_string_new(app->ops->name);

    for (const struct param *p = app->ops->params; p && p->name; p++) {
        if (strcmp(p->name, "port") == 0 || strcmp(p->name, "sport") == 0)
            continue;
        char *value = param_show(p, app->priv);
        g_string_append_printf(text, " %s=%s", p->name, value);
        g_free(value);
    }
    return g_string_free(text, FALSE);
}

/* The flows that lost packets and know their round-trip time. */
static GArray *candidates(const struct network *net)
{
    GArray *flows = g_array_new(FALSE, FALSE, sizeof(struct alike));

    for (guint i = 0; i < net->apps->len; i++) {
        struct app *app = net->apps->pdata[i];
        double rtt = result_of(app, "rtt.min"), lost = result_of(app, "retransmits");
        if (!(rtt > 0 && lost > 0))
            continue;
        struct alike flow = { options_text(app), rtt, app };
        g_array_append_val(flows, flow);
    }
    return flows;
}

static int compare_alike(const void *a, const void *b)
{
    const struct alike *x = a, *y = b;
    int order = strcmp(x->options, y->options);

    if (order)
        return order;
    if (x->rtt != y->rtt)
        return x->rtt < y->rtt ? -1 : 1;
    return (x->app->number > y->app->number) - (x->app->number < y->app->number);
}

/* One began before the other had ended. */
static bool have_met(const struct app *x, const struct app *y)
{
    return x->began < y->ended && y->began < x->ended;
}

/* The node that stands for all that links join to `node`; `above` leads there. */
static const struct node *root_of(GHashTable *above, const struct node *node)
{
    const struct node *root = node, *next;

    while ((next = g_hash_table_lookup(above, root)))
        root = next;
    if (root != node)
        g_hash_table_insert(above, (gpointer)node, (gpointer)root); /* the short way next time */
    return root;
}

/* Links lead from the one to the other, over whatever nodes. */
static bool are_joined(const struct network *net, const struct node *x, const struct node *y)
{
    GHashTable *above = g_hash_table_new(NULL, NULL);

    for (guint i = 0; i < net->links->len; i++) {
        const struct link *link = net->links->pdata[i];
        const struct node *a = root_of(above, link->a->node), *b = root_of(above, link->b->node);
        if (a != b)
            g_hash_table_insert(above, (gpointer)a, (gpointer)b);
    }
    bool joined = root_of(above, x) == root_of(above, y);
    g_hash_table_destroy(above);
    return joined;
}

/* Between the same nodes what waits before them says nothing of the path. */
static bool have_one_path(const struct alike *x, const struct alike *y)
{
    return (x->app->from.node == y->app->from.node && x->app->to.node == y->app->to.node) ||
           y->rtt - x->rtt < RTT_ALIKE * x->rtt;
}

static bool is_alike(const struct alike *x, const struct alike *y)
{
    return have_met(x->app, y->app) && strcmp(x->options, y->options) == 0 && have_one_path(x, y) &&
           are_joined(x->app->net, x->app->from.node, y->app->from.node);
}

static void warn_of_phase(struct report_net *net)
{
    GArray *flows = candidates(net->net);
    const struct alike *first = NULL, *second = NULL;

    g_array_sort(flows, compare_alike);
    for (guint i = 1; i < flows->len && !first; i++) {
        const struct alike *x = &g_array_index(flows, struct alike, i - 1), *y = x + 1;
        bool in_order = x->app->number < y->app->number;
        if (is_alike(x, y))
            first = in_order ? x : y, second = in_order ? y : x;
    }
    if (first && !net->report->phase)
        report_warn(net->report,
                    "%s and %s are alike and nothing in this run is random: they may be locked in "
                    "phase, with an unfair share for one of them; give flows a jitter, as in start "
                    "= { \"0s\", jitter = \"10ms\" }",
                    first->app->name, second->app->name);
    net->report->phase |= first != NULL; /* in a sweep the first network speaks for all */
    for (guint i = 0; i < flows->len; i++)
        g_free(g_array_index(flows, struct alike, i).options);
    g_array_free(flows, TRUE);
}

/* ---- What applications say ------------------------------------------------------------------- */

/* Those who say the same. */
struct remark {
    char *text;
    GPtrArray *names;
};

/* Takes `text` over. */
static void note(GArray *remarks, char *text, const char *name)
{
    for (guint i = 0; i < remarks->len; i++) {
        struct remark *remark = &g_array_index(remarks, struct remark, i);
        if (strcmp(remark->text, text) == 0) {
            g_ptr_array_add(remark->names, (void *)name);
            g_free(text);
            return;
        }
    }
    struct remark remark = { text, g_ptr_array_new() };
    g_ptr_array_add(remark.names, (void *)name);
    g_array_append_val(remarks, remark);
}

static void collect(const struct network *net, GArray *remarks)
{
    for (guint i = 0; i < net->apps->len; i++) {
        struct app *app = net->apps->pdata[i];
        char *text = app->ops->remark ? app->ops->remark(app) : NULL;
        if (text)
            note(remarks, text, app->name);
        if (app->state == APP_FAILED)
            note(remarks, g_strdup_printf("it failed: %s", strerrordesc_np(app->error)), app->name);
    }
}

/* "a, b, c and 37 more"; the caller frees it. */
static char *names_text(const GPtrArray *names)
{
    GString *text = g_string_new(names->pdata[0]);

    for (guint i = 1; i < names->len && i < NAMES_MAX; i++)
        g_string_append_printf(text, ", %s", (const char *)names->pdata[i]);
    if (names->len > NAMES_MAX)
        g_string_append_printf(text, " and %u more", names->len - NAMES_MAX);
    return g_string_free(text, FALSE);
}

void remarks_collect(struct report_net *net)
{
    GArray *remarks = g_array_new(FALSE, FALSE, sizeof(struct remark));

    collect(net->net, remarks);
    for (guint i = 0; i < remarks->len; i++) {
        struct remark *remark = &g_array_index(remarks, struct remark, i);
        char *names = names_text(remark->names);
        report_warn(net->report, "%s: %s", names, remark->text);
        g_free(names);
        g_free(remark->text);
        g_ptr_array_free(remark->names, TRUE);
    }
    g_array_free(remarks, TRUE);
    if (!net->net->sim->random && !net->report->random)
        warn_of_phase(net);
}
