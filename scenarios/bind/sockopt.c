/* s:sockopt and tables of options, by Linux's names. */
#include <errno.h>
#include <string.h>

#include "models/socket/tcp_info.h"
#include "scenarios/bind/group.h"
#include "scenarios/bind/socket.h"
#include "scenarios/bind/traffic.h"
#include "scenarios/bind/value.h"

static const struct socket_option *find(lua_State *L, const char *name)
{
    const struct socket_option *option = socket_option_named(name);

    if (option)
        return option;
    GPtrArray *words = g_ptr_array_new();
    for (const struct socket_option *o = socket_option_next(NULL); o; o = socket_option_next(o))
        g_ptr_array_add(words, (char *)o->name);
    bind_unknown(L, "sockopt", "option", name, words);
}

/* ---- Setting ------------------------------------------------------------------------------- */

/* "2s" as a number of units, of which nothing may be left over. */
static int whole_time(lua_State *L, int index, const char *what, sim_time unit, const char *units)
{
    sim_time span = bind_time(L, index, what);

    if (span % unit != 0 || span / unit > INT32_MAX)
        bind_fail(L, "%s %s: it counts whole %s, at most %d", what, bind_tostring(L, index), units,
                  INT32_MAX);
    return (int)(span / unit);
}

static int whole_size(lua_State *L, int index, const char *what)
{
    uint64_t size = bind_size(L, index, what);

    if (size > INT32_MAX)
        bind_fail(L, "%s %s: at most %d bytes", what, bind_tostring(L, index), INT32_MAX);
    return (int)size;
}

/* A text is read as what the option counts; a number is the option's own. */
static int check_int(lua_State *L, const struct socket_option *o, int index)
{
    if (lua_type(L, index) == LUA_TBOOLEAN)
        return lua_toboolean(L, index);
    if (lua_type(L, index) != LUA_TNUMBER && o->value == SOCKET_VALUE_BOOL)
        return bind_bool(L, index, o->name);
    if (lua_type(L, index) == LUA_TSTRING) {
        if (o->value == SOCKET_VALUE_SIZE)
            return whole_size(L, index, o->name);
        if (o->value == SOCKET_VALUE_SECONDS)
            return whole_time(L, index, o->name, SIM_S, "seconds");
        if (o->value == SOCKET_VALUE_MS)
            return whole_time(L, index, o->name, SIM_MS, "milliseconds");
        if (o->value == SOCKET_VALUE_US)
            return whole_time(L, index, o->name, SIM_US, "microseconds");
    }
    return (int)bind_whole(L, index, o->name, INT32_MIN, INT32_MAX);
}

bool bind_sockopt_number(lua_State *L, int index, const char *name, double *out)
{
    const struct socket_option *o = socket_option_named(name);

    if (!o || (o->value != SOCKET_VALUE_SIZE && o->value != SOCKET_VALUE_SECONDS &&
               o->value != SOCKET_VALUE_MS))
        return false;
    *out = check_int(L, o, index);
    return true;
}

static int set_int(lua_State *L, struct socket *socket, const struct socket_option *o, int index)
{
    int value = check_int(L, o, index);

    return socket_set_option(socket, o, &value, sizeof value);
}

/* IP_LOCAL_PORT_RANGE: { first, last }, or both as Linux packs them. */
static int set_ports(lua_State *L, struct socket *socket, const struct socket_option *o, int index)
{
    uint32_t ports;

    if (lua_istable(L, index)) {
        if (lua_rawlen(L, index) != 2)
            bind_fail(L, "%s: write { first, last }, as in { 40000, 40010 }", o->name);
        lua_geti(L, index, 1);
        lua_geti(L, index, 2);
        ports = (uint32_t)bind_whole(L, -2, "the first port", 0, UINT16_MAX) |
                (uint32_t)bind_whole(L, -1, "the last port", 0, UINT16_MAX) << 16;
        lua_pop(L, 2);
    } else {
        ports = (uint32_t)bind_whole(L, index, o->name, INT32_MIN, UINT32_MAX);
    }
    return socket_set_option(socket, o, &ports, sizeof ports);
}

/* SO_LINGER: seconds, a time, or false. */
static int set_linger(lua_State *L, struct socket *socket, const struct socket_option *o, int index)
{
    struct socket_linger linger = { 0, 0 };

    if (lua_type(L, index) != LUA_TBOOLEAN)
        linger = (struct socket_linger){ 1, whole_time(L, index, o->name, SIM_S, "seconds") };
    else if (lua_toboolean(L, index))
        bind_fail(L, "SO_LINGER: say how many seconds, 0 to reset; false switches it off");
    return socket_set_option(socket, o, &linger, sizeof linger);
}

static int set_time(lua_State *L, struct socket *socket, const struct socket_option *o, int index)
{
    sim_time span = bind_time(L, index, o->name);
    struct socket_time time = { span / SIM_S, span % SIM_S / SIM_US };

    return socket_set_option(socket, o, &time, sizeof time);
}

/* SO_MAX_PACING_RATE: as other rates, or false for none. */
static int set_rate(lua_State *L, struct socket *socket, const struct socket_option *o, int index)
{
    uint64_t rate = UINT64_MAX;

    if (lua_type(L, index) != LUA_TBOOLEAN)
        rate = bind_rate(L, index, o->name) / 8;
    else if (lua_toboolean(L, index))
        bind_fail(L, "%s: say which rate, \"10Mbps\"; false: no limit", o->name);
    return socket_set_option(socket, o, &rate, sizeof rate);
}

