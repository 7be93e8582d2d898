/* Union-find (Tarjan, "Efficiency of a good but not linear set union algorithm", 1975) over points:
 * each interface of a host or router is one, and so is each label within a switch.  A label is a
 * VLAN, or in a switch that does not look at tags the tag that frames bear; 0 is none.  A link
 * joins the points between which a frame gets, in either direction. */
#include "models/node/segment.h"

#include "models/node/bond.h"
#include "models/node/switch.h"
#include "models/node/virtual.h"

struct builder {
    struct network *net;
    uint16_t *labels; /* that matter, ascending; 0 first */
    uint32_t n_labels;
    uint32_t *first;  /* by node index: the first of its points */
    uint32_t *parent; /* by point */
    uint32_t points;
    int32_t *segment; /* by point that is a root: index of its segment, -1 if it has none */
    GArray *segments;
};

/* What a frame bears on a wire. */
struct form {
    uint16_t vid; /* 0: no tag; VLAN_NONE: there is no such frame */
    uint16_t tpid;
};

/* ---- Sets ---------------------------------------------------------------------------------- */

static uint32_t root_of(struct builder *b, uint32_t point)
{
    while (b->parent[point] != point)
        point = b->parent[point] = b->parent[b->parent[point]];
    return point;
}

static void join(struct builder *b, uint32_t x, uint32_t y)
{
    x = root_of(b, x);
    y = root_of(b, y);
    if (x < y)
        b->parent[y] = x;
    else
        b->parent[x] = y;
}

/* ---- Labels -------------------------------------------------------------------------------- */

static void note_labels(const struct switch_node *sw, struct vlan_set *used)
{
    for (uint32_t i = 0; i < sw->node.n_ifaces; i++) {
        const struct switch_port *port = switch_port_at(sw, i);
        if (port->tagging && port->vlan.pvid != VLAN_NONE)
            vlan_set_add(used, port->vlan.pvid);
    }
}

/* VLANs in which nobody can be, since no port puts frames into them, do not matter. */
static void find_labels(struct builder *b)
{
    struct vlan_set used = { { 1 } };

    for (guint i = 0; i < b->net->nodes->len; i++) {
        const struct node *node = b->net->nodes->pdata[i];
        if (node->kind == NODE_SWITCH)
            note_labels(switch_of(node), &used);
        for (uint32_t j = 0; j < node->n_virtual; j++)
            vlan_set_add(&used, node->virtual[j] -> vid);
    }
    b->labels = g_new(uint16_t, VLAN_MAX + 1);
    for (uint16_t vid = 0; vid != VLAN_NONE; vid = vlan_set_next(&used, (uint16_t)(vid + 1)))
        b->labels[b->n_labels++] = vid;
}

static int label_index(const struct builder *b, uint16_t vid)
{
    uint32_t low = 0, high = b->n_labels;

    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (b->labels[middle] < vid)
            low = middle + 1;
        else
            high = middle;
    }
    return low < b->n_labels && b->labels[low] == vid ? (int)low : -1;
}

/* ---- Points -------------------------------------------------------------------------------- */

/* A switch has one for each label; other nodes one for each interface, virtual ones behind. */
static uint32_t points_of(const struct builder *b, const struct node *node)
{
    return node->ops->bridges ? b->n_labels : node->n_ifaces + node->n_virtual;
}

static void make_points(struct builder *b)
{
    b->first = g_new(uint32_t, b->net->nodes->len + 1);
    for (guint i = 0; i < b->net->nodes->len; i++) {
        b->first[i] = b->points;
        b->points += points_of(b, b->net->nodes->pdata[i]);
    }
    b->parent = g_new(uint32_t, b->points + 1);
    b->segment = g_new(int32_t, b->points + 1);
    for (uint32_t i = 0; i < b->points; i++) {
        b->parent[i] = i;
        b->segment[i] = -1;
    }
}

static const struct vlan_port *rules_of(const struct iface *iface)
{
    if (iface->node->kind != NODE_SWITCH || !switch_port_of(iface)->tagging)
        return NULL;
    return &switch_port_of(iface)->vlan;
}

static struct form form_out(const struct iface *iface, uint16_t label)
{
    const struct vlan_port *rules = rules_of(iface);
    struct form form = { label, VLAN_TPID_C };
    bool tagged;

    if (!rules)
        return form;
    form.tpid = rules->tpid;
    if (!vlan_port_out(rules, label, &tagged))
        form.vid = VLAN_NONE;
    else if (!tagged)
        form.vid = 0;
    return form;
}

static uint16_t label_in(const struct iface *iface, struct form form)
{
    const struct vlan_port *rules = rules_of(iface);

    if (!rules)
        return form.vid;
    bool tagged = form.vid != 0 && form.tpid == rules->tpid && rules->mode != VLAN_TUNNEL;
    return vlan_port_in(rules, (struct vlan_label){ tagged, tagged ? form.vid : 0 });
}

/* The point of a label at an interface; false if there is none. */
static bool point_at(const struct builder *b, const struct iface *iface, uint16_t label,
                     uint32_t *point)
{
    const struct node *node = iface->node;
    int index = -1;

    if (node->ops->bridges) {
        index = label_index(b, label);
    } else if (label == 0) {
        index = (int)iface->index;
    } else {
        for (uint32_t i = 0; i < node->n_virtual; i++)
            if (node->virtual[i] -> lower == iface && node -> virtual[i] -> vid == label)
                index = (int)(node->n_ifaces + i);
    }
    *point = b->first[node->index] + (uint32_t)index;
    return index >= 0;
}

