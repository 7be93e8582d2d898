/* net:show: tables of what the nodes hold. */
#ifndef WEFT_SCENARIOS_BIND_SHOW_H
#define WEFT_SCENARIOS_BIND_SHOW_H

#include "scenarios/bind/network.h"

/* What can be shown, NULL-terminated: for the manual. */
extern const char *const bind_show_words[];

#endif
