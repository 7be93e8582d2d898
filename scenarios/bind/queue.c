/* A queue is put into tc's words first.  A word that is a size alone is a FIFO of that size:
 * packets are a pfifo, bytes and bandwidth-delay products a bfifo.  Inside words, "1bdp" and
 * "100pkts" become what the discipline's own parameter counts in. */
#include "scenarios/bind/queue.h"

#include <string.h>

#include "models/qdisc/qdisc.h"
#include "scenarios/bind/value.h"
#include "sim/decimal.h"

enum { ETHERNET_HEADER = 14 };

/* ---- Sizes --------------------------------------------------------------------------------- */

/* "1.5bdp" is 1.5 of the unit "bdp". */
static bool split(const char *word, const char *unit, double *number)
{
    struct decimal d;
    const char *rest = decimal_parse(word, &d);

    if (!rest || strcmp(rest, unit) != 0 || d.negative)
        return false;
    *number = decimal_to_double(d, 1, 0);
    return true;
}

/* The most bytes of a frame, as disciplines count. */
static double frame_bytes(const struct iface *iface)
{
    return iface->ip.mtu + ETHERNET_HEADER;
}

static double bdp_bytes(lua_State *L, const struct iface *iface, const char *word)
{
    sim_time rtt = iface->link->rtt ? iface->link->rtt : iface->node->net->rtt;

    if (rtt == 0)
        bind_fail(L,
                  "queue \"%s\": the bandwidth-delay product needs a round-trip time; declare "
                  "rtt = \"40ms\" of the link or of weft.network",
                  word);
    return (double)simtime_bits_in(rtt, iface->tx.rate_bps) / 8;
}

/* The bytes that a word in packets or bdp stands for; false if it is neither. */
static bool special_bytes(lua_State *L, const struct iface *iface, const char *word, double *bytes)
{
    double number;

    if (split(word, "bdp", &number))
        *bytes = number * bdp_bytes(L, iface, word);
    else if (split(word, "pkts", &number) || split(word, "pkt", &number))
        *bytes = number * frame_bytes(iface);
    else
        return false;
    return true;
}

/* ---- Words --------------------------------------------------------------------------------- */

static const struct param *find_param(const struct qdisc_ops *ops, const char *name)
{
    for (const struct param *p = ops->params; p && p->name; p++)
        if (strcmp(p->name, name) == 0)
            return p;
    return NULL;
}

static double round_up(double value)
{
    double whole = (double)(uint64_t)value;

    return whole < value ? whole + 1 : whole;
}

/* Appends the value of parameter `name`, as the discipline reads it. */
static void add_value(lua_State *L, luaL_Buffer *buffer, struct iface *iface,
                      const struct qdisc_ops *ops, const char *name, const char *value)
{
    const struct param *param = ops ? find_param(ops, name) : NULL;
    double bytes;
    char text[32];

    if (param && special_bytes(L, iface, value, &bytes)) {
        double amount = param->type == PARAM_SIZE ? bytes : bytes / frame_bytes(iface);
        g_snprintf(text, sizeof text, "%.0f", MAX(round_up(amount), 1));
        value = text;
    }
    luaL_addchar(buffer, ' ');
    luaL_addstring(buffer, value);
}

/* Pushes the words of "pfifo limit 1bdp" with plain values. */
static const char *plain_words(lua_State *L, struct iface *iface, const char *text)
{
    luaL_Buffer buffer;
    const struct qdisc_ops *ops = NULL;
    char word[64], name[64] = "";

    luaL_buffinit(L, &buffer);
    for (int i = 0; *(text += strspn(text, " \t")); i++) {
        size_t length = strcspn(text, " \t");
        g_strlcpy(word, text, MIN(length + 1, sizeof word));
        text += length;
        if (i == 0) {
            ops = qdisc_find(word);
            luaL_addstring(&buffer, word);
        } else {
            add_value(L, &buffer, iface, ops, name, word);
        }
        g_strlcpy(name, word, sizeof name);
    }
    luaL_pushresult(&buffer);
    return lua_tostring(L, -1);
}

/* Pushes "bfifo limit 64000" for a size alone; the text itself if it is none. */
static const char *expand_size(lua_State *L, struct iface *iface, const char *text)
{
    double number;
    uint64_t size;

    if (split(text, "pkts", &number) || split(text, "pkt", &number))
        return lua_pushfstring(L, "pfifo limit %s", text);
    if (split(text, "bdp", &number))
        return lua_pushfstring(L, "bfifo limit %s", text);
    if (g_ascii_isdigit(*text) && unit_read_size("queue", text, &size, NULL))
        return lua_pushfstring(L, "bfifo limit %s", text);
    return lua_pushstring(L, text);
}

