/* Reading values with units from Lua.  A bare number is in SI units.  Each takes the value at
 * `index`; an error names it as `what`. */
#ifndef WEFT_SCENARIOS_BIND_VALUE_H
#define WEFT_SCENARIOS_BIND_VALUE_H

#include "models/metric.h"
#include "scenarios/bind/bind.h"

/* A time, not negative and at most SIM_TIME_MAX. */
sim_time bind_time(lua_State *L, int index, const char *what);

/* The same, or SIM_NEVER: "never" and infinity. */
sim_time bind_time_or_never(lua_State *L, int index, const char *what);

/* A rate in bits per second, a size in bytes. */
uint64_t bind_rate(lua_State *L, int index, const char *what);
uint64_t bind_size(lua_State *L, int index, const char *what);

/* A probability: 0.01 or "1%". */
double bind_fraction(lua_State *L, int index, const char *what);

/* A number, or text with any unit, in SI. */
double bind_any(lua_State *L, int index, const char *what);

/* A whole number within the limits. */
int64_t bind_whole(lua_State *L, int index, const char *what, int64_t min, int64_t max);

/* A text; it lives as long as the value at `index`. */
const char *bind_string(lua_State *L, int index, const char *what);

/* yes or no, as true, false or text. */
bool bind_bool(lua_State *L, int index, const char *what);

/* One of the words; its index. */
int bind_word(lua_State *L, int index, const char *what, const char *const *words);

/* A window {t1, t2}; nil is everything. */
struct metric_span bind_span(lua_State *L, int index, const char *what);

/* Refuses a value of another kind: "WHAT must be WANTED, not a table". */
int bind_refuse(lua_State *L, int index, const char *what, const char *wanted) G_GNUC_NORETURN;

#endif