static int set_bytes(lua_State *L, struct socket *socket, const struct socket_option *o, int index)
{
    size_t length;
    const char *bytes = luaL_checklstring(L, index, &length);

    return socket_set_option(socket, o, bytes, (uint32_t)length);
}

static int set_value(lua_State *L, struct bind_socket *s, const struct socket_option *o, int index)
{
    struct socket *socket = s->socket;

    switch (o->value) {
    case SOCKET_VALUE_LINGER:
        return set_linger(L, socket, o, index);
    case SOCKET_VALUE_TIME:
        return set_time(L, socket, o, index);
    case SOCKET_VALUE_NAME: {
        const char *name = bind_string(L, index, o->name);
        return socket_set_option(socket, o, name, (uint32_t)strlen(name));
    }
    case SOCKET_VALUE_RATE:
        return set_rate(L, socket, o, index);
    case SOCKET_VALUE_BYTES:
        return set_bytes(L, socket, o, index);
    case SOCKET_VALUE_TCP_INFO:
        bind_fail(L, "%s can only be read", o->name);
    case SOCKET_VALUE_GROUP:
    case SOCKET_VALUE_IFACE: {
        struct socket_group group = bind_group(L, index, s->node, o);
        return socket_set_option(socket, o, &group, sizeof group);
    }
    case SOCKET_VALUE_PORTS:
        return set_ports(L, socket, o, index);
    default:
        return set_int(L, socket, o, index);
    }
}

/* The table's names in the order of the rows, so that results do not hang on hashing. */
void bind_sockopt_table(lua_State *L, int index, struct bind_socket *s)
{
    const char *wrong = NULL;

    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
        if (lua_type(L, -2) != LUA_TSTRING)
            bind_fail(L, "sockopt: options are written name = value, { TCP_NODELAY = 1 }");
        const char *name = lua_tostring(L, -2);
        if (!socket_option_named(name) && (!wrong || strcmp(name, wrong) < 0))
            wrong = name;
    }
    if (wrong)
        find(L, wrong);
    for (const struct socket_option *o = socket_option_next(NULL); o; o = socket_option_next(o)) {
        if (lua_getfield(L, index, o->name) != LUA_TNIL) {
            int error = set_value(L, s, o, lua_gettop(L));
            if (error) {
                const char *value = bind_tostring(L, -1);
                bind_fail(L, "sockopt: %s = %s: %s", o->name, value, bind_errno_name(-error));
            }
        }
        lua_pop(L, 1);
    }
}

/* ---- Reading ------------------------------------------------------------------------------- */

static int push_info(lua_State *L, const struct socket_tcp_info *info)
{
    lua_newtable(L);
    for (const struct socket_tcp_field *f = socket_tcp_fields; f->name; f++) {
        lua_pushfstring(L, "tcpi_%s", f->name);
        lua_pushinteger(L, (lua_Integer)socket_tcp_field_get(info, f));
        lua_rawset(L, -3);
    }
    return 1;
}

static int push_linger(lua_State *L, const struct socket_linger *linger)
{
    if (linger->on)
        lua_pushinteger(L, linger->seconds);
    else
        lua_pushboolean(L, false);
    return 1;
}

union value {
    int number;
    char name[16];
    struct socket_linger linger;
    struct socket_time time;
    struct socket_tcp_info info;
    be32 addr;
    uint64_t rate;
};

static int push_value(lua_State *L, const struct socket_option *o, const union value *value,
                      uint32_t length)
{
    char text[IP_ADDR_TEXT];

    switch (o->value) {
    case SOCKET_VALUE_BOOL:
        lua_pushboolean(L, value->number);
        return 1;
    case SOCKET_VALUE_LINGER:
        return push_linger(L, &value->linger);
    case SOCKET_VALUE_TIME:
        lua_pushnumber(L, (double)value->time.seconds + (double)value->time.microseconds / 1e6);
        return 1;
    case SOCKET_VALUE_NAME:
        lua_pushstring(L, value->name);
        return 1;
    case SOCKET_VALUE_TCP_INFO:
        return push_info(L, &value->info);
    case SOCKET_VALUE_RATE:
        if (value->rate == UINT64_MAX)
            lua_pushboolean(L, false);
        else
            lua_pushinteger(L, (lua_Integer)value->rate * 8);
        return 1;
    case SOCKET_VALUE_BYTES:
        lua_pushlstring(L, (const char *)value, length);
        return 1;
    case SOCKET_VALUE_PORTS:
        lua_pushinteger(L, (uint32_t)value->number);
        return 1;
    case SOCKET_VALUE_IFACE:
        lua_pushstring(L, ip4_format(get_be32(value->addr), text));
        return 1;
    default:
        break;
    }
    if (strcmp(o->name, "SO_ERROR") == 0 && value->number)
        lua_pushstring(L, bind_errno_name(value->number));
    else
        lua_pushinteger(L, value->number);
    return 1;
}

int bind_socket_option(lua_State *L, struct bind_object *self)
{
    struct bind_socket *s = bind_socket_use(L, self, "s:sockopt");
    const struct socket_option *o = find(L, bind_string(L, 1, "s:sockopt: the option"));
    union value value;
    uint32_t length = sizeof value;
    int error = s->socket ? 0 : -EBADF;

    if (!error && !lua_isnil(L, 2))
        error = set_value(L, s, o, 2);
    if (!error && o->value == SOCKET_VALUE_GROUP && !lua_isnil(L, 2)) {
        lua_pushboolean(L, true); /* it is done, and can be read nowhere */
        return 1;
    }
    if (!error)
        error = socket_get_option(s->socket, o, &value, &length);
    return error ? bind_socket_error(L, error) : push_value(L, o, &value, length);
}
