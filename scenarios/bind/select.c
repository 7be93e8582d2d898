/* weft.select: waiting for several sockets. */
#include "scenarios/bind/options.h"
#include "scenarios/bind/socket.h"
#include "scenarios/bind/value.h"
#include "scenarios/bind/words.h"

struct select_options {
    sim_time timeout;
    bool read, write, urgent;
};

static void check_list(lua_State *L, int index, const char *what)
{
    if (!lua_istable(L, index))
        bind_refuse(L, index, what, "a list of sockets");
    for (lua_Integer i = 1; i <= (lua_Integer)lua_rawlen(L, index); i++) {
        lua_rawgeti(L, index, i);
        bind_check(L, -1, &bind_socket_class, what);
        lua_pop(L, 1);
    }
}

static void set_read(lua_State *L, int index, void *data)
{
    check_list(L, index, "weft.select: read");
    ((struct select_options *)data)->read = true;
}

static void set_write(lua_State *L, int index, void *data)
{
    check_list(L, index, "weft.select: write");
    ((struct select_options *)data)->write = true;
}

static void set_urgent(lua_State *L, int index, void *data)
{
    check_list(L, index, "weft.select: urgent");
    ((struct select_options *)data)->urgent = true;
}

static const struct param select_params[] = {
    { "timeout", PARAM_TIME, offsetof(struct select_options, timeout), "never", 0, 0,
      "how long to wait at most", NULL },
    PARAM_END,
};

static const struct bind_option select_extra[] = {
    { "read", "list of sockets", "none", "those to read from, or to accept from", set_read },
    { "write", "list of sockets", "none", "those to write to, or that are being connected",
      set_write },
    { "urgent", "list of sockets", "none", "those that urgent data may come to", set_urgent },
    BIND_OPTIONS_END,
};

const struct bind_options bind_select_options = { .what = "weft.select",
                                                  .params = select_params,
                                                  .options = select_extra };

enum { OPTIONS = 1, READ = 2, WRITE = 3, URGENT = 4 }; /* on the stack */

/* Pushes the list of those at `index` that are ready for `events`. */
static bool push_ready(lua_State *L, int index, unsigned events)
{
    lua_Integer found = 0, n = (lua_Integer)lua_rawlen(L, index);

    lua_newtable(L);
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, index, i);
        struct bind_socket *s = bind_socket_top(L, -1);
        if (!s->socket || socket_poll(s->socket) & events)
            lua_rawseti(L, -2, ++found);
        else
            lua_pop(L, 1);
    }
    return found > 0;
}

static void add_waits(lua_State *L, struct bind_process *process, int index, unsigned events)
{
    for (lua_Integer i = 1; i <= (lua_Integer)lua_rawlen(L, index); i++) {
        lua_rawgeti(L, index, i);
        bind_process_add(process, bind_socket_top(L, -1)->socket, events);
        lua_pop(L, 1);
    }
}

static int select_step(lua_State *L, int status, lua_KContext context)
{
    struct bind_process *process = bind_process_check(L, "weft.select");

    lua_settop(L, URGENT);
    bool read = push_ready(L, READ, SOCKET_IN | SOCKET_HUP | SOCKET_ERR);
    bool write = push_ready(L, WRITE, SOCKET_OUT | SOCKET_ERR);
    bool urgent = push_ready(L, URGENT, SOCKET_PRI);
    if (read || write || urgent || bind_process_late(process))
        return 3;
    add_waits(L, process, READ, SOCKET_IN);
    add_waits(L, process, WRITE, SOCKET_OUT);
    add_waits(L, process, URGENT, SOCKET_PRI);
    return bind_process_wait(L, process, 1, select_step);
}

static void push_list(lua_State *L, const char *name, bool given)
{
    if (given)
        lua_getfield(L, OPTIONS, name);
    else
        lua_newtable(L);
}

/* They are all the process's from now on. */
static void use_all(lua_State *L, int index)
{
    for (lua_Integer i = 1; i <= (lua_Integer)lua_rawlen(L, index); i++) {
        lua_rawgeti(L, index, i);
        bind_socket_use(L, lua_touserdata(L, -1), "weft.select");
        lua_pop(L, 1);
    }
}

static int weft_select(lua_State *L, struct bind_object *self)
{
    struct select_options o = { .timeout = SIM_NEVER };
    struct bind_options options = bind_select_options;
    struct bind_process *process = bind_process_check(L, "weft.select");

    options.base = options.data = &o;
    bind_read_options(L, OPTIONS, &options, 0);
    if (!o.read && !o.write && !o.urgent && o.timeout == SIM_NEVER)
        bind_fail(L, "weft.select: nothing to wait for; give read, write, urgent or a timeout");
    push_list(L, "read", o.read);
    push_list(L, "write", o.write);
    push_list(L, "urgent", o.urgent);
    use_all(L, READ);
    use_all(L, WRITE);
    use_all(L, URGENT);
    bind_process_begin(process, o.timeout);
    return select_step(L, LUA_OK, 0);
}

const struct bind_method bind_weft_select[] = {
    { "select", weft_select, 1, 1,
      "weft.select{ read = {...}, write = {...}, urgent = {...}, timeout = }",
      "waits until one of the sockets is ready, or the time is up; returns those to read, those to "
      "write and those with urgent data, three lists" },
    BIND_METHODS_END,
};
