/* Each item is a table of its own, made anew each time it is asked for.  A field that an item does
 * not have (the node of a hop that never answered) is nil; one that no item ever has is an error.
 */
#include "scenarios/bind/items.h"

#include <string.h>

static bool is_field(const struct app_items *items, const char *name)
{
    for (const struct app_item_field *f = items->fields; f->name; f++)
        if (strcmp(f->name, name) == 0)
            return true;
    return false;
}

/* item.name for a name that the item has not: upvalue 1 are the struct app_items. */
static int item_index(lua_State *L)
{
    const struct app_items *items = lua_touserdata(L, lua_upvalueindex(1));
    const char *name = bind_tostring(L, 2);

    if (is_field(items, name)) {
        lua_pushnil(L);
        return 1;
    }
    GPtrArray *words = g_ptr_array_new();
    for (const struct app_item_field *f = items->fields; f->name; f++)
        g_ptr_array_add(words, (char *)f->name);
    bind_unknown(L, items->name, "field", name, words);
}

static void push_value(lua_State *L, GVariant *value)
{
    if (g_variant_is_of_type(value, G_VARIANT_TYPE_DOUBLE)) {
        double number = g_variant_get_double(value);
        if (number == (double)(lua_Integer)number)
            lua_pushinteger(L, (lua_Integer)number);
        else
            lua_pushnumber(L, number);
    } else if (g_variant_is_of_type(value, G_VARIANT_TYPE_STRING)) {
        lua_pushstring(L, g_variant_get_string(value, NULL));
    } else {
        gsize n = g_variant_n_children(value);
        lua_createtable(L, (int)n, 0);
        for (gsize i = 0; i < n; i++) {
            GVariant *child = g_variant_get_child_value(value, i);
            push_value(L, child);
            g_variant_unref(child);
            lua_rawseti(L, -2, (lua_Integer)i + 1);
        }
    }
}

static void push_item(lua_State *L, GVariant *item)
{
    GVariantIter iter;
    const char *key;
    GVariant *value;

    lua_newtable(L);
    g_variant_iter_init(&iter, item);
    while (g_variant_iter_next(&iter, "{&sv}", &key, &value)) {
        push_value(L, value);
        g_variant_unref(value);
        lua_setfield(L, -2, key);
    }
}

static void push_metatable(lua_State *L, const struct app_items *items)
{
    lua_createtable(L, 0, 1);
    lua_pushlightuserdata(L, (void *)items);
    lua_pushcclosure(L, item_index, 1);
    lua_setfield(L, -2, "__index");
}

bool bind_items_push(lua_State *L, struct app *app, const char *name)
{
    const struct app_items *items = app->ops->items;

    if (!items || strcmp(items->name, name) != 0)
        return false;
    GVariant *list = g_variant_ref_sink(items->list(app));
    gsize n = g_variant_n_children(list);
    lua_createtable(L, (int)n, 0);
    push_metatable(L, items);
    for (gsize i = 0; i < n; i++) {
        GVariant *item = g_variant_get_child_value(list, i);
        push_item(L, item);
        g_variant_unref(item);
        lua_pushvalue(L, -2);
        lua_setmetatable(L, -2);
        lua_rawseti(L, -3, (lua_Integer)i + 1);
    }
    lua_pop(L, 1);
    g_variant_unref(list);
    return true;
}
