/* Expectations about a span of time: expect.eventually and expect.never. */
#ifndef WEFT_SCENARIOS_BIND_JUDGE_H
#define WEFT_SCENARIOS_BIND_JUDGE_H

#include "scenarios/bind/network.h"
#include "scenarios/bind/options.h"

/* Decides what has not been decided when the script has ended. */
void bind_judge_end(struct bind_net *net);

/* Frees them. */
void bind_judge_fini(struct bind_net *net);

extern const struct bind_options bind_within_options;

#endif
