/* Empirical distributions from files: { "cdf", "websearch.txt" }. */
#ifndef WEFT_SCENARIOS_BIND_CDF_H
#define WEFT_SCENARIOS_BIND_CDF_H

#include "scenarios/bind/bind.h"
#include "sim/dist.h"

/* Reads the list at `index`, { "cdf", file } or { "cdf", { {x, p}, ... } }, into `dist`. */
void bind_read_cdf(lua_State *L, int index, const char *what, struct dist *dist);

#endif
