/* Random numbers of the script itself.  Each purpose has a stream of its own, which follows from
 * the run's seed and the purpose; math.random is one more stream. */
#include "scenarios/bind/class.h"
#include "scenarios/bind/value.h"
#include "scenarios/bind/words.h"
#include "scenarios/results/report.h"
#include "sim/dist.h"

struct stream {
    struct rng rng;
};

static struct rng *rng_of(struct bind_object *self)
{
    return &((struct stream *)self->model)->rng;
}

/* Draws from a distribution whose numbers are the arguments. */
static int draw(lua_State *L, struct bind_object *self, const char *name, int n)
{
    struct dist dist = { 0 };
    double args[2];
    GError *error = NULL;

    for (int i = 0; i < n; i++)
        args[i] = bind_any(L, i + 1, name);
    if (!dist_set(&dist, name, args, (size_t)n, &error))
        bind_throw(L, "random", error);
    lua_pushnumber(L, dist_draw(&dist, rng_of(self)));
    return 1;
}

static int random_uniform(lua_State *L, struct bind_object *self)
{
    if (lua_isnil(L, 1)) {
        lua_pushnumber(L, rng_uniform(rng_of(self)));
        return 1;
    }
    return draw(L, self, "uniform", 2);
}

static int random_exponential(lua_State *L, struct bind_object *self)
{
    return draw(L, self, "exponential", 1);
}

static int random_pareto(lua_State *L, struct bind_object *self)
{
    return draw(L, self, "pareto", 2);
}

static int random_normal(lua_State *L, struct bind_object *self)
{
    return draw(L, self, "normal", 2);
}

static int random_choice(lua_State *L, struct bind_object *self)
{
    if (lua_type(L, 1) != LUA_TTABLE || lua_rawlen(L, 1) == 0)
        bind_refuse(L, 1, "random:choice: its argument", "a list with at least one value");
    lua_rawgeti(L, 1, 1 + (lua_Integer)rng_below(rng_of(self), lua_rawlen(L, 1)));
    return 1;
}

/* Fisher and Yates. */
static int random_shuffle(lua_State *L, struct bind_object *self)
{
    if (lua_type(L, 1) != LUA_TTABLE)
        bind_refuse(L, 1, "random:shuffle: its argument", "a list");
    for (lua_Integer i = (lua_Integer)lua_rawlen(L, 1); i > 1; i--) {
        lua_Integer j = 1 + (lua_Integer)rng_below(rng_of(self), (uint64_t)i);
        lua_rawgeti(L, 1, i);
        lua_rawgeti(L, 1, j);
        lua_rawseti(L, 1, i);
        lua_rawseti(L, 1, j);
    }
    lua_settop(L, 1);
    return 1;
}

static const struct bind_method random_methods[] = {
    { "uniform", random_uniform, 0, 2, "random:uniform([from, to])",
      "uniform in [from, to), or in [0, 1)" },
    { "exponential", random_exponential, 1, 1, "random:exponential(mean)",
      "exponential with this mean" },
    { "pareto", random_pareto, 2, 2, "random:pareto(mean, shape)",
      "Pareto with this mean; the tail falls as x^-shape, and shape is above 1" },
    { "normal", random_normal, 2, 2, "random:normal(mean, deviation)",
      "normal with this mean and standard deviation" },
    { "choice", random_choice, 1, 1, "random:choice(list)", "one of the values of a list" },
    { "shuffle", random_shuffle, 1, 1, "random:shuffle(list)",
      "puts the list into random order, and returns it" },
    BIND_METHODS_END,
};

const struct bind_class bind_random_class = {
    .name = "random",
    .doc = "a stream of random numbers, from weft.random",
    .methods = random_methods,
};

/* The stream of a purpose is made once; asked for again, it goes on. */
static int weft_random(lua_State *L, struct bind_object *self)
{
    static const char key;
    const char *purpose = bind_string(L, 1, "weft.random: the purpose");

    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &key) != LUA_TTABLE) {
        lua_newtable(L);
        lua_pushvalue(L, -1);
        lua_rawsetp(L, LUA_REGISTRYINDEX, &key);
        lua_replace(L, -2);
    }
    if (lua_getfield(L, -1, purpose) == LUA_TUSERDATA)
        return 1;
    struct bind_object *new = bind_push_new(L, &bind_random_class, sizeof(struct stream), NULL);
    rng_init(rng_of(new), bind_of(L)->options->seed, "weft.random", purpose);
    report_note_random(bind_of(L)->report);
    lua_pushvalue(L, -1);
    lua_setfield(L, -4, purpose);
    return 1;
}

const struct bind_method bind_weft_random[] = {
    { "random", weft_random, 1, 1, "weft.random(purpose)",
      "the stream of random numbers for a purpose, from the run's seed" },
    BIND_METHODS_END,
};

/* ---- math.random --------------------------------------------------------------------------- */

/* As Lua's: no argument: [0, 1); n: 1 to n; m, n: m to n. */
static int math_random(lua_State *L)
{
    struct rng *rng = &bind_of(L)->math;
    lua_Integer low = 1, high;

    report_note_random(bind_of(L)->report);
    if (lua_isnoneornil(L, 1)) {
        lua_pushnumber(L, rng_uniform(rng));
        return 1;
    }
    high = luaL_checkinteger(L, 1);
    if (!lua_isnoneornil(L, 2)) {
        low = high;
        high = luaL_checkinteger(L, 2);
    }
    if (low > high)
        bind_fail(L, "math.random: the interval is empty");
    uint64_t range = (uint64_t)high - (uint64_t)low;
    uint64_t offset = range == UINT64_MAX ? rng_u64(rng) : rng_below(rng, range + 1);
    lua_pushinteger(L, (lua_Integer)((uint64_t)low + offset));
    return 1;
}

static int math_randomseed(lua_State *L)
{
    bind_fail(L, "math.randomseed is not available: all randomness follows from the run's seed; "
                 "weft run --seed N sets it");
}

void bind_random_open(lua_State *L)
{
    rng_init(&bind_of(L)->math, bind_of(L)->options->seed, "math", "random");
    lua_getfield(L, -1, "math");
    lua_pushcfunction(L, math_random);
    lua_setfield(L, -2, "random");
    lua_pushcfunction(L, math_randomseed);
    lua_setfield(L, -2, "randomseed");
    lua_pop(L, 1);
}
