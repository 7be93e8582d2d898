/* Functions are not called in the middle of what happens, where a protocol may not be touched, but
 * by an event of their own at the same time. */
#include "scenarios/bind/listen.h"

#include <string.h>

#include "protocols/tcp/tcp.h"
#include "scenarios/bind/time.h"
#include "scenarios/bind/value.h"

enum { ON_DONE = -1 };

struct listener {
    struct listener *next;
    struct bind_net *net;
    int probe;                /* or ON_DONE */
    int function;             /* reference in the registry */
    const char *const *words; /* what values are called, or NULL */
};

struct occasion {
    const struct listener *listener;
    double value;
};

/* ---- Calling ------------------------------------------------------------------------------- */

static int push_value(lua_State *L, const struct occasion *occasion)
{
    if (occasion->listener->probe == ON_DONE)
        return 0;
    if (occasion->listener->words)
        lua_pushstring(L, occasion->listener->words[(int)occasion->value]);
    else
        lua_pushnumber(L, occasion->value);
    return 1;
}

static bool call_listener(struct bind_call *call)
{
    struct occasion *occasion = call->data;
    lua_State *L = call->net->bind->running;

    lua_rawgeti(L, LUA_REGISTRYINDEX, occasion->listener->function);
    int n = push_value(L, occasion);
    bind_net_call(call->net, "a function of flow:on", n, 0);
    return false;
}

static void free_occasion(struct bind_call *call)
{
    g_free(call->data);
}

static void call_soon(const struct listener *listener, double value)
{
    struct bind_net *net = listener->net;
    struct bind_call *call =
        bind_call_new(net->bind->L, net, net->net->sim->now, 0, SIM_NEVER, call_listener, 0);
    struct occasion *occasion = g_new(struct occasion, 1);

    *occasion = (struct occasion){ listener, value };
    call->data = occasion;
    call->release = free_occasion;
}

static void on_probe(struct app *app, int probe, double value, void *data)
{
    for (const struct listener *l = data; l; l = l->next)
        if (l->probe == probe)
            call_soon(l, value);
}

void bind_listen_done(struct bind_net *net, struct app *app)
{
    for (const struct listener *l = g_hash_table_lookup(net->listeners, app); l; l = l->next)
        if (l->probe == ON_DONE)
            call_soon(l, 0);
}

/* ---- flow:on ------------------------------------------------------------------------------- */

void bind_listeners_free(gpointer data)
{
    for (struct listener *l = data, *next; l; l = next) {
        next = l->next;
        g_free(l);
    }
}

static int refuse(lua_State *L, struct app *app, const char *event)
{
    GPtrArray *words = g_ptr_array_new();

    g_ptr_array_add(words, "done");
    for (const struct metric *m = app->ops->metrics; m && m->name; m++) {
        if (m->probe >= 0)
            g_ptr_array_add(words, (char *)m->name);
        if (m->probe >= 0 && strcmp(m->name, "lost") == 0)
            g_ptr_array_add(words, "loss");
    }
    bind_unknown(L, lua_pushfstring(L, "flow %s", app->name), "event", event, words);
}

/* NULL: "done".  A loss is a change of what is lost. */
static const struct metric *find_event(lua_State *L, struct app *app, const char *event)
{
    const char *name = strcmp(event, "loss") == 0 ? "lost" : event;

    if (strcmp(event, "done") == 0)
        return NULL;
    for (const struct metric *m = app->ops->metrics; m && m->name; m++)
        if (m->probe >= 0 && strcmp(m->name, name) == 0)
            return m;
    refuse(L, app, event);
    return NULL;
}

int bind_flow_on(lua_State *L, struct bind_object *self)
{
    struct app *app = self->model;
    struct bind_net *net = self->net;
    const char *event = bind_string(L, 1, "flow:on: the event");
    const struct metric *metric = find_event(L, app, event);

    if (!lua_isfunction(L, 2))
        bind_refuse(L, 2, "flow:on: what to call", "a function");
    lua_pushvalue(L, 2);
    struct listener *listener = g_new(struct listener, 1);
    *listener = (struct listener){
        .net = net,
        .probe = metric ? metric->probe : ON_DONE,
        .function = luaL_ref(L, LUA_REGISTRYINDEX),
        .words = metric ? metric->words : NULL,
    };
    struct listener *first = g_hash_table_lookup(net->listeners, app);
    if (first) { /* calls come in the order of their asking */
        while (first->next)
            first = first->next;
        first->next = listener;
    } else {
        g_hash_table_insert(net->listeners, app, listener);
        app_watch(app, on_probe, listener);
    }
    return 0;
}
