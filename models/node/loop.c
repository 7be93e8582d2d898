#include "models/node/loop.h"

#include "models/node/switch.h"

enum {
    PAUSE_MS = 100,    /* after which what went round is over */
    SPAN_MS = 1000,    /* so long it may last ... */
    MANY = 100000,     /* ... or so many there may be */
    TOO_MANY = 3000000 /* however short the time */
};

void loop_reset(struct loop *loop)
{
    loop->frames = 0;
    loop->tripped = false;
}

static bool is_storm(const struct loop *loop)
{
    return loop->frames >= TOO_MANY ||
           (loop->frames >= MANY && loop->last - loop->since >= SPAN_MS * SIM_MS);
}

void loop_note(struct network *net, struct switch_port *port)
{
    struct loop *loop = &net->loop;
    sim_time now = net->sim->now;

    if (loop->frames == 0 || now - loop->last > PAUSE_MS * SIM_MS) {
        loop->frames = 0;
        loop->since = now;
        loop->era++;
    }
    if (port->circling_era != loop->era) {
        port->circling_era = loop->era;
        port->circling = 0;
    }
    loop->last = now;
    loop->frames++;
    port->circling++;
    if (!loop->tripped && is_storm(loop)) {
        loop->tripped = true;
        sim_stop(net->sim);
    }
}

/* ---- Which loop it was --------------------------------------------------------------------- */

/* The port at which most of them came in, or NULL. */
static struct switch_port *busiest(const struct node *node, uint32_t era)
{
    struct switch_port *most = NULL;

    for (uint32_t i = 0; i < node->n_ifaces; i++) {
        struct switch_port *port = switch_port_of(node->ifaces[i]);
        if (port->circling_era == era && (!most || port->circling > most->circling))
            most = port;
    }
    return most;
}

/* The switch from which they came; NULL at the end of the trail. */
static struct node *before(const struct node *node, uint32_t era)
{
    const struct switch_port *port = busiest(node, era);
    struct node *from = port ? port->iface.peer->node : NULL;

    return from && from->kind == NODE_SWITCH ? from : NULL;
}

static struct node *most_visited(const struct network *net)
{
    struct node *most = NULL;
    uint64_t count = 0;

    for (guint i = 0; i < net->nodes->len; i++) {
        struct node *node = net->nodes->pdata[i];
        const struct switch_port *port =
            node->kind == NODE_SWITCH ? busiest(node, net->loop.era) : NULL;
        if (port && port->circling > count) {
            count = port->circling;
            most = node;
        }
    }
    return most;
}

/* The circle, from the place where it closes back to it. */
static GPtrArray *find_circle(const struct network *net)
{
    GPtrArray *way = g_ptr_array_new();
    guint at = 0;

    for (struct node *node = most_visited(net); node; node = before(node, net->loop.era)) {
        bool closed = g_ptr_array_find(way, node, &at);
        g_ptr_array_add(way, node);
        if (closed)
            break;
    }
    if (at > 0)
        g_ptr_array_remove_range(way, 0, at);
    return way;
}

static void add_number(GString *text, uint64_t n)
{
    if (n >= 1000) {
        add_number(text, n / 1000);
        g_string_append_printf(text, ",%03u", (unsigned)(n % 1000));
    } else {
        g_string_append_printf(text, "%u", (unsigned)n);
    }
}

static void add_treeless(GString *text, const GPtrArray *way)
{
    const char *separator = "; no spanning tree on ";

    for (guint i = way->len; i-- > 1;) {
        const struct node *node = way->pdata[i];
        if (switch_of(node)->agents[SWITCH_GROUP_STP])
            continue;
        g_string_append_printf(text, "%s%s", separator, node->name);
        separator = ", ";
    }
}

char *loop_report(const struct network *net)
{
    GString *text = g_string_new("storm: ");
    GPtrArray *way = find_circle(net);

    for (guint i = way->len; i-- > 0;)
        g_string_append_printf(text, "%s%s", ((struct node *)way->pdata[i])->name,
                               i > 0 ? " → " : ", ");
    add_number(text, net->loop.frames);
    g_string_append_printf(text, " frames in %.2g s",
                           simtime_seconds(net->loop.last - net->loop.since));
    add_treeless(text, way);
    g_ptr_array_free(way, TRUE);
    return g_string_free(text, FALSE);
}
