/* The results of a network as a tree: flows, links, drops, conservation, captures, series.
 *
 * Everything follows from the tables of metrics and parameters; nothing here knows a kind of
 * application or of queue. */
#define _GNU_SOURCE /* strerrordesc_np: the same words in every locale */
#include <math.h>
#include <string.h>

#include "protocols/tcp/sysctl.h"
#include "scenarios/results/items.h"
#include "scenarios/results/number.h"
#include "scenarios/results/report_internal.h"

/* ---- What the tables say --------------------------------------------------------------------- */

static void add_results(JsonObject *into, const struct metric *metrics, void *object,
                        const struct metric_span *span)
{
    JsonObject *results = json_object_new();

    for (const struct metric *m = metrics; m && m->name; m++) {
        double value = m->result ? m->result(object, span) : NAN;
        if (!isnan(value))
            json_object_set_double_member(results, m->name, value);
    }
    json_object_set_object_member(into, "results", results);
}

static JsonObject *params_tree(const struct param *params, const void *base)
{
    JsonObject *tree = json_object_new();

    for (const struct param *p = params; p && p->name; p++) {
        char *text = param_show(p, base);
        double number;
        if (param_number(p, base, &number) && !param_is_dist(p) && isfinite(number))
            json_object_set_double_member(tree, p->name, number);
        else
            json_object_set_string_member(tree, p->name, text);
        g_free(text);
    }
    return tree;
}

static void set_time(JsonObject *into, const char *name, sim_time time)
{
    if (time != SIM_NEVER)
        json_object_set_double_member(into, name, simtime_seconds(time));
}

/* ---- Flows ----------------------------------------------------------------------------------- */

static void set_endpoint(JsonObject *flow, const char *name, const struct endpoint *end)
{
    char text[IP_ADDR_TEXT + 8];
    struct ip_addr addr;

    if (end->node) {
        json_object_set_string_member(flow, name, end->node->name);
    } else if (endpoint_resolve(end, &addr)) {
        ip_addr_format(&addr, text);
        json_object_set_string_member(flow, name, text);
    }
}

static JsonObject *flow_tree(struct app *app, sim_time now)
{
    static const char *const states[] = { "waiting", "running", "done", "failed" };
    struct metric_span span = { 0, now };
    JsonObject *flow = json_object_new();

    json_object_set_string_member(flow, "name", app->name);
    json_object_set_string_member(flow, "kind", app->ops->name);
    set_endpoint(flow, "from", &app->from);
    set_endpoint(flow, "to", &app->to);
    json_object_set_string_member(flow, "state", states[app->state]);
    if (app->error)
        json_object_set_string_member(flow, "error", strerrordesc_np(app->error));
    set_time(flow, "start", app->start);
    set_time(flow, "stop", app->stop);
    set_time(flow, "began", app->began);
    set_time(flow, "ended", app->ended);
    json_object_set_object_member(flow, "parameters", params_tree(app->ops->params, app->priv));
    add_results(flow, app->ops->metrics, app, &span);
    items_add(flow, app);
    return flow;
}

static JsonArray *flows_tree(const struct network *net)
{
    JsonArray *flows = json_array_new();

    for (guint i = 0; i < net->apps->len; i++)
        json_array_add_object_element(flows, flow_tree(net->apps->pdata[i], net->sim->now));
    return flows;
}

/* ---- Links ----------------------------------------------------------------------------------- */

/* "pfifo limit 70", as tc(8) would say it. */
static char *queue_words(const struct qdisc *queue)
{
    GString *words = g_string_new(queue->ops->name);

    for (const struct param *p = queue->ops->params; p && p->name; p++) {
        char *value = param_show(p, queue->priv);
        if (*value)
            g_string_append_printf(words, " %s %s", p->name, value);
        g_free(value);
    }
    return g_string_free(words, FALSE);
}

static void set_addresses(JsonObject *into, const struct iface *iface)
{
    char mac[18], text[IP_ADDR_TEXT + 4];
    JsonArray *addresses = json_array_new();
    const uint8_t *b = iface->ip.mac.b;
    ip4 addr;
    int length;

    g_snprintf(mac, sizeof mac, "%02x:%02x:%02x:%02x:%02x:%02x", b[0], b[1], b[2], b[3], b[4],
               b[5]);
    json_object_set_string_member(into, "mac", mac);
    for (int i = 0; ip_iface_address_at(&iface->ip, i, &addr, &length); i++) {
        ip4_format(addr, text);
        char *prefix = g_strdup_printf("%s/%d", text, length);
        json_array_add_string_element(addresses, prefix);
        g_free(prefix);
    }
    json_object_set_array_member(into, "addresses", addresses);
}

