/* One look at a packet per network, filled in for the packet at hand.  What Lua gets is a userdata
 * that names a group of fields ("tcp.flags.") and the look's serial number; when the predicate has
 * returned, the number is out of date and the packet cannot be looked at any more. */
#include "scenarios/bind/packet.h"

#include <string.h>

#include "models/app/app.h"
#include "protocols/wire/view.h"
#include "scenarios/bind/loss.h"
#include "scenarios/results/relseq.h"

struct packet_look {
    struct bind_net *net;
    const struct packet *packet; /* from its Ethernet header on */
    sim_time at;
    uint64_t serial;
    struct view view;
};

/* ---- Fields -------------------------------------------------------------------------------- */

static void push_time(lua_State *L, const struct packet_look *look)
{
    lua_pushnumber(L, simtime_seconds(look->at));
}

/* The name of the flow that sent the packet; nil of what no flow sent (ARP). */
static void push_flow(lua_State *L, const struct packet_look *look)
{
    const GPtrArray *apps = look->net->net->apps;

    if (look->packet->flow == 0 || look->packet->flow > apps->len)
        lua_pushnil(L);
    else
        lua_pushstring(L, ((const struct app *)apps->pdata[look->packet->flow - 1])->name);
}

/* Relative numbers, as they are in the packet if nobody knows where the stream began. */

static void push_seq(lua_State *L, const struct packet_look *look)
{
    uint32_t seq = 0, ack = 0;

    relseq_firsts(look->net->relseq, look->packet, &seq, &ack);
    lua_pushinteger(L, (uint32_t)(look->view.tcp.seq - seq));
}

static void push_ack(lua_State *L, const struct packet_look *look)
{
    uint32_t seq = 0, ack = 0;

    relseq_firsts(look->net->relseq, look->packet, &seq, &ack);
    lua_pushinteger(L, (uint32_t)(look->view.tcp.ack - ack));
}

/* An edge of the first SACK block, which is the newest, or tells of a duplicate (RFC 2883). */
static void push_edge(lua_State *L, const struct packet_look *look, bool right)
{
    const struct tcphdr_options *options = &look->view.options;
    uint32_t seq = 0, ack = 0;

    relseq_firsts(look->net->relseq, look->packet, &seq, &ack);
    if (options->n_sacks == 0)
        lua_pushnil(L);
    else
        lua_pushinteger(
            L, (uint32_t)((right ? options->sacks[0].end : options->sacks[0].start) - ack));
}

static void push_sack_le(lua_State *L, const struct packet_look *look)
{
    push_edge(L, look, false);
}

static void push_sack_re(lua_State *L, const struct packet_look *look)
{
    push_edge(L, look, true);
}

const struct bind_packet_field bind_packet_fields[] = {
    { "flow", VIEW_FRAME, push_flow, "the name of the flow that it belongs to, or nil" },
    { "time", VIEW_FRAME, push_time, "when it is sent, in seconds" },
    { "tcp.ack", VIEW_TCP, push_ack, "acknowledgment number, relative to the first of the stream" },
    { "tcp.options.sack_le", VIEW_TCP, push_sack_le,
      "first SACK block, where it begins, relative; nil if there is none" },
    { "tcp.options.sack_re", VIEW_TCP, push_sack_re, "first SACK block, where it ends, relative" },
    { "tcp.seq", VIEW_TCP, push_seq, "sequence number, relative: the SYN's is 0" },
    { .name = NULL },
};

static void push_field(lua_State *L, const struct view *view, const struct view_field *field)
{
    char text[64];
    uint32_t number;

    if (field->type == VIEW_MAC) {
        lua_pushstring(L, eth_addr_format(view_mac(view, field), text));
        return;
    }
    view_number(view, field, &number);
    if (field->type == VIEW_IP4)
        lua_pushstring(L, ip4_format(number, text));
    else if (field->type == VIEW_BOOL)
        lua_pushboolean(L, number != 0);
    else
        lua_pushinteger(L, number);
}

/* ---- The object ---------------------------------------------------------------------------- */

enum { PREFIX = 40 };

struct packet_ref {
    uint64_t serial;
    char prefix[PREFIX];
};

static const struct bind_class packet_class;

static void push_ref(lua_State *L, struct bind_net *net, const char *prefix, const char *name)
{
    struct packet_ref *ref = bind_push_new(L, &packet_class, sizeof *ref, net)->model;

    ref->serial = net->look->serial;
    g_snprintf(ref->prefix, PREFIX, "%s%s%s", prefix, name, *name ? "." : "");
}

/* What a name with a prefix is: a field, a group of fields, or nothing; and whether this packet has
 * it.  What it has not is nil, and so is p.tcp of a UDP packet. */
enum match { NO_MATCH, IS_FIELD, IS_GROUP };

static enum match match(const char *field, const char *prefix, const char *name)
{
    size_t a = strlen(prefix), b = strlen(name);