static void join_way(struct builder *b, const struct iface *from, const struct iface *to)
{
    for (uint32_t i = 0; i < b->n_labels; i++) {
        uint32_t x, y;
        struct form form = form_out(from, b->labels[i]);
        if (form.vid == VLAN_NONE || !point_at(b, from, b->labels[i], &x))
            continue;
        uint16_t label = label_in(to, form);
        if (label != VLAN_NONE && point_at(b, to, label, &y))
            join(b, x, y);
    }
}

static void join_links(struct builder *b)
{
    for (guint i = 0; i < b->net->links->len; i++) {
        const struct link *link = b->net->links->pdata[i];
        join_way(b, bond_upper(link->a), bond_upper(link->b));
        join_way(b, bond_upper(link->b), bond_upper(link->a));
    }
}

/* ---- Segments ------------------------------------------------------------------------------ */

static struct segment *segment_at(struct builder *b, uint32_t point)
{
    uint32_t root = root_of(b, point);

    if (b->segment[root] < 0) {
        b->segment[root] = (int32_t)b->segments->len;
        g_array_set_size(b->segments, b->segments->len + 1);
    }
    return &g_array_index(b->segments, struct segment, (guint)b->segment[root]);
}

static void add_member(struct builder *b, struct iface *iface, uint32_t point)
{
    struct segment *segment = segment_at(b, point);

    if ((segment->n & (segment->n + 1)) == 0) /* room for 1, 3, 7, ... */
        segment->members = g_renew(struct iface *, segment->members, 2 * (size_t)segment->n + 1);
    segment->members[segment->n++] = iface;
    segment->n_gateways += iface->node->ip.forwarding;
}

/* Cables first, in their order, so that each has a segment of its own place. */
static void add_cables(struct builder *b)
{
    for (guint i = 0; i < b->net->links->len; i++) {
        struct link *link = b->net->links->pdata[i];
        if (link->a->node->ops->bridges || link->b->node->ops->bridges || link->a->bond ||
            link->b->bond)
            continue;
        struct segment *segment = segment_at(b, b->first[link->a->node->index] + link->a->index);
        segment->link = link;
        segment->name = g_strdup(link->name);
    }
}

static void add_members(struct builder *b)
{
    for (guint i = 0; i < b->net->nodes->len; i++) {
        const struct node *node = b->net->nodes->pdata[i];
        uint32_t point = b->first[i];
        bool bridges = node->ops->bridges;
        for (uint32_t j = 0; j < node->n_ifaces && !bridges; j++, point++)
            if (!bond_is_member(node->ifaces[j]))
                add_member(b, node->ifaces[j], point);
        for (uint32_t j = 0; j < node->n_virtual; j++) {
            struct iface *iface = &node->virtual[j] -> iface;
            if (bridges)
                add_member(b, iface,
                           b->first[i] + (uint32_t)label_index(b, node->virtual[j] -> vid));
            else
                add_member(b, iface, point++);
        }
    }
}

static char *name_of(const struct node *node, uint16_t label)
{
    return label ? g_strdup_printf("%s.%u", node->name, label) : g_strdup(node->name);
}

/* The least name of all its switches, each with the VLAN that it is there. */
static void name_switched(struct builder *b)
{
    for (guint i = 0; i < b->net->nodes->len; i++) {
        const struct node *node = b->net->nodes->pdata[i];
        for (uint32_t j = 0; node->ops->bridges && j < b->n_labels; j++) {
            int32_t index = b->segment[root_of(b, b->first[i] + j)];
            if (index < 0)
                continue;
            struct segment *segment = &g_array_index(b->segments, struct segment, (guint)index);
            char *name = name_of(node, b->labels[j]);
            bool less = !segment->name || strcmp(name, segment->name) < 0;
            g_free(less ? segment->name : name);
            segment->name = less ? name : segment->name;
        }
    }
}

static int by_role_and_name(const void *a, const void *b)
{
    const struct iface *x = *(struct iface *const *)a, *y = *(struct iface *const *)b;

    if (x->node->ip.forwarding != y->node->ip.forwarding)
        return x->node->ip.forwarding ? -1 : 1;
    return strcmp(x->drops.name, y->drops.name);
}

static void finish(struct segment *segment)
{
    qsort(segment->members, segment->n, sizeof *segment->members, by_role_and_name);
    if (!segment->name)
        segment->name = g_strdup(segment->members[0]->drops.name);
}

static struct segments *build(struct network *net)
{
    struct builder b = { .net = net };
    struct segments *segments = g_new0(struct segments, 1);

    b.segments = g_array_new(FALSE, TRUE, sizeof(struct segment));
    find_labels(&b);
    make_points(&b);
    join_links(&b);
    add_cables(&b);
    add_members(&b);
    name_switched(&b);
    segments->n = b.segments->len;
    segments->all = (struct segment *)(void *)g_array_free(b.segments, FALSE);
    for (uint32_t i = 0; i < segments->n; i++) {
        struct segment *segment = &segments->all[i];
        finish(segment);
        for (uint32_t j = 0; j < segment->n; j++)
            segment->members[j]->segment = segment;
    }
    g_free(b.labels);
    g_free(b.first);
    g_free(b.parent);
    g_free(b.segment);
    return segments;
}

const struct segments *network_segments(struct network *net)
{
    if (!net->segments)
        net->segments = build(net);
    return net->segments;
}

void segments_free(struct segments *segments)
{
    for (uint32_t i = 0; segments && i < segments->n; i++) {
        g_free(segments->all[i].members);
        g_free(segments->all[i].name);
    }
    g_free(segments ? segments->all : NULL);
    g_free(segments);
}
