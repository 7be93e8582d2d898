/* What the life of a scenario needs of its arguments. */
#ifndef WEFT_SCENARIOS_BIND_ARG_H
#define WEFT_SCENARIOS_BIND_ARG_H

#include "scenarios/bind/bind.h"

/* An array of struct scenario_arg that owns them. */
GPtrArray *bind_args_new(void);

/* False with an error if --set names an argument that is not declared; before the end, only if the
 * script cannot declare it later, its name being nowhere in it. */
bool bind_args_check(const struct bind *bind, bool at_end, GError **error);

#endif
