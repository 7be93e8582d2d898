#include "models/node/virtual.h"

#include "models/node/switch.h"
#include "protocols/tcp/gso.h"

/* ---- Frames -------------------------------------------------------------------------------- */

static enum xmit vlan_transmit(struct ip_iface *ip, struct packet *frame)
{
    struct virtual_iface *v = container_of(ip, struct virtual_iface, iface.ip);

    iface_sent(&v->iface, frame);
    vlan_push(frame, VLAN_TPID_C, vlan_tci(0, v->vid));
    return v->lower->ip.ops->transmit(&v->lower->ip, frame);
}

static enum xmit own_transmit(struct ip_iface *ip, struct packet *frame)
{
    struct virtual_iface *v = container_of(ip, struct virtual_iface, iface.ip);

    iface_sent(&v->iface, frame);
    while (frame && frame->gso_size) /* a switch forwards what is on wires */
        switch_originate(switch_of(v->iface.node), tcp_gso_next(&frame), v->vid);
    if (frame)
        switch_originate(switch_of(v->iface.node), frame, v->vid);
    return XMIT_SENT; /* what becomes of it at a port, a bridge does not tell */
}

/* Behind one tag may be another. */
static bool vlan_other(struct ip_iface *ip, struct packet *frame, uint16_t type)
{
    return type == VLAN_TPID_C && virtual_input(container_of(ip, struct iface, ip), frame);
}

static const struct ip_iface_ops vlan_ops = { .transmit = vlan_transmit, .other = vlan_other };
static const struct ip_iface_ops own_ops = { .transmit = own_transmit };

void virtual_deliver(struct virtual_iface *v, struct packet *frame)
{
    iface_received(&v->iface, frame);
    ip_iface_input(&v->iface.ip, frame);
}

static struct virtual_iface *find(const struct node *node, const struct iface *lower, uint16_t vid)
{
    for (uint32_t i = 0; i < node->n_virtual; i++)
        if (node->virtual[i] -> lower == lower && node -> virtual[i] -> vid == vid)
            return node->virtual[i];
    return NULL;
}

struct virtual_iface *virtual_in(const struct node *node, uint16_t vid)
{
    return find(node, NULL, vid);
}

struct iface *virtual_lower(const struct iface *iface)
{
    return container_of(iface, const struct virtual_iface, iface)->lower;
}

bool virtual_input(struct iface *lower, struct packet *frame)
{
    if (!packet_need(frame, ETH_LEN + VLAN_TAG_LEN))
        return false;
    uint16_t vid = vlan_vid(get_be16(vlan_tag(frame)->tci));
    struct virtual_iface *v = find(lower->node, lower, vid);
    if (!v && vid != VLAN_PRIORITY)
        return false;
    vlan_pop(frame);
    if (v)
        virtual_deliver(v, frame);
    else
        ip_iface_input(&lower->ip, frame);
    return true;
}

/* ---- Life ---------------------------------------------------------------------------------- */

static void set_names(struct virtual_iface *v, const char *name)
{
    struct node *node = v->iface.node;
    char *full = g_strdup_printf("%s-%s", node->name, name);
    struct eth_addr mac = v->lower ? v->lower->ip.mac : node_mac(node->net, full);

    v->iface.drops.name = sim_intern(node->net->sim, full);
    ip_iface_init(&v->iface.ip, &node->ip, name, mac, v->lower ? &vlan_ops : &own_ops,
                  &v->iface.drops);
    g_free(full);
}

/* Its link direction sends nothing: it is there for those who look. */
static void set_link(struct virtual_iface *v)
{
    link_init(&v->iface.tx, &v->iface.rx, v->iface.node->net->sim, v->iface.drops.name, NULL,
              &v->iface.drops);
}

static void join_switch(struct virtual_iface *v)
{
    struct node *node = v->iface.node;

    switch_look_at_tags(switch_of(node));
    fdb_set_static(&switch_of(node)->fdb, fdb_key_of(v->vid, fdb_mac_of(&v->iface.ip.mac)),
                   SWITCH_SELF);
    node->ip.forwarding = node->n_virtual > 1;
}

struct iface *virtual_add(struct node *node, struct iface *lower, uint16_t vid, GError **error)
{
    char *name =
        lower ? g_strdup_printf("%s.%u", lower->ip.name, vid) : g_strdup_printf("vlan%u", vid);

    if (find(node, lower, vid)) {
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_NAME, "%s has the interface %s already",
                    node->name, name);
        g_free(name);
        return NULL;
    }
    struct virtual_iface *v = g_new0(struct virtual_iface, 1);
    v->iface.node = node;
    v->lower = lower;
    v->vid = vid;
    set_names(v, name);
    set_link(v);
    if (lower)
        ip_iface_set_mtu(&v->iface.ip, lower->ip.mtu);
    node->virtual = g_renew(struct virtual_iface *, node->virtual, node->n_virtual + 1u);
    node->virtual[node->n_virtual++] = v;
    if (!lower)
        join_switch(v);
    network_rewired(node->net);
    g_free(name);
    return &v->iface;
}

void virtual_set_up(struct iface *lower, bool up)
{
    const struct node *node = lower->node;

    for (uint32_t i = 0; i < node->n_virtual; i++)
        if (node->virtual[i] -> lower == lower)
            ip_iface_set_up(&node->virtual[i] -> iface.ip, up);
}

void virtual_free_all(struct node *node)
{
    for (uint32_t i = 0; i < node->n_virtual; i++) {
        struct virtual_iface *v = node->virtual[i];
        g_free(iface_watch(&v->iface));
        ip_iface_fini(&v->iface.ip);
        link_fini(&v->iface.tx);
        drops_fini(&v->iface.drops);
        g_free(v);
    }
    g_free(node->virtual);
}