/* What a direction does to frames, but for what it does not. */
static JsonObject *impairments_tree(const struct impair_config *c)
{
    const struct {
        const char *name;
        double value;
    } rows[] = {
        { "loss", c->loss },
        { "ber", c->ber },
        { "every", (double)c->every },
        { "patterns", (double)c->n_numbers },
        { "predicate", c->predicate != NULL },
        { "burst.good_to_bad", c->burst ? c->good_to_bad : 0 },
        { "burst.bad_to_good", c->burst ? c->bad_to_good : 0 },
        { "burst.loss_good", c->burst ? c->loss_good : 0 },
        { "burst.loss_bad", c->burst ? c->loss_bad : 0 },
        { "jitter", simtime_seconds(c->jitter) },
        { "jitter_reorders", c->jitter && c->jitter_reorders },
        { "reorder", c->reorder },
        { "reorder_delay", c->reorder > 0 ? simtime_seconds(c->reorder_delay) : 0 },
        { "duplicate", c->duplicate },
    };
    JsonObject *tree = json_object_new();

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        if (rows[i].value != 0)
            json_object_set_double_member(tree, rows[i].name, rows[i].value);
    return tree;
}

static JsonObject *direction_tree(struct iface *iface, sim_time now)
{
    struct metric_span span = { 0, now };
    JsonObject *tree = json_object_new();
    char *words = queue_words(link_queue(&iface->tx));

    json_object_set_string_member(tree, "interface", iface->drops.name);
    json_object_set_string_member(tree, "from", iface->node->name);
    json_object_set_string_member(tree, "to", iface->peer->node->name);
    set_addresses(tree, iface);
    json_object_set_int_member(tree, "mtu", iface->ip.mtu);
    json_object_set_double_member(tree, "rate", (double)iface->tx.rate_bps);
    json_object_set_double_member(tree, "delay", simtime_seconds(iface->tx.delay));
    json_object_set_string_member(tree, "queue", words);
    if (link_impair(&iface->tx))
        json_object_set_object_member(tree, "impairments",
                                      impairments_tree(impair_config(link_impair(&iface->tx))));
    add_results(tree, iface_metrics, iface, &span);
    g_free(words);
    return tree;
}

static JsonArray *links_tree(const struct network *net)
{
    JsonArray *links = json_array_new();

    for (guint i = 0; i < net->links->len; i++) {
        const struct link *link = net->links->pdata[i];
        JsonArray *directions = json_array_new();
        JsonObject *tree = json_object_new();
        json_object_set_string_member(tree, "name", link->name);
        json_array_add_object_element(directions, direction_tree(link->a, net->sim->now));
        json_array_add_object_element(directions, direction_tree(link->b, net->sim->now));
        json_object_set_array_member(tree, "directions", directions);
        json_array_add_object_element(links, tree);
    }
    return links;
}

/* ---- Nodes ----------------------------------------------------------------------------------- */

/* Adds those of `names` that have another value on the node than by default. */
static void add_changed(JsonObject *into, struct node *node, const char *const *names,
                        char *(*default_of)(const char *name))
{
    for (; *names; names++) {
        char *value = node_sysctl_get(node, *names, NULL), *usual = default_of(*names);
        if (value && usual && strcmp(value, usual) != 0)
            json_object_set_string_member(into, *names, value);
        g_free(value);
        g_free(usual);
    }
}

static char *ip_default(const char *name)
{
    struct ip_stack pristine = { .sysctl = &ip_sysctl_defaults };

    return ip_sysctl_get(&pristine, name, NULL);
}

static char *tcp_default(const char *name)
{
    struct tcp_stack pristine = { .sysctl = &tcp_sysctl_defaults };

    return tcp_sysctl_get(&pristine, name, NULL);
}

static JsonObject *sysctl_tree(struct node *node)
{
    JsonObject *tree = json_object_new();

    if (node->ip.sysctl != &ip_sysctl_defaults)
        add_changed(tree, node, ip_sysctl_names(), ip_default);
    if (node->tcp && node->tcp->sysctl != &tcp_sysctl_defaults)
        add_changed(tree, node, tcp_sysctl_names(), tcp_default);
    return tree;
}

static JsonArray *nodes_tree(const struct network *net)
{
    JsonArray *nodes = json_array_new();

    for (guint i = 0; i < net->nodes->len; i++) {
        struct node *node = net->nodes->pdata[i];
        JsonObject *tree = json_object_new();
        json_object_set_string_member(tree, "name", node->name);
        json_object_set_string_member(tree, "kind", node->ops->name);
        json_object_set_object_member(tree, "sysctl", sysctl_tree(node));
        json_array_add_object_element(nodes, tree);
    }
    return nodes;
}

