/* Plug-ins: congestion controls compiled outside the tree, against the installed headers. */
#ifndef WEFT_TOOLS_PLUGIN_H
#define WEFT_TOOLS_PLUGIN_H

#include <glib.h>
#include <stdbool.h>

/* Loads the shared object at `path` and adds its algorithms (const struct cc_ops *) to `ccs`; it
 * stays loaded.  False with an error that says what is wrong with it. */
bool plugin_load(const char *path, GPtrArray *ccs, GError **error);

#endif
