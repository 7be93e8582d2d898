/* Results of a flow that are a list, such as the hops of a traceroute: in the summary and on the
 * terminal. */
#ifndef WEFT_SCENARIOS_RESULTS_ITEMS_H
#define WEFT_SCENARIOS_RESULTS_ITEMS_H

#include <glib.h>
#include <json-glib/json-glib.h>

#include "models/app/app.h"

/* Adds the list to the tree of the flow, if it has one. */
void items_add(JsonObject *flow, struct app *app);

/* Adds what the items have to the tree of the flow's kind. */
void items_add_kind(JsonObject *kind, const struct app_items *items);

/* Prints the list of a flow, as a table, if its kind has one. */
void items_print(GString *out, int width, JsonObject *kind, JsonObject *flow);

#endif
