/* What the rest needs to know of net:run. */
#ifndef WEFT_SCENARIOS_BIND_RUN_H
#define WEFT_SCENARIOS_BIND_RUN_H

#include "scenarios/bind/network.h"
#include "scenarios/bind/options.h"

/* A flow that the network lists came to its end. */
void bind_run_flow_done(struct bind_net *net, struct app *app);

extern const struct bind_options bind_run_options;

#endif
