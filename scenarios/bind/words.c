#include "scenarios/bind/words.h"

#include "scenarios/bind/cc.h"
#include "scenarios/bind/missing.h"
#include "scenarios/bind/script.h"

static const struct bind_method *const weft_parts[] = { bind_weft_network, bind_weft_arg,
                                                        bind_weft_random,  bind_weft_data,
                                                        bind_weft_cc,      bind_weft_limits,
                                                        bind_weft_select,  NULL };
static const struct bind_method *const expect_parts[] = { bind_expect, bind_expect_later, NULL };
static const struct bind_method *const script_parts[] = { bind_script, NULL };
static const struct bind_method *const function_parts[] = { bind_functions, bind_process_functions,
                                                            NULL };

const struct bind_words bind_word_tables[] = {
    { "weft", "what does not belong to one network", weft_parts },
    { "expect", "what must be true; a failure makes the exit status 1", expect_parts },
    { "script", "packet conversations: the peer is played by the script", script_parts },
    { "", "functions on their own", function_parts },
    { .name = NULL },
};

static void add_parts(lua_State *L, const struct bind_words *words)
{
    for (const struct bind_method *const *part = words->parts; *part; part++)
        bind_add_methods(L, NULL, *part);
}

static void make_callable(lua_State *L, lua_CFunction function)
{
    lua_getmetatable(L, -1);
    lua_pushcfunction(L, function);
    lua_setfield(L, -2, "__call");
    lua_pop(L, 1);
}

void bind_words_open(lua_State *L)
{
    for (const struct bind_words *words = bind_word_tables; words->name; words++) {
        if (!words->name[0]) {
            add_parts(L, words);
            continue;
        }
        lua_newtable(L);
        add_parts(L, words);
        bind_strict(L, words->name);
        if (words->parts == expect_parts)
            make_callable(L, bind_expect_call);
        lua_setfield(L, -2, words->name);
    }
    bind_missing_open(L);
    bind_random_open(L);
}