/* ---- Where packets went ---------------------------------------------------------------------- */

static void add_drops(JsonArray *into, const struct drops *place)
{
    unsigned n;
    const struct drop_count *count = drops_counts(place, &n);

    for (; n > 0; n--, count++) {
        JsonObject *row = json_object_new();
        json_object_set_string_member(row, "place", place->name);
        json_object_set_string_member(row, "reason", count->reason->name);
        json_object_set_string_member(row, "doc", count->reason->doc);
        json_object_set_int_member(row, "packets", (int64_t)count->packets);
        json_object_set_int_member(row, "bytes", (int64_t)count->bytes);
        json_array_add_object_element(into, row);
    }
}

static JsonArray *drops_tree(const struct network *net)
{
    JsonArray *drops = json_array_new();

    for (guint i = 0; i < net->nodes->len; i++) {
        const struct node *node = net->nodes->pdata[i];
        add_drops(drops, &node->drops);
        for (uint32_t k = 0; k < node->n_ifaces; k++)
            add_drops(drops, &node->ifaces[k]->drops);
    }
    return drops;
}

static JsonObject *conservation_tree(struct report_net *net)
{
    const struct packet_pool *p = &net->net->sim->packets;
    uint64_t ended = p->delivered + p->dropped + p->consumed;
    char *difference = network_conservation(net->net);
    JsonObject *tree = json_object_new();

    json_object_set_int_member(tree, "created", (int64_t)p->created);
    json_object_set_int_member(tree, "delivered", (int64_t)p->delivered);
    json_object_set_int_member(tree, "dropped", (int64_t)p->dropped);
    json_object_set_int_member(tree, "consumed", (int64_t)p->consumed);
    json_object_set_int_member(tree, "in_flight", (int64_t)(p->created - ended));
    json_object_set_boolean_member(tree, "holds", difference == NULL);
    if (difference)
        report_warn(net->report, "packets are not conserved, which is a fault of weft: %s",
                    difference);
    g_free(difference);
    return tree;
}

/* ---- Files ----------------------------------------------------------------------------------- */

static JsonArray *captures_tree(const struct report_net *net)
{
    static const char *const ends[] = { "complete", "limit", "disk full", "failed" };
    JsonArray *captures = json_array_new();

    for (guint i = 0; i < net->captures->len; i++) {
        const struct report_capture *entry = net->captures->pdata[i];
        char *file = g_strconcat(entry->name, ".pcap", NULL);
        JsonObject *tree = json_object_new();
        json_object_set_string_member(tree, "file", file);
        json_object_set_string_member(tree, "interface", entry->iface->drops.name);
        json_object_set_int_member(tree, "frames", (int64_t)entry->stats.frames);
        json_object_set_int_member(tree, "bytes", (int64_t)entry->stats.bytes);
        json_object_set_int_member(tree, "filtered", (int64_t)entry->stats.filtered);
        json_object_set_string_member(tree, "end", ends[entry->stats.end]);
        if (entry->stats.end != CAPTURE_COMPLETE)
            set_time(tree, "stopped", entry->stats.stopped);
        json_array_add_object_element(captures, tree);
        g_free(file);
    }
    return captures;
}

static JsonArray *series_tree(const struct report_net *net)
{
    JsonArray *series = json_array_new();

    for (guint i = 0; i < net->records->len; i++) {
        const struct record *record = net->records->pdata[i];
        JsonObject *tree = json_object_new();
        json_object_set_string_member(tree, "object", record->object);
        json_object_set_string_member(tree, "metric", record->metric);
        json_object_set_string_member(tree, "unit", record->unit);
        json_object_set_int_member(tree, "points", (int64_t)record->series->count);
        json_array_add_object_element(series, tree);
    }
    return series;
}

/* ---- The whole --------------------------------------------------------------------------------
 */

JsonNode *summary_of_network(struct report_net *net)
{
    JsonObject *tree = json_object_new();
    JsonNode *node = json_node_init_object(json_node_alloc(), tree);

    json_object_set_string_member(tree, "name", net->name);
    json_object_set_int_member(tree, "seed", (int64_t)net->net->sim->seed);
    set_time(tree, "simulated", net->net->sim->now);
    json_object_set_array_member(tree, "flows", flows_tree(net->net));
    json_object_set_array_member(tree, "links", links_tree(net->net));
    json_object_set_array_member(tree, "nodes", nodes_tree(net->net));
    json_object_set_array_member(tree, "drops", drops_tree(net->net));
    json_object_set_object_member(tree, "conservation", conservation_tree(net));
    json_object_set_array_member(tree, "captures", captures_tree(net));
    json_object_set_array_member(tree, "series", series_tree(net));
    json_object_unref(tree);
    return node;
}
