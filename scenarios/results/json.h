/* JSON text of a json-glib tree, the same bytes for the same tree.
 *
 * json-glib's own generator prints numbers with seventeen digits; this one prints the shortest
 * that reads back, members in the order in which they were added, arrays of plain values on one
 * line.  NAN and infinities, which JSON has not, become null. */
#ifndef WEFT_SCENARIOS_RESULTS_JSON_H
#define WEFT_SCENARIOS_RESULTS_JSON_H

#include <json-glib/json-glib.h>

/* Appends the tree and a line end. */
void json_append(GString *out, JsonNode *node);

#endif