/* { "pfifo", limit = 70 } */
static const char *table_words(lua_State *L, int index)
{
    int top = lua_gettop(L);

    if (lua_rawgeti(L, index, 1) != LUA_TSTRING)
        bind_fail(L, "queue: a table begins with the name of the discipline, "
                     "{ \"pfifo\", limit = 70 }");
    const struct qdisc_ops *ops = qdisc_find(lua_tostring(L, -1));
    size_t known = 1, given = 0;
    lua_pushvalue(L, -1);
    for (const struct param *p = ops ? ops->params : NULL; p && p->name; p++) {
        if (lua_getfield(L, index, p->name) != LUA_TNIL) {
            lua_pushfstring(L, "%s %s %s", lua_tostring(L, top + 2), p->name, bind_tostring(L, -1));
            lua_replace(L, top + 2);
            known++;
        }
        lua_settop(L, top + 2);
    }
    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1))
        given++;
    if (ops && given != known) {
        for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1))
            if (lua_type(L, -2) == LUA_TSTRING && !find_param(ops, lua_tostring(L, -2)))
                return lua_pushfstring(L, "%s %s -", ops->name, lua_tostring(L, -2));
        bind_fail(L, "queue %s: parameters are written name = value", ops->name);
    }
    return lua_tostring(L, top + 2);
}

struct qdisc *bind_queue_read(lua_State *L, int index, struct iface *iface)
{
    int top = lua_gettop(L);
    GError *error = NULL;
    const char *words;

    if (lua_type(L, index) == LUA_TTABLE)
        words = table_words(L, index);
    else if (lua_type(L, index) == LUA_TNUMBER)
        words = lua_pushfstring(L, "bfifo limit %s", bind_tostring(L, index));
    else
        words = expand_size(L, iface, bind_string(L, index, "queue"));
    words = plain_words(L, iface, words);
    struct qdisc *queue = qdisc_parse(iface->tx.sim, &iface->drops, words, &error);
    if (!queue)
        bind_throw(L, "", error);
    lua_settop(L, top);
    return queue;
}

/* ---- The object ---------------------------------------------------------------------------- */

/* The waiting packets of now, not of when somebody last looked. */
static struct qdisc *queue_of(struct bind_object *self)
{
    struct iface *iface = *(struct iface **)self->model;

    link_sync(&iface->tx);
    return link_queue(&iface->tx);
}

static void get_name(lua_State *L, struct bind_object *self)
{
    lua_pushstring(L, queue_of(self)->ops->name);
}

static void get_packets(lua_State *L, struct bind_object *self)
{
    lua_pushinteger(L, queue_of(self)->packets);
}

static void get_bytes(lua_State *L, struct bind_object *self)
{
    lua_pushinteger(L, (lua_Integer)queue_of(self)->bytes);
}

static const struct bind_property properties[] = {
    { "name", get_name, NULL, "\"pfifo\"" },
    { "packets", get_packets, NULL, "packets that wait now" },
    { "bytes", get_bytes, NULL, "bytes that wait now, with Ethernet headers" },
    BIND_PROPERTIES_END,
};

/* Its parameters can be read. */
static bool lookup(lua_State *L, struct bind_object *self, const char *name)
{
    struct qdisc *queue = queue_of(self);
    const struct param *param = find_param(queue->ops, name);
    double value;

    if (!param || !param_number(param, queue->priv, &value))
        return false;
    lua_pushnumber(L, value);
    return true;
}

static void words(struct bind_object *self, GPtrArray *all)
{
    for (const struct param *p = queue_of(self)->ops->params; p && p->name; p++)
        g_ptr_array_add(all, (char *)p->name);
}

static const char *title(struct bind_object *self)
{
    return queue_of(self)->ops->name;
}

const struct bind_class bind_queue_class = {
    .name = "queue",
    .doc = "the queueing discipline of an interface or link, from link.queue",
    .properties = properties,
    .lookup = lookup,
    .words = words,
    .title = title,
};

void bind_push_queue(lua_State *L, struct bind_net *net, struct iface *iface)
{
    struct bind_object *object = bind_push_new(L, &bind_queue_class, sizeof iface, net);

    *(struct iface **)object->model = iface;
}