    if (strncmp(field, prefix, a) != 0 || strncmp(field + a, name, b) != 0)
        return NO_MATCH;
    return field[a + b] == '\0' ? IS_FIELD : field[a + b] == '.' ? IS_GROUP : NO_MATCH;
}

/* Is there a group of this name?  *present: with a field that the packet has. */
static bool find_group(uint32_t layers, const char *prefix, const char *name, bool *present)
{
    bool found = false;

    *present = false;
    for (const struct view_field *f = view_fields; f->name; f++)
        if (match(f->name, prefix, name) == IS_GROUP) {
            found = true;
            *present = *present || layers & f->layer;
        }
    return found;
}

static bool push_own(lua_State *L, const struct packet_look *look, const char *prefix,
                     const char *name)
{
    for (const struct bind_packet_field *f = bind_packet_fields; f->name; f++)
        if (match(f->name, prefix, name) == IS_FIELD) {
            if (look->view.layers & f->layer)
                f->push(L, look);
            else
                lua_pushnil(L);
            return true;
        }
    return false;
}

static bool push_named(lua_State *L, const struct packet_look *look, const char *prefix,
                       const char *name)
{
    bool present;

    if (push_own(L, look, prefix, name))
        return true;
    if (find_group(look->view.layers, prefix, name, &present)) {
        if (present)
            push_ref(L, look->net, prefix, name);
        else
            lua_pushnil(L);
        return true;
    }
    for (const struct view_field *f = view_fields; f->name; f++)
        if (match(f->name, prefix, name) == IS_FIELD) {
            if (look->view.layers & f->layer)
                push_field(L, &look->view, f);
            else
                lua_pushnil(L);
            return true;
        }
    return false;
}

static bool packet_lookup(lua_State *L, struct bind_object *self, const char *name)
{
    struct packet_ref *ref = self->model;

    if (ref->serial != self->net->look->serial)
        bind_fail(L, "the packet is gone; what is wanted of it must be copied while the function "
                     "runs that got it");
    return push_named(L, self->net->look, ref->prefix, name);
}

static void packet_words(struct bind_object *self, GPtrArray *words)
{
    struct packet_ref *ref = self->model;
    size_t length = strlen(ref->prefix);

    for (const struct bind_packet_field *f = bind_packet_fields; f->name; f++)
        if (strncmp(f->name, ref->prefix, length) == 0)
            g_ptr_array_add(words, (char *)f->name + length);
    for (const struct view_field *f = view_fields; f->name; f++)
        if (strncmp(f->name, ref->prefix, length) == 0)
            g_ptr_array_add(words, (char *)f->name + length);
}

static const struct bind_class packet_class = {
    .name = "packet",
    .lookup = packet_lookup,
    .words = packet_words,
};

/* ---- The predicate ------------------------------------------------------------------------- */

static struct packet_look *look_of(struct bind_net *net)
{
    if (!net->look) {
        net->look = g_new0(struct packet_look, 1);
        net->look->net = net;
        net->relseq = relseq_new(net->net);
    }
    return net->look;
}

/* A number would be taken for true, and all packets lost; probably a share of them was meant. */
static void refuse_number(lua_State *L, const struct bind_impairs *impairs)
{
    lua_Debug at;
    int top = lua_gettop(L);

    lua_rawgeti(L, LUA_REGISTRYINDEX, impairs->predicate);
    lua_getinfo(L, ">S", &at);
    lua_pushfstring(L,
                    "%s:%d: link loss: the function must return true or false, not %s; loss = "
                    "\"1%%\" loses a share of the packets",
                    at.short_src, at.linedefined, bind_tostring(L, top));
    bind_net_raise(impairs->net, L);
    lua_settop(L, top);
}

bool bind_packet_predicate(void *data, const struct packet *frame, sim_time at)
{
    struct bind_impairs *impairs = data;
    struct packet_look *look = look_of(impairs->net);
    lua_State *L = impairs->net->bind->running;

    look->packet = frame;
    look->at = at;
    look->serial++;
    view_parse(frame, &look->view);
    luaL_checkstack(L, LUA_MINSTACK, NULL);
    lua_rawgeti(L, LUA_REGISTRYINDEX, impairs->predicate);
    push_ref(L, impairs->net, "", "");
    impairs->net->looking = true;
    bool ok = bind_net_call(impairs->net, "the loss function of a link", 1, 1);
    impairs->net->looking = false;
    look->serial++;
    if (!ok)
        return false;
    bool lose = lua_toboolean(L, -1);
    if (lua_type(L, -1) == LUA_TNUMBER)
        refuse_number(L, impairs);
    lua_pop(L, 1);
    return lose;
}

void bind_check_not_looking(lua_State *L, struct bind_net *net, const char *what)
{
    if (net->looking)
        bind_fail(L,
                  "%s: a loss function may only look at its packet; net:after(0, fn) calls fn "
                  "when it has returned",
                  what);
}
